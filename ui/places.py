"""Pages that a person comes back to: their titles and icons as he may see them today."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from logic import search
from logic.core import records
from logic.core.actor import Actor
from logic.core.indexing import findable
from logic.search import Ref
from ui.shell import registry


@dataclass(frozen=True, slots=True)
class Place:
    """A page that the person may open now."""

    path: str
    title: str
    icon: str
    record: str = ''
    detail: str = ''
    """What tells a record from others of its title, such as its number."""


Titles = Callable[[Actor], Awaitable[dict[str, str]]]
_titles: dict[str, Titles] = {}


def titled_by(*paths: str) -> Callable[[Titles], Titles]:
    """Declare what names pages of something that is no record: by address, those that a person may open, and only them.

    `paths` are those under which the pages were registered, such as `/tasks/lists/{list_id}`.
    """

    def declare(titles: Titles) -> Titles:
        _titles.update(dict.fromkeys(paths, titles))
        return titles

    return declare


def record_at(path: str) -> Ref | None:
    """Return the kind and id of the record that opens at a path, or that a page below it is about."""
    plain = path.partition('?')[0].partition('#')[0]
    for kind in records.kinds.values():
        found = re.match(re.escape(kind.path).replace(r'\{id\}', '([0-9a-f-]{36})') + '(?:/|$)', plain)
        if found is not None:
            try:
                return kind.name, UUID(found[1])
            except ValueError:
                return None
    return None


async def places_of(actor: Actor, kept: Sequence[tuple[str, str]]) -> Sequence[Place]:
    """Return pages, given by path and the title they had, that the actor may open; a record by its present title.

    What he may not open any more is left out, and so is a record that is gone or hidden from him.
    """
    open_pages = [(path, title, found[0]) for path, title in kept if (found := registry.find(path)) is not None]
    allowed = [(path, title, entry, record_at(path)) for path, title, entry in open_pages if entry.open_to(actor)]
    wanted = [ref for *_, ref in allowed if ref is not None and ref[0] in findable]
    named = await search.name_records(actor, wanted) if wanted else {}
    asked = {_titles[entry.path] for _, _, entry, _ in allowed if entry.path in _titles}
    titles = {path: title for ask in asked for path, title in (await ask(actor)).items()}
    places = []
    for path, title, entry, ref in allowed:
        if ref is not None and ref[0] in findable:
            if (one := named.get(ref)) is not None:
                is_itself = entry.path.endswith('}')
                now = one.title if is_itself else f'{one.title}: {entry.title}'
                places.append(Place(path, now, one.icon, ref[0], one.detail))
        elif entry.path in _titles:
            plain = path.partition('?')[0]
            if plain in titles:
                places.append(Place(path, titles[plain], entry.icon))
        elif '{' in entry.path or '?' in path:
            places.append(Place(path, title, entry.icon))
        else:
            places.append(Place(path, entry.label, entry.icon))
    return places

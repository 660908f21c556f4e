"""The list from which somebody came to a record, kept in the address: previous, next, and the way back."""

from collections.abc import Collection
from urllib.parse import parse_qsl, urlencode

from logic.core.formats import number_text
from logic.core.language import _
from logic.core.listing import ListQuery
from logic.core.neighbours import Neighbours
from ui import shell
from ui.components.records import Around

LIST = 'list'
ALL = 'all'
"""In place of a question: everything, as the list shows it at first."""


def asked() -> ListQuery | None:
    """Return the question of the list that the address names; whatever was typed there instead asks for nothing."""
    state = shell.query().get(LIST)
    if not state:
        return None
    filters: dict[str, list[str]] = {}
    for name, value in _parts(state):
        filters.setdefault(name, []).append(value)
    q, sort = (filters.pop(name, [''])[0] for name in ('q', 'sort'))
    return ListQuery(q=q[:200], sort=sort.removeprefix('-')[:60], descending=sort.startswith('-'), filters=filters)


def draw(place: Neighbours | None, path: str) -> None:
    """Draw the way to the previous and the next one; records have their ids behind this path."""
    if place is None or place.total < 2:
        return
    tail = urlencode({LIST: shell.query().get(LIST)})
    before, after = (f'{path}/{one}?{tail}' if one else None for one in (place.previous_id, place.next_id))
    Around(before, after, _('{place} of {total}', place=number_text(place.place), total=number_text(place.total)))


def back(path: str, *, but: Collection[str] = ()) -> str:
    """Return the address of the list from which somebody came; without the names `but` of the question."""
    kept = urlencode([(name, value) for name, value in _parts(shell.query().get(LIST)) if name not in but])
    return path + (('&' if '?' in path else '?') + kept if kept else '')


def state(query: ListQuery, **fixed: str | list[str]) -> str:
    """Return a question as the address of a record keeps it, with filters that the list itself adds."""
    named = {'q': query.q, 'sort': f'{"-" if query.descending else ""}{query.sort}'}
    values = {**fixed, **query.filters, **{name: value for name, value in named.items() if value}}
    return urlencode(values, doseq=True) or ALL


def _parts(state: str) -> list[tuple[str, str]]:
    return parse_qsl('' if state == ALL else state, max_num_fields=100)

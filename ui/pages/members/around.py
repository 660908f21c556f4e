"""The list from which somebody came to a person, kept in the address: previous, next, and the way back."""

from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from logic import members
from logic.core.actor import Actor
from logic.core.formats import number_text
from logic.core.language import _
from logic.core.listing import ListQuery
from logic.members import Neighbours, PersonView
from ui import shell
from ui.components import Around

LIST = 'list'
ALL = 'all'
"""In place of a question: everybody, by name."""


def asked(state: str) -> ListQuery:
    """Return the question that the state of a list puts; whatever was typed there instead asks for something else."""
    filters: dict[str, list[str]] = {}
    for name, value in parse_qsl('' if state == ALL else state, max_num_fields=100):
        filters.setdefault(name, []).append(value)
    q, sort = (filters.pop(name, [''])[0] for name in ('q', 'sort'))
    return ListQuery(q=q[:200], sort=sort.removeprefix('-')[:60], descending=sort.startswith('-'), filters=filters)


def state_of(asked: ListQuery) -> str:
    """Return a question as the state of a list, from which `asked` makes it again."""
    sort = f'{"-" if asked.descending else ""}{asked.sort}'
    named = [(name, value) for name, value in (('q', asked.q), ('sort', sort)) if value]
    return urlencode([*named, *((name, value) for name, values in asked.filters.items() for value in values)])


async def read(actor: Actor, member_id: UUID) -> tuple[PersonView, Neighbours | None]:
    """Return a person, and his place in the list that the address names."""
    state = shell.query().get(LIST)
    if not state:
        return await members.get_member(actor, member_id), None
    return await members.get_member_in_list(actor, member_id, asked(state))


def draw(place: Neighbours | None) -> None:
    """Draw the way to the previous and the next one."""
    if place is None or place.total < 2:
        return
    tail = urlencode({LIST: shell.query().get(LIST)})
    before, after = (f'/members/{one}?{tail}' if one else None for one in (place.previous_id, place.next_id))
    Around(before, after, _('{place} of {total}', place=number_text(place.place), total=number_text(place.total)))


def directory() -> str:
    """Return the address of the list from which somebody came."""
    state = shell.query().get(LIST)
    return '/members' if state in ('', ALL) else f'/members?{state}'

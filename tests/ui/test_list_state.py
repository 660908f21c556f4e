"""A list takes from its address what its filters offer: words of a closed list, and ids where people search."""

from uuid import uuid4

from logic.core.listing import ListQuery
from ui.components.columns import Filter
from ui.components.list_state import ListState
from ui.shell import Query


async def nobody(*_: object) -> list[object]:
    return []


def state(address: str) -> ListState:
    filters = [
        Filter('status', 'Status', [('open', 'Open')]),
        Filter('who', 'Who', [('me', 'Me')], search=nobody, named=nobody),
    ]
    return ListState(Query(address, lambda _: None), '', ListQuery(), filters, {'name'})


def test_a_searching_filter_takes_ids_and_its_own_words_and_nothing_else() -> None:
    one, other = str(uuid4()), str(uuid4())
    asked = state(f'/x?status=open&status={one}&who={one}&who=me&who=zz&who={other}').read()
    assert asked.filters == {'status': ['open'], 'who': [one, 'me', other]}
    held = state('/x').held(ListQuery(filters={'who': [one, "x' or 1"], 'status': [one]}))
    assert held.filters == {'who': [one]}


def test_a_searching_filter_takes_no_more_than_a_list_of_people_can_hold() -> None:
    asked = state('/x').held(ListQuery(filters={'who': [str(uuid4()) for _ in range(50)]}))
    assert len(asked.filters['who']) == 20

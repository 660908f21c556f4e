"""Previous and next: those of the list from which somebody came, however it is filtered and sorted."""

from uuid import UUID, uuid4

import pytest

from data import database as databases
from data.members import MemberStatus
from logic import members
from logic.core.actor import Actor
from logic.core.errors import NotFound
from logic.core.listing import ListQuery
from tests.logic.members.conftest import Add, statements


async def test_previous_and_next_are_those_of_the_list(chief: Actor, add: Add) -> None:
    people = {name: (await add(name, 'Zed', joined_on=day)).id for name, day in DAYS.items()}
    for asked in (
        ListQuery(q='Zed'), ListQuery(q='Zed', descending=True), ListQuery(q='Zed', sort='joined'),
        ListQuery(q='Zed', filters={'status': ['active']}),
    ):  # fmt: skip
        listed = [row.id for row in (await members.list_members(chief, asked)).rows]
        assert sorted(listed) == sorted(people.values())
        for place, member_id in enumerate(listed, 1):
            _, found = await members.get_member_in_list(chief, member_id, asked)
            assert found is not None
            before = listed[place - 2] if place > 1 else None
            after = listed[place] if place < len(listed) else None
            assert (found.previous_id, found.next_id, found.place, found.total) == (before, after, place, len(listed))


DAYS = {'Ann': '2020-01-01', 'Bea': '2019-01-01', 'Cid': None, 'Dov': '2021-01-01'}


@pytest.mark.parametrize(
    'asked',
    [
        ListQuery(sort='nonsense'), ListQuery(filters={'nonsense': ['1']}), ListQuery(filters={'rank': ['no id']}),
        ListQuery(filters={'status': [MemberStatus.LEFT]}), ListQuery(q='Nobody'),
    ],
)  # fmt: skip
async def test_somebody_who_is_not_in_the_list_has_no_place_in_it_and_is_shown_all_the_same(
    chief: Actor, add: Add, asked: ListQuery
) -> None:
    ann = await add('Ann', 'Berg')
    person, place = await members.get_member_in_list(chief, ann.id, asked)
    assert (person.name, place) == ('Ann Berg', None)


async def test_neighbours_are_of_one_department(chief: Actor, stranger: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg')
    _, place = await members.get_member_in_list(chief, ann.id, ListQuery())
    assert place is not None
    assert place.total == 2  # Elena and she
    for unknown in (ann.id, uuid4()):
        with pytest.raises(NotFound):
            await members.get_member_in_list(stranger, UUID(str(unknown)), ListQuery())


async def test_a_place_in_a_list_costs_one_statement(chief: Actor, add: Add, database: databases.Database) -> None:
    ann = await add('Ann', 'Berg')
    with statements(database) as plain:
        await members.get_member(chief, ann.id)
    with statements(database) as placed:
        await members.get_member_in_list(chief, ann.id, ListQuery())
    assert len(placed) == len(plain) + 1

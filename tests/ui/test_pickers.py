"""Whom a picker of people offers."""

from data.members import MemberStatus
from logic import members
from logic.core.actor import Actor
from logic.members import MemberInput
from ui.search import search_everybody, search_people


async def test_who_has_left_is_offered_where_the_past_is_asked_for_and_not_to_hand_something_to(chief: Actor) -> None:
    for first in ('Ann', 'Bo'):
        row = await members.add_member(chief, MemberInput(first_name=first, last_name='Berg'))
    await members.change_status(chief, row.id, MemberStatus.LEFT, 'Moved')
    assert [one.label for one in await search_people(chief, 'Berg')] == ['Ann Berg']
    assert [one.label for one in await search_everybody(chief, 'Berg')] == ['Ann Berg', 'Bo Berg']


async def test_who_is_away_or_retired_can_still_be_chosen(chief: Actor) -> None:
    row = await members.add_member(chief, MemberInput(first_name='Ann', last_name='Berg'))
    for status in (MemberStatus.ON_LEAVE, MemberStatus.ACTIVE, MemberStatus.RETIRED):
        await members.change_status(chief, row.id, status, 'So it is')
        assert [one.label for one in await search_people(chief, 'Berg')] == ['Ann Berg']

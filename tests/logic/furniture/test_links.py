"""Links: the same from both sides, and silent about what the viewer may not see."""

from uuid import uuid4

import pytest

from data.members import Member
from logic import links, members
from logic.core.actor import Actor
from logic.core.errors import Denied, Invalid, NotFound
from logic.members import MemberInput


async def ends(actor: Actor, row: Member) -> list[str]:
    return [link.title for link in await links.list_links(actor, 'Member', row.id)]


@pytest.fixture
async def other(chief: Actor) -> Member:
    return await members.add_member(chief, MemberInput(first_name='Nora', last_name='Quist'))


async def test_a_link_is_seen_from_both_sides_and_made_once(chief: Actor, person: Member, other: Member) -> None:
    await links.add_link(chief, 'Member', person.id, 'Member', other.id)
    await links.add_link(chief, 'Member', other.id, 'Member', person.id)
    assert await ends(chief, person) == ['Nora Quist']
    assert await ends(chief, other) == ['Marcus Bell']
    [link] = await links.list_links(chief, 'Member', person.id)
    assert link.href == f'/members/{other.id}'


async def test_a_link_is_removed_from_either_side_and_put_back(chief: Actor, person: Member, other: Member) -> None:
    link = await links.add_link(chief, 'Member', person.id, 'Member', other.id)
    far = await links.remove_link(chief, 'Member', other.id, link.id)
    assert far == ('Member', person.id)
    assert await ends(chief, person) == []
    await links.add_link(chief, 'Member', other.id, *far)
    assert await ends(chief, person) == ['Nora Quist']


async def test_a_linked_record_that_the_viewer_may_not_see_does_not_appear(
    chief: Actor, member: Actor, other: Member
) -> None:
    assert member.member_id is not None
    own = await members.get_member(member, member.member_id)
    await links.add_link(chief, 'Member', own.id, 'Member', other.id)
    assert [one.title for one in await links.list_links(member, 'Member', own.id)] == ['Nora Quist']
    await members.archive_member(chief, other.id)
    assert await links.list_links(member, 'Member', own.id) == []
    assert [one.title for one in await links.list_links(chief, 'Member', own.id)] == ['Nora Quist']


async def test_records_of_others_cannot_be_linked_or_found(
    chief: Actor, stranger: Actor, member: Actor, person: Member
) -> None:
    assert stranger.member_id
    for near, far in (((person.id), stranger.member_id), (person.id, uuid4())):
        with pytest.raises(NotFound):
            await links.add_link(chief, 'Member', near, 'Member', far)
    with pytest.raises(NotFound):
        await links.add_link(chief, 'Member', person.id, 'Nothing', person.id)
    with pytest.raises(NotFound):
        await links.list_links(member, 'Member', person.id)
    with pytest.raises(Invalid):
        await links.add_link(chief, 'Member', person.id, 'Member', person.id)


async def test_who_may_change_neither_record_cannot_link_them(chief: Actor, member: Actor, person: Member) -> None:
    assert member.member_id
    with pytest.raises(Denied):
        await links.add_link(member, 'Member', member.member_id, 'Member', person.id)
    link = await links.add_link(chief, 'Member', member.member_id, 'Member', person.id)
    with pytest.raises(Denied):
        await links.remove_link(member, 'Member', member.member_id, link.id)


async def test_a_link_is_removed_only_from_a_record_that_has_it(chief: Actor, person: Member, other: Member) -> None:
    link = await links.add_link(chief, 'Member', person.id, 'Member', other.id)
    assert chief.member_id
    with pytest.raises(NotFound):
        await links.remove_link(chief, 'Member', chief.member_id, link.id)


async def test_records_are_found_by_words_and_never_the_one_itself(chief: Actor, person: Member, other: Member) -> None:
    assert [one.title for one in await links.find_records(chief, 'Member', person.id, 'quist nora')] == ['Nora Quist']
    assert await links.find_records(chief, 'Member', person.id, 'marcus') == []


async def test_ten_links_cost_as_many_statements_as_one(
    chief: Actor, person: Member, other: Member, statements: list[str]
) -> None:
    await links.add_link(chief, 'Member', person.id, 'Member', other.id)
    statements.clear()
    await links.list_links(chief, 'Member', person.id)
    few = len(statements)
    for number in range(9):
        more = await members.add_member(chief, MemberInput(first_name='A', last_name=f'B{number}'))
        await links.add_link(chief, 'Member', more.id, 'Member', person.id)
    statements.clear()
    assert len(await links.list_links(chief, 'Member', person.id)) == 10
    assert len(statements) == few

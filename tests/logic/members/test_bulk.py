"""Changes of many at once: one transaction, refusals named, one undo; and archiving."""

import pytest
from sqlmodel import select

from data.members import JobChange, Member, MemberStatus
from logic import members
from logic.core.errors import Conflict, Denied, Invalid, NotFound
from logic.core.listing import ListQuery
from logic.departments import DepartmentInput, add_department
from logic.members import MemberInput, TagInput, add_member, add_tag, bulk
from logic.members.archiving import archive_member, restore_member
from tests.logic.members.test_imports import rows_of


@pytest.fixture
async def people(chief):
    return [(await add_member(chief, MemberInput(last_name=name))).id for name in ('Alvarez', 'Novak', 'Tanaka')]


async def test_many_move_to_a_department_and_back_by_one_undo(chief, people):
    unit = await add_department(chief, DepartmentInput(name='Test unit'))
    result = await bulk.move_many(chief, people, unit.id)
    assert (result.changed, result.refused) == (3, [])
    assert (await rows_of(chief, select(JobChange.department_id))).count(unit.id) == 3
    await members.undo_batch(chief, result.batch_id)
    assert unit.id not in await rows_of(chief, select(JobChange.department_id))


async def test_who_would_report_to_himself_is_left_out_and_named(chief, people):
    result = await bulk.give_many_a_manager(chief, people, people[0])
    assert result.changed == 2
    assert [refusal.name for refusal in result.refused] == ['Alvarez']


async def test_a_status_that_is_not_allowed_for_one_does_not_stop_the_others(chief, people):
    await members.change_status(chief, people[0], MemberStatus.RETIRED, 'Age')
    result = await bulk.change_status_of_many(chief, people, MemberStatus.SUSPENDED, 'Inquiry')
    assert (result.changed, [refusal.name for refusal in result.refused]) == (2, ['Alvarez'])
    await members.undo_batch(chief, result.batch_id)
    assert MemberStatus.SUSPENDED not in await rows_of(chief, select(Member.status))


async def test_leaving_is_not_recorded_for_many_at_once(chief, people):
    with pytest.raises(Invalid):
        await bulk.change_status_of_many(chief, people, MemberStatus.LEFT, 'x')


async def test_a_tag_is_put_on_many_once(chief, people):
    tag = await add_tag(chief, TagInput(name='Driver'))
    await bulk.tag_many(chief, people, tag.id)
    again = await bulk.tag_many(chief, people, tag.id)
    assert again.batch_id is None
    page = await members.list_members(chief, ListQuery(filters={'tag': [str(tag.id)]}))
    assert page.total == 3


async def test_people_of_another_department_are_refused_one_by_one(chief, people, stranger):
    unit = await add_department(stranger, DepartmentInput(name='Test unit'))
    result = await bulk.move_many(stranger, people, unit.id)
    assert (result.changed, len(result.refused)) == (0, 3)


async def test_without_the_right_nothing_is_changed_for_many(member, people):
    with pytest.raises(Denied):
        await bulk.archive_many(member, people)


async def test_an_archived_person_is_hidden_and_comes_back(chief, member, people):
    await archive_member(chief, people[0])
    with pytest.raises(NotFound):
        await members.get_member(member, people[0])
    assert (await members.list_members(chief, ListQuery(q='alvarez'))).total == 0
    await restore_member(chief, people[0])
    assert (await members.list_members(chief, ListQuery(q='alvarez'))).total == 1


async def test_nobody_archives_himself_nor_whom_others_report_to(chief, people):
    with pytest.raises(Denied):
        await archive_member(chief, chief.member_id)
    await bulk.give_many_a_manager(chief, people[1:], people[0])
    with pytest.raises(Conflict, match='report to'):
        await archive_member(chief, people[0])


async def test_many_are_archived_and_brought_back_by_one_undo(chief, people):
    result = await bulk.archive_many(chief, [*people, chief.member_id])
    assert (result.changed, [refusal.name for refusal in result.refused]) == (3, ['Elena Rossi'])
    await members.undo_batch(chief, result.batch_id)
    assert (await members.list_members(chief, ListQuery())).total == 4

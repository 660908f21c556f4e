"""Many at once: one transaction, refusals listed, one undo; two records of one person become one, with a way back."""

from datetime import date
from typing import Any

import pytest

from data import database as databases
from data.members import BatchKind
from logic import departments, members
from logic.core.actor import Actor
from logic.core.errors import Conflict, Denied, Invalid, NotFound
from logic.core.listing import ListQuery
from logic.departments import DepartmentInput
from logic.members import (
    MemberLeft,
    MemberReturned,
    MemberStatus,
    MemberStatusChanged,
    ProfileInput,
    file,
    imports,
    undo_batch,
)
from logic.members.bulk import BulkAction, BulkInput, change_many
from logic.members.imports import ImportOptions
from logic.members.merge import compare_members, list_duplicates, merge_members
from logic.members.tags import TagInput, add_tag
from tests.logic.members.conftest import Add, heard, statements


async def rows(actor: Actor, **asked: Any) -> dict[str, members.MemberRow]:
    page = await members.list_members(actor, ListQuery.model_validate(asked))
    return {row.name: row for row in page.rows}


async def test_undoing_a_status_of_many_is_told_as_any_move_between_statuses(chief: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg')
    data = BulkInput(action=BulkAction.STATUS, status=MemberStatus.LEFT, reason='Closed')
    result = await change_many(chief, [ann.id], data)
    assert result.batch_id is not None
    with heard(MemberStatusChanged, MemberReturned, MemberLeft) as told:
        await undo_batch(chief, result.batch_id)
    assert [type(event) for event in told] == [MemberReturned, MemberStatusChanged]
    assert (told[1].member_id, told[1].before, told[1].after) == (ann.id, MemberStatus.LEFT, MemberStatus.ACTIVE)


async def test_a_department_is_set_for_many_and_undone_with_one_step(chief: Actor, add: Add) -> None:
    fleet = await departments.add_department(chief, DepartmentInput(name='Fleet'))
    unit = (await departments.list_departments(chief))[-1]
    ann, bo = await add('Ann', 'Berg', department_id=unit.id), await add('Bo', 'Chan')
    result = await change_many(chief, [ann.id, bo.id], BulkInput(action=BulkAction.DEPARTMENT, target_id=fleet.id))
    assert (result.changed, result.refused) == (2, [])
    assert {row.department.name for row in (await rows(chief)).values() if row.department} == {'Fleet'}
    again = await change_many(chief, [ann.id, bo.id], BulkInput(action=BulkAction.DEPARTMENT, target_id=fleet.id))
    assert (again.batch_id, again.changed) == (None, 0)
    assert result.batch_id is not None
    undone = await undo_batch(chief, result.batch_id)
    assert undone.changed == 2
    after = await rows(chief)
    assert after['Ann Berg'].department is not None
    assert after['Ann Berg'].department.name == 'Operations'
    assert after['Bo Chan'].department is None


async def test_all_that_was_done_to_many_is_in_one_list_until_it_is_undone(
    chief: Actor, manager: Actor, member: Actor, add: Add
) -> None:
    ann = await add('Ann', 'Berg', manager_id=manager.member_id)
    await imports.apply_file(chief, b'Surname\nNovak', ImportOptions(), 'roster.csv')
    other = await add('Bo', 'Chan')
    data = BulkInput(action=BulkAction.MANAGER, target_id=other.id)
    result = await change_many(manager, [ann.id], data)
    found = (await members.list_batches(chief, ListQuery(page_size=10))).rows
    assert [(row.kind, row.by_name, row.can_undo) for row in found] == [
        (BatchKind.BULK, 'Mia Meyer', True), (BatchKind.IMPORT, 'Elena Rossi', True),
    ]  # fmt: skip
    only = await members.list_batches(chief, ListQuery(filters={'kind': ['import']}))
    assert [row.kind for row in only.rows] == [BatchKind.IMPORT]
    own = (await members.list_batches(manager, ListQuery())).rows
    assert [row.id for row in own] == [result.batch_id]
    assert (await members.list_batches(member, ListQuery())).total == 0
    await undo_batch(manager, own[0].id)
    after = (await members.list_batches(manager, ListQuery())).rows[0]
    assert (after.can_undo, after.undone_at is None) == (False, False)
    with pytest.raises(Invalid):
        await members.list_batches(chief, ListQuery(filters={'sort': ['x']}))


async def test_who_cannot_be_changed_is_listed_and_the_others_are_changed(chief: Actor, add: Add) -> None:
    boss = await add('Ann', 'Berg')
    bo = await add('Bo', 'Chan', manager_id=boss.id)
    cy = await add('Cy', 'Diaz')
    result = await change_many(chief, [boss.id, bo.id, cy.id], BulkInput(action=BulkAction.MANAGER, target_id=bo.id))
    assert result.changed == 1
    assert {refusal.name: refusal.reason for refusal in result.refused} == {
        'Ann Berg': 'Bo Chan reports to Ann Berg, directly or through others, so it would be a circle.',
        'Bo Chan': 'Bo Chan cannot be their own manager.',
    }
    result = await change_many(
        chief, [boss.id, cy.id], BulkInput(action=BulkAction.STATUS, status=MemberStatus.LEFT, reason='Closed')
    )
    assert [refusal.name for refusal in result.refused] == ['Ann Berg']
    assert (await rows(chief))['Cy Diaz'].status is MemberStatus.LEFT


async def test_a_status_of_many_is_undone_with_its_history_and_positions(chief: Actor, member: Actor, add: Add) -> None:
    assert member.member_id is not None
    data = BulkInput(action=BulkAction.STATUS, status=MemberStatus.LEFT, reason='Closed')
    result = await change_many(chief, [member.member_id], data)
    assert result.changed == 1
    assert result.batch_id is not None
    await undo_batch(chief, result.batch_id)
    view = await members.get_member(chief, member.member_id)
    assert (view.status, view.left_on, [p.name for p in view.positions]) == (MemberStatus.ACTIVE, None, ['Member'])
    assert (await members.membership_history(chief, member.member_id)).statuses == []


async def test_tags_are_put_on_and_taken_off_many(chief: Actor, add: Add) -> None:
    tag = await add_tag(chief, TagInput(name='Drivers'))
    ann, bo = await add('Ann', 'Berg'), await add('Bo', 'Chan')
    put_on = BulkInput(action=BulkAction.ADD_TAG, target_id=tag.id)
    take_off = BulkInput(action=BulkAction.REMOVE_TAG, target_id=tag.id)
    assert (await change_many(chief, [ann.id, bo.id], put_on)).changed == 2
    removed = await change_many(chief, [ann.id], take_off)
    assert list(await rows(chief, filters={'tag': [str(tag.id)]})) == ['Bo Chan']
    assert removed.batch_id is not None
    await undo_batch(chief, removed.batch_id)
    assert list(await rows(chief, filters={'tag': [str(tag.id)]})) == ['Ann Berg', 'Bo Chan']


async def test_the_last_administrator_is_not_archived_among_many(chief: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg')
    assert chief.member_id is not None
    result = await change_many(chief, [ann.id, chief.member_id], BulkInput(action=BulkAction.ARCHIVE))
    assert [refusal.reason for refusal in result.refused] == ['You cannot archive yourself.']
    assert list(await rows(chief)) == ['Elena Rossi']
    with pytest.raises(Conflict, match='Nobody would be left'):
        await change_many(
            chief, [chief.member_id], BulkInput(action=BulkAction.STATUS, status=MemberStatus.RETIRED, reason='Old')
        )


async def test_a_member_changes_nobody_and_a_stranger_finds_nobody(
    chief: Actor, member: Actor, stranger: Actor, add: Add
) -> None:
    ann = await add('Ann', 'Berg')
    tag = await add_tag(chief, TagInput(name='Drivers'))
    with pytest.raises(Denied):
        await change_many(member, [ann.id], BulkInput(action=BulkAction.ADD_TAG, target_id=tag.id))
    with pytest.raises(NotFound):
        await change_many(stranger, [ann.id], BulkInput(action=BulkAction.ADD_TAG, target_id=tag.id))
    result = await change_many(stranger, [ann.id], BulkInput(action=BulkAction.ARCHIVE))
    assert (result.changed, result.refused) == (0, [])
    with pytest.raises(Invalid):
        await change_many(chief, [ann.id], BulkInput(action=BulkAction.STATUS))


async def test_a_manager_changes_and_undoes_only_his_own_people(chief: Actor, manager: Actor, add: Add) -> None:
    ann, bo = await add('Ann', 'Berg', manager_id=manager.member_id), await add('Bo', 'Chan')
    unit = (await departments.list_departments(chief))[0]
    data = BulkInput(action=BulkAction.DEPARTMENT, target_id=unit.id)
    result = await change_many(manager, [ann.id, bo.id], data)
    assert result.changed == 1
    assert [refusal.name for refusal in result.refused] == ['Bo Chan']
    assert result.batch_id is not None
    assert (await undo_batch(manager, result.batch_id)).changed == 1


async def test_many_are_changed_with_few_statements(chief: Actor, add: Add, database: databases.Database) -> None:
    unit = (await departments.list_departments(chief))[0]
    ids = [(await add('Person', f'Number{at}')).id for at in range(40)]
    with statements(database) as sent:
        await change_many(chief, ids, BulkInput(action=BulkAction.DEPARTMENT, target_id=unit.id))
    assert len(sent) < 40


async def test_two_records_of_one_person_become_one_and_two_again(chief: Actor, add: Add) -> None:
    kept = await add('Ann', 'Berg', number='7')
    dropped = await add('Anne', 'Berg', number='8', email='ann@example.org', phone='+16235550101', title='Driver')
    report = await add('Bo', 'Chan', manager_id=dropped.id)
    skill = await file.add_record(chief, dropped.id, 'skills', {'name': 'Rope'})
    differing = {field.name for field in await compare_members(chief, kept.id, dropped.id)}
    assert {'first_name', 'number', 'email', 'phone'} == differing
    result = await merge_members(chief, kept.id, dropped.id, frozenset({'first_name'}))
    view = await members.get_member(chief, kept.id)
    assert (view.first_name, view.email, view.phone, view.title) == (
        'Anne',
        'ann@example.org',
        '+16235550101',
        'Driver',
    )
    assert view.former_number == '8'
    assert [row.id for row in (await file.list_records(chief, kept.id, 'skills')).rows] == [skill.id]
    boss = (await rows(chief))['Bo Chan'].manager
    assert boss is not None
    assert boss.id == kept.id
    assert set(await rows(chief)) == {'Anne Berg', 'Bo Chan', 'Elena Rossi'}
    with pytest.raises(Conflict, match='Undo the merge'):
        await members.restore_member(chief, dropped.id)
    assert result.batch_id is not None
    await undo_batch(chief, result.batch_id)
    assert set(await rows(chief)) == {'Ann Berg', 'Anne Berg', 'Bo Chan', 'Elena Rossi'}
    view = await members.get_member(chief, dropped.id)
    assert (view.email, view.title, view.is_archived) == ('ann@example.org', 'Driver', False)
    view = await members.get_member(chief, kept.id)
    assert (view.first_name, view.email, view.former_number) == ('Ann', '', '')
    boss = (await rows(chief))['Bo Chan'].manager
    assert boss is not None
    assert boss.id == dropped.id
    assert report.id


async def test_a_merge_may_take_the_number_and_is_not_undone_by_half(chief: Actor, add: Add) -> None:
    kept, dropped = await add('Ann', 'Berg', number='7'), await add('Ann', 'Berg', number='8')
    result = await merge_members(chief, kept.id, dropped.id, frozenset({'number'}))
    view = await members.get_member(chief, kept.id)
    assert (view.number, view.former_number) == ('8', '7')
    await members.update_member(chief, kept.id, ProfileInput(first_name='Anna'))
    assert result.batch_id is not None
    with pytest.raises(Conflict, match='as a whole'):
        await undo_batch(chief, result.batch_id)
    assert (await members.get_member(chief, kept.id)).first_name == 'Anna'


async def test_two_accounts_are_not_merged(chief: Actor, member: Actor) -> None:
    assert chief.member_id is not None
    assert member.member_id is not None
    with pytest.raises(Conflict, match='Both records have an account'):
        await merge_members(chief, chief.member_id, member.member_id)


async def test_pairs_that_may_be_one_person_are_found(chief: Actor, add: Add) -> None:
    await add('Ann', 'Berg', birth_on=date(1990, 1, 1))
    await add('ANN', 'Bérg', birth_on=date(1990, 1, 1))
    await add('Bo', 'Chan', phone='+16235550101')
    other = await add('Robert', 'Chan', phone='+16235550101')
    await add('Ann', 'Berg', birth_on=date(1991, 1, 1))
    found = await list_duplicates(chief)
    assert [(pair.first_name, pair.second_name, pair.why) for pair in found] == [
        ('Ann Berg', 'ANN Bérg', 'same name and birth date'),
        ('Bo Chan', 'Robert Chan', 'same phone'),
    ]
    await members.archive_member(chief, other.id)
    assert len(await list_duplicates(chief)) == 1

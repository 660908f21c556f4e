"""Rosters with tags and the department's own fields: what is unknown is reported, and one undo takes all back."""

from dataclasses import replace

import pytest
from sqlmodel import select

from data.custom_fields import CustomField, CustomValue, FieldKind
from data.members import MemberTag
from logic import members
from logic.core.actor import Actor
from logic.core.errors import Invalid
from logic.core.listing import ListQuery
from logic.custom_fields import CustomFieldInput, add_custom_field, archive_custom_field
from logic.members import MemberAdded, MemberStatus, MemberStatusChanged, TagInput, imports
from logic.members.imports import Fate, ImportOptions
from tests.logic.members.conftest import Add, heard
from tests.logic.members.test_imports import csv, faults, rows_of


@pytest.fixture
async def shirt(chief: Actor) -> CustomField:
    for name in ('Rope team', 'Boat crew', 'Hazmat, level 2'):
        await members.add_tag(chief, TagInput(name=name))
    data = CustomFieldInput(name='Shirt size', kind=FieldKind.CHOICE, options=('S', 'M', 'L'))
    return await add_custom_field(chief, 'Member', data)


async def test_tags_and_own_fields_are_found_by_their_headers_and_taken(chief: Actor, shirt: CustomField) -> None:
    file = csv('Surname,Tags,Shirt size', 'Berg,"rope team; boat crew",m', 'Costa,"Hazmat, level 2",')
    plan = await imports.plan_file(chief, file, ImportOptions())
    assert plan.reading.mapping == {0: 'last_name', 1: 'tags', 2: f'field:{shirt.id}'}
    assert plan.rows[0].shown(plan.reading.targets)['Shirt size'] == ('', 'M')
    assert plan.rows[0].shown(plan.reading.targets)['Tags'] == ('', 'Boat crew, Rope team')
    await imports.apply_file(chief, file, ImportOptions(), 'x')
    found = {row.last_name: row for row in (await members.list_members(chief, ListQuery(page_size=100))).rows}
    assert [tag.name for tag in found['Berg'].tags] == ['Boat crew', 'Rope team']
    assert found['Berg'].custom == {shirt.id: 'M'}
    assert [tag.name for tag in found['Costa'].tags] == ['Hazmat, level 2']
    assert found['Costa'].custom == {}


async def test_the_dry_run_calls_units_people_and_days_by_their_names(chief: Actor) -> None:
    await imports.apply_file(chief, csv('Number,Surname,Rank', '7,Berg,Captain', '8,Costa,'), ImportOptions(), 'x')
    file = csv('Number,Surname,Rank,Manager,Joined', '8,Costa,Captain,7,2026-03-05')
    plan = await imports.plan_file(chief, file, ImportOptions())
    shown = plan.rows[0].shown(plan.reading.targets)
    assert (shown['Rank'], shown['Manager'], shown['Joined on'][1]) == (('', 'Captain'), ('', 'Berg'), '5 Mar 2026')


async def test_unknown_tags_and_choices_refuse_the_row_and_are_named(chief: Actor, shirt: CustomField) -> None:
    found = await faults(chief, csv('Surname,Tags,Shirt size', 'Berg,Rope,M', 'Costa,Rope team,Huge'))
    assert [(line, column) for line, column, _ in found] == [(2, 'Tags'), (3, 'Shirt size')]
    assert '"Rope"' in found[0][2]
    assert 'S, M, L' in found[1][2]


async def test_the_same_file_again_changes_nothing_and_an_empty_cell_takes_nothing_away(
    chief: Actor, shirt: CustomField
) -> None:
    file = csv('Number,Surname,Tags,Shirt size', '7,Berg,Rope team,M', '8,Costa,,')
    await imports.apply_file(chief, file, ImportOptions(), 'x')
    again = await imports.plan_file(chief, file, ImportOptions())
    assert [row.fate for row in again.rows] == [Fate.SAME, Fate.SAME]
    less = await imports.plan_file(chief, csv('Number,Surname,Tags,Shirt size', '7,Berg,,'), ImportOptions())
    assert less.rows[0].fate is Fate.SAME


async def test_dates_and_numbers_of_own_fields_are_read_in_the_order_of_the_file(chief: Actor) -> None:
    medical = await add_custom_field(chief, 'Member', CustomFieldInput(name='Medical', kind=FieldKind.DATE))
    locker = await add_custom_field(chief, 'Member', CustomFieldInput(name='Locker', kind=FieldKind.NUMBER))
    file = csv('Surname,Medical,Locker', 'Berg,31/12/2025,12.50', 'Costa,01/02/2026,twelve')
    plan = await imports.plan_file(chief, file, ImportOptions())
    assert plan.rows[0].changes[f'field:{medical.id}'] == (None, '2025-12-31')
    assert plan.rows[0].changes[f'field:{locker.id}'] == (None, '12.5')
    assert [fault.column for fault in plan.rows[1].faults] == ['Locker']


async def test_undoing_an_import_takes_back_tags_and_values_of_new_and_of_known_people(
    chief: Actor, shirt: CustomField, add: Add
) -> None:
    ann = await add('Ann', 'Berg', number='0007')
    await members.set_custom_values(chief, ann.id, {shirt.id: 'S'})
    file = csv('Number,Surname,Tags,Shirt size', '7,Berg,Rope team,M', '8,Costa,Boat crew,L')
    result = await imports.apply_file(chief, file, ImportOptions(), 'x')
    assert (result.new_count, result.updated_count) == (1, 1)
    assert sorted(await rows_of(chief, select(CustomValue.value))) == ['L', 'M']
    undone = await members.undo_batch(chief, result.batch_id)
    assert undone.refused == []
    assert await rows_of(chief, select(CustomValue.value)) == ['S']
    assert await rows_of(chief, select(MemberTag.id)) == []


async def test_private_fields_of_known_people_are_left_out_for_who_may_not_edit_them(chief: Actor, add: Add) -> None:
    private = await add_custom_field(chief, 'Member', CustomFieldInput(name='Blood group', is_private=True))
    ann = await add('Ann', 'Berg', number='0007')
    await members.set_custom_values(chief, ann.id, {private.id: 'A'})
    clerk = replace(chief, permissions=frozenset({'members.view', 'members.import'}))
    plan = await imports.plan_file(clerk, csv('Number,Surname,Blood group', '7,Berg,B'), ImportOptions())
    assert plan.rows[0].changes == {}
    assert 'private' in plan.rows[0].warnings[0].reason
    seen = await imports.plan_file(chief, csv('Number,Surname,Blood group', '7,Berg,B'), ImportOptions())
    assert seen.rows[0].shown(seen.reading.targets) == {'Blood group': ('•••', 'B')}


async def test_a_field_that_is_out_of_use_is_no_target(chief: Actor, shirt: CustomField) -> None:
    await archive_custom_field(chief, shirt.id)
    with pytest.raises(Invalid):
        await imports.plan_file(
            chief, csv('Surname,Shirt size', 'Berg,M'), ImportOptions(mapping={0: 'last_name', 1: f'field:{shirt.id}'})
        )


async def test_an_import_tells_who_came_and_who_moved_and_its_undo_takes_the_history_back(
    chief: Actor, add: Add
) -> None:
    ann = await add('Ann', 'Berg', number='0007')
    file = csv('Number,Surname,Status', '7,Berg,inactive', '8,Costa,active')
    with heard(MemberAdded, MemberStatusChanged) as told:
        result = await imports.apply_file(chief, file, ImportOptions(), 'x')
    assert [type(event) for event in told] == [MemberAdded, MemberStatusChanged]
    assert (told[1].member_id, told[1].after) == (ann.id, MemberStatus.INACTIVE)
    assert (await members.membership_history(chief, ann.id)).statuses[0].after is MemberStatus.INACTIVE
    with heard(MemberStatusChanged) as told:
        await members.undo_batch(chief, result.batch_id)
    assert [(event.before, event.after) for event in told] == [(MemberStatus.INACTIVE, MemberStatus.ACTIVE)]
    assert [row.after for row in (await members.membership_history(chief, ann.id)).statuses] == [MemberStatus.ACTIVE]

"""The department's own fields of any kind of record: each kind has its own, and what was written before is read."""

from dataclasses import replace

import pytest
from sqlmodel import select

from data.custom_fields import CustomField, CustomValue, FieldKind
from data.members import MemberBatch
from logic import audit, custom_fields, members
from logic.core.errors import Denied, Invalid, NotFound
from logic.core.listing import ListQuery
from logic.core.secrets import open_value, seal_value
from logic.custom_fields import CustomFieldInput, add_custom_field
from logic.members import MemberInput, batches, imports, touched
from logic.members.exports import personal_records
from logic.members.imports import ImportOptions
from tests.conftest import run_as_service


async def person(chief, name, **more):
    return await members.add_member(chief, MemberInput(first_name=name, **more))


async def test_two_kinds_may_have_fields_of_one_name(chief):
    for record in ('Member', 'Task'):
        await add_custom_field(chief, record, CustomFieldInput(name='Locker'))
    with pytest.raises(Invalid, match='name is taken'):
        await add_custom_field(chief, 'Task', CustomFieldInput(name='LOCKER'))
    found = [await custom_fields.list_custom_fields(chief, record) for record in ('Member', 'Task')]
    assert [[row.name for row in rows] for rows in found] == [['Locker'], ['Locker']]


async def test_a_kind_that_nobody_gives_fields_has_none(chief):
    for record in ('TaskList', 'Nonsense'):
        with pytest.raises(NotFound):
            await add_custom_field(chief, record, CustomFieldInput(name='Locker'))
        with pytest.raises(NotFound):
            await custom_fields.list_custom_fields(chief, record)


async def test_only_a_kind_with_private_data_has_private_fields(chief):
    field = await add_custom_field(chief, 'Task', CustomFieldInput(name='Rig'))
    with pytest.raises(Invalid, match='cannot be private'):
        await add_custom_field(chief, 'Task', CustomFieldInput(name='Cost', is_private=True))
    with pytest.raises(Invalid, match='cannot be private'):
        await custom_fields.update_custom_field(chief, field.id, CustomFieldInput(name='Rig', is_private=True))


async def test_a_module_that_is_off_shows_no_fields(chief):
    field = await add_custom_field(chief, 'Task', CustomFieldInput(name='Rig'))
    without = replace(chief, modules_off=frozenset({'tasks'}))
    assert [kind.name for kind in custom_fields.managed_kinds(without)] == ['Member']
    with pytest.raises(NotFound):
        await custom_fields.list_custom_fields(without, 'Task')
    with pytest.raises(NotFound):
        await custom_fields.archive_custom_field(without, field.id)


async def test_a_member_sees_which_fields_there_are_and_manages_none(chief, member):
    field = await add_custom_field(chief, 'Task', CustomFieldInput(name='Rig'))
    assert [row.name for row in await custom_fields.list_custom_fields(member, 'Task')] == ['Rig']
    assert await custom_fields.list_managed_fields(member) == []
    with pytest.raises(Denied):
        await custom_fields.update_custom_field(member, field.id, CustomFieldInput(name='Mine'))


async def test_values_of_people_are_personal_in_the_log_and_part_of_what_is_held_of_them(chief):
    field = await add_custom_field(chief, 'Member', CustomFieldInput(name='Locker'))
    ann = await person(chief, 'Ann')
    await members.set_custom_values(chief, ann.id, {field.id: '12'})
    entry = (await audit.activity_of(chief, 'CustomValue', ann.id, fields={'value'}))[0]
    assert entry.subject_id == ann.id
    assert [(one.new, one.is_personal) for one in entry.changes] == [('12', True)]
    records, _files = await personal_records(chief, ann.id)
    assert [row['value'] for row in records['CustomValue']] == ['12']


async def test_a_merged_person_takes_the_values_along_and_an_undo_gives_them_back(chief):
    one, two = [await add_custom_field(chief, 'Member', CustomFieldInput(name=name)) for name in ('Locker', 'Shirt')]
    kept, dropped = await person(chief, 'Ann'), await person(chief, 'Anne')
    await members.set_custom_values(chief, kept.id, {one.id: '1'})
    await members.set_custom_values(chief, dropped.id, {one.id: '2', two.id: 'M'})
    merged = await members.merge_members(chief, kept.id, dropped.id)
    assert await values(chief) == {(kept.id, '1'), (kept.id, 'M')}
    await run_as_service(_as_before)(chief, merged.batch_id)
    await members.undo_batch(chief, merged.batch_id)
    assert await values(chief) == {(kept.id, '1'), (dropped.id, '2'), (dropped.id, 'M')}


async def values(actor):
    async def read(work):
        return {(row.record_id, row.value) for row in await work.all(select(CustomValue))}

    return await run_as_service(read)(actor)


async def _as_before(work, batch_id):
    """Let a batch have noted what it did when values were of members only."""
    batch = await work.get(MemberBatch, batch_id)
    place = batches.PLACE(batch.id, work.organization_id)
    packed = await open_value(work, batch.undo, place)
    found = touched.unpack(packed)
    for one in found:
        if one.table == 'custom_value':
            one.before.pop('record', None)
            one.before['member_id'] = one.before.pop('record_id')
    assert sum(one.table == 'custom_value' for one in found) == 2
    batch.undo = await seal_value(work, touched.pack(found), place)


async def test_an_import_is_not_undone_under_a_field_that_somebody_has_filled_in_since(chief):
    field = await add_custom_field(chief, 'Member', CustomFieldInput(name='Locker'))
    done = await imports.apply_file(chief, b'First name\nAnn\n', ImportOptions(), 'roster.csv')
    page = await members.list_members(chief, ListQuery(q='Ann'))
    await members.set_custom_values(chief, page.rows[0].id, {field.id: '1'})
    undone = await members.undo_batch(chief, done.batch_id)
    assert (undone.changed, [one.member_id for one in undone.refused]) == (0, [page.rows[0].id])


@pytest.mark.parametrize(
    ('kind', 'typed', 'stored'),
    [
        (FieldKind.NUMBER, '12.50', '12.5'), (FieldKind.DATE, '2026-07-31', '2026-07-31'),
        (FieldKind.YES_NO, 'Ja', 'yes'), (FieldKind.CHOICE, 'b', 'B'), (FieldKind.TEXT, ' a  b ', 'a b'),
    ],
)  # fmt: skip
def test_what_is_typed_is_stored_in_one_form(kind, typed, stored):
    field = CustomField(record='Task', name='X', kind=kind, options='A\nB')
    assert custom_fields.normal_value(field, typed) == stored

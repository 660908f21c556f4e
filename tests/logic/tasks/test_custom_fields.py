"""The department's own fields on tasks: written, found, taken out, told of, taken back, and going with the task."""

import json
from datetime import date, timedelta

import pytest
from sqlmodel import select

from data.custom_fields import CustomField, CustomValue, FieldKind
from data.tasks import Task, TaskStatus
from logic import activity, custom_fields, tasks
from logic.core.actor import Actor
from logic.core.errors import Conflict, Denied, Invalid
from logic.core.listing import ListQuery
from logic.core.tabular import write_csv
from logic.custom_fields import CustomFieldInput, add_custom_field
from logic.tasks import ListInput, ListTemplateInput, RepeatInput, TaskChange, TaskInput
from logic.tasks.deleting import empty_bin
from logic.tasks.exports import exported_json, exported_task_rows
from tests.conftest import person_with_account, run_as_service


@pytest.fixture
async def rig(chief: Actor) -> CustomField:
    data = CustomFieldInput(name='Rig', kind=FieldKind.CHOICE, options=('Engine 2', 'Ladder 3'))
    return await add_custom_field(chief, 'Task', data)


@pytest.fixture
async def hours(chief: Actor) -> CustomField:
    return await add_custom_field(chief, 'Task', CustomFieldInput(name='Engine hours', kind=FieldKind.NUMBER, order=1))


async def custom(actor, task_id):
    return (await tasks.get_task(actor, task_id)).row.custom


async def stored_values(actor):
    async def read(work):
        return await work.all(select(CustomValue.value))

    return sorted(await run_as_service(read)(actor))


async def test_a_task_is_added_and_changed_with_the_departments_own_fields(chief, add, rig, hours):
    task = await add(custom={rig.id: 'engine 2', hours.id: '12.50'})
    assert await custom(chief, task.id) == {rig.id: 'Engine 2', hours.id: '12.5'}
    await tasks.update_task(chief, task.id, TaskChange(title='Check hoses', custom={hours.id: None}))
    assert await custom(chief, task.id) == {rig.id: 'Engine 2'}
    with pytest.raises(Invalid) as wrong:
        await tasks.update_task(chief, task.id, TaskChange(custom={rig.id: 'Boat', hours.id: 'many'}))
    assert wrong.value.fields.keys() == {str(rig.id), str(hours.id)}


async def test_a_change_of_a_field_is_a_change_of_its_task(chief, add, rig):
    task = await add()
    await tasks.update_task(chief, task.id, TaskChange(custom={rig.id: 'Engine 2'}), 1)
    with pytest.raises(Conflict):
        await tasks.update_task(chief, task.id, TaskChange(custom={rig.id: 'Ladder 3'}), 1)
    await tasks.update_task(chief, task.id, TaskChange(custom={rig.id: 'Engine 2'}))
    assert (await tasks.get_task(chief, task.id)).row.version == 2


async def test_who_may_only_see_a_list_or_do_a_task_does_not_write_its_fields(chief, other, rig):
    task = await tasks.add_task(chief, TaskInput(title='Mine', assignee_ids=[other.member_id]))
    assert await custom(other, task.id) == {}
    with pytest.raises(Denied):
        await tasks.update_task(other, task.id, TaskChange(custom={rig.id: 'Engine 2'}))


async def test_tasks_are_found_by_their_fields(chief, add, rig):
    engine, ladder, bare = [
        await add(title, custom=values)
        for title, values in (('A', {rig.id: 'Engine 2'}), ('B', {rig.id: 'Ladder 3'}), ('C', {}))
    ]

    async def found(*values):
        page = await tasks.list_tasks(chief, ListQuery(filters={f'field:{rig.id}': list(values)}))
        return {row.id for row in page.rows}

    assert await found('Engine 2') == {engine.id}
    assert await found('Engine 2', 'Ladder 3') == {engine.id, ladder.id}
    assert await found('none') == {bare.id}
    assert await found('none', 'Ladder 3') == {bare.id, ladder.id}


async def test_a_field_of_people_is_none_of_tasks(chief, add):
    shirt = await add_custom_field(chief, 'Member', CustomFieldInput(name='Shirt'))
    task = await add()
    with pytest.raises(Invalid, match='no such field'):
        await tasks.update_task(chief, task.id, TaskChange(custom={shirt.id: 'M'}))
    page = await tasks.list_tasks(chief, ListQuery(filters={f'field:{shirt.id}': ['none']}))
    assert [row.id for row in page.rows] == [task.id]


async def test_exports_say_what_own_fields_say(chief, add, rig, hours):
    flag = await add_custom_field(chief, 'Task', CustomFieldInput(name='Paid', kind=FieldKind.YES_NO, order=2))
    await add(custom={rig.id: 'Ladder 3', flag.id: 'x'})
    header, rows = await exported_task_rows(chief, ListQuery())
    assert header[-3:] == ['Rig', 'Engine hours', 'Paid']
    assert rows[0][-3:] == ['Ladder 3', '', 'yes']
    assert (await exported_json(chief, ListQuery()))[0]['fields'] == {'Rig': 'Ladder 3', 'Paid': 'yes'}


async def test_activity_tells_of_a_field_by_its_name_and_puts_it_back(chief, add, rig, hours):
    task = await add(custom={rig.id: 'Engine 2'})
    await tasks.update_task(chief, task.id, TaskChange(custom={rig.id: 'Ladder 3', hours.id: '7'}, title='Both'))
    entry, first = await activity.list_activity(chief, 'Task', task.id)
    told = {change.title or change.name: (change.old, change.new) for change in entry.changes}
    assert told == {'Rig': ('Engine 2', 'Ladder 3'), 'Engine hours': (None, '7'), 'title': ('Check hose', 'Both')}
    assert ('Rig', 'Engine 2') in [(change.title, change.new) for change in first.changes]
    assert (entry.may_undo, first.may_undo) == (True, False)
    await activity.undo_entry(chief, 'Task', task.id, entry.seq)
    view = await tasks.get_task(chief, task.id)
    assert (view.row.custom, view.row.title) == ({rig.id: 'Engine 2'}, 'Check hose')


async def test_a_field_that_somebody_has_changed_since_is_not_put_back(chief, add, rig):
    task = await add()
    for value in ('Engine 2', 'Ladder 3'):
        await tasks.update_task(chief, task.id, TaskChange(custom={rig.id: value}))
    newest, older, _ = await activity.list_activity(chief, 'Task', task.id)
    assert (newest.may_undo, older.may_undo) == (True, False)
    with pytest.raises(Conflict, match='Rig'):
        await activity.undo_entry(chief, 'Task', task.id, older.seq)


async def test_who_may_only_do_a_task_puts_no_field_back(chief, other, rig):
    task = await tasks.add_task(chief, TaskInput(title='Mine', assignee_ids=[other.member_id]))
    await tasks.update_task(chief, task.id, TaskChange(custom={rig.id: 'Engine 2'}))
    with pytest.raises(Denied):
        await tasks.undo_task_change(other, task.id, {f'field:{rig.id}': None})
    assert await custom(chief, task.id) == {rig.id: 'Engine 2'}


async def test_the_next_occurrence_says_the_same_and_is_taken_back_untouched(chief, add, rig):
    task = await add(custom={rig.id: 'Engine 2'}, due=date(2026, 1, 5), repeat=RepeatInput(rule='FREQ=WEEKLY'))
    await tasks.complete_task(chief, task.id)
    page = await tasks.list_tasks(chief, ListQuery(filters={'status': ['open']}))
    assert [row.custom for row in page.rows] == [{rig.id: 'Engine 2'}]
    await tasks.reopen_task(chief, task.id)
    page = await tasks.list_tasks(chief, ListQuery())
    assert [row.id for row in page.rows] == [task.id]
    assert await stored_values(chief) == ['Engine 2']


async def test_a_next_occurrence_whose_field_somebody_has_filled_in_stays(chief, add, rig):
    task = await add(due=date(2026, 1, 5), repeat=RepeatInput(rule='FREQ=WEEKLY'))
    await tasks.complete_task(chief, task.id)
    (follower,) = (await tasks.list_tasks(chief, ListQuery(filters={'status': ['open']}))).rows
    await tasks.update_task(chief, follower.id, TaskChange(custom={rig.id: 'Engine 2'}))
    await tasks.reopen_task(chief, task.id)
    assert (await tasks.get_task(chief, follower.id)).row.status is TaskStatus.PENDING


async def test_a_template_keeps_fields_as_far_as_they_are_still_taken(chief, station, add, rig, hours):
    await add(custom={rig.id: 'Engine 2', hours.id: '7'})
    template = await tasks.save_list_template(chief, station.id, ListTemplateInput(title='Weekly'))
    await custom_fields.archive_custom_field(chief, hours.id)
    home = await tasks.add_list_from_template(chief, template.id, ListInput(title='Again'))
    page = await tasks.list_tasks(chief, ListQuery(filters={'list': [str(home.id)]}))
    assert [row.custom for row in page.rows] == [{rig.id: 'Engine 2'}]


async def test_values_go_for_good_with_their_task(chief, add, rig):
    gone, stays = await add(custom={rig.id: 'Engine 2'}), await add(custom={rig.id: 'Ladder 3'})
    await tasks.delete_task(chief, gone.id)
    assert await stored_values(chief) == ['Engine 2', 'Ladder 3']

    async def age(work):
        (await work.get(Task, gone.id)).deleted_at = work.now - timedelta(days=31)

    await run_as_service(age)(chief)
    await run_as_service(empty_bin.function)(chief)
    assert await stored_values(chief) == ['Ladder 3']
    assert await custom(chief, stays.id) == {rig.id: 'Ladder 3'}


async def test_who_manages_fields_of_tasks_manages_none_of_people(chief, rig):
    keeper = await person_with_account(chief, 'Ida', 'Hahn', 'ida@example.org', 'HR manager')
    assert [kind.name for kind in custom_fields.managed_kinds(keeper)] == ['Member']
    assert {kind.name for kind in custom_fields.managed_kinds(chief)} == {'Member', 'Task'}
    with pytest.raises(Denied):
        await add_custom_field(keeper, 'Task', CustomFieldInput(name='Mine'))
    with pytest.raises(Denied):
        await custom_fields.update_custom_field(keeper, rig.id, CustomFieldInput(name='Mine'))
    with pytest.raises(Denied):
        await custom_fields.archive_custom_field(keeper, rig.id)
    assert await custom_fields.list_managed_fields(keeper) == []


async def test_an_export_is_imported_with_its_own_fields(chief, add, rig, hours):
    await add(custom={rig.id: 'Ladder 3', hours.id: '12.5'})
    content = json.dumps({'tasks': await exported_json(chief, ListQuery())}).encode()
    header, rows = await exported_task_rows(chief, ListQuery())
    for file in (content, write_csv(header, rows)):
        done = await tasks.import_tasks(chief, await tasks.read_tasks(chief, file))
        assert [row.notes for row in done.plan.rows] == [[]]
        page = await tasks.list_tasks(chief, ListQuery(sort='number', descending=True))
        assert page.rows[0].custom == {rig.id: 'Ladder 3', hours.id: '12.5'}


async def test_an_import_says_what_of_own_fields_is_left_out(chief, rig, hours):
    said = {'Rig': 'Boat', 'Engine hours': '7', 'Colour': 'red'}
    plan = await tasks.plan_task_import(
        chief, await tasks.read_tasks(chief, json.dumps({'tasks': [{'title': 'A', 'fields': said}]}).encode())
    )
    assert len(plan.rows[0].notes) == 2
    assert [word in ' '.join(plan.rows[0].notes) for word in ('Boat', 'Colour', 'hours')] == [True, True, False]
    table = await tasks.plan_task_import(
        chief, await tasks.read_tasks(chief, b'Title,Colour,ENGINE HOURS\nA,red,many\n')
    )
    assert [('many' in note) for note in table.rows[0].notes] == [True]

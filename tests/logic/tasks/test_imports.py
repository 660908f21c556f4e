"""Tasks out of files and into files."""

import io
import json
import time as clock
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.tasks import AnchorMode, TaskPriority, TaskStatus
from logic import tasks
from logic.core.errors import Denied, Invalid
from logic.core.listing import ListQuery
from logic.core.tabular import read_table
from logic.tasks import Format, TaskChange
from logic.tasks.imports.reading import read_file

CSV = (
    'Title,Project,Status,Priority,Assignee,Tags,Due date,Notes\n'
    'Check hose,Station,In progress,High,Jide Okafor,"gear, hose",2026-12-24,Look closely\n'
    'Wash truck,Station,done,,Nobody,,24/12/2026x,\n'
    ',Station,,,,,,\n'
)
TRELLO = {
    'name': 'Board',
    'lists': [{'id': 'l1', 'name': 'Doing'}, {'id': 'l2', 'name': 'Done'}, {'id': 'l3', 'name': 'Ideas'}],
    'cards': [
        {'id': 'c1', 'name': 'Paint door', 'desc': 'Red <b>', 'idList': 'l1', 'due': '2026-12-24T15:00:00.000Z',
         'labels': [{'name': 'house'}, {'name': '', 'color': 'red'}], 'idMembers': ['m1']},
        {'id': 'c2', 'name': 'Old', 'idList': 'l2'}, {'id': 'c3', 'name': 'New pump', 'idList': 'l3'},
    ],
    'checklists': [{'idCard': 'c1', 'checkItems': [
        {'name': 'Sand', 'state': 'complete'}, {'name': 'Prime', 'state': 'x'},
    ]}],
    'members': [{'id': 'm1', 'fullName': 'Elena Rossi'}],
}  # fmt: skip
TODOIST = (
    'TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE,DURATION,DURATION_UNIT\n'
    'section,Soon,,,,,,,,,,\n'
    'task,Wash truck @gear,,1,1,,,2026-12-24 18:30,en,America/New_York,45,minute\n'
    'task,Rinse,,4,2,,,every friday,en,,,\n'
    'note,a note,,,,,,,,,,\n'
    'task,Dry,,4,3,,,,en,,,\n'
    'task,Oil,,4,1,,,every! 3 days,en,,,\n'
    'task,Whim,,4,1,,,when the moon is blue,en,,,\n'
)
VIKUNJA = [
    {'title': 'House', 'buckets': [{'id': 7, 'title': 'Doing'}], 'tasks': [
        {'title': 'Fix roof', 'description': '<p>Now<script>x</script></p>', 'done': False, 'priority': 4,
         'bucket_id': 7,
         'due_date': '2026-12-24T10:00:00Z', 'start_date': '0001-01-01T00:00:00Z', 'labels': [{'title': 'roof'}]},
        {'title': 'Gone', 'done': True},
    ]}
]  # fmt: skip


def as_bytes(value):
    return value.encode() if isinstance(value, str) else json.dumps(value).encode()


async def rows(actor):
    return {row.title: row for row in (await tasks.list_tasks(actor, ListQuery())).rows}


async def test_a_table_is_planned_imported_and_undone(chief, member):
    content = as_bytes(CSV)
    plan = await tasks.plan_task_import(chief, await tasks.read_tasks(chief, content))
    assert (plan.source, plan.new_count, plan.new_lists) == ('table', 2, ['Station'])
    assert [row.is_refused for row in plan.rows] == [False, False, True]
    assert any('Nobody' in note for note in plan.rows[1].notes)
    assert await rows(chief) == {}
    done = await tasks.import_tasks(chief, await tasks.read_tasks(chief, content), 'tasks.csv')
    found = await rows(chief)
    hose = found['Check hose']
    assert (hose.status, hose.priority, hose.due_on) == (TaskStatus.IN_PROGRESS, TaskPriority.HIGH, date(2026, 12, 24))
    assert ([one.name for one in hose.assignees], [one.name for one in hose.labels]) == (
        ['Jide Okafor'],
        ['gear', 'hose'],
    )
    assert found['Wash truck'].completed_at is not None
    undone = await tasks.undo_task_batch(chief, done.batch_id)
    assert (undone.changed, undone.refused) == (2, [])
    assert await rows(chief) == {}


async def test_trello_becomes_a_list_with_its_columns_and_is_undone_but_for_what_was_changed(chief):
    done = await tasks.import_tasks(chief, await tasks.read_tasks(chief, as_bytes(TRELLO)))
    assert done.plan.source == 'Trello export'
    found = await rows(chief)
    door = found['Paint door']
    assert (door.in_list.name, door.column.name, door.steps_done, door.steps_total) == ('Board', 'Doing', 1, 2)
    assert door.due_at == datetime(2026, 12, 24, 15, tzinfo=UTC)
    assert [one.name for one in door.assignees] == ['Elena Rossi']
    assert (await tasks.get_task(chief, door.id)).description == '<p>Red &lt;b&gt;</p>'
    assert (found['Old'].status, found['New pump'].column.name) == (TaskStatus.COMPLETED, 'Ideas')
    await tasks.update_task(chief, found['Old'].id, TaskChange(title='Kept'))
    undone = await tasks.undo_task_batch(chief, done.batch_id)
    assert [refusal.title for refusal in undone.refused] == ['Kept']
    assert set(await rows(chief)) == {'Kept'}


async def test_a_new_list_has_the_columns_of_the_file_in_its_order_and_no_others(chief):
    names = ('Ideas', 'Doing', 'Done')
    board = {
        'name': 'Truck', 'lists': [{'id': name, 'name': name} for name in names],
        'cards': [
            {'name': 'Sold', 'idList': 'Done'}, {'name': 'Filed', 'idList': 'Old', 'closed': True},
            {'name': 'Light', 'idList': 'Doing'}, {'name': 'Paint', 'idList': 'Ideas'},
        ],
    }  # fmt: skip
    await tasks.import_tasks(chief, await tasks.read_tasks(chief, as_bytes(board)))
    found = await rows(chief)
    columns = await tasks.list_columns(chief, found['Paint'].in_list.id)
    assert [column.title for column in columns] == list(names)
    stand = {title: row.column.name for title, row in found.items()}
    assert stand == {'Sold': 'Done', 'Light': 'Doing', 'Paint': 'Ideas'}


async def test_what_is_archived_in_trello_is_neither_open_nor_done_and_is_left_out_with_a_reason(chief):
    board = {
        'name': 'Board', 'lists': [{'id': 'b', 'name': 'Later', 'pos': 2}, {'id': 'a', 'name': 'Now', 'pos': 1},
                                   {'id': 'c', 'name': 'Old', 'closed': True, 'pos': 3}],
        'cards': [
            {'name': 'Two', 'idList': 'a', 'pos': 9}, {'name': 'Three', 'idList': 'b', 'dueComplete': True},
            {'name': 'One', 'idList': 'a', 'pos': 1, 'badges': {'comments': 2}, 'attachments': [{}]},
            {'name': 'Filed', 'idList': 'a', 'pos': 5, 'closed': True}, {'name': 'In a filed list', 'idList': 'c'},
        ],
    }  # fmt: skip
    plan = await tasks.plan_task_import(chief, await tasks.read_tasks(chief, as_bytes(board)))
    assert [(row.title, row.is_refused) for row in plan.rows] == [
        ('One', False), ('Filed', True), ('Two', False), ('Three', False), ('In a filed list', True),
    ]  # fmt: skip
    assert ['archived' in ' '.join(row.notes) for row in plan.rows] == [False, True, False, False, True]
    assert plan.rows[0].notes == ['Left out: older comments, files.']
    await tasks.import_tasks(chief, await tasks.read_tasks(chief, as_bytes(board)))
    found = await rows(chief)
    assert {title: row.status for title, row in found.items()} == {
        'One': TaskStatus.PENDING, 'Two': TaskStatus.PENDING, 'Three': TaskStatus.COMPLETED,
    }  # fmt: skip
    columns = await tasks.list_columns(chief, found['One'].in_list.id)
    assert [column.title for column in columns] == ['Now', 'Later', 'Completed']


async def test_todoist_indents_are_sub_tasks_and_dates_in_words_are_read_or_said(chief):
    plan = await tasks.plan_task_import(chief, await tasks.read_tasks(chief, as_bytes(TODOIST)))
    said = [' '.join(row.notes) for row in plan.rows]
    assert said[0] == ''
    assert ('comments' in said[1], 'A sub-task' in said[1]) == (False, True)
    assert 'one level' in said[2]
    assert ('every! 3 days' in said[3], 'Every 3 days, after completion' in said[3]) == (True, True)
    assert 'no date' in said[4]
    await tasks.import_tasks(chief, await tasks.read_tasks(chief, as_bytes(TODOIST)))
    found = await rows(chief)
    wash = found['Wash truck']
    assert (wash.priority, wash.due_on) == (TaskPriority.URGENT, date(2026, 12, 24))
    assert wash.due_at == datetime(2026, 12, 24, 23, 30, tzinfo=UTC)
    assert (wash.estimate_minutes, [label.name for label in wash.labels]) == (45, ['gear'])
    assert found['Rinse'].parent_id == found['Dry'].parent_id == wash.id
    assert found['Rinse'].due_on.weekday() == 4
    repeat = await tasks.get_repeat(chief, found['Oil'].id)
    assert (repeat.rule, repeat.mode) == ('FREQ=DAILY;INTERVAL=3', AnchorMode.COMPLETION)
    assert [found[title].is_recurring for title in ('Rinse', 'Whim', 'Oil')] == [False, False, True]


async def test_vikunja_is_imported_without_its_scripts(chief):
    await tasks.import_tasks(chief, await tasks.read_tasks(chief, as_bytes(VIKUNJA)))
    found = await rows(chief)
    roof = found['Fix roof']
    assert (roof.priority, roof.column.name, roof.start_on) == (TaskPriority.URGENT, 'Doing', None)
    assert (await tasks.get_task(chief, roof.id)).description == '<p>Now</p>'
    assert found['Gone'].status is TaskStatus.COMPLETED


async def test_vikunja_repeats_relations_and_progress_are_taken_or_said(chief):
    day = 24 * 60 * 60
    due, old = '2199-12-24T10:00:00Z', '2026-01-02T03:04:05Z'
    work = [
        {'id': 1, 'title': 'Weekly', 'due_date': due, 'repeat_after': 7 * day, 'repeat_mode': 0, 'percent_done': 0.4},
        {'id': 2, 'title': 'Monthly', 'due_date': due, 'repeat_mode': 1},
        {'id': 3, 'title': 'After', 'due_date': due, 'repeat_after': 3 * day, 'repeat_mode': 2},
        {'id': 4, 'title': 'Hourly', 'due_date': due, 'repeat_after': 3600},
        {'id': 5, 'title': 'Dateless', 'repeat_after': day},
        {'id': 6, 'title': 'Part', 'related_tasks': {'parenttask': [{'id': 1, 'title': 'Weekly'}], 'blocked': [{}]}},
        {'id': 7, 'title': 'Done', 'done': True, 'done_at': old, 'comments': [{}], 'reminders': [{}]},
    ]  # fmt: skip
    content = as_bytes([{'title': 'House', 'tasks': work, 'buckets': [{'id': 1, 'title': 'Doing'}],
                         'task_buckets': [{'task_id': 2, 'bucket_id': 1}]}])  # fmt: skip
    plan = await tasks.plan_task_import(chief, await tasks.read_tasks(chief, content))
    said = [' '.join(row.notes) for row in plan.rows]
    assert [bool(note) for note in said] == [False, False, False, True, True, True, True]
    assert ('1 hours' in said[3], 'no date' in said[4]) == (True, True)
    assert said[5:] == ['Left out: relations to other tasks.', 'Left out: reminders.']
    await tasks.import_tasks(chief, await tasks.read_tasks(chief, content))
    found = await rows(chief)
    rules = {title: await tasks.get_repeat(chief, row.id) for title, row in found.items()}
    assert {title: (one.rule, one.mode) for title, one in rules.items() if one} == {
        'Weekly': ('FREQ=WEEKLY;INTERVAL=1', AnchorMode.SCHEDULE), 'Monthly': ('FREQ=MONTHLY', AnchorMode.SCHEDULE),
        'After': ('FREQ=DAILY;INTERVAL=3', AnchorMode.COMPLETION),
    }  # fmt: skip
    assert (found['Weekly'].progress, found['Part'].parent_id) == (40, found['Weekly'].id)
    assert found['Done'].completed_at == datetime.fromisoformat(old)
    assert found['Monthly'].column.name == 'Doing'


DAY = 24 * 60 * 60
NEVER = ('FREQ=MONTHLY;BYDAY=53MO', 'FREQ=DAILY;INTERVAL=1000000000', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30,31',
         'FREQ=DAILY;UNTIL=20200101', 'FREQ=DAILY;COUNT=999999999', 'FREQ=DAILY;BYSECOND=1')  # fmt: skip


@pytest.mark.parametrize(
    'content',
    [
        as_bytes([{'title': 'House', 'tasks': [
            {'id': seconds, 'title': 'Long', 'due_date': '2199-01-01T10:00:00Z', 'repeat_after': seconds}
            for seconds in (10**400, 10**400 * DAY, 10**9 * DAY, 10**30 + 1)
        ]}]),
        '\n'.join(['Title,Due,Comes again', *(f'Long,2199-01-01,"{rule}"' for rule in NEVER)]).encode(),
        as_bytes({'tasks': [{'title': 'Long', 'due': '2199-01-01', 'repeat': {'rule': rule}} for rule in NEVER]}),
    ],
    ids=['vikunja', 'table', 'logbook'],
)  # fmt: skip
async def test_what_never_comes_again_is_brought_as_it_is_once_and_that_is_said(chief, content):
    begun = clock.process_time()
    done = await tasks.import_tasks(chief, await tasks.read_tasks(chief, content))
    assert clock.process_time() - begun < 5
    assert all(row.notes and not row.is_refused for row in done.plan.rows)
    found = (await tasks.list_tasks(chief, ListQuery())).rows
    assert len(found) == len(done.plan.rows) > 3
    assert not any(row.is_recurring for row in found)


async def test_what_is_exported_can_be_imported_again(chief, station, add):
    actor = replace(chief, authenticated_at=datetime.now(UTC))
    await add('=cmd()', labels=['hose'], checklist=['Unroll'], due=date(2026, 12, 24))
    table = await tasks.export_tasks(actor, ListQuery(), Format.CSV)
    assert b"T-1,'=cmd(),Station," in table
    xlsx = read_table(await tasks.export_tasks(actor, ListQuery(), Format.XLSX))
    assert xlsx.rows[0].cells[0] == 'T-1'
    content = await tasks.export_tasks(actor, ListQuery(), Format.JSON)
    (task,) = json.load(io.BytesIO(content))['tasks']
    assert (task['title'], task['checklist'][0]['title'], task['due']) == ('=cmd()', 'Unroll', '2026-12-24')
    copies = await tasks.add_list(chief, tasks.ListInput(title='Copies'))
    plan = await tasks.plan_task_import(chief, await tasks.read_tasks(chief, content), copies.id)
    assert (plan.source, plan.new_count, plan.new_lists) == ('Logbook export', 1, [])


async def test_an_export_needs_the_right_for_it_and_holds_only_what_is_seen(member, chief, add):
    await add()
    await tasks.add_task(chief, tasks.TaskInput(title='Secret'))
    with pytest.raises(Denied):
        await tasks.export_tasks(member, ListQuery(), Format.JSON)
    allowed = replace(member, permissions=member.permissions | {'tasks.export'}, authenticated_at=datetime.now(UTC))
    assert b'Secret' not in await tasks.export_tasks(allowed, ListQuery(), Format.JSON)


@pytest.mark.parametrize(
    'content',
    [b'', b'{', b'[]', b'{}', b'[1, 2]', b'{"cards": [], "lists": []}', b'{"tasks": []}', b'a,b\n1,2\n', b'PK\x03\x04x',
     b'[' * 100_000, b'{"cards": [1], "lists": [{}]}', b'\xff\xfe\x00\x01', b'Title\n' + b'A\n' * 2001,
     b'{"tasks": [{"title": {"a": 1}, "labels": 5, "checklist": [[]]}]}'],
)  # fmt: skip
async def test_a_file_that_holds_no_tasks_is_refused_in_words(chief, content):
    try:
        plan = await tasks.plan_task_import(chief, await tasks.read_tasks(chief, content))
    except Invalid as refused:
        said = refused.message
    else:
        assert plan.new_count == 0
        said = '.'
    assert said.endswith('.')


KEYS = st.sampled_from(['name', 'title', 'due', 'id', 'labels', 'idMembers', 'idList', 'tasks', 'done', 'priority'])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(JSON, JSON, st.sampled_from(['cards', 'tasks', 'projects']))
@settings(max_examples=150, deadline=None)
def test_whatever_a_json_file_holds_is_read_or_refused(one, two, name):
    for data in (
        {name: [one], 'lists': [two], 'checklists': two, 'members': one},
        [{'tasks': [one, two], 'buckets': two}],
    ):
        try:
            read = read_file(json.dumps(data).encode())
        except Invalid:
            continue
        assert all(isinstance(task.title, str) for task in read.tasks)

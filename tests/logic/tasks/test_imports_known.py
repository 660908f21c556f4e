"""A file of tasks that are here already makes no doubles: it changes what it says otherwise, and that is undone."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from data.tasks import AnchorMode, ShareLevel, TaskPriority, TaskStatus
from logic import tasks
from logic.core.actor import Actor
from logic.core.listing import ListQuery
from logic.members.directory import Label
from logic.tasks import Format, ListInput, RepeatInput, ShareInput, TaskChange, TaskInput
from logic.tasks.imports import TaskFate, TaskImportPlan

WEEKLY = RepeatInput(rule='FREQ=WEEKLY;BYDAY=TH')
AFTER = RepeatInput(rule='FREQ=DAILY;INTERVAL=3', mode=AnchorMode.COMPLETION)


async def exported(actor: Actor, kind: Format = Format.CSV) -> bytes:
    return await tasks.export_tasks(Actor.system(actor.organization_id), ListQuery(), kind)


async def planned(actor: Actor, content: bytes, list_id: Any = None) -> TaskImportPlan:
    return await tasks.plan_task_import(actor, await tasks.read_tasks(actor, content), list_id)


async def imported(actor: Actor, content: bytes, list_id: Any = None) -> tasks.TaskImportDone:
    return await tasks.import_tasks(actor, await tasks.read_tasks(actor, content), 'a.csv', list_id)


async def rows(actor: Actor) -> dict[str, Any]:
    return {row.title: row for row in (await tasks.list_tasks(actor, ListQuery())).rows}


def edited(content: bytes, label: str, **cells: str) -> bytes:
    """Return an export in which somebody has changed cells of one task."""
    table = list(csv.reader(io.StringIO(content.decode('utf-8-sig'))))
    for row in table[1:]:
        if row[0] == label:
            for name, text in cells.items():
                row[table[0].index(name)] = text
    out = io.StringIO()
    csv.writer(out).writerows(table)
    return out.getvalue().encode()


@pytest.fixture
async def full(chief: Actor, member: Actor, add: Any) -> None:
    """A list with something of everything."""
    one = await add(
        'Check hose', labels=['hose', 'gear'], due=datetime(2026, 12, 24, 15, 30, 20, tzinfo=UTC),
        start=date(2026, 12, 1), estimate_minutes=30, progress=20, assignee_ids=[member.member_id], repeat=WEEKLY,
        description='<p>Look <strong>closely</strong></p><ul><li>twice</li></ul>', priority=TaskPriority.HIGH,
        checklist=['Unroll'],
    )  # fmt: skip
    await tasks.add_task(chief, TaskInput(title='Dry it', parent_id=one.id))
    await add('Oil', due=date(2026, 12, 20), repeat=AFTER)
    await add('Done long ago', status=TaskStatus.COMPLETED)
    await tasks.add_task(chief, TaskInput(title='In my inbox'))


@pytest.mark.parametrize('kind', list(Format))
async def test_what_was_exported_is_the_same_when_it_comes_back_and_nothing_is_doubled(
    chief: Actor, full: None, kind: Format
) -> None:
    before = await rows(chief)
    content = await exported(chief, kind)
    plan = await planned(chief, content)
    assert [(row.fate, row.notes, row.changes) for row in plan.rows] == [(TaskFate.SAME, [], [])] * 5
    assert (plan.new_count, plan.update_count, plan.same_count, plan.new_lists) == (0, 0, 5, [])
    done = await imported(chief, content)
    assert done.batch_id is None
    assert await rows(chief) == before


@pytest.mark.parametrize(
    ('day', 'clock'), [('{1}/{2}/{0}', '%-I:%M %p'), ('{2}.{1}.{0}', '%H:%M:%S'), ('{0}-{1}-{2}', '%-H:%M')]
)
async def test_dates_and_times_that_a_spreadsheet_has_rewritten_are_the_same(
    chief: Actor, full: None, day: str, clock: str
) -> None:
    def rewritten(found: re.Match[str]) -> str:
        at = time.fromisoformat(found[5]).strftime(clock) if found[5] else ''
        return f'{day.format(found[1], found[2], found[3])} {at}'.strip()

    written = (await exported(chief)).decode()
    content = re.sub(r'(\d{4})-(\d\d)-(\d\d)( (\d\d:\d\d))?', rewritten, written)
    assert ('2026-12-24 10:30' in content) == (clock == '%-H:%M')
    plan = await planned(chief, edited(content.encode(), 'T-1', Title='Test hose'))
    assert [row.changes for row in plan.rows if row.changes] == [['Title: Check hose → Test hose']]
    assert (plan.same_count, plan.update_count) == (4, 1)


@pytest.mark.parametrize('said', ['12/24/2026 00:00', '12/24/2026 12:00 AM', '12/24/2026', '2026-12-24'])
async def test_a_day_with_midnight_beside_it_is_a_day(chief: Actor, said: str) -> None:
    await imported(chief, f'Title,Due\nWash,{said}\n'.encode())
    wash = (await rows(chief))['Wash']
    assert (wash.due_on, wash.due_at) == (date(2026, 12, 24), None)


@pytest.mark.parametrize(('said', 'note'), [('12/24/2026 29:30', 'is not a date'), ('24:00', 'is not a date')])
async def test_what_is_no_time_is_said(chief: Actor, said: str, note: str) -> None:
    plan = await planned(chief, f'Title,Due\nWash,{said}\n'.encode())
    assert note in plan.rows[0].notes[0]


async def test_what_was_changed_in_the_file_is_said_done_and_undone(chief: Actor, other: Actor, full: None) -> None:
    before = await rows(chief)
    content = edited(
        await exported(chief), 'T-1', Title='Test hose', Priority='Low', Labels='hose', Due='2026-12-25',
        Assignees='Mara Lind', Progress='40', **{'Estimate (minutes)': '45', 'Description': 'Once'},
    )  # fmt: skip
    plan = await planned(chief, content)
    assert (plan.new_count, plan.update_count, plan.same_count) == (0, 1, 4)
    assert sorted(plan.rows[1].changes) == [
        'Assignees: Jide Okafor → Mara Lind', 'Description: Look closely twice → Once',
        'Due: 24 Dec 2026, 10:30 EST → 25 Dec 2026', 'Estimate (minutes): 30 → 45', 'Labels: gear, hose → hose',
        'Priority: High → Low', 'Progress: 20 → 40', 'Title: Check hose → Test hose',
    ]  # fmt: skip
    done = await imported(chief, content)
    now = await rows(chief)
    hose = now['Test hose']
    assert hose.id == before['Check hose'].id
    assert [person.name for person in hose.assignees] == ['Mara Lind']
    assert (hose.priority, hose.due_on, hose.due_at, hose.progress) == (TaskPriority.LOW, date(2026, 12, 25), None, 40)
    part = replace(before['Dry it'], parent=Label(hose.id, 'Test hose'))
    assert {**now, 'Check hose': None} == {**before, 'Test hose': hose, 'Dry it': part, 'Check hose': None}
    assert done.batch_id is not None
    undone = await tasks.undo_task_batch(chief, done.batch_id)
    assert (undone.changed, undone.refused) == (1, [])
    back = (await rows(chief))['Check hose']
    for name in ('due_at', 'due_on', 'priority', 'progress', 'estimate_minutes', 'assignees', 'labels', 'start_on'):
        assert getattr(back, name) == getattr(before['Check hose'], name), name
    view = await tasks.get_task(chief, back.id)
    assert view.description == '<p>Look <strong>closely</strong></p><ul><li>twice</li></ul>'


async def test_a_status_in_the_file_moves_a_task_and_empty_cells_change_nothing(chief: Actor, full: None) -> None:
    content = edited(await exported(chief), 'T-3', Status='Completed', Due='', Title='Oil')
    done = await imported(chief, content)
    assert [row.changes for row in done.plan.rows if row.changes] == [['Status: Pending → Completed']]
    found = (await tasks.list_tasks(chief, ListQuery(filters={'status': ['completed']}))).rows
    assert {row.title: row.due_on for row in found}['Oil'] == date(2026, 12, 20)


async def test_new_rows_of_an_export_are_added_and_a_new_part_goes_under_its_task(chief: Actor, full: None) -> None:
    content = await exported(chief)
    table = list(csv.reader(io.StringIO(content.decode('utf-8-sig'))))
    place = {name: table[0].index(name) for name in ('Title', 'List', 'Part of')}
    row = [''] * len(table[0])
    row[place['Title']], row[place['List']], row[place['Part of']] = 'Coil it', 'Station', 'T-1'
    out = io.StringIO()
    csv.writer(out).writerows([*table, row])
    done = await imported(chief, out.getvalue().encode())
    assert (done.plan.new_count, done.plan.same_count) == (1, 5)
    now = await rows(chief)
    assert now['Coil it'].parent_id == now['Check hose'].id


async def test_a_number_of_another_task_makes_a_new_one_and_that_is_said(chief: Actor, add: Any) -> None:
    await add('Check hose')
    plan = await planned(chief, b'Number,Title,List\nT-1,Wash truck,Station\n1,Sweep,Station\nT-99,Dust,Station\n')
    assert [(row.fate, row.notes) for row in plan.rows] == [
        (TaskFate.NEW, ['T-1 is another task here; this one is added as a new one.']), (TaskFate.NEW, []),
        (TaskFate.NEW, []),
    ]  # fmt: skip


async def test_an_export_of_another_logbook_is_all_new_whatever_its_numbers(chief: Actor, add: Any) -> None:
    await add('Check hose')
    data = json.loads(await exported(chief, Format.JSON))
    data['tasks'][0]['id'] = '01a22d6e-0000-7000-8000-000000000000'
    plan = await planned(chief, json.dumps(data).encode())
    assert [(row.fate, row.notes) for row in plan.rows] == [(TaskFate.NEW, [])]


async def test_two_rows_of_one_task_are_one_and_the_second_is_refused(chief: Actor, add: Any) -> None:
    await add('Check hose')
    plan = await planned(chief, b'Number,Title,Priority\nT-1,Check hose,low\nT-1,Check hose,high\n')
    assert [(row.fate, row.notes) for row in plan.rows] == [
        (TaskFate.UPDATE, []), (TaskFate.REFUSED, ['Another row of the file is the same task, T-1.']),
    ]  # fmt: skip


async def test_into_another_list_copies_are_made_and_into_its_own_none(chief: Actor, full: None, station: Any) -> None:
    content = await exported(chief)
    copies = await tasks.add_list(chief, ListInput(title='Copies'))
    assert (await planned(chief, content, copies.id)).new_count == 5
    plan = await planned(chief, content, station.id)
    assert (plan.new_count, plan.same_count) == (1, 4), 'what is in the inbox goes to the station as a copy'


async def test_what_is_in_the_bin_or_put_away_or_not_seen_is_not_here(
    chief: Actor, member: Actor, station: Any, add: Any
) -> None:
    gone = await add('Gone')
    await tasks.add_task(chief, TaskInput(title='Secret'))
    away = await tasks.add_list(chief, ListInput(title='Away'))
    await tasks.add_task(chief, TaskInput(title='Old', list_id=away.id))
    content = await exported(chief)
    await tasks.delete_task(chief, gone.id)
    await tasks.archive_list(chief, away.id)
    assert {row.title: row.fate for row in (await planned(chief, content)).rows} == {
        'Gone': TaskFate.NEW, 'Secret': TaskFate.SAME, 'Old': TaskFate.NEW,
    }  # fmt: skip
    plan = await planned(member, content)
    assert [(row.fate, [note for note in row.notes if 'another' in note]) for row in plan.rows] == [
        (TaskFate.NEW, [])
    ] * 3, 'nobody learns of tasks that he does not see'


async def test_who_may_only_look_is_refused_and_what_is_the_same_is_not(chief: Actor, member: Actor) -> None:
    home = await tasks.add_list(chief, ListInput(title='Shown'))
    await tasks.share_list(chief, home.id, ShareInput(member_id=member.member_id, level=ShareLevel.VIEW))
    for title in ('One', 'Two'):
        await tasks.add_task(chief, TaskInput(title=title, list_id=home.id))
    content = edited(await exported(chief), 'T-2', Priority='High')
    plan = await planned(member, content)
    assert [(row.title, row.fate, row.notes) for row in plan.rows] == [
        ('One', TaskFate.SAME, []), ('Two', TaskFate.REFUSED, ['You may see this task, but not change it.']),
    ]  # fmt: skip
    await imported(member, content)
    assert (await rows(chief))['Two'].priority is TaskPriority.MEDIUM


async def test_who_is_not_found_by_the_name_in_the_file_is_not_taken_off_a_task(
    chief: Actor, member: Actor, full: None
) -> None:
    content = edited(await exported(chief), 'T-1', Assignees='Nobody Atall', Progress='50')
    done = await imported(chief, content)
    (row,) = [row for row in done.plan.rows if row.fate is TaskFate.UPDATE]
    assert (row.changes, row.notes) == (['Progress: 20 → 50'], ['There is nobody named Nobody Atall; left out.'])
    assert [person.id for person in (await rows(chief))['Check hose'].assignees] == [member.member_id]


async def test_a_change_that_cannot_be_stores_nothing_and_names_the_row(chief: Actor, full: None) -> None:
    content = edited(await exported(chief), 'T-1', Due='2026-11-01', Starts='')
    with pytest.raises(tasks.imports.Invalid, match='A task cannot begin after it is due'):
        await imported(chief, content)
    await tasks.update_task(chief, (await rows(chief))['Oil'].id, TaskChange(title='Oil'))
    assert (await rows(chief))['Check hose'].due_on == date(2026, 12, 24)


@pytest.mark.parametrize('kind', [Format.CSV, Format.XLSX])
async def test_a_table_tells_how_tasks_come_again_and_copies_of_it_do_too(
    chief: Actor, full: None, kind: Format
) -> None:
    content = await exported(chief, kind)
    if kind is Format.CSV:
        table = list(csv.DictReader(io.StringIO(content.decode('utf-8-sig'))))
        assert {row['Title']: row['Comes again'] for row in table if row['Comes again']} == {
            'Check hose': 'FREQ=WEEKLY;BYDAY=TH', 'Oil': 'FREQ=DAILY;INTERVAL=3 (after completion)',
        }  # fmt: skip
        assert next(row['Due'] for row in table if row['Title'] == 'Check hose') == '2026-12-24 10:30'
    copies = await tasks.add_list(chief, ListInput(title='Copies'))
    done = await imported(chief, content, copies.id)
    assert [note for row in done.plan.rows for note in row.notes if 'again' in note] == []
    found = (await tasks.list_tasks(chief, ListQuery(filters={'list': [str(copies.id)]}))).rows
    by_title = {row.title: row for row in found}
    for title, repeat in (('Check hose', WEEKLY), ('Oil', AFTER)):
        view = await tasks.get_repeat(chief, by_title[title].id)
        assert view is not None
        assert (view.rule, view.mode) == (repeat.rule, repeat.mode)
    assert by_title['Check hose'].due_at == datetime(2026, 12, 24, 15, 30, tzinfo=UTC)
    assert await tasks.get_repeat(chief, by_title['Dry it'].id) is None


async def test_what_comes_again_no_more_or_is_done_has_no_rule_in_a_table(chief: Actor, full: None) -> None:
    await tasks.complete_task(chief, (await rows(chief))['Oil'].id)
    await tasks.set_repeat(chief, (await rows(chief))['Check hose'].id, None)
    table = csv.DictReader(io.StringIO((await exported(chief)).decode('utf-8-sig')))
    told = [(row['Title'], row['Status'], row['Comes again']) for row in table if row['Title'] in {'Oil', 'Check hose'}]
    assert sorted(told) == [
        ('Check hose', 'Pending', ''), ('Oil', 'Completed', ''),
        ('Oil', 'Pending', 'FREQ=DAILY;INTERVAL=3 (after completion)'),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ('said', 'rule', 'note'),
    [
        ('RRULE:FREQ=WEEKLY;BYDAY=MO', 'FREQ=WEEKLY;BYDAY=MO', ''),
        ('freq=daily', 'FREQ=DAILY', ''),
        ('now and then', None, 'How it comes again cannot be read: it is left out.'),
        ('FREQ=HOURLY', None, 'How it comes again is left out'),
    ],
)
async def test_a_rule_in_a_table_of_others_is_read_or_said(
    chief: Actor, station: Any, said: str, rule: str | None, note: str
) -> None:
    content = f'Title,Due,Repeat\nWash,2026-12-24,{said}\n'.encode()
    done = await imported(chief, content, station.id)
    view = await tasks.get_repeat(chief, (await rows(chief))['Wash'].id)
    assert (view.rule if view else None) == rule
    assert note in ' '.join(done.plan.rows[0].notes)


async def test_who_is_given_one_task_of_a_list_brings_nothing_else_into_it(chief: Actor, member: Actor) -> None:
    private = await tasks.add_list(chief, ListInput(title='Locked'))
    one = await tasks.add_task(
        chief, TaskInput(title='Look', list_id=private.id, assignee_ids=[member.member_id])
    )  # fmt: skip
    content = f'Number,Title,List,Part of\n{one.label},Look,Locked,\nX,Mine,Locked,\nY,Sneak,Locked,{one.label}\n'
    done = await imported(member, content.encode())
    assert [row.fate for row in done.plan.rows] == [TaskFate.SAME, TaskFate.NEW, TaskFate.REFUSED]
    assert 'may not change T-1' in done.plan.rows[2].notes[0]
    assert done.plan.new_lists == ['Locked']
    there = (await tasks.list_tasks(chief, ListQuery(filters={'list': [str(private.id)]}))).rows
    assert [row.title for row in there] == ['Look']

"""Our own exports come back as they were: JSON whole, tables as far as their columns carry it."""

import json
from datetime import UTC, date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.tasks import AnchorMode, ColumnKind, TaskPriority, TaskStatus
from logic import tasks
from logic.core.actor import Actor
from logic.core.listing import ListQuery
from logic.tasks import ChecklistInput, ColumnInput, Format, ListInput, RepeatInput, TaskInput

NOT_THE_SAME = ('id', 'number', 'list', 'created_at')
ZONES = ('America/New_York', 'Asia/Kolkata', 'Pacific/Auckland', 'Europe/Berlin')
LISTS = count(1)
RULES = (
    'FREQ=DAILY', 'FREQ=WEEKLY;BYDAY=MO,FR;INTERVAL=2', 'FREQ=MONTHLY;BYMONTHDAY=31', 'FREQ=MONTHLY;BYDAY=2TU',
    'FREQ=YEARLY', 'FREQ=MONTHLY;COUNT=9', 'FREQ=WEEKLY;UNTIL=21981231',
)  # fmt: skip
LETTERS = st.text(st.sampled_from('aZ =+-@\'"äß,;漢🚒\u202e\u05d0&<'), min_size=1, max_size=12)
NAMES = LETTERS.map(lambda text: f'x{text}'.strip())


def only(list_id):
    return ListQuery(filters={'list': [str(list_id)]})


async def exported(actor, list_id, kind=Format.JSON):
    """An export by Logbook itself: one person may not have so many in an hour."""
    return await tasks.export_tasks(Actor.system(actor.organization_id), only(list_id), kind)


def comparable(content):
    """The tasks of an export without what is new of every task; parts and series are told by their places."""
    rows = json.loads(content)['tasks']
    places = {row['number']: place for place, row in enumerate(rows)}
    series = {}
    for row in rows:
        for name in NOT_THE_SAME:
            row.pop(name)
        row['part_of'] = places.get(row['part_of'])
        if row['repeat']:
            row['repeat']['series'] = series.setdefault(row['repeat']['series'], len(series))
    return rows


async def into_a_fresh_list(actor, content):
    target = await tasks.add_list(actor, ListInput(title=f'Copy {next(LISTS)}'))
    plan = await tasks.plan_task_import(actor, await tasks.read_tasks(actor, content), target.id)
    await tasks.import_tasks(actor, await tasks.read_tasks(actor, content), list_id=target.id)
    return target.id, plan


async def test_a_part_comes_back_under_its_own_task(chief, station, add):
    one, two = await add('Truck'), await add('Hall')
    await tasks.add_task(chief, TaskInput(title='Wash', parent_id=one.id))
    await tasks.add_task(chief, TaskInput(title='Sweep', parent_id=two.id))
    await tasks.add_task(chief, TaskInput(title='Polish', parent_id=one.id))
    for kind in Format:
        copy, plan = await into_a_fresh_list(chief, await exported(chief, station.id, kind))
        assert [row.notes for row in plan.rows] == [[]] * 5
        rows = (await tasks.list_tasks(chief, only(copy))).rows
        titles = {row.id: row.title for row in rows}
        assert {row.title: titles.get(row.parent_id) for row in rows} == {
            'Truck': None, 'Hall': None, 'Wash': 'Truck', 'Sweep': 'Hall', 'Polish': 'Truck',
        }  # fmt: skip


DAYS = st.dates(date(2015, 1, 1), date(2040, 1, 1))
MOMENTS = st.builds(
    lambda at, zone: at.replace(second=0, microsecond=0, tzinfo=UTC).astimezone(ZoneInfo(zone)),
    st.datetimes(datetime(2015, 1, 1), datetime(2040, 1, 1)), st.sampled_from(ZONES),  # noqa: DTZ001
)  # fmt: skip


@st.composite
def drawn_tasks(draw):
    """What to say of a task; whom it is given to is a number."""
    due = draw(st.none() | DAYS | MOMENTS)
    start = draw(st.booleans()) and due and due - timedelta(days=draw(st.integers(0, 40)))
    repeat = draw(st.sampled_from(RULES)) if due and draw(st.booleans()) else None
    after = repeat is not None and 'BY' not in repeat and draw(st.booleans())
    return {
        'title': draw(NAMES), 'description': draw(st.sampled_from(['', '<p>Look <strong>close</strong></p>'])),
        'status': draw(st.sampled_from(list(TaskStatus))), 'priority': draw(st.sampled_from(list(TaskPriority))),
        'due': due, 'start': start or None, 'zone': draw(st.sampled_from(ZONES)),
        'estimate_minutes': draw(st.none() | st.integers(0, 5000)), 'progress': draw(st.integers(0, 100)),
        'labels': draw(st.lists(NAMES, max_size=3, unique_by=str.casefold)), 'who': draw(st.sets(st.integers(0, 2))),
        'repeat': repeat and {'rule': repeat, 'mode': AnchorMode.COMPLETION if after else AnchorMode.SCHEDULE},
        'steps': draw(st.lists(st.tuples(NAMES, st.booleans(), st.none() | DAYS, st.none() | st.integers(0, 2)),
                               max_size=3)),
        'parts': draw(st.integers(0, 2)),
    }  # fmt: skip


async def make(chief, people, list_id, said, parent_id=None):
    said = dict(said)
    who, steps, parts = (said.pop(name) for name in ('who', 'steps', 'parts'))
    if parent_id is not None:
        said['repeat'] = None
    home = {'parent_id': parent_id} if parent_id else {'list_id': list_id}
    row = await tasks.add_task(chief, TaskInput(**said, **home, assignee_ids=[people[one] for one in sorted(who)]))
    for title, is_done, on, assignee in steps:
        data = ChecklistInput(title=title, due_on=on, assignee_id=None if assignee is None else people[assignee])
        step = await tasks.add_step(chief, row.id, data)
        if is_done:
            await tasks.tick_step(chief, step.id)
    return row, parts


@given(given_tasks=st.lists(drawn_tasks(), min_size=1, max_size=4), pieces=st.lists(drawn_tasks(), min_size=2))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_is_exported_is_the_same_when_it_is_imported_and_exported_again(
    chief, member, other, given_tasks, pieces
):
    people = [chief.member_id, member.member_id, other.member_id]
    home = await tasks.add_list(chief, ListInput(title=f'List {next(LISTS)}'))
    made = [await make(chief, people, home.id, said) for said in given_tasks]
    for row, parts in made:
        for said in pieces[:parts]:
            await make(chief, people, home.id, said, parent_id=row.id)
        if row.series_id and row.status is TaskStatus.PENDING:
            await tasks.complete_task(chief, row.id)
    content = await exported(chief, home.id)
    copy, plan = await into_a_fresh_list(chief, content)
    assert [row.notes for row in plan.rows] == [[]] * len(plan.rows)
    assert comparable(await exported(chief, copy)) == comparable(content)


async def test_a_list_that_is_made_anew_has_columns_of_the_same_kinds(chief):
    home = await tasks.add_list(chief, ListInput(title='Truck'))
    review = await tasks.add_column(chief, home.id, ColumnInput(title='Review', kind=ColumnKind.STARTED))
    for title, column in (('Sold', None), ('Light', review.id)):
        status = TaskStatus.COMPLETED if column is None else None
        await tasks.add_task(chief, TaskInput(title=title, list_id=home.id, column_id=column, status=status))
    for kind in Format:
        content = await exported(chief, home.id, kind)
        await tasks.archive_list(chief, home.id)
        await tasks.import_tasks(chief, await tasks.read_tasks(chief, content))
        home = next(one for one in await tasks.list_lists(chief) if one.title == 'Truck')
        columns = [(column.title, column.kind) for column in await tasks.list_columns(chief, home.id)]
        assert columns[-2:] == [('Review', ColumnKind.STARTED), ('Completed', ColumnKind.DONE)]
        rows = {row.title: (row.column.name, row.status) for row in (await tasks.list_tasks(chief, only(home.id))).rows}
        assert rows == {
            'Sold': ('Completed', TaskStatus.COMPLETED), 'Light': ('Review', TaskStatus.IN_PROGRESS),
        }  # fmt: skip


async def test_a_series_that_comes_back_goes_on_as_one(chief, station, add):
    first = await add('Test siren', due=date(2199, 1, 31), repeat=RepeatInput(rule='FREQ=MONTHLY'))
    await tasks.complete_task(chief, first.id)
    copy, _ = await into_a_fresh_list(chief, await exported(chief, station.id))
    rows = {row.due_on: row for row in (await tasks.list_tasks(chief, only(copy))).rows}
    assert set(rows) == {date(2199, 1, 31), date(2199, 2, 28)}
    await tasks.reopen_task(chief, rows[date(2199, 1, 31)].id)
    await tasks.complete_task(chief, rows[date(2199, 1, 31)].id)
    assert (await tasks.list_tasks(chief, only(copy))).total == 2
    await tasks.complete_task(chief, rows[date(2199, 2, 28)].id)
    days = {row.due_on for row in (await tasks.list_tasks(chief, only(copy))).rows}
    assert days == {date(2199, 1, 31), date(2199, 2, 28), date(2199, 3, 31)}


@pytest.mark.parametrize('kind', [Format.CSV, Format.XLSX])
async def test_a_table_brings_back_what_its_columns_carry_and_says_what_they_do_not(chief, station, member, add, kind):
    whole = await add(
        "'=sum", labels=['a, b', 'c;"d"'], progress=40, estimate_minutes=90, assignee_ids=[member.member_id],
        due=datetime(2190, 5, 4, 17, 30, tzinfo=UTC), start=date(2190, 5, 1), checklist=['One', 'Two'],
    )  # fmt: skip
    part = await tasks.add_task(chief, TaskInput(title='Part', parent_id=whole.id))
    done = await tasks.complete_task(chief, part.id)
    copy, plan = await into_a_fresh_list(chief, await exported(chief, station.id, kind))
    assert [len(row.notes) for row in plan.rows] == [1, 0]
    assert '2 steps' in plan.rows[0].notes[0]
    row, child = sorted((await tasks.list_tasks(chief, only(copy))).rows, key=lambda row: row.number)
    assert (row.title, row.progress, row.estimate_minutes, row.start_on) == ("'=sum", 40, 90, date(2190, 5, 1))
    assert {label.name for label in row.labels} == {'a, b', 'c;"d"'}
    assert row.due_at == datetime(2190, 5, 4, 17, 30, tzinfo=UTC)
    assert ([one.name for one in row.assignees], child.parent_id) == (['Jide Okafor'], row.id)
    assert child.completed_at == done.completed_at.replace(second=0, microsecond=0)


@pytest.mark.parametrize('starts', ['99991231', '00010101', '202613', '20260101T9', 5, ['20260101'], 'T'])
async def test_a_series_that_begins_at_no_time_is_left_out_and_said(chief, starts):
    again = {'starts': starts, 'zone': 'UTC', 'rule': 'FREQ=DAILY', 'mode': 'schedule', 'occurrence': starts}
    content = json.dumps({'tasks': [{'title': 'A', 'due': '2026-01-01', 'repeat': again}]}).encode()
    copy, plan = await into_a_fresh_list(chief, content)
    assert ['cannot be read' in note for note in plan.rows[0].notes] == [True]
    assert [row.is_recurring for row in (await tasks.list_tasks(chief, only(copy))).rows] == [False]


async def test_what_was_done_before_it_was_imported_does_not_lower_the_lead_time(chief, add, station):
    done = datetime.now(UTC) - timedelta(days=30)
    rows = [{'title': 'Old', 'status': 'completed', 'completed_at': done.isoformat()}]
    await tasks.import_tasks(
        chief, await tasks.read_tasks(chief, json.dumps({'tasks': rows}).encode()), list_id=station.id
    )
    figures = await tasks.list_figures(chief, station.id)
    assert (figures.done_lately, figures.lead_minutes) == (1, None)


async def test_what_an_export_holds_that_cannot_be_taken_is_said_of_its_row(chief, member):
    again = {'starts': '20260101', 'zone': 'UTC', 'rule': 'FREQ=DAILY', 'mode': 'schedule'}
    rows = [
        {'title': 'Alone', 'part_of': 'T-77'},
        {'title': 'Round', 'number': 'T-1', 'part_of': 'T-2'},
        {'title': 'And round', 'number': 'T-2', 'part_of': 'T-1'},
        {'title': 'Long', 'estimate_minutes': -5, 'progress': 900, 'zone': 'Mars/Base', 'completed_at': 'soon'},
        {'title': 'Often', 'due': '2026-01-01', 'repeat': again | {'rule': 'FREQ=SECONDLY'}},
        {'title': 'Dateless', 'repeat': again},
        {'title': 'Late', 'start': '2026-02-01', 'due': '2026-01-01'},
        {'title': 'Much', 'labels': [f'label {number}' for number in range(31)], 'checklist': [{'title': 'x' * 201}]},
        {'title': 'Theirs', 'created_by': 'Jide Okafor', 'checklist': [{'title': 'A', 'assignee': 'Nobody'}]},
        {'title': 'y' * 201}, {'title': 'Wrong column', 'column': 'Nowhere'},
        {'title': 'Twice', 'due': '2026-01-01', 'repeat': again | {'series': 's', 'occurrence': '20260101'}},
        {'title': 'Twice', 'due': '2026-01-01', 'repeat': again | {'series': 's', 'occurrence': '20260101'}},
        {'title': 'half \ud800', 'repeat': again | {'starts': 'soon'}, 'due': '2026-01-01'},
    ]  # fmt: skip
    content = json.dumps({'tasks': rows}).encode()
    _, plan = await into_a_fresh_list(chief, content)
    notes = [' '.join(row.notes) for row in plan.rows]
    words = ['T-77', 'T-2', 'T-1', 'Mars/Base', 'FREQ', 'date', 'begin', '30', 'Jide Okafor', '200', 'Nowhere', '']
    assert all(word in note for word, note in zip(words, notes, strict=False)), notes
    assert [bool(note) for note in notes] == [True] * 11 + [False, True, True], notes
    assert all(word in notes[3] for word in ('-5', '900', 'soon')), notes[3]
    assert 'Nobody' in notes[8]
    assert {row.is_refused for row in plan.rows} == {False}

"""What a template keeps of its list, and what a list made from it begins with."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from data.members import MemberStatus
from data.tasks import AnchorMode, ColumnKind, ListVisibility, ShareLevel, TaskStatus, TemplateTask
from logic import tasks
from logic.core.errors import Denied, Invalid
from logic.core.listing import ListQuery
from logic.members import change_status
from logic.tasks import ChecklistInput, ColumnInput, ListInput, ListTemplateInput, RepeatInput, ShareInput, TaskInput
from logic.tasks.domain import MANAGE_LISTS
from tests.logic.conftest import TODAY

ZONE = ZoneInfo('America/New_York')
MONTHLY = RepeatInput(rule='FREQ=MONTHLY')


def at(on: date, hour: int) -> datetime:
    return datetime.combine(on, time(hour), ZONE).astimezone(UTC)


async def again(chief, station, begins_on=None, **kept):
    template = await tasks.save_list_template(chief, station.id, ListTemplateInput(title='Inspection', **kept))
    made = await tasks.add_list_from_template(
        chief, template.id, ListInput(title='Next inspection'), begins_on=begins_on
    )
    found = await tasks.list_tasks(chief, ListQuery(filters={'list': [str(made.id)]}, page_size=100))
    return made, {row.title: row for row in found.rows}


async def test_a_template_keeps_times_of_day_distances_and_repeats(chief, add, station):
    due = TODAY + timedelta(days=3)
    await add('Check hose', start=at(due - timedelta(days=1), 8), due=at(due, 14), repeat=MONTHLY)
    begins = TODAY + timedelta(days=20)
    _made, rows = await again(chief, station, begins)
    row, on = rows['Check hose'], begins + timedelta(days=3)
    assert (row.due_on, row.due_at, row.start_at) == (on, at(on, 14), at(on - timedelta(days=1), 8))
    repeat = await tasks.get_repeat(chief, row.id)
    assert (repeat.rule, repeat.mode) == ('FREQ=MONTHLY', AnchorMode.SCHEDULE)
    assert repeat.next_on[0].day == on.day


async def test_a_template_counts_days_from_the_earliest_when_that_is_over(chief, add, station):
    first = TODAY - timedelta(days=14)
    await add('First', due=first)
    await add('Second', due=TODAY)
    _made, rows = await again(chief, station)
    assert (rows['First'].due_on, rows['Second'].due_on) == (TODAY, TODAY + timedelta(days=14))
    _made, rows = await again(chief, station, counted_from=TODAY)
    assert (rows['First'].due_on, rows['Second'].due_on) == (TODAY, TODAY)


async def test_what_began_and_was_due_before_the_first_day_is_due_on_it_and_stops_no_list(chief, add, station):
    await add('Late', start=at(TODAY - timedelta(days=5), 15), due=at(TODAY - timedelta(days=3), 9))
    _made, rows = await again(chief, station, counted_from=TODAY)
    row = rows['Late']
    assert (row.start_on, row.start_at, row.due_at) == (TODAY, None, at(TODAY, 9))


async def test_what_comes_again_on_a_weekday_is_first_due_on_that_day_with_its_steps(chief, add, station):
    friday = TODAY + timedelta(days=(4 - TODAY.weekday()) % 7)
    task = await add('Weekly', due=friday, start=friday, repeat=RepeatInput(rule='FREQ=WEEKLY;BYDAY=FR'))
    await tasks.add_step(chief, task.id, ChecklistInput(title='Unroll', due_on=friday))
    saturday = friday + timedelta(days=1)
    _made, rows = await again(chief, station, saturday, counted_from=friday)
    row = rows['Weekly']
    assert (row.due_on, row.start_on) == (friday + timedelta(days=7), friday + timedelta(days=7))
    assert (await tasks.get_task(chief, row.id)).steps[0].due_on == friday + timedelta(days=7)


async def test_a_repeat_with_a_last_day_begins_anew_with_as_many_times(chief, add, station):
    await add('Four times', due=date(2026, 11, 30), repeat=RepeatInput(rule='FREQ=MONTHLY;UNTIL=20270228'))
    _made, rows = await again(chief, station, date(2030, 3, 1), counted_from=date(2026, 11, 30))
    repeat = await tasks.get_repeat(chief, rows['Four times'].id)
    assert 'COUNT=4' in repeat.rule
    assert 'UNTIL' not in repeat.rule


async def test_a_template_keeps_who_does_what_unless_they_have_left(chief, member, other, add, station):
    task = await add('Check hose', assignee_ids=[member.member_id, other.member_id])
    await tasks.add_step(chief, task.id, ChecklistInput(title='Unroll', assignee_id=other.member_id))
    template = await tasks.save_list_template(chief, station.id, ListTemplateInput(title='Inspection'))
    assert await tasks.absent_in_template(chief, template.id) == []
    await change_status(chief, other.member_id, MemberStatus.LEFT, 'Moved away', TODAY)
    assert await tasks.absent_in_template(chief, template.id) == ['Mara Lind']
    made = await tasks.add_list_from_template(chief, template.id, ListInput(title='Next'))
    (row,) = (await tasks.list_tasks(chief, ListQuery(filters={'list': [str(made.id)]}))).rows
    assert [one.id for one in row.assignees] == [member.member_id]
    assert [step.assignee for step in (await tasks.get_task(chief, row.id)).steps] == [None]


async def test_a_template_kept_without_people_gives_tasks_to_nobody(chief, member, add, station):
    await add('Check hose', assignee_ids=[member.member_id])
    _made, rows = await again(chief, station, with_people=False)
    assert rows['Check hose'].assignees == []


async def test_who_may_not_see_the_directory_learns_no_names_from_a_template(chief, member, other, add, station):
    task = await add('Check hose', assignee_ids=[chief.member_id, member.member_id, other.member_id])
    await tasks.add_step(chief, task.id, ChecklistInput(title='Unroll', assignee_id=chief.member_id))
    template = await tasks.save_list_template(chief, station.id, ListTemplateInput(title='Inspection'))
    await change_status(chief, other.member_id, MemberStatus.LEFT, 'Moved away', TODAY)
    blind = replace(member, permissions=frozenset({'tasks.view', 'tasks.add'}))
    assert await tasks.absent_in_template(member, template.id) == ['Mara Lind']
    assert await tasks.absent_in_template(blind, template.id) == []
    made = await tasks.add_list_from_template(blind, template.id, ListInput(title='Own'))
    (row,) = (await tasks.list_tasks(blind, ListQuery(filters={'list': [str(made.id)]}))).rows
    assert [one.name for one in row.assignees] == ['Jide Okafor']
    assert [step.assignee for step in (await tasks.get_task(blind, row.id)).steps] == [None]


async def test_what_is_done_is_kept_to_be_done_again_when_that_is_wanted(chief, add, station):
    await add('Done', status=TaskStatus.COMPLETED)
    monthly = await add('Monthly', due=TODAY, repeat=MONTHLY)
    await tasks.complete_task(chief, monthly.id)
    held = await tasks.to_keep_in_template(chief, station.id)
    assert (held.open_count, held.done_count, held.first_on) == (1, 1, TODAY)
    _made, rows = await again(chief, station)
    assert set(rows) == {'Monthly'}
    _made, rows = await again(chief, station, with_done=True)
    assert {title: row.status for title, row in rows.items()} == {
        'Done': TaskStatus.PENDING, 'Monthly': TaskStatus.PENDING
    }  # fmt: skip


async def test_a_part_of_a_task_that_is_done_is_kept_on_its_own(chief, add, station):
    task = await add('Done')
    await tasks.add_task(chief, TaskInput(title='Part', parent_id=task.id))
    await tasks.complete_task(chief, task.id)
    _made, rows = await again(chief, station)
    assert {title: row.parent_id for title, row in rows.items()} == {'Part': None}


async def test_a_limit_keeps_nothing_out_that_a_template_holds(chief, add, station, columns):
    for number in range(3):
        await add(str(number))
    limited = ColumnInput(title='Pending', kind=ColumnKind.OPEN, wip_limit=1)
    await tasks.update_column(chief, columns[0].id, limited)
    made, rows = await again(chief, station)
    assert (len(rows), (await tasks.list_columns(chief, made.id))[0].wip_limit) == (3, 1)


@pytest.mark.parametrize('repeat', [None, MONTHLY])
async def test_a_list_that_would_reach_beyond_all_time_is_refused_in_words(chief, add, station, repeat):
    await add('Check hose', due=TODAY + timedelta(days=3), repeat=repeat)
    with pytest.raises(Invalid, match='1970 and 2199'):
        await again(chief, station, date(2199, 12, 30))
    for far in (date(26, 1, 1), date(9999, 12, 31)):
        with pytest.raises(ValueError, match='1970 and 2199'):
            ListTemplateInput(title='Inspection', counted_from=far)


async def test_only_who_keeps_templates_learns_what_a_list_would_give_to_one(member, station):
    with pytest.raises(Denied):
        await tasks.to_keep_in_template(member, station.id)


async def test_who_may_only_see_a_shared_list_keeps_no_template_of_it_for_everybody(chief, member, station):
    keeper = replace(member, permissions=member.permissions | {MANAGE_LISTS})
    shared = await tasks.add_list(chief, ListInput(title='Course', visibility=ListVisibility.SHARED))
    await tasks.share_list(chief, shared.id, ShareInput(member_id=member.member_id, level=ShareLevel.EDIT))
    for act in (
        tasks.to_keep_in_template(keeper, shared.id),
        tasks.save_list_template(keeper, shared.id, ListTemplateInput(title='Course')),
    ):
        with pytest.raises(Denied, match='Everybody sees templates'):
            await act
    await tasks.share_list(chief, shared.id, ShareInput(member_id=member.member_id, level=ShareLevel.MANAGE))
    for home in (shared, station):
        await tasks.save_list_template(keeper, home.id, ListTemplateInput(title=home.title))


def test_a_template_that_was_kept_earlier_is_read_still():
    one = TemplateTask.model_validate({'title': 'Check hose', 'due_in_days': 3, 'checklist': ['Unroll']})
    assert ([step.title for step in one.checklist], one.due_time, one.repeat) == (['Unroll'], None, None)

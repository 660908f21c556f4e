"""What comes after a task that is finished, and the days on which a calendar shows it before: rules 4 and 6."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from data.tasks import AnchorMode
from logic import tasks
from logic.activity import list_activity
from logic.tasks import ListInput, RepeatInput, TaskInput
from tests.logic.conftest import TODAY

MONTHLY = RepeatInput(rule='FREQ=MONTHLY')


async def days(actor, home, first, until):
    return [one.due_on for one in await tasks.coming_tasks(actor, home.id, first, until)]


async def test_what_was_finished_names_the_one_that_comes_next_to_who_sees_it(chief, member, other, add):
    task = await add(due=TODAY, repeat=MONTHLY)
    assert await tasks.next_tasks(chief, [task.id]) == []
    await tasks.complete_task(chief, task.id)
    (following,) = await tasks.next_tasks(chief, [task.id])
    assert (following.label, following.due_on > TODAY) == ('T-2', True)
    await tasks.reopen_task(chief, task.id)
    assert await tasks.next_tasks(chief, [task.id]) == []
    private = await tasks.add_task(chief, TaskInput(title='Own', due=TODAY, repeat=MONTHLY))
    await tasks.complete_task(chief, private.id)
    assert len(await tasks.next_tasks(chief, [private.id])) == 1
    assert await tasks.next_tasks(member, [private.id]) == []


@pytest.mark.parametrize(
    ('due', 'expected'),
    [
        (date(2027, 12, 31), [date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 31), date(2028, 4, 30)]),
        (date(2026, 12, 30), [date(2027, 1, 30), date(2027, 2, 28), date(2027, 3, 30), date(2027, 4, 30)]),
        (date(2026, 12, 28), [date(2027, 1, 28), date(2027, 2, 28), date(2027, 3, 28), date(2027, 4, 28)]),
    ],
)
async def test_rule_6_a_calendar_shows_the_day_of_the_month_or_the_last_of_a_short_one(
    chief, add, station, due, expected
):
    await add(due=due, repeat=MONTHLY)
    assert await days(chief, station, due, due + timedelta(days=125)) == expected
    february = expected[1].replace(day=1)
    assert await days(chief, station, february, february + timedelta(days=28)) == [
        on for on in expected if february <= on < february + timedelta(days=28)
    ]


async def test_a_time_of_day_stays_in_the_calendar_over_a_clock_change(chief, add, station):
    here = ZoneInfo('America/New_York')
    due = datetime(2027, 3, 1, 9, tzinfo=here)
    await add(due=due, repeat=RepeatInput(rule='FREQ=WEEKLY'))
    coming = await tasks.coming_tasks(chief, station.id, date(2027, 3, 2), date(2027, 3, 31))
    assert [one.due_at.astimezone(here).hour for one in coming] == [9, 9, 9, 9]
    assert len({one.due_at.astimezone(UTC).hour for one in coming}) == 2


async def test_what_was_skipped_while_a_task_is_late_does_not_come_again(chief, add, station):
    await add(due=TODAY - timedelta(days=3), repeat=RepeatInput(rule='FREQ=DAILY'))
    assert min(await days(chief, station, TODAY - timedelta(days=7), TODAY + timedelta(days=7))) > TODAY


async def test_a_calendar_shows_nothing_again_of_what_ended_is_done_or_is_reckoned_from_completion(
    chief, member, add, station
):
    span = (TODAY, TODAY + timedelta(days=40))
    ended = await add(due=TODAY, repeat=MONTHLY)
    await tasks.set_repeat(chief, ended.id, None)
    await add(due=TODAY, repeat=RepeatInput(rule='FREQ=DAILY', mode=AnchorMode.COMPLETION))
    assert await days(chief, station, *span) == []
    mine = await tasks.add_list(chief, ListInput(title='Mine'))
    await tasks.add_task(chief, TaskInput(title='Own', list_id=mine.id, due=TODAY, repeat=MONTHLY))
    assert len(await days(chief, mine, *span)) == 1
    assert await days(member, mine, *span) == []


async def test_the_next_day_of_what_is_late_is_one_to_come(chief, add):
    task = await add(due=TODAY - timedelta(days=3), repeat=RepeatInput(rule='FREQ=DAILY'))
    assert (await tasks.get_repeat(chief, task.id)).next_on[0] == TODAY + timedelta(days=1)
    await tasks.complete_task(chief, task.id)
    (following,) = await tasks.next_tasks(chief, [task.id])
    assert following.due_on == TODAY + timedelta(days=1)


async def test_the_activity_of_what_comes_again_says_that_the_one_before_was_finished(chief, add):
    task = await add(due=TODAY, repeat=MONTHLY)
    await tasks.complete_task(chief, task.id)
    (following,) = await tasks.next_tasks(chief, [task.id])
    (made,) = await list_activity(chief, 'Task', following.id)
    assert made.what == 'finished the one before it'
    assert 'occurrence' not in {change.name for change in made.changes}
    done, added = await list_activity(chief, 'Task', task.id)
    assert (done.what, added.what) == ('completed the task', 'added a task')

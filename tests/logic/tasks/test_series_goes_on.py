"""A series without an end goes on, whenever and in whatever order its tasks are finished (rules 4, 5 and 8)."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from data.database import database
from data.tasks import AnchorMode, Task, TaskStatus
from logic import tasks
from logic.core.actor import Actor
from logic.tasks import RepeatInput, TaskBulkAction, TaskBulkInput, TaskChange, TimeInput
from tests.logic.conftest import TODAY

OPEN = (TaskStatus.PENDING, TaskStatus.IN_PROGRESS)
DONE = TaskBulkInput(action=TaskBulkAction.STATUS, status=TaskStatus.COMPLETED)


def after(rule: str) -> RepeatInput:
    return RepeatInput(rule=rule, mode=AnchorMode.COMPLETION)


def on(days: int) -> date:
    return TODAY + timedelta(days=days)


async def series_of(actor: Actor, task: Task) -> list[Task]:
    async with database().read(actor.organization_id) as session:
        whole = select(Task).where(Task.series_id == task.series_id, col(Task.deleted_at).is_(None))
        return list((await session.exec(whole.order_by(col(Task.number)))).all())


async def due_days(actor: Actor, task: Task) -> list[date | None]:
    """Return when the open tasks of a series are due."""
    return [row.due_on for row in await series_of(actor, task) if row.status in OPEN]


async def test_rule_5_what_is_done_early_after_completion_comes_again_on_the_same_day_if_so_it_falls(chief, add):
    task = await add(due=on(1), repeat=after('FREQ=DAILY'))
    await tasks.complete_task(chief, task.id)
    assert await due_days(chief, task) == [on(1)]


async def test_rule_5_the_next_one_may_be_done_on_the_day_of_the_one_before(chief, add):
    task = await add(due=TODAY, repeat=after('FREQ=WEEKLY'))
    for _ in range(3):
        (row,) = [one for one in await series_of(chief, task) if one.status in OPEN]
        await tasks.complete_task(chief, row.id)
        assert await due_days(chief, task) == [on(7)]
    assert len({row.occurrence_key for row in await series_of(chief, task)}) == 4
    last = (await series_of(chief, task))[-1]
    await tasks.update_task(chief, last.id, TaskChange(due=None))
    assert (await tasks.get_repeat(chief, last.id)).words == 'Every week, after completion'
    await tasks.complete_task(chief, last.id)
    assert await due_days(chief, task) == [on(7)]


@pytest.mark.parametrize('time', [None, 9])
async def test_rule_4_what_was_moved_forward_and_done_makes_the_one_after_its_own_occurrence(chief, add, time):
    def due(day: date) -> Any:
        return day if time is None else datetime(day.year, day.month, day.day, time, tzinfo=ZoneInfo(chief.zone))

    task = await add(due=due(on(2)), repeat=RepeatInput(rule='FREQ=WEEKLY'))
    await tasks.update_task(chief, task.id, TaskChange(due=due(on(0))))
    await tasks.complete_task(chief, task.id)
    assert await due_days(chief, task) == [on(9)]


async def test_rule_4_a_day_that_was_done_before_is_not_done_again(chief, add):
    first = await add(due=TODAY, repeat=RepeatInput(rule='FREQ=WEEKLY'))
    await tasks.complete_task(chief, first.id)
    second = (await series_of(chief, first))[-1]
    await tasks.complete_task(chief, second.id)
    third = (await series_of(chief, first))[-1]
    await tasks.delete_task(chief, third.id)
    await tasks.reopen_task(chief, first.id)
    await tasks.complete_task(chief, first.id)
    assert await due_days(chief, first) == [on(14)]


async def test_rule_8_while_another_one_is_open_none_is_made(chief, add):
    first = await add(due=TODAY, repeat=RepeatInput(rule='FREQ=DAILY'))
    await tasks.complete_task(chief, first.id)
    second = (await series_of(chief, first))[-1]
    await tasks.add_time(chief, second.id, TimeInput(minutes=1))
    await tasks.reopen_task(chief, first.id)
    await tasks.complete_task(chief, second.id)
    assert await due_days(chief, first) == [TODAY]
    await tasks.complete_task(chief, first.id)
    assert await due_days(chief, first) == [on(2)]
    await tasks.reopen_task(chief, first.id)
    assert await due_days(chief, first) == [TODAY]


async def test_rule_8_two_of_a_series_that_are_finished_at_once_leave_one_successor(chief, member, add):
    first = await add(due=TODAY, repeat=RepeatInput(rule='FREQ=DAILY'))
    await tasks.complete_task(chief, first.id)
    second = (await series_of(chief, first))[-1]
    await tasks.add_time(chief, second.id, TimeInput(minutes=1))
    await tasks.reopen_task(chief, first.id)
    clicks = [tasks.cancel_task(chief, first.id), tasks.cancel_task(member, second.id)]
    answers = await asyncio.gather(*clicks, return_exceptions=True)
    assert [type(answer) for answer in answers] == [Task, Task]
    assert await due_days(chief, first) == [on(2)]


RULES = [
    RepeatInput(rule='FREQ=DAILY'), after('FREQ=DAILY'), RepeatInput(rule='FREQ=WEEKLY'), after('FREQ=WEEKLY'),
    RepeatInput(rule='FREQ=MONTHLY;BYMONTHDAY=31'), after('FREQ=MONTHLY'),
]  # fmt: skip
DEEDS = ['complete', 'complete', 'cancel', 'reopen', 'complete all', 'complete all and undo', 'due', 'touch']


@given(
    st.sampled_from(RULES),
    st.integers(-20, 10),
    st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 9), st.integers(-9, 9)), min_size=1, max_size=9),
)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_rule_8_finishing_a_series_without_an_end_leaves_exactly_one_open(chief, add, repeat, first_on, deeds):
    task = await add(due=on(first_on), repeat=repeat)
    for deed, which, days in deeds:
        rows = await series_of(chief, task)
        await _do(chief, deed, rows, which, days)
        await _hold(chief, deed, rows, await series_of(chief, task))


async def _do(chief: Actor, deed: str, rows: list[Task], which: int, days: int) -> None:
    going, through = [row for row in rows if row.status in OPEN], [row for row in rows if row.status not in OPEN]
    one = going[which % len(going)].id
    match deed:
        case 'complete':
            await tasks.complete_task(chief, one)
        case 'cancel':
            await tasks.cancel_task(chief, one)
        case 'reopen' if through:
            await tasks.reopen_task(chief, through[which % len(through)].id)
        case 'complete all':
            await tasks.change_many_tasks(chief, [row.id for row in going], DONE)
        case 'complete all and undo':
            done = await tasks.change_many_tasks(chief, [row.id for row in going], DONE)
            assert (await tasks.undo_task_batch(chief, done.batch_id)).refused == []
        case 'due':
            await tasks.update_task(chief, one, TaskChange(due=on(days)))
        case 'touch':
            await tasks.add_time(chief, one, TimeInput(minutes=1))


async def _hold(chief: Actor, deed: str, before: list[Task], now: list[Task]) -> None:
    went, go = ([row.id for row in rows if row.status in OPEN] for rows in (before, now))
    keys = [row.occurrence_key for row in now]
    assert len(set(keys)) == len(keys)
    match deed:
        case 'complete' | 'cancel':
            assert len(go) == max(1, len(went) - 1)
        case 'complete all':
            assert len(go) == 1
        case 'complete all and undo':
            assert go == went
        case 'reopen':
            assert set(go) - {row.id for row in before} == set()
        case _:
            assert go == went

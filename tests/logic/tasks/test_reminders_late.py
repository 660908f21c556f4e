"""A reminder whose time is over when its task gets another date is sent at once, and once (rules 8 and 16)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from data.core import now
from data.database import EVERYWHERE, database
from data.tasks import TaskReminder
from data.work import JobRow
from logic import tasks
from logic.core.actor import Actor
from logic.tasks import ReminderInput, RepeatInput, TaskChange
from tests.logic.tasks.test_series import notices, open_ones, run_reminder, stored

DAY = 24 * 60


async def run_due(actor: Actor, at: datetime) -> None:
    """Run the reminders' jobs that are due, as a runner does."""
    async with database().write(EVERYWHERE) as session:
        named = select(JobRow).where(JobRow.name == 'tasks.send_reminder', JobRow.run_at <= at)
        rows = list((await session.exec(named)).all())
        for row in rows:
            row.run_at = at + timedelta(days=9000)
        await session.commit()
    for row in rows:
        await run_reminder(actor, row.arguments.split('"')[1], at)


async def test_rule_16_what_comes_nearer_than_its_reminder_is_told_now(chief, add):
    task = await add(due=now() + timedelta(days=5))
    await tasks.add_reminder(chief, task.id, ReminderInput(offset_minutes=DAY))
    await run_due(chief, now())
    assert await notices(chief) == []
    await tasks.update_task(chief, task.id, TaskChange(due=now() + timedelta(hours=2)))
    for _ in range(2):
        await run_due(chief, now())
    assert await notices(chief) == ['T-1 Check hose']
    await tasks.update_task(chief, task.id, TaskChange(due=now() + timedelta(hours=3)))
    await run_due(chief, now())
    assert len(await notices(chief)) == 1


async def test_rule_16_what_was_told_before_is_told_again_only_at_a_time_to_come(chief, add):
    due = now() + timedelta(days=5)
    task = await add(due=due)
    row = await tasks.add_reminder(chief, task.id, ReminderInput(offset_minutes=DAY))
    await run_reminder(chief, row.id, due)
    assert len(await notices(chief)) == 1
    for near in (now() + timedelta(hours=2), None, now() + timedelta(hours=3)):
        await tasks.update_task(chief, task.id, TaskChange(due=near))
        await run_due(chief, now())
        assert len(await notices(chief)) == 1
    await tasks.update_task(chief, task.id, TaskChange(due=due + timedelta(days=5)))
    await run_due(chief, due + timedelta(days=5))
    assert len(await notices(chief)) == 2


async def test_rule_16_a_time_that_was_given_up_and_comes_back_late_is_told_all_the_same(chief, add):
    due = now() + timedelta(days=5)
    task = await add(due=due)
    await tasks.add_reminder(chief, task.id, ReminderInput(offset_minutes=DAY))
    await tasks.update_task(chief, task.id, TaskChange(due=due + timedelta(days=30)))
    await run_due(chief, due)  # the job of the first time finds another one
    near = now() + timedelta(hours=1)
    await tasks.update_task(chief, task.id, TaskChange(due=near))
    await tasks.update_task(chief, task.id, TaskChange(due=due + timedelta(days=30)))
    await tasks.update_task(chief, task.id, TaskChange(due=near))
    await run_due(chief, now())
    assert len(await notices(chief)) == 1


async def test_rules_8_and_16_the_next_occurrence_comes_with_a_reminder_that_is_late_already(chief, add):
    today = datetime.now(ZoneInfo('America/New_York')).date()
    task = await add(due=today + timedelta(days=9), repeat=RepeatInput(rule='FREQ=DAILY'))
    await tasks.add_reminder(chief, task.id, ReminderInput(offset_minutes=3 * DAY))
    await tasks.update_task(chief, task.id, TaskChange(due=today, repeat=RepeatInput(rule='FREQ=DAILY')))
    await run_due(chief, now())
    await tasks.complete_task(chief, task.id)
    (following,) = await open_ones(chief)
    await run_due(chief, now())
    assert f'{following.label} Check hose' in await notices(chief)


@pytest.mark.parametrize('offsets', [(0, DAY), (DAY, 0)])
@pytest.mark.parametrize('days', [1, -1])
async def test_rule_16_reminders_follow_although_one_takes_the_old_time_of_another(chief, add, offsets, days):
    due = datetime.now(UTC) + timedelta(days=9)
    task = await add(due=due)
    for offset in offsets:
        await tasks.add_reminder(chief, task.id, ReminderInput(offset_minutes=offset))
    moved = due + timedelta(days=days)
    await tasks.update_task(chief, task.id, TaskChange(due=moved))
    rows = sorted(await stored(chief, TaskReminder), key=lambda row: row.offset_minutes)
    assert [row.remind_at for row in rows] == [moved, moved - timedelta(days=1)]

"""Another due date for many tasks: their times of day, beginnings and reminders go along (rules 8, 16 and 18)."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from logic import tasks
from logic.tasks import ReminderInput, TaskBulkAction, TaskBulkInput
from tests.logic.conftest import TODAY

NEW_YORK, BERLIN = ZoneInfo('America/New_York'), ZoneInfo('Europe/Berlin')
DUE, NEW = TODAY + timedelta(days=10), TODAY + timedelta(days=30)


def at(on, hour, zone=NEW_YORK):
    return datetime.combine(on, time(hour), zone)


async def change(actor, ids, due, **more):
    return await tasks.change_many_tasks(actor, ids, TaskBulkInput(action=TaskBulkAction.DUE, due=due, **more))


async def test_each_task_keeps_its_own_time_of_day_on_another_day(chief, add):
    timed = await add('Timed', due=at(DUE, 14))
    away = await add('Elsewhere', due=at(DUE, 9, BERLIN), zone='Europe/Berlin')
    whole = await add('Whole day', due=DUE)
    done = await change(chief, [timed.id, away.id, whole.id], NEW, keep_time=True)
    rows = [(await tasks.get_task(chief, task.id)) for task in (timed, away, whole)]
    assert [view.row.due_on for view in rows] == [NEW, NEW, NEW]
    assert [view.row.due_at for view in rows] == [
        at(NEW, 14).astimezone(UTC), at(NEW, 9, BERLIN).astimezone(UTC), None
    ]  # fmt: skip
    assert rows[1].zone == 'Europe/Berlin'
    await tasks.undo_task_batch(chief, done.batch_id)
    assert (await tasks.get_task(chief, away.id)).row.due_at == at(DUE, 9, BERLIN).astimezone(UTC)


@pytest.mark.parametrize(('due', 'expected'), [(NEW, None), (at(NEW, 8), at(NEW, 8).astimezone(UTC))])
async def test_a_day_is_the_whole_day_and_a_time_is_that_of_all_where_they_are_not_kept(chief, add, due, expected):
    task = await add(due=at(DUE, 14))
    await change(chief, [task.id], due)
    row = (await tasks.get_task(chief, task.id)).row
    assert (row.due_on, row.due_at) == (NEW, expected)


async def test_where_a_task_begins_and_when_somebody_is_reminded_keep_their_distance(chief, add):
    task = await add(start=at(DUE - timedelta(days=2), 8), due=at(DUE, 14))
    await tasks.add_reminder(chief, task.id, ReminderInput(offset_minutes=60))
    done = await change(chief, [task.id], NEW, keep_time=True)
    row = (await tasks.get_task(chief, task.id)).row
    assert row.start_at == at(NEW - timedelta(days=2), 8).astimezone(UTC)
    assert [one.remind_at for one in await tasks.list_reminders(chief, task.id)] == [at(NEW, 13).astimezone(UTC)]
    await tasks.undo_task_batch(chief, done.batch_id)
    row = (await tasks.get_task(chief, task.id)).row
    assert (row.start_on, row.start_at) == (DUE - timedelta(days=2), at(DUE - timedelta(days=2), 8).astimezone(UTC))
    assert [one.remind_at for one in await tasks.list_reminders(chief, task.id)] == [at(DUE, 13).astimezone(UTC)]


async def test_what_is_brought_forward_begins_so_much_earlier_too(chief, add):
    task = await add(start=DUE - timedelta(days=1), due=DUE)
    done = await change(chief, [task.id], TODAY, keep_time=True)
    assert done.refused == []
    row = (await tasks.get_task(chief, task.id)).row
    assert (row.start_on, row.due_on) == (TODAY - timedelta(days=1), TODAY)

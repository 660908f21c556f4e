"""Tasks that come again: rules 3 to 5 and 8 on stored rows, and reminders: rule 16."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from data.database import database
from data.notifications import Notice
from data.tasks import AnchorMode, ReminderKind, Task, TaskReminder, TaskStatus
from data.work import JobRow
from logic import tasks
from logic.comments import CommentInput, add_comment, list_comments
from logic.core.actor import Actor
from logic.core.errors import Conflict, Invalid, NotFound
from logic.core.listing import ListQuery
from logic.core.work import Work
from logic.tasks import ChecklistInput, MoveInput, ReminderInput, RepeatInput, TaskChange, TaskInput, TimeInput
from logic.tasks.reminders import send_reminder
from tests.logic.conftest import TODAY

WEEKLY = RepeatInput(rule='FREQ=WEEKLY')


async def open_ones(actor):
    rows = (await tasks.list_tasks(actor, ListQuery(filters={'status': ['open']}))).rows
    return sorted(rows, key=lambda row: row.number)


async def test_rule_8_the_next_one_keeps_its_distances_and_begins_unticked(chief, add):
    task = await add(
        due=datetime(2026, 3, 1, 9, tzinfo=ZoneInfo('America/New_York')),
        start=datetime(2026, 2, 27, 8, tzinfo=ZoneInfo('America/New_York')),
        checklist=['Unroll'], labels=['hose'], assignee_ids=[chief.member_id],
        repeat=RepeatInput(rule='FREQ=MONTHLY;COUNT=700'),
    )  # fmt: skip
    await tasks.add_task(chief, TaskInput(title='Part', parent_id=task.id, due=date(2026, 2, 28)))
    step = (await tasks.get_task(chief, task.id)).steps[0]
    await tasks.tick_step(chief, step.id)
    await tasks.add_time(chief, task.id, TimeInput(minutes=10))
    await tasks.complete_task(chief, task.id)
    following, part = await open_ones(chief)
    assert (following.title, part.title) == ('Check hose', 'Part')
    here = ZoneInfo('America/New_York')
    due, start = following.due_at.astimezone(here), following.start_at.astimezone(here)
    assert (due.day, due.hour, due - start) == (
        1,
        9,
        timedelta(days=2, hours=1),
    ) or due.utcoffset() != start.utcoffset()
    assert start.hour == 8
    assert (following.due_on - part.due_on).days == 1
    view = await tasks.get_task(chief, following.id)
    assert [(step.title, step.is_done) for step in view.steps] == [('Unroll', False)]
    assert (view.row.spent_minutes, [label.name for label in view.row.labels]) == (0, ['hose'])
    assert [person.name for person in view.row.assignees] == ['Elena Rossi']
    assert (await tasks.get_task(chief, task.id)).row.spent_minutes == 10


async def test_rule_8_comments_and_time_stay_with_what_was_done(chief, add):
    task = await add(due=TODAY, repeat=WEEKLY)
    await add_comment(chief, 'Task', task.id, CommentInput(body='<p>Soon</p>'))
    await tasks.add_time(chief, task.id, TimeInput(minutes=10))
    await tasks.complete_task(chief, task.id)
    (following,) = await open_ones(chief)
    assert [len((await list_comments(chief, 'Task', row_id)).rows) for row_id in (task.id, following.id)] == [1, 0]
    assert [len(await tasks.list_time(chief, row_id)) for row_id in (task.id, following.id)] == [1, 0]


async def test_rule_4_what_is_late_makes_one_new_task_in_the_future(chief, add):
    task = await add(due=TODAY - timedelta(days=21), repeat=WEEKLY)
    await tasks.complete_task(chief, task.id)
    (following,) = await open_ones(chief)
    assert following.due_on == TODAY + timedelta(days=7)


async def test_rule_5_after_completion_counts_from_today(chief, add):
    every = RepeatInput(rule='FREQ=DAILY;INTERVAL=10', mode=AnchorMode.COMPLETION)
    task = await add(due=TODAY - timedelta(days=3), repeat=every)
    await tasks.complete_task(chief, task.id)
    (following,) = await open_ones(chief)
    assert following.due_on == TODAY + timedelta(days=10)


@pytest.mark.parametrize('way', ['tick', 'drag', 'edit'])
async def test_rule_8_finishing_in_any_way_makes_the_next_one_and_undoing_takes_it_back(chief, add, columns, way):
    task = await add(due=TODAY, repeat=WEEKLY)
    match way:
        case 'tick':
            await tasks.complete_task(chief, task.id)
            assert len(await open_ones(chief)) == 1
            await tasks.reopen_task(chief, task.id)
        case 'drag':
            await tasks.move_task(chief, task.id, MoveInput(column=columns[2].id, from_column=columns[0].id))
            await tasks.move_task(chief, task.id, MoveInput(column=columns[0].id, from_column=columns[2].id))
        case 'edit':
            await tasks.update_task(chief, task.id, TaskChange(status=TaskStatus.COMPLETED))
            await tasks.update_task(chief, task.id, TaskChange(status=TaskStatus.PENDING))
    assert [row.id for row in await open_ones(chief)] == [task.id]
    await tasks.complete_task(chief, task.id)
    assert [row.due_on for row in await open_ones(chief)] == [TODAY + timedelta(days=7)]


@pytest.mark.parametrize('touch', ['title', 'step', 'time', 'comment'])
async def test_rule_8_a_successor_that_was_touched_stays(chief, add, touch):
    task = await add(due=TODAY, repeat=WEEKLY, checklist=['Unroll'])
    await tasks.complete_task(chief, task.id)
    (following,) = await open_ones(chief)
    match touch:
        case 'title':
            await tasks.update_task(chief, following.id, TaskChange(title='Mine'))
        case 'step':
            await tasks.tick_step(chief, (await tasks.get_task(chief, following.id)).steps[0].id)
        case 'time':
            await tasks.add_time(chief, following.id, TimeInput(minutes=1))
        case 'comment':
            from logic.comments import CommentInput, add_comment

            await add_comment(chief, 'Task', following.id, CommentInput(body='<p>Soon</p>'))
    await tasks.reopen_task(chief, task.id)
    assert len(await open_ones(chief)) == 2
    await tasks.complete_task(chief, task.id)
    assert [row.id for row in await open_ones(chief)] == [following.id]


async def test_rule_8_two_clicks_at_once_make_one_successor(chief, member, add):
    task = await add(due=TODAY, repeat=WEEKLY)
    clicks = [tasks.complete_task(actor, task.id) for actor in (chief, member, chief, member)]
    answers = await asyncio.gather(*clicks, return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ['Conflict', 'Conflict', 'Conflict', 'Task']
    assert len(await open_ones(chief)) == 1


async def test_rules_3_and_8_a_deleted_successor_does_not_stand_in_the_way_of_a_new_one(chief, add):
    task = await add(due=TODAY, repeat=WEEKLY)
    await tasks.complete_task(chief, task.id)
    (following,) = await open_ones(chief)
    await tasks.delete_task(chief, following.id)
    await tasks.reopen_task(chief, task.id)
    await tasks.complete_task(chief, task.id)
    assert len(await open_ones(chief)) == 1
    with pytest.raises(Conflict):
        await tasks.restore_task(chief, following.id)


async def test_what_comes_again_can_be_ended_changed_and_seen(chief, add):
    task = await add(due=TODAY, repeat=WEEKLY)
    view = await tasks.get_repeat(chief, task.id)
    assert (view.words, view.next_on[0]) == ('Every week', TODAY + timedelta(days=7))
    await tasks.set_repeat(chief, task.id, RepeatInput(rule='FREQ=MONTHLY;BYDAY=2TU'))
    assert (await tasks.get_repeat(chief, task.id)).words == 'Every month on the second Tuesday'
    await tasks.update_task(chief, task.id, TaskChange(repeat=None))
    await tasks.complete_task(chief, task.id)
    assert await open_ones(chief) == []
    with pytest.raises(Invalid):
        await add(repeat=WEEKLY)


async def test_a_series_with_an_end_ends(chief, add):
    await add(due=TODAY, repeat=RepeatInput(rule='FREQ=DAILY;COUNT=3'))
    done = 0
    while rows := await open_ones(chief):
        await tasks.complete_task(chief, rows[0].id)
        done += 1
        assert done < 9
    assert done == 3


# Reminders


async def run_reminder(actor: Actor, reminder_id, at: datetime) -> None:
    async with database().write(actor.organization_id) as session:
        work = Work(session, Actor.system(actor.organization_id), 'test', at)
        await send_reminder(work, str(reminder_id))
        await work.finish()
        await session.commit()


async def notices(actor: Actor, kind: str = 'task_reminder') -> list[str]:
    async with database().read(actor.organization_id) as session:
        rows = await session.exec(
            select(Notice.title).where(Notice.kind == kind, Notice.account_id == actor.account_id)
        )
        return list(rows.all())


async def stored(actor: Actor, model):
    async with database().read(actor.organization_id) as session:
        return list((await session.exec(select(model))).all())


async def test_rule_16_a_reminder_follows_the_date_and_is_sent_once_also_late(chief, add):
    due = datetime.now(UTC) + timedelta(days=2)
    task = await add(due=due)
    row = await tasks.add_reminder(chief, task.id, ReminderInput(offset_minutes=30))
    assert row.remind_at == due - timedelta(minutes=30)
    later = due + timedelta(days=1)
    await tasks.update_task(chief, task.id, TaskChange(due=later))
    (kept,) = await stored(chief, TaskReminder)
    assert kept.remind_at == later - timedelta(minutes=30)
    await run_reminder(chief, row.id, due)
    assert await notices(chief) == []
    for hours in (5, 6):
        await run_reminder(chief, row.id, later + timedelta(hours=hours))
    assert await notices(chief) == ['T-1 Check hose']
    jobs = [job for job in await stored(chief, JobRow) if job.name == 'tasks.send_reminder']
    assert sorted(job.run_at for job in jobs) == [due - timedelta(minutes=30), later - timedelta(minutes=30)]


async def test_rule_16_a_whole_day_is_reckoned_from_nine_in_the_morning_there(chief, add):
    on = TODAY + timedelta(days=30)
    task = await add(due=on)
    row = await tasks.add_reminder(chief, task.id, ReminderInput(offset_minutes=60))
    assert row.remind_at.astimezone(ZoneInfo('America/New_York')).hour == 8
    await tasks.update_task(chief, task.id, TaskChange(due=None))
    assert (await tasks.list_reminders(chief, task.id))[0].remind_at is None


@pytest.mark.parametrize('end', ['done', 'deleted', 'unseen'])
async def test_rule_16_nobody_is_reminded_of_what_is_done_gone_or_not_his_any_more(chief, member, end):
    private = await tasks.add_list(chief, tasks.ListInput(title='Mine'))
    due = datetime.now(UTC) + timedelta(hours=2)
    task = await tasks.add_task(
        chief, TaskInput(title='A', list_id=private.id, due=due, assignee_ids=[member.member_id])
    )
    row = await tasks.add_reminder(member, task.id, ReminderInput())
    match end:
        case 'done':
            await tasks.complete_task(chief, task.id)
        case 'deleted':
            await tasks.delete_task(chief, task.id)
        case 'unseen':
            await tasks.set_assignees(chief, task.id, [])
    await run_reminder(member, row.id, due + timedelta(hours=1))
    assert await notices(member) == []


async def test_rule_16_a_reminder_is_one_s_own_and_not_doubled(chief, member, add):
    task = await add(due=TODAY + timedelta(days=9))
    row = await tasks.add_reminder(member, task.id, ReminderInput(offset_minutes=5))
    with pytest.raises(Conflict):
        await tasks.add_reminder(member, task.id, ReminderInput(offset_minutes=5))
    with pytest.raises(NotFound):
        await tasks.remove_reminder(chief, row.id)
    with pytest.raises(Invalid):
        await tasks.add_reminder(
            member, task.id, ReminderInput(kind=ReminderKind.AT, at=datetime(2020, 1, 1, tzinfo=UTC))
        )
    assert await tasks.list_reminders(chief, task.id) == []


async def test_rules_8_and_16_the_next_occurrence_has_its_reminder(chief, add):
    task = await add(due=TODAY + timedelta(days=1), repeat=WEEKLY)
    await tasks.add_reminder(chief, task.id, ReminderInput(offset_minutes=15))
    await tasks.complete_task(chief, task.id)
    (following,) = await open_ones(chief)
    (row,) = await tasks.list_reminders(chief, following.id)
    here = row.remind_at.astimezone(ZoneInfo('America/New_York'))
    assert (here.date(), here.hour, here.minute) == (following.due_on, 8, 45)


async def test_the_checklist_of_a_new_task_may_name_people_and_days(chief, add):
    task = await add()
    await tasks.add_step(chief, task.id, ChecklistInput(title='Call', assignee_id=chief.member_id, due_on=TODAY))
    assert (await tasks.get_task(chief, task.id)).steps[0].assignee.name == 'Elena Rossi'
    assert all(isinstance(row, Task) for row in await stored(chief, Task))

"""Reminders: rows with an instant that follows the dates of their task, each sent once (rule 16)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from data.members import Member
from data.tasks import ReminderKind, Task, TaskReminder, TaskStatus
from logic import watchers
from logic.core.errors import Conflict, Invalid, NotFound
from logic.core.language import _
from logic.core.sentences import told
from logic.core.service import query, service
from logic.core.whose import belongs_to
from logic.core.work import Work
from logic.tasks.domain import ADD, TASK_REMINDER, VIEW, domain
from logic.tasks.inputs import ReminderInput
from logic.tasks.visibility import sight, visible_task

MOST = 20
MORNING = time(9)
"""When the reminder of a whole day is reckoned from."""
SETTLED = (TaskStatus.COMPLETED, TaskStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """A reminder of the viewer."""

    id: UUID
    kind: ReminderKind
    offset_minutes: int
    remind_at: datetime | None
    """None while the task has no such date."""
    sent_at: datetime | None


@query(VIEW)
async def list_reminders(work: Work, task_id: UUID) -> list[ReminderRow]:
    """Return the actor's own reminders of a task, the next first. Raises NotFound."""
    seen = await sight(work)
    await visible_task(work, task_id, seen)
    statement = select(TaskReminder).where(
        TaskReminder.task_id == task_id, belongs_to(TaskReminder.member_id, seen.member_id)
    )
    return [
        ReminderRow(row.id, row.kind, row.offset_minutes, row.remind_at, row.sent_at)
        for row in await work.all(statement.order_by(col(TaskReminder.remind_at), col(TaskReminder.id)))
    ]


@service(ADD)
async def add_reminder(work: Work, task_id: UUID, data: ReminderInput) -> TaskReminder:
    """Have oneself reminded of a task. Raises NotFound, Conflict for one that is there, Invalid for a time gone by."""
    seen = await sight(work)
    task = await visible_task(work, task_id, seen)
    me = await work.find(Member, seen.member_id)
    if me is None:
        raise Invalid('Reminders are for a person, and you act for none here. Sign in as yourself.')
    at = data.at
    if at is not None and at.tzinfo is None:
        at = at.replace(tzinfo=ZoneInfo(seen.zone))
    row = TaskReminder(task_id=task_id, member_id=me.id, kind=data.kind, offset_minutes=data.offset_minutes)
    row.remind_at = at.astimezone(UTC) if at is not None else reckoned(row, task)
    if row.remind_at is not None and row.remind_at <= work.now:
        raise Invalid('That time is over.', {'at' if at else 'offset_minutes': 'Choose a later one.'})
    mine: list[TaskReminder] = await work.all(
        select(TaskReminder).where(TaskReminder.task_id == task_id, TaskReminder.member_id == me.id)
    )
    if len(mine) >= MOST:
        raise Conflict(_('{count} reminders of one task are enough. Remove one first.', count=MOST))
    if any(
        (one.kind, one.offset_minutes, one.remind_at) == (row.kind, row.offset_minutes, row.remind_at) for one in mine
    ):
        raise Conflict('You are reminded then already.')
    work.add(row)
    plan(work, row, task)
    return row


@service(ADD)
async def remove_reminder(work: Work, reminder_id: UUID) -> None:
    """Be reminded no more. Raises NotFound for a reminder of somebody else."""
    row = await work.find(TaskReminder, reminder_id)
    if row is None or not work.actor.owns(row.member_id):
        raise NotFound('There is no such reminder.')
    await work.delete(row)


def reckoned(row: TaskReminder, task: Task) -> datetime | None:
    """Return when a reminder is due by the dates of its task; whole days count from nine in the morning there."""
    if row.kind is ReminderKind.AT:
        return row.remind_at
    on, at = (task.due_on, task.due_at) if row.kind is ReminderKind.BEFORE_DUE else (task.start_on, task.start_at)
    return None if on is None else instant_before(on, at, task.zone, row.offset_minutes)


def instant_before(on: date, at: datetime | None, zone: str, minutes: int) -> datetime:
    """Return the instant so many minutes before a time, or before nine in the morning of a day in a zone."""
    base = at or datetime.combine(on, MORNING, ZoneInfo(zone or 'UTC')).astimezone(UTC)
    return base - timedelta(minutes=minutes)


def plan(work: Work, row: TaskReminder, task: Task) -> None:
    """Have a reminder sent at its time, or now when that is over, unless it was sent: once, however often planned."""
    if row.kind is not ReminderKind.AT:
        row.remind_at = reckoned(row, task)
    if row.remind_at is None or row.sent_at is not None:
        return
    # A job of that time may have run already, when the task had another date: what is late gets one of its own.
    is_late = row.remind_at <= work.now
    key = None if is_late else f'tasks.reminder:{row.id.hex}:{row.remind_at.strftime("%Y%m%dT%H%M%S")}'
    work.enqueue(send_reminder, row.id, run_at=row.remind_at, key=key)


async def follow_dates(work: Work, task: Task) -> None:
    """Let all reminders of a task follow its dates; what was sent is sent again only at a time to come."""
    rows: Sequence[TaskReminder] = await work.all(select(TaskReminder).where(TaskReminder.task_id == task.id))
    taken, moved = set(), []
    for row in rows:
        at = reckoned(row, task)
        if (row.member_id, row.kind, at) in taken and at is not None:
            await work.delete(row)  # two that fall together are one
            continue
        taken.add((row.member_id, row.kind, at))
        if at != row.remind_at:
            moved.append(row)
    if len(moved) > 1:
        for row in moved:  # one may come to where another one was
            row.remind_at = None
        await work.flush()
    for row in moved:
        at = reckoned(row, task)
        if at is not None and at > work.now:
            row.sent_at = None
        plan(work, row, task)


@domain.job()
async def send_reminder(work: Work, reminder_id: str) -> None:
    """Remind a person of a task, unless it is done, gone or at another time by now; late after downtime, but once."""
    row = await work.find(TaskReminder, UUID(reminder_id))
    if row is None or row.sent_at is not None or row.remind_at is None or row.remind_at > work.now:
        return
    task = await work.get(Task, row.task_id)
    if task.deleted_at is not None or task.status in SETTLED:
        return
    row.sent_at = work.now
    await watchers.tell_those_who_see(
        work, 'Task', task.id, [row.member_id], None, kind=TASK_REMINDER, title=f'{task.label} {task.title}',
        body=_when(task), link=f'/tasks/{task.id}', key=f'reminder:{row.id.hex}:{row.remind_at.isoformat()}'[:190],
    )  # fmt: skip


def _when(task: Task) -> str:
    if task.due_on is None:
        return ''
    if task.due_at is None:
        return told('Due on {day}.', day=task.due_on)
    return told('Due at {moment}.', moment=task.due_at.astimezone(ZoneInfo(task.zone or 'UTC')))

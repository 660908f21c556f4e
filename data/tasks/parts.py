"""What hangs on a task: who does it, its labels, its checklist, reminders, and the time spent on it."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint

from data.core import Audited, Model, Scoped, choice, day, instant, reference, text
from data.tasks.lists import order_key


class TaskAssignee(Audited, Scoped, Model, table=True):
    """Somebody is to do a task."""

    __table_args__ = (UniqueConstraint('task_id', 'member_id'), Index(None, 'member_id', 'task_id'))

    audit_subject: ClassVar[str | None] = 'task_id'

    task_id: UUID = reference('task.id', index=False)
    member_id: UUID = reference('member.id', index=False)


class TaskTag(Audited, Scoped, Model, table=True):
    """A task carries a label."""

    __table_args__ = (UniqueConstraint('task_id', 'tag_id'), Index(None, 'tag_id', 'task_id'))

    audit_subject: ClassVar[str | None] = 'task_id'

    task_id: UUID = reference('task.id', index=False)
    tag_id: UUID = reference('tag.id', index=False)


class TaskChecklistItem(Audited, Scoped, Model, table=True):
    """A small step of a task."""

    __table_args__ = (Index(None, 'task_id', 'order_key'),)
    audit_silent: ClassVar[frozenset[str]] = frozenset({'order_key'})
    audit_subject: ClassVar[str | None] = 'task_id'

    task_id: UUID = reference('task.id', index=False)
    title: str = text(200)
    order_key: str = order_key()
    is_done: bool = False
    assignee_id: UUID | None = reference('member.id', default=None)
    due_on: date | None = day(default=None)


class ReminderKind(StrEnum):
    """What a reminder is reckoned from."""

    BEFORE_DUE = 'before_due'
    BEFORE_START = 'before_start'
    AT = 'at'


class TaskReminder(Scoped, Model, table=True):
    """A person is reminded of a task, once, at an instant that follows the task's dates."""

    __table_args__ = (
        UniqueConstraint('task_id', 'member_id', 'kind', 'remind_at'),
        Index(None, 'sent_at', 'remind_at'),
    )

    task_id: UUID = reference('task.id', index=False)
    member_id: UUID = reference('member.id')
    kind: ReminderKind = choice(ReminderKind)
    offset_minutes: int = 0
    """So long before it is due or begins."""
    remind_at: datetime | None = instant(default=None)
    """None while the task has no such date."""
    sent_at: datetime | None = instant(default=None)


class TaskTimeEntry(Audited, Scoped, Model, table=True):
    """Time that somebody spent on a task."""

    audit_subject: ClassVar[str | None] = 'task_id'

    task_id: UUID = reference('task.id')
    member_id: UUID = reference('member.id')
    worked_on: date = day()
    minutes: int
    note: str = text(300, default='')

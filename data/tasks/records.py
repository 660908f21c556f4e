"""A task, the series it may be one occurrence of, what many at once can be undone by, and calendar feeds."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from data.core import Audited, Model, Scoped, choice, day, identifier, instant, long_text, reference, text, typed_json
from data.later import later
from data.tasks.lists import order_key


class TaskStatus(StrEnum):
    """Where a task stands."""

    PENDING = 'pending'
    IN_PROGRESS = 'in_progress'
    COMPLETED = 'completed'
    CANCELLED = 'cancelled'

    @property
    def label(self) -> str:
        """As a person reads it."""
        return later(self.value.replace('_', ' ').capitalize(), meaning='a task')


class TaskPriority(StrEnum):
    """How much a task presses."""

    LOW = 'low'
    MEDIUM = 'medium'
    HIGH = 'high'
    URGENT = 'urgent'

    @property
    def label(self) -> str:
        """As a person reads it."""
        return later(self.value.capitalize())


class AnchorMode(StrEnum):
    """From what the next occurrence is reckoned."""

    SCHEDULE = 'schedule'
    """From the plan: the first day of the rule after the later of the last due date and now."""
    COMPLETION = 'completion'
    """From the day of completion where the owner is, plus the interval."""

    @property
    def label(self) -> str:
        """As a person reads it."""
        return {'schedule': later('On a fixed schedule'), 'completion': later('After completion')}[self.value]


class TaskSeries(Audited, Scoped, Model, table=True):
    """A recurrence, as RFC 5545 says it: the first due time on the wall clock with its zone, and the rule."""

    starts: str = text(20)
    """DTSTART without a zone: `20260131T090000`, or `20260131` for whole days."""
    zone: str = text(60)
    rule: str = text(500)
    """RRULE without its name, such as `FREQ=MONTHLY;BYMONTHDAY=31`; UNTIL is in UTC when there is a time of day."""
    mode: AnchorMode = choice(AnchorMode, default=AnchorMode.SCHEDULE)
    made_count: int = 1
    """How many occurrences there are so far."""
    ended_at: datetime | None = instant(default=None)


class Task(Audited, Scoped, Model, table=True):
    """Something to be done."""

    __table_args__ = (
        UniqueConstraint('organization_id', 'number'),
        UniqueConstraint('series_id', 'occurrence_key'),
        Index(None, 'column_id', 'order_key'),
        Index(None, 'list_id', 'deleted_at', 'status'),
        Index(None, 'organization_id', 'deleted_at', 'status', 'due_on'),
        Index(None, 'organization_id', 'deleted_at', 'updated_at'),
    )
    audit_silent: ClassVar[frozenset[str]] = frozenset(
        {'search', 'occurrence', 'occurrence_key', 'order_key', 'priority_rank', 'follows_id', 'started_at'}
    )

    number: int
    title: str = text(200)
    description: str = long_text(default='')
    """Cleaned HTML."""
    list_id: UUID = reference('task_list.id', index=False)
    column_id: UUID = reference('board_column.id', index=False)
    order_key: str = order_key()
    """Its place in its column: rows are sorted by this key, then by id."""
    parent_id: UUID | None = reference('task.id', default=None)
    status: TaskStatus = choice(TaskStatus, default=TaskStatus.PENDING)
    priority: TaskPriority = choice(TaskPriority, default=TaskPriority.MEDIUM)
    priority_rank: int = 1
    """The same as a number, to sort by: 0 low to 3 urgent."""
    creator_id: UUID | None = reference('member.id', default=None)
    start_on: date | None = day(default=None)
    start_at: datetime | None = instant(default=None)
    """Only when it begins at a time of day; `start_on` is then the day of it."""
    due_on: date | None = day(default=None)
    due_at: datetime | None = instant(default=None)
    """Only when it is due at a time of day; `due_on` is then the day of it in `zone`."""
    zone: str = text(60, default='')
    """IANA name: where its days and times of day are meant."""
    estimate_minutes: int | None = None
    progress: int = 0
    """Percent."""
    series_id: UUID | None = reference('task_series.id', index=False, default=None)
    occurrence: str = text(40, default='')
    """Which occurrence of its series it is: its due time, as the series writes it."""
    occurrence_key: str | None = text(40, default=None)
    """The same while the task is not deleted, so that deleted ones do not stand in the way of a new one."""
    follows_id: UUID | None = Field(default=None, sa_type=identifier(), index=True)
    """The occurrence whose completion made this one."""
    started_at: datetime | None = instant(default=None)
    """When work on it began; none while it is pending."""
    completed_at: datetime | None = instant(default=None)
    completed_by_id: UUID | None = reference('member.id', default=None)
    deleted_at: datetime | None = instant(index=True, default=None)
    deleted_by_id: UUID | None = reference('member.id', default=None)
    search: str = text(240, default='')
    """Number and title, folded: what the quick search looks into."""

    @property
    def label(self) -> str:
        """The number as people write it."""
        return f'T-{self.number}'


class TaskBatchKind(StrEnum):
    """What changed many tasks at once."""

    BULK = 'bulk'
    QUICK_ADD = 'quick_add'
    IMPORT = 'import'


class Touched(BaseModel):
    """A task that a batch made or changed."""

    model_config = ConfigDict(frozen=True)

    task_id: UUID
    is_new: bool = False
    version: int = 0
    """Of a new task, as the batch left it."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}


class UndoNotes(BaseModel):
    """What a batch did, so that it can be taken back."""

    model_config = ConfigDict(frozen=True)

    touched: tuple[Touched, ...] = ()


class TaskBatch(Audited, Scoped, Model, table=True):
    """A change of many tasks in one transaction, which can be undone in one."""

    __table_args__ = (Index(None, 'organization_id', 'by_id', 'created_at'),)
    audit_secret: ClassVar[frozenset[str]] = frozenset({'undo', 'raw_text'})

    kind: TaskBatchKind = choice(TaskBatchKind)
    title: str = text(200)
    by_id: UUID | None = reference('member.id', index=False, default=None)
    raw_text: str = long_text(default='')
    """What was typed into quick add, so that undoing gives it back."""
    changed_count: int = 0
    refused_count: int = 0
    undo: UndoNotes | None = typed_json(UndoNotes, default=None)
    undone_at: datetime | None = instant(default=None)


class TaskFeed(Audited, Scoped, Model, table=True):
    """A calendar address of a person: whoever has its secret reads his tasks, until he revokes it."""

    __table_args__ = (UniqueConstraint('organization_id', 'member_id'),)
    audit_secret: ClassVar[frozenset[str]] = frozenset({'token_hash'})

    member_id: UUID = reference('member.id')
    token_hash: str = text(64, unique=True)
    """SHA-256 of the secret."""

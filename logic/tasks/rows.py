"""Tasks as lists and boards show them: light rows, of which a thousand cost few statements."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from data.attachments import Attachment
from data.comments import Comment
from data.members import Member, Tag
from data.tasks import (
    BoardColumn,
    ColumnKind,
    Task,
    TaskAssignee,
    TaskChecklistItem,
    TaskList,
    TaskPriority,
    TaskStatus,
    TaskTag,
    TaskTimeEntry,
)
from logic import custom_fields
from logic.core.work import Work
from logic.members.directory import Label, called
from logic.tasks.visibility import Sight

OPEN = (TaskStatus.PENDING, TaskStatus.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task in a list or on a board."""

    id: UUID
    number: int
    title: str
    in_list: Label
    column: Label
    column_kind: ColumnKind
    status: TaskStatus
    priority: TaskPriority
    start_on: date | None
    start_at: datetime | None
    due_on: date | None
    due_at: datetime | None
    """Only when it is due at a time of day; for most it is the day that counts."""
    is_overdue: bool
    parent_id: UUID | None
    parent: Label | None
    """The task that it is part of, if the viewer sees that one too: its title."""
    creator: Label | None
    estimate_minutes: int | None
    progress: int
    is_recurring: bool
    completed_at: datetime | None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None
    version: int
    order_key: str
    """Where it stands among the cards of its column, together with its id."""
    assignees: list[Label] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    steps_done: int = 0
    steps_total: int = 0
    parts_done: int = 0
    parts_total: int = 0
    spent_minutes: int = 0
    """Time that people noted for it."""
    comment_count: int = 0
    file_count: int = 0
    custom: dict[UUID, str] = field(default_factory=dict)
    """The department's own fields by their ids."""
    deleted_by: Label | None = None
    """Who put it into the bin; said there alone."""

    @property
    def label(self) -> str:
        """The number as people write it."""
        return f'T-{self.number}'


NAMES: tuple[Any, ...] = (Member.first_name, Member.preferred_name, Member.last_name)
Creator: Any = aliased(Member, name='creator')
Whole: Any = aliased(Task, name='whole')
_COLUMNS: tuple[Any, ...] = (
    Task.id, Task.number, Task.title, Task.list_id, Task.column_id, Task.status, Task.priority, Task.start_on,
    Task.start_at, Task.due_on, Task.due_at, Task.parent_id, Task.creator_id, Task.estimate_minutes, Task.progress,
    Task.series_id, Task.completed_at, Task.created_at, Task.updated_at, Task.deleted_at, Task.version, Task.order_key,
    col(TaskList.title).label('list_title'), col(TaskList.colour).label('list_colour'),
    col(BoardColumn.title).label('column_title'), col(BoardColumn.kind).label('column_kind'),
    Creator.first_name, Creator.preferred_name, Creator.last_name, Whole.title.label('parent_title'),
)  # fmt: skip


def row_select(seen: Sight) -> Any:
    """Return the select of what a row shows to a viewer, not yet narrowed or in order."""
    return (
        sa.select(*_COLUMNS)
        .select_from(Task)
        .join(TaskList, col(TaskList.id) == Task.list_id)
        .join(BoardColumn, col(BoardColumn.id) == Task.column_id)
        .join(Creator, Creator.id == Task.creator_id, isouter=True)
        .join(Whole, sa.and_(Whole.id == Task.parent_id, seen.tasks(of=Whole)), isouter=True)
    )


def overdue(today: Any, now: Any) -> Any:
    """Return the condition under which a task is late for somebody: its day is over where he is, or its time."""
    return sa.and_(
        col(Task.status).in_(OPEN),
        sa.or_(sa.and_(col(Task.due_at).is_(None), col(Task.due_on) < today), col(Task.due_at) < now),
    )


def made_row(row: Any, seen: Sight, now: datetime) -> TaskRow:
    """Make a row from the columns of `row_select`."""
    creator = (
        Label(row.creator_id, called(row.preferred_name, row.first_name, row.last_name)) if row.creator_id else None
    )
    late = (row.due_at < now) if row.due_at else (row.due_on is not None and row.due_on < seen.today)
    return TaskRow(
        id=row.id, number=row.number, title=row.title, in_list=Label(row.list_id, row.list_title, row.list_colour),
        column=Label(row.column_id, row.column_title), column_kind=row.column_kind, status=row.status,
        priority=row.priority, start_on=row.start_on, start_at=row.start_at, due_on=row.due_on, due_at=row.due_at,
        is_overdue=late and row.status in OPEN, parent_id=row.parent_id,
        parent=Label(row.parent_id, row.parent_title) if row.parent_title else None, creator=creator,
        estimate_minutes=row.estimate_minutes, progress=row.progress, is_recurring=row.series_id is not None,
        completed_at=row.completed_at, created_at=row.created_at, updated_at=row.updated_at,
        deleted_at=row.deleted_at, version=row.version, order_key=row.order_key,
    )  # fmt: skip


async def with_parts(work: Work, rows: Sequence[TaskRow], which: Any = None) -> Sequence[TaskRow]:
    """Fill in people, labels, counts and own fields; one statement for any number of rows.

    `which` is a select of the ids, for when there are more rows than a statement should name.
    """
    if not rows:
        return rows
    by_id = {row.id: row for row in rows}
    ids: Any = list(by_id) if which is None else which
    for kind, task_id, row_id, one, two, three in await work.all(_parts(work, ids)):
        row = by_id.get(task_id)
        if row is None:
            continue
        if kind == 'person':
            row.assignees.append(Label(row_id, called(one, two, three)))
        elif kind == 'label':
            row.labels.append(Label(row_id, one, two))
        elif kind == 'field':
            row.custom[row_id] = one
        else:
            for name, count in zip(COUNTS[kind], (one, two), strict=False):
                object.__setattr__(row, name, int(count))
    return rows


COUNTS = {
    'steps': ('steps_done', 'steps_total'), 'parts': ('parts_done', 'parts_total'), 'spent': ('spent_minutes',),
    'comments': ('comment_count',), 'files': ('file_count',),
}  # fmt: skip


def _parts(work: Work, ids: Any) -> Any:
    ours, none = work.organization_id, sa.literal('')
    people: Any = (
        sa.select(
            sa.literal('person').label('kind'), col(TaskAssignee.task_id).label('task_id'),
            col(Member.id).label('row_id'), col(Member.preferred_name).label('one'),
            col(Member.first_name).label('two'), col(Member.last_name).label('three'),
        )
        .join(Member, col(Member.id) == TaskAssignee.member_id)
        .where(col(TaskAssignee.organization_id) == ours, col(TaskAssignee.task_id).in_(ids))
    )  # fmt: skip
    labels: Any = (
        sa.select(sa.literal('label'), col(TaskTag.task_id), col(Tag.id), col(Tag.name), col(Tag.colour), none)
        .join(Tag, col(Tag.id) == TaskTag.tag_id)
        .where(col(TaskTag.organization_id) == ours, col(TaskTag.task_id).in_(ids))
    )
    steps = _counted('steps', TaskChecklistItem.task_id, col(TaskChecklistItem.is_done).is_(True))
    steps = steps.where(col(TaskChecklistItem.organization_id) == ours, col(TaskChecklistItem.task_id).in_(ids))
    parts = _counted('parts', Task.parent_id, col(Task.status) == TaskStatus.COMPLETED)
    parts = parts.where(
        col(Task.organization_id) == ours, col(Task.parent_id).in_(ids), col(Task.deleted_at).is_(None),
        col(Task.status) != TaskStatus.CANCELLED,
    )  # fmt: skip
    own = custom_fields.valued(Task.__name__, ids, ours).subquery()
    values = sa.select(sa.literal('field'), own.c.record_id, own.c.field_id, own.c.value, none, none)
    spent = _told('spent', TaskTimeEntry.task_id, sa.func.sum(TaskTimeEntry.minutes))
    spent = spent.where(col(TaskTimeEntry.organization_id) == ours, col(TaskTimeEntry.task_id).in_(ids))
    said = _on_record('comments', Comment, ours, ids).where(col(Comment.deleted_at).is_(None))
    files = _on_record('files', Attachment, ours, ids).where(col(Attachment.removed_at).is_(None))
    every = sa.union_all(people, labels, steps, parts, values, spent, said, files).subquery()
    return sa.select(every).order_by(every.c.kind, every.c.one, every.c.two)


def _counted(kind: str, by: Any, done: Any) -> Any:
    return _told(kind, by, sa.func.sum(sa.case((done, 1), else_=0)), sa.func.count())


def _told(kind: str, by: Any, *numbers: Any) -> Any:
    told = [*(sa.cast(number, sa.String(20)) for number in numbers), sa.literal(''), sa.literal('')]
    return sa.select(sa.literal(kind), by, by, *told[:3]).group_by(by)


def _on_record(kind: str, model: Any, ours: Any, ids: Any) -> Any:
    """Count what hangs on tasks as it does on records of any kind."""
    on_tasks = (model.organization_id == ours, model.record == Task.__name__, model.record_id.in_(ids))
    return _told(kind, model.record_id, sa.func.count()).where(*on_tasks)


async def rows_of(work: Work, seen: Sight, statement: Any) -> list[TaskRow]:
    """Return the rows of a select made from `row_select`, filled in; two statements."""
    rows = [made_row(row, seen, work.now) for row in await work.all(statement)]
    await with_parts(work, rows)
    return rows


def day_bounds(on: date, zone: str) -> tuple[datetime, datetime]:
    """Return when a day begins and ends in a zone, as instants."""
    from datetime import time, timedelta

    there = ZoneInfo(zone)
    begin, end = (datetime.combine(day, time(), there).astimezone(UTC) for day in (on, on + timedelta(days=1)))
    return begin, end

"""Asking for tasks: the list with its filters, one task, what waits for me, and the bin."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from data.members import Member
from data.tasks import (
    BoardColumn,
    ShareLevel,
    Task,
    TaskAssignee,
    TaskChecklistItem,
    TaskList,
    TaskPriority,
    TaskStatus,
    TaskTag,
)
from logic import custom_fields
from logic.core.errors import Invalid
from logic.core.language import _, later
from logic.core.listing import ListQuery, Page, choice_in, id_in, no_filter, no_sort
from logic.core.neighbours import Neighbours, neighbours, ranked
from logic.core.service import query
from logic.core.whose import belongs_to
from logic.core.work import Work
from logic.members.directory import Label, called
from logic.members.names import escape_like, fold
from logic.tasks.domain import ADD, VIEW
from logic.tasks.inputs import EARLIEST, LATEST
from logic.tasks.placing import columns_of
from logic.tasks.rows import NAMES, OPEN, TaskRow, day_bounds, made_row, overdue, row_select, rows_of, with_parts
from logic.tasks.visibility import Sight, may_work, sight, visible_task

SORTS: dict[str, tuple[Any, ...]] = {
    'number': (Task.number,),
    'title': (Task.title, Task.number),
    # What has no date comes last, whichever way.
    'due': (col(Task.due_on).is_(None), Task.due_on, Task.due_at, Task.number),
    'start': (col(Task.start_on).is_(None), Task.start_on, Task.start_at, Task.number),
    'priority': (Task.priority_rank, Task.number),
    'status': (Task.status, Task.number),
    'list': (TaskList.title, Task.number),
    'column': (TaskList.title, Task.list_id, BoardColumn.order_key, Task.number),
    'created': (Task.created_at, Task.number),
    'updated': (Task.updated_at, Task.number),
    'completed': (col(Task.completed_at).is_(None), Task.completed_at, Task.number),
    'board': (BoardColumn.order_key, Task.order_key, Task.id),
}
FILTERS = ('status', 'priority', 'list', 'column', 'assignee', 'creator', 'label', 'parent', 'due', 'archived')
DUE = ('overdue', 'today', 'week', 'none')
NOTHING, ME = 'none', 'me'
MOST_MINE, MOST_WAITING = 500, 200


class Bucket(StrEnum):
    """When something of mine is due."""

    OVERDUE = 'overdue'
    TODAY = 'today'
    UPCOMING = 'upcoming'
    UNDATED = 'undated'


@query(VIEW)
async def list_tasks(work: Work, asked: ListQuery) -> Page[TaskRow]:
    """Return a page of the tasks that the actor sees; five statements whatever its size.

    Filters: status (also `open`), priority, list, column, assignee and creator (ids, `me`, `none`), label and parent
    (ids, `none`), due (`overdue`, `today`, `week`, `none`, a day, or `from..to`), archived (`yes`). Tasks of archived
    lists are left out, unless their list is asked for. `field:<id>` asks for values of an own field (also `none`).
    Sorts: those of `SORTS`. Raises Invalid for others.
    """
    seen = await sight(work)
    order = _order(asked)
    first = (asked.page - 1) * asked.page_size
    where = conditions(work, seen, asked)
    found = await work.all(row_select(seen).where(*where).order_by(*order).offset(first).limit(asked.page_size))
    if 0 < len(found) < asked.page_size or (not found and asked.page == 1):
        total = first + len(found)
    else:
        counted = sa.select(sa.func.count()).select_from(Task).join(TaskList, col(TaskList.id) == Task.list_id)
        total = int((await work.all(counted.where(*where)))[0][0])
    rows = await with_parts(work, [made_row(row, seen, work.now) for row in found])
    return Page(rows, total, asked.page, asked.page_size)


def _order(asked: ListQuery) -> list[Any]:
    """Return the order that a question asks for. Raises Invalid."""
    name = asked.sort or 'number'
    if name not in SORTS:
        raise no_sort(name, SORTS)
    return [_ordered(column, descending=asked.descending) for column in SORTS[name]]


def _ordered(column: Any, *, descending: bool) -> Any:
    if isinstance(column, sa.UnaryExpression | sa.BinaryExpression):
        return column.asc()  # whether there is a date at all
    return column.desc() if descending else column.asc()


@query(VIEW)
async def matching_task_ids(work: Work, asked: ListQuery) -> list[UUID]:
    """Return the ids of all tasks that a question finds: for "select all", bulk changes and exports."""
    seen = await sight(work)
    statement = select(Task.id).join(TaskList, col(TaskList.id) == Task.list_id)
    return await work.all(statement.where(*conditions(work, seen, asked)).order_by(col(Task.number)).limit(10_000))


def conditions(work: Work, seen: Sight, asked: ListQuery) -> list[Any]:
    """Return what narrows tasks to those that a question finds, and to those that the actor sees."""
    where = [seen.tasks()]
    if not (asked.values('list') or asked.values('column') or 'yes' in asked.values('archived')):
        where.append(col(TaskList.archived_at).is_(None))
    for token in fold(asked.q).split()[:8]:
        where.append(col(Task.search).like(f'%{escape_like(token)}%', escape='\\'))
    for name, values in asked.filters.items():
        if values:
            where.append(_condition(work, seen, name, values))
    return where


def _condition(work: Work, seen: Sight, name: str, values: list[str]) -> Any:
    if name == 'status':
        wanted = [status for value in values for status in _statuses(value)]
        return col(Task.status).in_(wanted)
    if name == 'priority':
        return col(Task.priority).in_([choice_in(TaskPriority, name, value) for value in values])
    if name == 'due':
        return sa.or_(*(_due(work, seen, value) for value in values))
    if name == 'archived':
        return sa.true()
    direct = {'list': Task.list_id, 'column': Task.column_id, 'parent': Task.parent_id, 'creator': Task.creator_id}
    if name in direct:
        column: Any = col(direct[name])
        found = column.in_(_ids(seen, name, values))
        return sa.or_(found, column.is_(None)) if NOTHING in values else found
    if custom_fields.is_own(name):
        return custom_fields.holding(Task.__name__, col(Task.id), name, values)
    held: dict[str, tuple[Any, Any]] = {
        'assignee': (select(TaskAssignee.task_id), col(TaskAssignee.member_id)),
        'label': (select(TaskTag.task_id), col(TaskTag.tag_id)),
    }
    if name not in held:
        raise no_filter(name, (*FILTERS, 'field:<id>'))
    holder, key = held[name]
    found = col(Task.id).in_(holder.where(key.in_(_ids(seen, name, values))))
    return sa.or_(found, col(Task.id).not_in(holder)) if NOTHING in values else found


def _statuses(value: str) -> Sequence[TaskStatus]:
    return OPEN if value == 'open' else [choice_in(TaskStatus, 'status', value)]


def _ids(seen: Sight, name: str, values: list[str]) -> list[UUID | None]:
    found: list[UUID | None] = []
    for value in values:
        if value == ME and name in ('assignee', 'creator'):
            found.append(seen.member_id)
        elif value != NOTHING:
            found.append(id_in(name, value))
    return found


def _due(work: Work, seen: Sight, value: str) -> Any:
    if value == 'overdue':
        return overdue(seen.today, work.now)
    if value == NOTHING:
        return col(Task.due_on).is_(None)
    if value == 'today':
        return due_between(seen, seen.today, seen.today)
    if value == 'week':
        return due_between(seen, seen.today, seen.today + timedelta(days=6))
    begin, dots, end = value.partition('..')
    try:
        first = date.fromisoformat(begin) if begin else date(1970, 1, 2)
        last = first if not dots else date.fromisoformat(end) if end else date(2199, 12, 31)
    except ValueError:
        text = later('Write one of {names}, a day such as 2026-01-31, or two with two dots between.')
        words = _(text, names=', '.join(DUE))
        raise Invalid('This filter cannot be read.', {'due': words}) from None
    # No task is due further away, and days at the ends of the calendar have no instants in some zones.
    return due_between(seen, *(min(max(on, EARLIEST), LATEST) for on in (first, last)))


def due_between(seen: Sight, first: date, last: date) -> Any:
    """Return the condition under which a task is due on days where the viewer is, both included."""
    begin, end = day_bounds(first, seen.zone)[0], day_bounds(last, seen.zone)[1]
    timed = sa.and_(col(Task.due_at) >= begin, col(Task.due_at) < end)
    return sa.or_(timed, sa.and_(col(Task.due_at).is_(None), col(Task.due_on) >= first, col(Task.due_on) <= last))


# One task


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of a checklist."""

    id: UUID
    title: str
    is_done: bool
    assignee: Label | None
    due_on: date | None
    version: int


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task with all that belongs to it, and what the viewer may do."""

    row: TaskRow
    description: str
    zone: str
    parent: Label | None
    """The task that it is part of, if the viewer sees that one too: its title."""
    completed_by: Label | None
    steps: list[StepRow]
    parts: list[TaskRow]
    columns: list[Label]
    """The columns of its list, for those who may move it."""
    list_level: ShareLevel | None
    """What the viewer may do with the list; None when only the task was given to him."""
    may_edit: bool
    may_work: bool


@query(VIEW)
async def get_task(work: Work, task_id: UUID) -> TaskView:
    """Return a task with all that belongs to it; at most eleven statements. Raises NotFound."""
    seen = await sight(work)
    task = await visible_task(work, task_id, seen)
    return await _view(work, seen, task)


@query(VIEW)
async def get_task_in_list(work: Work, task_id: UUID, asked: ListQuery | None) -> tuple[TaskView, Neighbours | None]:
    """Return a task as `get_task` does, and its place in what a question to `list_tasks` finds.

    No place when nothing was asked, when it is not in that list, or when the question cannot be read: it comes from an
    address, and the task is there all the same. One statement more than `get_task`. Raises NotFound.
    """
    seen = await sight(work)
    task = await visible_task(work, task_id, seen)
    view = await _view(work, seen, task)
    return view, await _place(work, seen, task_id, asked) if asked is not None else None


async def _place(work: Work, seen: Sight, task_id: UUID, asked: ListQuery) -> Neighbours | None:
    try:
        columns, where = ranked(col(Task.id), _order(asked)), conditions(work, seen, asked)
    except Invalid:
        return None
    found = (
        row_select(seen).with_only_columns(*columns).where(*where, col(Task.organization_id) == work.organization_id)
    )
    return await neighbours(work, found, task_id)


async def _view(work: Work, seen: Sight, task: Task) -> TaskView:
    family = row_select(seen).where(
        sa.or_(col(Task.id) == task.id, sa.and_(col(Task.parent_id) == task.id, col(Task.deleted_at).is_(None)))
    )
    rows = await rows_of(work, seen, family.order_by(col(Task.order_key), col(Task.id)))
    steps = await work.all(
        sa.select(TaskChecklistItem, *NAMES)
        .join(Member, col(Member.id) == TaskChecklistItem.assignee_id, isouter=True)
        .where(col(TaskChecklistItem.task_id) == task.id)
        .order_by(col(TaskChecklistItem.order_key), col(TaskChecklistItem.id))
    )
    own = next(row for row in rows if row.id == task.id)
    done_by = await work.find(Member, task.completed_by_id)
    sees_list = seen.may(task.list_id, ShareLevel.VIEW)
    columns = await columns_of(work, task.list_id) if sees_list else []
    return TaskView(
        row=own,
        description=task.description,
        zone=task.zone,
        parent=own.parent,
        completed_by=Label(done_by.id, done_by.name) if done_by else None,
        steps=[
            StepRow(
                step.id, step.title, step.is_done,
                Label(step.assignee_id, called(preferred, first, last)) if step.assignee_id else None, step.due_on,
                step.version,
            )
            for step, first, preferred, last in steps
        ],
        parts=[row for row in rows if row.id != task.id],
        columns=[Label(column.id, column.title) for column in columns],
        list_level=ShareLevel.MANAGE if seen.sees_all else seen.levels.get(task.list_id),
        may_edit=seen.may(task.list_id, ShareLevel.EDIT) and work.actor.may(ADD),
        may_work=await may_work(work, task, seen),
    )  # fmt: skip


# What waits for me


@dataclass(frozen=True, slots=True)
class MyWork:
    """What waits for one person, and what he waits for; each list by date."""

    overdue: list[TaskRow]
    today: list[TaskRow]
    upcoming: list[TaskRow]
    undated: list[TaskRow]
    waiting: list[TaskRow]
    """Given to others by the viewer, and not done."""
    is_cut: bool
    """There is more than is shown."""

    @property
    def count(self) -> int:
        """How much there is to do by today."""
        return len(self.overdue) + len(self.today)


def mine(member_id: Any) -> Any:
    """Return the condition under which a task waits for a member: given to him, or in his own list and to nobody.

    `member_id` is an id, or what stands for one in a select that is made once.
    """
    given = select(TaskAssignee.task_id)
    own = select(TaskList.id).where(belongs_to(TaskList.owner_id, member_id))
    nobodys = sa.and_(col(Task.list_id).in_(own), col(Task.id).not_in(given))
    return sa.or_(col(Task.id).in_(given.where(belongs_to(TaskAssignee.member_id, member_id))), nobodys)


def bucket_of(row: TaskRow, seen: Sight) -> Bucket:
    """Return when a row is due, where the viewer is."""
    if row.due_on is None:
        return Bucket.UNDATED
    if row.is_overdue:
        return Bucket.OVERDUE
    if row.due_at is not None:
        return Bucket.TODAY if row.due_at < day_bounds(seen.today, seen.zone)[1] else Bucket.UPCOMING
    return Bucket.TODAY if row.due_on <= seen.today else Bucket.UPCOMING


@query(VIEW)
async def my_work(work: Work) -> MyWork:
    """Return what waits for the actor and what he waits for; six statements."""
    seen = await sight(work)
    open_ones = (seen.tasks(), col(Task.status).in_(OPEN), col(TaskList.archived_at).is_(None))
    by_date = (
        col(Task.due_on).is_(None),
        col(Task.due_on),
        col(Task.due_at),
        col(Task.priority_rank).desc(),
        col(Task.number),
    )
    found = await rows_of(
        work, seen, row_select(seen).where(*open_ones, mine(seen.member_id)).order_by(*by_date).limit(MOST_MINE + 1)
    )
    buckets: dict[Bucket, list[TaskRow]] = {bucket: [] for bucket in Bucket}
    for row in found[:MOST_MINE]:
        buckets[bucket_of(row, seen)].append(row)
    given = select(TaskAssignee.task_id)
    others = (
        belongs_to(Task.creator_id, seen.member_id), col(Task.id).in_(given), col(Task.id).not_in(seen.assigned())
    )  # fmt: skip
    waiting = await rows_of(
        work, seen, row_select(seen).where(*open_ones, *others).order_by(*by_date).limit(MOST_WAITING)
    )
    return MyWork(
        overdue=buckets[Bucket.OVERDUE], today=buckets[Bucket.TODAY], upcoming=buckets[Bucket.UPCOMING],
        undated=buckets[Bucket.UNDATED], waiting=waiting, is_cut=len(found) > MOST_MINE,
    )  # fmt: skip


@query(VIEW)
async def list_bin(work: Work, asked: ListQuery) -> Page[TaskRow]:
    """Return deleted tasks that the actor may restore, the latest first: his own, and those of lists he manages."""
    seen = await sight(work)
    managed = [list_id for list_id in seen.levels if seen.may_manage(list_id)]
    me = seen.member_id
    own = (belongs_to(Task.creator_id, me), belongs_to(Task.deleted_by_id, me))
    mine_too = sa.or_(col(Task.list_id).in_(managed), *own)
    where = [seen.tasks(deleted=True), sa.true() if seen.sees_all else mine_too]
    skipped = (asked.page - 1) * asked.page_size
    latest = row_select(seen).where(*where).order_by(col(Task.deleted_at).desc(), col(Task.number))
    rows = await rows_of(work, seen, latest.offset(skipped).limit(asked.page_size))
    who = sa.select(col(Task.id), *NAMES, col(Member.id)).join(Member, col(Member.id) == Task.deleted_by_id)
    named = await work.all(who.where(col(Task.id).in_([row.id for row in rows])))
    by = {task_id: Label(member_id, called(name, first, last)) for task_id, first, name, last, member_id in named}
    rows = [replace(row, deleted_by=by.get(row.id)) for row in rows]
    total = await work.first(select(sa.func.count()).select_from(Task).where(*where))
    return Page(rows, int(total), asked.page, asked.page_size)

"""Tasks that come again: their series, the next occurrence when one is finished, and taking that back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, count
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from data.attachments import Attachment
from data.comments import Comment
from data.tasks import (
    AnchorMode,
    BoardColumn,
    ColumnKind,
    Task,
    TaskAssignee,
    TaskChecklistItem,
    TaskReminder,
    TaskSeries,
    TaskStatus,
    TaskTag,
    TaskTimeEntry,
)
from logic.core.errors import Invalid
from logic.core.service import query, service
from logic.core.work import Work
from logic.custom_fields import copy_values
from logic.tasks import recurrence
from logic.tasks.deleting import purge
from logic.tasks.domain import ADD, VIEW, TaskAdded, TaskSettled, domain
from logic.tasks.inputs import RepeatInput, search_text
from logic.tasks.placing import children_of, column_of_kind, end_key, lock_column
from logic.tasks.recurrence import Recurrence, following, in_words, made, occurrences, wall, written
from logic.tasks.reminders import plan
from logic.tasks.settling import mark, settle
from logic.tasks.visibility import editable_task, sight, visible_task

OPEN = (TaskStatus.PENDING.value, TaskStatus.IN_PROGRESS.value)
AGAIN = '.'
"""After it stands how often a series has had a due time: what is reckoned from completion may fall on one twice."""
SHOWN, MOST_COMING = 5, 500
COPIED = (
    'title', 'description', 'list_id', 'priority', 'priority_rank', 'creator_id', 'zone', 'estimate_minutes'
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RepeatView:
    """How a task comes again."""

    rule: str
    mode: AnchorMode
    words: str
    zone: str
    next_on: list[date]
    """The next days of the rule that are to come (rule 4); what is reckoned from completion has none before that."""


@query(VIEW)
async def get_repeat(work: Work, task_id: UUID) -> RepeatView | None:
    """Return how a task comes again, or None. Raises NotFound for a task that the actor does not see."""
    task = await visible_task(work, task_id, await sight(work))
    series = await work.find(TaskSeries, task.series_id)
    return None if series is None else _view(of(series), _reference(work, task, series))


def _reference(work: Work, task: Task, series: TaskSeries) -> datetime:
    """Return the later of now and when a task is due, on the wall clock of its series: what comes next is after it."""
    is_timed, now = 'T' in series.starts, work.now.astimezone(ZoneInfo(series.zone))
    due = [written(task.due_on, task.due_at, series.zone)] if task.due_on is not None else []
    passed = datetime.combine(now.date(), now.time() if is_timed else time())
    return max(passed, *(wall(text) for text in (*due, _due_of(task) or series.starts)))


@dataclass(frozen=True, slots=True)
class NextTask:
    """The occurrence that was made when one was finished."""

    id: UUID
    label: str
    due_on: date
    due_at: datetime | None
    cancelled_parts: int
    """So many parts of the finished one were still open, and were cancelled: this one has its own."""


@query(VIEW)
async def next_tasks(work: Work, task_ids: Sequence[UUID]) -> list[NextTask]:
    """Return the open occurrences that follow these tasks, of those that the actor sees, by date."""
    seen = await sight(work)
    found: list[tuple[Task, int]] = []
    part: Any = aliased(Task)
    cancelled = select(sa.func.count(part.id)).where(part.parent_id == Task.follows_id, *_cancelled_with(part, Task))
    for at in range(0, len(task_ids), 400):
        follows = col(Task.follows_id).in_(task_ids[at : at + 400])
        statement = sa.select(Task, cancelled.scalar_subquery())
        found += await work.all(statement.where(follows, seen.tasks(), col(Task.status).in_(OPEN)))
    rows = [NextTask(task.id, task.label, task.due_on, task.due_at, parts) for task, parts in found if task.due_on]
    return sorted(rows, key=lambda row: (row.due_on, row.label))


@dataclass(frozen=True, slots=True)
class ComingTask:
    """A day on which an open task will be due again, once it is done."""

    task_id: UUID
    title: str
    due_on: date
    due_at: datetime | None


@query(VIEW)
async def coming_tasks(work: Work, list_id: UUID, first: date, until: date) -> list[ComingTask]:
    """Return when the open tasks of a list will be due again, on days from `first` to before `until`.

    At most 500, of tasks on a fixed schedule: what is reckoned from completion has no days before it is done.
    """
    seen = await sight(work)
    which = (Task.list_id == list_id, seen.tasks(), col(Task.status).in_(OPEN))
    held = select(Task, TaskSeries).join(TaskSeries, col(TaskSeries.id) == Task.series_id)
    found: list[ComingTask] = []
    going_on = (TaskSeries.mode == AnchorMode.SCHEDULE, col(TaskSeries.ended_at).is_(None))
    held = held.where(*which, *going_on).order_by(col(Task.due_on)).limit(MOST_COMING)
    for task, series in await work.all(held):
        after = max(_reference(work, task, series), datetime.combine(first, time()) - timedelta(seconds=1))
        for local in occurrences(of(series), after, (until - first).days):
            on, at = _due(local.strftime(recurrence.TIMED if 'T' in series.starts else recurrence.WHOLE), series.zone)
            if on >= until or len(found) >= MOST_COMING:
                break
            found.append(ComingTask(task.id, task.title, on, at))
    return found


def _view(one: Recurrence, after: datetime | None = None) -> RepeatView:
    coming = occurrences(one, after or one.begin, SHOWN) if one.mode is AnchorMode.SCHEDULE else []
    return RepeatView(one.rule, one.mode, in_words(one), one.zone, [local.date() for local in coming])


def of(series: TaskSeries) -> Recurrence:
    """Return the rule of a stored series."""
    return Recurrence(series.starts, series.zone, series.rule, series.mode)


@service(ADD)
async def set_repeat(work: Work, task_id: UUID, data: RepeatInput | None, version: int | None = None) -> Task:
    """Let a task come again, from its due date on, or with None no more. What is finished stays.

    Raises Invalid for a task without a due date and for a rule that is none, NotFound, Denied, Conflict.
    """
    task = await editable_task(work, task_id, await sight(work), version)
    await put_repeat(work, task, data)
    return task


async def put_repeat(work: Work, task: Task, data: RepeatInput | None) -> None:
    """Set or end the recurrence of a task that the actor may change."""
    before = await work.find(TaskSeries, task.series_id)
    if before is not None:
        before.ended_at = work.now
    if data is None:
        task.series_id, task.occurrence, task.occurrence_key = None, '', None
        return
    if task.due_on is None:
        raise Invalid('Say when it is due first.', {'repeat': 'What comes again needs a due date to be reckoned from.'})
    if task.parent_id is not None:
        raise Invalid('A sub-task comes again with its task.', {'repeat': 'Let the task itself come again.'})
    one = made(data.rule, written(task.due_on, task.due_at, task.zone), task.zone, data.mode)
    series = work.add(TaskSeries(starts=one.starts, zone=one.zone, rule=one.rule, mode=one.mode))
    await work.flush()
    task.series_id, task.occurrence, task.occurrence_key = series.id, one.starts, one.starts


@domain.on(TaskSettled)
async def follow(work: Work, event: TaskSettled) -> None:
    """Make the next occurrence of what was finished; take an untouched one back when it is taken up again (rule 8).

    The next one has parts of its own: those that were still open are cancelled with it, and return with it.
    """
    task = await work.get(Task, event.task_id)
    if task.series_id is None or (event.before in OPEN) == (event.after in OPEN):
        return
    # Two tasks of a series that are finished at once wait for each other here, so that one of them sees both done.
    locked = select(TaskSeries).where(TaskSeries.id == task.series_id).with_for_update()
    series: TaskSeries = await work.first(locked.execution_options(populate_existing=True))
    if event.after in OPEN:
        await _open_parts_again(work, task)
        await _take_back(work, task, series)
    elif series.ended_at is None and await _make_next(work, task, series) is not None:
        for part in await children_of(work, task.id):
            if part.status in OPEN:
                await mark(work, part, TaskStatus.CANCELLED)


async def _open_parts_again(work: Work, task: Task) -> None:
    """Open the parts that were cancelled when the next occurrence was made, unless somebody has changed them since."""
    following: Any = aliased(Task)
    next_one = select(following.id).where(following.follows_id == task.id, *_cancelled_with(Task, following))
    for part in await work.all(select(Task).where(Task.parent_id == task.id, next_one.exists())):
        column = await work.get(BoardColumn, part.column_id)
        await settle(work, part, TaskStatus.IN_PROGRESS if column.kind is ColumnKind.STARTED else TaskStatus.PENDING)


def _cancelled_with(part: Any, following: Any) -> tuple[Any, ...]:
    """Return the conditions under which a part was cancelled when the next task was made, and not changed since."""
    is_still = (part.status == TaskStatus.CANCELLED, part.deleted_at.is_(None))
    return *is_still, part.updated_at == following.created_at


async def _make_next(work: Work, task: Task, series: TaskSeries) -> Task | None:
    """Make the next occurrence, unless one is still open: a series has one thing to do at a time."""
    live = select(Task.id).where(Task.series_id == series.id, col(Task.deleted_at).is_(None))
    if await work.first(live.where(Task.id != task.id, col(Task.status).in_(OPEN)).limit(1)) is not None:
        return None
    of_series, own = of(series), _due_of(task)
    due = written(task.due_on, task.due_at, series.zone) if task.due_on else own
    if series.mode is AnchorMode.SCHEDULE:
        due = max(due, own, key=wall)  # what was moved forward stands for its own day all the same
    taken = set(await work.all(select(Task.occurrence_key).where(Task.series_id == series.id)))
    found = following(of_series, due, work.now, series.made_count)
    while series.mode is AnchorMode.SCHEDULE and found is not None and found in taken:
        found = following(of_series, found, work.now, series.made_count)
    if found is None:
        return None
    names = chain([found], (f'{found}{AGAIN}{times}' for times in count(2)))
    series.made_count += 1
    return await _copy(work, task, found, next(name for name in names if name not in taken), series)


def _due_of(task: Task) -> str:
    """Return when the occurrence that a task is falls due, as the series writes it."""
    return task.occurrence.partition(AGAIN)[0]


async def _copy(work: Work, task: Task, due: str, occurrence: str, series: TaskSeries) -> Task:
    """Make the next occurrence: dates keep their distance, what was ticked is open, time and comments stay behind."""
    zone = series.zone
    on, at = _due(due, zone)
    shift = _Shift(task, wall(due), zone)
    column = await column_of_kind(work, task.list_id, ColumnKind.OPEN)
    await lock_column(work, column.id)
    key, number = await end_key(work, column.id), await work.number('task')
    same: dict[str, Any] = {name: getattr(task, name) for name in COPIED}
    start_on, start_at = shift.dates(task.start_on, task.start_at)
    row = work.add(
        Task(
            **same, number=number, column_id=column.id, order_key=key, due_on=on, due_at=at, start_on=start_on,
            start_at=start_at, series_id=series.id, occurrence=occurrence, occurrence_key=occurrence,
            follows_id=task.id, search=search_text(number, task.title), created_at=work.now,
        )
    )  # fmt: skip
    await work.flush()
    await _copy_parts(work, task, row, shift)
    for child in await children_of(work, task.id):
        await _copy_child(work, child, row, shift, column.id)
    await work.emit(TaskAdded(row.id))
    return row


async def _copy_child(work: Work, child: Task, parent: Task, shift: '_Shift', column_id: UUID) -> None:
    number, key = await work.number('task'), await end_key(work, column_id)
    same: dict[str, Any] = {name: getattr(child, name) for name in COPIED}
    start_on, start_at = shift.dates(child.start_on, child.start_at)
    due_on, due_at = shift.dates(child.due_on, child.due_at)
    row = work.add(
        Task(
            **same, number=number, column_id=column_id, order_key=key, parent_id=parent.id, start_on=start_on,
            start_at=start_at, due_on=due_on, due_at=due_at, search=search_text(number, child.title),
        )
    )  # fmt: skip
    await work.flush()
    await _copy_parts(work, child, row, shift)


async def _copy_parts(work: Work, task: Task, row: Task, shift: '_Shift') -> None:
    for given in await work.all(select(TaskAssignee).where(TaskAssignee.task_id == task.id)):
        work.add(TaskAssignee(task_id=row.id, member_id=given.member_id))
    for carried in await work.all(select(TaskTag).where(TaskTag.task_id == task.id)):
        work.add(TaskTag(task_id=row.id, tag_id=carried.tag_id))
    await copy_values(work, Task.__name__, task.id, row.id)
    for step in await work.all(select(TaskChecklistItem).where(TaskChecklistItem.task_id == task.id)):
        on, _ = shift.dates(step.due_on, None)
        work.add(
            TaskChecklistItem(
                task_id=row.id, title=step.title, order_key=step.order_key, assignee_id=step.assignee_id, due_on=on
            )
        )
    for reminder in await work.all(select(TaskReminder).where(TaskReminder.task_id == task.id)):
        _, at = shift.dates(None, reminder.remind_at)
        kept = work.add(
            TaskReminder(
                task_id=row.id, member_id=reminder.member_id, kind=reminder.kind,
                offset_minutes=reminder.offset_minutes, remind_at=at,
            )
        )  # fmt: skip
        plan(work, kept, row)
    await work.flush()


def _due(text: str, zone: str) -> tuple[date, datetime | None]:
    local = wall(text)
    return local.date(), recurrence.instant_of(local, zone) if 'T' in text else None


class _Shift:
    """How far the next occurrence is from this one: on the wall clock, so that times of day stay."""

    def __init__(self, task: Task, due: datetime, zone: str) -> None:
        self.zone = zone
        old = wall(written(task.due_on, task.due_at, zone)) if task.due_on else due
        self.by: timedelta = due - old
        self.days = due.date() - old.date()

    def dates(self, on: date | None, at: datetime | None) -> tuple[date | None, datetime | None]:
        """Return a day and an instant so much later."""
        if at is None:
            return (on + self.days if on else None), None
        local = at.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None) + self.by  # allow LR10: kept on the wall clock
        return local.date(), recurrence.instant_of(local, self.zone).astimezone(UTC)


async def _take_back(work: Work, task: Task, series: TaskSeries) -> None:
    """Remove the next occurrence as long as nobody has touched it."""
    followers = select(Task).where(
        Task.follows_id == task.id, col(Task.deleted_at).is_(None), Task.status == TaskStatus.PENDING
    )
    for next_one in await work.all(followers):
        parts = await children_of(work, next_one.id)
        is_open = all(part.status is TaskStatus.PENDING for part in parts)
        if is_open and not any([await is_touched(work, one) for one in (next_one, *parts)]):
            await purge(work, [next_one, *parts])
            series.made_count -= 1


async def is_touched(work: Work, task: Task, version: int = 1, since: datetime | None = None) -> bool:
    """Say whether anybody has done anything to a task since it was made, and had this version.

    With `since` comments and time do not count that are older, as those are that an import brings along.
    """
    if task.version > version:
        return True
    said = [col(Comment.record) == 'Task', col(Comment.record_id) == task.id]
    is_later = [] if since is None else [col(TaskTimeEntry.created_at) > since]
    if since is not None:
        is_new = (col(Comment.created_at) > since, col(Comment.edited_at).is_not(None), col(Comment.deleted_at) > since)
        said.append(sa.or_(*is_new))
    changed = [
        select(Comment.id).where(*said),
        select(Attachment.id).where(Attachment.record == 'Task', Attachment.record_id == task.id),
        select(TaskChecklistItem.id).where(TaskChecklistItem.task_id == task.id, col(TaskChecklistItem.version) > 1),
        select(TaskTimeEntry.id).where(TaskTimeEntry.task_id == task.id, *is_later),
    ]
    for statement in changed:
        if await work.first(statement.limit(1)) is not None:
            return True
    return False

"""Many tasks at once: one transaction, one entry to undo, refusals row by row (rule 18)."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select

from data.members import Member, Tag
from data.tasks import (
    ColumnKind,
    ShareLevel,
    Task,
    TaskAssignee,
    TaskBatch,
    TaskBatchKind,
    TaskPriority,
    TaskStatus,
    TaskTag,
    Touched,
    UndoNotes,
)
from logic.core.errors import AppError, Conflict, Denied, Invalid, NotFound
from logic.core.language import _, later, many
from logic.core.service import query, service
from logic.core.whose import belongs_to
from logic.core.work import Work
from logic.tasks.deleting import bin_task, purge, take_out
from logic.tasks.domain import ADD, MANAGE_ALL, VIEW
from logic.tasks.inputs import Label, When, days_of
from logic.tasks.keeping import change_task
from logic.tasks.parts import labels_named, put_assignees, put_labels
from logic.tasks.placing import children_of, column_of_kind
from logic.tasks.series import is_touched
from logic.tasks.settling import KIND_FOR, go_to, settle
from logic.tasks.undo import STANDING, changed_since, put_back, values_of
from logic.tasks.visibility import Sight, may_work, sight, visible_list

MOST = 5000
DELETED, ASSIGNEES, LABELS = 'deleted', 'assignee_ids', 'labels'


class TaskBulkAction(StrEnum):
    """What is done to each of many tasks."""

    DELETE = 'delete'
    STATUS = 'status'
    PRIORITY = 'priority'
    DUE = 'due'
    LIST = 'list'
    ASSIGN = 'assign'
    UNASSIGN = 'unassign'
    ADD_LABEL = 'add_label'
    REMOVE_LABEL = 'remove_label'

    @property
    def label(self) -> str:
        """As a person reads it."""
        return LABELS_OF[self]


LABELS_OF = {
    TaskBulkAction.STATUS: later('Set status'), TaskBulkAction.PRIORITY: later('Set priority'),
    TaskBulkAction.DUE: later('Set due date'), TaskBulkAction.LIST: later('Move to list'),
    TaskBulkAction.ASSIGN: later('Give to'), TaskBulkAction.UNASSIGN: later('Take from'),
    TaskBulkAction.ADD_LABEL: later('Add label'), TaskBulkAction.REMOVE_LABEL: later('Remove label'),
    TaskBulkAction.DELETE: later('Delete'),
}  # fmt: skip
NEEDED = {
    TaskBulkAction.STATUS: 'status', TaskBulkAction.PRIORITY: 'priority', TaskBulkAction.LIST: 'list_id',
    TaskBulkAction.ASSIGN: 'member_id', TaskBulkAction.UNASSIGN: 'member_id', TaskBulkAction.ADD_LABEL: 'label',
    TaskBulkAction.REMOVE_LABEL: 'label',
}  # fmt: skip
ALSO = {
    TaskBulkAction.ASSIGN: (ASSIGNEES,), TaskBulkAction.UNASSIGN: (ASSIGNEES,), TaskBulkAction.ADD_LABEL: (LABELS,),
    TaskBulkAction.REMOVE_LABEL: (LABELS,),
}  # fmt: skip


class TaskBulkInput(BaseModel):
    """A change of many tasks: what to do, and the value that it needs."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    action: TaskBulkAction
    status: TaskStatus | None = None
    priority: TaskPriority | None = None
    due: Annotated[When | None, Field(description='Null takes the date away.')] = None
    keep_time: Annotated[
        bool, Field(description='Each task that is due at a time of day stays due at it, on the day of `due`.')
    ] = False
    list_id: UUID | None = None
    member_id: UUID | None = None
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class TaskRefusal:
    """A task for which something was not done, and why."""

    task_id: UUID
    label: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class TaskBatchResult:
    """What a change of many tasks did."""

    batch_id: UUID | None
    """Names it for `undo_task_batch`; None when nothing was changed."""
    changed: int
    refused: list[TaskRefusal]
    raw_text: str = ''
    """What was typed, when quick add is undone."""


@dataclass(frozen=True, slots=True)
class TaskBatchRow:
    """A change of many tasks that the actor has made."""

    id: UUID
    kind: TaskBatchKind
    title: str
    created_at: datetime
    changed_count: int
    refused_count: int
    undone_at: datetime | None


@dataclass(slots=True)
class Notes:
    """What a batch does, while it does it."""

    work: Work
    kind: TaskBatchKind
    title: str
    raw_text: str = ''
    touched: list[Touched] = field(default_factory=list)
    made: list[Task] = field(default_factory=list)

    def changed(self, task_id: UUID, before: dict[str, Any], after: dict[str, Any]) -> bool:
        """Note how a task was and how it is; says whether that is a change."""
        old = {name: value for name, value in before.items() if after.get(name) != value}
        if old:
            self.touched.append(Touched(task_id=task_id, before=old, after={name: after.get(name) for name in old}))
        return bool(old)

    async def close(self, refused: int = 0) -> TaskBatch | None:
        """Store the batch; None when nothing was done."""
        await self.work.flush()
        self.touched += [Touched(task_id=task.id, is_new=True, version=task.version) for task in self.made]
        if not self.touched:
            return None
        by = await self.work.find(Member, self.work.actor.member_id)
        batch = self.work.add(
            TaskBatch(
                kind=self.kind, title=self.title[:200], by_id=by.id if by else None, raw_text=self.raw_text,
                changed_count=len(self.touched), refused_count=refused, undo=UndoNotes(touched=tuple(self.touched)),
            )
        )  # fmt: skip
        await self.work.flush()
        return batch


Step = Callable[[Task], Awaitable[None]]


@service(ADD)
async def change_many_tasks(work: Work, task_ids: Sequence[UUID], data: TaskBulkInput) -> TaskBatchResult:
    """Do one thing to many tasks. Those that cannot be changed are left out and listed; the rest is one entry to undo.

    Tasks that the actor does not see are left out without a word. Raises Invalid for too many or a missing value,
    NotFound for a list or person that is not there.
    """
    wanted = list(dict.fromkeys(task_ids))
    if len(wanted) > MOST:
        chosen = many('{count} was chosen.', '{count} were chosen.', len(wanted))
        raise Invalid(_('At most {count} tasks at once.', count=MOST), {'task_ids': chosen})
    seen = await sight(work)
    step = await _step(work, seen, data)
    tasks = await load_tasks(work, seen, wanted)
    if data.action is TaskBulkAction.STATUS:
        tasks.sort(key=lambda task: task.parent_id is None)  # so that no part is left open by what it is part of
    notes, refused, also = Notes(work, TaskBatchKind.BULK, _title(data)), [], ALSO.get(data.action, ())
    for at, task in enumerate(tasks, 1):
        try:
            await _require(work, seen, task, data.action)
            before = await values_with(work, task, also)
            async with work.attempt():
                await step(task)
            notes.changed(task.id, before, await values_with(work, task, also))
        except AppError as refusal:
            refused.append(TaskRefusal(task.id, task.label, task.title, refusal.message))
        if at % 50 == 0:
            await work.flush()
            await asyncio.sleep(0)
    batch = await notes.close(len(refused))
    return TaskBatchResult(batch.id if batch else None, len(notes.touched), refused)


def _title(data: TaskBulkInput) -> str:
    chosen = data.status or data.priority
    value = chosen.label if chosen is not None else data.label
    return f'{data.action.label}{f": {value}" if value else ""}'


async def load_tasks(work: Work, seen: Sight, ids: Sequence[UUID], *, deleted: bool | None = False) -> list[Task]:
    """Return those of these tasks that the actor sees."""
    found: dict[UUID, Task] = {}
    for at in range(0, len(ids), 400):
        part = col(Task.id).in_(ids[at : at + 400])
        for gone in (False, True) if deleted is None else (deleted,):
            rows = await work.all(select(Task).where(part, seen.tasks(deleted=gone)))
            found.update({task.id: task for task in rows})
    return [found[task_id] for task_id in ids if task_id in found]


async def _require(work: Work, seen: Sight, task: Task, action: TaskBulkAction) -> None:
    if action is TaskBulkAction.STATUS and await may_work(work, task, seen):
        return
    if not seen.may(task.list_id, ShareLevel.EDIT):
        raise Denied('You may see this task, but not change it.')


async def values_with(work: Work, task: Task, also: Collection[str]) -> dict[str, Any]:
    """Return of a task what can be put back, with its people and labels when these are among `also`."""
    values = values_of(task) | {'list_id': str(task.list_id)}
    if ASSIGNEES in also:
        held = select(TaskAssignee.member_id).where(TaskAssignee.task_id == task.id)
        values[ASSIGNEES] = sorted(str(member_id) for member_id in await work.all(held))
    if LABELS in also:
        values[LABELS] = sorted(await _labels(work, task))
    values[DELETED] = task.deleted_at is not None
    return values


async def _labels(work: Work, task: Task) -> list[str]:
    statement = select(Tag.name).join(TaskTag, col(TaskTag.tag_id) == Tag.id).where(TaskTag.task_id == task.id)
    return await work.all(statement)


async def _step(work: Work, seen: Sight, data: TaskBulkInput) -> Step:
    """Check what the change needs, once, and return what is done to each task."""
    action = data.action
    home = await visible_list(work, data.list_id, seen, ShareLevel.EDIT) if data.list_id is not None else None
    person = await work.get(Member, data.member_id) if data.member_id is not None else None
    needed = NEEDED.get(action)
    if needed is not None and getattr(data, needed) is None:
        raise Invalid('Something is missing to do this.', {needed: _('Choose a value: {action}.', action=action.label)})
    if home is not None and action is TaskBulkAction.LIST:
        list_id = home.id
        return lambda task: _to_list(work, task, list_id, seen)
    if person is not None and action in (TaskBulkAction.ASSIGN, TaskBulkAction.UNASSIGN):
        member_id = person.id
        return lambda task: _assign(work, task, member_id, add=action is TaskBulkAction.ASSIGN)
    if action in (TaskBulkAction.ADD_LABEL, TaskBulkAction.REMOVE_LABEL):
        assert data.label is not None
        name = data.label
        if action is TaskBulkAction.ADD_LABEL:
            (tag,) = await labels_named(work, [name])
            name = tag.name
        return lambda task: _label(work, task, name, add=action is TaskBulkAction.ADD_LABEL)
    if action is TaskBulkAction.STATUS:
        status = data.status
        assert status is not None
        return lambda task: settle(work, task, status)
    if action is TaskBulkAction.DELETE:
        return lambda task: bin_task(work, task)
    if action is TaskBulkAction.DUE:
        return lambda task: change_task(work, task, _dates(task, data), seen)
    return lambda task: change_task(work, task, {'priority': data.priority}, seen)


def _dates(task: Task, data: TaskBulkInput) -> dict[str, Any]:
    """Return when a task is due now; where it begins keeps its distance in days, and its time of day (rule 8)."""
    if data.due is None:
        return {'due': None}
    on, there = days_of(data.due), ZoneInfo(task.zone or 'UTC')
    given: dict[str, Any] = {'due': data.due}
    if data.keep_time and task.due_at is not None:
        given |= {'due': datetime.combine(on, task.due_at.astimezone(there).time(), there), 'zone': task.zone}
    if task.due_on is not None and task.start_on is not None:
        start = task.start_on + (on - task.due_on)
        at = task.start_at.astimezone(there).time() if task.start_at is not None else None
        given['start'] = start if at is None else datetime.combine(start, at, there)
    return given


async def _to_list(work: Work, task: Task, list_id: UUID, seen: Sight) -> None:
    if task.list_id != list_id:
        column = await column_of_kind(work, list_id, KIND_FOR.get(task.status, ColumnKind.OPEN))
        await go_to(work, task, column, seen)


async def _assign(work: Work, task: Task, member_id: UUID, *, add: bool) -> None:
    held = await work.all(select(TaskAssignee.member_id).where(TaskAssignee.task_id == task.id))
    wanted = [*held, member_id] if add else [one for one in held if one != member_id]
    await put_assignees(work, task, wanted)


async def _label(work: Work, task: Task, name: str, *, add: bool) -> None:
    held = await _labels(work, task)
    rest = [one for one in held if one.casefold() != name.casefold()]
    await put_labels(work, task, [*rest, name] if add else rest)
    await work.flush()


@query(VIEW)
async def list_task_batches(work: Work) -> list[TaskBatchRow]:
    """Return the last changes of many tasks that the actor has made, the newest first."""
    mine = select(TaskBatch).where(belongs_to(TaskBatch.by_id, work.actor.member_id))
    return [
        TaskBatchRow(row.id, row.kind, row.title, row.created_at, row.changed_count, row.refused_count, row.undone_at)
        for row in await work.all(mine.order_by(col(TaskBatch.created_at).desc(), col(TaskBatch.id)).limit(50))
    ]


@service(ADD)
async def undo_task_batch(work: Work, task_batch_id: UUID) -> TaskBatchResult:
    """Take back a change of many tasks, an import, or a quick add, from the values that were noted.

    Tasks that somebody has changed since are left alone and listed. Raises NotFound for a batch of somebody else,
    Conflict when it was undone already.
    """
    batch = await work.get(TaskBatch, task_batch_id)
    if not work.actor.owns(batch.by_id) and not work.actor.may(MANAGE_ALL):
        raise NotFound('There is no such change.')
    if batch.undone_at is not None or batch.undo is None:
        raise Conflict('This was undone already.')
    seen = await sight(work)
    touched = {one.task_id: one for one in batch.undo.touched}
    tasks = await load_tasks(work, seen, list(touched), deleted=None)
    done, refused = 0, []
    through: set[UUID] = set()
    for at, task in enumerate(sorted(tasks, key=lambda task: task.parent_id is not None), 1):
        try:
            if task.id not in through:  # a part goes and comes with its task
                async with work.attempt():
                    also = await _undo_one(work, task, touched[task.id], seen, batch.created_at)
                through |= also
            done += 1
        except AppError as refusal:
            refused.append(TaskRefusal(task.id, task.label, task.title, refusal.message))
        if at % 50 == 0:
            await work.flush()
            await asyncio.sleep(0)
    batch.undone_at, batch.undo = work.now, None
    return TaskBatchResult(batch.id, done, refused, batch.raw_text)


async def _undo_one(work: Work, task: Task, one: Touched, seen: Sight, since: datetime) -> set[UUID]:
    """Take back what was done to one task until then; returns the ids of what is gone, or is there again, with it."""
    late = _('Somebody has changed this since.')
    is_standing = not one.is_new and not one.before.keys() - set(STANDING)
    await _require(work, seen, task, TaskBulkAction.STATUS if is_standing else TaskBulkAction.LIST)
    if one.is_new:
        parts = await children_of(work, task.id, deleted=True)
        touched = task.version != one.version or await is_touched(work, task, one.version, since)
        if touched or any([await is_touched(work, part, part.version, since) for part in parts]):
            raise Conflict(late)
        await purge(work, [task, *parts])
        return {task.id, *(part.id for part in parts)}
    now = await values_with(work, task, one.after.keys())
    if any(now.get(name) != value for name, value in one.after.items()) or changed_since(task, one.after):
        raise Conflict(late)
    before = dict(one.before)
    back = await take_out(work, task) if before.pop(DELETED, None) is False else []
    home = before.pop('list_id', None)
    if home is not None:
        await visible_list(work, UUID(home), seen, ShareLevel.EDIT)
        before.pop('column_id', None)
        await _to_list(work, task, UUID(home), seen)
    await put_back(work, task, before, seen)
    return {part.id for part in back}

"""Deleting tasks: into the bin, out of it, and after thirty days for good (rule 3)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from data.members import Member
from data.tasks import Task, TaskAssignee, TaskChecklistItem, TaskReminder, TaskTag, TaskTimeEntry
from logic import furniture
from logic.core.errors import Conflict, Denied
from logic.core.service import service
from logic.core.work import Work
from logic.tasks.domain import ADD, TaskDeleted, TasksPurged, domain
from logic.tasks.placing import children_of, tell_whole
from logic.tasks.visibility import editable_task, sight, visible_task

RESTORABLE = timedelta(days=30)
"""How long a deleted task waits in the bin."""
HANGING = (TaskAssignee, TaskTag, TaskChecklistItem, TaskReminder, TaskTimeEntry)


@service(ADD)
async def delete_task(work: Work, task_id: UUID) -> None:
    """Put a task with its sub-tasks into the bin; it can be restored for 30 days. Raises NotFound, Denied."""
    await bin_task(work, await editable_task(work, task_id, await sight(work)))


async def bin_task(work: Work, task: Task) -> None:
    """Put a task with its sub-tasks into the bin."""
    by = await work.find(Member, work.actor.member_id)
    tell_whole(work, task)
    for one in (task, *await children_of(work, task.id)):
        one.deleted_at, one.deleted_by_id = work.now, by.id if by else None
        one.occurrence_key = None
        await work.emit(TaskDeleted(one.id))


@service(ADD)
async def restore_task(work: Work, task_id: UUID) -> Task:
    """Take a task out of the bin, with the sub-tasks that went with it, to where it was.

    Whoever made it, deleted it or manages its list may. Raises NotFound, Denied, Conflict when its task is deleted too,
    or another one stands for its occurrence by now.
    """
    seen = await sight(work)
    task = await visible_task(work, task_id, seen, deleted=True)
    is_own = any(work.actor.owns(one) for one in (task.creator_id, task.deleted_by_id))
    if not seen.may_manage(task.list_id) and not is_own:
        raise Denied('Whoever made or deleted this task can restore it, or who manages its list.')
    await take_out(work, task)
    return task


async def take_out(work: Work, task: Task) -> list[Task]:
    """Take a task out of the bin, with the sub-tasks that went with it; returns them all. Raises as `restore_task`."""
    if task.parent_id is not None and await work.first(_live(Task.id == task.parent_id)) is None:
        raise Conflict('This is part of a task that is deleted too. Restore that one.')
    if task.series_id is not None and task.occurrence:
        stands = _live(Task.series_id == task.series_id, Task.occurrence_key == task.occurrence)
        if await work.first(stands) is not None:
            raise Conflict('Another task stands for this day of the series by now.')
    parts = await children_of(work, task.id, deleted=True)
    whole = [task, *(part for part in parts if part.deleted_at == task.deleted_at)]
    tell_whole(work, task)
    for one in whole:
        one.deleted_at, one.deleted_by_id, one.occurrence_key = None, None, one.occurrence or None
        await work.emit(TaskDeleted(one.id, restored=True))
    return whole


def _live(*which: Any) -> Any:
    return select(Task.id).where(*which, col(Task.deleted_at).is_(None)).limit(1)


async def purge(work: Work, tasks: list[Task]) -> None:
    """Remove tasks for good, with all that hangs on them."""
    ids = [task.id for task in tasks]
    for task in tasks:
        tell_whole(work, task)
    await work.emit(TasksPurged(tuple(ids)))
    for at in range(0, len(ids), 400):
        part = ids[at : at + 400]
        for model in HANGING:
            for row in await work.all(select(model).where(col(model.task_id).in_(part))):
                await work.delete(row)
        await furniture.clear(work, Task.__name__, part)
    await work.flush()
    for parts in (True, False):  # sub-tasks first: they name their task
        for task in tasks:
            if (task.parent_id is not None) is parts:
                await work.delete(task)
        await work.flush()


@domain.job(schedule='10 3 * * *')
async def empty_bin(work: Work) -> int:
    """Remove tasks for good that were deleted more than 30 days ago, some hundreds at a time."""
    old = select(Task).where(col(Task.deleted_at) < work.now - RESTORABLE).limit(500)
    tasks: list[Task] = await work.all(old)
    whole = {task.id: task for task in tasks}
    for task in tasks:
        whole |= {child.id: child for child in await children_of(work, task.id, deleted=True)}
    await purge(work, list(whole.values()))
    if len(tasks) == 500:
        work.enqueue(empty_bin)
    return len(whole)

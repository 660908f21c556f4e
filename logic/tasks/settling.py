"""Status, column and time of completion: the one place where they change, and always together (rule 2)."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from data.members import Member
from data.tasks import BoardColumn, ColumnKind, ShareLevel, Task, TaskStatus
from logic.core.errors import Conflict, Invalid
from logic.core.language import _, later
from logic.core.service import query, service
from logic.core.work import Work
from logic.tasks.domain import ADD, VIEW, TaskSettled
from logic.tasks.inputs import MoveInput
from logic.tasks.placing import children_of, column_of_kind, enter, entry_key, key_beside, lock_column, tell_whole
from logic.tasks.rows import OPEN
from logic.tasks.visibility import Sight, sight, visible_column, visible_list, workable_task

STATUS_IN = {
    ColumnKind.OPEN: TaskStatus.PENDING,
    ColumnKind.STARTED: TaskStatus.IN_PROGRESS,
    ColumnKind.DONE: TaskStatus.COMPLETED,
}
KIND_FOR = {status: kind for kind, status in STATUS_IN.items()}
ACTS = {TaskStatus.COMPLETED: 'tasks.complete_task', TaskStatus.CANCELLED: 'tasks.cancel_task'}
"""What the history calls it, in whatever way it was done (rule 2)."""


async def settle(work: Work, task: Task, status: TaskStatus) -> None:
    """Bring a task to a status, and into a column that says the same. Raises Conflict for a column that is full."""
    by = await _by(work)
    if status is not TaskStatus.CANCELLED:
        column = await work.get(BoardColumn, task.column_id)
        if column.kind is not KIND_FOR[status] or column.list_id != task.list_id:
            target = await column_of_kind(work, task.list_id, KIND_FOR[status])
            if target.id != column.id:
                await come_into(work, task, target)
    await _mark(work, task, status, by)


async def come_into(work: Work, task: Task, column: BoardColumn, key: str | None = None) -> None:
    """Put a task into another column, as far as that has room; its status is for the caller."""
    if task.parent_id is None and column.kind is not ColumnKind.DONE:
        await enter(work, column)
    else:
        await lock_column(work, column.id)
    task.order_key = key or await entry_key(work, column)
    task.column_id = column.id  # from here on nothing is asked of the database: one act is one row written


async def _by(work: Work) -> UUID | None:
    """Return whoever acts here, loaded: a query after the first change would write the row in two steps."""
    member = await work.find(Member, work.actor.member_id)
    return member.id if member is not None else None


async def mark(work: Work, task: Task, status: TaskStatus) -> None:
    """Note a status, with who finished it and when; the column is for the caller."""
    await _mark(work, task, status, await _by(work))


async def _mark(work: Work, task: Task, status: TaskStatus, by: UUID | None) -> None:
    before = task.status
    if status is before:
        return
    done = status is TaskStatus.COMPLETED
    if status not in OPEN or before not in OPEN:
        work.call(task, ACTS.get(status, 'tasks.reopen_task'))
    task.status = status
    if status in OPEN:
        task.started_at = (task.started_at or work.now) if status is TaskStatus.IN_PROGRESS else None
    task.completed_at = work.now if done else None
    task.completed_by_id = by if done else None
    tell_whole(work, task)
    await work.emit(TaskSettled(task.id, before.value, status.value))


@service(ADD)
async def complete_task(work: Work, task_id: UUID) -> Task:
    """Note that a task is done. Raises Conflict when it is done already, NotFound, Denied."""
    task = await workable_task(work, task_id, await sight(work))
    if task.status is TaskStatus.COMPLETED:
        raise Conflict(_('{task} is done already. Reopen it first, if it has to be done again.', task=task.label))
    await settle(work, task, TaskStatus.COMPLETED)
    return task


@service(ADD)
async def reopen_task(work: Work, task_id: UUID) -> Task:
    """Take up again what was done or cancelled. Raises Conflict when it is open, NotFound, Denied."""
    task = await workable_task(work, task_id, await sight(work))
    if task.status in OPEN:
        raise Conflict(_('{task} is open already.', task=task.label))
    await settle(work, task, TaskStatus.PENDING)
    return task


@service(ADD)
async def cancel_task(work: Work, task_id: UUID) -> Task:
    """Note that a task will not be done. Raises Conflict when it is done or cancelled already, NotFound, Denied."""
    task = await workable_task(work, task_id, await sight(work))
    if task.status is TaskStatus.COMPLETED:
        raise Conflict(_('{task} is completed already.', task=task.label))
    if task.status is TaskStatus.CANCELLED:
        raise Conflict(_('{task} is cancelled already.', task=task.label))
    await settle(work, task, TaskStatus.CANCELLED)
    return task


@query(VIEW)
async def open_parts(work: Work, task_ids: Sequence[UUID]) -> list[UUID]:
    """Return the open parts of those of these tasks that are done or cancelled, as far as the actor sees them."""
    seen = await sight(work)
    found: list[UUID] = []
    for at in range(0, len(task_ids), 400):
        which = (col(Task.id).in_(task_ids[at : at + 400]), col(Task.status).not_in(OPEN))
        left = select(Task.id).where(col(Task.parent_id).in_(select(Task.id).where(*which)))
        found += await work.all(left.where(col(Task.status).in_(OPEN), seen.tasks()).order_by(col(Task.number)))
    return found


@service(ADD)
async def move_task(work: Work, task_id: UUID, data: MoveInput) -> Task:
    """Put a card between two neighbours, in its own or another column, also of another list.

    `data.before` is the card that will stand just above, `data.after` the one just below; with neither it goes last.
    Raises Conflict when the card is not where it was seen, its neighbours are gone, or the column is full (rule 13).
    """
    seen = await sight(work)
    task = await workable_task(work, task_id, seen)
    target_id = data.column or task.column_id
    target = await visible_column(work, target_id, seen)
    if data.from_column is not None and task.column_id != data.from_column:
        await visible_column(work, data.from_column, seen)
        text = later('Somebody else moved {task} meanwhile. Look where it is now, then repeat.')
        raise Conflict(_(text, task=task.label))
    if target_id != task.column_id and data.from_column is None:
        raise Invalid('Say where the card was.', {'from_column': 'Name the column that it is taken from.'})
    if target.list_id != task.list_id:
        await _take_along(work, task, target, seen)
    if target.id == task.column_id:
        await lock_column(work, target.id)
        task.order_key = await key_beside(work, target.id, task, data.before, data.after, visible=seen.tasks())
        return task
    by = await _by(work)
    await lock_column(work, target.id)
    key = await key_beside(work, target.id, task, data.before, data.after, visible=seen.tasks())
    await come_into(work, task, target, key)
    await _mark(work, task, STATUS_IN[target.kind], by)
    return task


async def go_to(work: Work, task: Task, column: BoardColumn, seen: Sight) -> None:
    """Let a task with its sub-tasks go to a column of another list that means the same. Raises Denied, Conflict."""
    await _take_along(work, task, column, seen)
    await come_into(work, task, column)


async def _take_along(work: Work, task: Task, target: BoardColumn, seen: Sight) -> None:
    """Let a task go to another list together with its sub-tasks. Raises Denied, Conflict."""
    if task.parent_id is not None:
        raise Conflict('A sub-task stays in the list of its task.')
    await visible_list(work, task.list_id, seen, ShareLevel.EDIT)
    await visible_list(work, target.list_id, seen, ShareLevel.EDIT)
    for child in await children_of(work, task.id):
        column = await column_of_kind(work, target.list_id, KIND_FOR.get(child.status, ColumnKind.OPEN))
        await lock_column(work, column.id)
        child.order_key, child.column_id, child.list_id = await entry_key(work, column), column.id, target.list_id
        await work.flush()
    task.list_id = target.list_id

"""Adding, changing, deleting and restoring tasks."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from data.members import Member
from data.tasks import (
    ColumnKind,
    ShareLevel,
    Task,
    TaskAssignee,
    TaskChecklistItem,
    TaskList,
    TaskPriority,
    TaskReminder,
    TaskStatus,
    TaskTag,
    TaskTimeEntry,
)
from logic.core.errors import Conflict, Denied, Invalid
from logic.core.service import service
from logic.core.work import Work
from logic.members.names import fold
from logic.tasks.domain import ADD, TaskAdded, TaskDeleted, TasksPurged, domain
from logic.tasks.inputs import TaskChange, TaskInput, localised
from logic.tasks.lists import my_inbox
from logic.tasks.parts import add_steps, put_assignees, put_labels
from logic.tasks.placing import children_of, column_of_kind, enter, entry_key, lock_column
from logic.tasks.settling import KIND_FOR, STATUS_IN, settle
from logic.tasks.visibility import Sight, editable_task, sight, visible_column, visible_list, visible_task

RANKS = {priority: rank for rank, priority in enumerate(TaskPriority)}
RESTORABLE = timedelta(days=30)
"""How long a deleted task waits in the bin (rule 3)."""
PLAIN = ('title', 'description', 'estimate_minutes', 'progress')
HANGING = (TaskAssignee, TaskTag, TaskChecklistItem, TaskReminder, TaskTimeEntry)


@service(ADD)
async def add_task(work: Work, data: TaskInput) -> Task:
    """Add a task at the end of a list's first column, or where the input says; without a list to the actor's inbox.

    Raises NotFound for a list, column, parent or person that is not there for the actor, Denied for a list that he may
    only see, Conflict for a column that is full, Invalid for a part of a part.
    """
    seen = await sight(work)
    return await make_task(work, data, seen)


async def make_task(work: Work, data: TaskInput, seen: Sight) -> Task:
    """Add a task, as `add_task` does, for who has looked already."""
    home, parent = await _home(work, data, seen)
    status = data.status or TaskStatus.PENDING
    if data.column_id is not None:
        column = await visible_column(work, data.column_id, seen, ShareLevel.EDIT)
        if column.list_id != home.id:
            raise Invalid('This column is on another board.', {'column_id': f'Choose a column of "{home.title}".'})
        status = data.status or STATUS_IN[column.kind]
        if status is not TaskStatus.CANCELLED and KIND_FOR[status] is not column.kind:
            raise Invalid(
                'Status and column contradict each other.',
                {'status': f'In "{column.title}" it is {STATUS_IN[column.kind].label.lower()}.'},
            )
    else:
        column = await column_of_kind(work, home.id, KIND_FOR.get(status, ColumnKind.OPEN))
    if parent is None and column.kind is not ColumnKind.DONE and status is not TaskStatus.CANCELLED:
        await enter(work, column)
    else:
        await lock_column(work, column.id)
    creator = await work.find(Member, seen.member_id)
    number = await work.number('task')
    task = Task(
        number=number, title=data.title, description=data.description, list_id=home.id, column_id=column.id,
        order_key=await entry_key(work, column), parent_id=parent.id if parent else None, status=status,
        priority=data.priority, priority_rank=RANKS[data.priority], creator_id=creator.id if creator else None,
        estimate_minutes=data.estimate_minutes, progress=data.progress, search=search_text(number, data.title),
    )  # fmt: skip
    if status is TaskStatus.COMPLETED:
        task.completed_at, task.completed_by_id = work.now, task.creator_id
    put_dates(task, {'start': data.start, 'due': data.due}, data.zone or seen.zone)
    work.add(task)
    await work.flush()
    await add_steps(work, task, data.checklist)
    await put_labels(work, task, data.labels)
    await work.emit(TaskAdded(task.id))
    await put_assignees(work, task, data.assignee_ids)
    return task


def search_text(number: int, title: str) -> str:
    """Return what the quick search looks into."""
    return f't-{number} {fold(title)}'[:240]


async def _home(work: Work, data: TaskInput, seen: Sight) -> tuple[TaskList, Task | None]:
    if data.parent_id is not None:
        parent = await editable_task(work, data.parent_id, seen)
        if parent.parent_id is not None:
            words = f'{parent.label} is part of another task itself.'
            raise Invalid('Tasks nest one level.', {'parent_id': words})
        if data.list_id not in (None, parent.list_id):
            raise Invalid('A sub-task is in the list of its task.', {'list_id': 'Leave it out.'})
        return await work.get(TaskList, parent.list_id), parent
    if data.list_id is not None:
        return await visible_list(work, data.list_id, seen, ShareLevel.EDIT), None
    if data.column_id is not None:
        column = await visible_column(work, data.column_id, seen, ShareLevel.EDIT)
        return await work.get(TaskList, column.list_id), None
    inbox = await my_inbox(work)
    seen.levels[inbox.id] = ShareLevel.MANAGE
    return inbox, None


def put_dates(task: Task, given: dict[str, Any], zone: str) -> None:
    """Set when a task begins and is due. Raises Invalid when it would begin after it is due."""
    task.zone = zone
    if 'start' in given:
        task.start_on, task.start_at = (None, None) if given['start'] is None else localised(given['start'], zone)
    if 'due' in given:
        task.due_on, task.due_at = (None, None) if given['due'] is None else localised(given['due'], zone)
    begins_late = task.start_on and task.due_on and task.start_on > task.due_on
    if begins_late or (task.start_at and task.due_at and task.start_at > task.due_at):
        raise Invalid('A task cannot begin after it is due.', {'start': 'Choose an earlier day.'})


@service(ADD)
async def update_task(work: Work, task_id: UUID, data: TaskChange, version: int | None = None) -> Task:
    """Change the fields of a task that are given. Raises NotFound, Denied, Invalid, Conflict for a stale version."""
    seen = await sight(work)
    task = await editable_task(work, task_id, seen, version)
    await change_task(work, task, data.given(), seen)
    return task


async def change_task(work: Work, task: Task, given: dict[str, Any], seen: Sight) -> None:
    """Change fields of a task that the actor may change. Raises Invalid, NotFound, Conflict."""
    if 'title' in given and not given['title']:
        raise Invalid('A task needs a title.', {'title': 'Say in a few words what is to be done.'})
    for name in PLAIN:
        if name in given and getattr(task, name) != given[name]:
            setattr(task, name, given[name])
    if 'title' in given:
        task.search = search_text(task.number, task.title)
    if 'priority' in given:
        task.priority, task.priority_rank = given['priority'], RANKS[given['priority']]
    if {'start', 'due', 'zone'} & given.keys():
        put_dates(task, given, given.get('zone') or (seen.zone if {'start', 'due'} & given.keys() else task.zone))
    if given.get('status') is not None:
        await settle(work, task, given['status'])
    if 'assignee_ids' in given:
        await put_assignees(work, task, given['assignee_ids'])
    if 'labels' in given:
        await put_labels(work, task, given['labels'])


@service(ADD)
async def delete_task(work: Work, task_id: UUID, version: int | None = None) -> None:
    """Put a task with its sub-tasks into the bin; it can be restored for 30 days. Raises NotFound, Denied."""
    seen = await sight(work)
    task = await editable_task(work, task_id, seen, version)
    await bin_task(work, task)


async def bin_task(work: Work, task: Task) -> None:
    """Put a task with its sub-tasks into the bin."""
    by = await work.find(Member, work.actor.member_id)
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
    if not seen.may_manage(task.list_id) and seen.member_id not in (task.creator_id, task.deleted_by_id):
        raise Denied('Whoever made or deleted this task can restore it, or who manages its list.')
    if task.parent_id is not None and await work.first(_live(Task.id == task.parent_id)) is None:
        raise Conflict('This is part of a task that is deleted too. Restore that one.')
    if task.series_id is not None and task.occurrence:
        stands = _live(Task.series_id == task.series_id, Task.occurrence_key == task.occurrence)
        if await work.first(stands) is not None:
            raise Conflict('Another task stands for this day of the series by now.')
    gone_at = task.deleted_at
    for one in (task, *await children_of(work, task.id, deleted=True)):
        if one.deleted_at == gone_at:
            one.deleted_at, one.deleted_by_id, one.occurrence_key = None, None, one.occurrence or None
            await work.emit(TaskDeleted(one.id, restored=True))
    return task


def _live(*which: Any) -> Any:
    return select(Task.id).where(*which, col(Task.deleted_at).is_(None)).limit(1)


async def purge(work: Work, tasks: list[Task]) -> None:
    """Remove tasks for good, with all that hangs on them."""
    ids = [task.id for task in tasks]
    await work.emit(TasksPurged(tuple(ids)))
    for at in range(0, len(ids), 400):
        part = ids[at : at + 400]
        for model in HANGING:
            for row in await work.all(select(model).where(col(model.task_id).in_(part))):
                await work.delete(row)
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

"""Adding and changing tasks."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from data.members import Member
from data.tasks import (
    ColumnKind,
    ShareLevel,
    Task,
    TaskList,
    TaskPriority,
    TaskStatus,
)
from logic.core.errors import Invalid
from logic.core.language import _
from logic.core.service import service
from logic.core.work import Work
from logic.custom_fields import Values, put_values
from logic.tasks.domain import ADD, TaskAdded
from logic.tasks.inputs import TaskChange, TaskInput, localised, search_text
from logic.tasks.lists import my_inbox
from logic.tasks.parts import add_steps, put_assignees, put_labels
from logic.tasks.placing import column_of_kind, enter, entry_key, lock_column, tell_whole
from logic.tasks.reminders import follow_dates
from logic.tasks.series import put_repeat
from logic.tasks.settling import KIND_FOR, STATUS_IN, settle
from logic.tasks.visibility import Sight, editable_task, sight, visible_column, visible_list

RANKS = {priority: rank for rank, priority in enumerate(TaskPriority)}
DATES = ('start_on', 'start_at', 'due_on', 'due_at', 'zone')
PLAIN = ('title', 'description', 'estimate_minutes', 'progress')


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
            known = _('Choose a column of "{list}".', list=home.title)
            raise Invalid('This column is on another board.', {'column_id': known})
        status = data.status or STATUS_IN[column.kind]
        if status is not TaskStatus.CANCELLED and KIND_FOR[status] is not column.kind:
            known = _('In "{column}" it is: {status}.', column=column.title, status=STATUS_IN[column.kind].label)
            raise Invalid('Status and column contradict each other.', {'status': known})
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
    if status is TaskStatus.IN_PROGRESS:
        task.started_at = work.now
    if status is TaskStatus.COMPLETED:
        task.completed_at, task.completed_by_id = work.now, task.creator_id
    put_dates(task, {'start': data.start, 'due': data.due}, data.zone or seen.zone)
    if data.repeat is not None:
        await put_repeat(work, task, data.repeat)
    work.add(task)
    await work.flush()
    await add_steps(work, task, data.checklist)
    await put_labels(work, task, data.labels)
    await put_values(work, Task.__name__, task.id, data.custom)
    tell_whole(work, task)
    await work.emit(TaskAdded(task.id))
    await put_assignees(work, task, data.assignee_ids)
    return task


async def _home(work: Work, data: TaskInput, seen: Sight) -> tuple[TaskList, Task | None]:
    if data.parent_id is not None:
        parent = await editable_task(work, data.parent_id, seen)
        if parent.parent_id is not None:
            words = _('{task} is part of another task itself.', task=parent.label)
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
    dates: dict[str, Any] = {'zone': zone}
    for name in ('start', 'due'):
        if name in given:
            when = (None, None) if given[name] is None else localised(given[name], zone)
            dates[f'{name}_on'], dates[f'{name}_at'] = when
    set_dates(task, dates)


def set_dates(task: Task, dates: Mapping[str, Any]) -> None:
    """Set columns of a task among DATES. Raises Invalid, before any is set, when it would begin after it is due."""
    new = {name: dates.get(name, getattr(task, name)) for name in DATES}
    begins_late = new['start_on'] and new['due_on'] and new['start_on'] > new['due_on']
    if begins_late or (new['start_at'] and new['due_at'] and new['start_at'] > new['due_at']):
        raise Invalid('A task cannot begin after it is due.', {'start': 'Choose an earlier day.'})
    for name, value in new.items():
        setattr(task, name, value)


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
    if 'custom' in given:  # first: what is asked of the database for it would write the other fields apart
        await put_custom(work, task, given['custom'])
    for name in PLAIN:
        if name in given and getattr(task, name) != given[name]:
            setattr(task, name, given[name])
    if 'title' in given:
        task.search = search_text(task.number, task.title)
    if 'priority' in given:
        task.priority, task.priority_rank = given['priority'], RANKS[given['priority']]
    if {'start', 'due', 'zone'} & given.keys():
        put_dates(task, given, given.get('zone') or (seen.zone if {'start', 'due'} & given.keys() else task.zone))
        await follow_dates(work, task)
    if 'repeat' in given:
        await put_repeat(work, task, given['repeat'])
    if given.get('status') is not None:
        await settle(work, task, given['status'])
    if 'assignee_ids' in given:
        await put_assignees(work, task, given['assignee_ids'])
    if 'labels' in given:
        await put_labels(work, task, given['labels'])


async def put_custom(work: Work, task: Task, values: Values) -> None:
    """Write the department's own fields of a task that the actor may change. Raises Invalid by field id."""
    if await put_values(work, Task.__name__, task.id, values):
        task.updated_at = work.now  # they are fields of it: it has a new version

"""Tasks: the list, and each task with what is done to it."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field, field_validator
from starlette.responses import Response

from data.tasks import ColumnKind, ShareLevel, TaskPriority, TaskStatus
from logic import tasks
from logic.core.actor import Actor
from logic.tasks import MoveInput, TaskChange, TaskInput, TaskView
from logic.tasks.domain import ADD, VIEW
from ui.api.callers import Caller, CallerOnce
from ui.api.models import Labelled, Listing, ListParameters, RecordParameters, Shown
from ui.api.routing import delete, get, patch, post, put

ONE = '/tasks/{task_id:uuid}'
Version = Annotated[int | None, Field(ge=1, description='The version that you read; 409 when it is old.')]


class TaskParameters(RecordParameters):
    """The filters of the list of tasks; each takes several values, separated by commas. `field:<id>`: a custom field.

    A custom field takes its values as they are stored, and `none`.
    """

    status: Annotated[str, Field(max_length=200, examples=['pending,in_progress'], description='Also `open`.')] = ''
    priority: Annotated[str, Field(max_length=200, examples=['high,urgent'])] = ''
    list: Annotated[str, Field(max_length=2000, description='Ids of lists.')] = ''
    column: Annotated[str, Field(max_length=2000, description='Ids of columns.')] = ''
    assignee: Annotated[str, Field(max_length=2000, description='Ids of members, `me`, `none`.')] = ''
    creator: Annotated[str, Field(max_length=2000, description='Ids of members, `me`.')] = ''
    label: Annotated[str, Field(max_length=2000, description='Ids of labels, `none`.')] = ''
    parent: Annotated[str, Field(max_length=2000, description='Ids of tasks, `none` for what is part of nothing.')] = ''
    due: Annotated[
        str,
        Field(max_length=200, examples=['2026-01-01..2026-01-31'],
              description='`overdue`, `today`, `week`, `none`, a day, or two days with two dots between.'),
    ] = ''  # fmt: skip
    archived: Annotated[str, Field(pattern='^(yes|)$', description='`yes`: those of archived lists too.')] = ''


class TaskItem(Shown):
    """A task in a list."""

    id: UUID
    number: int
    label: Annotated[str, Field(description='The number as people write it.', examples=['T-1042'])]
    title: str
    list: Annotated[Labelled, Field(validation_alias='in_list')]
    column: Labelled
    column_kind: ColumnKind
    status: TaskStatus
    priority: TaskPriority
    start: Annotated[date | datetime | None, Field(description='A day, or an instant.')] = None
    due: Annotated[date | datetime | None, Field(description='A day, or an instant.')] = None
    is_overdue: bool
    parent_id: UUID | None
    creator: Labelled | None
    assignees: list[Labelled]
    labels: list[Labelled]
    estimate_minutes: int | None
    progress: int
    is_recurring: bool
    steps_done: int
    steps_total: int
    parts_done: int
    parts_total: int
    spent_minutes: Annotated[int, Field(description='Time that people noted for it.')]
    comment_count: int
    file_count: int
    custom: Annotated[dict[UUID, str], Field(description='Custom fields by their ids: GET /custom-fields.')]
    completed_at: datetime | None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None
    version: int


class StepItem(Shown):
    """A step of a checklist."""

    id: UUID
    title: str
    is_done: bool
    assignee: Labelled | None
    due_on: date | None
    version: int


class TaskRecord(TaskItem):
    """A task with all that belongs to it."""

    description: Annotated[str, Field(description='Cleaned HTML.')]
    zone: Annotated[str, Field(description='Where its days and times of day are meant.')]
    parent: Labelled | None
    completed_by: Labelled | None
    checklist: list[StepItem]
    parts: list[TaskItem]
    list_level: Annotated[ShareLevel | None, Field(description='Null when only the task was given to the caller.')]
    may_edit: bool
    may_work: bool


class TaskPatch(TaskChange):
    """Some fields of a task; what is left out stays.

    Give the version that you read when you write over a text: without it, what somebody else wrote meanwhile is
    written over as well. What it said stays in the activity of the task, where it can be taken back.
    """

    version: Version = None


class TaskPut(TaskPatch):
    """All fields of a task; what is left out becomes empty, apart from its status."""

    title: Annotated[str, Field(min_length=1, max_length=200)]

    @field_validator('title')
    @classmethod
    def _is_said(cls, value: str) -> str:
        if not value.strip():
            raise ValueError('Say in a few words what is to be done.')
        return value


class MyWorkAnswer(Shown):
    """What waits for the caller, and what he waits for."""

    overdue: list[TaskItem]
    today: list[TaskItem]
    upcoming: list[TaskItem]
    undated: list[TaskItem]
    waiting: list[TaskItem]
    is_cut: bool


def item(row: Any) -> TaskItem:
    """Return a task in a list, with a day or an instant for when it begins and is due."""
    shown = TaskItem.model_validate(row)
    return shown.model_copy(update={'start': row.start_at or row.start_on, 'due': row.due_at or row.due_on})


def record(view: TaskView) -> TaskRecord:
    """Return a task with all that belongs to it."""
    return TaskRecord(
        **item(view.row).model_dump(exclude={'list'}), in_list=Labelled.model_validate(view.row.in_list),
        description=view.description, zone=view.zone, list_level=view.list_level,
        may_edit=view.may_edit, may_work=view.may_work, parts=[item(row) for row in view.parts],
        parent=Labelled.model_validate(view.parent) if view.parent else None,
        completed_by=Labelled.model_validate(view.completed_by) if view.completed_by else None,
        checklist=[StepItem.model_validate(step) for step in view.steps],
    )  # fmt: skip


async def shown(caller: Actor, task_id: UUID) -> TaskRecord:
    """Return a task as it is now."""
    return record(await tasks.get_task(caller.using(None), task_id))


@get('/tasks', permission=VIEW, response_model=Listing[TaskItem])
async def list_tasks(caller: Caller, given: Annotated[TaskParameters, Query()]) -> object:
    """List the tasks that the caller sees."""
    page = await tasks.list_tasks(caller, given.asked())
    rows = [item(row) for row in page.rows]
    return {'items': rows, 'total': page.total, 'page': page.page, 'page_size': page.page_size}


@post('/tasks', permission=ADD, status_code=201, response_model=TaskRecord)
async def add_task(caller: CallerOnce, given: TaskInput) -> object:
    """Add a task. Only a title is required; without a list it goes to the caller's inbox."""
    made = await tasks.add_task(caller, given)
    return await shown(caller, made.id)


@get('/tasks/mine', permission=VIEW, response_model=MyWorkAnswer)
async def my_work(caller: Caller) -> object:
    """Show what waits for the caller: overdue, today, upcoming, without a date, and what he waits for."""
    work = await tasks.my_work(caller)
    names = ('overdue', 'today', 'upcoming', 'undated', 'waiting')
    return {**{name: [item(row) for row in getattr(work, name)] for name in names}, 'is_cut': work.is_cut}


@get('/tasks/bin', permission=VIEW, response_model=Listing[TaskItem])
async def list_bin(caller: Caller, given: Annotated[ListParameters, Query()]) -> object:
    """List deleted tasks that the caller may restore, the latest first."""
    page = await tasks.list_bin(caller, given.asked())
    return {'items': [item(row) for row in page.rows], 'total': page.total, 'page': page.page,
            'page_size': page.page_size}  # fmt: skip


@get(ONE, permission=VIEW, response_model=TaskRecord)
async def get_task(caller: Caller, task_id: UUID) -> object:
    """Show a task with all that belongs to it."""
    return await shown(caller, task_id)


@put(ONE, permission=ADD, response_model=TaskRecord)
async def replace_task(caller: Caller, task_id: UUID, given: TaskPut) -> object:
    """Replace all fields of a task; list, column and place stay."""
    values = given.model_dump(exclude={'version'} if given.status else {'version', 'status'})
    if 'zone' not in given.model_fields_set:
        values.pop('zone')
    stored = await tasks.get_task(caller, task_id)
    values['custom'] = dict.fromkeys(stored.row.custom) | given.custom
    await tasks.update_task(caller, task_id, TaskChange.model_validate(values), given.version)
    return await shown(caller, task_id)


@patch(ONE, permission=ADD, response_model=TaskRecord)
async def update_task(caller: Caller, task_id: UUID, given: TaskPatch) -> object:
    """Change some fields of a task."""
    values = given.model_dump(exclude_unset=True, exclude={'version'})
    await tasks.update_task(caller, task_id, TaskChange.model_validate(values), given.version)
    return await shown(caller, task_id)


@delete(ONE, permission=ADD, status_code=204)
async def delete_task(caller: Caller, task_id: UUID) -> Response:
    """Put a task into the bin, with its sub-tasks; it can be restored for 30 days."""
    await tasks.delete_task(caller, task_id)
    return Response(status_code=204)


@post(f'{ONE}/restore', permission=ADD, response_model=TaskRecord)
async def restore_task(caller: CallerOnce, task_id: UUID) -> object:
    """Take a task out of the bin."""
    await tasks.restore_task(caller, task_id)
    return await shown(caller, task_id)


@patch(f'{ONE}/complete', permission=ADD, response_model=TaskRecord)
async def complete_task(caller: Caller, task_id: UUID) -> object:
    """Note that a task is done; 409 when it is done already."""
    await tasks.complete_task(caller, task_id)
    return await shown(caller, task_id)


@patch(f'{ONE}/reopen', permission=ADD, response_model=TaskRecord)
async def reopen_task(caller: Caller, task_id: UUID) -> object:
    """Take up again what was done or cancelled; 409 when it is open."""
    await tasks.reopen_task(caller, task_id)
    return await shown(caller, task_id)


@patch(f'{ONE}/cancel', permission=ADD, response_model=TaskRecord)
async def cancel_task(caller: Caller, task_id: UUID) -> object:
    """Note that a task will not be done; 409 when it is done or cancelled already."""
    await tasks.cancel_task(caller, task_id)
    return await shown(caller, task_id)


@patch(f'{ONE}/move', permission=ADD, response_model=TaskRecord)
async def move_task(caller: Caller, task_id: UUID, given: MoveInput) -> object:
    """Put a card between two neighbours, in its own or another column; 409 when it is not where it was seen."""
    await tasks.move_task(caller, task_id, given)
    return await shown(caller, task_id)

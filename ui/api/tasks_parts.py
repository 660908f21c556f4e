"""What hangs on a task: checklist, time, reminders, and how it comes again."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field
from starlette.responses import Response

from data.tasks import AnchorMode, ReminderKind
from logic import tasks
from logic.tasks import ChecklistInput, ReminderInput, RepeatInput, TimeInput
from logic.tasks.domain import ADD, VIEW
from ui.api.callers import Caller, CallerOnce
from ui.api.models import Given, Labelled, Shown
from ui.api.routing import delete, get, patch, post, put
from ui.api.tasks import ONE, TaskRecord, shown

STEP = '/tasks/steps/{step_id:uuid}'


class StepPatch(Given):
    """Whether a step is done, and where it stands."""

    is_done: bool | None = None
    after_id: Annotated[UUID | None, Field(description='The step that it follows; null for the first place.')] = None


class TimeItem(Shown):
    """Time spent on a task."""

    id: UUID
    member: Labelled
    worked_on: date
    minutes: int
    note: str
    may_remove: bool


class TimeMade(Shown):
    """Time that was noted."""

    id: UUID
    worked_on: date
    minutes: int
    note: str


class ReminderItem(Shown):
    """A reminder of the caller."""

    id: UUID
    kind: ReminderKind
    offset_minutes: int
    remind_at: datetime | None
    sent_at: datetime | None


class RepeatItem(Shown):
    """How a task comes again."""

    rule: Annotated[str, Field(examples=['FREQ=WEEKLY;BYDAY=FR'])]
    mode: AnchorMode
    words: str
    zone: str
    next_on: list[date]


@post(f'{ONE}/steps', permission=ADD, status_code=201, response_model=TaskRecord)
async def add_step(caller: CallerOnce, task_id: UUID, given: ChecklistInput) -> object:
    """Add a step at the end of a task's checklist."""
    await tasks.add_step(caller, task_id, given)
    return await shown(caller, task_id)


@put(STEP, permission=ADD, status_code=204)
async def update_step(caller: Caller, step_id: UUID, given: ChecklistInput) -> Response:
    """Change what a step says, who does it, and when."""
    await tasks.update_step(caller, step_id, given)
    return Response(status_code=204)


@patch(STEP, permission=ADD, status_code=204)
async def tick_or_move_step(caller: Caller, step_id: UUID, given: StepPatch) -> Response:
    """Tick a step, or put it elsewhere in its checklist."""
    if given.is_done is not None:
        await tasks.tick_step(caller, step_id, done=given.is_done)
    if 'after_id' in given.model_fields_set:
        await tasks.move_step(caller, step_id, given.after_id)
    return Response(status_code=204)


@delete(STEP, permission=ADD, status_code=204)
async def remove_step(caller: Caller, step_id: UUID) -> Response:
    """Remove a step."""
    await tasks.remove_step(caller, step_id)
    return Response(status_code=204)


@get(f'{ONE}/time', permission=VIEW, response_model=list[TimeItem])
async def list_time(caller: Caller, task_id: UUID) -> object:
    """List the time spent on a task."""
    return await tasks.list_time(caller, task_id)


@post(f'{ONE}/time', permission=ADD, status_code=201, response_model=TimeMade)
async def add_time(caller: CallerOnce, task_id: UUID, given: TimeInput) -> object:
    """Note time that the caller spent on a task."""
    return await tasks.add_time(caller, task_id, given)


@delete('/tasks/time/{time_entry_id:uuid}', permission=ADD, status_code=204)
async def remove_time(caller: Caller, time_entry_id: UUID) -> Response:
    """Remove time that was noted."""
    await tasks.remove_time(caller, time_entry_id)
    return Response(status_code=204)


@get(f'{ONE}/reminders', permission=VIEW, response_model=list[ReminderItem])
async def list_reminders(caller: Caller, task_id: UUID) -> object:
    """List the caller's own reminders of a task."""
    return await tasks.list_reminders(caller, task_id)


@post(f'{ONE}/reminders', permission=ADD, status_code=201, response_model=ReminderItem)
async def add_reminder(caller: CallerOnce, task_id: UUID, given: ReminderInput) -> object:
    """Have oneself reminded of a task."""
    return await tasks.add_reminder(caller, task_id, given)


@delete('/tasks/reminders/{reminder_id:uuid}', permission=ADD, status_code=204)
async def remove_reminder(caller: Caller, reminder_id: UUID) -> Response:
    """Be reminded no more."""
    await tasks.remove_reminder(caller, reminder_id)
    return Response(status_code=204)


@get(f'{ONE}/repeat', permission=VIEW, response_model=RepeatItem | None)
async def get_repeat(caller: Caller, task_id: UUID) -> object:
    """Show how a task comes again; null when it does not."""
    return await tasks.get_repeat(caller, task_id)


@put(f'{ONE}/repeat', permission=ADD, response_model=RepeatItem | None)
async def set_repeat(caller: Caller, task_id: UUID, given: RepeatInput) -> object:
    """Let a task come again, from its due date on."""
    await tasks.set_repeat(caller, task_id, given)
    return await tasks.get_repeat(caller, task_id)


@delete(f'{ONE}/repeat', permission=ADD, status_code=204)
async def end_repeat(caller: Caller, task_id: UUID) -> Response:
    """Let a task come again no more."""
    await tasks.set_repeat(caller, task_id, None)
    return Response(status_code=204)

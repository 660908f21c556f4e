"""When a task is due: a day, and a time of day on it if it has one."""

from datetime import datetime, time
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from logic import tasks
from logic.core.actor import Actor
from logic.core.language import _, later
from logic.tasks import TaskChange
from logic.tasks.inputs import Day
from ui.components import FormDialog, toast
from ui.pages.tasks import cells
from ui.pages.tasks.adding import Open, moment


class DueForm(BaseModel):
    """When a task is due."""

    model_config = ConfigDict(extra='forbid')

    due_on: Annotated[Day | None, Field(title=later('Due'))] = None
    due_at: Annotated[time | None, Field(title=later('Time'))] = None

    @model_validator(mode='after')
    def _has_day(self) -> 'DueForm':
        if self.due_at is not None and self.due_on is None:
            raise ValueError(_('Choose the day as well as the time.'))
        return self


def opens(task_id: UUID) -> Open:
    """Return what opens the form."""

    async def save(actor: Actor, data: DueForm) -> None:
        await tasks.update_task(actor, task_id, TaskChange(due=moment(data.due_on, data.due_at)))
        toast(_('Saved.'))

    async def show(actor: Actor) -> None:
        row = (await tasks.get_task(actor, task_id)).row
        due = cells.due(row, actor.zone)
        at = due.time() if isinstance(due, datetime) else None
        value = {'due_on': due.date() if isinstance(due, datetime) else due, 'due_at': at}
        dialog = FormDialog(
            _('When is it due?'), DueForm, save, value=value, text=_('Times are those of where you are.')
        )
        dialog.date('due_on', span=6)
        dialog.time('due_at', span=6, help=_('Empty for the whole day.'))

    return show

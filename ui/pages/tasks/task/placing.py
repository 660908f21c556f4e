"""Moving a task to another list or column by a form: what a drag does, without dragging."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from logic import tasks
from logic.core.actor import Actor
from logic.core.language import _, later
from logic.tasks import MoveInput, TaskView
from ui.components import FormDialog, toast
from ui.pages.tasks.adding import Open, may_add_to


class MoveForm(BaseModel):
    """Where a task is to go."""

    model_config = ConfigDict(extra='forbid')

    column: Annotated[UUID, Field(title=later('List and column'))]


def opens(view: TaskView) -> Open:
    """Return what opens the form."""

    async def save(actor: Actor, data: MoveForm) -> None:
        here = (await tasks.get_task(actor, view.row.id)).row.column.id
        await tasks.move_task(actor, view.row.id, MoveInput(column=data.column, from_column=here))
        toast(_('Moved.'))

    async def show(actor: Actor) -> None:
        here = [(column.id, f'{view.row.in_list.name}: {column.name}') for column in view.columns]
        others = [one for one in await may_add_to(actor) if one.id != view.row.in_list.id][:50]
        there = [
            (column.id, f'{one.title}: {column.title}')
            for one in others
            for column in await tasks.list_columns(actor, one.id)
        ]
        dialog = FormDialog(_('Move to…'), MoveForm, save, label=_('Move'), value={'column': view.row.column.id})
        dialog.select('column', [*here, *there])

    return show

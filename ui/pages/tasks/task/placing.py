"""Moving a task to another list or column by a form: what a drag does, without dragging."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from logic import tasks
from logic.core.actor import Actor
from logic.core.language import _, later
from logic.tasks import MoveInput, TaskView
from ui.components import FormDialog
from ui.pages.tasks import cells
from ui.pages.tasks.adding import Open


class MoveForm(BaseModel):
    """Where a task is to go."""

    model_config = ConfigDict(extra='forbid')

    column: Annotated[UUID, Field(title=later('List and column'))]


def opens(view: TaskView) -> Open:
    """Return what opens the form."""

    here = view.row.column.id

    async def save(actor: Actor, data: MoveForm) -> None:
        await cells.move(actor, view.row.id, MoveInput(column=data.column, from_column=here))

    async def show(actor: Actor) -> None:
        home = view.row.in_list
        places = [(column.id, f'{home.name}: {column.name}') for column in view.columns]
        if view.row.parent_id is None:  # a part stays in the list of its task
            found = await tasks.list_destinations(actor)
            places += [(column.id, f'{one.name}: {column.name}') for one, column in found if one.id != home.id]
        dialog = FormDialog(_('Move to…'), MoveForm, save, label=_('Move'), value={'column': here})
        dialog.select('column', places)

    return show

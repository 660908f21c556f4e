"""Who leads a unit, and who stands in."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from logic import departments
from logic.core.actor import Actor
from logic.core.language import _, later
from logic.departments import DepartmentRow
from ui.components import FormDialog, Found, toast
from ui.components.rows import chosen
from ui.search import search_people


class Leadership(BaseModel):
    """Two different people, or nobody."""

    model_config = ConfigDict(extra='forbid')

    head_id: Annotated[UUID | None, Field(title=later('Head', meaning='who leads'))] = None
    stand_in_id: Annotated[UUID | None, Field(title=later('Stands in'))] = None


def is_in_use(row: DepartmentRow) -> bool:
    """Whether a unit can be led."""
    return not row.is_archived


async def ask(actor: Actor, unit_id: UUID) -> None:
    """Ask who leads a unit and who stands in."""
    unit = chosen(await departments.list_departments(actor), unit_id)

    async def save(actor: Actor, data: Leadership) -> None:
        await departments.set_leadership(actor, unit_id, data.head_id, data.stand_in_id)
        toast(_('Saved.'))

    dialog = FormDialog(_('Who leads {unit}', unit=unit.name), Leadership, save, value=unit)
    dialog.person('head_id', search_people, [Found(unit.head_id, unit.head_name)] if unit.head_id else ())
    dialog.person(
        'stand_in_id', search_people, [Found(unit.stand_in_id, unit.stand_in_name)] if unit.stand_in_id else ()
    )

"""Changing the items of a checklist: each change hands in the whole of it, with the version that was read."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from data.members import ChecklistTemplateItem, ItemOwner
from logic import members
from logic.core.actor import Actor
from logic.core.errors import Conflict, Invalid
from logic.core.language import _, later
from logic.members import Template, TemplateInput, TemplateItemInput
from logic.members.inputs import Text
from ui.components import FormDialog, toast
from ui.pages.lists.checklists import ChecklistForm

OWNERS = {
    ItemOwner.PERSON: later('The person'), ItemOwner.MANAGER: later('The manager'),
    ItemOwner.POSITION: later('A position'),
}  # fmt: skip
Item = ChecklistTemplateItem | TemplateItemInput


class ItemForm(BaseModel):
    """An item as it is typed: the position counts only when a position does it."""

    model_config = ConfigDict(extra='forbid')

    title: Annotated[Text, Field(title=later('What is to be done'), min_length=1, max_length=160)]
    owner: Annotated[ItemOwner, Field(title=later('Who does it'))] = ItemOwner.MANAGER
    position_id: Annotated[UUID | None, Field(title=later('Position'))] = None
    day_offset: Annotated[int, Field(title=later('Working days after the day'), ge=-250, le=250)] = 0
    is_required: Annotated[bool, Field(title=later('Required'))] = True


def with_items(template: Template, items: Sequence[Item], named: ChecklistForm | None = None) -> TemplateInput:
    """Return a template as it is to be, with these items in this order."""
    names = TemplateItemInput.model_fields
    given = tuple(TemplateItemInput(**{name: getattr(item, name) for name in names}) for item in items)
    head = named or template
    return TemplateInput(kind=head.kind, name=head.name, items=given)


def _at(template: Template, item_id: UUID) -> int:
    for at, item in enumerate(template.items):
        if item.id == item_id:
            return at
    raise Conflict('Somebody removed this item meanwhile.')


async def move(actor: Actor, template_id: UUID, item_id: UUID, step: int) -> None:
    """Move an item up or down by a step."""
    known = await members.get_template(actor, template_id)
    at = _at(known, item_id)
    items = list(known.items)
    items.insert(max(0, at + step), items.pop(at))
    await members.update_template(actor, template_id, with_items(known, items), known.version)


async def edit_item(actor: Actor, template_id: UUID, positions: dict[UUID, str], item_id: UUID | None) -> None:
    """Add an item at the end, or change one."""
    known = await members.get_template(actor, template_id)
    old = known.items[_at(known, item_id)] if item_id else None

    async def save(actor: Actor, data: ItemForm) -> None:
        if data.owner is ItemOwner.POSITION and data.position_id is None:
            raise Invalid('Choose the position.', {'position_id': 'Which position does it?'})
        place = {'id': item_id, 'position_id': data.position_id if data.owner is ItemOwner.POSITION else None}
        item = TemplateItemInput(**data.model_dump() | place)
        items: list[Item] = [*known.items]
        at = _at(known, item_id) if item_id else len(items)
        items[at : at + 1] = [item]
        await members.update_template(actor, template_id, with_items(known, items), known.version)
        toast(_('Saved.'))

    title, label = (_('Edit item'), _('Save')) if old else (_('Add item'), _('Add'))
    dialog = FormDialog(title, ItemForm, save, value=old, label=label)
    dialog.text('title')
    dialog.select('owner', list(OWNERS.items()), span=6)
    dialog.select('position_id', list(positions.items()), when=('owner', [ItemOwner.POSITION]), span=6)
    dialog.number('day_offset', span=6, help=_('0 is the day itself; a negative number is before it.'))
    dialog.checkbox('is_required', span=6)

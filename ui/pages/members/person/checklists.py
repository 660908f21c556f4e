"""What is to be done when somebody joins or leaves."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from data.members import ChecklistItem
from logic.core.actor import Actor
from logic.core.language import _, later, sense
from logic.core.listing import ListQuery, Page, whole
from logic.members import PersonView, checklists
from logic.members.checklists import ItemRow
from ui.components import Button, Chip, Column, DataTable, FormDialog, RowAction, toast
from ui.waiting import Act, Look, looks


async def draw(person: PersonView) -> None:
    """The checklists of a person."""

    async def fetch(actor: Actor, _: ListQuery) -> Page[ItemRow]:
        rows = await checklists.list_checklist(actor, person.id)
        return whole(rows)

    async def start(actor: Actor) -> None:
        await _start(actor, person)

    begin = Button(_('Start a checklist'), do=start, icon='sym_o_playlist_add_check', small=True)
    await DataTable(
        [
            Column('title', _('What')), Column('owner', _('Who')), Column('due_on', _('Due'), 'date'),
            Column('state', _('State'), 'chip', _state),
            Column('kind', _('For'), value=lambda row: row.kind.label, hidden=True),
        ],
        fetch, label=_('Checklist'), search='', prefix='c-', noun=(_('item'), _('items')), live=[ChecklistItem],
        buttons=[begin] if person.may_edit else (),
        row_actions=[
            RowAction(_('Tick off'), tick, 'sym_o_check', when=lambda row: row.may_tick and not row.is_done),
            RowAction(_('Open again'), untick, 'sym_o_undo', when=lambda row: row.may_tick and row.is_done),
        ],
    ).load()  # fmt: skip


async def tick(actor: Actor, item_id: UUID) -> None:
    """Note that an item is done; a click takes it back."""

    async def back(actor: Actor) -> None:
        await checklists.tick_item(actor, item_id, done=False)

    await checklists.tick_item(actor, item_id)
    toast(_('Done.'), undo=back)


async def untick(actor: Actor, item_id: UUID) -> None:
    """Note that an item is not done after all; a click takes it back."""

    async def back(actor: Actor) -> None:
        await checklists.tick_item(actor, item_id)

    await checklists.tick_item(actor, item_id, done=False)
    toast(_('Open again.'), undo=back)


looks['checklist'] = Look('sym_o_checklist', 'blue', Act(later('Done'), tick))


def _state(row: ItemRow) -> Chip:
    if row.is_done:
        return Chip(_('Done'), 'green')
    return Chip(_('Overdue'), 'red') if row.is_overdue else Chip(sense('a state', 'Open'), 'blue')


class Start(BaseModel):
    """Which checklist, and from which day."""

    model_config = ConfigDict(extra='forbid')

    template_id: Annotated[UUID, Field(title=later('Checklist'))]
    start_on: Annotated[date, Field(title=later('First day'))]


async def _start(actor: Actor, person: PersonView) -> None:
    async def save(actor: Actor, data: Start) -> None:
        await checklists.start_checklist(actor, person.id, data.template_id, data.start_on)
        toast(_('Started.'))

    templates = await checklists.list_templates(actor)
    dialog = FormDialog(_('Start a checklist'), Start, save)
    dialog.select('template_id', [(one.id, one.name) for one in templates])
    dialog.date('start_on')

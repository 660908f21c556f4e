"""What is to be done when somebody joins or leaves, and the departure with all that is still open for it."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from data.members import ChecklistItem
from logic.core.actor import Actor
from logic.core.formats import day_text
from logic.core.language import _, later, sense
from logic.core.listing import ListQuery, Page, whole
from logic.members import PersonView, checklists, leaving
from logic.members.checklists import ItemRow
from ui import shell
from ui.components import Button, Card, Chip, Column, DataTable, Fact, Facts, FormDialog, Found, Note, RowAction, toast
from ui.search import search_people
from ui.waiting import Act, Look, looks


async def draw(actor: Actor, person: PersonView) -> None:
    """The checklists of a person, and his departure."""
    if person.leaves_on or person.left_on:
        await _departure(actor, person)

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


async def _departure(actor: Actor, person: PersonView) -> None:
    found = await leaving.departure_overview(actor, person.id)
    buttons = []
    if found.departure_id and not found.is_completed and person.may_change_status:

        async def cancel(actor: Actor) -> None:
            assert found.departure_id is not None
            await leaving.cancel_departure(actor, found.departure_id)
            toast(_('The departure is cancelled.'))
            await shell.refresh()

        buttons.append(Button(_('Cancel the departure'), do=cancel, icon='sym_o_undo', small=True))
    if found.departure_id:
        letter = f'/members/{person.id}/letter'
        buttons.insert(0, Button(_('Letter'), href=letter, icon='sym_o_print', small=True))
    with Card(_('Leaving'), buttons):
        Facts([
            Fact(_('Last day'), found.last_on, 'date'), Fact(_('Reason'), found.reason),
            Fact(_('By own wish'), _('Yes') if found.is_voluntary else _('No')),
        ])  # fmt: skip
    for group in found.groups:
        if group.things:
            names = ', '.join(thing.title for thing in group.things[:6])
            Note(
                _('{title}: {names}', title=group.title, names=names),
                'amber',
                'sym_o_pending_actions',
                [Button(group.action, href=group.link, small=True)],
            )


async def plan(actor: Actor, person: PersonView) -> None:
    """Plan a departure: the last day, why, and who takes over."""
    overview = await leaving.departure_overview(actor, person.id)
    templates = await checklists.list_templates(actor)

    async def save(actor: Actor, data: leaving.DepartureInput) -> None:
        await leaving.plan_departure(actor, person.id, data)
        toast(_('Planned. Access ends after {day}.', day=day_text(data.last_on, 'long')))
        await shell.refresh()

    value = {'reports_to_id': overview.proposed_id}
    dialog = FormDialog(
        _('{name} leaves', name=person.name), leaving.DepartureInput, save, value=value, label=_('Plan departure')
    )
    dialog.date('last_on', span=6)
    dialog.checkbox('is_voluntary', span=6)
    dialog.text('reason')
    if person.reports_count:
        proposed = [Found(overview.proposed_id, overview.proposed_name)] if overview.proposed_id else ()
        dialog.person('reports_to_id', search_people, proposed)
    dialog.select('template_id', [(one.id, one.name) for one in templates if one.kind == 'leaving'], none=_('None'))

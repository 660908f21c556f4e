"""A departure: planned, changed or cancelled, above all that is still open for it."""

from typing import Any

from logic.core.actor import Actor
from logic.core.formats import day_text
from logic.core.language import _
from logic.members import DepartureInput, DepartureView, PersonView, checklists, leaving
from ui import shell
from ui.components import Button, Card, Fact, Facts, FormDialog, Found, toast
from ui.pages.members.person import forms, handing_over
from ui.search import search_people


async def draw(actor: Actor, person: PersonView) -> None:
    """Draw a departure that is planned or over, for those who see him out."""
    if not ((person.leaves_on or person.left_on) and person.may_change_status):
        return
    found = await leaving.departure_overview(actor, person.id)
    with Card(_('Leaving'), _buttons(person, found)):
        Facts([
            Fact(_('Last day'), found.last_on, 'date'), Fact(_('Reason'), found.reason),
            Fact(_('By own wish'), _('Yes') if found.is_voluntary else _('No')),
        ])  # fmt: skip
    await handing_over.draw(person, found)


def _buttons(person: PersonView, found: DepartureView) -> list[Button]:
    departure_id = found.departure_id
    if departure_id is None:
        return []

    async def cancel(actor: Actor) -> None:
        await leaving.cancel_departure(actor, departure_id)
        toast(_('The departure is cancelled.'))
        await shell.refresh()

    buttons = [Button(_('Letter'), href=f'/members/{person.id}/letter', icon='sym_o_print', small=True)]
    if not found.is_completed:
        buttons.append(Button(_('Change'), do=forms.opens(plan, person), icon='sym_o_edit', small=True))
        buttons.append(Button(_('Cancel the departure'), do=cancel, icon='sym_o_undo', small=True))
    return buttons


async def plan(actor: Actor, person: PersonView) -> None:
    """Plan a departure, or change the planned one: the last day, why, and who takes over."""
    overview = await leaving.departure_overview(actor, person.id)
    planned = overview.departure_id if not overview.is_completed else None

    async def save(actor: Actor, data: DepartureInput) -> None:
        if planned is None:
            await leaving.plan_departure(actor, person.id, data)
        else:
            await leaving.change_departure(actor, planned, data, overview.version)
        toast(_('Planned. Access ends after {day}.', day=day_text(data.last_on, 'long')))
        await shell.refresh()

    value: dict[str, Any] = {'reports_to_id': overview.proposed_id, 'is_voluntary': True}
    if planned is not None:
        value |= {'last_on': overview.last_on, 'reason': overview.reason, 'is_voluntary': overview.is_voluntary}
    label = _('Save') if planned else _('Plan departure')
    dialog = FormDialog(_('{name} leaves', name=person.name), DepartureInput, save, value=value, label=label)
    dialog.date('last_on', span=6)
    dialog.checkbox('is_voluntary', span=6)
    dialog.text('reason')
    if person.reports_count:
        proposed = [Found(overview.proposed_id, overview.proposed_name)] if overview.proposed_id else ()
        dialog.person('reports_to_id', search_people, proposed)
    if planned is None:
        templates = await checklists.list_templates(actor)
        leaving_ones = [(one.id, one.name) for one in templates if one.kind == 'leaving']
        dialog.select('template_id', leaving_ones, none=_('None'))

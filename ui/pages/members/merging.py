"""Two records of one person, side by side before they become one."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, create_model

from logic import members, organizations
from logic.core.actor import Actor
from logic.core.formats import day_text
from logic.core.language import _, sense
from logic.members import MergeField, PersonView, ProfileInput
from logic.members.domain import ARCHIVE
from logic.members.merge import MERGING_TAKES
from logic.members.names import shown_phone
from ui import shell
from ui.components import Button, Buttons, Card, Fact, Facts, Form, Grid, Head, Note, Stack, toast
from ui.pages.members.apart import two_people
from ui.pages.members.directory import status_chip
from ui.pages.members.new import options
from ui.shell import page


class Side(StrEnum):
    """Whose value the merged record says."""

    KEPT = 'kept'
    DROPPED = 'dropped'


def address(kept_id: UUID, dropped_id: UUID) -> str:
    """Return the address at which two records are compared."""
    return f'/members/{kept_id}/merge/{dropped_id}'


@page('/members/{member_id}/merge/{other_id}', 'Merge', ARCHIVE)
async def merge(actor: Actor, member_id: UUID, other_id: UUID) -> None:
    """Both records side by side, and what the one that stays will say."""
    kept, dropped = await members.get_member(actor, member_id), await members.get_member(actor, other_id)
    fields = await members.compare_members(actor, member_id, other_id)
    shell.title(_('Merge'))
    shell.crumbs((_('Directory'), '/members'), (kept.name, f'/members/{member_id}'), (_('Merge'), None))
    swap = Button(_('Keep the other one'), href=address(other_id, member_id), icon='sym_o_swap_horiz')
    text = _('{name} ({number}) stays and takes over what the other holds. It can be undone for 30 days.',
             name=kept.name, number=kept.number)  # fmt: skip
    Head(_('Merge two records'), text, [two_people(member_id, other_id, address(member_id, other_id)), swap])
    with Grid():
        for title, person in ((_('Stays'), kept), (_('Is merged into it'), dropped)):
            with Card(title, span=6):
                _person(person)
    notes, names = Stack(), await _names(actor)

    async def show_private(actor: Actor) -> None:
        more = await members.compare_private(actor, member_id, other_id)
        buttons.delete()
        _ask(form, more, kept, names)
        _say(notes, [*fields, *more])

    if not members.may_merge(actor):
        Note(_(MERGING_TAKES), 'amber', 'sym_o_lock')
        return
    with Card(_('Where both say something')):
        buttons = Buttons(Button(_('Compare private data'), do=show_private, icon='sym_o_visibility', small=True))
        form = _form(kept, dropped)
    _ask(form, fields, kept, names)
    _say(notes, fields)


def _say(notes: Stack, fields: Sequence[MergeField]) -> None:
    """Say what comes without being asked about, and what stays because the viewer may not change it."""
    holds = [field for field in fields if field.dropped not in (None, '')]
    filled = [field.label for field in holds if field.may_take and field.kept in (None, '')]
    stays = [field.label for field in holds if not field.may_take]
    notes.clear()
    with notes:
        if filled:
            Note(_('Filled from the other record: {fields}', fields=', '.join(filled)), 'blue', 'sym_o_info')
        if stays:
            text = _('These stay as they are, because you may not change them: {fields}', fields=', '.join(stays))
            Note(text, 'amber', 'sym_o_lock')
        if not any(_is_asked(field) for field in fields):
            Note(_('They do not contradict each other.'), 'blue', 'sym_o_info')


def _is_asked(field: MergeField) -> bool:
    return field.may_take and field.kept not in (None, '') and field.dropped not in (None, '')


def _ask(form: Form[Any], fields: Sequence[MergeField], kept: PersonView, names: dict[UUID, str]) -> None:
    """Add a choice for each field about which both say something; what is chosen in the others stays chosen."""
    for field in filter(_is_asked, fields):
        said = ((Side.KEPT, field.kept), (Side.DROPPED, field.dropped))
        form.radios(field.name, [(side, _said(field, value, kept, names)) for side, value in said], span=6)


def _form(kept: PersonView, dropped: PersonView) -> Form[Any]:
    async def save(actor: Actor, data: Any) -> None:
        take = frozenset(name for name, side in data.model_dump().items() if side is Side.DROPPED)
        result = await members.merge_members(actor, kept.id, dropped.id, take)

        async def back(actor: Actor) -> None:
            assert result.batch_id is not None
            await members.undo_batch(actor, result.batch_id)
            shell.go(address(kept.id, dropped.id))

        toast(_('Merged. What was empty here is filled from the other record.'), undo=back)
        shell.go(f'/members/{kept.id}')

    asked: dict[str, Any] = {
        name: (Side, Field(Side.KEPT, title=field.title)) for name, field in ProfileInput.model_fields.items()
    }
    model: type[BaseModel] = create_model('MergeChoice', __config__=ConfigDict(extra='forbid'), **asked)
    return Form(model, save, label=_('Merge'), cancel=f'/members/{kept.id}', draft=False)


def _person(person: PersonView) -> None:
    manager = person.manager.name if person.manager else ''
    Facts([
        Fact(_('Name'), person.name, href=f'/members/{person.id}'), Fact(_('Number'), person.number),
        Fact(_('Status'), status_chip(person.status), 'chip'), Fact(_('Joined'), person.joined_on, 'date'),
        Fact(sense('of a job', 'Title'), person.title), Fact(_('Manager'), manager),
        Fact(_('Account'), _('Yes') if person.has_account else _('No')),
    ])  # fmt: skip


async def _names(actor: Actor) -> dict[UUID, str]:
    chosen: dict[str, Any] = await options(actor)
    companies = [(row.id, row.name) for row in await organizations.list_companies(actor)]
    return dict(pair for pairs in (*chosen.values(), companies) for pair in pairs)


def _said(field: MergeField, value: Any, kept: PersonView, names: dict[UUID, str]) -> str:
    if field.name in ('phone', 'home_phone'):
        return shown_phone(value, kept.phone_country)
    if isinstance(value, UUID):
        return names.get(value, _('A picture'))
    if isinstance(value, bool):
        return _('Yes') if value else _('No')
    if isinstance(value, date):
        return day_text(value)
    return str(getattr(value, 'label', value))

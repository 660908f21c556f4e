"""Two records of one person: those that look alike as a list, and one pair side by side before they become one."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, create_model

from data.members import Member
from logic import members, organizations
from logic.core.actor import Actor
from logic.core.formats import day_text
from logic.core.language import _, sense
from logic.core.listing import ListQuery, Page, paged
from logic.members import MergeField, Pair, PersonView
from logic.members.domain import ARCHIVE
from logic.members.names import shown_phone
from ui import shell
from ui.components import Button, Card, Column, DataTable, EmptyList, Fact, Facts, Form, Grid, Head, Note, Stack, toast
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


@page('/members/duplicates', 'Possible duplicates', ARCHIVE)
async def duplicates(actor: Actor) -> None:  # noqa: ARG001  the guard asks for it
    """Pairs that may be one person."""
    shell.crumbs((_('Directory'), '/members'), (_('Possible duplicates'), None))
    Head(_('Possible duplicates'), _('People with the same name and birth date, or the same phone.'))

    async def fetch(actor: Actor, asked: ListQuery) -> Page[Pair]:
        return paged(await members.list_duplicates(actor), asked)

    await DataTable(
        [
            Column('first_name', _('Person')), Column('second_name', _('Other record')),
            Column('why', _('Why')),
        ],
        fetch, label=_('Possible duplicates'), search='', noun=(_('pair'), _('pairs')), live=[Member],
        key=lambda pair: pair.second_id, href=lambda pair: address(pair.first_id, pair.second_id),
        empty=EmptyList(
            _('No duplicates found'), _('Records that look like one person appear here, to be compared.'),
            'sym_o_merge',
        ),
    ).load()  # fmt: skip


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
    Head(_('Merge two records'), text, [swap])
    with Grid():
        for title, person in ((_('Stays'), kept), (_('Is merged into it'), dropped)):
            with Card(title, span=6):
                _person(person)
    place, names = Stack(), await _names(actor)

    async def show_private(actor: Actor) -> None:
        place.clear()
        with place:
            _choices(kept, dropped, [*fields, *await members.compare_private(actor, member_id, other_id)], names)

    private = Button(_('Compare private data'), do=show_private, icon='sym_o_visibility', small=True)
    with place:
        _choices(kept, dropped, fields, names, [private] if kept.sees_private and dropped.sees_private else ())


def _choices(
    kept: PersonView, dropped: PersonView, fields: Sequence[MergeField], names: dict[UUID, str],
    buttons: Sequence[Button] = (),
) -> None:  # fmt: skip
    both = [field for field in fields if field.kept not in (None, '') and field.dropped not in (None, '')]
    filled = [field.label for field in fields if field not in both and field.dropped not in (None, '')]
    if filled:
        Note(_('Filled from the other record: {fields}', fields=', '.join(filled)), 'blue', 'sym_o_info')
    text = '' if both else _('They do not contradict each other.')
    with Card(_('Where both say something'), buttons, text=text):
        _form(kept, dropped, both, names)


def _form(kept: PersonView, dropped: PersonView, fields: Sequence[MergeField], names: dict[UUID, str]) -> None:
    async def save(actor: Actor, data: Any) -> None:
        take = frozenset(name for name, side in data.model_dump().items() if side is Side.DROPPED)
        result = await members.merge_members(actor, kept.id, dropped.id, take)

        async def back(actor: Actor) -> None:
            assert result.batch_id is not None
            await members.undo_batch(actor, result.batch_id)
            shell.go(address(kept.id, dropped.id))

        toast(_('Merged. What was empty here is filled from the other record.'), undo=back)
        shell.go(f'/members/{kept.id}')

    asked: dict[str, Any] = {field.name: (Side, Field(Side.KEPT, title=field.label)) for field in fields}
    model: type[BaseModel] = create_model('MergeChoice', __config__=ConfigDict(extra='forbid'), **asked)
    form = Form(model, save, label=_('Merge'), cancel=f'/members/{kept.id}', draft=False)
    for field in fields:
        said = ((Side.KEPT, field.kept), (Side.DROPPED, field.dropped))
        form.radios(field.name, [(side, _said(field, value, kept, names)) for side, value in said], span=6)


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

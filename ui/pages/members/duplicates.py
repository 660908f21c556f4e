"""Records that may be of one person, as a list of pairs, and those of which somebody said that they are of two."""

from uuid import UUID

from data.members import DifferentPeople, Member
from logic import members
from logic.core.actor import Actor
from logic.core.language import _
from logic.core.listing import ListQuery, Page, paged
from logic.members import Pair
from logic.members.domain import ARCHIVE
from ui import shell
from ui.components import Column, DataTable, EmptyList, Head, RowAction, toast
from ui.pages.members.merging import address
from ui.shell import page


@page('/members/duplicates', 'Possible duplicates', ARCHIVE)
async def duplicates(actor: Actor) -> None:  # noqa: ARG001  the guard asks for it
    """Pairs that may be one person."""
    shell.crumbs((_('Directory'), '/members'), (_('Possible duplicates'), None))
    Head(_('Possible duplicates'), _('Records that look like one person appear here, to be compared.'))

    async def fetch(actor: Actor, asked: ListQuery) -> Page[Pair]:
        return paged(await members.list_duplicates(actor), asked)

    await DataTable(
        [
            Column('first_name', _('Person')), Column('second_name', _('Other record')),
            Column('why', _('Why')),
        ],
        fetch, label=_('Possible duplicates'), search='', noun=(_('pair'), _('pairs')), live=[Member, DifferentPeople],
        key=lambda pair: pair.second_id, href=lambda pair: address(pair.first_id, pair.second_id),
        empty=EmptyList(
            _('No duplicates found'), _('No two records have the same name and birth date, or the same phone.'),
            'sym_o_merge',
        ),
    ).load()  # fmt: skip
    await DataTable(
        [
            Column('first_name', _('Person')), Column('second_name', _('Other record')),
            Column('said_at', _('When'), 'when', sort='said_at'),
        ],
        members.list_told_apart, label=_('Told apart'), search='', noun=(_('pair'), _('pairs')), prefix='t-',
        sort='said_at', descending=True, live=[Member, DifferentPeople],
        row_actions=[RowAction(_('Undo'), _take_back, 'sym_o_undo', beside=True)],
        empty=EmptyList(
            _('Nobody was told apart yet'), _('Pairs of which somebody said "These are two people" stand here.'),
            'sym_o_group',
        ),
    ).load()  # fmt: skip


async def _take_back(actor: Actor, different_people_id: UUID) -> None:
    pair = await members.take_back_apart(actor, different_people_id)

    async def again(actor: Actor) -> None:
        await members.tell_apart(actor, *pair)

    toast(_('They may be one person again.'), undo=again)

"""Positions: who holds which office, and what each may do."""

from data.identity import Position, PositionHolding
from logic.core.actor import Actor
from logic.core.domain import domains
from logic.core.language import _
from logic.core.listing import ListQuery, Page
from logic.identity import positions
from logic.identity.permissions import MANAGE_POSITIONS, VIEW_POSITIONS
from logic.identity.positions import PositionInput, PositionRow
from ui import shell
from ui.components import (
    Button,
    Column,
    DataTable,
    EmptyList,
    FormDialog,
    Head,
    toast,
)
from ui.pages.positions.record import kind_chip, place_rights
from ui.shell import Nav, page

ROW_LIMIT = 500


async def _rows(actor: Actor, query: ListQuery) -> Page[PositionRow]:
    rows = [row for row in await positions.list_positions(actor) if query.q.lower() in row.name.lower()]
    return Page(rows[:ROW_LIMIT], len(rows), 1, max(len(rows), 1))


@page('/positions', 'Positions', VIEW_POSITIONS, nav=Nav(icon='sym_o_badge', group='Administration', order=20))
async def position_list(actor: Actor) -> None:
    """All positions, the one with most authority first."""

    async def add(actor: Actor) -> None:  # noqa: ARG001
        async def save(actor: Actor, data: PositionInput) -> None:
            made = await positions.add_position(actor, data)
            toast(_('Position made. Now say who holds it.'))
            shell.go(f'/positions/{made.id}')

        place_rights(FormDialog(_('New position'), PositionInput, save, side=True, label=_('Make position')))

    buttons = [Button(_('New position'), do=add, icon='sym_o_add', primary=True, create=True)]
    Head(
        _('Positions'),
        _('Offices that people hold. Only positions grant rights.'),
        buttons if actor.may(MANAGE_POSITIONS) else (),
    )
    await DataTable(
        [
            Column('name', _('Position'), 'person', lambda row: {'name': row.name, 'detail': row.description}),
            Column('holders', _('Held by'), 'number'),
            Column('rights', _('Rights'), value=lambda row: _summary(row.permissions)),
            Column('priority', _('Authority'), 'number'),
            Column('kind', _('Kind'), 'chip', lambda row: kind_chip(is_system=row.is_system)),
        ],
        _rows, label=_('Positions'), href=lambda row: f'/positions/{row.id}', noun=(_('position'), _('positions')),
        live=[Position, PositionHolding], search=_('Search positions'),
        empty=EmptyList(_('No positions'), _('Make the first one.'), 'sym_o_badge'),
    ).load()  # fmt: skip


def _summary(permissions: frozenset[str]) -> str:
    if '*' in permissions:
        return _('Everything')
    modules = sorted({name.partition('.')[0] for name in permissions})
    titles = [str(domains[name].title) for name in modules if name in domains]
    return ', '.join(titles) or _('None')

"""One position: its rights, and who holds it."""

from typing import Any
from uuid import UUID

from data.identity import Position, PositionHolding
from logic.core.actor import Actor
from logic.core.domain import domains
from logic.core.language import _
from logic.core.listing import ListQuery, Page, whole
from logic.identity import positions
from logic.identity.permissions import MANAGE_POSITIONS, VIEW_POSITIONS
from logic.identity.positions import PositionInput
from ui import shell
from ui.components import (
    Button,
    Card,
    Chip,
    Column,
    DataTable,
    EmptyList,
    Form,
    FormDialog,
    Head,
    Note,
    RowAction,
    confirm_by_name,
    toast,
)
from ui.search import search_people
from ui.shell import page


def options() -> list[tuple[str, str]]:
    """Every permission with its label, module by module; a module's star stands before its permissions."""
    found = []
    for domain in domains.values():
        if domain.permissions:
            found.append((f'{domain.name}.*', _('{module}: everything', module=domain.title)))
            found += [
                (name, _('{module}: {right}', module=domain.title, right=label))
                for name, label in domain.permissions.items()
            ]
    return found


def place_rights(form: Form[PositionInput], *, is_system: bool = False) -> None:
    """Place the fields of a position."""
    if not is_system:
        form.text('name', span=8)
        form.number('priority', span=4, help=_('0 to 100. Nobody resets the access of somebody with more.'))
    form.text('description')
    form.checks('permissions', options())


def kind_chip(*, is_system: bool) -> Chip:
    """Say whether a position came with Logbook or is the department's own."""
    return Chip(_('Built in')) if is_system else Chip(_('Own'), 'brand')


@page('/positions/{position_id}', 'Position', VIEW_POSITIONS)
async def position(actor: Actor, position_id: UUID) -> None:
    """One position: its rights, and who holds it."""
    row = await positions.get_position(actor, position_id)
    may = actor.may(MANAGE_POSITIONS)
    shell.title(row.name)
    Head(row.name, row.description, _buttons(row) if may else (), chip=kind_chip(is_system=row.is_system))
    await _holders(row, may=may)
    with Card(_('Rights')):
        if '*' in row.permission_set:
            Note(_('The owner may do everything. That cannot be changed.'), icon='sym_o_shield_person')
        elif may:
            _rights(row)
        else:
            labels = dict(options())
            Note('; '.join(labels.get(name, name) for name in sorted(row.permission_set)) or _('None.'))


def _buttons(row: Position) -> list[Button]:
    async def give(actor: Actor) -> None:  # noqa: ARG001  the submit asks again
        async def submit(actor: Actor, data: positions.GiveInput) -> None:
            await positions.give_position(actor, data.member_id, row.id, data.from_on, data.until_on)
            toast(_('Given. It is in force at once.') if data.from_on is None else _('Given.'))

        dialog = FormDialog(
            _('Who holds {name}?', name=row.name), positions.GiveInput, submit, label=_('Give position')
        )
        dialog.person('member_id', search_people)
        dialog.date('from_on', span=6, help=_('Empty for today.'))
        dialog.date('until_on', span=6, help=_('The last day. Empty for no end.'))

    async def remove(actor: Actor) -> None:  # noqa: ARG001
        async def do(actor: Actor) -> None:
            await positions.remove_position(actor, row.id)
            toast(_('Removed.'))
            shell.go('/positions')

        text = _('Nobody holds or held it, so nothing else changes.')
        confirm_by_name(_('Remove this position'), text, row.name, do, label=_('Remove'))

    found = [Button(_('Give to somebody'), do=give, icon='sym_o_person_add', primary=True)]
    if not row.is_system:
        found.append(Button(_('Remove'), do=remove, icon='sym_o_delete', menu=True, danger=True))
    return found


def _rights(row: Position) -> None:
    async def save(actor: Actor, data: PositionInput) -> None:
        await positions.update_position(actor, row.id, data)
        toast(_('Saved. It is in force at once.'))

    fixed = {'name': row.name, 'priority': row.priority} if row.is_system else None
    value = {'name': row.name, 'description': row.description, 'priority': row.priority}
    form = Form(PositionInput, save, value=value | {'permissions': sorted(row.permission_set)}, fixed=fixed)
    place_rights(form, is_system=row.is_system)


async def _holders(row: Position, *, may: bool) -> None:
    async def fetch(actor: Actor, _: ListQuery) -> Page[Any]:
        return whole(await positions.list_holders(actor, row.id))

    async def end(actor: Actor, holding_id: UUID) -> None:
        await positions.end_position(actor, holding_id)
        toast(_('Ended. What it allowed has ended too.'))

    await DataTable(
        [
            Column('name', _('Held by'), value=lambda held: held[1].name),
            Column('from_on', _('From'), 'date', lambda held: held[0].from_on),
            Column('until_on', _('Until'), 'date', lambda held: held[0].until_on),
        ],
        fetch, label=_('Held by'), search='', noun=(_('holder'), _('holders')), live=[PositionHolding],
        key=lambda held: held[0].id, href=lambda held: f'/members/{held[1].id}',
        row_actions=[RowAction(_('End'), end, 'sym_o_logout')] if may else (),
        empty=EmptyList(_('Nobody holds this now'), _('Give it to somebody by the button above.'), 'sym_o_badge'),
    ).load()  # fmt: skip

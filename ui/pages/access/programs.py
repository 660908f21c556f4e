"""Service accounts: programs of the department itself, what each may do, and its keys."""

from uuid import UUID

from data.identity import ApiKey, ServiceAccount, ServicePosition
from logic.core.actor import Actor
from logic.core.domain import permission_labels
from logic.core.language import _
from logic.core.listing import ListQuery, Page, whole
from logic.identity import api_keys, service_accounts, sessions
from logic.identity.api_keys import ApiKeyInput, ApiKeyRow
from logic.identity.permissions import MANAGE_ACCESS
from logic.identity.positions import covers
from logic.identity.service_accounts import ServiceInput, ServiceRow
from ui import shell
from ui.components import (
    Button,
    Buttons,
    Card,
    Chip,
    Column,
    DataTable,
    Dialog,
    EmptyList,
    Fact,
    Facts,
    FormDialog,
    Head,
    Text,
    toast,
)
from ui.pages.keys import key_dialog, keys_table, show_key
from ui.shell import page


async def service_accounts_of_all() -> None:
    """List the service accounts of the department, with making one."""

    async def fetch(actor: Actor, _query: ListQuery) -> Page[ServiceRow]:
        return whole(await service_accounts.list_service_accounts(actor))

    async def add(actor: Actor) -> None:
        async def save(actor: Actor, data: ServiceInput) -> None:
            shell.go(f'/access/programs/{await service_accounts.add_service_account(actor, data)}')

        await _form(actor, _('New service account'), save)

    await DataTable(
        [
            Column('name', _('Program')), Column('purpose', _('What it is for')),
            Column('positions', _('Positions'), value=lambda row: ', '.join(row.positions)),
            Column('keys', _('Keys'), 'number'), Column('last_used_at', _('Last used'), 'when'),
            Column('state', _('State'), 'chip', _state),
        ],
        fetch, label=_('Service accounts'), search='', prefix='s-', noun=(_('service account'), _('service accounts')),
        live=[ServiceAccount, ServicePosition, ApiKey], href=lambda row: f'/access/programs/{row.id}',
        buttons=[Button(_('New service account'), do=add, icon='sym_o_memory', small=True)],
        empty=EmptyList(
            _('No service accounts'), _('A program of the department itself: its keys stay when people leave.'),
            'sym_o_memory',
        ),
    ).load()  # fmt: skip


def _state(row: ServiceRow) -> Chip:
    return Chip(_('Active'), 'green') if row.ended_at is None else Chip(_('Ended'))


async def _form(
    actor: Actor, title: str, save: object, value: ServiceInput | None = None, about: UUID | None = None
) -> None:
    await sessions.check_fresh(actor)
    known = await service_accounts.list_positions_to_give(actor)
    dialog = FormDialog(title, ServiceInput, save, value=value, side=True, about=about)  # type: ignore[arg-type]
    dialog.text('name')
    dialog.text('purpose')
    dialog.checks('position_ids', [(one.id, one.name) for one in known])


@page('/access/programs/{service_id}', 'Service account', MANAGE_ACCESS)
async def of_program(actor: Actor, service_id: UUID) -> None:
    """One service account: what it may do, and its keys."""
    found, _keys = await service_accounts.get_service_account(actor, service_id)
    shell.crumbs((_('Access'), '/access'), (found.name, None))

    async def change(actor: Actor) -> None:
        async def save(actor: Actor, data: ServiceInput) -> None:
            await service_accounts.change_service_account(actor, service_id, data)
            toast(_('Saved.'))
            await shell.refresh()

        now, _keys = await service_accounts.get_service_account(actor, service_id)
        value = ServiceInput(name=now.name, purpose=now.purpose, position_ids=now.position_ids)
        await _form(actor, _('Change service account'), save, value, service_id)

    async def end(actor: Actor) -> None:  # noqa: ARG001
        async def sure(actor: Actor) -> None:
            await service_accounts.end_service_account(actor, service_id)
            dialog.close()
            toast(_('Ended, with all of its keys.'))
            await shell.refresh()

        with Dialog(_('End {name}?', name=found.name)) as dialog:
            Text(_('Its keys stop working at once, and it does not come back. The audit log keeps what it did.'))
            Buttons(Button(_('End it'), do=sure, icon='sym_o_block', danger=True))

    buttons = [] if found.ended_at else [
        Button(_('Change'), do=change, icon='sym_o_edit'),
        Button(_('End'), do=end, icon='sym_o_block', danger=True),
    ]  # fmt: skip
    Head(found.name, found.purpose or _('It acts by its keys and cannot sign in.'), buttons, chip=_state(found))
    with Card(_('What it may do')):
        facts = [Fact(_('Positions'), ', '.join(found.positions) or '–')]
        Facts([*facts, Fact(_('Ended'), found.ended_at, 'datetime')] if found.ended_at else facts)
    await _keys_of(service_id, found)


async def _keys_of(service_id: UUID, found: ServiceRow) -> None:
    async def fetch(actor: Actor, _query: ListQuery) -> Page[ApiKeyRow]:
        return whole((await service_accounts.get_service_account(actor, service_id))[1])

    async def add(actor: Actor) -> None:
        async def save(actor: Actor, data: ApiKeyInput) -> None:
            show_key((await service_accounts.add_service_key(actor, service_id, data)).text)

        row, _keys = await service_accounts.get_service_account(actor, service_id)
        rights = [(name, str(label)) for name, label in permission_labels().items() if covers(row.permissions, name)]
        await key_dialog(actor, rights, save)

    async def rotate(actor: Actor, key_id: UUID) -> None:
        show_key((await service_accounts.replace_service_key(actor, key_id)).text)

    await keys_table(
        fetch, add if found.ended_at is None else None, rotate, api_keys.revoke_api_key_of, label=_('Keys'),
        empty=EmptyList(_('No keys'), _('The program needs one to act.'), 'sym_o_vpn_key'),
    )  # fmt: skip

"""Keys for programs: made, replaced and ended by their owner; the text is shown once."""

from typing import Any
from uuid import UUID

from data.identity import ApiKey
from logic.core.actor import Actor
from logic.core.domain import permission_labels
from logic.core.listing import ListQuery, Page, whole
from logic.identity import api_keys, sessions
from logic.identity.api_keys import ApiKeyInput, ApiKeyRow
from ui.components import (
    Button,
    Chip,
    Column,
    CopyField,
    DataTable,
    Dialog,
    EmptyList,
    FormDialog,
    RowAction,
    Text,
    toast,
)


def _key_state(row: ApiKeyRow) -> Chip:
    return Chip('Active', 'green') if row.is_active else Chip('Ended')


async def api_keys_of_mine() -> None:
    """List the actor's keys, with making, replacing and ending them."""

    async def fetch(actor: Actor, _: ListQuery) -> Page[ApiKeyRow]:
        return whole(await api_keys.list_api_keys(actor))

    async def add(actor: Actor) -> None:
        await sessions.check_fresh(actor)

        async def save(actor: Actor, data: ApiKeyInput) -> None:
            _show((await api_keys.create_api_key(actor, data)).text)

        begun = {'expires_in_days': api_keys.DAYS}
        dialog = FormDialog('New key for a program', ApiKeyInput, save, value=begun, side=True, label='Make key')
        dialog.text('name')
        held = [(name, label) for name, label in permission_labels().items() if actor.may(name)]
        dialog.checks('scopes', held)
        dialog.number('expires_in_days')
        dialog.textarea('networks')

    async def rotate(actor: Actor, key_id: UUID) -> None:
        _show((await api_keys.rotate_api_key(actor, key_id)).text)

    async def revoke(actor: Actor, key_id: UUID) -> None:
        await api_keys.revoke_api_key(actor, key_id)
        toast('The key has ended.')

    actions: list[RowAction[Any]] = [
        RowAction('Replace', rotate, 'sym_o_autorenew', when=lambda row: row.is_active),
        RowAction('End', revoke, 'sym_o_block', danger=True, when=lambda row: row.is_active),
    ]
    await DataTable(
        [
            Column('name', 'Key'), Column('prefix', 'Begins with'),
            Column('scopes', 'Rights', value=lambda row: ', '.join(row.scopes)),
            Column('expires_at', 'Until', 'datetime'), Column('last_used_at', 'Last used', 'when'),
            Column('state', 'State', 'chip', _key_state),
        ],
        fetch, label='My keys for programs', search='', prefix='k-', noun=('key', 'keys'), live=[ApiKey],
        buttons=[Button('New key', do=add, icon='sym_o_vpn_key', small=True)], row_actions=actions,
        empty=EmptyList('No keys', 'A key lets a program act for you, within your rights.', 'sym_o_vpn_key'),
    ).load()  # fmt: skip


async def api_keys_of_all() -> None:
    """List the keys of everybody in the department, as long as there are any, with ending them."""

    async def fetch(actor: Actor, _: ListQuery) -> Page[ApiKeyRow]:
        return whole(await api_keys.list_all_api_keys(actor))

    async def end(actor: Actor, key_id: UUID) -> None:
        await api_keys.revoke_api_key_of(actor, key_id)
        toast('The key has ended.')

    await DataTable(
        [
            Column('name', 'Key'), Column('owner', 'Acts for'), Column('prefix', 'Begins with'),
            Column('expires_at', 'Until', 'datetime'), Column('last_used_at', 'Last used', 'when'),
            Column('last_used_address', 'From'), Column('state', 'State', 'chip', _key_state),
        ],
        fetch, label='Keys for programs', search='', prefix='k-', noun=('key', 'keys'), live=[ApiKey],
        row_actions=[RowAction('End', end, 'sym_o_block', danger=True, when=lambda row: row.is_active)],
        empty=EmptyList('No keys', 'Nobody lets a program act for him.', 'sym_o_vpn_key'),
    ).load()  # fmt: skip


def _show(text: str) -> None:
    with Dialog('Copy this key now'):
        Text('It is shown only this once.', quiet=True)
        CopyField('API key', text)

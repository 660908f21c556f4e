"""Keys for programs: made, replaced and ended by their owner; the text is shown once."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from data.identity import ApiKey
from logic.core.actor import Actor
from logic.core.domain import permission_labels
from logic.core.language import _
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
    return Chip(_('Active'), 'green') if row.is_active else Chip(_('Ended'))


async def api_keys_of_mine() -> None:
    """List the actor's keys, with making, replacing and ending them."""

    async def fetch(actor: Actor, _query: ListQuery) -> Page[ApiKeyRow]:
        return whole(await api_keys.list_api_keys(actor))

    async def add(actor: Actor) -> None:
        async def save(actor: Actor, data: ApiKeyInput) -> None:
            show_key((await api_keys.add_api_key(actor, data)).text)

        held = [(name, str(label)) for name, label in permission_labels().items() if actor.may(name)]
        await key_dialog(actor, held, save)

    async def rotate(actor: Actor, key_id: UUID) -> None:
        show_key((await api_keys.replace_api_key(actor, key_id)).text)

    await keys_table(
        fetch, add, rotate, api_keys.revoke_api_key, label=_('My keys for programs'),
        empty=EmptyList(_('No keys'), _('A key lets a program act for you, within your rights.'), 'sym_o_vpn_key'),
    )  # fmt: skip


async def key_dialog(
    actor: Actor, rights: list[tuple[str, str]], save: Callable[[Actor, ApiKeyInput], Awaitable[None]]
) -> None:
    """Ask what a new key is to be, after a fresh sign-in."""
    await sessions.check_fresh(actor)
    begun = {'expires_in_days': api_keys.DAYS}
    dialog = FormDialog(_('New key for a program'), ApiKeyInput, save, value=begun, side=True, label=_('Make key'))
    dialog.text('name')
    dialog.checks('scopes', rights)
    dialog.number('expires_in_days')
    dialog.textarea('networks')


async def keys_table(
    fetch: Callable[[Actor, ListQuery], Awaitable[Page[ApiKeyRow]]],
    add: Callable[[Actor], Awaitable[None]] | None,
    rotate: Callable[[Actor, UUID], Awaitable[None]],
    end: Callable[[Actor, UUID], Awaitable[None]],
    *,
    label: str,
    empty: EmptyList,
) -> None:
    """List keys, with making, replacing and ending them."""

    async def revoke(actor: Actor, key_id: UUID) -> None:
        await end(actor, key_id)
        toast(_('The key has ended.'))

    actions: list[RowAction[Any]] = [
        RowAction(_('Replace'), rotate, 'sym_o_autorenew', when=lambda row: row.is_active),
        RowAction(_('End'), revoke, 'sym_o_block', danger=True, when=lambda row: row.is_active),
    ]
    await DataTable(
        [
            Column('name', _('Key')), Column('prefix', _('Begins with')),
            Column('scopes', _('Rights'), value=lambda row: ', '.join(row.scopes)),
            Column('expires_at', _('Until'), 'datetime'), Column('last_used_at', _('Last used'), 'when'),
            Column('state', _('State'), 'chip', _key_state),
        ],
        fetch, label=label, search='', prefix='k-', noun=(_('key'), _('keys')), live=[ApiKey],
        buttons=[Button(_('New key'), do=add, icon='sym_o_vpn_key', small=True)] if add else [], row_actions=actions,
        empty=empty,
    ).load()  # fmt: skip


async def api_keys_of_all() -> None:
    """List the keys of everybody in the department, as long as there are any, with ending them."""

    async def fetch(actor: Actor, _query: ListQuery) -> Page[ApiKeyRow]:
        return whole(await api_keys.list_all_api_keys(actor))

    async def end(actor: Actor, key_id: UUID) -> None:
        await api_keys.revoke_api_key_of(actor, key_id)
        toast(_('The key has ended.'))

    await DataTable(
        [
            Column('name', _('Key')), Column('owner', _('Acts for')), Column('prefix', _('Begins with')),
            Column('expires_at', _('Until'), 'datetime'), Column('last_used_at', _('Last used'), 'when'),
            Column('last_used_address', _('From')), Column('state', _('State'), 'chip', _key_state),
        ],
        fetch, label=_('Keys for programs'), search='', prefix='k-', noun=(_('key'), _('keys')), live=[ApiKey],
        row_actions=[RowAction(_('End'), end, 'sym_o_block', danger=True, when=lambda row: row.is_active)],
        empty=EmptyList(_('No keys'), _('Nobody lets a program act for him.'), 'sym_o_vpn_key'),
    ).load()  # fmt: skip


def show_key(text: str) -> None:
    """Show a key that was just made, once."""
    with Dialog(_('Copy this key now')):
        Text(_('It is shown only this once.'), quiet=True)
        CopyField(_('API key'), text)

"""My account: how I sign in, where I am signed in, my keys for programs."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from data.identity import ApiKey, Session
from logic.core.actor import Actor
from logic.core.domain import permission_labels
from logic.core.listing import ListQuery, Page
from logic.core.service import SIGNED_IN
from logic.identity import api_keys, mfa, preferences, sessions
from logic.identity.api_keys import ApiKeyInput, ApiKeyRow
from logic.identity.permissions import USE_API_KEYS
from logic.identity.sessions import SessionRow
from ui.components import (
    Button,
    Card,
    Chip,
    Column,
    CopyField,
    DataTable,
    Dialog,
    EmptyList,
    Fact,
    Facts,
    FormDialog,
    Grid,
    Head,
    Note,
    RowAction,
    Text,
    toast,
)
from ui.shell import page


@page('/account', 'My account', SIGNED_IN)
async def account(actor: Actor) -> None:
    """Everything about how I sign in."""
    factors = await mfa.my_second_factors(actor)
    buttons = [Button('Password and second factor', href='/security', icon='sym_o_shield_lock', primary=True)]
    if actor.member_id is not None:
        buttons.insert(0, Button('My file', href=f'/members/{actor.member_id}', icon='sym_o_person'))
    Head('My account', await preferences.my_email(actor), buttons)
    if factors.is_required and factors.totp_since is None and not factors.passkeys:
        Note('Your department asks for a second factor. Set one up now.', 'amber', 'sym_o_warning', [
            Button('Set up', href='/security', small=True)])  # fmt: skip
    with Grid(), Card('How I sign in', span=6):
        Facts([
            Fact('Authenticator app', 'on' if factors.totp_since else 'off'),
            Fact('Passkeys', str(len(factors.passkeys))),
            Fact('Recovery codes left', str(factors.recovery_codes_left)),
        ])  # fmt: skip
    await _sessions()
    if actor.may(USE_API_KEYS):
        await _keys()


def _session_state(row: SessionRow) -> Chip:
    return Chip('This one', 'green') if row.is_current else Chip('Open', 'blue')


def _key_state(row: ApiKeyRow) -> Chip:
    return Chip('Active', 'green') if row.is_active else Chip('Ended')


async def _sessions() -> None:
    async def fetch(actor: Actor, _: ListQuery) -> Page[SessionRow]:
        rows = await sessions.list_sessions(actor)
        return Page(rows, len(rows), 1, max(len(rows), 1))

    async def end(actor: Actor, session_id: UUID) -> None:
        await sessions.end_session(actor, session_id)
        toast('Signed out there.')

    async def end_others(actor: Actor) -> None:
        count = await sessions.end_other_sessions(actor)
        toast(f'Signed out of {count} other {"device" if count == 1 else "devices"}.')

    await DataTable(
        [
            Column('device', 'Device'), Column('address', 'Address'), Column('method', 'Signed in by'),
            Column('created_at', 'Since', 'when'), Column('last_seen_at', 'Last used', 'when'),
            Column('state', 'State', 'chip', _session_state),
        ],
        fetch, label='Where I am signed in', search='', prefix='s-', noun=('session', 'sessions'), live=[Session],
        buttons=[Button('Sign out everywhere else', do=end_others, icon='sym_o_logout', small=True)],
        row_actions=[RowAction('Sign out', end, 'sym_o_logout', when=lambda row: not row.is_current)],
    ).load()  # fmt: skip


class KeyForm(BaseModel):
    """A key, as it is typed: the networks are lines."""

    model_config = ConfigDict(extra='forbid')

    name: str = Field(title='Name', min_length=2, max_length=80)
    scopes: frozenset[str] = Field(title='Rights', min_length=1)
    expires_in_days: int = Field(default=365, title='Valid for days', ge=1, le=3650)
    networks: str = Field(
        default='', title='Allowed networks', max_length=1000, description='One a line; empty for any.'
    )


async def _keys() -> None:
    async def fetch(actor: Actor, _: ListQuery) -> Page[ApiKeyRow]:
        rows = await api_keys.list_api_keys(actor)
        return Page(rows, len(rows), 1, max(len(rows), 1))

    async def add(actor: Actor) -> None:
        async def save(actor: Actor, data: KeyForm) -> None:
            networks = tuple(line.strip() for line in data.networks.splitlines() if line.strip())
            wanted = ApiKeyInput(
                name=data.name, scopes=data.scopes, expires_in_days=data.expires_in_days, networks=networks
            )
            _show((await api_keys.create_api_key(actor, wanted)).text)

        dialog = FormDialog('New key for a program', KeyForm, save, side=True, label='Make key')
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


def _show(text: str) -> None:
    with Dialog('Copy this key now'):
        Text('It is shown only this once.', quiet=True)
        CopyField('API key', text)

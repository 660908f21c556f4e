"""My account: how I sign in, where I am signed in, my keys for programs."""

from uuid import UUID

from data.identity import Session
from logic.core.actor import Actor
from logic.core.listing import ListQuery, Page, whole
from logic.core.service import SIGNED_IN
from logic.identity import mfa, preferences, sessions
from logic.identity.permissions import USE_API_KEYS
from logic.identity.sessions import SessionRow
from ui.components import (
    Button,
    Card,
    Chip,
    Column,
    DataTable,
    Fact,
    Facts,
    Grid,
    Head,
    Note,
    RowAction,
    toast,
)
from ui.pages.keys import api_keys_of_mine
from ui.shell import page


@page('/account', 'My account', SIGNED_IN)
async def account(actor: Actor) -> None:
    """Everything about how I sign in."""
    factors = await mfa.my_second_factors(actor)
    buttons = [Button('Password and second factor', href='/security', icon='sym_o_shield_lock', primary=True)]
    buttons.append(Button('My notices', href='/account/notices', icon='sym_o_notifications'))
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
        await api_keys_of_mine()


def _session_state(row: SessionRow) -> Chip:
    return Chip('This one', 'green') if row.is_current else Chip('Open', 'blue')


async def _sessions() -> None:
    async def fetch(actor: Actor, _: ListQuery) -> Page[SessionRow]:
        return whole(await sessions.list_sessions(actor))

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

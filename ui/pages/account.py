"""My account: how I sign in, where I am signed in, my keys for programs."""

from uuid import UUID

from nicegui.context import context

from data.identity import Session
from logic.core.actor import Actor
from logic.core.language import CHOICES, _, later, many, sense
from logic.core.listing import ListQuery, Page, whole
from logic.core.service import SIGNED_IN
from logic.identity import mfa, preferences, sessions
from logic.identity.permissions import USE_API_KEYS
from logic.identity.preferences import LanguageInput
from logic.identity.sessions import SessionRow
from ui.components import (
    Button,
    Card,
    Chip,
    Column,
    DataTable,
    Fact,
    Facts,
    Form,
    Grid,
    Head,
    Note,
    RowAction,
    toast,
)
from ui.pages.keys import api_keys_of_mine
from ui.shell import page

WAYS = {
    'password': later('password'), 'totp': later('authenticator app'), 'passkey': later('passkey'),
    'recovery': later('recovery code'), 'api-key': later('API key'),
}  # fmt: skip
"""How a session may begin."""


@page('/account', 'My account', SIGNED_IN)
async def account(actor: Actor) -> None:
    """Everything about how I sign in."""
    factors = await mfa.my_second_factors(actor)
    buttons = [Button(_('Password and second factor'), href='/security', icon='sym_o_shield_lock', primary=True)]
    buttons.append(Button(_('My notices'), href='/account/notices', icon='sym_o_notifications'))
    if actor.member_id is not None:
        buttons.insert(0, Button(_('My file'), href=f'/members/{actor.member_id}', icon='sym_o_person'))
    Head(_('My account'), await preferences.my_email(actor), buttons)
    if factors.is_required and factors.totp_since is None and not factors.passkeys:
        Note(_('Your department asks for a second factor. Set one up now.'), 'amber', 'sym_o_warning', [
            Button(_('Set up'), href='/security', small=True)])  # fmt: skip
    with Grid():
        with Card(_('How I sign in'), span=6):
            Facts([
                Fact(_('Authenticator app'), _('on') if factors.totp_since else _('off')),
                Fact(_('Passkeys'), str(len(factors.passkeys))),
                Fact(_('Recovery codes left'), str(factors.recovery_codes_left)),
            ])  # fmt: skip
        await _language(actor)
    await _sessions()
    if actor.may(USE_API_KEYS):
        await api_keys_of_mine()


async def _language(actor: Actor) -> None:
    async def save(actor: Actor, data: LanguageInput) -> None:
        await preferences.choose_language(actor, data)
        context.client.open('/account')  # the whole document: its scripts speak the language that they were loaded with

    with Card(_('Language'), span=6, text=_('Of the screens, mails and notices, and of dates and numbers.')):
        form = Form(LanguageInput, save, value=await preferences.my_language(actor))
        form.select('locale', list(CHOICES.items()), none=_('As the department'))


def signed_in_by(method: str) -> str:
    """Say how somebody proved who he is: 'password+totp' is "password and authenticator app"."""
    first, plus, second = method.partition('+')
    if not plus:
        return str(WAYS.get(method, method))
    one, other = WAYS.get(first, first), WAYS.get(second, second)
    return _('{one} and {other}', one=one, other=other)


def _session_state(row: SessionRow) -> Chip:
    return Chip(_('This one'), 'green') if row.is_current else Chip(sense('a state', 'Open'), 'blue')


async def _sessions() -> None:
    async def fetch(actor: Actor, _query: ListQuery) -> Page[SessionRow]:
        return whole(await sessions.list_sessions(actor))

    async def end(actor: Actor, session_id: UUID) -> None:
        await sessions.end_session(actor, session_id)
        toast(_('Signed out there.'))

    async def end_others(actor: Actor) -> None:
        count = await sessions.end_other_sessions(actor)
        toast(many('Signed out of {count} other device.', 'Signed out of {count} other devices.', count))

    await DataTable(
        [
            Column('device', _('Device')), Column('address', _('Address')),
            Column('method', _('Signed in by'), value=lambda row: signed_in_by(row.method)),
            Column('created_at', _('Since'), 'when'), Column('last_seen_at', _('Last used'), 'when'),
            Column('state', _('State'), 'chip', _session_state),
        ],
        fetch, label=_('Where I am signed in'), search='', prefix='s-', noun=(_('session'), _('sessions')),
        live=[Session],
        buttons=[Button(_('Sign out everywhere else'), do=end_others, icon='sym_o_logout', small=True)],
        row_actions=[RowAction(_('Sign out'), end, 'sym_o_logout', when=lambda row: not row.is_current)],
    ).load()  # fmt: skip

"""How one person signs in, and what an administrator may do about it."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from logic.core import config
from logic.core.actor import Actor
from logic.core.language import _, later, many, sense
from logic.identity import accounts, mfa, resets, sessions
from logic.identity.permissions import MANAGE_ACCESS
from ui import shell
from ui.components import Button, Card, Chip, CopyField, Dialog, Fact, Facts, FormDialog, Found, Head, Text, toast
from ui.pages.access.inviting import invite_person
from ui.pages.access.second_person import asked_of
from ui.shell import page


@page('/access/{member_id}', 'Account', MANAGE_ACCESS)
async def of_person(actor: Actor, member_id: UUID) -> None:
    """How one person signs in, and what an administrator may do about it."""
    found = await accounts.access_of(actor, member_id)
    shell.crumbs((_('Access'), '/access'), (found.name, None))

    async def invite(actor: Actor) -> None:
        await invite_person(actor, Found(member_id, found.name))

    if found.account_id is None:
        buttons = [Button(_('Invite'), do=invite, icon='sym_o_person_add', primary=True, create=True)]
        Head(found.name, _('This person cannot sign in yet.'), buttons, chip=Chip(_('No account'), 'grey'), person=True)
        return
    chip = Chip(_('Disabled'), 'red') if found.is_disabled else Chip(_('May sign in'), 'green')
    Head(found.name, found.email, _buttons(member_id, disabled=found.is_disabled), chip=chip, person=True)
    await asked_of(member_id)
    with Card(_('Protection')):
        Facts([
            Fact(_('Password'), sense('a password', 'set') if found.has_password else sense('a password', 'none')),
            Fact(_('Authenticator app'), _('on') if found.has_totp else _('off')),
            Fact(_('Passkeys'), str(found.passkeys)), Fact(_('Last seen'), found.last_seen_at, 'datetime'),
        ])  # fmt: skip


class ResetReason(BaseModel):
    """Why a second factor is to be removed."""

    model_config = ConfigDict(extra='forbid')

    reason: Annotated[
        str, Field(title=later('How do you know that it is really this person?'), min_length=3, max_length=500)
    ]


def _buttons(member_id: UUID, *, disabled: bool) -> list[Button]:
    async def reset(actor: Actor) -> None:
        token = await resets.reset_password_of(actor, member_id)
        with Dialog(_('Password link')):
            Text(_('All sessions of this person have ended. The link works once, for 30 minutes.'))
            CopyField(_('Reset link'), f'{config.configured().address}/reset/{token}')

    async def end(actor: Actor) -> None:
        count = await sessions.end_sessions_of(actor, member_id)
        toast(many('{count} session has ended.', '{count} sessions have ended.', count))

    async def switch(actor: Actor) -> None:
        await (accounts.enable_account if disabled else accounts.disable_account)(actor, member_id)
        toast(_('May sign in again.') if disabled else _('Disabled: all sessions have ended.'))
        await shell.refresh()

    async def factor(actor: Actor) -> None:  # noqa: ARG001
        async def save(actor: Actor, data: ResetReason) -> None:
            await mfa.ask_factor_reset(actor, member_id, data.reason)
            toast(_('Asked. A second administrator has to approve.'))

        FormDialog(_('Remove a lost second factor'), ResetReason, save, label=_('Ask for it')).text('reason')

    return [
        Button(_('Send password link'), do=reset, icon='sym_o_lock_reset', primary=True),
        Button(_('End all sessions'), do=end, icon='sym_o_logout', menu=True),
        Button(_('Remove lost second factor'), do=factor, icon='sym_o_phonelink_erase', menu=True),
        Button(
            _('Enable') if disabled else _('Disable'), do=switch, icon='sym_o_block', menu=True, danger=not disabled
        ),
    ]

"""Who may make another department on this installation, and inviting somebody to do so."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from data.organizations import Registration
from logic import mail, organizations, setup
from logic.core import config
from logic.core.actor import Actor
from logic.core.language import _, later
from logic.identity import sessions
from logic.organizations import MANAGE
from ui import shell
from ui.components import Button, Card, CopyField, Dialog, Form, FormDialog, Note, Stack, Text, toast
from ui.pages.settings import settings_head
from ui.shell import page


class FounderInput(BaseModel):
    """Whom to invite to make a department."""

    model_config = ConfigDict(extra='forbid', str_strip_whitespace=True)

    email: Annotated[str, Field(title=later('E-mail'), min_length=3, max_length=254)]


@page('/settings/registration', 'Other departments', MANAGE)
async def registration(actor: Actor) -> None:
    """Closed, by invitation, or open; decided by the first department."""
    settings_head(_('Other departments'), _('One installation can keep the records of several departments, apart.'))
    if not await organizations.is_first(actor):
        Note(_('The first department of this installation decides who may make another one.'), 'blue', 'sym_o_info')
        return
    chosen = await setup.registration(actor)

    async def save(actor: Actor, data: setup.RegistrationInput) -> None:
        await setup.choose_registration(actor, data)
        toast(_('Saved.'))
        await shell.refresh()

    buttons = []
    if chosen is not Registration.CLOSED:
        buttons = [
            Button(_('Invite somebody'), do=_invite, icon='sym_o_mail'),
            Button(_('Make one'), href='/new-department', icon='sym_o_add'),
        ]
    text = _('Nobody sees anything of another department; an account can belong to several and switch between them.')
    with Card(_('Who may make one'), buttons, text=text):
        form = Form(setup.RegistrationInput, save, value=setup.RegistrationInput(registration=chosen))
        form.select('registration', span=6)


async def _invite(actor: Actor) -> None:
    await sessions.check_fresh(actor)

    async def send(actor: Actor, data: FounderInput) -> None:
        token = await setup.invite_founder(actor, data.email)
        if mail.is_set_up():
            toast(_('The link is on its way. It works for seven days and once.'))
            return
        with Dialog(_('Link for {email}', email=data.email), wide=True), Stack():
            Text(_('Hand it over yourself, since e-mail is not set up. It works for seven days and once.'))
            CopyField(_('Link'), f'{config.configured().address}/setup/{token}')

    dialog = FormDialog(_('Invite somebody to make a department'), FounderInput, send, label=_('Send the link'))
    dialog.email('email')

"""Inviting somebody: whom, where to, and the link to hand over."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from logic.core import config
from logic.core.actor import Actor
from logic.core.language import _, later
from logic.identity import invitations
from logic.identity import positions as offices
from logic.identity.invitations import Invited
from logic.identity.seeds import MEMBER
from ui.components import CopyField, Dialog, FormDialog, Found, Text
from ui.search import search_people


class InviteInput(BaseModel):
    """Where to, and with which rights."""

    model_config = ConfigDict(extra='forbid', str_strip_whitespace=True)

    email: Annotated[
        str,
        Field(title=later('E-mail'), max_length=254, description=later('Empty for the one in the directory.')),
    ] = ''
    position_id: Annotated[UUID | None, Field(title=later('Position'))] = None


class InvitePersonInput(InviteInput):
    """Whom to invite as well."""

    member_id: Annotated[UUID, Field(title=later('Person'))]


async def invite_person(actor: Actor, whom: Found | None = None) -> None:
    """Ask whom to invite unless that is known, and show the link."""

    async def save(actor: Actor, data: Any) -> None:
        member_id = whom.id if whom else data.member_id
        show_link(await invitations.make_invitation(actor, member_id, data.email or None, data.position_id))

    held = [(row.id, row.name) for row in await offices.list_positions(actor) if row.name != MEMBER]  # all hold that
    title = _('Invite {name}', name=whom.label) if whom else _('Invite')
    dialog = FormDialog(
        title, InviteInput if whom else InvitePersonInput, save, label=_('Send invitation'), about=whom and whom.id
    )
    if whom is None:
        dialog.person('member_id', search_people)
    dialog.email('email')
    dialog.select('position_id', held, none=_('Member'), help=_('What the person may do from the start.'))


def show_link(invited: Invited) -> None:
    """Show the link of an invitation that was just made."""
    address = f'{config.configured().address}/invitation/{invited.token}'
    mailed = bool(config.configured().smtp_url)
    with Dialog(_('Invitation sent') if mailed else _('Hand this link over')):
        Text(
            _('A mail is on its way to {address}.', address=invited.email)
            if mailed
            else _(
                'E-mail is not set up, so hand the link over yourself. So that mails go out by themselves, whoever '
                'runs this computer sets LOGBOOK_SMTP_URL and starts Logbook again.'
            )
        )
        CopyField(_('Invitation link'), address)
        if config.configured().is_local:
            Text(
                _(
                    'This link opens only on this computer, until whoever runs it sets LOGBOOK_PUBLIC_URL to the '
                    'address under which others reach it.'
                )
            )
        Text(_('It works once, for seven days.'), quiet=True)

"""Access: who was invited, who signs in, and what waits for a second person."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from data.identity import Invitation
from logic.core.actor import Actor
from logic.core.language import _, later, sense
from logic.core.listing import ListQuery, Page, whole
from logic.identity import invitations
from logic.identity.invitations import InvitationRow
from logic.identity.permissions import MANAGE_ACCESS
from ui import shell
from ui.components import (
    Button,
    Chip,
    Column,
    DataTable,
    EmptyList,
    FormDialog,
    Head,
    RowAction,
    toast,
)
from ui.components.rows import chosen
from ui.pages.access import person  # noqa: F401  its page registers itself
from ui.pages.access.inviting import invite_person, show_link
from ui.pages.access.programs import service_accounts_of_all
from ui.pages.access.second_person import waiting_requests
from ui.pages.keys import api_keys_of_all
from ui.search import search_everybody
from ui.shell import Nav, page


class PersonInput(BaseModel):
    """Whose access."""

    model_config = ConfigDict(extra='forbid')

    member_id: Annotated[UUID, Field(title=later('Person'))]


@page('/access', 'Access', MANAGE_ACCESS, nav=Nav(icon='sym_o_key', group='Administration', order=30))
async def access(actor: Actor) -> None:  # noqa: ARG001
    """Invitations, accounts, and second persons."""

    async def invite(actor: Actor) -> None:
        await invite_person(actor)

    async def look(actor: Actor) -> None:  # noqa: ARG001
        async def opens(actor: Actor, data: PersonInput) -> None:  # noqa: ARG001
            shell.go(f'/access/{data.member_id}')

        FormDialog(_('Whose access?'), PersonInput, opens, label=_('Open')).person('member_id', search_everybody)

    Head(_('Access'), _('People get an account by invitation and choose their own password.'), [
        Button(_('Look after an account'), do=look, icon='sym_o_manage_accounts'),
        Button(_('Invite'), do=invite, icon='sym_o_person_add', primary=True, create=True),
    ])  # fmt: skip
    await waiting_requests()

    async def fetch(actor: Actor, asked: ListQuery) -> Page[InvitationRow]:
        rows = [row for row in await invitations.list_invitations(actor) if asked.q.lower() in row.name.lower()]
        return whole(rows)

    async def again(actor: Actor, invitation_id: UUID) -> None:
        row = chosen(await invitations.list_invitations(actor), invitation_id)
        show_link(await invitations.make_invitation(actor, row.member_id, row.email))

    async def cancel(actor: Actor, invitation_id: UUID) -> None:
        await invitations.cancel_invitation(actor, invitation_id)
        toast(_('Withdrawn. The link no longer works.'))

    await DataTable(
        [
            Column('name', _('Person')), Column('email', _('E-mail')), Column('created_at', _('Sent'), 'when'),
            Column('expires_at', _('Works until'), 'datetime'),
            Column('state', _('State'), 'chip', _state),
        ],
        fetch, label=_('Open invitations'), search=_('Search by name'), noun=(_('invitation'), _('invitations')),
        live=[Invitation],
        row_actions=[
            RowAction(_('Send again'), again, 'sym_o_forward_to_inbox'),
            RowAction(_('Withdraw'), cancel, 'sym_o_close'),
        ],
        empty=EmptyList(
            _('Nobody is invited now'), _('An invitation is a link that works for seven days.'), 'sym_o_mail'
        ),
    ).load()  # fmt: skip
    await service_accounts_of_all()
    await api_keys_of_all()


def _state(row: InvitationRow) -> Chip:
    return Chip(_('Lapsed'), 'red') if row.is_expired else Chip(sense('a state', 'Open'), 'blue')

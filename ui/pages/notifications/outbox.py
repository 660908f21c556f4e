"""The outbox: what became of each mail, and trying again."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from data.notifications import Mail, MailStatus
from logic import mail
from logic.core.actor import Actor
from logic.core.language import _, later
from logic.identity import preferences
from ui.components import Button, Chip, Column, DataTable, EmptyList, Filter, FormDialog, Note, RowAction, toast
from ui.pages.settings import settings_head
from ui.shell import page

STATES = {
    MailStatus.QUEUED: (later('Waiting'), 'blue'), MailStatus.SENDING: (later('On the way'), 'violet'),
    MailStatus.SENT: (later('Sent'), 'green'), MailStatus.UNCERTAIN: (later('Not confirmed'), 'amber'),
    MailStatus.BOUNCED: (later('Came back'), 'red'), MailStatus.HELD: (later('Held'), 'amber'),
    MailStatus.FAILED: (later('Failed'), 'red'),
}  # fmt: skip


class ReasonForm(BaseModel):
    """Why a mail came back."""

    model_config = ConfigDict(extra='forbid', str_strip_whitespace=True)

    reason: Annotated[str, Field(title=later('What the report says'), min_length=1, max_length=400)]


def _state(row: Mail) -> Chip:
    return Chip(*STATES[row.status])


@page('/settings/mail', 'E-mail', mail.MANAGE)
async def outbox(actor: Actor) -> None:
    """Every mail of the department, live."""
    state = await mail.mail_state(actor)
    settings_head(_('E-mail'), _('Every mail of the last 30 days, and what became of it.'))
    if not state.is_set_up:
        Note(str(mail.NOT_SET_UP), 'amber', 'sym_o_warning')
    if state.is_in_clear:
        Note(str(mail.IN_CLEAR), 'amber', 'sym_o_lock_open')

    async def test(actor: Actor) -> None:
        await mail.send_test(actor, await preferences.my_email(actor))
        toast(_('On its way to you. Below you see what becomes of it.'))

    async def again(actor: Actor, mail_id: UUID) -> None:
        await mail.retry_mail(actor, mail_id)
        toast(_('It is tried again.'))

    async def back(actor: Actor, mail_id: UUID) -> None:  # noqa: ARG001  the submit asks again
        async def save(actor: Actor, data: ReasonForm) -> None:
            await mail.mark_bounced(actor, mail_id, data.reason)
            toast(_('Nothing more is sent to this address, until somebody has it tried again.'))

        text = _('Somebody got the report that this e-mail could not be delivered.')
        label, asked = _('It came back'), _('Did it come back?')
        FormDialog(asked, ReasonForm, save, text=text, label=label, about=mail_id).textarea('reason')

    await DataTable(
        [
            Column('recipient', _('To')), Column('subject', _('Subject')), Column('status', _('State'), 'chip', _state),
            Column('error', _('Why'), 'prose'), Column('attempts', _('Tries'), 'number'),
            Column('created_at', _('Written'), 'when', sort='created'), Column('sent_at', _('Sent'), 'when'),
        ],
        mail.list_mails, label=_('E-mails'), search=_('Search address or subject'), noun=(_('mail'), _('mails')),
        sort='', live=[Mail],
        filters=[Filter('status', _('State'), [(one, str(state[0])) for one, state in STATES.items()])],
        buttons=[
            Button(_('Wording'), href='/settings/mail/wording', icon='sym_o_edit_note', small=True),
            Button(_('Send a test to me'), do=test, icon='sym_o_outgoing_mail', small=True),
        ],
        row_actions=[
            RowAction(_('Try again'), again, 'sym_o_replay', when=mail.may_try_again),
            RowAction(_('It came back…'), back, 'sym_o_undo', when=lambda row: row.status in mail.ARRIVED),
        ],
        empty=EmptyList(
            _('No mail yet'), _('Invitations, resets and notices appear here when they are sent.'), 'sym_o_mail'
        ),
    ).load()  # fmt: skip

"""The outbox: what became of each mail, and trying again."""

from uuid import UUID

from data.notifications import Mail, MailStatus
from logic import mail
from logic.core.actor import Actor
from logic.identity import preferences
from ui.components import Button, Chip, Column, DataTable, EmptyList, Filter, Note, RowAction, toast
from ui.pages.settings import settings_head
from ui.shell import page

STATES = {
    MailStatus.QUEUED: ('Waiting', 'blue'), MailStatus.SENDING: ('On the way', 'violet'),
    MailStatus.SENT: ('Sent', 'green'), MailStatus.UNCERTAIN: ('Not confirmed', 'amber'),
    MailStatus.BOUNCED: ('Came back', 'red'), MailStatus.HELD: ('Held', 'amber'), MailStatus.FAILED: ('Failed', 'red'),
}  # fmt: skip


def _state(row: Mail) -> Chip:
    return Chip(*STATES[row.status])


@page('/settings/mail', 'E-mail', mail.MANAGE)
async def outbox(actor: Actor) -> None:
    """Every mail of the department, live."""
    state = await mail.mail_state(actor)
    settings_head('E-mail', 'Every mail of the last 30 days, and what became of it.')
    if not state.is_set_up:
        Note(mail.NOT_SET_UP, 'amber', 'sym_o_warning')

    async def test(actor: Actor) -> None:
        await mail.send_test(actor, await preferences.my_email(actor))
        toast('On its way to you. Below you see what becomes of it.')

    async def again(actor: Actor, mail_id: UUID) -> None:
        await mail.retry_mail(actor, mail_id)
        toast('It is tried again.')

    await DataTable(
        [
            Column('recipient', 'To'), Column('subject', 'Subject'), Column('status', 'State', 'chip', _state),
            Column('error', 'Why', 'prose'), Column('attempts', 'Tries', 'number'),
            Column('created_at', 'Written', 'when', sort='created'), Column('sent_at', 'Sent', 'when'),
        ],
        mail.list_mails, label='E-mails', search='Search address or subject', noun=('mail', 'mails'), sort='',
        live=[Mail], filters=[Filter('status', 'State', [(one, label) for one, (label, _) in STATES.items()])],
        buttons=[
            Button('Wording', href='/settings/mail/wording', icon='sym_o_edit_note', small=True),
            Button('Send a test to me', do=test, icon='sym_o_outgoing_mail', small=True),
        ],
        row_actions=[RowAction('Try again', again, 'sym_o_replay', when=lambda row: row.status in mail.AGAIN)],
        empty=EmptyList('No mail yet', 'Invitations, resets and notices appear here when they are sent.', 'sym_o_mail'),
    ).load()  # fmt: skip

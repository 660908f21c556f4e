"""What stands over a person from whom mail comes back, and sending to him again."""

from zoneinfo import ZoneInfo

from logic.core.actor import Actor
from logic.core.formats import day_text
from logic.core.language import _
from logic.members import PersonView, Refused, release_address
from ui import shell
from ui.components import Button, Note, toast
from ui.waiting import Look, looks

looks['address'] = Look('sym_o_mark_email_unread', 'red')


def notes(actor: Actor, person: PersonView) -> None:
    """Say of each address that nothing is sent there, and why."""
    for refused in person.refused:
        since = refused.since.astimezone(ZoneInfo(actor.zone))
        text = _(
            'E-mail to {address} comes back since {day}, so nothing more is sent there. Write down a right address, or '
            'have it tried again. The mail server said: {reason}',
            address=refused.address, day=day_text(since.date(), 'long'), reason=refused.reason,
        )  # fmt: skip
        Note(text, 'red', 'sym_o_error', [_again(person, refused)] if person.may_edit else [])


def _again(person: PersonView, refused: Refused) -> Button:
    async def release(actor: Actor) -> None:
        await release_address(actor, person.id, refused.address)
        toast(_('E-mail is sent to {address} again.', address=refused.address))
        await shell.refresh()

    return Button(_('Send there again'), do=release, small=True)

"""What waits for a second person: lost second factors to remove, people to anonymise."""

from uuid import UUID

from data.identity import TwoPersonRequest
from logic.core.actor import Actor
from logic.core.language import _
from logic.identity import mfa
from logic.identity.mfa import FactorReset
from logic.identity.permissions import MANAGE_ACCESS
from logic.members.domain import ANONYMISE
from ui import shell
from ui.components import Button, Note, Waiting, live, toast
from ui.components.blocks import Attention
from ui.guard import current_actor
from ui.pages.access.deciding import REMOVED, Request, ask, of_anonymising, of_factor
from ui.waiting import looks


async def waiting_requests() -> None:
    """List what waits for a second person, as long as there is something."""

    async def draw() -> None:
        actor = await current_actor()
        items = []
        if actor.may(MANAGE_ACCESS):
            items += [_drawn(of_factor(one), 'factor_reset', one.id) for one in await mfa.list_factor_resets(actor)]
        if actor.may(ANONYMISE):
            items += [_drawn(one, 'anonymise', key) for key, one in (await of_anonymising(actor)).items()]
        if items:
            Attention(items, _('Waits for a second person'))

    await live(TwoPersonRequest, draw=draw)


def _drawn(request: Request, kind: str, key: UUID) -> Waiting:
    async def opens(actor: Actor) -> None:  # noqa: ARG001  the decision asks again
        ask(request)

    label = _('Open') if request.is_own else _('Decide')
    return Waiting(request.title, request.reason, looks[kind].icon, 'red', label=label, do=opens, key=f'{kind}-{key}')


async def asked_of(member_id: UUID) -> None:
    """Show that somebody asked to remove the person's lost second factor, with the decision."""

    async def draw() -> None:
        for found in await mfa.list_factor_resets(await current_actor()):
            if found.member_id == member_id:
                _decision(found)

    await live(TwoPersonRequest, draw=draw)


def _decision(found: FactorReset) -> None:
    async def approve(actor: Actor) -> None:
        await mfa.approve_factor_reset(actor, found.id)
        toast(str(REMOVED))
        await shell.refresh()

    async def decline(actor: Actor) -> None:
        await mfa.decline_factor_reset(actor, found.id)
        toast(_('Taken back.') if found.is_own else _('Declined.'))

    if found.is_own:
        text = _(
            'You asked to remove the second factor: "{reason}" Another administrator has to approve it.',
            reason=found.reason,
        )
        buttons = [Button(_('Take back'), do=decline, small=True)]
    else:
        text = _('{name} asks to remove the lost second factor: "{reason}"', name=found.asked_by, reason=found.reason)
        buttons = [
            Button(_('Approve'), do=approve, small=True, primary=True),
            Button(_('Decline'), do=decline, small=True),
        ]
    Note(text, 'amber', 'sym_o_phonelink_erase', buttons)

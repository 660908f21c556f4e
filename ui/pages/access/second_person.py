"""What waits for a second person: lost second factors to remove, people to anonymise."""

from uuid import UUID

from data.identity import TwoPersonRequest
from logic.core.actor import Actor
from logic.core.language import _
from logic.identity import mfa
from logic.identity.mfa import FactorReset
from logic.identity.permissions import MANAGE_ACCESS
from logic.members import archive
from logic.members.domain import ANONYMISE
from ui import shell
from ui.components import Button, Buttons, Dialog, Note, Text, Waiting, live, toast
from ui.components.blocks import Attention
from ui.guard import current_actor


async def waiting_requests() -> None:
    """List what waits for a second person, as long as there is something."""

    async def draw() -> None:
        actor = await current_actor()
        items = []
        if actor.may(MANAGE_ACCESS):
            items += [_factor(found) for found in await mfa.list_factor_resets(actor)]
        if actor.may(ANONYMISE):
            requests = await archive.list_anonymise_requests(actor)
            items += [_anonymise(request, person.name, actor) for request, person in requests]
        if items:
            Attention(items, _('Waits for a second person'))

    await live(TwoPersonRequest, draw=draw)


def _factor(found: FactorReset) -> Waiting:
    return Waiting(
        _('Remove the second factor of {name}?', name=found.member_name), f'{found.asked_by}: {found.reason}',
        'sym_o_phonelink_erase', 'red', f'/access/{found.member_id}', _('Open') if found.is_own else _('Decide'),
    )  # fmt: skip


def _anonymise(request: TwoPersonRequest, name: str, actor: Actor) -> Waiting:
    own = request.requested_by_id == actor.account_id

    async def decide(actor: Actor) -> None:  # noqa: ARG001
        async def approve(actor: Actor) -> None:
            await archive.decide_anonymise(actor, request.id, approve=True)
            dialog.close()
            toast(_('Done. What identified the person is gone.'))

        async def decline(actor: Actor) -> None:
            await archive.decide_anonymise(actor, request.id, approve=False)
            dialog.close()
            toast(_('Taken back.') if own else _('Declined.'))

        with Dialog(_('Anonymise {name}?', name=name)) as dialog:
            Text(request.reason)
            if own:
                Text(_('You asked for this, so somebody else has to approve it.'), quiet=True)
                Buttons(Button(_('Take back'), do=decline))
            else:
                Text(_('All that identifies the person goes for good. This cannot be undone.'), quiet=True)
                Buttons(Button(_('Approve'), do=approve, primary=True, danger=True), Button(_('Decline'), do=decline))

    label, text = _('Open') if own else _('Decide'), _('Anonymise {name}?', name=name)
    return Waiting(text, request.reason, 'sym_o_person_off', 'red', label=label, do=decide)


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
        toast(_('Removed. All sessions of this person have ended, and the next sign-in needs the password only.'))
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

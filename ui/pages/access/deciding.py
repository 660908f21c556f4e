"""The decision of a second person: a lost second factor to remove, or somebody to anonymise."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from data.identity import TwoPersonRequest
from logic.core.actor import Actor
from logic.core.errors import Conflict
from logic.core.language import _, later
from logic.identity import mfa
from logic.identity.mfa import FactorReset
from logic.members import archive
from ui.components import Button, Buttons, Dialog, Text, toast
from ui.waiting import Act, Look, looks

REMOVED = later('Removed. All sessions of this person have ended, and the next sign-in needs the password only.')


@dataclass(frozen=True, slots=True)
class Request:
    """What waits for a second person, as the dialog that decides it says it."""

    title: str
    reason: str
    is_own: bool
    means: str
    """What an approval does."""
    done: str
    decide: Callable[[Actor, bool], Awaitable[object]]


async def decide_reset(actor: Actor, request_id: UUID) -> None:
    """Open the decision on a lost second factor. Raises Conflict when there is none any more."""
    found = {one.id: of_factor(one) for one in await mfa.list_factor_resets(actor)}
    ask(_of(found, request_id))


async def decide_anonymising(actor: Actor, request_id: UUID) -> None:
    """Open the decision on anonymising somebody. Raises Conflict when there is none any more."""
    ask(_of(await of_anonymising(actor), request_id))


def _of(found: dict[UUID, Request], request_id: UUID) -> Request:
    if request_id not in found:
        raise Conflict('This was decided already.')
    return found[request_id]


def of_factor(found: FactorReset) -> Request:
    """Word a request to remove a lost second factor."""

    async def decide(actor: Actor, approve: bool) -> None:
        await (mfa.approve_factor_reset if approve else mfa.decline_factor_reset)(actor, found.id)

    return Request(
        _('Remove the second factor of {name}?', name=found.member_name), f'{found.asked_by}: {found.reason}',
        found.is_own, _('The next sign-in of this person needs the password only.'), REMOVED, decide,
    )  # fmt: skip


async def of_anonymising(actor: Actor) -> dict[UUID, Request]:
    """Word the requests to anonymise somebody, by id."""
    return {
        request.id: _anonymise(request, person.name, actor)
        for request, person in await archive.list_anonymise_requests(actor)
    }


def _anonymise(request: TwoPersonRequest, name: str, actor: Actor) -> Request:
    async def decide(actor: Actor, approve: bool) -> None:
        await archive.decide_anonymise(actor, request.id, approve=approve)

    return Request(
        _('Anonymise {name}?', name=name), request.reason, request.requested_by_id == actor.account_id,
        _('All that identifies the person goes for good. This cannot be undone.'),
        _('Done. What identified the person is gone.'), decide,
    )  # fmt: skip


def ask(request: Request) -> None:
    """Open the dialog in which a second person approves or declines, or the first one takes the request back."""

    async def approve(actor: Actor) -> None:
        await request.decide(actor, True)
        dialog.close()
        toast(str(request.done))

    async def decline(actor: Actor) -> None:
        await request.decide(actor, False)
        dialog.close()
        toast(_('Taken back.') if request.is_own else _('Declined.'))

    with Dialog(request.title) as dialog:
        Text(request.reason)
        if request.is_own:
            Text(_('You asked for this, so somebody else has to approve it.'), quiet=True)
            Buttons(Button(_('Take back'), do=decline))
        else:
            Text(request.means, quiet=True)
            Buttons(Button(_('Approve'), do=approve, primary=True, danger=True), Button(_('Decline'), do=decline))


looks['factor_reset'] = Look('sym_o_phonelink_erase', 'red', Act(later('Decide'), decide_reset))
looks['anonymise'] = Look('sym_o_person_off', 'red', Act(later('Decide'), decide_anonymising))
looks['invitation'] = Look('sym_o_mail', 'red')

"""Who stands at the door: a visitor, or somebody whose cookie says that he is signed in; and how he comes to be so."""

from dataclasses import dataclass
from urllib.parse import quote

from fastapi import Request
from starlette.responses import Response

from logic.core.actor import Actor
from logic.core.language import _
from logic.identity import memberships, sessions, sign_in
from logic.identity.sign_in import SignIn, Step
from ui import guard
from ui.front import cookies, tokens
from ui.front.screens import go

ATTEMPT_SECONDS = 10 * 60


def visitor_of(request: Request) -> Actor:
    """Return somebody who has not signed in, with where he comes from."""
    address = request.client.host if request.client else None
    return Actor.public(address, request.headers.get('user-agent', '')[:400])


async def person_of(request: Request) -> Actor:
    """Return who is signed in. Raises Unauthenticated, which leads to the sign-in page."""
    return await guard.actor_of_request(request)


async def sign_in_with_password(request: Request, email: str, password: str, target: str) -> Response:
    """Sign somebody in and lead him on: to his second factor, or to where he wanted to go."""
    outcome = await sign_in.sign_in(
        visitor_of(request), email, password,
        device=cookies.read(request, cookies.DEVICE), replaces=guard.token_of(request),
    )  # fmt: skip
    return await go_on(request, outcome, target)


async def go_on(request: Request, outcome: SignIn, target: str) -> Response:
    """Lead on after a step of signing in; a session that was opened goes into a new cookie."""
    if outcome.step is Step.DONE and outcome.session is not None:
        return signed_in(request, go(request, await _first_page(outcome.session.token, target)), outcome)
    step = '/sign-in/code' if outcome.step is Step.SECOND_FACTOR else '/sign-in/enrol'
    response = go(request, step if target == '/' else f'{step}?next={quote(target, safe="/")}')
    carried = {'transaction': outcome.transaction, 'factors': sorted(outcome.factors)}
    sealed = tokens.seal(cookies.ATTEMPT, carried, seconds=ATTEMPT_SECONDS)
    cookies.put(request, response, cookies.ATTEMPT, sealed, seconds=ATTEMPT_SECONDS)
    return response


def signed_in(request: Request, response: Response, outcome: SignIn) -> Response:
    """Put the session that was opened into the cookies of an answer; what the sign-in needed goes."""
    assert outcome.session is not None
    cookies.put_session(request, response, outcome.session.token)
    cookies.take(request, response, cookies.ATTEMPT)
    cookies.take(request, response, cookies.VISITOR)
    if outcome.device:
        cookies.put(request, response, cookies.DEVICE, outcome.device, seconds=cookies.DEVICE_SECONDS)
    return response


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in between its factors, as this browser carries it."""

    transaction: str
    factors: frozenset[str]


def attempt_of(request: Request) -> Attempt | None:
    """Return the sign-in that this browser has begun, or None."""
    carried = tokens.unseal(cookies.ATTEMPT, cookies.read(request, cookies.ATTEMPT))
    return Attempt(carried['transaction'], frozenset(carried['factors'])) if carried else None


async def _first_page(session_token: str, target: str) -> str:
    """Return where to go after sign-in: somebody with several departments chooses, unless he was on his way."""
    if target != '/':
        return target
    actor = await sessions.actor_for(session_token)
    places = await memberships.list_memberships(actor)
    return '/choose-department' if len(places) > 1 else target


def why_no_passkeys(request: Request) -> str | None:
    """Return why passkeys cannot work at this address, in a sentence; None when they can."""
    settings = cookies.settings_of(request)
    if settings.passkey_host is not None:
        return None
    if settings.is_https:
        return _('Passkeys need a host name; this Logbook is reached by a bare IP address.')
    return _('Passkeys need an encrypted address (https://); this Logbook is reached without one.')

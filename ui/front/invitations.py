"""Invitations: a link, a password, and the invited person is in; or his present account gains a department."""

from urllib.parse import quote

from fastapi import Request
from starlette.responses import Response

from logic.core.actor import Actor
from logic.core.errors import NotFound, Unauthenticated
from logic.core.language import _
from logic.core.service import PUBLIC, SIGNED_IN
from logic.identity import invitations, sessions
from logic.identity.passwords import password_rules
from ui import guard
from ui.front import cookies, tokens
from ui.front.forms import Form, form, own_form
from ui.front.routes import get, post
from ui.front.screens import draw, go, refusal
from ui.front.visitors import go_on, person_of, visitor_of


async def _invitation(request: Request, typed: Form) -> Response:
    link = str(request.path_params['link'])[:200]
    try:
        info = await invitations.read_invitation(visitor_of(request), link)
    except NotFound as error:
        return refusal(
            request, 404, _('This invitation does not work any more'), error.message, (_('Sign in'), '/sign-in')
        )
    person = await _person(request)
    return draw(
        request, 'invitation.html', form=typed, link=link, info=info, person=person,
        subject=tokens.session_subject(person.session_id) if person and info.has_account else '',
        sign_in=f'/sign-in?next={quote(f"/invitation/{link}")}', rules=password_rules(with_mfa=False),
    )  # fmt: skip


async def _person(request: Request) -> Actor | None:
    try:
        return await person_of(request)
    except Unauthenticated:
        return None


@get('/invitation/{link}', PUBLIC)
async def invitation_screen(request: Request) -> Response:
    """Show who invites, and ask for a password."""
    return await _invitation(request, Form())


@post('/invitation/{link}', PUBLIC)
@form(_invitation)
async def send_invitation(request: Request, typed: Form) -> Response:
    """Make the account, and sign the person in."""
    outcome = await invitations.accept_invitation(
        visitor_of(request), str(request.path_params['link']), typed.secret('password'),
        device=cookies.read(request, cookies.DEVICE), replaces=guard.token_of(request),
    )  # fmt: skip
    return await go_on(request, outcome, '/')


@post('/invitation/{link}/join', SIGNED_IN)
@own_form(_invitation)
async def join(request: Request, _typed: Form, actor: Actor) -> Response:
    """Accept with the account that is signed in, and go on in the new department."""
    organization_id = await invitations.accept_as_myself(actor, str(request.path_params['link']))
    await sessions.switch_organization(actor, organization_id)
    return go(request, '/')

"""Signing in and out: password, second factor, and the department to work in."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from data.organizations import Registration
from logic import setup
from logic.core.errors import NotFound, Unauthenticated
from logic.core.language import _, later
from logic.core.service import PUBLIC, SIGNED_IN
from logic.identity import memberships, sessions, sign_in
from ui import guard
from ui.front import cookies, tokens
from ui.front.forms import Form, check_session_token, form, read
from ui.front.routes import get, post
from ui.front.screens import draw, go, next_of
from ui.front.visitors import attempt_of, go_on, person_of, sign_in_with_password, visitor_of, why_no_passkeys

NOTICES = {
    'out': later('You are signed out.'),
    'reset': later('Your password is changed. Sign in with the new one.'),
    'address': later('Your address is changed. Sign in with the new one.'),
    'ended': later('You are signed out. Sign in to go on.'),
}


async def sign_in_page(request: Request, typed: Form) -> Response:
    """Draw the first screen of signing in."""
    is_first = not typed.values
    told = request.query_params.get('notice', 'ended' if guard.token_of(request) else '')
    notice = NOTICES.get(told) if is_first else None
    return draw(
        request, 'sign_in.html', form=typed, next=next_of(request, None if is_first else typed), notice=notice,
        has_passkeys=why_no_passkeys(request) is None,
        is_open=await setup.registration(visitor_of(request)) is Registration.OPEN,
    )  # fmt: skip


@get('/sign-in', PUBLIC)
async def sign_in_screen(request: Request) -> Response:
    """Ask for e-mail address and password; who is signed in goes on, and a new Logbook is set up first."""
    if guard.token_of(request):
        try:
            await person_of(request)
            return go(request, next_of(request))
        except Unauthenticated:
            # Signed out, ended or revoked, perhaps while a page was open: the browser forgets what it kept.
            return _forget(request, await sign_in_page(request, Form()))
    if not await setup.is_set_up(visitor_of(request)):
        return go(request, '/setup')
    return await sign_in_page(request, Form())


@post('/sign-in', PUBLIC)
@form(sign_in_page)
async def send_sign_in(request: Request, typed: Form) -> Response:
    """Take e-mail address and password."""
    return await sign_in_with_password(request, typed.value('email'), typed.secret('password'), next_of(request, typed))


# ------------------------------------------------------------------------------------------------ second factor


async def code_page(request: Request, typed: Form) -> Response:
    """Draw the screen of the second factor."""
    attempt = attempt_of(request)
    if attempt is None:
        return await _begin_again(request, typed)
    return draw(
        request, 'code.html', form=typed, next=next_of(request, typed if typed.values else None),
        has_totp='totp' in attempt.factors,
        has_passkeys='passkey' in attempt.factors and why_no_passkeys(request) is None,
    )  # fmt: skip


async def _begin_again(request: Request, typed: Form) -> Response:
    again = Form({'next': next_of(request, typed if typed.values else None)})
    return await sign_in_page(request, again.refused(Unauthenticated(sign_in.OVER)))


@get('/sign-in/code', PUBLIC)
async def code_screen(request: Request) -> Response:
    """Ask for the second factor."""
    return await code_page(request, Form())


@post('/sign-in/code', PUBLIC)
@form(code_page)
async def send_code(request: Request, typed: Form) -> Response:
    """Take a code of the app or a recovery code."""
    attempt = attempt_of(request)
    if attempt is None:
        return await _begin_again(request, typed)
    outcome = await sign_in.second_factor(
        visitor_of(request), attempt.transaction, typed.value('code'),
        device=cookies.read(request, cookies.DEVICE), replaces=guard.token_of(request),
    )  # fmt: skip
    return await go_on(request, outcome, next_of(request, typed))


# ------------------------------------------------------------------------------------------------ sign-out


@post('/sign-out', PUBLIC)
async def send_sign_out(request: Request) -> Response:
    """End the session, and let the browser forget what it kept of us."""
    typed = await read(request)
    try:
        actor = await guard.actor_of_request(request, touch=False)
    except Unauthenticated:
        return _forget(request, go(request, '/sign-in?notice=out'))
    check_session_token(typed, actor.session_id)
    await sessions.sign_out(actor)
    return _forget(request, go(request, '/sign-in?notice=out'))


def _forget(request: Request, response: Response) -> Response:
    response.headers['Clear-Site-Data'] = cookies.CLEARED
    cookies.take_session(request, response)
    cookies.take(request, response, cookies.ATTEMPT)
    return response


# ------------------------------------------------------------------------------------------------ departments


async def _departments(request: Request, typed: Form) -> Response:
    actor = await person_of(request)
    places = await memberships.list_memberships(actor)
    return draw(
        request, 'organizations.html', form=typed, subject=tokens.session_subject(actor.session_id),
        organizations=places, current=actor.organization_id, next=next_of(request, typed if typed.values else None),
    )  # fmt: skip


@get('/choose-department', SIGNED_IN)
async def departments_screen(request: Request) -> Response:
    """Ask in which department somebody with several wants to work."""
    return await _departments(request, Form())


@post('/choose-department', SIGNED_IN)
async def choose_department(request: Request) -> Response:
    """Go on in a department of the account, right after sign-in."""
    typed = await read(request)
    return await _switch(request, typed, next_of(request, typed))


@post('/switch-organization', SIGNED_IN)
async def switch_department(request: Request) -> Response:
    """Go on in another department of the account; the shell's switcher sends this."""
    return await _switch(request, await read(request), '/')


async def _switch(request: Request, typed: Form, target: str) -> Response:
    actor = await person_of(request)
    check_session_token(typed, actor.session_id)
    try:
        organization_id = UUID(typed.value('organization_id'))
    except ValueError:
        raise NotFound(_('You are not a member of that department.')) from None
    if organization_id != actor.organization_id:
        await sessions.switch_organization(actor, organization_id)
    return go(request, target)

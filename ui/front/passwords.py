"""Passwords: forgotten, chosen anew by a link, changed, and asked for once more before something sensitive."""

from fastapi import Request
from starlette.responses import Response

from logic.core.actor import Actor
from logic.core.errors import Invalid
from logic.core.language import _, later
from logic.core.service import PUBLIC, SIGNED_IN
from logic.identity import credentials, mfa, resets, sign_in
from logic.identity.passwords import password_rules
from ui.front import cookies, tokens
from ui.front.forms import Form, form, own_form
from ui.front.routes import get, post
from ui.front.screens import draw, go, next_of, refusal
from ui.front.visitors import person_of, visitor_of

LINK = (later('Ask for a new link'), '/forgot')


async def _forgot(request: Request, typed: Form) -> Response:
    return draw(request, 'forgot.html', form=typed, sent=False)


@get('/forgot', PUBLIC)
async def forgot_screen(request: Request) -> Response:
    """Ask for the address to which a link is sent."""
    return await _forgot(request, Form())


@post('/forgot', PUBLIC)
@form(_forgot)
async def send_forgot(request: Request, typed: Form) -> Response:
    """Have a link sent; the answer is the same whether there is an account or not."""
    address = typed.value('email')
    if '@' not in address.strip('@'):
        raise Invalid(
            _('Write your e-mail address.'), {'email': _('Write an e-mail address, such as name@example.org.')}
        )
    await resets.ask_for_reset(visitor_of(request), address)
    return draw(request, 'forgot.html', sent=True)


async def _reset(request: Request, typed: Form) -> Response:
    link = str(request.path_params['link'])[:200]
    if not await resets.check_reset_link(visitor_of(request), link):
        return refusal(request, 404, _('This link does not work any more'), _(resets.OVER), LINK)
    return draw(request, 'reset.html', form=typed, link=link, rules=password_rules(with_mfa=False))


@get('/reset/{link}', PUBLIC)
async def reset_screen(request: Request) -> Response:
    """Ask for a new password. Looking does not use the link up: mail scanners look too."""
    return await _reset(request, Form())


@post('/reset/{link}', PUBLIC)
@form(_reset)
async def send_reset(request: Request, typed: Form) -> Response:
    """Set the new password. Nobody is signed in by it; the second factor is still asked for."""
    await resets.reset_password(visitor_of(request), str(request.path_params['link']), typed.secret('new_password'))
    response = go(request, '/sign-in?notice=reset')
    cookies.take_session(request, response)
    return response


# ------------------------------------------------------------------------------------------------ signed in


async def _change(request: Request, typed: Form) -> Response:
    actor = await person_of(request)
    factors = await mfa.my_second_factors(actor)
    has_mfa = factors.totp_since is not None or bool(factors.passkeys)
    return draw(
        request, 'password.html', form=typed, subject=tokens.session_subject(actor.session_id),
        email=await _email(actor), next=next_of(request, typed if typed.values else None),
        rules=password_rules(with_mfa=has_mfa),
    )  # fmt: skip


@get('/security/password', SIGNED_IN)
async def change_screen(request: Request) -> Response:
    """Ask for the present and a new password."""
    return await _change(request, Form())


@post('/security/password', SIGNED_IN)
@own_form(_change)
async def send_change(request: Request, typed: Form, actor: Actor) -> Response:
    """Change the password; this browser stays signed in under a new session cookie, all others do not."""
    opened = await credentials.change_password(actor, typed.secret('current_password'), typed.secret('new_password'))
    response = go(request, next_of(request, typed))
    cookies.put_session(request, response, opened.token)
    return response


async def _confirm(request: Request, typed: Form) -> Response:
    actor = await person_of(request)
    return draw(
        request, 'confirm.html', form=typed, subject=tokens.session_subject(actor.session_id), name=actor.name,
        email=await _email(actor), next=next_of(request, typed if typed.values else None),
    )  # fmt: skip


@get('/security/confirm', SIGNED_IN)
async def confirm_screen(request: Request) -> Response:
    """Ask who is signed in to prove it again, before something sensitive."""
    return await _confirm(request, Form())


@post('/security/confirm', SIGNED_IN)
@own_form(_confirm)
async def send_confirm(request: Request, typed: Form, actor: Actor) -> Response:
    """Take the password or a code, and go back to what needed it."""
    opened = await sign_in.confirm_identity(actor, typed.secret('secret'))
    response = go(request, next_of(request, typed))
    cookies.put_session(request, response, opened.token)
    return response


async def _email(actor: Actor) -> str:
    """Return the address that a password manager files the password under."""
    account = await sign_in.account_row(Actor.system(), actor.account_id) if actor.account_id else None
    return account.email if account else ''

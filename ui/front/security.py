"""The own account's safety on one plain page: password, authenticator app, recovery codes."""

from fastapi import Request
from starlette.responses import Response

from logic.core.actor import Actor
from logic.core.service import SIGNED_IN
from logic.identity import mfa
from ui.front import tokens
from ui.front.authenticator import draw_codes
from ui.front.forms import Form, own_form
from ui.front.routes import get, post
from ui.front.screens import draw, go, next_of
from ui.front.visitors import person_of, why_no_passkeys

HERE = '/security'


async def _security(request: Request, typed: Form) -> Response:
    actor = await person_of(request)
    return draw(
        request, 'security.html', form=typed, subject=tokens.session_subject(actor.session_id), name=actor.name,
        factors=await mfa.my_second_factors(actor), passkey_reason=why_no_passkeys(request),
    )  # fmt: skip


@get(HERE, SIGNED_IN)
async def security_screen(request: Request) -> Response:
    """Show how the account is protected, with the way to change each part."""
    return await _security(request, Form())


@post('/security/recovery-codes', SIGNED_IN)
@own_form(_security)
async def new_codes(request: Request, typed: Form, actor: Actor) -> Response:
    """Make new recovery codes; the old ones are worth nothing."""
    codes = await mfa.renew_own_codes(actor)
    return draw_codes(request, codes, tokens.session_subject(actor.session_id), next_of(request, typed))


async def _remove(request: Request, typed: Form) -> Response:
    actor = await person_of(request)
    return draw(
        request, 'authenticator_remove.html', form=typed, subject=tokens.session_subject(actor.session_id),
        next=next_of(request, typed if typed.values else None),
    )  # fmt: skip


@get('/security/authenticator/remove', SIGNED_IN)
async def remove_screen(request: Request) -> Response:
    """Ask for the password before the app is removed."""
    return await _remove(request, Form({'next': HERE}))


@post('/security/authenticator/remove', SIGNED_IN)
@own_form(_remove)
async def remove(request: Request, typed: Form, actor: Actor) -> Response:
    """Remove the authenticator app; the other sessions end."""
    await mfa.remove_totp(actor, typed.secret('password'))
    return go(request, HERE)

"""Passkeys: making one, signing in with it, removing it; and why not, where the address does not allow them."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from logic.core.actor import Actor
from logic.core.errors import Invalid, NotFound
from logic.core.language import _, later
from logic.core.service import PUBLIC, SIGNED_IN
from logic.identity import mfa, passkeys
from logic.identity.passkeys import Ceremony
from ui import guard
from ui.front import cookies, tokens
from ui.front.authenticator import draw_codes, factor_is_there
from ui.front.forms import Form, check_session_token, check_token, form, own_form, read
from ui.front.routes import get, post
from ui.front.screens import draw, go, next_of
from ui.front.sign_in import code_page, sign_in_page
from ui.front.visitors import attempt_of, go_on, person_of, visitor_of, why_no_passkeys

HERE = '/security/passkey'
CEREMONY_SECONDS = 5 * 60
STORED = 'stored'
"""What stands in the cookie of a ceremony once its passkey is."""
CANCELLED = later('The browser sent no passkey. It needs scripts to be switched on; or use another way.')


def _asked(request: Request, ceremony: Ceremony) -> Response:
    """Hand the browser what it asks the authenticator; its answer comes back with the token in a cookie."""
    response = Response(ceremony.options, media_type='application/json')
    cookies.put(request, response, cookies.CEREMONY, ceremony.token, seconds=CEREMONY_SECONDS)
    return response


def _answered(request: Request, typed: Form) -> tuple[str, str]:
    token, answer = cookies.read(request, cookies.CEREMONY), typed.value('credential')
    if not token or not answer:
        raise Invalid(str(CANCELLED))
    return token, answer


# ------------------------------------------------------------------------------------------------ signing in


@post('/sign-in/passkey/options', PUBLIC)
async def ask_at_sign_in(request: Request) -> Response:
    """Begin to sign in with a passkey: alone, or as the second factor of a sign-in that has begun."""
    check_token(request, await read(request))
    attempt = attempt_of(request)
    transaction = attempt.transaction if attempt else None
    return _asked(request, await passkeys.begin_passkey_sign_in(visitor_of(request), transaction))


async def _page(request: Request, typed: Form) -> Response:
    return await (code_page if attempt_of(request) else sign_in_page)(request, typed)


@post('/sign-in/passkey', PUBLIC)
@form(_page)
async def send_passkey(request: Request, typed: Form) -> Response:
    """Take the authenticator's answer, and sign in."""
    token, answer = _answered(request, typed)
    attempt = attempt_of(request)
    outcome = await passkeys.finish_passkey_sign_in(
        visitor_of(request), token, answer, transaction=attempt.transaction if attempt else None,
        device=cookies.read(request, cookies.DEVICE), replaces=guard.token_of(request),
    )  # fmt: skip
    response = await go_on(request, outcome, next_of(request, typed))
    cookies.take(request, response, cookies.CEREMONY)
    return response


# ------------------------------------------------------------------------------------------------ one's own


async def _own(request: Request, typed: Form) -> Response:
    actor = await person_of(request)
    return draw(
        request, 'passkeys.html', form=typed, subject=tokens.session_subject(actor.session_id),
        keys=(await mfa.my_second_factors(actor)).passkeys, reason=why_no_passkeys(request),
        next=next_of(request, typed if typed.values else None),
    )  # fmt: skip


@get(HERE, SIGNED_IN)
async def own_screen(request: Request) -> Response:
    """Show one's passkeys, and offer to make one."""
    return await _own(request, Form())


@post(f'{HERE}/options', SIGNED_IN)
async def ask_for_new(request: Request) -> Response:
    """Begin to make a passkey."""
    actor, typed = await person_of(request), await read(request)
    check_session_token(typed, actor.session_id)
    return _asked(request, await passkeys.begin_passkey(actor))


@post(HERE, SIGNED_IN)
@own_form(_own)
async def add(request: Request, typed: Form, actor: Actor) -> Response:
    """Store the passkey that the authenticator made, not again at a reload; the first factor brings recovery codes."""
    target = next_of(request, typed)
    target = HERE if target == '/' else target
    if cookies.read(request, cookies.CEREMONY) == STORED:
        return factor_is_there(request, actor, target, is_passkey=True)
    token, answer = _answered(request, typed)
    codes = await passkeys.store_passkey(actor, token, answer, typed.value('label'))
    subject = tokens.session_subject(actor.session_id)
    response = draw_codes(request, codes, subject, target) if codes else go(request, target)
    cookies.put(request, response, cookies.CEREMONY, STORED, seconds=CEREMONY_SECONDS)
    return response


def _key_of(request: Request) -> UUID:
    try:
        return UUID(str(request.path_params['key']))
    except ValueError:
        raise NotFound(_('There is no such passkey.')) from None


async def _remove(request: Request, typed: Form) -> Response:
    actor, key_id = await person_of(request), _key_of(request)
    keys = (await mfa.my_second_factors(actor)).passkeys
    found = next((key for key in keys if key.id == key_id), None)
    if found is None:
        raise NotFound(_('There is no such passkey.'))
    return draw(
        request, 'passkey_remove.html', form=typed, subject=tokens.session_subject(actor.session_id), key=found
    )  # fmt: skip


@get(f'{HERE}/{{key}}/remove', SIGNED_IN)
async def remove_screen(request: Request) -> Response:
    """Ask for the password before a passkey is removed."""
    return await _remove(request, Form())


@post(f'{HERE}/{{key}}/remove', SIGNED_IN)
@own_form(_remove)
async def remove(request: Request, typed: Form, actor: Actor) -> Response:
    """Remove a passkey; the other sessions end."""
    await passkeys.remove_passkey(actor, _key_of(request), typed.secret('password'))
    return go(request, HERE)

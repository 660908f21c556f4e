"""Setting up an authenticator app: by somebody who is signed in, or inside a sign-in that requires it."""

from urllib.parse import quote

from fastapi import Request
from starlette.responses import Response

from logic.core.actor import Actor
from logic.core.errors import Invalid
from logic.core.language import _
from logic.core.service import PUBLIC, SIGNED_IN
from logic.identity import mfa
from logic.identity.mfa import TotpEnrolment
from ui import guard
from ui.front import cookies, tokens
from ui.front.forms import Form, form, own_form
from ui.front.routes import get, post
from ui.front.screens import draw, go, next_of
from ui.front.visitors import attempt_of, person_of, signed_in, visitor_of

ENROLMENT, CODES = 'enrolment', 'codes'
SEALED_SECONDS = 30 * 60
OWN, INSIDE = '/security/authenticator', '/sign-in/enrol'


def _draw(request: Request, typed: Form, action: str, actor: Actor | None) -> Response:
    """Draw the introduction, or the QR code of an enrolment that has begun."""
    begun = tokens.unseal(ENROLMENT, typed.values.get(ENROLMENT))
    return draw(
        request, 'authenticator.html', form=typed, action=action, begun=begun,
        next=next_of(request, typed if typed.values else None),
        subject=tokens.session_subject(actor.session_id) if actor else '',
        sealed=typed.values.get(ENROLMENT, ''), is_required=actor is None,
    )  # fmt: skip


def _keep(typed: Form, enrolment: TotpEnrolment) -> None:
    """Keep what was shown inside the form, encrypted: a mistyped code must not make a new QR code necessary."""
    facts = {'secret': enrolment.secret, 'qr': enrolment.qr_svg}
    typed.values[ENROLMENT] = tokens.seal(ENROLMENT, facts, seconds=SEALED_SECONDS)


def draw_codes(request: Request, codes: list[str], subject: str, target: str, typed: Form | None = None) -> Response:
    """Draw the recovery codes, which are shown once; to go on, the person says that he has stored them."""
    typed = typed or Form({CODES: tokens.seal(CODES, {'codes': codes}, seconds=SEALED_SECONDS)})
    return draw(
        request, 'recovery_codes.html', form=typed, codes=codes, sealed=typed.values[CODES], next=target,
        subject=subject,
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------ signed in


def factor_is_there(request: Request, actor: Actor, target: str, *, is_passkey: bool = False) -> Response:
    """Say that a second factor is in force whose codes were shown, and lead on."""
    return draw(
        request, 'factor_is_there.html', subject=tokens.session_subject(actor.session_id), is_passkey=is_passkey,
        next=target,
    )  # fmt: skip


async def _own(request: Request, typed: Form) -> Response:
    actor = await person_of(request)
    if (await mfa.my_second_factors(actor)).totp_since is None:
        return _draw(request, typed, OWN, actor)
    return factor_is_there(request, actor, next_of(request, typed if typed.values else None))


@get(OWN, SIGNED_IN)
async def own_screen(request: Request) -> Response:
    """Explain what an authenticator app is, and offer to begin; or say that one is in force."""
    return await _own(request, Form())


@post(OWN, SIGNED_IN)
@own_form(_own)
async def begin_own(request: Request, typed: Form, actor: Actor) -> Response:
    """Make a secret and show it as a QR code."""
    _keep(typed, await mfa.begin_own_totp(actor))
    return await _own(request, typed)


@post(f'{OWN}/confirm', SIGNED_IN)
@own_form(_own)
async def confirm_own(request: Request, typed: Form, actor: Actor) -> Response:
    """Put the app in force by a code of it, and show the recovery codes; a reload of these does not try again."""
    if (await mfa.my_second_factors(actor)).totp_since is not None:
        return await _own(request, typed)
    codes = await mfa.confirm_totp(actor, typed.value('code'))
    return draw_codes(request, codes, tokens.session_subject(actor.session_id), next_of(request, typed))


async def _codes(request: Request, typed: Form) -> Response:
    kept, target = tokens.unseal(CODES, typed.values.get(CODES)), next_of(request, typed)
    if not kept:
        return go(request, target)
    subject = tokens.session_subject((await person_of(request)).session_id)
    return draw_codes(request, kept['codes'], subject, target, typed)


@post('/security/recovery-codes/stored', SIGNED_IN)
@own_form(_codes)
async def codes_are_stored(request: Request, typed: Form, _actor: Actor) -> Response:
    """Go on once the person has said that the codes are stored."""
    if not typed.value('stored'):
        reason = _('Tick this once you have stored the codes: they are not shown again.')
        raise Invalid(reason, {'stored': reason})
    return go(request, next_of(request, typed))


# ------------------------------------------------------------------------------------------------ inside a sign-in


async def _inside(request: Request, typed: Form) -> Response:
    if attempt_of(request) is None:  # over, or done: who reloads his recovery codes is signed in
        then = quote(next_of(request, typed if typed.values else None))
        return go(request, f'{OWN}?next={then}' if guard.token_of(request) else '/sign-in')
    return _draw(request, typed, INSIDE, None)


@get(INSIDE, PUBLIC)
async def inside_screen(request: Request) -> Response:
    """Explain that a second factor is required now."""
    return await _inside(request, Form())


@post(INSIDE, PUBLIC)
@form(_inside)
async def begin_inside(request: Request, typed: Form) -> Response:
    """Make a secret for somebody in the middle of his sign-in."""
    attempt = attempt_of(request)
    if attempt is None:
        return await _inside(request, typed)
    _keep(typed, await mfa.begin_totp_in(attempt.transaction))
    return await _inside(request, typed)


@post(f'{INSIDE}/confirm', PUBLIC)
@form(_inside)
async def confirm_inside(request: Request, typed: Form) -> Response:
    """Put the app in force and finish the sign-in; the recovery codes are shown first."""
    attempt = attempt_of(request)
    if attempt is None:
        return await _inside(request, typed)
    outcome, codes = await mfa.confirm_totp_in(
        visitor_of(request), attempt.transaction, typed.value('code'),
        device=cookies.read(request, cookies.DEVICE), replaces=guard.token_of(request),
    )  # fmt: skip
    assert outcome.session is not None
    target = next_of(request, typed)
    response = draw_codes(request, codes, tokens.session_subject(outcome.session.session_id), target)
    return signed_in(request, response, outcome)

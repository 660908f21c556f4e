"""The address that somebody signs in with: asked for here, proved by a link that is mailed to the new one."""

from fastapi import Request
from starlette.responses import Response

from logic.core.actor import Actor
from logic.core.errors import NotFound
from logic.core.language import _
from logic.core.service import PUBLIC, SIGNED_IN
from logic.identity import addresses
from ui.front import cookies, tokens
from ui.front.forms import Form, form, own_form
from ui.front.routes import get, post
from ui.front.screens import draw, go, refusal
from ui.front.visitors import person_of, visitor_of

LONGEST_LINK = 1500


async def _ask(request: Request, typed: Form, sent: str = '') -> Response:
    actor = await person_of(request)
    return draw(
        request,
        'address.html',
        form=typed,
        subject=tokens.session_subject(actor.session_id),
        name=actor.name,
        sent=sent,
    )


@get('/security/address', SIGNED_IN)
async def address_screen(request: Request) -> Response:
    """Ask for the new address."""
    return await _ask(request, Form())


@post('/security/address', SIGNED_IN)
@own_form(_ask)
async def send_address(request: Request, typed: Form, actor: Actor) -> Response:
    """Have a link sent to the new address; the answer is the same whether it belongs to somebody else or not."""
    await addresses.ask_email_change(actor, typed.value('email'))
    return await _ask(request, Form(), sent=typed.value('email'))


async def _proof(request: Request, typed: Form) -> Response:
    link = str(request.path_params['link'])[:LONGEST_LINK]
    try:
        new = await addresses.check_email_link(visitor_of(request), link)
    except NotFound as error:
        return refusal(request, 404, _('This link does not work any more'), error.message, (_('Sign in'), '/sign-in'))
    return draw(request, 'address_confirm.html', form=typed, link=link, new=new)


@get('/confirm-address/{link}', PUBLIC)
async def proof_screen(request: Request) -> Response:
    """Ask to confirm. Looking does not use the link up: mail scanners look too."""
    return await _proof(request, Form())


@post('/confirm-address/{link}', PUBLIC)
@form(_proof)
async def send_proof(request: Request, _typed: Form) -> Response:
    """Change the address; everybody signs in anew with it."""
    await addresses.confirm_email_change(visitor_of(request), str(request.path_params['link'])[:LONGEST_LINK])
    response = go(request, '/sign-in?notice=address')
    cookies.take_session(request, response)
    return response

"""Ending mails without a sign-in: a link shows what it would end, and only a POST ends it."""

from fastapi import Request
from starlette.responses import PlainTextResponse, Response

from logic import notifications
from logic.core.errors import NotFound
from logic.core.language import _
from logic.core.service import PUBLIC
from ui.front.forms import Form, form
from ui.front.routes import get, post
from ui.front.screens import draw, refusal
from ui.front.visitors import visitor_of

LONGEST_LINK = 300
ONE_CLICK = ('List-Unsubscribe', 'One-Click')
PATH = '/unsubscribe/{token}'


def _token(request: Request) -> str:
    return str(request.path_params['token'])[:LONGEST_LINK]


async def _ask(request: Request, typed: Form, done: str = '') -> Response:
    try:
        asked = await notifications.look_at_link(visitor_of(request), _token(request))
    except NotFound as error:
        return refusal(request, 404, _('This link does not work'), error.message, (_('Sign in'), '/sign-in'))
    return draw(request, 'unsubscribe.html', form=typed, asked=asked, done=done, path=f'/unsubscribe/{_token(request)}')


@get(PATH, PUBLIC)
async def unsubscribe_screen(request: Request) -> Response:
    """Show what would end. Looking changes nothing: mail scanners look too."""
    return await _ask(request, Form())


@form(_ask)
async def _send(request: Request, typed: Form) -> Response:
    done = await notifications.unsubscribe(visitor_of(request), _token(request))
    return await _ask(request, typed, done)


@post(PATH, PUBLIC)
async def send_unsubscribe(request: Request) -> Response:
    """End it: by our form, or by one press in a mail program (RFC 8058), whose authority is the link alone."""
    fields = await request.form(max_fields=4, max_files=0)
    if fields.get(ONE_CLICK[0]) == ONE_CLICK[1]:
        await notifications.unsubscribe(visitor_of(request), _token(request))
        return PlainTextResponse('Done.', headers={'Cache-Control': 'no-store'})
    return await _send(request)

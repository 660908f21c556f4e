"""One table from every refusal to its HTTP status and its toast, and plain pages for when there is no screen."""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import quote, urlsplit

import structlog
from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Match
from starlette.types import Scope

from logic.core.errors import AppError, Conflict, Denied, Invalid, NotFound, TooMany, Unauthenticated, Unavailable
from logic.core.faults import FAULTS
from logic.core.language import SOURCE, _, current_language, later
from logic.identity.sessions import SignInAgain
from ui import error_page

log = structlog.get_logger(__name__)

Tone = Literal['negative', 'warning', 'info']
SIGN_IN = '/sign-in'
FILES = ('/download/', '/files/', '/attached/')
"""Where files are sent from: who asks for one stays on his screen."""
ALPHABET = '23456789ABCDEFGHJKLMNPQRSTVWXYZ'  # nothing that is misread over the telephone


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one kind of refusal looks like: to a program a status, to a person a heading and the tone of a toast."""

    status: int
    title: str
    tone: Tone


TABLE: dict[type[AppError], Outcome] = {
    Unauthenticated: Outcome(401, later('Please sign in'), 'warning'),
    Denied: Outcome(403, later('You may not open this'), 'negative'),
    NotFound: Outcome(404, later('There is nothing here'), 'warning'),
    Conflict: Outcome(409, later('That is not possible just now'), 'warning'),
    Invalid: Outcome(422, later('Something is not filled in right'), 'warning'),
    TooMany: Outcome(429, later('Too many attempts'), 'warning'),
    Unavailable: Outcome(503, later('Please try again in a moment'), 'warning'),
}
TITLES = {outcome.status: outcome.title for outcome in TABLE.values()} | {
    400: later('That request cannot be read'),
    405: later('That is not possible here'),
    413: later('That is too large'),
    415: later('That kind of file is not taken here'),
    500: later('Something went wrong on our side'),
}
SENTENCES = {
    400: later('The browser or program sent something that Logbook does not understand.'),
    403: later('This request did not come from one of our own pages. Open Logbook again and repeat it there.'),
    404: later('The page was moved or never existed, or it belongs to another department.'),
    405: later('This address does not take that kind of request.'),
    413: later('More was sent than this address takes.'),
    503: later('Logbook is busy or starting. Nothing was lost; try again in a moment.'),
}


def outcome_of(error: AppError) -> Outcome:
    """Return the row of the table for a refusal, by its class or the nearest class above."""
    for kind in type(error).__mro__:
        if kind in TABLE:
            return TABLE[kind]
    return Outcome(400, TITLES[400], 'warning')


def incident(error: BaseException, **facts: Any) -> str:
    """Log what nobody expected, with its traceback, and return the number under which it is found in the log."""
    digits = ''.join(secrets.choice(ALPHABET) for _ in range(8))
    number = f'{digits[:4]}-{digits[4:]}'
    log.error('incident', number=number, error=type(error).__name__, exc_info=error, **facts)
    return number


def incident_sentence(number: str) -> str:
    """Say to a person that something broke, without saying what."""
    return _(
        'Something went wrong on our side. Nothing was half-saved. If it happens again, quote incident {number}.',
        number=number,
    )


def invalid_from(error: ValidationError | RequestValidationError) -> Invalid:
    """Turn pydantic's list into one refusal with a sentence for each field."""
    fields: dict[str, str] = {}
    for detail in error.errors():
        place = [str(part) for part in detail['loc'] if part not in {'body', 'query', 'path', 'header', 'cookie'}]
        text = re.sub(r'^(Value error|Assertion failed), ', '', detail['msg'])
        if current_language() != SOURCE and (sentence := FAULTS.get(detail['type'])):
            text = _(sentence, **detail.get('ctx', {}))
        fields.setdefault('.'.join(place) or 'input', text[:1].upper() + text[1:])
    only = next(iter(fields.items())) if len(fields) == 1 else None
    return Invalid(f'{only[0]}: {only[1]}' if only else _('Some fields are not filled in right.'), fields)


Toaster = Callable[[str, Tone], None]


def _plain_toast(text: str, tone: Tone) -> None:
    from nicegui import ui

    ui.notify(text, type=tone)


_toaster: list[Toaster] = [_plain_toast]


def set_toaster(toaster: Toaster) -> None:
    """Let the shell show refusals in its own way; it is called inside the page that the event came from."""
    _toaster[0] = toaster


def toast(error: AppError) -> None:
    """Show a refusal on the current page."""
    _toaster[0](error.message, outcome_of(error).tone)


def toast_incident(number: str) -> None:
    """Show on the current page that something broke, by its number only."""
    _toaster[0](incident_sentence(number), 'negative')


def safe_next(value: str | None) -> str:
    """Return where to go after sign-in: a path on this host, else the home page."""
    if value and re.fullmatch(r'/(?![/\\])[^\x00-\x1f\\]*', value) and not value.startswith(SIGN_IN):
        return value
    return '/'


def sign_in_address(path: str | None = None, *, ended: bool = False) -> str:
    """Return the address of the sign-in page that leads back to `path`; `ended` tells why somebody is there."""
    target = safe_next(path)
    asked = [] if target == '/' else [f'next={quote(target, safe="/")}']
    asked += ['notice=ended'] if ended else []
    return f'{SIGN_IN}?{"&".join(asked)}' if asked else SIGN_IN


def page(
    status: int,
    message: str | None = None,
    *,
    title: str | None = None,
    link: tuple[str, str] = (later('Go to the home page'), '/'),
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """Return a page for people that needs no session, no script and no NiceGUI client."""
    heading = str(title or TITLES.get(status) or HTTPStatus(status).phrase)
    text = str(message or SENTENCES.get(status) or HTTPStatus(status).description or heading)
    return error_page.draw(status, heading, text, (str(link[0]), link[1]), headers)


def own_path(scope: Scope) -> str:
    """Return the path of a request below the path under which a proxy serves Logbook."""
    root, path = scope.get('root_path', ''), str(scope['path'])
    return path[len(root) :] if root and path.startswith(root + '/') else path


def wants_page(request: Request) -> bool:
    """Say whether a person in a browser asked, who gets a page, or a program, which gets JSON."""
    path = own_path(request.scope)
    if path.startswith(('/api/', '/health', '/_nicegui')) or path in {'/api', '/openapi.json'}:
        return False
    return 'text/html' in request.headers.get('accept', '')


def answer(
    request: Request,
    status: int,
    message: str | None = None,
    *,
    fields: Mapping[str, str] | None = None,
    title: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a refusal in the form that the caller reads: a page, or `{"detail", "errors"}`."""
    if wants_page(request):
        home = (later('Go to the home page'), request.scope.get('root_path', '') + '/')
        return page(status, message, title=title, link=home, headers=headers)
    text = str(message or SENTENCES.get(status) or HTTPStatus(status).phrase)
    body: dict[str, Any] = {'detail': text, 'errors': dict(fields or {})}
    return JSONResponse(body, status, headers={'Cache-Control': 'no-store', **(headers or {})})


def _back_to(request: Request) -> str:
    """Return where a person goes on who is to prove first who he is: to a page, or with a file to where he asked."""
    query, root = request.scope.get('query_string', b'').decode('latin-1'), request.scope.get('root_path', '')
    asked = own_path(request.scope) + (f'?{query}' if query else '')
    if not asked.startswith(FILES):
        return asked
    screen = urlsplit(request.headers.get('referer', ''))
    came_from = safe_next(screen.path.removeprefix(root) + (f'?{screen.query}' if screen.query else ''))
    return f'{came_from}#download={root}{asked}'


def answer_error(request: Request, error: AppError) -> Response:
    """Return the answer to a refused request; a person who is not signed in is led to the sign-in page."""
    outcome = outcome_of(error)
    headers: dict[str, str] = {}
    if isinstance(error, Unauthenticated):
        from ui.guard.presence import token_of  # the guard stands on this module

        if wants_page(request) and request.method in {'GET', 'HEAD'}:
            address = sign_in_address(_back_to(request), ended=token_of(request) is not None)
            return RedirectResponse(address, 303, headers={'Cache-Control': 'no-store'})
        headers['WWW-Authenticate'] = 'Bearer'
    if isinstance(error, SignInAgain) and wants_page(request) and request.method == 'GET':
        address = f'{request.scope.get("root_path", "")}/security/confirm?next={quote(_back_to(request), safe="/")}'
        return RedirectResponse(address, 303, headers={'Cache-Control': 'no-store'})
    if isinstance(error, TooMany):
        headers['Retry-After'] = str(error.retry_after_seconds)
    if isinstance(error, Unavailable):
        headers['Retry-After'] = '10'
    fields = error.fields if isinstance(error, Invalid) else None
    return answer(request, outcome.status, error.message, fields=fields, title=outcome.title, headers=headers)


def answer_incident(request: Request, error: Exception) -> Response:
    """Return the answer to a bug: its number and nothing else."""
    number = incident(error, method=request.method, path=request.scope['path'])
    return answer(request, 500, incident_sentence(number))


def install(app: FastAPI, *, outer: FastAPI | None = None) -> None:
    """Give an application these answers instead of its own, which print exceptions or build NiceGUI clients.

    `outer` is the application in front of `app`: a wrong method on one of its routes arrives here as an unknown path,
    because the mount behind takes every path, and is answered 405 as it should.
    """

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, AppError)
        return answer_error(request, error)

    async def not_valid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return answer_error(request, invalid_from(error))

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        message, headers, status = None, dict(error.headers or {}), error.status_code
        if status == 404 and outer is not None and request.scope.get('endpoint') in (None, app):
            allowed = _methods_of(outer, request)
            if allowed:
                status, headers = 405, {'Allow': ', '.join(sorted(allowed))}
        if error.detail and error.detail != HTTPStatus(error.status_code).phrase:
            message = str(error.detail)
        return answer(request, status, message, headers=headers)

    async def broken(request: Request, error: Exception) -> Response:
        return answer_incident(request, error)

    app.add_exception_handler(AppError, refused)
    app.add_exception_handler(RequestValidationError, not_valid)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(404, http_error)  # NiceGUI registers its own for this number, which builds a client
    app.add_exception_handler(405, http_error)
    app.add_exception_handler(Exception, broken)


def _methods_of(app: FastAPI | APIRouter, request: Request) -> set[str]:
    methods: set[str] = set()
    for route in app.routes:
        if (included := getattr(route, 'original_router', None)) is not None:  # included routers stand as one each
            methods |= _methods_of(included, request)
        elif (taken := getattr(route, 'methods', None)) and route.matches(request.scope)[0] is Match.PARTIAL:
            methods |= taken
    return methods

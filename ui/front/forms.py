"""Reads the forms of the front door: of bounded size, from our own page, and kept when something is refused."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote

from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from logic.core.actor import Actor
from logic.core.errors import AppError, Denied, Invalid, TooMany, Unauthenticated
from logic.core.language import _, later, many
from logic.identity.sessions import SignInAgain
from ui import errors, guard
from ui.errors import safe_next
from ui.front import cookies, tokens

ModelT = TypeVar('ModelT', bound=BaseModel)
MOST_FIELDS = 80
MOST_CHARACTERS = 20_000
STALE = later('This page was open for too long, or in two windows at once. Nothing was sent; please send it again.')
EMPTY = later('Fill this in.')


@dataclass(slots=True)
class Form:
    """What was typed, and what is wrong with it."""

    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    message: str = ''
    status: int = 200

    def value(self, name: str) -> str:
        """Return what was typed into a field, without spaces around it."""
        return self.values.get(name, '').strip()

    def secret(self, name: str) -> str:
        """Return a password exactly as it was typed."""
        return self.values.get(name, '')

    def refused(self, error: AppError) -> 'Form':
        """Return the same form with the reasons why it was refused."""
        fields = error.fields if isinstance(error, Invalid) else {}
        self.errors = {name.rpartition('.')[2]: reason for name, reason in fields.items()}
        self.message = error.message
        self.status = errors.outcome_of(error).status
        return self


Draw = Callable[[Request, Form], Awaitable[Response]]
Send = Callable[[Request, Form], Awaitable[Response]]
SendOwn = Callable[[Request, Form, Actor], Awaitable[Response]]
Submit = Callable[[Request], Awaitable[Response]]


def form(draw: Draw) -> Callable[[Send], Submit]:
    """Let a function take a visitor's form; when it is refused, the page is drawn again with the reasons."""

    def decorate(send: Send) -> Submit:
        async def submit(request: Request) -> Response:
            typed = await read(request)

            async def attempt() -> Response:
                check_token(request, typed)
                return await send(request, typed)

            return await _answer(request, typed, attempt, draw)

        submit.__name__, submit.__doc__ = send.__name__, send.__doc__
        return submit

    return decorate


def own_form(draw: Draw) -> Callable[[SendOwn], Submit]:
    """Let a function take a form of somebody who is signed in. A sign-in that is too old is confirmed first."""

    def decorate(send: SendOwn) -> Submit:
        async def submit(request: Request) -> Response:
            try:
                actor = await guard.actor_of_request(request)
            except Unauthenticated:
                return _sign_in_first(request)
            typed = await read(request)

            async def attempt() -> Response:
                check_session_token(typed, actor.session_id)
                return await send(request, typed, actor)

            return await _answer(request, typed, attempt, draw)

        submit.__name__, submit.__doc__ = send.__name__, send.__doc__
        return submit

    return decorate


def _screen_of(request: Request) -> str:
    """Return the screen that a form stands on; some are sent to an address of their own."""
    path = str(request.scope['path']).removeprefix(_root(request))
    for part in ('/confirm', '/join', '/recovery-codes', '/recovery-codes/stored'):
        path = path.removesuffix(part)
    return path


def _root(request: Request) -> str:
    return str(request.scope.get('root_path', ''))


def _sign_in_first(request: Request) -> Response:
    return RedirectResponse(_root(request) + errors.sign_in_address(_screen_of(request)), 303)


async def _answer(request: Request, typed: Form, attempt: Callable[[], Awaitable[Response]], draw: Draw) -> Response:
    try:
        return await attempt()
    except SignInAgain:
        back = quote(safe_next(typed.value('next')), safe='')
        here = quote(f'{_screen_of(request)}?next={back}', safe='/')
        return RedirectResponse(f'{_root(request)}/security/confirm?next={here}', 303)
    except AppError as error:
        response = await draw(request, typed.refused(error))
        if isinstance(error, TooMany):
            response.headers['Retry-After'] = str(error.retry_after_seconds)
        return response


async def read(request: Request) -> Form:
    """Return the fields of a posted form. Anything but a plain form of ordinary size is refused by its status."""
    kind = request.headers.get('content-type', '').partition(';')[0].strip().lower()
    if kind != 'application/x-www-form-urlencoded':
        raise HTTPException(415, _('This address takes forms only.'))
    fields = await request.form(max_fields=MOST_FIELDS, max_files=0)
    values: dict[str, str] = {}
    for name, value in fields.multi_items():
        if name in values or not isinstance(value, str) or len(value) > MOST_CHARACTERS or '\0' in value:
            raise HTTPException(400, _('A field was sent twice, or holds what no person types.'))
        values[name] = value
    return Form(values)


def check_token(request: Request, typed: Form) -> None:
    """Raise Denied unless the form came from our own page in this browser."""
    subject = tokens.visitor_subject(cookies.read(request, cookies.VISITOR))
    if not tokens.is_form_token(typed.values.get('token', ''), subject):
        raise Denied(str(STALE))


def check_session_token(typed: Form, session_id: Any) -> None:
    """Raise Denied unless the form came from our own page in this signed-in session."""
    if session_id is None:
        raise Unauthenticated(_('Please sign in.'))
    if not tokens.is_form_token(typed.values.get('token', ''), tokens.session_subject(session_id)):
        raise Denied(str(STALE))


def validated(model: type[ModelT], **values: Any) -> ModelT:
    """Return the input that a service takes. Raises Invalid with a sentence a field."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        fields = {str(detail['loc'][0]): _sentence(detail) for detail in error.errors() if detail['loc']}
        raise Invalid(_('Some fields are not filled in right.'), fields) from None


def _sentence(detail: Any) -> str:
    """Say in plain words what is wrong with a field."""
    kind, facts, given = detail['type'], detail.get('ctx', {}), str(detail.get('input') or '').strip()
    if not given:
        return str(EMPTY)
    if kind == 'string_too_short':
        return many('Write at least {count} character.', 'Write at least {count} characters.', facts['min_length'])
    if kind == 'string_too_long':
        return many('Write at most {count} character.', 'Write at most {count} characters.', facts['max_length'])
    if kind == 'string_pattern_mismatch':
        is_email = str(detail['loc'][0]) == 'email'
        return (
            _('Write an e-mail address, such as name@example.org.')
            if is_email
            else _('This has characters that do not fit here.')
        )
    if kind == 'enum':
        return _('Choose one of the list.')
    text = str(detail['msg']).removeprefix('Value error, ')
    return text[:1].upper() + text[1:]

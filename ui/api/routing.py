"""The routes of the API: each names who may call it, and nothing of a request is read before that is settled."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.routing import Match, get_route_path
from starlette.types import Scope

from logic.core.actor import ActorKind
from logic.core.domain import domains
from logic.core.errors import AppError, Denied, Invalid, NotFound, Unauthenticated
from logic.core.language import _, speak
from logic.core.service import PUBLIC, SIGNED_IN
from logic.identity.api_tokens import CodeNeeded
from ui import errors, guard, limits
from ui.api import callers
from ui.api.models import Refusal

RouteT = TypeVar('RouteT', bound=Callable[..., Any])
Handler = Callable[[Request], Coroutine[Any, Any, Response]]
PREFIX = '/api/v1'
PEOPLE = 'PEOPLE'
"""Signed in as a person: what concerns his own account is not for keys, whatever their scopes."""

CASES = {
    400: 'The request cannot be read.',
    401: 'Nobody is signed in, or no longer.',
    403: 'Not among the rights of the caller.',
    404: 'There is nothing here, or not in this department.',
    409: 'Not possible in the present state.',
    422: 'Something is not filled in right; `errors` says what.',
    429: 'Too many requests; `Retry-After` says when to go on.',
    503: 'Busy or starting; `Retry-After` says when to try again.',
}


@dataclass(frozen=True, slots=True)
class Declared:
    """One route as it was declared."""

    method: str
    path: str
    permission: str
    name: str


routes: dict[tuple[str, str], Declared] = {}


class Route(APIRoute):
    """A route that settles who calls, and how often, before it reads anything; refusals carry the limit's headers."""

    permission: str = ''

    def get_route_handler(self) -> Handler:
        """Return the handler of the framework behind our own checks."""
        handle = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                await _admit(request, self.permission)
                response = await handle(request)
            except AppError as error:
                response = _refused(request, error)
            except UnicodeEncodeError:  # JSON can name half of a letter, which no database takes
                response = _refused(request, Invalid('A text holds half of a letter. Send it anew as whole UTF-8.'))
            response.headers.update(limits.headers_of(request))
            return response

        return handler


async def _admit(request: Request, permission: str) -> None:
    """Find out who calls, count the call, and refuse who may not. Raises Unauthenticated, TooMany, Denied, NotFound."""
    try:
        actor = await callers.actor_of(request)
    except AppError:
        await limits.count_stranger(request)
        raise
    if actor is None:
        await limits.count_stranger(request)
    else:
        speak(actor.locale)
        await limits.count_caller(request, actor)
    request.state.actor = actor or callers.visitor_of(request)
    if permission == PUBLIC:
        return
    if actor is None:
        raise Unauthenticated('Send an access token or an API key: "Authorization: Bearer ...".')
    if permission == PEOPLE:
        if actor.kind is not ActorKind.ACCOUNT:
            raise Denied('This concerns the account of a person; an API key cannot do it. Sign in instead.')
        return
    if permission == SIGNED_IN:
        return
    module = domains.get(permission.partition('.')[0])
    if module is not None and module.switchable and module.name in actor.modules_off:
        raise NotFound(_('{module} is switched off in this department.', module=module.title))
    guard.require(actor, permission)


def _refused(request: Request, error: AppError) -> Response:
    if isinstance(error, CodeNeeded):
        headers = {'WWW-Authenticate': 'Bearer'}
        return errors.answer(request, 401, error.message, fields={'code': error.message}, headers=headers)
    return errors.answer_error(request, error)


class Programs(APIRouter):
    """Routes for programs: pages, which are asked for more often, do not walk through them."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Look at the routes only when the address is one of theirs."""
        return super().matches(scope) if get_route_path(scope).startswith(PREFIX) else (Match.NONE, {})


router = Programs(prefix=PREFIX, route_class=Route)
reading = APIRouter(include_in_schema=False)
"""What tells of the API itself; read in a browser as well."""


def get(*paths: str, permission: str, **options: Any) -> Callable[[RouteT], RouteT]:
    """Register what only reads."""
    return _register('GET', paths, permission, options)


def post(*paths: str, permission: str, **options: Any) -> Callable[[RouteT], RouteT]:
    """Register what makes or does something."""
    return _register('POST', paths, permission, options)


def put(*paths: str, permission: str, **options: Any) -> Callable[[RouteT], RouteT]:
    """Register what replaces a record."""
    return _register('PUT', paths, permission, options)


def patch(*paths: str, permission: str, **options: Any) -> Callable[[RouteT], RouteT]:
    """Register what changes some fields of a record."""
    return _register('PATCH', paths, permission, options)


def delete(*paths: str, permission: str, **options: Any) -> Callable[[RouteT], RouteT]:
    """Register what removes, archives or ends."""
    return _register('DELETE', paths, permission, options)


def page(path: str, *, permission: str) -> Callable[[RouteT], RouteT]:
    """Register what tells of the API; it lets people in by their browser's session too, and sees to that itself."""

    def register(function: RouteT) -> RouteT:
        reading.add_api_route(path, function, methods=['GET'], response_model=None)
        routes['GET', path] = Declared('GET', path, permission, function.__name__)
        return function

    return register


def _register(
    method: str, paths: tuple[str, ...], permission: str, options: dict[str, Any]
) -> Callable[[RouteT], RouteT]:
    def register(function: RouteT) -> RouteT:
        for path in paths:
            full = PREFIX + path
            if (method, full) in routes:
                raise RuntimeError(f'{method} {full} is registered twice.')
            section = path.strip('/').partition('/')[0]
            router.add_api_route(
                path,
                function,
                methods=[method],
                **{
                    'tags': [section],
                    'operation_id': f'{section}.{function.__name__}'.replace('-', '_'),
                    'responses': _responses(method, permission),
                    'openapi_extra': secured(permission),
                    **options,
                },
            )
            route = router.routes[-1]
            assert isinstance(route, Route)
            route.permission = permission
            routes[method, full] = Declared(method, full, permission, function.__name__)
        return function

    return register


def _responses(method: str, permission: str) -> dict[int | str, dict[str, Any]]:
    cases = {400, 422, 429, 503}
    if permission != PUBLIC:
        cases |= {401, 403, 404}
    else:
        cases |= {401, 403}
    if method != 'GET':
        cases |= {404, 409}
    return {status: {'model': Refusal, 'description': CASES[status]} for status in sorted(cases)}


def secured(permission: str) -> dict[str, Any]:
    """Return what the description says of who may call; for routes that say more of themselves."""
    if permission == PUBLIC:
        return {'security': []}
    words = {SIGNED_IN: 'anybody who is signed in', PEOPLE: 'a person who is signed in (no API key)'}
    return {'security': [{'bearer': []}], 'x-permission': words.get(permission, permission)}

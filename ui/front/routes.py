"""The routes of the front door, each with who may call it; a contract test holds the list against the application."""

from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import APIRouter

RouteT = TypeVar('RouteT', bound=Callable[..., Any])
router = APIRouter(include_in_schema=False)
routes: dict[tuple[str, str], str] = {}
"""Method and path to PUBLIC, SIGNED_IN or a permission."""


def get(path: str, permission: str) -> Callable[[RouteT], RouteT]:
    """Register a screen. It changes nothing: browsers fetch links ahead, and mail scanners open them."""
    return _route('GET', path, permission)


def post(path: str, permission: str) -> Callable[[RouteT], RouteT]:
    """Register what takes a form."""
    return _route('POST', path, permission)


def _route(method: str, path: str, permission: str) -> Callable[[RouteT], RouteT]:
    def register(function: RouteT) -> RouteT:
        routes[method, path] = permission
        router.add_api_route(path, function, methods=[method], response_model=None)
        return function

    return register

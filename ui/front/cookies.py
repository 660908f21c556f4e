"""The cookies of the front door: each is bound to this host, hidden from scripts, and says no more than it must."""

from fastapi import Request
from starlette.responses import Response

from logic.core.config import Settings
from ui.guard import cookie_name

VISITOR, SETUP, ATTEMPT, DEVICE, CEREMONY, LANGUAGE = 'visitor', 'setup', 'attempt', 'device', 'ceremony', 'language'
DEVICE_SECONDS = LANGUAGE_SECONDS = 365 * 24 * 3600
# What a browser keeps of us after sign-out; its cookies are deleted one by one, so that the known device stays known.
CLEARED = '"cache", "storage"'


def settings_of(request: Request) -> Settings:
    """Return the settings of this installation."""
    settings = request.app.state.settings
    assert isinstance(settings, Settings)
    return settings


def name_of(settings: Settings, name: str) -> str:
    """Return the full name of one of our cookies; the prefix binds it to this host and to TLS."""
    return f'{cookie_name(settings)}-{name}'


def read(request: Request, name: str) -> str | None:
    """Return the value of one of our cookies; one that no answer of ours could have set counts as absent."""
    value = request.cookies.get(name_of(settings_of(request), name))
    return value if value and len(value) <= 4096 else None


def put(request: Request, response: Response, name: str, value: str, *, seconds: int | None = None) -> None:
    """Set one of our cookies; without seconds it goes when the browser closes."""
    settings = settings_of(request)
    _put(response, settings, name_of(settings, name), value, seconds)


def take(request: Request, response: Response, name: str) -> None:
    """Delete one of our cookies."""
    settings = settings_of(request)
    _put(response, settings, name_of(settings, name), '', 0)


def put_session(request: Request, response: Response, token: str) -> None:
    """Set the session cookie. How long it is worth anything is decided by the session alone."""
    settings = settings_of(request)
    _put(response, settings, cookie_name(settings), token, None)


def take_session(request: Request, response: Response) -> None:
    """Delete the session cookie."""
    settings = settings_of(request)
    _put(response, settings, cookie_name(settings), '', 0)


def _put(response: Response, settings: Settings, name: str, value: str, seconds: int | None) -> None:
    response.set_cookie(
        name, value, max_age=seconds, path='/', secure=settings.is_https, httponly=True, samesite='lax'
    )  # fmt: skip

"""The language of a request before anybody is known: chosen at the front door, else what the browser asks for."""

from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Receive, Scope, Send

from logic.core.config import Settings
from logic.core.language import CHOICES, negotiated, speak
from ui.guard import cookie_name


class Language:
    """Speak to whoever asks; the guard and the API turn to the account's own language once they know it."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.cookie = f'{cookie_name(settings)}-language'

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] == 'http':
            headers = dict(scope['headers'])
            chosen = _asked(scope) or _chosen(headers.get(b'cookie', b'').decode('latin-1'), self.cookie)
            speak(chosen or negotiated(headers.get(b'accept-language', b'').decode('latin-1')))
        await self.app(scope, receive, send)


def _asked(scope: Scope) -> str:
    """Return the language that a link of the front door asks for; its answer keeps it in a cookie."""
    query = scope.get('query_string', b'')
    if b'language=' not in query:
        return ''
    wanted = dict(parse_qsl(query.decode('latin-1'))).get('language', '')
    return wanted if wanted in CHOICES else ''


def _chosen(cookies: str, name: str) -> str:
    if name not in cookies:
        return ''
    try:
        kept = SimpleCookie(cookies).get(name)
    except CookieError:
        return ''
    return kept.value if kept is not None and kept.value in CHOICES else ''

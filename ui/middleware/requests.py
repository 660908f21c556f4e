"""What is refused before anything reads it: smuggled, doubled, foreign and oversized requests."""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl

import structlog
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.errors import own_path
from ui.middleware.refusals import refuse

log = structlog.get_logger(__name__)

SAFE = frozenset({'GET', 'HEAD', 'OPTIONS'})
KNOWN = SAFE | {'POST', 'PUT', 'PATCH', 'DELETE'}
BODY_BYTES = 1_000_000
QUERY_BYTES = 8_192
SOCKET_PATH = '/_nicegui_ws/'
# Where NiceGUI would publish local files under an address that can be computed, and take uploads from anybody.
CLOSED = ('/_nicegui/auto/', '/_nicegui/client/')

WITHOUT_COOKIE = ('/api/', '/unsubscribe/')
"""What programs post to that are no browsers: the API, and mail programs that unsubscribe by one press (RFC 8058)."""

_larger: list[tuple[re.Pattern[str], int]] = []


def allow_body(path: str, limit: int) -> None:
    """Let a route take bodies of up to `limit` bytes; `path` is written as in the route, `{name}` stands for a part."""
    parts = re.split(r'\{[^}]*\}', path)
    _larger.append((re.compile('[^/]+'.join(re.escape(part) for part in parts)), limit))


def body_limit(path: str) -> int:
    """Return how many bytes a body sent to this path may have."""
    return max((limit for pattern, limit in _larger if pattern.fullmatch(path)), default=BODY_BYTES)


class Requests:
    """Refuse what no honest browser or program sends."""

    def __init__(self, app: ASGIApp, origins: Iterable[str]) -> None:
        self.app = app
        self.origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] != 'http':
            await self.app(scope, receive, send)
            return
        status, sentence = self._fault(scope)
        if status:
            address = scope['client'][0] if scope.get('client') else ''
            log.info('request.refused', status=status, method=scope['method'], path=scope['path'], address=address)
            await refuse(scope, receive, send, status, message=sentence)
            return
        await self._counted(scope, receive, send)

    def _fault(self, scope: Scope) -> tuple[int, str | None]:
        if scope['method'] not in KNOWN:
            return 405, None
        if own_path(scope).startswith(CLOSED):
            return 404, None
        status, sentence = _query_fault(scope)
        if not status:
            status, sentence = _length_fault(scope)
        if not status and scope['method'] not in SAFE and not self._is_ours(scope):
            status = 403
        return status, sentence

    def _is_ours(self, scope: Scope) -> bool:
        """Say whether an unsafe request comes from our own pages, or carries no authority that another page could use.

        A token in the Authorization header is put there by a program on purpose; a cookie is added by the browser
        whoever asks. So the header alone settles it, and a program without any cookie has nothing to abuse.
        """
        headers = {name: value.decode('latin-1') for name, value in scope['headers']}
        if b'authorization' in headers and b'cookie' not in headers:
            return True
        site, origin = headers.get(b'sec-fetch-site'), headers.get(b'origin')
        if site is None and origin is None:
            return b'cookie' not in headers and own_path(scope).startswith(WITHOUT_COOKIE)
        if site is not None and site != 'same-origin':
            return False
        return origin is None or origin in self.origins

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        limit, seen, started = body_limit(own_path(scope)), 0, False

        async def counting() -> Message:
            nonlocal seen
            message = await receive()
            if message['type'] == 'http.request':
                seen += len(message.get('body', b''))
                if seen > limit:
                    raise HTTPException(413)
            return message

        async def noting(message: Message) -> None:
            nonlocal started
            started = started or message['type'] == 'http.response.start'
            await send(message)

        try:
            await self.app(scope, counting, noting)
        except HTTPException:
            if started or seen <= limit:
                raise
            await refuse(scope, receive, send, 413)


def _query_fault(scope: Scope) -> tuple[int, str | None]:
    query = scope.get('query_string', b'')
    if len(query) > QUERY_BYTES:
        return 414, 'The address is too long.'
    if query and not own_path(scope).startswith(SOCKET_PATH):
        names = [name for name, _ in parse_qsl(query.decode('latin-1'), keep_blank_values=True)]
        if len(names) != len(set(names)):
            return 400, 'A parameter of the address is given twice.'
    return 0, None


def _length_fault(scope: Scope) -> tuple[int, str | None]:
    lengths = [value for name, value in scope['headers'] if name == b'content-length']
    encodings = [value for name, value in scope['headers'] if name == b'transfer-encoding']
    if (lengths and encodings) or len(lengths) > 1 or len(encodings) > 1:
        return 400, 'The length of the request is given twice.'
    if lengths and not re.fullmatch(rb'\d{1,15}', lengths[0]):
        return 400, 'The length of the request is not a number.'
    if lengths and int(lengths[0]) > body_limit(own_path(scope)):
        return 413, None
    return 0, None

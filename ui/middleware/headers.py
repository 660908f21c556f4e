"""What every answer says to the browser: which scripts may run, who may frame it, and that nothing is to be kept."""

import re
import secrets

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from logic.core.config import Settings
from ui import errors

PLAIN_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
# NiceGUI's scripts evaluate strings (Vue's template compiler) and write styles; neither can be taken from them. The
# nonce still stops every script that is injected as markup.
NICEGUI_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self' data:; "
    "connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; form-action 'self'; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'same-origin',
    'X-Frame-Options': 'DENY',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(self), geolocation=(self), microphone=(), payment=(), usb=(), browsing-topics=()',
}
NONCE = secrets.token_urlsafe(24)
"""Written into our own inline scripts (`<script nonce="...">`); each answer replaces it by its own nonce.

It is a secret of this process, so markup that somebody smuggles into a page cannot borrow it."""
# Exactly the tags of NiceGUI's template and of our own files, so that no tag from elsewhere is blessed along with them.
TEMPLATE_TAGS = re.compile(
    rb'<(?:script(?= type="importmap">| type="module">| defer src="[^"<>]*/_nicegui/[^"<>]*">|>\s+addStyle = '
    rb'| src="[^"<>:]*/assets/[^"<>]*">)'
    rb'|link(?= rel="modulepreload" href="))'
)


class Headers:
    """Put the headers on every answer, those of errors and files included, and turn bugs into an incident number."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.always = [(n.lower().encode(), v.encode()) for n, v in ALWAYS.items()]
        if settings.is_https:
            self.always.append((b'strict-transport-security', b'max-age=31536000; includeSubDomains'))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] != 'http':
            await self.app(scope, receive, send)
            return
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            if message['type'] == 'http.response.start':
                started = True
                message['headers'] = self._complete(message.get('headers', []))
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception as error:  # noqa: BLE001  the last place where it can become an answer
            if started:
                # The application has answered already, with the number of the incident that it logged.
                return
            await errors.answer_incident(Request(scope), error)(scope, receive, sending)

    def _complete(self, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        present = {name.lower() for name, _ in headers}
        headers = [h for h in headers if not h[0].lower().startswith(b'access-control-') and h[0].lower() != b'server']
        headers += [h for h in self.always if h[0] not in present]
        if b'content-security-policy' not in present:
            headers.append((b'content-security-policy', PLAIN_POLICY.encode()))
        if b'cache-control' not in present:
            headers.append((b'cache-control', b'no-store'))
        return headers


class Nonce:
    """Give NiceGUI's pages their policy, with a nonce of this one answer in the scripts of the template."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] != 'http':
            await self.app(scope, receive, send)
            return
        start: Message | None = None
        body: list[bytes] = []

        async def sending(message: Message) -> None:
            nonlocal start
            if message['type'] == 'http.response.start' and (b'x-nicegui-content', b'page') in message['headers']:
                start = message
            elif start is not None and message['type'] == 'http.response.body':
                body.append(message.get('body', b''))
                if not message.get('more_body', False):
                    page = b''.join(body)
                    body.clear()  # the open page keeps its request, and that this function
                    await self._finish(start, page, send)
            else:
                await send(message)

        await self.app(scope, receive, sending)

    async def _finish(self, start: Message, page: bytes, send: Send) -> None:
        nonce = secrets.token_urlsafe(18)
        page = bless(page, nonce)
        headers = MutableHeaders(raw=start['headers'])
        headers['Content-Security-Policy'] = NICEGUI_POLICY.format(nonce=nonce)
        headers['Cache-Control'] = 'no-store'
        headers['Content-Length'] = str(len(page))
        await send(start)
        await send({'type': 'http.response.body', 'body': page})


def bless(page: bytes, nonce: str) -> bytes:
    """Put a nonce into the script tags of NiceGUI's template and into our own that carry NONCE."""
    tag = b' nonce="' + nonce.encode() + b'"'
    return TEMPLATE_TAGS.sub(lambda found: found[0] + tag, page).replace(NONCE.encode(), nonce.encode())

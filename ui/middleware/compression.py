"""Small answers: files under lasting addresses are compressed once and kept, pages quickly as they go out."""

import asyncio
import zlib

import brotli
from nicegui import __version__
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.errors import own_path

NICEGUI_FILES = f'/_nicegui/{__version__}/'
# The version is part of the address, and of components a digest, so a file under it never changes.
LASTING = tuple(NICEGUI_FILES + part for part in ('static/', 'libraries/', 'components/', 'resources/', 'esm/'))
FOREVER = b'public, max-age=31536000, immutable'
COMPRESSIBLE = ('text/', 'application/json', 'application/javascript', 'application/manifest', 'image/svg')
MINIMUM_BYTES = 600
PAGE_LEVEL = 4  # a page of 60 KB: 0.7 ms and 8 KB, where level 9 takes three times as long for 4 % less
FILE_QUALITY = 9  # Quasar: 31 ms; quality 11 saves another 8 % and takes 0.5 s before the first visitor sees anything
KEPT_BYTES = 24 * 1024 * 1024


class Compression:
    """Compress what gains from it; keep the compressed form of NiceGUI's files, which it would read from disk."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.kept: dict[tuple[str, str], tuple[int, list[tuple[bytes, bytes]], bytes]] = {}
        self.kept_bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] != 'http':
            await self.app(scope, receive, send)
            return
        path = own_path(scope)
        lasting = scope['method'] == 'GET' and path.startswith(LASTING)
        encoding = _encoding(Headers(scope=scope).get('accept-encoding', ''), lasting)
        if lasting and (known := self.kept.get((path, encoding))) is not None:
            await _send(send, *known)
            return
        answer = _Answer(send, encoding if scope['method'] != 'HEAD' else '', lasting)
        await self.app(scope, receive, answer)
        if lasting and answer.finished is not None:
            self._keep((path, encoding), answer.finished)

    def _keep(self, key: tuple[str, str], answer: tuple[int, list[tuple[bytes, bytes]], bytes]) -> None:
        if answer[0] == 200 and self.kept_bytes + len(answer[2]) <= KEPT_BYTES and key not in self.kept:
            self.kept[key] = answer
            self.kept_bytes += len(answer[2])


class _Answer:
    """One answer on its way out: whole ones are compressed at once, streams pass as they are."""

    def __init__(self, send: Send, encoding: str, lasting: bool) -> None:
        self.send = send
        self.encoding = encoding
        self.lasting = lasting
        self.start: Message | None = None
        self.body: list[bytes] = []
        self.passing = False
        self.finished: tuple[int, list[tuple[bytes, bytes]], bytes] | None = None

    async def __call__(self, message: Message) -> None:
        if message['type'] == 'http.response.start':
            if self.lasting and message['status'] == 200:
                MutableHeaders(raw=message['headers'])['Cache-Control'] = FOREVER.decode()
            self.start = message
            self.passing = not self._gains(message)
            if self.passing:
                await self.send(message)
            return
        if self.passing or message['type'] != 'http.response.body':
            await self.send(message)
            return
        self.body.append(message.get('body', b''))
        if not message.get('more_body', False):
            await self._finish()
        elif not self.lasting:  # a stream: its parts must arrive when they are ready
            self.passing = True
            assert self.start is not None
            await self.send(self.start)
            await self.send({'type': 'http.response.body', 'body': self.body[0], 'more_body': True})

    def _gains(self, start: Message) -> bool:
        """Say whether an answer is worth it; fonts and pictures are packed already and go out as they are read."""
        headers = Headers(raw=start['headers'])
        kind = headers.get('content-type', '')
        return (
            bool(self.encoding)
            and 'content-encoding' not in headers
            and kind.startswith(COMPRESSIBLE)
            and not kind.startswith('text/event-stream')
        )

    async def _finish(self) -> None:
        assert self.start is not None
        body, headers = b''.join(self.body), MutableHeaders(raw=self.start['headers'])
        self.body.clear()  # the open page keeps its request, and that this answer
        if self.encoding and len(body) >= MINIMUM_BYTES and headers.get('content-type', '').startswith(COMPRESSIBLE):
            if self.lasting:
                packed = await asyncio.to_thread(_pack_file, body, self.encoding)
            else:
                packed = _gzip(body, PAGE_LEVEL)
            body = packed
            headers['Content-Encoding'] = self.encoding
            headers['Content-Length'] = str(len(body))
            headers.add_vary_header('Accept-Encoding')
        finished = (self.start['status'], list(self.start['headers']), body)
        if self.lasting:
            self.finished = finished
        await _send(self.send, *finished)


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({'type': 'http.response.start', 'status': status, 'headers': list(headers)})
    await send({'type': 'http.response.body', 'body': body})


def _encoding(accepted: str, lasting: bool) -> str:
    names = {part.split(';')[0].strip() for part in accepted.split(',') if 'q=0' not in part.replace('q=0.', '')}
    if lasting and 'br' in names:
        return 'br'
    return 'gzip' if 'gzip' in names else ''


def _pack_file(body: bytes, encoding: str) -> bytes:
    return brotli.compress(body, quality=FILE_QUALITY) if encoding == 'br' else _gzip(body, 9)


def _gzip(body: bytes, level: int) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, 31)
    return packer.compress(body) + packer.flush()

"""The gate of the socket: what a browser on one of our pages never sends is refused before Socket.IO sees it."""

import time
from collections.abc import Iterable

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.middleware.refusals import refuse

log = structlog.get_logger(__name__)

FRAME_BYTES = 256 * 1024
FRAMES_PER_SECOND = 50
BURST = 150
SOCKETS_IN_ALL = 2_000


class SocketGate:
    """Check the origin before a socket is accepted, and count its frames, their size and their kind after.

    Frames are counted here whatever they name, so that a flood of unknown events or of binary attachments costs no
    task and no memory. The guard counts once more, by what each frame asks for.
    """

    def __init__(self, app: ASGIApp, origins: Iterable[str]) -> None:
        self.app = app
        self.origins = frozenset(origin.encode() for origin in origins)
        self.open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] != 'websocket':
            await self.app(scope, receive, send)
            return
        origins = [value for name, value in scope['headers'] if name == b'origin']
        if len(origins) != 1 or origins[0] not in self.origins:
            log.warning('socket.origin_refused', origin=(origins or [b'none'])[0][:100].decode('latin-1'))
            await refuse(scope, receive, send, 403)
            return
        if self.open >= SOCKETS_IN_ALL:
            log.warning('socket.full', open=self.open)
            await refuse(scope, receive, send, 503)
            return
        self.open += 1
        try:
            await self._guarded(scope, receive, send)
        finally:
            self.open -= 1

    async def _guarded(self, scope: Scope, receive: Receive, send: Send) -> None:
        left, at, closed = float(BURST), time.monotonic(), False

        async def receiving() -> Message:
            nonlocal left, at, closed
            message = await receive()
            if message['type'] != 'websocket.receive':
                return message
            now = time.monotonic()
            left, at = min(BURST, left + (now - at) * FRAMES_PER_SECOND) - 1, now
            code = _fault(message, left)
            if code:
                log.warning('socket.frame_refused', code=code)
                if not closed:
                    closed = True
                    await send({'type': 'websocket.close', 'code': code, 'reason': ''})
                return {'type': 'websocket.disconnect', 'code': code}
            return message

        async def sending(message: Message) -> None:
            if not closed:
                await send(message)

        await self.app(scope, receiving, sending)


def _fault(message: Message, left: float) -> int:
    """Return the code to close with: 1003 for binary, 1009 for too large, 1008 for too many; 0 for none."""
    if message.get('bytes') is not None:
        return 1003
    text = message.get('text') or ''
    # A character has at most four bytes; counting them is needed near the limit only.
    if len(text) > FRAME_BYTES or (len(text) > FRAME_BYTES // 4 and len(text.encode()) > FRAME_BYTES):
        return 1009
    return 1008 if left < 0 else 0

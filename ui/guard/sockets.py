"""The guard of the socket: NiceGUI believes every frame that names a client; this asks whose frame it is.

Registered through `sio.on`, in front of NiceGUI's own handlers, for every event that those handlers take. A handler
that this module does not know stops the start: a new NiceGUI that listens to more must be looked at first.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import socketio
import structlog
from nicegui import Client, core
from starlette.requests import HTTPConnection

from logic.core.actor import Actor
from logic.core.errors import AppError, Unauthenticated
from ui import memory
from ui.errors import incident
from ui.guard.presence import actor_of, close, hang_up, presence_of, rules, sessions

log = structlog.get_logger(__name__)

EVENTS = frozenset({'connect', 'disconnect', 'handshake', 'event', 'javascript_response', 'ack', 'log'})
BUFFER_BYTES = 256 * 1024
FRAMES_PER_SECOND = 50
BURST = 100
LOG_CHARACTERS = 400
REFUSALS_BEFORE_CLOSE = 20
REFUSED = 'Implicit handshake failed'  # NiceGUI's own words: its page reloads on them, and so reaches the sign-in page


@dataclass(slots=True)
class Bucket:
    """How many frames a socket may still send just now."""

    level: float = BURST
    at: float = field(default_factory=time.monotonic)

    def take(self, cost: float = 1.0) -> bool:
        """Take one frame's worth; False when there is none left."""
        now = time.monotonic()
        self.level = min(BURST, self.level + (now - self.at) * FRAMES_PER_SECOND)
        self.at = now
        if self.level < cost:
            return False
        self.level -= cost
        return True


@dataclass(slots=True, eq=False)
class Socket:
    """One connected socket, the actor's session that its cookie named, and its order of frames."""

    token: str | None
    actor: Actor
    bucket: Bucket = field(default_factory=Bucket)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    refusals: float = 0.0


_sockets: dict[str, Socket] = {}
_nicegui: dict[str, Callable[..., Any]] = {}


def install(origins: list[str]) -> None:
    """Put the guard in front of NiceGUI's socket handlers. Raises RuntimeError when there is one it does not know."""
    sio = core.sio
    eio = sio.eio
    eio.cors_allowed_origins = origins
    eio.transports = ['websocket']
    eio.allow_upgrades = False
    eio.max_http_buffer_size = BUFFER_BYTES
    core.app.config.socket_io_js_transports = ['websocket']
    present = sio.handlers['/']
    if not _nicegui:
        if set(present) != EVENTS:
            raise RuntimeError(f'NiceGUI listens to {sorted(set(present) ^ EVENTS)}, which the guard does not know.')
        _nicegui.update(present)
    sio.on('connect', on_connect)
    sio.on('disconnect', on_disconnect)
    sio.on('handshake', on_handshake)
    sio.on('event', on_event)
    sio.on('javascript_response', on_javascript_response)
    sio.on('ack', on_ack)
    sio.on('log', on_log)


async def on_connect(sid: str, environ: dict[str, Any], _auth: Any = None) -> None:
    """Admit a socket whose cookie names a live session, and for a page of that same session only."""
    connection = HTTPConnection(environ['asgi.scope'])
    origin = environ.get('HTTP_ORIGIN')
    if origin is None or origin not in core.sio.eio.cors_allowed_origins:
        _note('origin', sid)
        raise socketio.exceptions.ConnectionRefusedError('Origin refused')
    token = connection.cookies.get(rules.cookie)
    address = connection.client.host if connection.client else ''
    agent = connection.headers.get('user-agent', '')[:400]
    try:
        actor = await sessions().actor_for(token, address=address, user_agent=agent, touch=False)
    except AppError:
        _note('session', sid)
        raise socketio.exceptions.ConnectionRefusedError(REFUSED) from None
    query = {k: v[0] for k, v in parse_qs(environ.get('QUERY_STRING', '')).items()}
    client = Client.instances.get(query.get('client_id', ''))
    if client is not None and not await _is_page_of(client, token, actor):
        _note('foreign page', sid)
        raise socketio.exceptions.ConnectionRefusedError(REFUSED)
    _sockets[sid] = Socket(token, actor)
    try:
        await _nicegui['connect'](sid, environ)
    except (KeyError, ValueError, TypeError):  # a query that no page of ours sends
        _sockets.pop(sid, None)
        raise socketio.exceptions.ConnectionRefusedError(REFUSED) from None
    except BaseException:
        _sockets.pop(sid, None)
        raise


async def _is_page_of(client: Client, token: str | None, actor: Actor) -> bool:
    try:
        built_for = await actor_of(client)
    except AppError:
        # The session's token may have been rotated since the page was built; the session itself decides.
        if presence_of(client).session_id != actor.session_id:
            return False
        presence_of(client).token = token
        return True
    return actor.session_id is not None and built_for.session_id == actor.session_id


def on_disconnect(sid: str, _reason: Any = None) -> None:
    """Forget a socket."""
    _nicegui['disconnect'](sid)
    _sockets.pop(sid, None)


async def on_handshake(sid: str, data: Any) -> bool:
    """Admit the second way to open a page (prefetched and prerendered ones), under the rules of the first."""
    socket = _sockets.get(sid)
    if socket is None or not isinstance(data, dict) or not _are_texts(data, 'client_id', 'tab_id', 'document_id'):
        await _refuse(sid, socket, 'handshake')
        return False
    client = Client.instances.get(data['client_id'])
    if client is None:
        return False
    if not await _is_page_of(client, socket.token, socket.actor):
        await _refuse(sid, socket, 'foreign page')
        return False
    try:
        return bool(await _nicegui['handshake'](sid, data))
    except (KeyError, ValueError, TypeError):
        await _refuse(sid, socket, 'handshake')
        return False


async def on_event(sid: str, msg: Any = None, *_more: Any) -> None:
    """Let an event through to the element it names, in the order of arrival."""
    socket, client = await _own_page(sid, msg)
    if socket is None or client is None:
        return
    args = msg.get('args', [])
    well_formed = isinstance(args, list) and all(a is None or isinstance(a, str) for a in args)
    if not well_formed or not isinstance(msg.get('id'), int) or not isinstance(msg.get('listener_id'), str):
        await _refuse(sid, socket, 'event')
        return
    memory.note_activity()
    async with socket.lock:
        if not await _is_live(client, socket):
            return
        try:
            _nicegui['event'](sid, msg)
        except (KeyError, ValueError, TypeError):  # a listener that was redrawn meanwhile, or no JSON
            await _refuse(sid, socket, 'event', weight=0.2)
        except Exception as error:  # noqa: BLE001  one frame must not end the socket
            incident(error, page=client.page.path)


async def _is_live(client: Client, socket: Socket) -> bool:
    """Ask again whether the session is live, and extend it: this is somebody at the screen."""
    try:
        actor = await actor_of(client, touch=True)
    except Unauthenticated:
        await close(client)
        return False
    except AppError as error:
        log.warning('guard.session_check_failed', error=error.message)
        return False
    return actor.session_id == socket.actor.session_id


async def on_javascript_response(sid: str, msg: Any = None, *_more: Any) -> None:
    """Let the answer to a script of ours through."""
    _, client = await _own_page(sid, msg)
    if client is not None and isinstance(msg.get('request_id'), str):
        _nicegui['javascript_response'](sid, msg)


async def on_ack(sid: str, msg: Any = None, *_more: Any) -> None:
    """Let the acknowledgement of messages through."""
    _, client = await _own_page(sid, msg)
    if client is not None and isinstance(msg.get('next_message_id'), int):
        _nicegui['ack'](sid, msg)


async def on_log(sid: str, msg: Any = None, *_more: Any) -> None:
    """Let a browser's log line through: short, on one line, marked as the browser's, and few of them."""
    socket, client = await _own_page(sid, msg, cost=10)
    if socket is None or client is None:
        return
    if msg.get('level') not in {'debug', 'info', 'warning', 'error'}:
        await _refuse(sid, socket, 'log')
        return
    text = str(msg.get('message'))[:LOG_CHARACTERS]
    line = text.encode('unicode_escape').decode('ascii')
    _nicegui['log'](sid, {'client_id': client.id, 'level': msg['level'], 'message': f'Browser: {line}'})


async def _own_page(sid: str, msg: Any, cost: float = 1.0) -> tuple[Socket | None, Client | None]:
    """Return the socket and the page that it opened itself, or None for a frame that names another page or none."""
    socket = _sockets.get(sid)
    if socket is None:
        return None, None
    if not isinstance(msg, dict) or not isinstance(msg.get('client_id'), str):
        await _refuse(sid, socket, 'frame')
        return socket, None
    client = Client.instances.get(msg['client_id'])
    if client is None:
        return socket, None  # closed a moment ago
    if sid not in client._socket_to_document_id:
        await _refuse(sid, socket, 'foreign page')
        return socket, None
    if not socket.bucket.take(cost):
        await _refuse(sid, socket, 'too many frames', weight=0.02)
        return socket, None
    return socket, client


async def _refuse(sid: str, socket: Socket | None, reason: str, weight: float = 1.0) -> None:
    """Count a refused frame; a socket that goes on is closed."""
    if socket is None:
        _note(reason, sid)
        await hang_up(sid)
        return
    if socket.refusals == 0:
        _note(reason, sid, socket)
    goes_on = socket.refusals < REFUSALS_BEFORE_CLOSE <= socket.refusals + weight
    socket.refusals += weight
    if goes_on:
        _note('too many refusals', sid, socket)
        await hang_up(sid)


def _note(reason: str, sid: str, socket: Socket | None = None) -> None:
    log.warning(
        'guard.frame_refused',
        reason=reason,
        sid=sid[:8],
        session=str(socket.actor.session_id) if socket else None,
        account=str(socket.actor.account_id) if socket else None,
    )


def _are_texts(data: dict[str, Any], *names: str) -> bool:
    return all(isinstance(data.get(name), str) and len(data[name]) <= 100 for name in names)

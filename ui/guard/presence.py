"""Which session each open page belongs to: who acts on it now, how many are open, and how they close when it ends."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

import structlog
from fastapi import Request
from nicegui import Client, core
from nicegui.context import context

from logic.core.actor import Actor
from logic.core.errors import TooMany, Unauthenticated, Unavailable
from logic.core.language import _, speak
from ui.errors import safe_next

log = structlog.get_logger(__name__)


class Sessions(Protocol):
    """What the guard asks of identity; `logic.identity.sessions` is it."""

    async def actor_for(self, token: str | None, *, address: str, user_agent: str, touch: bool) -> Actor:
        """Return who acts under this token. Raises Unauthenticated when the session is absent, expired or revoked."""

    def on_revoked(self, callback: Callable[[Iterable[UUID]], Awaitable[None] | None]) -> Any:
        """Call back with the ids of sessions whose pages must close now."""


@dataclass(slots=True)
class Rules:
    """What the guard was installed with."""

    cookie: str = 'logbook'
    sessions: Sessions | None = None
    pages_of_session: int = 20
    pages_in_all: int = 1500
    unopened_seconds: float = 12.0
    """A page that was sent but never opened its socket is dropped after this; browsers need a second or two."""
    expiry_check_seconds: float = 60.0
    """How often an idle page asks whether its session has expired meanwhile."""


rules = Rules()


@dataclass(slots=True, eq=False)
class Presence:
    """One page in one browser tab, and the session that it was built for."""

    client_id: str
    token: str | None
    address: str
    user_agent: str
    session_id: UUID | None = None
    checked_at: float = field(default_factory=time.monotonic)
    building: set[asyncio.Future[None]] = field(default_factory=set)
    keys: dict[tuple[int, int], str] = field(default_factory=dict)


presences: dict[str, Presence] = {}
_of_session: dict[UUID, set[str]] = defaultdict(set)


def sessions() -> Sessions:
    """Return the source of sessions; identity, unless something else was installed."""
    if rules.sessions is None:
        from logic.identity import sessions as identity_sessions

        rules.sessions = identity_sessions
    return rules.sessions


def token_of(request: Request) -> str | None:
    """Return the session token that a request carries in its cookie."""
    return request.cookies.get(rules.cookie)


async def actor_of_request(request: Request, *, touch: bool = True) -> Actor:
    """Return who makes this request. Raises Unauthenticated. A prefetch does not extend the session."""
    headers = request.headers
    if 'prefetch' in headers.get('sec-purpose', headers.get('purpose', '')):
        touch = False
    address = request.client.host if request.client else ''
    actor = await sessions().actor_for(
        token_of(request), address=address, user_agent=headers.get('user-agent', '')[:400], touch=touch
    )
    speak(actor.locale)
    return actor


def presence_of(client: Client) -> Presence:
    """Return the presence of a page, taking it over from the request that built it when it is new."""
    presence = presences.get(client.id)
    if presence is None:
        request = client.request
        presence = Presence(
            client.id,
            token_of(request),
            request.client.host if request.client else '',
            request.headers.get('user-agent', '')[:400],
        )
        if client.id in Client.instances:  # a deleted page is not taken over again: nobody would let go of it
            presences[client.id] = presence
        actor = getattr(request.state, 'actor', None)
        if isinstance(actor, Actor):
            _bind(presence, actor)
    return presence


def _bind(presence: Presence, actor: Actor) -> None:
    if presence.session_id is None:
        if actor.session_id is None:
            raise Unauthenticated('Please sign in again.')
        presence.session_id = actor.session_id
        _of_session[actor.session_id].add(presence.client_id)
    elif presence.session_id != actor.session_id:
        raise Unauthenticated('You signed in anew in another window. Reload this page.')


async def actor_of(client: Client, *, touch: bool = False) -> Actor:
    """Return who acts on this page at this moment, and speak his language from here on.

    Raises Unauthenticated when the session has ended.
    """
    presence = presence_of(client)
    actor = await sessions().actor_for(
        presence.token, address=presence.address, user_agent=presence.user_agent, touch=touch
    )
    _bind(presence, actor)
    presence.checked_at = time.monotonic()
    speak(actor.locale)
    return actor


async def current_actor() -> Actor:
    """Return who acts on the page that is being built or whose event is being handled. Raises Unauthenticated."""
    return await actor_of(context.client)


def forget(client: Client) -> None:
    """Let go of a page that is gone."""
    presence = presences.pop(client.id, None)
    if presence is not None and presence.session_id is not None:
        mine = _of_session.get(presence.session_id, set())
        mine.discard(client.id)
        if not mine:
            _of_session.pop(presence.session_id, None)


# ------------------------------------------------------------------------------------------------ room for one more


def make_room(session_id: UUID | None) -> None:
    """Make sure that one more page may be built for a session.

    A page whose tab is closed lives on for the reconnect timeout; whoever walks through many full page loads would
    meet the limit with one tab open. So closed pages make room first, oldest first.
    Raises TooMany when twenty pages of the session are open, Unavailable when 1,500 are open in all.
    """
    _adopt_all()
    if session_id is not None:
        mine = [Client.instances[id_] for id_ in _of_session.get(session_id, ()) if id_ in Client.instances]
        if not _drop_closed(mine, rules.pages_of_session):
            raise Unavailable(
                _(
                    'You have {count} pages of Logbook open. Close some of them, then reload this one.',
                    count=rules.pages_of_session,
                )
            )
    if not _drop_closed(list(Client.instances.values()), rules.pages_in_all):
        log.warning('guard.full', pages=len(Client.instances))
        raise Unavailable('Too many pages are open in the department just now. Try again in a minute.')


def _drop_closed(clients: list[Client], limit: int) -> bool:
    surplus = len(clients) - limit + 1
    if surplus <= 0:
        return True
    closed = sorted((c for c in clients if not c.has_socket_connection), key=lambda c: c.created)
    for client in closed[:surplus]:
        delete(client)
    return len(closed) >= surplus


def _adopt_all() -> None:
    for client in list(Client.instances.values()):
        if client.id not in presences and client._request is not None:
            presence_of(client)


def open_pages(session_id: UUID | None = None) -> int:
    """Count the pages that are open, in all or of one session."""
    return len(Client.instances) if session_id is None else len(_of_session.get(session_id, ()))


# ------------------------------------------------------------------------------------------------ closing


def delete(client: Client) -> None:
    """Delete a page with all it holds, once."""
    if client.id in Client.instances:
        client.delete()


async def close(client: Client) -> None:
    """Take a page's socket and its elements, at once, and let the browser load its address anew.

    There the door decides: to the sign-in page when the session has ended, to what is left when only rights changed.
    The message goes straight to the socket: through the outbox it would be sent by a loop that ends with the client.
    """
    sockets = list(client._socket_to_document_id)
    if sockets:
        await core.sio.emit(
            'open', {'path': safe_next(client.sub_pages_router.current_path), 'new_tab': False}, room=client.id
        )
    delete(client)
    await asyncio.gather(*(hang_up(sid) for sid in sockets))


async def hang_up(sid: str) -> None:
    """Close a socket. Socket.IO's own `disconnect` asks the peer to, and leaves the connection open until it does."""
    engine_sid = core.sio.manager.eio_sid_from_sid(sid, '/')
    engine_socket = core.sio.eio.sockets.get(engine_sid)
    try:  # waits until all that was sent is written; a peer that reads nothing must not hold us
        async with asyncio.timeout(2):
            await core.sio.disconnect(sid)
            if engine_sid is not None:
                await core.sio.eio.disconnect(engine_sid)
    except TimeoutError:
        log.info('guard.peer_reads_nothing', sid=sid[:8])
    if engine_socket is not None:
        await engine_socket.queue.put(None)  # ends its writer, which closes the connection


async def close_sessions(session_ids: Iterable[UUID]) -> None:
    """Close every page of these sessions; identity calls this when they are revoked."""
    _adopt_all()
    clients = [
        Client.instances[client_id]
        for session_id in list(session_ids)
        for client_id in list(_of_session.get(session_id, ()))
        if client_id in Client.instances
    ]
    if clients:
        log.info('guard.sessions_closed', pages=len(clients))
        await asyncio.gather(*(close(client) for client in clients), return_exceptions=True)


async def sweep() -> None:
    """Drop pages that were never opened, and close those whose session expired while nobody touched them."""
    Client.prune_instances(client_age_threshold=rules.unopened_seconds)
    _adopt_all()
    due = time.monotonic() - rules.expiry_check_seconds
    asked: dict[str | None, bool] = {}
    for presence in list(_due(due)):
        client = Client.instances.get(presence.client_id)
        if client is None:
            presences.pop(presence.client_id, None)
            continue
        if presence.token not in asked:
            asked[presence.token] = await _is_live(client)
        presence.checked_at = time.monotonic()
        if not asked[presence.token]:
            await close(client)


def _due(before: float) -> Iterator[Presence]:
    yield from (p for p in presences.values() if p.checked_at <= before)


async def _is_live(client: Client) -> bool:
    try:
        await actor_of(client)
    except (Unauthenticated, TooMany):
        return False
    except Exception as error:  # noqa: BLE001  a database that is away must not sign everybody out
        log.warning('guard.session_check_failed', error=str(error))
    return True

"""Sessions: who acts under a token at this moment, and how that ends at once everywhere."""

import asyncio
import inspect
import re
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from data.core import new_id, now
from data.identity import Account, Session
from data.members import Member
from data.organizations import Organization
from logic.core.actor import Actor, ActorKind
from logic.core.errors import Conflict, Denied, NotFound, Unauthenticated, Unavailable
from logic.core.language import later
from logic.core.live import Change, hub
from logic.core.service import SIGNED_IN, SYSTEM, query, service
from logic.core.whose import belongs_to
from logic.core.work import Work
from logic.identity.acting import Known, make_actor, read_session
from logic.identity.authority import require_authority
from logic.identity.permissions import MANAGE_ACCESS, domain
from logic.identity.positions import PRESENT, PositionsChanged
from logic.identity.tokens import new_token, token_hash

log = structlog.get_logger(__name__)
IDLE_MINUTES, LIFE = 60, timedelta(hours=24)
SENSITIVE_IDLE_MINUTES, SENSITIVE_LIFE = 15, timedelta(hours=12)
API_LIFE = timedelta(days=30)
MOST_SESSIONS = 10
CACHE_SECONDS = 5.0
TOUCH_EVERY = timedelta(seconds=60)
STORED_AFTER = 1.0
"""So many seconds uses of sessions are gathered, to be stored in one commit that nobody waits for."""
FRESH_MINUTES = 10
MOST_CACHED = 5000
CLOSED = 'ClosedSession'
"""The name under which the live hub tells every node that the pages of a session must close."""
EXPIRED = later('Your session has ended. Please sign in again.')


class SignInAgain(Denied):
    """The session is too old for something sensitive: the person has to prove again who he is."""


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A session that was just opened: the token goes into the cookie and is stored nowhere."""

    token: str
    session_id: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session in the list that its owner sees."""

    id: UUID
    device: str
    address: str
    method: str
    organization_name: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    is_current: bool
    is_api: bool


_known: dict[UUID, Known] = {}
_ids: dict[str, UUID] = {}
Callback = Callable[[Iterable[UUID]], Awaitable[None] | None]
_callbacks: list[Callback] = []
_tasks: set[asyncio.Task[None]] = set()
_drops = 0
"""How often something that was known was forgotten; what was being read meanwhile may be older, and is not kept."""
_used: dict[UUID, tuple[datetime, str]] = {}
"""When, and from which address, the sessions were used whose use is to be stored next."""
_storing: asyncio.Task[None] | None = None
"""What stores them."""


# Who acts


async def actor_for(token: str | None, *, address: str = '', user_agent: str = '', touch: bool = True) -> Actor:
    """Return who acts under a session token. Raises Unauthenticated when it is absent, expired or revoked.

    What is read is kept for at most 5 seconds, and dropped at once when the session is revoked on any node. `touch`
    extends the idle time: for what a person does, not for timers and pings. It is stored a moment later.
    """
    if not token or len(token) > 200:
        raise Unauthenticated('Please sign in.')
    digest = token_hash(token)
    known = _fresh(_ids.get(digest))
    if known is None or known.token_hash != digest:
        known = await _read_anew(digest)
    return _admit(known, address, user_agent, touch=touch)


async def actor_for_session(session_id: UUID, *, address: str = '', user_agent: str = '', touch: bool = True) -> Actor:
    """Return who acts in a session that an access token names. Raises Unauthenticated as `actor_for` does."""
    known = _fresh(session_id)
    if known is None:
        known = await _read_anew(session_id)
    return _admit(known, address, user_agent, touch=touch)


async def _read_anew(wanted: str | UUID) -> Known:
    before = _drops
    known = await read_session(wanted)
    if known is None:
        raise Unauthenticated(EXPIRED)
    return _keep(known) if _drops == before else known


def _admit(known: Known, address: str, user_agent: str, *, touch: bool) -> Actor:
    global _storing  # noqa: PLW0603  as what is known
    at = now()
    if at >= known.expires_at or at - known.last_seen_at >= known.idle:
        _drop(known.session_id)
        raise Unauthenticated(EXPIRED)
    if touch:
        known.last_seen_at = max(at, known.last_seen_at)
        if at - known.stored_seen_at >= TOUCH_EVERY:
            known.stored_seen_at = at
            _used[known.session_id] = (at, address)
            if _storing is None or _storing.done():
                _storing = _start(_store_uses())
    return replace(known.actor, address=address or None, user_agent=user_agent or None)


async def _store_uses() -> None:
    """Store uses until none is left. What is cancelled here stays marked: the next use begins this anew."""
    while _used:
        await asyncio.sleep(STORED_AFTER)
        uses = dict(sorted(_used.items()))
        try:
            await touch_sessions(Actor.system(), [(session_id, *use) for session_id, use in uses.items()])
        except (Unavailable, OperationalError) as error:
            # A full disk or a busy writer must not keep anybody from reading.
            log.warning('sessions.use_not_stored', error=str(error))
        for session_id, use in uses.items():
            if _used.get(session_id) == use:
                del _used[session_id]


def _fresh(session_id: UUID | None) -> Known | None:
    known = _known.get(session_id) if session_id else None
    return known if known is not None and 0 <= time.monotonic() - known.read_at < CACHE_SECONDS else None


def _keep(known: Known) -> Known:
    before = _known.get(known.session_id)
    if before is not None:
        known.last_seen_at = max(before.last_seen_at, known.last_seen_at)
        known.stored_seen_at = max(before.stored_seen_at, known.stored_seen_at)
        _ids.pop(before.token_hash, None)
    elif len(_known) >= MOST_CACHED:
        _known.clear()
        _ids.clear()
    _known[known.session_id] = known
    _ids[known.token_hash] = known.session_id
    return known


def forget_session(session_id: UUID) -> None:
    """Read a session anew when it is next asked for: what its account chose has changed."""
    _drop(session_id)


def _drop(session_id: UUID) -> None:
    global _drops  # noqa: PLW0603  what is known is known to the process
    _drops += 1
    known = _known.pop(session_id, None)
    if known is not None:
        _ids.pop(known.token_hash, None)


@service(SYSTEM)
async def touch_sessions(work: Work, uses: Sequence[tuple[UUID, datetime, str]]) -> None:
    """Store when sessions were used last, and from where. Nobody is told: it happens every minute for everybody."""
    for session_id, at, address in uses:
        values: dict[str, Any] = {'last_seen_at': at}
        if address:
            values['address'] = address[:45]
        await work.session.exec(
            update(Session)
            .where(col(Session.id) == session_id, col(Session.last_seen_at) < at)
            .values(**values)
            .execution_options(synchronize_session=False)
        )


def require_fresh(work: Work, minutes: int = FRESH_MINUTES, *, keys: bool = False) -> None:
    """Raise SignInAgain unless the person proved who he is within the last minutes: for keys and second factors.

    A key for programs never is a person (ASVS 7.5.1), so it is refused: raises Denied. `keys` lets it pass where its
    scope, which somebody gave it after a fresh sign-in, names this very thing.
    """
    actor = work.actor
    if actor.kind is ActorKind.API_KEY and not keys:
        raise Denied('A key for programs cannot do this: it needs a person who has just signed in.')
    if actor.kind is not ActorKind.ACCOUNT or actor.session_id is None:
        return
    if actor.authenticated_at is None or work.now - actor.authenticated_at > timedelta(minutes=minutes):
        raise SignInAgain('Please confirm that it is you: this needs a sign-in of the last ten minutes.')


@query(SIGNED_IN)
async def check_fresh(work: Work) -> None:
    """Ask before a form is filled what its saving will ask. Raises SignInAgain, and Denied for a key for programs."""
    require_fresh(work)


# Opening and ending


async def open_session(
    work: Work,
    account: Account,
    organization_id: UUID,
    *,
    method: str,
    sensitive: bool,
    address: str | None = None,
    user_agent: str | None = None,
    replaces: str | None = None,
    is_api: bool = False,
) -> OpenedSession:
    """Open a session; the caller has made sure who it is. `replaces` is the token before, which ends.

    At most ten are open for one account. One of the same kind, browser or program, makes room, unused for longest:
    a script that signs in again and again does not push its owner out of his browser.
    """
    if account.is_service:
        raise Denied('A service account acts by its keys and does not sign in.')
    mine = Session.account_id == account.id
    if replaces:
        old = await work.first(select(Session).where(Session.token_hash == token_hash(replaces), mine))
        if old is not None:
            end_listed_sessions(work, [old])
    open_now = await work.all(_live(work).where(mine))
    open_now.sort(key=lambda row: (row.is_api is not is_api, row.last_seen_at))
    end_listed_sessions(work, open_now[: max(0, len(open_now) - MOST_SESSIONS + 1)])
    token = new_token()
    life = API_LIFE if is_api else SENSITIVE_LIFE if sensitive else LIFE
    idle = int(API_LIFE.total_seconds() // 60) if is_api else SENSITIVE_IDLE_MINUTES if sensitive else IDLE_MINUTES
    session = work.add(
        Session(
            id=new_id(),
            token_hash=token_hash(token),
            account_id=account.id,
            organization_id=organization_id,
            last_seen_at=work.now,
            idle_minutes=idle,
            expires_at=work.now + life,
            authenticated_at=work.now,
            method=method,
            device=device_label(user_agent),
            address=(address or '')[:45],
            is_api=is_api,
        )
    )
    account.last_organization_id = organization_id
    work.record('Session', session.id, action='identity.sign_in', subject_id=account.id, method=method)
    await work.flush()
    return OpenedSession(token, session.id, session.expires_at)


def _live(work: Work) -> Any:
    return select(Session).where(col(Session.revoked_at).is_(None), Session.expires_at > work.now)


def end_listed_sessions(work: Work, sessions: Iterable[Session]) -> int:
    """End sessions; their pages close on every node as soon as the work is committed."""
    ids = []
    for session in sessions:
        if session.revoked_at is None:
            session.revoked_at = work.now
            ids.append(session.id)
            work.record('Session', session.id, action='identity.session_ended', subject_id=session.account_id)
    close_pages(work, ids)
    return len(ids)


def close_pages(work: Work, session_ids: Iterable[UUID]) -> None:
    """After the commit, on every node: forget what is known of these sessions, and close their pages."""
    changes = [Change(None, CLOSED, session_id) for session_id in session_ids]
    if changes:
        work.afterwards(lambda: hub.publish(changes))


async def end_sessions(
    work: Work, account_id: UUID, *, organization_id: UUID | None = None, except_id: UUID | None = None
) -> int:
    """End the sessions of an account, in one department or in all; returns how many. For other rules to call."""
    statement = _live(work).where(Session.account_id == account_id, Session.id != (except_id or new_id()))
    if organization_id is not None:
        statement = statement.where(Session.organization_id == organization_id)
    return end_listed_sessions(work, await work.all(statement))


@service(SIGNED_IN)
async def sign_out(work: Work) -> None:
    """End the session of the actor."""
    if work.actor.session_id is not None:
        end_listed_sessions(work, await work.all(_live(work).where(Session.id == work.actor.session_id)))


@service(SIGNED_IN)
async def end_session(work: Work, session_id: UUID) -> None:
    """End one of the actor's own sessions. Raises SignInAgain, and NotFound for one of somebody else."""
    require_fresh(work)
    rows = await work.all(
        _live(work).where(Session.id == session_id, belongs_to(Session.account_id, work.actor.account_id))
    )
    if not end_listed_sessions(work, rows):
        raise NotFound('This session has ended already.')


@service(SIGNED_IN)
async def end_other_sessions(work: Work) -> int:
    """End all sessions of the actor but the present one; returns how many. Raises SignInAgain."""
    require_fresh(work)
    assert work.actor.account_id is not None
    return await end_sessions(work, work.actor.account_id, except_id=work.actor.session_id)


@query(SIGNED_IN)
async def list_sessions(work: Work) -> list[SessionRow]:
    """Return the actor's open sessions, the one used last first."""
    statement = (
        select(Session, Organization.name)
        .join(Organization, col(Organization.id) == Session.organization_id)
        .where(belongs_to(Session.account_id, work.actor.account_id))
        .where(col(Session.revoked_at).is_(None), Session.expires_at > work.now)
        .order_by(col(Session.last_seen_at).desc())
    )
    return [
        SessionRow(
            row.id, row.device, row.address, row.method, name, row.created_at, row.last_seen_at, row.expires_at,
            row.id == work.actor.session_id, row.is_api,
        )
        for row, name in await work.all(statement)
        if work.now - row.last_seen_at < timedelta(minutes=row.idle_minutes)
    ]  # fmt: skip


@service(MANAGE_ACCESS)
async def end_sessions_of(work: Work, member_id: UUID) -> int:
    """End all sessions of a member in this department; returns how many. Raises Denied (rule 4)."""
    account_id = await require_authority(work, await work.get(Member, member_id))
    return await end_sessions(work, account_id, organization_id=work.organization_id)


@service(SIGNED_IN)
async def switch_organization(work: Work, organization_id: UUID) -> None:
    """Go on in another department of the actor's account; the pages of the session close and open there."""
    account = await work.get(Account, work.actor.account_id)
    session = await work.find(Session, work.actor.session_id)
    if session is None:
        raise Conflict('Sign in to that department instead.')
    try:
        await make_actor(work, account, organization_id)
    except Unauthenticated:
        raise NotFound('You are not a member of that department.') from None
    session.organization_id = account.last_organization_id = organization_id
    close_pages(work, [session.id])


async def prove_again(work: Work) -> OpenedSession:
    """Give the actor's session a new token after he proved again who he is; the old token is worth nothing.

    How he signed in stays noted as it was.
    """
    session = await work.get(Session, work.actor.session_id)
    token = new_token()
    session.token_hash, session.authenticated_at, session.last_seen_at = token_hash(token), work.now, work.now
    work.afterwards(partial(_drop, session.id))
    close_pages(work, [session.id])
    return OpenedSession(token, session.id, session.expires_at)


# Being told


def on_revoked(callback: Callback) -> Callable[[], None]:
    """Call back with the ids of sessions whose pages must close now on this node. Returns what ends the calls."""
    _callbacks.append(callback)
    return lambda: _callbacks.remove(callback)


def _closed(change: Change) -> None:
    if change.row_id is None:
        _start(_check_all())
        return
    _drop(change.row_id)
    for callback in tuple(_callbacks):
        try:
            result = callback([change.row_id])
        except Exception:
            log.exception('sessions.callback_failed')
            continue
        if inspect.iscoroutine(result):
            _start(result)


def _start(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    task = asyncio.get_running_loop().create_task(work)
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
    return task


async def _check_all() -> None:
    """Close the pages of sessions that ended, or whose rights changed, while other nodes could not be heard."""
    before = dict(_known)
    found = await asyncio.gather(*(read_session(session_id) for session_id in before), return_exceptions=True)
    for known, current in zip(before.values(), found, strict=True):
        if isinstance(current, BaseException):  # the database is away as well
            continue
        if current is None or current.actor != known.actor:
            _closed(Change(None, CLOSED, known.session_id))
        else:
            _keep(current)


hub.subscribe(None, [CLOSED], _closed)


@domain.on(PositionsChanged)
async def renew_rights(work: Work, event: PositionsChanged) -> None:
    """Make the actors of these members anew: what they may do has changed. The acting pages stay open.

    Who does not belong to the department any more loses his sessions in it.
    """
    rows = await work.all(
        select(Session, Member)
        .join(Member, col(Member.account_id) == Session.account_id)
        .where(
            col(Member.id).in_(event.member_ids),
            Session.organization_id == work.organization_id,
            col(Session.revoked_at).is_(None),
            Session.expires_at > work.now,
        )
    )
    gone = [session for session, member in rows if member.status not in PRESENT or member.archived_at is not None]
    end_listed_sessions(work, gone)
    kept = [session.id for session, _ in rows if session not in gone]
    own = work.actor.session_id
    if own is not None and own in kept:
        work.afterwards(partial(_drop, own))
    close_pages(work, [session_id for session_id in kept if session_id != own])


# Words


_BROWSERS = (('Edg', 'Edge'), ('OPR', 'Opera'), ('Firefox', 'Firefox'), ('Chrome', 'Chrome'), ('Safari', 'Safari'))
_SYSTEMS = (
    ('iPhone', 'iPhone'),
    ('iPad', 'iPad'),
    ('Android', 'Android'),
    ('Windows', 'Windows'),
    ('Mac OS', 'Mac'),
    ('CrOS', 'Chromebook'),
    ('Linux', 'Linux'),
)


def device_label(user_agent: str | None) -> str:
    """Return a device as its owner would name it: "Firefox on Windows"."""
    text = user_agent or ''
    browser = next((name for mark, name in _BROWSERS if mark in text), '')
    system = next((name for mark, name in _SYSTEMS if mark in text), '')
    if browser and system:
        return f'{browser} on {system}'
    plain = re.sub(r'[^\w ./-]', '', text, flags=re.ASCII)[:60].strip()
    return browser or system or plain or 'Unknown device'

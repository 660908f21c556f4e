"""Sign-in for programs that act for a person: a short access token and a refresh token that is replaced at each use."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from data.core import now
from data.identity import RefreshToken, Session
from logic.core.actor import Actor
from logic.core.config import configured
from logic.core.errors import Unauthenticated
from logic.core.language import later
from logic.core.secrets import open_value, seal_value, sealed_column
from logic.core.service import PUBLIC, SYSTEM, service
from logic.core.work import Work
from logic.identity.sessions import actor_for_session, end_listed_sessions
from logic.identity.sign_in import SignIn, Step, second_factor, sign_in
from logic.identity.tokens import issue_access_token, new_token, read_access_token, token_hash

REPLAY_WINDOW = timedelta(seconds=10)
"""A phone that lost the answer may ask again with the same token; it gets the same successor."""
OVER = later('The refresh token is not valid, or no longer. Sign in again.')

successor_place = sealed_column(RefreshToken, 'successor')


class CodeNeeded(Unauthenticated):
    """The password was right; a code of the second factor has to come with it."""


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What a program gets: field names as the API answers them."""

    access_token: str
    refresh_token: str
    expires_in: int
    """Seconds."""
    token_type: str = 'Bearer'  # noqa: S105  the name of a scheme, no secret


async def log_in(visitor: Actor, email: str, password: str, code: str | None = None) -> TokenPair:
    """Sign in for the API.

    Raises CodeNeeded when a second factor is set up and no code came, Unauthenticated, Denied, TooMany as sign-in does.
    """
    done = await sign_in(visitor, email, password, is_api=True)
    if done.step is Step.SECOND_FACTOR:
        if not code:
            raise CodeNeeded('This account has a second factor. Send its code as "code".')
        assert done.transaction is not None
        done = await second_factor(visitor, done.transaction, code, is_api=True)
    return await _pair_for(done)


async def _pair_for(done: SignIn) -> TokenPair:
    assert done.session is not None
    refresh = await first_refresh_token(Actor.system(), done.session.session_id)
    return _pair(done.session.session_id, done.account_id, refresh)


def _pair(session_id: UUID, account_id: UUID, refresh: str) -> TokenPair:
    settings = configured()
    access = issue_access_token(
        session_id, account_id, at=now(), minutes=settings.access_token_minutes, issuer=settings.address
    )
    return TokenPair(access, refresh, settings.access_token_minutes * 60)


async def actor_for_access_token(token: str, *, address: str = '', user_agent: str = '') -> Actor:
    """Return who acts with an access token. Raises Unauthenticated when it, or its session, has ended."""
    claims = read_access_token(token, at=now(), issuer=configured().address)
    return await actor_for_session(claims.session_id, address=address, user_agent=user_agent)


async def refresh_tokens(visitor: Actor, refresh_token: str) -> TokenPair:
    """Replace a refresh token, and make a new access token.

    A token that was replaced before answers the same successor for ten seconds; after that its use means that somebody
    has stolen it, and the whole session ends. Raises Unauthenticated.
    """
    outcome = await rotate_refresh_token(visitor, refresh_token)
    if outcome is None:
        raise Unauthenticated(OVER)
    return _pair(outcome.session_id, outcome.account_id, outcome.token)


@dataclass(frozen=True, slots=True)
class _Rotated:
    session_id: UUID
    account_id: UUID
    token: str


@service(SYSTEM, secret=True)
async def first_refresh_token(work: Work, session_id: UUID) -> str:
    """Return the first refresh token of a session."""
    session = await work.get(Session, session_id)
    return await _add(work, session, new_token())


async def _add(work: Work, session: Session, token: str) -> str:
    expires_at = min(work.now + timedelta(days=configured().refresh_token_days), session.expires_at)
    work.add(RefreshToken(token_hash=token_hash(token), session_id=session.id, expires_at=expires_at))
    await work.flush()
    return token


@service(PUBLIC, secret=True)
async def rotate_refresh_token(work: Work, token: str) -> _Rotated | None:
    """Replace a refresh token; None when it is worth nothing. A replay ends the session, which must be committed."""
    row = await work.first(select(RefreshToken).where(RefreshToken.token_hash == token_hash(token)).with_for_update())
    if row is None:
        return None
    session = await work.get(Session, row.session_id)
    if session.revoked_at is not None or min(row.expires_at, session.expires_at) <= work.now:
        return None
    if row.used_at is not None:
        if row.successor is not None and work.now - row.used_at <= REPLAY_WINDOW:
            same = (await open_value(work, row.successor, successor_place(row.id, None))).decode()
            return _Rotated(session.id, session.account_id, same)
        if session.organization_id is not None:
            work.enter(session.organization_id)
        work.record('Session', session.id, outcome='refused', subject_id=session.account_id, reason='replayed token')
        end_listed_sessions(work, [session])
        return None
    successor = await _add(work, session, new_token())
    sealed = await seal_value(work, successor, successor_place(row.id, None))
    await work.execute(
        update(RefreshToken).where(col(RefreshToken.id) == row.id).values(used_at=work.now, successor=sealed)
    )
    await work.session.exec(
        update(Session)
        .where(col(Session.id) == session.id)
        .values(last_seen_at=work.now)
        .execution_options(synchronize_session=False)
    )
    return _Rotated(session.id, session.account_id, successor)

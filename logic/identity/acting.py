"""Who acts: sessions and accounts as actors with what they may do today, many at once for the price of one."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import col

from data.identity import Account, ApiKey, Position, PositionHolding, ServiceAccount, ServicePosition, Session
from data.members import Member
from data.organizations import Organization
from logic.core.actor import Actor, ActorKind
from logic.core.errors import Unauthenticated
from logic.core.service import SYSTEM, query
from logic.core.work import Work
from logic.identity.positions import PRESENT

Place = tuple[UUID, UUID]
"""An account and the department that it acts in."""
MOST_AT_ONCE = 500
# Columns and not rows: a page that shows a change must not wait for 200 sessions to be made objects of.
SESSION: tuple[Any, ...] = (
    Session.id, Session.token_hash, Session.account_id, Session.organization_id, Session.idle_minutes,
    Session.expires_at, Session.last_seen_at, Session.authenticated_at, Session.method,
)  # fmt: skip
PERSON: tuple[Any, ...] = (
    Account.id, Account.name, Account.locale, col(Member.id).label('member_id'), Member.organization_id,
)  # fmt: skip
HELD: tuple[Any, ...] = (
    PositionHolding.member_id, PositionHolding.from_on, PositionHolding.until_on, Position.permissions,
)  # fmt: skip


@dataclass(slots=True)
class Known:
    """A session as it was read a moment ago."""

    actor: Actor
    session_id: UUID
    token_hash: str
    idle: timedelta
    expires_at: datetime
    last_seen_at: datetime
    stored_seen_at: datetime
    read_at: float


@dataclass(slots=True)
class _Batch:
    """Sessions that are asked for together: after a change every open page asks who looks at it."""

    wanted: set[str | UUID] = field(default_factory=set)
    task: 'asyncio.Task[dict[str | UUID, Known]] | None' = None


_gathering: list[_Batch] = []


async def read_session(wanted: str | UUID) -> Known | None:
    """Read a session by the hash of its token or by its id, together with all others asked for in this moment.

    None when it has ended, or when its owner may not act any more.
    """
    batch = _gathering[0] if _gathering else _Batch()
    if batch.task is None or batch.task.done() or len(batch.wanted) >= MOST_AT_ONCE:
        batch = _Batch()
        batch.task = asyncio.ensure_future(_read_together(batch))
        _gathering[:] = [batch]
    batch.wanted.add(wanted)
    assert batch.task is not None
    found = await asyncio.shield(batch.task)  # one who goes away must not take the answer from the others
    return found.get(wanted)


async def _read_together(batch: _Batch) -> dict[str | UUID, Known]:
    await asyncio.sleep(0)
    if batch in _gathering:
        _gathering.remove(batch)
    found = await read_sessions(Actor.system(), batch.wanted)
    return {known.token_hash: known for known in found} | {known.session_id: known for known in found}


@query(SYSTEM)
async def read_sessions(work: Work, wanted: set[str | UUID]) -> list[Known]:
    """Read sessions, by the hashes of their tokens or their ids, with all that their actors are made of.

    Five statements for any number of them. Those that have ended, or whose owner has no access, are left out.
    """
    hashes = {one for one in wanted if isinstance(one, str)}
    statement: Any = (
        sa.select(*SESSION)
        .join(Account, col(Account.id) == Session.account_id)
        .where(sa.or_(col(Session.token_hash).in_(hashes), col(Session.id).in_(wanted - hashes)))
        .where(col(Session.revoked_at).is_(None), col(Account.disabled_at).is_(None))
    )
    rows = [row for row in await work.all(statement) if row.organization_id is not None]
    actors = await actors_of(work, {(row.account_id, row.organization_id) for row in rows})
    read_at = time.monotonic()
    return [
        Known(
            replace(actor, session_id=row.id, method=row.method, authenticated_at=row.authenticated_at),
            row.id, row.token_hash, timedelta(minutes=row.idle_minutes), row.expires_at, row.last_seen_at,
            row.last_seen_at, read_at,
        )
        for row in rows
        if (actor := actors.get((row.account_id, row.organization_id))) is not None
    ]  # fmt: skip


async def make_actor(work: Work, account: Account, organization_id: UUID | None) -> Actor:
    """Return an account as an actor in one of its departments. Raises Unauthenticated when it has no place there."""
    if organization_id is None:
        raise Unauthenticated('This account belongs to no department any more.')
    place = (account.id, organization_id)
    found = await actors_of(work, [place])
    if place not in found:
        raise Unauthenticated('Your access to this department has ended.')
    return found[place]


async def actors_of(work: Work, places: Iterable[Place]) -> dict[Place, Actor]:
    """Return the actors of those who have a place in their department, in three statements for any number of them."""
    wanted = set(places)
    async with work.everywhere():
        found: Any = sa.select(*PERSON).join(Member, col(Member.account_id) == Account.id)
        found = found.where(
            col(Account.id).in_({account_id for account_id, _ in wanted}),
            col(Member.organization_id).in_({organization_id for _, organization_id in wanted}),
            col(Member.status).in_(PRESENT), col(Member.archived_at).is_(None),
        )  # fmt: skip
        rows = [row for row in await work.all(found) if (row.id, row.organization_id) in wanted]
        ids = {row.organization_id for row in rows}
        homes = {one.id: one for (one,) in await work.all(sa.select(Organization).where(col(Organization.id).in_(ids)))}
        days = {one.id: work.now.astimezone(ZoneInfo(one.zone)).date() for one in homes.values()}
        rights = await _rights(work, {row.member_id: days[row.organization_id] for row in rows})
    actors = {}
    for row in rows:
        home = homes[row.organization_id]
        actors[row.id, home.id] = Actor(
            kind=ActorKind.ACCOUNT, name=row.name, organization_id=home.id, account_id=row.id,
            member_id=row.member_id, permissions=rights[row.member_id], modules_off=home.settings.modules_off,
            zone=home.zone, locale=row.locale or home.locale,
        )  # fmt: skip
    return actors


async def service_actor(work: Work, account: Account, key: ApiKey) -> Actor:
    """Return a service account as an actor in its department: nobody's member, and no second person to its makers."""
    async with work.everywhere():
        home = await work.get(Organization, key.organization_id)
        made = sa.select(col(ServiceAccount.made_by_id)).where(col(ServiceAccount.account_id) == account.id)
        known = [key.made_by_id, *(row.made_by_id for row in await work.all(made))]
        makers = {account_id for account_id in known if account_id is not None}
        theirs = sa.select(col(Member.id)).where(
            col(Member.account_id).in_(makers), col(Member.organization_id) == home.id
        )
        members = [row.id for row in await work.all(theirs)]
    return Actor(
        kind=ActorKind.API_KEY, name=account.name, organization_id=home.id, account_id=account.id,
        permissions=await rights_of_service(work, account.id), modules_off=home.settings.modules_off, zone=home.zone,
        locale=home.locale, stands_for=frozenset({*makers, *members}),
    )  # fmt: skip


async def rights_of_service(work: Work, account_id: UUID) -> frozenset[str]:
    """Return what a service account may do: the union over its positions (rule 1)."""
    async with work.everywhere():
        held = sa.select(col(Position.permissions)).join(
            ServicePosition, col(ServicePosition.position_id) == Position.id
        )
        mine = held.join(ServiceAccount, col(ServiceAccount.id) == ServicePosition.service_id)
        found = await work.all(mine.where(col(ServiceAccount.account_id) == account_id))
    return _names(frozenset(row.permissions for row in found))


async def _rights(work: Work, days: dict[UUID, date]) -> dict[UUID, frozenset[str]]:
    """Return what members may do by the positions that they hold, each on his day (rule 1)."""
    held: Any = sa.select(*HELD).join(Position, col(Position.id) == PositionHolding.position_id)
    ours = col(Position.organization_id) == PositionHolding.organization_id
    texts: dict[UUID, set[str]] = defaultdict(set)
    for row in await work.all(held.where(col(PositionHolding.member_id).in_(days), ours)):
        day = days[row.member_id]
        if row.from_on <= day and (row.until_on is None or row.until_on >= day):
            texts[row.member_id].add(row.permissions)
    return {member_id: _names(frozenset(texts[member_id])) for member_id in days}


@lru_cache(maxsize=256)
def _names(texts: frozenset[str]) -> frozenset[str]:
    """Return the permissions in the lists of some positions; the same object for all who hold the same ones."""
    return frozenset(name for text in texts for name in text.split())

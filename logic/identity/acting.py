"""Who acts: sessions and accounts as actors with what they may do today, many at once for the price of one."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import col

from data.core import identifier
from data.identity import Account, ApiKey, Position, PositionHolding, ServiceAccount, ServicePosition, Session
from data.members import Member
from data.organizations import Organization, OrganizationSettings
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
    col(Session.id).label('session_id'), Session.token_hash, Session.idle_minutes, Session.expires_at,
    Session.last_seen_at, Session.authenticated_at, Session.method,
)  # fmt: skip
PERSON: tuple[Any, ...] = (
    col(Account.id).label('account_id'), Account.name, col(Account.locale).label('own_locale'),
    col(Member.id).label('member_id'), Member.organization_id, Organization.zone, Organization.locale,
    sa.type_coerce(Organization.settings, sa.Text()).label('settings'), PositionHolding.from_on,
    PositionHolding.until_on, Position.permissions,
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

    One statement for any number of them. Those that have ended, or whose owner has no access, are left out.
    """
    hashes = [one for one in wanted if isinstance(one, str)]
    ids = [one for one in wanted if isinstance(one, UUID)]
    async with work.everywhere():
        rows = await work.all(_sessions(), hashes=hashes, ids=ids)
    actors = _made(work, rows)
    read_at = time.monotonic()
    return [
        Known(
            replace(
                actors[row.account_id, row.organization_id],
                session_id=row.session_id, method=row.method, authenticated_at=row.authenticated_at,
            ),
            row.session_id, row.token_hash, timedelta(minutes=row.idle_minutes), row.expires_at, row.last_seen_at,
            row.last_seen_at, read_at,
        )
        for row in {row.session_id: row for row in rows}.values()
    ]  # fmt: skip


@cache
def _sessions() -> Any:
    """Return the select of sessions, with a row for each position that the person holds."""
    hashes, ids = (
        sa.bindparam(name, type_=kind, expanding=True)
        for name, kind in (('hashes', sa.String()), ('ids', identifier()))
    )
    here: Any = sa.and_(col(Member.account_id) == Account.id, col(Member.organization_id) == Session.organization_id)
    found: Any = sa.select(*SESSION, *PERSON).select_from(Session)
    found = _with_rights(found.join(Account, col(Account.id) == Session.account_id).join(Member, here))
    return found.where(
        sa.or_(col(Session.token_hash).in_(hashes), col(Session.id).in_(ids)), col(Session.revoked_at).is_(None),
        col(Account.disabled_at).is_(None),
    )  # fmt: skip


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
    """Return the actors of those who have a place in their department, in one statement for any number of them."""
    wanted = set(places)
    async with work.everywhere():
        found: Any = sa.select(*PERSON).select_from(Account).join(Member, col(Member.account_id) == Account.id)
        found = _with_rights(found).where(
            col(Account.id).in_({account_id for account_id, _ in wanted}),
            col(Member.organization_id).in_({organization_id for _, organization_id in wanted}),
        )
        rows = await work.all(found)
    return _made(work, [row for row in rows if (row.account_id, row.organization_id) in wanted])


def _with_rights(people: Any) -> Any:
    """Join members with their department and the positions that they hold; who is not there any more is left out."""
    held = sa.and_(
        col(Position.id) == PositionHolding.position_id,
        col(Position.organization_id) == PositionHolding.organization_id,
    )
    return (
        people.join(Organization, col(Organization.id) == Member.organization_id)
        .join(PositionHolding, col(PositionHolding.member_id) == Member.id, isouter=True)
        .join(Position, held, isouter=True)
        .where(col(Member.status).in_(PRESENT), col(Member.archived_at).is_(None))
    )


def _made(work: Work, rows: Iterable[Any]) -> dict[Place, Actor]:
    """Make the actors of rows of `PERSON`: with the rights of the positions that they hold today, there (rule 1)."""
    days: dict[str, date] = {}
    people: dict[Place, Any] = {}
    texts: dict[Place, set[str]] = defaultdict(set)
    for row in rows:
        place = (row.account_id, row.organization_id)
        people[place] = row
        if row.zone not in days:
            days[row.zone] = work.now.astimezone(ZoneInfo(row.zone)).date()
        day = days[row.zone]
        if row.permissions and row.from_on <= day and (row.until_on is None or row.until_on >= day):
            texts[place].add(row.permissions)
    return {
        place: Actor(
            kind=ActorKind.ACCOUNT, name=row.name, organization_id=row.organization_id, account_id=row.account_id,
            member_id=row.member_id, permissions=_names(frozenset(texts[place])), modules_off=_off(row.settings),
            zone=row.zone, locale=row.own_locale or row.locale,
        )
        for place, row in people.items()
    }  # fmt: skip


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


@lru_cache(maxsize=256)
def _names(texts: frozenset[str]) -> frozenset[str]:
    """Return the permissions in the lists of some positions; the same object for all who hold the same ones."""
    return frozenset(name for text in texts for name in text.split())


@lru_cache(maxsize=256)
def _off(settings: str) -> frozenset[str]:
    """Return the modules that a department has switched off, from its settings as they are stored."""
    return OrganizationSettings.model_validate_json(settings).modules_off

"""Keys for programs: shown once, never more than their owner may at the moment of use, ended with a click."""

import ipaddress
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import structlog
from pydantic import BaseModel, ConfigDict, Field, field_validator
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from data.core import now
from data.identity import Account, ApiKey
from logic.core.actor import Actor, ActorKind
from logic.core.domain import permission_labels
from logic.core.errors import Denied, Invalid, NotFound, Unauthenticated, Unavailable
from logic.core.language import _, later
from logic.core.live import Change, hub
from logic.core.service import SYSTEM, query, service
from logic.core.work import Work
from logic.identity.acting import make_actor, service_actor
from logic.identity.permissions import MANAGE_ACCESS, USE_API_KEYS
from logic.identity.positions import covers
from logic.identity.sessions import require_fresh
from logic.identity.tokens import NewApiKey, new_api_key, parse_api_key

log = structlog.get_logger(__name__)
DAYS, MOST_DAYS = 365, 730
CACHE_SECONDS = 5.0
USED_EVERY = timedelta(minutes=1)
CLOSED = 'ClosedApiKey'
WRONG = 'This API key is not valid, or no longer.'


class ApiKeyInput(BaseModel):
    """A key as its owner asks for it."""

    model_config = ConfigDict(extra='forbid', str_strip_whitespace=True)

    name: Annotated[str, Field(title=later('Name'), min_length=2, max_length=80, pattern=r'^[^\x00-\x1f]*$')]
    scopes: Annotated[frozenset[str], Field(title=later('Rights'), min_length=1, max_length=200)]
    expires_in_days: Annotated[int, Field(title=later('Valid for days'), ge=1, le=MOST_DAYS)] = DAYS
    networks: Annotated[
        tuple[str, ...],
        Field(title=later('Allowed networks'), max_length=20, description=later('One a line; empty for any.')),
    ] = ()

    @field_validator('networks', mode='before')
    @classmethod
    def _are_lines(cls, value: Any) -> Any:
        return value.splitlines() if isinstance(value, str) else value

    @field_validator('networks')
    @classmethod
    def _are_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        try:
            return tuple(str(ipaddress.ip_network(name.strip(), strict=False)) for name in value if name.strip())
        except ValueError as error:
            raise ValueError('Write networks as 192.0.2.0/24 or single addresses.') from error


@dataclass(frozen=True, slots=True)
class CreatedKey:
    """A key that was just made: `text` is shown once and stored nowhere."""

    id: UUID
    text: str
    prefix: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ApiKeyRow:
    """A key in a list."""

    id: UUID
    name: str
    prefix: str
    owner: str
    scopes: tuple[str, ...]
    networks: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    last_used_address: str
    is_active: bool


@dataclass(slots=True)
class _Known:
    actor: Actor
    key_id: UUID
    networks: tuple[str, ...]
    expires_at: datetime
    used_at: datetime | None
    read_at: float


_known: dict[tuple[str, str], _Known] = {}
_drops = 0
"""How often a key has ended; what was being read meanwhile may be older, and is not kept."""


@service(USE_API_KEYS, secret=True)
async def add_api_key(work: Work, data: ApiKeyInput) -> CreatedKey:
    """Make a key for programs with some of the actor's own rights.

    Raises Denied for rights that he does not hold, Invalid for unknown ones, SignInAgain after ten minutes.
    """
    require_fresh(work)
    check_scopes(data.scopes, work.actor.permissions)
    assert work.actor.account_id is not None
    return await store_key(work, work.actor.account_id, new_api_key(), data)


@service(USE_API_KEYS, secret=True)
async def replace_api_key(work: Work, key_id: UUID) -> CreatedKey:
    """Replace one of the actor's keys by a new one with the same rights; the old one ends at once."""
    require_fresh(work)
    key = await _own(work, key_id)
    return await add_api_key(work, as_asked(work, key))


@service(USE_API_KEYS)
async def revoke_api_key(work: Work, key_id: UUID) -> None:
    """End one of the actor's own keys, at once and on every node."""
    end_key(work, await _own(work, key_id))


@service(MANAGE_ACCESS)
async def revoke_api_key_of(work: Work, key_id: UUID) -> None:
    """End a key of anybody in this department, at once and on every node."""
    end_key(work, await work.get(ApiKey, key_id))


@query(USE_API_KEYS)
async def list_api_keys(work: Work) -> list[ApiKeyRow]:
    """Return the actor's own keys, the newest first."""
    return await rows_of(work, work.actor.account_id)


@query(MANAGE_ACCESS)
async def list_all_api_keys(work: Work) -> list[ApiKeyRow]:
    """Return every key of this department, the newest first."""
    return await rows_of(work, None)


async def actor_for_key(text: str, *, address: str = '', user_agent: str = '') -> Actor:
    """Return who acts with a key: at most the key's scopes, at most what its owner may now.

    Raises Unauthenticated when it is wrong, ended or expired, Denied from a network that is not allowed.
    """
    parsed = parse_api_key(text)
    if parsed is None:
        raise Unauthenticated(WRONG)
    known = _known.get(parsed)
    if known is None or not 0 <= time.monotonic() - known.read_at < CACHE_SECONDS:
        before = _drops
        known = await read_api_key(Actor.system(), *parsed)
        if len(_known) > 1000:
            _known.clear()
        if _drops == before:
            _known[parsed] = known
    at = now()
    if at >= known.expires_at:
        raise Unauthenticated('This API key has expired.')
    _check_network(known.networks, address)
    if known.used_at is None or at - known.used_at >= USED_EVERY:
        known.used_at = at
        try:
            await note_key_use(Actor.system(), known.key_id, at, address[:45])
        except (Unavailable, OperationalError) as error:
            log.warning('api_keys.use_not_stored', error=str(error))  # reading goes on with a full disk
    return replace(known.actor, address=address or None, user_agent=user_agent or None)


@query(SYSTEM)
async def read_api_key(work: Work, prefix: str, secret_hash: str) -> _Known:
    """Read a key with the actor that it stands for. Raises Unauthenticated."""
    async with work.everywhere():
        found = await work.first(
            select(ApiKey, Account)
            .join(Account, col(Account.id) == ApiKey.account_id)
            .where(ApiKey.prefix == prefix, ApiKey.secret_hash == secret_hash, col(ApiKey.revoked_at).is_(None))
        )
    if found is None or found[1].disabled_at is not None:
        raise Unauthenticated(WRONG)
    key, account = found
    if account.is_service:
        owner = await service_actor(work, account, key)
    else:
        owner = await make_actor(work, account, key.organization_id)
    actor = replace(
        owner,
        kind=ActorKind.API_KEY,
        name=f'{owner.name} ({key.name})',
        permissions=within(frozenset(key.scopes.split()), owner.permissions),
        method='api-key',
    )
    return _Known(actor, key.id, tuple(key.networks.split()), key.expires_at, key.last_used_at, time.monotonic())


@service(SYSTEM)
async def note_key_use(work: Work, key_id: UUID, at: datetime, address: str) -> None:
    """Store when and from where a key was used last; at most once a minute, told to nobody."""
    table = ApiKey.__table__  # type: ignore[attr-defined]
    connection = await work.session.connection()
    await connection.execute(
        update(table).where(table.c.id == key_id).values(last_used_at=at, last_used_address=address)
    )


def within(scopes: frozenset[str], held: frozenset[str]) -> frozenset[str]:
    """Return the scopes of a key as far as its owner holds them: a pattern shrinks to what he has of it."""
    kept = {scope for scope in scopes if covers(held, scope)}
    for scope in scopes - kept:
        if scope == '*':
            kept |= held
        elif scope.endswith('.*'):
            kept |= {name for name in held if name.startswith(scope[:-1])}
    return frozenset(kept)


def check_scopes(
    scopes: frozenset[str], held: frozenset[str], message: str = later('A key cannot do more than you: {rights}.')
) -> None:
    """Raise Invalid for rights that do not exist, and Denied with the message for those that are not held."""
    labels = permission_labels()
    modules = {name.partition('.')[0] for name in labels}
    unknown = [s for s in scopes if s not in labels and s != '*' and not (s.endswith('.*') and s[:-2] in modules)]
    if unknown:
        names = ', '.join(sorted(unknown)[:5])
        raise Invalid('There is no such right.', {'scopes': _('Unknown: {names}.', names=names)})
    missing = sorted(scope for scope in scopes if not covers(held, scope))
    if missing:
        names = ', '.join(str(labels.get(name, name)) for name in missing[:3])
        raise Denied(_(message, rights=names))


def _check_network(networks: tuple[str, ...], address: str) -> None:
    if not networks:
        return
    try:
        parsed = ipaddress.ip_address(address.partition('%')[0])
    except ValueError:
        raise Denied('This API key is not allowed from this network.') from None
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    if not any(parsed in ipaddress.ip_network(network) for network in networks):
        raise Denied('This API key is not allowed from this network.')


def as_asked(work: Work, key: ApiKey) -> ApiKeyInput:
    """End a key, and return what its successor is asked for with: the same rights, networks and life."""
    end_key(work, key)
    return ApiKeyInput.model_construct(  # checked when it was made
        name=key.name, scopes=frozenset(key.scopes.split()), networks=tuple(key.networks.split()),
        expires_in_days=max((key.expires_at - key.created_at).days, 1),
    )  # fmt: skip


async def store_key(work: Work, account_id: UUID, made: NewApiKey, data: ApiKeyInput) -> CreatedKey:
    """Store a new key of an account; the caller has made sure that it may have these rights."""
    key = work.add(
        ApiKey(
            account_id=account_id, name=data.name, prefix=made.prefix, secret_hash=made.secret_hash,
            scopes='\n'.join(sorted(data.scopes)), networks='\n'.join(data.networks),
            expires_at=work.now + timedelta(days=data.expires_in_days), made_by_id=work.actor.account_id,
        )
    )  # fmt: skip
    await work.flush()
    return CreatedKey(key.id, made.text, made.prefix, key.expires_at)


async def _own(work: Work, key_id: UUID) -> ApiKey:
    key = await work.get(ApiKey, key_id)
    if key.account_id != work.actor.account_id or key.revoked_at is not None:
        raise NotFound('There is no such API key.')
    return key


def end_key(work: Work, key: ApiKey) -> None:
    """End a key, at once and on every node."""
    if key.revoked_at is None:
        key.revoked_at = work.now
        work.afterwards(lambda: hub.publish([Change(None, CLOSED, key.id)]))


async def rows_of(work: Work, account_id: UUID | None) -> list[ApiKeyRow]:
    """Return the keys of an account in this department, or with None of all, the newest first."""
    statement = select(ApiKey, Account.name).join(Account, col(Account.id) == ApiKey.account_id)
    if account_id is not None:
        statement = statement.where(ApiKey.account_id == account_id)
    return [
        ApiKeyRow(
            key.id, key.name, key.prefix, owner, tuple(key.scopes.split()), tuple(key.networks.split()),
            key.created_at, key.expires_at, key.last_used_at, key.last_used_address,
            key.revoked_at is None and key.expires_at > work.now,
        )
        for key, owner in await work.all(statement.order_by(col(ApiKey.created_at).desc()))
    ]  # fmt: skip


def _closed(change: Change) -> None:
    global _drops  # noqa: PLW0603  what is known is known to the process
    _drops += 1
    for parsed, known in list(_known.items()):
        if known.key_id == change.row_id:
            _known.pop(parsed, None)


hub.subscribe(None, [CLOSED], _closed)

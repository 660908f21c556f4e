"""Service accounts: programs of the department itself, with positions of their own; no person's leaving ends them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, func, select

from data.core import new_id
from data.identity import Account, ApiKey, Position, ServiceAccount, ServicePosition
from logic.core.errors import Conflict, Denied
from logic.core.language import _, later
from logic.core.live import Change, hub
from logic.core.service import query, service
from logic.core.work import Work
from logic.identity import api_keys
from logic.identity.acting import rights_of_service
from logic.identity.api_keys import ApiKeyInput, ApiKeyRow, CreatedKey
from logic.identity.permissions import MANAGE_ACCESS, MANAGE_POSITIONS
from logic.identity.positions import (
    PositionRow,
    authority_of_service,
    covers,
    list_positions,
    local_today,
    offices_of,
    refuse_more_than_own,
    refuse_rise,
)
from logic.identity.sessions import require_fresh
from logic.identity.tokens import new_api_key


class ServiceInput(BaseModel):
    """A service account as it is asked for."""

    model_config = ConfigDict(extra='forbid', str_strip_whitespace=True)

    name: Annotated[str, Field(title=later('Name'), min_length=2, max_length=80, pattern=r'^[^\x00-\x1f]*$')]
    purpose: Annotated[str, Field(title=later('What it is for'), max_length=300)] = ''
    position_ids: Annotated[frozenset[UUID], Field(title=later('Positions'), max_length=50)] = frozenset()


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A service account in a list."""

    id: UUID
    name: str
    purpose: str
    positions: tuple[str, ...]
    position_ids: frozenset[UUID]
    permissions: frozenset[str]
    keys: int
    """How many of its keys are in force."""
    last_used_at: datetime | None
    ended_at: datetime | None


@query(MANAGE_ACCESS)
async def list_service_accounts(work: Work) -> list[ServiceRow]:
    """Return the service accounts of this department by name, those that ended last."""
    return await _rows(work)


@query(MANAGE_ACCESS)
async def list_positions_to_give(work: Work) -> list[PositionRow]:
    """Return the positions that the actor may let a program hold, the mightiest first."""
    rows = await list_positions(work)
    others = await _others_offices(work, {row.id for row in rows})
    held = work.actor.permissions
    return [row for row in rows if row.id not in others and all(covers(held, name) for name in row.permissions)]


@query(MANAGE_ACCESS)
async def get_service_account(work: Work, service_id: UUID) -> tuple[ServiceRow, list[ApiKeyRow]]:
    """Return a service account with its keys, the newest first. Raises NotFound."""
    row = await work.get(ServiceAccount, service_id)
    (found,) = await _rows(work, service_id)
    return found, await api_keys.rows_of(work, row.account_id)


@service(MANAGE_ACCESS)
async def add_service_account(work: Work, data: ServiceInput) -> UUID:
    """Make a service account that holds positions; it cannot sign in.

    Raises SignInAgain, Denied for positions mightier than the actor or not his to give, Conflict for a taken name.
    """
    require_fresh(work)
    await _refuse_taken_name(work, data.name)
    positions = await _positions(work, data.position_ids)
    # An address is what accounts are told apart by. This one leads nowhere (RFC 2606), and nothing is sent to it.
    account = work.add(Account(email=f'{new_id().hex}@service.invalid', name=data.name, is_service=True))
    await work.flush()
    row = work.add(ServiceAccount(account_id=account.id, purpose=data.purpose, made_by_id=work.actor.account_id))
    await work.flush()
    for position in positions:
        work.add(ServicePosition(service_id=row.id, position_id=position.id))
    return row.id


@service(MANAGE_ACCESS)
async def change_service_account(work: Work, service_id: UUID, data: ServiceInput) -> None:
    """Change name, purpose and positions; its keys do no more than these from then on. Raises as making one does."""
    require_fresh(work)
    row, account = await _within_own(work, service_id)
    if data.name != account.name:
        await _refuse_taken_name(work, data.name)
    wanted = {position.id for position in await _positions(work, data.position_ids)}
    account.name, row.purpose = data.name, data.purpose
    held = {one.position_id: one for one in await _held(work, service_id)}
    for position_id in held.keys() - wanted:
        await work.delete(held[position_id])
    for position_id in wanted - held.keys():
        work.add(ServicePosition(service_id=row.id, position_id=position_id))
    _forget(work, [key.id for key in await _keys(work, row.account_id)])


@service(MANAGE_ACCESS)
async def end_service_account(work: Work, service_id: UUID) -> None:
    """End a service account with all of its keys, at once and for good: it stays in the log as who it was."""
    row = await work.get(ServiceAccount, service_id)
    if row.ended_at is not None:
        raise Conflict('This service account has ended already.')
    account = await work.get(Account, row.account_id)
    row.ended_at = account.disabled_at = work.now
    for key in await _keys(work, row.account_id):
        api_keys.end_key(work, key)


@service(MANAGE_ACCESS, secret=True)
async def add_service_key(work: Work, service_id: UUID, data: ApiKeyInput) -> CreatedKey:
    """Make a key with rights that the service account holds, and the actor too.

    Raises SignInAgain, Denied, Conflict when the service account has ended.
    """
    require_fresh(work)
    row, _account = await _within_own(work, service_id)
    rights = await rights_of_service(work, row.account_id)
    api_keys.check_scopes(data.scopes, rights, later('This service account may not do so much: {rights}.'))
    return await api_keys.store_key(work, row.account_id, new_api_key(), data)


@service(MANAGE_ACCESS, secret=True)
async def replace_service_key(work: Work, key_id: UUID) -> CreatedKey:
    """Replace a key of a service account by a new one with the same rights; the old one ends at once."""
    require_fresh(work)
    key = await work.get(ApiKey, key_id)
    row = await work.first(select(ServiceAccount).where(ServiceAccount.account_id == key.account_id))
    if row is None or key.revoked_at is not None:
        raise Conflict('This key has ended, or is not one of a service account.')
    return await add_service_key(work, row.id, api_keys.as_asked(work, key))


async def _within_own(work: Work, service_id: UUID) -> tuple[ServiceAccount, Account]:
    """Return a service account in force no mightier than the actor: else it were a way to more (rules 2 and 4)."""
    row = await work.get(ServiceAccount, service_id)
    if row.ended_at is not None:
        raise Conflict('This service account has ended.')
    refuse_more_than_own(work, await rights_of_service(work, row.account_id))
    await refuse_rise(work, await authority_of_service(work, row.account_id))
    await _refuse_others_offices(work, {one.position_id for one in await _held(work, service_id)})
    return row, await work.get(Account, row.account_id)


async def _positions(work: Work, position_ids: Iterable[UUID]) -> list[Position]:
    positions = [await work.get(Position, position_id) for position_id in position_ids]
    refuse_more_than_own(work, {name for position in positions for name in position.permission_set})
    await refuse_rise(work, max((position.priority for position in positions), default=0))
    await _refuse_others_offices(work, {position.id for position in positions})
    return positions


async def _others_offices(work: Work, position_ids: set[UUID]) -> set[UUID]:
    """Return which positions the actor may give nobody, and does not hold himself.

    What is shared with a position is open to a program that holds it, so to give it one takes what people take.
    """
    if work.actor.may(MANAGE_POSITIONS):
        return set()
    return position_ids - set(await work.all(offices_of(work.actor, await local_today(work))))


async def _refuse_others_offices(work: Work, position_ids: set[UUID]) -> None:
    if await _others_offices(work, position_ids):
        raise Denied(
            'You may let a program hold only positions of your own. '
            'Those who give positions to people can let it hold others.'
        )


async def _refuse_taken_name(work: Work, name: str) -> None:
    same = select(ServiceAccount.id).join(Account, col(Account.id) == ServiceAccount.account_id)
    if await work.first(same.where(func.lower(Account.name) == name.lower(), col(ServiceAccount.ended_at).is_(None))):
        raise Conflict(_('There is already a service account named {name}.', name=name))


async def _held(work: Work, service_id: UUID) -> list[ServicePosition]:
    return await work.all(select(ServicePosition).where(ServicePosition.service_id == service_id))


async def _keys(work: Work, account_id: UUID) -> list[ApiKey]:
    """Return the keys of a service account that are in force."""
    mine = select(ApiKey).where(ApiKey.account_id == account_id, col(ApiKey.revoked_at).is_(None))
    return await work.all(mine.where(col(ApiKey.expires_at) > work.now))


def _forget(work: Work, key_ids: Iterable[UUID]) -> None:
    """Have every node read these keys anew: what they may do has changed."""
    changes = [Change(None, api_keys.CLOSED, key_id) for key_id in key_ids]
    work.afterwards(lambda: hub.publish(changes))


async def _rows(work: Work, service_id: UUID | None = None) -> list[ServiceRow]:
    found = select(ServiceAccount, Account.name).join(Account, col(Account.id) == ServiceAccount.account_id)
    held = select(ServicePosition.service_id, Position).join(Position, col(Position.id) == ServicePosition.position_id)
    keys = select(ApiKey).join(ServiceAccount, col(ServiceAccount.account_id) == ApiKey.account_id)
    if service_id is not None:
        found, keys = found.where(ServiceAccount.id == service_id), keys.where(ServiceAccount.id == service_id)
        held = held.where(ServicePosition.service_id == service_id)
    positions: dict[UUID, list[Position]] = defaultdict(list)
    for holder_id, position in await work.all(held.order_by(col(Position.name))):
        positions[holder_id].append(position)
    made: dict[UUID, list[ApiKey]] = defaultdict(list)
    for key in await work.all(keys):
        made[key.account_id].append(key)
    rows = [
        ServiceRow(
            row.id, name, row.purpose, tuple(one.name for one in positions[row.id]),
            frozenset(one.id for one in positions[row.id]),
            frozenset(right for one in positions[row.id] for right in one.permission_set),
            sum(key.revoked_at is None and key.expires_at > work.now for key in made[row.account_id]),
            max((key.last_used_at for key in made[row.account_id] if key.last_used_at), default=None), row.ended_at,
        )
        for row, name in await work.all(found)
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row.ended_at is not None, row.name.casefold()))

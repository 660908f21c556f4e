"""Who holds a right today, among those with an account: for notices, and for rules that need a second person."""

from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from data.identity import Account, Position, PositionHolding
from data.members import Member
from logic.core.work import Work
from logic.identity.positions import PRESENT, covers, in_force, local_today


async def accounts_with(work: Work, permission: str) -> set[UUID]:
    """Return the accounts of all present members whose positions include a permission today."""
    statement = (
        sa.select(col(Member.account_id), col(Position.permissions))
        .join(PositionHolding, col(PositionHolding.member_id) == Member.id)
        .join(Position, col(Position.id) == PositionHolding.position_id)
        .join(Account, col(Account.id) == Member.account_id)
        .where(
            col(Member.status).in_(PRESENT),
            col(Member.archived_at).is_(None),
            col(Account.disabled_at).is_(None),
            *in_force(await local_today(work)),
        )
    )
    return {account for account, text in await work.all(statement) if covers(frozenset(text.split()), permission)}


async def others_with(work: Work, *permissions: str) -> bool:
    """Say whether one other than the actor holds all of some permissions today."""
    holders = [await accounts_with(work, permission) for permission in permissions]
    return bool(set.intersection(*holders) - {work.actor.account_id})

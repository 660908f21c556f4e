"""Who an account is in which department, and who has authority over whom."""

import unicodedata
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from data.identity import Account, Passkey, Position, PositionHolding, TotpCredential
from data.members import Member
from data.organizations import Organization
from logic.core.actor import ActorKind
from logic.core.errors import Conflict, Denied
from logic.core.language import _
from logic.core.work import Work
from logic.identity.permissions import MANAGE_ACCESS, MANAGE_POSITIONS
from logic.identity.positions import PRESENT, covers, highest_authority, in_force, local_today, permissions_of

SENSITIVE = (MANAGE_ACCESS, MANAGE_POSITIONS, 'organizations.manage')
"""Who holds one of these can take over the department: shorter sessions and a second factor."""


@dataclass(frozen=True, slots=True)
class Membership:
    """A department in which an account may work now."""

    organization_id: UUID
    organization_name: str
    member_id: UUID
    member_name: str


def normal_email(text: str) -> str:
    """Return an e-mail address as accounts store it: NFKC, small letters, no spaces around."""
    return unicodedata.normalize('NFKC', text).strip().lower()[:254]


def is_sensitive(permissions: frozenset[str]) -> bool:
    """Say whether these rights are enough to take over a department."""
    return any(covers(permissions, name) for name in SENSITIVE)


async def memberships_of(work: Work, account_id: UUID) -> list[Membership]:
    """Return the departments in which an account is a present member, by name."""
    async with work.everywhere():
        rows = await work.all(
            select(Member, Organization)
            .join(Organization, col(Organization.id) == Member.organization_id)
            .where(
                Member.account_id == account_id,
                col(Member.status).in_(PRESENT),
                col(Member.archived_at).is_(None),
            )
            .order_by(Organization.name, col(Member.id))
        )
    return [Membership(place.id, place.name, member.id, member.name) for member, place in rows]


async def rights_everywhere(work: Work, account_id: UUID) -> frozenset[str]:
    """Return the union of what an account may do in all its departments."""
    rights: frozenset[str] = frozenset()
    for membership in await memberships_of(work, account_id):
        async with work.inside(membership.organization_id):
            rights |= await permissions_of(work, membership.member_id)
    return rights


async def has_second_factor(work: Work, account_id: UUID) -> bool:
    """Say whether an account has an authenticator app or a passkey in force."""
    totp = select(TotpCredential.id).where(
        TotpCredential.account_id == account_id, col(TotpCredential.confirmed_at).is_not(None)
    )
    passkey = select(Passkey.id).where(Passkey.account_id == account_id)
    return await work.first(totp) is not None or await work.first(passkey) is not None


async def owner_addresses(work: Work) -> list[str]:
    """Return the e-mail addresses of the owners of this department who are present, the longest in office first."""
    return await work.all(
        select(Account.email)
        .join(Member, col(Member.account_id) == Account.id)
        .join(PositionHolding, col(PositionHolding.member_id) == Member.id)
        .join(Position, col(Position.id) == PositionHolding.position_id)
        .where(Position.permissions == '*', *in_force(await local_today(work)), col(Account.disabled_at).is_(None))
        .where(col(Member.status).in_(PRESENT), col(Member.archived_at).is_(None))
        .order_by(col(PositionHolding.from_on), col(PositionHolding.id))
    )


async def require_authority(work: Work, member: Member) -> UUID:
    """Return the account of a member over whom the actor has authority (rule 4). Raises Denied, Conflict.

    Never oneself, never somebody with more rights or a higher position, never somebody whose account could take over
    another department as well.
    """
    if member.account_id is None:
        raise Conflict(_('{name} has no account. Send an invitation first.', name=member.name))
    if work.actor.kind is ActorKind.SYSTEM:
        return member.account_id
    if work.actor.is_account(member.account_id):
        raise Denied('You cannot use this door on yourself. Use "My security", or ask another administrator.')
    theirs = await permissions_of(work, member.id)
    if not all(covers(work.actor.permissions, name) for name in theirs):
        raise Denied(
            _('{name} has more rights than you. Somebody with at least the same rights can do this.', name=member.name)
        )
    own = await highest_authority(work, work.actor.member_id)
    if await highest_authority(work, member.id) > own:
        raise Denied(_('{name} holds a higher position than you. Somebody above can do this.', name=member.name))
    for membership in await memberships_of(work, member.account_id):
        if membership.organization_id != work.organization_id:
            async with work.inside(membership.organization_id):
                if is_sensitive(await permissions_of(work, membership.member_id)):
                    raise Denied(_('{name} also looks after another department with this account.', name=member.name))
    return member.account_id

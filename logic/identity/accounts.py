"""Accounts as administrators look after them: how somebody signs in, and stopping him from it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from data.identity import Account, Passkey, PasswordCredential, Session
from data.members import Member
from logic.core.service import query, service
from logic.core.work import Work
from logic.identity.authority import require_authority
from logic.identity.factors import totp_of
from logic.identity.permissions import MANAGE_ACCESS
from logic.identity.positions import guard_last_administrator
from logic.identity.sessions import end_sessions


@dataclass(frozen=True, slots=True)
class AccessRow:
    """What an administrator sees of a member's access."""

    name: str
    email: str = ''
    account_id: UUID | None = None
    """None for who has no account yet."""
    is_disabled: bool = False
    has_password: bool = False
    has_totp: bool = False
    passkeys: int = 0
    last_seen_at: datetime | None = None


@query(MANAGE_ACCESS)
async def access_of(work: Work, member_id: UUID) -> AccessRow:
    """Return how a member signs in. Raises NotFound."""
    member = await work.get(Member, member_id)
    account = await work.find(Account, member.account_id)
    if account is None:
        return AccessRow(member.name, member.email or '')
    password = select(PasswordCredential.id).where(PasswordCredential.account_id == account.id)
    seen = select(Session.last_seen_at).where(
        Session.account_id == account.id, Session.organization_id == work.organization_id
    )
    return AccessRow(
        name=member.name,
        email=account.email,
        account_id=account.id,
        is_disabled=account.disabled_at is not None,
        has_password=await work.first(password) is not None,
        has_totp=await totp_of(work, account.id) is not None,
        passkeys=await work.count(select(Passkey.id).where(Passkey.account_id == account.id)),
        last_seen_at=await work.first(seen.order_by(col(Session.last_seen_at).desc()).limit(1)),
    )


@service(MANAGE_ACCESS)
async def disable_account(work: Work, member_id: UUID) -> Account:
    """Stop a member from signing in; his sessions end now. Raises Denied, and Conflict for the last administrator."""
    account = await work.get(Account, await require_authority(work, await work.get(Member, member_id)))
    if account.disabled_at is None:
        account.disabled_at = work.now
        await guard_last_administrator(work)
        await end_sessions(work, account.id)
    return account


@service(MANAGE_ACCESS)
async def enable_account(work: Work, member_id: UUID) -> Account:
    """Let a member sign in again. Raises Denied."""
    account = await work.get(Account, await require_authority(work, await work.get(Member, member_id)))
    account.disabled_at = None
    return account

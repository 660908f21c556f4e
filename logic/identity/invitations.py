"""Invitations: the only way to an account beside setup. A link that works once, for seven days."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, select

from data.identity import Account, Invitation, Position
from data.members import Member
from data.organizations import Organization
from logic.core.actor import Actor
from logic.core.errors import Conflict, Denied, Invalid, NotFound
from logic.core.language import _, later
from logic.core.service import PUBLIC, SIGNED_IN, SYSTEM, query, service
from logic.core.work import Work
from logic.identity import throttle
from logic.identity.authority import normal_email
from logic.identity.credentials import set_password
from logic.identity.events import InvitationAccepted, PersonInvited
from logic.identity.passwords import hash_password, vet_password
from logic.identity.permissions import MANAGE_ACCESS
from logic.identity.positions import PRESENT, covers, give_member_position, refuse_above_own, refuse_rise
from logic.identity.sign_in import SignIn, account_row, go_on
from logic.identity.tokens import new_token, token_hash

LIFE = timedelta(days=7)
OVER = later('This invitation was used already, withdrawn, or has expired. Ask for a new one.')
HAS_ACCOUNT = later('There is an account with this e-mail address already. Sign in with it, then open the link again.')


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation that was just made: the token is shown and mailed, and stored nowhere."""

    invitation_id: UUID
    token: str
    email: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class InvitationInfo:
    """What the page of an invitation shows."""

    organization_name: str
    name: str
    email: str
    has_account: bool
    """The person has an account already, of another department perhaps: he signs in and then accepts."""
    about: tuple[str, ...]
    """What the password must not be made of."""


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation in a list."""

    id: UUID
    member_id: UUID
    name: str
    email: str
    created_at: datetime
    expires_at: datetime
    is_expired: bool


@service(MANAGE_ACCESS, secret=True)
async def make_invitation(
    work: Work, member_id: UUID, email: str | None = None, position_id: UUID | None = None
) -> Invited:
    """Invite a member to an account, at his e-mail address or another; earlier invitations of his end.

    With a position, he holds it once he accepts. Raises Conflict when he has an account or no longer belongs to the
    department, Invalid without an address, Denied when the position, or one he holds, exceeds the actor's rights.
    """
    member = await work.get(Member, member_id)
    if member.account_id is not None:
        raise Conflict(_('{name} has an account already.', name=member.name))
    if member.status not in PRESENT or member.archived_at is not None:
        raise Conflict(_('{name} does not belong to the department at present.', name=member.name))
    address = normal_email(email or member.email or '')
    if '@' not in address.strip('@'):
        raise Invalid('An invitation needs an e-mail address.', {'email': 'Enter the e-mail address of this person.'})
    if position_id is not None:
        position = await work.get(Position, position_id)
        if not all(covers(work.actor.permissions, name) for name in position.permission_set):
            raise Denied(
                _('{position} may do more than you. You cannot give it with an invitation.', position=position.name)
            )
        await refuse_rise(work, position.priority, member_id)
    await refuse_above_own(work, member_id)
    for earlier in await _waiting(work, member_id):
        earlier.cancelled_at = work.now
    token = new_token()
    invitation = work.add(
        Invitation(
            token_hash=token_hash(token), member_id=member.id, email=address, position_id=position_id,
            expires_at=work.now + LIFE, invited_by_id=work.actor.account_id,
        )
    )  # fmt: skip
    await work.flush()
    expires_at = invitation.expires_at
    await work.emit(PersonInvited(member.id, address, member.name, work.actor.name, expires_at, token))
    return Invited(invitation.id, token, address, invitation.expires_at)


@service(MANAGE_ACCESS)
async def cancel_invitation(work: Work, invitation_id: UUID) -> Invitation:
    """Withdraw an invitation. Raises Conflict when it was accepted."""
    invitation = await work.get(Invitation, invitation_id)
    if invitation.accepted_at is not None:
        raise Conflict('This invitation was accepted already.')
    invitation.cancelled_at = invitation.cancelled_at or work.now
    return invitation


@query(MANAGE_ACCESS)
async def list_invitations(work: Work) -> list[InvitationRow]:
    """Return the invitations that were not accepted or withdrawn, the newest first."""
    statement = (
        select(Invitation, Member)
        .join(Member, col(Member.id) == Invitation.member_id)
        .where(col(Invitation.accepted_at).is_(None), col(Invitation.cancelled_at).is_(None))
        .order_by(col(Invitation.created_at).desc())
    )
    return [
        InvitationRow(
            row.id, member.id, member.name, row.email, row.created_at, row.expires_at, row.expires_at <= work.now
        )
        for row, member in await work.all(statement)
    ]


async def _waiting(work: Work, member_id: UUID) -> list[Invitation]:
    return await work.all(
        select(Invitation).where(
            Invitation.member_id == member_id,
            col(Invitation.accepted_at).is_(None),
            col(Invitation.cancelled_at).is_(None),
        )
    )


@query(PUBLIC)
async def read_invitation(work: Work, token: str) -> InvitationInfo:
    """Return what the page of an invitation shows. Raises NotFound when it has ended."""
    async with work.everywhere():
        invitation, member, organization = await _open_invitation(work, token)
        account = await work.first(select(Account.id).where(Account.email == invitation.email))
    about = (member.name, invitation.email, organization.name)
    return InvitationInfo(organization.name, member.name, invitation.email, account is not None, about)


async def _open_invitation(work: Work, token: str) -> tuple[Invitation, Member, Organization]:
    found = await work.first(
        select(Invitation, Member, Organization)
        .join(Member, col(Member.id) == Invitation.member_id)
        .join(Organization, col(Organization.id) == Invitation.organization_id)
        .where(Invitation.token_hash == token_hash(token))
    )
    if found is None:
        raise NotFound(OVER)
    invitation, member, organization = found
    is_open = invitation.accepted_at is None and invitation.cancelled_at is None and invitation.expires_at > work.now
    if not is_open or member.account_id is not None or member.status not in PRESENT or member.archived_at is not None:
        raise NotFound(OVER)
    return invitation, member, organization


async def accept_invitation(
    visitor: Actor, token: str, password: str, *, device: str | None = None, replaces: str | None = None
) -> SignIn:
    """Make the account of an invited person with the password he chose, and sign him in.

    Raises NotFound when the invitation has ended, Invalid with the reason at `password` (the link stays usable),
    Conflict when the address has an account already, TooMany.
    """
    await count_opening(visitor.using(None))
    info = await read_invitation(visitor.using(None), token)
    if info.has_account:
        raise Conflict(HAS_ACCOUNT)
    text = await vet_password(password, with_mfa=False, about=info.about)
    account_id = await redeem_invitation(visitor.using(None), token, await hash_password(text))
    account = await account_row(Actor.system(), account_id)
    return await go_on(visitor, account, 'password', device=device, replaces=replaces)


@service(PUBLIC)
async def count_opening(work: Work) -> None:
    """Count an attempt to use an invitation from this network. Raises TooMany."""
    await throttle.take_turn(work, work.actor.address, 'invitation')


@service(PUBLIC)
async def redeem_invitation(work: Work, token: str, hashed: str) -> UUID:
    """Use an invitation, once: makes the account of the member and returns its id. Raises NotFound, Conflict."""
    async with work.everywhere():
        invitation, member, organization = await _open_invitation(work, token)
        if await work.first(select(Account.id).where(Account.email == invitation.email)):
            raise Conflict(HAS_ACCOUNT)
    work.enter(organization.id)
    account = work.add(Account(email=invitation.email, name=member.name, last_organization_id=organization.id))
    await work.flush()
    await set_password(work, account.id, hashed)
    await _link(work, invitation, member, account.id)
    return account.id


@service(SIGNED_IN)
async def accept_as_myself(work: Work, token: str) -> UUID:
    """Accept an invitation with the account that is signed in; returns the organization, to switch to.

    Raises NotFound when the invitation has ended, Conflict when the account is a member there already.
    """
    account = await work.get(Account, work.actor.account_id)
    async with work.everywhere():
        invitation, member, organization = await _open_invitation(work, token)
        already = select(Member.id).where(
            Member.account_id == account.id, Member.organization_id == invitation.organization_id
        )
        if await work.first(already):
            raise Conflict(_('You belong to {department} already.', department=organization.name))
    async with work.inside(organization.id):
        await _link(work, invitation, member, account.id)
    return organization.id


async def _link(work: Work, invitation: Invitation, member: Member, account_id: UUID) -> None:
    member.account_id = account_id
    invitation.accepted_at = work.now
    await work.flush()
    await give_member_position(work, member.id)
    if invitation.position_id is not None:
        position = await work.get(Position, invitation.position_id)
        await give_member_position(work, member.id, position.name)
    await work.emit(InvitationAccepted(member.id, member.name, invitation.invited_by_id))


@service(SYSTEM)
async def make_account_by_command(work: Work, member_id: UUID, email: str, hashed: str) -> UUID:
    """Give a member an account from the command line, with a password that was vetted and hashed. Raises Conflict."""
    member = await work.get(Member, member_id)
    address = normal_email(email)
    if member.account_id is not None or await work.first(select(Account.id).where(Account.email == address)):
        raise Conflict('This person, or this e-mail address, has an account already.')
    account = work.add(Account(email=address, name=member.name, last_organization_id=work.organization_id))
    await work.flush()
    await set_password(work, account.id, hashed)
    member.account_id = account.id
    await give_member_position(work, member.id)
    return account.id

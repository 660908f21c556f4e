"""Addresses of a person from which mail comes back: shown to who keeps the file, and sent to again when he says so."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from data.identity import Account
from data.members import Member
from data.notifications import RefusedAddress
from logic import mail
from logic.core.errors import Conflict
from logic.core.service import service
from logic.core.work import Work
from logic.members.domain import VIEW
from logic.members.visibility import sight, visible_member


@dataclass(frozen=True, slots=True)
class Refused:
    """An address of a person to which nothing is sent any more, since a mail came back from it."""

    address: str
    reason: str
    since: datetime


async def refused_of(work: Work, member: Member) -> list[Refused]:
    """Return the addresses of a member from which mail came back. One statement."""
    rows = await work.all(select(RefusedAddress).where(refuses(member)))
    return list({row.address: Refused(row.address, row.reason, row.refused_at) for row in rows}.values())


def refuses(member: Member) -> sa.ColumnElement[bool]:
    """Return the condition under which a refused address is one of a member, or the one that he signs in with."""
    held = [address.lower() for address in (member.email, member.personal_email) if address]
    signing_in = select(col(Account.email)).where(col(Account.id) == member.account_id).scalar_subquery()
    his = sa.or_(col(RefusedAddress.address).in_(held), col(RefusedAddress.address) == signing_in)
    return sa.and_(mail.holds_mail_of(member.organization_id), his)


@service(VIEW)
async def release_address(work: Work, member_id: UUID, address: str) -> Member:
    """Send to an address of a person again. Raises Denied for who does not keep his file, Conflict for another address.

    The person himself changes his address; that it works again, who keeps the file has to say.
    """
    seen = await sight(work)
    member = await visible_member(work, member_id, seen)
    seen.require_edit(member)
    if address not in {one.address for one in await refused_of(work, member)}:
        raise Conflict('Mail to this address does not come back, or it is no address of this person any more.')
    await mail.release(work, address)
    work.record('Member', member.id, subject_id=member.id)
    return member


def goes_nowhere() -> Any:
    """Return the condition under which a refused address is one to which mail for a member goes; each counts once."""
    signs_in = select(col(Account.id)).where(col(Account.email) == col(RefusedAddress.address)).scalar_subquery()
    his = sa.or_(col(Member.email) == col(RefusedAddress.address), col(Member.account_id) == signs_in)
    ours, home = aliased(RefusedAddress), col(Member.organization_id)
    same = col(ours.address) == col(RefusedAddress.address)
    told_too = sa.exists().where(same, col(ours.organization_id) == home)
    by_server = sa.and_(col(RefusedAddress.organization_id).is_(None), ~told_too)
    return sa.and_(his, sa.or_(col(RefusedAddress.organization_id) == home, by_server))

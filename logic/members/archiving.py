"""Hiding a record from the directory, and bringing it back. A person is never deleted while a record needs him."""

from uuid import UUID

from data.members import Member, MemberStatus
from logic.core.errors import Conflict, Denied
from logic.core.service import service
from logic.core.work import Work
from logic.identity.positions import PositionsChanged
from logic.members.domain import ARCHIVE, MemberArchived, MemberReturned
from logic.members.job_changes import reports_from
from logic.members.statuses import settle
from logic.members.visibility import Sight, sight, visible_member


@service(ARCHIVE)
async def archive_member(work: Work, member_id: UUID, version: int | None = None) -> Member:
    """Hide a record. Raises Denied for one's own, Conflict while people report to it or for the last administrator."""
    seen = await sight(work)
    member = await visible_member(work, member_id, seen, version)
    await refuse_hiding(work, member, seen)
    await hide(work, member)
    await settle(work, member)
    return member


async def refuse_hiding(work: Work, member: Member, seen: Sight) -> None:
    """Raise Denied or Conflict unless a member may be archived; the last administrator is checked afterwards."""
    if seen.is_self(member.id):
        raise Denied('Nobody archives his own record. Ask another administrator.')
    if member.archived_at is not None:
        raise Conflict(f'{member.name} is archived already.')
    if people := await reports_from(work, member.id, seen.today):
        raise Conflict(f'{len(people)} people report to {member.name}. Give them another manager first.')


async def hide(work: Work, member: Member) -> None:
    """Archive a member and tell the other domains. Checks nothing."""
    member.archived_at = work.now
    await work.flush()
    await work.emit(MemberArchived(member.id, member.account_id))
    await work.emit(PositionsChanged(frozenset({member.id})))


@service(ARCHIVE)
async def restore_member(work: Work, member_id: UUID) -> Member:
    """Bring an archived record back. Raises Conflict for one that was merged or anonymised."""
    member = await visible_member(work, member_id, await sight(work))
    if member.merged_into_id is not None or member.anonymised_at is not None:
        raise Conflict('A record that was merged or anonymised does not come back.')
    if member.archived_at is None:
        return member
    member.archived_at = None
    await work.flush()
    if member.status is not MemberStatus.LEFT:
        await work.emit(MemberReturned(member.id, member.account_id))
    await work.emit(PositionsChanged(frozenset({member.id})))
    return member

"""What a person's membership went through: jobs, statuses and departures, read at once."""

from dataclasses import dataclass
from uuid import UUID

from logic.core.errors import Denied
from logic.core.language import _
from logic.core.service import query
from logic.core.work import Work
from logic.members.domain import VIEW
from logic.members.job_changes import JobRow, job_rows
from logic.members.leaving import DepartureRow, departure_rows
from logic.members.statuses import StatusRow, status_rows
from logic.members.visibility import Level, sight, visible_member


@dataclass(frozen=True, slots=True)
class MembershipHistory:
    """The history of a membership, the latest first in each."""

    jobs: list[JobRow]
    statuses: list[StatusRow]
    departures: list[DepartureRow]


@query(VIEW)
async def membership_history(work: Work, member_id: UUID) -> MembershipHistory:
    """Return the history of a person's membership. Raises Denied unless the file is the actor's to see, NotFound."""
    seen = await sight(work)
    member = await visible_member(work, member_id, seen)
    if not seen.sees(Level.FILE, member_id):
        raise Denied(_('You may not see the history of {name}. Those who may see files can.', name=member.name))
    return MembershipHistory(
        await job_rows(work, member_id, seen.today),
        await status_rows(work, member_id),
        await departure_rows(work, member_id),
    )

"""What a person's membership went through: jobs, statuses and departures, read at once."""

from dataclasses import dataclass
from uuid import UUID

from logic.core.service import query
from logic.core.work import Work
from logic.members.domain import VIEW
from logic.members.job_changes import JobRow, list_job_changes
from logic.members.leaving import DepartureRow, list_departures
from logic.members.statuses import StatusRow, list_status_changes


@dataclass(frozen=True, slots=True)
class MembershipHistory:
    """The history of a membership, the latest first in each."""

    jobs: list[JobRow]
    statuses: list[StatusRow]
    departures: list[DepartureRow]


@query(VIEW)
async def membership_history(work: Work, member_id: UUID) -> MembershipHistory:
    """Return the history of a person's membership. Raises Denied unless the file is the actor's to see, NotFound."""
    return MembershipHistory(
        await list_job_changes(work, member_id),
        await list_status_changes(work, member_id),
        await list_departures(work, member_id),
    )

"""A person's record as programs change it: profile and job data together, all or nothing."""

from datetime import date
from uuid import UUID

from logic.core.service import service
from logic.core.work import Work
from logic.members.domain import VIEW
from logic.members.inputs import JobInput, ProfileInput
from logic.members.job_changes import change_job
from logic.members.profile import update_member


@service(VIEW)
async def update_record(
    work: Work,
    member_id: UUID,
    profile: ProfileInput,
    job: JobInput,
    *,
    from_on: date | None = None,
    version: int | None = None,
) -> UUID:
    """Change the given fields of a person, job data from a day on (today), in one step; returns the person's id.

    Raises what `update_member` and `change_job` raise; then nothing is changed.
    """
    member = await update_member(work, member_id, profile, version)
    if job.model_fields_set:
        await change_job(work, member_id, job, from_on)
    return UUID(str(member.id))

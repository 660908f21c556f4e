"""The letter that somebody who leaves takes along: who he was here, and from when until when (rule 8)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from data.departments import Rank
from data.members import ChecklistItem, ChecklistKind
from data.organizations import Organization
from logic.core.service import query
from logic.core.work import Work
from logic.members.domain import VIEW
from logic.members.job_changes import row_at, rows_of
from logic.members.leaving import latest_departure, require_seeing_out
from logic.members.names import shown_phone
from logic.members.person import service_length
from logic.members.visibility import sight, visible_member


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter to somebody who leaves says. Why he leaves is no part of it."""

    department: str
    address: str
    phone: str
    written_on: date
    written_by: str
    name: str
    number: str
    role: str
    """Job title, else rank, on the last day; '' when neither is known."""
    joined_on: date | None
    last_on: date
    years: int
    months: int
    open_items: list[str]
    """What of the leaving checklist is required and not yet done."""


@query(VIEW)
async def leaving_letter(work: Work, member_id: UUID) -> Letter | None:
    """Return the letter of a departure that is planned or was carried out; None without one. Raises Denied."""
    seen = await sight(work)
    member = await visible_member(work, member_id, seen)
    require_seeing_out(seen, member)
    departure = await latest_departure(work, member)
    if departure is None:
        return None
    job = row_at(await rows_of(work, member_id), departure.last_on)
    rank = await work.find(Rank, job.rank_id) if job else None
    items = select(ChecklistItem.title).where(
        ChecklistItem.member_id == member_id, ChecklistItem.kind == ChecklistKind.LEAVING,
        col(ChecklistItem.done_at).is_(None), col(ChecklistItem.is_required),
    )  # fmt: skip
    organization = await work.get(Organization, work.organization_id)
    years, months = service_length(member.joined_on, departure.last_on)
    return Letter(
        organization.name, organization.address, shown_phone(organization.phone, ''), seen.today, work.actor.name,
        member.name, member.number, (job.title if job else '') or (rank.name if rank else ''), member.joined_on,
        departure.last_on, years, months, await work.all(items.order_by(col(ChecklistItem.order))),
    )  # fmt: skip

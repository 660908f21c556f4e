"""One person, as far as the viewer may see him; what is invisible is absent, and private data is opened on its own."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select

from data.custom_fields import PERSON, CustomField, CustomValue
from data.members import (
    Departure,
    EmploymentType,
    JobChange,
    LeaveOfAbsence,
    Member,
    MemberStatus,
)
from data.notifications import RefusedAddress
from logic.core.errors import Denied
from logic.core.language import _
from logic.core.listing import ListQuery
from logic.core.service import SIGNED_IN, query, service
from logic.core.work import Work
from logic.members.directory import COLUMNS, PAST, Label, MemberRow, member_row, narrowed, with_labels
from logic.members.domain import VIEW
from logic.members.inputs import CONTACT_FIELDS, FILE_FIELDS, PRIVATE_FIELDS
from logic.members.job_changes import said_reason
from logic.members.reaching import Refused, refused_of, refuses
from logic.members.visibility import Level, Sight, in_force, sight, visible_member


class PersonView(BaseModel):
    """A person for one viewer. A field that he may not see is not set: dump it with `exclude_unset=True`."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    id: UUID
    number: str
    former_number: str
    name: str
    first_name: str
    last_name: str
    preferred_name: str
    photo_file_id: UUID | None
    status: MemberStatus
    status_since_on: date
    joined_on: date | None
    left_on: date | None
    service_years: int
    service_months: int
    """Whole months beyond the whole years, by calendar (rule 5)."""
    employment_type: EmploymentType | None
    department: Label | None
    rank: Label | None
    membership_type: Label | None
    station: Label | None
    company_id: UUID | None
    manager: Label | None
    title: str
    positions: list[Label]
    tags: list[Label]
    custom: dict[UUID, str]
    reports_count: int
    away_until: date | None = None
    """The last day of a leave of absence that runs now, when it has one."""
    is_away: bool = False
    leaves_on: date | None = None
    """The last day of a planned departure; only for who sees the file or may change the status."""
    has_account: bool
    is_archived: bool
    is_anonymised: bool
    merged_into_id: UUID | None
    version: int
    phone_country: str = Field(exclude=True)
    """Where the department is: phone numbers are read as from there."""
    typed_country: str = Field(exclude=True)
    """The country of which a phone number is that somebody types here without `+`."""

    email: str = ''
    personal_email: str = ''
    phone: str = ''
    home_phone: str = ''
    hides_contacts: bool = False
    hides_email: bool = False
    hides_personal_email: bool = False
    hides_phones: bool = False
    refused: list[Refused] = Field(default_factory=list, exclude=True)
    """Addresses from which mail comes back; only for himself and for who keeps his file."""
    status_reason: str = ''
    work_pattern: str = ''
    probation_ends_on: date | None = None
    notice_days: int | None = None

    is_self: bool
    may_edit: bool
    may_change_status: bool
    sees_file: bool
    sees_private: bool
    """True: `view_private_data` may be called; the view is audited unless it is the viewer's own."""

    def shows(self, field: str) -> bool:
        """Say whether a field is visible to the viewer for whom this was made."""
        return field in self.model_fields_set


class PrivateData(BaseModel):
    """The private fields of a person."""

    model_config = ConfigDict(frozen=True)

    birth_on: date | None
    street: str
    city: str
    postcode: str
    region: str
    country: str
    notes: str
    custom: dict[UUID, str]
    """Private custom fields by the field's id."""


@query(VIEW)
async def get_member(work: Work, member_id: UUID) -> PersonView:
    """Return a person, with only what the viewer may see; ten statements at most. Raises NotFound."""
    seen = await sight(work)
    member = await visible_member(work, member_id, seen)
    return await view_of(work, member, seen)


async def view_of(work: Work, member: Member, seen: Sight) -> PersonView:
    """Make the view of a member for a viewer."""
    row, job = await _row(work, member, seen)
    years, months = service_length(member.joined_on, member.left_on or seen.today)
    fields: dict[str, Any] = {
        name: getattr(row, name) for name in PersonView.model_fields.keys() & set(MemberRow.__slots__) - CONTACT_FIELDS
    }
    for name in ('former_number', 'preferred_name', 'status_since_on', 'left_on', 'company_id', 'merged_into_id'):
        fields[name] = getattr(member, name)
    fields |= {'service_years': years, 'service_months': months, 'is_anonymised': member.anonymised_at is not None}
    fields['typed_country'] = member.country or seen.country
    standing = await _standing(work, member, seen.today)
    fields |= {'reports_count': standing.reports, 'is_away': standing.away_from is not None}
    fields['away_until'] = standing.away_until
    fields |= {name: getattr(member, name) or '' for name in seen.contacts(member)}
    if standing.refused and (seen.may_edit(member.id) or seen.is_self(member.id)):
        fields['refused'] = await refused_of(work, member)
    if seen.sees(Level.FILE, member.id):
        fields |= {name: getattr(member, name) for name in FILE_FIELDS}
        fields['status_reason'] = said_reason(member.status_reason)
        fields['work_pattern'] = job.work_pattern if job else ''
    if seen.sees(Level.FILE, member.id) or seen.may_change_status(member.id):
        fields['leaves_on'] = standing.leaves_on
    return PersonView(
        **fields,
        is_self=seen.is_self(member.id),
        may_edit=seen.may_edit(member.id),
        may_change_status=seen.may_change_status(member.id),
        sees_file=seen.sees(Level.FILE, member.id),
        sees_private=seen.sees(Level.PRIVATE, member.id),
    )


async def _row(work: Work, member: Member, seen: Sight) -> tuple[MemberRow, JobChange | None]:
    columns = (*COLUMNS, JobChange)
    statement = narrowed(seen, ListQuery(), columns, everybody=True).where(Member.id == member.id)
    found = await work.first(statement)
    return (await with_labels(work, [member_row(seen, found)], seen.today))[0], found.JobChange


async def _standing(work: Work, member: Member, today: date) -> Any:
    """Return how many report to a member, his absence, his last day when one is planned, whether mail comes back."""
    ours, member_id = work.organization_id, member.id
    reports = (
        select(sa.func.count())
        .select_from(JobChange)
        .join(Member, col(Member.id) == JobChange.member_id)
        .where(JobChange.organization_id == ours, JobChange.manager_id == member_id, in_force(today))
        .where(col(Member.status).not_in(PAST), col(Member.archived_at).is_(None))
    )
    away = (
        LeaveOfAbsence.organization_id == ours, LeaveOfAbsence.member_id == member_id,
        LeaveOfAbsence.from_on <= today,
        sa.or_(col(LeaveOfAbsence.until_on).is_(None), col(LeaveOfAbsence.until_on) >= today),
    )  # fmt: skip
    leaves = select(col(Departure.last_on)).where(Departure.organization_id == ours, Departure.member_id == member_id)
    leaves = leaves.where(col(Departure.cancelled_at).is_(None), col(Departure.completed_at).is_(None))

    def first(column: Any) -> Any:
        ordered = select(column).where(*away).order_by(col(LeaveOfAbsence.from_on), col(LeaveOfAbsence.id))
        return ordered.limit(1).scalar_subquery()

    return await work.first(
        sa.select(
            reports.scalar_subquery().label('reports'),
            first(LeaveOfAbsence.from_on).label('away_from'),
            first(LeaveOfAbsence.until_on).label('away_until'),
            leaves.limit(1).scalar_subquery().label('leaves_on'),
            sa.exists(select(RefusedAddress.id).where(refuses(member))).label('refused'),
        )
    )


@service(SIGNED_IN)
async def view_private_data(work: Work, member_id: UUID) -> PrivateData:
    """Return a person's private fields. The view of another is audited (spec of identity, rule 5). Raises Denied."""
    seen = await sight(work)
    member = await visible_member(work, member_id, seen)
    require_private(work, seen, member, 'profile')
    valued = (
        sa.select(col(CustomValue.field_id), col(CustomValue.value))
        .join(CustomField, col(CustomField.id) == CustomValue.field_id)
        .where(
            col(CustomValue.record) == PERSON,
            col(CustomValue.record_id) == member_id,
            col(CustomField.is_private).is_(True),
        )
    )
    custom = dict(await work.all(valued))
    return PrivateData(**{name: getattr(member, name) for name in PRIVATE_FIELDS}, custom=custom)


def require_private(work: Work, seen: Sight, member: Member, what: str) -> None:
    """Raise Denied unless the viewer may see private data of a member; audit the view of another person."""
    if not seen.sees(Level.PRIVATE, member.id):
        raise Denied(
            _('You may not see private data of {name}. Those with the right to private data can.', name=member.name)
        )
    if not seen.is_self(member.id):
        work.record('Member', member.id, action='members.view_private', subject_id=member.id, what=what)


def service_length(joined_on: date | None, until_on: date) -> tuple[int, int]:
    """Return whole years and months of service by calendar (rule 5 of the members' spec)."""
    if joined_on is None or until_on < joined_on:
        return 0, 0
    length = relativedelta(until_on, joined_on)
    return length.years, length.months

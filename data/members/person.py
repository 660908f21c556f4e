"""A member, and the dated rows that say where he stands: status, job, engagement, leave of absence, departure."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from data.core import Audited, Model, Scoped, choice, day, identifier, instant, reference, text
from data.later import Labelled


class MemberStatus(Labelled):
    """The life cycle of a membership."""

    PROBATIONARY = 'probationary'
    ACTIVE = 'active'
    INACTIVE = 'inactive'
    ON_LEAVE = 'on_leave'
    SUSPENDED = 'suspended'
    RETIRED = 'retired'
    LEFT = 'left'


class EmploymentType(Labelled):
    """How somebody is engaged."""

    FULL_TIME = 'full_time'
    PART_TIME = 'part_time'
    VOLUNTEER = 'volunteer'
    CONTRACTOR = 'contractor'
    TEMPORARY = 'temporary'


class Member(Audited, Scoped, Model, table=True):
    """A person in one organization; the account is optional. Job data is in JobChange, by date."""

    __table_args__ = (
        UniqueConstraint('organization_id', 'number'),
        UniqueConstraint('organization_id', 'email'),
        UniqueConstraint('organization_id', 'account_id'),
        Index(None, 'organization_id', 'archived_at', 'sort_name'),
        Index(None, 'organization_id', 'status', 'sort_name'),
        Index(None, 'organization_id', 'joined_on'),
    )
    audit_personal: ClassVar[frozenset[str]] = frozenset(
        {'first_name', 'last_name', 'preferred_name', 'email', 'personal_email', 'phone', 'home_phone', 'birth_on',
         'street', 'city', 'postcode', 'region', 'country', 'notes', 'status_reason', 'number', 'former_number'}
    )  # fmt: skip
    audit_private: ClassVar[frozenset[str]] = frozenset(
        {'birth_on', 'street', 'city', 'postcode', 'region', 'country', 'notes'}
    )
    audit_silent: ClassVar[frozenset[str]] = frozenset({'search', 'sort_name', 'contact_search'})
    audit_subject: ClassVar[str | None] = 'id'

    number: str = text(20)
    former_number: str = text(200, default='')
    """Earlier numbers, the newest first, separated by spaces."""
    first_name: str = text(80, default='')
    last_name: str = text(80, default='')
    preferred_name: str = text(80, default='')
    photo_file_id: UUID | None = Field(default=None, sa_type=identifier())
    email: str | None = text(254, default=None)
    """Normalised; unique in the organization, and unset rather than empty."""
    personal_email: str = text(254, default='')
    phone: str = text(20, default='')
    """E.164."""
    home_phone: str = text(20, default='')
    street: str = text(200, default='')
    city: str = text(80, default='')
    postcode: str = text(20, default='')
    region: str = text(80, default='')
    country: str = text(2, default='')
    birth_on: date | None = day(default=None)
    joined_on: date | None = day(default=None)
    left_on: date | None = day(default=None)
    status: MemberStatus = choice(MemberStatus, default=MemberStatus.ACTIVE)
    status_since_on: date = day()
    status_reason: str = text(300, default='')
    membership_type_id: UUID | None = reference('membership_type.id', default=None)
    company_id: UUID | None = reference('company.id', default=None)
    station_id: UUID | None = reference('station.id', default=None)
    employment_type: EmploymentType | None = choice(EmploymentType, default=None)
    probation_ends_on: date | None = day(default=None)
    notice_days: int | None = None
    notes: str = text(4000, default='')
    hides_contacts: bool = False
    """All of them. The person's own wish, as the next three are; the department's switch comes first."""
    hides_email: bool = Field(default=False, sa_column_kwargs={'server_default': sa.false()})
    hides_personal_email: bool = Field(default=False, sa_column_kwargs={'server_default': sa.false()})
    hides_phones: bool = Field(default=False, sa_column_kwargs={'server_default': sa.false()})
    account_id: UUID | None = reference('account.id', default=None)
    archived_at: datetime | None = instant(default=None)
    anonymised_at: datetime | None = instant(default=None)
    merged_into_id: UUID | None = reference('member.id', default=None)
    is_demo: bool = False
    sort_name: str = text(170, default='')
    """Last name, first name, folded: the order of lists."""
    search: str = text(500, default='')
    """Names and numbers, folded: what the quick search looks into."""
    contact_search: str = text(700, default='')
    """Mail addresses and phone digits: looked into only for those who may see them."""

    @property
    def name(self) -> str:
        """The name by which the person is called."""
        return ' '.join(part for part in (self.preferred_name or self.first_name, self.last_name) if part)


class StatusChange(Audited, Scoped, Model, table=True):
    """A dated move from one status to another, with its reason."""

    __table_args__ = (Index(None, 'organization_id', 'member_id', 'on'),)
    audit_personal: ClassVar[frozenset[str]] = frozenset({'reason'})
    audit_subject: ClassVar[str | None] = 'member_id'

    member_id: UUID = reference('member.id')
    on: date = day()
    before: MemberStatus | None = choice(MemberStatus, default=None)
    after: MemberStatus = choice(MemberStatus)
    reason: str = text(300, default='')
    by_account_id: UUID | None = reference('account.id', default=None)


class JobChange(Audited, Scoped, Model, table=True):
    """Where a member works, from a day on: one row is in force on any day, and a future row waits for its day."""

    __table_args__ = (
        UniqueConstraint('organization_id', 'member_id', 'from_on'),
        Index(None, 'organization_id', 'from_on', 'until_on'),
    )
    audit_personal: ClassVar[frozenset[str]] = frozenset({'reason'})
    audit_subject: ClassVar[str | None] = 'member_id'

    member_id: UUID = reference('member.id')
    from_on: date = day()
    until_on: date | None = day(default=None)
    """The first day on which the next row is in force; None for the last row."""
    department_id: UUID | None = reference('department.id', default=None)
    manager_id: UUID | None = reference('member.id', default=None)
    rank_id: UUID | None = reference('rank.id', default=None)
    title: str = text(100, default='')
    work_pattern: str = text(100, default='')
    reason: str = text(300, default='')


class DepartmentHead(Audited, Scoped, Model, table=True):
    """Who leads a department, or stands in."""

    __table_args__ = (UniqueConstraint('organization_id', 'department_id', 'is_stand_in'),)

    department_id: UUID = reference('department.id')
    member_id: UUID = reference('member.id')
    is_stand_in: bool = False


class DifferentPeople(Audited, Scoped, Model, table=True):
    """Two records look like one person, and are of two, as somebody said; the lower id stands first."""

    __table_args__ = (UniqueConstraint('organization_id', 'first_id', 'second_id'),)

    first_id: UUID = reference('member.id')
    second_id: UUID = reference('member.id')


class Engagement(Audited, Scoped, Model, table=True):
    """A contract or other engagement, from a day to a day."""

    audit_personal: ClassVar[frozenset[str]] = frozenset({'title', 'terms'})
    audit_subject: ClassVar[str | None] = 'member_id'

    member_id: UUID = reference('member.id')
    from_on: date = day()
    until_on: date | None = day(default=None)
    title: str = text(100)
    company_id: UUID | None = reference('company.id', default=None)
    terms: str = text(2000, default='')
    document_id: UUID | None = reference('member_document.id', default=None)


class LeaveOfAbsence(Audited, Scoped, Model, table=True):
    """A longer absence: it blocks shifts and pauses requirements while it lasts."""

    audit_personal: ClassVar[frozenset[str]] = frozenset({'kind', 'note'})
    audit_subject: ClassVar[str | None] = 'member_id'

    member_id: UUID = reference('member.id')
    kind: str = text(60)
    from_on: date = day()
    until_on: date | None = day(default=None)
    """The last day; None while it is open."""
    note: str = text(500, default='')
    granted_by_id: UUID | None = reference('account.id', default=None)


class Departure(Audited, Scoped, Model, table=True):
    """Somebody leaves: why, and the last day, inclusive in the zone of his work."""

    audit_personal: ClassVar[frozenset[str]] = frozenset({'reason'})
    audit_subject: ClassVar[str | None] = 'member_id'

    member_id: UUID = reference('member.id')
    reason: str = text(300, default='')
    is_voluntary: bool = True
    last_on: date = day()
    reports_to_id: UUID | None = reference('member.id', default=None)
    """Who takes over those who report to him."""
    cancelled_at: datetime | None = instant(default=None)
    completed_at: datetime | None = instant(default=None)

"""The units of an organization, the places where it works, its ranks and kinds of standing."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import UniqueConstraint

from data.core import Audited, Model, Scoped, instant, reference, text


class Department(Audited, Scoped, Model, table=True):
    """A unit; units form a tree without circles."""

    __table_args__ = (UniqueConstraint('organization_id', 'name'),)

    name: str = text(80)
    code: str = text(20, default='')
    parent_id: UUID | None = reference('department.id', default=None)
    company_id: UUID | None = reference('company.id', default=None)
    cost_centre: str = text(40, default='')
    minimum_staffing: int = 0
    archived_at: datetime | None = instant(default=None)


class Station(Audited, Scoped, Model, table=True):
    """A place where people work; its zone decides what a day is there."""

    __table_args__ = (UniqueConstraint('organization_id', 'name'),)

    name: str = text(80)
    address: str = text(300, default='')
    zone: str = text(60, default='')
    """IANA name; empty for the organization's."""
    archived_at: datetime | None = instant(default=None)


class Rank(Audited, Scoped, Model, table=True):
    """An operational grade; it decides seats, never permissions."""

    __table_args__ = (UniqueConstraint('organization_id', 'name'),)

    code: str = text(20, default='')
    name: str = text(80)
    order: int = 0
    """Higher is more senior."""
    seats: str = text(300, default='')
    """The seats that this rank may fill, separated by commas."""
    archived_at: datetime | None = instant(default=None)


class MembershipType(Audited, Scoped, Model, table=True):
    """A kind of standing; it decides votes, dues and shift eligibility."""

    __table_args__ = (UniqueConstraint('organization_id', 'name'),)
    audit_subject: ClassVar[str | None] = None

    name: str = text(80)
    may_vote: bool = True
    may_hold_office: bool = True
    may_take_shifts: bool = True
    pays_dues: bool = False
    archived_at: datetime | None = instant(default=None)

"""The tenants: organizations, and the legal employers inside them."""

from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer
from sqlalchemy import UniqueConstraint
from sqlmodel import Field as Column

from data.core import Audited, Model, Scoped, choice, identifier, text, typed_json
from data.later import later


class OrganizationKind(StrEnum):
    """What kind of department it is; decides the seeds and presets."""

    FIRE = 'fire'
    EMS = 'ems'
    COMBINED = 'combined'
    CLINIC = 'clinic'
    MUNICIPAL = 'municipal'
    OTHER = 'other'

    @property
    def label(self) -> str:
        """As a person reads it."""
        return KIND_LABELS[self]


KIND_LABELS: dict[OrganizationKind, str] = {
    OrganizationKind.FIRE: later('Fire department'), OrganizationKind.EMS: later('EMS or rescue squad'),
    OrganizationKind.COMBINED: later('Fire and EMS'), OrganizationKind.CLINIC: later('Clinic or practice'),
    OrganizationKind.MUNICIPAL: later('Town office'), OrganizationKind.OTHER: later('Something else'),
}  # fmt: skip


class Registration(StrEnum):
    """Who may make another department on this installation."""

    CLOSED = 'closed'
    INVITATION = 'invitation'
    OPEN = 'open'

    @property
    def label(self) -> str:
        """As a person reads it."""
        return REGISTRATION_LABELS[self]


REGISTRATION_LABELS: dict[Registration, str] = {
    Registration.CLOSED: later('Nobody'), Registration.INVITATION: later('We, and whom we invite'),
    Registration.OPEN: later('Everybody who has an e-mail address'),
}  # fmt: skip


class PeerContact(StrEnum):
    """A kind of contact data that colleagues may see of each other; a switch `hides_...` of each person is for one."""

    EMAIL = 'email'
    PHONES = 'phones'
    PERSONAL_EMAIL = 'personal_email'

    @property
    def label(self) -> str:
        """As a person reads it."""
        return PEER_LABELS[self]


PEER_LABELS: dict[PeerContact, str] = {
    PeerContact.EMAIL: later('E-mail'), PeerContact.PHONES: later('Phone numbers'),
    PeerContact.PERSONAL_EMAIL: later('Personal e-mail'),
}  # fmt: skip


SORTED = PlainSerializer(sorted, return_type=list[str], when_used='json')
"""Stored in one order, so that what did not change is written alike."""
Names = Annotated[frozenset[str], SORTED]


class OrganizationSettings(BaseModel):
    """What an organization decided, beside its columns; what it no longer knows of what was stored is left out."""

    model_config = ConfigDict(frozen=True)

    modules_off: Names = frozenset()
    setup_open: bool = False
    """Its owner has still to answer the last screen of the first run."""
    show_peer_contacts: Annotated[frozenset[PeerContact], SORTED] = frozenset()
    require_mfa: bool = False
    require_mfa_for_administrators: bool = True
    member_number_prefix: str = Field(default='', max_length=10)
    member_number_digits: int = Field(default=4, ge=1, le=8)
    requests_per_minute: int = Field(default=300, ge=10, le=10_000)
    checklist_hidden: bool = False
    anchor_mail: tuple[str, ...] = ()
    audit_years: int = Field(default=0, ge=0, le=100)
    import_mapping: dict[str, str] = Field(default_factory=dict)
    backup_folder: str = ''
    backup_keep_days: int = Field(default=14, ge=1, le=3650)
    backup_hourly: bool = True
    registration: Registration = Registration.CLOSED
    """Of the first department alone: it decides for the installation."""
    recovery_kept: str = Field(default='', max_length=32)
    """Names the keys whose recovery sheet somebody keeps; it tells nothing of them."""
    seeded: Names = frozenset(
        {'members', 'departments', 'identity', 'organizations', 'audit', 'backup', 'status', 'mail'}
    )
    """The domains whose rights its built-in positions have been given; those of the first release, unless said."""


class Organization(Audited, Model, table=True):
    """A department: the owner of its members, records and settings."""

    name: str = text(120)
    slug: str = text(60, unique=True)
    kind: OrganizationKind = choice(OrganizationKind)
    zone: str = text(60)
    locale: str = text(20, default='en')
    country: str = text(2, default='')
    currency: str = text(3, default='USD')
    address: str = text(300, default='')
    phone: str = text(32, default='')
    people_word: str = text(20, default='Members')
    brand_colour: str = text(7, default='')
    logo_file_id: UUID | None = Column(default=None, sa_type=identifier())
    settings: OrganizationSettings = typed_json(OrganizationSettings, default_factory=OrganizationSettings)
    is_demo: bool = False


class Company(Audited, Scoped, Model, table=True):
    """A legal employer inside an organization; shown only when there are two."""

    __table_args__ = (UniqueConstraint('organization_id', 'name'),)
    audit_secret: ClassVar[frozenset[str]] = frozenset()

    name: str = text(120)
    address: str = text(300, default='')
    tax_id: str = text(40, default='')
    is_archived: bool = False

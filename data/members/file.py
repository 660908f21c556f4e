"""What a person's file holds beside the person: contacts, history, cards, documents, protected numbers."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index

from data.core import Audited, Model, Scoped, binary, choice, day, instant, reference, text
from data.later import Labelled, later

_SUBJECT = 'member_id'


class EmergencyContact(Audited, Scoped, Model, table=True):
    """Whom to call, in order."""

    audit_personal: ClassVar[frozenset[str]] = frozenset({'name', 'relation', 'phone', 'note'})
    audit_private: ClassVar[frozenset[str]] = audit_personal
    audit_subject: ClassVar[str | None] = _SUBJECT

    member_id: UUID = reference('member.id')
    order: int = 0
    name: str = text(120)
    relation: str = text(60, default='')
    phone: str = text(20, default='')
    note: str = text(300, default='')


class Dependant(Audited, Scoped, Model, table=True):
    """Somebody who depends on the person."""

    audit_personal: ClassVar[frozenset[str]] = frozenset({'name', 'relation', 'birth_on'})
    audit_private: ClassVar[frozenset[str]] = audit_personal
    audit_subject: ClassVar[str | None] = _SUBJECT

    member_id: UUID = reference('member.id')
    name: str = text(120)
    relation: str = text(60, default='')
    birth_on: date | None = day(default=None)


class Education(Audited, Scoped, Model, table=True):
    """A school or course of study."""

    audit_personal: ClassVar[frozenset[str]] = frozenset({'school', 'degree', 'subject'})
    audit_subject: ClassVar[str | None] = _SUBJECT

    member_id: UUID = reference('member.id')
    school: str = text(120)
    degree: str = text(120, default='')
    subject: str = text(120, default='')
    from_on: date | None = day(default=None)
    until_on: date | None = day(default=None)


class Experience(Audited, Scoped, Model, table=True):
    """Work done elsewhere."""

    audit_personal: ClassVar[frozenset[str]] = frozenset({'employer', 'title', 'note'})
    audit_subject: ClassVar[str | None] = _SUBJECT

    member_id: UUID = reference('member.id')
    employer: str = text(120)
    title: str = text(120, default='')
    from_on: date | None = day(default=None)
    until_on: date | None = day(default=None)
    note: str = text(500, default='')


class SkillLevel(Labelled):
    """How well somebody can do a thing."""

    BASIC = 'basic'
    GOOD = 'good'
    EXPERT = 'expert'

    @property
    def label(self) -> str:
        """As a person reads it."""
        return later(self.value.capitalize(), meaning='a level')


class Skill(Audited, Scoped, Model, table=True):
    """Something a person can do."""

    audit_subject: ClassVar[str | None] = _SUBJECT

    member_id: UUID = reference('member.id')
    name: str = text(80)
    level: SkillLevel = choice(SkillLevel, default=SkillLevel.GOOD)


class MemberLanguage(Audited, Scoped, Model, table=True):
    """A language that a person speaks."""

    audit_subject: ClassVar[str | None] = _SUBJECT

    member_id: UUID = reference('member.id')
    language: str = text(40)
    level: SkillLevel = choice(SkillLevel, default=SkillLevel.GOOD)


class Licence(Audited, Scoped, Model, table=True):
    """A licence or card with a number; a renewal supersedes it."""

    __table_args__ = (Index(None, 'organization_id', 'expires_on'),)
    audit_personal: ClassVar[frozenset[str]] = frozenset({'licence_number'})
    audit_subject: ClassVar[str | None] = _SUBJECT

    member_id: UUID = reference('member.id')
    kind: str = text(80)
    licence_number: str = text(60, default='')
    issuer: str = text(120, default='')
    issued_on: date | None = day(default=None)
    expires_on: date | None = day(default=None)
    superseded_by_id: UUID | None = reference('licence.id', default=None)


class MemberDocument(Audited, Scoped, Model, table=True):
    """A paper in a person's file; a renewal supersedes it."""

    __table_args__ = (Index(None, 'organization_id', 'expires_on'),)
    audit_personal: ClassVar[frozenset[str]] = frozenset({'title'})
    audit_subject: ClassVar[str | None] = _SUBJECT

    member_id: UUID = reference('member.id')
    category: str = text(60)
    title: str = text(160)
    file_id: UUID | None = reference('stored_file.id', default=None)
    issued_on: date | None = day(default=None)
    expires_on: date | None = day(default=None)
    superseded_by_id: UUID | None = reference('member_document.id', default=None)
    deleted_at: datetime | None = instant(default=None)


class ProtectedKind(Labelled):
    """What kind of protected number it is."""

    BANK_ACCOUNT = 'bank_account'
    NATIONAL_ID = 'national_id'
    TAX_ID = 'tax_id'

    @property
    def label(self) -> str:
        """As a person reads it."""
        return later('Tax number') if self is ProtectedKind.TAX_ID else super().label


class ProtectedNumber(Audited, Scoped, Model, table=True):
    """A bank account or identity number: encrypted, shown masked."""

    audit_secret: ClassVar[frozenset[str]] = frozenset({'value', 'last_digits'})
    audit_subject: ClassVar[str | None] = _SUBJECT

    member_id: UUID = reference('member.id')
    kind: ProtectedKind = choice(ProtectedKind)
    label: str = text(80, default='')
    value: bytes = binary()
    last_digits: str = text(4, default='')


class ProfileChangeStatus(Labelled):
    """Where a wished change stands."""

    PENDING = 'pending'
    APPROVED = 'approved'
    DECLINED = 'declined'
    WITHDRAWN = 'withdrawn'


class ProfileChange(Audited, Scoped, Model, table=True):
    """What the person asks to change in his own file."""

    __table_args__ = (Index(None, 'organization_id', 'status', 'created_at'),)
    audit_secret: ClassVar[frozenset[str]] = frozenset({'before', 'after'})
    audit_subject: ClassVar[str | None] = _SUBJECT

    member_id: UUID = reference('member.id')
    field: str = text(60)
    before: bytes = binary(default=b'')
    """Encrypted, for it may be a bank account."""
    after: bytes = binary()
    status: ProfileChangeStatus = choice(ProfileChangeStatus, default=ProfileChangeStatus.PENDING)
    reason: str = text(300, default='')
    answer: str = text(300, default='')
    requested_by_id: UUID | None = reference('account.id', default=None)
    decided_by_id: UUID | None = reference('account.id', default=None)
    decided_at: datetime | None = instant(default=None)


class Tag(Audited, Scoped, Model, table=True):
    """A word that groups records."""

    __table_args__ = (Index(None, 'organization_id', 'record', 'name', unique=True),)

    record: str = text(40, default='Member')
    name: str = text(40)
    colour: str = text(20, default='')


class MemberTag(Audited, Scoped, Model, table=True):
    """A member carries a tag."""

    __table_args__ = (Index(None, 'organization_id', 'member_id', 'tag_id', unique=True),)
    audit_subject: ClassVar[str | None] = _SUBJECT

    member_id: UUID = reference('member.id')
    tag_id: UUID = reference('tag.id')

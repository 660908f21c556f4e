"""Fields that the department added to its records of any kind, and their values."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from data.core import Audited, FieldOf, Model, Scoped, choice, identifier, instant, long_text, reference, text
from data.later import Labelled, later

PERSON = 'Member'
"""The kind of records whose values identify somebody."""
FIELD = 'field:'
"""Before the id of a field, wherever a name says which field is meant: in filters, columns, and the audit log."""


class FieldKind(Labelled):
    """What a custom field holds."""

    TEXT = 'text'
    NUMBER = 'number'
    DATE = 'date'
    CHOICE = 'choice'
    YES_NO = 'yes_no'

    @property
    def label(self) -> str:
        """As a person reads it."""
        return later('Yes or no') if self is FieldKind.YES_NO else super().label


class CustomField(Audited, Scoped, Model, table=True):
    """A field that the department added to its records of one kind."""

    __table_args__ = (Index(None, 'organization_id', 'record', 'order'),)

    record: str = text(40)
    """The kind of the records that have it."""
    name: str = text(80)
    kind: FieldKind = choice(FieldKind)
    options: str = long_text(default='')
    """For a choice: one option a line."""
    order: int = 0
    is_private: bool = False
    archived_at: datetime | None = instant(default=None)


class CustomValue(Audited, Scoped, Model, table=True):
    """The value of a custom field on one record, as text in its normal form."""

    __table_args__ = (Index(None, 'organization_id', 'record', 'record_id', 'field_id', unique=True),)
    audit_personal: ClassVar[frozenset[str]] = frozenset({'value'})
    audit_private: ClassVar[frozenset[str]] = audit_personal
    audit_subject: ClassVar[str | None] = 'record_id'

    field_id: UUID = reference('custom_field.id')
    record: str = text(40)
    record_id: UUID = Field(sa_type=identifier())
    value: str = text(500)

    def audit_as(self) -> FieldOf | None:
        """A person's values stay erasable, in entries about him; those of all else are fields of their record."""
        if self.record == PERSON:
            return None
        return FieldOf(self.record, self.record_id, f'{FIELD}{self.field_id}', 'value')

"""Files that hang on a record: what each is called, and its versions, none of which is overwritten."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from data.core import Audited, Model, Scoped, identifier, instant, reference, text


class Attachment(Audited, Scoped, Model, table=True):
    """One file on a record, in its newest version."""

    __table_args__ = (Index(None, 'organization_id', 'record', 'record_id'), Index(None, 'removed_at'))
    audit_personal: ClassVar[frozenset[str]] = frozenset({'name'})

    record: str = text(40)
    record_id: UUID = Field(sa_type=identifier())
    name: str = text(200)
    number: int = 1
    """Of its newest version."""
    by_account_id: UUID | None = reference('account.id', default=None)
    removed_at: datetime | None = instant(default=None)
    """Since when it lies in the bin."""


class AttachmentVersion(Audited, Scoped, Model, table=True):
    """One version of a file on a record."""

    __table_args__ = (UniqueConstraint('attachment_id', 'number'),)

    attachment_id: UUID = reference('attachment.id', index=False)
    number: int
    file_id: UUID = reference('stored_file.id', unique=True, index=False)
    preview_id: UUID | None = reference('stored_file.id', default=None)
    """A small picture of it."""
    by_account_id: UUID | None = reference('account.id', default=None)

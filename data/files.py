"""Stored files: what they are called and what they are; their bytes lie in the object store under random names."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlmodel import Field

from data.core import Audited, Model, Scoped, identifier, instant, reference, text


class StoredFile(Audited, Scoped, Model, table=True):
    """One file: its user name is only metadata, its type was found by content."""

    audit_personal: ClassVar[frozenset[str]] = frozenset({'name'})

    name: str = text(200)
    media_type: str = text(100)
    size: int
    sha256: str = text(64)
    object_name: str = text(80, unique=True)
    owner_type: str = text(60, default='')
    owner_id: UUID | None = Field(default=None, sa_type=identifier(), index=True)
    by_account_id: UUID | None = reference('account.id', default=None)
    deleted_at: datetime | None = instant(default=None)


class FileState(Scoped, Model, table=True):
    """How the bytes of a file do; without a row they are in the store, and nothing is known against them."""

    file_id: UUID = reference('stored_file.id', unique=True)
    is_spooled: bool = Field(default=False, index=True)
    """They wait on the computer that took them, until the store answers."""
    proved_at: datetime | None = instant(default=None)
    """When they were last read and compared with their hash."""
    fault: str = text(200, default='')
    """Why they are not what they were, in words."""

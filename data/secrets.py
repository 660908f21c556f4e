"""The data keys: each wrapped by the master key, which is never in the database."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from data.core import binary, identifier, instant, new_id, text

INSTANCE = 'instance'


class DataKey(SQLModel, table=True):
    """A key that seals values of one organization, or of the installation, for one purpose."""

    __tablename__ = 'data_key'
    __table_args__ = (UniqueConstraint('scope', 'purpose', 'number'),)

    id: UUID = Field(default_factory=new_id, primary_key=True, sa_type=identifier())
    scope: str = text(32)
    """The organization's id in hex, or `instance`: a nullable column would not be unique."""
    purpose: str = text(40)
    number: int
    wrapped: bytes = binary()
    kek_id: str = text(16)
    messages: int = Field(default=0, sa_type=BigInteger)
    """How many values were sealed with it; a random nonce must not be drawn too often under one key."""
    created_at: datetime = instant()
    retired_at: datetime | None = instant(default=None)

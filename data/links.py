"""Records that belong together, whichever of the two one looks from."""

from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from data.core import Audited, Model, Scoped, identifier, text


class RecordLink(Scoped, Audited, Model, table=True):
    """A link between two records; the one that sorts first stands first, so that each pair is stored once."""

    __table_args__ = (
        UniqueConstraint('organization_id', 'record', 'record_id', 'other', 'other_id'),
        Index(None, 'organization_id', 'other', 'other_id'),
    )

    record: str = text(40)
    record_id: UUID = Field(sa_type=identifier())
    other: str = text(40)
    other_id: UUID = Field(sa_type=identifier())

"""Comments on records, what they said before, and texts that somebody has begun and not sent."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from data.core import Audited, Model, Scoped, binary, identifier, instant, long_text, reference, text


class Comment(Scoped, Audited, Model, table=True):
    """What somebody said about a record. A deleted one keeps its place, and its words for as long as it may return."""

    __table_args__ = (Index(None, 'organization_id', 'record', 'record_id', 'created_at'),)
    audit_personal: ClassVar[frozenset[str]] = frozenset({'body'})
    audit_private: ClassVar[frozenset[str]] = frozenset({'body'})
    audit_silent: ClassVar[frozenset[str]] = frozenset({'author_name', 'deleted_by'})
    """Names that nobody could erase from the log, which says by id whose comment it is and who acts."""
    audit_subject: ClassVar[str | None] = 'author_id'

    record: str = text(40)
    record_id: UUID = Field(sa_type=identifier())
    author_id: UUID | None = reference('member.id', default=None)
    author_name: str = text(200)
    """As it was then: for a key or a program that is no person, and for who is gone."""
    body: str = long_text()
    """Cleaned rich text; empty once a deleted comment cannot return any more."""
    edited_at: datetime | None = instant(default=None)
    deleted_at: datetime | None = instant(default=None)
    deleted_by: str = text(200, default='')


class CommentVersion(Scoped, Model, table=True):
    """What a comment said before it was edited."""

    comment_id: UUID = reference('comment.id')
    body: str = long_text()
    written_at: datetime = instant()


class Draft(Scoped, Model, table=True):
    """What an account has typed in one place, kept until it is sent or thrown away."""

    __table_args__ = (UniqueConstraint('organization_id', 'account_id', 'place'),)

    account_id: UUID = reference('account.id')
    place: str = text(120)
    body: bytes = binary()
    """Sealed."""
    people: str | None = long_text(default=None)
    """Who is named in it, by blind indexes in hexadecimal; None for what was begun before these were kept."""

"""Notices in the bell, and mail that waits to be sent."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from data.core import Model, Scoped, binary, choice, identifier, instant, reference, text


class Notice(Scoped, Model, table=True):
    """Something a person should know, in his bell."""

    __table_args__ = (
        UniqueConstraint('organization_id', 'account_id', 'unique_key'),
        Index(None, 'account_id', 'organization_id', 'read_at', 'created_at'),
    )

    account_id: UUID = reference('account.id', index=False)
    kind: str = text(60)
    title: str = text(200)
    body: str = text(500, default='')
    link: str = text(300, default='')
    object_type: str = text(60, default='')
    object_id: UUID | None = Field(default=None, sa_type=identifier())
    unique_key: str | None = text(190, default=None)
    """Names a scheduled notice by record, kind and level: it comes once."""
    read_at: datetime | None = instant(default=None)


class MailStatus(StrEnum):
    """Where a mail stands."""

    QUEUED = 'queued'
    SENT = 'sent'
    FAILED = 'failed'


class Mail(Model, table=True):
    """A mail, written in the transaction of its cause and sent later; its text is encrypted until it is sent."""

    __table_args__ = (Index(None, 'status', 'created_at'),)

    organization_id: UUID | None = reference('organization.id', default=None)
    message_id: str = text(190, unique=True)
    recipient: str = text(254)
    subject: str = text(200)
    body: bytes = binary()
    kind: str = text(60)
    status: MailStatus = choice(MailStatus, default=MailStatus.QUEUED)
    attempts: int = 0
    error: str = text(500, default='')
    sent_at: datetime | None = instant(default=None)

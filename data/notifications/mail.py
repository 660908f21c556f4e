"""Mail that waits or went, the words of each kind, and addresses that were refused."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint

from data.core import Audited, Model, Scoped, binary, choice, instant, long_text, reference, text


class MailStatus(StrEnum):
    """Where a mail stands."""

    QUEUED = 'queued'
    SENDING = 'sending'
    """Its text is on the way; what the mail server says of it is not known yet."""
    SENT = 'sent'
    UNCERTAIN = 'uncertain'
    """Logbook was stopped between sending the text and hearing the answer: it has very probably arrived."""
    BOUNCED = 'bounced'
    """The mail server refused the address for good."""
    HELD = 'held'
    """Not tried, because its address was refused before."""
    FAILED = 'failed'


class Mail(Model, table=True):
    """A mail, written in the transaction of its cause and sent later; its text is encrypted until it is sent."""

    __table_args__ = (
        Index(None, 'status', 'created_at'),
        Index(None, 'recipient', 'status'),
    )

    organization_id: UUID | None = reference('organization.id', default=None)
    account_id: UUID | None = reference('account.id', default=None)
    """Whom it is for, where he has an account."""
    message_id: str = text(190, unique=True)
    recipient: str = text(254)
    subject: str = text(200)
    body: bytes = binary()
    kind: str = text(60)
    status: MailStatus = choice(MailStatus, default=MailStatus.QUEUED)
    attempts: int = 0
    error: str = text(500, default='')
    sent_at: datetime | None = instant(default=None)
    in_clear: bool = False
    """It went to the mail server without encryption."""


class RefusedAddress(Model, table=True):
    """An address that is none: nothing more is sent there until somebody says so.

    What a department was told holds its own mail only. What the mail server itself refused is of no department, and
    holds all mail.
    """

    __table_args__ = (UniqueConstraint('address', 'organization_id'),)

    organization_id: UUID | None = reference('organization.id', default=None)
    """The department that was told so; None when the mail server itself refused it."""
    address: str = text(254)
    """In lower case."""
    reason: str = text(500)
    refused_at: datetime = instant()


class MailTemplate(Audited, Scoped, Model, table=True):
    """How a department words a kind of mail in a language; without a row, the words that Logbook brings hold."""

    __table_args__ = (UniqueConstraint('organization_id', 'kind', 'language'),)

    kind: str = text(60)
    language: str = text(10, default='en')
    subject: str = text(200)
    body: str = long_text()
    """Paragraphs with a blank line between them."""
    button: str = text(60, default='')
    closing: str = text(300, default='')

"""What of the notices is still to be mailed or pushed, and which digests went."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint

from data.core import Model, Scoped, choice, day, instant, reference
from data.notifications.preferences import Channel, Pace


class NoticeDelivery(Scoped, Model, table=True):
    """A notice that goes to a channel at a time; planned with the notice, done by a job."""

    __table_args__ = (
        Index(None, 'organization_id', 'channel', 'done_at', 'due_at'),
        Index(None, 'account_id', 'channel', 'done_at'),
    )

    notice_id: UUID = reference('notice.id')
    account_id: UUID = reference('account.id', index=False)
    channel: Channel = choice(Channel)
    pace: Pace = choice(Pace)
    due_at: datetime = instant()
    done_at: datetime | None = instant(default=None)
    """When it became part of a mail or a push."""
    mail_id: UUID | None = reference('mail.id', default=None)


class DigestSent(Scoped, Model, table=True):
    """A digest that was made for a person, named by its day: it is made once."""

    __table_args__ = (UniqueConstraint('organization_id', 'account_id', 'due_on'),)

    account_id: UUID = reference('account.id', index=False)
    due_on: date = day()
    mail_id: UUID | None = reference('mail.id', default=None)
    """None when there was nothing to say."""

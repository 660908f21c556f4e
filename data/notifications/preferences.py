"""What each person wants to be told, where, and when; and what his department proposes."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import UniqueConstraint

from data.core import Audited, Model, Scoped, choice, reference, text


class Channel(StrEnum):
    """Where a notice goes."""

    BELL = 'bell'
    MAIL = 'mail'
    PUSH = 'push'


class Pace(StrEnum):
    """How soon a notice goes there."""

    OFF = 'off'
    NOW = 'now'
    DIGEST = 'digest'


class DigestRhythm(StrEnum):
    """How often a person gets the digest."""

    OFF = 'off'
    DAILY = 'daily'
    WEEKLY = 'weekly'


class NoticeDefault(Audited, Scoped, Model, table=True):
    """What a department proposes for a kind of notice in a channel; without a row, what Logbook proposes holds."""

    __table_args__ = (UniqueConstraint('organization_id', 'kind', 'channel'),)

    kind: str = text(60)
    channel: Channel = choice(Channel)
    pace: Pace = choice(Pace)


class NoticePreference(Scoped, Model, table=True):
    """What a person chose for a kind of notice in a channel."""

    __table_args__ = (UniqueConstraint('organization_id', 'account_id', 'kind', 'channel'),)

    account_id: UUID = reference('account.id', index=False)
    kind: str = text(60)
    channel: Channel = choice(Channel)
    pace: Pace = choice(Pace)


class NoticeHours(Scoped, Model, table=True):
    """When a person wants to be left alone, and when the digest comes, in his zone."""

    __table_args__ = (UniqueConstraint('organization_id', 'account_id'),)

    account_id: UUID = reference('account.id', index=False)
    zone: str = text(60, default='')
    """Empty for the department's."""
    quiet_from_minutes: int | None = None
    """Minutes after midnight; None when there are no quiet hours."""
    quiet_until_minutes: int | None = None
    digest: DigestRhythm = choice(DigestRhythm, default=DigestRhythm.DAILY)
    digest_hour: int = 7
    digest_weekday: int = 0
    """0 is Monday; for the weekly one."""

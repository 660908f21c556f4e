"""What people are told: the bell, what each wants to hear of, mail that waits, and browsers that get pushes."""

from data.notifications.bell import Notice
from data.notifications.mail import Mail, MailStatus, MailTemplate, RefusedAddress
from data.notifications.planned import DigestSent, NoticeDelivery
from data.notifications.preferences import (
    Channel,
    DigestRhythm,
    NoticeDefault,
    NoticeHours,
    NoticePreference,
    Pace,
)
from data.notifications.push import PushSubscription

__all__ = [
    'Channel',
    'DigestRhythm',
    'DigestSent',
    'Mail',
    'MailStatus',
    'MailTemplate',
    'Notice',
    'NoticeDefault',
    'NoticeDelivery',
    'NoticeHours',
    'NoticePreference',
    'Pace',
    'PushSubscription',
    'RefusedAddress',
]

"""Mail: written in the transaction of its cause, sealed until it is sent, delivered by a job."""

from logic.mail.outbox import (
    MANAGE,
    MailState,
    Refusal,
    check_address,
    compose,
    deliver,
    domain,
    greet,
    hand_over,
    is_set_up,
    mail_state,
    send,
    send_test,
)
from logic.mail.templates import TEMPLATES, Template, render

__all__ = [
    'MANAGE',
    'TEMPLATES',
    'MailState',
    'Refusal',
    'Template',
    'check_address',
    'compose',
    'deliver',
    'domain',
    'greet',
    'hand_over',
    'is_set_up',
    'mail_state',
    'render',
    'send',
    'send_test',
]

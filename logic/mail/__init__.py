"""Mail: written in the transaction of its cause, sealed until it is sent, delivered by a job."""

from logic.mail.bounces import ARRIVED, holds_mail_of, mark_bounced, note_bounce, read_report, release
from logic.mail.composing import Letter, check_address, compose, draw, draw_in, is_set_up, look_of, send, store, write
from logic.mail.delivery import MailSent, deliver
from logic.mail.domain import MANAGE, domain
from logic.mail.outbox import MailState, list_mails, mail_state, may_try_again, retry_mail, send_test
from logic.mail.smtp import IN_CLEAR, NOT_SET_UP, Refusal, connected, greet, hand_over
from logic.mail.templates import TEMPLATES, Drawn, Line, Look, Section, Template, render
from logic.mail.wording import (
    LABELS,
    LANGUAGES,
    WordingInput,
    get_wording,
    list_wordings,
    reset_wording,
    values_of,
    word_mail,
    worded,
)

__all__ = [
    'ARRIVED',
    'IN_CLEAR',
    'LABELS',
    'LANGUAGES',
    'MANAGE',
    'NOT_SET_UP',
    'TEMPLATES',
    'Drawn',
    'Letter',
    'Line',
    'Look',
    'MailSent',
    'MailState',
    'Refusal',
    'Section',
    'Template',
    'WordingInput',
    'check_address',
    'compose',
    'connected',
    'deliver',
    'domain',
    'draw',
    'draw_in',
    'get_wording',
    'greet',
    'hand_over',
    'holds_mail_of',
    'is_set_up',
    'list_mails',
    'list_wordings',
    'look_of',
    'mail_state',
    'mark_bounced',
    'may_try_again',
    'note_bounce',
    'read_report',
    'release',
    'render',
    'reset_wording',
    'retry_mail',
    'send',
    'send_test',
    'store',
    'values_of',
    'word_mail',
    'worded',
    'write',
]

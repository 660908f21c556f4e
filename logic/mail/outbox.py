"""Mail: written in the transaction of its cause, sealed until it is sent, and delivered by a job."""

import email
import email.policy
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

import structlog
from sqlalchemy import delete, func
from sqlmodel import col, select

from data.core import new_id
from data.notifications import Mail, MailStatus
from data.organizations import Organization
from logic.core import config
from logic.core.config import Settings
from logic.core.domain import Domain
from logic.core.errors import Invalid, Unavailable
from logic.core.jobs import Run
from logic.core.secrets import open_value, seal_value, sealed_column
from logic.core.service import SYSTEM, query, service
from logic.core.work import Work
from logic.mail.templates import TEMPLATES, render

log = structlog.get_logger(__name__)
domain = Domain(
    'mail', title='E-mail', icon='sym_o_mail', group='Platform', description='Invitations, resets and notices by mail.'
)
MANAGE = domain.permission('manage', 'See the state of e-mail and send a test')
place_of = sealed_column(Mail, 'body')

ADDRESS = re.compile(r'[^@\s<>",;:()\[\]\\]{1,64}@[^@\s<>",;:()\[\]\\]+\.?[^@\s<>",;:()\[\]\\.]+')
ATTEMPTS = 36
"""With waits of at most an hour: a mail server may be away for a day and a half."""
TIMEOUT_SECONDS = 20
KEPT = timedelta(days=30)
NOT_SET_UP = 'E-mail is not set up here (LOGBOOK_SMTP_URL).'


@dataclass(frozen=True, slots=True)
class MailState:
    """How sending mail stands."""

    is_set_up: bool
    waiting: int
    failed: int
    last_sent_at: datetime | None
    last_error: str
    oldest_waiting_at: datetime | None


def is_set_up() -> bool:
    """Whether mail can be sent at all; without it screens show links for the person to hand on."""
    return config.configured().smtp_url is not None


def check_address(value: str, field: str = 'email') -> str:
    """Return one mail address without blanks around it. Raises Invalid for anything else, several among them."""
    text = value.strip()
    if len(text) > 254 or not text.isprintable() or not ADDRESS.fullmatch(text):
        raise Invalid(f'"{text[:60]}" is no e-mail address.', {field: 'Write it like name@example.org.'})
    return text


def _one_line(value: str, what: str) -> str:
    if any(ord(character) < 32 or character in '\x7f\x85\u2028\u2029' for character in value):
        raise Invalid(f'The {what} of a mail cannot hold line breaks or control characters.')
    return value


def compose(
    settings: Settings, *, to: str, subject: str, text: str, html: str, sender_name: str, mail_id: UUID, at: datetime
) -> EmailMessage:
    """Return a message whose id and date stay the same however often it is sent. Raises Invalid for unsafe headers."""
    message = EmailMessage(policy=email.policy.SMTP)
    message['From'] = formataddr((_one_line(sender_name, 'sender'), settings.sender))
    message['To'] = check_address(to, 'to')
    message['Subject'] = _one_line(subject, 'subject')[:200]
    message['Date'] = format_datetime(at)
    message['Message-ID'] = f'<{mail_id.hex}@{settings.sender.partition("@")[2]}>'
    message['Auto-Submitted'] = 'auto-generated'
    message.set_content(text)
    message.add_alternative(html, subtype='html')
    return message


@service(SYSTEM)
async def send(work: Work, /, to: str, kind: str, **values: str) -> Mail | None:
    """Write a mail of a kind, to be sent after the commit; None when mail is not set up.

    `values` fill the template `kind` of `logic.mail.templates`; `department` is added. Raises Invalid for an address
    that is none, and KeyError for a value that the template needs.
    """
    settings = config.configured()
    if settings.smtp_url is None:
        return None
    organization_id = work.session.info['organization_id']
    organization_id = organization_id if isinstance(organization_id, UUID) else None
    organization = await work.find(Organization, organization_id)
    department = organization.name if organization is not None else 'Logbook'
    drawn = render(TEMPLATES[kind], {'department': department, 'address': settings.address} | values)
    row_id = new_id()
    message = compose(
        settings,
        to=to,
        subject=drawn.subject,
        text=drawn.text,
        html=drawn.html,
        sender_name=department,
        mail_id=row_id,
        at=work.now,
    )
    row = Mail(
        id=row_id,
        organization_id=organization_id,
        message_id=message['Message-ID'],
        recipient=str(message['To']),
        subject=str(message['Subject']),
        body=await seal_value(work, message.as_bytes(), place_of(row_id, organization_id)),
        kind=kind,
    )
    work.add(row)
    work.enqueue(deliver, row_id, key=f'mail|{row_id}')
    return row


@query(SYSTEM)
async def _outgoing(work: Work, mail_id: UUID) -> tuple[str, bytes] | None:
    """Return recipient and body of a mail that waits; None when it was sent or given up."""
    row = await work.get(Mail, mail_id)
    if row.status is not MailStatus.QUEUED:
        return None
    return row.recipient, await open_value(work, row.body, place_of(row.id, row.organization_id))


@service(SYSTEM)
async def _note_sent(work: Work, mail_id: UUID) -> None:
    """Note that the mail server took a mail, and drop its body."""
    row = await work.get(Mail, mail_id)
    row.status, row.sent_at, row.error, row.body = MailStatus.SENT, work.now, '', b''
    row.attempts += 1


@service(SYSTEM)
async def _note_failure(work: Work, mail_id: UUID, error: str, *, final: bool) -> None:
    """Note why a mail was not taken; with `final` it is given up and its body dropped."""
    row = await work.get(Mail, mail_id)
    row.error, row.attempts = error[:500], row.attempts + 1
    if final:
        row.status, row.body = MailStatus.FAILED, b''


@domain.job(detached=True, attempts=ATTEMPTS)
async def deliver(run: Run, mail_id: str) -> None:
    """Hand a mail to the mail server; when that is away, again later, under the same Message-ID."""
    found = await _outgoing(run.actor, UUID(mail_id))
    if found is None:
        return
    recipient, content = found
    try:
        await hand_over(config.configured(), recipient, content)
    except Refusal as refusal:
        final = refusal.is_final or run.claim.attempt >= ATTEMPTS
        await _note_failure(run.actor, UUID(mail_id), refusal.sentence, final=final)
        raise (Invalid if final else Unavailable)(refusal.sentence) from refusal
    await _note_sent(run.actor, UUID(mail_id))


class Refusal(Exception):
    """The mail server did not take a mail, in plain words; `is_final` when it never will."""

    def __init__(self, sentence: str, *, is_final: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.is_final = is_final


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Any]:
    """Open a session at the mail server, by TLS where it has it, signed in. Raises Refusal, also from the block."""
    import aiosmtplib

    if settings.smtp_url is None:
        raise Refusal(NOT_SET_UP)
    parts = urlsplit(settings.smtp_url)
    at_once = parts.scheme == 'smtps'
    port = parts.port or (465 if at_once else 587)
    client = aiosmtplib.SMTP(
        hostname=parts.hostname, port=port, use_tls=at_once, start_tls=False, timeout=TIMEOUT_SECONDS
    )
    try:
        async with client:
            if not at_once and client.supports_extension('starttls'):
                await client.starttls()
            elif not at_once and parts.username:
                raise Refusal(f'{parts.hostname} offers no encryption, so the password was not sent to it.')
            elif not at_once:
                log.warning('mail.not_encrypted', host=parts.hostname)
            if parts.username:
                await client.login(unquote(parts.username), unquote(parts.password or ''))
            yield client
    except aiosmtplib.SMTPAuthenticationError as error:
        raise Refusal(f'{parts.hostname} does not accept the user name and password: {error.message}') from error
    except aiosmtplib.SMTPRecipientsRefused as error:
        first = error.recipients[0]
        sentence = f'{parts.hostname} refuses {first.recipient}: {first.code} {first.message}'
        raise Refusal(sentence, is_final=first.code >= 500) from error
    except aiosmtplib.SMTPResponseException as error:
        final = error.code >= 500
        raise Refusal(f'{parts.hostname} answers {error.code}: {error.message}', is_final=final) from error
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        reason = str(error) or type(error).__name__
        raise Refusal(f'{parts.hostname}:{port} cannot be reached: {reason}') from error


async def hand_over(settings: Settings, recipient: str, content: bytes) -> None:
    """Send one message over SMTP. Raises Refusal."""
    async with connected(settings) as client:
        await client.sendmail(settings.sender, [recipient], content)


async def greet(settings: Settings) -> str:
    """Open a session at the mail server and end it; returns its name. Raises Refusal."""
    async with connected(settings) as client:
        return str(client.hostname)


@service(MANAGE)
async def send_test(work: Work, to: str) -> Mail:
    """Write a test mail. Raises Unavailable when mail is not set up; what comes of it is in `mail_state`."""
    row = await send(work, to, 'test', name=work.actor.name)
    if row is None:
        raise Unavailable(NOT_SET_UP)
    work.record('Mail', row.id, outcome='done')
    return row


@query(MANAGE)
async def mail_state(work: Work) -> MailState:
    """Say how sending stands, for this organization and the installation."""
    mine = col(Mail.organization_id).is_(None) | (col(Mail.organization_id) == work.organization_id)
    counts = await work.session.exec(
        select(col(Mail.status), func.count(), func.min(col(Mail.created_at))).where(mine).group_by(col(Mail.status))
    )
    by_status = {status: (count, oldest) for status, count, oldest in counts}
    waiting, oldest = by_status.get(MailStatus.QUEUED, (0, None))
    sent = await work.first(select(func.max(col(Mail.sent_at))).where(mine))
    failing = select(col(Mail.error)).where(mine, col(Mail.error) != '').order_by(col(Mail.updated_at).desc()).limit(1)
    return MailState(
        is_set_up=is_set_up(),
        waiting=waiting,
        failed=by_status.get(MailStatus.FAILED, (0, None))[0],
        last_sent_at=sent,
        last_error=await work.first(failing) or '',
        oldest_waiting_at=oldest,
    )


@domain.job(schedule='50 2 * * *', instance=True)
async def forget_old_mail(work: Work) -> None:
    """Delete what was sent or has failed for good more than 30 days ago."""
    async with work.everywhere():
        await work.execute(
            delete(Mail).where(col(Mail.status) != MailStatus.QUEUED, col(Mail.created_at) < work.now - KEPT)
        )

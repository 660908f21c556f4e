"""Delivering a mail: by a job, again and again while the mail server is away, and never twice by a crash."""

import email
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from data.files import StoredFile
from data.notifications import Mail, MailStatus
from data.organizations import Organization
from logic.core import config, files
from logic.core.errors import AppError, Invalid, Unavailable
from logic.core.jobs import Run
from logic.core.secrets import open_value, sealed_column
from logic.core.service import SYSTEM, query, service
from logic.core.work import Work
from logic.mail.bounces import refuse
from logic.mail.domain import domain
from logic.mail.policy import POLICY
from logic.mail.smtp import Refusal, hand_over
from logic.mail.templates import LOGO

place_of = sealed_column(Mail, 'body')
ATTEMPTS = 36
"""With waits of at most an hour: a mail server may be away for a day and a half."""
UNHEARD = (
    'Logbook handed this mail over, and did not hear the answer: it was stopped, or the mail server fell silent. '
    'It has very probably arrived, so it is not sent again by itself.'
)


@dataclass(frozen=True, slots=True)
class MailSent:
    """A mail server took a mail."""

    mail_id: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A mail that waits, opened."""

    recipient: str
    content: bytes
    logo_id: UUID | None
    organization_id: UUID | None


@service(SYSTEM, secret=True)
async def _take(work: Work, mail_id: UUID) -> Outgoing | None:
    """Return a mail that waits; None when it was sent or given up.

    One whose text was out when Logbook stopped is not sent twice: that is noted, for a person to decide.
    """
    row = await work.get(Mail, mail_id)
    if row.status is MailStatus.SENDING:
        row.status, row.error = MailStatus.UNCERTAIN, UNHEARD
    if row.status is not MailStatus.QUEUED:
        return None
    organization = await work.find(Organization, row.organization_id)
    content = await open_value(work, row.body, place_of(row.id, row.organization_id))
    logo_id = organization.logo_file_id if organization is not None else None
    return Outgoing(row.recipient, content, logo_id, row.organization_id)


@service(SYSTEM)
async def _note_sending(work: Work, mail_id: UUID, send: Callable[[], None] | None = None) -> None:
    """Note that the text of a mail goes out now; `send` sends it, at once after the commit."""
    if send is not None:
        work.afterwards(send)
    row = await work.get(Mail, mail_id)
    row.status = MailStatus.SENDING


@service(SYSTEM)
async def _note_sent(work: Work, mail_id: UUID, *, in_clear: bool) -> None:
    """Note that the mail server took a mail, and drop its body."""
    row = await work.get(Mail, mail_id)
    row.status, row.sent_at, row.error, row.body = MailStatus.SENT, work.now, '', b''
    row.attempts, row.in_clear = row.attempts + 1, in_clear
    await work.emit(MailSent(row.id, row.kind))


@service(SYSTEM)
async def _note_failure(work: Work, mail_id: UUID, error: str, *, final: bool, is_address: bool) -> None:
    """Note why a mail was not taken; with `final` it waits for a person. An address that is none is remembered."""
    row = await work.get(Mail, mail_id)
    row.error, row.attempts, row.status = error[:500], row.attempts + 1, MailStatus.QUEUED
    if final:
        row.status = MailStatus.BOUNCED if is_address else MailStatus.FAILED
    if is_address:
        await refuse(work, row.recipient, error)


@domain.job(detached=True, attempts=ATTEMPTS)
async def deliver(run: Run, mail_id: str) -> None:
    """Hand a mail to the mail server; when that is away, again later, under the same Message-ID."""
    row_id = UUID(mail_id)
    found = await _take(run.actor, row_id)
    if found is None:
        return

    is_out = False

    async def sending(send: Callable[[], None]) -> None:
        nonlocal is_out
        is_out = True
        await _note_sending(run.actor, row_id, send)

    try:
        in_clear = await hand_over(config.configured(), row_id, found.recipient, await _with_logo(run, found), sending)
    except Refusal as refusal:
        if is_out and refusal.is_silence:
            await _take(run.actor, row_id)  # its text is out: nobody knows whether it was taken
            return
        final = refusal.is_final or run.claim.attempt >= ATTEMPTS
        await _note_failure(run.actor, row_id, refusal.sentence, final=final, is_address=refusal.is_address)
        raise (Invalid if final else Unavailable)(refusal.sentence) from refusal
    except Exception as error:
        if run.claim.attempt >= ATTEMPTS:  # nobody looks after it any more: it must not seem to wait
            await _note_failure(run.actor, row_id, f'{type(error).__name__}: {error}', final=True, is_address=False)
        raise
    await _note_sent(run.actor, row_id, in_clear=in_clear)


# The logo

_logos: dict[UUID, tuple[bytes, str]] = {}
"""Read once: the id of a file names its bytes."""
MOST_LOGOS = 32


async def _with_logo(run: Run, found: Outgoing) -> bytes:
    """Attach the department's logo, which is the same in every mail and so is not stored with each."""
    if found.logo_id is None:
        return found.content
    if found.logo_id not in _logos:
        try:
            row = await _logo_row(run.actor, found.logo_id)
            if len(_logos) >= MOST_LOGOS:
                _logos.clear()
            _logos[found.logo_id] = (await files.read(row), row.media_type)
        except AppError:
            return found.content  # the mail matters more than the picture in it
    content, media_type = _logos[found.logo_id]
    message = email.message_from_bytes(found.content, policy=POLICY)
    html = message.get_body(('html',))
    if html is not None:
        kind, _, subtype = media_type.partition('/')
        html.add_related(content, kind, subtype, cid=f'<{LOGO}>', disposition='inline')
    return message.as_bytes()


@query(SYSTEM)
async def _logo_row(work: Work, logo_id: UUID) -> StoredFile:
    """Return the file that holds a department's logo."""
    return await work.get(StoredFile, logo_id)

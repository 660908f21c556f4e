"""The outbox as administrators see it: what became of each mail, and trying again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func
from sqlmodel import col, or_, select

from data.notifications import DigestSent, Mail, MailStatus, NoticeDelivery
from logic.core.errors import Conflict, NotFound, Unavailable
from logic.core.language import _
from logic.core.listing import ListQuery, Page
from logic.core.service import query, service
from logic.core.work import Work
from logic.identity import throttle
from logic.mail.bounces import release
from logic.mail.composing import is_set_up, send
from logic.mail.delivery import deliver
from logic.mail.domain import MANAGE, domain
from logic.mail.smtp import NOT_SET_UP

KEPT = timedelta(days=30)
TESTS_AN_HOUR = 20
AGAIN = frozenset({MailStatus.FAILED, MailStatus.UNCERTAIN, MailStatus.BOUNCED, MailStatus.HELD})
"""States from which a person may have a mail tried again."""


@dataclass(frozen=True, slots=True)
class MailState:
    """How sending mail stands."""

    is_set_up: bool
    waiting: int
    failed: int
    last_sent_at: datetime | None
    last_error: str
    """Of a mail of the department: those of the installation may be about people of another."""
    oldest_waiting_at: datetime | None
    is_in_clear: bool
    """The last mail went to the mail server without encryption."""


@service(MANAGE)
async def send_test(work: Work, to: str) -> Mail:
    """Write a test mail; what comes of it is in `mail_state`. Raises Unavailable when mail is not set up, TooMany."""
    message = _('These are many test mails for one hour. Try again later.')
    bucket = f'test-mail:{work.actor.account_id}'
    await throttle.take_share(work, bucket, limit=TESTS_AN_HOUR, minutes=60, message=message)
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
    last = select(Mail.sent_at, Mail.in_clear).where(mine, col(Mail.sent_at).is_not(None))
    sent = await work.first(last.order_by(col(Mail.sent_at).desc()).limit(1))
    failing = select(col(Mail.error)).where(col(Mail.organization_id) == work.organization_id, col(Mail.error) != '')
    return MailState(
        is_set_up=is_set_up(),
        waiting=waiting,
        failed=sum(by_status.get(status, (0, None))[0] for status in AGAIN),
        last_sent_at=sent.sent_at if sent else None,
        last_error=await work.first(failing.order_by(col(Mail.updated_at).desc()).limit(1)) or '',
        oldest_waiting_at=oldest,
        is_in_clear=is_set_up() and bool(sent and sent.in_clear),
    )


@query(MANAGE)
async def list_mails(work: Work, query: ListQuery) -> Page[Mail]:
    """Return the mails of this organization, the newest first; `q` finds address and subject, filter `status`."""
    statement = select(Mail).where(col(Mail.organization_id) == work.organization_id)
    if text := query.q.strip():
        statement = statement.where(
            or_(
                col(Mail.recipient).icontains(text, autoescape=True), col(Mail.subject).icontains(text, autoescape=True)
            )
        )
    if states := [MailStatus(value) for value in query.values('status') if value in set(MailStatus)]:
        statement = statement.where(col(Mail.status).in_(states))
    sorts = {'created': (col(Mail.created_at), col(Mail.id))}
    newest_first = query.model_copy(update={'descending': True}) if not query.sort else query
    return await work.page(statement, newest_first, sorts, 'created')


def may_try_again(row: Mail) -> bool:
    """Say whether a mail may be tried again; one that arrived somewhere first has left no text to send anew."""
    return row.status in AGAIN and bool(row.body)


@service(MANAGE)
async def retry_mail(work: Work, mail_id: UUID) -> Mail:
    """Try a mail again that failed, came back or is held; its address counts as good again. Raises Conflict."""
    row = await work.get(Mail, mail_id)
    if row.organization_id != work.organization_id:
        raise NotFound('There is no such mail.')
    if not may_try_again(row):
        raise Conflict('Only a mail that failed, came back or is held can be tried again.')
    await release(work, row.recipient)
    row.status, row.error = MailStatus.QUEUED, ''
    work.record('Mail', row.id)
    work.enqueue(deliver, row.id, key=f'mail|{row.id}|{row.version}')
    return row


@domain.job(schedule='50 2 * * *', instance=True)
async def forget_old_mail(work: Work) -> None:
    """Delete what was sent or has failed for good more than 30 days ago."""
    async with work.everywhere():
        old = select(Mail.id).where(col(Mail.status) != MailStatus.QUEUED, col(Mail.created_at) < work.now - KEPT)
        for table in (NoticeDelivery, DigestSent):
            await work.execute(delete(table).where(col(table.mail_id).in_(old)))
        await work.execute(
            delete(Mail).where(col(Mail.status) != MailStatus.QUEUED, col(Mail.created_at) < work.now - KEPT)
        )

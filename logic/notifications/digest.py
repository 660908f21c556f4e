"""The digest: one mail a day or a week with what is due, and with what a person wants to hear of that way."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import structlog
from sqlmodel import col, select

from data.identity import Account
from data.members import Member
from data.notifications import Channel, DigestRhythm, DigestSent, Notice, NoticeDelivery, Pace
from logic import mail
from logic.core import config
from logic.core.errors import AppError
from logic.core.language import later
from logic.core.work import Work
from logic.identity.positions import PRESENT
from logic.mail import Letter, Line, Section
from logic.notifications.domain import domain
from logic.notifications.links import DIGEST, unsubscribe_link
from logic.notifications.preferences import hours_of
from logic.notifications.sending import HAPPENED, held_back, line_of

log = structlog.get_logger(__name__)
PEOPLE = 20
CAUGHT_UP = timedelta(days=1)
"""A digest that was due longer ago is not sent any more: the next one says what is still true."""
MOST_LINES = 30
DAY, WEEK = (later('day', meaning='subject of the digest'), later('week', meaning='subject of the digest'))
"""What it is of: "Riverside Fire: your day"."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody whose digest is being written."""

    account_id: UUID
    member_id: UUID
    today: date
    """The day where the reader is."""


Source = Callable[[Work, Sequence[Reader]], Awaitable[Mapping[UUID, Sequence[Line]]]]
"""Gets some readers and returns, by account, the lines of each: of all in a few statements, not one by one."""
_sources: list[tuple[int, str, Source]] = []


def digest_section(title: str, *, order: int = 100) -> Callable[[Source], Source]:
    """Let a function add lines to everybody's digest, under a heading; `Line.link` is a path of ours.

    The heading is made with `later`, and the texts of a line with `told`: each digest is in its reader's language.
    """

    def register(source: Source) -> Source:
        _sources.append((order, title, source))
        _sources.sort(key=lambda one: one[:2])
        return source

    return register


@domain.job(schedule='*/15 * * * *')
async def plan_digests(work: Work) -> None:
    """Have the digests written that are due by now, also those that were due while Logbook was down."""
    if not mail.is_set_up():
        return
    people = await work.all(
        select(Member.account_id)
        .join(Account, col(Account.id) == Member.account_id)
        .where(col(Member.archived_at).is_(None), col(Member.status).in_(PRESENT), col(Account.disabled_at).is_(None))
    )
    hours = await hours_of(work, people)
    due = {one: hours[one].last_digest(work.now) for one in people}
    late = {one: at for one, at in due.items() if at is not None and at > work.now - CAUGHT_UP}
    sent = await work.all(
        select(col(DigestSent.account_id), col(DigestSent.due_on)).where(
            DigestSent.due_on >= (work.now - CAUGHT_UP - timedelta(days=1)).date()
        )
    )
    made = set(sent)
    waiting = [(one, at) for one, at in late.items() if (one, at.date()) not in made]
    for start in range(0, len(waiting), PEOPLE):
        part = waiting[start : start + PEOPLE]
        # The name of the job is that of its first digest: a second plan of the same quarter of an hour adds none.
        key = f'digest|{work.organization_id}|{part[0][0].hex}|{part[0][1]:%Y%m%d}'
        work.enqueue(write_digests, [[str(one), at.date().isoformat()] for one, at in part], key=key)


@domain.job()
async def write_digests(work: Work, due: list[list[str]]) -> None:
    """Write the digests of some people; what is written is stored with the day, so that each comes once."""
    days = {UUID(account_id): date.fromisoformat(day) for account_id, day in due}
    made = await work.all(
        select(col(DigestSent.account_id), col(DigestSent.due_on)).where(col(DigestSent.account_id).in_(list(days)))
    )
    for account_id, day in made:
        if days.get(account_id) == day:
            del days[account_id]
    if not days:
        return
    rows = await work.all(
        select(Account, Member)
        .join(Member, col(Member.account_id) == Account.id)
        .where(
            col(Account.id).in_(list(days)), col(Account.disabled_at).is_(None), col(Member.status).in_(PRESENT),
            col(Member.archived_at).is_(None),
        )
    )  # fmt: skip
    accounts: dict[UUID, Account] = {account.id: account for account, _ in rows}
    hours = await hours_of(work, list(days))
    readers = [
        Reader(account.id, member.id, work.now.astimezone(hours[account.id].zone).date()) for account, member in rows
    ]
    sections = await sections_of(work, readers)
    waiting = await _waiting(work, list(accounts))
    back = await held_back(work, [notice for found in waiting.values() for _, notice in found])
    for account_id, account in accounts.items():
        found = waiting.get(account_id, [])
        kept = [notice for _, notice in found if notice.id not in back]
        lines = [line_of(notice) for notice in kept if notice.read_at is None or not notice.in_bell][-MOST_LINES:]
        parts = [*sections.get(account_id, []), *([Section(HAPPENED, lines)] if lines else [])]
        is_weekly = hours[account_id].digest is DigestRhythm.WEEKLY
        mail_id = await _write(work, account, parts, WEEK if is_weekly else DAY) if parts else None
        work.add(DigestSent(account_id=account_id, due_on=days[account_id], mail_id=mail_id))
        for delivery, _ in found:
            delivery.done_at, delivery.mail_id = work.now, mail_id


async def sections_of(work: Work, readers: Sequence[Reader]) -> dict[UUID, list[Section]]:
    address = config.configured().address
    found: dict[UUID, list[Section]] = {}
    for _, title, source in _sources:
        for account_id, lines in (await source(work, readers)).items():
            if lines:
                drawn = [Line(one.text, one.detail, address + one.link if one.link else '') for one in lines]
                found.setdefault(account_id, []).append(Section(title, drawn[:MOST_LINES]))
    return found


async def _waiting(work: Work, account_ids: Sequence[UUID]) -> dict[UUID, list[tuple[NoticeDelivery, Notice]]]:
    rows = await work.all(
        select(NoticeDelivery, Notice)
        .join(Notice, col(Notice.id) == NoticeDelivery.notice_id)
        .where(
            NoticeDelivery.channel == Channel.MAIL, NoticeDelivery.pace == Pace.DIGEST,
            col(NoticeDelivery.done_at).is_(None), col(NoticeDelivery.account_id).in_(list(account_ids)),
        )
        .order_by(col(Notice.created_at))
    )  # fmt: skip
    found: dict[UUID, list[tuple[NoticeDelivery, Notice]]] = {}
    for delivery, notice in rows:
        found.setdefault(delivery.account_id, []).append((delivery, notice))
    return found


async def _write(work: Work, account: Account, sections: Sequence[Section], day: str) -> UUID | None:
    values = {'name': account.name, 'day': day, 'link': f'{config.configured().address}/'}
    link = unsubscribe_link(account.id, work.organization_id, DIGEST)
    letter = Letter(account.email, 'digest', values, sections, account.id, account.locale, link)
    try:
        written = await mail.write(work, letter)
    except AppError as error:  # what cannot be mailed to one must not keep the mails of the others
        log.error('digest.not_written', error=error.message)
        return None
    await work.flush()
    return written.id if written is not None else None

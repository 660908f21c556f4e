"""Sending by mail what is due: one message for what concerns one record, or for all that was caught up with."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from sqlmodel import col, select

from data.identity import Account
from data.notifications import Channel, Notice, NoticeDelivery, Pace
from logic import mail
from logic.core import config
from logic.core.errors import AppError
from logic.core.language import later
from logic.core.work import Work
from logic.mail import Letter, Line, Section
from logic.notifications.domain import domain
from logic.notifications.kinds import kinds
from logic.notifications.links import unsubscribe_link
from logic.notifications.telling import HOLD, bell_of, senders

log = structlog.get_logger(__name__)
ROWS, PEOPLE = 400, 20
"""How much one run takes up: the rest is done by the next, so that none holds the database for long."""
PAUSE = timedelta(seconds=1)
"""Between two runs, so that very many mails leave at a steady pace beside everything else."""
HAPPENED = later('What has happened')
MOST_MESSAGES = 3
"""Somebody who would get more at once gets one instead."""


@dataclass(frozen=True, slots=True)
class Due:
    """A notice that is due for somebody."""

    delivery: NoticeDelivery
    notice: Notice


Check = Callable[[Work, Sequence[Notice]], Awaitable[Collection[UUID]]]
"""Gets notices that are about to go out and returns the ids of those whose reader may not have them any more."""
_checks: list[Check] = []


def hold_back(check: Check) -> Check:
    """Have a function asked right before notices leave: hours may lie between telling and sending."""
    _checks.append(check)
    return check


async def held_back(work: Work, notices: Iterable[Notice]) -> set[UUID]:
    """Return the ids of those notices that may not go out any more; what is firm always may."""
    asked = [notice for notice in notices if not is_firm_kind(notice.kind)]
    return {notice_id for check in _checks for notice_id in await check(work, asked)} if asked else set()


async def due(work: Work, channel: Channel) -> tuple[dict[UUID, list[Due]], bool]:
    """Claim what is due in a channel, by account, and say whether there is more."""
    statement = (
        select(NoticeDelivery, Notice)
        .join(Notice, col(Notice.id) == NoticeDelivery.notice_id)
        .where(
            NoticeDelivery.channel == channel, NoticeDelivery.pace == Pace.NOW,
            col(NoticeDelivery.done_at).is_(None), NoticeDelivery.due_at <= work.now,
        )
        .order_by(col(NoticeDelivery.account_id), col(NoticeDelivery.due_at))
        .limit(ROWS)
        .with_for_update(skip_locked=True, of=NoticeDelivery)
    )  # fmt: skip
    found: dict[UUID, list[Due]] = {}
    rows = await work.all(statement)
    for delivery, notice in rows:
        found.setdefault(delivery.account_id, []).append(Due(delivery, notice))
    people = dict(list(found.items())[:PEOPLE])
    return people, len(found) > PEOPLE or len(rows) == ROWS


@domain.job()
async def send_mails(work: Work) -> None:
    """Write the mails that are due; they are sent after the commit."""
    found, more = await due(work, Channel.MAIL)
    if not found:
        return
    await _with_later_ones(work, found)
    accounts = {row.id: row for row in await work.all(select(Account).where(col(Account.id).in_(list(found))))}
    back = await held_back(work, [one.notice for rows in found.values() for one in rows])
    for account_id, rows in found.items():
        account = accounts.get(account_id)
        wanted = [
            one
            for one in rows
            if one.notice.id not in back
            and (one.notice.read_at is None or not one.notice.in_bell or is_firm_kind(one.notice.kind))
        ]
        if account is not None and account.disabled_at is None:
            for group in grouped(wanted):
                try:
                    await _write(work, account, group)
                except AppError as error:  # what cannot be mailed to one must not keep the mails of the others
                    log.error('notices.not_written', kind=group[-1].notice.kind, error=error.message)
        for one in rows:
            one.delivery.done_at = work.now
        work.changed(bell_of(account_id), None)
    if more:
        work.enqueue(send_mails, run_at=work.now + PAUSE)


senders[Channel.MAIL] = send_mails


async def _with_later_ones(work: Work, found: dict[UUID, list[Due]]) -> None:
    """Add what the same people are told a moment later, so that a burst ends in one message."""
    rows = await work.all(
        select(NoticeDelivery, Notice)
        .join(Notice, col(Notice.id) == NoticeDelivery.notice_id)
        .where(
            NoticeDelivery.channel == Channel.MAIL, NoticeDelivery.pace == Pace.NOW,
            col(NoticeDelivery.account_id).in_(list(found)), col(NoticeDelivery.done_at).is_(None),
            NoticeDelivery.due_at > work.now, NoticeDelivery.due_at <= work.now + HOLD[Channel.MAIL],
        )
        .order_by(col(NoticeDelivery.due_at))
        .limit(ROWS)
        .with_for_update(skip_locked=True, of=NoticeDelivery)
    )  # fmt: skip
    for delivery, notice in rows:
        found[delivery.account_id].append(Due(delivery, notice))


def is_firm_kind(kind: str) -> bool:
    """Say whether a kind of notice goes out whatever became of it."""
    return kind in kinds and kinds[kind].is_firm


def grouped(rows: Iterable[Due]) -> list[list[Due]]:
    """Put together what goes in one message: notices of one record, scheduled ones, and all when they would be many."""
    groups: dict[object, list[Due]] = {}
    for one in rows:
        notice = one.notice
        about: object = (notice.object_type, notice.object_id) if notice.object_id else notice.id
        groups.setdefault('scheduled' if notice.unique_key else about, []).append(one)
    if len(groups) > MOST_MESSAGES:
        return [[one for group in groups.values() for one in group]]
    return list(groups.values())


async def _write(work: Work, account: Account, group: list[Due]) -> None:
    last = group[-1].notice
    kind = last.kind if len({one.notice.kind for one in group}) == 1 else ''
    values = {'name': account.name, 'title': last.title, 'body': last.body, 'count': str(len(group))}
    values['link'] = _address(last.link or '/notifications')
    sections: list[Section] = []
    if len(group) > 1:
        values['link'] = _address('/notifications')
        sections = [Section(HAPPENED, [line_of(one.notice) for one in group])]
    is_firm = is_firm_kind(kind)
    letter = Letter(
        account.email, f'notice:{last.kind}' if len(group) == 1 else 'notices', values, sections, account.id,
        account.locale, '' if is_firm else unsubscribe_link(account.id, work.organization_id, kind),
    )  # fmt: skip
    written = await mail.write(work, letter)
    if written is not None:
        await work.flush()
        for one in group:
            one.delivery.mail_id = written.id


def line_of(notice: Notice) -> Line:
    """Return a notice as a line of a list."""
    return Line(notice.title, notice.body, _address(notice.link) if notice.link else '')


def _address(path: str) -> str:
    return config.configured().address + path


LATE = timedelta(minutes=2)


@domain.job(schedule='*/5 * * * *')
async def send_what_was_missed(work: Work) -> None:
    """Send what nobody sent at its time: the job that should have may have been planned a moment too late."""
    for channel, job in senders.items():
        waiting = select(NoticeDelivery.id).where(
            NoticeDelivery.channel == channel, NoticeDelivery.pace == Pace.NOW,
            col(NoticeDelivery.done_at).is_(None), NoticeDelivery.due_at < work.now - LATE,
        )  # fmt: skip
        if await work.first(waiting.limit(1)):
            work.enqueue(job)

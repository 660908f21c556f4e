"""Telling people in time what expires: 90, 60, 30, 7 and 0 days before and weekly after, each level once (rule 6)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from data.later import Labelled
from data.members import Licence, Member, MemberDocument, MemberStatus
from logic import notifications
from logic.core.language import later
from logic.core.listing import ListQuery, Page, choice_in, no_filter, no_sort, paged
from logic.core.sentences import Sentence, told, told_many
from logic.core.service import query
from logic.core.work import Work
from logic.members.directory import called
from logic.members.domain import EDIT, VIEW, domain
from logic.members.holders import accounts_with
from logic.members.names import fold
from logic.members.visibility import Level, sight

LEVELS = (0, 7, 30, 60, 90)
"""Days before the last day on which a notice is due."""
WEEK = 7


@dataclass(frozen=True, slots=True)
class Expiring:
    """A licence or document that is about to expire or has."""

    kind: str
    """`licences` or `documents`."""
    id: UUID
    member_id: UUID
    member_name: str
    account_id: UUID | None
    title: str
    expires_on: date
    days_left: int
    """Negative once it has expired."""


def level_of(days_left: int) -> int | None:
    """Return the latest level that is reached: 90 to 0 before, -7, -14 and so on after; None when none is yet."""
    if days_left > LEVELS[-1]:
        return None
    if days_left >= 0:
        return next(level for level in LEVELS if days_left <= level)
    return -((-days_left) // WEEK) * WEEK


class Within(Labelled):
    """How far a list of what expires looks ahead."""

    EXPIRED = 'expired'
    MONTH = '30'
    QUARTER = '90'
    YEAR = '365'

    @property
    def label(self) -> str:
        """As a person reads it."""
        return {'expired': later('Has expired'), '30': later('Within 30 days'), '90': later('Within 90 days'),
                '365': later('Within a year')}[self.value]  # fmt: skip

    @property
    def days(self) -> int:
        """So many days from today; -1 for what has expired."""
        return -1 if self is Within.EXPIRED else int(self.value)


SORTS = ('expires_on', 'member_name', 'title')


@query(VIEW)
async def list_expiring(work: Work, asked: ListQuery) -> Page[Expiring]:
    """Return a page of what has expired or will, of those whose file the actor sees; the most urgent first.

    Filters: `within` (of `Within`, 90 days unless said), `kind` (`licences`, `documents`). Raises Invalid for others.
    """
    return paged(await find_expiring(work, asked), asked)


async def find_expiring(work: Work, asked: ListQuery) -> list[Expiring]:
    """Return all that `list_expiring` finds."""
    for name in asked.filters.keys() - {'within', 'kind'}:
        raise no_filter(name, ('within', 'kind'))
    order = asked.sort or SORTS[0]
    if order not in SORTS:
        raise no_sort(order, SORTS)
    seen = await sight(work)
    wanted = [choice_in(Within, 'within', value).days for value in asked.values('within')]
    found = [
        one for one in await _expiring(work, seen.today, max(wanted, default=LEVELS[-1]))
        if seen.sees(Level.FILE, one.member_id)
        and one.kind in (asked.values('kind') or [one.kind])
        and all(word in fold(f'{one.member_name} {one.title}') for word in fold(asked.q).split())
    ]  # fmt: skip
    found.sort(key=lambda one: getattr(one, order) if order == SORTS[0] else fold(getattr(one, order)))
    return found[::-1] if asked.descending else found


async def _expiring(work: Work, today: date, within_days: int) -> list[Expiring]:
    until = today + timedelta(days=within_days)
    found: list[Expiring] = []
    for kind, model, title in (
        ('licences', Licence, Licence.kind),
        ('documents', MemberDocument, MemberDocument.title),
    ):
        table: Any = model
        columns: list[Any] = [
            table.id, table.member_id, title, table.expires_on, Member.preferred_name, Member.first_name,
            Member.last_name, Member.account_id,
        ]  # fmt: skip
        statement = (
            sa.select(*columns)
            .join(Member, col(Member.id) == table.member_id)
            .where(table.expires_on <= until, table.superseded_by_id.is_(None))
            .where(col(Member.archived_at).is_(None), col(Member.status) != MemberStatus.LEFT)
        )
        if model is MemberDocument:
            statement = statement.where(table.deleted_at.is_(None))
        for row_id, member_id, name, expires_on, preferred, first, last, account_id in await work.all(statement):
            who = called(preferred, first, last)
            days = (expires_on - today).days
            found.append(Expiring(kind, row_id, member_id, who, account_id, name, expires_on, days))
    return sorted(found, key=lambda one: (one.expires_on, one.member_name))


@domain.job(schedule='15 6 * * *')
async def remind_of_expiry(work: Work) -> int:
    """Tell the person and those who keep files; of levels that passed while Logbook was down only the last is told.

    Returns how many records were told of.
    """
    seen = await sight(work)
    keepers = await accounts_with(work, EDIT)
    told = 0
    for one in await _expiring(work, seen.today, LEVELS[-1]):
        level = level_of(one.days_left)
        key = f'{one.kind}:{one.id}:{level}'
        for account_id in {*keepers, *([one.account_id] if one.account_id else [])}:
            await notifications.tell(
                work,
                account_id,
                kind=notifications.DOCUMENT_EXPIRING,
                title=_title(one, own=account_id == one.account_id),
                link=f'/members/{one.member_id}?tab=documents',
                object_type='Member',
                object_id=one.member_id,
                key=key,
            )
        told += 1
    return told


def _title(one: Expiring, *, own: bool) -> Sentence:
    """Say what runs out and when, to whom it belongs or to who keeps the files."""
    days, whose = one.days_left, {'title': one.title, 'name': one.member_name}
    if days < 0:
        text = later('Your {title} expired on {day}') if own else later('{title} of {name} expired on {day}')
        return told(text, day=one.expires_on, **whose)
    if days == 0:
        return told(later('Your {title} expires today') if own else later('{title} of {name} expires today'), **whose)
    if days == 1:
        text = later('Your {title} expires tomorrow') if own else later('{title} of {name} expires tomorrow')
        return told(text, **whose)
    if own:
        return told_many('Your {title} expires in {count} day', 'Your {title} expires in {count} days', days, **whose)
    return told_many(
        '{title} of {name} expires in {count} day', '{title} of {name} expires in {count} days', days, **whose
    )

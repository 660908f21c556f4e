"""Calendar feeds: a secret address by which a calendar program reads somebody's tasks, until it is revoked."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from data.members import Member
from data.tasks import Task, TaskFeed, TaskList, TaskPriority, TaskStatus
from logic import watchers
from logic.core import config
from logic.core.actor import Actor
from logic.core.errors import Invalid, NotFound
from logic.core.language import _, speaking
from logic.core.rich_text import plain
from logic.core.service import PUBLIC, query, service
from logic.core.whose import belongs_to
from logic.core.work import Work
from logic.tasks.domain import VIEW, domain
from logic.tasks.reading import mine
from logic.tasks.rows import OPEN, TaskRow, made_row, row_select, with_parts
from logic.tasks.visibility import sight

TOKEN_BYTES = 32
MOST = 1000
SHOWN_DONE = timedelta(days=30)
STATUSES = {
    TaskStatus.PENDING: 'NEEDS-ACTION', TaskStatus.IN_PROGRESS: 'IN-PROCESS', TaskStatus.COMPLETED: 'COMPLETED',
    TaskStatus.CANCELLED: 'CANCELLED',
}  # fmt: skip
PRIORITIES = {TaskPriority.URGENT: 1, TaskPriority.HIGH: 3, TaskPriority.MEDIUM: 5, TaskPriority.LOW: 9}


@dataclass(frozen=True, slots=True)
class FeedState:
    """Whether the actor has a calendar address, and since when; the secret itself is shown once."""

    exists: bool
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FeedContent:
    """A feed as a calendar program gets it."""

    content: bytes
    etag: str


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def _mine(work: Work) -> TaskFeed | None:
    statement = select(TaskFeed).where(belongs_to(TaskFeed.member_id, work.actor.member_id))
    return await work.first(statement)  # type: ignore[no-any-return]


@query(VIEW)
async def my_feed(work: Work) -> FeedState:
    """Say whether the actor has a calendar address."""
    row = await _mine(work)
    return FeedState(False) if row is None else FeedState(True, row.created_at)


@service(VIEW, secret=True)
async def make_feed(work: Work) -> str:
    """Make a calendar address of the actor's own and return its secret, which is not shown again; an older one ends."""
    me = await work.find(Member, work.actor.member_id)
    if me is None:
        raise Invalid('A calendar address belongs to a person, and you act for none here. Sign in as yourself.')
    await revoke_feed(work)
    await work.flush()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    work.add(TaskFeed(member_id=me.id, token_hash=_hash(token)))
    return token


@service(VIEW)
async def revoke_feed(work: Work) -> None:
    """Let the actor's calendar address lead nowhere from now on; without one nothing happens."""
    row = await _mine(work)
    if row is not None:
        await work.delete(row)


@query(PUBLIC)
async def read_feed(work: Work, token: str, *, events: bool = False) -> FeedContent:
    """Return the tasks of whoever has this secret: what waits for him, and what he finished in the last 30 days.

    With `events` tasks with a date are days of the calendar, for programs that show no to-dos (Outlook). Raises
    NotFound for a secret that is unknown or revoked, and when its person may not see tasks any more (rule 17).
    """
    async with work.everywhere():
        feed: TaskFeed | None = await work.first(select(TaskFeed).where(TaskFeed.token_hash == _hash(token)))
    if feed is None:
        raise NotFound('This calendar address leads nowhere. Make a new one in your tasks.')
    work.enter(feed.organization_id)
    actor = (await watchers.actors_of(work, [feed.member_id])).get(feed.member_id)
    if actor is None or not actor.may(VIEW) or domain.name in actor.modules_off:
        raise NotFound('This calendar address leads nowhere any more.')
    work.actor = actor
    rows = await _rows(work)
    with speaking(actor.locale):
        content = _calendar(rows, actor, events=events)
    return FeedContent(content, f'"{hashlib.sha256(content).hexdigest()[:32]}"')


async def _rows(work: Work) -> list[tuple[TaskRow, str]]:
    seen = await sight(work)
    shown = sa.or_(col(Task.status).in_(OPEN), col(Task.completed_at) >= work.now - SHOWN_DONE)
    statement = row_select(seen).add_columns(col(Task.description))
    statement = statement.where(seen.tasks(), mine(seen.member_id), shown, col(TaskList.archived_at).is_(None))
    found = await work.all(statement.order_by(col(Task.due_on).is_(None), col(Task.due_on), col(Task.id)).limit(MOST))
    rows = [made_row(row, seen, work.now) for row in found]
    for at in range(0, len(rows), 400):
        await with_parts(work, rows[at : at + 400])
    return [(row, kept.description) for row, kept in zip(rows, found, strict=True)]


def _calendar(rows: list[tuple[TaskRow, str]], actor: Actor, *, events: bool) -> bytes:
    from icalendar import Calendar, Event, Todo  # 80 modules and 4 MB that few departments ask for

    calendar = Calendar()
    calendar.add('prodid', '-//Logbook//Tasks//EN')
    calendar.add('version', '2.0')
    calendar.add('method', 'PUBLISH')
    calendar.add('x-wr-calname', _('Tasks of {name}', name=actor.name))
    for row, description in rows:
        if not events:
            calendar.add_component(_todo(Todo(), row, description))
        elif row.due_on is not None:
            calendar.add_component(_event(Event(), row, description))
    return bytes(calendar.to_ical())


def _common(component: Any, row: TaskRow, description: str) -> None:
    component.add('uid', f'{row.id}@logbook')
    component.add('dtstamp', row.updated_at)
    component.add('last-modified', row.updated_at)
    component.add('created', row.created_at)
    component.add('sequence', row.version - 1)
    component.add('url', f'{config.configured().address}/tasks/{row.id}')
    if text := plain(description, 2000):
        component.add('description', text)
    if row.labels:
        component.add('categories', [label.name for label in row.labels])


def _todo(todo: Any, row: TaskRow, description: str) -> Any:
    _common(todo, row, description)
    todo.add('summary', row.title)
    todo.add('status', STATUSES[row.status])
    todo.add('priority', PRIORITIES[row.priority])
    todo.add('percent-complete', 100 if row.completed_at else row.progress)
    due, start = row.due_at or row.due_on, row.start_at or row.start_on
    if due is not None:
        todo.add('due', due)
    # RFC 5545: both are days, or both are points in time, and the beginning is the earlier one.
    if start is not None and (
        due is None or (isinstance(start, datetime) == isinstance(due, datetime) and start < due)
    ):
        todo.add('dtstart', start)
    if row.completed_at is not None:
        todo.add('completed', row.completed_at)
    return todo


def _event(event: Any, row: TaskRow, description: str) -> Any:
    _common(event, row, description)
    event.add('summary', f'{"✓ " if row.completed_at else ""}{row.title}')
    assert row.due_on is not None
    event.add('dtstart', row.due_on)
    event.add('dtend', row.due_on + timedelta(days=1))
    event.add('transp', 'TRANSPARENT')
    return event

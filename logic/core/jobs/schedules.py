"""Schedules: when a cron expression is due, and writing its jobs once on any number of nodes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from uuid import UUID

import structlog
from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from data.database import EVERYWHERE, database, insert_unless_there
from data.organizations import Organization
from data.work import JobRow, JobSchedule
from logic.core.domain import Job, domains, jobs
from logic.core.live import Change, hub

log = structlog.get_logger(__name__)
LIMITS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
FARTHEST_DAYS = 366 * 8
"""29 February may be eight years away (1896 to 1904)."""
CLOCK_TOLERANCE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Times:
    """A cron expression taken apart: the five fields as sets, the hours and minutes in order."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either: bool
    """Cron's rule: when day and weekday are both restricted, either one is enough."""

    def has(self, day: date) -> bool:
        """Say whether something is due on a day."""
        in_month, in_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return day.month in self.months and ((in_month or in_week) if self.either else (in_month and in_week))

    def of(self, day: date) -> Iterator[datetime]:
        """Return the instants of a day, the latest first."""
        if self.has(day):
            for hour in reversed(self.hours):
                for minute in reversed(self.minutes):
                    yield datetime.combine(day, time(hour, minute), UTC)


@lru_cache(maxsize=256)
def parse(expression: str) -> Times:
    """Read `minute hour day month weekday`, each `*`, `*/5`, `1-5` or `1,15`. Raises ValueError."""
    parts = expression.split()
    if len(parts) != len(LIMITS):
        raise ValueError(f'"{expression}" is no schedule: it has {len(parts)} fields and not five.')
    minutes, hours, days, months, weekdays = (_field(part, *limits) for part, limits in zip(parts, LIMITS, strict=True))
    either = parts[2] != '*' and parts[4] != '*'
    return Times(
        tuple(sorted(minutes)), tuple(sorted(hours)), days, months, frozenset(day % 7 for day in weekdays), either
    )


def _field(text: str, least: int, most: int) -> frozenset[int]:
    values: set[int] = set()
    for part in text.split(','):
        span, _, step = part.partition('/')
        first, _, last = span.partition('-')
        start = least if span == '*' else int(first)
        end = most if span == '*' or (step and not last) else int(last or first)
        if not (least <= start <= end <= most) or int(step or 1) < 1:
            raise ValueError(f'"{part}" is not within {least} to {most}.')
        values.update(range(start, end + 1, int(step or 1)))
    return frozenset(values)


def latest(expression: str, until: datetime) -> datetime:
    """Return the last instant of a schedule that is not after `until`."""
    times = parse(expression)
    for days in range(FARTHEST_DAYS):
        for instant in times.of((until - timedelta(days=days)).date()):
            if instant <= until:
                return instant
    raise ValueError(f'"{expression}" is never due.')


def following(expression: str, after: datetime) -> datetime:
    """Return the first instant of a schedule after `after`."""
    times = parse(expression)
    for days in range(FARTHEST_DAYS):
        later = [instant for instant in times.of((after + timedelta(days=days)).date()) if instant > after]
        if later:
            return later[-1]
    raise ValueError(f'"{expression}" is never due.')


def next_due(now: datetime) -> datetime | None:
    """Return when the next schedule of any job is due."""
    return min((following(job.schedule, now) for job in jobs.values() if job.schedule), default=None)


async def fire(now: datetime) -> int:
    """Write the jobs of every schedule that is due; returns how many. After a downtime each fires once, not once a day.

    Whoever moves a schedule's row on writes its jobs in the same transaction, so that no two nodes do.
    """
    due = {job.name: latest(job.schedule, now) for job in jobs.values() if job.schedule}
    async with database().read(EVERYWHERE) as session:
        fired = {row.name: row.fired_at for row in await session.exec(select(JobSchedule))}
    waiting = {
        name: instant
        for name, instant in due.items()
        if name not in fired or fired[name] < instant or fired[name] > now + CLOCK_TOLERANCE
    }
    if not waiting:
        return 0
    async with database().write(EVERYWHERE) as session:
        written: list[JobRow] = []
        for name, instant in sorted(waiting.items()):
            if name not in fired:  # a new schedule begins now; there is nothing to catch up with
                await insert_unless_there(session, JobSchedule, {'name': name, 'fired_at': now})
            elif await _move(session, name, fired[name], instant):
                written += await _jobs(session, jobs[name], instant, now)
        for row in written:
            await insert_unless_there(session, JobRow, row.model_dump())
        await session.commit()
    hub.publish([Change(row.organization_id, 'JobRow', row.id) for row in written])
    return len(written)


async def _move(session: AsyncSession, name: str, seen: datetime, instant: datetime) -> bool:
    """Move a schedule on, unless another node did; a time far ahead was written by a clock that was wrong."""
    if seen > instant:
        log.warning('jobs.schedule_from_the_future', schedule=name, fired_at=seen.isoformat())
    moved = await session.exec(
        update(JobSchedule)
        .where(col(JobSchedule.name) == name, col(JobSchedule.fired_at) == seen)
        .values(fired_at=instant)
        .execution_options(synchronize_session=False)
    )
    return bool(moved.rowcount == 1 and seen < instant)


async def _jobs(session: AsyncSession, job: Job, instant: datetime, now: datetime) -> list[JobRow]:
    if job.is_for_instance:
        return [_row(job, None, instant, now)]
    rows = await session.exec(select(col(Organization.id), col(Organization.settings)))
    return [_row(job, found, instant, now) for found, settings in rows if job.domain not in off(settings.modules_off)]


def off(modules_off: frozenset[str]) -> frozenset[str]:
    """Return those domains that really are off: one that cannot be switched stays on whatever is stored."""
    return frozenset(name for name in modules_off if name in domains and domains[name].switchable)


def _row(job: Job, organization_id: UUID | None, instant: datetime, now: datetime) -> JobRow:
    key = f'{job.name}|{instant:%Y-%m-%dT%H:%MZ}|{organization_id or ""}'
    row = JobRow(organization_id=organization_id, name=job.name, arguments='[]', run_at=now, created_at=now)
    row.unique_key = key
    return row

"""The queue in the table `job`: what is due, claiming it under a lease, and saying what came of it.

Every change of a claimed row names the claim, runner and attempt: a runner that was taken for dead changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from data.work import JobRow, JobStatus

LONGEST_ERROR = 2000


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job that this runner has claimed."""

    id: UUID
    attempt: int
    runner: str
    organization_id: UUID | None
    name: str
    arguments: str
    created_at: datetime


def _due(now: datetime) -> Any:
    return or_(
        and_(col(JobRow.status) == JobStatus.WAITING, col(JobRow.run_at) <= now),
        and_(col(JobRow.status) == JobStatus.RUNNING, col(JobRow.leased_until) < now),
    )


async def candidates(
    session: AsyncSession, now: datetime, limit: int, not_these: Iterable[UUID], not_named: Iterable[str]
) -> list[JobRow]:
    """Return the jobs that are due, the most urgent first."""
    order = (col(JobRow.priority).desc(), col(JobRow.run_at), col(JobRow.id))
    others = (col(JobRow.id).not_in(list(not_these)), col(JobRow.name).not_in(list(not_named)))
    return list(await session.exec(select(JobRow).where(_due(now), *others).order_by(*order).limit(limit)))


async def next_at(session: AsyncSession) -> datetime | None:
    """Return when something will be due, as far as is known now."""
    waiting = select(func.min(JobRow.run_at)).where(col(JobRow.status) == JobStatus.WAITING)
    leased = select(func.min(JobRow.leased_until)).where(col(JobRow.status) == JobStatus.RUNNING)
    times = [(await session.exec(statement)).one() for statement in (waiting, leased)]
    return min((instant for instant in times if instant is not None), default=None)


async def claim(session: AsyncSession, row: JobRow, runner: str, now: datetime, lease: timedelta) -> Claimed | None:
    """Take a job, unless another runner was faster: the row must still be as it was seen."""
    taken = await session.exec(
        update(JobRow)
        .where(
            col(JobRow.id) == row.id,
            col(JobRow.status) == row.status,
            col(JobRow.attempts) == row.attempts,
            _due(now),
        )
        .values(status=JobStatus.RUNNING, attempts=row.attempts + 1, leased_by=runner, leased_until=now + lease)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:
        return None
    return Claimed(row.id, row.attempts + 1, runner, row.organization_id, row.name, row.arguments, row.created_at)


async def renew(session: AsyncSession, mine: Iterable[UUID], runner: str, until: datetime) -> set[UUID]:
    """Prolong the leases of a runner; return which of its jobs it still holds."""
    ids = list(mine)
    held = (col(JobRow.id).in_(ids), col(JobRow.leased_by) == runner, col(JobRow.status) == JobStatus.RUNNING)
    await session.exec(
        update(JobRow).where(*held).values(leased_until=until).execution_options(synchronize_session=False)
    )
    return set(await session.exec(select(JobRow.id).where(*held)))


async def _change(session: AsyncSession, claim: Claimed, **values: Any) -> bool:
    """Change a claimed row; False when it is no longer this claim's."""
    changed = await session.exec(
        update(JobRow)
        .where(
            col(JobRow.id) == claim.id,
            col(JobRow.leased_by) == claim.runner,
            col(JobRow.attempts) == claim.attempt,
            col(JobRow.status) == JobStatus.RUNNING,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount == 1)


async def say(session: AsyncSession, claim: Claimed, percent: int, note: str) -> bool:
    """Note how far a job is."""
    return await _change(session, claim, progress=percent, **({'note': note} if note else {}))


async def finish(session: AsyncSession, claim: Claimed, now: datetime) -> bool:
    """Note that a job is done; in the transaction of its work, so that it is done once."""
    return await _change(
        session, claim, status=JobStatus.DONE, finished_at=now, error=None, leased_by=None, leased_until=None
    )


async def give_up(session: AsyncSession, claim: Claimed, now: datetime, error: str, status: JobStatus) -> bool:
    """Note that a job has failed for good, or was cancelled."""
    return await _change(
        session, claim, status=status, finished_at=now, error=error[:LONGEST_ERROR], leased_by=None, leased_until=None
    )


async def put_back(session: AsyncSession, claim: Claimed, run_at: datetime, error: str | None, attempts: int) -> bool:
    """Let a job wait for another attempt."""
    return await _change(
        session,
        claim,
        status=JobStatus.WAITING,
        run_at=run_at,
        error=None if error is None else error[:LONGEST_ERROR],
        attempts=attempts,
        leased_by=None,
        leased_until=None,
    )


async def release_all(session: AsyncSession, now: datetime) -> int:
    """Let every running job wait again: at the start of the only process, what was running died with the one before."""
    freed = await session.exec(
        update(JobRow)
        .where(col(JobRow.status) == JobStatus.RUNNING)
        .values(status=JobStatus.WAITING, run_at=now, leased_by=None, leased_until=None)
        .execution_options(synchronize_session=False)
    )
    return int(freed.rowcount)

"""The runner: embedded in the process, it runs a few due jobs at once, each in a work of its own, at least once."""

import asyncio
import contextlib
import json
import os
import random  # allow LR13: spreads the load of retries, guards nothing
import secrets
import socket
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.exc import OperationalError
from sqlmodel.ext.asyncio.session import AsyncSession

from data.core import now
from data.database import EVERYWHERE, database, fault_number
from data.organizations import Organization
from data.work import JobStatus
from logic.core.actor import Actor
from logic.core.domain import Job, domains, jobs
from logic.core.errors import AppError, Conflict, TooMany, Unavailable
from logic.core.jobs import queue, schedules
from logic.core.jobs.queue import Claimed
from logic.core.jobs.run import Cancelled, Run
from logic.core.live import Change, hub
from logic.core.work import Work

log = structlog.get_logger(__name__)
AT_ONCE = 4
LEASE = timedelta(seconds=60)
POLL_SECONDS = 5.0
"""How often other nodes' jobs are looked for without Redis; our own wake us at once."""
DEADLOCKS = frozenset({1213, 1205})
DEADLOCK_ATTEMPTS = 3
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=1)
# A refusal that time may heal; any other one will be the same tomorrow.
PASSING = (Conflict, TooMany, Unavailable)


def backoff(attempt: int) -> timedelta:
    """Return the wait before the next attempt: 5 s, then four times as long each time, at most 1 h, ±10 %."""
    factor: int = 4 ** min(attempt - 1, 10)
    return min(FIRST_WAIT * factor, LONGEST_WAIT) * random.uniform(0.9, 1.1)  # noqa: S311  spreads load, guards nothing


class Runner:
    """Runs jobs until it is stopped. `alone` says that no other process serves this database."""

    def __init__(
        self,
        *,
        at_once: int = AT_ONCE,
        lease: timedelta = LEASE,
        poll_seconds: float = POLL_SECONDS,
        alone: bool = False,
    ) -> None:
        self.name = f'{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(4)}'
        self._at_once, self._lease, self._poll, self._alone = at_once, lease, poll_seconds, alone
        self._running: dict[UUID, asyncio.Task[None]] = {}
        self._names: dict[UUID, str] = {}
        self._woken = asyncio.Event()
        self._loops: list[asyncio.Task[None]] = []
        self._unsubscribe: Callable[[], None] = lambda: None
        self._schedules_at: datetime | None = None
        self.is_stopping = False

    @property
    def running(self) -> int:
        """How many jobs run now."""
        return len(self._running)

    async def start(self) -> None:
        """Begin to run jobs; returns at once."""
        if self._alone:
            async with database().write(EVERYWHERE) as session:
                freed = await queue.release_all(session, now())
                await session.commit()
            if freed:
                log.info('jobs.resumed', count=freed)
        self._unsubscribe = hub.subscribe_everywhere(['JobRow'], self._changed)
        self._loops = [asyncio.create_task(self._serve()), asyncio.create_task(self._beat())]

    async def stop(self, within_seconds: float = 10.0) -> None:
        """Take no more jobs, let the running ones finish, and put back what does not finish in time."""
        self.is_stopping = True
        self._unsubscribe()
        self._woken.set()
        if self._running:
            await asyncio.wait(self._running.values(), timeout=within_seconds)
        for task in [*self._running.values(), *self._loops]:
            task.cancel()
        await asyncio.gather(*self._running.values(), *self._loops, return_exceptions=True)
        self._loops = []

    async def run_until_idle(self, limit: int = 10_000) -> int:
        """Run all that is due now, round after round, for commands and tests; returns how many jobs ran."""
        ran = 0
        while ran < limit and (claimed := await self._claim()):
            ran += len(claimed)
            await asyncio.gather(*(self._launch(claim) for claim in claimed))
        return ran

    # The loops

    def _changed(self, change: Change) -> None:
        self._woken.set()

    async def _serve(self) -> None:
        while not self.is_stopping:
            self._woken.clear()
            try:
                wait = await self._round()
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001  the database may be away; the runner must outlive that
                log.warning('jobs.database_unreachable', error=str(error)[:300])
                wait = self._poll
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), wait)

    async def _round(self) -> float:
        """Fire schedules and start what is due; returns for how many seconds there is nothing to do."""
        present = now()
        if self._schedules_at is None or present >= self._schedules_at:
            await schedules.fire(present)
            self._schedules_at = schedules.next_due(present)
        for claim in await self._claim():
            self._launch(claim)
        if len(self._running) >= self._at_once:
            return self._poll  # whichever ends first wakes us
        async with database().read(EVERYWHERE) as session:
            times = [instant for instant in (await queue.next_at(session), self._schedules_at) if instant is not None]
        seconds = min(((instant - now()).total_seconds() for instant in times), default=self._poll)
        return max(0.05, min(seconds, self._poll))

    async def _beat(self) -> None:
        """Renew our leases, and stop what is no longer ours."""
        while True:
            await asyncio.sleep(self._lease.total_seconds() / 4)
            if not self._running:
                continue
            try:
                async with database().write(EVERYWHERE) as session:
                    asked = set(self._running)
                    held = await queue.renew(session, asked, self.name, now() + self._lease)
                    await session.commit()
            except Exception as error:  # noqa: BLE001  the next beat tries again; the lease outlives three of them
                log.warning('jobs.heartbeat_failed', error=str(error)[:300])
                continue
            for lost in asked - held:
                if lost in self._running:
                    self._running[lost].cancel()

    async def _claim(self) -> list[Claimed]:
        free = self._at_once - len(self._running)
        if free <= 0:
            return []
        present = now()
        # One kind of job never takes every place: a mail server that does not answer must not stop the rest.
        of_kind = Counter(self._names[job_id] for job_id in self._running)
        most = max(1, self._at_once - 1)
        full = [name for name, count in of_kind.items() if count >= most]
        async with database().read(EVERYWHERE) as session:
            rows = await queue.candidates(session, present, free * 3, self._running, full)
        claimed: list[Claimed] = []
        if rows:
            async with database().write(EVERYWHERE) as session:
                for row in rows:
                    if len(claimed) < free and of_kind[row.name] < most:
                        claim = await queue.claim(session, row, self.name, present, self._lease)
                        if claim is not None:
                            claimed.append(claim)
                            of_kind[row.name] += 1
                await session.commit()
        return claimed

    # One job

    def _launch(self, claim: Claimed) -> asyncio.Task[None]:
        task = asyncio.create_task(self._run(claim))
        self._running[claim.id] = task
        self._names[claim.id] = claim.name

        def ended(_: asyncio.Task[None]) -> None:
            self._running.pop(claim.id, None)
            self._names.pop(claim.id, None)
            self._woken.set()

        task.add_done_callback(ended)
        return task

    async def _run(self, claim: Claimed) -> None:
        with structlog.contextvars.bound_contextvars(job=claim.name, job_id=str(claim.id), attempt=claim.attempt):
            job = jobs.get(claim.name)
            try:
                if job is None:
                    await self._end(claim, JobStatus.FAILED, 'This version of Logbook has no such job.')
                elif claim.attempt > job.attempts:
                    await self._end(claim, JobStatus.FAILED, 'The process ended in the midst of every attempt.')
                elif await _is_off(job, claim.organization_id):
                    await self._end(claim, JobStatus.CANCELLED, 'Its module is switched off.')
                else:
                    await self._attempt(job, claim)
            except asyncio.CancelledError:
                if self.is_stopping:
                    await asyncio.shield(self._put_back(claim, now(), None, claim.attempt - 1))
                raise
            except Exception:
                # What became of the job could not be written down: its lease runs out, and it runs again.
                log.exception('jobs.outcome_not_stored')

    async def _attempt(self, job: Job, claim: Claimed) -> None:
        try:
            arguments = json.loads(claim.arguments)
            if job.is_detached:
                await job(Run(claim), *arguments)
                await self._done(claim)
            else:
                await _work(job, claim, arguments)
            log.info('jobs.done')
        except Cancelled:
            log.info('jobs.cancelled')
        except AppError as error:
            await self._failed(job, claim, error.message, passing=isinstance(error, PASSING))
        except Exception as error:  # noqa: BLE001  a broken job must not end the runner
            await self._failed(job, claim, f'{type(error).__name__}: {error}', passing=True, bug=error)

    async def _done(self, claim: Claimed) -> None:
        async with database().write(EVERYWHERE) as session:
            await queue.finish(session, claim, now())
            await session.commit()
        _tell(claim)

    async def _failed(
        self, job: Job, claim: Claimed, error: str, *, passing: bool, bug: Exception | None = None
    ) -> None:
        if passing and claim.attempt < job.attempts:
            log.warning('jobs.attempt_failed', error=error[:300])
            await self._put_back(claim, now() + backoff(claim.attempt), error, claim.attempt)
        else:
            log.error('jobs.failed', error=error[:300], exc_info=bug)
            await self._end(claim, JobStatus.FAILED, error)

    async def _put_back(self, claim: Claimed, run_at: datetime, error: str | None, attempts: int) -> None:
        async with database().write(EVERYWHERE) as session:
            await queue.put_back(session, claim, run_at, error, attempts)
            await session.commit()
        _tell(claim)

    async def _end(self, claim: Claimed, status: JobStatus, error: str) -> None:
        async with database().write(EVERYWHERE) as session:
            await queue.give_up(session, claim, now(), error, status)
            await session.commit()
        _tell(claim)


def _tell(claim: Claimed) -> None:
    hub.publish([Change(claim.organization_id, 'JobRow', claim.id)])


async def _is_off(job: Job, organization_id: UUID | None) -> bool:
    domain = domains.get(job.domain)
    if organization_id is None or domain is None or not domain.switchable:
        return False
    async with database().read(EVERYWHERE) as session:
        organization = await session.get(Organization, organization_id)
    return organization is not None and job.domain in organization.settings.modules_off


async def _work(job: Job, claim: Claimed, arguments: list[Any]) -> None:
    """Run a job in a work of its own; that it is done is stored with what it did, so its effects are stored once."""
    for attempt in range(1, DEADLOCK_ATTEMPTS + 1):
        try:
            async with database().write(claim.organization_id) as session:
                await _transact(session, job, claim, arguments)
            return
        except OperationalError as error:
            if attempt == DEADLOCK_ATTEMPTS or fault_number(error) not in DEADLOCKS:
                raise
            await asyncio.sleep(0.02 * attempt)


async def _transact(session: AsyncSession, job: Job, claim: Claimed, arguments: list[Any]) -> None:
    work = Work(session, Actor.system(claim.organization_id), job.name)
    await job(work, *arguments)
    await work.flush()
    if not await queue.finish(session, claim, work.now):
        raise Cancelled(f'{job.name} was cancelled, or its lease ran out.')
    await work.finish()
    await session.commit()
    hub.publish([*work.committed(), Change(claim.organization_id, 'JobRow', claim.id)])

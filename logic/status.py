"""How this installation stands: what health checks may know, what an administrator sees, and the jobs."""

import asyncio
import os
import resource
import shutil
import sqlite3
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy import delete, func
from sqlmodel import col, select

from data import schema
from data.audit import AuditAnchor, AuditCheckpoint, AuditLog, AuditVerdict
from data.backup import BackupRun
from data.core import now
from data.database import EVERYWHERE, Database, database
from data.identity import Session
from data.work import JobRow, JobSchedule, JobStatus
from logic import audit, backup, mail, storage
from logic.core import clock, config, files
from logic.core.config import Settings
from logic.core.domain import Domain
from logic.core.errors import Conflict, NotFound
from logic.core.idempotency import forget_old_keys
from logic.core.listing import ListQuery, Page
from logic.core.sentences import told
from logic.core.service import SYSTEM, query, service
from logic.core.version import VERSION
from logic.core.work import Work

log = structlog.get_logger(__name__)
domain = Domain(
    'status',
    title='System status',
    icon='sym_o_monitor_heart',
    group='Platform',
    description='Whether everything runs as it should.',
)
VIEW = domain.permission('view', 'See the system status and the jobs')
MANAGE = domain.permission('manage', 'Run failed jobs again and cancel jobs')

STARTED_AT = now()
LEAST_FREE_BYTES = 200_000_000
READY_SECONDS = 5.0
"""A readiness check writes; anybody may ask, so the answer is kept for a moment."""
LAG_EVERY_SECONDS = 0.25
LAG_ALARM_SECONDS = 0.2
DISK_EVERY_SECONDS = 5.0
DONE_KEPT, ENDED_KEPT = timedelta(days=14), timedelta(days=90)
PROBE = 'status.probe'


# Vital signs


@dataclass(slots=True)
class Lag:
    """How late the event loop was in the last minute, in seconds."""

    samples: deque[float] = field(default_factory=lambda: deque(maxlen=240))

    @property
    def worst(self) -> float:
        """The longest delay."""
        return max(self.samples, default=0.0)

    @property
    def usual(self) -> float:
        """The delay that 99 of 100 were below."""
        ordered = sorted(self.samples)
        return ordered[int(len(ordered) * 0.99)] if ordered else 0.0


lag = Lag()


async def watch() -> None:
    """Measure the lag of the event loop, the free disk and the clock, while the process serves. Runs as a task."""
    disk_at = 0.0
    while True:
        before = time.monotonic()
        await asyncio.sleep(LAG_EVERY_SECONDS)
        late = time.monotonic() - before - LAG_EVERY_SECONDS
        lag.samples.append(max(0.0, late))
        if late > LAG_ALARM_SECONDS:
            log.warning('status.loop_was_blocked', seconds=round(late, 3))
        if before > disk_at + DISK_EVERY_SECONDS:
            disk_at = before
            clock.watched.look()
            guard_disk(database(), config.configured().data_dir)


def guard_disk(known: Database, folder: Path) -> None:
    """Refuse writes while the disk is nearly full, so that SQLite never meets its end; reading goes on."""
    free = shutil.disk_usage(folder).free
    nearly_full = known.is_sqlite and free < LEAST_FREE_BYTES
    if nearly_full != bool(known.refuses_writes):
        log.warning('status.disk_nearly_full' if nearly_full else 'status.disk_has_room_again', free_bytes=free)
    known.refuses_writes = (
        told(
            'The disk of this Logbook is full ({megabytes} MB are left), so nothing can be saved. Nothing is lost; '
            'the administrator has to make room.',
            megabytes=round(free / 1e6),
        )
        if nearly_full
        else ''
    )


# Health: asked by machines, without signing in


@dataclass(frozen=True, slots=True)
class Check:
    """Whether one thing works; `detail` is for administrators."""

    is_well: bool
    detail: str = ''


def alive() -> dict[str, str]:
    """Say that the process runs."""
    return {'status': 'ok', 'version': VERSION}


_known_checks: dict[str, tuple[float, Check]] = {}


async def _kept(name: str, check: Any) -> Check:
    known = _known_checks.get(name)
    if known is None or time.monotonic() - known[0] > READY_SECONDS:
        known = (time.monotonic(), await check())
        _known_checks[name] = known
    return known[1]


async def database_ready() -> Check:
    """Whether the database takes a write, has the present schema, and has disk to grow on."""
    return await _kept('database', _database_ready)


async def _database_ready() -> Check:
    known = database()
    guard_disk(known, config.configured().data_dir)
    if known.refuses_writes:
        return Check(False, known.refuses_writes)
    try:
        async with asyncio.timeout(5), known.write(EVERYWHERE) as session:
            stored = await session.scalar(sa.text('SELECT version_num FROM alembic_version'))
            if stored != schema.head():
                return Check(False, f'The database has schema {stored}, this program needs {schema.head()}.')
            row = await session.get(JobSchedule, PROBE) or JobSchedule(name=PROBE, fired_at=now())
            row.fired_at = now()
            session.add(row)
            await session.commit()
    except Exception as error:  # noqa: BLE001  whatever it is, the database is not ready
        return Check(False, str(error)[:300] or type(error).__name__)
    return Check(True)


async def redis_ready() -> Check | None:
    """Whether Redis answers; None when none is configured."""
    settings = config.configured()
    return None if settings.redis_url is None else await _kept('redis', lambda: _ping(settings))


async def _ping(settings: Settings) -> Check:
    from redis.asyncio import Redis

    try:
        known = Redis.from_url(settings.redis_url or '', socket_connect_timeout=2, **settings.redis_options)
        async with asyncio.timeout(3), known as client:
            await client.ping()
    except Exception as error:  # noqa: BLE001  as above
        return Check(False, str(error)[:300] or type(error).__name__)
    return Check(True)


# What an administrator sees


@dataclass(frozen=True, slots=True)
class SystemStatus:
    """How this installation stands; sizes in bytes, ages are left to who shows them."""

    version: str
    python: str
    started_at: datetime
    database: str
    database_bytes: int | None
    schema: str
    disk_free_bytes: int
    disk_total_bytes: int
    is_disk_low: bool
    memory_bytes: int
    lag_worst_seconds: float
    lag_usual_seconds: float
    clock_ahead: timedelta
    """Of the database server's."""
    clock_set_at: datetime | None
    clock_set_by: timedelta
    redis: Check | None
    jobs_waiting: int
    jobs_running: int
    jobs_failed: int
    oldest_due_at: datetime | None
    mail: mail.MailState
    store: storage.StoreState
    last_backup_at: datetime | None
    last_backup_error: str
    last_trial_at: datetime | None
    last_trial: str
    last_checkpoint_at: datetime | None
    last_anchor_at: datetime | None
    verdict: audit.LastVerdict | None
    """What the last verification of the audit log found; None before the first."""


@query(VIEW)
async def system_status(work: Work) -> SystemStatus:
    """Return how this installation stands."""
    settings, known = config.configured(), database()
    disk = shutil.disk_usage(settings.data_dir)
    counts = dict(
        (await work.session.exec(select(col(JobRow.status), func.count()).group_by(col(JobRow.status)))).all()
    )
    due = (col(JobRow.status) == JobStatus.WAITING, col(JobRow.run_at) <= work.now)
    last = await backup.last_backup(work)
    trial = await backup.last_trial(work) if last else None
    good = await backup.last_good_backup(work) if last and last.error else last
    ours = select(AuditLog.number).where(AuditLog.log_id == work.organization_id).scalar_subquery()
    left = col(AuditAnchor.left_at).is_not(None)
    instants = (
        select(func.min(col(JobRow.run_at))).where(*due),
        select(func.max(col(AuditCheckpoint.at))).where(AuditCheckpoint.log == ours),
        select(func.max(col(AuditAnchor.at))).where(AuditAnchor.log == ours, left),
    )
    oldest_due_at, signed_at, anchored_at = await work.first(select(*(one.scalar_subquery() for one in instants)))
    return SystemStatus(
        version=VERSION,
        python=sys.version.split()[0],
        started_at=STARTED_AT,
        database=await _database_version(work, known),
        database_bytes=known.path.stat().st_size if known.path is not None else None,
        schema=schema.head(),
        disk_free_bytes=disk.free,
        disk_total_bytes=disk.total,
        is_disk_low=disk.free < LEAST_FREE_BYTES,
        memory_bytes=memory_bytes(),
        lag_worst_seconds=lag.worst,
        lag_usual_seconds=lag.usual,
        clock_ahead=await clock.compare(await work.session.connection()),
        clock_set_at=clock.watched.set_at,
        clock_set_by=clock.watched.set_by,
        redis=await redis_ready(),
        jobs_waiting=counts.get(JobStatus.WAITING, 0),
        jobs_running=counts.get(JobStatus.RUNNING, 0),
        jobs_failed=counts.get(JobStatus.FAILED, 0),
        oldest_due_at=oldest_due_at,
        mail=await mail.mail_state(work),
        store=await storage.store_state(work),
        last_backup_at=good.finished_at if good else None,
        last_backup_error=last.error if last else '',
        last_trial_at=trial.tried_at if trial else None,
        last_trial=backup.trial_text(trial) if trial else '',
        last_checkpoint_at=signed_at,
        last_anchor_at=anchored_at,
        verdict=await audit.last_verdict(work),
    )


async def _database_version(work: Work, known: Database) -> str:
    if known.is_sqlite:
        return f'SQLite {sqlite3.sqlite_version}'
    connection = await work.session.connection()
    return str((await connection.execute(sa.select(func.version()))).scalar())


def memory_bytes() -> int:
    """Return the resident memory of this process."""
    try:
        return int(Path('/proc/self/statm').read_text('ascii').split()[1]) * os.sysconf('SC_PAGE_SIZE')
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@dataclass(frozen=True, slots=True)
class Measures:
    """What a monitoring program asks every few seconds, of the whole installation."""

    jobs: dict[JobStatus, int]
    """By status."""
    oldest_due_at: datetime | None
    sessions: int
    last_backup_at: datetime | None
    damaged_logs: int
    """Audit logs in which the last verification found damage."""


@query(SYSTEM)
async def measures(work: Work) -> Measures:
    """Return what a monitoring program asks. Five statements."""
    rows = await work.all(select(JobRow.status, func.count()).group_by(col(JobRow.status)))
    due = (col(JobRow.status) == JobStatus.WAITING, col(JobRow.run_at) <= work.now)
    open_now = (Session.expires_at > work.now, col(Session.revoked_at).is_(None))
    made = select(func.max(col(BackupRun.finished_at))).where(BackupRun.error == '')
    return Measures(
        jobs=dict.fromkeys(JobStatus, 0) | dict(rows),
        oldest_due_at=await work.first(select(func.min(col(JobRow.run_at))).where(*due)),
        sessions=await work.count(select(Session.id).where(*open_now)),
        last_backup_at=await work.first(made),
        damaged_logs=await work.count(select(AuditVerdict.log_id).where(audit.is_damaged())),
    )


# Jobs


def _ours(work: Work) -> Any:
    """Jobs of this organization, and those of the installation."""
    return col(JobRow.organization_id).is_(None) | (col(JobRow.organization_id) == work.organization_id)


async def _job(work: Work, job_id: UUID) -> JobRow:
    row = await work.first(select(JobRow).where(JobRow.id == job_id, _ours(work)))
    if row is None:
        raise NotFound('There is no such job.')
    return row  # type: ignore[no-any-return]


@query(VIEW)
async def list_jobs(work: Work, query: ListQuery = ListQuery(descending=True)) -> Page[JobRow]:  # noqa: B008  frozen
    """Return jobs, the newest first; the filter `status` takes values of JobStatus."""
    statement = select(JobRow).where(_ours(work))
    chosen = [status for status in JobStatus if status.value in query.values('status')]
    if chosen:
        statement = statement.where(col(JobRow.status).in_(chosen))
    if query.q:
        statement = statement.where(col(JobRow.name).contains(query.q, autoescape=True))
    sorts = {'created': (col(JobRow.created_at), col(JobRow.id)), 'run': (col(JobRow.run_at), col(JobRow.id))}
    return await work.page(statement, query, sorts, 'created')


@service(MANAGE)
async def retry_job(work: Work, job_id: UUID) -> None:
    """Let a failed or cancelled job run again now. Raises NotFound, Conflict."""
    row = await _job(work, job_id)
    if row.status not in (JobStatus.FAILED, JobStatus.CANCELLED):
        raise Conflict('Only a job that has failed or was cancelled can be run again.')
    row.status, row.run_at, row.attempts, row.finished_at = JobStatus.WAITING, work.now, 0, None
    work.record('Job', row.id, name=row.name)


@service(MANAGE)
async def cancel_job(work: Work, job_id: UUID) -> None:
    """Cancel a job that waits or runs; a running one stops at its next step. Raises NotFound, Conflict."""
    row = await _job(work, job_id)
    if row.status not in (JobStatus.WAITING, JobStatus.RUNNING):
        raise Conflict('This job has ended already.')
    row.status, row.finished_at, row.leased_by, row.leased_until = JobStatus.CANCELLED, work.now, None, None
    row.error = f'Cancelled by {work.actor.name}.'[:2000]
    work.record('Job', row.id, name=row.name)


@domain.job(schedule='10 3 * * *', instance=True)
async def tidy(work: Work) -> None:
    """Delete jobs that were done 14 days ago or ended otherwise 90 days ago, and keys of repeated calls."""
    for statuses, kept in (
        ([JobStatus.DONE], DONE_KEPT),
        ([JobStatus.FAILED, JobStatus.CANCELLED], ENDED_KEPT),
    ):
        ended = (col(JobRow.status).in_(statuses), col(JobRow.finished_at) < work.now - kept)
        await work.execute(delete(JobRow).where(*ended))
    await forget_old_keys(work)


# `main.py check`


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked before a start."""

    name: str
    is_well: bool
    sentence: str

    def __str__(self) -> str:
        return f'{"ok   " if self.is_well else "FAULT"}  {self.name}: {self.sentence}'


async def check_connections(settings: Settings) -> list[Finding]:
    """Try everything that the settings name: folder, keys, database, files, Redis, mail. Changes nothing that stays."""
    found = [_check_folder(settings), await _check_database(settings), await _check_files(settings)]
    if settings.redis_url is not None:
        ping = await _ping(settings)
        found.append(Finding('Redis', ping.is_well, ping.detail or 'answers.'))
    if settings.clamd is not None:
        found.append(await _check_scanner(settings.clamd))
    if settings.smtp_url is None:
        found.append(Finding('E-mail', True, 'is not set up; links are shown on the screen instead.'))
    else:
        found.append(await _check_mail(settings))
    return found


def _check_folder(settings: Settings) -> Finding:
    folder = settings.data_dir
    if not folder.exists():
        return Finding('Data folder', True, f'{folder} will be made by the first start.')
    if not os.access(folder, os.W_OK | os.X_OK):
        return Finding('Data folder', False, f'{folder} cannot be written.')
    free = shutil.disk_usage(folder).free
    return Finding('Data folder', free >= LEAST_FREE_BYTES, f'{folder}, {free / 1e9:.1f} GB free.')


async def _check_database(settings: Settings) -> Finding:
    url = sa.make_url(settings.database)
    if url.get_backend_name() == 'sqlite' and not await asyncio.to_thread(os.path.exists, url.database or ''):
        return Finding('Database', True, f'{url.database} will be made by the first start.')
    try:
        stored = await asyncio.wait_for(schema.stored_revision(settings.database), 10)
    except Exception as error:  # noqa: BLE001  the sentence is what the command is for
        reason = str(getattr(error, 'orig', None) or error) or 'no answer within 10 seconds'
        return Finding('Database', False, reason[:300])
    if stored not in (None, schema.head()):
        known = stored in schema.revisions()
        said = 'will be upgraded by the next start.' if known else 'was used by a newer Logbook.'
        return Finding('Database', known, f'schema {stored} {said}')
    return Finding('Database', True, f'{url.get_backend_name()}, schema {stored or "empty"}.')


async def _check_files(settings: Settings) -> Finding:
    fault = await files.answers(settings)
    if fault:
        return Finding('File store', False, f'{files.place_in_words(settings)} does not answer: {fault}')
    where = files.place_in_words(settings)
    return Finding('File store', True, f'{where} takes, gives and deletes a file.')


async def _check_mail(settings: Settings) -> Finding:
    try:
        host, in_clear = await mail.greet(settings)
    except mail.Refusal as refusal:
        return Finding('E-mail', False, refusal.sentence)
    return Finding('E-mail', True, f'{host} answers' + (', without encryption.' if in_clear else '.'))


async def _check_scanner(address: str) -> Finding:
    try:
        said = await files.greet(address)
    except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
        return Finding(
            'Virus scanner', False, f'{str(error)[:200] or "It does not answer"}. No file is taken meanwhile.'
        )
    return Finding('Virus scanner', said == 'PONG', 'answers.' if said == 'PONG' else f'said {said[:80]}.')

"""Keeping the logs: checkpoints while Logbook runs, the last also outside the database, and epochs after restores."""

import asyncio
import contextlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from data.audit import AuditCheckpoint, AuditLog
from data.core import now
from data.database import database, insert_unless_there
from logic.audit import keys
from logic.audit.append import append, lock_head, read_head
from logic.audit.check import BEGIN_EPOCH, HEADS
from logic.audit.entry import INSTANCE_LOG_ID
from logic.audit.memory import Head
from logic.audit.note import BadNote, Checkpoint, checkpoint, notes_in, read_note, sign
from logic.core.actor import Actor
from logic.core.recording import EntryDraft
from logic.core.secrets.keys import installed, write_beside
from logic.core.service import SYSTEM, service
from logic.core.work import Work

log = structlog.get_logger(__name__)
MOST_ENTRIES = 100
LONGEST_WAIT = timedelta(seconds=60)
POLL_SECONDS = 5.0
LAST_CHECKPOINTS = 'audit.last'
"""Beside the keys, outside the database: what every log was when last signed. Shows when a database went back."""


@service(SYSTEM)
async def write_checkpoints(work: Work) -> list[Checkpoint]:
    """Sign every log that has grown since its last checkpoint, and name the heads in the log of the instance.

    The log of the instance is signed last, so that one signature of it, or one anchor, covers all logs.
    """
    connection = await work.session.connection()
    grown = await _grown(connection)
    written = [
        await _sign(work.session, row.log_id, Head(row.number, row.size, row.root, b'', row.epoch, None), work.now)
        for row in grown
        if row.log_id != INSTANCE_LOG_ID
    ]
    if written:
        heads = {str(point.log_id): (None, f'{point.size} {point.root.hex()} {point.epoch}') for point in written}
        draft = EntryDraft(HEADS, 'AuditLog', INSTANCE_LOG_ID, changes=heads)
        await append(work.session, work.actor, None, [draft], work.now)
    if written or any(row.log_id == INSTANCE_LOG_ID for row in grown):
        head = await read_head(connection, INSTANCE_LOG_ID)
        assert head is not None
        written.append(await _sign(work.session, INSTANCE_LOG_ID, head, work.now))
    work.afterwards(lambda: remember(written))
    return written


async def _grown(connection: AsyncConnection) -> list[Any]:
    """Return the heads of the logs that have entries which no checkpoint covers."""
    last = (
        sa.select(col(AuditCheckpoint.log), sa.func.max(col(AuditCheckpoint.size)).label('size'))
        .group_by(col(AuditCheckpoint.log))
        .subquery()
    )
    statement = (
        sa.select(AuditLog, sa.func.coalesce(last.c.size, 0).label('signed'))
        .outerjoin(last, last.c.log == col(AuditLog.number))
        .where(col(AuditLog.size) > sa.func.coalesce(last.c.size, 0))
    )
    return list((await connection.execute(statement)).all())


async def _sign(session: AsyncSession, log_id: UUID, head: Head, at: datetime) -> Checkpoint:
    point = checkpoint(log_id, head.size, head.root, head.epoch, at)
    note = sign(point, keys.signing_key())
    row = {'log': head.number, 'size': head.size, 'epoch': head.epoch, 'at': at, 'note': note}
    await insert_unless_there(session, AuditCheckpoint, row)
    return point


async def keep_checkpoints(stop: asyncio.Event) -> None:
    """Write checkpoints every 100 entries or 60 seconds until told to stop, and once more then. Runs as a task.

    A failure is logged and tried again: the entries are stored, only their signature is late.
    """
    waiting_since: datetime | None = None
    is_last = False
    while not is_last:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), POLL_SECONDS)
        is_last = stop.is_set()  # who is told to stop while he reads has not seen all: he reads once more
        try:
            async with database().read(None) as session:
                grown = await _grown(await session.connection())
            if not grown:
                waiting_since = None
                continue
            waiting_since = waiting_since or now()
            many = any(row.size - row.signed >= MOST_ENTRIES for row in grown)
            if many or is_last or now() - waiting_since >= LONGEST_WAIT:
                await write_checkpoints(Actor.system(name='Audit log'))
                waiting_since = None
        except Exception:
            log.exception('audit.checkpoint_failed')


def remember(points: Iterable[Checkpoint]) -> None:
    """Write the last checkpoints to a file beside the keys."""
    path = installed().folder / LAST_CHECKPOINTS
    known = {point.log_id: point for point in last_known()}
    known.update((point.log_id, point) for point in points)
    write_beside(path, '\n'.join(sign(point, keys.signing_key()) for point in known.values()))


def last_known() -> list[Checkpoint]:
    """Return the last checkpoints that this host signed, from outside the database."""
    path = installed().folder / LAST_CHECKPOINTS
    found = []
    for note in notes_in(path.read_text('utf-8')) if path.exists() else []:
        try:
            found.append(read_note(note, keys.trusted_keys()))
        except BadNote as error:
            log.warning('audit.last_checkpoint_unreadable', error=str(error))
    return found


@service(SYSTEM)
async def notice_restores(work: Work, reason: str = '', anchors: str = '') -> list[UUID]:
    """Begin a new epoch in every log that has fewer entries than were once signed; return these logs.

    Called at the start and after a restore. What was signed is known from the file beside the keys, and from `anchors`,
    a text with signed notes. The log goes on from what was restored and says what is lost; it never fakes continuity.
    """
    points = {point.log_id: point for point in last_known()}
    for note in notes_in(anchors):
        point = read_note(note, keys.trusted_keys())
        if point.log_id not in points or points[point.log_id].size < point.size:
            points[point.log_id] = point
    begun = []
    for log_id, point in sorted(points.items(), key=lambda item: str(item[0])):
        head = await lock_head(work.session, log_id)
        if point.epoch == head.epoch and point.size > head.size:
            await begin_epoch(work, log_id, reason or 'The database was replaced by an older one.', point)
            begun.append(log_id)
    return begun


@service(SYSTEM)
async def begin_epoch(work: Work, log_id: UUID, reason: str, known: Checkpoint | None = None) -> int:
    """Begin a new epoch of a log; `known` is the last checkpoint from before a restore. Returns the epoch's number."""
    connection = await work.session.connection()
    head = await lock_head(work.session, log_id)
    await connection.execute(
        sa.update(AuditLog).where(col(AuditLog.number) == head.number).values(epoch=head.epoch + 1)
    )
    changes = {
        'epoch': (head.epoch, head.epoch + 1),
        'known_size': (None, None if known is None else known.size),
        'known_root': (None, None if known is None else known.root.hex()),
        'lost': (None, 0 if known is None else max(0, known.size - head.size)),
    }
    draft = EntryDraft(BEGIN_EPOCH, 'AuditLog', log_id, head.epoch + 1, changes, outcome='warning', reason=reason)
    organization_id = None if log_id == INSTANCE_LOG_ID else log_id
    await append(work.session, work.actor, organization_id, [draft], work.now)
    return head.epoch + 1

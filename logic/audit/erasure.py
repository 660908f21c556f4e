"""Erasure: personal values go for good, by order or when their time is over; the log stays provable and says so."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from data.audit import AuditLog, AuditPersonal, AuditSubject
from logic.audit.append import append, lock_head
from logic.audit.check import ERASED, EXPIRED
from logic.audit.domain import domain
from logic.audit.entry import INSTANCE_LOG_ID
from logic.audit.memory import remembered
from logic.core.recording import EntryDraft
from logic.core.service import SYSTEM, service
from logic.core.work import Work

BATCH = 10_000


@service(SYSTEM)
async def erase_subject(work: Work, subject_id: UUID, order: str) -> int:
    """Erase all personal values of one person from this organization's log; `order` names who ordered it and why.

    A part of anonymising somebody, whose rule asks for the permission and for a second person; nobody erases alone.
    `subject_id` is the member, or the account for what he did himself. Ciphertexts, salts and key are deleted, so that
    not even an old copy of the ciphertexts can be read. Returns how many values there were.
    """
    log_id = work.organization_id
    connection = await work.session.connection()
    head = await lock_head(work.session, log_id)
    await overwrite_deleted(connection)
    mine = (col(AuditPersonal.log) == head.number, col(AuditPersonal.subject_id) == subject_id)
    count = (await connection.execute(sa.delete(AuditPersonal).where(*mine))).rowcount
    await connection.execute(
        sa.delete(AuditSubject).where(col(AuditSubject.log) == head.number, col(AuditSubject.subject_id) == subject_id)
    )
    remembered(work.session).forget(log_id, subject_id)
    work.afterwards(lambda: remembered(work.session).forget(log_id, subject_id))
    draft = EntryDraft(ERASED, 'Person', subject_id, changes={'values': (count, 0)}, reason=order)
    await append(work.session, work.actor, log_id, [draft], work.now)
    return count


@domain.job(schedule='40 3 * * *')
async def expire_values(work: Work) -> int:
    """Erase addresses and browsers after 90 days, from this organization's log and the instance's."""
    connection = await work.session.connection()
    await overwrite_deleted(connection)
    logs = await connection.execute(
        sa.select(col(AuditLog.number), col(AuditLog.log_id)).where(
            col(AuditLog.log_id).in_([work.organization_id, INSTANCE_LOG_ID])
        )
    )
    erased = 0
    for log in sorted(logs.all(), key=lambda row: str(row.log_id)):
        erased += await _expire(work, connection, log.number, log.log_id, work.now)
    return erased


async def _expire(work: Work, connection: AsyncConnection, log: int, log_id: UUID, now: datetime) -> int:
    over = sa.select(col(AuditPersonal.commitment)).where(
        col(AuditPersonal.log) == log, col(AuditPersonal.expires_at) < now
    )
    found: list[Any] = list((await connection.execute(over.limit(BATCH))).scalars())
    for start in range(0, len(found), 500):
        some = found[start : start + 500]
        await connection.execute(sa.delete(AuditPersonal).where(col(AuditPersonal.commitment).in_(some)))
    if found:
        draft = EntryDraft(EXPIRED, 'AuditLog', log_id, changes={'values': (len(found), 0)})
        await append(work.session, work.actor, None if log_id == INSTANCE_LOG_ID else log_id, [draft], work.now)
    return len(found)


async def overwrite_deleted(connection: AsyncConnection) -> None:
    """Have SQLite overwrite what is deleted; without this it stays readable in the file until it is needed."""
    if connection.dialect.name == 'sqlite':
        await connection.exec_driver_sql('PRAGMA secure_delete=ON')

"""A small log to tamper with, and the hand that tampers: whoever holds the database may write anything into it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa

from data.database import database
from logic.audit import verify
from logic.audit.append import append
from logic.audit.keeping import write_checkpoints
from logic.audit.verify import LogVerdict
from logic.core.actor import Actor, ActorKind
from logic.core.recording import EntryDraft

ORGANIZATION = UUID('0193a000-0000-7000-8000-000000000001')
OTHER = UUID('0193a000-0000-7000-8000-000000000002')
NOON = datetime(2020, 11, 20, 12, tzinfo=UTC)
KIM = Actor(
    kind=ActorKind.ACCOUNT,
    name='Kim Lee',
    organization_id=ORGANIZATION,
    account_id=UUID('0193a000-0000-7000-8000-0000000000aa'),
    member_id=UUID('0193a000-0000-7000-8000-0000000000ab'),
    session_id=UUID('0193a000-0000-7000-8000-0000000000ac'),
    method='password',
    address='192.0.2.7',
    user_agent='Firefox',
)
SUBJECT = UUID('0193a000-0000-7000-8000-0000000000ba')


def draft(number: int) -> EntryDraft:
    """Every fifth entry is about a person."""
    return EntryDraft(
        'inventory.issue_item',
        'Item',
        uuid5(SUBJECT, str(number)),
        number,
        {'status': ('in_stock', 'issued'), 'count': (number, number + 1)},
        {'email': (None, f'person{number}@example.org')} if number % 5 == 0 else {},
        SUBJECT if number % 5 == 0 else None,
    )


async def write(
    count: int, organization_id: UUID | None = ORGANIZATION, at: datetime | None = None, actor: Actor = KIM
) -> None:
    """Append so many entries in one transaction."""
    at = at or NOON + timedelta(hours=1)
    async with database().write(organization_id) as session:
        await append(session, actor, organization_id, [draft(number) for number in range(count)], at)
        await session.commit()


async def grow(*counts: int, organization_id: UUID | None = ORGANIZATION) -> list[str]:
    """Append so many entries each time, with a checkpoint after each; return the notes of this log, as anchors."""
    for step, count in enumerate(counts):
        await write(count, organization_id, NOON + timedelta(minutes=step))
        await write_checkpoints(Actor.system())
    rows = await raw(
        'SELECT c.note FROM audit_checkpoint c JOIN audit_log ON number = c.log WHERE log_id = :id ORDER BY c.size',
        id=organization_id.hex if organization_id else UUID(int=0).hex,
    )
    return [row.note for row in rows]


async def raw(sql: str, **values: Any) -> list[Any]:
    """Write to the database past Logbook, or read from it."""
    async with database().writer.begin() as connection:
        result = await connection.execute(sa.text(sql), values)
        return list(result.all()) if result.returns_rows else [result.rowcount]


@asynccontextmanager
async def changed(table: str, column: str, where: str, value: Any) -> AsyncIterator[None]:
    """Put a value into one stored field, and put the old one back at the end."""
    [row] = await raw(f'SELECT {column} AS old FROM {table} WHERE {where}')
    # A changed key moves the row, so it is found again by its new value.
    after = where if f'{column} =' not in where else where.replace(f'{column} = {row.old}', f'{column} = {value}')
    assert await raw(f'UPDATE {table} SET {column} = :value WHERE {where}', value=value) == [1]
    try:
        yield
    finally:
        assert await raw(f'UPDATE {table} SET {column} = :value WHERE {after}', value=row.old) == [1]


async def log_number(organization_id: UUID = ORGANIZATION) -> int:
    """The short number of a log in this database."""
    [row] = await raw('SELECT number FROM audit_log WHERE log_id = :id', id=organization_id.hex)
    return int(row.number)


async def verdict(*anchors: str, organization_id: UUID = ORGANIZATION) -> LogVerdict:
    """Verify all and return the verdict on one log."""
    return next(found for found in await verify.verify_all(anchors) if found.log_id == organization_id)

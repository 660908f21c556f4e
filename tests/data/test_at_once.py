"""Several statements in one trip: stored as SQLAlchemy stores, undone with the transaction, failing as it fails."""

import sqlite3
from datetime import timedelta, timezone
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError

from data.at_once import Prepared, at_once
from data.audit import AuditLog
from data.core import now
from data.database import Database

INSERT = Prepared(sa.insert(AuditLog))


def row() -> dict[str, object]:
    at = now().astimezone(timezone(timedelta(hours=5))).replace(microsecond=120)
    return {'number': None, 'log_id': uuid4(), 'size': 3, 'root': b'r' * 32, 'frontier': b'', 'epoch': 0, 'last_at': at}


@pytest.fixture
def here(database: Database) -> Database:
    if not database.is_sqlite:
        pytest.skip('It is for SQLite only.')
    return database


async def test_values_are_stored_as_sqlalchemy_stores_them(here: Database) -> None:
    one, other = row(), row()
    async with here.writer.begin() as connection:
        await at_once(connection, lambda raw: raw.execute(INSERT.text, INSERT.parameters(one)))
        await connection.execute(sa.insert(AuditLog).values({name: other[name] for name in other if name != 'number'}))
    async with here.reader.connect() as connection:
        found = (await connection.execute(sa.select(AuditLog).order_by(AuditLog.number))).all()  # type: ignore[arg-type]
        stored = (await connection.exec_driver_sql('SELECT last_at, length(log_id) FROM audit_log')).all()
    assert [(r.log_id, r.last_at, r.root) for r in found] == [
        (r['log_id'], r['last_at'], r['root']) for r in (one, other)
    ]
    assert len({len(at) for at, _ in stored}) == 1
    assert {length for _, length in stored} == {32}


async def test_it_is_undone_with_the_transaction(here: Database) -> None:
    async with here.writer.connect() as connection:
        await connection.execute(sa.select(1))
        await at_once(connection, lambda raw: raw.execute(INSERT.text, INSERT.parameters(row())))
        await connection.rollback()
        assert await connection.scalar(sa.select(sa.func.count()).select_from(AuditLog)) == 0


async def test_it_fails_as_sqlalchemy_fails(here: Database) -> None:
    same = row()

    def twice(raw: sqlite3.Connection) -> None:
        raw.executemany(INSERT.text, INSERT.all_parameters([same, same]))

    async with here.writer.connect() as connection:
        with pytest.raises(IntegrityError):
            await at_once(connection, twice)
        with pytest.raises(OperationalError):
            await at_once(connection, lambda raw: raw.execute('SELECT nothing FROM nowhere'))

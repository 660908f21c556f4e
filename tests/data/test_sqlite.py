"""Statements to SQLite: each goes to the thread of its connection once, and tells what the driver's own would."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import aiosqlite as dialect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from data import sqlite

THINGS = sa.Table(
    'things', sa.MetaData(), sa.Column('id', sa.Integer, primary_key=True), sa.Column('name', sa.String, unique=True)
)


async def story(connection: AsyncConnection) -> list[Any]:
    """Do what rules do, and return all that they are told."""
    told: list[Any] = []
    await connection.run_sync(THINGS.metadata.create_all)
    one = await connection.execute(THINGS.insert().values(name='a'))
    told += [one.inserted_primary_key, one.rowcount]
    many = await connection.execute(THINGS.insert(), [{'name': name} for name in 'bcd'])
    told.append(many.rowcount)
    back = await connection.execute(THINGS.insert().values(name='e').returning(THINGS.c.id, THINGS.c.name))
    told.append(back.all())
    told.append((await connection.execute(THINGS.update().where(THINGS.c.id > 2).values(name=None))).rowcount)
    with pytest.raises(IntegrityError):
        await connection.execute(THINGS.insert().values(name='a'))
    result = await connection.execute(sa.select(THINGS).order_by(THINGS.c.id))
    told += [list(result.keys()), result.first()]
    told.append((await connection.execute(sa.select(THINGS).where(THINGS.c.id > 99))).all())
    async with connection.stream(sa.select(THINGS.c.id).order_by(THINGS.c.id)) as rows:
        told.append([row.id async for row in rows])
    return told


async def test_a_quick_cursor_tells_what_the_drivers_own_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    for number, kind in enumerate((dialect.AsyncAdapt_aiosqlite_cursor, sqlite.Cursor)):
        monkeypatch.setattr(dialect.AsyncAdapt_aiosqlite_connection, '_cursor_cls', kind)
        engine = create_async_engine(f'sqlite+aiosqlite:///{tmp_path}/{number}.db')
        async with engine.begin() as connection:
            told.append(await story(connection))
        await engine.dispose()
    assert told[0] == told[1]


async def test_a_statement_visits_the_thread_of_its_connection_once(tmp_path: Path) -> None:
    sqlite.install()
    engine = create_async_engine(f'sqlite+aiosqlite:///{tmp_path}/x.db')
    async with engine.connect() as connection:
        await connection.execute(sa.select(1))
        raw = await connection.get_raw_connection()
        driver: Any = raw.driver_connection
        visits: list[Any] = []
        there = driver._execute

        async def count(function: Any, *more: Any, **named: Any) -> Any:
            visits.append(function)
            return await there(function, *more, **named)

        driver._execute = count
        assert (await connection.execute(sa.select(sa.literal(7)))).scalar_one() == 7
        assert len(visits) == 1
    await engine.dispose()

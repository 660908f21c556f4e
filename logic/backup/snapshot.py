"""The state of a database at one moment, as a SQLite file: what every archive holds, whatever database it came from."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import DropTable

from data import schema
from data.search import INDEX
from data.transport import open_engine
from logic.core.errors import Invalid

BATCH = 500
VERSION_TABLE = 'alembic_version'


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a SQLite database as it is at this moment, while others read and write it; it waits for nobody."""
    with (
        contextlib.closing(sqlite3.connect(f'{source.absolute().as_uri()}?mode=ro', uri=True, timeout=30)) as here,
        contextlib.closing(sqlite3.connect(target)) as there,
    ):
        target.chmod(0o600)
        here.execute('PRAGMA wal_autocheckpoint=0')
        here.backup(there, pages=-1)
        there.execute('PRAGMA journal_mode=DELETE')


async def copy_server(url: str, revision: str, target: Path) -> None:
    """Write all rows of a database server, seen in one snapshot, into a new SQLite file of the same schema.

    Not `mysqldump`: the image has none, and what it writes only the same kind of server reads.
    """
    await schema.migrate(f'sqlite+aiosqlite:///{target}', to=revision)
    await asyncio.to_thread(target.chmod, 0o600)
    engine = open_engine(url, isolation_level='REPEATABLE READ')
    local = _local(target)
    try:
        async with engine.connect() as connection:
            await connection.exec_driver_sql('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY')
            remote_tables = await connection.run_sync(reflected)
            with local.connect() as writer:
                local_tables = reflected(writer)
                writer.exec_driver_sql('PRAGMA foreign_keys=OFF')
                for name, table in local_tables.items():
                    await _stream(connection, remote_tables[name], writer, table)
                writer.commit()
    finally:
        await engine.dispose()
        local.dispose()


def _local(path: Path) -> sa.Engine:
    return sa.create_engine(f'sqlite:///{path}')


async def _stream(connection: AsyncConnection, source: sa.Table, writer: sa.Connection, target: sa.Table) -> None:
    columns = [source.c[column.name] for column in target.columns]
    async with connection.stream(sa.select(*columns)) as result:
        async for rows in result.mappings().partitions(BATCH):
            batch = [dict(row) for row in rows]
            await asyncio.to_thread(writer.execute, sa.insert(target), batch)


def reflected(connection: sa.Connection) -> dict[str, sa.Table]:
    """Return the tables that a database has, with types under which values move between databases unchanged."""
    metadata = sa.MetaData()

    @sa.event.listens_for(metadata, 'column_reflect')
    def as_text(_inspector: Any, _table: Any, column: Any) -> None:
        if isinstance(column['type'], sa.JSON):
            column['type'] = sa.Text()  # the bytes as they are: reading and writing JSON would change numbers and order

    # The full-text index follows its table: triggers and servers fill it from the rows that are written.
    metadata.reflect(connection, only=lambda name, _: not name.startswith(INDEX))
    return {table.name: table for table in metadata.sorted_tables if table.name != VERSION_TABLE}


async def load_server(source: Path, url: str, tell: Callable[[float], None] = lambda _: None) -> None:
    """Write all rows of a SQLite file into an empty database of the same schema. Raises Invalid when it has rows."""
    engine, local = open_engine(url), _local(source)
    try:
        async with engine.begin() as connection:
            await connection.exec_driver_sql('SET FOREIGN_KEY_CHECKS=0')
            remote_tables = await connection.run_sync(reflected)
            with local.connect() as reader:
                local_tables = reflected(reader)
                for number, (name, table) in enumerate(local_tables.items()):
                    if await connection.scalar(sa.select(sa.func.count()).select_from(remote_tables[name])):
                        raise Invalid(f'The table {name} is not empty.')
                    result = reader.execute(sa.select(table)).mappings()
                    while rows := await asyncio.to_thread(result.fetchmany, BATCH):
                        await connection.execute(sa.insert(remote_tables[name]), [dict(row) for row in rows])
                    tell(number / len(local_tables))
            await connection.exec_driver_sql('SET FOREIGN_KEY_CHECKS=1')
    finally:
        await engine.dispose()
        local.dispose()


async def empty_server(url: str) -> None:
    """Drop every table of a database server's database."""
    engine = open_engine(url)
    try:
        async with engine.begin() as connection:
            names = await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names())
            await connection.exec_driver_sql('SET FOREIGN_KEY_CHECKS=0')
            for name in names:
                await connection.execute(DropTable(sa.Table(name, sa.MetaData())))
            await connection.exec_driver_sql('SET FOREIGN_KEY_CHECKS=1')
    finally:
        await engine.dispose()


def examine(path: Path) -> dict[str, int]:
    """Check a SQLite file and return its row counts. Raises Invalid when it is damaged."""
    try:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            said = connection.execute('PRAGMA integrity_check').fetchone()[0]
            orphans = connection.execute('PRAGMA foreign_key_check').fetchone()
            if said != 'ok' or orphans is not None:
                raise Invalid(f'The database in the archive is damaged ({said if said != "ok" else orphans}).')
            names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {
                name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608  a table's own name
                for name in sorted(names)
                if not name.startswith('sqlite_')
            }
    except sqlite3.DatabaseError as error:
        raise Invalid(f'The database in the archive is damaged ({error}).') from error


def revision_of(path: Path) -> str:
    """Return the schema of a SQLite file. Raises Invalid when it has none."""
    try:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            row = connection.execute('SELECT version_num FROM alembic_version').fetchone()
    except sqlite3.DatabaseError as error:
        raise Invalid(f'The database in the archive is damaged ({error}).') from error
    if row is None:
        raise Invalid('The database in the archive has no schema.')
    return str(row[0])

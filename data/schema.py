"""Brings a database to the present schema, and refuses one that is newer than this program."""

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from data.transport import open_engine

if TYPE_CHECKING:  # half a second, which a start with nothing to migrate does not need
    from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parent.parent / 'migrations'

LOCK, LOCK_SECONDS = "CONCAT('logbook.', MD5(DATABASE()))", 300


STEPS = 'alembic_step'
"""The table of `data.steps`, which is there only while a server is migrated."""


class NewerSchema(RuntimeError):
    """The database was used by a newer Logbook."""


def configuration() -> 'Config':
    """Alembic's configuration, made here so that no file of it is needed."""
    from alembic.config import Config

    config = Config()
    config.set_main_option('script_location', str(MIGRATIONS))
    config.set_main_option('path_separator', 'os')
    return config


@cache
def revisions() -> dict[str, str | None]:
    """Every revision that this program knows, with the one before it; read from the files without loading them."""
    found: dict[str, str | None] = {}
    for path in MIGRATIONS.glob('versions/*.py'):
        text = path.read_text('utf-8')
        own = re.search(r"^revision = '(\w+)'", text, re.MULTILINE)
        before = re.search(r"^down_revision = (?:'(\w+)'|None)", text, re.MULTILINE)
        if own is None or before is None:
            raise RuntimeError(f'The migration {path.name} does not name its revision.')
        found[own[1]] = before[1]
    return found


def head() -> str:
    """The revision that this program works with."""
    (last,) = revisions().keys() - set(revisions().values())
    return last


def _stored(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table('alembic_version'):
        return None
    revision: str | None = connection.scalar(sa.text('SELECT version_num FROM alembic_version'))
    return revision


def refuse_newer(stored: str | None) -> None:
    """Raise NewerSchema when a stored revision is one that this program does not know."""
    if stored is not None and stored not in revisions():
        raise NewerSchema(
            f'A newer Logbook has used this database (schema {stored}). Start that version, or restore a backup.'
        )


def _upgrade(connection: sa.Connection, to: str) -> None:
    from alembic import command

    refuse_newer(_stored(connection))
    config = configuration()
    config.attributes['connection'] = connection
    command.upgrade(config, to)


async def stored_revision(url: str) -> str | None:
    """The revision that a database is at; None when it is empty."""
    engine = open_engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_stored)
    finally:
        await engine.dispose()


async def is_half_migrated(url: str) -> bool:
    """Whether a migration has stopped in its midst on a database server; SQLite undoes what is half done."""
    engine = open_engine(url)
    try:
        async with engine.connect() as connection:
            is_there = await connection.run_sync(lambda sync: sa.inspect(sync).has_table(STEPS))
            rows = sa.select(sa.func.count()).select_from(sa.table(STEPS))
            return is_there and bool(await connection.scalar(rows))
    finally:
        await engine.dispose()


async def migrate(url: str, to: str = 'head') -> None:
    """Bring a database to the present schema, or to an earlier one; on a server from where it stopped the last time.

    Raises NewerSchema, and TimeoutError when another node migrates for too long.
    """
    engine = open_engine(url)
    try:
        async with engine.connect() as connection:
            if engine.dialect.name == 'sqlite':
                # Tables are rebuilt by batch migrations; their foreign keys are checked again afterwards.
                await connection.exec_driver_sql('PRAGMA foreign_keys=OFF')
                await connection.commit()
            # Several nodes may start at once; the later ones wait here and then find nothing to do.
            elif (await connection.exec_driver_sql(f'SELECT GET_LOCK({LOCK}, {LOCK_SECONDS})')).scalar() != 1:
                raise TimeoutError('Another copy of Logbook has been changing the database for minutes.')
            await connection.run_sync(_upgrade, to)
            await connection.commit()
            if engine.dialect.name != 'sqlite':
                await connection.exec_driver_sql(f'DROP TABLE IF EXISTS {STEPS}')
                await connection.exec_driver_sql(f'SELECT RELEASE_LOCK({LOCK})')
    finally:
        await engine.dispose()

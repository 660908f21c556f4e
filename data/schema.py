"""Brings a database to the present schema, and refuses one that is newer than this program."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import create_async_engine

MIGRATIONS = Path(__file__).resolve().parent.parent / 'migrations'


class NewerSchema(RuntimeError):
    """The database was used by a newer Logbook."""


def configuration() -> Config:
    """Alembic's configuration, made here so that no file of it is needed."""
    config = Config()
    config.set_main_option('script_location', str(MIGRATIONS))
    config.set_main_option('path_separator', 'os')
    return config


def head() -> str:
    """The revision that this program works with."""
    revision = ScriptDirectory.from_config(configuration()).get_current_head()
    assert revision is not None
    return revision


def _stored(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table('alembic_version'):
        return None
    revision: str | None = connection.scalar(sa.text('SELECT version_num FROM alembic_version'))
    return revision


def _upgrade(connection: sa.Connection) -> None:
    config = configuration()
    stored = _stored(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if stored is not None and stored not in known:
        raise NewerSchema(
            f'A newer Logbook has used this database (schema {stored}). Start that version, or restore a backup.'
        )
    config.attributes['connection'] = connection
    command.upgrade(config, 'head')


async def stored_revision(url: str) -> str | None:
    """The revision that a database is at; None when it is empty."""
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_stored)
    finally:
        await engine.dispose()


async def migrate(url: str) -> None:
    """Bring a database to the present schema. Raises NewerSchema."""
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            if engine.dialect.name == 'sqlite':
                # Tables are rebuilt by batch migrations; their foreign keys are checked again afterwards.
                await connection.exec_driver_sql('PRAGMA foreign_keys=OFF')
                await connection.commit()
            await connection.run_sync(_upgrade)
            await connection.commit()
    finally:
        await engine.dispose()

"""Opening an installation: folder, keys, schema, database. Every command goes through it; what is wrong is refused."""

import asyncio
import contextlib
import os
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

import logic  # noqa: F401  makes every domain known
from data import database as databases
from data import schema
from data.database import Database, database
from logic.backup import BEFORE_UPGRADE, back_up, finish_moves, snapshot
from logic.core import clock, config, floors
from logic.core.actor import Actor
from logic.core.config import Settings
from logic.core.live import hub
from logic.core.secrets import SecretsError, install, open_secrets

log = structlog.get_logger(__name__)
SAFE_SQLITE = (3, 51, 3)
NETWORK_FILE_SYSTEMS = ('nfs', 'cifs', 'smb', 'afs', 'ncp', 'fuse.sshfs', 'fuse.glusterfs', 'fuse.ceph', 'fuse.s3')
UPGRADE_MARK = 'upgrade-unfinished'
"""In the data folder until the database is migrated: holds the name of the copy to go back to."""


class Refused(Exception):
    """Logbook does not start; the sentence says why and what to do."""


REFUSALS = (Refused, SecretsError, schema.NewerSchema, databases.Busy)
"""Everything expected that keeps an installation from being opened; each is one sentence."""


@asynccontextmanager
async def opened(settings: Settings, *, alone: bool = True, migrate: bool = True) -> AsyncIterator[Database]:
    """Open the installation for the time of a block.

    `alone` claims a SQLite file for this process; without it nothing may be written. Raises Refused, SecretsError,
    NewerSchema, Busy.
    """
    if faults := floors.dangerous():
        raise Refused(f'{" ".join(faults)} Install the releases that requirements.txt names.')
    prepare_folder(settings)
    known = databases.connect(settings.database)
    try:
        if alone:
            known.claim()
            if finish_moves(settings.data_dir):
                log.warning('start.restore_completed')
            await settle_interrupted_upgrade(settings, known)
        stored = await stored_revision(settings)
        install(open_secrets(settings.secrets_dir, database_exists=stored is not None, kek=settings.kek))
        config.configure(settings)
        schema.refuse_newer(stored)
        if stored != schema.head():
            if not (migrate and alone):
                raise Refused('This database has not the present schema. Run "python main.py migrate" first.')
            await upgrade(settings, stored)
        mark = settings.data_dir / UPGRADE_MARK
        if alone and mark.exists() and not await schema.is_half_migrated(settings.database):
            mark.unlink()
        if alone and known.is_sqlite:
            await prove_single_writer(known)
        if settings.redis_url is not None:
            # Also what a command changes shows at once on the screens of others.
            await hub.connect(settings.redis_url, **settings.redis_options)
        async with known.reader.connect() as connection:
            await clock.compare(connection)
        yield known
    finally:
        await hub.close()
        await databases.disconnect()


def prepare_folder(settings: Settings) -> None:
    """Make the data folder, closed to others. Raises Refused when it cannot be used, or lies on a network share."""
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if folder.stat().st_mode & 0o077 and os.geteuid() == folder.stat().st_uid:
            folder.chmod(0o700)
        probe = folder / f'.probe-{os.getpid()}'
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Refused(f'The data folder {folder} cannot be written: {error.strerror}. Set LOGBOOK_DATA_DIR.') from error
    if settings.database.startswith('sqlite'):
        kind = file_system(database_path(settings))
        if kind.startswith(NETWORK_FILE_SYSTEMS):
            raise Refused(
                f'{folder} lies on a network share ({kind}), where SQLite loses data. Use a local disk, or a MariaDB '
                'server by LOGBOOK_DATABASE_URL.'
            )


def database_path(settings: Settings) -> Path:
    """The file of the SQLite database."""
    return Path(sa.make_url(settings.database).database or '')


def file_system(path: Path) -> str:
    """Return the kind of file system that a path lies on; empty when the machine does not tell."""
    best, kind = '', ''
    with contextlib.suppress(OSError):
        place = os.path.abspath(path)
        for line in Path('/proc/self/mounts').read_text('utf-8', 'replace').splitlines():
            _, point, found, *_ = line.split(' ')
            point = point.replace('\\040', ' ')
            if len(point) >= len(best) and (place + '/').startswith(point.rstrip('/') + '/'):
                best, kind = point, found
    return kind


async def stored_revision(settings: Settings) -> str | None:
    """Return the schema that the database has; None when it is empty. Raises Refused when it does not answer."""
    if settings.database.startswith('sqlite'):
        path = database_path(settings)
        if not path.exists():
            return None
        try:
            with contextlib.closing(sqlite3.connect(path, timeout=5)) as connection:
                tables = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
                row = connection.execute('SELECT version_num FROM alembic_version').fetchone() if tables else None
                return row[0] if row else None
        except sqlite3.DatabaseError as error:
            raise Refused(f'{path} cannot be read as a database ({error}). Restore a backup.') from error
    try:
        return await asyncio.wait_for(schema.stored_revision(settings.database), 20)
    except (sa.exc.DBAPIError, OSError, TimeoutError) as error:
        reason = str(getattr(error, 'orig', None) or error) or 'no answer within 20 seconds'
        raise Refused(f'The database does not answer: {reason[:200]}. Check LOGBOOK_DATABASE_URL.') from error


async def upgrade(settings: Settings, stored: str | None) -> None:
    """Bring the database to the present schema, with a copy to go back to. Raises Refused when that fails."""
    if not settings.database.startswith('sqlite'):
        await _upgrade_server(settings, stored)
        return
    if stored is None:
        await schema.migrate(settings.database)
        database_path(settings).chmod(0o600)
        return
    log.info('start.upgrading', stored=stored, to=schema.head())
    path, mark = database_path(settings), settings.data_dir / UPGRADE_MARK
    copy = settings.data_dir / 'backups' / f'before-upgrade-from-{stored}-{time.strftime("%Y%m%d-%H%M%S")}.db'
    copy.parent.mkdir(mode=0o700, exist_ok=True)
    await asyncio.to_thread(snapshot.copy_sqlite, path, copy)
    mark.write_text(copy.name)
    try:
        await schema.migrate(settings.database)
    except Exception as error:
        log.exception('start.upgrade_failed')
        await settle_interrupted_upgrade(settings, database())
        raise Refused(
            f'The upgrade of the database failed and was undone; nothing was lost. The log tells why ({error}). '
            'Start the version that you had before.'
        ) from error
    mark.unlink()


async def _upgrade_server(settings: Settings, stored: str | None) -> None:
    """Bring a database server to the present schema; it undoes nothing, so what stops halfway goes on from there."""
    mark = settings.data_dir / UPGRADE_MARK
    made = settings.data_dir / 'backups' / mark.read_text().strip() if mark.exists() else None
    if stored is not None and made is None and not await schema.is_half_migrated(settings.database):
        log.info('start.upgrading', stored=stored, to=schema.head())
        made = await back_up(settings, reason=f'{BEFORE_UPGRADE}-from-{stored}')
        mark.write_text(made.name)
    try:
        await schema.migrate(settings.database)
    except Exception as error:
        log.exception('start.upgrade_failed')
        reason = str(getattr(error, 'orig', None) or error)[:300]
        back = (
            f' To go back instead, end every copy of Logbook and run with the version that you had before: '
            f'python main.py restore {made}'
        )
        raise Refused(
            f'The upgrade of the database stopped halfway, after schema {await stored_revision(settings)}: {reason}. '
            'Nothing was lost. Take that cause away and start Logbook again: it goes on where it stopped.'
            f'{back if made is not None else ""}'
        ) from error


async def settle_interrupted_upgrade(settings: Settings, known: Database) -> None:
    """Put back the copy from before an upgrade that did not come to its end; only with the file claimed."""
    mark = settings.data_dir / UPGRADE_MARK
    if not known.is_sqlite or not mark.exists():
        return
    copy, path = settings.data_dir / 'backups' / mark.read_text().strip(), database_path(settings)
    if copy.exists():
        log.warning('start.upgrade_undone', copy=copy.name)
        await known.reader.dispose()
        await known.writer.dispose()
        fresh = path.with_name(path.name + '.back')
        await asyncio.to_thread(shutil.copyfile, copy, fresh)
        for suffix in ('-wal', '-shm'):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        fresh.replace(path)
    mark.unlink()


async def prove_single_writer(known: Database) -> None:
    """Assert what keeps SQLite safe: one writing connection, every other one only reads. Raises Refused.

    Source: before 3.51.3 the library could spoil a WAL file when two connections wrote and reset it at once.
    """
    writer, readers = known.writer, known.reader
    async with writer.connect() as connection:
        wrote = [str(await _pragma(connection, name)) for name in ('journal_mode', 'synchronous', 'foreign_keys')]
    async with readers.connect() as connection:
        read = [str(await _pragma(connection, name)) for name in ('query_only', 'wal_autocheckpoint')]
    pool = writer.pool
    alone = pool.size() == 1 and pool._max_overflow == 0 and known.is_claimed  # type: ignore[attr-defined]
    if wrote != ['wal', '2', '1'] or read != ['1', '0'] or not alone:
        raise Refused(
            f'SQLite {sqlite3.sqlite_version} is not set up for one writer (writer {wrote}, readers {read}); Logbook '
            'does not risk the data. This is a fault of the program: please report it.'
        )
    if sqlite3.sqlite_version_info < SAFE_SQLITE:
        log.info('start.single_writer_proven', sqlite=sqlite3.sqlite_version)


async def _pragma(connection: AsyncConnection, name: str) -> object:
    return (await connection.exec_driver_sql(f'PRAGMA {name}')).scalar()  # allow LR8: three names, all above


async def notice_restored_database() -> None:
    """Begin a new epoch in every audit log that has fewer entries than were once signed on this host."""
    from logic.audit.keeping import notice_restores

    begun = await notice_restores(Actor.system(name='Logbook'))
    if begun:
        log.warning('start.database_went_back', logs=len(begun))

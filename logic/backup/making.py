"""Making a backup: database, files and a manifest of hashes in one encrypted archive, while Logbook is working."""

import asyncio
import contextlib
import hashlib
import io
import json
import os
import re
import secrets
import shutil
import sqlite3
import tarfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import sqlalchemy as sa
import structlog

from data import schema
from data.core import now
from logic.audit.keeping import LAST_CHECKPOINTS
from logic.backup import archive, snapshot
from logic.core import files
from logic.core.config import Settings
from logic.core.errors import AppError, Invalid, Unavailable
from logic.core.secrets import SecretsError
from logic.core.version import VERSION

log = structlog.get_logger(__name__)
FOLDER, SUFFIX = 'backups', '.logbook'
KEY_FILE = 'backup.key'
DATABASE, MANIFEST, ANCHORS = 'logbook.db', 'manifest.json', 'audit.last'
KEY_NAMES = ('kek', 'kek.next', 'audit.key', 'audit.pub', 'session.key', 'jwt.key', 'storage.key', KEY_FILE)
BY_COMMAND, BEFORE_RESTORE, BEFORE_UPGRADE = 'command', 'before-restore', 'before-upgrade'
"""Why an archive was made, as the end of its name says."""
NAME = re.compile(r'logbook-(\d{8}-\d{6})(?:-([a-z0-9-]+))?\.logbook')
HOURS, WEEKS, MONTHS = 24, 8, 12
SPARE_BYTES = 200_000_000
Progress = Callable[[float], Awaitable[None] | None]


@dataclass(slots=True)
class Manifest:
    """What is in an archive; the last thing written, and the first that a restore compares."""

    version: str
    schema: str
    created_at: str
    reason: str
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Name in the archive to size and SHA-256."""
    rows: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    """Files whose content was already gone from the store."""


def opening_key(secrets_dir: Path) -> str:
    """Return the private key that opens this installation's backups; made when there is none."""
    path = secrets_dir / KEY_FILE
    if not path.exists():
        secrets_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        with contextlib.suppress(FileExistsError):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, 'w') as file:
                file.write(archive.new_key() + '\n')
    key = path.read_text('ascii').strip()
    try:
        archive.recipient_of(key)
    except AppError as error:
        raise SecretsError(f'The key file {path} is damaged. {error.message}') from error
    return key


async def back_up(
    settings: Settings,
    *,
    to: Path | None = None,
    passphrase: str | None = None,
    recipients: Sequence[str] = (),
    with_keys: bool = False,
    reason: str = '',
    progress: Progress | None = None,
) -> Path:
    """Write an archive and return its path; nothing is locked meanwhile.

    `to` is a folder or a file name; by default the folder `backups` in the data folder. Without passphrase and
    recipients it is locked for the key of this installation (`opening_key`). `with_keys` puts the key files inside,
    which needs a passphrase. Raises Invalid, Unavailable when there is no room.
    """
    if with_keys and passphrase is None:
        raise Invalid('Keys go into a backup only behind a passphrase: add --passphrase.')
    target = _target(settings, to, reason)
    if passphrase is None and not recipients:
        recipients = [archive.recipient_of(opening_key(settings.secrets_dir))]
    scratch = settings.data_dir / FOLDER / f'.work-{secrets.token_hex(4)}'
    scratch.mkdir(parents=True, mode=0o700)
    try:
        await asyncio.to_thread(_require_room, settings, scratch)
        copy = scratch / DATABASE
        revision = await _copy_database(settings, copy)
        manifest = Manifest(VERSION, revision, now().isoformat(), reason)
        manifest.rows = await asyncio.to_thread(snapshot.examine, copy)
        header = {'version': VERSION, 'schema': revision, 'created_at': manifest.created_at}
        writer = archive.Writer(target, header, passphrase, recipients)
        try:
            await _fill(settings, writer, copy, manifest, with_keys=with_keys, progress=progress)
            await asyncio.to_thread(writer.complete)
        except BaseException:
            writer.abandon()
            raise
    except OSError as error:
        raise Unavailable(f'The backup could not be written: {error.strerror or error}.') from error
    finally:
        await asyncio.to_thread(shutil.rmtree, scratch, ignore_errors=True)
    log.info('backup.made', path=str(target), bytes=target.stat().st_size, missing=len(manifest.missing))
    return target


def _target(settings: Settings, to: Path | None, reason: str) -> Path:
    name = f'logbook-{now():%Y%m%d-%H%M%S}{f"-{reason}" if reason else ""}{SUFFIX}'
    target = settings.data_dir / FOLDER / name if to is None else to / name if to.is_dir() or not to.suffix else to
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise Invalid(f'The folder {target.parent} cannot be made: {error.strerror}.') from error
    if target.exists():
        raise Invalid(f'{target} is there already; a backup never replaces another.')
    return target


def _sqlite_path(settings: Settings) -> Path | None:
    url = sa.make_url(settings.database)
    return Path(url.database or '') if url.get_backend_name() == 'sqlite' else None


def _require_room(settings: Settings, scratch: Path) -> None:
    path = _sqlite_path(settings)
    size = path.stat().st_size if path is not None and path.exists() else 0
    free = shutil.disk_usage(scratch).free
    if free < 2 * size + SPARE_BYTES:
        raise Unavailable(f'There are only {free / 1e6:.0f} MB free on the disk; the backup needs more.')


def _copy_sqlite(path: Path, copy: Path) -> str:
    if not path.exists():
        raise Invalid('There is no database to back up yet.')
    snapshot.copy_sqlite(path, copy)
    return snapshot.revision_of(copy)


async def _copy_database(settings: Settings, copy: Path) -> str:
    path = _sqlite_path(settings)
    if path is not None:
        return await asyncio.to_thread(_copy_sqlite, path, copy)
    revision = await schema.stored_revision(settings.database)
    if revision is None:
        raise Invalid('There is no database to back up yet.')
    await snapshot.copy_server(settings.database, revision, copy)
    return revision


async def _fill(
    settings: Settings,
    writer: archive.Writer,
    copy: Path,
    manifest: Manifest,
    *,
    with_keys: bool,
    progress: Progress | None,
) -> None:
    stored = await asyncio.to_thread(_stored_files, copy)
    with tarfile.open(fileobj=writer, mode='w|', bufsize=archive.CHUNK, format=tarfile.PAX_FORMAT) as tar:
        await asyncio.to_thread(_add_file, tar, manifest, DATABASE, copy)
        for number, name in enumerate(stored):
            try:
                content = await files.read_object(settings, name)
            except FileNotFoundError:
                manifest.missing.append(name)
                continue
            await asyncio.to_thread(_add, tar, manifest, f'files/{name}', content)
            await report(progress, 0.1 + 0.9 * number / len(stored))
        last = settings.secrets_dir / LAST_CHECKPOINTS
        if last.exists():
            await asyncio.to_thread(_add_file, tar, manifest, ANCHORS, last)
        for name in KEY_NAMES if with_keys else ():
            if (settings.secrets_dir / name).exists():
                await asyncio.to_thread(_add_file, tar, manifest, f'keys/{name}', settings.secrets_dir / name)
        said = {name: getattr(manifest, name) for name in Manifest.__slots__}
        await asyncio.to_thread(_add, tar, None, MANIFEST, json.dumps(said, indent=1).encode())
    await report(progress, 1.0)


async def report(progress: Progress | None, part: float) -> None:
    """Tell how far it is, as a part of one."""
    waiting = progress(part) if progress is not None else None
    if waiting is not None:
        await waiting


def _stored_files(copy: Path) -> list[str]:
    """Name the objects that this very state of the database knows, so that archive and database agree."""
    with contextlib.closing(sqlite3.connect(copy)) as connection:
        rows = connection.execute('SELECT object_name FROM stored_file ORDER BY object_name').fetchall()
    return [str(row[0]) for row in rows]


class _Hashed(io.RawIOBase):
    """Counts the hash of what tar reads from a file."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.hash = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        self.hash.update(data)
        return data


def _entry(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o600, int(datetime.now(UTC).timestamp())
    return info


def _add(tar: tarfile.TarFile, manifest: Manifest | None, name: str, content: bytes) -> None:
    tar.addfile(_entry(name, len(content)), io.BytesIO(content))
    if manifest is not None:
        manifest.entries[name] = {'size': len(content), 'sha256': hashlib.sha256(content).hexdigest()}


def _add_file(tar: tarfile.TarFile, manifest: Manifest, name: str, path: Path) -> None:
    with path.open('rb') as file:
        hashed, size = _Hashed(file), os.fstat(file.fileno()).st_size
        tar.addfile(_entry(name, size), hashed)
    manifest.entries[name] = {'size': size, 'sha256': hashed.hash.hexdigest()}


def lying_in(folder: Path) -> list[Path]:
    """Return all that is named as an archive is in a folder, whoever named it."""
    return [path for path in folder.glob(f'*{SUFFIX}') if not path.name.startswith('.')]


def archives(folder: Path) -> list[tuple[datetime, Path]]:
    """Return the archives of a folder that Logbook named, with their times, the newest first."""
    found = [(match, path) for path in lying_in(folder) if (match := NAME.fullmatch(path.name))]
    return sorted(
        ((made_at(match), path) for match, path in found),
        reverse=True,
    )


def made_at(match: re.Match[str]) -> datetime:
    """Return the time in the name of an archive."""
    return datetime.strptime(match[1], '%Y%m%d-%H%M%S').replace(tzinfo=UTC)


def to_drop(made: Sequence[datetime], at: datetime, keep_days: int) -> list[int]:
    """Return which of these times, the newest first, go: a day all stay, then one a day, then one a week, then a month.

    Days are kept for `keep_days`, weeks for 8 weeks, months for 12 months; the newest always stays.
    """
    kept_periods: set[tuple[str, int, int]] = set()
    dropped = []
    for position, time in enumerate(made):
        age = at - time
        if age <= timedelta(hours=HOURS) or not position:
            continue
        year, week, _ = time.isocalendar()
        period = None
        if age <= timedelta(days=keep_days):
            period = ('day', time.year, time.timetuple().tm_yday)
        elif age <= timedelta(weeks=WEEKS):
            period = ('week', year, week)
        elif age <= timedelta(days=31 * MONTHS):
            period = ('month', time.year, time.month)
        if period is None or period in kept_periods:
            dropped.append(position)
        else:
            kept_periods.add(period)
    return dropped

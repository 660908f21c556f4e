"""Restoring: the archive is opened beside, checked whole, brought to the present schema, and only then put in place."""

import asyncio
import contextlib
import errno
import hashlib
import json
import os
import re
import secrets
import shutil
import sqlite3
import tarfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import col, select

from data import database as databases
from data import schema
from data.audit import AuditLog
from data.identity import PasswordReset, Session, SetupLink
from data.work import JobRow, JobStatus
from logic.audit.keeping import begin_epoch, notice_restores
from logic.audit.tree import HASH_SIZE
from logic.audit.verdict import keep_for_all
from logic.audit.verify import LogVerdict, verify_logs
from logic.backup import archive, keyring, snapshot
from logic.backup.making import (
    ANCHORS,
    BEFORE_RESTORE,
    DATABASE,
    KEY_FILE,
    KEY_NAMES,
    MANIFEST,
    Progress,
    back_up,
    opening_key,
    report,
)
from logic.core import config, files
from logic.core.actor import Actor
from logic.core.config import Settings
from logic.core.errors import Invalid
from logic.core.secrets import install, open_secrets
from logic.core.service import SYSTEM, service
from logic.core.work import Work

log = structlog.get_logger(__name__)
OBJECT = re.compile(r'files/[0-9a-f]{2}/[0-9a-f]{32}')
MARK = 'restore-unfinished.json'
"""In the data folder while things are put in place: what moves where, so that the next start can end it."""

SERVER_MARK = 'restore-of-server-unfinished'
"""In the data folder while a database server is emptied and filled: Logbook does not start on half of it."""


@dataclass(slots=True)
class Restored:
    """What a restore found and did."""

    created_at: str = ''
    version: str = ''
    rows: int = 0
    files: int = 0
    missing: int = 0
    verdicts: list[LogVerdict] = field(default_factory=list)
    kept: Path | None = None
    """Where the data from before lies."""
    signs_anew: bool = False
    """Whether the key that signed its audit logs is not here, so that another one signs from now on."""
    is_done: bool = False

    @property
    def reason(self) -> str:
        """What the new epoch of every audit log says of itself."""
        signs = ' The key that signed before is not here: a new one signs from now on.' if self.signs_anew else ''
        return f'Restored from the backup of {self.created_at[:19]} UTC.{signs}'

    @property
    def is_intact(self) -> bool:
        """Whether its audit logs verify."""
        return all(verdict.is_intact for verdict in self.verdicts)

    def lines(self) -> list[str]:
        """Say it in sentences."""
        made = f'Backup of {self.created_at[:19]} UTC, made by Logbook {self.version}'
        said = [f'{made}: {self.rows} rows, {self.files} files.']
        if self.missing:
            said.append(f'{self.missing} files were missing already when it was made.')
        for verdict in self.verdicts:
            said += verdict.lines()[:1] + [str(fault) for fault in verdict.faults]
        if self.is_done:
            said.append('It is in place. All sessions were ended, and a new epoch of every audit log was begun.')
            if self.signs_anew:
                said.append(
                    'The key that signed the audit logs was not here, so a new one signs them from now on; what the '
                    'old one signed is still verified. Print the recovery sheet again.'
                )
            if self.kept is not None:
                said.append(f'What was there before is kept in {self.kept}; delete it when you no longer need it.')
        else:
            said.append('It can be restored. Nothing was changed.')
        if not self.is_intact:
            said.append(
                'ATTENTION: the audit log in this backup does not verify; above stands in which log, and at which '
                'entry. Its data can be worked with, but what is said there is not proven. Keep what was there before, '
                'and try an older backup.'
            )
        return said


async def restore(
    settings: Settings,
    path: Path,
    *,
    passphrase: str | None = None,
    key: str | None = None,
    check_only: bool = False,
    progress: Progress | None = None,
) -> Restored:
    """Put an archive in the place of the present data, which is kept. Logbook must not run.

    `key` is the text of a key file: the keys of a recovery sheet, which are enough on a new computer. Everything is
    checked before anything is touched. Raises Invalid with one sentence when the archive is damaged, cut off, locked
    with something else or newer than this program, or when neither the keys of here nor those given belong to it; Busy
    when Logbook is running.
    """
    given = keyring.RecoveryKeys() if key is None else keyring.read_keys(key)
    was_there = settings.data_dir.exists()
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    scratch = settings.data_dir / f'restore-{time.strftime("%Y%m%d-%H%M%S")}-{secrets.token_hex(3)}'
    known = databases.Database(settings.database)
    try:
        if not check_only:
            known.claim()
        manifest = await unpack(settings, path, scratch, passphrase=passphrase, keys=given.backup, progress=progress)
        result = Restored(
            manifest['created_at'], manifest['version'], sum(manifest['rows'].values()),
            sum(name.startswith('files/') for name in manifest['entries']), len(manifest['missing']),
        )  # fmt: skip
        await schema.migrate(f'sqlite+aiosqlite:///{scratch / DATABASE}')
        is_own, result.signs_anew = await asyncio.to_thread(keyring.lay_out, settings, scratch, given)
        await asyncio.to_thread(_refuse_without_end, scratch / DATABASE)
        result.verdicts = await verify_copy(scratch / DATABASE)
        await report(progress, 0.7)
        if not check_only:
            result.kept = await _put_in_place(settings, scratch, is_own=is_own)
            install(open_secrets(settings.secrets_dir, database_exists=True, kek=settings.kek))
            await _begin_again(settings, scratch, result)
            result.is_done = True
        await report(progress, 1.0)
        return result
    finally:
        await known.close()
        await asyncio.to_thread(shutil.rmtree, scratch, ignore_errors=True)
        if not was_there:
            await asyncio.to_thread(_leave_nothing, settings.data_dir)


def _leave_nothing(data_dir: Path) -> None:
    """Take away a data folder that was made only to look into an archive."""
    if all(path.suffix == '.lock' for path in data_dir.iterdir()):
        shutil.rmtree(data_dir)


async def unpack(
    settings: Settings,
    path: Path,
    scratch: Path,
    *,
    passphrase: str | None = None,
    keys: Sequence[str] = (),
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Open an archive into an empty folder and check all of it; returns its manifest. Raises Invalid."""
    if (settings.secrets_dir / KEY_FILE).exists():
        keys = [*keys, opening_key(settings.secrets_dir)]
    try:
        await asyncio.to_thread(_extract, path, scratch, passphrase, keys)
    except tarfile.TarError as error:
        raise archive.Damaged('The archive is damaged. Nothing was changed; use another one.') from error
    await report(progress, 0.4)
    manifest = await asyncio.to_thread(_check_manifest, scratch)
    revision = snapshot.revision_of(scratch / DATABASE)
    try:
        schema.refuse_newer(revision)
    except schema.NewerSchema:
        raise Invalid(
            f'This archive was made by Logbook {manifest["version"]}, which is newer than this one. Restore it there.'
        ) from None
    rows = await asyncio.to_thread(snapshot.examine, scratch / DATABASE)
    if revision != manifest['schema'] or rows != manifest['rows']:
        raise archive.Damaged('The database in the archive is not the one that its manifest tells of.')
    return manifest


def _extract(path: Path, scratch: Path, passphrase: str | None, keys: Sequence[str]) -> None:
    reader = archive.Reader(path)
    scratch.mkdir(mode=0o700, parents=True)
    try:
        if reader.header.get('schema') not in schema.revisions():
            version = str(reader.header.get('version'))[:20]
            raise Invalid(
                f'This archive was made by Logbook {version}, which is newer than this one. Restore it there.'
            )
        reader.open(passphrase, keys)
        with tarfile.open(fileobj=reader, mode='r|', bufsize=archive.CHUNK) as tar:
            for info in tar:
                _extract_one(tar, info, scratch)
        reader.exhaust()
    finally:
        reader.close()


def _extract_one(tar: tarfile.TarFile, info: tarfile.TarInfo, scratch: Path) -> None:
    name = info.name
    is_key = name.startswith('keys/') and name.removeprefix('keys/') in KEY_NAMES
    if not info.isfile() or not (name in (DATABASE, MANIFEST, ANCHORS) or is_key or OBJECT.fullmatch(name)):
        raise archive.Damaged(f'The archive holds something that no backup holds: {name[:80]}.')
    target = scratch / name
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    source = tar.extractfile(info)
    assert source is not None
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), 'wb') as file:
        shutil.copyfileobj(source, file, 1 << 20)


def _check_manifest(scratch: Path) -> dict[str, Any]:
    """Compare every file with the manifest."""
    try:
        manifest: dict[str, Any] = json.loads((scratch / MANIFEST).read_text('utf-8'))
        entries = manifest['entries']
    except (OSError, ValueError, KeyError) as error:
        raise archive.Damaged('The archive has no readable manifest.') from error
    found = {str(path.relative_to(scratch)) for path in scratch.rglob('*') if path.is_file()} - {MANIFEST}
    if found != set(entries) or DATABASE not in found:
        raise archive.Damaged('The archive does not hold what its manifest tells of.')
    for name, told in entries.items():
        with (scratch / name).open('rb') as file:
            digest = hashlib.file_digest(file, 'sha256').hexdigest()
        if digest != told['sha256']:
            raise archive.Damaged(f'{name} in the archive is not what was put into it.')
    return manifest


def _refuse_without_end(path: Path) -> None:
    """Raise Damaged when an audit log takes no entry any more: whoever restored it could not even sign in."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        heads = connection.execute('SELECT size, frontier FROM audit_log').fetchall()
        lost = 'SELECT 1 FROM audit_entry WHERE log NOT IN (SELECT number FROM audit_log) LIMIT 1'
        has_lost = connection.execute(lost).fetchone() is not None
    if has_lost or any(len(frontier) != HASH_SIZE * size.bit_count() for size, frontier in heads):
        raise archive.Damaged(
            'The audit log in this archive is damaged at its end, so that nothing could be written after it. Nothing '
            'was changed; use another one.'
        )


async def verify_copy(path: Path) -> list[LogVerdict]:
    """Verify the audit logs in a SQLite file that is not the open database."""
    engine = create_async_engine(f'sqlite+aiosqlite:///{path}')
    try:
        async with engine.connect() as connection:
            return await verify_logs(connection)
    finally:
        await engine.dispose()


# Putting in place


async def _put_in_place(settings: Settings, scratch: Path, *, is_own: bool) -> Path | None:
    """Swap: the present data goes into a folder of its own, the restored data takes its place."""
    kept = settings.data_dir / f'before-restore-{time.strftime("%Y%m%d-%H%M%S")}'
    moves: list[tuple[str, str]] = []
    if settings.database.startswith('sqlite'):
        path = Path(sa.make_url(settings.database).database or '')
        # A WAL file left behind would be played onto the restored database.
        moves += [(str(path) + end, str(kept / (path.name + end))) for end in ('-wal', '-shm')]
        moves += [(str(path), str(kept / path.name)), (str(scratch / DATABASE), str(path))]
    else:
        await _replace_server(settings, scratch)
    if settings.storage.startswith('file:'):
        folder = settings.data_dir / 'files' if settings.storage_url is None else files.folder_of(settings.storage)
        (scratch / 'files').mkdir(exist_ok=True, mode=0o700)
        moves += [(str(folder), str(kept / 'files')), (str(scratch / 'files'), str(folder))]
    else:
        await _upload(settings, scratch)
    moves += keyring.moves_of_keys(settings, scratch, kept, is_own=is_own)
    await asyncio.to_thread(_move_all, settings.data_dir, moves)
    return kept if kept.exists() else None


def _move_all(data_dir: Path, planned: list[tuple[str, str]]) -> None:
    # Only what is there now is moved away: else a repetition would take the restored file for the one before it.
    moves = [(source, target) for source, target in planned if Path(source).exists()]
    mark = data_dir / MARK
    draft = mark.with_name(f'.{MARK}')
    with draft.open('w') as file:
        json.dump(moves, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(mark)
    finish_moves(data_dir)


def finish_moves(data_dir: Path) -> bool:
    """Do what is left of an interrupted swap; called by every start. Says whether there was something to do.

    Each move is done when its source is gone or its target is there, so that repeating the list is harmless. Raises
    Invalid when a database server was left half filled.
    """
    if (data_dir / SERVER_MARK).exists():
        raise Invalid('A restore was interrupted, so the database is incomplete. Run the restore again.')
    mark = data_dir / MARK
    if not mark.exists():
        for left in data_dir.glob('restore-*-*'):
            shutil.rmtree(left, ignore_errors=True)
        return False
    for source, target in json.loads(mark.read_text()):
        there, here = Path(target), Path(source)
        if here.exists() and not there.exists():
            there.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _move(here, there)
    handle = os.open(data_dir, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
    mark.unlink()
    return True


def _move(here: Path, there: Path) -> None:
    """Move a file or folder, whole or not at all, also to another file system: files may be a mount of their own."""
    try:
        here.rename(there)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        part = there.with_name(f'{there.name}.part')
        if here.is_dir():
            shutil.copytree(here, part, dirs_exist_ok=True)
        else:
            shutil.copy2(here, part)
        part.rename(there)
        shutil.rmtree(here) if here.is_dir() else here.unlink()


async def _replace_server(settings: Settings, scratch: Path) -> None:
    stored = await schema.stored_revision(settings.database)
    if await schema.is_half_migrated(settings.database):
        log.warning('restore.half_migrated_database_is_not_kept')  # it fits no schema, so no archive can hold it
    elif stored is not None:
        made = await back_up(settings, reason=BEFORE_RESTORE)
        log.warning('restore.kept', archive=str(made))
    mark = settings.data_dir / SERVER_MARK
    mark.touch()
    await snapshot.empty_server(settings.database)
    await schema.migrate(settings.database)
    await snapshot.load_server(scratch / DATABASE, settings.database)
    mark.unlink()


async def _upload(settings: Settings, scratch: Path) -> None:
    """Put the files back into an object store; what is there under other names stays."""
    store = files.object_store_of(settings)
    for path in sorted((scratch / 'files').rglob('*')):
        if path.is_file():
            await store.put_async(str(path.relative_to(scratch / 'files')), path)


async def _begin_again(settings: Settings, scratch: Path, result: Restored) -> None:
    """End what must not live on: sessions, links, half-run jobs; and say in the audit logs that they were restored."""
    config.configure(settings)
    databases.connect(settings.database)
    anchors = await asyncio.to_thread(_text_of, scratch / ANCHORS)
    try:
        await _settle(Actor.system(name='Restore'), result.reason, anchors)
        await keep_for_all(result.verdicts)
    finally:
        await databases.disconnect()


def _text_of(path: Path) -> str:
    return path.read_text('utf-8') if path.exists() else ''


@service(SYSTEM)
async def _settle(work: Work, reason: str, anchors: str) -> None:
    """End what must not go on after a restore: links, sessions, leases; and begin a new epoch in each log."""
    async with work.everywhere():
        for table, ended in ((PasswordReset, 'used_at'), (SetupLink, 'used_at'), (Session, 'revoked_at')):
            column = getattr(table, ended)
            statement = sa.update(table).where(column.is_(None)).values({ended: work.now})
            await work.execute(statement)
        running = sa.update(JobRow).where(col(JobRow.status) == JobStatus.RUNNING)
        values = {'status': JobStatus.WAITING, 'run_at': work.now, 'leased_by': None, 'leased_until': None}
        await work.execute(running.values(values))
    begun = set(await notice_restores(work, reason, anchors))
    rows: list[UUID] = await work.all(select(AuditLog.log_id))
    for log_id in rows:
        if log_id not in begun:
            await begin_epoch(work, log_id, reason)

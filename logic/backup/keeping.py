"""Keeping backups: every night and every busy hour, old ones dropped, the newest tried out, a word when one fails."""

import asyncio
import hashlib
import json
import secrets
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import structlog
from sqlmodel import col, func, select

from data import schema
from data.audit import AuditLog
from data.backup import BackupRun
from data.core import now
from data.organizations import Organization, OrganizationSettings
from logic import notifications
from logic.audit.entry import INSTANCE_LOG_ID
from logic.audit.verify import LogVerdict
from logic.backup.archive import begun_at, is_for_others, recipient_of
from logic.backup.keyring import prove_sealed
from logic.backup.making import DATABASE, FOLDER, archives, back_up, lying_in, opening_key, to_drop
from logic.backup.restoring import unpack, verify_copy
from logic.core import config
from logic.core.actor import Actor
from logic.core.config import Settings
from logic.core.domain import Domain
from logic.core.errors import AppError, Unavailable
from logic.core.jobs import Run
from logic.core.language import _, later
from logic.core.secrets import SecretsError
from logic.core.sentences import Sentence, packed, told, unpacked
from logic.core.service import SYSTEM, query, service
from logic.core.work import Work

log = structlog.get_logger(__name__)
domain = Domain(
    'backup',
    title='Backup',
    icon='sym_o_backup',
    group='Platform',
    description='Encrypted copies, and the way back from them.',
)
VIEW = domain.permission('view', 'See when the last backup was made and tried')
MANAGE = domain.permission('manage', 'Make backups and export everything')
STATUS_PAGE = '/settings/backup'
MOST_HOURLY_BYTES = 1_000_000_000
"""Larger archives are made at night only: whole ones each hour would fill the disk that they are to protect."""


MOST_LOOKED_AT = 100
"""So many of the newest backups are looked at for one that can be tried out."""


@query(VIEW)
async def last_backup(work: Work) -> BackupRun | None:
    """Return the last attempt at a backup."""
    row: BackupRun | None = await work.first(select(BackupRun).order_by(col(BackupRun.finished_at).desc()).limit(1))
    return row


@query(VIEW)
async def last_good_backup(work: Work) -> BackupRun | None:
    """Return the last backup that was made without an error."""
    good = select(BackupRun).where(BackupRun.error == '').order_by(col(BackupRun.finished_at).desc()).limit(1)
    row: BackupRun | None = await work.first(good)
    return row


@query(VIEW)
async def last_trial(work: Work) -> BackupRun | None:
    """Return the backup that was last restored into a scratch place, with what came of it."""
    tried = select(BackupRun).where(col(BackupRun.tried_at).is_not(None))
    row: BackupRun | None = await work.first(tried.order_by(col(BackupRun.tried_at).desc()).limit(1))
    return row


def trial_text(trial: BackupRun) -> str:
    """Return what came of restoring a backup for trial, in the reader's language."""
    text = trial.tried_result
    return str(unpacked(json.loads(text))) if text.startswith('{') else _(text)


@service(MANAGE)
async def request_backup(work: Work) -> None:
    """Have a backup made now, by a job."""
    work.record('Backup', None)
    work.enqueue(make)


@query(SYSTEM)
async def plan_of_installation(work: Work) -> OrganizationSettings:
    """Return where backups go and how long they stay: as the first department of this installation decided."""
    async with work.everywhere():
        row = await work.first(select(Organization).order_by(col(Organization.created_at)).limit(1))
    return row.settings if row is not None else OrganizationSettings()


@service(SYSTEM)
async def note_backup(work: Work, place: str, size: int, sha256: str, error: str = '') -> None:
    """Note that a backup was made, or why not; a failure is told to those who look after backups."""
    work.add(BackupRun(place=place, size=size, sha256=sha256, finished_at=work.now, error=error[:500]))
    work.record('Backup', None, action='backup.make', outcome='failed' if error else 'done', place=place)
    if error:
        async with work.everywhere():
            organizations = await work.all(select(col(Organization.id)))
        for organization_id in organizations:
            async with work.inside(organization_id):
                for account_id in await notifications.holders_of(work, MANAGE):
                    await notifications.tell(
                        work, account_id, kind=notifications.BACKUP_FAILED, title=later('The backup has failed'),
                        body=error, link=STATUS_PAGE, key=f'backup|{work.now:%Y-%m-%d}',
                    )  # fmt: skip


@domain.job(schedule='*/10 * * * *', instance=True, detached=True, attempts=1)
async def note_archives(run: Run) -> None:  # noqa: ARG001
    """Note the archives that lie where backups go and that others made: commands, upgrades, people."""
    await _note_archives(Actor.system(), await _lying(await plan_of_installation(Actor.system())))


async def _lying(plan: OrganizationSettings) -> list[tuple[Path, int, datetime]]:
    """Return what lies where backups go and begins as an archive does, with its size and when it was begun."""

    def look() -> list[tuple[Path, int, datetime]]:
        found = [path for folder in folders_of(plan) for path in lying_in(folder)]
        return [(path, path.stat().st_size, at) for path in found if (at := begun_at(path)) is not None]

    return await asyncio.to_thread(look)


@service(SYSTEM)
async def _note_archives(work: Work, found: Sequence[tuple[Path, int, datetime]]) -> None:
    """Note archives that no note names yet."""
    places = [str(path) for path, _size, _at in found]
    known = set(await work.all(select(BackupRun.place).where(col(BackupRun.place).in_(places))))
    for path, size, at in found:
        if str(path) not in known:
            work.add(BackupRun(place=str(path), size=size, finished_at=min(at, work.now)))


@service(SYSTEM)
async def _note_trial(work: Work, run_id: str, result: str, *, well: bool) -> None:
    """Note what came of restoring a backup for trial."""
    row = await work.first(
        select(BackupRun).where(BackupRun.place == run_id).order_by(col(BackupRun.created_at).desc())
    )
    if row is not None:
        kept = json.dumps(packed(result)) if isinstance(result, Sentence) else result[:500]
        row.tried_at, row.tried_result, row.tried_well = work.now, kept, well


@domain.job(schedule='0 3 * * *', instance=True, detached=True, attempts=3)
async def make(run: Run) -> None:
    """Make the nightly backup and drop those that are old enough."""
    await _make(run, await plan_of_installation(Actor.system()))


@domain.job(schedule='30 * * * *', instance=True, detached=True, attempts=1)
async def make_hourly(run: Run) -> None:
    """Make a backup when somebody has done something since the last one, as long as backups are small."""
    plan = await plan_of_installation(Actor.system())
    if plan.backup_hourly and await _is_due(Actor.system(), folder_of(plan)):
        await _make(run, plan)


@query(SYSTEM)
async def _is_due(work: Work, folder: Path) -> bool:
    """Say whether the logs of departments went on since the newest archive of a folder was begun."""
    made = await asyncio.to_thread(archives, folder)
    acted_at = await work.first(select(func.max(col(AuditLog.last_at))).where(AuditLog.log_id != INSTANCE_LOG_ID))
    if not made or acted_at is None:
        return acted_at is not None
    begun_at, newest = made[0]
    size = (await asyncio.to_thread(newest.stat)).st_size
    return bool(acted_at >= begun_at) and size <= MOST_HOURLY_BYTES


def folder_of(plan: OrganizationSettings) -> Path:
    """Return the folder into which backups go."""
    return Path(plan.backup_folder) if plan.backup_folder else config.configured().data_dir / FOLDER


def folders_of(plan: OrganizationSettings) -> set[Path]:
    """Return the folders in which backups lie: what commands make lies in the data folder unless they say where."""
    return {folder_of(plan), config.configured().data_dir / FOLDER}


async def _make(run: Run, plan: OrganizationSettings) -> None:
    settings, folder = config.configured(), folder_of(plan)
    try:
        made = await back_up(settings, to=folder, progress=lambda part: run.progress(int(part * 100)))
    except AppError as error:
        await note_backup(Actor.system(), str(folder), 0, '', error.message)
        raise
    size, digest = await asyncio.to_thread(measure, made)
    await note_backup(Actor.system(), str(made), size, digest)
    await asyncio.to_thread(drop_old, folder, now(), plan.backup_keep_days)


def measure(path: Path) -> tuple[int, str]:
    """Return size and SHA-256 of a file."""
    with path.open('rb') as file:
        return path.stat().st_size, hashlib.file_digest(file, 'sha256').hexdigest()


def drop_old(folder: Path, at: datetime, keep_days: int) -> list[Path]:
    """Delete the archives of a folder that nobody needs any more; returns them."""
    found = archives(folder)
    dropped = [found[position][1] for position in to_drop([made for made, _ in found], at, keep_days)]
    for path in dropped:
        path.unlink()
    return dropped


@domain.job(schedule='30 4 * * 0', instance=True, detached=True, attempts=2)
async def try_out(run: Run) -> None:
    """Restore the newest backup into a scratch place: compare its counts, open its sealed values, verify its logs.

    Whoever made it; but what is locked with a passphrase, or for others, nobody here can open.
    """
    settings = config.configured()
    await note_archives(run)
    places = await _newest(Actor.system())
    if not places:
        return
    place = await asyncio.to_thread(_to_try, places, recipient_of(opening_key(settings.secrets_dir)))
    well, result = await try_archive(settings, Path(place))
    await _note_trial(Actor.system(), place, result, well=well)
    await run.conclude(result[:200])
    if not well:
        await note_backup(Actor.system(), place, 0, '', f'A trial of the newest backup failed: {result}')


def _to_try(places: Sequence[str], recipient: str) -> str:
    """Return the first of these archives that is there and not locked for others; the first of all without one."""
    found = (one for one in places if Path(one).exists() and not is_for_others(Path(one), recipient))
    return next(found, places[0])


@query(SYSTEM)
async def _newest(work: Work) -> list[str]:
    """Return the places of the backups that were made well, the newest first."""
    good = select(BackupRun.place).where(BackupRun.error == '').order_by(col(BackupRun.finished_at).desc())
    return list(dict.fromkeys(await work.all(good.limit(MOST_LOOKED_AT))))


async def try_archive(settings: Settings, path: Path) -> tuple[bool, str]:
    """Restore an archive into a scratch place; returns whether all is well, and a sentence.

    All is well when the archive is whole, the master key opens every sealed value in it, and its audit logs verify.
    """
    scratch = settings.data_dir / FOLDER / f'.trial-{secrets.token_hex(4)}'
    try:
        manifest = await unpack(settings, path, scratch)
        copy = scratch / DATABASE
        await schema.migrate(f'sqlite+aiosqlite:///{copy}')
        await asyncio.to_thread(prove_sealed, settings, copy)
        verdicts: list[LogVerdict] = await verify_copy(copy)
    except AppError as error:
        return False, error.message
    except SecretsError as error:
        return False, str(error)
    except OSError as error:
        return False, str(Unavailable(f'{path} cannot be read: {error.strerror}.'))
    finally:
        await asyncio.to_thread(shutil.rmtree, scratch, ignore_errors=True)
    damaged = [verdict for verdict in verdicts if not verdict.is_intact]
    rows, entries = sum(manifest['rows'].values()), sum(verdict.size for verdict in verdicts)
    if damaged:
        return False, damaged[0].lines()[1]
    return True, told('Restored {rows} rows and verified {entries} audit entries.', rows=rows, entries=entries)

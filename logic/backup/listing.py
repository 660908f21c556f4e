"""The list of backups: what lies in the folders, whoever made it, and the attempts that left nothing."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlmodel import col, select

from data.backup import BackupRun
from logic.backup.keeping import VIEW, folder_of, plan_of_installation
from logic.backup.making import BEFORE_RESTORE, BEFORE_UPGRADE, BY_COMMAND, FOLDER, NAME, lying_in, made_at
from logic.core import config
from logic.core.language import _, later
from logic.core.service import query
from logic.core.work import Work

MOST_FAILED = 10
REASONS = {
    BY_COMMAND: later('By a command'),
    BEFORE_RESTORE: later('Before a restore'),
    BEFORE_UPGRADE: later('Before an upgrade'),
}
"""How an archive was made, as its name says it."""


@dataclass(frozen=True, slots=True)
class BackupRow:
    """An archive, or an attempt at one that failed."""

    id: UUID
    at: datetime
    place: str
    size: int = 0
    """In bytes; 0 where there is none."""
    how: str = ''
    """How it was made, in words; empty where nobody knows."""
    error: str = ''
    """Empty when it was made."""


@query(VIEW)
async def list_backups(work: Work) -> list[BackupRow]:
    """Return the archives that lie where this installation puts its own, and the last failures, the newest first."""
    folders = {folder_of(await plan_of_installation(work)), config.configured().data_dir / FOLDER}
    rows = await asyncio.to_thread(_lying_in, folders)
    ours = select(BackupRun.place).where(BackupRun.error == '', col(BackupRun.place).in_([row.place for row in rows]))
    known = set(await work.all(ours))
    rows = [replace(row, how=_('By Logbook itself')) if row.place in known else row for row in rows]
    failed = select(BackupRun).where(BackupRun.error != '').order_by(col(BackupRun.finished_at).desc())
    for run in await work.all(failed.limit(MOST_FAILED)):
        rows.append(BackupRow(run.id, run.finished_at, run.place, error=run.error))
    return sorted(rows, key=lambda row: row.at, reverse=True)


def _lying_in(folders: Iterable[Path]) -> list[BackupRow]:
    return [_row(path) for folder in folders for path in lying_in(folder) if path.is_file()]


def _row(path: Path) -> BackupRow:
    stat, match, key = path.stat(), NAME.fullmatch(path.name), uuid5(NAMESPACE_URL, str(path))
    if match is None:
        return BackupRow(key, datetime.fromtimestamp(stat.st_mtime, UTC), str(path), stat.st_size)
    how = next((str(said) for reason, said in REASONS.items() if (match[2] or '').startswith(reason)), '')
    return BackupRow(key, made_at(match), str(path), stat.st_size, how)

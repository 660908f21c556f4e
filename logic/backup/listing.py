"""The list of backups: what lies in the folders, whoever made it, and the attempts that left nothing."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlmodel import col, select

from data.backup import BackupRun
from logic.backup.archive import begun_at
from logic.backup.keeping import VIEW, folders_of, plan_of_installation
from logic.backup.making import BEFORE_RESTORE, BEFORE_UPGRADE, BY_COMMAND, NAME, lying_in, made_at
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
    rows = await asyncio.to_thread(_lying_in, folders_of(await plan_of_installation(work)))
    failed = select(BackupRun).where(BackupRun.error != '').order_by(col(BackupRun.finished_at).desc())
    for run in await work.all(failed.limit(MOST_FAILED)):
        rows.append(BackupRow(run.id, run.finished_at, run.place, error=run.error))
    return sorted(rows, key=lambda row: row.at, reverse=True)


def _lying_in(folders: Iterable[Path]) -> list[BackupRow]:
    return [_row(path) for folder in folders for path in lying_in(folder) if path.is_file()]


def _row(path: Path) -> BackupRow:
    stat, match, key = path.stat(), NAME.fullmatch(path.name), uuid5(NAMESPACE_URL, str(path))
    if match is None:
        at = begun_at(path)
        how = '' if at is None else _('Under a name of its own')
        return BackupRow(key, at or datetime.fromtimestamp(stat.st_mtime, UTC), str(path), stat.st_size, how)
    reason = match[2] or ''
    how = next((str(said) for begin, said in REASONS.items() if reason.startswith(begin)), '')
    return BackupRow(key, made_at(match), str(path), stat.st_size, how or ('' if reason else _('By Logbook itself')))

"""Backups as they were made, and what came of trying them out."""

from datetime import datetime

from data.core import Model, instant, text


class BackupRun(Model, table=True):
    """One attempt at a backup; whether it could be restored is noted when it was tried."""

    __tablename__ = 'backup_run'

    place: str = text(500)
    size: int = 0
    sha256: str = text(64, default='')
    finished_at: datetime = instant(index=True)
    error: str = text(500, default='')
    """Empty when it was made."""
    tried_at: datetime | None = instant(default=None)
    tried_result: str = text(500, default='')
    tried_well: bool | None = None

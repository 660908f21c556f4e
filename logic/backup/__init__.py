"""Backup: one encrypted archive of everything, made while Logbook works, put back only after it was checked whole."""

from logic.backup.archive import Damaged, new_key, recipient_of
from logic.backup.keeping import (
    MANAGE,
    VIEW,
    domain,
    last_backup,
    last_good_backup,
    last_trial,
    note_backup,
    request_backup,
    trial_text,
    try_archive,
)
from logic.backup.keyring import RecoveryKeys, recovery_keys
from logic.backup.leaving import ExportState, export_state, request_export
from logic.backup.listing import BackupRow, list_backups
from logic.backup.making import BEFORE_UPGRADE, BY_COMMAND, FOLDER, archives, back_up, opening_key
from logic.backup.recovery import (
    RecoverySheet,
    RecoveryState,
    is_kept,
    keep_sheet,
    open_sheet,
    recovery_state,
)
from logic.backup.restoring import Restored, finish_moves, restore

__all__ = [
    'BEFORE_UPGRADE',
    'BY_COMMAND',
    'FOLDER',
    'MANAGE',
    'VIEW',
    'BackupRow',
    'Damaged',
    'ExportState',
    'RecoveryKeys',
    'RecoverySheet',
    'RecoveryState',
    'Restored',
    'archives',
    'back_up',
    'domain',
    'export_state',
    'finish_moves',
    'is_kept',
    'keep_sheet',
    'last_backup',
    'last_good_backup',
    'last_trial',
    'list_backups',
    'new_key',
    'note_backup',
    'open_sheet',
    'opening_key',
    'recipient_of',
    'recovery_keys',
    'recovery_state',
    'request_backup',
    'request_export',
    'restore',
    'trial_text',
    'try_archive',
]

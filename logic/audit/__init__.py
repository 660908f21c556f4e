"""The audit log: what everybody did, provable to an outsider."""

from logic.audit import waiting  # noqa: F401
from logic.audit.anchors import (
    Anchor,
    KeepersInput,
    choose_keepers,
    get_keepers,
    keep_anchor,
    print_anchor,
    send_anchor,
)
from logic.audit.append import append
from logic.audit.closing import RetentionInput, choose_retention, get_retention
from logic.audit.domain import EXPORT, MANAGE, VERIFY, VIEW, domain
from logic.audit.entry import INSTANCE_LOG_ID
from logic.audit.erasure import erase_subject, expire_values
from logic.audit.export import export_log
from logic.audit.keeping import begin_epoch, keep_checkpoints, notice_restores, write_checkpoints
from logic.audit.keys import public_key
from logic.audit.naming import name_all
from logic.audit.personal import count_old_subject_keys, rewrap_subject_keys
from logic.audit.records import (
    EntryWithProof,
    LogOverview,
    LogState,
    activity_of,
    changed_by,
    get_entry,
    list_entries,
    log_overview,
    log_state,
)
from logic.audit.rows import EntryRow, FieldChange
from logic.audit.verdict import Damage, LastVerdict, damage_in, is_damaged, keep_for_all, last_verdict, verify_now
from logic.audit.verify import LogVerdict, verify_all
from logic.core.recording import record_with

record_with(append)

__all__ = [
    'EXPORT',
    'INSTANCE_LOG_ID',
    'MANAGE',
    'VERIFY',
    'VIEW',
    'Anchor',
    'Damage',
    'EntryRow',
    'EntryWithProof',
    'FieldChange',
    'KeepersInput',
    'LastVerdict',
    'LogOverview',
    'LogState',
    'LogVerdict',
    'RetentionInput',
    'activity_of',
    'append',
    'begin_epoch',
    'changed_by',
    'choose_keepers',
    'choose_retention',
    'count_old_subject_keys',
    'damage_in',
    'domain',
    'erase_subject',
    'expire_values',
    'export_log',
    'get_entry',
    'get_keepers',
    'get_retention',
    'is_damaged',
    'keep_anchor',
    'keep_checkpoints',
    'keep_for_all',
    'last_verdict',
    'list_entries',
    'log_overview',
    'log_state',
    'name_all',
    'notice_restores',
    'print_anchor',
    'public_key',
    'rewrap_subject_keys',
    'send_anchor',
    'verify_all',
    'verify_now',
    'write_checkpoints',
]

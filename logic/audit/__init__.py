"""The audit log: what everybody did, provable to an outsider."""

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
from logic.audit.domain import ERASE, EXPORT, MANAGE, VERIFY, VIEW, domain
from logic.audit.entry import INSTANCE_LOG_ID
from logic.audit.erasure import erase_subject, expire_values
from logic.audit.export import export_log
from logic.audit.keeping import begin_epoch, keep_checkpoints, notice_restores, write_checkpoints
from logic.audit.keys import public_key
from logic.audit.personal import count_old_subject_keys, rewrap_subject_keys
from logic.audit.records import (
    EntryRow,
    EntryWithProof,
    FieldChange,
    LogOverview,
    LogState,
    activity_of,
    get_entry,
    list_actions,
    list_actors,
    list_entries,
    list_object_types,
    log_overview,
    log_state,
    verify_now,
)
from logic.audit.verify import LogVerdict, verify_all
from logic.core.recording import record_with

record_with(append)

__all__ = [
    'ERASE',
    'EXPORT',
    'INSTANCE_LOG_ID',
    'MANAGE',
    'VERIFY',
    'VIEW',
    'Anchor',
    'EntryRow',
    'EntryWithProof',
    'FieldChange',
    'KeepersInput',
    'LogOverview',
    'LogState',
    'LogVerdict',
    'RetentionInput',
    'activity_of',
    'append',
    'begin_epoch',
    'choose_keepers',
    'choose_retention',
    'count_old_subject_keys',
    'domain',
    'erase_subject',
    'expire_values',
    'export_log',
    'get_entry',
    'get_keepers',
    'get_retention',
    'keep_anchor',
    'keep_checkpoints',
    'list_actions',
    'list_actors',
    'list_entries',
    'list_object_types',
    'log_overview',
    'log_state',
    'notice_restores',
    'print_anchor',
    'public_key',
    'rewrap_subject_keys',
    'send_anchor',
    'verify_all',
    'verify_now',
    'write_checkpoints',
]

"""The records of a person's file: contacts, history, licences, documents, protected numbers, absences."""

from logic.members.file.expiry import Expiring, Within, list_expiring, remind_of_expiry
from logic.members.file.keeping import (
    RecordList,
    RecordRow,
    add_record,
    change_record,
    list_file,
    list_records,
    remove_record,
    renew_record,
    restore_record,
    reveal_number,
    view_private_records,
)
from logic.members.file.kinds import KINDS, RecordInput, RecordKind, kind_of

__all__ = [
    'KINDS',
    'Expiring',
    'RecordInput',
    'RecordKind',
    'RecordList',
    'RecordRow',
    'Within',
    'add_record',
    'change_record',
    'kind_of',
    'list_expiring',
    'list_file',
    'list_records',
    'remind_of_expiry',
    'remove_record',
    'renew_record',
    'restore_record',
    'reveal_number',
    'view_private_records',
]  # fmt: skip

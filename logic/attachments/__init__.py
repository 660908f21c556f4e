"""Files on records: attached by whoever may write on a record, versioned, previewed, and restored from a bin."""

from logic.attachments.domain import KINDS, LARGEST_BYTES, AttachedFile, FileVersion, RecordFiles
from logic.attachments.keeping import (
    attach,
    check_attachable,
    get_attachment,
    link_attachment,
    list_attachments,
    open_attachment,
    remove_attachment,
    rename_attachment,
    restore_attachment,
    send,
)
from logic.attachments.previews import forget_removed, make_preview
from logic.core.files import LINK_LASTS

LINK_SECONDS = int(LINK_LASTS.total_seconds())

__all__ = [
    'KINDS',
    'LARGEST_BYTES',
    'LINK_SECONDS',
    'AttachedFile',
    'FileVersion',
    'RecordFiles',
    'attach',
    'check_attachable',
    'forget_removed',
    'get_attachment',
    'link_attachment',
    'list_attachments',
    'make_preview',
    'open_attachment',
    'remove_attachment',
    'rename_attachment',
    'restore_attachment',
    'send',
]

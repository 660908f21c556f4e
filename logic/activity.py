"""Activity: what happened to a record, told from the audit log to whoever may see it, and taken back from there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from data.core import as_json
from logic import audit
from logic.audit import EntryRow, FieldChange
from logic.core import records
from logic.core.domain import Domain
from logic.core.errors import AppError, Conflict, NotFound
from logic.core.language import _
from logic.core.records import RecordKind
from logic.core.service import SIGNED_IN, query, service
from logic.core.wording import field_title, in_words
from logic.core.work import Work

domain = Domain(
    'activity', title='Activity', icon='sym_o_history', group='Platform', description='What happened to a record.'
)
MOST = 500


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One thing that happened."""

    seq: int
    """Its number in the audit log; its address on the page is `#activity-<seq>`."""
    at: datetime
    who: str
    what: str
    how: str
    """From where: 'in the browser', 'through the API', 'by Logbook itself'."""
    object_type: str
    reason: str
    changes: tuple[FieldChange, ...]
    may_undo: bool
    """Nobody has changed these fields since, and the viewer may change them."""


@query(SIGNED_IN)
async def list_activity(work: Work, record: str, record_id: UUID, limit: int = 50) -> list[ActivityRow]:
    """Return what happened to a record, the newest first, at most 500. Raises NotFound for one he may not see."""
    kind, row, fields = await _open(work, record, record_id)
    entries = await audit.activity_of(
        work, (record, *kind.about), record_id, fields=fields, limit=min(MOST, max(1, limit))
    )  # fmt: skip
    may_edit = kind.undo is not None and await _may_edit(work, record, record_id)
    return [_told(kind, row, entry, may_edit=may_edit) for entry in entries]


@service(SIGNED_IN)
async def undo_entry(work: Work, record: str, record_id: UUID, seq: int) -> Mapping[str, Any]:
    """Put back what one entry changed, through the rules of the record's domain; returns what stood there until now.

    Raises Conflict when somebody has changed one of the fields since, NotFound, and whatever those rules refuse.
    """
    kind, row, fields = await _open(work, record, record_id)
    await records.edit(work, record, record_id)
    found = await audit.activity_of(work, (record,), record_id, fields=fields, limit=1, only=seq)
    if not found or kind.undo is None or found[0].object_id != str(record_id):
        raise NotFound('There is no such entry.')
    changes = _undoable(kind, found[0])
    if not changes:
        raise Conflict('What this entry changed cannot be put back from here. Change it on the record itself.')
    late = [change.name for change in changes if as_json(getattr(row, change.name)) != change.new]
    if late:
        title = field_title(record, late[0])
        raise Conflict(_('Somebody has changed "{field}" since. Look at the newer entry first.', field=title))
    before = {change.name: change.new for change in changes}
    await kind.undo(work, record_id, {change.name: change.old for change in changes})
    return before


async def _open(work: Work, record: str, record_id: UUID) -> tuple[RecordKind, Any, Collection[str] | None]:
    row = await records.discuss(work, record, record_id)
    kind = records.kind_of(record)
    return kind, row, None if kind.shown_fields is None else await kind.shown_fields(work, record_id)


async def _may_edit(work: Work, record: str, record_id: UUID) -> bool:
    try:
        await records.edit(work, record, record_id)
    except AppError:
        return False
    return True


def _undoable(kind: RecordKind, entry: EntryRow) -> list[FieldChange]:
    is_change = entry.object_type == kind.name and (entry.revision or 0) > 1 and entry.outcome == 'done'
    return [change for change in entry.changes if change.name in kind.undoable] if is_change else []


def _told(kind: RecordKind, row: Any, entry: EntryRow, *, may_edit: bool) -> ActivityRow:
    undoable = _undoable(kind, entry) if may_edit else []
    same = all(as_json(getattr(row, change.name)) == change.new for change in undoable)
    return ActivityRow(
        entry.seq, entry.at, entry.actor_name, in_words(entry.action), _how(entry), entry.object_type, entry.reason,
        tuple(change for change in entry.changes if not change.name.endswith('_id')), bool(undoable) and same,
    )  # fmt: skip


def _how(entry: EntryRow) -> str:
    if entry.actor_kind == 'system':
        return _('by Logbook itself')
    return _('through the API') if entry.actor_kind == 'api_key' else _('in the browser')

"""Activity: what happened to a record, told from the audit log to whoever may see it, and taken back from there."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlmodel import select

from data.core import as_json
from data.custom_fields import FIELD
from logic import audit
from logic.audit import EntryRow, FieldChange
from logic.core import records
from logic.core.acts import in_words
from logic.core.domain import Domain
from logic.core.errors import AppError, Conflict, NotFound
from logic.core.language import _
from logic.core.records import RecordKind
from logic.core.service import SIGNED_IN, query, service
from logic.core.wording import field_title
from logic.core.work import Work
from logic.custom_fields import is_own, values_of

domain = Domain(
    'activity', title='Activity', icon='sym_o_history', group='Platform', description='What happened to a record.'
)
MOST = 500
CHANGING = frozenset({'cancel', 'change', 'complete', 'move', 'update'})
"""Acts that change a record; what they make is another one."""


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
    names: Mapping[str, str]
    """What the records are called that the changes name by their ids, as text."""
    may_undo: bool
    """Nobody has changed these fields since, and the viewer may change them."""


@query(SIGNED_IN)
async def list_activity(work: Work, record: str, record_id: UUID, limit: int = 50) -> list[ActivityRow]:
    """Return what happened to a record, the newest first, at most 500. Raises NotFound for one he may not see."""
    kind, row, fields = await _open(work, record, record_id)
    entries = await audit.activity_of(
        work, (record, *kind.about), record_id, fields=fields, limit=min(MOST, max(1, limit))
    )  # fmt: skip
    former = await _former(work, kind, record_id, entries)
    compared = [_compared(entry, former) for entry in entries]
    entries = await audit.name_all(work, compared, itself=(record, record_id))
    may_edit = kind.undo is not None and await _may_edit(work, record, record_id)
    held = await _held(work, kind, record_id) if may_edit else {}
    now = await _now(work, kind, row, entries if may_edit else ())
    return [_told(kind, now, held, entry, may_edit=may_edit) for entry in entries]


@service(SIGNED_IN)
async def undo_entry(work: Work, record: str, record_id: UUID, seq: int) -> Mapping[str, Any]:
    """Put back what one entry changed, through the rules of the record's domain; returns what stood there until now.

    Raises Conflict when somebody has changed one of the fields since, NotFound, and whatever those rules refuse.
    """
    kind, row, fields = await _open(work, record, record_id)
    await records.edit(work, record, record_id)
    types = (record, *(one.model.__name__ for one in kind.belongings))
    found = await audit.activity_of(work, types, record_id, fields=fields, limit=1, only=seq)
    if not found or kind.undo is None or (found[0].object_type == record and found[0].object_id != str(record_id)):
        raise NotFound('There is no such entry.')
    entry, changes = found[0], _undoable(kind, found[0])
    if not changes:
        raise Conflict('What this entry changed cannot be put back from here. Change it on the record itself.')
    held = await _held(work, kind, record_id)
    now = await _now(work, kind, row, found)
    late = [change for change in changes if not _is_left(now, held, entry, change)]
    if late:
        title = late[0].title or field_title(entry.object_type, late[0].name)
        raise Conflict(_('Somebody has changed "{field}" since. Look at the newer entry first.', field=title))
    if entry.object_type in held:
        before, values = _belonging(kind, held, entry.object_type, changes[0])
    else:
        before = {change.name: change.new for change in changes}
        values = {change.name: change.old for change in changes}
    await kind.undo(work, record_id, values)
    return before


async def _open(work: Work, record: str, record_id: UUID) -> tuple[RecordKind, Any, Collection[str] | None]:
    row = await records.discuss(work, record, record_id)
    kind = records.kind_of(record)
    return kind, row, None if kind.shown_fields is None else await kind.shown_fields(work, record_id)


async def _former(
    work: Work, kind: RecordKind, record_id: UUID, entries: Sequence[EntryRow]
) -> dict[str, Mapping[str, Any]]:  # fmt: skip
    """Return what each row of a succession took over from, by its id; nothing is asked where it has but begun."""
    line = kind.succession
    told = [] if line is None else [one for one in entries if one.object_type == line.model.__name__]
    if line is None or all(one.at == entries[-1].at for one in told):
        return {}
    rows = await work.all(select(line.model).where(line.record == record_id).order_by(line.since))
    fields = set(line.fields)
    return {str(row.id): before.model_dump(mode='json', include=fields) for before, row in pairwise(rows)}


def _compared(entry: EntryRow, former: Mapping[str, Mapping[str, Any]]) -> EntryRow:
    """Tell of a new row that took over from another as of a change of that one."""
    before = former.get(entry.object_id)
    if before is None or any(change.old is not None for change in entry.changes):
        return entry
    now = {change.name: change.new for change in entry.changes}
    other = [change for change in entry.changes if change.name not in before]
    taken = [FieldChange(name, old or None, now.get(name)) for name, old in before.items()]
    return replace(entry, changes=(*other, *(change for change in taken if change.old != change.new)))


async def _may_edit(work: Work, record: str, record_id: UUID) -> bool:
    try:
        await records.edit(work, record, record_id)
    except AppError:
        return False
    return True


Held = Mapping[str, Mapping[str, str]]
"""Of each table of belongings the ids of its rows, and of what they name, as it is now."""


async def _held(work: Work, kind: RecordKind, record_id: UUID) -> Held:
    found: dict[str, dict[str, str]] = {}
    for one in kind.belongings:
        rows = await work.all(select(one.model.id, one.thing).where(one.record == record_id))
        found[one.model.__name__] = {str(row_id): str(thing) for row_id, thing in rows}
    return found


def _undoable(kind: RecordKind, entry: EntryRow) -> list[FieldChange]:
    if entry.outcome != 'done':
        return []
    if entry.object_type == kind.name:
        is_change = (entry.revision or 0) > 1
        return [one for one in entry.changes if one.name in kind.undoable or one.title] if is_change else []
    names = [one.thing.key for one in kind.belongings if one.model.__name__ == entry.object_type]
    return [change for change in entry.changes if change.name in names]


async def _now(work: Work, kind: RecordKind, row: Any, entries: Iterable[EntryRow]) -> dict[str, Any]:
    """Return what stands today in the fields that these entries could be put back to, as the log writes it."""
    of_record = (entry for entry in entries if entry.object_type == kind.name)
    names = {change.name for entry in of_record for change in _undoable(kind, entry)}
    own = await values_of(work, kind.name, [row.id]) if any(is_own(name) for name in names) else {}
    stored = {f'{FIELD}{field_id}': value for field_id, value in own.get(row.id, {}).items()}
    return stored | {name: as_json(getattr(row, name)) for name in names if not is_own(name)}


def _is_left(now: Mapping[str, Any], held: Held, entry: EntryRow, change: FieldChange) -> bool:
    """Say whether all is still as a change has left it."""
    if entry.object_type not in held:
        return bool(now.get(change.name) == change.new)
    rows = held[entry.object_type]
    return entry.object_id in rows if change.old is None else change.old not in rows.values()


def _belonging(kind: RecordKind, held: Held, table: str, change: FieldChange) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what belongs to a record now, and what is to belong to it without a change."""
    name = next(one.value for one in kind.belongings if one.model.__name__ == table)
    now = sorted(held[table].values())
    then = [thing for thing in now if thing != change.new] if change.old is None else [*now, change.old]
    return {name: now}, {name: then}


def _told(
    kind: RecordKind, now: Mapping[str, Any], held: Held, entry: EntryRow, *, may_edit: bool
) -> ActivityRow:  # fmt: skip
    undoable = _undoable(kind, entry) if may_edit else []
    same = all(_is_left(now, held, entry, change) for change in undoable)
    said = _of_belonging(kind, entry)
    words = _(kind.came) if _came_of_another(kind, entry) else in_words(entry.action)
    return ActivityRow(
        entry.seq, entry.at, entry.actor_name, said or words, _how(entry), entry.object_type,
        entry.reason, () if said else entry.told, entry.names, bool(undoable) and same,
    )  # fmt: skip


def _came_of_another(kind: RecordKind, entry: EntryRow) -> bool:
    """Say whether an entry tells of a record that was made by an act upon another one of its kind."""
    verb = entry.action.partition('.')[2].partition('_')[0]
    return bool(kind.came) and entry.object_type == kind.name and entry.revision == 1 and verb in CHANGING


def _of_belonging(kind: RecordKind, entry: EntryRow) -> str:
    """Say what came to belong to a record, or does no more, by its name; '' for all else and what has none."""
    for one in kind.belongings:
        for change in entry.changes:
            name = entry.names.get(change.new or change.old or '')
            if one.model.__name__ == entry.object_type and change.name == one.thing.key and name:
                return _(one.given if change.old is None else one.taken, name=name)
    return ''


def _how(entry: EntryRow) -> str:
    if entry.actor_kind == 'system':
        return _('by Logbook itself')
    return _('through the API') if entry.actor_kind == 'api_key' else _('in the browser')

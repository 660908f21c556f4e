"""Names: of the record that an entry tells of and of those that its values name, as the reader may see them now."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from data.audit import AuditEntry
from data.core import Audited
from data.identity import Account
from data.organizations import Organization
from logic.audit.domain import VIEW
from logic.audit.rows import EntryRow, Named
from logic.core import records
from logic.core.records import Known
from logic.core.wording import STAND_INS, short_id
from logic.core.work import Work

TITLES = ('name', 'title', 'label', 'number')
"""Fields by which a row is known, the best first."""
POINTERS = (('record', 'record_id'), ('other', 'other_id'))
"""Fields that name a record of any kind: its kind, and its id."""


async def name_all(work: Work, entries: Sequence[EntryRow], *, itself: Known | None = None) -> list[EntryRow]:
    """Return entries with the names of what they tell of, in a number of statements that does not grow with them.

    Records that people comment on are named to whoever may see them, all else to whoever the entry is shown to; titles
    only to readers of the log, who find them there anyway. `itself` is the record on whose own page they stand.
    """
    wanted = {known for entry in entries for known in (_record(entry), *_values(entry)) if known is not None}
    wanted.discard(itself)
    found = await _named(work, wanted)
    names = {str(row_id): named.title for (_kind, row_id), named in found.items()}
    return [replace(entry, about=_about(entry, found, names), names=names) for entry in entries]


@cache
def silent_fields(kind: str) -> frozenset[str]:
    """Return the fields of a kind that the log does not mention; older entries may hold them still."""
    return _tables()[kind].audit_silent if kind in _tables() else frozenset()


@cache
def _tables() -> dict[str, Any]:
    mapped = (mapper.class_ for mapper in sa.inspect(AuditEntry).registry.mappers)
    return {table.__name__: table for table in mapped if issubclass(table, Audited)}


@cache
def _references(kind: str) -> Mapping[str, str]:
    """Return the kinds of the rows that the fields of a kind name."""
    if kind not in _tables():
        return {}
    kinds = {table.__table__: name for name, table in _tables().items()}
    columns = _tables()[kind].__table__.columns
    pairs = ((column.key, kinds.get(key.column.table)) for column in columns for key in column.foreign_keys)
    return {name: target for name, target in pairs if target is not None}


def _record(entry: EntryRow) -> Known | None:
    """Return the record that an entry tells of: that of the row, or the one that the row belongs to."""
    if entry.object_type in records.kinds:
        return _known(entry.object_type, entry.object_id)
    said = _said(entry)
    if said.get('record') in records.kinds:
        return _known(said['record'], said.get('record_id'))
    subject = getattr(_tables().get(entry.object_type), 'audit_subject', None)
    target = _references(entry.object_type).get(subject or '')
    return (target, entry.subject_id) if target and entry.subject_id else _known(entry.object_type, entry.object_id)


def _values(entry: EntryRow) -> Iterator[Known | None]:
    references, said = dict(_references(entry.object_type)), _said(entry)
    references |= {name: said[kind] for kind, name in POINTERS if said.get(kind) in records.kinds}
    for change in entry.changes:
        if change.name in references:
            yield from (_known(references[change.name], value) for value in (change.old, change.new))


def _said(entry: EntryRow) -> dict[str, Any]:
    return {change.name: change.new or change.old for change in entry.changes}


def _known(kind: str, value: Any) -> Known | None:
    try:
        return kind, UUID(str(value))
    except ValueError:
        return None


def _about(entry: EntryRow, found: Mapping[Known, Named], names: Mapping[str, str]) -> Named:
    record, said = _record(entry), _said(entry)
    if record is not None and record in found:
        return found[record]
    own = (str(said[name]) for name in TITLES if said.get(name) and said[name] not in STAND_INS)
    parts = () if entry.object_type in records.kinds else _references(entry.object_type)
    others = (names[str(said[name])] for name in parts if str(said.get(name)) in names)
    known = _tables().keys() | records.kinds.keys()
    return Named(next(chain(own, others), '') or (short_id(entry.object_id) if entry.object_type in known else ''))


async def _named(work: Work, wanted: Collection[Known]) -> dict[Known, Named]:
    seen = await records.seen(work, [known for known in wanted if known[0] in records.kinds])
    found = {known: Named(records.kinds[known[0]].title(row), records.kinds[known[0]].href(known[1]), str(known[1]))
             for known, row in seen.items()}  # fmt: skip
    plain = sorted({kind for kind, _id in wanted} - records.kinds.keys())
    ids = {kind: [row_id for other, row_id in wanted if other == kind] for kind in plain}
    asked = [one for kind in plain if (one := _select(work, kind, ids[kind])) is not None]
    rows = await work.all(sa.union_all(*asked)) if asked else []
    return found | {(kind, row_id): Named(title, id=str(row_id)) for kind, row_id, title in rows if title}


def _select(work: Work, kind: str, ids: Collection[UUID]) -> Any:
    """Select kind, id and name of rows of one table; None where the actor may not learn such names, or has none."""
    table: Any = _tables().get(kind)
    if table is None:
        return None
    reads = work.actor.may(VIEW)
    hidden = table.audit_secret | table.audit_private | (frozenset() if reads else table.audit_personal)
    name = next((one for one in TITLES[: 3 if reads else 1] if one in table.model_fields and one not in hidden), None)
    if name is None:
        return None
    owner = {Account: sa.true(), Organization: table.id == work.organization_id}.get(table)
    ours = table.organization_id == work.organization_id if owner is None else owner
    return sa.select(sa.literal(kind), table.id, sa.inspect(table).columns[name]).where(table.id.in_(ids), ours)

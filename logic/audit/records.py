"""Reading the log: lists, one entry with its proof, what happened to one record, and verification on demand."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import col, select

from data.audit import AuditAnchor, AuditCheckpoint, AuditEntry, AuditLog, AuditVerdict
from data.core import Audited
from data.custom_fields import FIELD, CustomField
from data.identity import Account
from logic.audit import keys
from logic.audit.append import read_head
from logic.audit.check import Part
from logic.audit.domain import VIEW
from logic.audit.entry import said_by
from logic.audit.memory import Head
from logic.audit.naming import name_all, silent_fields
from logic.audit.note import read_note
from logic.audit.personal import reveal
from logic.audit.proof import Inclusion, prove_inclusion
from logic.audit.rows import EntryRow, FieldChange
from logic.audit.verdict import LastVerdict, last_verdict, verdict_of
from logic.audit.verify import read_closes
from logic.core.errors import Invalid, NotFound
from logic.core.language import _, later
from logic.core.listing import ListQuery, Page, id_in, no_filter
from logic.core.service import SIGNED_IN, query
from logic.core.work import Work

ERASED_VALUE = '(erased)'
PRIVATE_VALUE = '(private)'
"""In place of a private value, for who may read the log and not private data (spec of identity, rule 5)."""
VIEW_PRIVATE = 'members.view_private'
FILTERS = ('actor', 'action', 'object_type', 'object', 'subject', 'outcome', 'from', 'to')
PARTS: dict[str, str] = {
    'Audit log': later('Audit log'), 'Command line': later('Command line'), 'First run': later('First run'),
    'Export': later('Export', meaning='who acts'), 'Restore': later('Restore', meaning='who acts'),
}  # fmt: skip
"""The names under which parts of Logbook itself act."""
BLANK = Head(0, 0, b'', b'', 0, None)
MaySee = Callable[[str, bool], bool]
"""Says of a field by name, and whether it is personal, if the actor may see it."""


@dataclass(frozen=True, slots=True)
class EntryWithProof:
    """An entry, the exact text that was hashed, and the proof that it stands in the log."""

    entry: EntryRow
    body: str
    proof: Inclusion
    checkpoint: str
    """The last signed note, if it covers this entry; else empty."""
    is_first: bool
    """Whether it is the first one that is not closed."""
    is_last: bool
    """Whether no entry follows it yet."""

    @property
    def document(self) -> str:
        """The proof as a file, for the offline verifier: `python verifier.py FILE`."""
        proof = self.proof
        said = {
            'format': 1,
            'log': str(proof.log_id),
            'index': proof.index,
            'size': proof.size,
            'root': proof.root.hex(),
            'path': [item.hex() for item in proof.path],
            'entry': self.body,
            'checkpoint': self.checkpoint,
            'key': keys.public_key(),
        }
        return json.dumps(said, ensure_ascii=False, indent=1)


@dataclass(frozen=True, slots=True)
class LogState:
    """How well a log is secured now, for the status page."""

    size: int
    signed_size: int
    signed_at: datetime | None
    anchored_size: int
    anchored_at: datetime | None
    public_key: str
    parts: tuple[Part, ...] = ()
    """The closed parts: their texts lie in files."""
    began_at: datetime | None = None
    """When its first entry that lies here was written."""
    verdict: LastVerdict | None = None
    """What the last verification found; None before the first."""

    @property
    def closed(self) -> int:
        """How many entries were closed."""
        return self.parts[-1].end if self.parts else 0

    def anchor_is_late(self, now: datetime) -> bool:
        """Whether the last anchor is older than 26 hours, or the log is and there is none."""
        since = self.anchored_at or self.began_at
        return since is not None and now - since > timedelta(hours=26)


@query(VIEW)
async def list_entries(work: Work, asked: ListQuery) -> Page[EntryRow]:
    """Return entries of this organization, the newest first.

    Filters: actor, subject (ids), action (a full name, or `members.*`), object_type, object (id), outcome, from, to
    (days in the actor's zone, both included). `q` finds part of an action or type, or an object's id.
    """
    head = await _head(work)
    statement = select(AuditEntry).where(col(AuditEntry.log) == head.number)
    conditions = _conditions(work, asked)
    if not asked.sort:
        asked = asked.model_copy(update={'sort': 'at', 'descending': True})
    if not conditions and asked.descending and asked.sort == 'at':
        # Sequence numbers have no gaps, so a page of the whole log needs no counting, at any size.
        rows, closed = await _before(work, head, head.size - (asked.page - 1) * asked.page_size, asked.page_size)
        open_size = head.size - closed
        return Page(await _read_named(work, head, rows), open_size, asked.page, asked.page_size)
    for condition in conditions:
        statement = statement.where(condition)
    page = await work.page(statement, asked, {'at': col(AuditEntry.seq)}, 'at')
    return Page(await _read_named(work, head, page.rows), page.total, page.page, page.page_size)


@query(VIEW)
async def latest_entries(work: Work, most: int) -> list[EntryRow]:
    """Return the newest entries of this organization, the newest first; no page of them is counted."""
    head = await _head(work)
    return await _read(work, head, (await _before(work, head, head.size, most))[0])


async def _before(work: Work, head: Head, seq: int, most: int) -> tuple[list[AuditEntry], int]:
    """Return so many entries before one, the newest first, and how many were closed."""
    within = (col(AuditEntry.seq) < seq, col(AuditEntry.seq) >= seq - most, col(AuditEntry.log) == head.number)
    first = _first(head).scalar_subquery()
    found = await work.all(select(AuditEntry, first).where(*within).order_by(col(AuditEntry.seq).desc()))
    return [one[0] for one in found], found[0][1] if found else await _closed(work, head)


@query(VIEW)
async def get_entry(work: Work, seq: int) -> EntryWithProof:
    """Return an entry with its proof against the last checkpoint, or the present head if that is older. Or NotFound."""
    head = await _head(work)
    if not 0 <= seq < head.size:  # a number of an address may be longer than any that the database takes
        raise NotFound('The audit log has no such entry.')
    row = await work.first(select(AuditEntry).where(AuditEntry.log == head.number, AuditEntry.seq == seq))
    if row is None:
        part = next((part for part in await _parts(work, head) if part.first <= seq < part.end), None)
        if part is not None:
            raise NotFound(
                _(
                    'Entry {number} was closed; it lies in the file of the entries {first} to {last}.',
                    number=seq, first=part.first, last=part.end - 1,
                )
            )  # fmt: skip
        raise NotFound('The audit log has no such entry.')
    [entry] = await _read_named(work, head, [row])
    signed, is_last = await work.first(_latest(AuditCheckpoint, head)), seq == head.size - 1
    if signed is not None and signed.size > seq:
        # A proof is worth most against a root that is signed, and that anchors may name.
        point = read_note(signed.note, keys.trusted_keys())
        head = replace(head, size=point.size, root=point.root)
    else:
        signed = None
    proof = await prove_inclusion(await work.session.connection(), head, work.organization_id, seq, row.leaf)
    is_first = seq == await _closed(work, head)
    note = signed.note if signed else ''
    return EntryWithProof(entry, (row.body or b'').decode('utf-8', 'replace'), proof, note, is_first, is_last)


@query(SIGNED_IN)
async def activity_of(
    work: Work,
    object_type: str | Sequence[str],
    object_id: UUID,
    *,
    fields: Collection[str] | None = None,
    limit: int = 50,
    only: int | None = None,
) -> list[EntryRow]:
    """Return what happened to a record, the newest first, for its own page: 'Activity'.

    The caller has shown the record to the actor, and names in `fields` which of its fields he may see; without it he
    sees no personal value. For a person, rows of other tables that are about him are found as well: name their types.
    Addresses and browsers are for holders of `audit.view` only. `only` asks for the one entry of this number.
    """
    head = await _head(work)
    types = [object_type] if isinstance(object_type, str) else list(object_type)
    about = sa.or_(col(AuditEntry.object_id) == str(object_id), col(AuditEntry.subject_id) == object_id)
    found = select(AuditEntry).where(col(AuditEntry.log) == head.number, about, col(AuditEntry.object_type).in_(types))
    if only is not None:
        found = found.where(col(AuditEntry.seq) == only)
    rows = await work.all(found.order_by(col(AuditEntry.seq).desc()).limit(limit))

    def may_see(name: str, is_personal: bool) -> bool:
        return not is_personal if fields is None else name in fields

    return await _read(work, head, rows, may_see, devices=work.actor.may(VIEW))


@query(SIGNED_IN)
async def changed_by(work: Work, object_type: str | Sequence[str], object_id: UUID, fields: Collection[str]) -> str:
    """Return the name of who changed one of these fields of a record last; '' when that is long ago.

    The caller has shown the record to the actor.
    """
    found = await activity_of(work, object_type, object_id, fields=fields)
    return next((one.actor_name for one in found if one.changes), '')


def _different(column: Any, head: Head) -> Any:
    """Select the different values of a column that an index of the log orders.

    It hops from one value to the next: as many steps as there are values, however many entries there are.
    """
    least = sa.func.min(column)
    hops = (
        sa.select(least.label('value'))
        .where(col(AuditEntry.log) == head.number)
        .cte(f'hops_{column.key}', recursive=True)
    )
    following = sa.select(least).where(col(AuditEntry.log) == head.number, column > hops.c.value).scalar_subquery()
    hops = hops.union_all(sa.select(following).where(hops.c.value.is_not(None)))
    return select(hops.c.value).where(hops.c.value.is_not(None))


@query(VIEW)
async def log_state(work: Work) -> LogState:
    """Return how far this organization's log is signed and anchored."""
    head = await _head(work)
    anchored, signed, verdict, first, began_at = await _secured(work, head)
    return LogState(
        head.size,
        signed.size if signed else 0,
        signed.at if signed else None,
        anchored.size if anchored else 0,
        anchored.at if anchored else None,
        keys.public_key(),
        await _parts(work, head) if first else (),
        began_at,
        verdict_of(verdict) if verdict else await last_verdict(work),
    )


async def _secured(work: Work, head: Head) -> Any:
    """Return the last anchor that left here, the last checkpoint, the last verdict, and of the first entry that lies
    here the number and when it was written; what there is not is None. One statement.
    """
    anchor, point, verdict = AuditAnchor, AuditCheckpoint, AuditVerdict
    entries = sa.select(col(AuditEntry.at)).where(col(AuditEntry.log) == head.number)
    began_at = entries.order_by(col(AuditEntry.seq)).limit(1).scalar_subquery()
    newest = sa.select(sa.func.max(col(point.size))).where(col(point.log) == head.number).scalar_subquery()
    left = sa.and_(col(anchor.log) == col(AuditLog.number), col(anchor.left_at).is_not(None))
    signed = sa.and_(col(point.log) == col(AuditLog.number), col(point.size) == newest)
    rows: Any = sa.select(anchor, point, verdict, _first(head).scalar_subquery(), began_at).select_from(AuditLog)
    rows = rows.outerjoin(anchor, left).outerjoin(point, signed)
    rows = rows.outerjoin(verdict, col(verdict.log_id) == col(AuditLog.log_id))
    latest = rows.where(col(AuditLog.number) == head.number).order_by(*_newest(anchor)).limit(1)
    return await work.first(latest) or (None,) * 5


async def _parts(work: Work, head: Head) -> tuple[Part, ...]:
    """Return the closed parts of the log, as the last closing names them."""
    closes = await read_closes(await work.session.connection(), head.number)
    return closes[-1].parts if closes else ()


async def _closed(work: Work, head: Head) -> int:
    """Return how many entries were closed: the first that is stored has this number."""
    return int(await (await work.session.connection()).scalar(_first(head)) or 0)


def _first(head: Head) -> Any:
    return sa.select(sa.func.min(col(AuditEntry.seq))).where(col(AuditEntry.log) == head.number)


@dataclass(frozen=True, slots=True)
class LogOverview:
    """What a list of the log begins with: its state, and what it can be filtered by."""

    state: LogState
    actors: list[tuple[UUID, str]]
    actions: list[str]
    object_types: list[str]


@query(VIEW)
async def log_overview(work: Work) -> LogOverview:
    """Return the state of the log, and what it can be filtered by (at most 200 actors, by name), read at once."""
    head = await _head(work)
    actor, *words = (
        _different(col(column), head)
        for column in (AuditEntry.actor_id, AuditEntry.action, AuditEntry.object_type)
    )  # fmt: skip
    people = sa.select(col(Account.id), col(Account.name), sa.literal(0)).where(col(Account.id).in_(actor))
    named = [sa.select(sa.null(), one.subquery().c.value, sa.literal(at)) for at, one in enumerate(words, 1)]
    actors: list[tuple[UUID, str]] = []
    found: tuple[list[str], list[str]] = ([], [])
    for account_id, text, at in await work.all(sa.union_all(people, *named)):
        if at:
            found[at - 1].append(text)
        else:
            actors.append((account_id, text))
    actors.sort(key=lambda one: one[1].casefold())
    return LogOverview(await log_state(work), actors[:200], sorted(found[0]), sorted(found[1]))


def _latest(table: type[AuditCheckpoint] | type[AuditAnchor], head: Head) -> Any:
    return select(table).where(col(table.log) == head.number).order_by(*_newest(table)).limit(1)


def _newest(table: type[AuditCheckpoint] | type[AuditAnchor]) -> tuple[Any, Any]:
    return col(table.size).desc(), col(table.at).desc()


async def _head(work: Work) -> Head:
    """Return the head of the log; what only reads sees one state, and asks once."""
    known: Head | None = work.session.info.get('audit_head') if work.session.info.get('reads') else None
    if known is None:
        known = await read_head(await work.session.connection(), work.organization_id) or BLANK
        work.session.info['audit_head'] = known
    return known


def _conditions(work: Work, asked: ListQuery) -> list[Any]:
    unknown = set(asked.filters) - set(FILTERS)
    if unknown:
        raise no_filter(min(unknown), FILTERS)
    columns = {'object_type': AuditEntry.object_type, 'object': AuditEntry.object_id, 'outcome': AuditEntry.outcome}
    found: list[Any] = [col(column).in_(asked.values(name)) for name, column in columns.items() if asked.values(name)]
    for name, column in (('actor', AuditEntry.actor_id), ('subject', AuditEntry.subject_id)):
        if asked.values(name):
            found.append(col(column).in_([id_in(name, value) for value in asked.values(name)]))
    actions = asked.values('action')
    if actions:
        exact = [action for action in actions if not action.endswith('.*')]
        begins = [
            col(AuditEntry.action).startswith(action[:-1], autoescape=True)
            for action in actions
            if action.endswith('.*')
        ]
        found.append(sa.or_(col(AuditEntry.action).in_(exact), *begins))
    zone = ZoneInfo(work.actor.zone)
    for value in asked.values('from'):
        found.append(col(AuditEntry.at) >= _midnight('from', value, zone))
    for value in asked.values('to'):
        found.append(col(AuditEntry.at) < _midnight('to', value, zone, days=1))
    if asked.q:
        words = (col(AuditEntry.action), col(AuditEntry.object_type))
        found_id = col(AuditEntry.object_id).startswith(asked.q.lower(), autoescape=True)
        found.append(sa.or_(found_id, *(word.contains(asked.q, autoescape=True) for word in words)))
    return found


def _midnight(name: str, value: str, zone: ZoneInfo, days: int = 0) -> datetime:
    try:
        day = date.fromisoformat(value) + timedelta(days=days)
    except (ValueError, OverflowError):
        raise Invalid('This is no date.', {name: 'Write a date as 2026-11-20.'}) from None
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _all(_name: str, _is_personal: bool) -> bool:
    return True


async def _read(
    work: Work, head: Head, rows: Sequence[AuditEntry], may_see: MaySee = _all, *, devices: bool = True
) -> list[EntryRow]:
    """Turn stored entries into rows for people, opening all their personal values at once."""
    said = [said_by(row) for row in rows if row.body is not None]
    wanted = {item for one in said for item in (one['actor']['name'], one['actor']['device']) if item}
    private = _private_fields(work) if may_see is _all else {}
    for one in said:
        hidden = private.get(one['object']['type'] or '', frozenset())
        one['personal'] = {
            name: [item and PRIVATE_VALUE for item in pair] if name in hidden else pair
            for name, pair in one['personal'].items()
        }
        wanted |= {item for name, pair in one['personal'].items() if may_see(name, True) for item in pair if item}
    wanted.discard(PRIVATE_VALUE)
    log_id = work.organization_id
    values = {key: value for key, (_, value) in (await reveal(work.session, head.number, log_id, wanted)).items()}
    values[PRIVATE_VALUE] = PRIVATE_VALUE
    titles = await _titles(work, {name for one in said for name in one['changes'] if name.startswith(FIELD)})
    return [_row(one, values, titles, may_see, devices=devices) for one in said]


async def _read_named(work: Work, head: Head, rows: Sequence[AuditEntry]) -> list[EntryRow]:
    return await name_all(work, await _read(work, head, rows))


async def _titles(work: Work, names: Collection[str]) -> dict[str, str]:
    """Return what the department calls fields of its own, by the names under which the log knows them."""
    ids = [UUID(name.removeprefix(FIELD)) for name in names]
    fields = select(CustomField.id, CustomField.name).where(col(CustomField.id).in_(ids))
    return {f'{FIELD}{field_id}': name for field_id, name in await work.all(fields)} if ids else {}


def _private_fields(work: Work) -> dict[str, frozenset[str]]:
    """Return by type the fields whose values the actor may not read in the log."""
    if work.actor.may(VIEW_PRIVATE):
        return {}
    kinds = (mapper.class_ for mapper in sa.inspect(AuditEntry).registry.mappers)
    return {kind.__name__: kind.audit_private for kind in kinds if issubclass(kind, Audited)}


def _row(said: Any, values: dict[str, Any], titles: Mapping[str, str], may_see: MaySee, *, devices: bool) -> EntryRow:
    actor, about = said['actor'], said['object']
    silent = silent_fields(about['type'] or '')
    device = values.get(actor['device'] or '') if devices else None
    seen = device if isinstance(device, dict) else {}
    changes = [
        FieldChange(name, old, new, title=titles.get(name, ''))
        for name, (old, new) in said['changes'].items()
        if may_see(name, False) and name not in silent
    ]
    for name, pair in said['personal'].items():
        if may_see(name, True):
            old, new = (None if item is None else values.get(item, ERASED_VALUE) for item in pair)
            changes.append(FieldChange(name, old, new, is_personal=True))
    return EntryRow(
        seq=said['seq'],
        at=datetime.fromisoformat(said['at']),
        actor_id=_maybe_id(actor['id']),
        actor_name=_who(actor, values),
        actor_kind=actor['kind'],
        method=actor['method'] or '',
        on_behalf_of=_maybe_id(actor['on_behalf_of']),
        address=seen.get('address') or '',
        user_agent=seen.get('agent') or '',
        action=said['action'],
        object_type=about['type'] or '',
        object_id=about['id'] or '',
        revision=about['revision'],
        subject_id=_maybe_id(said['subject']),
        outcome=said['outcome'],
        reason=said['reason'] or '',
        request_id=said['request'] or '',
        changes=tuple(sorted(changes, key=lambda change: change.name)),
    )


def _who(actor: Any, values: dict[str, Any]) -> str:
    if actor['kind'] == 'system':
        return str(PARTS.get(actor['label'], actor['label']))
    known = values.get(actor['name'], ERASED_VALUE) if actor['name'] else _('Visitor')
    return str(actor['label'] or known)


def _maybe_id(value: str | None) -> UUID | None:
    return None if value is None else UUID(value)

"""Attached to the sessions of works: stamps tenancy, refuses unseen foreign keys, collects what the audit must hold."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from data.core import Audited, FieldOf, Model, Scoped, as_json
from data.database import EVERYWHERE, Tenancy
from data.work import JobRow
from logic.core.actor import Actor
from logic.core.live import About, Change

SILENT = frozenset({'id', 'created_at', 'updated_at', 'version', 'organization_id'})
HIDDEN = '(changed)'
"""Stands in the log for a secret value."""

Pair = tuple[Any, Any]
Seen = set[tuple[type, UUID]]


@dataclass(slots=True)
class EntryDraft:
    """What the audit log is to say of one act on one object; actor, time and sequence are added when it is written."""

    action: str
    object_type: str
    object_id: UUID | None
    revision: int = 0
    changes: dict[str, Pair] = field(default_factory=dict)
    """Field to (old, new) in JSON form."""
    personal: dict[str, Pair] = field(default_factory=dict)
    """The same for values that identify a person: only commitments of them enter the entry."""
    subject_id: UUID | None = None
    """The person whom the personal values are about."""
    outcome: str = 'done'
    reason: str = ''


Recorder = Callable[[AsyncSession, Actor, UUID | None, Sequence[EntryDraft], datetime], Awaitable[None]]


@dataclass(slots=True)
class Notebook:
    """What one work has seen and done so far; lives in its session."""

    action: str
    now: datetime
    reason: str = ''
    drafts: list[EntryDraft] = field(default_factory=list)
    latest: dict[tuple[str, Any], EntryDraft] = field(default_factory=dict)
    """The last draft of each row."""
    acts: dict[tuple[str, Any], str] = field(default_factory=dict)
    """What was done to a row, when the log is to call it something else than the work."""
    changes: dict[Change, None] = field(default_factory=dict)
    seen: set[tuple[type, UUID]] = field(default_factory=set)
    keyed_jobs: list[JobRow] = field(default_factory=list)
    afterwards: list[Callable[[], Any]] = field(default_factory=list)
    written: list[Any] | None = None
    """The stored rows that were changed in an attempt, so that they can be read again when it is refused."""

    def leaf(self) -> 'Notebook':
        """Return a notebook for an attempt, whose notes count only when they are taken over."""
        return replace(
            self, drafts=[], latest={}, acts=dict(self.acts), changes={}, keyed_jobs=[], afterwards=[], written=[]
        )

    def take_over(self, leaf: 'Notebook') -> None:
        """Add what was noted in an attempt that was not refused."""
        self.reason = leaf.reason
        self.drafts += leaf.drafts
        self.latest |= leaf.latest
        self.acts |= leaf.acts
        self.changes |= leaf.changes
        self.keyed_jobs += leaf.keyed_jobs
        self.afterwards += leaf.afterwards
        if self.written is not None:
            self.written += leaf.written or ()


def notebook(session: AsyncSession | Session) -> Notebook | None:
    """Return the notebook of a work's session; None for any other session."""
    return session.info.get('notebook')


def _scoped_references(kind: type[SQLModel]) -> list[tuple[str, type]]:
    """Return the fields of a table that name rows of other scoped tables."""
    if kind not in _references:
        tables = {m.local_table: m.class_ for m in sa.inspect(kind).registry.mappers if issubclass(m.class_, Scoped)}
        _references[kind] = [
            (column.key, tables[key.column.table])
            for column in kind.__table__.columns  # type: ignore[attr-defined]
            for key in column.foreign_keys
            if key.column.table in tables
        ]
    return _references[kind]


_references: dict[type, list[tuple[str, type]]] = {}


@sa.event.listens_for(Session, 'loaded_as_persistent')
@sa.event.listens_for(Session, 'pending_to_persistent')
def _saw(session: Session, row: Any) -> None:
    book = notebook(session)
    if book is not None and isinstance(row, Scoped):
        book.seen.add((type(row), row.id))  # type: ignore[attr-defined]
        # What a stored row names was held against this rule when it was written; a copy of it may name the same.
        named = ((target, row.__dict__.get(name)) for name, target in _scoped_references(type(row)))
        book.seen.update((target, value) for target, value in named if value is not None)


@sa.event.listens_for(Session, 'before_flush')
def _note(session: Session, _context: Any, _instances: Any) -> None:
    book = notebook(session)
    if book is None:
        return
    fresh = {(type(row), row.id) for row in session.new if isinstance(row, Model)}
    known = (book.seen, fresh)
    noted: list[tuple[Any, str]] = []
    for row in session.new:
        _stamp(session, row)
        _check_references(row, known, new=True)
        noted.append((row, 'new'))
    if book.written is not None:
        book.written += session.dirty
    for row in session.dirty:
        if session.is_modified(row):
            _check_references(row, known, new=False)
            if isinstance(row, Model):
                row.updated_at = book.now
            noted.append((row, 'dirty'))
    noted += [(row, 'deleted') for row in session.deleted]
    _tell(book, noted)


def _tell(book: Notebook, noted: Sequence[tuple[Any, str]]) -> None:
    """Draft what the log says of rows; those that are fields of a record are told of as a change of that record."""
    fields: list[tuple[FieldOf, Pair]] = []
    fresh: dict[tuple[str, Any], EntryDraft] = {}
    for row, state in noted:
        organization_id = getattr(row, 'organization_id', None)
        known = organization_id if isinstance(organization_id, UUID) else None
        book.changes[Change(known, type(row).__name__, getattr(row, 'id', None))] = None
        if not isinstance(row, Audited):
            continue
        if row.audit_subject and isinstance(whom := getattr(row, row.audit_subject), UUID):
            book.changes[Change(known, About.__name__, whom)] = None
        part = row.audit_as()
        if part is None:
            draft = _draft(book, row, state)
            fresh[draft.object_type, draft.object_id] = draft
            if draft.changes or draft.personal or state != 'dirty':
                book.drafts.append(draft)
                book.latest[draft.object_type, draft.object_id] = draft
        elif (pair := _pair(row, part.column, state)) is not None:
            fields.append((part, pair))
    for part, (old, new) in fields:
        key = (part.record, part.record_id)
        draft = fresh.get(key) or book.latest.get(key) or EntryDraft(book.action, *key, reason=book.reason)
        if book.latest.get(key) is not draft:
            book.drafts.append(draft)
            book.latest[key] = draft
        draft.changes[part.field] = (draft.changes.get(part.field, (old, new))[0], new)


def _stamp(session: Session, row: Any) -> None:
    if not isinstance(row, Scoped):
        return
    organization_id = session.info.get('organization_id')
    if organization_id is None:
        raise Tenancy(f'A {type(row).__name__} cannot be made without an organization.')
    if organization_id == EVERYWHERE:
        if not isinstance(row.organization_id, UUID):
            raise Tenancy(f'This {type(row).__name__} does not say which organization it belongs to.')
    elif not isinstance(row.organization_id, UUID):
        row.organization_id = organization_id
    elif row.organization_id != organization_id:
        raise Tenancy(f'This {type(row).__name__} belongs to another organization.')


def _check_references(row: Any, known: tuple[Seen, Seen], *, new: bool) -> None:
    if not isinstance(row, Scoped):
        return
    state = sa.inspect(row)
    for name, target in _scoped_references(type(row)):
        value = getattr(row, name)
        if (
            value is not None
            and (new or state.attrs[name].history.has_changes())
            and not any((target, value) in seen for seen in known)
        ):
            raise Tenancy(f'{type(row).__name__}.{name} names a {target.__name__} that this work did not load.')


def _draft(book: Notebook, row: Any, state: str) -> EntryDraft:
    subject_id = getattr(row, row.audit_subject) if row.audit_subject else None
    version = getattr(row, 'version', 0)
    key = (type(row).__name__, getattr(row, 'id', None))
    draft = EntryDraft(
        book.acts.get(key, book.action),
        *key,
        version + 1 if state == 'dirty' else version,
        subject_id=subject_id,
        reason=book.reason,
    )
    unmodified = sa.inspect(row).unmodified if state == 'dirty' else frozenset()
    for attribute in sa.inspect(row).mapper.column_attrs:
        name = attribute.key
        if name in unmodified or name in SILENT or name in row.audit_silent:
            continue
        pair = _pair(row, name, state)
        if pair is None:
            continue
        if name in row.audit_secret:
            pair = (HIDDEN if pair[0] is not None else None, HIDDEN if pair[1] is not None else None)
        (draft.personal if name in row.audit_personal else draft.changes)[name] = pair
    return draft


def _pair(row: Any, name: str, state: str) -> Pair | None:
    """Return (old, new) of a field in JSON form; None when it did not change."""
    value = as_json(getattr(row, name))
    if state == 'new':
        return None if value in (None, '') else (None, value)
    if state == 'deleted':
        return None if value is None else (value, None)
    history = sa.inspect(row).attrs[name].history
    if not history.has_changes():
        return None
    old = as_json(history.deleted[0]) if history.deleted else None
    return None if old == value else (old, value)


async def _nowhere(*_: Any) -> None:
    raise RuntimeError('No audit log is attached: import logic first.')


_recorder: list[Recorder] = [_nowhere]


def record_with(recorder: Recorder) -> None:
    """Say what writes the drafts of a work into the audit log; the log's own module calls this once."""
    _recorder[0] = recorder


async def write_drafts(session: AsyncSession, actor: Actor, organization_id: UUID | None, book: Notebook) -> None:
    """Append what the work did to its log, as the last statements before the commit."""
    if book.drafts:
        await _recorder[0](session, actor, organization_id, book.drafts, book.now)

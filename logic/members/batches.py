"""Changes of many at once that can be undone: what each touched is kept sealed, and put back in one step."""

import asyncio
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel, col, select

from data.core import new_id
from data.custom_fields import CustomField
from data.identity import Account
from data.members import BatchKind, JobChange, Member, MemberBatch, MemberBatchRow
from logic.core.actor import Actor
from logic.core.errors import Conflict, Denied
from logic.core.language import _, later
from logic.core.letting_go import let_go
from logic.core.listing import ListQuery, Page, choice_in, no_filter
from logic.core.secrets import open_value, seal_value, sealed_column
from logic.core.service import query, service
from logic.core.whose import belongs_to
from logic.core.work import Work
from logic.identity.positions import PositionsChanged, guard_last_administrator
from logic.members.domain import ARCHIVE, EDIT, EDIT_PRIVATE, IMPORT, VIEW, VIEW_PRIVATE, domain, tell_move
from logic.members.inputs import CONTACT_FIELDS, PRIVATE_FIELDS
from logic.members.touched import (
    VALUES,
    Touched,
    pack,
    read_values,
    references_to_members,
    tables,
    targets_of,
    unpack,
    values_of,
)
from logic.members.visibility import may_merge, sight

PLACE = sealed_column(MemberBatch, 'undo')
UNDOABLE = timedelta(days=30)
UNDONE = 'Undone'
MERGED = str.__str__(later('Two records made one'))
SET_STATUS, NO_VALUE = later('Set status'), later('none')
CHUNK = 50
"""Rows of one flush: more would hold up the other requests while they are prepared."""
RIGHTS: dict[BatchKind, Callable[[Actor], bool]] = {
    BatchKind.IMPORT: lambda actor: actor.may(IMPORT),
    BatchKind.BULK: lambda actor: actor.may(EDIT),
    BatchKind.MERGE: may_merge,
}
UNIQUE = frozenset({'number', 'email', 'account_id'})


@dataclass(frozen=True, slots=True)
class Refusal:
    """A member for whom something was not done, and why."""

    member_id: UUID
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What a change of many did."""

    batch_id: UUID | None
    """Names it for `undo_batch`; None when nothing was changed."""
    changed: int
    refused: list[Refusal]


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch in the list of what can be undone."""

    id: UUID
    kind: BatchKind
    title: str
    created_at: datetime
    by_name: str
    new_count: int
    updated_count: int
    refused_count: int
    can_undo: bool
    undone_at: datetime | None


@dataclass(slots=True)
class Book:
    """Notes what a batch does while it does it. Tell it of every row: `make`, `keep` before a change, `remove`."""

    work: Work
    kind: BatchKind
    title: str
    batch_id: UUID = field(default_factory=new_id)
    _made: list[tuple[UUID, SQLModel]] = field(default_factory=list)
    _kept: dict[tuple[type, UUID], tuple[UUID, SQLModel, dict[str, Any]]] = field(default_factory=dict)
    _removed: list[Touched] = field(default_factory=list)
    _rows: dict[UUID, tuple[int, bool]] = field(default_factory=dict)

    def make(self, row: SQLModel, member_id: UUID, row_number: int = 0) -> None:
        """Note a new row of a member; add it to the work as usual."""
        self._made.append((member_id, row))
        known, is_new = self._rows.get(member_id, (0, False))
        self._rows[member_id] = (row_number or known, is_new or isinstance(row, Member))

    def is_new(self, member_id: UUID) -> bool:
        """Say whether the batch made this member."""
        return self._rows.get(member_id, (0, False))[1]

    def keep(self, row: Any, member_id: UUID, row_number: int = 0) -> None:
        """Note how a row is before it is changed; only the first note of a row counts."""
        self._kept.setdefault((type(row), row.id), (member_id, row, values_of(row)))
        self._rows.setdefault(member_id, (row_number, False))

    def keeps(self, row: Any) -> bool:
        """Say whether it was noted how a row was before."""
        return (type(row), row.id) in self._kept

    def remove(self, row: Any, member_id: UUID) -> None:
        """Note a row that is about to be removed; delete it from the work as usual."""
        self._removed.append(Touched(member_id, 'removed', row.__table__.name, row.id, row.version, values_of(row)))
        self._rows.setdefault(member_id, (0, False))

    def take_over(self, other: 'Book') -> None:
        """Add what was noted in another book, of rows and people that this one knows nothing of."""
        self._made += other._made
        self._kept |= other._kept
        self._removed += other._removed
        self._rows |= other._rows

    @property
    def is_empty(self) -> bool:
        """Say whether the batch has touched nothing so far."""
        return not self._rows

    async def close(self, refused: int = 0) -> MemberBatch:
        """Store the batch with all that is needed to undo it. Call it last; the rows are flushed before."""
        await self.work.flush()
        touched: list[Touched] = []
        for at, one in enumerate(itertools.chain(self._changed(), self._new(), self._removed), 1):
            touched.append(one)
            if at % 500 == 0:
                await asyncio.sleep(0)
        new = sum(is_new for _, is_new in self._rows.values())
        batch = MemberBatch(
            id=self.batch_id, kind=self.kind, title=self.title[:200], by_account_id=self.work.actor.account_id,
            new_count=new, updated_count=len(self._rows) - new, refused_count=refused,
        )  # fmt: skip
        packed = await asyncio.to_thread(pack, touched)
        batch.undo = await seal_value(self.work, packed, PLACE(batch.id, self.work.organization_id))
        self.work.add(batch)
        await self.work.flush()
        versions = {row.id: row.version for _, row in self._made if isinstance(row, Member)}
        versions |= {row.id: row.version for _, row, _ in self._kept.values() if isinstance(row, Member)}
        people = list(self._rows.items())
        await asyncio.sleep(0)
        for at in range(0, len(people), 200):
            rows = [
                {
                    'id': new_id(), 'organization_id': self.work.organization_id, 'created_at': self.work.now,
                    'updated_at': self.work.now, 'version': 1, 'batch_id': batch.id, 'member_id': member_id,
                    'row_number': row_number, 'is_new': is_new, 'revision': versions.get(member_id, 0),
                }
                for member_id, (row_number, is_new) in people[at : at + 200]
            ]  # fmt: skip
            # Not audited, and each names what this work has stored: as plain rows they cost a fifth.
            await self.work.session.exec(sa.insert(MemberBatchRow), params=rows)
            await asyncio.sleep(0)
        return batch

    async def let_go(self) -> None:
        """Free the rows of a large batch little by little; thirty thousand at once would stop everybody for 0.1 s."""
        await let_go(self._made, self._kept)

    def _new(self) -> Iterator[Touched]:
        for member_id, row in self._made:
            yield Touched(member_id, 'made', row.__table__.name, row.id, row.version, {})  # type: ignore[attr-defined]

    def _changed(self) -> Iterator[Touched]:
        for member_id, row, before in self._kept.values():
            after = values_of(row)
            old = {name: value for name, value in before.items() if after[name] != value}
            if old:
                yield Touched(member_id, 'changed', row.__table__.name, row.id, row.version, old)  # type: ignore[attr-defined]


def said_title(kind: BatchKind, title: str) -> str:
    """Return the title of a batch, which is stored in English, as its reader reads it; an import has a file's name."""
    if kind is BatchKind.IMPORT:
        return title
    act, colon, value = title.partition(': ')
    return f'{_(act)}{colon}{_(value) if act == SET_STATUS or value == NO_VALUE else value}'


@query(VIEW)
async def list_batches(work: Work, asked: ListQuery) -> Page[BatchRow]:
    """Return a page of the batches that the actor may undo or might have, the newest first.

    Filter: `kind`. Raises Invalid for another filter.
    """
    for name in asked.filters.keys() - {'kind'}:
        raise no_filter(name, ['kind'])
    kinds = [kind for kind, may in RIGHTS.items() if may(work.actor)]
    own = belongs_to(MemberBatch.by_account_id, work.actor.account_id)
    columns: list[Any] = [
        MemberBatch.id, MemberBatch.kind, MemberBatch.title, MemberBatch.created_at, Account.name.label('by_name'),  # type: ignore[attr-defined]
        MemberBatch.new_count, MemberBatch.updated_count, MemberBatch.refused_count, MemberBatch.undone_at,
        col(MemberBatch.undo).is_not(None).label('is_kept'),
    ]  # fmt: skip
    statement = (
        sa.select(*columns)
        .join(Account, col(Account.id) == MemberBatch.by_account_id, isouter=True)
        .where(sa.or_(col(MemberBatch.kind).in_(kinds), sa.and_(col(MemberBatch.kind) == BatchKind.BULK, own)))
    )
    if wanted := [choice_in(BatchKind, 'kind', value) for value in asked.values('kind')]:
        statement = statement.where(col(MemberBatch.kind).in_(wanted))
    newest = asked.model_copy(update={'sort': '', 'descending': True})
    page = await work.page(statement, newest, {'id': MemberBatch.id}, 'id')
    return Page([_row(work, row) for row in page.rows], page.total, page.page, page.page_size)


def _row(work: Work, row: Any) -> BatchRow:
    return BatchRow(
        id=row.id, kind=row.kind, title=said_title(row.kind, row.title), created_at=row.created_at,
        by_name=row.by_name or '', new_count=row.new_count, updated_count=row.updated_count, undone_at=row.undone_at,
        refused_count=row.refused_count, can_undo=row.is_kept and row.created_at > work.now - UNDOABLE,
    )  # fmt: skip


@service(VIEW)
async def undo_batch(work: Work, batch_id: UUID) -> BatchResult:
    """Put back what a batch did, in one step; members whom somebody changed since are left as they are and listed.

    Raises NotFound, Denied, and Conflict when it was undone already or is older than 30 days.
    """
    batch = await work.get(MemberBatch, batch_id)
    own = batch.by_account_id is not None and batch.by_account_id == work.actor.account_id
    if not (RIGHTS[batch.kind](work.actor) or (own and batch.kind is BatchKind.BULK)):
        raise Denied('You may not undo this. Those who may do it can undo it.')
    if batch.undone_at is not None:
        raise Conflict('This was undone already.')
    if batch.undo is None or batch.created_at < work.now - UNDOABLE:
        raise Conflict('This is too old to be undone: it can be undone for 30 days.')
    packed = await open_value(work, batch.undo, PLACE(batch.id, work.organization_id))
    touched = await asyncio.to_thread(unpack, packed)
    rows = await _load(work, touched)
    refused = await _refusals(work, touched, rows, whole=batch.kind is BatchKind.MERGE)
    members = {one.member_id for one in touched}
    if batch.kind is not BatchKind.MERGE:
        forbidden = await _forbidden(
            work, [one for one in touched if one.member_id not in refused], rows, batch.kind, own=own
        )
        if members and members <= forbidden:
            raise Denied('You may not undo this for any of these people.')
        refused |= dict.fromkeys(forbidden, _('You may not change this person.'))
    undone = [one for one in touched if one.member_id not in refused]
    moved = [rows[one.table, one.row_id] for one in undone if _is_move(one)]
    before = {member.id: member.status for member in moved}
    await _put_back(work, undone, rows)
    batch.undone_at, batch.undo = work.now, None
    today = (await sight(work)).today
    for member in moved:
        await tell_move(work, member, before[member.id], today, UNDONE)
    await guard_last_administrator(work)
    await work.emit(PositionsChanged(frozenset(members - refused.keys())))
    names = await _names(work, refused)
    listed = [Refusal(member_id, names.get(member_id, ''), reason) for member_id, reason in refused.items()]
    return BatchResult(batch.id, len(members) - len(refused), listed)


def _is_move(one: Touched) -> bool:
    return one.deed == 'changed' and one.table == Member.__tablename__ and 'status' in one.before


async def _load(work: Work, touched: Iterable[Touched]) -> dict[tuple[str, UUID], Any]:
    wanted: dict[str, list[UUID]] = defaultdict(list)
    for one in touched:
        if one.deed != 'removed':
            wanted[one.table].append(one.row_id)
    found: dict[tuple[str, UUID], Any] = {}
    for table, ids in wanted.items():
        model = tables()[table]
        for part in _parts(ids):
            for row in await work.all(select(model).where(model.id.in_(part))):
                found[table, row.id] = row
            await asyncio.sleep(0)
    return found


async def _refusals(
    work: Work, touched: list[Touched], rows: dict[tuple[str, UUID], Any], *, whole: bool
) -> dict[UUID, str]:
    refused: dict[UUID, str] = {}
    for one in touched:
        row = rows.get((one.table, one.row_id))
        if one.deed != 'removed' and (row is None or row.version != one.version):
            refused[one.member_id] = _('Somebody changed this person since.')
    own = {(one.table, one.row_id) for one in touched if one.deed == 'made'}
    new = [one.row_id for one in touched if one.deed == 'made' and one.table == Member.__tablename__]
    for model, name in references_to_members() if new else ():
        column = getattr(model, name)
        for part in _parts(new):
            for row_id, member_id in await work.all(sa.select(model.id, column).where(column.in_(part))):
                if (model.__tablename__, row_id) not in own and model is not MemberBatchRow:
                    refused[member_id] = _('Other records name this person by now. Archive the record instead.')
    if whole and refused:
        raise Conflict('Somebody changed one of the two since, so this cannot be undone as a whole.')
    return refused


async def _forbidden(
    work: Work, touched: Sequence[Touched], rows: dict[tuple[str, UUID], Any], kind: BatchKind, *, own: bool
) -> set[UUID]:
    """Return whom the actor may not change back: undoing needs today what doing needs."""
    if kind is BatchKind.IMPORT:
        return await _closed(work, touched, rows)
    seen = await sight(work)
    fields: dict[UUID, set[str]] = defaultdict(set)
    moved: set[UUID] = set()
    for one in touched:
        fields[one.member_id] |= one.before.keys() if one.table == Member.__tablename__ else set()
        if own and one.table == JobChange.__tablename__:
            # He gave his report to somebody else, and nothing was changed since: that is his to take back.
            moved.add(one.member_id)

    def may(member_id: UUID) -> bool:
        if 'archived_at' in fields[member_id]:
            return work.actor.may(ARCHIVE)
        if 'status' in fields[member_id]:
            return seen.may_change_status(member_id)
        return member_id in moved or seen.may_edit(member_id)

    return {member_id for member_id in fields if not may(member_id)}


async def _closed(work: Work, touched: Sequence[Touched], rows: dict[tuple[str, UUID], Any]) -> set[UUID]:
    """Return of whom an import changed what the actor could not change by one: of those who were there already."""
    seen, private = await sight(work), frozenset[UUID]()
    hides = not (work.actor.may(VIEW_PRIVATE) and work.actor.may(EDIT_PRIVATE))
    if hides and any(one.table == VALUES for one in touched):
        private = frozenset(await work.all(select(CustomField.id).where(col(CustomField.is_private))))

    def is_closed(one: Touched) -> bool:
        row = rows.get((one.table, one.row_id))
        if one.table == VALUES:
            return (UUID(one.before['field_id']) if row is None else row.field_id) in private
        if one.table != Member.__tablename__ or row is None:
            return False
        hidden = CONTACT_FIELDS - seen.contacts(row)
        return bool(one.before.keys() & (hidden | PRIVATE_FIELDS if hides else hidden))

    new = {one.row_id for one in touched if one.deed == 'made' and one.table == Member.__tablename__}
    return {one.member_id for one in touched if one.member_id not in new and is_closed(one)}


async def _put_back(work: Work, touched: list[Touched], rows: dict[tuple[str, UUID], Any]) -> None:
    """Remove what was made, give back old values, restore what was removed; people last, for others name them."""
    await _load_named(work, touched)
    await _free_unique_values(work, touched, rows)
    for step, one in enumerate(touched, 1):
        row: Any = rows.get((one.table, one.row_id))
        if one.deed == 'changed':
            for name, value in read_values(tables()[one.table], one.before).items():
                setattr(row, name, value)
        elif one.deed == 'made' and one.table != Member.__tablename__:
            await work.delete(row)
        if step % CHUNK == 0:
            await work.flush()
            await asyncio.sleep(0)
    await work.flush()
    for one in touched:
        if one.deed == 'removed':
            model = tables()[one.table]
            work.add(model(id=one.row_id, **read_values(model, one.before)))
    await work.flush()
    gone = [one.row_id for one in touched if one.deed == 'made' and one.table == Member.__tablename__]
    for part in _parts(gone):
        await work.execute(sa.delete(MemberBatchRow).where(col(MemberBatchRow.member_id).in_(part)))
    for at, member_id in enumerate(gone, 1):
        await work.delete(rows[str(Member.__tablename__), member_id])
        if at % CHUNK == 0:
            await work.flush()
            await asyncio.sleep(0)
    await work.flush()


async def _free_unique_values(work: Work, touched: Iterable[Touched], rows: dict[tuple[str, UUID], Any]) -> None:
    """Empty what is unique and goes back to another record, so that no two have it for a moment."""
    for one in touched:
        if one.table != Member.__tablename__ or one.deed != 'changed':
            continue
        row = rows[one.table, one.row_id]
        for name in UNIQUE & one.before.keys():
            setattr(row, name, f'~{row.id.hex[:19]}' if name == 'number' else None)
    await work.flush()


async def _load_named(work: Work, touched: Iterable[Touched]) -> None:
    """Load what old values name, so that they may be named again."""
    for one in touched:
        for name, target in targets_of(tables()[one.table]).items():
            if one.before.get(name) is not None:
                await work.find(target, UUID(one.before[name]))


async def _names(work: Work, member_ids: Iterable[UUID]) -> dict[UUID, str]:
    names: dict[UUID, str] = {}
    for part in _parts(list(member_ids)):
        names.update({m.id: m.name for m in await work.all(select(Member).where(col(Member.id).in_(part)))})
    return names


@domain.job(schedule='40 3 * * *')
async def wipe_old_undo(work: Work) -> int:
    """Wipe what undoing needs once it is too old for that; returns how many batches."""
    old = select(MemberBatch).where(col(MemberBatch.undo).is_not(None), MemberBatch.created_at < work.now - UNDOABLE)
    rows = await work.all(old.limit(100))
    for row in rows:
        row.undo = None
    return len(rows)


async def forget_member(work: Work, member_id: UUID) -> None:
    """Take one person out of all that can be undone: he is being anonymised."""
    ids = select(MemberBatchRow.batch_id).where(MemberBatchRow.member_id == member_id)
    for batch in await work.all(select(MemberBatch).where(col(MemberBatch.id).in_(ids))):
        if batch.undo is None:
            continue
        place = PLACE(batch.id, work.organization_id)
        touched = unpack(await open_value(work, batch.undo, place))
        batch.undo = await seal_value(work, pack([one for one in touched if one.member_id != member_id]), place)


def _parts(ids: list[UUID], size: int = 400) -> Iterator[list[UUID]]:
    for at in range(0, len(ids), size):
        yield ids[at : at + size]

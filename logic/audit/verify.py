"""Verification of the stored logs: all is read again, examined, and compared with every word given about it."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from data.audit import AuditAnchor, AuditCheckpoint, AuditEntry, AuditLog, AuditPersonal, AuditTile
from data.database import EVERYWHERE, database
from data.organizations import Organization
from logic.audit import keys
from logic.audit.check import (
    BEGIN_EPOCH,
    CLOSED,
    GIVEN,
    Closed,
    Edge,
    Examination,
    Fault,
    Restore,
    Stop,
    Witness,
    closed_of,
    restore_of,
)
from logic.audit.entry import INSTANCE_LOG_ID
from logic.audit.note import BadNote, Checkpoint, notes_in, read_note
from logic.audit.personal import open_sealed, read_keys
from logic.audit.tree import TILE_WIDTH
from logic.core.acts import in_words
from logic.core.language import _, many

CHUNK = 16 * TILE_WIDTH
MOST_TOLD = 20
"""So many warnings are told of by name."""
RAW = sa.types.NullType()
"""Columns are read as they are stored: a value that somebody spoilt must not fail to be read."""


@dataclass(slots=True)
class LogVerdict:
    """What the verification of one log found."""

    log_id: UUID
    size: int = 0
    epoch: int = 0
    faults: list[Fault] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    """Losses that restores admitted."""
    checkpoints: int = 0
    signed_size: int = 0
    """How many entries the last good checkpoint covers."""
    anchored_size: int = 0
    """How many entries the largest anchor covers: those that were given, else those that were sent."""
    erased: int = 0
    orders: list[str] = field(default_factory=list)
    warnings: list[tuple[int, str]] = field(default_factory=list)
    """Entries that warn, with what they tell of."""
    closed: int = 0
    """How many entries were closed: of these the hashes are here, the texts in files."""
    parts: int = 0
    edge: Edge = field(default_factory=Edge)
    """What was known at the mark, if one was given."""
    seconds: float = 0.0

    @property
    def is_intact(self) -> bool:
        """Whether nothing was found."""
        return not self.faults

    @property
    def first_bad(self) -> int | None:
        """The first entry that a fault concerns."""
        return min((fault.index for fault in self.faults if fault.index is not None), default=None)

    @property
    def unanchored(self) -> int:
        """How many entries no anchor covers: whoever holds the host and its key could replace these unseen."""
        return max(0, self.size - self.anchored_size)

    def lines(self) -> list[str]:
        """The verdict in sentences."""
        whole = self.log_id == INSTANCE_LOG_ID
        name = _('The log of the instance') if whole else _('The log {id}', id=self.log_id)
        if self.is_intact:
            said = many('{name}: {count} entry, intact.', '{name}: {count} entries, intact.', self.size, name=name)
        else:
            said = many('{name}: {count} entry, DAMAGED.', '{name}: {count} entries, DAMAGED.', self.size, name=name)
        return [said, *self.findings()]

    def findings(self) -> list[str]:
        """What was found, and how well the log is secured, in sentences."""
        result = [str(fault) for fault in self.faults] + self.gaps
        points = many('{count} checkpoint', '{count} checkpoints', self.checkpoints)
        covered, bare = _entries(self.signed_size), _entries(self.unanchored)
        result.append(_('Covered by {checkpoints}: {entries}.', checkpoints=points, entries=covered))
        result.append(_('Not covered by an anchor: {entries}.', entries=bare))
        if self.closed:
            result.append(
                _(
                    'Closed: {entries}, whose hashes hold here and whose texts lie in {files}; the verifier in each '
                    'file checks it.',
                    entries=_entries(self.closed), files=many('{count} file', '{count} files', self.parts),
                )
            )  # fmt: skip
        if self.erased:
            orders = ', '.join(self.orders) or _('the time was over')
            result.append(
                many(
                    '{count} personal value erased: {orders}.', '{count} personal values erased: {orders}.',
                    self.erased, orders=orders,
                )
            )  # fmt: skip
        if self.warnings:
            told = [
                _('{said} (entry {number})', said=in_words(act), number=seq) for seq, act in self.warnings[:MOST_TOLD]
            ]
            what = ', '.join(told) + (' …' if len(self.warnings) > MOST_TOLD else '')
            result.append(many('{count} warning: {what}.', '{count} warnings: {what}.', len(self.warnings), what=what))
        return result


def _entries(number: int) -> str:
    return many('{count} entry', '{count} entries', number)


async def verify_all(anchors: Iterable[str] = ()) -> list[LogVerdict]:
    """Verify every log; the instance's first, because it names the heads of all others.

    `anchors` are texts that hold signed notes: mails, printed pages, files. Anybody who can read the database and the
    public key can do this; it changes nothing.
    """
    async with database().read(EVERYWHERE) as session:
        return await verify_logs(await snapshot(session), anchors)


async def snapshot(session: AsyncSession) -> AsyncConnection:
    """Return the connection of a fresh session, set to see one state of the database however long it takes."""
    if database().is_sqlite:
        return await session.connection()
    return await session.connection(execution_options={'isolation_level': 'REPEATABLE READ'})


async def verify_logs(
    connection: AsyncConnection,
    anchors: Iterable[str] = (),
    *,
    only: UUID | None = None,
    trusted: Sequence[str] | None = None,
    mark: tuple[int, frozenset[str]] | None = None,
) -> list[LogVerdict]:
    """Verify the logs of a database, or one of them with the instance's. `trusted` are public keys other than ours.

    `mark` names a place in the one log, and commitments named on both its sides: the verdict tells what was there.
    """
    trust = keys.trusted_keys() if trusted is None else list(trusted)
    given, bad = _given(anchors, trust)
    rows = await connection.execute(sa.select(col(AuditLog.number), col(AuditLog.log_id)))
    numbers: dict[UUID, int | None] = {row.log_id: row.number for row in rows}
    # A log that is gone from the database must be missed, by its department or by an anchor of it.
    departments = await connection.execute(sa.select(col(Organization.id)))
    for log_id in {*departments.scalars(), *(point.log_id for point in given)}:
        if only in (None, log_id):
            numbers.setdefault(log_id, None)
    order = sorted(numbers, key=lambda log_id: (log_id != INSTANCE_LOG_ID, str(log_id)))
    heads: dict[str, list[tuple[int, Witness]]] = {}
    anchored = 0
    verdicts = []
    for log_id in order:
        if only is not None and log_id not in (only, INSTANCE_LOG_ID):
            continue
        verify = _Verify(
            connection, log_id, numbers[log_id], trust, [point for point in given if point.log_id == log_id]
        )
        if log_id == only and mark is not None:
            verify.mark = mark
        verdict = await verify.run(heads.get(str(log_id), []), anchored)
        if log_id == INSTANCE_LOG_ID:
            heads, anchored = verify.heads, verdict.anchored_size
            verdict.faults += bad
        verdicts.append(verdict)
    if bad and not (verdicts and verdicts[0].log_id == INSTANCE_LOG_ID):
        verdicts.insert(0, LogVerdict(INSTANCE_LOG_ID, faults=bad))
    for name in heads.keys() - {str(known) for known in numbers}:
        if only is None or name == str(only):
            text = _('The log {id}, of which the log of the instance tells, is missing.', id=name)
            lost = Fault('head', text, 0)
            verdicts.append(LogVerdict(UUID(name), faults=[lost]))
    return verdicts


def _given(anchors: Iterable[str], trusted: Sequence[str]) -> tuple[list[Checkpoint], list[Fault]]:
    points: list[Checkpoint] = []
    faults: list[Fault] = []
    for text in anchors:
        notes = notes_in(text)
        if not notes:
            faults.append(Fault(GIVEN, _('The anchor that was given holds no checkpoint.')))
        for note in notes:
            try:
                points.append(read_note(note, trusted))
            except BadNote as error:
                said = _('The anchor that was given does not count. {reason}', reason=str(error))
                faults.append(Fault(GIVEN, said))
    return points, faults


class _Verify:
    """The verification of one log of a database."""

    def __init__(
        self,
        connection: AsyncConnection,
        log_id: UUID,
        number: int | None,
        trusted: Sequence[str],
        given: list[Checkpoint],
    ) -> None:
        self._connection = connection
        self._log_id = log_id
        self._log = -1 if number is None else number
        self._trusted = trusted
        self._given = given
        self._people: dict[str, bytes] | None = None
        self._verdict = LogVerdict(log_id)
        self.heads: dict[str, list[tuple[int, Witness]]] = {}
        self.mark: tuple[int, frozenset[str]] = (-1, frozenset())

    async def run(self, heads: list[tuple[int, Witness]], instance_anchored: int) -> LogVerdict:
        """Verify; `heads` are what the log of the instance says of this one, the first so many of them anchored."""
        started, verdict = time.monotonic(), self._verdict
        witnesses = await self._witnesses()
        witnesses += [witness for _, witness in heads]
        anchored = [point.size for point in self._given]
        anchored += [witness.size for seq, witness in heads if seq < instance_anchored]
        if not self._given:
            anchored += await self._sent()
        closes = await read_closes(self._connection, self._log)
        restores = await self._restores()
        if closes:
            restores = [*closes[-1].restores, *restores]
            verdict.closed, verdict.parts = closes[-1].size, len(closes[-1].parts)
        examination = Examination(
            self._log_id, witnesses, restores, closes=closes, mark=self.mark[0], shared=self.mark[1]
        )
        verdict.faults += examination.faults
        examination.faults = verdict.faults
        try:
            head = await self._head()
            await self._examine(examination, head)
            examination.finish(head)
        except Stop:
            pass
        verdict.size, verdict.gaps = verdict.size or examination.size, examination.gaps
        verdict.erased, verdict.orders, verdict.warnings = examination.erased, examination.orders, examination.warnings
        verdict.edge = examination.edge
        verdict.anchored_size = min(max(anchored, default=0), verdict.size)
        verdict.signed_size = min(verdict.signed_size, verdict.size)
        self.heads = examination.heads
        verdict.seconds = time.monotonic() - started
        return verdict

    async def _examine(self, examination: Examination, head: Any) -> None:
        last = examination.closed // TILE_WIDTH
        for start in range(0, last, CHUNK // TILE_WIDTH):
            end = min(start + CHUNK // TILE_WIDTH, last)
            await asyncio.to_thread(examination.closed_tiles, start, end, await self._tiles(start, end))
        async for rows in self._chunks(head.size):
            first, last = examination.size, examination.size + len(rows)
            tiles = await self._tiles(first // TILE_WIDTH, last // TILE_WIDTH)
            present = await self._present(first, last)
            await asyncio.to_thread(examination.entries, rows, tiles, present)
        examination.upper_tiles(await self._upper_tiles())
        await self._beyond(examination)

    async def _beyond(self, examination: Examination) -> None:
        """Look for tiles and personal values of entries that do not exist."""
        last = examination.size // TILE_WIDTH
        tiles = sa.select(sa.func.count()).where(
            col(AuditTile.log) == self._log,
            sa.or_(col(AuditTile.level) < 0, (col(AuditTile.level) == 0) & (col(AuditTile.position) >= last)),
        )
        if await self._connection.scalar(tiles):
            examination.fail('tile', _('There are tiles over entries that do not exist.'))
        values = sa.select(sa.func.count()).where(
            col(AuditPersonal.log) == self._log,
            sa.or_(col(AuditPersonal.seq) < examination.closed, col(AuditPersonal.seq) >= examination.size),
        )
        if await self._connection.scalar(values):
            examination.fail('personal', _('There are personal values of entries that do not exist.'))

    async def _chunks(self, size: int) -> AsyncIterator[Sequence[Any]]:
        """Read all entries in order, also those that have no right to be there."""
        names = ('seq', 'at', 'actor_id', 'action', 'object_type', 'object_id', 'subject_id', 'outcome', 'leaf', 'body')
        columns: list[Any] = [sa.type_coerce(col(getattr(AuditEntry, name)), RAW).label(name) for name in names]
        if self._connection.dialect.name != 'sqlite':
            columns[1] = sa.cast(col(AuditEntry.at), sa.String(26)).label('at')
        statement: Any = sa.select(*columns).where(col(AuditEntry.log) == self._log).order_by(col(AuditEntry.seq))
        start = -(2**62)
        rows: Sequence[Any] = [()] * CHUNK
        # A shorter chunk is the last. A gap ends the examination, so all others begin with the first leaf of a tile.
        while len(rows) == CHUNK:
            try:
                rows = (
                    await self._connection.execute(statement.where(col(AuditEntry.seq) >= start).limit(CHUNK))
                ).all()
            except DBAPIError:
                rows = await self._one_by_one(statement, max(start, 0), size)
            if rows:
                yield rows
                start = rows[-1].seq + 1

    async def _one_by_one(self, statement: Any, start: int, end: int) -> Sequence[Any]:
        """Find the entry that cannot be read at all."""
        for seq in range(start, end):
            try:
                await self._connection.execute(statement.where(col(AuditEntry.seq) == seq))
            except DBAPIError:
                self._verdict.faults.append(Fault('entry', _('it cannot be read.'), seq))
                raise Stop from None
        raise RuntimeError('The entries of the audit log cannot be read.')

    async def _tiles(self, first: int, last: int) -> dict[int, tuple[bytes, bytes]]:
        rows = await self._connection.execute(
            sa.select(col(AuditTile.position), col(AuditTile.root), col(AuditTile.hashes))
            .where(col(AuditTile.log) == self._log, col(AuditTile.level) == 0)
            .where(col(AuditTile.position) >= first, col(AuditTile.position) < last)
        )
        return {row.position: (row.root, row.hashes) for row in rows}

    async def _upper_tiles(self) -> dict[tuple[int, int], tuple[bytes, bytes]]:
        rows = await self._connection.execute(
            sa.select(col(AuditTile.level), col(AuditTile.position), col(AuditTile.root), col(AuditTile.hashes)).where(
                col(AuditTile.log) == self._log, col(AuditTile.level) > 0
            )
        )
        return {(row.level, row.position): (row.root, row.hashes) for row in rows}

    async def _present(self, first: int, last: int) -> dict[str, bool]:
        """Return the personal values stored for these entries, and whether each opens to what was committed."""
        rows = (
            await self._connection.execute(
                sa.select(
                    col(AuditPersonal.commitment),
                    sa.type_coerce(col(AuditPersonal.subject_id), RAW).label('subject'),
                    col(AuditPersonal.sealed),
                )
                .where(col(AuditPersonal.log) == self._log)
                .where(col(AuditPersonal.seq) >= first, col(AuditPersonal.seq) < last)
            )
        ).all()
        if not rows:
            return {}
        if self._people is None:
            self._people = await self._keys()
        return await asyncio.to_thread(self._open, rows)

    def _open(self, rows: Sequence[Any]) -> dict[str, bool]:
        result = {}
        for row in rows:
            try:
                open_sealed((self._people or {})[row.subject], self._log_id, row.commitment, row.sealed)
                result[row.commitment.hex()] = True
            except (keys.Unreadable, LookupError, ValueError):
                result[row.commitment.hex()] = False
        return result

    async def _keys(self) -> dict[str, bytes]:
        try:
            people = await read_keys(self._connection, self._log, self._log_id, None)
            return {subject_id.hex: key for subject_id, key in people.items()}
        except keys.Unreadable as error:
            self._verdict.faults.append(Fault('personal', str(error)))
            raise Stop from None

    async def _head(self) -> Any:
        columns = [
            sa.type_coerce(col(getattr(AuditLog, name)), RAW).label(name)
            for name in ('size', 'root', 'frontier', 'epoch')
        ]
        last_at = sa.cast(col(AuditLog.last_at), sa.String(26)).label('last_at')
        statement = sa.select(*columns, last_at).where(col(AuditLog.number) == self._log)
        row = (await self._connection.execute(statement)).first()
        if row is None:
            self._verdict.faults.append(Fault('head', _('the log is missing.'), 0))
            raise Stop
        self._verdict.epoch, self._verdict.size = row.epoch, row.size
        return row

    async def _restores(self) -> list[Restore]:
        rows = await self._connection.execute(
            sa.select(col(AuditEntry.seq), col(AuditEntry.body))
            .where(col(AuditEntry.log) == self._log, col(AuditEntry.action) == BEGIN_EPOCH)
            .order_by(col(AuditEntry.seq))
        )
        found = []
        for row in rows:
            try:
                found.append(restore_of(row.seq, json.loads(row.body)))
            except (ValueError, LookupError, TypeError):
                continue  # the pass over the entries will say what is wrong with this one
        return found

    async def _witnesses(self) -> list[Witness]:
        """Return the signed words about this log that hold; note those that do not as faults."""
        found = [
            Witness('anchor', _('The anchor of {time}', time=told), point.size, point.root, point.epoch)
            for point in self._given
            for told in [point.at[:16].replace('T', ' ')]
        ]
        for kind, table in (('checkpoint', AuditCheckpoint), ('anchor', AuditAnchor)):
            for size, note in await self._notes(table):
                try:
                    point = read_note(note, self._trusted)
                    if (point.log_id, point.size) != (self._log_id, size):
                        raise BadNote(_('It speaks of another log or size.'))
                except BadNote as error:
                    text = _('{witness} does not count. {reason}', witness=_witness(kind, size), reason=str(error))
                    self._verdict.faults.append(Fault(kind, text))
                    continue
                if kind == 'checkpoint':
                    self._verdict.checkpoints += 1
                    self._verdict.signed_size = max(self._verdict.signed_size, size)
                found.append(Witness(kind, _witness(kind, size), size, point.root, point.epoch))
        return found

    async def _notes(self, table: type[AuditCheckpoint | AuditAnchor]) -> list[tuple[int, str]]:
        rows = await self._connection.execute(
            sa.select(col(table.size), sa.cast(col(table.note), sa.LargeBinary).label('note')).where(
                col(table.log) == self._log
            )
        )
        return [(row.size, row.note.decode('utf-8', 'replace')) for row in rows]

    async def _sent(self) -> list[int]:
        rows = await self._connection.execute(
            sa.select(col(AuditAnchor.size)).where(
                col(AuditAnchor.log) == self._log, col(AuditAnchor.left_at).is_not(None)
            )
        )
        return [row.size for row in rows]


def _witness(kind: str, size: int) -> str:
    if kind == 'checkpoint':
        return _('The checkpoint over {size} entries', size=size)
    return _('The anchor over {size} entries', size=size)


async def read_closes(connection: AsyncConnection, log: int) -> list[Closed]:
    """Return what the stored entries of a log say of its parts that were closed, the oldest first."""
    rows = await connection.execute(
        sa.select(col(AuditEntry.seq), col(AuditEntry.body))
        .where(col(AuditEntry.log) == log, col(AuditEntry.action) == CLOSED)
        .order_by(col(AuditEntry.seq))
    )
    found = []
    for row in rows:
        with contextlib.suppress(ValueError, LookupError, TypeError):  # the pass over the entries will say what it is
            found.append(closed_of(row.seq, json.loads(row.body)))
    return found

"""The examination of one log, entry by entry: what is stored against its hashes, tiles, signatures and columns."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from logic.audit.tree import EMPTY_ROOT, HASH_SIZE, TILE_WIDTH, Frontier, fold, leaf_hash, perfect_root
from logic.core.language import _, many

BEGIN_EPOCH = 'audit.begin_epoch'
ERASED = 'audit.erase_subject'
EXPIRED = 'audit.expire_values'
HEADS = 'audit.heads'
CLOSED = 'audit.part_closed'
SIGNED = ('checkpoint', 'anchor')
GIVEN = 'given'
"""The kind of a fault in an anchor that somebody brought: it says nothing of the log."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a log that is not as it was written."""

    kind: str
    """entry, tile, column, head, checkpoint, anchor, personal or given."""
    message: str
    index: int | None = None
    """The first entry concerned; None when it concerns none."""

    def __str__(self) -> str:
        if self.index is None:
            return self.message
        return _('Entry {number}: {fault}', number=self.index, fault=self.message)


@dataclass(frozen=True, slots=True)
class Witness:
    """Word that the log had this root at this size: a checkpoint, an anchor, a head named in the instance's log."""

    kind: str
    name: str
    size: int
    root: bytes
    epoch: int


@dataclass(frozen=True, slots=True)
class Restore:
    """A restore from a backup: from entry `first` on another epoch; what was known of the time before it."""

    epoch: int
    first: int
    known_size: int


@dataclass(frozen=True, slots=True)
class Part:
    """A closed part of a log: its entries lie in a file."""

    first: int
    end: int
    file_id: UUID
    sha256: str


@dataclass(frozen=True, slots=True)
class Closed:
    """What an entry that closes the older part of its log says of it."""

    seq: int
    size: int
    """The entries before this one are closed; their hashes stay, in whole tiles."""
    root: bytes
    balance: int
    """Values missing in the closed part, less those whose erasure entries of that part ordered."""
    restores: tuple[Restore, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """What an examination knew when it came to its mark, from which the part before that may be closed."""

    size: int = 0
    root: bytes = EMPTY_ROOT
    balance: int = 0
    restores: tuple[Restore, ...] = ()


class Stop(Exception):
    """The first fault ends the examination: what follows it rests on it."""


@dataclass(slots=True)
class Examination:
    """One pass over a log. Feed it with `entries` in order, then `finish`."""

    log_id: UUID
    witnesses: Iterable[Witness] = ()
    restores: Sequence[Restore] = ()
    closes: Sequence[Closed] = ()
    mark: int = -1
    """Where the older part would end, if it were closed; the first entry of a tile."""
    shared: frozenset[str] = frozenset()
    """Commitments that entries after the mark name as well as entries before it."""
    edge: Edge = field(default_factory=Edge)
    faults: list[Fault] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    erased: int = 0
    ordered: int = 0
    orders: list[str] = field(default_factory=list)
    warnings: list[tuple[int, str]] = field(default_factory=list)
    """Entries that warn, with what they tell of."""
    heads: dict[str, list[tuple[int, Witness]]] = field(default_factory=lambda: defaultdict(list))
    """In the log of the instance: organization to the heads that it names, each with the entry that names it."""
    last_at: str | None = None
    _frontier: Frontier = field(default_factory=Frontier)
    _edge: Frontier = field(default_factory=Frontier)
    _roots: list[list[bytes]] = field(default_factory=lambda: [[]])
    _expected: dict[int, list[Witness]] = field(default_factory=lambda: defaultdict(list))
    _witnessed: int = 0
    _name: str = ''
    _restored: int = 0
    _closings: int = 0
    _contexts: dict[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._name = str(self.log_id)
        if self.closes:
            self._restored = len(self.closes[-1].restores)
        for witness in self.witnesses:
            later = next((restore for restore in self.restores if restore.epoch > witness.epoch), None)
            if later is None or witness.size <= later.first:
                self._expected[witness.size].append(witness)
            elif witness.size <= later.known_size:
                self._gap(later, witness.size)
            else:
                text = _(
                    '{witness} proves {size} entries; the restore to epoch {epoch} admits fewer.',
                    witness=witness.name, size=witness.size, epoch=later.epoch,
                )  # fmt: skip
                self.faults.append(Fault('anchor', text, later.first))
        for restore in self.restores:
            self._gap(restore, restore.known_size)
        self._expect_closed()

    @property
    def closed(self) -> int:
        """How many entries were closed: their texts lie in files, their hashes in the tiles."""
        return self.closes[-1].size if self.closes else 0

    def _expect_closed(self) -> None:
        """Have the hashes that stayed of a closed part lead to the root that its closing names, and that be signed."""
        signed = [size for size, told in self._expected.items() if any(one.kind in SIGNED for one in told)]
        if self.closes and max(signed, default=0) <= self.closes[-1].seq:
            # Whoever has no key could else drop a part and add an entry which says that it was closed.
            text = _('it closes a part of the log, but nobody signed it.')
            self.faults.append(Fault('entry', text, self.closes[-1].seq))
        for close in self.closes:
            name = _('Entry {number}, which closes the part before entry {size},', number=close.seq, size=close.size)
            self._expected[close.size].append(Witness('entry', name, close.size, close.root, 0))

    def _gap(self, restore: Restore, size: int) -> None:
        if size > restore.first:
            text = _(
                'Epoch {epoch} began with a restore: entries {first} to {last} were lost.',
                epoch=restore.epoch, first=restore.first, last=size - 1,
            )  # fmt: skip
            if text not in self.gaps:
                self.gaps.append(text)

    @property
    def size(self) -> int:
        """How many entries were examined."""
        return self._frontier.size + self._edge.size

    def root(self) -> bytes:
        """The root of what was examined."""
        return fold([*self._frontier.hashes, *self._edge.hashes])

    def fail(self, kind: str, message: str, index: int | None = None) -> None:
        """Note a fault and end the pass."""
        self.faults.append(Fault(kind, message, index))
        raise Stop

    def closed_tiles(self, first: int, last: int, tiles: Mapping[int, tuple[bytes, bytes]]) -> None:
        """Take the hashes of closed entries from the tiles over them. Raises Stop at the first fault."""
        for position in range(first, last):
            tile = tiles.get(position)
            if tile is None or len(tile[1]) != TILE_WIDTH * HASH_SIZE:
                self.fail('tile', _('the tile that holds its hash, and nothing else does, is missing.'), self.size)
                return
            hashes = [tile[1][at : at + HASH_SIZE] for at in range(0, len(tile[1]), HASH_SIZE)]
            edge, begun = Frontier(TILE_WIDTH, [perfect_root(hashes)]), self.size
            if edge.hashes[0] != tile[0]:
                self.fail('tile', _wrong_root(position), begun)
            if any(size in self._expected for size in range(begun + 1, begun + TILE_WIDTH)):
                for leaf in hashes[:-1]:
                    self._edge.append(leaf)
                    if self.size in self._expected:
                        self._witness(self.size)
            self._edge = edge
            self._close(position, tile)
            if self.size in self._expected:
                self._witness(self.size)

    def entries(
        self,
        rows: Sequence[Any],
        tiles: Mapping[int, tuple[bytes, bytes]],
        present: Mapping[str, bool],
    ) -> None:
        """Examine neighbouring entries with the complete tiles over them, by position: (root, hashes).

        A row is seq, the seven columns that repeat the text (the time as text), leaf, body.
        `present` holds the personal values stored for these entries: commitment to whether it opens as committed.
        Raises Stop at the first fault.
        """
        edge, expected = self._edge, self._expected
        seq, tile = self.size, None
        named: set[str] = set()
        for row in rows:
            number, columns, stored, text = row[0], row[1:8], row[8], row[9]
            if 0 <= number < self.closed:
                self.fail('entry', _('it is stored although its part of the log was closed.'), number)
            if number != seq:
                text = _('missing; the next one stored has number {number}.', number=number)
                self.fail('entry', text, min(seq, max(number, 0)))
            if not isinstance(text, bytes):
                lost = _('its text is missing.') if text is None else _('its text was stored as another kind of value.')
                self.fail('entry', lost, seq)
            leaf = leaf_hash(text)
            if leaf != stored:
                self.fail('entry', _('the text is not the one that was hashed when it was written.'), seq)
            try:
                self._said(seq, _decode(text), columns, named, present)
            except (ValueError, LookupError, TypeError, AttributeError):
                self.fail('entry', _('it has not the form of an entry.'), seq)
            at = seq % TILE_WIDTH
            if at == 0:
                tile = tiles.get(seq // TILE_WIDTH)
            if tile is not None and tile[1][at * HASH_SIZE : (at + 1) * HASH_SIZE] != leaf:
                self.fail('tile', _('it is not the one whose hash stands in its tile.'), seq)
            edge.append(leaf)
            seq += 1
            if at == TILE_WIDTH - 1:
                self._close(seq // TILE_WIDTH - 1, tile)
                edge = self._edge
            if seq in expected:
                self._witness(seq)
        if present.keys() - named:
            self.fail('personal', _('a personal value is stored that no entry names.'), self.size - len(rows))

    def _said(self, seq: int, said: Any, columns: Any, named: set[str], present: Mapping[str, bool]) -> None:
        """Hold what an entry says against its place, its columns and its personal values."""
        actor, about, at, subject = said['actor'], said['object'], said['at'], said['subject']
        who = actor['id']
        if said['log'] != self._name:
            self.fail('entry', _('it belongs to another log, {log}.', log=said['log']), seq)
        if said['seq'] != seq:
            self.fail('entry', _('it was written as entry {number}.', number=said['seq']), seq)
        told = (
            at[:10] + ' ' + at[11:-1],
            who if who is None else who.replace('-', ''),
            said['action'],
            about['type'],
            about['id'],
            subject if subject is None else subject.replace('-', ''),
            said['outcome'],
        )
        if told != columns:
            names = ('time', 'actor', 'action', 'object type', 'object', 'subject', 'outcome')
            name = next(name for name, one, other in zip(names, told, columns, strict=True) if one != other)
            text = _('the column "{name}" differs from the text that was hashed.', name=name)
            self.fail('column', text, seq)
        self.last_at = at
        if said['outcome'] == 'warning':
            self.warnings.append((seq, said['action']))
        self._values(seq, said, named, present)
        if said['action'].startswith('audit.'):
            self._own(seq, said)

    def _values(self, seq: int, said: Any, named: set[str], present: Mapping[str, bool]) -> None:
        for context in (said['actor']['name'], said['actor']['device']):
            if context is not None:
                if context in present:
                    self._contexts[context] = True
                if context not in self._contexts:
                    self._contexts[context] = False
                    self.erased += 1
                named.add(context)
                if present.get(context) is False:
                    self.fail('personal', _('a personal value is not the one that the entry committed to.'), seq)
        for pair in said['personal'].values():
            for committed in pair:
                if committed is None:
                    continue
                named.add(committed)
                good = present.get(committed)
                if good is None:
                    self.erased += 1
                elif not good:
                    self.fail('personal', _('a personal value is not the one that the entry committed to.'), seq)

    def _own(self, seq: int, said: Any) -> None:
        """Read what the audit log says of itself."""
        action, changes = said['action'], said['changes']
        if action in (ERASED, EXPIRED):
            count = changes['values'][0]
            self.ordered += count
            if action == ERASED:
                order = said['reason'] or _('(none given)')
                self.orders.append(_('{count} by order {order}', count=count, order=order))
        elif action == HEADS:
            for log_id, (_old, head) in changes.items():
                size, root, epoch = head.split(' ')
                name = _('Entry {number} of the instance log', number=seq)
                witness = Witness('head', name, int(size), bytes.fromhex(root), int(epoch))
                self.heads[log_id].append((seq, witness))
        elif action == BEGIN_EPOCH:
            known = self.restores[self._restored] if self._restored < len(self.restores) else None
            self._restored += 1
            if known != restore_of(seq, said):
                self.fail('entry', _('it begins an epoch that the columns do not know.'), seq)
        elif action == CLOSED:
            close = self.closes[self._closings] if self._closings < len(self.closes) else None
            self._closings += 1
            if close is None or close != closed_of(seq, said):
                self.fail('entry', _('it closes a part that the columns do not know.'), seq)
            elif close.size > seq or close.size % TILE_WIDTH:
                self.fail('entry', _('it closes a part that does not end where one can.'), seq)

    def _close(self, position: int, tile: tuple[bytes, bytes] | None) -> None:
        """End a level-0 tile."""
        root = self._edge.hashes[0]
        first = position * TILE_WIDTH
        if tile is None:
            text = _('tile {position} over this and the following entries is missing.', position=position)
            self.fail('tile', text, first)
        elif tile[0] != root:
            self.fail('tile', _wrong_root(position), first)
        self._frontier.append_perfect(root, 8)
        self._edge = Frontier()
        self._roots[0].append(root)
        if self.size == self.mark:
            self._note_edge()

    def _note_edge(self) -> None:
        """Note what the part before the mark comes to; what is missing of shared values is counted after it."""
        missing = sum(1 for shared in self.shared if self._contexts.get(shared) is False)
        balance = self._carried + self.erased - missing - self.ordered
        self.edge = Edge(self.size, self.root(), balance, tuple(self.restores[: self._restored]))

    @property
    def _carried(self) -> int:
        return self.closes[-1].balance if self.closes else 0

    def _witness(self, size: int) -> None:
        for witness in self._expected.pop(size):
            if witness.root != self.root():
                text = _(
                    '{witness} shows another root: an entry from here to {last} was changed.',
                    witness=witness.name, last=size - 1,
                )  # fmt: skip
                self.fail(witness.kind, text, self._witnessed)
        self._witnessed = size

    def upper_tiles(self, tiles: Mapping[tuple[int, int], tuple[bytes, bytes]]) -> None:
        """Examine the complete tiles above level 0, by (level, position)."""
        level = 0
        seen = 0
        while self._roots[level]:
            below, above = self._roots[level], []
            for start in range(0, len(below) - TILE_WIDTH + 1, TILE_WIDTH):
                position, group = start // TILE_WIDTH, below[start : start + TILE_WIDTH]
                first = start * TILE_WIDTH ** (level + 1)
                tile = tiles.get((level + 1, position))
                tree = Frontier()
                for item in group:
                    tree.append(item)
                if tile is None or tile != (tree.root(), b''.join(group)):
                    self.fail('tile', _wrong_tile(position, level + 1), first)
                above.append(tree.root())
                seen += 1
            self._roots.append(above)
            level += 1
        if len(tiles) != seen:
            self.fail('tile', _('There are tiles over entries that do not exist.'))

    def finish(self, head: Any) -> None:
        """Compare with the head (size, root, frontier, epoch, last_at as text), and with witnesses of more entries."""
        if self.size != head.size:
            text = (
                _('missing; the head says {said} entries, {stored} are stored.', said=head.size, stored=self.size)
                if self.size < head.size
                else _(
                    'not counted by the head of the log; the head says {said} entries, {stored} are stored.',
                    said=head.size, stored=self.size,
                )
            )  # fmt: skip
            self.fail('head', text, min(self.size, head.size))
        beyond = sorted(size for size in self._expected if size > self.size)
        if beyond:
            witness = self._expected[beyond[-1]][0]
            text = _(
                '{witness} proves {size} entries; the last {lost} are missing.',
                witness=witness.name, size=witness.size, lost=witness.size - self.size,
            )  # fmt: skip
            self.fail(witness.kind, text, self.size)
        if self.root() != head.root:
            text = _('the head of the log shows another root: an entry from here on was changed, or the head.')
            self.fail('head', text, self._witnessed)
        if head.frontier != b''.join((*self._frontier.hashes, *self._edge.hashes)):
            self.fail('head', _('The edge of the tree in the head of the log was changed.'))
        if head.epoch != (self.restores[-1].epoch if self.restores else 0) or self._restored != len(self.restores):
            self.fail('head', _('The epoch in the head of the log is not the one that its entries tell.'))
        if self._closings != len(self.closes):
            self.fail('head', _('The part that was closed is not the one that the entries tell.'))
        if self.last_at is not None and head.last_at != f'{self.last_at[:10]} {self.last_at[11:-1]}':
            self.fail('head', _('The time in the head of the log is not that of the last entry.'))
        unordered = self._carried + self.erased - self.ordered
        if unordered > 0:
            text = many(
                '{count} personal value is missing without an order to erase it.',
                '{count} personal values are missing without an order to erase them.', unordered,
            )  # fmt: skip
            self.fail('personal', text)


def _wrong_root(position: int) -> str:
    return _('the root of tile {position} over this and the following entries is wrong.', position=position)


def _wrong_tile(position: int, level: int) -> str:
    return _('tile {position} of level {level} is not the one over these entries.', position=position, level=level)


_decoder = json.JSONDecoder()


def _decode(body: bytes) -> Any:
    # A third faster than json.loads, which first looks for encodings and white space that these bytes cannot have.
    text = body.decode()
    said, end = _decoder.raw_decode(text)
    if end != len(text):
        raise ValueError('There is text after the entry.')
    return said


def restore_of(seq: int, said: Mapping[str, Any]) -> Restore:
    """Return what an entry that begins an epoch says."""
    changes = said['changes']
    return Restore(changes['epoch'][1], seq, changes['known_size'][1] or seq)


def closed_of(seq: int, said: Mapping[str, Any]) -> Closed:
    """Return what an entry that closes a part says."""
    changes = {name: new for name, (_old, new) in said['changes'].items()}
    restores = tuple(Restore(*restore) for restore in changes['restores'])
    parts = tuple(Part(first, end, UUID(file_id), digest) for first, end, file_id, digest in changes['parts'])
    return Closed(seq, changes['size'], bytes.fromhex(changes['root']), changes['balance'], restores, parts)


def closing_changes(close: Closed) -> dict[str, tuple[None, Any]]:
    """Return the changes of the entry that closes a part; `closed_of` reads them."""
    facts = {
        'size': close.size, 'root': close.root.hex(), 'balance': close.balance,
        'restores': [[one.epoch, one.first, one.known_size] for one in close.restores],
        'parts': [[one.first, one.end, str(one.file_id), one.sha256] for one in close.parts],
    }  # fmt: skip
    return {name: (None, value) for name, value in facts.items()}

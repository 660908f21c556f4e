"""The Merkle tree of RFC 9162 in 256-wide tiles: hashes, growth from a frontier, proofs and their check."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

HASH_SIZE = 32
TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
EMPTY_ROOT = hashlib.sha256().digest()
_LEAF = hashlib.sha256(b'\x00')
_NODE = hashlib.sha256(b'\x01')


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of an entry (RFC 9162, 2.1.1)."""
    state = _LEAF.copy()
    state.update(data)
    return state.digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node (RFC 9162, 2.1.1)."""
    state = _NODE.copy()
    state.update(left + right)
    return state.digest()


def perfect_root(hashes: Sequence[bytes]) -> bytes:
    """Return the root over a power of two of neighbouring hashes."""
    row = list(hashes)
    while len(row) > 1:
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]


class Frontier:
    """The right edge of a growing tree: one hash for each set bit of its size, the largest subtree first."""

    __slots__ = ('hashes', 'size')

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        self.size = size
        self.hashes = list(hashes)
        if len(self.hashes) != size.bit_count() or any(len(item) != HASH_SIZE for item in self.hashes):
            raise ValueError('A frontier has one hash for each set bit of its size.')

    @classmethod
    def from_bytes(cls, size: int, data: bytes) -> 'Frontier':
        """Read what `to_bytes` wrote. Raises ValueError when it does not fit the size."""
        return cls(size, [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)])

    def to_bytes(self) -> bytes:
        """Return the hashes, one after the other."""
        return b''.join(self.hashes)

    def append(self, leaf: bytes) -> None:
        """Grow by one leaf hash."""
        size, hashes = self.size, self.hashes
        while size & 1:
            leaf = node_hash(hashes.pop(), leaf)
            size >>= 1
        hashes.append(leaf)
        self.size += 1

    def append_perfect(self, root: bytes, height: int) -> None:
        """Grow by a whole subtree of 2**height leaves, given by its root; the size must be a multiple of that."""
        if self.size & ((1 << height) - 1):
            raise ValueError('A subtree can only begin at a multiple of its own size.')
        size = self.size >> height
        while size & 1:
            root = node_hash(self.hashes.pop(), root)
            size >>= 1
        self.hashes.append(root)
        self.size += 1 << height

    def root(self) -> bytes:
        """Return the root of the tree as it is now."""
        return fold(self.hashes)


def fold(hashes: Sequence[bytes]) -> bytes:
    """Return the root over neighbouring perfect subtrees, the largest first."""
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for item in reversed(hashes[:-1]):
        root = node_hash(item, root)
    return root


class Node(NamedTuple):
    """A complete subtree: 2**level leaves, beginning at leaf position * 2**level."""

    level: int
    position: int


class TilePart(NamedTuple):
    """Where a node's leaves lie in the tiles: `width` hashes of one tile, beginning at `start`."""

    level: int
    position: int
    start: int
    width: int


def tile_part(node: Node) -> TilePart:
    """Return the hashes, of the tile that holds them, whose perfect root is this node."""
    level, height = divmod(node.level, TILE_HEIGHT)
    first = node.position << height
    return TilePart(level, first >> TILE_HEIGHT, first & (TILE_WIDTH - 1), 1 << height)


def subtrees(start: int, end: int) -> list[Node]:
    """Return the complete subtrees of a range, largest first; `start` is a multiple of its width rounded up."""
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        nodes.append(Node(level, start >> level))
        start += 1 << level
    return nodes


def _split(size: int) -> int:
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_plan(index: int, size: int) -> list[list[Node]]:
    """Return, for each hash of the inclusion proof, the subtrees whose fold it is (RFC 9162, 2.1.3.1).

    Raises ValueError when the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError('The tree has no such entry.')
    plan: list[list[Node]] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            plan.append(subtrees(middle, end))
            end = middle
        else:
            plan.append(subtrees(start, middle))
            start = middle
    return plan[::-1]


def consistency_plan(old: int, new: int) -> list[list[Node]]:
    """Return, for each hash of the consistency proof, the subtrees whose fold it is (RFC 9162, 2.1.4.1).

    Raises ValueError unless 0 < old <= new. Between equal sizes the proof is empty.
    """
    if not 0 < old <= new:
        raise ValueError('A consistency proof leads from a smaller tree to a larger one.')
    plan: list[list[Node]] = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            plan.append(subtrees(middle, end))
            end = middle
        else:
            plan.append(subtrees(start, middle))
            start, whole = middle, False
    if not whole:
        plan.append(subtrees(start, end))
    return plan[::-1]


def resolve(plan: Iterable[Iterable[Node]], hash_of: Callable[[Node], bytes]) -> list[bytes]:
    """Return the hashes of a proof from its plan."""
    return [fold([hash_of(node) for node in nodes]) for nodes in plan]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Say whether the proof shows the leaf hash at this index of the tree with this root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, current = index, size - 1, leaf
    for item in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            current = node_hash(item, current)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            current = node_hash(current, item)
        at, last = at >> 1, last >> 1
    return last == 0 and current == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Say whether the proof shows that the new tree begins with the old one (RFC 9162, 2.1.4.2)."""
    if old == new:
        return not proof and old_root == new_root
    if not 0 < old < new or not proof:
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    older = newer = path[0]
    for item in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            older, newer = node_hash(item, older), node_hash(item, newer)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            newer = node_hash(newer, item)
        at, last = at >> 1, last >> 1
    return last == 0 and older == old_root and newer == new_root

"""Proofs from what is stored: a few tiles and, at the growing edge, a few entries; the same cost at any size."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from data.audit import AuditEntry, AuditTile
from logic.audit.append import tile_roots
from logic.audit.memory import Head
from logic.audit.tree import (
    HASH_SIZE,
    TILE_WIDTH,
    Node,
    inclusion_plan,
    perfect_root,
    resolve,
    tile_part,
    verify_inclusion,
)


@dataclass(frozen=True, slots=True)
class Inclusion:
    """The proof that an entry stands at its place in a log of this size and root."""

    log_id: UUID
    index: int
    size: int
    root: bytes
    leaf: bytes
    path: tuple[bytes, ...]

    @property
    def holds(self) -> bool:
        """Whether the path leads from the entry to the root."""
        return verify_inclusion(self.leaf, self.index, self.size, self.path, self.root)


async def prove_inclusion(connection: AsyncConnection, head: Head, log_id: UUID, index: int, leaf: bytes) -> Inclusion:
    """Return the proof for one entry in the log as it is now. Raises ValueError when there is no such entry."""
    plan = inclusion_plan(index, head.size)
    hashes = await _nodes(connection, head, {node for nodes in plan for node in nodes})
    return Inclusion(log_id, index, head.size, head.root, leaf, tuple(resolve(plan, hashes.__getitem__)))


async def _nodes(connection: AsyncConnection, head: Head, nodes: Iterable[Node]) -> dict[Node, bytes]:
    """Return the hashes of complete subtrees, reading each level of tiles once."""
    by_level: dict[int, list[Node]] = defaultdict(list)
    for node in nodes:
        by_level[tile_part(node).level].append(node)
    found: dict[Node, bytes] = {}
    for level, wanted in by_level.items():
        positions = {tile_part(node).position for node in wanted}
        tiles = await _tiles(connection, head, level, positions)
        for node in wanted:
            part = tile_part(node)
            found[node] = perfect_root(tiles[part.position][part.start : part.start + part.width])
    return found


async def _tiles(connection: AsyncConnection, head: Head, level: int, positions: set[int]) -> dict[int, list[bytes]]:
    complete = head.size // TILE_WIDTH ** (level + 1)
    tiles: dict[int, list[bytes]] = {}
    stored = sorted(position for position in positions if position < complete)
    if stored:
        rows = await connection.execute(
            sa.select(col(AuditTile.position), col(AuditTile.hashes))
            .where(col(AuditTile.log) == head.number, col(AuditTile.level) == level)
            .where(col(AuditTile.position).in_(stored))
        )
        for row in rows:
            tiles[row.position] = [row.hashes[at : at + HASH_SIZE] for at in range(0, len(row.hashes), HASH_SIZE)]
    if complete in positions:
        start = complete * TILE_WIDTH
        if level:
            tiles[complete] = await tile_roots(connection, head.number, level - 1, start, start + TILE_WIDTH)
        else:
            rows = await connection.execute(
                sa.select(col(AuditEntry.leaf))
                .where(col(AuditEntry.log) == head.number, col(AuditEntry.seq) >= start)
                .where(col(AuditEntry.seq) < head.size)
                .order_by(col(AuditEntry.seq))
            )
            tiles[complete] = [row.leaf for row in rows]
    return tiles

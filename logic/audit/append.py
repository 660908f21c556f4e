"""The append: every work ends with it, in its own transaction, so that act and entry are stored both or neither."""

import asyncio
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from data.at_once import Prepared, at_once
from data.audit import AuditEntry, AuditLog, AuditPersonal, AuditTile
from data.database import insert_unless_there
from logic.audit.entry import INSTANCE_LOG_ID, actor_part, body, instant
from logic.audit.memory import Head, pending, remembered
from logic.audit.personal import Sealer
from logic.audit.tree import EMPTY_ROOT, TILE_WIDTH, Frontier, leaf_hash, perfect_root
from logic.core import clock
from logic.core.actor import Actor
from logic.core.errors import Unavailable
from logic.core.language import later
from logic.core.letting_go import let_go
from logic.core.recording import EntryDraft

log = structlog.get_logger(__name__)
AT_ONCE = 40
"""Entries that are made in one go, some 10 ms; then others may act."""
CLOCK_WENT_BACK = 'audit.clock_went_back'
TAKES_NONE = later(
    'The audit log of the department is damaged and takes no entry, so nothing can be saved. Tell whoever looks after '
    'this Logbook: a backup from before the damage has to be restored.'
)


async def append(
    session: AsyncSession,
    actor: Actor,
    organization_id: UUID | None,
    drafts: Sequence[EntryDraft],
    now: datetime,
    *,
    on_behalf_of: UUID | None = None,
) -> None:
    """Write what happened into the organization's log (None: the log of the instance).

    Belongs at the end of a transaction, since it locks the head of the log until the commit. If it fails the
    transaction must be rolled back.
    """
    if not drafts:
        return
    log_id = organization_id or INSTANCE_LOG_ID
    connection = await session.connection()
    # SQLite's writer is alone, so what it remembers may stand for the lock; a server's head is locked before all else.
    known, news = remembered(session), pending(session)
    head = known.heads.get(log_id) if connection.dialect.name == 'sqlite' else None
    if head is None or news.heads:
        head = await lock_head(session, log_id)
    for _ in range(2):
        sealer = await Sealer.open(connection, head.number, log_id, (known, news), drafts)
        writing = await _entries(sealer, head, log_id, drafts, now=now, actor=actor, on_behalf_of=on_behalf_of)
        if await _store(connection, head, log_id, writing):
            break
        head = await lock_head(session, log_id)
        news.contexts.clear()  # they name values that this first attempt did not store
    else:
        raise RuntimeError('The head of the audit log changed while it was locked.')
    await store_tiles(connection, head, writing)
    news.heads[log_id] = writing.head
    await let_go(writing.rows, writing.sealed)


async def lock_head(session: AsyncSession, log_id: UUID) -> Head:
    """Lock the head of a log until the end of the transaction and return it; make the log when there is none."""
    connection = await session.connection()
    head = await read_head(connection, log_id, lock=True)
    if head is None:
        values = {'log_id': log_id, 'size': 0, 'root': EMPTY_ROOT, 'frontier': b'', 'epoch': 0}
        # Two nodes may make the first entry at once; the second waits here and then finds the log.
        await insert_unless_there(session, AuditLog, values)
        head = await read_head(connection, log_id, lock=True)
    assert head is not None
    return head


async def read_head(connection: AsyncConnection, log_id: UUID, *, lock: bool = False) -> Head | None:
    """Return the stored head of a log, or None when it has no entry yet."""
    statement = sa.select(AuditLog).where(col(AuditLog.log_id) == log_id)
    row = (await connection.execute(statement.with_for_update() if lock else statement)).first()
    return None if row is None else Head(row.number, row.size, row.root, row.frontier, row.epoch, row.last_at)


class Written:
    """What one append stores."""

    __slots__ = ('head', 'leaves', 'rows', 'sealed')

    def __init__(
        self, head: Head, rows: list[dict[str, Any]], leaves: list[bytes], sealed: list[dict[str, Any]]
    ) -> None:
        self.head, self.rows, self.leaves, self.sealed = head, rows, leaves, sealed


async def _entries(
    sealer: Sealer,
    head: Head,
    log_id: UUID,
    drafts: Sequence[EntryDraft],
    *,
    now: datetime,
    actor: Actor,
    on_behalf_of: UUID | None,
) -> Written:
    if head.last_at is not None and now < head.last_at - clock.TOLERANCE:
        warning = EntryDraft(
            CLOCK_WENT_BACK, 'AuditLog', log_id, head.epoch, {'at': (head.last_at, now)}, outcome='warning'
        )
        drafts = [warning, *drafts]
    sealer.seq = head.size
    who = actor_part(actor, *await sealer.context(actor, now), on_behalf_of)
    try:
        frontier = Frontier.from_bytes(head.size, head.frontier)
    except ValueError as error:
        raise _takes_none(head.number, error) from error
    at = instant(now)
    rows: list[dict[str, Any]] = []
    leaves: list[bytes] = []
    for seq, draft in enumerate(drafts, head.size):
        if (seq - head.size) % AT_ONCE == AT_ONCE - 1:
            await asyncio.sleep(0)  # an import writes tens of thousands of entries
        sealer.seq = seq
        personal = sealer.pairs(draft) if draft.personal else {}
        data = body(draft, log_id=log_id, seq=seq, at=at, actor=who, personal=personal, request=actor.request_id)
        leaf = leaf_hash(data)
        frontier.append(leaf)
        leaves.append(leaf)
        place = {'log': head.number, 'seq': seq, 'at': now, 'leaf': leaf, 'body': data}
        rows.append(place | index_columns(draft, actor.account_id))
    after = Head(head.number, frontier.size, frontier.root(), frontier.to_bytes(), head.epoch, now)
    return Written(after, rows, leaves, sealer.rows)


def _takes_none(number: int, reason: object) -> Unavailable:
    log.error('audit.takes_no_entry', log=number, reason=str(reason))
    return Unavailable(TAKES_NONE)


def index_columns(draft: EntryDraft, actor_id: UUID | None) -> dict[str, Any]:
    """Return the columns that repeat parts of the entry, to find it by."""
    return {
        'actor_id': actor_id,
        'action': draft.action,
        'object_type': draft.object_type or None,
        'object_id': None if draft.object_id is None else str(draft.object_id),
        'subject_id': draft.subject_id,
        'outcome': draft.outcome,
    }


_ADVANCE = (
    sa.update(AuditLog)
    .where(
        col(AuditLog.number) == sa.bindparam('known_number'),
        col(AuditLog.log_id) == sa.bindparam('known_log_id'),
        col(AuditLog.size) == sa.bindparam('known_size'),
        col(AuditLog.root) == sa.bindparam('known_root'),
        col(AuditLog.epoch) == sa.bindparam('known_epoch'),
    )
    .values({name: sa.bindparam(f'new_{name}') for name in ('size', 'root', 'frontier', 'last_at')})
)
"""Moves the head on if it is still where we saw it; this also locks it until the commit."""
_ADVANCE_HERE = Prepared(_ADVANCE)
_SEALED_HERE = Prepared(sa.insert(AuditPersonal))
_ENTRY_HERE = Prepared(sa.insert(AuditEntry))


async def _store(connection: AsyncConnection, head: Head, log_id: UUID, writing: Written) -> bool:
    """Store head, personal values and entries; False, and nothing is stored, when the head is no longer as seen."""
    after = writing.head
    step = {
        'known_number': head.number, 'known_log_id': log_id, 'known_size': head.size, 'known_root': head.root,
        'known_epoch': head.epoch, 'new_size': after.size, 'new_root': after.root, 'new_frontier': after.frontier,
        'new_last_at': after.last_at,
    }  # fmt: skip
    if connection.dialect.name != 'sqlite':
        if (await connection.execute(_ADVANCE, step)).rowcount != 1:
            return False
        if writing.sealed:
            await connection.execute(sa.insert(AuditPersonal), writing.sealed)
        await connection.execute(sa.insert(AuditEntry), writing.rows)
        return True

    def write(database: sqlite3.Connection) -> bool:
        if database.execute(_ADVANCE_HERE.text, _ADVANCE_HERE.parameters(step)).rowcount != 1:
            return False
        if writing.sealed:
            database.executemany(_SEALED_HERE.text, _SEALED_HERE.all_parameters(writing.sealed))
        database.executemany(_ENTRY_HERE.text, _ENTRY_HERE.all_parameters(writing.rows))
        return True

    return await at_once(connection, write)


async def store_tiles(connection: AsyncConnection, head: Head, writing: Written) -> None:
    """Store each tile that these entries completed, and the tiles above that those complete."""
    first, last = head.size // TILE_WIDTH, writing.head.size // TILE_WIDTH
    if first == last:
        return
    begun = head.size % TILE_WIDTH
    leaves = writing.leaves
    if begun:
        older = await connection.execute(
            sa.select(col(AuditEntry.leaf))
            .where(col(AuditEntry.log) == head.number)
            .where(col(AuditEntry.seq) >= head.size - begun, col(AuditEntry.seq) < head.size)
            .order_by(col(AuditEntry.seq))
        )
        leaves = [*(row.leaf for row in older), *leaves]
    level = 0
    while first < last:
        rows = [leaves[at : at + TILE_WIDTH] for at in range(0, (last - first) * TILE_WIDTH, TILE_WIDTH)]
        tiles = []
        for position, row in enumerate(rows, first):
            tiles.append(_tile(head.number, level, position, row))
            if len(tiles) % AT_ONCE == 0:
                await asyncio.sleep(0)
        await connection.execute(sa.insert(AuditTile), tiles)
        roots = [tile['root'] for tile in tiles]
        begun = first % TILE_WIDTH
        if begun and last // TILE_WIDTH > first // TILE_WIDTH:
            roots = [*await tile_roots(connection, head.number, level, first - begun, first), *roots]
        leaves, first, last, level = roots, first // TILE_WIDTH, last // TILE_WIDTH, level + 1


def _tile(number: int, level: int, position: int, hashes: list[bytes]) -> dict[str, Any]:
    if len(hashes) != TILE_WIDTH:
        raise _takes_none(number, 'An audit tile lacks hashes: entries are missing from the log.')
    return {
        'log': number,
        'level': level,
        'position': position,
        'root': perfect_root(hashes),
        'hashes': b''.join(hashes),
    }


async def tile_roots(connection: AsyncConnection, log: int, level: int, start: int, end: int) -> list[bytes]:
    """Return the roots of neighbouring tiles of one level."""
    rows = await connection.execute(
        sa.select(col(AuditTile.root))
        .where(col(AuditTile.log) == log, col(AuditTile.level) == level)
        .where(col(AuditTile.position) >= start, col(AuditTile.position) < end)
        .order_by(col(AuditTile.position))
    )
    return [row.root for row in rows]

"""The export of a log: one ZIP that an outsider verifies with the program inside it."""

import asyncio
import json
import os
import tempfile
import zipfile
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from data.audit import AuditAnchor, AuditCheckpoint, AuditEntry, AuditPersonal, AuditTile
from logic.audit import keys
from logic.audit.append import read_head
from logic.audit.check import BEGIN_EPOCH, restore_of
from logic.audit.domain import EXPORT
from logic.audit.entry import canonical, instant
from logic.audit.memory import Head
from logic.audit.personal import open_sealed, read_keys
from logic.audit.tree import TILE_WIDTH
from logic.audit.verify import read_closes, snapshot
from logic.core.errors import NotFound
from logic.core.service import query, service
from logic.core.work import Work
from logic.identity.sessions import require_fresh
from logic.identity.throttle import take_export

FORMAT, FORMAT_OF_PARTS = 1, 2
CHUNK = 4096
VERIFIER = Path(__file__).with_name('verifier.py')
README = """The audit log of a department, exported from Logbook.

Verify it on any computer with Python 3.11 and the package "cryptography":

    python verifier.py THIS_FILE.zip
    python verifier.py THIS_FILE.zip --key "KEY YOU WERE GIVEN" --anchor MAIL_YOU_KEPT.txt

log.json         size and root of the log when it was exported, and the first entry that is in this file: those before
                 it were closed and lie in files of their own, which their closing names
entries.jsonl    the entries, one a line, exactly the bytes that were hashed
tiles/           the hashes of the Merkle tree (RFC 9162), 256 wide, one file a level
checkpoints.txt  signed sizes and roots (C2SP signed notes, Ed25519)
key.txt          the public key; compare it with the one on the recovery sheet
anchors.jsonl    where checkpoints were put out of the reach of the computer that signed them
personal.jsonl   only if it was asked for: salts and values of the commitments in the entries, and whom they are about
"""


@query(EXPORT)
async def export_log(work: Work, *, personal: bool = False, folder: Path | None = None) -> Path:
    """Write this organization's log into a ZIP and return its path; the caller deletes the file after sending it.

    With `personal` the personal values go with it, else only the commitments to them. The export is itself recorded
    before it is made, and reads beside the writers, however long it takes. Raises SignInAgain after ten minutes.
    """
    await record_export(work.actor, personal=personal)
    connection = await snapshot(work.session)
    log_id = work.organization_id
    head = await read_head(connection, log_id)
    if head is None:
        raise NotFound('There is no audit log yet.')
    handle, name = tempfile.mkstemp(suffix='.zip', prefix='audit-', dir=folder)
    os.close(handle)
    try:
        with await asyncio.to_thread(new_archive, name) as archive:
            closes = await read_closes(connection, head.number)
            writer = Writer(connection, archive, log_id, head, closes[-1].size if closes else 0)
            await writer.write(instant(work.now), personal=personal)
    except BaseException:
        await asyncio.to_thread(os.unlink, name)
        raise
    return Path(name)


def new_archive(name: str) -> zipfile.ZipFile:
    """Begin an archive."""
    return zipfile.ZipFile(name, 'w', zipfile.ZIP_DEFLATED, compresslevel=1)


@service(EXPORT)
async def record_export(work: Work, *, personal: bool) -> None:
    """Write into the log that it is being exported."""
    require_fresh(work)
    await take_export(work)
    work.record('AuditLog', work.organization_id, action='audit.export_log', personal=personal)


class Writer:
    """Writes one log, or a part of it from entry `first` to the size of `head`, a few thousand rows at a time."""

    def __init__(
        self, connection: AsyncConnection, archive: zipfile.ZipFile, log_id: UUID, head: Head, first: int
    ) -> None:
        self._connection, self._archive, self._log_id, self._head = connection, archive, log_id, head
        self._first = first

    async def write(self, at: str, *, personal: bool, note: str = '') -> None:
        """Write everything; a part ends with the signed `note` on its size and root."""
        about = {
            'format': FORMAT_OF_PARTS if self._first else FORMAT,
            'first': self._first,
            'is_part': bool(note),
            'log': str(self._log_id),
            'size': self._head.size,
            'root': self._head.root.hex(),
            'epoch': self._head.epoch,
            'exported_at': at,
            'restores': await self._restores(),
        }
        self._archive.writestr('README.txt', README)
        self._archive.write(VERIFIER, 'verifier.py')
        self._archive.writestr('log.json', json.dumps(about, indent=1))
        self._archive.writestr('key.txt', '\n'.join(keys.trusted_keys()) + '\n')
        notes = [*await self._notes(), *([note] if note else [])]
        self._archive.writestr('checkpoints.txt', '\n'.join(notes))
        await self._stream('entries.jsonl', self._entries())
        for level in range(8):
            await self._stream(f'tiles/{level}.bin', self._tiles(level))
        self._archive.writestr('anchors.jsonl', await self._anchors())
        if personal:
            await self._stream('personal.jsonl', self._personal())

    async def _stream(self, name: str, chunks: AsyncIterator[bytes]) -> None:
        first = await anext(chunks, None)
        if first is None and name != 'entries.jsonl':
            return
        with self._archive.open(name, 'w') as file:
            await asyncio.to_thread(file.write, first or b'')
            async for chunk in chunks:
                await asyncio.to_thread(file.write, chunk)

    async def _entries(self) -> AsyncIterator[bytes]:
        for start in range(self._first, self._head.size, CHUNK):
            rows = await self._connection.execute(
                sa.select(col(AuditEntry.body))
                .where(col(AuditEntry.log) == self._head.number, col(AuditEntry.seq) >= start)
                .where(col(AuditEntry.seq) < min(start + CHUNK, self._head.size))
                .order_by(col(AuditEntry.seq))
            )
            yield b''.join(row.body + b'\n' for row in rows)

    async def _tiles(self, level: int) -> AsyncIterator[bytes]:
        complete = self._head.size // TILE_WIDTH ** (level + 1)
        for start in range(0, complete, 64):
            rows = await self._connection.execute(
                sa.select(col(AuditTile.hashes))
                .where(col(AuditTile.log) == self._head.number, col(AuditTile.level) == level)
                .where(col(AuditTile.position) >= start, col(AuditTile.position) < min(start + 64, complete))
                .order_by(col(AuditTile.position))
            )
            yield b''.join(row.hashes for row in rows)

    async def _notes(self) -> list[str]:
        rows = await self._connection.execute(
            sa.select(col(AuditCheckpoint.note))
            .where(col(AuditCheckpoint.log) == self._head.number, col(AuditCheckpoint.size) <= self._head.size)
            .order_by(col(AuditCheckpoint.size))
        )
        return [row.note for row in rows]

    async def _anchors(self) -> bytes:
        rows = await self._connection.execute(
            sa.select(AuditAnchor)
            .where(col(AuditAnchor.log) == self._head.number, col(AuditAnchor.size) <= self._head.size)
            .where(col(AuditAnchor.left_at).is_not(None))
            .order_by(col(AuditAnchor.number))
        )
        told = [
            {name: getattr(row, name) for name in ('kind', 'size', 'receiver', 'words', 'note')}
            | {'at': instant(row.at)}
            for row in rows
        ]
        return b''.join(canonical(line) + b'\n' for line in told)

    async def _restores(self) -> list[dict[str, int]]:
        rows: Iterable[Any] = await self._connection.execute(
            sa.select(col(AuditEntry.seq), col(AuditEntry.body))
            .where(col(AuditEntry.log) == self._head.number, col(AuditEntry.action) == BEGIN_EPOCH)
            .where(col(AuditEntry.seq) < self._head.size)
            .order_by(col(AuditEntry.seq))
        )
        closes = await read_closes(self._connection, self._head.number)
        found = list(closes[-1].restores) if closes else []
        found += [restore_of(row.seq, json.loads(row.body)) for row in rows]
        return [{'epoch': item.epoch, 'first': item.first, 'known_size': item.known_size} for item in found]

    async def _personal(self) -> AsyncIterator[bytes]:
        people = await read_keys(self._connection, self._head.number, self._log_id, None)
        for start in range(0, self._head.size, CHUNK):
            rows = await self._connection.execute(
                sa.select(AuditPersonal)
                .where(col(AuditPersonal.log) == self._head.number, col(AuditPersonal.seq) >= start)
                .where(col(AuditPersonal.seq) < min(start + CHUNK, self._head.size))
                .order_by(col(AuditPersonal.seq))
            )
            lines = []
            for row in rows:
                salt, value = open_sealed(people[row.subject_id], self._log_id, row.commitment, row.sealed)
                said = {
                    'commitment': row.commitment.hex(), 'salt': salt.hex(), 'value': canonical(value).decode(),
                    'seq': row.seq, 'subject': str(row.subject_id),
                    'expires_at': None if row.expires_at is None else instant(row.expires_at),
                }  # fmt: skip
                lines.append(canonical(said) + b'\n')
            yield b''.join(lines)

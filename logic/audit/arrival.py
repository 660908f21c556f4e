"""The audit log of a department that moved here: the same entries under the same roots, going on in a new epoch."""

import asyncio
import json
import os
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from data.audit import AuditAnchor, AuditCheckpoint, AuditEntry, AuditLog, AuditPersonal, AuditSubject
from logic.audit import keys
from logic.audit.append import Written, lock_head, store_tiles
from logic.audit.keeping import begin_epoch
from logic.audit.memory import Head
from logic.audit.note import BadNote, checkpoint, notes_in, read_note
from logic.audit.personal import subject_place
from logic.audit.tree import HASH_SIZE, TILE_WIDTH, Frontier, leaf_hash
from logic.core.errors import Invalid
from logic.core.secrets.keys import installed, write_beside
from logic.core.work import Work

FOLDER = 'audit/'
BATCH = 2000
REASON = 'The department moved here from another Logbook.'


async def import_log(work: Work, archive: zipfile.ZipFile) -> int:
    """Store the log of an export as it was, and begin a new epoch in it; returns the number of its entries.

    The public keys of the other Logbook are trusted from now on. Raises Invalid when the entries have not the root
    that the export names, or a checkpoint is not signed by the keys that came with it.
    """
    about = json.loads(archive.read(f'{FOLDER}log.json'))
    connection, log_id = await work.session.connection(), UUID(about['log'])
    if log_id != work.organization_id:
        raise Invalid('The audit log in this archive is that of another department.')
    head = await lock_head(work.session, log_id)
    if head.size:
        raise Invalid('There is an audit log of this department already.')
    if about.get('first'):
        head = await _closed_part(connection, archive, head, int(about['first']))
    head = await _entries(connection, archive, head, log_id, int(about['epoch']))
    if (head.size, head.root.hex()) != (about['size'], about['root']):
        raise Invalid('The audit log in this archive is not the one that was exported: its root is another one.')
    theirs = [line for line in archive.read(f'{FOLDER}key.txt').decode().split('\n') if line]
    await _checkpoints(connection, archive, head.number, [*keys.trusted_keys(), *theirs])
    await _anchors(connection, archive, head.number)
    await _personal(connection, archive, head.number, log_id)
    changes = {name: getattr(head, name) for name in ('size', 'root', 'frontier', 'epoch', 'last_at')}
    await connection.execute(sa.update(AuditLog).where(col(AuditLog.number) == head.number).values(changes))
    known = checkpoint(log_id, head.size, head.root, head.epoch, work.now)
    await begin_epoch(work, log_id, REASON, known)
    _trust(theirs)  # last: what was refused is never believed
    return head.size


async def _closed_part(connection: AsyncConnection, archive: zipfile.ZipFile, head: Head, size: int) -> Head:
    """Store the hashes of entries that were closed; the files in which these lie come with all other files."""
    hashes = await asyncio.to_thread(archive.read, f'{FOLDER}tiles/0.bin')
    leaves = [hashes[at : at + HASH_SIZE] for at in range(0, size * HASH_SIZE, HASH_SIZE)]
    if size % TILE_WIDTH or len(leaves[-1]) != HASH_SIZE:
        raise Invalid('The audit log in this archive lacks hashes of its closed part.')
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    after = replace(head, size=size, root=frontier.root(), frontier=frontier.to_bytes())
    await store_tiles(connection, head, Written(after, [], leaves, []))
    return after


async def _entries(connection: AsyncConnection, archive: zipfile.ZipFile, head: Head, log_id: UUID, epoch: int) -> Head:
    for bodies in _lines(archive, 'entries.jsonl'):
        frontier = Frontier.from_bytes(head.size, head.frontier)
        rows, leaves = [], []
        for seq, body in enumerate(bodies, head.size):
            leaf = leaf_hash(body)
            frontier.append(leaf)
            leaves.append(leaf)
            rows.append(_row(head.number, seq, leaf, body, log_id))
        await connection.execute(sa.insert(AuditEntry), rows)
        after = replace(
            head, size=frontier.size, root=frontier.root(), frontier=frontier.to_bytes(), epoch=epoch,
            last_at=rows[-1]['at'],
        )  # fmt: skip
        await store_tiles(connection, head, Written(after, rows, leaves, []))
        head = after
        await asyncio.sleep(0)
    return head


def _row(log: int, seq: int, leaf: bytes, body: bytes, log_id: UUID) -> dict[str, Any]:
    try:
        said = json.loads(body)
        if (said['log'], said['seq']) != (str(log_id), seq):
            raise ValueError('It belongs elsewhere.')
        actor_id, subject_id = said['actor']['id'], said['subject']
        return {
            'log': log, 'seq': seq, 'leaf': leaf, 'body': body, 'at': datetime.fromisoformat(said['at']),
            'actor_id': None if actor_id is None else UUID(actor_id), 'action': said['action'],
            'object_type': said['object']['type'], 'object_id': said['object']['id'],
            'subject_id': None if subject_id is None else UUID(subject_id), 'outcome': said['outcome'],
        }  # fmt: skip
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid(f'Entry {seq} of the audit log in this archive is damaged.') from error


def _lines(archive: zipfile.ZipFile, name: str) -> Iterator[list[bytes]]:
    """Yield the lines of a file, some thousands at a time; none when it is not there."""
    if FOLDER + name not in archive.namelist():
        return
    with archive.open(FOLDER + name) as file:
        while lines := [line.removesuffix(b'\n') for _, line in zip(range(BATCH), file, strict=False)]:
            yield lines


def _trust(lines: list[str]) -> None:
    """Believe what these public keys signed, from now on."""
    path, known = installed().folder / keys.OLD_KEYS, keys.trusted_keys()
    for line in lines:
        keys.parse_verifier_key(line)
    new = [line for line in lines if line not in known]
    write_beside(path, '\n'.join([*known[1:], *new]) + '\n')


async def _checkpoints(connection: AsyncConnection, archive: zipfile.ZipFile, log: int, trusted: list[str]) -> None:
    rows = []
    for note in notes_in(archive.read(f'{FOLDER}checkpoints.txt').decode()):
        try:
            point = read_note(note, trusted)
        except BadNote as error:
            raise Invalid(f'A checkpoint of the audit log in this archive is not good. {error}') from error
        at = datetime.fromisoformat(point.at)
        rows.append({'log': log, 'size': point.size, 'epoch': point.epoch, 'at': at, 'note': note})
    if rows:
        await connection.execute(sa.insert(AuditCheckpoint), rows)


async def _anchors(connection: AsyncConnection, archive: zipfile.ZipFile, log: int) -> None:
    for lines in _lines(archive, 'anchors.jsonl'):
        rows = [json.loads(line) for line in lines]
        rows = [
            row | {'log': log, 'at': at, 'left_at': at} for row in rows for at in [datetime.fromisoformat(row['at'])]
        ]
        await connection.execute(sa.insert(AuditAnchor), rows)


async def _personal(connection: AsyncConnection, archive: zipfile.ZipFile, log: int, log_id: UUID) -> None:
    """Seal the personal values anew, each person's under a new key of his."""
    people: dict[UUID, bytes] = {}
    for lines in _lines(archive, 'personal.jsonl'):
        rows = []
        for said in map(json.loads, lines):
            subject_id, committed = UUID(said['subject']), bytes.fromhex(said['commitment'])
            key = people.get(subject_id)
            if key is None:
                key = people[subject_id] = os.urandom(32)
                wrapped = keys.wrap(key, subject_place(log_id, subject_id))
                subject = {'log': log, 'subject_id': subject_id, 'sealed_key': wrapped}
                await connection.execute(sa.insert(AuditSubject), [subject])
            data = bytes.fromhex(said['salt']) + said['value'].encode()
            expires = said['expires_at']
            rows.append({
                'commitment': committed, 'log': log, 'seq': said['seq'], 'subject_id': subject_id,
                'expires_at': None if expires is None else datetime.fromisoformat(expires),
                'sealed': keys.seal(key, data, log_id.bytes + committed),
            })  # fmt: skip
        await connection.execute(sa.insert(AuditPersonal), rows)

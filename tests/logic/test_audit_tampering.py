"""Whoever writes to the database past Logbook is found, and the first entry that he touched is named."""

import random
import string
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError

from data.database import Database, database
from logic.audit.entry import INSTANCE_LOG_ID
from tests.logic.audited import OTHER, SUBJECT, changed, grow, log_number, raw, verdict, write

SIZE = 300
# table, column, whether the fault names exactly the entry that was touched
FIELDS = [
    ('audit_entry', 'body', True),
    ('audit_entry', 'leaf', True),
    ('audit_entry', 'seq', True),
    ('audit_entry', 'at', True),
    ('audit_entry', 'actor_id', True),
    ('audit_entry', 'action', True),
    ('audit_entry', 'object_id', True),
    ('audit_entry', 'outcome', True),
    ('audit_tile', 'hashes', True),
    ('audit_tile', 'root', False),
    ('audit_log', 'size', False),
    ('audit_log', 'root', False),
    ('audit_log', 'frontier', False),
    ('audit_log', 'last_at', False),
    ('audit_log', 'epoch', False),
    ('audit_checkpoint', 'note', False),
    ('audit_checkpoint', 'size', False),
    ('audit_personal', 'sealed', True),
    ('audit_personal', 'commitment', False),
    ('audit_subject', 'sealed_key', False),
]


def flipped(value: Any, chance: random.Random) -> Any:
    """Return a value with one byte changed."""
    match value:
        case bytes():
            at = chance.randrange(len(value))
            return value[:at] + bytes([value[at] ^ chance.randrange(1, 256)]) + value[at + 1 :]
        case int():
            return value ^ (1 << chance.randrange(9, 30))
        case _:
            text = str(value)
            at = chance.choice([at for at, letter in enumerate(text) if letter.isalnum()])
            other = chance.choice([letter for letter in '0123456789' if letter != text[at]])
            return text[:at] + other + text[at + 1 :]


async def places(number: int) -> dict[str, list[tuple[str, int | None]]]:
    """Every row of the log: where it stands, and the entry that it concerns."""
    entries = await raw('SELECT seq FROM audit_entry WHERE log = :log', log=number)
    personal = await raw('SELECT seq, commitment FROM audit_personal WHERE log = :log', log=number)
    points = await raw('SELECT size FROM audit_checkpoint WHERE log = :log', log=number)
    return {
        'audit_entry': [(f'log = {number} AND seq = {row.seq}', row.seq) for row in entries],
        'audit_tile': [(f'log = {number} AND level = 0 AND position = 0', 0)],
        'audit_log': [(f'number = {number}', None)],
        'audit_checkpoint': [(f'log = {number} AND size = {row.size}', None) for row in points],
        'audit_personal': [
            (f"log = {number} AND seq = {row.seq} AND hex(commitment) = '{row.commitment.hex().upper()}'", row.seq)
            for row in personal
            if row.seq
        ],
        'audit_subject': [(f"log = {number} AND subject_id = '{SUBJECT.hex}'", None)],
    }


async def mutate(rounds: int, seed: int) -> None:
    await grow(100, 100, 70, 30)
    number = await log_number()
    rows, chance = await places(number), random.Random(seed)  # noqa: S311  repeatable on purpose
    for turn in range(rounds):
        table, column, exact = FIELDS[turn % len(FIELDS)]
        where, seq = chance.choice(rows[table])
        stored = (await raw(f'SELECT {column} AS old FROM {table} WHERE {where}'))[0].old
        if stored is None:
            continue
        new = flipped(stored, chance)
        if table == 'audit_personal' and column == 'commitment':
            await raw(f'UPDATE {table} SET {column} = :new WHERE {where}', new=new)
            found = await verdict()
            await raw('UPDATE audit_personal SET commitment = :old WHERE commitment = :new', old=stored, new=new)
        else:
            if column == 'hashes':
                seq = next(at for at in range(len(new)) if new[at] != stored[at]) // 32
            try:
                async with changed(table, column, where, new):
                    found = await verdict()
            except DBAPIError:
                assert not database().is_sqlite  # MariaDB stores no 72nd minute
                continue
        assert not found.is_intact, (table, column, where, stored, new)
        if exact:
            assert found.first_bad == seq, (table, column, where, found.lines())
    assert (await verdict()).is_intact


async def test_any_changed_byte_is_found_and_the_first_bad_entry_named(database: Database) -> None:
    await mutate(12 * len(FIELDS), seed=1)


@pytest.mark.slow
async def test_ten_thousand_changed_bytes_are_found(database: Database) -> None:
    await mutate(10_000, seed=2)


@pytest.mark.parametrize('count', [1, 2, 45, 199, 200])
async def test_a_missing_tail_is_found_by_any_checkpoint_and_any_anchor(database: Database, count: int) -> None:
    anchors = await grow(100, 100, 50)
    await write(7)
    number = await log_number()
    intact = await verdict(anchors[0])
    assert intact.is_intact
    assert (intact.size, intact.unanchored) == (257, 157)

    # The thief also sets the head back and removes whatever in the database speaks of more.
    size = 257 - count
    kept = [
        row.leaf for row in await raw(f'SELECT leaf FROM audit_entry WHERE log={number} AND seq<{size} ORDER BY seq')
    ]
    await set_back(number, kept)
    by_checkpoint = await verdict()
    assert by_checkpoint.is_intact is (size >= 250)
    for table in ('audit_checkpoint', 'audit_entry', 'audit_personal', 'audit_subject'):
        await raw(f'DELETE FROM {table} WHERE log <> {number} OR {table == "audit_checkpoint"}')
    await raw(f'DELETE FROM audit_log WHERE number <> {number}')
    for anchor, anchored in zip(anchors, (100, 200, 250), strict=True):
        by_anchor = await verdict(anchor)
        if anchored > size:
            assert by_anchor.first_bad == size
            assert f'the last {anchored - size} are missing' in str(by_anchor.faults[0])
        assert by_anchor.size == size


async def set_back(number: int, leaves: list[bytes]) -> None:
    """Make the log as if it had never had more than these entries: all that can be done without the key."""
    from logic.audit.tree import Frontier

    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    size = frontier.size
    await raw(f'DELETE FROM audit_entry WHERE log = {number} AND seq >= {size}')
    await raw(f'DELETE FROM audit_personal WHERE log = {number} AND seq >= {size}')
    await raw(f'DELETE FROM audit_tile WHERE log = {number} AND position >= {size // 256}')
    [row] = await raw(f'SELECT at FROM audit_entry WHERE log = {number} AND seq = {size - 1}')
    await raw(
        f'UPDATE audit_log SET size={size}, root=:root, frontier=:frontier, last_at=:at WHERE number={number}',
        root=frontier.root(),
        frontier=frontier.to_bytes(),
        at=row.at,
    )


async def test_what_no_anchor_covers_is_told_as_a_number(database: Database) -> None:
    anchors = await grow(20, 30)
    await write(5)
    assert (await verdict()).unanchored == 55
    assert (await verdict(anchors[0])).unanchored == 35
    assert (await verdict(*anchors)).unanchored == 5


@pytest.mark.parametrize('seq', [0, 7, 19])
async def test_an_entry_whose_text_is_gone_is_found_though_its_hash_is_there(database: Database, seq: int) -> None:
    await grow(20)
    await raw('UPDATE audit_entry SET body = NULL WHERE log = :log AND seq = :seq', log=await log_number(), seq=seq)
    found = await verdict()
    assert [str(fault) for fault in found.faults] == [f'Entry {seq}: its text is missing.']


async def test_swapped_entries_are_found(database: Database) -> None:
    await grow(40)
    log = await log_number()
    await raw(f'UPDATE audit_entry SET seq = 1000 WHERE log = {log} AND seq = 11')
    await raw(f'UPDATE audit_entry SET seq = 11 WHERE log = {log} AND seq = 23')
    await raw(f'UPDATE audit_entry SET seq = 23 WHERE log = {log} AND seq = 1000')
    found = await verdict()
    assert found.first_bad == 11
    assert 'it was written as entry 23' in str(found.faults[0])


async def test_a_removed_entry_is_found_even_when_the_others_are_renumbered(database: Database) -> None:
    await grow(40)
    log = await log_number()
    await raw(f'DELETE FROM audit_entry WHERE log = {log} AND seq = 17')
    assert (await verdict()).first_bad == 17
    for seq in range(18, 40):
        await raw(f'UPDATE audit_entry SET seq = {seq - 1} WHERE log = {log} AND seq = {seq}')
    assert (await verdict()).first_bad == 17


async def test_an_inserted_and_a_doubled_entry_are_found(database: Database) -> None:
    await grow(40)
    log = await log_number()
    columns = 'at, actor_id, action, object_type, object_id, subject_id, outcome, leaf, body'
    await raw(
        f'INSERT INTO audit_entry (log, seq, {columns}) SELECT log, 40, {columns} FROM audit_entry '
        f'WHERE log = {log} AND seq = 12'
    )
    found = await verdict()
    assert found.first_bad == 40
    await raw(f'UPDATE audit_entry SET seq = -1 WHERE log = {log} AND seq = 40')
    assert (await verdict()).first_bad == 0


async def test_an_entry_moved_between_organizations_is_found_in_both(database: Database) -> None:
    await grow(30)
    await grow(30, organization_id=OTHER)
    mine, theirs = await log_number(), await log_number(OTHER)
    await raw(f'DELETE FROM audit_entry WHERE log = {mine} AND seq = 9')
    await raw(f'UPDATE audit_entry SET log = {mine} WHERE log = {theirs} AND seq = 9')
    found = await verdict()
    assert found.first_bad == 9
    assert 'another log' in str(found.faults[0])
    assert (await verdict(organization_id=OTHER)).first_bad == 9


async def test_a_whole_log_that_is_gone_is_missed(database: Database) -> None:
    anchors = await grow(30)
    log = await log_number()
    for table in ('audit_entry', 'audit_checkpoint', 'audit_personal', 'audit_subject', 'audit_tile'):
        await raw(f'DELETE FROM {table} WHERE log = {log}')
    await raw(f'DELETE FROM audit_log WHERE number = {log}')
    assert not (await verdict()).is_intact
    assert not (await verdict(*anchors)).is_intact


@pytest.mark.parametrize('log_id', [INSTANCE_LOG_ID, UUID(int=5)])
async def test_an_anchor_that_nobody_signed_counts_for_nothing(database: Database, log_id: UUID) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from logic.audit.note import Checkpoint, sign

    await grow(10)
    forged = sign(Checkpoint(log_id, 5, bytes(32), 0, '2026-11-20T12:00:00.000000Z'), Ed25519PrivateKey.generate())
    found = await verdict(forged, organization_id=INSTANCE_LOG_ID)
    assert 'does not count' in str(found.faults[0])
    assert 'holds no checkpoint' in str((await verdict('hello', organization_id=INSTANCE_LOG_ID)).faults[0])


def test_a_letter_of_a_signature_that_reads_the_same_is_found_too() -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from logic.audit import verifier
    from logic.audit.keys import verifier_key
    from logic.audit.note import BadNote, Checkpoint, read_note, sign

    key = Ed25519PrivateKey.generate()
    trusted = verifier_key(key.public_key())
    note = sign(Checkpoint(UUID(int=5), 5, bytes(32), 0, '2026-11-20T12:00:00.000000Z'), key)
    letters = string.ascii_uppercase + string.ascii_lowercase + string.digits + '+/'
    last = note[-3]
    other = note[:-3] + letters[letters.index(last) ^ 1] + note[-2:]
    assert read_note(note, [trusted]).size == 5
    assert verifier.read_notes(note, [verifier.read_key(trusted)], 'note')
    with pytest.raises(BadNote):
        read_note(other, [trusted])
    with pytest.raises(verifier.Bad):
        verifier.read_notes(other, [verifier.read_key(trusted)], 'note')

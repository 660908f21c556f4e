"""Checkpoints, rebuilt logs, restores, clocks and erasure: the log says what happened to itself."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from data.core import now
from data.database import Database
from logic.audit import (
    INSTANCE_LOG_ID,
    begin_epoch,
    erase_subject,
    expire_values,
    keeping,
    keys,
    memory,
    notice_restores,
    rewrap_subject_keys,
    verify,
)
from logic.audit import write_checkpoints as checkpoints
from logic.audit.note import BadNote, checkpoint, notes_in, read_note, sign
from logic.core.actor import Actor
from logic.core.secrets.keys import begin_kek_rotation, finish_kek_rotation, install, installed
from logic.core.work import Work
from tests.conftest import run_as_service
from tests.logic.audited import NOON, ORGANIZATION, SUBJECT, grow, log_number, raw, verdict, write

SYSTEM = Actor.system(ORGANIZATION)


async def test_checkpoints_are_signed_notes_that_only_the_key_makes(database: Database) -> None:
    [first, second] = await grow(10, 5)
    trusted = [keys.public_key()]
    assert read_note(first, trusted).size == 10
    assert read_note(second, trusted).size == 15
    with pytest.raises(BadNote, match='signature'):
        read_note(second.replace('\n15\n', '\n16\n'), trusted)
    with pytest.raises(BadNote, match='signature'):
        read_note(second, [keys.verifier_key(Ed25519PrivateKey.generate().public_key())])
    with pytest.raises(BadNote, match='form'):
        read_note(second + 'x', trusted)


def test_a_note_is_found_in_a_mail_that_was_quoted_and_rewrapped_by_nobody(secrets: Path) -> None:
    key = Ed25519PrivateKey.generate()
    note = sign(checkpoint(ORGANIZATION, 7, bytes(32), 0, NOON), key)
    mail = 'Dear chief,\r\n\r\n' + '\r\n'.join(f'> {line}' for line in note.splitlines()) + '\r\nBye'
    assert notes_in(mail) == [note]
    assert notes_in('Anchor: ' + ' '.join(note.split()).replace('—', '--')) == [note]


def test_eight_words_stand_for_a_checkpoint_and_for_no_other() -> None:
    one = checkpoint(ORGANIZATION, 7, bytes(32), 0, NOON)
    other = checkpoint(ORGANIZATION, 8, bytes(32), 0, NOON)
    assert len(one.words.split()) == 8
    assert one.words == checkpoint(ORGANIZATION, 7, bytes(32), 0, NOON).words != other.words
    assert all(len(word) == 5 for word in one.words.split())


async def test_the_log_of_the_instance_names_every_other_head(database: Database) -> None:
    await grow(10)
    await grow(3, organization_id=UUID(int=9))
    found = await verdict(organization_id=INSTANCE_LOG_ID)
    assert found.is_intact
    assert found.size == 2
    assert await checkpoints(Actor.system()) == []  # naming heads is no reason to name them again


async def test_checkpoints_come_after_a_hundred_entries_and_at_the_end(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, 'POLL_SECONDS', 0.01)
    stop = asyncio.Event()
    task = asyncio.create_task(keeping.keep_checkpoints(stop))
    await write(99)
    await asyncio.sleep(0.1)
    assert not await raw('SELECT 1 FROM audit_checkpoint')
    await write(1)
    async with asyncio.timeout(60):
        while not await raw('SELECT 1 FROM audit_checkpoint WHERE size = 100'):  # noqa: ASYNC110  nobody tells
            await asyncio.sleep(0.01)
    await write(4)
    stop.set()
    await task
    assert await raw('SELECT 1 FROM audit_checkpoint WHERE size = 104')


async def test_what_was_written_while_the_last_look_was_taken_is_signed_before_the_end(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, 'POLL_SECONDS', 0.01)
    stop, look = asyncio.Event(), keeping._grown

    async def look_too_early_at_first(connection: Any) -> Any:
        if stop.is_set():
            return await look(connection)
        stop.set()
        return []

    monkeypatch.setattr(keeping, '_grown', look_too_early_at_first)
    await write(4)
    await keeping.keep_checkpoints(stop)
    assert await raw('SELECT 1 FROM audit_checkpoint WHERE size = 4')


async def test_a_log_rebuilt_without_the_key_has_no_signature(database: Database, secrets: Path) -> None:
    await grow(20)
    ours = keys.public_key()
    anchors = await rebuild(25)
    await replace_key(secrets)
    await checkpoints(Actor.system())
    assert (await verdict()).is_intact  # by itself it is a good log of somebody else's
    assert 'does not count' in str((await verdict(*anchors, organization_id=INSTANCE_LOG_ID)).faults[0])
    async with database.read(None) as session:
        found = await verify.verify_logs(await session.connection(), anchors, trusted=[ours])
    assert [log.is_intact for log in found] == [False, False]


async def test_checkpoints_of_another_key_do_not_count(database: Database, secrets: Path) -> None:
    anchors = await grow(20)
    await replace_key(secrets)
    found = await verdict()
    assert 'not one of the keys that are trusted' in str(found.faults[0])
    (secrets / 'secrets' / keys.OLD_KEYS).write_text('')
    assert not (await verdict(*anchors)).is_intact


async def test_a_log_rebuilt_with_the_key_does_not_fit_an_anchor(database: Database) -> None:
    anchors = await grow(20)
    await rebuild(25)
    await checkpoints(Actor.system())
    assert (await verdict()).is_intact
    found = await verdict(*anchors)
    assert found.first_bad == 0
    assert 'another root' in str(found.faults[0])


async def rebuild(count: int) -> list[str]:
    """Wipe everything and write another history."""
    notes = [row.note for row in await raw('SELECT note FROM audit_checkpoint')]
    for table in ('audit_entry', 'audit_checkpoint', 'audit_personal', 'audit_subject', 'audit_tile', 'audit_log'):
        await raw(f'DELETE FROM {table}')
    memory.forget_all()  # it is another program that writes
    await write(count)
    return notes


async def replace_key(secrets: Path) -> None:
    """Put another signing key into the place of ours, some time later."""
    path = secrets / 'secrets' / 'audit.key'
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(pem)
    await asyncio.sleep(0.01)


async def test_an_earlier_key_named_beside_the_new_one_still_counts(database: Database, secrets: Path) -> None:
    anchors = await grow(20)
    old = keys.public_key()
    await replace_key(secrets)
    (secrets / 'secrets' / keys.OLD_KEYS).write_text(old + '\n')
    await write(3)
    await checkpoints(Actor.system())
    assert (await verdict(*anchors)).is_intact


async def test_a_restore_begins_an_epoch_that_admits_what_is_lost(database: Database) -> None:
    anchors = await grow(40, 30)
    await lose(30)
    assert not (await verdict()).is_intact or not (await verdict(anchors[1])).is_intact
    assert set(await notice_restores(Actor.system())) == {ORGANIZATION, INSTANCE_LOG_ID}
    assert await notice_restores(Actor.system()) == []
    await write(5)
    await checkpoints(Actor.system())
    found = await verdict(*anchors)
    assert found.is_intact, found.lines()
    assert found.gaps == ['Epoch 1 began with a restore: entries 40 to 69 were lost.']
    assert found.epoch == 1
    assert (await verdict(organization_id=INSTANCE_LOG_ID)).is_intact


async def test_a_restore_that_admits_too_little_is_found(database: Database) -> None:
    anchors = await grow(40, 20, 10)
    point = read_note(anchors[1], [keys.public_key()])
    await lose(30)
    await begin_epoch(Actor.system(), ORGANIZATION, 'A smaller loss than there was.', point)
    found = await verdict(anchors[2])
    assert 'admits fewer' in str(found.faults[0])
    assert found.first_bad == 40


async def lose(count: int) -> None:
    """Put the database back to what it was before the last entries, as a restored backup does."""
    from tests.logic.test_audit_tampering import set_back

    for log_id in (ORGANIZATION, INSTANCE_LOG_ID):
        number = await log_number(log_id)
        rows = await raw(f'SELECT leaf FROM audit_entry WHERE log = {number} ORDER BY seq')
        less = count if log_id == ORGANIZATION else 1
        await set_back(number, [row.leaf for row in rows][: len(rows) - less])
        await raw(f'DELETE FROM audit_checkpoint WHERE log = {number} AND size > {len(rows) - less}')


async def test_a_clock_set_back_is_noted_and_the_log_goes_on(database: Database) -> None:
    await write(3, at=NOON)
    await write(2, at=NOON - timedelta(hours=1))
    await write(1, at=NOON - timedelta(hours=1) + timedelta(seconds=5))
    found = await verdict()
    assert found.is_intact
    assert (found.size, [act for _seq, act in found.warnings]) == (7, ['audit.clock_went_back'])
    assert found.lines()[-1] == '1 warning: saw the clock go back (entry 3).'
    [row] = await raw("SELECT seq FROM audit_entry WHERE action = 'audit.clock_went_back'")
    assert row.seq == 3


async def test_erased_values_are_gone_and_the_log_still_verifies(database: Database) -> None:
    anchors = await grow(50)
    assert await erase_subject(SYSTEM, SUBJECT, order='Letter of 20 November') == 10
    await checkpoints(Actor.system())
    found = await verdict(*anchors)
    assert found.is_intact
    assert (found.erased, found.orders) == (10, ['10 by order Letter of 20 November'])
    assert not await raw(f"SELECT 1 FROM audit_personal WHERE subject_id = '{SUBJECT.hex}'")
    assert not await raw(f"SELECT 1 FROM audit_subject WHERE subject_id = '{SUBJECT.hex}'")
    await write(5)  # he may come back, under a new key
    assert (await verdict()).is_intact


async def test_values_that_vanish_without_an_order_are_a_fault(database: Database) -> None:
    await grow(50)
    await raw(f"DELETE FROM audit_personal WHERE subject_id = '{SUBJECT.hex}' AND seq > 20")
    found = await verdict()
    assert '5 personal values are missing without an order' in str(found.faults[0])


async def test_an_erased_value_is_nowhere_in_the_files_of_the_database(database: Database, secrets: Path) -> None:
    if not database.is_sqlite:
        pytest.skip('There is no file to look into.')
    await grow(50)
    sealed = [
        bytes(row.sealed) for row in await raw(f"SELECT sealed FROM audit_personal WHERE subject_id='{SUBJECT.hex}'")
    ]
    [key] = await raw(f"SELECT sealed_key FROM audit_subject WHERE subject_id = '{SUBJECT.hex}'")
    await erase_subject(SYSTEM, SUBJECT, order='Letter')
    await database.writer.dispose()
    await database.reader.dispose()
    content = files(secrets)
    assert b'@example.org' not in content
    assert bytes(key.sealed_key) not in content
    assert not [item for item in sealed if item in content]


async def test_personal_values_outlive_a_new_master_key(database: Database) -> None:
    await grow(20)
    following = begin_kek_rotation(installed())
    install(following)
    rewrap = run_as_service(_rewrap)
    assert await rewrap(SYSTEM) == 2  # Kim, who acted, and the person whom it is about
    assert await rewrap(SYSTEM) == 0
    install(finish_kek_rotation(following))
    memory.forget_all()
    found = await verdict()
    assert found.is_intact
    assert found.erased == 0


async def _rewrap(work: Work) -> int:
    return await rewrap_subject_keys(work.session)


def files(folder: Path) -> bytes:
    """All that the database has on disk."""
    return b''.join(path.read_bytes() for path in folder.glob('logbook.db*'))


async def test_addresses_and_browsers_live_for_ninety_days(database: Database) -> None:
    await write(3, at=now())
    run = run_as_service(expire_values.function)
    [stored] = await raw('SELECT expires_at FROM audit_personal WHERE expires_at IS NOT NULL')
    assert str(stored.expires_at)[:10] == str((now() + timedelta(days=90)).date())
    assert await run(SYSTEM) == 0
    await raw("UPDATE audit_personal SET expires_at = '2020-01-01 00:00:00.000000' WHERE expires_at IS NOT NULL")
    assert await run(SYSTEM) == 1
    found = await verdict()
    assert found.is_intact
    assert found.erased == 1

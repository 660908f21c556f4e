"""The export and the proof of one entry, verified by the one-file program as an outsider runs it."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from data.database import Database
from logic.audit import export_log, get_entry, keys, notice_restores, write_checkpoints
from logic.audit.export import VERIFIER
from logic.core.actor import Actor
from tests.logic.audited import ORGANIZATION, SUBJECT, grow, write
from tests.logic.test_audit_keeping import SYSTEM, lose


def run(*arguments: str | Path) -> tuple[int, str]:
    """Run the verifier in a process of its own, in which nothing of Logbook can be imported."""
    done = subprocess.run(
        [sys.executable, '-I', VERIFIER, *arguments], capture_output=True, text=True, timeout=60, check=False, cwd='/'
    )
    assert not done.stderr
    return done.returncode, done.stdout


def changed(path: Path, name: str, old: bytes, new: bytes) -> Path:
    """Return a copy of an export in which one file was changed."""
    copy = path.with_name(f'changed-{path.name}')
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, 'w') as target:
        for member in source.namelist():
            content = source.read(member)
            if member == name:
                assert old in content
                content = content.replace(old, new, 1)
            target.writestr(member, content)
    return copy


@pytest.fixture
async def exported(database: Database, tmp_path: Path) -> Path:
    await grow(100, 180)
    return await export_log(SYSTEM, folder=tmp_path)


async def test_an_export_verifies_by_itself(exported: Path) -> None:
    code, said = run(exported)
    assert code == 0
    assert f'Log {ORGANIZATION}: 281 entries, intact.' in said  # the export itself is the last
    assert '2 checkpoints hold; 1 entries at the end are not signed.' in said
    with zipfile.ZipFile(exported) as archive:
        assert archive.read('verifier.py') == VERIFIER.read_bytes()
        assert len(archive.read('tiles/0.bin')) == 8192
        assert 'personal.jsonl' not in archive.namelist()
        assert b'@example.org' not in archive.read('entries.jsonl')


async def test_the_verifier_knows_the_key_and_the_anchors_that_it_is_given(
    database: Database, tmp_path: Path, exported: Path
) -> None:
    anchors = await grow(30)
    mail = tmp_path / 'mail.txt'
    mail.write_text('Dear officer,\n\n' + '\n'.join(anchors[:2]))
    newer = await export_log(SYSTEM, folder=tmp_path)
    code, said = run(newer, '--anchor', mail, '--key', keys.public_key())
    assert code == 0
    # 30 entries, the second export, the note that the clock went back after the first; and that first export
    assert '33 entries are not covered by an anchor that you gave.' in said
    assert 'Signed by the key that you gave.' in said
    mail.write_text(anchors[2])
    code, said = run(exported, '--anchor', mail)
    assert (code, 'Entry 281' in said) == (1, True)
    code, said = run(exported, '--key', keys.public_key()[:-10] + 'AAAAAAAAA=')
    assert code == 1


@pytest.mark.parametrize(
    ('name', 'old', 'new', 'place'),
    [
        ('entries.jsonl', b'"revision":77,', b'"revision":78,', 'Entry 77'),
        ('entries.jsonl', b'"seq":200,', b'"seq":201,', 'Entry 200'),
        ('entries.jsonl', b'inventory', b'inventorY', 'Entry 0'),
        ('checkpoints.txt', b'\n100\n', b'\n101\n', 'not signed'),
        ('log.json', b'"size": 281', b'"size": 280', 'size and root'),
        ('tiles/0.bin', b'\x01', b'\x02', 'Entry'),
    ],
)
async def test_the_verifier_finds_what_was_changed(
    exported: Path, name: str, old: bytes, new: bytes, place: str
) -> None:
    code, said = run(changed(exported, name, old, new))
    assert code == 1
    assert place in said


async def test_the_verifier_misses_an_entry_and_tiles(exported: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(exported) as archive:
        lines = archive.read('entries.jsonl').splitlines(keepends=True)
        tiles = archive.read('tiles/0.bin')
    code, said = run(changed(exported, 'entries.jsonl', lines[40], b''))
    assert (code, 'Entry 40' in said) == (1, True)
    code, said = run(changed(exported, 'tiles/0.bin', tiles, b''))
    assert (code, 'missing' in said) == (1, True)
    code, said = run(tmp_path / 'nothing.zip')
    assert code == 2


async def test_personal_values_go_along_only_when_asked_and_are_checked(database: Database, tmp_path: Path) -> None:
    await grow(10)
    path = await export_log(SYSTEM, personal=True, folder=tmp_path)
    code, said = run(path)
    assert code == 0
    assert '4 personal values came with it' in said  # two e-mails, a name, a device
    code, said = run(changed(path, 'personal.jsonl', b'person5@', b'person6@'))
    assert code == 1
    assert 'person6@' in said


async def test_a_restore_that_was_admitted_verifies_and_is_told(database: Database, tmp_path: Path) -> None:
    anchors = await grow(40, 30)
    await lose(30)
    await notice_restores(Actor.system())
    await write_checkpoints(Actor.system())
    mail = tmp_path / 'mail.txt'
    mail.write_text('\n'.join(anchors))
    code, said = run(await export_log(SYSTEM, folder=tmp_path), '--anchor', mail)
    assert code == 0, said
    assert 'Entries 40 to 69 were lost in a restore' in said


async def test_the_proof_of_one_entry_stands_alone(database: Database, tmp_path: Path) -> None:
    await grow(300)
    await write(3)
    found = await get_entry(SYSTEM, 77)
    assert found.proof.holds
    assert found.proof.size == 300
    path = tmp_path / 'proof.json'
    path.write_text(found.document)
    code, said = run(path)
    assert (code, 'Entry 77 stands in log' in said) == (0, True)
    for name, value in (('index', 78), ('root', '00' * 32), ('entry', found.body.replace('issued', 'stolen'))):
        path.write_text(json.dumps(json.loads(found.document) | {name: value}))
        assert run(path)[0] == 1
    unsigned = await get_entry(SYSTEM, 301)
    assert unsigned.proof.holds
    path.write_text(unsigned.document)
    assert 'nobody signed' in run(path)[1]


async def test_a_person_is_shown_in_an_entry_until_he_is_erased(database: Database) -> None:
    from logic.audit import erase_subject
    from logic.audit.records import ERASED_VALUE

    await grow(6)
    before = (await get_entry(SYSTEM, 5)).entry
    assert before.actor_name == 'Kim Lee'
    assert before.address == '192.0.2.7'
    assert [(change.name, change.new) for change in before.changes if change.is_personal] == [
        ('email', 'person5@example.org')
    ]
    await erase_subject(SYSTEM, SUBJECT, order='Letter')
    after = (await get_entry(SYSTEM, 5)).entry
    assert [change.new for change in after.changes if change.is_personal] == [ERASED_VALUE]

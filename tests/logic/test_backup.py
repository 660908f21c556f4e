"""A backup made under writing restores elsewhere with everything in it, or is refused before anything is touched."""

import asyncio
import contextlib
import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from data import database as databases
from data.core import now
from data.files import StoredFile
from data.identity import Session
from data.members import ProtectedKind
from logic import backup, organizations
from logic.audit.keeping import write_checkpoints
from logic.audit.verify import verify_all
from logic.backup import archive, keyring, making, restoring
from logic.core import config, files
from logic.core.actor import Actor
from logic.core.config import Settings
from logic.core.errors import Invalid
from logic.core.secrets import SecretsError, install, installed, open_secrets
from logic.core.work import Work
from logic.members import file as records
from logic.organizations import CompanyInput
from tests.conftest import House, run_as_service

PHRASE = 'five words are quite good'


@pytest.fixture
async def here(house: House, secrets: Path, backend: str) -> AsyncIterator[Settings]:
    """The installation of the test, with a file in it."""
    url = databases.database().url.render_as_string(hide_password=False)
    settings = Settings(_env_file=None, data_dir=secrets, database_url=None)  # type: ignore[call-arg]
    if backend == 'mariadb':
        settings = settings.model_copy(update={'database_url': url})
    config.configure(settings)
    await in_work(house, lambda work: files.store(work, 'minutes.txt', b'Minutes', allowed=files.DOCUMENTS))
    await write_checkpoints(Actor.system())
    yield settings
    config.configure(None)


async def in_work(house: House, act: Callable[[Work], Awaitable[object]]) -> object:
    return await run_as_service(act)(Actor.system(house.organization_id))


async def companies(house: House) -> set[str]:
    return {row.name for row in await organizations.list_companies(house.chief)}


def elsewhere(here: Settings, folder: Path, *, keys: bool = True) -> Settings:
    """Another machine: an empty data folder, the keys carried over by hand."""
    there = Settings(_env_file=None, data_dir=folder)  # type: ignore[call-arg]
    folder.mkdir(mode=0o700)
    if keys:
        shutil.copytree(here.secrets_dir, there.secrets_dir)
    return there


async def reopen(settings: Settings) -> None:
    await databases.disconnect()
    config.configure(settings)
    databases.connect(settings.database)


async def test_a_backup_under_writing_restores_elsewhere_and_its_audit_verifies(
    house: House, here: Settings, tmp_path: Path
) -> None:
    stop, written = asyncio.Event(), list[str]()

    async def write(writer: int) -> None:
        number = 0
        while not stop.is_set():
            name = f'Company {writer}-{number}'
            await organizations.add_company(house.chief, CompanyInput(name=name))
            written.append(name)
            number += 1

    writers = [asyncio.create_task(write(number)) for number in range(3)]
    while len(written) < 3:  # noqa: ASYNC110  the writers are as fast as the machine
        await asyncio.sleep(0.01)
    before = set(written)
    made = await backup.back_up(here)
    stop.set()
    await asyncio.gather(*writers)
    there = elsewhere(here, tmp_path / 'there')
    done = await backup.restore(there, made)
    assert done.is_done
    assert all(verdict.is_intact for verdict in done.verdicts)
    await reopen(there)
    found = await companies(house)
    assert before <= found <= set(written) | await companies(house)
    assert all(verdict.is_intact for verdict in await verify_all())
    stored = await in_work(house, lambda work: work.first(select(StoredFile)))
    assert await files.read(stored) == b'Minutes'  # type: ignore[arg-type]


async def test_a_restore_in_place_keeps_what_was_there_and_begins_an_epoch(house: House, here: Settings) -> None:
    await organizations.add_company(house.chief, CompanyInput(name='Before'))
    await write_checkpoints(Actor.system())
    made = await backup.back_up(here, passphrase=PHRASE)
    await organizations.add_company(house.chief, CompanyInput(name='After'))
    await write_checkpoints(Actor.system())
    await databases.disconnect()
    done = await backup.restore(here, made, passphrase=PHRASE)
    await reopen(here)
    assert 'Before' in await companies(house)
    assert 'After' not in await companies(house)
    verdicts = await verify_all()
    assert all(verdict.is_intact for verdict in verdicts)
    assert all(verdict.epoch > 0 for verdict in verdicts)
    assert any(verdict.gaps for verdict in verdicts)
    assert done.kept is not None
    assert (done.kept / 'files').is_dir()
    if here.database.startswith('sqlite'):
        with contextlib.closing(sqlite3.connect(done.kept / 'logbook.db')) as kept:
            assert ('After',) in kept.execute('SELECT name FROM company').fetchall()
    else:
        assert [path for _, path in backup.archives(here.data_dir / 'backups') if 'before-restore' in path.name]


async def test_sessions_and_links_from_before_do_not_come_back_to_life(house: House, here: Settings) -> None:
    async def sign_in(work: Work) -> None:
        assert house.chief.account_id
        work.add(
            Session(
                token_hash='a' * 64, account_id=house.chief.account_id, last_seen_at=work.now, expires_at=work.now,
                authenticated_at=work.now, method='password',
            )
        )  # fmt: skip

    await in_work(house, sign_in)
    made = await backup.back_up(here)
    await databases.disconnect()
    await backup.restore(here, made)
    await reopen(here)
    row = await in_work(house, lambda work: work.first(select(Session)))
    assert row.revoked_at is not None  # type: ignore[attr-defined]
    assert row.revoked_at <= now()  # type: ignore[attr-defined]


async def test_keys_are_not_inside_unless_asked_for(house: House, here: Settings, tmp_path: Path) -> None:
    plain = await backup.back_up(here)
    with pytest.raises(Invalid, match='--passphrase'):
        await backup.back_up(here, with_keys=True)
    whole = await backup.back_up(here, to=tmp_path / 'whole.logbook', passphrase=PHRASE, with_keys=True)
    manifest = await restoring.unpack(here, plain, tmp_path / 'looked')
    assert not [name for name in manifest['entries'] if 'key' in name]
    there = elsewhere(here, tmp_path / 'there', keys=False)
    assert (await backup.restore(there, whole, passphrase=PHRASE)).is_done
    assert (there.secrets_dir / 'kek').read_text() == (here.secrets_dir / 'kek').read_text()


async def test_without_the_right_keys_nothing_is_touched(house: House, here: Settings, tmp_path: Path) -> None:
    made = await backup.back_up(here, to=tmp_path / 'a.logbook', passphrase=PHRASE)
    bare = elsewhere(here, tmp_path / 'bare', keys=False)
    with pytest.raises(Invalid, match='master key of this backup is not here'):
        await backup.restore(bare, made, passphrase=PHRASE)
    other = elsewhere(here, tmp_path / 'other', keys=False)
    open_secrets(other.secrets_dir, database_exists=False)
    before = {path.name: path.read_text() for path in other.secrets_dir.iterdir()}
    with pytest.raises(Invalid, match='master key of this backup is not here'):
        await backup.restore(other, made, passphrase=PHRASE)
    assert {path.name: path.read_text() for path in other.secrets_dir.iterdir()} == before
    assert not bare.secrets_dir.exists()
    for settings in (bare, other):
        assert not (settings.data_dir / 'logbook.db').exists()
        assert not list(settings.data_dir.glob('restore-*'))


@pytest.mark.parametrize('fault', ['damaged', 'truncated', 'passphrase', 'newer', 'nothing'])
async def test_what_cannot_be_restored_is_refused_before_anything_is_touched(
    house: House, here: Settings, tmp_path: Path, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / 'a.logbook'
    if fault == 'newer':
        monkeypatch.setattr(making.snapshot, 'revision_of', lambda _: '9999')
        monkeypatch.setattr(making.schema, 'stored_revision', None)
    if fault == 'newer' and not here.database.startswith('sqlite'):
        pytest.skip('the schema of a server is read in another way')
    await backup.back_up(here, to=path, passphrase=PHRASE)
    monkeypatch.undo()
    content = bytearray(path.read_bytes())
    if fault == 'damaged':
        content[len(content) // 2] ^= 1
    if fault == 'truncated':
        del content[-20:]
    path.write_bytes(b'' if fault == 'nothing' else content)
    await databases.disconnect()
    before = {str(p): p.stat().st_mtime_ns for p in here.data_dir.rglob('*') if p.is_file() and '.lock' not in p.name}
    phrase = PHRASE + '!' if fault == 'passphrase' else PHRASE
    with pytest.raises(Invalid) as refused:
        await backup.restore(here, path, passphrase=phrase)
    assert refused.value.message.count('\n') == 0
    after = {str(p): p.stat().st_mtime_ns for p in here.data_dir.rglob('*') if p.is_file() and '.lock' not in p.name}
    assert after == before


async def test_checking_alone_changes_nothing(house: House, here: Settings) -> None:
    made = await backup.back_up(here)
    done = await backup.restore(here, made, check_only=True)
    assert not done.is_done
    assert done.files == 1
    assert any('Nothing was changed' in line for line in done.lines())
    assert await companies(house) is not None


async def test_a_running_logbook_is_not_restored_over(house: House, here: Settings) -> None:
    if not here.database.startswith('sqlite'):
        pytest.skip('a server is not claimed by one process')
    made = await backup.back_up(here)
    databases.database().claim()
    with pytest.raises(databases.Busy):
        await backup.restore(here, made)


async def test_an_interrupted_swap_is_ended_by_the_next_start(
    house: House, here: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not here.database.startswith('sqlite'):
        pytest.skip('a server is emptied and filled, and Logbook does not start until that is done')
    made = await backup.back_up(here)
    await organizations.add_company(house.chief, CompanyInput(name='After'))
    await databases.disconnect()
    real, calls = restoring._move, list[Path]()

    def dies(source: Path, target: Path) -> None:
        if len(calls) == 2:
            raise KeyboardInterrupt
        calls.append(source)
        real(source, target)

    monkeypatch.setattr(restoring, '_move', dies)
    monkeypatch.setattr(restoring.shutil, 'rmtree', lambda *_, **__: None)  # the process is gone: nothing is tidied up
    with pytest.raises(KeyboardInterrupt):
        await backup.restore(here, made)
    monkeypatch.undo()
    assert backup.finish_moves(here.data_dir)
    assert not backup.finish_moves(here.data_dir)
    await reopen(here)
    assert 'After' not in await companies(house)


async def test_a_trial_says_whether_the_newest_backup_is_good(house: House, here: Settings) -> None:
    made = await backup.back_up(here)
    assert (await backup.try_archive(here, made))[0] is True
    content = bytearray(made.read_bytes())
    content[-5] ^= 1
    made.write_bytes(content)
    well, sentence = await backup.try_archive(here, made)
    assert (well, 'damaged' in sentence) == (False, True)


@pytest.mark.parametrize('fault', ['file', 'sheet', 'gone', 'key', 'value'])
async def test_a_backup_whose_sealed_values_stay_closed_fails_its_trial(
    house: House, here: Settings, tmp_path: Path, fault: str
) -> None:
    number = {'kind': ProtectedKind.BANK_ACCOUNT, 'value': 'DE89370400440532013000'}
    await records.add_record(house.chief, house.chief.member_id, 'numbers', number)
    if fault in ('key', 'value'):
        table, column = ('data_key', 'wrapped') if fault == 'key' else ('protected_number', 'value')
        async with databases.database().writer.begin() as connection:
            [(row_id, sealed)] = (await connection.execute(sa.text(f'SELECT id, {column} FROM {table}'))).all()
            values = {'id': row_id, 'sealed': sealed[:-1] + bytes([sealed[-1] ^ 1])}
            await connection.execute(sa.text(f'UPDATE {table} SET {column} = :sealed WHERE id = :id'), values)
    made = await backup.back_up(here)
    if fault in ('file', 'sheet'):
        other = open_secrets(tmp_path / 'other', database_exists=False)
        if fault == 'file':
            (here.secrets_dir / 'kek').write_bytes((tmp_path / 'other' / 'kek').read_bytes())
        else:
            install(replace(installed(), kek=other.kek))
    if fault == 'gone':
        (here.secrets_dir / 'kek').unlink()
    well, sentence = await backup.try_archive(here, made)
    assert not well
    said = {'gone': 'kek is missing', 'value': 'A sealed value in this backup cannot be opened'}
    assert said.get(fault, 'does not open the keys in this backup') in sentence
    assert not list((here.data_dir / 'backups').glob('.trial-*'))


async def test_a_trial_opens_every_sealed_value(house: House, here: Settings, tmp_path: Path) -> None:
    number = {'kind': ProtectedKind.BANK_ACCOUNT, 'value': 'DE89370400440532013000'}
    await records.add_record(house.chief, house.chief.member_id, 'numbers', number)
    made = await backup.back_up(here)
    assert (await backup.try_archive(here, made))[0] is True
    await restoring.unpack(here, made, tmp_path / 'looked')
    assert keyring.prove_sealed(here, tmp_path / 'looked' / 'logbook.db') == 1


async def test_a_damaged_backup_key_is_told(here: Settings) -> None:
    key = backup.opening_key(here.secrets_dir)
    assert key == backup.opening_key(here.secrets_dir)
    assert archive.recipient_of(key).startswith(archive.PUBLIC)
    (here.secrets_dir / 'backup.key').write_text('nonsense')
    with pytest.raises(SecretsError, match=r'backup\.key'):
        backup.opening_key(here.secrets_dir)

"""A start refuses what would harm the data, copies it before an upgrade, and goes back when that fails or dies."""

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from data import schema
from data.database import Busy, database
from logic import start
from logic.core import config
from logic.core.config import Settings
from logic.core.secrets import SecretsError, install

NOW, NEWER = schema.head(), 'newer'


@pytest.fixture
def settings(template: Path, tmp_path: Path) -> Iterator[Settings]:
    """An installation with an empty database of the present schema."""
    folder = tmp_path / 'data'
    folder.mkdir(mode=0o700)
    yield Settings(_env_file=None, data_dir=folder)  # type: ignore[call-arg]
    config.configure(None)
    install(None)


async def make(settings: Settings) -> Path:
    async with start.opened(settings):
        pass
    return start.database_path(settings)


def note(path: Path, text: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute('CREATE TABLE IF NOT EXISTS noted (text TEXT)')
        connection.execute('INSERT INTO noted VALUES (?)', (text,))
        connection.commit()


def notes(path: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute('SELECT text FROM noted')]


@pytest.fixture
def newer_program(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A program that knows one more migration."""
    known = schema.revisions()
    monkeypatch.setattr(schema, 'revisions', lambda: {**known, NEWER: NOW})
    monkeypatch.setattr(schema, 'head', lambda: NEWER)
    return monkeypatch


async def test_a_first_start_makes_everything_closed_to_others(settings: Settings) -> None:
    path = await make(settings)
    assert path.stat().st_mode & 0o077 == 0
    assert settings.data_dir.stat().st_mode & 0o077 == 0
    assert settings.secrets_dir.stat().st_mode & 0o077 == 0
    assert await start.stored_revision(settings) == schema.head()


async def test_a_second_process_is_refused(settings: Settings) -> None:
    async with start.opened(settings):
        assert database().is_claimed
        with pytest.raises(Busy):
            async with start.opened(settings):
                pass


async def test_a_database_without_its_keys_is_refused(settings: Settings) -> None:
    await make(settings)
    shutil.rmtree(settings.secrets_dir)
    with pytest.raises(SecretsError, match='missing'):
        await make(settings)
    assert not (settings.secrets_dir / 'kek').exists()


async def test_a_network_share_is_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, 'file_system', lambda _: 'nfs4')
    with pytest.raises(start.Refused, match='network share'):
        await make(settings)


def test_the_file_system_of_a_folder_is_known() -> None:
    assert start.file_system(Path('/proc/self')) == 'proc'


async def test_what_is_no_database_is_refused(settings: Settings) -> None:
    start.database_path(settings).write_bytes(b'not a database, but long enough to be read as one' * 30)
    with pytest.raises(start.Refused, match='cannot be read'):
        await make(settings)


async def test_a_connection_that_could_spoil_the_file_stops_the_start(settings: Settings) -> None:
    async with start.opened(settings) as known:
        known.reader, kept = known.writer, known.reader
        with pytest.raises(start.Refused, match='one writer'):
            await start.prove_single_writer(known)
        known.reader = kept


async def test_a_failed_upgrade_is_undone(settings: Settings, newer_program: pytest.MonkeyPatch) -> None:
    with newer_program.context() as before:
        before.setattr(schema, 'head', lambda: NOW)
        path = await make(settings)
    note(path, 'before')

    async def fails(*_: object) -> None:
        note(path, 'half done')
        raise RuntimeError('no such column')

    newer_program.setattr(schema, 'migrate', fails)
    with pytest.raises(start.Refused, match='was undone'):
        await make(settings)
    assert notes(path) == ['before']
    assert list((settings.data_dir / 'backups').glob(f'before-upgrade-from-{NOW}-*.db'))
    assert not (settings.data_dir / start.UPGRADE_MARK).exists()


async def test_an_upgrade_that_died_is_undone_by_the_next_start(
    settings: Settings, newer_program: pytest.MonkeyPatch
) -> None:
    with newer_program.context() as before:
        before.setattr(schema, 'head', lambda: NOW)
        path = await make(settings)
    note(path, 'before')

    async def dies(*_: object) -> None:
        note(path, 'half done')
        raise KeyboardInterrupt

    newer_program.setattr(schema, 'migrate', dies)
    with pytest.raises(KeyboardInterrupt):
        await make(settings)
    assert notes(path) == ['before', 'half done']
    newer_program.setattr(schema, 'head', lambda: NOW)
    await make(settings)
    assert notes(path) == ['before']


async def test_a_command_that_only_reads_does_not_upgrade(
    settings: Settings, newer_program: pytest.MonkeyPatch
) -> None:
    with newer_program.context() as before:
        before.setattr(schema, 'head', lambda: NOW)
        await make(settings)
    with pytest.raises(start.Refused, match='migrate'):
        async with start.opened(settings, alone=False):
            pass

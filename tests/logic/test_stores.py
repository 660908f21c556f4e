"""Files lie in a folder, in S3 or Azure; while a store does not answer they wait here: none is lost or doubled."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from obstore.store import GCSStore
from sqlmodel import select
from structlog.testing import capture_logs

from data.database import EVERYWHERE, database
from data.files import FileState, StoredFile
from data.work import JobRow
from logic import status, storage
from logic.core import config, files
from logic.core.actor import Actor
from logic.core.config import Settings
from logic.core.errors import Conflict, Unavailable
from logic.core.files import places
from logic.core.jobs import Runner
from tests import servers
from tests.logic.test_files import get, put
from tests.logic.test_jobs import enqueue, make_due
from tests.servers.stores import S3Server, azure_server, s3_server

TEXT = b'0123456789 minutes of March\n' * 500_000  # three parts of what is sent at once


def use(url: str | None, folder: Path) -> Settings:
    settings = Settings(_env_file=None, data_dir=folder, storage_url=url)  # type: ignore[call-arg]
    config.configure(settings)
    return settings


@pytest.fixture(autouse=True)
def folder(secrets: Path) -> Iterator[Path]:
    places.store_answered()
    yield secrets
    config.configure(None)
    places.store_answered()


@pytest.fixture
def s3(folder: Path) -> Iterator[S3Server]:
    with s3_server() as server:
        use(server.url, folder)
        yield server


@pytest.fixture(params=['file', 's3', 'az'])
def store(request: pytest.FixtureRequest, folder: Path, tmp_path: Path) -> Iterator[Settings]:
    """Each kind of store, by the one URL that an administrator would write."""
    if request.param == 'file':
        yield use(None, folder)
    elif request.param == 's3':
        with s3_server() as server:
            yield use(server.url, folder)
    else:
        try:
            with azure_server(tmp_path) as url:
                yield use(url, folder)
        except servers.Missing as missing:
            pytest.skip(str(missing))


async def objects() -> list[str]:
    return sorted([name async for name, _, _ in files.list_objects()])


def test_a_store_is_named_without_what_opens_it(folder: Path) -> None:
    settings = use('s3://AKID:Sec%2Fret@bucket/files?region=eu-central-1', folder)
    assert files.place_in_words(settings) == 's3://bucket/files'
    assert places.without_secrets('denied for AKID with Sec/ret or Sec%2Fret\nmore') == 'denied for *** with *** or ***'


def test_gcs_is_opened_by_its_url(folder: Path, tmp_path: Path) -> None:
    """No server that pip, npm or apt install speaks the XML interface of GCS, so only the URL is tried."""
    account = tmp_path / 'account.json'
    facts = {'client_email': 'a@b', 'private_key': '', 'private_key_id': '', 'disable_oauth': True}
    account.write_text(json.dumps(facts))
    opened = files.object_store_of(use(f'gs://bucket/files?service_account={account}', folder))
    assert isinstance(opened, GCSStore)
    assert (opened.config['bucket'], opened.prefix) == ('bucket', 'files')


async def test_each_store_keeps_gives_and_deletes(store: Settings, member: Actor) -> None:
    assert await files.answers(store) == ''
    row = await put(member, TEXT)
    assert await get(member, row.id) == TEXT
    assert b''.join([piece async for piece in files.stream(row, 5_000_000, 5_000_007)]) == TEXT[5_000_000:5_000_007]
    assert await objects() == [row.object_name]
    assert await files.is_in_store(row.object_name)
    await files.delete_objects([row.object_name, row.object_name])
    assert await objects() == []
    assert not await files.is_in_store(row.object_name)


async def test_what_a_check_of_the_settings_says_of_a_store(s3: S3Server, folder: Path) -> None:
    well = next(found for found in await status.check_connections(config.configured()) if found.name == 'File store')
    s3.stop()
    ill = next(found for found in await status.check_connections(config.configured()) if found.name == 'File store')
    assert (well.is_well, ill.is_well) == (True, False)
    assert 'S3cretOfLogbook' not in str(ill) + str(well)
    assert 's3://logbook/files does not answer' in str(ill)


async def test_a_store_makes_links_that_open_one_file_for_a_while(s3: S3Server, member: Actor, folder: Path) -> None:
    row = await put(member, b'Minutes of March')
    link = await files.signed_link(row)
    async with httpx.AsyncClient() as browser:
        assert (await browser.get(link)).content == b'Minutes of March'
    assert 'S3cretOfLogbook' not in link
    use(None, folder)
    with pytest.raises(Conflict, match='makes no links'):
        await files.signed_link(row)


async def state_of(row: StoredFile) -> FileState | None:
    async with database().read(EVERYWHERE) as session:
        return (await session.exec(select(FileState).where(FileState.file_id == row.id))).first()


async def due_again() -> None:
    async with database().read(EVERYWHERE) as session:
        rows = list(await session.exec(select(JobRow).where(JobRow.name == storage.push.name)))
    for row in rows:
        await make_due(row.id)


async def test_while_the_store_is_down_files_wait_here_and_are_sent_once_it_answers(
    s3: S3Server, member: Actor, folder: Path
) -> None:
    before = await put(member, b'came before')
    s3.stop()
    rows = [await put(member, content) for content in (b'first', b'second', TEXT)]
    assert [await get(member, row.id) for row in rows] == [b'first', b'second', TEXT]
    assert b''.join([piece async for piece in files.stream(rows[2], 10, 20)]) == TEXT[10:20]
    assert len(files.objects_in_spool()) == 3
    with pytest.raises(Unavailable):
        await get(member, before.id)
    await due_again()
    await Runner().run_until_idle()  # it does not answer: all wait on
    assert len(files.objects_in_spool()) == 3
    assert all([(await state_of(row)).is_spooled for row in rows])  # type: ignore[union-attr]
    s3.start()
    job = (await jobs())[0]
    await make_due(job.id)
    await Runner().run_until_idle()  # the first that arrives hurries the others
    assert files.objects_in_spool() == []
    assert await objects() == sorted(row.object_name for row in [before, *rows])
    assert [await get(member, row.id) for row in rows] == [b'first', b'second', TEXT]
    assert not any([(await state_of(row)).is_spooled for row in rows])  # type: ignore[union-attr]


async def jobs() -> list[JobRow]:
    async with database().read(EVERYWHERE) as session:
        return list(await session.exec(select(JobRow).where(JobRow.name == storage.push.name)))


async def test_a_crash_between_sending_and_noting_it_doubles_nothing(
    s3: S3Server, member: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3.stop()
    row = await put(member, b'only copy')
    s3.start()
    files.store_answered()

    async def dies(actor: Actor, file_id: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(storage, '_note_pushed', dies)
        with pytest.raises(KeyboardInterrupt):
            await storage.push.function(FakeRun(Actor.system(member.organization_id)), str(row.id))
    assert await objects() == [row.object_name]
    assert len(files.objects_in_spool()) == 1
    await due_again()
    await Runner().run_until_idle()
    assert await objects() == [row.object_name]
    assert files.objects_in_spool() == []
    assert await get(member, row.id) == b'only copy'


@dataclass
class FakeRun:
    """The claim of a job that dies in its midst."""

    actor: Actor


async def test_what_waits_is_private_and_survives_a_sweep(s3: S3Server, member: Actor, folder: Path) -> None:
    s3.stop()
    row = await put(member, b'only copy')
    path = folder / 'spool' / row.object_name
    assert path.stat().st_mode & 0o777 == 0o600
    assert (folder / 'spool').stat().st_mode & 0o777 == 0o700
    s3.start()
    await enqueue(None, storage.sweep)
    await Runner().run_until_idle()
    assert path.exists() or await files.is_in_store(row.object_name)
    assert await get(member, row.id) == b'only copy'


async def test_a_file_that_waits_on_another_computer_is_left_to_it(s3: S3Server, member: Actor, folder: Path) -> None:
    s3.stop()
    row = await put(member, b'only copy')
    s3.start()
    path = folder / 'spool' / row.object_name
    away = path.rename(folder / 'elsewhere')
    await due_again()
    await Runner().run_until_idle()
    assert 'another computer' in str((await jobs())[0].error)
    away.rename(path)
    await due_again()
    await Runner().run_until_idle()
    assert await get(member, row.id) == b'only copy'


async def test_after_a_failure_uploads_do_not_wait_for_the_store_each(s3: S3Server, member: Actor) -> None:
    s3.stop()
    with capture_logs() as logged:
        await put(member, b'first')
        await put(member, b'second')
    assert [entry['event'] for entry in logged].count('files.store_unreachable') == 1


async def test_a_disk_that_takes_nothing_either_is_said(
    s3: S3Server, member: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3.stop()

    def full(name: str, path: Path) -> None:
        raise OSError(28, 'No space left on device')

    monkeypatch.setattr(places, '_keep_in_spool', full)
    with pytest.raises(Unavailable, match='not kept'):
        await put(member, b'first')


async def test_the_status_counts_what_waits_and_what_is_spoilt(s3: S3Server, member: Actor, folder: Path) -> None:
    storage._asked.clear()
    sound = await put(member, b'sound')
    await files.delete_objects([(await put(member, b'lost')).object_name])
    await enqueue(None, storage.prove)
    await Runner().run_until_idle()
    s3.stop()
    await put(member, b'waits')
    state = await storage.store_state(Actor.system())
    assert (state.file_count, state.waiting_count, state.faulty_count) == (3, 1, 1)
    assert state.fault
    assert 'S3cret' not in state.fault + state.place
    assert (await state_of(sound)).fault == ''  # type: ignore[union-attr]


async def test_a_store_that_is_away_makes_no_file_faulty(s3: S3Server, member: Actor) -> None:
    row = await put(member, b'sound')
    s3.stop()
    await enqueue(None, storage.prove)
    await Runner().run_until_idle()
    assert await state_of(row) is None


async def test_a_waiting_file_is_in_every_backup(s3: S3Server, member: Actor) -> None:
    s3.stop()
    row = await put(member, b'only copy')
    assert await files.read_object(config.configured(), row.object_name) == b'only copy'


def test_nothing_outside_of_the_spool_can_be_named(folder: Path) -> None:
    use(None, folder)
    with pytest.raises(ValueError, match='no such name'):
        files.spooled('../outside')

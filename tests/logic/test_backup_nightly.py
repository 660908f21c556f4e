"""The nightly backup is made, thinned out and tried out; when it fails, those who look after it are told."""

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from data import database as databases
from data.core import new_id, now
from logic import backup, notifications, organizations, status, storage
from logic.backup import keeping, leaving
from logic.core import config, files
from logic.core.actor import Actor, ActorKind
from logic.core.config import Settings
from logic.core.errors import Conflict, Denied
from logic.core.jobs import Runner
from logic.core.language import speaking
from logic.identity.sessions import SignInAgain
from tests.conftest import House
from tests.logic.test_jobs import enqueue


@pytest.fixture(autouse=True)
async def settings(database: databases.Database, secrets: Path) -> AsyncIterator[Settings]:
    here = Settings(_env_file=None, data_dir=secrets)  # type: ignore[call-arg]
    if not database.is_sqlite:
        here = here.model_copy(update={'database_url': database.url.render_as_string(hide_password=False)})
    config.configure(here)
    yield here
    config.configure(None)


async def test_a_backup_is_made_where_the_department_wants_it_and_old_ones_go(house: House, tmp_path: Path) -> None:
    folder = tmp_path / 'elsewhere'
    folder.mkdir()
    stale = folder / f'logbook-{now() - timedelta(days=900):%Y%m%d-%H%M%S}.logbook'
    foreign = folder / 'holiday.jpg'
    for path in (stale, foreign):
        path.touch()
    await organizations.change_settings(house.chief, backup_folder=str(folder))
    await enqueue(None, keeping.make)
    await Runner().run_until_idle()
    row = await backup.last_backup(house.chief)
    assert row is not None
    assert row.error == ''
    assert Path(row.place).parent == folder
    assert row.size > 1000
    assert len(row.sha256) == 64
    assert (await backup.last_good_backup(house.chief)) is not None
    assert not stale.exists()
    assert foreign.exists()


async def test_the_list_shows_what_lies_in_the_folders_whoever_made_it(
    house: House, member: Actor, settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / 'elsewhere'
    folder.mkdir()
    for name in ('brought.logbook', 'holiday.jpg', '.logbook-20260101-120000.logbook.12ab'):
        (folder / name).write_bytes(b'12345')
    await organizations.change_settings(house.chief, backup_folder=str(folder))
    await enqueue(None, keeping.make)
    await Runner().run_until_idle()
    by_command = await backup.back_up(settings, reason=backup.BY_COMMAND)
    before = await backup.back_up(settings, to=folder, reason='before-restore')
    await keeping.note_backup(Actor.system(), 'nowhere', 0, '', 'The disk is full.')
    rows = {Path(row.place).name: row for row in await backup.list_backups(house.chief)}
    own = next(row for row in rows.values() if row.how == 'By Logbook itself')
    assert rows.keys() == {'brought.logbook', by_command.name, before.name, 'nowhere', Path(own.place).name}
    assert (rows['brought.logbook'].how, rows['brought.logbook'].size) == ('', 5)
    assert (rows[by_command.name].how, rows[before.name].how) == ('By a command', 'Before a restore')
    assert rows[by_command.name].size == by_command.stat().st_size
    assert abs(rows[by_command.name].at - now()) < timedelta(minutes=1)
    assert rows['nowhere'].error == 'The disk is full.'
    times = [row.at for row in await backup.list_backups(house.chief)]
    assert times == sorted(times, reverse=True)
    by_command.unlink()
    assert by_command.name not in {Path(row.place).name for row in await backup.list_backups(house.chief)}
    with pytest.raises(Denied):
        await backup.list_backups(member)


async def test_a_failed_backup_is_told_to_those_who_look_after_it(house: House, member: Actor, tmp_path: Path) -> None:
    (tmp_path / 'file').touch()
    await organizations.change_settings(house.chief, backup_folder=str(tmp_path / 'file' / 'folder'))
    await enqueue(None, keeping.make)
    await Runner().run_until_idle()
    (row,) = await backup.list_backups(house.chief)
    assert 'cannot be made' in row.error
    assert await backup.last_good_backup(house.chief) is None
    titles = [notice.title for notice in (await notifications.list_notices(house.chief)).rows]
    assert titles == ['The backup has failed']
    assert await notifications.unread_count(member) == 0


async def test_the_newest_backup_is_tried_out_and_the_result_is_kept(house: House) -> None:
    await enqueue(None, keeping.make)
    await Runner().run_until_idle()
    await enqueue(None, keeping.try_out)
    await Runner().run_until_idle()
    tried = await backup.last_trial(house.chief)
    assert tried is not None
    assert tried.tried_well is True
    assert 'audit entries' in backup.trial_text(tried)
    with speaking('de'):
        assert 'Einträge des Prüfprotokolls' in backup.trial_text(tried)


async def test_what_a_command_made_is_the_last_backup_and_is_tried_out(house: House, settings: Settings) -> None:
    folder = settings.data_dir / 'backups'
    await enqueue(None, keeping.make)
    await Runner().run_until_idle()
    own = await backup.last_backup(house.chief)
    by_command = await backup.back_up(settings, to=folder / 'friday.logbook', reason=backup.BY_COMMAND)
    locked = await backup.back_up(settings, passphrase='seven quiet lanterns', reason=backup.BY_COMMAND)
    (folder / 'brought.logbook').write_bytes(b'no archive')
    await enqueue(None, keeping.try_out)
    await Runner().run_until_idle()
    last, tried = await backup.last_good_backup(house.chief), await backup.last_trial(house.chief)
    assert own is not None
    assert last is not None
    assert tried is not None
    assert (last.place, last.size) == (str(locked), locked.stat().st_size)
    assert (tried.place, tried.tried_well) == (str(by_command), True)
    assert own.finished_at < tried.finished_at < last.finished_at
    assert (await status.measures(Actor.system())).last_backup_at == last.finished_at
    rows = {Path(row.place).name: row for row in await backup.list_backups(house.chief)}
    assert rows['friday.logbook'].at == tried.finished_at
    assert (rows['friday.logbook'].how, rows['brought.logbook'].how) == ('Under a name of its own', '')


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize('spoilt', [0, 30, -1])
async def test_the_newest_backup_is_tried_out_though_it_is_damaged_and_that_is_told(
    house: House, settings: Settings, spoilt: int
) -> None:
    await backup.back_up(settings, reason=backup.BY_COMMAND)
    await enqueue(None, keeping.make)
    await Runner().run_until_idle()
    own = await backup.last_backup(house.chief)
    assert own is not None
    flip(Path(own.place), spoilt)
    await enqueue(None, keeping.try_out)
    await Runner().run_until_idle()
    tried = await backup.last_trial(house.chief)
    assert tried is not None
    assert (tried.place, tried.tried_well) == (own.place, False)
    [notice] = (await notifications.list_notices(house.chief)).rows
    assert 'A trial of the newest backup failed' in notice.body


async def test_what_others_put_where_backups_go_is_noted_once_and_ends_the_word_of_a_failure(
    house: House, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / 'file').touch()
    await organizations.change_settings(house.chief, backup_folder=str(tmp_path / 'file' / 'folder'))
    await enqueue(None, keeping.make)
    await Runner().run_until_idle()
    assert (await status.system_status(house.chief)).last_backup_error
    made = await backup.back_up(settings, reason=backup.BY_COMMAND)
    for _ in range(2):
        await enqueue(None, keeping.note_archives)
        await Runner().run_until_idle()
    found = await status.system_status(house.chief)
    assert found.last_backup_error == ''
    assert found.last_backup_at is not None
    [row] = [row for row in await backup.list_backups(house.chief) if not row.error]
    assert row.place == str(made)


async def test_an_hour_in_which_nobody_did_anything_needs_no_backup(
    house: House, secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def backups() -> int:
        await enqueue(None, keeping.make_hourly)
        await Runner().run_until_idle()
        return len(list((secrets / 'backups').glob('*.logbook')))

    await asyncio.sleep(1.1)  # the name of an archive tells whole seconds
    assert await backups() == 1
    await asyncio.sleep(1.1)
    assert await backups() == 1
    await organizations.change_settings(house.chief, backup_hourly=True, backup_keep_days=20)
    assert await backups() == 2
    await asyncio.sleep(1.1)
    await organizations.change_settings(house.chief, backup_keep_days=21)
    monkeypatch.setattr(keeping, 'MOST_HOURLY_BYTES', 1000)
    assert await backups() == 2
    monkeypatch.undo()
    await organizations.change_settings(house.chief, backup_hourly=False)
    assert await backups() == 2


async def test_everything_is_exported_by_a_job_and_deleted_after_a_day(house: House, member: Actor) -> None:
    with pytest.raises(Denied):
        await backup.request_export(member)
    await backup.request_export(house.chief)
    with pytest.raises(Conflict):
        await backup.request_export(house.chief)
    assert (await backup.export_state(house.chief)).percent == 0
    await Runner().run_until_idle()
    state = await backup.export_state(house.chief)
    assert state.file is not None
    assert (state.percent, state.error) == (None, '')
    (notice,) = (await notifications.list_notices(house.chief)).rows
    assert (notice.title, notice.link) == ('The export of the department can be downloaded', '/settings/backup')
    row = await storage.get_file(house.chief, state.file.id)
    with zipfile.ZipFile(io.BytesIO(await files.read(row))) as archive:
        assert 'Riverside Fire' in archive.read('tables/organization.jsonl').decode()
        assert archive.read('tables/stored_file.jsonl') == b''  # not the export itself
    with pytest.raises(Denied):
        await storage.get_file(member, state.file.id)
    await backup.request_export(house.chief)
    await Runner().run_until_idle()
    newer = (await backup.export_state(house.chief)).file
    assert newer is not None
    assert newer.id != state.file.id
    monday = Actor.system(house.organization_id)
    assert [row.id for row in await leaving.list_exports(monday)] == [newer.id]
    assert await leaving.list_exports(monday, now() - leaving.KEPT) == []
    await leaving.drop_export(monday, newer)
    assert (await backup.export_state(house.chief)).file is None
    assert not [path async for path, _, _ in files.list_objects()]


async def test_who_asked_for_an_export_that_cannot_be_made_is_told_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_room(*_: object) -> None:
        raise OSError('No space left on device')

    monkeypatch.setattr(files, 'put', no_room)
    await backup.request_export(house.chief)
    await Runner().run_until_idle()
    assert await notifications.unread_count(house.chief) == 0  # it is tried again
    with time_machine.travel(now() + timedelta(minutes=5), tick=True):
        await Runner().run_until_idle()
    (notice,) = (await notifications.list_notices(house.chief)).rows
    assert notice.title == 'The export of the department has failed'
    assert 'No space left' in (await backup.export_state(house.chief)).error


async def test_everything_is_exported_only_after_a_fresh_sign_in_and_for_no_key(house: House) -> None:
    stale = replace(house.chief, session_id=new_id(), authenticated_at=now() - timedelta(minutes=11))
    with pytest.raises(SignInAgain):
        await backup.request_export(stale)
    with pytest.raises(Denied, match='key for programs'):
        await backup.request_export(replace(house.chief, kind=ActorKind.API_KEY))


async def test_only_who_may_has_a_backup_made(house: House, member: Actor) -> None:
    with pytest.raises(Denied):
        await backup.request_backup(member)
    await backup.request_backup(house.chief)
    await Runner().run_until_idle()
    assert len(await backup.list_backups(house.chief)) == 1

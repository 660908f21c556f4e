"""The nightly backup is made, thinned out and tried out; when it fails, those who look after it are told."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from data import database as databases
from data.core import now
from logic import backup, notifications, organizations
from logic.backup import keeping
from logic.core import config
from logic.core.actor import Actor
from logic.core.config import Settings
from logic.core.errors import Denied
from logic.core.jobs import Runner
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
    (row,) = await backup.list_backups(house.chief)
    assert row.error == ''
    assert Path(row.place).parent == folder
    assert row.size > 1000
    assert len(row.sha256) == 64
    assert (await backup.last_good_backup(house.chief)) is not None
    assert not stale.exists()
    assert foreign.exists()


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
    assert 'audit entries' in tried.tried_result


async def test_only_who_may_has_a_backup_made(house: House, member: Actor) -> None:
    with pytest.raises(Denied):
        await backup.request_backup(member)
    await backup.request_backup(house.chief)
    await Runner().run_until_idle()
    assert len(await backup.list_backups(house.chief)) == 1

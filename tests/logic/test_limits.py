"""How often one person may export, send test mails, and start with libraries that have known holes."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from importlib import metadata
from pathlib import Path

import pytest
import time_machine

from data.core import now
from logic import audit, backup, mail, tasks
from logic.core import config, floors
from logic.core.actor import Actor
from logic.core.config import Settings
from logic.core.errors import TooMany
from logic.core.listing import ListQuery
from logic.identity.throttle import EXPORTS_AN_HOUR, IMPORTS_AN_HOUR
from logic.mail.outbox import TESTS_AN_HOUR
from logic.members import exports
from logic.start import Refused, opened
from tests.conftest import House, person_with_account
from tests.servers import free_port


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    yield
    config.configure(None)


async def test_one_person_exports_so_often_in_an_hour_and_no_more(house: House) -> None:
    for _ in range(EXPORTS_AN_HOUR // 2):
        await exports.export_members(house.chief, ListQuery(), exports.Format.CSV)
        await tasks.export_tasks(house.chief, ListQuery(), tasks.Format.CSV)
    with pytest.raises(TooMany):
        await exports.export_members(house.chief, ListQuery(), exports.Format.CSV)
    with pytest.raises(TooMany):
        await audit.export_log(house.chief)
    with pytest.raises(TooMany):
        await backup.request_export(house.chief)
    assert house.chief.member_id is not None
    with pytest.raises(TooMany):
        await exports.personal_data(house.chief, house.chief.member_id)
    other = await person_with_account(house.chief, 'Ada', 'Moss', 'ada@example.org', 'Administrator')
    await exports.export_members(other, ListQuery(), exports.Format.CSV)
    with time_machine.travel(now() + timedelta(hours=1, minutes=1), tick=False):
        await exports.export_members(house.chief, ListQuery(), exports.Format.CSV)


async def test_logbook_itself_exports_without_a_limit(house: House, tmp_path: Path) -> None:
    system = Actor.system(house.organization_id)
    for _ in range(EXPORTS_AN_HOUR + 1):
        (await audit.export_log(system, folder=tmp_path)).unlink()


async def test_one_person_has_so_many_files_read_in_an_hour_and_no_more(house: House) -> None:
    for _ in range(IMPORTS_AN_HOUR):
        await tasks.read_tasks(house.chief, b'Title\nA\n')
    for once in (house.chief, house.chief.using('again')):
        with pytest.raises(TooMany):
            await tasks.read_tasks(once, b'Title\nA\n')
    other = await person_with_account(house.chief, 'Ada', 'Moss', 'ada@example.org', 'Administrator')
    await tasks.read_tasks(other, b'Title\nA\n')


async def test_test_mails_are_limited(house: House) -> None:
    config.configure(Settings(_env_file=None, smtp_url=f'smtp://127.0.0.1:{free_port()}', mail_from='log@example.org'))  # type: ignore[call-arg]
    for _ in range(TESTS_AN_HOUR):
        await mail.send_test(house.chief, 'somebody@example.org')
    with pytest.raises(TooMany):
        await mail.send_test(house.chief, 'somebody@example.org')
    await mail.send_test(replace(house.chief, account_id=None), 'somebody@example.org')  # another caller


def test_the_floors_at_the_start_are_those_of_the_release() -> None:
    told = tomllib.loads((Path(__file__).parents[1] / 'contracts' / 'floors.toml').read_text())['floor']
    known = {one['package']: one.get('exactly') or one['at_least'] for one in told}
    assert {name: known.get(name) for name in floors.FLOORS} == floors.FLOORS
    assert {one['package'] for one in told if 'exactly' in one} == floors.EXACT


def test_what_is_installed_here_is_safe() -> None:
    assert floors.dangerous() == []


@pytest.mark.parametrize(
    ('package', 'version', 'refused'),
    [
        ('starlette', '1.3.0', True), ('starlette', '1.10.0', False), ('starlette', '2.0.0rc1', False),
        ('nicegui', '3.17.9', True), ('nicegui', '3.18.1', True), ('asyncmy', '0.2.11', True),
    ],
)  # fmt: skip
async def test_logbook_does_not_start_with_a_library_that_has_a_known_hole(
    package: str, version: str, refused: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = metadata.version
    monkeypatch.setattr(metadata, 'version', lambda name: version if name == package else whole(name))
    assert bool(floors.dangerous()) is refused
    settings = Settings(_env_file=None, data_dir=tmp_path / 'data')  # type: ignore[call-arg]
    if refused:
        with pytest.raises(Refused, match=package):
            async with opened(settings):
                pass
        assert not (tmp_path / 'data').exists()

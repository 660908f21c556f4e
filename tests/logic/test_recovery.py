"""The recovery sheet: who sees the key that opens backups, and when it counts as kept."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from data.core import new_id, now
from logic import audit, backup, home
from logic.backup import keyring
from logic.core import config
from logic.core.actor import Actor
from logic.core.config import Settings
from logic.core.errors import Denied, Invalid
from logic.core.listing import ListQuery
from logic.core.secrets import begin_kek_rotation, finish_kek_rotation, install, installed
from logic.identity.sessions import SignInAgain
from tests.conftest import House, run_as_service
from tests.logic.members.conftest import stored_texts


@pytest.fixture(autouse=True)
def settings(secrets: Path) -> Iterator[None]:
    config.configure(Settings(_env_file=None, data_dir=secrets, public_url='https://logbook.example.org'))  # type: ignore[call-arg]
    yield
    config.configure(None)


@pytest.fixture
def chief(house: House) -> Actor:
    return replace(house.chief, session_id=new_id(), authenticated_at=now())


async def is_ticked(chief: Actor) -> bool:
    return {step.name: step.is_done for step in await home.setup_steps(chief)}['recovery']


async def asked_words(chief: Actor, sheet: backup.RecoverySheet) -> list[str]:
    return [sheet.words[number - 1] for number in (await backup.recovery_state(chief)).asked]


async def test_the_sheet_holds_what_a_new_computer_needs(chief: Actor, secrets: Path) -> None:
    sheet = await backup.open_sheet(chief)
    assert sheet.keys.backup == ((secrets / 'secrets' / 'backup.key').read_text('ascii').strip(),)
    assert len(sheet.keys.master) == 1
    assert sheet.keys.audit == (audit.public_key(),)
    assert keyring.read_keys('\n'.join(sheet.keys.lines)) == sheet.keys
    assert sheet.address == 'https://logbook.example.org'
    assert len(set(sheet.words)) == 8


async def test_it_counts_as_kept_when_two_of_its_words_are_given_back(chief: Actor) -> None:
    sheet = await backup.open_sheet(chief)
    first, second = (await backup.recovery_state(chief)).asked
    assert 1 <= first < second <= 8
    assert not await is_ticked(chief)
    words = await asked_words(chief, sheet)
    with pytest.raises(Invalid) as refused:
        await backup.keep_sheet(chief, words[0], words[0])
    assert list(refused.value.fields) == ['second']
    assert not await is_ticked(chief)
    await backup.keep_sheet(chief, f' {words[0].upper()} ', words[1])
    assert await is_ticked(chief)
    assert (await backup.recovery_state(chief)).is_kept


async def test_the_sheet_of_other_keys_does_not_count(chief: Actor, secrets: Path) -> None:
    sheet = await backup.open_sheet(chief)
    await backup.keep_sheet(chief, *await asked_words(chief, sheet))
    (secrets / 'secrets' / 'backup.key').write_text(backup.new_key() + '\n')
    assert not await is_ticked(chief)


async def test_a_new_master_key_needs_a_new_sheet(chief: Actor) -> None:
    sheet = await backup.open_sheet(chief)
    await backup.keep_sheet(chief, *await asked_words(chief, sheet))
    install(begin_kek_rotation(installed()))
    assert not await is_ticked(chief)
    both = (await backup.open_sheet(chief)).keys.master
    install(finish_kek_rotation(installed()))
    assert both == (*sheet.keys.master, *(await backup.open_sheet(chief)).keys.master)


async def test_only_who_looks_after_backups_of_the_whole_installation_sees_it(
    chief: Actor, member: Actor, stranger: Actor
) -> None:
    """The key opens the backups of all departments, so the owner of a later one does not get it."""
    for refused in (member, stranger, replace(chief, permissions=frozenset({'organizations.*'}))):
        with pytest.raises(Denied):
            await backup.open_sheet(refused)
        with pytest.raises(Denied):
            await backup.recovery_state(refused)
        with pytest.raises(Denied):
            await backup.keep_sheet(refused, 'one', 'two')
    assert 'recovery' not in {step.name for step in await home.setup_steps(stranger)}


async def test_a_sign_in_of_long_ago_is_not_enough(chief: Actor) -> None:
    stale = replace(chief, authenticated_at=now() - timedelta(minutes=11))
    with pytest.raises(SignInAgain):
        await backup.open_sheet(stale)


async def test_that_somebody_saw_it_is_in_the_log_and_the_key_is_not(
    chief: Actor, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = await backup.open_sheet(chief)
    await backup.keep_sheet(chief, *await asked_words(chief, sheet))
    rows = (await audit.list_entries(chief, ListQuery())).rows
    assert {'backup.open_sheet', 'backup.keep_sheet'} <= {row.action for row in rows}
    said = caplog.text + ''.join(capsys.readouterr()) + repr(rows) + repr(sheet)
    secret = sheet.keys.backup + sheet.keys.master
    assert [key for key in secret if key in said] == []
    stored = await run_as_service(stored_texts, writes=False)(Actor.system(chief.organization_id))
    assert [place for *place, text in stored if any(key in text for key in secret)] == []

"""What the recovery sheet holds is enough, alone, to restore an archive on a new computer."""

import os
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from data import database as databases
from data.core import new_id
from logic import audit, backup
from logic.audit.arrival import _trust as trust
from logic.audit.keeping import LAST_CHECKPOINTS, write_checkpoints
from logic.audit.keys import verifier_key
from logic.audit.verify import verify_all
from logic.backup.making import KEY_NAMES
from logic.core import config
from logic.core.actor import Actor
from logic.core.config import Settings
from logic.core.errors import Invalid
from logic.core.listing import ListQuery
from logic.core.secrets import Place, begin_kek_rotation, install, installed, open_secrets, open_value, seal_value
from logic.core.secrets.keys import NEXT_KEK
from logic.core.work import Work
from logic.master_key import rotate_master_key
from tests.conftest import House, run_as_service

COMMAND = Actor.system(name='Command line')


@pytest.fixture
def here(house: House, secrets: Path, backend: str) -> Iterator[Settings]:
    if backend != 'sqlite':
        pytest.skip('a new computer is one with a file')
    settings = there(secrets)
    config.configure(settings)
    yield settings
    config.configure(None)


def there(folder: Path, **more: str) -> Settings:
    return Settings(_env_file=None, data_dir=folder, **more)  # type: ignore[arg-type, call-arg]


def sheet() -> str:
    return '\n'.join(backup.recovery_keys().lines)


def place(house: House) -> Place:
    return Place('member', 'note', UUID(int=7), house.organization_id)


async def in_work(act: Callable[[Work], Awaitable[bytes]]) -> bytes:
    done: bytes = await run_as_service(act)(COMMAND)
    return done


async def archive_of(house: House, here: Settings) -> tuple[bytes, Path]:
    """A sealed value, and an archive that holds its key."""
    sealed = await in_work(lambda work: seal_value(work, 'DE89 3704 0044', place(house)))
    await write_checkpoints(COMMAND)
    return sealed, await backup.back_up(here, to=here.data_dir / f'{new_id().hex}.logbook')


async def restored(settings: Settings, made: Path, keys: str | None, **more: bool) -> backup.Restored:
    await databases.disconnect()
    install(None)
    done = await backup.restore(settings, made, key=keys, **more)  # type: ignore[arg-type]
    config.configure(settings)
    databases.connect(settings.database)
    return done


async def test_archive_and_sheet_are_enough_on_a_new_computer(house: House, here: Settings, tmp_path: Path) -> None:
    sealed, made = await archive_of(house, here)
    before, signer = sheet(), audit.public_key()
    new = there(tmp_path / 'new')
    done = await restored(new, made, f'Written off by hand:\n{before}\n')
    assert (done.is_done, done.signs_anew, done.kept) == (True, True, None)
    assert await in_work(lambda work: open_value(work, sealed, place(house))) == b'DE89 3704 0044'
    assert all(verdict.is_intact for verdict in await verify_all())
    assert sum(verdict.checkpoints for verdict in await verify_all()) > 0
    rows = (await audit.list_entries(house.chief, ListQuery())).rows
    assert any('a new one signs from now on' in row.reason for row in rows)
    assert audit.public_key() != signer
    assert signer in backup.recovery_keys().audit
    assert backup.recovery_keys().backup[0] in before
    assert {path.stat().st_mode & 0o077 for path in new.secrets_dir.iterdir()} == {0}
    await write_checkpoints(COMMAND)
    again = there(tmp_path / 'again')
    assert (await restored(again, await backup.back_up(new), sheet())).is_done
    assert all(verdict.is_intact for verdict in await verify_all())


async def test_every_file_that_is_made_among_the_keys_is_for_its_owner_alone(
    house: House, here: Settings, tmp_path: Path
) -> None:
    before = os.umask(0)
    try:
        _sealed, made = await archive_of(house, here)
        keys = sheet()
        await rotate_master_key(here)
        begin_kek_rotation(installed())
        trust([audit.public_key(), verifier_key(Ed25519PrivateKey.generate().public_key())])
        new = there(tmp_path / 'new')
        await restored(new, made, keys)
        await write_checkpoints(COMMAND)
    finally:
        os.umask(before)
    for settings, names in ((here, {*KEY_NAMES, LAST_CHECKPOINTS}), (new, {*KEY_NAMES, LAST_CHECKPOINTS} - {NEXT_KEK})):
        modes = {path.name: path.stat().st_mode & 0o777 for path in settings.secrets_dir.iterdir()}
        assert names <= set(modes)
        assert {name: mode for name, mode in modes.items() if mode != 0o600} == {}
    assert any(path.name.startswith('kek.old-') for path in here.secrets_dir.iterdir())


@pytest.mark.parametrize('lacks', ['backup', 'master', 'audit', 'wrong', 'damaged', 'all'])
async def test_what_is_not_enough_is_refused_and_leaves_nothing(
    house: House, here: Settings, tmp_path: Path, lacks: str
) -> None:
    _sealed, made = await archive_of(house, here)
    keys = backup.recovery_keys()
    lines = [line for line in keys.lines if lacks not in line.split('-')[1]]
    if lacks == 'wrong':
        install(open_secrets(tmp_path / 'other', database_exists=False))
        lines = [*keys.backup, *backup.recovery_keys().master, *keys.audit]
    if lacks == 'damaged':
        lines = [*keys.backup, keys.master[0][:-1], *keys.audit]
    new = there(tmp_path / 'new')
    for check_only in (True, False):
        with pytest.raises(Invalid) as refused:
            await restored(new, made, None if lacks == 'all' else '\n'.join(lines), check_only=check_only)
        assert refused.value.message.count('\n') == 0
        assert not new.data_dir.exists()


async def test_checking_on_a_new_computer_writes_nothing(house: House, here: Settings, tmp_path: Path) -> None:
    _sealed, made = await archive_of(house, here)
    new = there(tmp_path / 'new')
    assert not (await restored(new, made, sheet(), check_only=True)).is_done
    assert not new.data_dir.exists()


async def test_the_keys_of_a_logbook_begun_meanwhile_are_kept_aside(
    house: House, here: Settings, tmp_path: Path
) -> None:
    sealed, made = await archive_of(house, here)
    keys, new = sheet(), there(tmp_path / 'new')
    new.data_dir.mkdir(mode=0o700)
    open_secrets(new.secrets_dir, database_exists=False)
    (new.secrets_dir / 'audit.last').write_text('of another log')
    old = (new.secrets_dir / 'kek').read_text()
    done = await restored(new, made, keys)
    assert done.kept is not None
    assert (done.kept / 'secrets' / 'kek').read_text() == old
    assert (done.kept / 'secrets' / 'audit.last').read_text() == 'of another log'
    assert (new.secrets_dir / 'session.key').exists()
    assert await in_work(lambda work: open_value(work, sealed, place(house))) == b'DE89 3704 0044'
    assert all(verdict.is_intact for verdict in await verify_all())


async def test_an_older_sheet_opens_what_was_made_before_the_master_key_was_replaced(
    house: House, here: Settings, tmp_path: Path
) -> None:
    sealed, made = await archive_of(house, here)
    older = sheet()
    await rotate_master_key(here)
    await write_checkpoints(COMMAND)
    newer = sheet()
    with pytest.raises(Invalid, match='older one'):
        await restored(there(tmp_path / 'refused'), made, newer)
    assert (await restored(there(tmp_path / 'new'), made, older)).is_done
    assert await in_work(lambda work: open_value(work, sealed, place(house))) == b'DE89 3704 0044'
    databases.connect(here.database)
    assert (await restored(here, made, None)).is_done  # the old master key lies beside the new one here
    assert await in_work(lambda work: open_value(work, sealed, place(house))) == b'DE89 3704 0044'
    assert any(verdict.gaps for verdict in await verify_all())  # what came after the backup is not hidden


async def test_a_master_key_in_the_environment_must_be_that_of_the_backup(
    house: House, here: Settings, tmp_path: Path
) -> None:
    _sealed, made = await archive_of(house, here)
    keys, own = sheet(), (here.secrets_dir / 'kek').read_text().strip()
    open_secrets(tmp_path / 'other', database_exists=False)
    with pytest.raises(Invalid, match='LOGBOOK_KEK'):
        await restored(there(tmp_path / 'new', kek=(tmp_path / 'other' / 'kek').read_text().strip()), made, keys)
    new = there(tmp_path / 'new', kek=own)
    assert (await restored(new, made, keys)).is_done
    assert not (new.secrets_dir / 'kek').exists()

"""A new master key: interrupted anywhere, nothing that was sealed is lost."""

import asyncio
import base64
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

import pytest

from data.core import new_id
from data.database import Database, connect, database, disconnect
from logic.audit import memory
from logic.audit.append import append
from logic.audit.keeping import write_checkpoints
from logic.audit.verify import verify_all
from logic.core.actor import Actor
from logic.core.config import Settings
from logic.core.recording import EntryDraft
from logic.core.secrets import Place, install, installed, open_secrets, open_value, seal_value
from logic.core.secrets.keys import old_name
from logic.core.work import Work
from logic.master_key import BATCH, rotate_master_key
from tests.benchmarks.served import HOME, environment
from tests.conftest import run_as_service
from tests.logic.audited import KIM, NOON, ORGANIZATION, raw

SYSTEM = Actor.system()
PLACE = Place('sealed', 'value', UUID('0193a000-0000-7000-8000-0000000000cc'))
PEOPLE = 2 * BATCH + 10


@pytest.fixture
async def sealed(database: Database) -> bytes:
    """A value that is sealed, and a log about more people than one batch wraps."""
    return await seal()


async def seal() -> bytes:
    drafts = [
        EntryDraft('members.add_member', 'Member', new_id(), 1, {}, {'name': (None, f'Person {n}')}, new_id())
        for n in range(PEOPLE)
    ]
    async with database().write(ORGANIZATION) as session:
        await append(session, KIM, ORGANIZATION, drafts, NOON)
        await session.commit()
    await write_checkpoints(SYSTEM)
    return await run_as_service(_seal)(SYSTEM)


async def _seal(work: Work) -> bytes:
    return await seal_value(work, 'DE89 3704 0044', PLACE)


def settings(folder: Path, kek: bytes | None = None) -> Settings:
    given = {} if kek is None else {'kek': base64.b64encode(kek).decode()}
    return Settings(_env_file=None, data_dir=folder, **given)  # type: ignore[call-arg]


def started_anew(folder: Path, kek: bytes | None = None) -> None:
    """Read the keys from their files, as the next start does."""
    text = None if kek is None else base64.b64encode(kek).decode()
    install(open_secrets(folder / 'secrets', database_exists=True, kek=text))
    memory.forget_all()


async def all_opens(value: bytes) -> bool:
    async def _open(work: Work) -> bytes:
        return await open_value(work, value, PLACE)

    intact = [verdict for verdict in await verify_all() if verdict.is_intact and verdict.erased == 0]
    return await run_as_service(_open)(SYSTEM) == b'DE89 3704 0044' and len(intact) == len(await verify_all())


async def test_a_new_master_key_opens_everything_and_the_old_one_nothing(secrets: Path, sealed: bytes) -> None:
    before, seen = installed(), []
    said = await rotate_master_key(settings(secrets), seen.append)
    assert seen == sorted(seen)
    assert len(seen) == 4  # three batches and the end
    started_anew(secrets)
    assert installed().kek != before.kek
    assert installed().old_kek is None
    assert await all_opens(sealed)
    kept = secrets / 'secrets' / old_name(before.kek)
    assert base64.b64decode(kept.read_text()) == before.kek
    assert str(kept) in said[1]
    assert [row.action for row in await raw("SELECT action FROM audit_entry WHERE object_type = 'MasterKey'")] == [
        'master_key.note_rotation'
    ]
    install(before)
    memory.forget_all()
    assert any(not verdict.is_intact for verdict in await verify_all())


async def test_a_rotation_that_broke_off_loses_nothing_and_goes_on(secrets: Path, sealed: bytes) -> None:
    class Cut(Exception):
        pass

    def cut(_: float) -> None:
        raise Cut

    before = installed()
    with pytest.raises(Cut):
        await rotate_master_key(settings(secrets), cut)
    started_anew(secrets)
    halfway = installed()
    assert halfway.old_kek == before.kek
    assert await all_opens(sealed)
    await rotate_master_key(settings(secrets))
    started_anew(secrets)
    assert (installed().kek, installed().old_kek) == (halfway.kek, None)
    assert await all_opens(sealed)


async def test_a_master_key_from_the_environment_is_replaced_by_the_operator(secrets: Path, sealed: bytes) -> None:
    old = installed().kek
    (secrets / 'secrets' / 'kek').unlink()
    started_anew(secrets, old)
    for _ in range(2):  # the second time nothing was done yet
        said = await rotate_master_key(settings(secrets, old))
        assert 'LOGBOOK_KEK still holds the old one' in said[1]
        started_anew(secrets, old)
        assert await all_opens(sealed)
    new = base64.b64decode((secrets / 'secrets' / 'kek.next').read_text())
    started_anew(secrets, new)
    assert 'in force' in (await rotate_master_key(settings(secrets, new)))[0]
    started_anew(secrets, new)
    assert not (secrets / 'secrets' / 'kek.next').exists()
    assert len(installed().keks) == 1
    assert await all_opens(sealed)


async def test_the_command_may_be_killed_at_any_moment(secrets: Path, backend: str, template: Path) -> None:
    if backend != 'sqlite':
        pytest.skip('The command of this test works on the file of the data folder.')
    address = f'sqlite+aiosqlite:///{shutil.copy(template, secrets / "logbook.db")}'
    connect(address)
    value, before = await seal(), installed().kek
    await disconnect()
    await asyncio.to_thread(rotate_and_kill, secrets)
    connect(address)
    started_anew(secrets)
    assert installed().kek != before
    assert installed().old_kek is None
    assert await all_opens(value)
    await disconnect()


def rotate_and_kill(folder: Path) -> None:
    """Kill the command soon after it has begun, three times, and let it come to its end."""
    for wait in (0.0, 0.03, 0.1):
        process = rotation(folder)
        while process.poll() is None and not (folder / 'secrets' / 'kek.next').exists():
            time.sleep(0.001)
        time.sleep(wait)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert rotation(folder).wait(60) == 0


def rotation(folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, 'main.py', 'rotate-keys']
    return subprocess.Popen(command, cwd=HOME, env=environment(folder, 8080), stdout=subprocess.DEVNULL)

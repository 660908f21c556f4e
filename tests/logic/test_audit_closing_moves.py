"""A closed part goes where its log goes: to another Logbook, and back in time with a backup."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from data import database as databases
from data.core import now
from data.database import Database
from data.organizations import Organization
from logic import arrival
from logic.audit import export_log, log_state, memory, notice_restores
from logic.audit import write_checkpoints as checkpoints
from logic.core import config
from logic.core.actor import Actor
from logic.core.work import Work
from logic.export import export_organization
from tests.conftest import run_as_service
from tests.logic.audited import raw, verdict, write
from tests.logic.test_arrival import elsewhere
from tests.logic.test_audit_closing import (
    OLD,
    RECENT,
    SYSTEM,
    close,
    department,
    part_file,
    run,
    stored_part,
)


@pytest.fixture(autouse=True)
def storage(secrets: Path) -> Iterator[None]:
    """A file store of this test's own."""
    config.configure(config.Settings(_env_file=None, data_dir=secrets))  # type: ignore[call-arg]
    yield
    config.configure(None)


async def grow() -> None:
    await department(years=2)
    await write(300, at=OLD)
    await checkpoints(Actor.system())
    await write(90, at=RECENT)
    await checkpoints(Actor.system())


async def test_a_department_that_moves_takes_its_closed_parts_along(
    database: Database, tmp_path: Path, template: Path, backend: str
) -> None:
    async def _organization(work: Work) -> Organization:
        return await work.get(Organization, work.organization_id)

    await grow()
    await close()
    await checkpoints(Actor.system())
    archive = tmp_path / 'all.zip'
    await export_organization(await run_as_service(_organization)(SYSTEM), archive)
    before = await stored_part()
    await elsewhere(tmp_path / 'there', template, backend)
    await arrival.import_department(archive)
    await checkpoints(Actor.system())
    found = await verdict()
    assert found.is_intact, found.lines()
    assert (found.closed, found.parts) == (256, 1)
    assert (await log_state(SYSTEM)).parts[0].sha256 == before.sha256
    code, said = run(await part_file(tmp_path))
    assert code == 0, said
    await write(300)
    code, said = run(await export_log(SYSTEM, folder=tmp_path))
    assert code == 0, said
    [row] = await raw('SELECT MIN(position) AS least, COUNT(*) AS many FROM audit_tile WHERE level = 0')
    assert (row.least, row.many) == (0, found.size // 256 + 1)


def put_back(backup: Path, path: Path) -> None:
    """Put a copied database into the place of one that is closed."""
    for leftover in ('-wal', '-shm'):
        Path(f'{path}{leftover}').unlink(missing_ok=True)
    shutil.copy(backup, path)


async def test_a_backup_from_before_a_closing_goes_on_with_its_texts_and_is_closed_again(
    database: Database, tmp_path: Path, backend: str
) -> None:
    if backend != 'sqlite':
        pytest.skip('a copied file stands for the backup')
    await grow()
    path = database.path
    assert path is not None
    await databases.disconnect()
    shutil.copy(path, tmp_path / 'backup.db')
    databases.connect(f'sqlite+aiosqlite:///{path}')
    await close()
    await checkpoints(Actor.system())
    await databases.disconnect()
    put_back(tmp_path / 'backup.db', path)
    databases.connect(f'sqlite+aiosqlite:///{path}')
    memory.forget_all()
    assert await notice_restores(Actor.system())
    await checkpoints(Actor.system())
    found = await verdict()
    assert found.is_intact, found.lines()
    assert found.closed == 0
    assert found.gaps
    await write(3, at=now())
    await close()
    found = await verdict()
    assert found.is_intact, found.lines()
    assert found.closed == 256

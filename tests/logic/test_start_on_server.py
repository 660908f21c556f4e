"""An upgrade of a database server that stops halfway says what to do: go on from there, or go back with the old one."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from data import database as databases
from data import schema
from logic import backup, organizations, start
from logic.core import config
from logic.core.config import Settings
from logic.organizations import CompanyInput
from tests.conftest import House
from tests.servers import ask

pytestmark = pytest.mark.mariadb
TRIAL = """import sqlalchemy as sa
from alembic import op

revision = '9001'
down_revision = '{head}'
branch_labels = depends_on = None

def upgrade():
    op.add_column('company', sa.Column('trial', sa.Integer, nullable=False, server_default='0'))
    op.execute('UPDATE company SET trial = trial + 1')
    op.create_index('uq_company_trial', 'company', ['organization_id'], unique=True)
"""


@pytest.fixture
def backend() -> str:
    return 'mariadb'


@pytest.fixture
async def settings(house: House, secrets: Path) -> AsyncIterator[Settings]:
    """An installation with two companies, which the migration of these tests does not allow."""
    await organizations.add_company(house.chief, CompanyInput(name='Ambulance Inc.'))
    url = databases.database().url.render_as_string(hide_password=False)
    plain = Settings(_env_file=None, data_dir=secrets, database_url=None)  # type: ignore[call-arg]
    yield plain.model_copy(update={'database_url': url})
    config.configure(None)


@pytest.fixture
def newer(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The next version of the program, with one more migration."""
    folder = tmp_path / 'migrations'
    shutil.copytree(schema.MIGRATIONS, folder, ignore=shutil.ignore_patterns('__pycache__'))
    (folder / 'versions' / '9001_trial.py').write_text(TRIAL.format(head=schema.head()))
    with monkeypatch.context() as patched:
        patched.setattr(schema, 'MIGRATIONS', folder)
        schema.revisions.cache_clear()
        yield patched
    schema.revisions.cache_clear()


async def refused(settings: Settings) -> str:
    with pytest.raises(start.Refused) as error:
        async with start.opened(settings):
            pass
    return str(error.value)


def copies(settings: Settings) -> list[Path]:
    return list((settings.data_dir / 'backups').glob('*before-upgrade*'))


async def test_it_goes_on_where_it_stopped_once_the_cause_is_gone(
    settings: Settings, newer: pytest.MonkeyPatch
) -> None:
    before = schema.revisions()['9001']
    said = await refused(settings)
    (made,) = copies(settings)
    assert said.startswith(
        f'The upgrade of the database stopped halfway, after schema {before}: (1062, "Duplicate entry'
    )
    assert 'start Logbook again' in said
    assert said.endswith(f'python main.py restore {made}')
    assert '\n' not in said
    assert await refused(settings) == said
    assert copies(settings) == [made], 'another copy was made, of a database that is half done'
    await ask(settings.database, "DELETE FROM company WHERE name = 'Ambulance Inc.'")
    async with start.opened(settings):
        assert await start.stored_revision(settings) == '9001'
    assert await ask(settings.database, 'SELECT DISTINCT trial FROM company') == [(1,)]
    assert not (settings.data_dir / start.UPGRADE_MARK).exists()
    await ask(settings.database, 'ALTER TABLE company DROP INDEX uq_company_trial, DROP COLUMN trial')
    await ask(settings.database, 'UPDATE alembic_version SET version_num = :before', before=before)


async def test_the_version_before_puts_back_what_was_there(settings: Settings, newer: pytest.MonkeyPatch) -> None:
    await refused(settings)
    assert await schema.is_half_migrated(settings.database)
    newer.undo()
    schema.revisions.cache_clear()
    (made,) = copies(settings)
    done = await backup.restore(settings, made)
    assert done.is_done
    assert all(verdict.is_intact for verdict in done.verdicts)
    assert not await schema.is_half_migrated(settings.database)
    assert (await ask(settings.database, 'SELECT COUNT(*) FROM company')) == [(2,)]
    async with start.opened(settings):
        assert await start.stored_revision(settings) == schema.head()

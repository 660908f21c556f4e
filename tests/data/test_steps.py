"""A migration that stops or dies on MariaDB, which undoes no change of a table, goes on from there the next time."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from data import schema
from tests.servers import ask

pytestmark = pytest.mark.mariadb
HEAD = "revision = '{own}'\ndown_revision = {before}\nbranch_labels = depends_on = None\n"
BEGIN = """import sqlalchemy as sa
from alembic import op

def upgrade():
    op.create_table('pump', sa.Column('id', sa.Integer, primary_key=True), sa.Column('name', sa.String(20)))
    pump = sa.table('pump', sa.column('id'), sa.column('name'))
    op.bulk_insert(pump, [{'id': 1, 'name': 'A'}, {'id': 2, 'name': SECOND}])
"""
GO_ON = """import sqlalchemy as sa
from alembic import op

def upgrade():
    with op.batch_alter_table('pump') as table:
        table.add_column(sa.Column('starts', sa.Integer, nullable=False, server_default='0'))
    op.execute('UPDATE pump SET starts = starts + 1')
    hose = op.create_table('hose', sa.Column('id', sa.Integer, primary_key=True), sa.Column('pump_id', sa.Integer))
    op.execute('INSERT INTO hose (id, pump_id) SELECT id + (SELECT COUNT(*) FROM hose), id FROM pump')
    op.create_foreign_key('fk_hose_pump_id', 'hose', 'pump', ['pump_id'], ['id'])
    op.create_index('uq_pump_name', 'pump', ['name'], unique=True)
    op.execute('UPDATE pump SET starts = starts + 10')
"""


class Died(BaseException):
    """The process ends here."""


@pytest.fixture
def second() -> str:
    """The name of the second pump: one that the first has already stops the second migration."""
    return 'A'


@pytest.fixture
def migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, second: str) -> Iterator[Path]:
    """Two migrations of our own."""
    folder = tmp_path / 'migrations'
    (folder / 'versions').mkdir(parents=True)
    for name in ('env.py', 'script.py.mako'):
        shutil.copy(schema.MIGRATIONS / name, folder)
    (folder / 'versions' / '0001_begin.py').write_text(
        HEAD.format(own='0001', before=None) + BEGIN.replace('SECOND', repr(second))
    )
    (folder / 'versions' / '0002_go_on.py').write_text(HEAD.format(own='0002', before="'0001'") + GO_ON)
    monkeypatch.setattr(schema, 'MIGRATIONS', folder)
    schema.revisions.cache_clear()
    yield folder
    schema.revisions.cache_clear()


async def assert_whole(url: str) -> None:
    assert await schema.stored_revision(url) == '0002'
    assert not await schema.is_half_migrated(url)
    assert await ask(url, 'SELECT starts FROM pump ORDER BY id') == [(11,), (11,)]
    assert await ask(url, 'SELECT id, pump_id FROM hose ORDER BY id') == [(1, 1), (2, 2)]
    assert 'uq_pump_name' in str(await ask(url, 'SHOW CREATE TABLE pump'))
    assert 'fk_hose_pump_id' in str(await ask(url, 'SHOW CREATE TABLE hose'))


async def test_a_migration_that_fails_goes_on_where_it_stopped_once_the_cause_is_gone(
    mariadb_url: str, migrations: Path
) -> None:
    for _ in range(2):
        with pytest.raises(sa.exc.IntegrityError, match='Duplicate entry'):
            await schema.migrate(mariadb_url)
        assert await schema.stored_revision(mariadb_url) == '0001'
        assert await schema.is_half_migrated(mariadb_url)
    await ask(mariadb_url, "UPDATE pump SET name = 'B' WHERE id = 2")
    await schema.migrate(mariadb_url)
    await assert_whole(mariadb_url)


@pytest.mark.parametrize('second', ['B'])
async def test_a_migration_is_completed_by_the_next_start_wherever_it_dies(mariadb_url: str, migrations: Path) -> None:
    moments = [0]

    def die(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        moments[0] -= 1
        if moments[0] == 0:
            raise Died(statement)

    sa.event.listen(sa.Engine, 'after_cursor_execute', die)
    try:
        for moment in range(1, 100, 2):  # 2 and the 3 statements of a step have no common divisor
            moments[0] = 0
            await ask(mariadb_url, 'DROP TABLE IF EXISTS hose, pump, alembic_version, alembic_step')
            moments[0] = moment
            try:
                await schema.migrate(mariadb_url)
            except Died:
                moments[0] = 0
                await schema.migrate(mariadb_url)
                await assert_whole(mariadb_url)
            else:
                break
    finally:
        sa.event.remove(sa.Engine, 'after_cursor_execute', die)
    assert moment > 25, 'it died before the end only'
    await assert_whole(mariadb_url)

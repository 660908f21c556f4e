"""Migrations: known by their files, run once also when several nodes start together, and never over a newer schema."""

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import create_async_engine

from data import schema


def test_revisions_are_read_from_files_as_alembic_reads_them() -> None:
    scripts = ScriptDirectory.from_config(schema.configuration())
    assert schema.revisions() == {script.revision: script.down_revision for script in scripts.walk_revisions()}
    assert schema.head() == scripts.get_current_head()


async def test_an_empty_database_has_no_revision_and_a_migrated_one_the_head(tmp_path: Path) -> None:
    url = f'sqlite+aiosqlite:///{tmp_path / "x.db"}'
    assert await schema.stored_revision(url) is None
    await schema.migrate(url)
    assert await schema.stored_revision(url) == schema.head()


async def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    url = f'sqlite+aiosqlite:///{tmp_path / "x.db"}'
    await schema.migrate(url)
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    await engine.dispose()
    with pytest.raises(schema.NewerSchema, match='newer Logbook'):
        await schema.migrate(url)


async def test_nodes_that_start_together_migrate_once(mariadb_url: str) -> None:
    await asyncio.gather(*(schema.migrate(mariadb_url) for _ in range(3)))
    assert await schema.stored_revision(mariadb_url) == schema.head()

"""Bytes of removed and of never adopted files go, all others stay and are proven."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from data.database import EVERYWHERE, database
from data.files import StoredFile
from data.work import JobRow
from logic import storage
from logic.core import config, files
from logic.core.actor import Actor
from logic.core.config import Settings
from logic.core.jobs import Runner
from tests.conftest import run_as_service
from tests.logic.test_files import put
from tests.logic.test_jobs import enqueue


@pytest.fixture(autouse=True)
def folder(secrets: Path) -> Iterator[Path]:
    config.configure(Settings(_env_file=None, data_dir=secrets))  # type: ignore[call-arg]
    yield secrets / 'files'
    config.configure(None)


def objects(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob('*') if path.is_file()}


async def test_only_old_strays_and_long_removed_files_are_swept(member: Actor, folder: Path) -> None:
    kept, recent, old = [await put(member, content) for content in (b'kept', b'just removed', b'removed long ago')]
    for row in (recent, old):
        await run_as_service(files.remove)(member, row.id)
    async with database().write(EVERYWHERE) as session:
        stored = await session.get(StoredFile, old.id)
        assert stored is not None
        assert stored.deleted_at is not None
        stored.deleted_at -= files.KEPT_AFTER_REMOVAL * 2
        session.add(stored)
        await session.commit()
    young = await files.stage(b'a form is still open', allowed=files.DOCUMENTS)
    stray = await files.stage(b'nobody took it', allowed=files.DOCUMENTS)
    os.utime(folder / stray.object_name, (time.time() - 200_000,) * 2)
    await enqueue(None, storage.sweep)
    await Runner().run_until_idle()
    assert objects(folder) == {kept.object_name, recent.object_name, young.object_name}
    async with database().read(EVERYWHERE) as session:
        assert {row.id for row in await session.exec(select(StoredFile))} == {kept.id, recent.id}


async def test_a_spoilt_and_a_missing_file_are_found(member: Actor, folder: Path) -> None:
    sound, spoilt, missing = [await put(member, content) for content in (b'sound', b'spoilt', b'missing')]
    (folder / spoilt.object_name).write_bytes(b'Spoilt')
    (folder / missing.object_name).unlink()
    job_id = await enqueue(None, storage.prove)
    await Runner().run_until_idle()
    async with database().read(EVERYWHERE) as session:
        row = await session.get(JobRow, job_id)
    assert row is not None
    assert row.note == '3 files were read, 2 are missing or changed.'
    assert sound.id

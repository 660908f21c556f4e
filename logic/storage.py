"""Looking after stored files: bytes of removed files go, bytes nobody adopted go, and what is kept is proven whole."""

import asyncio
import hashlib
from datetime import timedelta
from uuid import UUID

import structlog
from sqlmodel import col, select

from data.core import now
from data.files import StoredFile
from logic.core import files
from logic.core.actor import Actor
from logic.core.domain import Domain
from logic.core.errors import NotFound
from logic.core.jobs import Run
from logic.core.service import SIGNED_IN, SYSTEM, query, service
from logic.core.work import Work

log = structlog.get_logger(__name__)
domain = Domain('storage', title='Files', icon='sym_o_folder', group='Platform')
UNADOPTED_KEPT = timedelta(days=1)
BATCH = 200


@query(SIGNED_IN)
async def get_file(work: Work, file_id: UUID) -> StoredFile:
    """Return a file that the actor may read: the domain that owns it decides. Raises NotFound, Denied."""
    return await files.open_file(work, file_id)


@query(SYSTEM)
async def _removed(work: Work) -> list[tuple[UUID, UUID, str]]:
    """Return files whose time in the bin is over: id, organization, object."""
    async with work.everywhere():
        rows = await work.all(
            select(StoredFile).where(col(StoredFile.deleted_at) < work.now - files.KEPT_AFTER_REMOVAL).limit(BATCH)
        )
    return [(row.id, row.organization_id, row.object_name) for row in rows]


@service(SYSTEM)
async def _forget(work: Work, file_id: UUID) -> None:
    """Delete the row of a removed file whose bytes are gone."""
    """Delete the row of a file whose bytes are gone."""
    row = await work.find(StoredFile, file_id)
    if row is not None and row.deleted_at is not None:
        await work.delete(row)


@query(SYSTEM)
async def _known(work: Work) -> set[str]:
    """Return the objects that files name."""
    """Return the names of all objects that a file names."""
    async with work.everywhere():
        return set(await work.all(select(col(StoredFile.object_name))))


@query(SYSTEM)
async def _kept(work: Work, skip: int) -> list[StoredFile]:
    """Return files that are not removed, a few hundred at a time."""
    async with work.everywhere():
        kept = select(StoredFile).where(col(StoredFile.deleted_at).is_(None)).order_by(col(StoredFile.id))
        return await work.all(kept.offset(skip).limit(BATCH))


@domain.job(schedule='45 3 * * *', instance=True, detached=True, attempts=3)
async def sweep(run: Run) -> None:
    """Delete the bytes of files that were removed 30 days ago, and bytes that no file has named for a day.

    Bytes go before their row: after a crash in between the row leads here again.
    """
    while removed := await _removed(run.actor):
        for file_id, organization_id, name in removed:
            await files.delete_objects([name])
            await _forget(Actor.system(organization_id), file_id)
    # Listed before the rows are read: what is adopted meanwhile is too young to go.
    found = [(name, at) async for name, _, at in files.list_objects()]
    known = await _known(run.actor)
    stray = [name for name, at in found if name not in known and at < now() - UNADOPTED_KEPT]
    await files.delete_objects(stray)
    if stray:
        log.info('storage.swept', count=len(stray))


@domain.job(schedule='0 5 * * 6', instance=True, detached=True, attempts=3)
async def prove(run: Run) -> None:
    """Read every file and compare it with the hash that was taken when it came."""
    checked, spoilt = 0, list[str]()
    while rows := await _kept(run.actor, checked):
        for row in rows:
            try:
                content = await files.read(row)
                digest = (await asyncio.to_thread(hashlib.sha256, content)).hexdigest()
            except NotFound:
                digest = ''
            if digest != row.sha256:
                spoilt.append(str(row.id))
                log.error('storage.spoilt', file_id=str(row.id), is_missing=not digest)
            checked += 1
        await run.progress(50, f'{checked} files were read.')
    await run.conclude(f'{checked} files were read, {len(spoilt)} are missing or changed.')

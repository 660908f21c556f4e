"""Looking after stored files: what waits goes to the store, what was removed goes, and what is kept is proven whole."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy import func
from sqlmodel import col, select

from data.core import now
from data.files import FileState, StoredFile
from data.work import JobRow, JobStatus
from logic.core import config, files
from logic.core.actor import Actor
from logic.core.domain import Domain
from logic.core.errors import NotFound, Unavailable
from logic.core.jobs import Run
from logic.core.language import later
from logic.core.service import SIGNED_IN, SYSTEM, query, service
from logic.core.work import Work

log = structlog.get_logger(__name__)
domain = Domain('storage', title='Files', icon='sym_o_folder', group='Platform')
UNADOPTED_KEPT = timedelta(days=1)
BATCH = 200
PROVED_FOR = timedelta(days=25)
SHARES = 4
"""A weekly run reads a quarter of all files, those first that were not read for longest."""
LEAST_SHARE = 1_000
PUSH_ATTEMPTS = 100_000
"""The job's wait grows to an hour, so it goes on for years: what waits is the only copy."""


@query(SIGNED_IN)
async def get_file(work: Work, file_id: UUID) -> StoredFile:
    """Return a file that the actor may read: the domain that owns it decides. Raises NotFound, Denied."""
    return await files.open_file(work, file_id)


# How the store does


@dataclass(frozen=True, slots=True)
class StoreState:
    """How the file store does, for administrators."""

    place: str
    fault: str
    """Why it does not answer; empty when it does."""
    file_count: int
    total_bytes: int
    waiting_count: int
    """Files that lie on this computer until the store answers."""
    faulty_count: int
    """Files whose bytes are missing or changed."""
    proved_at: datetime | None


_asked: dict[str, tuple[datetime, str]] = {}
ASKED_EVERY = timedelta(seconds=30)


@query(SYSTEM)
async def store_state(work: Work) -> StoreState:
    """Return how the store does; it is asked at most every half minute, and for at most five seconds."""
    settings = config.configured()
    if settings.storage not in _asked or work.now - _asked[settings.storage][0] > ASKED_EVERY:
        _asked[settings.storage] = (work.now, await files.answers(settings, 5))
    async with work.everywhere():
        live = select(func.count(), func.sum(col(StoredFile.size))).where(col(StoredFile.deleted_at).is_(None))
        count, size = await work.first(live)
        waiting = func.sum(sa.case((col(FileState.is_spooled), 1), else_=0))
        faulty = func.sum(sa.case((col(FileState.fault) != '', 1), else_=0))
        waits, spoilt, proved = await work.first(select(waiting, faulty, func.max(col(FileState.proved_at))))
    return StoreState(
        files.place_in_words(settings),
        _asked[settings.storage][1],
        count,
        int(size or 0),
        int(waits or 0),
        int(spoilt or 0),
        proved,
    )


# The store did not answer: what waits is sent later


@domain.on(files.Spooled)
async def _send_later(work: Work, event: files.Spooled) -> None:
    work.enqueue(push, event.file_id, key=f'push:{event.file_id}', run_at=work.now + timedelta(seconds=5))


@domain.job(detached=True, attempts=PUSH_ATTEMPTS)
async def push(run: Run, file_id: str) -> None:
    """Send a file that waits on this computer to the store. Sending twice changes nothing: name and bytes are one."""
    row = await _waiting(run.actor, UUID(file_id))
    if row is None:
        return
    path = files.spooled(row.object_name)
    if await asyncio.to_thread(path.is_file):
        await files.put(row.object_name, path)
    elif not await files.is_in_store(row.object_name):
        raise Unavailable('It waits on another computer, which will send it.')
    await _note_pushed(run.actor, row.id)
    await asyncio.to_thread(path.unlink, missing_ok=True)
    files.store_answered()
    await _hurry(Actor.system())
    log.info('storage.pushed', file_id=file_id)


@query(SYSTEM)
async def _waiting(work: Work, file_id: UUID) -> StoredFile | None:
    """Return a file if its bytes wait for the store."""
    waits = select(FileState).where(FileState.file_id == file_id, col(FileState.is_spooled))
    return await work.find(StoredFile, file_id) if await work.first(waits) else None


@service(SYSTEM)
async def _note_pushed(work: Work, file_id: UUID) -> None:
    """Note that the bytes of a file are in the store."""
    state = await work.first(select(FileState).where(FileState.file_id == file_id))
    if state is not None and state.is_spooled:
        state.is_spooled = False
        await work.emit(files.Pushed(await work.get(StoredFile, file_id)))


@service(SYSTEM)
async def _hurry(work: Work) -> None:
    """The store answers: let all that waits for it go now, whatever wait its failures have earned it."""
    async with work.everywhere():
        waiting = sa.update(JobRow).where(
            col(JobRow.name) == push.name, col(JobRow.status) == JobStatus.WAITING, col(JobRow.run_at) > work.now
        )
        await work.execute(waiting.values(run_at=work.now))


# Removed and abandoned bytes


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
    """Delete the row of a file whose bytes are gone."""
    row = await work.find(StoredFile, file_id)
    if row is not None and row.deleted_at is not None:
        await work.execute(sa.delete(FileState).where(col(FileState.file_id) == file_id))
        await work.delete(row)


@query(SYSTEM)
async def _known(work: Work) -> set[str]:
    """Return the names of all objects that a file names."""
    async with work.everywhere():
        return set(await work.all(select(col(StoredFile.object_name))))


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
    found = await asyncio.to_thread(files.objects_in_spool)
    found += [(name, at) async for name, _, at in files.list_objects()]
    known = await _known(run.actor)
    stray = [name for name, at in found if name not in known and at < now() - UNADOPTED_KEPT]
    await files.delete_objects(stray)
    abandoned = await asyncio.to_thread(files.sweep_incoming)
    if stray or abandoned:
        log.info('storage.swept', count=len(stray), abandoned=abandoned)


# Proof


@query(SYSTEM)
async def _to_prove(work: Work) -> list[StoredFile]:
    """Return this week's share of files, those first that were not read for longest."""
    async with work.everywhere():
        live = col(StoredFile.deleted_at).is_(None)
        count = await work.first(select(func.count()).select_from(StoredFile).where(live)) or 0
        unread = sa.or_(col(FileState.proved_at).is_(None), col(FileState.proved_at) < work.now - PROVED_FOR)
        waits = sa.func.coalesce(col(FileState.is_spooled), sa.false())
        statement = (
            select(StoredFile)
            .outerjoin(FileState, col(FileState.file_id) == col(StoredFile.id))
            .where(live, unread, sa.not_(waits))
            .order_by(col(FileState.proved_at).is_not(None), col(FileState.proved_at), col(StoredFile.id))
        )
        return await work.all(statement.limit(max(LEAST_SHARE, count // SHARES + 1)))


@service(SYSTEM)
async def _note_proofs(work: Work, proofs: Sequence[tuple[UUID, str]]) -> None:
    """Note of files of one organization that they were read, and what was wrong."""
    ids = [file_id for file_id, _ in proofs]
    known = {row.file_id: row for row in await work.all(select(FileState).where(col(FileState.file_id).in_(ids)))}
    for file in await work.all(select(StoredFile).where(col(StoredFile.id).in_(ids))):
        state = known.get(file.id) or work.add(FileState(file_id=file.id))
        state.proved_at, state.fault = work.now, dict(proofs)[file.id]


@domain.job(schedule='0 5 * * 6', instance=True, detached=True, attempts=3)
async def prove(run: Run) -> None:
    """Read a share of all files and compare each with the hash that was taken when it came."""
    rows, faulty = await _to_prove(run.actor), 0
    proofs: dict[UUID, list[tuple[UUID, str]]] = {}
    for number, row in enumerate(rows, 1):
        fault = await _fault_of(row)
        if fault:
            faulty += 1
            log.error('storage.spoilt', file_id=str(row.id), fault=fault)
        proofs.setdefault(row.organization_id, []).append((row.id, fault))
        if number % BATCH == 0 or number == len(rows):
            for organization_id, some in proofs.items():
                await _note_proofs(Actor.system(organization_id), some)
            proofs = {}
            await run.progress(100 * number // len(rows), f'{number} files were read.')
    await run.conclude(f'{len(rows)} files were read, {faulty} are missing or changed.')


MISSING = later('Its content is missing from the file store.')
CHANGED = later('Its content has changed since it came.')
"""Kept in English, said to whoever looks at the file."""


async def _fault_of(row: StoredFile) -> str:
    """Read a file and say what is wrong with it. Raises Unavailable: a store that is away has spoilt nothing."""
    found = hashlib.sha256()
    try:
        async for piece in files.stream(row):
            await asyncio.to_thread(found.update, piece)
    except NotFound:
        return str.__str__(MISSING)
    return '' if found.hexdigest() == row.sha256 else str.__str__(CHANGED)

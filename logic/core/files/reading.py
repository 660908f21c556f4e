"""Opening files: for whom their owner's domain lets, from the store, or from the spool while that does not answer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import IO
from uuid import UUID

import structlog

from data.files import StoredFile
from logic.core.config import Settings
from logic.core.errors import Conflict, NotFound
from logic.core.files.places import object_store, object_store_of, reach, spooled
from logic.core.work import Work

log = structlog.get_logger(__name__)
CHUNK = 256 * 1024
KEPT_AFTER_REMOVAL = timedelta(days=30)
LINK_LASTS = timedelta(minutes=5)

Reader = Callable[[Work, UUID], Awaitable[None]]
_readers: dict[str, Reader] = {}


def readable_by(owner_type: str) -> Callable[[Reader], Reader]:
    """Declare who may open files of this kind of owner: the decorated function gets the owner's id, and raises."""

    def declare(check: Reader) -> Reader:
        _readers[owner_type] = check
        return check

    return declare


async def open_file(work: Work, file_id: UUID) -> StoredFile:
    """Return a file that the actor may read. Raises NotFound, and what the owner's domain raises.

    A file whose owner's domain has declared no reader opens for the one who sent it, and for nobody else.
    """
    row = await work.get(StoredFile, file_id)
    if row.deleted_at is not None:
        raise NotFound('This file was removed.')
    check = _readers.get(row.owner_type)
    if check is not None and row.owner_id is not None:
        await check(work, row.owner_id)
    elif row.by_account_id is None or row.by_account_id != work.actor.account_id:
        raise NotFound('There is no such file.')
    return row


async def read(row: StoredFile) -> bytes:
    """Return the whole content of a file that `open_file` gave. Raises NotFound, Unavailable."""
    return b''.join([piece async for piece in stream(row)])


async def read_object(settings: Settings, name: str) -> bytes:
    """Return an object of an installation, also one that waits in its spool. Raises FileNotFoundError."""
    waiting = settings.data_dir / 'spool' / name
    if await asyncio.to_thread(waiting.is_file):
        return await asyncio.to_thread(waiting.read_bytes)
    answer = await object_store_of(settings).get_async(name)
    return bytes(await answer.bytes_async())


async def stream(row: StoredFile, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
    """Yield a file's content, or the bytes from `start` up to and without `end`, in pieces. Raises as `read`."""
    last = row.size if end is None else min(end, row.size)
    if start >= last:
        return
    local = await asyncio.to_thread(_open_spooled, row.object_name)
    if local is not None:
        with local:
            async for piece in _from_spool(local, start, last):
                yield piece
        return
    try:
        answer = await reach(object_store().get_async(row.object_name, options={'range': (start, last)}))
    except FileNotFoundError:
        log.error('files.lost', file_id=str(row.id))
        raise NotFound('The content of this file is missing from the file store.') from None
    pieces = aiter(answer.stream(min_chunk_size=CHUNK))
    while (piece := await reach(anext(pieces, b''))) != b'':
        yield bytes(piece)


def _open_spooled(name: str) -> IO[bytes] | None:
    try:
        return spooled(name).open('rb')
    except FileNotFoundError:
        return None


async def _from_spool(file: IO[bytes], start: int, last: int) -> AsyncIterator[bytes]:
    await asyncio.to_thread(file.seek, start)
    left = last - start
    while left and (piece := await asyncio.to_thread(file.read, min(CHUNK, left))):
        left -= len(piece)
        yield piece


async def signed_link(row: StoredFile) -> str:
    """Return an address of the store that opens a file for five minutes, for programs that fetch large ones.

    Raises Conflict where the store makes no such links, as a folder does.
    """
    from obstore import sign_async
    from obstore.store import AzureStore, GCSStore, S3Store

    place = object_store()
    if not isinstance(place, (S3Store, AzureStore, GCSStore)) or await asyncio.to_thread(
        spooled(row.object_name).exists
    ):
        raise Conflict('The file store makes no links of its own for this file. Download it from Logbook instead.')
    return str(await reach(sign_async(place, 'GET', row.object_name, LINK_LASTS)))


async def remove(work: Work, file_id: UUID) -> None:
    """Remove a file; its bytes are deleted 30 days later."""
    row = await work.get(StoredFile, file_id)
    row.deleted_at = row.deleted_at or work.now

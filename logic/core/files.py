"""Stored files: bytes under random names in a folder or object store, told by content, shown to whom the owner lets."""

import asyncio
import hashlib
import io
import secrets
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

import structlog
from sqlalchemy import func
from sqlmodel import col, select

from data.files import StoredFile
from logic.core import config
from logic.core.errors import Invalid, NotFound, Unavailable
from logic.core.work import Work

if TYPE_CHECKING:
    from obstore.store import ObjectStore

log = structlog.get_logger(__name__)
PNG, JPEG, WEBP, PDF, TEXT = 'image/png', 'image/jpeg', 'image/webp', 'application/pdf', 'text/plain'
OFFICE = 'application/vnd.openxmlformats-officedocument.'
XLSX, DOCX = f'{OFFICE}spreadsheetml.sheet', f'{OFFICE}wordprocessingml.document'
ODS, ODT = 'application/vnd.oasis.opendocument.spreadsheet', 'application/vnd.oasis.opendocument.text'
IMAGES = frozenset({PNG, JPEG, WEBP})
DOCUMENTS = IMAGES | {PDF, TEXT, XLSX, DOCX, ODS, ODT}
LARGEST_BYTES = 25_000_000
LARGEST_PIXELS = 50_000_000
LONGEST_SIDE = 2400
ORGANIZATION_BYTES = 20_000_000_000
MOST_UNPACKED_BYTES, MOST_ENTRIES = 200_000_000, 5_000
CHUNK = 256 * 1024
KEPT_AFTER_REMOVAL = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Staged:
    """Bytes that lie in the store, but belong to nobody yet: give them to a work within a day, or they are swept."""

    object_name: str
    media_type: str
    size: int
    sha256: str


Reader = Callable[[Work, UUID], Awaitable[None]]
_readers: dict[str, Reader] = {}


def readable_by(owner_type: str) -> Callable[[Reader], Reader]:
    """Declare who may open files of this kind of owner: the decorated function gets the owner's id, and raises."""

    def declare(check: Reader) -> Reader:
        _readers[owner_type] = check
        return check

    return declare


def media_type_of(content: bytes) -> str | None:
    """Return what bytes are by their content, one of DOCUMENTS, or None. Names and headers are never believed."""
    for start, kind in ((b'\x89PNG\r\n\x1a\n', PNG), (b'\xff\xd8\xff', JPEG), (b'%PDF-', PDF)):
        if content.startswith(start):
            return kind
    if content[:4] == b'RIFF' and content[8:12] == b'WEBP':
        return WEBP
    if content.startswith(b'PK\x03\x04'):
        return _office_type(content)
    head = content[:65_536]
    if head.startswith((b'\xff\xfe', b'\xfe\xff')):
        return TEXT
    if any(byte < 32 and byte not in b'\t\n\r\f' for byte in head) or b'\x7f' in head:
        return None
    # HTML, SVG and XML may hold scripts.
    return None if head.removeprefix(b'\xef\xbb\xbf').lstrip().startswith(b'<') else TEXT


def _office_type(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
                return None
            names = {entry.filename for entry in entries}
            for part, kind in (('xl/workbook.xml', XLSX), ('word/document.xml', DOCX)):
                if part in names and '[Content_Types].xml' in names:
                    return kind
            if 'mimetype' in names and archive.getinfo('mimetype').file_size < 200:
                told = archive.read('mimetype').decode('ascii', 'replace').strip()
                return told if told in (ODS, ODT) else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        return None
    return None


def clean_image(content: bytes, media_type: str, longest_side: int = LONGEST_SIDE) -> bytes:
    """Draw an image anew, upright and at most so large: what hid in it, place and camera among it, is gone.

    Raises Invalid for what is no image or has more than 50 million pixels.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    formats = {PNG: 'PNG', JPEG: 'JPEG', WEBP: 'WEBP'}
    try:
        with Image.open(io.BytesIO(content), formats=[formats[media_type]]) as opened:
            if opened.width * opened.height > LARGEST_PIXELS:
                raise Invalid('The picture is too large.', {'file': 'Send one of at most 50 million pixels.'})
            upright = ImageOps.exif_transpose(opened)
            mode = 'RGB' if media_type == JPEG else 'RGBA' if upright.has_transparency_data else 'RGB'
            drawn = upright.convert(mode)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Invalid('The picture is damaged.', {'file': 'Open it and save it anew, then send that.'}) from error
    drawn.thumbnail((longest_side, longest_side))
    drawn.info.clear()
    target = io.BytesIO()
    drawn.save(target, formats[media_type], **({} if media_type == PNG else {'quality': 88}))
    return target.getvalue()


@lru_cache(maxsize=4)
def _store(url: str) -> 'ObjectStore':
    from obstore.store import LocalStore, from_url

    if not url.startswith('file:'):
        return from_url(url)
    folder = folder_of(url)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return LocalStore(folder)


def folder_of(url: str) -> Path:
    """Return the folder of a file store on this machine."""
    return Path(unquote(urlsplit(url).path))


def object_store() -> 'ObjectStore':
    """Return the place where the bytes of files lie."""
    return object_store_of(config.configured())


def object_store_of(settings: config.Settings) -> 'ObjectStore':
    """Return the place where an installation's files lie."""
    return _store(settings.storage)


async def _reach(call: Awaitable[Any]) -> Any:
    """Wait for the store. Raises Unavailable when it does not answer, and FileNotFoundError."""
    try:
        return await asyncio.wait_for(call, 60)
    except FileNotFoundError:
        raise
    except Exception as error:
        log.warning('files.store_unreachable', error=str(error)[:300])
        raise Unavailable('The file store does not answer just now. Try again in a moment.') from error


async def stage(
    content: bytes, *, allowed: Collection[str], most_bytes: int = LARGEST_BYTES, longest_side: int = LONGEST_SIDE
) -> Staged:
    """Check bytes and put them into the store, outside of any transaction. Raises Invalid, Unavailable."""
    if not content:
        raise Invalid('The file is empty.', {'file': 'Choose a file that has something in it.'})
    if len(content) > most_bytes:
        raise Invalid('The file is too large.', {'file': f'Send at most {most_bytes / 1e6:.0f} MB.'})
    media_type = await asyncio.to_thread(media_type_of, content)
    if media_type is None or media_type not in allowed:
        raise Invalid('This kind of file is not taken here.', {'file': 'Send one of the kinds that are named.'})
    if media_type in IMAGES:
        content = await asyncio.to_thread(clean_image, content, media_type, longest_side)
    digest = await asyncio.to_thread(lambda: hashlib.sha256(content).hexdigest())
    token = secrets.token_hex(16)
    name = f'{token[:2]}/{token}'
    await _reach(object_store().put_async(name, content))
    return Staged(name, media_type, len(content), digest)


async def adopt(
    work: Work, staged: Staged, name: str, owner_type: str = '', owner_id: UUID | None = None
) -> StoredFile:
    """Make staged bytes a file of this organization. Raises Invalid when it has no room left."""
    used = await work.first(select(func.sum(col(StoredFile.size))).where(col(StoredFile.deleted_at).is_(None)))
    if (used or 0) + staged.size > ORGANIZATION_BYTES:
        raise Invalid('The department has used all of its room for files.', {'file': 'Remove files first.'})
    row = StoredFile(
        name=name[:200],
        media_type=staged.media_type,
        size=staged.size,
        sha256=staged.sha256,
        object_name=staged.object_name,
        owner_type=owner_type,
        owner_id=owner_id,
        by_account_id=work.actor.account_id,
    )
    work.add(row)
    await work.flush()
    return row


async def store(
    work: Work,
    name: str,
    content: bytes,
    *,
    allowed: Collection[str],
    owner_type: str = '',
    owner_id: UUID | None = None,
    longest_side: int = LONGEST_SIDE,
) -> StoredFile:
    """Check, stage and adopt in one step; with a store across a network, stage before the work begins instead."""
    staged = await stage(content, allowed=allowed, longest_side=longest_side)
    return await adopt(work, staged, name, owner_type, owner_id)


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
    try:
        answer = await _reach(object_store().get_async(row.object_name))
        return bytes(await _reach(answer.bytes_async()))
    except FileNotFoundError:
        log.error('files.lost', file_id=str(row.id))
        raise NotFound('The content of this file is missing from the file store.') from None


async def stream(row: StoredFile, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
    """Yield a file's content, or the bytes from `start` up to and without `end`, in pieces. Raises as `read`."""
    last = row.size if end is None else min(end, row.size)
    for position in range(start, last, CHUNK):
        try:
            piece = await _reach(
                object_store().get_range_async(row.object_name, start=position, end=min(position + CHUNK, last))
            )
        except FileNotFoundError:
            raise NotFound('The content of this file is missing from the file store.') from None
        yield bytes(piece)


async def remove(work: Work, file_id: UUID) -> None:
    """Remove a file; its bytes are deleted 30 days later."""
    row = await work.get(StoredFile, file_id)
    row.deleted_at = row.deleted_at or work.now


async def delete_objects(names: Collection[str]) -> None:
    """Delete objects for good; one that is gone already is no fault."""
    for name in names:
        try:
            await _reach(object_store().delete_async(name))
        except FileNotFoundError:
            continue


async def list_objects() -> AsyncIterator[tuple[str, int, datetime]]:
    """Yield name, size and time of every object in the store."""
    async for batch in object_store().list():
        for entry in batch:
            yield str(entry['path']), int(entry['size']), entry['last_modified']

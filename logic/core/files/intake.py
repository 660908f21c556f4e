"""Taking files: looked at, cleaned, sent to the store outside of any transaction, then given to a work."""

import asyncio
import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from data.files import FileState, StoredFile
from logic.core import config
from logic.core.errors import Invalid
from logic.core.files.images import LONGEST_SIDE, cleaned
from logic.core.files.kinds import IMAGES, LABELS, honest_name, media_type_of
from logic.core.files.places import arriving, put_or_spool
from logic.core.files.scanning import scan
from logic.core.formats import size_text
from logic.core.language import _
from logic.core.work import Work

LARGEST_BYTES = 25_000_000
LARGEST_ATTACHED_BYTES = 100_000_000
BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Staged:
    """Bytes that lie in the store, but belong to nobody yet: give them to a work within a day, or they are swept."""

    object_name: str
    media_type: str
    size: int
    sha256: str
    is_spooled: bool = False
    """They wait on this computer for the store, which did not answer."""

    def __str__(self) -> str:
        """What it is without its random name: the same file sent again under one key is the same request."""
        return f'{self.media_type} {self.size} {self.sha256}'


@dataclass(frozen=True, slots=True)
class Spooled:
    """A file was adopted whose bytes are not in the store yet."""

    file_id: UUID


@dataclass(frozen=True, slots=True)
class Pushed:
    """The bytes of a file have come into the store after all."""

    file: StoredFile


async def stage(
    content: bytes, *, allowed: Collection[str], most_bytes: int = LARGEST_BYTES, longest_side: int = LONGEST_SIDE
) -> Staged:
    """Check a few bytes and put them into the store, as `stage_file` does. Raises Invalid, Unavailable."""
    if len(content) > most_bytes:
        raise _too_large(most_bytes)
    with arriving() as file:
        await asyncio.to_thread(_write, file, content)
        return await stage_file(file, allowed=allowed, most_bytes=most_bytes, longest_side=longest_side)


async def stage_file(
    file: IO[bytes], *, allowed: Collection[str], most_bytes: int = LARGEST_BYTES, longest_side: int = LONGEST_SIDE
) -> Staged:
    """Check a file that `arriving` made and put it into the store, whatever its size in little memory.

    Pictures are drawn anew. `most_bytes` in bytes, `longest_side` in pixels. Raises Invalid, Unavailable.
    """
    size = await asyncio.to_thread(file.seek, 0, 2)
    if not size:
        raise Invalid('The file is empty.', {'file': 'Choose a file that has something in it.'})
    if size > most_bytes:
        raise _too_large(most_bytes)
    media_type = await asyncio.to_thread(media_type_of, file)
    if media_type is None or media_type not in allowed:
        wanted = ', '.join(sorted(str(LABELS[kind]) for kind in allowed))
        raise Invalid('This kind of file is not taken here.', {'file': _('Send one of: {kinds}.', kinds=wanted)})
    await scan(file)
    if media_type not in IMAGES:
        return await _put(file, media_type)
    content = await cleaned(file, media_type, longest_side)
    with arriving() as drawn:
        await asyncio.to_thread(_write, drawn, content)
        del content
        return await _put(drawn, media_type)


async def _put(file: IO[bytes], media_type: str) -> Staged:
    size, digest = await asyncio.to_thread(_digest, file)
    token = secrets.token_hex(16)
    name = f'{token[:2]}/{token}'
    is_there = await put_or_spool(name, Path(file.name))
    return Staged(name, media_type, size, digest, not is_there)


def _write(file: IO[bytes], content: bytes) -> None:
    file.write(content)
    file.flush()


def _digest(file: IO[bytes]) -> tuple[int, str]:
    file.flush()
    file.seek(0)
    found, size = hashlib.sha256(), 0
    while block := file.read(BLOCK):
        found.update(block)
        size += len(block)
    return size, found.hexdigest()


def _too_large(most_bytes: int) -> Invalid:
    size = size_text(most_bytes) if most_bytes >= 1_000_000 else _('{count} KB', count=round(most_bytes / 1000))
    return Invalid('The file is too large.', {'file': _('Send at most {size}.', size=size)})


def organization_bytes() -> int:
    """Return how many bytes of files each department may keep."""
    return config.configured().storage_quota_gb * 1_000_000_000


async def require_room(work: Work, size: int) -> None:
    """Raise Invalid unless this organization has room for so many bytes more."""
    used = await work.first(select(func.sum(col(StoredFile.size))).where(col(StoredFile.deleted_at).is_(None)))
    if int(used or 0) + size > organization_bytes():
        gigabytes = round(organization_bytes() / 1e9)
        reason = _('Remove files first, or ask an administrator for more than {count} GB.', count=gigabytes)
        raise Invalid('The department has used all of its room for files.', {'file': reason})


async def adopt(
    work: Work, staged: Staged, name: str, owner_type: str = '', owner_id: UUID | None = None
) -> StoredFile:
    """Make staged bytes a file of this organization. Raises Invalid when it has no room left."""
    await require_room(work, staged.size)
    row = StoredFile(
        name=honest_name(name, staged.media_type),
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
    if staged.is_spooled:
        work.add(FileState(file_id=row.id, is_spooled=True))
        await work.flush()
        await work.emit(Spooled(row.id))
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

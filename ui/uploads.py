"""Files that people send: streamed and counted, their kind told by what is in them, and only to whom a page offered it.

NiceGUI's own upload checks size and kind in the browser and asks for no cookie. Here a page offers one place for one
kind of file, `offer(handler, limit=..., kinds=...)`, and the address of that place works for its own session alone.
Routes of the API and of the front door call `receive(request, limit=..., kinds=...)` themselves.
"""

import asyncio
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import IO, Any
from urllib.parse import unquote

import structlog
from fastapi import APIRouter, Request
from nicegui import Client
from nicegui.context import context
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

from logic.core import files
from logic.core.actor import Actor
from logic.core.errors import Invalid, NotFound, TooMany
from logic.core.files import plain_name
from logic.core.formats import size_text
from logic.core.language import _
from ui.guard import actor_of, actor_of_request, require
from ui.middleware import allow_body

__all__ = ['DOCUMENTS', 'LARGEST_BYTES', 'PHOTOS', 'TABLES', 'Kind', 'Received', 'offer', 'plain_name', 'receive']
log = structlog.get_logger(__name__)

LARGEST_BYTES = files.LARGEST_ATTACHED_BYTES
ENVELOPE_BYTES = 20_000
"""What a form adds around its file: boundaries, names, a few fields."""
WRITTEN_BYTES = 256 * 1024
"""Gathered before they are written: a thread for each packet of the network would cost more than the writing."""
AT_ONCE = 3


class Kind(StrEnum):
    """What a file is, by its content; the value is the media type under which it is kept."""

    PNG = 'image/png'
    JPEG = 'image/jpeg'
    WEBP = 'image/webp'
    GIF = 'image/gif'
    PDF = 'application/pdf'
    TEXT = 'text/plain'
    """Text without markup: CSV, vCard, iCalendar, notes."""
    XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
    DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
    ODS = 'application/vnd.oasis.opendocument.spreadsheet'
    ODT = 'application/vnd.oasis.opendocument.text'
    HEIC = 'image/heic'
    ZIP = 'application/zip'
    MP4 = 'video/mp4'
    PPTX = 'application/vnd.openxmlformats-officedocument.presentationml.presentation'
    ODP = 'application/vnd.oasis.opendocument.presentation'

    @property
    def label(self) -> str:
        """Return the name that people use."""
        return files.LABELS[self.value]


PHOTOS = frozenset({Kind.PNG, Kind.JPEG, Kind.WEBP})
TABLES = frozenset({Kind.TEXT, Kind.XLSX, Kind.ODS})
DOCUMENTS = PHOTOS | TABLES | {Kind.PDF, Kind.DOCX, Kind.ODT}
ATTACHED = frozenset(Kind(kind) for kind in files.ATTACHED)


@dataclass(slots=True)
class Received:
    """A file that has arrived whole and is what it was asked to be. It is gone when the request ends."""

    name: str
    """What the sender called it, without folders: for people to read, never a path."""
    kind: Kind
    size: int
    file: IO[bytes]
    """In the data folder, closed to others."""
    fields: dict[str, str] = field(default_factory=dict)

    def read(self) -> bytes:
        """Return the whole content."""
        self.file.seek(0)
        return self.file.read()


async def receive(request: Request, *, limit: int, kinds: Collection[Kind]) -> Received:
    """Take one file from a request: as its body, or as the one file of a form.

    Stops reading at `limit` bytes: raises 413. Raises 415 when the content is of no kind in `kinds`, whatever it is
    called, and Invalid when there is no file. The route has to be let through by `middleware.allow_body` when the
    limit is above 1 MB. The caller closes `file`.
    """
    if request.headers.get('content-type', '').startswith('multipart/form-data'):
        name, file, fields = await _from_form(request, limit)
    else:
        name, file = unquote(request.headers.get('x-file-name', '')), await _from_body(request, limit)
        fields = dict(request.query_params)
    size = file.tell()
    try:
        if size == 0:
            raise Invalid('The file is empty.', {'file': 'Choose a file that has something in it.'})
        kind = await asyncio.to_thread(kind_of, file)
        if kind is None or kind not in kinds:
            wanted = ', '.join(sorted(str(k.label) for k in kinds))
            sentence = _('This is not a file of the kind asked for. It must be: {kinds}.', kinds=wanted)
            raise HTTPException(415, sentence)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return Received(plain_name(name), kind, size, file, fields)


async def _from_body(request: Request, limit: int) -> IO[bytes]:
    file, gathered = await asyncio.to_thread(files.arriving), bytearray()
    try:
        async for chunk in _counted(request, limit):
            gathered += chunk
            if len(gathered) >= WRITTEN_BYTES:
                await asyncio.to_thread(file.write, gathered)
                gathered = bytearray()
        await asyncio.to_thread(file.write, gathered)
    except BaseException:
        file.close()
        raise
    return file


class _Parser(MultiPartParser):
    """Writes the file of a form into the data folder, and not into the memory or a folder that others read."""

    def on_headers_finished(self) -> None:
        super().on_headers_finished()
        sent = self._current_part.file
        if sent is not None:
            sent.file.close()
            sent.file = file = files.arriving()  # type: ignore[assignment]
            self._files_to_close_on_error.append(file)  # type: ignore[arg-type]


async def _from_form(request: Request, limit: int) -> tuple[str, IO[bytes], dict[str, str]]:
    parser = _Parser(
        request.headers, _counted(request, limit, ENVELOPE_BYTES), max_files=1, max_fields=20, max_part_size=10_000
    )
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise Invalid(_('The form cannot be read: {reason}', reason=error.message)) from None
    sent = next((value for value in form.values() if isinstance(value, UploadFile)), None)
    if sent is None:
        raise Invalid('No file was sent.', {'file': 'Choose a file.'})
    if (sent.size or 0) > limit:
        await form.close()
        raise _too_large(limit)
    file: Any = sent.file
    file.seek(0, 2)
    fields = dict(request.query_params) | {name: value for name, value in form.items() if isinstance(value, str)}
    return sent.filename or '', file, fields


async def _counted(request: Request, limit: int, envelope: int = 0) -> AsyncGenerator[bytes, None]:
    seen = 0
    async for chunk in request.stream():
        seen += len(chunk)
        if seen > limit + envelope:
            raise _too_large(limit)
        yield chunk


def _too_large(limit: int) -> HTTPException:
    shown = size_text(limit) if limit >= 1_000_000 else _('{count} KB', count=round(limit / 1000))
    return HTTPException(413, _('The file is larger than {size}, the most that is taken here.', size=shown))


def announced_bytes(request: Request) -> int:
    """Return how long a request says that it is; 0 when it does not."""
    return int(request.headers.get('content-length', '0'))


def kind_of(file: IO[bytes]) -> Kind | None:
    """Return what a file is by its content, or None. Raises Invalid for an archive that unpacks to too much."""
    media_type = files.media_type_of(file)
    return None if media_type is None else Kind(media_type)


# ------------------------------------------------------------------------------------------------ places on a page

FileHandler = Callable[[Actor, Received], Awaitable[None]]
Before = Callable[[Actor, int, dict[str, str]], Awaitable[None]]
"""Gets the length that is announced and the fields of the address, and raises what need not be sent."""


@dataclass(slots=True)
class Place:
    """One place on one open page that takes files."""

    client: Client
    handler: FileHandler
    limit: int
    kinds: frozenset[Kind]
    permission: str | None
    before: Before | None = None
    arriving: int = 0


_places: dict[str, Place] = {}
router = APIRouter(include_in_schema=False)
allow_body('/uploads/{ticket}', LARGEST_BYTES + ENVELOPE_BYTES)


def offer(
    handler: FileHandler,
    *,
    limit: int,
    kinds: Collection[Kind],
    permission: str | None = None,
    before: Before | None = None,
) -> str:
    """Let the current page take files, and return the address to POST them to.

    `handler(actor, received)` runs inside the page, with the actor's rights at that moment; what it raises is answered
    as JSON. The place closes with the page. `limit` is in bytes, at most LARGEST_BYTES.
    """
    if limit > LARGEST_BYTES:
        raise ValueError(f'A place on a page takes at most {LARGEST_BYTES} bytes.')
    client, ticket = context.client, secrets.token_urlsafe(16)
    _places[ticket] = Place(client, handler, limit, frozenset(kinds), permission, before)
    client.on_delete(lambda: _places.pop(ticket, None))
    return f'/uploads/{ticket}'


def withdraw(address: str) -> None:
    """Close a place before its page closes, when what showed it is gone."""
    _places.pop(address.rpartition('/')[2], None)


@router.post('/uploads/{ticket}')  # allow LR14: the page that gave the ticket says who may
async def take(ticket: str, request: Request) -> dict[str, Any]:
    """Take a file for the page that offered the place, from the session that the page belongs to."""
    sender = await actor_of_request(request)
    place = _places.get(ticket)
    if place is None:
        raise NotFound('The page that asked for this file is closed. Open it again, then send the file once more.')
    actor = await actor_of(place.client)
    if actor.session_id != sender.session_id:
        log.warning('uploads.foreign_page', account=str(sender.account_id))
        raise NotFound('The page that asked for this file is closed. Open it again, then send the file once more.')
    require(actor, place.permission)
    if place.arriving >= AT_ONCE:
        raise TooMany('Wait until the files before this one have arrived.', retry_after_seconds=5)
    if place.before is not None:
        await place.before(actor, announced_bytes(request), dict(request.query_params))
    place.arriving += 1
    try:
        received = await receive(request, limit=place.limit, kinds=place.kinds)
        try:
            with place.client:
                await place.handler(actor, received)
        finally:
            received.file.close()
    finally:
        place.arriving -= 1
    return {'name': received.name, 'size': received.size, 'kind': received.kind.value}

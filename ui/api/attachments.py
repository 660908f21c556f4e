"""Files on records: listed, sent as a form or as the body, downloaded, removed and restored."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from pydantic import Field
from starlette.responses import Response

from logic import attachments
from logic.attachments import AttachedFile
from logic.core.service import SIGNED_IN
from ui import downloads, uploads
from ui.api.callers import Caller, CallerOnce
from ui.api.models import Given, Nothing, Shown
from ui.api.routing import PREFIX, delete, get, patch, post, secured
from ui.middleware import allow_body

RECORDS = {'members': 'Member', 'employees': 'Member', 'tasks': 'Task'}
"""The first part of an address, and the kind of record that it names."""
ON_RECORD = tuple(f'/{section}/{{record_id:uuid}}/attachments' for section in RECORDS)
ONE = tuple(f'{path}/{{attachment_id:uuid}}' for path in ON_RECORD)
for _path in ON_RECORD:
    allow_body(f'{PREFIX}{_path}', uploads.LARGEST_BYTES + uploads.ENVELOPE_BYTES)
FILE: dict[str, Any] = {
    'requestBody': {
        'required': True,
        'content': {
            'multipart/form-data': {
                'schema': {
                    'type': 'object',
                    'required': ['file'],
                    'properties': {'file': {'type': 'string', 'format': 'binary'}},
                }
            },
            'application/octet-stream': {'schema': {'type': 'string', 'format': 'binary'}},
        },
    }
}


class VersionItem(Shown):
    """One version of a file."""

    number: int
    media_type: Annotated[str, Field(description='Told by the content.')]
    size: Annotated[int, Field(description='Bytes.')]
    sha256: str
    by: str
    at: datetime
    is_waiting: Annotated[bool, Field(description='Its bytes wait for the file store; it opens as ever.')]


class AttachmentItem(Shown):
    """A file on a record, with its versions, the newest first."""

    id: UUID
    name: str
    removed_at: datetime | None
    may_change: bool
    versions: list[VersionItem]


class AttachmentList(Shown):
    """The files of a record, and those in the bin that the caller may restore."""

    items: list[AttachmentItem]
    removed: list[AttachmentItem]
    total: int


class LinkAnswer(Shown):
    """An address of the file store that opens one file for a few minutes, without signing in."""

    url: str
    name: str
    seconds: int


class SentParameters(Nothing):
    """What a file that is sent shall be."""

    version_of: Annotated[UUID | None, Field(description='The file of which it is a newer version.')] = None


class VersionParameters(Nothing):
    """Which version is meant."""

    number: Annotated[int | None, Field(ge=1, description='The newest, when left out.')] = None


class NameGiven(Given):
    """Another name for a file."""

    name: Annotated[str, Field(min_length=1, max_length=200, examples=['Hose test 2026.pdf'])]


def _record(request: Request) -> str:
    section = request.url.path.removeprefix(PREFIX).strip('/').partition('/')[0]  # allow LR6: only its own route's name
    return RECORDS[section]


@get(*ON_RECORD, permission=SIGNED_IN, response_model=AttachmentList)
async def list_attachments(caller: Caller, request: Request, record_id: UUID) -> object:
    """List the files of a record; whoever may discuss it sees them."""
    found = await attachments.list_attachments(caller, _record(request), record_id)
    return {'items': found.files, 'removed': found.removed, 'total': len(found.files)}


@post(
    *ON_RECORD,
    permission=SIGNED_IN,
    status_code=201,
    response_model=AttachmentItem,
    openapi_extra=FILE | secured(SIGNED_IN),
)
async def add_attachment(
    caller: CallerOnce, request: Request, record_id: UUID, given: Annotated[SentParameters, Query()]
) -> AttachedFile:
    """Attach a file: the one of a form, or the body itself with its name, percent-encoded, in `X-File-Name`."""
    record, most = _record(request), uploads.LARGEST_BYTES
    announced = min(uploads.announced_bytes(request), most)
    await attachments.check_attachable(caller.using(None), record, record_id, announced, given.version_of)
    received = await uploads.receive(request, limit=most, kinds=uploads.ATTACHED)
    with received.file as file:
        return await attachments.send(caller, record, record_id, received.name, file, version_of=given.version_of)


@get(*(f'{path}/content' for path in ONE), permission=SIGNED_IN, response_class=Response)
async def download_attachment(
    caller: Caller, request: Request, record_id: UUID, attachment_id: UUID, given: Annotated[VersionParameters, Query()]
) -> Response:
    """Download a file, or a part of it (`Range`); `If-None-Match` with its `ETag` spares what is known already."""
    await attachments.get_attachment(caller, attachment_id, _record(request), record_id)
    row, name = await attachments.open_attachment(caller, attachment_id, given.number)
    return await downloads.stored(request, row, name)


@get(*(f'{path}/link' for path in ONE), permission=SIGNED_IN, response_model=LinkAnswer)
async def link_attachment(
    caller: Caller, request: Request, record_id: UUID, attachment_id: UUID, given: Annotated[VersionParameters, Query()]
) -> object:
    """Get a link of the file store itself, for a program that fetches large files; 409 where the store makes none."""
    await attachments.get_attachment(caller, attachment_id, _record(request), record_id)
    url, name = await attachments.link_attachment(caller, attachment_id, given.number)
    return {'url': url, 'name': name, 'seconds': attachments.LINK_SECONDS}


@get(*ONE, permission=SIGNED_IN, response_model=AttachmentItem)
async def get_attachment(caller: Caller, request: Request, record_id: UUID, attachment_id: UUID) -> AttachedFile:
    """Get what is known of a file and its versions."""
    return await attachments.get_attachment(caller, attachment_id, _record(request), record_id)


@patch(*ONE, permission=SIGNED_IN, response_model=AttachmentItem)
async def rename_attachment(
    caller: Caller, request: Request, record_id: UUID, attachment_id: UUID, given: NameGiven
) -> AttachedFile:
    """Rename a file; its ending stays what its content is."""
    await attachments.get_attachment(caller, attachment_id, _record(request), record_id)
    await attachments.rename_attachment(caller, attachment_id, given.name)
    return await attachments.get_attachment(caller, attachment_id, _record(request), record_id)


@delete(*ONE, permission=SIGNED_IN, status_code=204)
async def remove_attachment(caller: Caller, request: Request, record_id: UUID, attachment_id: UUID) -> Response:
    """Put a file into the bin, where it stays for 30 days."""
    await attachments.get_attachment(caller, attachment_id, _record(request), record_id)
    await attachments.remove_attachment(caller, attachment_id)
    return Response(status_code=204)


@post(*(f'{path}/restore' for path in ONE), permission=SIGNED_IN, response_model=AttachmentItem)
async def restore_attachment(
    caller: CallerOnce, request: Request, record_id: UUID, attachment_id: UUID
) -> AttachedFile:
    """Take a file out of the bin."""
    record = _record(request)
    await attachments.get_attachment(caller.using(None), attachment_id, record, record_id, removed=True)
    await attachments.restore_attachment(caller, attachment_id)
    return await attachments.get_attachment(caller.using(None), attachment_id, record, record_id)

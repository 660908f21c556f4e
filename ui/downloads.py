"""Files and exports behind the session: every download is an authorised GET, sent so that no browser runs it."""

import re
from collections.abc import AsyncIterator
from urllib.parse import quote, urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response, StreamingResponse
from starlette.background import BackgroundTask

from data.files import StoredFile
from logic import attachments, audit, storage, tasks
from logic.core import files
from logic.core.listing import ListQuery
from logic.core.tabular import MEDIA_TYPES
from logic.members import exports
from logic.members.exports import Format
from ui.guard import actor_of_request

router = APIRouter(include_in_schema=False)
POLICY = "sandbox; default-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
HEADERS = {'X-Content-Type-Options': 'nosniff', 'Content-Security-Policy': POLICY}
INLINE = ('image/png', 'image/jpeg', 'image/webp')


def disposition(name: str, *, inline: bool = False) -> str:
    """Return a Content-Disposition for a user's file name (RFC 6266): it can neither break the header nor the path."""
    plain = ''.join(c if c.isascii() and c.isprintable() and c not in '"\\/%' else '_' for c in name)[:120] or 'file'
    return (
        f'{"inline" if inline else "attachment"}; filename="{plain}"; filename*=UTF-8\'\'{quote(name[:120], safe="")}'
    )


def members_export(written_as: Format, asked: ListQuery) -> str:
    """Return the address of an export of the directory as it is filtered now."""
    return f'/download/members.{written_as}?{_as_text(asked)}'


def expiring_export(written_as: Format, asked: ListQuery) -> str:
    """Return the address of an export of what expires, as it is filtered now."""
    return f'/download/expiring.{written_as}?{_as_text(asked)}'


def tasks_export(written_as: tasks.Format, asked: ListQuery) -> str:
    """Return the address of an export of the tasks that a question finds."""
    return f'/download/tasks.{written_as}?{_as_text(asked)}'


def _as_text(asked: ListQuery) -> str:
    values = [(name, ','.join(chosen)) for name, chosen in asked.filters.items()]
    return urlencode([('q', asked.q), ('sort', asked.sort), ('descending', str(asked.descending).lower()), *values])


@router.get('/files/{file_id}')  # allow LR14: `get_file` asks the domain that owns the file
async def file(request: Request, file_id: UUID) -> Response:
    """Send a stored file to who may see it; images may be shown in place, all else is saved."""
    row = await storage.get_file(await actor_of_request(request), file_id)
    return await stored(request, row, row.name, inline=row.media_type in INLINE)


@router.get('/attached/{attachment_id}')  # allow LR14: `open_attachment` asks who may see the record
async def attached(request: Request, attachment_id: UUID) -> Response:
    """Send the newest version of a file on a record, to be saved under its name there."""
    row, name = await attachments.open_attachment(await actor_of_request(request), attachment_id)
    return await stored(request, row, name)


@router.get('/attached/{attachment_id}/{number}')  # allow LR14: `open_attachment` asks who may see the record
async def attached_version(request: Request, attachment_id: UUID, number: int) -> Response:
    """Send one version of a file on a record, to be saved under its name there."""
    row, name = await attachments.open_attachment(await actor_of_request(request), attachment_id, number)
    return await stored(request, row, name)


async def stored(request: Request, row: StoredFile, name: str, *, inline: bool = False) -> Response:
    """Send a file that the caller has been allowed to open, or the part that he asks for (RFC 9110, 13 and 14)."""
    tag = f'"{row.sha256}"'
    headers = HEADERS | {
        'ETag': tag,
        'Accept-Ranges': 'bytes',
        'Content-Disposition': disposition(name, inline=inline),
        # Asked again each time: who has lost the right to it does not find it in his browser.
        'Cache-Control': 'private, no-cache' if not inline else 'private, max-age=3600',
    }
    if tag in [given.strip().removeprefix('W/') for given in request.headers.get('if-none-match', '').split(',')]:
        return Response(status_code=304, headers=headers)
    asked = request.headers.get('range', '')
    if request.headers.get('if-range', tag) != tag:
        asked = ''
    part = asked_part(asked, row.size)
    if part is None:
        return Response(status_code=416, headers=headers | {'Content-Range': f'bytes */{row.size}'})
    start, end = part
    headers['Content-Length'] = str(end - start)
    is_part = bool(asked) and (start, end) != (0, row.size)
    if is_part:
        headers['Content-Range'] = f'bytes {start}-{end - 1}/{row.size}'
    pieces = files.stream(row, start, end)
    first = await anext(pieces, b'')  # a store that does not answer is told before anything is promised
    return StreamingResponse(_after(first, pieces), 206 if is_part else 200, headers=headers, media_type=row.media_type)


async def _after(first: bytes, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in pieces:
        yield piece


RANGE = re.compile(r'bytes=(\d{0,15})-(\d{0,15})', re.ASCII)


def asked_part(asked: str, size: int) -> tuple[int, int] | None:
    """Return from where to where a file is asked for; all of it for what is no single range, None outside of it."""
    found = RANGE.fullmatch(asked.replace(' ', ''))
    if found is None or not any(found.groups()):
        return 0, size
    first, last = found.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last) + 1, size) if first and last else size
    if first and last and int(last) < int(first):
        return 0, size
    return (start, end) if start < end else None


@router.get('/download/members.{suffix}')  # allow LR14: `export_members` asks for the right to export
async def members(request: Request, suffix: Format) -> Response:
    """Send the directory as it is filtered, in CSV or XLSX."""
    content = await exports.export_members(await actor_of_request(request), _asked(request), suffix)
    return _saved(content, f'members.{suffix}', MEDIA_TYPES[suffix])


@router.get('/download/expiring.{suffix}')  # allow LR14: `export_expiring` asks for the right to export
async def expiring(request: Request, suffix: Format) -> Response:
    """Send what expires, as it is filtered, in CSV or XLSX."""
    content = await exports.export_expiring(await actor_of_request(request), _asked(request), suffix)
    return _saved(content, f'expiring.{suffix}', MEDIA_TYPES[suffix])


@router.get('/download/tasks.{suffix}')  # allow LR14: `export_tasks` asks for the right to export
async def tasks_file(request: Request, suffix: tasks.Format) -> Response:
    """Send the tasks that are seen and filtered, in CSV, XLSX or JSON."""
    content = await tasks.export_tasks(await actor_of_request(request), _asked(request), suffix)
    return _saved(content, f'tasks.{suffix}', MEDIA_TYPES[suffix])


def _asked(request: Request) -> ListQuery:
    values = request.query_params
    names = {'q', 'sort', 'descending'}
    filters = {name: value.split(',') for name, value in values.multi_items() if name not in names}
    return ListQuery(
        q=values.get('q', ''),
        sort=values.get('sort', ''),
        descending=values.get('descending') == 'true',
        filters=filters,
    )


@router.get('/download/members/{member_id}.vcf')  # allow LR14: `vcard` asks for the right to the directory
async def vcard(request: Request, member_id: UUID) -> Response:
    """Send a person as a vCard."""
    card = await exports.vcard(await actor_of_request(request), member_id)
    return _saved(card.encode(), 'person.vcf', 'text/vcard; charset=utf-8')


@router.get('/download/members/{member_id}.zip')  # allow LR14: `personal_data` asks who may
async def personal_data(request: Request, member_id: UUID) -> Response:
    """Send all that is held of one person."""
    content = await exports.personal_data(await actor_of_request(request), member_id)
    return _saved(content, 'personal-data.zip', 'application/zip')


@router.get('/download/audit.zip')  # allow LR14: `export_log` asks for the right to export
async def audit_log(request: Request) -> Response:
    """Send the department's audit log, with the program that verifies it."""
    path = await audit.export_log(await actor_of_request(request))
    headers = HEADERS | {'Content-Disposition': disposition('audit-log.zip'), 'Cache-Control': 'no-store'}
    gone = BackgroundTask(path.unlink, missing_ok=True)
    return FileResponse(path, media_type='application/zip', headers=headers, background=gone)


def _saved(content: bytes, name: str, media_type: str) -> Response:
    headers = HEADERS | {'Content-Disposition': disposition(name), 'Cache-Control': 'no-store'}
    return Response(content, media_type=media_type, headers=headers)

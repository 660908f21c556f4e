"""Files and exports behind the session: every download is an authorised GET, sent so that no browser runs it."""

from collections.abc import AsyncIterator
from urllib.parse import quote, urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response, StreamingResponse
from starlette.background import BackgroundTask

from logic import audit, storage
from logic.core import files
from logic.core.errors import Invalid
from logic.core.listing import ListQuery
from logic.members import exports
from logic.members.exports import Format
from ui.guard import actor_of_request

router = APIRouter(include_in_schema=False)
HEADERS = {'X-Content-Type-Options': 'nosniff', 'Content-Security-Policy': "sandbox; default-src 'none'"}
INLINE = ('image/png', 'image/jpeg', 'image/webp')
MEDIA = {
    Format.CSV: 'text/csv; charset=utf-8',
    Format.XLSX: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}


def disposition(name: str, *, inline: bool = False) -> str:
    """Return a Content-Disposition for a user's file name (RFC 6266): it can neither break the header nor the path."""
    plain = ''.join(c if c.isascii() and c.isprintable() and c not in '"\\/%' else '_' for c in name)[:120] or 'file'
    return (
        f'{"inline" if inline else "attachment"}; filename="{plain}"; filename*=UTF-8\'\'{quote(name[:120], safe="")}'
    )


def members_export(written_as: Format, asked: ListQuery) -> str:
    """Return the address of an export of the directory as it is filtered now."""
    values = [(name, ','.join(chosen)) for name, chosen in asked.filters.items()]
    text = urlencode([('q', asked.q), ('sort', asked.sort), ('descending', str(asked.descending).lower()), *values])
    return f'/download/members.{written_as}?{text}'


@router.get('/files/{file_id}')  # allow LR14: `get_file` asks the domain that owns the file
async def file(request: Request, file_id: UUID) -> Response:
    """Send a stored file to who may see it; images may be shown in place, all else is saved."""
    actor = await actor_of_request(request)
    row = await storage.get_file(actor, file_id)
    content: AsyncIterator[bytes] = files.stream(row)
    headers = {
        'Content-Disposition': disposition(row.name, inline=row.media_type in INLINE),
        'Content-Length': str(row.size),
    }
    headers['Cache-Control'] = 'private, max-age=3600'
    return StreamingResponse(content, media_type=row.media_type, headers=HEADERS | headers)


@router.get('/download/members.{suffix}')  # allow LR14: `export_members` asks for the right to export
async def members(request: Request, suffix: str) -> Response:
    """Send the directory as it is filtered, in CSV or XLSX."""
    if suffix not in list(Format):
        raise Invalid('This kind of file is not made here.', {'suffix': 'Choose csv or xlsx.'})
    values = request.query_params
    names = {'q', 'sort', 'descending'}
    filters: dict[str, list[str]] = {}
    for name, value in values.multi_items():
        if name not in names:
            filters[name] = value.split(',')
    asked = ListQuery(
        q=values.get('q', ''),
        sort=values.get('sort', ''),
        descending=values.get('descending') == 'true',
        filters=filters,
    )
    content = await exports.export_members(await actor_of_request(request), asked, Format(suffix))
    return _saved(content, f'members.{suffix}', MEDIA[Format(suffix)])


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

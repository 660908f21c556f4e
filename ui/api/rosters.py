"""Many people at once: import with its dry run, export of what the directory shows."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from pydantic import Field
from starlette.responses import Response

from logic.core.listing import ListQuery
from logic.core.tabular import MEDIA_TYPES, DateOrder
from logic.members import batches, exports, imports
from logic.members.domain import EXPORT, IMPORT, VIEW
from logic.members.exports import Format
from logic.members.imports import Fate
from logic.members.imports.parsing import FILE_MEGABYTES, ImportOptions
from ui import uploads
from ui.api.callers import Caller, CallerOnce
from ui.api.members import BOTH
from ui.api.models import MemberParameters, Nothing, Shown
from ui.api.routing import PREFIX, get, post, secured
from ui.middleware import allow_body

MOST_BYTES = FILE_MEGABYTES * 1_000_000
for _path in BOTH:
    allow_body(f'{PREFIX}{_path}/import', MOST_BYTES + 20_000)


class ImportParameters(Nothing):
    """How a file is read; what is left out is found out."""

    dry_run: Annotated[bool, Field(description='Only say what each row would do; nothing is changed.')] = False
    date_order: Annotated[
        DateOrder | None, Field(description='Order of day and month; needed when the file is unclear.')
    ] = None
    encoding: Annotated[str | None, Field(max_length=40)] = None
    delimiter: Annotated[str | None, Field(max_length=1)] = None
    sheet: Annotated[str | None, Field(max_length=100)] = None
    create_missing: Annotated[
        bool, Field(description='Make departments, ranks and the like that do not exist yet.')
    ] = True


class FaultItem(Shown):
    """Why a row is refused, or what looks wrong in it."""

    column: str
    reason: str


NAMED = {'new': Fate.NEW, 'updated': Fate.UPDATE, 'same': Fate.SAME, 'refused': Fate.REFUSED}


class RowItem(Shown):
    """What becomes of one row of the file."""

    line: Annotated[int, Field(description='The line in the file, counted from 1 with the header.')]
    name: str
    number: str
    fate: Fate
    member_id: UUID | None
    faults: list[FaultItem]
    warnings: list[FaultItem]


class ImportAnswer(Shown):
    """What an import did, or would do."""

    is_dry_run: bool
    batch_id: Annotated[UUID | None, Field(description='By which the import is undone; null for a dry run.')]
    new_count: int
    updated_count: int
    same_count: int
    refused_count: int
    refused: Annotated[list[RowItem], Field(description='The refused rows, each with line, column and reason.')]


class ExportParameters(MemberParameters):
    """What is exported, and as what. All pages are; `page` and `page_size` do not matter."""

    format: Annotated[Format, Field(description='csv or xlsx')] = Format.CSV

    def asked(self) -> ListQuery:
        """Return the question to the directory."""
        asked = super().asked()
        return asked.model_copy(update={'filters': {n: v for n, v in asked.filters.items() if n != 'format'}})


FILE = {
    'requestBody': {
        'required': True,
        'content': {
            'multipart/form-data': {
                'schema': {
                    'type': 'object',
                    'required': ['file'],
                    'properties': {'file': {'type': 'string', 'format': 'binary'}},
                }
            }
        },
    }
}


@get(*(f'{path}/export' for path in BOTH), permission=EXPORT, response_class=Response)
async def export_members(caller: Caller, given: Annotated[ExportParameters, Query()]) -> Response:
    """Export the people of a question to the directory, all pages, as CSV or XLSX. The act is recorded."""
    content = await exports.export_members(caller, given.asked(), given.format)
    name = f'attachment; filename="members.{given.format.value}"'
    return Response(content, media_type=MEDIA_TYPES[given.format], headers={'Content-Disposition': name})


@post(
    *(f'{path}/import' for path in BOTH),
    permission=IMPORT,
    response_model=ImportAnswer,
    openapi_extra=FILE | secured(IMPORT),
)
async def import_members(caller: CallerOnce, request: Request, given: Annotated[ImportParameters, Query()]) -> object:
    """Import a roster (CSV, TSV, XLSX, ODS), as one batch that can be undone. Bad rows are left out and reported."""
    received = await uploads.receive(request, limit=MOST_BYTES, kinds=uploads.TABLES)
    with received.file as file:
        content = await asyncio.to_thread(file.read)
    options = ImportOptions(**given.model_dump(exclude={'dry_run'}))
    if given.dry_run:
        plan = await imports.plan_file(caller, content, options)
        counts = {f'{name}_count': plan.count(fate) for name, fate in NAMED.items()}
        return {'is_dry_run': True, 'batch_id': None, **counts, 'refused': _refused(plan)}
    done = await imports.apply_file(caller, content, options, received.name or 'Import')
    # What was taken is the same now; what was refused is refused again, with its reasons.
    rows = _refused(await imports.plan_file(caller, content, options)) if done.refused_count else []
    names = ('batch_id', 'new_count', 'updated_count', 'same_count', 'refused_count')
    return {'is_dry_run': False, **{name: getattr(done, name) for name in names}, 'refused': rows}


def _refused(plan: imports.ImportPlan) -> list[RowItem]:
    return [RowItem.model_validate(row) for row in plan.rows if row.fate is Fate.REFUSED]


@post(*(f'{path}/batches/{{batch_id:uuid}}/undo' for path in BOTH), permission=VIEW, status_code=204)
async def undo_batch(caller: CallerOnce, batch_id: UUID) -> Response:
    """Undo an import or another change of many, as far as nothing newer stands on it."""
    await batches.undo_batch(caller, batch_id)
    return Response(status_code=204)

"""Many tasks at once: quick add, bulk changes and their undo, import and export, and calendar feeds."""

import asyncio
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Header, Query, Request
from pydantic import Field
from starlette.responses import Response

from data.tasks import TaskBatchKind, TaskPriority
from logic import tasks
from logic.core.listing import ListQuery
from logic.core.service import PUBLIC
from logic.core.tabular import MEDIA_TYPES, DateOrder
from logic.tasks import Format, TaskBulkInput
from logic.tasks.domain import ADD, EXPORT, VIEW
from logic.tasks.imports import MOST_BYTES
from logic.tasks.imports.tables import by_header
from ui import uploads
from ui.api.callers import Caller, CallerOnce
from ui.api.models import Given, Labelled, Nothing, Shown
from ui.api.routing import PREFIX, delete, get, post, secured
from ui.api.tasks import TaskParameters
from ui.middleware import allow_body

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
allow_body(f'{PREFIX}/tasks/import', MOST_BYTES + 20_000)


class TextGiven(Given):
    """Lines of quick add: one task a line, an indented line is a sub-task."""

    text: Annotated[
        str,
        Field(min_length=1, max_length=100_000,
              examples=['Check hose due friday 5pm every month #Station @okafor !high *maintenance']),
    ]  # fmt: skip
    list_id: Annotated[UUID | None, Field(description='Where lines go that name no list; the inbox.')] = None


class ChipItem(Shown):
    """Words that were understood, or meant to be."""

    kind: str
    text: str
    start: int
    end: int
    is_resolved: bool
    problem: str


class QuickItem(Shown):
    """A line as it would be taken."""

    number: int
    title: str
    is_part: bool
    due: date | datetime | None
    start: date | datetime | None
    priority: TaskPriority | None
    in_list: Labelled | None
    people: list[Labelled]
    labels: list[str]
    chips: list[ChipItem]
    problem: str


class QuickAnswer(Shown):
    """What quick add has made."""

    batch_id: UUID | None
    task_ids: list[UUID]
    unresolved: list[str]


class ManyGiven(TaskBulkInput):
    """A change of many tasks."""

    task_ids: Annotated[list[UUID], Field(min_length=1, max_length=5000)]


class RefusalItem(Shown):
    """A task for which something was not done, and why."""

    task_id: UUID
    label: str
    title: str
    reason: str


class BatchAnswer(Shown):
    """What a change of many tasks did."""

    batch_id: UUID | None
    changed: int
    refused: list[RefusalItem]
    raw_text: str


class BatchItem(Shown):
    """A change of many tasks that can be undone."""

    id: UUID
    kind: TaskBatchKind
    title: str
    created_at: datetime
    changed_count: int
    refused_count: int
    undone_at: datetime | None


class ExportParameters(TaskParameters):
    """What is exported, and as what. All pages are; `page` and `page_size` do not matter."""

    format: Annotated[Format, Field(description='csv, xlsx or json')] = Format.CSV

    def asked(self) -> ListQuery:
        """Return the question to the list."""
        asked = super().asked()
        return asked.model_copy(update={'filters': {n: v for n, v in asked.filters.items() if n != 'format'}})


class ImportParameters(Nothing):
    """How a file is imported."""

    dry_run: Annotated[bool, Field(description='Only say what each task would become.')] = False
    list_id: Annotated[UUID | None, Field(description='Where all tasks go; left out, to lists of their names.')] = None
    columns: Annotated[
        str,
        Field(max_length=4000, pattern=r'^([^=,]+=[^,]+(,[^=,]+=[^,]+)*)?$',
              examples=['title=Aufgabe,due=Frist,field:Rig=Fahrzeug'],
              description='What columns of a table are, and their headers, for headers that do not tell; columns that '
              'are not named are then left out. `field:` stands before the name of a custom field.'),
    ] = ''  # fmt: skip
    date_order: Annotated[
        DateOrder | None, Field(description='Whether days or months come first, when the dates of a table do not tell.')
    ] = None

    def named(self) -> dict[str, str]:
        """Return what columns are, by their headers."""
        told = (one.partition('=') for one in self.columns.split(',') if one)
        return {header: field for field, _, header in told}


class ImportRowItem(Shown):
    """What becomes of one task of the file."""

    place: int
    title: str
    in_list: str
    is_refused: bool
    notes: list[str]
    task_id: Annotated[UUID | None, Field(description='The task that is here already and that it is.')]
    changes: Annotated[list[str], Field(description='What the file changes of that one.')]


class ImportAnswer(Shown):
    """What an import did, or would do."""

    is_dry_run: bool
    batch_id: UUID | None
    source: str
    new_count: int
    update_count: Annotated[int, Field(description='Tasks that are here already, by their numbers, and are changed.')]
    same_count: Annotated[int, Field(description='Tasks that are here already and stay as they are.')]
    new_lists: list[str]
    comment_count: Annotated[int, Field(description='Comments that come along, under the name of the caller.')]
    rows: Annotated[list[ImportRowItem], Field(description='Tasks that are refused, changed, or lose something.')]


class FeedAnswer(Shown):
    """Whether the caller has a calendar address."""

    exists: bool
    made_at: datetime | None = None


class FeedMade(Shown):
    """A calendar address; its secret is not shown again."""

    token: str
    path: str


class FeedParameters(Nothing):
    """Whose tasks, and how."""

    token: Annotated[str, Field(min_length=20, max_length=100, description='The secret of the calendar address.')]
    events: Annotated[bool, Field(description='All-day events, for programs that show no to-dos.')] = False


@post('/tasks/quick-add/parse', permission=VIEW, response_model=list[QuickItem])
async def parse_quick_add(caller: Caller, given: TextGiven) -> object:
    """Read lines as quick add would, without adding anything."""
    return await tasks.parse_quick_add(caller, given.text)


@post('/tasks/quick-add', permission=ADD, status_code=201, response_model=QuickAnswer)
async def quick_add(caller: CallerOnce, given: TextGiven) -> object:
    """Add one task a line."""
    return await tasks.quick_add(caller, given.text, given.list_id)


@post('/tasks/bulk', permission=ADD, response_model=BatchAnswer)
async def change_many_tasks(caller: CallerOnce, given: ManyGiven) -> object:
    """Do one thing to many tasks; those that cannot be changed are listed."""
    data = TaskBulkInput.model_validate(given.model_dump(exclude={'task_ids'}, exclude_unset=True))
    return await tasks.change_many_tasks(caller, given.task_ids, data)


@get('/tasks/batches', permission=VIEW, response_model=list[BatchItem])
async def list_batches(caller: Caller) -> object:
    """List the caller's last changes of many tasks."""
    return await tasks.list_task_batches(caller)


@post('/tasks/batches/{task_batch_id:uuid}/undo', permission=ADD, response_model=BatchAnswer)
async def undo_batch(caller: CallerOnce, task_batch_id: UUID) -> object:
    """Take back a change of many tasks, an import, or a quick add."""
    return await tasks.undo_task_batch(caller, task_batch_id)


@get('/tasks/export', permission=EXPORT, response_class=Response)
async def export_tasks(caller: Caller, given: Annotated[ExportParameters, Query()]) -> Response:
    """Export the tasks of a question to the list, all pages, as CSV, XLSX or JSON. The act is recorded."""
    content = await tasks.export_tasks(caller, given.asked(), given.format)
    name = f'attachment; filename="tasks.{given.format.value}"'
    return Response(content, media_type=MEDIA_TYPES[given.format], headers={'Content-Disposition': name})


@post('/tasks/import', permission=ADD, response_model=ImportAnswer, openapi_extra=FILE | secured(ADD))
async def import_tasks(caller: CallerOnce, request: Request, given: Annotated[ImportParameters, Query()]) -> object:
    """Import tasks: CSV, XLSX, and the exports of Trello (JSON), Todoist (CSV), Vikunja (ZIP), Logbook (JSON)."""
    received = await uploads.receive(request, limit=MOST_BYTES, kinds=uploads.TABLES | {uploads.Kind.ZIP})
    with received.file as file:
        content = await asyncio.to_thread(file.read)
    batch_id, read = None, await tasks.read_tasks(caller, content, received.name or '')
    if read.table and read.columns and (given.columns or given.date_order):
        chosen = by_header(read.table, given.named()) if given.columns else read.columns.chosen
        read = await tasks.name_columns(caller, read, chosen, given.date_order)
    if given.dry_run:
        plan = await tasks.plan_task_import(caller, read, given.list_id)
    else:
        done = await tasks.import_tasks(caller, read, received.name or '', given.list_id)
        plan, batch_id = done.plan, done.batch_id
    return {
        'is_dry_run': given.dry_run, 'batch_id': batch_id, 'source': plan.source, 'new_count': plan.new_count,
        'update_count': plan.update_count, 'same_count': plan.same_count, 'new_lists': plan.new_lists,
        'comment_count': plan.comment_count,
        'rows': [row for row in plan.rows if row.is_refused or row.notes or row.changes],
    }  # fmt: skip


@get('/tasks/feed', permission=VIEW, response_model=FeedAnswer)
async def my_feed(caller: Caller) -> object:
    """Say whether the caller has a calendar address."""
    return await tasks.my_feed(caller)


@post('/tasks/feed', permission=VIEW, status_code=201, response_model=FeedMade)
async def make_feed(caller: Caller) -> object:
    """Make a calendar address; an older one ends."""
    token = await tasks.make_feed(caller)
    return {'token': token, 'path': f'{PREFIX}/tasks/feed.ics?token={token}'}


@delete('/tasks/feed', permission=VIEW, status_code=204)
async def revoke_feed(caller: Caller) -> Response:
    """Let the caller's calendar address lead nowhere from now on."""
    await tasks.revoke_feed(caller)
    return Response(status_code=204)


@get('/tasks/feed.ics', permission=PUBLIC, response_class=Response)
async def read_feed(
    caller: Caller,
    given: Annotated[FeedParameters, Query()],
    if_none_match: Annotated[str | None, Header(max_length=200)] = None,
) -> Response:
    """Read somebody's tasks as iCalendar (RFC 5545), by the secret of his calendar address."""
    feed = await tasks.read_feed(caller, given.token, events=given.events)
    headers = {'ETag': feed.etag, 'Cache-Control': 'private, no-cache'}
    if if_none_match is not None and feed.etag in if_none_match:
        return Response(status_code=304, headers=headers)
    return Response(feed.content, media_type='text/calendar; charset=utf-8', headers=headers)

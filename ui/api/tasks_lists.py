"""Lists of tasks: the lists, with whom they are shared, their columns and boards; labels."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field
from starlette.responses import Response

from data.tasks import ColumnKind, ListVisibility, ShareLevel
from logic import tasks
from logic.tasks import ColumnInput, LabelInput, ListInput, ListRow, ShareInput
from logic.tasks.domain import ADD, MANAGE_LISTS, VIEW
from ui.api.callers import Caller, CallerOnce
from ui.api.models import Given, Labelled, Listing, ListParameters, Nothing, Shown, merged
from ui.api.routing import delete, get, patch, post
from ui.api.tasks import TaskItem, TaskParameters, Version, item

LISTS, LIST = '/tasks/lists', '/tasks/lists/{list_id:uuid}'
COLUMN, LABEL = '/tasks/columns/{column_id:uuid}', '/tasks/labels/{label_id:uuid}'


class ListItem(Shown):
    """A list of tasks."""

    id: UUID
    title: str
    description: str
    colour: str
    icon: str
    parent_id: UUID | None
    visibility: ListVisibility
    organization_level: ShareLevel
    owner: Labelled
    is_inbox: bool
    is_archived: bool
    level: Annotated[ShareLevel, Field(description='What the caller may do with it.')]
    open_count: int
    overdue_count: int
    version: int


class ListOfParameters(ListParameters):
    """Which lists."""

    archived: Annotated[str, Field(pattern='^(yes|)$')] = ''


class ListPatch(ListInput):
    """Some fields of a list; what is left out stays."""

    title: Annotated[str, Field(max_length=120)] = ''
    version: Version = None


class ShareItem(Shown):
    """With whom a list is shared."""

    id: UUID
    kind: Annotated[str, Field(examples=['person', 'position', 'department'])]
    target: Labelled
    level: ShareLevel


class ColumnItem(Shown):
    """A column of a board."""

    id: UUID
    list_id: UUID
    title: str
    kind: ColumnKind
    wip_limit: int | None
    version: int


class ColumnPatch(Given):
    """Some fields of a column; what is left out stays."""

    title: Annotated[str | None, Field(min_length=1, max_length=60)] = None
    kind: ColumnKind | None = None
    wip_limit: Annotated[int | None, Field(ge=1, le=1000)] = None
    version: Version = None


class ColumnMove(Given):
    """Where a column goes."""

    after_id: Annotated[UUID | None, Field(description='The column that it follows; null for the first place.')] = None


class ColumnRemoval(Nothing):
    """What becomes of the tasks of a column."""

    to_id: Annotated[UUID | None, Field(description='The column of the same kind that takes its tasks.')] = None


class LaneItem(Shown):
    """A column of a board with its cards."""

    id: UUID
    title: str
    kind: ColumnKind
    wip_limit: int | None
    version: int
    total: int
    cards: list[TaskItem]


class BoardAnswer(Shown):
    """A list as a board."""

    list_id: UUID
    title: str
    level: ShareLevel
    is_archived: bool
    lanes: list[LaneItem]


class LabelItem(Shown):
    """A label of tasks."""

    id: UUID
    name: str
    colour: str
    version: int


@get(LISTS, permission=VIEW, response_model=Listing[ListItem])
async def list_lists(caller: Caller, given: Annotated[ListOfParameters, Query()]) -> object:
    """List the lists of tasks that the caller sees."""
    words = given.q.casefold().split()
    rows = await tasks.list_lists(caller, archived=given.archived == 'yes')
    found = [row for row in rows if all(word in row.title.casefold() for word in words)]
    first = (given.page - 1) * given.page_size
    return {'items': [ListItem.model_validate(row) for row in found[first : first + given.page_size]],
            'total': len(found), 'page': given.page, 'page_size': given.page_size}  # fmt: skip


@post(LISTS, permission=ADD, status_code=201, response_model=ListItem)
async def add_list(caller: CallerOnce, given: ListInput) -> ListRow:
    """Add a list with three columns; the caller owns it."""
    made = await tasks.add_list(caller, given)
    return await tasks.get_list(caller.using(None), made.id)


@get(LIST, permission=VIEW, response_model=ListItem)
async def get_list(caller: Caller, list_id: UUID) -> ListRow:
    """Show a list."""
    return await tasks.get_list(caller, list_id)


@patch(LIST, permission=ADD, response_model=ListItem)
async def update_list(caller: Caller, list_id: UUID, given: ListPatch) -> ListRow:
    """Change some fields of a list."""
    row = await tasks.get_list(caller, list_id)
    before = {name: getattr(row, name) for name in ListInput.model_fields}
    changes = given.model_dump(exclude_unset=True, exclude={'version'})
    await tasks.update_list(caller, list_id, merged(ListInput, before, changes), given.version)
    return await tasks.get_list(caller, list_id)


@delete(LIST, permission=ADD, response_model=ListItem)
async def archive_list(caller: Caller, list_id: UUID) -> ListRow:
    """Archive a list with its tasks: hidden, not deleted."""
    await tasks.archive_list(caller, list_id)
    return await tasks.get_list(caller, list_id)


@post(f'{LIST}/restore', permission=ADD, response_model=ListItem)
async def restore_list(caller: CallerOnce, list_id: UUID) -> ListRow:
    """Bring an archived list back."""
    await tasks.archive_list(caller, list_id, archived=False)
    return await tasks.get_list(caller.using(None), list_id)


@get(f'{LIST}/board', permission=VIEW, response_model=BoardAnswer)
async def board(caller: Caller, list_id: UUID, given: Annotated[TaskParameters, Query()]) -> object:
    """Show a list as a board: its columns with their cards in order."""
    found = await tasks.board(caller, list_id, given.asked())
    lanes = [
        {name: getattr(lane, name) for name in ('id', 'title', 'kind', 'wip_limit', 'version', 'total')}
        | {'cards': [item(card) for card in lane.cards]}
        for lane in found.lanes
    ]
    return {'list_id': found.list_id, 'title': found.title, 'level': found.level, 'is_archived': found.is_archived,
            'lanes': lanes}  # fmt: skip


@get(f'{LIST}/shares', permission=VIEW, response_model=list[ShareItem])
async def list_shares(caller: Caller, list_id: UUID) -> object:
    """List with whom a list is shared."""
    return await tasks.list_shares(caller, list_id)


@post(f'{LIST}/shares', permission=ADD, status_code=201, response_model=list[ShareItem])
async def share_list(caller: CallerOnce, list_id: UUID, given: ShareInput) -> object:
    """Share a list with a person, a position or a department, or change what they may do."""
    await tasks.share_list(caller, list_id, given)
    return await tasks.list_shares(caller.using(None), list_id)


@delete('/tasks/shares/{share_id:uuid}', permission=ADD, status_code=204)
async def unshare_list(caller: Caller, share_id: UUID) -> Response:
    """Share a list no longer so."""
    await tasks.unshare_list(caller, share_id)
    return Response(status_code=204)


@get(f'{LIST}/columns', permission=VIEW, response_model=list[ColumnItem])
async def list_columns(caller: Caller, list_id: UUID) -> object:
    """List the columns of a board in their order."""
    return await tasks.list_columns(caller, list_id)


@post(f'{LIST}/columns', permission=ADD, status_code=201, response_model=ColumnItem)
async def add_column(caller: CallerOnce, list_id: UUID, given: ColumnInput) -> object:
    """Add a column to a board."""
    made = await tasks.add_column(caller, list_id, given)
    return await tasks.get_column(caller, made.id)  # known by its key, it may have been closed to the caller since


@patch(COLUMN, permission=ADD, response_model=ColumnItem)
async def update_column(caller: Caller, column_id: UUID, given: ColumnPatch) -> object:
    """Change some fields of a column; 409 for another kind while tasks stand in it."""
    column = await tasks.get_column(caller, column_id)
    before = {name: getattr(column, name) for name in ColumnInput.model_fields}
    changes = given.model_dump(exclude_unset=True, exclude={'version'})
    return await tasks.update_column(caller, column_id, merged(ColumnInput, before, changes), given.version)


@patch(f'{COLUMN}/move', permission=ADD, response_model=ColumnItem)
async def move_column(caller: Caller, column_id: UUID, given: ColumnMove) -> object:
    """Put a column after another one."""
    return await tasks.move_column(caller, column_id, given.after_id)


@delete(COLUMN, permission=ADD, status_code=204)
async def remove_column(caller: Caller, column_id: UUID, given: Annotated[ColumnRemoval, Query()]) -> Response:
    """Remove a column; its tasks go to another one of the same kind."""
    await tasks.remove_column(caller, column_id, given.to_id)
    return Response(status_code=204)


@get('/tasks/labels', permission=VIEW, response_model=list[LabelItem])
async def list_labels(caller: Caller) -> object:
    """List the labels of tasks by name."""
    return await tasks.list_labels(caller)


@post('/tasks/labels', permission=ADD, status_code=201, response_model=LabelItem)
async def add_label(caller: CallerOnce, given: LabelInput) -> object:
    """Add a label."""
    return await tasks.add_label(caller, given)


@patch(LABEL, permission=MANAGE_LISTS, response_model=LabelItem)
async def update_label(caller: Caller, label_id: UUID, given: LabelInput) -> object:
    """Rename or recolour a label, wherever it is."""
    return await tasks.update_label(caller, label_id, given)


@delete(LABEL, permission=MANAGE_LISTS, status_code=204)
async def remove_label(caller: Caller, label_id: UUID) -> Response:
    """Remove a label, also from all tasks that carry it."""
    await tasks.remove_label(caller, label_id)
    return Response(status_code=204)

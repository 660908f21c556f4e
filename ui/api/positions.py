"""Positions: offices that people hold, and the only thing that grants permissions."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field
from starlette.responses import Response

from data.identity import Position
from logic.core.domain import domains
from logic.core.service import SIGNED_IN
from logic.identity import positions
from logic.identity.permissions import MANAGE_POSITIONS, VIEW_POSITIONS
from logic.identity.positions import PositionInput
from ui.api.callers import Caller, CallerOnce
from ui.api.models import Given, Listing, ListParameters, PositionInList, PositionItem, Shown, merged, sliced
from ui.api.routing import delete, get, patch, post


class PositionPatch(Given):
    """Some fields of a position; what is left out stays."""

    name: Annotated[str | None, Field(min_length=2, max_length=80)] = None
    description: Annotated[str | None, Field(max_length=300)] = None
    permissions: Annotated[list[str] | None, Field(max_length=500, examples=[['members.view']])] = None
    priority: Annotated[int | None, Field(ge=0, le=100)] = None
    version: Annotated[int | None, Field(ge=1)] = None


class HoldingGiven(Given):
    """Who shall hold a position, and when."""

    member_id: UUID
    from_on: Annotated[date | None, Field(description='Today, when left out.')] = None
    until_on: Annotated[date | None, Field(description='The last day; open when left out.')] = None


class HoldingItem(Shown):
    """Somebody holds a position."""

    id: UUID
    member_id: UUID
    position_id: UUID
    from_on: date
    until_on: date | None


class PermissionItem(Shown):
    """A permission that positions grant and keys are limited to."""

    name: str
    label: str
    module: str


def _item(row: Position) -> dict[str, object]:
    names = ('id', 'name', 'description', 'priority', 'is_system', 'version')
    return {**{name: getattr(row, name) for name in names}, 'permissions': sorted(row.permission_set)}


@get('/permissions', permission=SIGNED_IN, response_model=list[PermissionItem])
async def list_permissions(_caller: Caller) -> object:
    """List every permission with what it allows."""
    return [
        {'name': name, 'label': label, 'module': one.title}
        for one in domains.values()
        for name, label in one.permissions.items()
    ]


@get('/positions', permission=VIEW_POSITIONS, response_model=Listing[PositionInList])
async def list_positions(caller: Caller, given: Annotated[ListParameters, Query()]) -> object:
    """List the positions, the one with most authority first."""
    return sliced(PositionInList, await positions.list_positions(caller), given.asked())


@post('/positions', permission=MANAGE_POSITIONS, status_code=201, response_model=PositionItem)
async def add_position(caller: CallerOnce, given: PositionInput) -> object:
    """Make a position. Nobody gives it rights that he does not hold himself."""
    return _item(await positions.add_position(caller, given))


@get('/positions/{position_id:uuid}', permission=VIEW_POSITIONS, response_model=PositionItem)
async def get_position(caller: Caller, position_id: UUID) -> object:
    """Show one position."""
    return _item(await positions.get_position(caller, position_id))


@patch('/positions/{position_id:uuid}', permission=MANAGE_POSITIONS, response_model=PositionItem)
async def update_position(caller: Caller, position_id: UUID, given: PositionPatch) -> object:
    """Change a position."""
    stored = await positions.get_position(caller, position_id)
    before = {name: getattr(stored, name) for name in ('name', 'description', 'priority')}
    before['permissions'] = stored.permission_set
    data = merged(PositionInput, before, given.model_dump(exclude_none=True, exclude={'version'}))
    return _item(await positions.update_position(caller, position_id, data, given.version))


@delete('/positions/{position_id:uuid}', permission=MANAGE_POSITIONS, status_code=204)
async def remove_position(caller: Caller, position_id: UUID) -> Response:
    """Remove a position that nobody holds or held."""
    await positions.remove_position(caller, position_id)
    return Response(status_code=204)


@get('/positions/{position_id:uuid}/holders', permission=VIEW_POSITIONS, response_model=list[HoldingItem])
async def list_holders(caller: Caller, position_id: UUID) -> object:
    """List who holds a position now or later."""
    await positions.get_position(caller, position_id)
    return [holding for holding, _ in await positions.list_holders(caller, position_id)]


@post(
    '/positions/{position_id:uuid}/holders', permission=MANAGE_POSITIONS, status_code=201, response_model=HoldingItem
)  # fmt: skip
async def give_position(caller: CallerOnce, position_id: UUID, given: HoldingGiven) -> object:
    """Let a member hold a position."""
    return await positions.give_position(caller, given.member_id, position_id, given.from_on, given.until_on)


@delete('/positions/{position_id:uuid}/holders/{holding_id:uuid}', permission=MANAGE_POSITIONS, status_code=204)
async def end_position(caller: Caller, position_id: UUID, holding_id: UUID) -> Response:
    """End a holding; what it allowed ends at once."""
    await positions.get_position(caller, position_id)
    await positions.end_position(caller, holding_id)
    return Response(status_code=204)

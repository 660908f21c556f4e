"""Keys for programs, within the rights of whoever makes them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from logic.identity import api_keys
from logic.identity.api_keys import ApiKeyInput
from ui.api.callers import Caller
from ui.api.models import Listing, ListParameters, Shown, sliced
from ui.api.routing import PEOPLE, delete, get, post


class KeyItem(Shown):
    """A key, without its text."""

    id: UUID
    name: str
    prefix: str
    owner: str
    scopes: list[str]
    networks: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    last_used_address: str
    is_active: bool


class NewKey(Shown):
    """A key that was just made: `key` is shown now and never again."""

    id: UUID
    key: str
    prefix: str
    expires_at: datetime


def _new(made: api_keys.CreatedKey) -> dict[str, object]:
    return {'id': made.id, 'key': made.text, 'prefix': made.prefix, 'expires_at': made.expires_at}


@get('/api-keys', permission=PEOPLE, response_model=Listing[KeyItem])
async def list_keys(caller: Caller, given: Annotated[ListParameters, Query()]) -> object:
    """List one's own keys, the newest first."""
    return sliced(KeyItem, await api_keys.list_api_keys(caller), given.asked())


@post('/api-keys', permission=PEOPLE, status_code=201, response_model=NewKey)
async def add_key(caller: Caller, given: ApiKeyInput) -> object:
    """Make a key with some of one's own rights. Needs a sign-in of the last ten minutes."""
    return _new(await api_keys.add_api_key(caller, given))


@post('/api-keys/{key_id:uuid}/rotate', permission=PEOPLE, status_code=201, response_model=NewKey)
async def rotate_key(caller: Caller, key_id: UUID) -> object:
    """Replace a key by a new one with the same rights; the old one ends at once."""
    return _new(await api_keys.replace_api_key(caller, key_id))


@delete('/api-keys/{key_id:uuid}', permission=PEOPLE, status_code=204)
async def revoke_key(caller: Caller, key_id: UUID) -> Response:
    """End a key, at once and everywhere."""
    await api_keys.revoke_api_key(caller, key_id)
    return Response(status_code=204)

"""Custom fields: what the department wants to know of its records beside what is built in."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field

from data.custom_fields import CustomField, FieldKind
from logic import custom_fields
from logic.core.errors import NotFound
from logic.core.service import SIGNED_IN
from logic.custom_fields import CustomFieldInput
from ui.api.callers import Caller, CallerOnce
from ui.api.models import Given, Listing, ListParameters, Shown, merged, sliced
from ui.api.routing import get, patch, post

Kind = Annotated[str, Field(max_length=40, examples=['Member', 'Task'], description='The kind of the records.')]


class CustomFieldParameters(ListParameters):
    """Which fields."""

    record: Kind
    archived: Annotated[str, Field(pattern='^(yes|)$', description='`yes`: those that are out of use too.')] = ''


class CustomFieldItem(Shown):
    """A custom field; `field:<id>` filters lists by it, and `custom` of a record holds its value by this id."""

    id: UUID
    record: Kind
    name: str
    kind: FieldKind
    options: list[str]
    order: int
    is_private: bool
    archived_at: datetime | None
    version: int


class CustomFieldGiven(CustomFieldInput):
    """A new field, and the records that have it."""

    record: Kind


class CustomFieldPatch(Given):
    """Some facts of a field; what is left out stays."""

    name: Annotated[str | None, Field(min_length=1, max_length=80)] = None
    kind: FieldKind | None = None
    options: Annotated[list[str] | None, Field(max_length=200)] = None
    order: Annotated[int | None, Field(ge=0, le=1000)] = None
    is_private: bool | None = None
    is_archived: bool | None = None
    version: Annotated[int | None, Field(ge=1, description='The version that you read; 409 when it is old.')] = None


def _item(row: CustomField) -> CustomFieldItem:
    return CustomFieldItem.model_validate({**row.model_dump(), 'options': row.options.splitlines()})


@get('/custom-fields', permission=SIGNED_IN, response_model=Listing[CustomFieldItem])
async def list_custom_fields(caller: Caller, given: Annotated[CustomFieldParameters, Query()]) -> object:
    """List the custom fields of one kind of record, in their order."""
    rows = await custom_fields.list_custom_fields(caller, given.record, archived=given.archived == 'yes')
    return sliced(CustomFieldItem, [_item(row) for row in rows], given.asked())


@post('/custom-fields', permission=SIGNED_IN, status_code=201, response_model=CustomFieldItem)
async def add_custom_field(caller: CallerOnce, given: CustomFieldGiven) -> object:
    """Add a field to all records of a kind; for whoever manages the fields of these records."""
    data = CustomFieldInput.model_validate(given.model_dump(exclude={'record'}))
    return _item(await custom_fields.add_custom_field(caller, given.record, data))


@patch('/custom-fields/{field_id:uuid}', permission=SIGNED_IN, response_model=CustomFieldItem)
async def update_custom_field(caller: Caller, field_id: UUID, given: CustomFieldPatch) -> object:
    """Change a field, take it out of use, or bring it back."""
    managed = {row.id: row for row in await custom_fields.list_managed_fields(caller)}
    stored = managed.get(field_id)
    if stored is None:
        raise NotFound('There is no such custom field.')
    changes = given.model_dump(exclude_none=True, exclude={'version', 'is_archived'})
    if changes:
        before = {name: getattr(stored, name) for name in CustomFieldInput.model_fields}
        data = merged(CustomFieldInput, before, changes)
        stored = await custom_fields.update_custom_field(caller, field_id, data, given.version)
    if given.is_archived is not None:
        stored = await custom_fields.archive_custom_field(caller, field_id, archived=given.is_archived)
    return _item(stored)

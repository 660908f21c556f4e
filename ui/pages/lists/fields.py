"""The department's own fields: of every kind of record whose fields the viewer manages, or of one kind."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from pydantic import BaseModel, Field

from data.custom_fields import CustomField
from logic import custom_fields
from logic.core import records
from logic.core.actor import Actor
from logic.core.language import later
from logic.core.wording import kind_title
from logic.custom_fields import CustomFieldInput
from ui.components import Column
from ui.pages.lists.kept import Kept, archived


class _OfKind(BaseModel):
    record: Annotated[str, Field(title=later('Records that have it'), max_length=40)]


class FieldForm(CustomFieldInput, _OfKind):
    """A new field, and the records that have it."""


async def _add(actor: Actor, data: FieldForm) -> CustomField:
    return await custom_fields.add_custom_field(
        actor, data.record, CustomFieldInput(**data.model_dump(exclude={'record'}))
    )


async def _kinds(actor: Actor) -> dict[str, Any]:
    return {'record': [(kind.name, kind_title(kind.name)) for kind in custom_fields.managed_kinds(actor)]}


def _private(record: str) -> tuple[str, ...]:
    return () if records.kind_of(record).has_private_fields else ('is_private',)


def _with_private() -> list[str]:
    return [kind.name for kind in records.kinds.values() if kind.has_private_fields]


STATE: Column[Any] = Column('state', later('State'), 'chip', archived)
NAME: Column[Any] = Column('name', later('Field'))
KIND: Column[Any] = Column('kind', later('Kind'), value=lambda row: row.kind.label)
EVERY = Kept(
    'fields', later('Custom fields'), (later('field'), later('custom fields')), later('Add field'),
    later('Search custom fields'), CustomField, CustomFieldInput, custom_fields.list_managed_fields, _add,
    custom_fields.update_custom_field, custom_fields.archive_custom_field,
    [NAME, Column('record', later('Records'), value=lambda row: kind_title(row.record)), KIND,
     Column('is_private', later('Private'), 'flag'), STATE],
    _kinds, when={'options': ('kind', ['choice']), 'is_private': ('record', _with_private())}, new=FieldForm,
    hides=lambda row: _private(row.record),
)  # fmt: skip


def of_kind(record: str) -> Kept:
    """Return the list of the fields of one kind of record."""

    async def fetch(actor: Actor) -> Sequence[CustomField]:
        return await custom_fields.list_custom_fields(actor, record, archived=True)

    async def add(actor: Actor, data: CustomFieldInput) -> CustomField:
        return await custom_fields.add_custom_field(actor, record, data)

    return replace(EVERY, fetch=fetch, add=add, new=None, skip=_private(record), columns=[NAME, KIND, STATE])

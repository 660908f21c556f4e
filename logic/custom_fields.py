"""Fields that the department added to its records of any kind, and their values, each in its normal form.

A kind of record has them once it names in `logic.core.records` who may manage them (`manage_fields`). Its domain then
asks here: `fields_of` for what there is, `put_values`, `values_of`, `copy_values` and `remove_values` for what stands
in them, `valued` for the values of many in a select of its own, `holding` for a filter. It checks the rights itself.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator
from sqlmodel import col, select

from data.custom_fields import FIELD, CustomField, CustomValue, FieldKind
from logic.core import records
from logic.core.actor import Actor
from logic.core.domain import Domain
from logic.core.errors import Conflict, Invalid, NotFound
from logic.core.language import _, later
from logic.core.listing import id_in
from logic.core.records import RecordKind
from logic.core.service import SIGNED_IN, query, service
from logic.core.wording import inside
from logic.core.words import clean, fold
from logic.core.work import Work

domain = Domain(
    'custom_fields',
    title='Custom fields',
    icon='sym_o_label',
    group='Platform',
    description='What the department wants to know of its records beside what is built in.',
)
YES, NO = {'yes', 'y', 'true', '1', 'x', 'ja', 'oui', 'si', 's', 'j', 'o'}, {'no', 'n', 'false', '0', 'nein', 'non'}
MOST_FIELDS = 100
NOTHING = 'none'
"""As the value of a filter: records that have none."""
Text = Annotated[str, AfterValidator(clean)]
Option = Annotated[Text, Field(min_length=1, max_length=80)]
Values = Mapping[UUID, str | None]
"""What is to stand in fields, by their ids; None or empty text takes a value away."""


class CustomFieldInput(BaseModel):
    """A field of the department's own."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    name: Annotated[Text, Field(title=later('Name'), min_length=1, max_length=80)]
    kind: Annotated[FieldKind, Field(title=later('Kind'))] = FieldKind.TEXT
    options: Annotated[
        tuple[Option, ...], Field(title=later('Options'), max_length=200, description=later('One a line.'))
    ] = ()
    order: Annotated[int, Field(title=later('Order'), ge=0, le=1000)] = 0
    is_private: Annotated[
        bool, Field(title=later('Private'), description=later('Only for those who see private data.'))
    ] = False

    @field_validator('options', mode='before')
    @classmethod
    def _are_lines(cls, value: Any) -> Any:
        return [line for line in value.splitlines() if line.strip()] if isinstance(value, str) else value


# ----------------------------------------------------------------------------------------------- which fields there are


def managed_kinds(actor: Actor) -> list[RecordKind]:
    """Return the kinds of records whose fields an actor may manage."""
    found = [kind for kind in records.kinds.values() if kind.manage_fields and records.is_open(kind, actor)]
    return [kind for kind in found if actor.may(kind.manage_fields)]


@query(SIGNED_IN)
async def list_custom_fields(work: Work, record: str, *, archived: bool = False) -> list[CustomField]:
    """Return the fields of a kind of record in their order; with `archived` also those that are no longer used.

    Raises NotFound for a kind that has none, or whose records the actor may not see.
    """
    kind = _kind(record)
    if not records.is_open(kind, work.actor):
        raise NotFound('There is no such kind of record.')
    return await fields_of(work, record, archived=archived)


@query(SIGNED_IN)
async def list_managed_fields(work: Work) -> list[CustomField]:
    """Return all fields that the actor may manage, kind by kind, also those that are no longer used."""
    names = [kind.name for kind in managed_kinds(work.actor)]
    statement = select(CustomField).where(col(CustomField.record).in_(names))
    return await work.all(statement.order_by(CustomField.record, *_ORDER))


async def fields_of(work: Work, record: str, *, archived: bool = False) -> list[CustomField]:
    """Return the fields of a kind of record in their order, for other rules to call; one statement."""
    return await work.all(_fields(archived), record=record)


@cache
def _fields(archived: bool) -> Any:
    statement = select(CustomField).where(CustomField.record == sa.bindparam('record', type_=sa.String()))
    if not archived:
        statement = statement.where(col(CustomField.archived_at).is_(None))
    return statement.order_by(*_ORDER)


_ORDER: tuple[Any, ...] = (col(CustomField.order), col(CustomField.name))


def _kind(record: str) -> RecordKind:
    kind = records.kind_of(record)
    if not kind.manage_fields:
        raise NotFound('Such records have no fields of the department.')
    return kind


@service(SIGNED_IN)
async def add_custom_field(work: Work, record: str, data: CustomFieldInput) -> CustomField:
    """Add a field to all records of a kind. Raises NotFound, Denied, Invalid."""
    kind = _kind(record)
    work.require(kind.manage_fields)
    await _check(work, kind, data, None)
    if await work.count(select(CustomField.id).where(CustomField.record == record)) >= MOST_FIELDS:
        raise Conflict(_('Records of one kind have at most {count} such fields.', count=MOST_FIELDS))
    named = data.model_dump(exclude={'options'})
    row = work.add(CustomField(record=record, **named, options='\n'.join(data.options)))
    await work.flush()
    return row


@service(SIGNED_IN)
async def update_custom_field(
    work: Work, field_id: UUID, data: CustomFieldInput, version: int | None = None
) -> CustomField:
    """Change a field. Its kind stays once it has values, and an option stays while some record has it."""
    row, kind = await _managed(work, field_id, version)
    await _check(work, kind, data, field_id)
    used = set(await work.all(select(CustomValue.value).where(CustomValue.field_id == field_id).distinct()))
    if used and data.kind is not row.kind:
        raise Conflict(
            _('{field} has values already, so its kind stays. Archive it and add another field.', field=row.name)
        )
    if data.kind is FieldKind.CHOICE and (lost := sorted(used - set(data.options))):
        raise Conflict(_('Still in use: {options}. Change these values first.', options=', '.join(lost[:5])))
    for name, value in data.model_dump(exclude={'options'}).items():
        setattr(row, name, value)
    row.options = '\n'.join(data.options)
    await work.flush()
    return row


@service(SIGNED_IN)
async def archive_custom_field(work: Work, field_id: UUID, *, archived: bool = True) -> CustomField:
    """Take a field out of use, or bring it back; its values stay."""
    row, _kind = await _managed(work, field_id)
    row.archived_at = (row.archived_at or work.now) if archived else None
    return row


async def _managed(work: Work, field_id: UUID, version: int | None = None) -> tuple[CustomField, RecordKind]:
    row = await work.get(CustomField, field_id)
    kind = _kind(row.record)
    if not records.is_open(kind, work.actor):
        raise NotFound('There is no such custom field.')
    work.require(kind.manage_fields)
    return await work.get(CustomField, field_id, version), kind


async def _check(work: Work, kind: RecordKind, data: CustomFieldInput, field_id: UUID | None) -> None:
    if data.kind is FieldKind.CHOICE and not data.options:
        raise Invalid('A choice needs options.', {'options': 'Write at least one option.'})
    if len({fold(option) for option in data.options}) < len(data.options):
        raise Invalid('Two options are the same.', {'options': 'Each option once.'})
    if len('\n'.join(data.options)) > 8000:
        raise Invalid('The options are too long.', {'options': 'At most 8,000 characters in all.'})
    if data.is_private and not kind.has_private_fields:
        raise Invalid('Such a field cannot be private.', {'is_private': 'Whoever sees the record sees its fields.'})
    taken = select(CustomField).where(
        CustomField.record == kind.name, sa.func.lower(CustomField.name) == data.name.lower()
    )
    other = await work.first(taken if field_id is None else taken.where(CustomField.id != field_id))
    if other is not None:
        raise Invalid('This name is taken.', {'name': _('There is already a field named {name}.', name=other.name)})


# -------------------------------------------------------------------------------------------------- what stands in them


async def put_values(
    work: Work,
    record: str,
    record_id: UUID,
    values: Values,
    allow: Callable[[CustomField], None] = lambda _field: None,
) -> bool:
    """Write fields of a record that the actor may change; says whether that is a change. At most two statements.

    Raises Invalid by field id, and whatever `allow` raises for a field.
    """
    if not values:
        return False
    ours = select(CustomField).where(CustomField.record == record)
    fields: list[CustomField] = await work.all(ours.where(col(CustomField.id).in_(list(values))))
    if len(fields) < len(values):
        raise Invalid('There is no such field.', {'field': 'Somebody may have removed it. Load the page again.'})
    wrong: dict[str, str] = {}
    normal: dict[UUID, str] = {}
    for field in fields:
        allow(field)
        try:
            normal[field.id] = normal_value(field, values[field.id] or '')
        except Invalid as refusal:
            wrong[str(field.id)] = refusal.message
    if wrong:
        raise Invalid('Some of this cannot be taken.', wrong)
    stored = {row.field_id: row for row in await work.all(_of(record, [record_id]))}
    before = {field_id: stored[field_id].value if field_id in stored else '' for field_id in normal}
    for field_id, text in normal.items():
        row = stored.get(field_id)
        if row is None and text:
            work.add(CustomValue(field_id=field_id, record=record, record_id=record_id, value=text))
        elif row is not None and not text:
            await work.delete(row)
        elif row is not None:
            row.value = text
    return before != normal


def _of(record: str, record_ids: Collection[UUID]) -> Any:
    return select(CustomValue).where(CustomValue.record == record, col(CustomValue.record_id).in_(record_ids))


async def values_of(work: Work, record: str, record_ids: Collection[UUID]) -> dict[UUID, dict[UUID, str]]:
    """Return the values of records by record and field; one statement."""
    found: dict[UUID, dict[UUID, str]] = {}
    for row in await work.all(_of(record, record_ids)):
        found.setdefault(row.record_id, {})[row.field_id] = row.value
    return found


async def copy_values(work: Work, record: str, from_id: UUID, to_id: UUID) -> None:
    """Let a new record say what another one says."""
    for row in await work.all(_of(record, [from_id])):
        work.add(CustomValue(field_id=row.field_id, record=record, record_id=to_id, value=row.value))


async def remove_values(work: Work, record: str, record_ids: Collection[UUID]) -> None:
    """Remove all values of records that go for good."""
    for row in await work.all(_of(record, record_ids)):
        await work.delete(row)


def still_taken(fields: Iterable[CustomField], values: Mapping[UUID, str]) -> dict[UUID, str | None]:
    """Return those of some values, kept from earlier, that these fields would take today."""
    taken: dict[UUID, str | None] = {}
    for field in fields:
        try:
            taken |= {field.id: normal_value(field, values[field.id])} if field.id in values else {}
        except Invalid:
            continue  # an option that is gone, for one
    return taken


def named_in(values: Mapping[str, Any]) -> Values:
    """Return what stands in own fields among the values of a record, as the log names them. Raises Invalid."""
    return {id_in('field', name.removeprefix(FIELD)): value for name, value in values.items() if is_own(name)}


def valued(record: str, record_ids: Any, ours: Any) -> Any:
    """Return the select of record, field and value of what is public of some records, for unions with other parts.

    `ours` is the organization, which a union does not take from the session by itself.
    """
    return (
        sa.select(
            col(CustomValue.record_id).label('record_id'), col(CustomValue.field_id).label('field_id'),
            col(CustomValue.value).label('value'),
        )
        .join(CustomField, col(CustomField.id) == CustomValue.field_id)
        .where(col(CustomValue.organization_id) == ours, col(CustomValue.record) == record)
        .where(col(CustomValue.record_id).in_(record_ids), col(CustomField.is_private).is_(False))
    )  # fmt: skip


def holding(record: str, record_id: Any, name: str, values: Collection[str]) -> sa.ColumnElement[bool]:
    """Return the condition under which a record, whose id is this column, is found by a filter `field:<id>`."""
    public = select(CustomField.id).where(CustomField.record == record, col(CustomField.is_private).is_(False))
    field_id = id_in('field', name.removeprefix(FIELD))
    having = select(CustomValue.record_id).where(
        CustomValue.record == record, CustomValue.field_id == field_id, col(CustomValue.field_id).in_(public)
    )
    found: sa.ColumnElement[bool] = record_id.in_(having.where(col(CustomValue.value).in_(values)))
    return sa.or_(found, record_id.not_in(having)) if NOTHING in values else found


def is_own(name: str) -> bool:
    """Say whether a filter, or a field of an entry in the log, is one of the department's own."""
    return name.startswith(FIELD)


def written_now(values: dict[str, Any]) -> dict[str, Any]:
    """Return a stored value as it is written now: there was a time when all were of members, and named theirs."""
    if 'member_id' not in values:
        return values
    rest = {name: value for name, value in values.items() if name != 'member_id'}
    return rest | {'record': 'Member', 'record_id': values['member_id']}


# ---------------------------------------------------------------------------------------------------- what a value says


def options_of(field: CustomField) -> Sequence[tuple[str, str]]:
    """Return what may be chosen in a field, as value and label; nothing for one that is written freely."""
    if field.kind is FieldKind.YES_NO:
        return [('yes', _('Yes')), ('no', _('No'))]
    return [(line, line) for line in field.options.splitlines()] if field.kind is FieldKind.CHOICE else []


def shown(field: CustomField, value: str) -> str:
    """Return a value as it is read."""
    if field.kind is not FieldKind.YES_NO or not value:
        return value
    return _('Yes') if value == 'yes' else _('No')


def exported(field: CustomField, value: str) -> str:
    """Return a value as its reader writes it in a table."""
    return inside(shown(field, value)) if field.kind is FieldKind.YES_NO and value else value


def normal_value(field: CustomField, typed: str) -> str:
    """Return a value as it is stored: ISO dates, plain numbers, `yes` and `no`. Raises Invalid with the reason."""
    text = clean(typed)
    if not text:
        return ''
    match field.kind:
        case FieldKind.TEXT:
            if len(text) > 500:
                raise Invalid('At most 500 characters.')
            return text
        case FieldKind.NUMBER:
            return _number(text)
        case FieldKind.DATE:
            try:
                return date.fromisoformat(text).isoformat()
            except ValueError:
                raise Invalid(_('"{text}" is not a date. Write it like 2026-07-31.', text=text)) from None
        case FieldKind.CHOICE:
            for option in field.options.splitlines():
                if fold(option) == fold(text):
                    return option
            raise Invalid(
                _('"{text}" is none of: {known}.', text=text, known=', '.join(field.options.splitlines()[:20]))
            )
        case FieldKind.YES_NO:
            if fold(text) in YES | NO:
                return 'yes' if fold(text) in YES else 'no'
            raise Invalid(_('"{text}" is neither yes nor no.', text=text))


def _number(text: str) -> str:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise Invalid(_('"{text}" is not a number. Write it like 12.5.', text=text)) from None
    if not value.is_finite() or abs(value) >= 10**15 or (value != 0 and abs(value) < Decimal('0.000001')):
        raise Invalid(_('"{text}" is too large or too small.', text=text))
    return f'{value.normalize():f}'

"""Fields that the department added to its records, and their values on people, each in its normal form."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field, field_validator
from sqlmodel import col, select

from data.members import CustomField, CustomValue, FieldKind
from logic.core.errors import Conflict, Denied, Invalid
from logic.core.language import _, later
from logic.core.service import query, service
from logic.core.work import Work
from logic.members.domain import MANAGE_FIELDS, VIEW
from logic.members.inputs import Text
from logic.members.names import clean, fold
from logic.members.visibility import Level, sight, visible_member

YES, NO = {'yes', 'y', 'true', '1', 'x', 'ja', 'oui', 'si', 's', 'j', 'o'}, {'no', 'n', 'false', '0', 'nein', 'non'}
MOST_FIELDS = 100
Option = Annotated[Text, Field(min_length=1, max_length=80)]


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


@query(VIEW)
async def list_custom_fields(work: Work, *, archived: bool = False) -> list[CustomField]:
    """Return the fields of people in their order; with `archived` also those that are no longer used."""
    statement = select(CustomField).where(CustomField.record == 'Member')
    if not archived:
        statement = statement.where(col(CustomField.archived_at).is_(None))
    rows: list[CustomField] = await work.all(statement.order_by(col(CustomField.order), col(CustomField.name)))
    return rows


@service(MANAGE_FIELDS)
async def add_custom_field(work: Work, data: CustomFieldInput) -> CustomField:
    """Add a field to the records of people. Raises Invalid."""
    await _check(work, data, None)
    if await work.count(select(CustomField.id)) >= MOST_FIELDS:
        raise Conflict(_('A department has at most {count} fields of its own.', count=MOST_FIELDS))
    row = work.add(CustomField(**data.model_dump(exclude={'options'}), options='\n'.join(data.options)))
    await work.flush()
    return row


@service(MANAGE_FIELDS)
async def update_custom_field(
    work: Work, field_id: UUID, data: CustomFieldInput, version: int | None = None
) -> CustomField:
    """Change a field. Its kind stays once it has values, and an option stays while somebody has it."""
    row = await work.get(CustomField, field_id, version)
    await _check(work, data, field_id)
    used = set(await work.all(select(CustomValue.value).where(CustomValue.field_id == field_id).distinct()))
    if used and data.kind is not row.kind:
        raise Conflict(
            _('{field} has values already, so its kind stays. Archive it and add another field.', field=row.name)
        )
    if data.kind is FieldKind.CHOICE and (lost := sorted(used - set(data.options))):
        raise Conflict(_('People still have: {options}. Change them first.', options=', '.join(lost[:5])))
    for name, value in data.model_dump(exclude={'options'}).items():
        setattr(row, name, value)
    row.options = '\n'.join(data.options)
    await work.flush()
    return row


@service(MANAGE_FIELDS)
async def archive_custom_field(work: Work, field_id: UUID, *, archived: bool = True) -> CustomField:
    """Take a field out of use, or bring it back; its values stay."""
    row = await work.get(CustomField, field_id)
    row.archived_at = (row.archived_at or work.now) if archived else None
    return row


async def _check(work: Work, data: CustomFieldInput, field_id: UUID | None) -> None:
    if data.kind is FieldKind.CHOICE and not data.options:
        raise Invalid('A choice needs options.', {'options': 'Write at least one option.'})
    if len({fold(option) for option in data.options}) < len(data.options):
        raise Invalid('Two options are the same.', {'options': 'Each option once.'})
    if len('\n'.join(data.options)) > 8000:
        raise Invalid('The options are too long.', {'options': 'At most 8,000 characters in all.'})
    taken = select(CustomField).where(
        CustomField.record == 'Member', sa.func.lower(CustomField.name) == data.name.lower()
    )
    other = await work.first(taken if field_id is None else taken.where(CustomField.id != field_id))
    if other is not None:
        raise Invalid('This name is taken.', {'name': _('There is already a field named {name}.', name=other.name)})


@service(VIEW)
async def set_custom_values(work: Work, member_id: UUID, values: dict[UUID, str | None]) -> None:
    """Write fields of a person; None or empty text takes a value away. Raises Denied, and Invalid by field id."""
    seen = await sight(work)
    member = await visible_member(work, member_id, seen)
    fields = await work.all(select(CustomField).where(col(CustomField.id).in_(list(values))))
    if len(fields) < len(values):
        raise Invalid('There is no such field.', {'field': 'Somebody may have removed it. Load the page again.'})
    wrong: dict[str, str] = {}
    normal: dict[UUID, str] = {}
    for field in fields:
        if not seen.may_edit_level(Level.PRIVATE if field.is_private else Level.FILE, member_id):
            raise Denied(_('You may not change {field} of {name}.', field=field.name, name=member.name))
        try:
            normal[field.id] = normal_value(field, values[field.id] or '')
        except Invalid as refusal:
            wrong[str(field.id)] = refusal.message
    if wrong:
        raise Invalid('Some of this cannot be taken.', wrong)
    stored = {
        row.field_id: row for row in await work.all(select(CustomValue).where(CustomValue.member_id == member_id))
    }
    for field_id, text in normal.items():
        row = stored.get(field_id)
        if row is None and text:
            work.add(CustomValue(field_id=field_id, member_id=member_id, value=text))
        elif row is not None and not text:
            await work.delete(row)
        elif row is not None:
            row.value = text
    await work.flush()


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

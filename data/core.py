"""What every table shares: base classes, column types and field makers."""

import re
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache, partial
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel
from uuid6 import uuid7

SQLModel.metadata.naming_convention = {
    'ix': 'ix_%(table_name)s_%(column_0_N_name)s',
    'uq': 'uq_%(table_name)s_%(column_0_N_name)s',
    'ck': 'ck_%(table_name)s_%(constraint_name)s',
    'fk': 'fk_%(table_name)s_%(column_0_N_name)s',
}


def new_id() -> UUID:
    """Return a UUIDv7: unique everywhere, and sorted by the time of its making."""
    return UUID(bytes=uuid7().bytes)


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An aware instant with microseconds, stored as UTC on every database."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """MySQL rounds to whole seconds unless told otherwise."""
        return dialect.type_descriptor(mysql.DATETIME(fsp=6) if dialect.name in ('mysql', 'mariadb') else sa.DateTime())

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuse naive datetimes: they are a bug of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError('A datetime without a zone cannot be stored.')
        return value.astimezone(UTC).replace(tzinfo=None)  # allow LR10: the driver takes UTC without a zone

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Give back what was stored, aware."""
        return None if value is None else value.replace(tzinfo=UTC)


class TypedJson(sa.TypeDecorator[BaseModel]):
    """One pydantic value, replaced whole and never queried inside."""

    impl = sa.JSON
    cache_ok = True

    def __init__(self, model: type[BaseModel]) -> None:
        super().__init__()
        self.model = model

    def process_bind_param(self, value: BaseModel | None, dialect: sa.Dialect) -> Any:
        """Store the JSON form."""
        return None if value is None else value.model_dump(mode='json')

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> BaseModel | None:
        """Read the JSON form through its model."""
        return None if value is None else self.model.model_validate(value)


def identifier() -> sa.Uuid[UUID]:
    """The column type of an id: text of 32 characters, so that dumps move between databases."""
    return sa.Uuid(native_uuid=False)


def text(length: int, **options: Any) -> Any:
    """A string column of at most `length` characters."""
    return Field(max_length=length, sa_type=sa.String(length), **options)


def long_text(**options: Any) -> Any:
    """A text column without a practical limit; the input model sets one."""
    return Field(sa_type=sa.Text().with_variant(mysql.MEDIUMTEXT(), 'mysql', 'mariadb'), **options)


def binary(**options: Any) -> Any:
    """A column of bytes."""
    return Field(sa_type=sa.LargeBinary().with_variant(mysql.LONGBLOB(), 'mysql', 'mariadb'), **options)


def instant(**options: Any) -> Any:
    """A point in time."""
    return Field(sa_type=UtcDateTime, **options)


def day(**options: Any) -> Any:
    """A calendar date."""
    return Field(sa_type=sa.Date, **options)


def choice(kind: type[StrEnum], **options: Any) -> Any:
    """An enum stored by its value as plain text."""
    values: Callable[[type[StrEnum]], list[str]] = lambda members: [member.value for member in members]  # noqa: E731
    return Field(sa_type=sa.Enum(kind, native_enum=False, length=32, values_callable=values), **options)


def typed_json(model: type[BaseModel], **options: Any) -> Any:
    """One pydantic value as JSON."""
    return Field(sa_type=TypedJson(model), **options)


def reference(target: str, **options: Any) -> Any:
    """A foreign key; indexed unless `index=False` because another index begins with it."""
    options.setdefault('index', True)
    return Field(foreign_key=target, sa_type=identifier(), **options)


class Model(SQLModel):
    """A row with an id, its times and an optimistic version."""

    id: UUID = Field(default_factory=new_id, primary_key=True, sa_type=identifier())
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    updated_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    version: int = Field(default=1)

    def __init__(self, **values: Any) -> None:
        """Take the values that are given, and for all others what they begin with.

        SQLModel finds out again for each value of each row how its default is made and how it is to be set: a person
        took 110 us, and takes 20. As in a row that was read, what nobody gave is no change.
        """
        given = [name for name in values if name in type(self).__pydantic_fields__]
        for name, begin in _beginnings(type(self)):
            if name not in values:
                self.__dict__[name] = begin()
        for name in given:
            object.__setattr__(self, name, values[name])
        self.__pydantic_fields_set__.update(given)

    @declared_attr.directive
    def __tablename__(cls) -> str:
        """`JobChange` is stored in `job_change`."""
        return re.sub(r'(?<=[a-z0-9])(?=[A-Z])', '_', cls.__name__).lower()

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        """Every update names the version it read; a stale one fails."""
        return {'version_id_col': cls.__table__.c.version}  # type: ignore[attr-defined]


@cache
def _beginnings(kind: type[Model]) -> list[tuple[str, Callable[..., Any]]]:
    """Return what makes the value of each field of a table that may be left out."""
    fields = {name: field for name, field in kind.__pydantic_fields__.items() if not field.is_required()}
    return [(name, field.default_factory or partial(deepcopy, field.default)) for name, field in fields.items()]


class Scoped(SQLModel):
    """A row that belongs to one organization; the session filters and stamps it."""

    organization_id: UUID = Field(
        default=None, sa_type=identifier(), foreign_key='organization.id', index=True, nullable=False
    )


class FieldOf(NamedTuple):
    """Of which record a row is a field, under which name, and the column that holds the value."""

    record: str
    record_id: UUID
    field: str
    column: str


class Audited:
    """A row whose every change is written to the audit log.

    `audit_personal` names fields whose values identify a person: the log holds only salted commitments of them and
    the values stay erasable. `audit_secret` names fields of which the log says only that they changed. `audit_subject`
    names the field that holds the id of the person whom the row is about. `audit_private` names personal fields
    that the log shows to holders of `members.view_private` only. `audit_silent` names fields that follow from others,
    or whose change is no act: the log does not mention them.
    """

    audit_personal: ClassVar[frozenset[str]] = frozenset()
    audit_silent: ClassVar[frozenset[str]] = frozenset()
    audit_private: ClassVar[frozenset[str]] = frozenset()
    audit_secret: ClassVar[frozenset[str]] = frozenset()
    audit_subject: ClassVar[str | None] = None

    def audit_as(self) -> FieldOf | None:
        """Return of which record the row is a field: the log tells of it as of one; None for a row of its own."""
        return None


def as_json(value: Any) -> Any:
    """Return a column's value in the form that JSON and the audit log hold."""
    match value:
        case None | bool() | int() | str() if not isinstance(value, StrEnum):
            return value
        case datetime():
            return value.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%S.%fZ')
        case date():
            return value.isoformat()
        case BaseModel():
            return value.model_dump(mode='json')
        case bytes():
            return value.hex()
        case list() | tuple():
            return [as_json(item) for item in value]
        case dict():
            return {str(key): as_json(item) for key, item in value.items()}
        case _:
            return str(value)

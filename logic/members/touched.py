"""What a change of many touched: each row as it was, and the form in which that is kept until it cannot be undone."""

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from data.core import as_json
from data.custom_fields import CustomValue
from data.members import Member
from logic.core.recording import SILENT
from logic.custom_fields import written_now

VALUES = str(CustomValue.__tablename__)


@dataclass(frozen=True, slots=True)
class Touched:
    """A row that a batch made, changed or removed."""

    member_id: UUID
    deed: str
    """`made`, `changed` or `removed`."""
    table: str
    row_id: UUID
    version: int
    before: dict[str, Any]


@cache
def tables() -> dict[str, Any]:
    """Return every table's class by the table's name."""
    return {str(mapper.class_.__tablename__): mapper.class_ for mapper in sa.inspect(Member).registry.mappers}


def references_to_members() -> list[tuple[Any, str]]:
    """Return every column that names a member: its class and its name."""
    named = [
        (model, column.key)
        for model in tables().values()
        for column in model.__table__.columns
        for key in column.foreign_keys
        if key.column.table.name == Member.__tablename__
    ]
    return [*named, (CustomValue, 'record_id')]  # of records of any kind; no two of them have one id


def targets_of(model: Any) -> dict[str, Any]:
    """Return what the columns of a table name: each with the class of what it names."""
    return {
        column.key: tables()[key.column.table.name]
        for column in model.__table__.columns
        for key in column.foreign_keys
        if key.column.table.name != 'organization'
    }


def values_of(row: Any) -> dict[str, Any]:
    """Return the values of a row as JSON."""
    names = (attribute.key for attribute in sa.inspect(type(row)).column_attrs)
    return {name: as_json(getattr(row, name)) for name in names if name not in SILENT}


def read_values(model: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Turn JSON values back into those of the columns."""
    columns = model.__table__.columns
    return {name: _typed(columns[name].type, value) for name, value in values.items()}


def _typed(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, sa.Enum):
        assert kind.enum_class is not None
        return kind.enum_class(value)
    python: Any = kind.impl.python_type if isinstance(kind, sa.TypeDecorator) else kind.python_type
    if issubclass(python, UUID):
        return UUID(value)
    if issubclass(python, bytes):
        return bytes.fromhex(value)
    if hasattr(python, 'fromisoformat'):
        return python.fromisoformat(value)
    return value


def pack(touched: Iterable[Touched]) -> bytes:
    """Return what a batch touched as bytes."""
    rows = [[t.member_id.hex, t.deed, t.table, t.row_id.hex, t.version, t.before] for t in touched]
    return zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(',', ':')).encode())


def unpack(packed: bytes) -> list[Touched]:
    """Return what `pack` made bytes of."""
    rows = json.loads(zlib.decompress(packed))
    return [
        Touched(UUID(m), deed, table, UUID(r), version, written_now(before) if table == VALUES else before)
        for m, deed, table, r, version, before in rows
    ]

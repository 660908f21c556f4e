"""Where on the API a kind of record stands, for the routes that every record has."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import Path

from logic.core import records
from logic.core.records import RecordKind

ALSO_AT = {'members': 'employees'}
RecordId = Annotated[UUID, Path(description='The record.')]


def on_every_kind(declare: Callable[[RecordKind, tuple[str, ...]], None]) -> None:
    """Declare routes for each kind of record: `declare(kind, roots)`, a root such as '/members/{record_id:uuid}'."""
    for kind in records.kinds.values():
        place = kind.path.strip('/').partition('/')[0].partition('?')[0]
        places = [place, *([ALSO_AT[place]] if place in ALSO_AT else [])]
        declare(kind, tuple(f'/{name}/{{record_id:uuid}}' for name in places))

"""Who stands before and after a row in the list from which somebody came to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from data.core import identifier
from logic.core.work import Work


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where a row stands in a list, and which are before and after it."""

    previous_id: UUID | None
    next_id: UUID | None
    place: int
    """From 1."""
    total: int


def ranked(row_id: Any, order: Sequence[Any]) -> tuple[Any, ...]:
    """Return the columns of a select in this order that `neighbours` reads."""
    return (
        row_id.label('id'), sa.func.lag(row_id, type_=identifier()).over(order_by=order).label('previous_id'),
        sa.func.lead(row_id, type_=identifier()).over(order_by=order).label('next_id'),
        sa.func.row_number().over(order_by=order).label('place'), sa.func.count().over().label('total'),
    )  # fmt: skip


async def neighbours(work: Work, found: Any, row_id: UUID) -> Neighbours | None:
    """Return the place of a row in a select of the columns `ranked`, which names its organization; None without one."""
    rows = found.subquery()
    row = await work.first(sa.select(rows).where(rows.c.id == row_id))
    return None if row is None else Neighbours(row.previous_id, row.next_id, row.place, row.total)

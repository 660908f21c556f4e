"""Who stands before and after a person in the list from which somebody came to him."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from data.core import identifier
from data.members import Member
from logic.core.errors import Invalid
from logic.core.listing import ListQuery
from logic.core.service import query
from logic.core.work import Work
from logic.members.directory import SORTS, narrowed
from logic.members.domain import VIEW
from logic.members.person import PersonView, view_of
from logic.members.visibility import Sight, sight, visible_member


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where a person stands in a list, and who is before and after him."""

    previous_id: UUID | None
    next_id: UUID | None
    place: int
    """From 1."""
    total: int


@query(VIEW)
async def get_member_in_list(work: Work, member_id: UUID, asked: ListQuery) -> tuple[PersonView, Neighbours | None]:
    """Return a person as `get_member` does, and his place in what a question to the directory finds.

    No place when he is not in that list, or when the question cannot be read: it comes from an address, and the person
    is there all the same. One statement more than `get_member`. Raises NotFound.
    """
    seen = await sight(work)
    member = await visible_member(work, member_id, seen)
    return await view_of(work, member, seen), await _neighbours(work, member_id, asked, seen)


async def _neighbours(work: Work, member_id: UUID, asked: ListQuery, seen: Sight) -> Neighbours | None:
    columns = SORTS.get(asked.sort or 'name')
    if columns is None:
        return None
    order = [column.desc() if asked.descending else column.asc() for column in columns]
    row_id: Any = col(Member.id)
    shown: tuple[Any, ...] = (
        row_id.label('id'), sa.func.lag(row_id, type_=identifier()).over(order_by=order).label('previous_id'),
        sa.func.lead(row_id, type_=identifier()).over(order_by=order).label('next_id'),
        sa.func.row_number().over(order_by=order).label('place'), sa.func.count().over().label('total'),
    )  # fmt: skip
    try:
        found = narrowed(seen, asked, shown).where(col(Member.organization_id) == work.organization_id)
    except Invalid:
        return None
    ranked = found.subquery()
    row = await work.first(sa.select(ranked).where(ranked.c.id == member_id))
    return None if row is None else Neighbours(row.previous_id, row.next_id, row.place, row.total)

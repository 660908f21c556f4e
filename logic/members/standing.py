"""Who belongs to the department now: what the directory shows of its own accord, and how many it leaves out."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from data.members import Member
from logic.core.listing import ListQuery, Page
from logic.core.service import query
from logic.core.work import Work
from logic.members.directory import PAST, MemberRow, Past, list_members
from logic.members.domain import VIEW


def present_unless_asked(asked: ListQuery) -> ListQuery:
    """Return what the directory is asked: who belongs now, unless others, a status or words are looked for."""
    if asked.values('past') or asked.values('status') or asked.q:
        return asked
    return asked.model_copy(update={'filters': {**asked.filters, 'past': [Past.HIDDEN]}})


@query(VIEW)
async def list_directory(work: Work, asked: ListQuery) -> Page[MemberRow]:
    """Return a page of the directory as its screen shows it, see `present_unless_asked`. Raises as `list_members`."""
    return await list_members(work, present_unless_asked(asked))


@query(VIEW)
async def count_past(work: Work) -> int:
    """Return how many have retired or left and are still in the directory; one statement."""
    statement: Any = select(sa.func.count()).select_from(Member)
    here = (col(Member.archived_at).is_(None), col(Member.merged_into_id).is_(None))
    return int(await work.first(statement.where(*here, col(Member.status).in_(PAST))))

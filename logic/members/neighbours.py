"""Who stands before and after a person in the list from which somebody came to him."""

from uuid import UUID

from sqlmodel import col

from data.members import Member
from logic.core.errors import Invalid
from logic.core.listing import ListQuery
from logic.core.neighbours import Neighbours, neighbours, ranked
from logic.core.service import query
from logic.core.work import Work
from logic.members.directory import narrowed, order_of
from logic.members.domain import VIEW
from logic.members.person import PersonView, view_of
from logic.members.visibility import Sight, sight, visible_member


@query(VIEW)
async def get_member_in_list(
    work: Work, member_id: UUID, asked: ListQuery | None
) -> tuple[PersonView, Neighbours | None]:
    """Return a person as `get_member` does, and his place in what a question to the directory finds.

    No place when nothing was asked, when he is not in that list, or when the question cannot be read: it comes from an
    address, and the person is there all the same. One statement more than `get_member`. Raises NotFound.
    """
    seen = await sight(work)
    member = await visible_member(work, member_id, seen)
    person = await view_of(work, member, seen)
    return person, await _place(work, member_id, asked, seen) if asked is not None else None


async def _place(work: Work, member_id: UUID, asked: ListQuery, seen: Sight) -> Neighbours | None:
    try:
        found = narrowed(seen, asked, ranked(col(Member.id), order_of(asked)))
    except Invalid:
        return None
    return await neighbours(work, found.where(col(Member.organization_id) == work.organization_id), member_id)

"""Who belongs to the department now: what the directory shows of its own accord."""

from logic.core.listing import ListQuery, Page
from logic.core.service import query
from logic.core.work import Work
from logic.members.directory import MemberRow, Past, list_members
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

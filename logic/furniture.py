"""What hangs on a record, read at once for its page: comments, files, links, and whether I watch it."""

from dataclasses import dataclass
from uuid import UUID

from logic import attachments, comments, links, watchers
from logic.attachments import RecordFiles
from logic.comments import CommentView
from logic.core import records
from logic.core.domain import Domain
from logic.core.errors import AppError
from logic.core.listing import ListQuery, Page
from logic.core.service import SIGNED_IN, query
from logic.core.work import Work
from logic.links import LinkedRecord
from logic.watchers import Watching

domain = Domain(
    'furniture', title='On every record', icon='sym_o_chair', group='Platform', description='What hangs on a record.'
)
STEP = 20


@dataclass(frozen=True, slots=True)
class Furniture:
    """All of it, as one viewer may see it."""

    comments: Page[CommentView]
    files: RecordFiles
    links: list[LinkedRecord]
    watching: Watching
    audience: str
    may_write: bool
    """Whether the viewer may comment."""
    may_edit: bool
    """Whether the viewer may change the record, and so its links."""


@query(SIGNED_IN)
async def of_record(work: Work, record: str, record_id: UUID, shown: int = STEP) -> Furniture:
    """Return what hangs on a record; at most twelve statements. Raises NotFound for one that the actor may not see."""
    kind = records.kind_of(record)
    found = await comments.list_comments(work, record, record_id, ListQuery(page_size=min(100, max(STEP, shown))))
    return Furniture(
        comments=found,
        files=await attachments.list_attachments(work, record, record_id),
        links=await links.list_links(work, record, record_id),
        watching=await watchers.watching(work, record, record_id),
        audience=str(kind.audience),
        may_write=records.may_write(work.actor, record, record_id),
        may_edit=await _may_edit(work, record, record_id),
    )


async def _may_edit(work: Work, record: str, record_id: UUID) -> bool:
    try:
        await records.edit(work, record, record_id)
    except AppError:
        return False
    return True

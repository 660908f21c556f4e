"""What hangs on a record, read at once for its page: comments, files, links, and whether I watch it."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from data.attachments import Attachment
from data.comments import Comment, CommentVersion
from data.links import RecordLink
from data.watchers import Watcher
from logic import attachments, comments, links, watchers
from logic.attachments import RecordFiles
from logic.attachments.domain import KEPT_IN_BIN
from logic.comments import CommentView
from logic.core import records
from logic.core.domain import Domain
from logic.core.errors import AppError
from logic.core.listing import ListQuery, Page
from logic.core.service import SIGNED_IN, query
from logic.core.work import Work
from logic.custom_fields import remove_values
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


async def clear(work: Work, record: str, ids: Collection[UUID]) -> None:
    """Remove what hangs on records that go for good; their files go with the job that empties the bin of files."""
    about = (Comment.record == record, col(Comment.record_id).in_(ids))
    edited = select(CommentVersion).join(Comment, col(Comment.id) == CommentVersion.comment_id)
    for version in await work.all(edited.where(*about)):
        await work.delete(version)
    await work.flush()
    linked = sa.or_(
        sa.and_(col(RecordLink.record) == record, col(RecordLink.record_id).in_(ids)),
        sa.and_(col(RecordLink.other) == record, col(RecordLink.other_id).in_(ids)),
    )
    for statement in (
        select(Comment).where(*about),
        select(Watcher).where(Watcher.record == record, col(Watcher.record_id).in_(ids)),
        select(RecordLink).where(linked),
    ):
        for row in await work.all(statement):
            await work.delete(row)
    await remove_values(work, record, ids)
    files = select(Attachment).where(Attachment.record == record, col(Attachment.record_id).in_(ids))
    for file in await work.all(files.where(col(Attachment.removed_at).is_(None))):
        file.removed_at = work.now - KEPT_IN_BIN

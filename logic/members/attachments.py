"""The files of a person: the photo, which everybody sees who sees the directory, and the papers of the file."""

from uuid import UUID

from data.files import StoredFile
from logic.core import files
from logic.core.actor import Actor
from logic.core.errors import Denied
from logic.core.language import _
from logic.core.service import SIGNED_IN, service
from logic.core.work import Work
from logic.members.inputs import ProfileInput
from logic.members.profile import PHOTO, update_member
from logic.members.visibility import Level, sight, visible_member

PAPER = 'MemberPaper'
PHOTO_BYTES = 10_000_000
PHOTO_SIDE = 512
"""Pixels of the longer side of a stored photo."""


@files.readable_by(PHOTO)
async def may_see_photo(work: Work, member_id: UUID) -> None:
    """A photo is seen by whom the person is seen by. Raises NotFound."""
    await visible_member(work, member_id, await sight(work))


@files.readable_by(PAPER)
async def may_read_paper(work: Work, member_id: UUID) -> None:
    """A paper is read by who may see the file. Raises NotFound, Denied."""
    seen = await sight(work)
    member = await visible_member(work, member_id, seen)
    if not seen.sees(Level.FILE, member_id):
        raise Denied(_('You may not see the papers of {name}. Those who may see files can.', name=member.name))


async def send_paper(actor: Actor, member_id: UUID, name: str, content: bytes) -> StoredFile:
    """Take a paper for a person's file; a record then names it. Raises Denied, NotFound, Invalid, Unavailable."""
    return await keep_paper(actor, member_id, await files.stage(content, allowed=files.DOCUMENTS), name)


@service(SIGNED_IN)
async def keep_paper(work: Work, member_id: UUID, staged: files.Staged, name: str) -> StoredFile:
    """Make staged bytes a paper of a person's file. Raises Denied, NotFound."""
    seen = await sight(work)
    member = await visible_member(work, member_id, seen)
    if not seen.is_self(member_id):
        seen.require_edit(member)
    return await files.adopt(work, staged, name, PAPER, member.id)


async def send_photo(actor: Actor, member_id: UUID, name: str, content: bytes) -> None:
    """Set a person's photo: drawn anew, so that place and camera are gone. Raises Denied, NotFound, Invalid."""
    staged = await files.stage(content, allowed=files.IMAGES, most_bytes=PHOTO_BYTES, longest_side=PHOTO_SIDE)
    await keep_photo(actor, member_id, staged, name)


@service(SIGNED_IN)
async def keep_photo(work: Work, member_id: UUID, staged: files.Staged, name: str) -> None:
    """Make staged bytes the photo of a person; the one before is removed. Raises Denied, NotFound."""
    seen = await sight(work)
    member = await visible_member(work, member_id, seen)
    old = member.photo_file_id
    row = await files.adopt(work, staged, name, PHOTO, member.id)
    await update_member(work, member_id, ProfileInput(photo_file_id=row.id))
    if old is not None:
        await files.remove(work, old)

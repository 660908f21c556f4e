"""Files on records: attached, replaced by newer versions, renamed, put into the bin and taken out again."""

import asyncio
from typing import IO
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from data.attachments import Attachment, AttachmentVersion
from data.files import StoredFile
from logic.attachments.domain import (
    KEPT_IN_BIN,
    KINDS,
    LARGEST_BYTES,
    MOST_ON_RECORD,
    MOST_VERSIONS,
    OWNER,
    AttachedFile,
    RecordFiles,
    changeable,
    domain,
    is_own,
    may_edit,
    shown,
    versions_of,
    visible,
)
from logic.attachments.previews import make_preview
from logic.core import files, records
from logic.core.actor import Actor
from logic.core.errors import Conflict, Denied, Invalid, NotFound
from logic.core.language import _
from logic.core.service import SIGNED_IN, query, service
from logic.core.work import Work


@query(SIGNED_IN)
async def list_attachments(work: Work, record: str, record_id: UUID) -> RecordFiles:
    """Return the files of a record that the actor may discuss, the newest first. Raises NotFound."""
    await records.discuss(work, record, record_id)
    edits = await may_edit(work, record, record_id)
    found = await versions_of(work, Attachment.record == record, Attachment.record_id == record_id)
    rows = {row.id: row for row, _ in found}
    drawn = [
        shown(work, row, [version for of, version in found if of.id == row.id], edits=edits) for row in rows.values()
    ]
    drawn.sort(key=lambda one: one.newest.at, reverse=True)
    kept = tuple(one for one in drawn if one.removed_at is None)
    removed = tuple(
        one for one in drawn if one.removed_at and one.may_change and work.now - one.removed_at < KEPT_IN_BIN
    )
    return RecordFiles(kept, removed, records.may_write(work.actor, record, record_id))


@query(SIGNED_IN)
async def get_attachment(
    work: Work, attachment_id: UUID, record: str, record_id: UUID, *, removed: bool = False
) -> AttachedFile:
    """Return one file of a record. Raises NotFound, also when it hangs on another record or lies in the bin.

    With `removed` one in the bin is returned too, to who may take it out.
    """
    row = await visible(work, attachment_id)
    shown_file = await _shown(work, row)
    if (row.record, row.record_id) != (record, record_id) or not (
        row.removed_at is None or (removed and shown_file.may_change)
    ):
        raise NotFound('There is no such file on this record.')
    return shown_file


@query(SIGNED_IN)
async def check_attachable(work: Work, record: str, record_id: UUID, size: int, version_of: UUID | None = None) -> None:
    """Raise what `attach` would refuse, before the bytes are sent. Raises NotFound, Denied, Conflict, Invalid."""
    await _refuse_early(work, record, record_id, version_of)
    if size > LARGEST_BYTES:
        raise Invalid('The file is too large.', {'file': _('Send at most {size} MB.', size=round(LARGEST_BYTES / 1e6))})
    await files.require_room(work, size)


async def send(
    actor: Actor, record: str, record_id: UUID, name: str, file: IO[bytes], *, version_of: UUID | None = None
) -> AttachedFile:
    """Take a file that has arrived and attach it. Raises NotFound, Denied, Conflict, Invalid, Unavailable."""
    size = await asyncio.to_thread(file.seek, 0, 2)  # what is staged in vain would lie there for a day
    await check_attachable(actor.using(None), record, record_id, size, version_of)
    staged = await files.stage_file(file, allowed=KINDS, most_bytes=LARGEST_BYTES)
    return await attach(actor, record, record_id, staged, name, version_of=version_of)


@service(SIGNED_IN)
async def attach(
    work: Work, record: str, record_id: UUID, staged: files.Staged, name: str, *, version_of: UUID | None = None
) -> AttachedFile:
    """Hang staged bytes on a record, as a new file or as a newer version of one there. Raises as `send`.

    Who may comment on a record may attach to it; only who may change it, or brought the file
    himself, replaces one (product: a member shows what he found or mended, an officer keeps the papers in order).
    """
    row = await _refuse_early(work, record, record_id, version_of)
    if row is None:
        named = files.honest_name(name, staged.media_type)
        row = work.add(
            Attachment(record=record, record_id=record_id, name=named, by_account_id=work.actor.account_id, number=0)
        )
        await work.flush()
    elif await _is_newest(work, row, staged):
        return await _shown(work, row)
    file = await files.adopt(work, staged, name, OWNER, row.id)
    row.number += 1
    version = work.add(
        AttachmentVersion(attachment_id=row.id, number=row.number, file_id=file.id, by_account_id=work.actor.account_id)
    )
    await work.flush()
    work.enqueue(make_preview, version.id)
    work.changed(OWNER, record_id)
    return await _shown(work, row)


async def _refuse_early(work: Work, record: str, record_id: UUID, version_of: UUID | None) -> Attachment | None:
    await records.write(work, record, record_id)
    if work.actor.account_id is None:
        raise Denied('Files are attached by people who are signed in.')
    if version_of is None:
        here = (Attachment.record == record, Attachment.record_id == record_id, col(Attachment.removed_at).is_(None))
        if (await work.first(select(func.count()).select_from(Attachment).where(*here)) or 0) >= MOST_ON_RECORD:
            raise Conflict(_('There are {count} files here already. Remove one first.', count=MOST_ON_RECORD))
        return None
    row = await changeable(work, version_of)
    if (row.record, row.record_id) != (record, record_id) or row.removed_at is not None:
        raise NotFound('There is no such file on this record.')
    if row.number >= MOST_VERSIONS:
        raise Conflict(_('This file has {count} versions already. Attach it as a new file.', count=MOST_VERSIONS))
    return row


async def _is_newest(work: Work, row: Attachment, staged: files.Staged) -> bool:
    """Say whether a newer version is the one that is there, sent again."""
    newest = (
        select(StoredFile)
        .join(AttachmentVersion, col(AttachmentVersion.file_id) == col(StoredFile.id))
        .where(AttachmentVersion.attachment_id == row.id, AttachmentVersion.number == row.number)
    )
    file = await work.first(newest)
    return file is not None and file.sha256 == staged.sha256


async def _shown(work: Work, row: Attachment) -> AttachedFile:
    found = await versions_of(work, Attachment.id == row.id)
    edits = is_own(work, row) or await may_edit(work, row.record, row.record_id)
    return shown(work, row, [version for _, version in found], edits=edits)


@service(SIGNED_IN)
async def rename_attachment(work: Work, attachment_id: UUID, name: str) -> None:
    """Give a file another name; its ending stays what its content is. Raises NotFound, Denied, Invalid."""
    row = await changeable(work, attachment_id)
    if not name.strip():
        raise Invalid('A file needs a name.', {'name': 'Write one.'})
    newest = await versions_of(work, Attachment.id == row.id)
    row.name = files.honest_name(name.strip(), newest[-1][1].media_type)
    work.changed(OWNER, row.record_id)


@service(SIGNED_IN)
async def remove_attachment(work: Work, attachment_id: UUID) -> None:
    """Put a file into the bin, where it stays for 30 days. Raises NotFound, Denied."""
    row = await changeable(work, attachment_id)
    row.removed_at = row.removed_at or work.now
    work.changed(OWNER, row.record_id)


@service(SIGNED_IN)
async def restore_attachment(work: Work, attachment_id: UUID) -> None:
    """Take a file out of the bin. Raises NotFound, also after 30 days, and Denied."""
    row = await changeable(work, attachment_id)
    if row.removed_at is not None and work.now - row.removed_at >= KEPT_IN_BIN:
        raise NotFound('This file was removed more than 30 days ago and is gone.')
    row.removed_at = None
    work.changed(OWNER, row.record_id)


@query(SIGNED_IN)
async def open_attachment(work: Work, attachment_id: UUID, number: int | None = None) -> tuple[StoredFile, str]:
    """Return the stored file of a version, the newest unless told, and the name to save it by. Raises NotFound."""
    row = await visible(work, attachment_id)
    wanted = row.number if number is None else number
    numbered = (AttachmentVersion.attachment_id == row.id, AttachmentVersion.number == wanted)
    # A number of an address may be longer than any that the database takes.
    version = await work.first(select(AttachmentVersion).where(*numbered)) if 0 < wanted <= row.number else None
    if version is None:
        raise NotFound('There is no such version of this file.')
    return await files.open_file(work, version.file_id), row.name


async def link_attachment(actor: Actor, attachment_id: UUID, number: int | None = None) -> tuple[str, str]:
    """Return an address of the store that opens a version for five minutes, and its name. Raises NotFound, Conflict."""
    row, name = await open_attachment(actor, attachment_id, number)
    return await files.signed_link(row), name


@domain.on(files.Pushed)
async def _show_pushed(work: Work, event: files.Pushed) -> None:
    """Have the screens that show a file learn that it is in the store now."""
    row = await work.find(Attachment, event.file.owner_id) if event.file.owner_type == OWNER else None
    if row is not None:
        work.changed(OWNER, row.record_id)

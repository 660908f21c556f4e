"""Small pictures of what hangs on records, made after it came; and the end of what lay in the bin for 30 days."""

import asyncio
import io
import sys
from pathlib import Path
from uuid import UUID

import structlog
from sqlmodel import col, select

from data.attachments import Attachment, AttachmentVersion
from data.files import StoredFile
from data.members import Member
from logic.attachments.domain import KEPT_IN_BIN, OWNER, domain
from logic.core import files
from logic.core.errors import Invalid
from logic.core.jobs import Run
from logic.core.service import SYSTEM, query, service
from logic.core.work import Work
from logic.members.domain import GONE, MemberAnonymised

log = structlog.get_logger(__name__)
IMAGE_SIDE, PAGE_SIDE = 480, 1100
"""Pixels of the longer side: of a picture, which opens itself in full, and of a page, whose preview has to be read."""
PAGE_SECONDS = 20
PAGE_BYTES = 30_000_000


@domain.job(detached=True, attempts=6)
async def make_preview(run: Run, version_id: str) -> None:
    """Draw a small picture of a version: of a picture itself, of a PDF its first page. Others are shown by an icon."""
    row = await _without_preview(run.actor, UUID(version_id))
    if row is None:
        return
    drawn = await _drawn(row)
    if drawn is not None:
        staged = await files.stage(drawn, allowed=files.IMAGES, longest_side=PAGE_SIDE)
        await _keep_preview(run.actor, UUID(version_id), staged)


async def _drawn(row: StoredFile) -> bytes | None:
    try:
        if row.media_type in files.IMAGES:
            content = await files.read(row)
            return await files.cleaned(io.BytesIO(content), row.media_type, IMAGE_SIDE)
        if row.media_type == files.PDF and row.size <= PAGE_BYTES:
            return await _first_page(row)
    except Invalid as error:
        log.info('attachments.no_preview', reason=error.message)
    return None


async def _first_page(row: StoredFile) -> bytes | None:
    """Draw the first page of a PDF in a process of its own, with little memory and time: such files break tools."""
    with files.arriving() as file:
        async for piece in files.stream(row):
            await asyncio.to_thread(file.write, piece)
        await asyncio.to_thread(file.flush)
        process = await asyncio.create_subprocess_exec(
            sys.executable, '-I', str(Path(__file__).with_name('first_page.py')), file.name, str(PAGE_SIDE),
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            env={},
        )  # fmt: skip
        try:
            drawn, _ = await asyncio.wait_for(process.communicate(), PAGE_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()
            drawn = b''
    if process.returncode or not drawn:
        log.info('attachments.no_preview', reason=f'the page was not drawn ({process.returncode})')
        return None
    return drawn


@query(SYSTEM)
async def _without_preview(work: Work, version_id: UUID) -> StoredFile | None:
    """Return the file of a version that has no preview yet."""
    version = await work.find(AttachmentVersion, version_id)
    return None if version is None or version.preview_id else await work.find(StoredFile, version.file_id)


@service(SYSTEM)
async def _keep_preview(work: Work, version_id: UUID, staged: files.Staged) -> None:
    """Keep the small picture of a version."""
    version = await work.find(AttachmentVersion, version_id)
    if version is None or version.preview_id is not None:
        return
    row = await work.get(Attachment, version.attachment_id)
    version.preview_id = (await files.adopt(work, staged, f'preview of {row.name}', OWNER, row.id)).id
    work.changed(OWNER, row.record_id)


@domain.job(schedule='20 3 * * *')
async def forget_removed(work: Work) -> None:
    """Give up what has lain in the bin for 30 days; its bytes go with the next sweep."""
    old = select(Attachment).where(col(Attachment.removed_at) < work.now - KEPT_IN_BIN).limit(500)
    for row in await work.all(old):
        await _give_up(work, row)


@domain.on(MemberAnonymised)
async def forget_person(work: Work, event: MemberAnonymised) -> None:
    """Give up the files on the record of a person who is forgotten; their bytes go with the next sweep."""
    on_record = select(Attachment).where(
        col(Attachment.record) == Member.__name__, col(Attachment.record_id) == event.member_id
    )
    for row in await work.all(on_record):
        row.name, row.removed_at = GONE, work.now - KEPT_IN_BIN
        await work.flush()
        await _give_up(work, row, GONE)
    await work.flush()


async def _give_up(work: Work, row: Attachment, name: str | None = None) -> None:
    for version in await work.all(select(AttachmentVersion).where(AttachmentVersion.attachment_id == row.id)):
        for file_id in (version.file_id, version.preview_id):
            file = await work.find(StoredFile, file_id)
            if file is not None:
                file.name, file.deleted_at = name or file.name, row.removed_at
        await work.delete(version)
    await work.flush()
    await work.delete(row)

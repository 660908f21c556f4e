"""What files on records are: limits, who may do what with them, how one is shown, and by what it is found."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from data.attachments import Attachment, AttachmentVersion
from data.files import FileState, StoredFile
from data.identity import Account
from logic.core import files, indexing, records
from logic.core.actor import ActorKind
from logic.core.domain import Domain
from logic.core.errors import AppError, Denied, NotFound
from logic.core.language import _
from logic.core.work import Work

domain = Domain('attachments', title='Files on records', icon='sym_o_attach_file', group='Platform')
OWNER = 'Attachment'
"""The owner of the files, as `logic.core.files` names it; its id is that of the attachment."""
MOST_ON_RECORD, MOST_VERSIONS = 200, 50
LARGEST_BYTES = files.LARGEST_ATTACHED_BYTES
KINDS = files.ATTACHED
KEPT_IN_BIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class FileVersion:
    """One version of a file on a record; `size` in bytes."""

    number: int
    file_id: UUID
    media_type: str
    size: int
    sha256: str
    by: str
    at: datetime
    preview_id: UUID | None
    is_waiting: bool
    """Its bytes wait here for the file store, which does not answer. It opens as ever."""
    fault: str
    """Why its bytes are not what they were; empty as long as they are."""


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file on a record, its newest version first."""

    id: UUID
    name: str
    versions: tuple[FileVersion, ...]
    removed_at: datetime | None
    may_change: bool
    """Whether the actor may rename, replace, remove and restore it."""

    @property
    def newest(self) -> FileVersion:
        """The version that opens."""
        return self.versions[0]


@dataclass(frozen=True, slots=True)
class RecordFiles:
    """The files of a record; `removed` are those in the bin that the actor may take out again."""

    files: tuple[AttachedFile, ...]
    removed: tuple[AttachedFile, ...]
    may_add: bool


async def may_edit(work: Work, record: str, record_id: UUID) -> bool:
    """Say whether the actor may change a record."""
    try:
        await records.edit(work, record, record_id)
    except AppError:
        return False
    return True


def is_own(work: Work, row: Attachment) -> bool:
    """Say whether the actor himself brought a file, and may still write there; a key for programs stands for nobody."""
    actor = work.actor
    is_his = actor.account_id is not None and row.by_account_id == actor.account_id
    return actor.kind is ActorKind.ACCOUNT and is_his and records.may_write(actor, row.record, row.record_id)


async def visible(work: Work, attachment_id: UUID) -> Attachment:
    """Return a file on a record that the actor may discuss. Raises NotFound."""
    row = await work.get(Attachment, attachment_id)
    await records.discuss(work, row.record, row.record_id)
    return row


async def changeable(work: Work, attachment_id: UUID) -> Attachment:
    """Return a file that the actor may rename, replace, remove or restore. Raises NotFound, Denied.

    Who may change the record may do so with all its files, and each with those that he brought.
    """
    row = await visible(work, attachment_id)
    if not is_own(work, row) and not await may_edit(work, row.record, row.record_id):
        raise Denied(
            _(
                '"{name}" was brought by somebody else. Who may change the record on which it is can change its files.',
                name=row.name,
            )
        )
    return row


@files.readable_by(OWNER)
async def _may_read(work: Work, attachment_id: UUID) -> None:
    """A file is read by whom its record is discussed by; from the bin, by who may take it out. Raises NotFound."""
    row = await visible(work, attachment_id)
    if row.removed_at is not None and not is_own(work, row) and not await may_edit(work, row.record, row.record_id):
        raise NotFound('This file was removed.')


def shown(work: Work, row: Attachment, versions: list[FileVersion], *, edits: bool) -> AttachedFile:
    """Return a file as it is shown to the actor."""
    newest_first = tuple(sorted(versions, key=lambda one: -one.number))
    return AttachedFile(row.id, row.name, newest_first, row.removed_at, edits or is_own(work, row))


async def versions_of(work: Work, *where: Any) -> list[tuple[Attachment, FileVersion]]:
    """Return files and their versions that meet a condition, in one statement, the oldest first."""
    statement = (
        sa.select(Attachment, AttachmentVersion, StoredFile, FileState, col(Account.name))
        .join(AttachmentVersion, col(AttachmentVersion.attachment_id) == col(Attachment.id))
        .join(StoredFile, col(StoredFile.id) == col(AttachmentVersion.file_id))
        .outerjoin(FileState, col(FileState.file_id) == col(StoredFile.id))
        .outerjoin(Account, col(Account.id) == col(AttachmentVersion.by_account_id))
        .where(*where)
        .order_by(col(Attachment.id), col(AttachmentVersion.number))
    )
    return [
        (row, _version(version, file, state, name)) for row, version, file, state, name in await work.all(statement)
    ]


def _version(version: AttachmentVersion, file: StoredFile, state: FileState | None, name: str | None) -> FileVersion:
    return FileVersion(
        version.number,
        file.id,
        file.media_type,
        file.size,
        file.sha256,
        name or 'Logbook',
        version.created_at,
        version.preview_id,
        state is not None and state.is_spooled,
        _(state.fault) if state is not None else '',
    )


def _pieces(row: Attachment) -> list[indexing.Piece]:
    if row.removed_at is not None:
        return []
    return [indexing.Piece(body=row.name, title=row.name, level=indexing.DISCUSSION)]


indexing.register_part(
    Attachment,
    fields={'name', 'removed_at', 'record_id'},
    pieces=_pieces,
    about=lambda row: (row.record, row.record_id),
)

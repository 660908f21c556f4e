"""The files of a record on its page: dropped, pasted, chosen or photographed, previewed, versioned, restored; live."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from data.attachments import Attachment
from logic import attachments
from logic.attachments import AttachedFile, FileVersion, RecordFiles
from logic.core import files
from logic.core.actor import Actor
from logic.core.errors import Invalid
from logic.core.language import _
from logic.core.live import Change
from ui import guard, uploads
from ui.components.base import Component, plain
from ui.components.live import Listener
from ui.components.toast import toast
from ui.memory import written

ICONS = {
    uploads.Kind.PDF: ('sym_o_picture_as_pdf', 'red'),
    uploads.Kind.TEXT: ('sym_o_description', 'grey'),
    uploads.Kind.XLSX: ('sym_o_table_chart', 'green'),
    uploads.Kind.ODS: ('sym_o_table_chart', 'green'),
    uploads.Kind.DOCX: ('sym_o_description', 'blue'),
    uploads.Kind.ODT: ('sym_o_description', 'blue'),
    uploads.Kind.PPTX: ('sym_o_slideshow', 'amber'),
    uploads.Kind.ODP: ('sym_o_slideshow', 'amber'),
    uploads.Kind.ZIP: ('sym_o_folder_zip', 'amber'),
    uploads.Kind.MP4: ('sym_o_movie', 'violet'),
}
PHOTO_ICON = ('sym_o_image', 'violet')
# Without HEIC, which phones turn into JPEG then, so that it can be shown.
ACCEPTED = ','.join(sorted(kind.value for kind in uploads.ATTACHED - {uploads.Kind.HEIC})) + ',.csv,.txt,.eml,.ics'


class One(BaseModel):
    """The file that an act in the browser is about."""

    model_config = ConfigDict(extra='forbid')

    id: UUID


class Renamed(One):
    """A file and its new name."""

    name: str = Field(min_length=1, max_length=200)


class Attachments(Component, component='attachments.js', dependencies=['logbook.js', 'symbols.js']):
    """A card with the files of a record, which stays true by itself; `Attachments('Task', task_id, files)`.

    Draw it into the page and not into a `live` region: what redraws it would cut off what is being sent.
    """

    def __init__(self, record: str, record_id: UUID, found: RecordFiles) -> None:
        super().__init__()
        self._record, self._record_id = record, record_id
        self._address = uploads.offer(
            self._take, limit=attachments.LARGEST_BYTES, kinds=uploads.ATTACHED, before=self._before
        )
        self._fixed = {
            'title': _('Files'), 'uid': f'lb-files-{self.id}', 'address': self._address, 'accept': ACCEPTED,
            'limit': attachments.LARGEST_BYTES,
        }  # fmt: skip
        self._show(found)
        self._when('rename', self._rename, Renamed)
        self._when('remove', self._remove, One)
        self._when('restore', self._restore, One)
        self._listener: Listener | None = Listener(self, [Attachment], self.refresh, match=self._is_ours)

    async def refresh(self) -> None:
        """Fetch and show what is there now."""
        actor = await guard.actor_of(self.client)
        self._show(await attachments.list_attachments(actor, self._record, self._record_id))
        self.update()

    def _show(self, found: RecordFiles) -> None:
        drawn = {'files': [_drawn(one) for one in found.files], 'removed': [_drawn(one) for one in found.removed]}
        self._props['data'] = written(self._fixed | {'may': found.may_add} | plain(drawn))

    def _is_ours(self, change: Change) -> bool:
        return change.row_id == self._record_id

    async def _before(self, actor: Actor, size: int, fields: dict[str, str]) -> None:
        limited = min(size, attachments.LARGEST_BYTES)  # what is larger is refused while it streams, form or not
        await attachments.check_attachable(actor, self._record, self._record_id, limited, _version_of(fields))

    async def _take(self, actor: Actor, received: uploads.Received) -> None:
        target = _version_of(received.fields)
        await attachments.send(actor, self._record, self._record_id, received.name, received.file, version_of=target)

    async def _rename(self, actor: Actor, given: Renamed) -> None:
        await attachments.rename_attachment(actor, given.id, given.name)

    async def _remove(self, actor: Actor, given: One) -> None:
        await attachments.remove_attachment(actor, given.id)

        async def undo(by: Actor) -> None:
            await attachments.restore_attachment(by, given.id)

        toast(_('Moved to the bin, where it stays for 30 days.'), undo=undo)

    async def _restore(self, actor: Actor, given: One) -> None:
        await attachments.restore_attachment(actor, given.id)
        toast(_('Restored.'))

    def _handle_delete(self) -> None:
        uploads.withdraw(self._address)
        if self._listener is not None:
            self._listener.end()
            self._listener = None
        super()._handle_delete()


def _version_of(fields: dict[str, str]) -> UUID | None:
    try:
        return UUID(fields['version_of']) if fields.get('version_of') else None
    except ValueError:
        raise Invalid('There is no such file to replace.') from None


def _drawn(one: AttachedFile) -> dict[str, Any]:
    """Return a file as the browser needs it."""
    newest = one.newest
    icon, tone = ICONS.get(uploads.Kind(newest.media_type), PHOTO_ICON)
    return {
        'id': one.id, 'name': one.name, 'icon': icon, 'tone': tone, 'shows': _shows(newest), 'change': one.may_change,
        'removed': one.removed_at, 'href': f'/attached/{one.id}', 'versions': [_version(one, v) for v in one.versions],
    } | _version(one, newest)  # fmt: skip


def _version(one: AttachedFile, version: FileVersion) -> dict[str, Any]:
    return {
        'number': version.number,
        'kind': 'Text' if version.media_type == files.TEXT else uploads.Kind(version.media_type).label,
        'size': version.size,
        'by': version.by,
        'at': version.at,
        'save': f'/attached/{one.id}/{version.number}',
        'view': f'/files/{version.file_id}' if version.media_type in files.IMAGES else None,
        'preview': f'/files/{version.preview_id}' if version.preview_id else None,
        'waits': version.is_waiting,
        'fault': version.fault,
    }


def _shows(version: FileVersion) -> str:
    """Say how the browser shows a file: whole, by its first page, as text, or not at all."""
    if version.media_type in files.IMAGES:
        return 'image'
    if version.media_type == files.TEXT:
        return 'text'
    return 'page' if version.media_type == files.PDF and version.preview_id else ''

"""Putting records into a person's file: adding, correcting, renewing, removing, and dropping papers."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from logic import organizations
from logic.core.actor import Actor
from logic.core.language import _, later
from logic.core.wording import inside
from logic.members import PersonView
from logic.members import file as records
from logic.members.attachments import send_paper
from logic.members.file import RecordKind, RecordList, RecordRow
from logic.members.names import typed_phone
from ui import shell, uploads
from ui.components import FileDrop, FormDialog, RowAction, toast
from ui.components.placing import place_fields
from ui.components.rows import chosen
from ui.uploads import Received
from ui.waiting import Look, looks

DOCUMENT_BYTES = 20_000_000
looks['expiry'] = Look('sym_o_verified', 'amber', opens=later('Renew'))
looks['expiry_of_others'] = Look('sym_o_event_busy', 'amber')


def actions(person: PersonView, kind: RecordKind, found: RecordList) -> list[RowAction[RecordRow]]:
    """Return what can be done with a record of a kind."""
    actions: list[RowAction[RecordRow]] = []

    async def reveal(actor: Actor, record_id: UUID) -> None:
        toast(await records.reveal_number(actor, record_id), 'info')

    async def edit(actor: Actor, record_id: UUID) -> None:
        row = chosen(found.rows, record_id)
        title = _('Edit: {title}', title=inside(kind.title))
        value = dict(row.values)
        if value.get('phone'):
            value['phone'] = typed_phone(value['phone'], person.typed_country)
        await _dialog(actor, kind, row.member_id, title, _changes(kind, row), value=value, about=row.id)

    async def renew(actor: Actor, record_id: UUID) -> None:
        row = chosen(found.rows, record_id)
        old = {name: value for name, value in row.values.items() if not name.endswith('_on') and name != 'file_id'}

        async def run(actor: Actor, data: Any) -> None:
            await records.renew_record(actor, kind.name, record_id, data)

        about = f'renewal of {record_id}'
        await _dialog(actor, kind, row.member_id, _('Renewal'), run, value=old, about=about)

    async def remove(actor: Actor, record_id: UUID) -> None:
        async def back(actor: Actor) -> None:
            await records.restore_record(actor, kind.name, record_id)
            await shell.refresh()

        await records.remove_record(actor, kind.name, record_id)
        toast(_('Moved to the bin.') if kind.is_binned else _('Removed.'), undo=back if kind.is_binned else None)
        await shell.refresh()

    if kind.name == 'numbers':
        actions.append(RowAction(_('Show in full'), reveal, 'sym_o_visibility'))
    if found.may_edit:
        actions.append(RowAction(_('Edit'), edit, 'sym_o_edit'))
        if kind.expires:
            actions.append(
                RowAction(_('Add renewal'), renew, 'sym_o_autorenew', when=lambda row: not row.is_superseded)
            )
        actions.append(RowAction(_('Remove'), remove, 'sym_o_delete', danger=True))
    return actions


def _changes(kind: RecordKind, row: RecordRow) -> Callable[..., Any]:
    async def run(actor: Actor, data: Any) -> None:
        await records.change_record(actor, kind.name, row.id, data, row.version)

    return run


def adds(person: PersonView, kind: RecordKind) -> Callable[..., Any]:
    """Return what opens the dialog for a new record."""

    async def opens(actor: Actor) -> None:
        title = _('Add to {list}', list=inside(kind.title))
        await _dialog(actor, kind, person.id, title, _saves_new(person, kind))

    return opens


def _saves_new(person: PersonView, kind: RecordKind) -> Callable[..., Any]:
    async def run(actor: Actor, data: Any) -> None:
        await records.add_record(actor, person.id, kind.name, data)

    return run


async def _dialog(
    actor: Actor, kind: RecordKind, member_id: UUID, title: str, run: Callable[..., Any], *,
    value: dict[str, Any] | None = None, about: Any = None,
) -> None:  # fmt: skip
    async def save(actor: Actor, data: Any) -> None:
        await run(actor, data)
        toast(_('Saved.'))
        await shell.refresh()

    fixed = {'file_id': value['file_id']} if value and value.get('file_id') else None
    choices: dict[str, Any] = {}
    if 'company_id' in kind.input.model_fields:
        choices['company_id'] = [(row.id, row.name) for row in await organizations.list_companies(actor)]
    if 'document_id' in kind.input.model_fields:
        papers = (await records.list_records(actor, member_id, 'documents')).rows
        choices['document_id'] = [(row.id, row.values['title']) for row in papers]
    dialog = FormDialog(title, kind.input, save, value=value, fixed=fixed, about=about)
    place_fields(dialog, kind.input, skip=('file_id',), options=choices)


def drop(person: PersonView, kind: RecordKind) -> None:
    """A place for papers: what is dropped is stored, then the dialog asks what it is."""
    sent: list[tuple[UUID, str]] = []

    async def take(actor: Actor, received: Received) -> None:
        row = await send_paper(actor, person.id, received.name, received.read())
        sent.append((row.id, received.name.rpartition('.')[0] or received.name))

    async def then(actor: Actor, _sent: Any) -> None:
        file_id, name = sent.pop()
        known = {'file_id': file_id, 'title': name}
        await _dialog(actor, kind, person.id, _('What is this paper?'), _saves_new(person, kind), value=known)

    label, text = _('Drop a paper here'), _('PDF, Word, Excel or a picture, up to 20 MB')
    FileDrop(take, kinds=uploads.DOCUMENTS, limit=DOCUMENT_BYTES, label=label, help=text, then=then)

"""A person's file: licences, documents, history, contacts and protected numbers, each kind alike."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from data.core import now
from logic import organizations
from logic.core.actor import Actor
from logic.core.listing import ListQuery, Page
from logic.members import Level, PersonView
from logic.members import file as records
from logic.members.attachments import send_paper
from logic.members.file import RecordKind, RecordList, RecordRow
from ui import shell, uploads
from ui.components import Button, Buttons, Card, Chip, Column, DataTable, FileDrop, FormDialog, RowAction, Stack, toast
from ui.components.fields import humane
from ui.components.placing import place_fields
from ui.uploads import Received

DOCUMENT_BYTES = 20_000_000


async def draw(actor: Actor, person: PersonView) -> None:
    """Every kind that the viewer may see; private ones of others are opened on purpose."""
    found = {one.kind: one for one in await records.list_file(actor, person.id)}
    for kind in records.KINDS.values():
        if kind.name in found:
            await _open(person, kind, found[kind.name])
        elif kind.level is Level.PRIVATE and person.sees_private:
            _closed(person, kind)


def _closed(person: PersonView, kind: RecordKind) -> None:
    place = Stack()

    async def show(actor: Actor) -> None:
        found = await records.view_private_records(actor, person.id, kind.name)
        place.clear()
        with place:
            await _open(person, kind, found)

    with place, Card(kind.title, text='Private. Each look at it is on record.'):
        Buttons(Button('Show', do=show, icon='sym_o_visibility', small=True))


async def _open(person: PersonView, kind: RecordKind, found: RecordList) -> None:
    if not found.rows and not found.may_edit:
        return
    add = Button(f'Add to {kind.title.lower()}', do=_adds(person, kind), icon='sym_o_add', small=True)
    await DataTable(
        _columns(kind), _fetch(found), label=kind.title, search='', prefix=f'{kind.name}-', noun=('record', 'records'),
        row_actions=_actions(kind, found), buttons=[add] if found.may_edit else (),
    ).load()  # fmt: skip
    if kind.name == 'documents' and found.may_edit:
        _drop(person, kind)


def _fetch(found: RecordList) -> Callable[..., Any]:
    async def fetch(_actor: Actor, _asked: ListQuery) -> Page[RecordRow]:
        return Page(found.rows, len(found.rows), 1, max(len(found.rows), 1))

    return fetch


def _columns(kind: RecordKind) -> list[Column[RecordRow]]:
    shown = []
    for name, info in kind.input.model_fields.items():
        if (name.endswith('_id') and name != 'file_id') or name == 'order':
            continue
        label = str(info.title or humane(name))
        if name == 'file_id':
            shown.append(Column(name, label, 'link', _file_link))
        elif name.endswith('_on'):
            shown.append(Column(name, label, 'date', _value(name)))
        else:
            shown.append(Column(name, label, value=_text(name)))
    if kind.expires:
        shown.append(Column('state', 'State', 'chip', _state))
    first = next((c for c in shown if c.name in ('title', 'name', 'kind', 'school', 'employer', 'language')), shown[0])
    return [first, *(column for column in shown if column is not first)]


def _value(name: str) -> Callable[[RecordRow], Any]:
    return lambda row: row.values.get(name)


def _text(name: str) -> Callable[[RecordRow], str]:
    def text(row: RecordRow) -> str:
        value = row.values.get(name)
        return '' if value is None else str(getattr(value, 'value', value)).replace('_', ' ')

    return text


def _file_link(row: RecordRow) -> dict[str, str] | str:
    file_id = row.values.get('file_id')
    return {'text': 'Open', 'href': f'/files/{file_id}'} if file_id else ''


def _state(row: RecordRow) -> Chip:
    expires_on = row.values.get('expires_on')
    if row.is_superseded:
        return Chip('Renewed')
    if expires_on is None:
        return Chip('No end', 'green')
    days = (expires_on - now().date()).days
    return (
        Chip('Expired', 'red')
        if days < 0
        else Chip(f'{days} days left', 'amber')
        if days <= 90
        else Chip('Current', 'green')
    )


def _actions(kind: RecordKind, found: RecordList) -> list[RowAction[RecordRow]]:
    rows = {row.id: row for row in found.rows}
    actions: list[RowAction[RecordRow]] = []

    async def reveal(actor: Actor, record_id: UUID) -> None:
        toast(await records.reveal_number(actor, record_id), 'info')

    async def edit(actor: Actor, record_id: UUID) -> None:
        row = rows[record_id]
        await _dialog(actor, kind, f'Edit: {kind.title.lower()}', row.values, _changes(kind, row))

    async def renew(actor: Actor, record_id: UUID) -> None:
        old = {
            name: value
            for name, value in rows[record_id].values.items()
            if not name.endswith('_on') and name != 'file_id'
        }

        async def run(actor: Actor, data: Any) -> None:
            await records.renew_record(actor, kind.name, record_id, data)

        await _dialog(actor, kind, 'Renewal', old, run)

    async def remove(actor: Actor, record_id: UUID) -> None:
        async def back(actor: Actor) -> None:
            await records.restore_record(actor, kind.name, record_id)
            await shell.refresh()

        await records.remove_record(actor, kind.name, record_id)
        toast('Moved to the bin.' if kind.is_binned else 'Removed.', undo=back if kind.is_binned else None)
        await shell.refresh()

    if kind.name == 'numbers':
        actions.append(RowAction('Show in full', reveal, 'sym_o_visibility'))
    if found.may_edit:
        actions.append(RowAction('Edit', edit, 'sym_o_edit'))
        if kind.expires:
            actions.append(RowAction('Add renewal', renew, 'sym_o_autorenew', when=lambda row: not row.is_superseded))
        actions.append(RowAction('Remove', remove, 'sym_o_delete', danger=True))
    return actions


def _changes(kind: RecordKind, row: RecordRow) -> Callable[..., Any]:
    async def run(actor: Actor, data: Any) -> None:
        await records.change_record(actor, kind.name, row.id, data, row.version)

    return run


def _adds(person: PersonView, kind: RecordKind) -> Callable[..., Any]:
    async def opens(actor: Actor) -> None:
        await _dialog(actor, kind, f'Add to {kind.title.lower()}', None, _saves_new(person, kind))

    return opens


def _saves_new(person: PersonView, kind: RecordKind) -> Callable[..., Any]:
    async def run(actor: Actor, data: Any) -> None:
        await records.add_record(actor, person.id, kind.name, data)

    return run


async def _dialog(
    actor: Actor, kind: RecordKind, title: str, value: dict[str, Any] | None, run: Callable[..., Any]
) -> None:
    async def save(actor: Actor, data: Any) -> None:
        await run(actor, data)
        toast('Saved.')
        await shell.refresh()

    fixed = {'file_id': value['file_id']} if value and value.get('file_id') else None
    choices: dict[str, Any] = {}
    if 'company_id' in kind.input.model_fields:
        choices['company_id'] = [(row.id, row.name) for row in await organizations.list_companies(actor)]
    dialog = FormDialog(title, kind.input, save, value=value, fixed=fixed)
    place_fields(dialog, kind.input, skip=('file_id', 'document_id'), options=choices)


def _drop(person: PersonView, kind: RecordKind) -> None:
    """A place for papers: what is dropped is stored, then the dialog asks what it is."""
    sent: list[tuple[UUID, str]] = []

    async def take(actor: Actor, received: Received) -> None:
        row = await send_paper(actor, person.id, received.name, received.read())
        sent.append((row.id, received.name.rpartition('.')[0] or received.name))

    async def then(actor: Actor, _sent: Any) -> None:
        file_id, name = sent.pop()
        await _dialog(actor, kind, 'What is this paper?', {'file_id': file_id, 'title': name}, _saves_new(person, kind))

    help_text = 'PDF, Word, Excel or a picture, up to 20 MB'
    FileDrop(take, kinds=uploads.DOCUMENTS, limit=DOCUMENT_BYTES, label='Drop a paper here', help=help_text, then=then)

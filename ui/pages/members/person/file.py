"""A person's file: licences, documents, history, contacts and protected numbers, each kind alike."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from logic.core.actor import Actor
from logic.core.language import _
from logic.core.listing import ListQuery, Page, whole
from logic.core.wording import inside
from logic.members import Level, PersonView
from logic.members import file as records
from logic.members.file import RecordKind, RecordList, RecordRow
from ui import shell
from ui.components import Button, Buttons, Card, DataTable, Dialog, Empty, EmptyList, RowAction, Stack, toast
from ui.pages.members.person.columns import columns_of
from ui.pages.members.person.filing import actions, adds, drop

TABS: dict[str, tuple[str, ...]] = {
    'documents': ('licences', 'documents', 'engagements', 'leaves'),
    'background': ('education', 'experience', 'skills', 'languages'),
    'private': ('contacts', 'dependants', 'numbers'),
}
"""The kinds of records in each tab."""


def draws(tab: str) -> Callable[[Actor, PersonView], Awaitable[None]]:
    """Return what draws those kinds of a tab that the viewer may see; private ones of others are opened on purpose."""

    async def draw(actor: Actor, person: PersonView) -> None:
        found = {one.kind: one for one in await records.list_file(actor, person.id, TABS[tab])}
        shown = {name for name, one in found.items() if one.rows or one.may_edit}
        closed = {name for name in TABS[tab] if name not in found and records.KINDS[name].level is Level.PRIVATE}
        for kind in (records.KINDS[name] for name in TABS[tab]):
            if kind.name in shown:
                await _open(person, kind, found[kind.name], found.get('documents'))
            elif kind.name in closed:
                _closed(person, kind)
        if not shown | closed:
            Empty('sym_o_folder_open', _('Nothing yet'), _('What is entered of {name} stands here.', name=person.name))

    return draw


def _closed(person: PersonView, kind: RecordKind) -> None:
    place = Stack()

    async def show(actor: Actor) -> None:
        found = await records.view_private_records(actor, person.id, kind.name)
        place.clear()
        with place:
            await _open(person, kind, found)

    with place, Card(kind.title, text=_('Private. Each look at it is on record.')):
        Buttons(Button(_('Show'), do=show, icon='sym_o_visibility', small=True))


async def _open(person: PersonView, kind: RecordKind, found: RecordList, papers: RecordList | None = None) -> None:
    await DataTable(
        columns_of(person, kind, papers), _fetch(found), label=kind.title, search='', prefix=f'{kind.name}-',
        noun=(_('record'), _('records')), row_actions=actions(person, kind, found),
        buttons=_buttons(person, kind) if found.may_edit else (),
        empty=EmptyList(_('Nothing yet'), _('What is entered of {name} stands here.', name=person.name)),
    ).load()  # fmt: skip
    if kind.name == 'documents' and found.may_edit:
        drop(person, kind)


def _buttons(person: PersonView, kind: RecordKind) -> list[Button]:
    add = Button(_('Add to {list}', list=inside(kind.title)), do=adds(person, kind), icon='sym_o_add', small=True)
    return (
        [add, Button(_('Bin'), do=_opens_bin(person, kind), icon='sym_o_delete', small=True)]
        if kind.is_binned
        else [add]
    )


def _opens_bin(person: PersonView, kind: RecordKind) -> Callable[[Actor], Awaitable[None]]:
    async def fetch(actor: Actor, _: ListQuery) -> Page[RecordRow]:
        rows = (await records.list_records(actor, person.id, kind.name, removed=True)).rows
        return whole(rows)

    async def restore(actor: Actor, record_id: UUID) -> None:
        await records.restore_record(actor, kind.name, record_id)
        toast(_('It is back in the file.'))
        await shell.refresh()

    async def open_bin(actor: Actor) -> None:  # noqa: ARG001  the list asks again
        removed = inside(kind.title)
        text = _('Removed {things} lie here, and can be brought back.', things=removed)
        empty = EmptyList(_('The bin is empty'), text)
        with Dialog(_('Removed {things} of {name}', things=removed, name=person.name), wide=True):
            await DataTable(
                columns_of(person, kind), fetch, label=_('Bin'), search='', prefix=f'{kind.name}-bin-',
                noun=(_('record'), _('records')), live=[kind.model], empty=empty,
                row_actions=[RowAction(_('Restore'), restore, 'sym_o_undo')],
            ).load()  # fmt: skip

    return open_bin


def _fetch(found: RecordList) -> Callable[..., Any]:
    async def fetch(_actor: Actor, _asked: ListQuery) -> Page[RecordRow]:
        return whole(found.rows)

    return fetch

"""With whom a list is shared, its columns, and its owner."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from data.tasks import BoardColumn, ColumnKind, ShareLevel, TaskListShare
from logic import departments, tasks
from logic.core.actor import Actor
from logic.core.listing import ListQuery, Page
from logic.identity import positions
from logic.identity.permissions import VIEW_POSITIONS
from logic.tasks import ColumnInput, ListRow, ShareInput, ShareRow
from logic.tasks.domain import ADD
from ui import shell
from ui.components import Button, Column, DataTable, EmptyList, FormDialog, Head, RowAction, toast
from ui.pages.tasks.adding import Open
from ui.search import search_people
from ui.shell import page


class OwnerForm(BaseModel):
    """Who is to own a list."""

    model_config = ConfigDict(extra='forbid')

    owner_id: Annotated[UUID, Field(title='New owner')]


@page('/tasks/lists/{list_id}/settings', 'Settings of a list', ADD)
async def sharing(actor: Actor, list_id: UUID) -> None:
    """Who sees a list and may do what; the columns of its board."""
    row = await tasks.get_list(actor, list_id)
    shell.title(f'{row.title}: people and columns')
    shell.crumbs(('Tasks', '/tasks'), ('Lists', '/tasks/lists'), (row.title, f'/tasks/lists/{list_id}'),
                 ('People and columns', None))  # fmt: skip
    manages = row.level is ShareLevel.MANAGE
    buttons = []
    if manages and not row.is_inbox:
        buttons = [Button('Share', do=_share(row), icon='sym_o_person_add', primary=True),
                   Button('Give to another owner', do=_give(row), icon='sym_o_move_up', menu=True)]  # fmt: skip
    Head(row.title, f'Owned by {row.owner.name}. Seen by: {row.visibility.label.lower()}.', buttons)
    if not row.is_inbox:
        await _shares(list_id, manages=manages)
    await _columns(list_id, manages=manages)


async def _shares(list_id: UUID, *, manages: bool) -> None:
    async def fetch(actor: Actor, _: ListQuery) -> Page[ShareRow]:
        found = await tasks.list_shares(actor, list_id)
        return Page(found, len(found), 1, max(len(found), 1))

    async def end(actor: Actor, share_id: UUID) -> None:
        await tasks.unshare_list(actor, share_id)
        toast('It is no longer shared with them.')

    await DataTable(
        [
            Column('target', 'Shared with', value=lambda row: row.target.name),
            Column('kind', 'Kind', value=lambda row: row.kind.capitalize()),
            Column('level', 'May', value=lambda row: row.level.label),
        ],
        fetch, label='Shared with', search='', noun=('share', 'shares'), live=[TaskListShare], prefix='s-',
        row_actions=[RowAction('Stop sharing', end, 'sym_o_person_remove')] if manages else (),
        empty=EmptyList('Shared with nobody', 'Only the owner sees it, or those said above.', 'sym_o_group'),
    ).load()  # fmt: skip


async def _columns(list_id: UUID, *, manages: bool) -> None:
    async def fetch(actor: Actor, _: ListQuery) -> Page[BoardColumn]:
        found = await tasks.list_columns(actor, list_id)
        return Page(found, len(found), 1, max(len(found), 1))

    async def earlier(actor: Actor, column_id: UUID) -> None:
        ids = [column.id for column in await tasks.list_columns(actor, list_id)]
        at = ids.index(column_id) if column_id in ids else 0
        if at > 0:
            await tasks.move_column(actor, column_id, ids[at - 2] if at > 1 else None)

    async def remove(actor: Actor, column_id: UUID) -> None:
        columns = await tasks.list_columns(actor, list_id)
        kind = (await tasks.get_column(actor, column_id)).kind
        to = next((column.id for column in columns if column.kind is kind and column.id != column_id), None)
        moved = await tasks.remove_column(actor, column_id, to)
        toast(f'Removed. {moved} tasks went to another column of the kind.' if moved else 'Removed.')

    async def edit(actor: Actor, column_id: UUID) -> None:
        column = await tasks.get_column(actor, column_id)

        async def save(actor: Actor, data: ColumnInput) -> None:
            await tasks.update_column(actor, column_id, data, column.version)

        _place(FormDialog('Edit column', ColumnInput, save, value=column))

    async def add(actor: Actor) -> None:  # noqa: ARG001  the submit asks again
        async def save(actor: Actor, data: ColumnInput) -> None:
            await tasks.add_column(actor, list_id, data)

        _place(FormDialog('Add column', ColumnInput, save, label='Add'))

    actions: list[RowAction[BoardColumn]] = [
        RowAction('Edit', edit, 'sym_o_edit'),
        RowAction('Move to the left', earlier, 'sym_o_arrow_back'),
        RowAction('Remove', remove, 'sym_o_delete', danger=True),
    ]
    table = DataTable(
        [
            Column('title', 'Column'), Column('kind', 'Its tasks are', value=lambda row: row.kind.label),
            Column('limit', 'At most', 'number', lambda row: row.wip_limit),
        ],
        fetch, label='Columns of the board', search='', noun=('column', 'columns'), live=[BoardColumn], prefix='c-',
        row_actions=actions if manages else (), buttons=[Button('Add column', do=add, small=True)] if manages else (),
    )  # fmt: skip
    await table.load()


def _place(dialog: FormDialog[ColumnInput]) -> None:
    dialog.text('title')
    dialog.radios('kind', [(one, one.label) for one in ColumnKind])
    dialog.number('wip_limit', help='More may not come in. Empty for any number.')


def _share(row: ListRow) -> Open:
    async def save(actor: Actor, data: ShareInput) -> None:
        await tasks.share_list(actor, row.id, data)
        toast('Shared. They see it at once.')

    async def show(actor: Actor) -> None:
        dialog = FormDialog(f'Share {row.title}', ShareInput, save, label='Share', text='Choose one of the three.')
        dialog.person('member_id', search_people)
        if actor.may(VIEW_POSITIONS):
            held = await positions.list_positions(actor)
            dialog.select('position_id', [(one.id, one.name) for one in held], none='No position', span=6)
        units = await departments.list_departments(actor)
        dialog.select('department_id', [(one.id, one.name) for one in units], none='No department', span=6)
        dialog.radios('level', [(one, one.label) for one in ShareLevel])

    return show


def _give(row: ListRow) -> Open:
    async def save(actor: Actor, data: OwnerForm) -> None:
        await tasks.give_list(actor, row.id, data.owner_id)
        toast('Given. You still manage it.')

    async def show(actor: Actor) -> None:  # noqa: ARG001  the submit asks again
        FormDialog(f'Who is to own {row.title}?', OwnerForm, save, label='Give').person('owner_id', search_people)

    return show

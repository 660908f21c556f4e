"""The columns of a list's board, in the order of the board."""

from uuid import UUID

from data.tasks import BoardColumn, ColumnKind
from logic import tasks
from logic.core.actor import Actor
from logic.core.language import _, many
from logic.core.listing import ListQuery, Page, whole
from logic.tasks import ColumnInput, RemovedColumn
from ui.components import Button, Column, DataTable, FormDialog, RowAction, toast


async def draw(list_id: UUID, *, manages: bool) -> None:
    """Draw the columns, with what may be done to them."""

    async def fetch(actor: Actor, asked: ListQuery) -> Page[BoardColumn]:  # noqa: ARG001  there are few
        return whole(await tasks.list_columns(actor, list_id))

    async def earlier(actor: Actor, column_id: UUID) -> None:
        ids = [column.id for column in await tasks.list_columns(actor, list_id)]
        at = ids.index(column_id) if column_id in ids else 0
        if at > 0:
            await tasks.move_column(actor, column_id, ids[at - 2] if at > 1 else None)

    async def remove(actor: Actor, column_id: UUID) -> None:
        columns = await tasks.list_columns(actor, list_id)
        kind = (await tasks.get_column(actor, column_id)).kind
        to = next((column.id for column in columns if column.kind is kind and column.id != column_id), None)
        removed = await tasks.remove_column(actor, column_id, to)
        _say_removed(removed)

    async def add(actor: Actor) -> None:  # noqa: ARG001  the submit asks again
        async def save(actor: Actor, data: ColumnInput) -> None:
            await tasks.add_column(actor, list_id, data)

        _place(FormDialog(_('Add column'), ColumnInput, save, label=_('Add')))

    actions: list[RowAction[BoardColumn]] = [
        RowAction(_('Edit'), _edit, 'sym_o_edit'),
        RowAction(_('Move to the left'), earlier, 'sym_o_arrow_back'),
        RowAction(_('Remove'), remove, 'sym_o_delete', danger=True),
    ]
    table = DataTable(
        [
            Column('title', _('Column')), Column('kind', _('Its tasks are'), value=lambda row: row.kind.label),
            Column('limit', _('At most'), 'number', lambda row: row.wip_limit),
        ],
        fetch, label=_('Columns of the board'), search='', noun=(_('column'), _('columns')), live=[BoardColumn],
        prefix='c-', row_actions=actions if manages else (),
        buttons=[Button(_('Add column'), do=add, small=True)] if manages else (),
    )  # fmt: skip
    await table.load()


def _say_removed(removed: RemovedColumn) -> None:
    async def back(actor: Actor) -> None:
        await tasks.restore_column(actor, removed)

    said = _('Removed.')
    if moved := len(removed.cards):
        text = many(
            '{count} task went to another column of the kind.',
            '{count} tasks went to another column of the kind.',
            moved,
        )
        said = f'{said} {text}'
    toast(said, undo=back)


async def _edit(actor: Actor, column_id: UUID) -> None:
    column = await tasks.get_column(actor, column_id)

    async def save(actor: Actor, data: ColumnInput) -> None:
        await tasks.update_column(actor, column_id, data, column.version)

    _place(FormDialog(_('Edit column'), ColumnInput, save, value=column))


def _place(dialog: FormDialog[ColumnInput]) -> None:
    dialog.text('title')
    dialog.radios('kind', [(one, one.label) for one in ColumnKind])
    dialog.number('wip_limit', help=_('More may not come in. Empty for any number.'))

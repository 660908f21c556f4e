"""The labels of tasks: added, renamed, coloured, merged and removed in one place."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from data.members import Tag
from data.tasks import TaskTag
from logic import tasks
from logic.core.actor import Actor
from logic.core.errors import Conflict
from logic.core.language import _, later, many
from logic.core.listing import ListQuery, Page, paged
from logic.core.words import fold
from logic.tasks import LabelInput, LabelRow, RemovedLabel
from logic.tasks.domain import MANAGE_LISTS
from ui import shell
from ui.components import Button, Column, DataTable, EmptyList, FormDialog, Head, RowAction, toast
from ui.pages.tasks import cells, list_form
from ui.shell import page


class MergeInput(BaseModel):
    """Which label takes its place."""

    model_config = ConfigDict(extra='forbid')

    into_id: Annotated[UUID, Field(title=later('Label that stays'))]


@page('/tasks/labels', 'Labels of tasks', MANAGE_LISTS)
async def labels(actor: Actor) -> None:  # noqa: ARG001  the guard asks for it
    """All labels, each with the tasks that carry it."""
    shell.crumbs((_('Tasks'), '/tasks'), (_('Labels'), None))
    Head(_('Labels'), _('Words that group tasks across all lists. A change of one shows on every task.'), [
        Button(_('Add label'), do=_add, icon='sym_o_add', primary=True, create=True)
    ])  # fmt: skip

    async def fetch(actor: Actor, asked: ListQuery) -> Page[LabelRow]:
        found = await tasks.count_labels(actor)
        return paged([row for row in found if fold(asked.q) in fold(row.name)], asked)

    await DataTable(
        [
            Column('name', _('Label')),
            Column('colour', _('Looks'), 'chip', lambda row: cells.label_chip(row.name, row.colour)),
            Column('tasks', _('Tasks'), 'number', lambda row: row.task_count),
        ],
        fetch, label=_('Labels'), search=_('Search labels'), noun=(_('label'), _('labels')), live=[Tag, TaskTag],
        href=lambda row: f'/tasks?label={row.id}',
        row_actions=[
            RowAction(_('Edit'), _edit, 'sym_o_edit'),
            RowAction(_('Merge into another'), _merge, 'sym_o_merge'),
            RowAction(_('Remove'), _remove, 'sym_o_delete', danger=True),
        ],
        empty=EmptyList(
            _('No labels yet'), _('Write *word when you add a task, or add a label here.'), 'sym_o_label'
        ),
    ).load()  # fmt: skip


async def _one(actor: Actor, label_id: UUID) -> LabelRow:
    for row in await tasks.count_labels(actor):
        if row.id == label_id:
            return row
    raise Conflict('Somebody removed this label meanwhile.')


def _place(dialog: FormDialog[LabelInput]) -> None:
    dialog.text('name', span=8)
    dialog.select('colour', list_form.COLOURS, none=_('No colour'), span=4)


async def _add(actor: Actor) -> None:  # noqa: ARG001  the saving asks again
    async def save(actor: Actor, data: LabelInput) -> None:
        await tasks.add_label(actor, data)
        toast(_('Added.'))

    _place(FormDialog(_('Add label'), LabelInput, save, label=_('Add')))


async def _edit(actor: Actor, label_id: UUID) -> None:
    row = await _one(actor, label_id)

    async def back(actor: Actor) -> None:
        await tasks.update_label(actor, label_id, LabelInput(name=row.name, colour=row.colour))

    async def save(actor: Actor, data: LabelInput) -> None:
        await tasks.update_label(actor, label_id, data, row.version)
        toast(_('Saved.'), undo=back)

    value = {'name': row.name, 'colour': row.colour}
    _place(FormDialog(_('Edit label'), LabelInput, save, value=value, about=label_id))


async def _merge(actor: Actor, label_id: UUID) -> None:
    row = await _one(actor, label_id)
    others = [(one.id, one.name) for one in await tasks.list_labels(actor) if one.id != label_id]
    if not others:
        raise Conflict('There is no other label to merge it into.')

    async def save(actor: Actor, data: MergeInput) -> None:
        merged = await tasks.merge_labels(actor, label_id, data.into_id)
        toast(_('Merged.'), undo=_back(merged))

    text = _('Its tasks carry the other label from then on.')
    FormDialog(_('Merge {label}', label=row.name), MergeInput, save, label=_('Merge'), text=text).select(
        'into_id', others
    )


async def _remove(actor: Actor, label_id: UUID) -> None:
    removed = await tasks.remove_label(actor, label_id)
    count = len(removed.task_ids)
    on = many('Removed from {count} task.', 'Removed from {count} tasks.', count) if count else _('Removed.')
    toast(on, undo=_back(removed))


def _back(removed: RemovedLabel) -> Callable[[Actor], Awaitable[None]]:
    async def back(actor: Actor) -> None:
        await tasks.restore_label(actor, removed)

    return back

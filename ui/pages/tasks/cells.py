"""How a task looks wherever it is listed: its chips, its columns, its menu."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from data.tasks import TaskPriority, TaskStatus
from logic import tasks
from logic.core.actor import Actor
from logic.core.language import _
from logic.tasks import MoveInput, TaskRow
from ui.components import Chip, Column, RowAction, toast
from ui.pages.tasks.coming import due_text, tell_next
from ui.pages.tasks.parts import part_of, parts

STATUS_TONES = {
    TaskStatus.PENDING: 'grey', TaskStatus.IN_PROGRESS: 'blue', TaskStatus.COMPLETED: 'green',
    TaskStatus.CANCELLED: 'grey',
}  # fmt: skip
PRIORITY_TONES = {
    TaskPriority.LOW: 'grey', TaskPriority.MEDIUM: 'blue', TaskPriority.HIGH: 'amber', TaskPriority.URGENT: 'red'
}  # fmt: skip
USUAL = (TaskPriority.LOW, TaskPriority.MEDIUM)
"""What needs no chip."""
LABEL_TONES = {'teal': 'brand'} | {name: name for name in ('red', 'amber', 'green', 'blue', 'violet', 'grey', 'brand')}


def status_chip(status: TaskStatus) -> Chip:
    """A status as a chip."""
    return Chip(status.label, STATUS_TONES[status])


def priority_chip(priority: TaskPriority) -> Chip:
    """A priority as a chip."""
    return Chip(priority.label, PRIORITY_TONES[priority])


def label_chip(name: str, colour: str) -> Chip:
    """A label as a chip, in its tone."""
    return Chip(name, LABEL_TONES.get(colour, 'grey'))


def due(row: TaskRow, zone: str) -> date | datetime | None:
    """When a task is due for a reader: a day, or a time of day where he is."""
    return row.due_at.astimezone(ZoneInfo(zone)) if row.due_at else row.due_on


def due_cell(row: TaskRow, zone: str) -> Any:
    """When a task is due for a reader, in red when that is over."""
    when = due(row, zone)
    return None if when is None else Chip(due_text(when), 'red' if row.is_overdue else 'grey')


def columns(zone: str, *, with_list: bool = True, with_column: bool = False) -> list[Column[TaskRow]]:
    """The columns of a list of tasks, for a reader in a zone; that of its board is there once he asks for it, or where
    it says more than the status."""
    found: list[Column[TaskRow]] = [
        Column('title', _('Task'), 'link', lambda row: {'text': row.title, 'detail': _detail(row)}, sort=True),
        Column('status', _('Status'), 'chip', lambda row: status_chip(row.status), sort=True),
        Column('priority', _('Priority'), 'chip', lambda row: priority_chip(row.priority), sort=True),
        Column('due', _('Due'), 'chip', lambda row: due_cell(row, zone), sort=True),
        Column('assignees', _('Who'), value=lambda row: ', '.join(one.name for one in row.assignees)),
        Column('labels', _('Labels'), 'tags', lambda row: [one.name for one in row.labels]),
        Column('column', _('Column'), value=lambda row: row.column.name, sort=True, hidden=not with_column),
        Column('estimate', _('Estimate in minutes'), 'number', lambda row: row.estimate_minutes, hidden=True),
        Column('spent', _('Minutes spent'), 'number', lambda row: row.spent_minutes or None, hidden=True),
        Column('number', _('Number'), value=lambda row: row.label, sort=True, hidden=True),
        Column('created', _('Added'), 'when', lambda row: row.created_at, sort=True, hidden=True),
        Column('completed', _('Completed'), 'when', lambda row: row.completed_at, sort=True, hidden=True),
    ]
    if with_list:
        found.insert(4, Column('list', _('List'), value=lambda row: row.in_list.name, sort=True))
    return found


def _detail(row: TaskRow) -> str:
    steps = [f'{row.steps_done}/{row.steps_total}'] if row.steps_total else []
    return ' · '.join([row.label, *part_of(row), *steps, *parts(row), *([_('repeats')] if row.is_recurring else [])])


def row_actions() -> list[RowAction[TaskRow]]:
    """What can be done with a task from its row; each can be undone."""

    def is_open(row: TaskRow) -> bool:
        return row.completed_at is None and row.status is not TaskStatus.CANCELLED

    return [
        RowAction(_('Complete'), complete, 'sym_o_check_circle', when=is_open),
        RowAction(_('Take up again'), reopen, 'sym_o_undo', when=lambda row: not is_open(row)),
        RowAction(_('Delete'), delete, 'sym_o_delete', danger=True),
    ]


async def complete(actor: Actor, task_id: UUID) -> None:
    """Complete a task; a click takes it back."""
    await tasks.complete_task(actor, task_id)
    await tell_next(actor, task_id, _('Completed.'), _later(tasks.reopen_task, task_id))


async def reopen(actor: Actor, task_id: UUID) -> None:
    """Take a task up again; a click makes it what it was, done or cancelled."""
    before = (await tasks.get_task(actor, task_id)).row.status
    await tasks.reopen_task(actor, task_id)
    again = tasks.cancel_task if before is TaskStatus.CANCELLED else tasks.complete_task
    toast(_('Open again.'), undo=_later(again, task_id))


async def move(actor: Actor, task_id: UUID, where: MoveInput) -> None:
    """Put a task elsewhere; a click lays it back between those that it stood between."""
    was = await tasks.beside_task(actor, task_id)
    await tasks.move_task(actor, task_id, where)

    async def back(by: Actor) -> None:
        beside = {'before': was.previous_id, 'after': was.next_id} if was else {}
        await tasks.move_task(by, task_id, MoveInput(column=where.from_column, from_column=where.column, **beside))

    if where.column in (None, where.from_column):
        toast(_('Moved.'), undo=back)
    else:
        await tell_next(actor, task_id, _('Moved.'), back)


async def cancel(actor: Actor, task_id: UUID) -> None:
    """Say that a task will not be done; a click takes it back."""
    await tasks.cancel_task(actor, task_id)
    await tell_next(actor, task_id, _('Cancelled.'), _later(tasks.reopen_task, task_id), TaskStatus.CANCELLED)


async def delete(actor: Actor, task_id: UUID) -> None:
    """Put a task into the bin; a click takes it out."""
    await tasks.delete_task(actor, task_id)
    toast(_('In the bin for 30 days.'), undo=_later(tasks.restore_task, task_id))


def _later(call: Callable[..., Awaitable[Any]], task_id: UUID) -> Callable[[Actor], Awaitable[None]]:
    async def undo(actor: Actor) -> None:
        await call(actor, task_id)

    return undo

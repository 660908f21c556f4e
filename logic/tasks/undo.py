"""Putting back what was recorded of a task, through the same rules as any other change."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from data.core import as_json
from data.members import Member, Tag
from data.tasks import BoardColumn, ShareLevel, Task, TaskPriority, TaskStatus
from logic.core.errors import Conflict, Denied
from logic.core.language import _, later
from logic.core.rich_text import clean
from logic.core.work import Work
from logic.tasks.inputs import search_text
from logic.tasks.keeping import DATES, PLAIN, RANKS, set_dates
from logic.tasks.parts import put_assignees, put_labels
from logic.tasks.reminders import follow_dates
from logic.tasks.settling import KIND_FOR, come_into, mark, settle
from logic.tasks.visibility import MAY_NOT_CHANGE, Sight, visible_column

STANDING = ('status', 'column_id', 'completed_at', 'completed_by_id')
UNDOABLE = frozenset({*PLAIN, *DATES, *STANDING, 'priority'})
"""The columns of a task that can be put back; its people and labels are rows of their own, and put back as those."""


def values_of(task: Task) -> dict[str, Any]:
    """Return what can be put back of a task, in JSON form."""
    return {name: as_json(value) for name, value in task.model_dump().items() if name in UNDOABLE}


def changed_since(task: Task, after: Mapping[str, Any]) -> list[str]:
    """Return which fields are not any more what a change left behind."""
    now = values_of(task)
    return [name for name, value in after.items() if name in now and now[name] != value]


async def put_back(work: Work, task: Task, values: Mapping[str, Any], seen: Sight) -> None:
    """Put fields back to values in JSON form. Raises Denied, Conflict for a column that is gone or full, Invalid."""
    if values.keys() - set(STANDING) and not seen.may(task.list_id, ShareLevel.EDIT):
        raise Denied(_(MAY_NOT_CHANGE, task=task.label))
    if {'status', 'column_id'} & values.keys():
        await _put_standing(work, task, values, seen)
    for name in PLAIN:
        if name in values:
            value = values[name]
            setattr(task, name, clean(value or '') if name == 'description' else value)
    if 'title' in values:
        task.search = search_text(task.number, task.title)
    if 'priority' in values:
        task.priority = TaskPriority(values['priority'])
        task.priority_rank = RANKS[task.priority]
    if dates := {name: _read(name, values[name]) for name in DATES if name in values}:
        set_dates(task, dates)
        await follow_dates(work, task)
    if 'assignee_ids' in values:
        await put_assignees(work, task, [UUID(row_id) for row_id in values['assignee_ids']])
    if 'labels' in values:
        await put_labels(work, task, values['labels'])
    if 'label_ids' in values:
        await put_labels(work, task, await _label_names(work, [UUID(row_id) for row_id in values['label_ids']]))


async def _label_names(work: Work, ids: Sequence[UUID]) -> list[str]:
    names = await work.all(select(Tag.name).where(Tag.record == 'Task', col(Tag.id).in_(ids)))
    if len(names) < len(ids):
        raise Conflict('This label was removed meanwhile. Add it again, then give it to the task.')
    return names


async def _put_standing(work: Work, task: Task, values: Mapping[str, Any], seen: Sight) -> None:
    status = TaskStatus(values['status']) if 'status' in values else task.status
    column_id = values.get('column_id')
    if column_id is None:
        await settle(work, task, status)
        return
    column = await work.find(BoardColumn, UUID(column_id))
    if column is None:
        raise Conflict('The column where it was is gone. Move it where it should be.')
    if column.list_id != task.list_id:
        raise Conflict('It has gone to another list since. Move it back from there.')
    if status is not TaskStatus.CANCELLED and KIND_FOR[status] is not column.kind and 'status' in values:
        text = later('"{column}" means something else by now. Move the task where it should be.')
        raise Conflict(_(text, column=column.title))
    await visible_column(work, column.id, seen)
    await work.find(Member, work.actor.member_id)  # loaded now, so that all is written in one step
    await come_into(work, task, column)
    await mark(work, task, status)


def _read(name: str, value: str | None) -> Any:
    if name == 'zone':
        return value or ''
    if not value:
        return None
    return date.fromisoformat(value) if name.endswith('_on') else datetime.fromisoformat(value)

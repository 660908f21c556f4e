"""The labels of tasks: which there are, on how many tasks, renamed, merged and removed, with a way back."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select

from data.members import Tag
from data.tasks import Task, TaskTag
from logic.core.errors import Conflict, Invalid, NotFound
from logic.core.language import _, later
from logic.core.service import query, service
from logic.core.work import Work
from logic.tasks.domain import ADD, MANAGE_LISTS, VIEW
from logic.tasks.inputs import Label as LabelText
from logic.tasks.visibility import sight


class LabelInput(BaseModel):
    """A label of tasks."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    name: LabelText
    colour: Annotated[str, Field(title=later('Colour'), max_length=20, pattern=r'^[a-z0-9#-]*$')] = ''


@dataclass(frozen=True, slots=True)
class LabelRow:
    """A label, and on how many tasks it is."""

    id: UUID
    name: str
    colour: str
    task_count: int
    """Of those that the viewer sees."""
    version: int


@dataclass(frozen=True, slots=True)
class RemovedLabel:
    """A label that was removed, with what `restore_label` needs."""

    id: UUID
    name: str
    colour: str
    task_ids: tuple[UUID, ...]
    """The tasks that carried it."""
    merged_into_id: UUID | None = None
    given_to: tuple[UUID, ...] = ()
    """The tasks that carry the other label only since it was merged."""


@query(VIEW)
async def list_labels(work: Work) -> list[Tag]:
    """Return the labels of tasks by name."""
    return await work.all(select(Tag).where(Tag.record == 'Task').order_by(Tag.name))


@query(VIEW)
async def count_labels(work: Work) -> list[LabelRow]:
    """Return the labels of tasks by name, each with the number of tasks of the viewer's that carry it."""
    seen = await sight(work)
    counted: Any = sa.select(col(TaskTag.tag_id), sa.func.count()).join(Task, col(Task.id) == TaskTag.task_id)
    counts = {row[0]: row[1] for row in await work.all(counted.where(seen.tasks()).group_by(col(TaskTag.tag_id)))}
    return [
        LabelRow(row.id, row.name, row.colour, counts.get(row.id, 0), row.version) for row in await list_labels(work)
    ]


@service(ADD)
async def add_label(work: Work, data: LabelInput) -> Tag:
    """Add a label. Raises Invalid when the name is taken."""
    await _refuse_taken(work, data.name, None)
    row = work.add(Tag(record='Task', **data.model_dump()))
    await work.flush()
    return row


@service(MANAGE_LISTS)
async def update_label(work: Work, label_id: UUID, data: LabelInput, version: int | None = None) -> Tag:
    """Rename or recolour a label, wherever it is. Raises NotFound, Invalid when the name is taken."""
    row = await _label(work, label_id, version)
    await _refuse_taken(work, data.name, label_id)
    row.name, row.colour = data.name, data.colour
    return row


@service(MANAGE_LISTS)
async def remove_label(work: Work, label_id: UUID) -> RemovedLabel:
    """Remove a label, also from all tasks that carry it; what it returns restores it. Raises NotFound."""
    row = await _label(work, label_id)
    carried = await _carried(work, label_id)
    removed = RemovedLabel(row.id, row.name, row.colour, tuple(one.task_id for one in carried))
    for one in carried:
        await work.delete(one)
    await work.flush()
    await work.delete(row)
    work.changed('Task', None)
    return removed


@service(MANAGE_LISTS)
async def merge_labels(work: Work, label_id: UUID, into_id: UUID) -> RemovedLabel:
    """Give all tasks of a label another one in its place; what it returns takes them apart again.

    Raises NotFound, Invalid for the label itself.
    """
    into = await _label(work, into_id)
    if label_id == into_id:
        raise Invalid('A label is not merged into itself.', {'into_id': 'Choose another label.'})
    removed = await remove_label(work, label_id)
    has_it = {one.task_id for one in await _carried(work, into.id)}
    given = tuple(task_id for task_id in removed.task_ids if task_id not in has_it)
    for task_id in given:
        work.add(TaskTag(task_id=task_id, tag_id=into.id))
    await work.flush()
    return RemovedLabel(removed.id, removed.name, removed.colour, removed.task_ids, into.id, given)


@service(MANAGE_LISTS)
async def restore_label(work: Work, removed: RemovedLabel) -> Tag:
    """Bring a label back, also to those of its tasks that are still there; one that was merged is taken apart.

    Raises Conflict when it is there already, Invalid when its name was given to another one.
    """
    if await work.first(select(Tag.id).where(Tag.id == removed.id)):
        raise Conflict('This label is there already.')
    await _refuse_taken(work, removed.name, None)
    row = work.add(Tag(id=removed.id, record='Task', name=removed.name, colour=removed.colour))
    await work.flush()
    for task in await work.all(select(Task).where(col(Task.id).in_(removed.task_ids))):
        work.add(TaskTag(task_id=task.id, tag_id=row.id))
    if removed.merged_into_id is not None:
        for one in await _carried(work, removed.merged_into_id):
            if one.task_id in removed.given_to:
                await work.delete(one)
    await work.flush()
    work.changed('Task', None)
    return row


async def _carried(work: Work, label_id: UUID) -> list[TaskTag]:
    return await work.all(select(TaskTag).where(TaskTag.tag_id == label_id))


async def _label(work: Work, label_id: UUID, version: int | None = None) -> Tag:
    row = await work.get(Tag, label_id, version)
    if row.record != 'Task':
        raise NotFound('There is no such label.')
    return row


async def _refuse_taken(work: Work, name: str, label_id: UUID | None) -> None:
    taken = select(Tag).where(Tag.record == 'Task', sa.func.lower(col(Tag.name)) == name.lower())
    other = await work.first(taken if label_id is None else taken.where(Tag.id != label_id))
    if other is not None:
        raise Invalid('This name is taken.', {'name': _('There is already a label named {name}.', name=other.name)})

"""Templates of lists: a list kept to begin others from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select

from data.custom_fields import CustomField
from data.members import Member, Tag
from data.tasks import (
    BoardColumn,
    ColumnKind,
    ListTemplate,
    ShareLevel,
    Task,
    TaskChecklistItem,
    TaskList,
    TaskPriority,
    TaskStatus,
    TaskTag,
    TemplateContent,
    TemplateTask,
)
from logic.core.errors import Conflict, Invalid
from logic.core.language import _, later
from logic.core.service import query, service
from logic.core.work import Work
from logic.custom_fields import fields_of, still_taken, values_of
from logic.tasks import order
from logic.tasks.domain import ADD, MANAGE_LISTS, VIEW
from logic.tasks.inputs import ListInput, ShareInput, TaskInput, Text
from logic.tasks.keeping import make_task
from logic.tasks.lists import add_list
from logic.tasks.placing import columns_of
from logic.tasks.visibility import sight, visible_list

MOST_TASKS = 300


class ListTemplateInput(BaseModel):
    """What a template is called."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    title: Annotated[Text, Field(title=later('Title'), min_length=1, max_length=120)]
    description: Annotated[Text, Field(title=later('What it is for'), max_length=500)] = ''


@dataclass(frozen=True, slots=True)
class ListTemplateRow:
    """A template, and how much a list made from it begins with."""

    id: UUID
    title: str
    description: str
    colour: str
    icon: str
    task_count: int
    version: int


@query(VIEW)
async def list_list_templates(work: Work) -> list[ListTemplateRow]:
    """Return the templates of lists by title."""
    return [
        ListTemplateRow(
            row.id, row.title, row.description, row.colour, row.icon,
            sum(1 + len(task.children) for task in row.content.tasks), row.version,
        )
        for row in await work.all(select(ListTemplate).order_by(col(ListTemplate.title)))
    ]  # fmt: skip


@service(MANAGE_LISTS)
async def save_list_template(work: Work, list_id: UUID, data: ListTemplateInput) -> ListTemplate:
    """Keep a list as a template: its columns and its open tasks, with due dates counted from today.

    One of the same name is replaced. Raises NotFound, Conflict for a list of more than 300 tasks.
    """
    seen = await sight(work)
    source = await visible_list(work, list_id, seen)
    columns = await columns_of(work, list_id)
    content = TemplateContent(
        columns=tuple((column.title, column.kind.value, column.wip_limit) for column in columns),
        tasks=await _kept(work, source, columns, seen.today),
    )
    me = await work.find(Member, seen.member_id)
    row: ListTemplate | None = await work.first(select(ListTemplate).where(ListTemplate.title == data.title))
    row = row or work.add(ListTemplate(title=data.title))
    row.description, row.colour, row.icon, row.content = data.description, source.colour, source.icon, content
    row.by_id = me.id if me else None
    await work.flush()
    return row


async def _kept(work: Work, source: TaskList, columns: list[BoardColumn], today: date) -> tuple[TemplateTask, ...]:
    places = {column.id: place for place, column in enumerate(columns)}
    open_ones = select(Task).where(
        Task.list_id == source.id, col(Task.deleted_at).is_(None),
        col(Task.status).in_([TaskStatus.PENDING, TaskStatus.IN_PROGRESS]),
    )  # fmt: skip
    tasks: list[Task] = await work.all(open_ones.order_by(col(Task.order_key), col(Task.id)).limit(MOST_TASKS + 1))
    if len(tasks) > MOST_TASKS:
        raise Conflict(_('A template holds at most {count} tasks. Finish or archive some first.', count=MOST_TASKS))
    ids = [task.id for task in tasks]
    labels: dict[UUID, list[str]] = {}
    tagged = select(TaskTag.task_id, Tag.name).join(Tag, col(Tag.id) == TaskTag.tag_id)
    tagged = tagged.where(col(TaskTag.task_id).in_(ids))
    for task_id, name in await work.all(tagged):
        labels.setdefault(task_id, []).append(name)
    steps: dict[UUID, list[str]] = {}
    listed = select(TaskChecklistItem).where(col(TaskChecklistItem.task_id).in_(ids))
    for step in await work.all(listed.order_by(col(TaskChecklistItem.order_key))):
        steps.setdefault(step.task_id, []).append(step.title)

    custom = await values_of(work, Task.__name__, ids)

    def kept(task: Task, children: tuple[TemplateTask, ...] = ()) -> TemplateTask:
        return TemplateTask(
            title=task.title, description=task.description, priority=task.priority.value,
            column=places.get(task.column_id, 0), estimate_minutes=task.estimate_minutes,
            due_in_days=(task.due_on - today).days if task.due_on else None, labels=tuple(labels.get(task.id, ())),
            checklist=tuple(steps.get(task.id, ())), custom=custom.get(task.id, {}), children=children,
        )  # fmt: skip

    parts: dict[UUID, list[TemplateTask]] = {}
    for task in tasks:
        if task.parent_id is not None:
            parts.setdefault(task.parent_id, []).append(kept(task))
    return tuple(kept(task, tuple(parts.get(task.id, ()))) for task in tasks if task.parent_id is None)


@service(MANAGE_LISTS)
async def remove_list_template(work: Work, list_template_id: UUID) -> None:
    """Remove a template; lists that were made from it stay. Raises NotFound."""
    await work.delete(await work.get(ListTemplate, list_template_id))


@service(ADD)
async def add_list_from_template(
    work: Work, list_template_id: UUID, data: ListInput, shares: Sequence[ShareInput] = ()
) -> TaskList:
    """Make a list from a template: its columns, and its tasks with their days counted from today; shared with these.

    Raises NotFound, and as `add_list` does.
    """
    template = await work.get(ListTemplate, list_template_id)
    home = await add_list(work, data, shares)
    seen = await sight(work)
    kinds = [ColumnKind(kind) for _, kind, _ in template.content.columns]
    if ColumnKind.OPEN not in kinds or ColumnKind.DONE not in kinds:
        raise Invalid('This template has no columns to begin with.', {'list_template_id': 'Keep it anew from a list.'})
    for column in await columns_of(work, home.id):
        await work.delete(column)
    await work.flush()
    keys = order.spread(len(kinds))
    columns = [
        work.add(BoardColumn(list_id=home.id, title=title, kind=ColumnKind(kind), wip_limit=limit, order_key=key))
        for (title, kind, limit), key in zip(template.content.columns, keys, strict=True)
    ]
    await work.flush()
    seen.levels[home.id] = ShareLevel.MANAGE
    fields = await fields_of(work, Task.__name__)
    for one in template.content.tasks:
        column = columns[one.column] if one.column < len(columns) else columns[0]
        task = await make_task(work, _input(one, fields, seen.today, list_id=home.id, column_id=column.id), seen)
        for part in one.children:
            await make_task(work, _input(part, fields, seen.today, parent_id=task.id), seen)
    return home


def _input(one: TemplateTask, fields: Sequence[CustomField], today: date, **where: Any) -> TaskInput:
    due = today + timedelta(days=max(0, one.due_in_days)) if one.due_in_days is not None else None
    return TaskInput(
        title=one.title, description=one.description, priority=TaskPriority(one.priority), due=due,
        estimate_minutes=one.estimate_minutes, labels=list(one.labels), checklist=list(one.checklist),
        custom=still_taken(fields, one.custom), **where,
    )  # fmt: skip

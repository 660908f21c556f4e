"""Templates of lists: a list kept to begin others from."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select

from data.custom_fields import CustomField
from data.members import Member, Tag
from data.tasks import (
    AnchorMode,
    BoardColumn,
    ColumnKind,
    ListTemplate,
    ListVisibility,
    ShareLevel,
    Task,
    TaskAssignee,
    TaskChecklistItem,
    TaskList,
    TaskPriority,
    TaskSeries,
    TaskStatus,
    TaskTag,
    TemplateContent,
    TemplateRepeat,
    TemplateStep,
    TemplateTask,
)
from logic.core.errors import Conflict, Denied, Invalid
from logic.core.language import _, later
from logic.core.service import query, service
from logic.core.work import Work
from logic.custom_fields import fields_of, still_taken, values_of
from logic.members.domain import VIEW as VIEW_DIRECTORY
from logic.tasks import order
from logic.tasks.domain import ADD, MANAGE_LISTS, VIEW
from logic.tasks.inputs import LATEST, TOO_FAR, Day, ListInput, RepeatInput, ShareInput, TaskInput, Text
from logic.tasks.keeping import make_task
from logic.tasks.lists import add_list
from logic.tasks.placing import columns_of
from logic.tasks.quick_add import may_name
from logic.tasks.recurrence import begun_anew, first_on
from logic.tasks.rows import OPEN
from logic.tasks.series import of
from logic.tasks.visibility import Sight, sight, visible_list

MOST_TASKS = 300


class ListTemplateInput(BaseModel):
    """What a template is called, and what it keeps of its list."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    title: Annotated[Text, Field(title=later('Title'), min_length=1, max_length=120)]
    description: Annotated[Text, Field(title=later('What it is for'), max_length=500)] = ''
    counted_from: Annotated[
        Day | None,
        Field(title=later('Days are counted from'),
              description=later('What is due on this day will be due on the day on which a list begins.')),
    ] = None  # fmt: skip
    """None for today, or the earliest day of its tasks when that is over."""
    with_done: Annotated[bool, Field(title=later('Keep what is done as well, to be done again'))] = False
    with_people: Annotated[bool, Field(title=later('Keep who does each task'))] = True


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
    about: str
    """What the list was for that it was kept from: cleaned HTML."""


@dataclass(frozen=True, slots=True)
class ToKeep:
    """What there is in a list to be kept as a template."""

    open_count: int
    done_count: int
    """Those that came again are not among them: their next one is open."""
    first_on: date
    """The day from which days are counted when nobody says another."""


@query(VIEW)
async def list_list_templates(work: Work) -> list[ListTemplateRow]:
    """Return the templates of lists by title."""
    return [
        ListTemplateRow(
            row.id, row.title, row.description, row.colour, row.icon,
            sum(1 + len(task.children) for task in row.content.tasks), row.version, row.content.about,
        )
        for row in await work.all(select(ListTemplate).order_by(col(ListTemplate.title)))
    ]  # fmt: skip


async def _for_everybody(work: Work, list_id: UUID, seen: Sight) -> TaskList:
    """Return a list whose content the actor may show to everybody who sees templates."""
    row = await visible_list(work, list_id, seen)
    if row.visibility is not ListVisibility.ORGANIZATION and not seen.may_manage(list_id):
        raise Denied(_('Everybody sees templates. Ask who manages "{list}" to keep it as one.', list=row.title))
    return row


@query(MANAGE_LISTS)
async def to_keep_in_template(work: Work, list_id: UUID) -> ToKeep:
    """Return what a template of a list would hold. Raises NotFound, Denied for a list that is not for everybody."""
    seen = await sight(work)
    await _for_everybody(work, list_id, seen)
    is_open = col(Task.status).in_(OPEN)
    days = [sa.func.min(sa.case((is_open, on))) for on in (col(Task.start_on), col(Task.due_on))]
    counted = sa.select(sa.func.count(sa.case((is_open, 1))), sa.func.count(), *days)
    open_count, count, *first = await work.first(counted.where(*_to_keep(list_id, with_done=True)))
    return ToKeep(open_count, count - open_count, _earliest(seen.today, first))


@service(MANAGE_LISTS)
async def save_list_template(work: Work, list_id: UUID, data: ListTemplateInput) -> ListTemplate:
    """Keep a list as a template: what it is for, its columns and its tasks with days, times, repeats and people.

    Comments, files, reminders and time spent stay with the list. One of the same name is replaced.
    Raises NotFound, Denied for a list that is not for everybody, Conflict for one of more than 300 tasks.
    """
    seen = await sight(work)
    source = await _for_everybody(work, list_id, seen)
    columns = await columns_of(work, list_id)
    found = select(Task).where(*_to_keep(list_id, with_done=data.with_done)).order_by(col(Task.order_key), col(Task.id))
    tasks: list[Task] = await work.all(found.limit(MOST_TASKS + 1))
    if len(tasks) > MOST_TASKS:
        raise Conflict(_('A template holds at most {count} tasks. Finish or archive some first.', count=MOST_TASKS))
    first = data.counted_from or _earliest(seen.today, [on for task in tasks for on in (task.start_on, task.due_on)])
    content = TemplateContent(
        about=source.description,
        columns=tuple((column.title, column.kind.value, column.wip_limit) for column in columns),
        tasks=await _kept(work, tasks, columns, first, data),
    )
    me = await work.find(Member, seen.member_id)
    row: ListTemplate | None = await work.first(select(ListTemplate).where(ListTemplate.title == data.title))
    row = row or work.add(ListTemplate(title=data.title))
    row.description, row.colour, row.icon, row.content = data.description, source.colour, source.icon, content
    row.by_id = me.id if me else None
    await work.flush()
    return row


def _to_keep(list_id: UUID, *, with_done: bool) -> tuple[Any, ...]:
    """Say what a template holds: what is open, and on demand what is done and has no next one."""
    which: Any = col(Task.status).in_(OPEN)
    if with_done:
        which = sa.or_(which, sa.and_(col(Task.status) == TaskStatus.COMPLETED, col(Task.series_id).is_(None)))
    return col(Task.list_id) == list_id, col(Task.deleted_at).is_(None), which


def _earliest(today: date, days: Sequence[date | None]) -> date:
    return min([today, *(on for on in days if on is not None)])


async def _kept(
    work: Work, tasks: list[Task], columns: list[BoardColumn], first: date, data: ListTemplateInput
) -> tuple[TemplateTask, ...]:
    ids = [task.id for task in tasks]
    labels: dict[UUID, list[str]] = {}
    tagged = select(TaskTag.task_id, Tag.name).join(Tag, col(Tag.id) == TaskTag.tag_id)
    for task_id, name in await work.all(tagged.where(col(TaskTag.task_id).in_(ids))):
        labels.setdefault(task_id, []).append(name)
    people: dict[UUID, list[UUID]] = {}
    for given in await work.all(select(TaskAssignee).where(col(TaskAssignee.task_id).in_(ids))):
        people.setdefault(given.task_id, []).append(given.member_id)
    steps: dict[UUID, list[TaskChecklistItem]] = {}
    listed = select(TaskChecklistItem).where(col(TaskChecklistItem.task_id).in_(ids))
    for step in await work.all(listed.order_by(col(TaskChecklistItem.order_key))):
        steps.setdefault(step.task_id, []).append(step)
    going_on = select(TaskSeries).where(
        col(TaskSeries.id).in_([task.series_id for task in tasks]), col(TaskSeries.ended_at).is_(None)
    )
    series = {row.id: row for row in await work.all(going_on)}
    custom = await values_of(work, Task.__name__, ids)
    places = {column.id: place for place, column in enumerate(columns)}
    begins = next((place for place, column in enumerate(columns) if column.kind is ColumnKind.OPEN), 0)

    def days(on: date | None) -> int | None:
        return None if on is None else (on - first).days

    def clock(task: Task, at: datetime | None) -> time | None:
        return None if at is None else at.astimezone(ZoneInfo(task.zone or 'UTC')).time()

    def kept_step(step: TaskChecklistItem) -> TemplateStep:
        who = step.assignee_id if data.with_people else None
        return TemplateStep(title=step.title, assignee_id=who, due_in_days=days(step.due_on))

    def kept(task: Task, children: Sequence[Task] = ()) -> TemplateTask:
        again = series.get(task.series_id) if task.series_id else None
        return TemplateTask(
            title=task.title, description=task.description, priority=task.priority.value, zone=task.zone,
            column=places.get(task.column_id, 0) if task.status in OPEN else begins,
            estimate_minutes=task.estimate_minutes, start_in_days=days(task.start_on),
            start_time=clock(task, task.start_at), due_in_days=days(task.due_on), due_time=clock(task, task.due_at),
            repeat=TemplateRepeat(rule=begun_anew(of(again)), mode=again.mode.value) if again else None,
            assignee_ids=tuple(people.get(task.id, ())) if data.with_people else (),
            labels=tuple(labels.get(task.id, ())), checklist=tuple(kept_step(step) for step in steps.get(task.id, ())),
            custom=custom.get(task.id, {}), children=tuple(kept(child) for child in children),
        )  # fmt: skip

    parts: dict[UUID | None, list[Task]] = {}
    for task in tasks:
        parts.setdefault(task.parent_id if task.parent_id in ids else None, []).append(task)
    return tuple(kept(task, parts.get(task.id, ())) for task in parts.get(None, ()))


@service(MANAGE_LISTS)
async def remove_list_template(work: Work, list_template_id: UUID) -> None:
    """Remove a template; lists that were made from it stay. Raises NotFound."""
    await work.delete(await work.get(ListTemplate, list_template_id))


@query(ADD)
async def absent_in_template(work: Work, list_template_id: UUID) -> list[str]:
    """Return the names of people to whom a template gives tasks and who are not here any more. Raises NotFound.

    Who may not see the directory learns none.
    """
    template = await work.get(ListTemplate, list_template_id)
    if not work.actor.may(VIEW_DIRECTORY):
        return []
    here = await _present(work, template.content)
    wanted = _people(template.content) - here
    gone = await work.all(select(Member).where(col(Member.id).in_(wanted))) if wanted else []
    return sorted(person.name for person in gone)


@service(ADD)
async def add_list_from_template(
    work: Work,
    list_template_id: UUID,
    data: ListInput,
    shares: Sequence[ShareInput] = (),
    begins_on: date | None = None,
) -> TaskList:
    """Make a list from a template, shared with these, with days counted from `begins_on`, or from today.

    What comes again is first due on the first day of its rule from then on. Who is not here any more is given nothing,
    nor is anybody whom the actor may not name. Raises NotFound, Invalid when a day is out of reach, and as `add_list`
    does.
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
        work.add(BoardColumn(list_id=home.id, title=title, kind=ColumnKind(kind), order_key=key))
        for (title, kind, _limit), key in zip(template.content.columns, keys, strict=True)
    ]
    await work.flush()
    seen.levels[home.id] = ShareLevel.MANAGE
    fields, here = await fields_of(work, Task.__name__), await _present(work, template.content)
    for one in template.content.tasks:
        into = _Into(seen, _first_day(one, begins_on or seen.today), fields, here)
        made = await _make(work, one, into, list_id=home.id, column_id=_place(columns, one))
        for part in one.children:
            await _make(work, part, into, parent_id=made.id, column_id=_place(columns, part))
    for (_title, _kind, limit), column in zip(template.content.columns, columns, strict=True):
        column.wip_limit = limit  # now: a limit keeps nothing out that the template holds
    return home


def _place(columns: Sequence[BoardColumn], one: TemplateTask) -> UUID:
    return columns[one.column if one.column < len(columns) else 0].id


def _people(content: TemplateContent) -> set[UUID]:
    every = [part for one in content.tasks for part in (one, *one.children)]
    named = {step.assignee_id for one in every for step in one.checklist if step.assignee_id is not None}
    return named | {member_id for one in every for member_id in one.assignee_ids}


async def _present(work: Work, content: TemplateContent) -> set[UUID]:
    """Return those whom a template names, who are here, and whom the actor may name himself."""
    wanted = _people(content)
    here = select(Member.id).where(col(Member.id).in_(wanted), may_name(work))
    return set(await work.all(here)) if wanted else set()


def _first_day(one: TemplateTask, first: date) -> date:
    """Return from when the days of a task are counted: one that comes again is first due on a day of its rule."""
    if one.repeat is None or one.due_in_days is None:
        return first
    due = _day(first, one.due_in_days)
    return first + (first_on(one.repeat.rule, AnchorMode(one.repeat.mode), due) - due)


def _day(first: date, in_days: int) -> date:
    on = first + timedelta(days=max(0, in_days))
    if on > LATEST:
        raise Invalid(_(TOO_FAR), {'begins_on': _(TOO_FAR)})
    return on


def _when(first: date, in_days: int | None, at: time | None) -> date | datetime | None:
    if in_days is None:
        return None
    on = _day(first, in_days)
    return on if at is None else datetime.combine(on, at)


@dataclass(frozen=True, slots=True)
class _Into:
    """For whom a task is made, from which day its days are counted, and what there is by now."""

    seen: Sight
    first: date
    fields: Sequence[CustomField]
    here: Collection[UUID]


async def _make(work: Work, one: TemplateTask, into: _Into, **where: Any) -> Task:
    first, here = into.first, into.here
    again = RepeatInput(rule=one.repeat.rule, mode=AnchorMode(one.repeat.mode)) if one.repeat else None
    begins_at = one.start_time if (one.start_in_days or 0) >= 0 else None  # an earlier day becomes the first, all of it
    wanted = TaskInput(
        title=one.title, description=one.description, priority=TaskPriority(one.priority), zone=one.zone or None,
        start=_when(first, one.start_in_days, begins_at), due=_when(first, one.due_in_days, one.due_time),
        repeat=again, estimate_minutes=one.estimate_minutes, labels=list(one.labels),
        assignee_ids=[member_id for member_id in one.assignee_ids if member_id in here],
        checklist=[step.title for step in one.checklist], custom=still_taken(into.fields, one.custom), **where,
    )  # fmt: skip
    task = await make_task(work, wanted, into.seen)
    if any(step.assignee_id or step.due_in_days is not None for step in one.checklist):
        listed = select(TaskChecklistItem).where(TaskChecklistItem.task_id == task.id)
        rows = await work.all(listed.order_by(col(TaskChecklistItem.order_key)))
        for row, step in zip(rows, one.checklist, strict=True):
            row.assignee_id = step.assignee_id if step.assignee_id in here else None
            row.due_on = _day(first, step.due_in_days) if step.due_in_days is not None else None
    return task

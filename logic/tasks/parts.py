"""What hangs on a task: who does it, its labels, its checklist, and the time spent on it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from data.members import Member, MemberStatus, Tag
from data.tasks import Task, TaskAssignee, TaskChecklistItem, TaskTag, TaskTimeEntry
from logic.core.errors import Conflict, Denied, Invalid, NotFound
from logic.core.language import _
from logic.core.service import query, service
from logic.core.work import Work
from logic.members.directory import Label, called
from logic.tasks import order
from logic.tasks.domain import ADD, VIEW, TaskAssigned, TaskTakenOff
from logic.tasks.inputs import MOST_ASSIGNEES, MOST_CHECKLIST, ChecklistInput, TimeInput
from logic.tasks.rows import NAMES
from logic.tasks.visibility import editable_task, sight, visible_task, workable_task

# Who does it


async def put_assignees(work: Work, task: Task, member_ids: Sequence[UUID]) -> bool:
    """Let exactly these people do a task; says whether that is a change. Raises NotFound, Invalid for who has left."""
    wanted = list(dict.fromkeys(member_ids))
    statement = select(TaskAssignee).where(TaskAssignee.task_id == task.id)
    held = {row.member_id: row for row in await work.all(statement)}
    coming = [member_id for member_id in wanted if member_id not in held]
    if len(wanted) > MOST_ASSIGNEES:
        raise Invalid(
            'So many people cannot do one task.', {'assignee_ids': _('At most {count}.', count=MOST_ASSIGNEES)}
        )
    people = {one.id: one for one in await work.all(select(Member).where(col(Member.id).in_(coming)))} if coming else {}
    for member_id in coming:
        if member_id not in people:
            raise NotFound('There is no such member.')
        _refuse_absent(people[member_id])
    for member_id, row in held.items():
        if member_id not in wanted:
            await work.delete(row)
    for member_id in coming:
        work.add(TaskAssignee(task_id=task.id, member_id=member_id))
    changed = bool(coming) or set(held) != set(wanted)
    if changed:
        work.changed('Task', task.id)
        await work.flush()
    for member_id in coming:
        await work.emit(TaskAssigned(task.id, member_id, work.actor.member_id))
    for member_id in held.keys() - set(wanted):
        await work.emit(TaskTakenOff(task.id, member_id))
    return changed


def _refuse_absent(person: Member) -> None:
    if person.archived_at is not None or person.status is MemberStatus.LEFT:
        gone = _('{name} is not here any more.', name=person.name)
        raise Invalid(gone, {'assignee_ids': 'Choose somebody who is here.'})


@service(ADD)
async def set_assignees(work: Work, task_id: UUID, member_ids: list[UUID]) -> Task:
    """Let exactly these people do a task; whoever is new is told. Raises NotFound, Denied, Invalid for who has left."""
    task = await editable_task(work, task_id, await sight(work))
    await put_assignees(work, task, member_ids)
    return task


# Labels


async def labels_named(work: Work, names: Sequence[str]) -> list[Tag]:
    """Return labels by name, however they are capitalised; those that are unknown are made."""
    wanted = {name.casefold(): name for name in names}
    if not wanted:
        return []
    known = {tag.name.casefold(): tag for tag in await work.all(select(Tag).where(Tag.record == 'Task'))}
    for folded, name in wanted.items():
        if folded not in known:
            known[folded] = work.add(Tag(record='Task', name=name))
    await work.flush()
    return [known[folded] for folded in wanted]


async def put_labels(work: Work, task: Task, names: Sequence[str]) -> bool:
    """Let a task carry exactly these labels; says whether that is a change."""
    wanted = {tag.id: tag for tag in await labels_named(work, names)}
    held = {row.tag_id: row for row in await work.all(select(TaskTag).where(TaskTag.task_id == task.id))}
    if wanted.keys() == held.keys():
        return False
    for tag_id, row in held.items():
        if tag_id not in wanted:
            await work.delete(row)
    for tag_id in wanted.keys() - held.keys():
        work.add(TaskTag(task_id=task.id, tag_id=tag_id))
    work.changed('Task', task.id)
    return True


@service(ADD)
async def set_labels(work: Work, task_id: UUID, names: list[str]) -> Task:
    """Let a task carry exactly the labels of these names; unknown ones are made. Raises NotFound, Denied."""
    task = await editable_task(work, task_id, await sight(work))
    await put_labels(work, task, names)
    return task


# The checklist


def _items(task_id: UUID) -> Any:
    statement = select(TaskChecklistItem).where(TaskChecklistItem.task_id == task_id)
    return statement.order_by(col(TaskChecklistItem.order_key), col(TaskChecklistItem.id))


async def add_steps(work: Work, task: Task, titles: Sequence[str]) -> None:
    """Give a new task its checklist."""
    for title, key in zip(titles, order.spread(len(titles)), strict=True):
        work.add(TaskChecklistItem(task_id=task.id, title=title, order_key=key))


async def _step(work: Work, step_id: UUID) -> tuple[Task, TaskChecklistItem]:
    step = await work.find(TaskChecklistItem, step_id)
    if step is None:
        raise NotFound('There is no such step.')
    task = await workable_task(work, step.task_id, await sight(work))
    work.changed('Task', task.id)
    return task, step


@service(ADD)
async def add_step(work: Work, task_id: UUID, data: ChecklistInput) -> TaskChecklistItem:
    """Add a step at the end of a task's checklist. Raises NotFound, Denied, Conflict for a list that is too long."""
    task = await workable_task(work, task_id, await sight(work))
    steps = await work.all(_items(task_id))
    if len(steps) >= MOST_CHECKLIST:
        raise Conflict(_('A checklist has at most {count} steps. Make sub-tasks of some.', count=MOST_CHECKLIST))
    await _check_person(work, data.assignee_id)
    key = order.between(steps[-1].order_key if steps else None, None)
    step = work.add(TaskChecklistItem(task_id=task_id, order_key=key, **data.model_dump()))
    work.changed('Task', task.id)
    return step


async def _check_person(work: Work, member_id: UUID | None) -> None:
    if member_id is not None:
        _refuse_absent(await work.get(Member, member_id))


@service(ADD)
async def update_step(work: Work, step_id: UUID, data: ChecklistInput, version: int | None = None) -> TaskChecklistItem:
    """Change a step. Raises NotFound, Denied, Conflict for a stale version."""
    _, step = await _step(work, step_id)
    await work.get(TaskChecklistItem, step_id, version)
    if data.assignee_id != step.assignee_id:
        await _check_person(work, data.assignee_id)
    for name, value in data.model_dump().items():
        setattr(step, name, value)
    return step


@service(ADD)
async def tick_step(work: Work, step_id: UUID, *, done: bool = True) -> TaskChecklistItem:
    """Note that a step is done, or with `done=False` that it is not. Raises NotFound, Denied."""
    _, step = await _step(work, step_id)
    step.is_done = done
    return step


@service(ADD)
async def move_step(work: Work, step_id: UUID, after_id: UUID | None = None) -> TaskChecklistItem:
    """Put a step right after another one of its task, or first with None. Raises NotFound, Denied, Invalid."""
    task, step = await _step(work, step_id)
    others = [other for other in await work.all(_items(task.id)) if other.id != step_id]
    places = {other.id: place + 1 for place, other in enumerate(others)}
    if after_id is not None and after_id not in places:
        await _step(work, after_id)
        raise Invalid('This step is on another checklist.', {'after_id': 'Choose a step of the same task.'})
    place = places[after_id] if after_id is not None else 0
    low = others[place - 1].order_key if place else None
    high = others[place].order_key if place < len(others) else None
    if (low is not None and high is not None and low >= high) or len(low or high or '') > order.LONGEST:
        for other, key in zip(others, order.spread(len(others)), strict=True):
            other.order_key = key
        low = others[place - 1].order_key if place else None
        high = others[place].order_key if place < len(others) else None
    step.order_key = order.between(low, high)
    return step


@dataclass(frozen=True, slots=True)
class RemovedStep:
    """A step that was removed, with what `restore_step` needs."""

    id: UUID
    task_id: UUID
    step: ChecklistInput
    is_done: bool
    order_key: str


@service(ADD)
async def remove_step(work: Work, step_id: UUID) -> RemovedStep:
    """Remove a step of a checklist. What it returns restores it. Raises NotFound, Denied."""
    _, step = await _step(work, step_id)
    given = ChecklistInput(title=step.title, assignee_id=step.assignee_id, due_on=step.due_on)
    await work.delete(step)
    return RemovedStep(step.id, step.task_id, given, step.is_done, step.order_key)


@service(ADD)
async def restore_step(work: Work, removed: RemovedStep) -> TaskChecklistItem:
    """Put a removed step back as and where it was. Raises NotFound, Denied, Conflict for one there or too many."""
    if await work.find(TaskChecklistItem, removed.id) is not None:
        raise Conflict('This step is there already.')
    back = await add_step(work, removed.task_id, removed.step)
    back.id, back.is_done, back.order_key = removed.id, removed.is_done, removed.order_key
    return back


# Time


@dataclass(frozen=True, slots=True)
class TimeRow:
    """Time that somebody spent on a task."""

    id: UUID
    member: Label
    worked_on: date
    minutes: int
    note: str
    may_remove: bool


@query(VIEW)
async def list_time(work: Work, task_id: UUID) -> list[TimeRow]:
    """Return the time spent on a task, the newest first. Raises NotFound."""
    seen = await sight(work)
    task = await visible_task(work, task_id, seen)
    statement = (
        sa.select(TaskTimeEntry, *NAMES)
        .join(Member, col(Member.id) == TaskTimeEntry.member_id)
        .where(col(TaskTimeEntry.task_id) == task_id)
        .order_by(col(TaskTimeEntry.worked_on).desc(), col(TaskTimeEntry.id).desc())
    )
    manages = seen.may_manage(task.list_id)
    return [
        TimeRow(
            row.id, Label(row.member_id, called(preferred, first, last)), row.worked_on, row.minutes, row.note,
            manages or seen.actor.owns(row.member_id),
        )
        for row, first, preferred, last in await work.all(statement)
    ]  # fmt: skip


@service(ADD)
async def add_time(work: Work, task_id: UUID, data: TimeInput) -> TaskTimeEntry:
    """Note time that the actor spent on a task. Raises NotFound, Denied, Invalid for a day to come."""
    seen = await sight(work)
    task = await workable_task(work, task_id, seen)
    me = await work.find(Member, seen.member_id)
    if me is None:
        raise Invalid('Time is noted for a person, and you act for none here. Sign in as yourself.')
    on = data.worked_on or seen.today
    if on > seen.today:
        raise Invalid('Time is noted when it is spent.', {'worked_on': 'Choose today or a day before.'})
    work.changed('Task', task.id)
    return work.add(TaskTimeEntry(task_id=task_id, member_id=me.id, worked_on=on, minutes=data.minutes, note=data.note))


@dataclass(frozen=True, slots=True)
class RemovedTime:
    """Time that was noted and removed, with what `restore_time` needs."""

    id: UUID
    task_id: UUID
    member_id: UUID
    worked_on: date
    minutes: int
    note: str


@service(ADD)
async def remove_time(work: Work, time_entry_id: UUID) -> RemovedTime:
    """Remove time that was noted: by whoever noted it, and by who manages the list. What it returns restores it.

    Raises NotFound, Denied.
    """
    row = await work.find(TaskTimeEntry, time_entry_id)
    if row is None:
        raise NotFound('There is no such entry.')
    await _keep_time(work, row.task_id, row.member_id)
    await work.delete(row)
    return RemovedTime(row.id, row.task_id, row.member_id, row.worked_on, row.minutes, row.note)


@service(ADD)
async def restore_time(work: Work, removed: RemovedTime) -> TaskTimeEntry:
    """Note time again that was removed, for whoever spent it. Raises NotFound, Denied, Conflict when it is there."""
    await _keep_time(work, removed.task_id, removed.member_id)
    if await work.find(TaskTimeEntry, removed.id) is not None:
        raise Conflict('This entry is there already.')
    await work.get(Member, removed.member_id)
    return work.add(TaskTimeEntry(**asdict(removed)))


async def _keep_time(work: Work, task_id: UUID, member_id: UUID) -> None:
    """Raise Denied unless the actor spent the time himself or manages the list; what is shown of it changes."""
    seen = await sight(work)
    task = await visible_task(work, task_id, seen)
    if not seen.actor.owns(member_id) and not seen.may_manage(task.list_id):
        raise Denied('Somebody else noted this time. He can remove it, or who manages the list.')
    work.changed('Task', task.id)

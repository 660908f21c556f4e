"""Which lists and tasks an actor sees, and what he may do with each: every query of tasks asks it (rule 1)."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import col, select

from data.members import JobChange, Member, MemberStatus
from data.organizations import Organization
from data.tasks import BoardColumn, ListVisibility, ShareLevel, Task, TaskAssignee, TaskList, TaskListShare
from logic.core import records
from logic.core.actor import Actor, ActorKind
from logic.core.errors import Conflict, Denied, NotFound
from logic.core.language import _, later
from logic.core.whose import belongs_to
from logic.core.work import Work
from logic.identity import positions
from logic.members.visibility import in_force
from logic.tasks.domain import ADD, MANAGE_ALL, VIEW, domain

ORDER = (ShareLevel.VIEW, ShareLevel.EDIT, ShareLevel.MANAGE)
MAY_NOT_CHANGE = later('You may not change {task}. Those who work in its list can; you may do it and comment.')


@dataclass(frozen=True, slots=True)
class Sight:
    """What one actor may see and do today."""

    actor: Actor
    today: date
    """The date where the actor is."""
    zone: str
    """Where the actor is: an IANA name."""
    levels: dict[UUID, ShareLevel]
    """Every list that he sees, and what he may do with it."""

    @property
    def member_id(self) -> UUID | None:
        """The actor's own record."""
        return self.actor.member_id

    @property
    def sees_all(self) -> bool:
        """Say whether it is Logbook itself."""
        return self.actor.kind is ActorKind.SYSTEM

    def may(self, list_id: UUID, level: ShareLevel) -> bool:
        """Say whether the actor may do what this level allows with a list."""
        held = ShareLevel.MANAGE if self.sees_all else self.levels.get(list_id)
        return held is not None and ORDER.index(held) >= ORDER.index(level)

    def may_manage(self, list_id: UUID) -> bool:
        """Say whether the actor manages a list."""
        return self.may(list_id, ShareLevel.MANAGE)

    def lists(self) -> Any:
        """Return the condition under which a list exists for the actor."""
        return sa.true() if self.sees_all else col(TaskList.id).in_(self.levels)

    def assigned(self) -> Any:
        """Return the select of the ids of all tasks that are given to the actor."""
        return select(TaskAssignee.task_id).where(belongs_to(TaskAssignee.member_id, self.member_id))

    def tasks(self, *, deleted: bool = False, of: Any = Task) -> Any:
        """Return the condition under which a task exists for the actor; with `deleted`, one in the bin.

        `of` is the table, or what stands for it in a select that has another task.
        """
        gone = of.deleted_at.is_not(None) if deleted else of.deleted_at.is_(None)
        if self.sees_all:
            return gone
        mine = self.assigned()
        shared = of.list_id.in_(self.levels)
        return sa.and_(gone, sa.or_(shared, of.id.in_(mine), of.parent_id.in_(mine)))


async def sight(work: Work) -> Sight:
    """Return what the actor of a work may see and do. Two statements."""
    actor = work.actor
    organization = await work.get(Organization, work.organization_id)
    # An actor that was made without a zone of its own is where its department is.
    zone = actor.zone if actor.zone and actor.zone != 'UTC' else organization.zone
    today = work.now.astimezone(ZoneInfo(zone)).date()
    levels: dict[UUID, ShareLevel] = {}
    if actor.kind is not ActorKind.SYSTEM:
        there = work.now.astimezone(ZoneInfo(organization.zone)).date()
        for row in await work.all(_levels(actor, there)):
            held = _level(actor, row)
            if row.id not in levels or ORDER.index(held) > ORDER.index(levels[row.id]):
                levels[row.id] = held
    return Sight(actor, today, zone, levels)


def _levels(actor: Actor, today: date) -> Any:
    me = actor.member_id
    offices = positions.offices_of(actor, today)
    units = select(JobChange.department_id).where(
        belongs_to(JobChange.member_id, me), in_force(today), col(JobChange.department_id).is_not(None)
    )
    with_me = sa.or_(
        belongs_to(TaskListShare.member_id, me),
        col(TaskListShare.position_id).in_(offices),
        col(TaskListShare.department_id).in_(units),
    )
    found = sa.or_(
        belongs_to(TaskList.owner_id, me),
        col(TaskList.visibility) == ListVisibility.ORGANIZATION,
        sa.and_(col(TaskList.visibility) == ListVisibility.SHARED, col(TaskListShare.id).is_not(None)),
    )
    if actor.may(MANAGE_ALL):
        gone = select(Member.id).where(
            sa.or_(col(Member.status) == MemberStatus.LEFT, col(Member.archived_at).is_not(None))
        )
        left_behind = sa.and_(col(TaskList.owner_id).in_(gone), col(TaskList.inbox_of_id).is_(None))
        found = sa.or_(found, col(TaskList.visibility) != ListVisibility.PRIVATE, left_behind)
    return (
        sa.select(
            col(TaskList.id), col(TaskList.owner_id), col(TaskList.visibility), col(TaskList.organization_level),
            col(TaskListShare.level),
        )
        .select_from(TaskList)
        .join(TaskListShare, sa.and_(col(TaskListShare.list_id) == TaskList.id, with_me), isouter=True)
        .where(found)
    )  # fmt: skip


def _level(actor: Actor, row: Any) -> ShareLevel:
    if actor.owns(row.owner_id) or actor.may(MANAGE_ALL):
        return ShareLevel.MANAGE
    held = [ShareLevel.VIEW]
    if row.visibility is ListVisibility.ORGANIZATION:
        held.append(row.organization_level)
    if row.visibility is not ListVisibility.PRIVATE and row.level is not None:
        held.append(row.level)
    return max(held, key=ORDER.index)


async def visible_tasks(work: Work) -> Any:
    """Return the condition under which a task exists for the actor: for counters, search and all other domains."""
    return (await sight(work)).tasks()


async def visible_list(
    work: Work, list_id: UUID, seen: Sight, level: ShareLevel = ShareLevel.VIEW, version: int | None = None
) -> TaskList:
    """Return a list that the actor may see. Raises NotFound, Denied below this level, Conflict for a stale version."""
    if not seen.may(list_id, ShareLevel.VIEW):
        raise NotFound('There is no such list.')
    row = await work.get(TaskList, list_id, version)
    if not seen.may(list_id, level):
        text = later('You may see "{list}", but not change it. Ask who manages the list to share it with you.')
        raise Denied(_(text, list=row.title))
    if level is not ShareLevel.VIEW and row.archived_at is not None:
        raise Conflict(_('"{list}" is archived. Restore it first.', list=row.title))
    return row


async def visible_column(
    work: Work, column_id: UUID, seen: Sight, level: ShareLevel = ShareLevel.VIEW, version: int | None = None
) -> BoardColumn:
    """Return a column of a list that the actor may see. Raises as `visible_list` does."""
    column = await work.find(BoardColumn, column_id)
    if column is None or not seen.may(column.list_id, ShareLevel.VIEW):
        raise NotFound('There is no such column.')
    await visible_list(work, column.list_id, seen, level)
    return await work.get(BoardColumn, column_id, version)


async def visible_task(
    work: Work, task_id: UUID, seen: Sight, version: int | None = None, *, deleted: bool = False
) -> Task:
    """Return a task that the actor may see. Raises NotFound for any other, Conflict for a stale version."""
    task: Task | None = await work.first(select(Task).where(Task.id == task_id, seen.tasks(deleted=deleted)))
    if task is None:
        raise NotFound('There is no such task.')
    if version is not None and version != task.version:
        raise Conflict('Somebody else changed this meanwhile. Look at the newer version, then save again.')
    return task


async def may_work(work: Work, task: Task, seen: Sight) -> bool:
    """Say whether the actor may do a task: whoever works in its list, and whoever it is given to.

    Who may only read tasks works on none, whatever is shared with him or is his.
    """
    if not seen.actor.may(ADD):
        return False
    if seen.may(task.list_id, ShareLevel.EDIT):
        return True
    mine = seen.assigned().where(
        col(TaskAssignee.task_id).in_([task.id, *([task.parent_id] if task.parent_id else [])])
    )
    return await work.first(mine) is not None


async def workable_task(work: Work, task_id: UUID, seen: Sight) -> Task:
    """Return a task that the actor may do: tick, comment, take time on. Raises NotFound, Denied."""
    task = await visible_task(work, task_id, seen)
    if not await may_work(work, task, seen):
        text = later('You may see {task}, but not work on it. Whoever manages its list can give it to you.')
        raise Denied(_(text, task=task.label))
    return task


async def editable_task(work: Work, task_id: UUID, seen: Sight, version: int | None = None) -> Task:
    """Return a task that the actor may change in any way. Raises NotFound, Denied, Conflict."""
    task = await visible_task(work, task_id, seen, version)
    if not seen.may(task.list_id, ShareLevel.EDIT):
        raise Denied(_(MAY_NOT_CHANGE, task=task.label))
    return task


def _refuse_outsiders(work: Work) -> None:
    actor = work.actor
    if domain.name in actor.modules_off or not (actor.kind is ActorKind.SYSTEM or actor.may(VIEW)):
        raise NotFound('There is no such task.')


async def _see(work: Work, task_id: UUID) -> Task:
    _refuse_outsiders(work)
    return await visible_task(work, task_id, await sight(work))


async def _edit(work: Work, task_id: UUID) -> Task:
    _refuse_outsiders(work)
    return await workable_task(work, task_id, await sight(work))


TASK = records.register(
    records.RecordKind(
        model=Task, label='task', icon='sym_o_task_alt', path='/tasks/{id}',
        title=lambda task: f'{task.label} {task.title}', see=_see, edit=_edit,
        writes=lambda actor, _task_id: actor.may(ADD),
    )
)  # fmt: skip

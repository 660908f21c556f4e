"""What comments, files, links, watchers and activity have to know of tasks, and who watches one from the start."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from data.members import Member
from data.tasks import Task, TaskAssignee, TaskTag
from data.watchers import WatchReason
from logic import notifications, watchers
from logic.core import records
from logic.core.language import later
from logic.core.sentences import told
from logic.core.service import service
from logic.core.work import Work
from logic.custom_fields import named_in
from logic.members.names import escape_like, fold
from logic.tasks.domain import (
    ADD,
    MANAGE_FIELDS,
    TASK_ASSIGNED,
    VIEW,
    TaskAdded,
    TaskAssigned,
    TaskTakenOff,
    domain,
)
from logic.tasks.keeping import put_custom
from logic.tasks.undo import UNDOABLE, put_back
from logic.tasks.visibility import TASK, sight, workable_task


async def _see_many(work: Work, ids: Collection[UUID]) -> dict[UUID, Task]:
    seen = await sight(work)
    rows: list[Task] = await work.all(select(Task).where(col(Task.id).in_(ids), seen.tasks()))
    return {row.id: row for row in rows}


async def _find(work: Work, text: str, limit: int) -> list[Task]:
    seen = await sight(work)
    statement = select(Task).where(seen.tasks())
    for token in fold(text).split()[:8]:
        statement = statement.where(col(Task.search).like(f'%{escape_like(token)}%', escape='\\'))
    return await work.all(statement.order_by(col(Task.updated_at).desc(), col(Task.id)).limit(limit))


@service(ADD)
async def undo_task_change(work: Work, task_id: UUID, values: dict[str, Any]) -> Task:
    """Put fields of a task back to values in JSON form, as they were recorded. Raises NotFound, Denied, Conflict."""
    seen = await sight(work)
    task = await workable_task(work, task_id, seen)
    await put_back(work, task, values, seen)
    await put_custom(work, task, named_in(values))
    return task


async def _undo(work: Work, task_id: UUID, values: Mapping[str, Any]) -> Task:
    work.require(ADD)
    return await undo_task_change(work, task_id, dict(values))


records.extend(
    TASK,
    permission=VIEW,
    audience=later('Seen by everybody who sees the task.'),
    see_many=_see_many,
    find=_find,
    about=('TaskAssignee', 'TaskChecklistItem', 'TaskTag', 'TaskTimeEntry'),
    came=later('finished the one before it'),
    undo=_undo,
    undoable=UNDOABLE,
    belongings=(
        records.Belonging(
            TaskAssignee,
            TaskAssignee.task_id,
            TaskAssignee.member_id,
            'assignee_ids',
            given=later('gave it to {name}'),
            taken=later('took it from {name}'),
        ),
        records.Belonging(
            TaskTag,
            TaskTag.task_id,
            TaskTag.tag_id,
            'label_ids',
            given=later('gave it the label {name}'),
            taken=later('took the label {name} from it'),
        ),
    ),
    manage_fields=MANAGE_FIELDS,
)


@domain.on(TaskAdded)
async def watch_own(work: Work, event: TaskAdded) -> None:
    """Let whoever made a task watch it."""
    task = await work.get(Task, event.task_id)
    await watchers.watch(work, 'Task', task.id, task.creator_id, WatchReason.CREATED)


@domain.on(TaskAssigned)
async def watch_given(work: Work, event: TaskAssigned) -> None:
    """Let whoever is given a task watch it, and be told of it after the commit."""
    await watchers.watch(work, 'Task', event.task_id, event.member_id, WatchReason.ASSIGNED)
    if event.member_id != event.by_id:
        _enqueue(work, event.task_id, event.member_id)


@domain.on(TaskTakenOff)
async def tell_off(work: Work, event: TaskTakenOff) -> None:
    """Have who is not to do a task any more told of it after the commit: it may be out of his sight."""
    _enqueue(work, event.task_id, event.member_id)


def _enqueue(work: Work, task_id: UUID, member_id: UUID) -> None:
    work.enqueue(tell_assigned, task_id, member_id, work.actor.name, str(work.actor.account_id or ''))


@domain.job()
async def tell_assigned(work: Work, task_id: str, member_id: str, by: str, by_account_id: str) -> None:
    """Tell somebody that a task is his to do, or that it is not any more: how it is by now, in one notice."""
    task, person = await work.find(Task, UUID(task_id)), await work.find(Member, UUID(member_id))
    if task is None or task.deleted_at is not None or person is None or person.account_id is None:
        return
    key, doer = f'task_assigned:{task.id.hex}:{person.id.hex}', UUID(by_account_id) if by_account_id else None
    await notifications.withdraw(work, [key])
    words = {'name': by, 'number': task.label, 'task': task.title}
    held = select(TaskAssignee.id).where(TaskAssignee.task_id == task.id, TaskAssignee.member_id == person.id)
    if await work.first(held) is not None:
        await watchers.tell_those_who_see(
            work, 'Task', task.id, [person.id], doer, kind=TASK_ASSIGNED, key=key, link=f'/tasks/{task.id}',
            title=told('{name} gave you {number}: {task}', **words),
        )  # fmt: skip
        return
    reader = (await watchers.actors_of(work, [person.id])).get(person.id)
    if reader is None or not reader.may(VIEW) or domain.name in reader.modules_off:
        return
    # He may not see the task any more, and is to hear that it is gone: the notice is about no record.
    await notifications.tell(
        work, person.account_id, kind=TASK_ASSIGNED, key=key, link='/my-work', by=doer,
        title=told('{name} took {number} off you: {task}', **words),
    )  # fmt: skip

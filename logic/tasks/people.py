"""What becomes of tasks when people are merged, leave, or are forgotten."""

from uuid import UUID

from sqlmodel import col, select

from data.tasks import Task, TaskAssignee, TaskBatch, TaskFeed, TaskList, TaskReminder
from logic.core.work import Work
from logic.members.domain import MemberAnonymised, MemberLeft
from logic.tasks.deleting import purge
from logic.tasks.domain import domain
from logic.tasks.leaving import tell_of_left
from logic.tasks.rows import OPEN


@domain.on(MemberLeft)
async def close_feed(work: Work, event: MemberLeft) -> None:
    """Let the calendar address and the reminders of who has left lead nowhere, and free open tasks that were his."""
    await _forget_own(work, event.member_id)
    given = select(TaskAssignee, Task).join(Task, col(Task.id) == TaskAssignee.task_id)
    given = given.where(TaskAssignee.member_id == event.member_id, col(Task.status).in_(OPEN))
    freed = {}
    for row, task in await work.all(given):
        work.changed('Task', row.task_id)
        await work.delete(row)
        if task.deleted_at is None:
            freed[task.id] = task
    await work.flush()
    had = await work.all(select(TaskAssignee.task_id).where(col(TaskAssignee.task_id).in_(freed)))
    await tell_of_left(work, event.member_id, [task for task in freed.values() if task.id not in had])


@domain.on(MemberAnonymised)
async def forget_inbox(work: Work, event: MemberAnonymised) -> None:
    """Remove for good what stands in the private inbox of a person who is forgotten, and what was typed naming him."""
    await _forget_own(work, event.member_id)
    inbox = select(TaskList.id).where(TaskList.inbox_of_id == event.member_id)
    tasks: list[Task] = await work.all(select(Task).where(col(Task.list_id).in_(inbox)))
    await purge(work, tasks)
    for batch in await work.all(select(TaskBatch).where(col(TaskBatch.raw_text) != '')):
        if batch.by_id == event.member_id or any(word in batch.raw_text.casefold() for word in event.words):
            batch.raw_text = ''


async def _forget_own(work: Work, member_id: UUID) -> None:
    for model in (TaskFeed, TaskReminder):
        for row in await work.all(select(model).where(model.member_id == member_id)):
            await work.delete(row)

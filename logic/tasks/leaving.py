"""What of tasks is open when somebody leaves: handed over before, and told to who looks after it when it was not."""

from collections import Counter
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from data.members import Member
from data.tasks import Task, TaskAssignee, TaskList
from logic import notifications
from logic.core.language import _
from logic.core.sentences import told_many
from logic.core.service import service
from logic.core.work import Work
from logic.members.leaving import Giving, OpenGroup, OpenThing, what_is_open
from logic.tasks.domain import ADD, TASKS_LEFT, VIEW, domain
from logic.tasks.lists import give_list
from logic.tasks.parts import put_assignees
from logic.tasks.rows import OPEN
from logic.tasks.visibility import editable_task, sight


@what_is_open
async def _open_tasks(work: Work, member_id: UUID) -> OpenGroup:
    own_inbox = select(TaskList.id).where(TaskList.inbox_of_id == member_id)  # private, and of use to nobody else
    statement = (
        select(Task)
        .where(col(Task.list_id).not_in(own_inbox))
        .join(TaskAssignee, col(TaskAssignee.task_id) == Task.id)
        .where(TaskAssignee.member_id == member_id, col(Task.status).in_(OPEN), col(Task.deleted_at).is_(None))
    )
    things, hidden = await _seen(work, statement.order_by(col(Task.due_on), col(Task.number)), sees_tasks=True)
    return OpenGroup('tasks', _('Open tasks'), _('Give to somebody'), '/tasks', things, hidden, TO_DO)


@what_is_open
async def _own_lists(work: Work, member_id: UUID) -> OpenGroup:
    statement = select(TaskList).where(
        TaskList.owner_id == member_id, col(TaskList.inbox_of_id).is_(None), col(TaskList.archived_at).is_(None)
    )
    things, hidden = await _seen(work, statement.order_by(col(TaskList.title)), sees_tasks=False)
    return OpenGroup('lists', _('Lists of tasks'), _('Give to somebody'), '/tasks/lists', things, hidden, TO_OWN)


async def _seen(work: Work, statement: Any, *, sees_tasks: bool) -> tuple[list[OpenThing], int]:
    """Return what of some tasks or lists the actor sees, and how many more there are."""
    if domain.name in work.actor.modules_off:
        return [], 0
    total = await work.count(statement)
    if not work.actor.may(VIEW):
        return [], total
    seen = await sight(work)
    rows = await work.all(statement.where(seen.tasks() if sees_tasks else seen.lists()))
    where = '/tasks' if sees_tasks else '/tasks/lists'
    return [OpenThing(row.title, f'{where}/{row.id}', row.id) for row in rows], total - len(rows)


@service(ADD)
async def hand_over_task(work: Work, task_id: UUID, leaver_id: UUID, heir_id: UUID) -> Task:
    """Let one person do a task in the place of another. Raises NotFound, Denied, Invalid for who has left."""
    task = await editable_task(work, task_id, await sight(work))
    leaver, heir = await work.get(Member, leaver_id), await work.get(Member, heir_id)
    held = await work.all(select(TaskAssignee.member_id).where(TaskAssignee.task_id == task.id))
    await put_assignees(work, task, list(dict.fromkeys(heir.id if one == leaver.id else one for one in held)))
    return task


TO_DO = Giving(hand_over_task, lambda leaver_id, task_id, heir_id: (task_id, leaver_id, heir_id))
TO_OWN = Giving(give_list, lambda _leaver, list_id, heir_id: (list_id, heir_id))


async def tell_of_left(work: Work, member_id: UUID, tasks: list[Task]) -> None:
    """Tell the owner of each list how many open tasks in it nobody has, now that somebody left them."""
    left = Counter(task.list_id for task in tasks)
    member = await work.get(Member, member_id)
    statement = select(TaskList, Member).join(Member, col(Member.id) == TaskList.owner_id)
    for row, owner in await work.all(statement.where(col(TaskList.id).in_(left))):
        if owner.account_id is None or owner.id == member_id:
            continue
        await notifications.tell(
            work, owner.account_id, kind=TASKS_LEFT,
            title=told_many(
                '{name} left {count} open task in {list}, and nobody has it',
                '{name} left {count} open tasks in {list}, and nobody has them',
                left[row.id], name=member.name, list=row.title,
            ),
            link=f'/tasks/lists/{row.id}', object_type='TaskList', object_id=row.id,
        )  # fmt: skip

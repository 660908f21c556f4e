"""The morning digest: what is due today and what is late, added to the one that everybody may turn off."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from data.organizations import Organization
from data.tasks import Task, TaskAssignee, TaskList
from logic.core.language import later
from logic.core.sentences import told
from logic.core.work import Work
from logic.mail import Line
from logic.notifications import Reader, digest_section
from logic.tasks.domain import domain
from logic.tasks.rows import OPEN

MOST_LINES = 30


async def _lines(work: Work, readers: Sequence[Reader], *, late: bool) -> Mapping[UUID, Sequence[Line]]:
    """Return, by account, the open tasks of each reader that are due on his day, or were due before; one statement."""
    organization = await work.get(Organization, work.organization_id)
    if domain.name in organization.settings.modules_off or not readers:
        return {}
    by_member = {reader.member_id: reader for reader in readers}
    given: Any = sa.select(col(TaskAssignee.task_id), col(TaskAssignee.member_id)).where(
        col(TaskAssignee.member_id).in_(by_member)
    )
    nobodys = sa.select(col(Task.id), col(TaskList.owner_id)).join(TaskList, col(TaskList.id) == Task.list_id)
    anybodys = sa.select(sa.literal(1)).where(col(TaskAssignee.task_id) == Task.id).exists()
    whose = sa.union_all(given, nobodys.where(col(TaskList.owner_id).in_(by_member), ~anybodys)).subquery()
    last = max(reader.today for reader in readers)
    statement = (
        sa.select(whose.c[1], col(Task.id), col(Task.number), col(Task.title), col(Task.due_on), col(TaskList.title))
        .join(Task, col(Task.id) == whose.c[0])
        .join(TaskList, col(TaskList.id) == Task.list_id)
        .where(col(Task.deleted_at).is_(None), col(Task.status).in_(OPEN), col(TaskList.archived_at).is_(None))
        .where(col(Task.due_on) <= last)
        .order_by(col(Task.due_on), col(Task.due_at), col(Task.priority_rank).desc(), col(Task.number))
        .limit(5000)
    )
    found: dict[UUID, list[Line]] = {}
    for member_id, task_id, number, title, due_on, list_title in await work.all(statement):
        reader = by_member[member_id]
        if (due_on < reader.today) if late else (due_on == reader.today):
            lines = found.setdefault(reader.account_id, [])
            if len(lines) < MOST_LINES:
                detail = told('due {day}, {list}', day=due_on, list=list_title) if late else list_title
                lines.append(Line(f'T-{number} {title}', detail, f'/tasks/{task_id}'))
    return found


@digest_section(later('Overdue', meaning='heading of a list of tasks'), order=10)
async def overdue_tasks(work: Work, readers: Sequence[Reader]) -> Mapping[UUID, Sequence[Line]]:
    """Return what is late of each reader."""
    return await _lines(work, readers, late=True)


@digest_section(later('Due today'), order=11)
async def tasks_of_today(work: Work, readers: Sequence[Reader]) -> Mapping[UUID, Sequence[Line]]:
    """Return what is due today of each reader."""
    return await _lines(work, readers, late=False)

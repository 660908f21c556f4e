"""What of tasks waits for somebody now: for the home page and the number beside My work. One statement each."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import col, select

from data.organizations import Organization
from data.tasks import Task, TaskList
from logic.core.service import query
from logic.core.work import Work
from logic.tasks.domain import VIEW
from logic.tasks.reading import mine
from logic.tasks.rows import OPEN, overdue
from logic.tasks.visibility import Sight


@dataclass(frozen=True, slots=True)
class DueTask:
    """A task of the actor's that is overdue or due today."""

    id: UUID
    label: str
    title: str
    in_list: str
    due_on: date
    due_at: datetime | None
    is_overdue: bool


async def _due(work: Work) -> tuple[Sight, tuple[Any, ...]]:
    """Return the conditions: what is open, given to the actor or his own, and due by the end of his day."""
    organization = await work.get(Organization, work.organization_id)
    zone = work.actor.zone if work.actor.zone and work.actor.zone != 'UTC' else organization.zone
    seen = Sight(work.actor, work.now.astimezone(ZoneInfo(zone)).date(), zone, {})  # his own need no level of a list
    conditions = (
        col(Task.deleted_at).is_(None), col(TaskList.archived_at).is_(None), col(Task.status).in_(OPEN),
        col(Task.due_on) <= seen.today, mine(seen),
    )  # fmt: skip
    return seen, conditions


@query(VIEW)
async def due_tasks(work: Work, limit: int = 20) -> list[DueTask]:
    """Return the tasks of the actor that are overdue or due today, the oldest first."""
    seen, conditions = await _due(work)
    statement: Any = sa.select(
        col(Task.id), col(Task.number), col(Task.title), col(TaskList.title).label('in_list'), col(Task.due_on),
        col(Task.due_at), overdue(seen, work.now).label('is_late'),
    )  # fmt: skip
    statement = statement.join(TaskList, col(TaskList.id) == Task.list_id).where(*conditions)
    rows = await work.all(statement.order_by(col(Task.due_on), col(Task.due_at), col(Task.number)).limit(limit))
    return [
        DueTask(row.id, f'T-{row.number}', row.title, row.in_list, row.due_on, row.due_at, bool(row.is_late))
        for row in rows
    ]


@query(VIEW)
async def count_due_tasks(work: Work) -> tuple[int, int]:
    """Return how many tasks of the actor are overdue, and how many more are due today."""
    seen, conditions = await _due(work)
    late = sa.func.sum(sa.case((overdue(seen, work.now), 1), else_=0))
    statement: Any = select(sa.func.count(), late).select_from(Task)
    found = await work.all(statement.join(TaskList, col(TaskList.id) == Task.list_id).where(*conditions))
    total, overdue_count = int(found[0][0]), int(found[0][1] or 0)
    return overdue_count, total - overdue_count

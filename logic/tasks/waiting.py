"""What of tasks waits for somebody now: what is overdue or due by the end of his day."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import col

from data.organizations import Organization
from data.tasks import Task, TaskAssignee, TaskList
from logic.core import waiting
from logic.core.formats import day_text
from logic.core.language import _
from logic.core.work import Work
from logic.tasks.domain import VIEW
from logic.tasks.reading import mine
from logic.tasks.rows import OPEN, overdue
from logic.tasks.visibility import Sight


async def _rows(work: Work, _today: date) -> Any:
    if not work.actor.may(VIEW):
        return None
    organization = await work.get(Organization, work.organization_id)
    zone = work.actor.zone if work.actor.zone and work.actor.zone != 'UTC' else organization.zone
    seen = Sight(work.actor, work.now.astimezone(ZoneInfo(zone)).date(), zone, {})  # his own need no level of a list
    due = waiting.rows(
        'task', col(Task.due_on), id=col(Task.id), is_late=overdue(seen, work.now), title=col(Task.title),
        detail=col(TaskList.title), more=sa.cast(col(Task.number), sa.String(20)),
    )  # fmt: skip
    return due.join(TaskList, col(TaskList.id) == Task.list_id).where(
        col(Task.organization_id) == work.organization_id, col(Task.deleted_at).is_(None),
        col(TaskList.archived_at).is_(None), col(Task.status).in_(OPEN), col(Task.due_on) <= seen.today, mine(seen),
    )  # fmt: skip


async def _say(_work: Work, found: Sequence[waiting.Found], _today: date) -> list[waiting.Said]:
    return [waiting.Said(one.title, f'T-{one.more}, {one.detail}, {_due(one)}', f'/tasks/{one.id}') for one in found]


def _due(one: waiting.Found) -> str:
    return _('overdue since {day}', day=day_text(one.day)) if one.is_late else _('due today')


waiting.register(waiting.Kind('task', _rows, _say, (Task, TaskAssignee, TaskList)))

"""What of tasks waits for somebody now: what is overdue or due by the end of his day."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from data.tasks import Task, TaskAssignee, TaskList
from logic.core import waiting
from logic.core.formats import day_text
from logic.core.language import _
from logic.core.work import Work
from logic.tasks.domain import VIEW
from logic.tasks.reading import mine
from logic.tasks.rows import OPEN, overdue


def _rows(may: waiting.May) -> Any:
    if not may(VIEW):
        return None
    today = waiting.MY_TODAY
    due = waiting.rows(
        'task', col(Task.due_on), id=col(Task.id), is_late=overdue(today, waiting.NOW), title=col(Task.title),
        detail=col(TaskList.title), more=sa.cast(col(Task.number), sa.String(20)),
    )  # fmt: skip
    return due.join(TaskList, col(TaskList.id) == Task.list_id).where(
        col(Task.organization_id) == waiting.OURS, col(Task.deleted_at).is_(None),
        col(TaskList.archived_at).is_(None), col(Task.status).in_(OPEN), col(Task.due_on) <= today, mine(waiting.ME),
    )  # fmt: skip


async def _say(_work: Work, found: Sequence[waiting.Found], _today: date) -> list[waiting.Said]:
    return [waiting.Said(one.title, f'T-{one.more}, {one.detail}, {_due(one)}', f'/tasks/{one.id}') for one in found]


def _due(one: waiting.Found) -> str:
    return _('overdue since {day}', day=day_text(one.day)) if one.is_late else _('due today')


waiting.register(waiting.Kind('task', _rows, _say, (Task, TaskAssignee, TaskList)))

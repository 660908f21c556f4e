"""Figures of a list: how much is open, and how long tasks take from being added, and from being begun, to done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from data.members import Member
from data.tasks import Task, TaskStatus, TaskTimeEntry
from logic.core.service import query
from logic.core.work import Work
from logic.members.directory import called
from logic.tasks.domain import VIEW
from logic.tasks.rows import NAMES, overdue
from logic.tasks.visibility import sight, visible_list

LOOKED_BACK = timedelta(days=90)
MOST, MOST_PEOPLE = 2000, 100


@dataclass(frozen=True, slots=True)
class ListFigures:
    """How a list does; times are medians over what was done in the last 90 days."""

    pending: int
    in_progress: int
    completed: int
    cancelled: int
    overdue: int
    done_lately: int
    """Done in the last 90 days."""
    lead_minutes: int | None
    """From being added to being done; None when nothing was done."""
    cycle_minutes: int | None
    """From being begun to being done; None when nothing was begun first."""
    spent: list[tuple[str, int]]
    """Who noted how many minutes on its tasks in the last 90 days, the most first."""

    @property
    def spent_minutes(self) -> int:
        """How many minutes were noted by all."""
        return sum(minutes for _, minutes in self.spent)


@query(VIEW)
async def list_figures(work: Work, list_id: UUID) -> ListFigures:
    """Return how a list does; six statements. Raises NotFound for a list that the actor does not see."""
    seen = await sight(work)
    await visible_list(work, list_id, seen)
    standing = (col(Task.list_id) == list_id, col(Task.deleted_at).is_(None))
    late = sa.func.sum(sa.case((overdue(seen.today, work.now), 1), else_=0))
    counted: Any = sa.select(col(Task.status), sa.func.count(), late).where(*standing).group_by(col(Task.status))
    counts = {status: (int(count), int(overdue_count or 0)) for status, count, overdue_count in await work.all(counted)}
    lately: Any = sa.select(col(Task.created_at), col(Task.started_at), col(Task.completed_at)).where(
        *standing, col(Task.completed_at) >= work.now - LOOKED_BACK
    )
    done = await work.all(lately.order_by(col(Task.completed_at).desc()).limit(MOST))
    who, minutes = (*NAMES, TaskTimeEntry.member_id), sa.func.sum(TaskTimeEntry.minutes)
    noted: Any = sa.select(*NAMES, minutes).join(TaskTimeEntry, col(TaskTimeEntry.member_id) == Member.id)
    noted = noted.join(Task, col(Task.id) == TaskTimeEntry.task_id).where(
        *standing, col(TaskTimeEntry.worked_on) >= seen.today - LOOKED_BACK
    )
    spent = await work.all(noted.group_by(*who).order_by(minutes.desc()).limit(MOST_PEOPLE))
    return ListFigures(
        pending=counts.get(TaskStatus.PENDING, (0, 0))[0],
        in_progress=counts.get(TaskStatus.IN_PROGRESS, (0, 0))[0],
        completed=counts.get(TaskStatus.COMPLETED, (0, 0))[0],
        cancelled=counts.get(TaskStatus.CANCELLED, (0, 0))[0],
        overdue=sum(late_count for _, late_count in counts.values()),
        done_lately=len(done),
        spent=[(called(preferred, first, last), int(total)) for first, preferred, last, total in spent],
        # What was done before it was added here came with an import, which does not tell how long it took.
        lead_minutes=_median([end - made for made, _, end in done if end >= made]),
        cycle_minutes=_median([end - begun for _, begun, end in done if begun is not None]),
    )


def _median(spans: Sequence[timedelta]) -> int | None:
    return round(median(span.total_seconds() for span in spans) / 60) if spans else None

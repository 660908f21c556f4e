"""What of a task is found by search, and by whom: those for whom it exists."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from data.tasks import Task, TaskList
from logic.core import indexing, rich_text
from logic.core.actor import ActorKind
from logic.core.indexing import Piece
from logic.core.language import _, later
from logic.core.work import Work
from logic.tasks.domain import VIEW, domain
from logic.tasks.rows import Whole
from logic.tasks.visibility import TASK, sight, visible_tasks


def _pieces(task: Task) -> Sequence[Piece]:
    head = f'{task.label} {task.title}'
    return [Piece(head=head, body=rich_text.plain(task.description), title=task.title, detail=task.label)]


async def _visible(work: Work) -> Mapping[str, Any]:
    if not (work.actor.kind is ActorKind.SYSTEM or work.actor.may(VIEW)):
        return {}
    seen = await visible_tasks(work)
    return {indexing.EVERYBODY: seen, indexing.DISCUSSION: seen}


async def _places(work: Work, task_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return the list that each task is in and what it is part of, as far as the actor sees them."""
    seen = await sight(work)
    statement = (
        sa.select(col(Task.id), col(TaskList.title), Whole.title)
        .select_from(Task)
        .join(TaskList, sa.and_(col(TaskList.id) == Task.list_id, seen.lists()), isouter=True)
        .join(Whole, sa.and_(Whole.id == Task.parent_id, seen.tasks(of=Whole)), isouter=True)
        .where(col(Task.id).in_(task_ids))
    )
    return {
        task_id: ' · '.join(filter(None, [in_list, whole and _('part of {task}', task=whole)]))
        for task_id, in_list, whole in await work.all(statement)
    }


indexing.register(
    TASK,
    label=later('Tasks'),
    fields={'number', 'title', 'description'},
    pieces=_pieces,
    visible=_visible,
    switch=domain.name,
    places=_places,
)

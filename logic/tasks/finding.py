"""What of a task is found by search, and by whom: those for whom it exists."""

from collections.abc import Mapping, Sequence
from typing import Any

from data.tasks import Task
from logic.core import indexing, rich_text
from logic.core.actor import ActorKind
from logic.core.indexing import Piece
from logic.core.language import later
from logic.core.work import Work
from logic.tasks.domain import VIEW, domain
from logic.tasks.visibility import TASK, visible_tasks


def _pieces(task: Task) -> Sequence[Piece]:
    head = f'{task.label} {task.title}'
    return [Piece(head=head, body=rich_text.plain(task.description), title=task.title, detail=task.label)]


async def _visible(work: Work) -> Mapping[str, Any]:
    if not (work.actor.kind is ActorKind.SYSTEM or work.actor.may(VIEW)):
        return {}
    seen = await visible_tasks(work)
    return {indexing.EVERYBODY: seen, indexing.DISCUSSION: seen}


indexing.register(
    TASK,
    label=later('Tasks'),
    fields={'number', 'title', 'description'},
    pieces=_pieces,
    visible=_visible,
    switch=domain.name,
)

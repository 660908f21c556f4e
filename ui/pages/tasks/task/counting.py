"""How much was said of a task and attached to it, as the tab of both counts it."""

from uuid import UUID

from data.attachments import Attachment
from logic import tasks
from logic.comments import CommentsOf
from logic.tasks import TaskView
from ui.components import Tabs, watch
from ui.guard import current_actor
from ui.pages.tasks import gone


def said(view: TaskView) -> int:
    """Return how many comments and files a task has."""
    return view.row.comment_count + view.row.file_count


def follow(drawn: Tabs, name: str, task_id: UUID) -> None:
    """Keep the count beside a tab true."""

    async def again() -> None:
        drawn.count(name, said(await tasks.get_task(await current_actor(), task_id)))

    watch(CommentsOf, Attachment, call=gone.kindly(again, 'task'), match=lambda change: change.row_id == task_id)

"""What a task says, edited where it stands."""

from logic import audit, tasks
from logic.core.actor import Actor
from logic.core.language import _
from logic.tasks import TaskChange, TaskView
from ui.components import Prose, Said


def draw(view: TaskView) -> Prose:
    """What the task says, edited by those who may."""

    async def save(actor: Actor, html: str, version: int) -> None:
        await tasks.update_task(actor, view.row.id, TaskChange(description=html), version)

    async def newest(actor: Actor) -> Said:
        now = await tasks.get_task(actor, view.row.id)
        return Said(now.description, now.row.version)

    async def by(actor: Actor) -> str:
        return await audit.changed_by(actor, 'Task', view.row.id, ['description'])

    return Prose(
        _('Description'), view.description, save if view.may_edit else None, newest, by,
        empty=_('Nothing is described yet.'),
    )  # fmt: skip

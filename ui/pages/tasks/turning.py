"""A task that is made of what somebody said, from the menu of a comment on any record."""

from uuid import UUID

from logic import tasks
from logic.core.actor import Actor
from logic.core.language import _, later
from logic.tasks.domain import ADD, domain
from ui.components import toast
from ui.components.furniture import CommentAction, comment_actions


async def make(actor: Actor, record: str, record_id: UUID, comment_id: UUID) -> None:
    """Make a task of a comment; a click takes it back."""
    made = await tasks.add_task_from_comment(actor, record, record_id, comment_id)

    async def back(actor: Actor) -> None:
        await tasks.delete_task(actor, made.id)

    toast(_('{task} was added. It stands among the links.', task=made.label), undo=back)


def may_make(actor: Actor) -> bool:
    """Say whether somebody adds tasks here at all."""
    return actor.may(ADD) and domain.name not in actor.modules_off


comment_actions.append(CommentAction(later('Make a task of it'), 'sym_o_add_task', make, may_make))

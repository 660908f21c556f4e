"""What a change of many tasks did, and what parts a finished one leaves open: said, with the way back."""

from collections.abc import Sequence
from uuid import UUID

from data.tasks import TaskStatus
from logic import tasks
from logic.core.actor import Actor
from logic.core.language import _, many
from logic.tasks import TaskBatchResult, TaskBulkInput
from logic.tasks import TaskBulkAction as Kind
from ui.components import toast
from ui.components.toast import Do

Also = tuple[str, Do]


def tell(result: TaskBatchResult, done: str, *, undo: Do | None = None, also: Also | None = None) -> None:
    """Say what a change of many did, in the words `done`, with its undo, or another one; refusals are named."""
    message = [done, *([_('Not {refused}', refused=_named(result))] if result.refused else [])]
    toast(' '.join(message), 'warning' if result.refused else 'success', undo=undo or undoing(result), also=also)


def undoing(result: TaskBatchResult) -> Do | None:
    """Return what takes back a change of many, and says so; None when nothing was changed."""

    async def back(actor: Actor) -> None:
        assert result.batch_id is not None
        tell_undone(await tasks.undo_task_batch(actor, result.batch_id))

    return back if result.batch_id else None


def tell_undone(undone: TaskBatchResult) -> None:
    """Say what an undo took back, and what it left alone."""
    message = [many('Undone for {count} task.', 'Undone for {count} tasks.', undone.changed)]
    if undone.refused:
        message.append(_('Not for {refused}', refused=_named(undone)))
    toast(' '.join(message))


def _named(result: TaskBatchResult) -> str:
    named = '; '.join(f'{one.label}: {one.reason}' for one in result.refused[:3])
    more = len(result.refused) - 3
    return named if more <= 0 else f'{named} {many("And {count} more.", "And {count} more.", more)}'


async def parts_left(
    actor: Actor, task_ids: Sequence[UUID], status: TaskStatus, undo: Do | None
) -> tuple[list[str], Also | None]:
    """Return what to say of the parts that finished tasks leave open, and what gives them that status too.

    Whoever does that can take back both at once: the change of the parts, and by `undo` that of their tasks.
    """
    left = await tasks.open_parts(actor, task_ids)
    if not left:
        return [], None

    async def finish(actor: Actor) -> None:
        result = await tasks.change_many_tasks(actor, left, TaskBulkInput(action=Kind.STATUS, status=status))

        async def both(actor: Actor) -> None:
            assert result.batch_id is not None
            undone = await tasks.undo_task_batch(actor, result.batch_id)
            if undo is not None:
                await undo(actor)
            tell_undone(undone)

        done = many('Finished {count} part too.', 'Finished {count} parts too.', result.changed)
        tell(result, done, undo=both if result.batch_id else undo)

    said = many('{count} part is still open.', '{count} parts are still open.', len(left))
    if status is TaskStatus.COMPLETED:
        return [said], (many('Complete it too', 'Complete them too', len(left)), finish)
    return [said], (many('Cancel it too', 'Cancel them too', len(left)), finish)

"""What comes after a task that was finished: its next occurrence, said in the message that tells of the act."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from data.tasks import TaskStatus
from logic import tasks
from logic.core.actor import Actor
from logic.core.formats import day_text, time_text
from logic.core.language import _, many
from logic.tasks import NextTask
from ui.components import toast
from ui.components.toast import Do
from ui.pages.tasks.telling import parts_left


def due_text(when: date | datetime) -> str:
    """A day, with the time of day if it has one."""
    return f'{day_text(when)}, {time_text(when.time())}' if isinstance(when, datetime) else day_text(when)


def _when(one: NextTask, zone: str) -> str:
    return due_text(one.due_at.astimezone(ZoneInfo(zone)) if one.due_at else one.due_on)


def _cancelled(coming: Sequence[NextTask]) -> list[str]:
    count = sum(one.cancelled_parts for one in coming)
    return [many('{count} open part was cancelled.', '{count} open parts were cancelled.', count)] if count else []


async def tell_next(
    actor: Actor, task_id: UUID, done: str, undo: Do, status: TaskStatus = TaskStatus.COMPLETED
) -> None:
    """Say what was done to a task, which one comes after it if it comes again, and what parts it leaves open.

    A click takes back what was done, and another one gives those parts this status too.
    """
    coming = await tasks.next_tasks(actor, [task_id])
    left, also = await parts_left(actor, [task_id], status, undo)
    link = (_('Open'), f'/tasks/{coming[0].id}') if coming else None
    if coming:
        when = _when(coming[0], actor.zone)
        done = _('{done} It comes again: {task} is due on {when}.', done=done, task=coming[0].label, when=when)
        left += _cancelled(coming)
    toast(' '.join([done, *left]), undo=undo, link=link, also=also)


async def with_next(actor: Actor, task_ids: Sequence[UUID], done: str) -> str:
    """Return what was done to many tasks, and how many of them come again."""
    coming = await tasks.next_tasks(actor, task_ids)
    if not coming:
        return done
    again = many(
        '{count} comes again: {task} is due on {when}.', '{count} come again, first {task} on {when}.', len(coming),
        task=coming[0].label, when=_when(coming[0], actor.zone),
    )  # fmt: skip
    return ' '.join([done, again, *_cancelled(coming)])

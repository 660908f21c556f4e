"""What comes after a task that was finished: its next occurrence, said in the message that tells of the act."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from logic import tasks
from logic.core.actor import Actor
from logic.core.formats import day_text, time_text
from logic.core.language import _, many
from logic.tasks import NextTask
from ui.components import toast


def due_text(when: date | datetime) -> str:
    """A day, with the time of day if it has one."""
    return f'{day_text(when)}, {time_text(when.time())}' if isinstance(when, datetime) else day_text(when)


def _when(one: NextTask, zone: str) -> str:
    return due_text(one.due_at.astimezone(ZoneInfo(zone)) if one.due_at else one.due_on)


async def tell_next(actor: Actor, task_id: UUID, done: str, undo: Callable[[Actor], Awaitable[None]]) -> None:
    """Say what was done to a task, and which one comes after it if it comes again; a click takes both back."""
    coming = await tasks.next_tasks(actor, [task_id])
    if not coming:
        toast(done, undo=undo)
        return
    when = _when(coming[0], actor.zone)
    words = _('{done} It comes again: {task} is due on {when}.', done=done, task=coming[0].label, when=when)
    toast(words, undo=undo, link=(_('Open'), f'/tasks/{coming[0].id}'))


async def with_next(actor: Actor, task_ids: Sequence[UUID], done: str) -> str:
    """Return what was done to many tasks, and how many of them come again."""
    coming = await tasks.next_tasks(actor, task_ids)
    if not coming:
        return done
    again = many(
        '{count} comes again: {task} is due on {when}.', '{count} come again, first {task} on {when}.', len(coming),
        task=coming[0].label, when=_when(coming[0], actor.zone),
    )  # fmt: skip
    return f'{done} {again}'

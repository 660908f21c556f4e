"""The tasks of somebody: what is given to him, by date, and what he waits for."""

from logic import tasks
from logic.core.actor import Actor
from logic.core.language import later
from logic.tasks import TaskRow
from ui.components import Card, Tick, Todo, TodoHandlers, Todos
from ui.pages.tasks import cells
from ui.pages.tasks.parts import part_of, parts
from ui.waiting import Act, Look, looks

SECTIONS = (
    ('overdue', later('Overdue')), ('today', later('Today')), ('upcoming', later('Upcoming')),
    ('undated', later('No date')), ('waiting', later('Waiting for others')),
)  # fmt: skip


async def sections(actor: Actor) -> int:
    """Draw what is given to the actor by date, and what he waits for; return how many sections that makes."""
    mine = await tasks.my_work(actor)
    shown = [(name, title, rows) for name, title in SECTIONS if (rows := getattr(mine, name))]
    for name, title, rows in shown:
        with Card(title):
            handlers = TodoHandlers(tick=None if name == 'waiting' else tick)
            Todos(title, [line(row, actor.zone) for row in rows], handlers)
    return len(shown)


looks['task'] = Look('sym_o_task_alt', 'brand', Act(later('Done'), cells.complete))


async def tick(actor: Actor, what: Tick) -> None:
    """Complete a task, or take it up again."""
    await (cells.complete if what.done else cells.reopen)(actor, what.id)


def line(row: TaskRow, zone: str, *, with_list: bool = True) -> Todo:
    """A task as a line to tick off."""
    where = [row.in_list.name, *part_of(row)] if with_list else []
    return Todo(
        id=row.id, title=row.title, href=f'/tasks/{row.id}', done=row.completed_at is not None,
        detail=' · '.join([row.label, *where, *parts(row)]),
        chips=[cells.priority_chip(row.priority)] if row.priority not in cells.USUAL else (),
        due=cells.due(row, zone), late=row.is_overdue, people=[one.name for one in row.assignees],
    )  # fmt: skip

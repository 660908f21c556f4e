"""My work: what waits for me, by date, and what I wait for."""

from data.tasks import Task, TaskAssignee
from logic import tasks
from logic.core.actor import Actor
from logic.core.language import _, later
from logic.tasks import TaskRow
from logic.tasks.domain import ADD, VIEW
from ui.components import Button, Card, Empty, Head, Tick, Todo, TodoHandlers, Todos, live
from ui.guard import current_actor
from ui.pages.tasks import cells, quick
from ui.shell import Nav, page

SECTIONS = (
    ('overdue', later('Overdue')), ('today', later('Today')), ('upcoming', later('Upcoming')),
    ('undated', later('No date')), ('waiting', later('Waiting for others')),
)  # fmt: skip


@page('/my-work', 'My work', VIEW, nav=Nav(icon='sym_o_check_circle', order=2, key='w'))
async def my_work(actor: Actor) -> None:
    """One inbox of tasks, each with its action on the row."""
    more = [Button(_('In my calendar'), href='/tasks/calendar-address', icon='sym_o_calendar_add_on')]
    add = [Button(_('Add task'), do=quick.opens(), icon='sym_o_add', primary=True, create=True)]
    Head(_('My work'), _('What waits for you, and what you wait for.'), [*more, *(add if actor.may(ADD) else ())])
    if actor.may(ADD):
        with Card():
            quick.place()
    await live(Task, TaskAssignee, draw=_draw)


async def _draw() -> None:
    actor = await current_actor()
    mine = await tasks.my_work(actor)
    drawn = 0
    for name, title in SECTIONS:
        rows: list[TaskRow] = getattr(mine, name)
        if rows:
            drawn += 1
            with Card(title):
                handlers = TodoHandlers(tick=None if name == 'waiting' else tick)
                Todos(title, [line(row, actor.zone) for row in rows], handlers)
    if not drawn:
        Empty('sym_o_check_circle', _('Nothing waits for you'), _('What is given to you, or falls due, appears here.'))


async def tick(actor: Actor, what: Tick) -> None:
    """Complete a task, or take it up again."""
    await (cells.complete if what.done else cells.reopen)(actor, what.id)


def line(row: TaskRow, zone: str, *, with_list: bool = True) -> Todo:
    """A task as a line to tick off."""
    return Todo(
        id=row.id, title=row.title, href=f'/tasks/{row.id}', done=row.completed_at is not None,
        detail=f'{row.label} · {row.in_list.name}' if with_list else row.label,
        chips=[cells.priority_chip(row.priority)] if row.priority not in cells.USUAL else (),
        due=cells.due(row, zone), late=row.is_overdue, people=[one.name for one in row.assignees],
    )  # fmt: skip

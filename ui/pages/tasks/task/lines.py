"""The checklist of a task and the parts it is made of, as lines to tick off."""

from uuid import UUID

from logic import tasks
from logic.core.actor import Actor
from logic.core.language import _
from logic.tasks import ChecklistInput, TaskView
from ui.components import CardAction, FormDialog, Place, Tick, Todo, TodoHandlers, Todos, toast
from ui.components.rows import chosen
from ui.pages.tasks import mine, quick
from ui.search import search_people


def step_lines(view: TaskView) -> list[Todo]:
    """The steps of the checklist."""
    return [
        Todo(id=step.id, title=step.title, done=step.is_done, due=step.due_on,
             people=[step.assignee.name] if step.assignee else ())
        for step in view.steps
    ]  # fmt: skip


def steps(view: TaskView) -> Todos:
    """The checklist."""

    async def tick(actor: Actor, what: Tick) -> None:
        await tasks.tick_step(actor, what.id, done=what.done)

    async def add(actor: Actor, text: str) -> None:
        await tasks.add_step(actor, view.row.id, ChecklistInput(title=text))

    async def move(actor: Actor, where: Place) -> None:
        await tasks.move_step(actor, where.id, where.after)

    async def remove(actor: Actor, step_id: UUID) -> None:
        gone = await tasks.remove_step(actor, step_id)

        async def back(actor: Actor) -> None:
            await tasks.restore_step(actor, gone)

        toast(_('Removed.'), undo=back)

    async def edit(actor: Actor, step_id: UUID) -> None:
        step = chosen((await tasks.get_task(actor, view.row.id)).steps, step_id)

        async def save(actor: Actor, data: ChecklistInput) -> None:
            await tasks.update_step(actor, step_id, data, step.version)

        value = {'title': step.title, 'due_on': step.due_on, 'assignee_id': step.assignee and step.assignee.id}
        dialog = FormDialog(_('Edit step'), ChecklistInput, save, value=value, about=step_id)
        dialog.text('title')
        dialog.person('assignee_id', search_people, span=6)
        dialog.date('due_on', span=6)

    menu = [CardAction(_('Edit'), edit, 'sym_o_edit'), CardAction(_('Remove'), remove, 'sym_o_delete', danger=True)]
    works = view.may_work or view.may_edit
    handlers = TodoHandlers(tick=tick, add=add, move=move, menu=menu) if works else TodoHandlers()
    return Todos(_('Checklist'), step_lines(view), handlers, add_label=_('Add a step'), empty=_('No steps yet.'))


def part_lines(view: TaskView, zone: str) -> list[Todo]:
    """The parts of the task."""
    return [mine.line(row, zone, with_list=False) for row in view.parts]


def parts(view: TaskView) -> Todos:
    """The parts of the task, each a task of its own; parts have none."""

    whole = view.row.parent_id is None
    handlers = TodoHandlers(tick=mine.tick) if view.may_edit else TodoHandlers()
    empty = _('No parts yet.') if whole else _('This is a part itself, and is not divided further.')
    drawn = Todos(_('Parts'), part_lines(view, view.zone or 'UTC'), handlers, empty=empty)
    if whole and view.may_edit:
        quick.place(parent_id=view.row.id)
    return drawn

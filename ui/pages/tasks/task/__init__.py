"""One task: what it says, its steps and parts, who talks about it, and what happened to it."""

from uuid import UUID

from data.tasks import ShareLevel, Task, TaskList, TaskListShare, TaskStatus
from logic import custom_fields, tasks
from logic.core.actor import Actor
from logic.core.language import _, sense
from logic.core.listing import ListQuery
from logic.tasks import TaskView
from logic.tasks.domain import ADD, VIEW
from ui import shell
from ui.components import Button, Card, Grid, Head, Stack, Tab, Tabs, around, furniture, live, watch
from ui.components.blocks import place
from ui.guard import current_actor
from ui.pages.tasks import cards, cells, gone, quick
from ui.pages.tasks.many import open_unless_asked
from ui.pages.tasks.task import counting, description, facts, lines, placing, reminding, times
from ui.shell import page

Rights = tuple[bool, bool, ShareLevel | None]


@page('/tasks/{task_id}', 'Task', VIEW)
async def task_page(actor: Actor, task_id: UUID) -> None:
    """One task, as the viewer may see and change it."""
    asked = around.asked()
    view, neighbours = await tasks.get_task_in_list(actor, task_id, asked and open_unless_asked(asked))
    shell.title(f'{view.row.label} {view.row.title}')
    shell.crumbs(*_trail(view, asked), (view.row.label, None))
    around.draw(neighbours, '/tasks')
    await _follow(view)

    async def head() -> None:
        now = await tasks.get_task(await current_actor(), task_id)
        column = now.row.column.name
        where = [now.row.label, now.row.in_list.name, *([column] if column != str(now.row.status.label) else [])]
        Head(now.row.title, ' · '.join(where), _buttons(actor, now), chip=cells.status_chip(now.row.status),
             people=[one.name for one in now.row.assignees])  # fmt: skip

    await live(Task, draw=head, match=lambda change: change.row_id == task_id)
    await furniture.here('Task', task_id)
    tabs = [
        Tab('task', _('Task'), lambda: _task(task_id)),
        Tab('comments', _('Comments and files'), lambda: furniture.furniture('Task', task_id), counting.said(view)),
        Tab('time', sense('spent on a task', 'Time'), lambda: times.draw(task_id)),
        Tab('activity', _('Activity'), lambda: furniture.activity('Task', task_id)),
    ]
    drawn = Tabs(_('The task'), tabs)
    counting.follow(drawn, 'comments', task_id)
    await drawn.open()


async def _follow(view: TaskView) -> None:
    async def look(actor: Actor) -> Rights:
        return _rights(await tasks.get_task(actor, view.row.id))

    own = {view.row.id, view.parent.id if view.parent else None}  # who is to do a task is to do its parts
    models = (Task, TaskList, TaskListShare)
    await gone.follow('task', _rights(view), look, *models, match=lambda it: it.model != 'Task' or it.row_id in own)


def _rights(view: TaskView) -> Rights:
    return view.may_edit, view.may_work, view.list_level


def _trail(view: TaskView, asked: ListQuery | None) -> list[tuple[str, str]]:
    """Return the way to a task, which leads back to the list or the board from which somebody came."""
    home, every = view.row.in_list, '/tasks'
    listed = f'/tasks/lists/{home.id}'
    if asked and asked.values('column'):
        listed = around.back(listed, but=('column', 'sort', *cards.ON_BOARD))
    elif asked and asked.values('list') == [str(home.id)]:
        listed = around.back(f'{listed}?as=table', but=('list',))
    else:
        every = around.back(every)
    trail = [(_('Tasks'), every)]
    if view.list_level is not None:
        trail.append((home.name, listed))
    if view.parent:
        trail.append((view.parent.name, f'/tasks/{view.parent.id}'))
    return trail


async def _task(task_id: UUID) -> None:
    actor = await current_actor()
    view, fields = await tasks.get_task(actor, task_id), await custom_fields.list_custom_fields(actor, 'Task')
    with Grid().classes('lb-task'):
        with Stack() as said:
            place(said, 8)
            with Card(_('Description')):
                text = description.draw(view)
            with Card(_('Checklist')):
                steps = lines.steps(view)
            with Card(_('Parts')):
                parts = lines.parts(view)
        with Stack() as beside:
            place(beside, 4)
            with Card(_('Facts')).classes('lb-task-facts'):
                sheet = facts.FactSheet(view, await facts.repeat_words(actor, view), fields)
            if actor.may(ADD) and actor.member_id is not None:
                await reminding.draw(actor, task_id)

    async def again() -> None:
        nonlocal view
        actor = await current_actor()
        view = await tasks.get_task(actor, task_id)
        text.change(view.description)
        sheet.change(view, await facts.repeat_words(actor, view))
        steps.change(lines.step_lines(view))
        parts.change(lines.part_lines(view, actor.zone))

    watch(Task, call=gone.kindly(again, 'task'), match=lambda change: change.row_id in _shown(view))


def _shown(view: TaskView) -> set[UUID | None]:
    """Return whose changes show: its own, those of what it is part of, and of its parts; it is told of new ones."""
    return {view.row.id, view.row.parent_id, *(part.id for part in view.parts)}


def _buttons(actor: Actor, view: TaskView) -> list[Button]:
    row = view.row
    if not (view.may_edit or view.may_work) or not actor.may(ADD):
        return []

    async def complete(actor: Actor) -> None:
        await cells.complete(actor, row.id)

    async def reopen(actor: Actor) -> None:
        await cells.reopen(actor, row.id)

    async def cancel(actor: Actor) -> None:
        await cells.cancel(actor, row.id)

    async def delete(actor: Actor) -> None:
        await cells.delete(actor, row.id)
        shell.go(f'/tasks/lists/{row.in_list.id}' if view.list_level is not None else '/tasks')

    is_open = row.status in (TaskStatus.PENDING, TaskStatus.IN_PROGRESS)
    done = Button(_('Complete'), do=complete, icon='sym_o_check_circle', primary=True)
    found = [done if is_open else Button(_('Take up again'), do=reopen, icon='sym_o_undo')]
    if view.may_edit:
        found += [
            Button(_('Move to…'), do=placing.opens(view), icon='sym_o_drive_file_move', menu=True),
            *([Button(_('Add a part'), do=quick.opens(parent_id=row.id), icon='sym_o_add', menu=True)]
              if row.parent_id is None else []),
            *([Button(_('Will not be done'), do=cancel, icon='sym_o_block', menu=True)] if is_open else []),
            Button(_('Delete'), do=delete, icon='sym_o_delete', menu=True, danger=True),
        ]  # fmt: skip
    return found

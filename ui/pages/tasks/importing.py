"""Importing tasks: the file, what it would do row by row, and the result with its undo."""

import asyncio

from logic import tasks
from logic.core.actor import Actor
from logic.core.formats import number_text
from logic.core.language import _, many
from logic.tasks import TaskImportDone
from logic.tasks.domain import ADD
from logic.tasks.imports import MOST, MOST_BYTES
from ui import shell, uploads
from ui.components import Button, Card, FileDrop, Head, Note, Sent, live
from ui.pages.tasks.many import tell_undone
from ui.pages.tasks.proposed import Proposal, draw_plan
from ui.shell import page
from ui.uploads import Received


@page('/tasks/import', 'Import tasks', ADD)
async def importing(actor: Actor) -> None:  # noqa: ARG001  the guard asks for it
    """A file of tasks, from a spreadsheet or another program."""
    shell.crumbs((_('Tasks'), '/tasks'), (_('Import'), None))
    proposal = Proposal()

    async def draw() -> None:
        if proposal.done is not None:
            _draw_done(proposal, proposal.done)
        elif proposal.plan is not None:
            await draw_plan(proposal, proposal.plan)
        else:
            _draw_file(proposal)

    proposal.region = await live(draw=draw)


def _draw_file(proposal: Proposal) -> None:
    async def take(actor: Actor, received: Received) -> None:
        content = await asyncio.to_thread(received.read)
        proposal.name, proposal.read = received.name, await tasks.read_tasks(actor, content)
        proposal.plan = await tasks.plan_task_import(actor, proposal.read)

    async def go_on(actor: Actor, sent: Sent) -> None:  # noqa: ARG001  the plan was asked for with today's rights
        await proposal.redraw()

    size, most = MOST_BYTES // 1_000_000, number_text(MOST)
    help = _('CSV, XLSX or JSON; up to {size} MB and {count} tasks', size=size, count=most)
    Head(_('Import tasks'), _('You see what would happen before anything does.'))
    with Card(_('Choose the file'), text=_(
        'A spreadsheet with a column for the title, or an export of Trello (JSON), Todoist (CSV), Vikunja (JSON, out '
        'of its ZIP) or Logbook.')):  # fmt: skip
        FileDrop(
            take, kinds=uploads.TABLES, limit=MOST_BYTES, permission=ADD, then=go_on, label=_('Drop your tasks here'),
            help=help,
        )  # fmt: skip


def _draw_done(proposal: Proposal, done: TaskImportDone) -> None:
    async def undo(actor: Actor) -> None:
        assert done.batch_id is not None
        tell_undone(await tasks.undo_task_batch(actor, done.batch_id))
        shell.go('/tasks')

    buttons = [Button(_('Open the tasks'), href='/tasks', icon='sym_o_task_alt', primary=True)]
    if done.batch_id is not None:
        buttons.insert(0, Button(_('Undo the import'), do=undo, icon='sym_o_undo'))
    count = done.plan.new_count
    text = many('{count} task from {file}.', '{count} tasks from {file}.', count, file=proposal.name)
    Head(_('Imported'), text, buttons)
    Note(_('The import can be undone for all tasks that nobody has changed since.'), 'blue')

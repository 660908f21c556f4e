"""Importing tasks: the file, what it would do row by row, and the result with its undo."""

import asyncio
from uuid import UUID

from logic import custom_fields, tasks
from logic.core.actor import Actor
from logic.core.formats import number_text
from logic.core.language import _, many
from logic.core.tabular import Table
from logic.members.names import fold
from logic.tasks import TaskImportDone
from logic.tasks.domain import ADD
from logic.tasks.imports import MOST, MOST_BYTES, runs
from logic.tasks.imports.runs import TaskImportRun
from logic.tasks.imports.tables import OWN, WRITTEN, Columns
from ui import shell, uploads
from ui.components import Button, Card, ColumnChoices, FileDrop, Head, Note, Sent, ask_columns, draw_unfinished
from ui.pages.tasks.proposed import draw_plan
from ui.pages.tasks.telling import tell_undone
from ui.shell import page
from ui.uploads import Received

HERE = '/tasks/import'
KINDS = uploads.TABLES | {uploads.Kind.ZIP}


@page(HERE, 'Import tasks', ADD)
async def importing(actor: Actor) -> None:
    """A file of tasks, from a spreadsheet or another program."""
    shell.crumbs((_('Tasks'), '/tasks'), (_('Import'), None))
    begun: list[UUID] = []

    async def take(actor: Actor, received: Received) -> None:
        run = await runs.begin(actor, received.name, await asyncio.to_thread(received.read))
        begun.append(run.id)

    async def go_on(actor: Actor, sent: Sent) -> None:  # noqa: ARG001
        shell.go(f'{HERE}/{begun[-1]}')

    size, most = MOST_BYTES // 1_000_000, number_text(MOST)
    help = _('CSV, XLSX or JSON; up to {size} MB and {count} tasks', size=size, count=most)
    Head(_('Import tasks'), _('You see what would happen before anything does.'))
    with Card(_('Choose the file'), text=_(
        'A spreadsheet with a row for each task, or an export of Trello (JSON), Todoist (CSV), Vikunja (its '
        'ZIP) or Logbook.')):  # fmt: skip
        FileDrop(
            take, kinds=KINDS, limit=MOST_BYTES, permission=ADD, then=go_on, label=_('Drop your tasks here'),
            help=help,
        )  # fmt: skip
    draw_unfinished(actor, runs.runs.unfinished(actor), HERE, _standing, runs.runs.discard)


def _standing(run: TaskImportRun) -> tuple[int, str]:
    if run.plan is None:
        return len(run.read.table.rows) if run.read.table else 0, _('Its columns are still to be checked.')
    return len(run.plan.rows), _('The dry run is done; nothing is stored yet.')


@page(HERE + '/{run_id}', 'Import tasks', ADD)
async def going(actor: Actor, run_id: UUID) -> None:
    """One import on its way: what it would do, or what it did."""
    run = runs.runs.get(actor, run_id)
    shell.crumbs((_('Tasks'), '/tasks'), (_('Import'), HERE), (run.name, None))
    if run.done is not None:
        _draw_done(run, run.done)
    elif run.plan is not None:
        await draw_plan(run, run.plan)
    elif run.read.table is not None and run.read.columns is not None:
        await _draw_columns(actor, run, run.read.table, run.read.columns)


async def _draw_columns(actor: Actor, run: TaskImportRun, table: Table, columns: Columns) -> None:
    """Ask which column is what."""
    fields = await custom_fields.list_custom_fields(actor, 'Task')
    own = {fold(field.name): OWN + field.name for field in fields}
    choices = [*WRITTEN.items(), *((OWN + field.name, field.name) for field in fields)]
    chosen = {place: own[fold(name)] for place, name in columns.own.items() if fold(name) in own}
    kind = table.encoding.upper() or table.kind
    said = many(
        '{name}: {count} row, read as {kind}.', '{name}: {count} rows, read as {kind}.', len(table.rows),
        name=run.name, kind=kind,
    )  # fmt: skip
    Head(_('Which column is what?'), said)
    if not columns.is_titled:
        Note(_('Say which column holds the titles: what each task is called.'), 'amber')
    if columns.order is None:
        why = _('{reason} Choose the order of day and month below.', reason=columns.why)
        Note(why, 'amber', 'sym_o_calendar_month')

    async def submit(actor: Actor, named: dict[int, str], data: ColumnChoices) -> None:
        await runs.columns(actor, run.id, named, data.date_order)
        await shell.refresh()

    ask_columns(table, ColumnChoices, submit, choices=choices, chosen=chosen | dict(columns.fields),
                order=columns.order, why=columns.why)  # fmt: skip


def _draw_done(run: TaskImportRun, done: TaskImportDone) -> None:
    async def undo(actor: Actor) -> None:
        assert done.batch_id is not None
        tell_undone(await tasks.undo_task_batch(actor, done.batch_id))
        shell.go('/tasks')

    buttons = [Button(_('Open the tasks'), href='/tasks', icon='sym_o_task_alt', primary=True)]
    if done.batch_id is not None:
        buttons.insert(0, Button(_('Undo the import'), do=undo, icon='sym_o_undo'))
    count, changed = done.plan.new_count, done.plan.update_count
    text = many('{count} new task from {file}.', '{count} new tasks from {file}.', count, file=run.name)
    if changed:
        text += ' ' + many('{count} task was changed.', '{count} tasks were changed.', changed)
    Head(_('Imported'), text, buttons)
    Note(_('The import can be undone for all tasks that nobody has changed since.'), 'blue')

"""Importing a roster: the file, its columns, the dry run, the result with its undo."""

import asyncio
from uuid import UUID

from logic import members
from logic.core.actor import Actor
from logic.core.language import _, sense
from logic.core.listing import ListQuery, Page, whole
from logic.members.domain import IMPORT
from logic.members.imports import runs
from logic.members.imports.runs import Step
from ui import shell, uploads
from ui.components import (
    Card,
    Chip,
    Column,
    DataTable,
    FileDrop,
    Head,
    Sent,
)
from ui.pages.members.importing import fates, outcome, steps
from ui.shell import page
from ui.uploads import Received

LIMIT = 20_000_000


@page('/members/import', 'Import', IMPORT)
async def begin(actor: Actor) -> None:
    """The file."""
    shell.crumbs((_('Directory'), '/members'), (_('Import'), None))
    Head(_('Import people'), _('From a spreadsheet: CSV, TSV or XLSX. You see what would happen before anything does.'))
    begun: list[UUID] = []

    async def take(actor: Actor, received: Received) -> None:
        run = await runs.begin(actor, received.name, await asyncio.to_thread(received.read))
        begun.append(run.id)

    async def go_on(actor: Actor, sent: Sent) -> None:  # noqa: ARG001
        shell.go(f'/members/import/{begun[-1]}')

    with Card(
        _('Choose the file'), text=_('Only a name is required. People are found again by number, then by e-mail.')
    ):
        FileDrop(
            take, kinds=uploads.TABLES, limit=LIMIT, permission=IMPORT, then=go_on, label=_('Drop your roster here'),
            help=_('CSV, TSV or XLSX; up to 20 MB'),
        )  # fmt: skip
    await _earlier(actor)


async def _earlier(actor: Actor) -> None:
    batches = [batch for batch in await members.list_batches(actor) if batch.kind == 'import']
    if not batches:
        return

    async def fetch(actor: Actor, asked: ListQuery) -> Page[members.BatchRow]:  # noqa: ARG001
        rows = [batch for batch in await members.list_batches(actor) if batch.kind == 'import']
        return whole(rows)

    await DataTable(
        [
            Column('title', sense('a run', 'Import')), Column('created_at', _('When'), 'when'),
            Column('new_count', sense('people', 'New'), 'number'),
            Column('updated_count', _('Changed'), 'number'), Column('refused_count', _('Refused'), 'number'),
            Column('state', _('State'), 'chip', _state),
        ],
        fetch, label=_('Earlier imports'), search='', noun=(_('import'), _('imports')), prefix='i-',
    ).load()  # fmt: skip


def _state(batch: members.BatchRow) -> Chip:
    return Chip(_('Undone')) if batch.undone_at else Chip(_('Done'), 'green')


@page('/members/import/{run_id}', 'Import', IMPORT)
async def going(actor: Actor, run_id: UUID) -> None:
    """One import on its way, wherever it stands."""
    run = runs.get(actor, run_id)
    _crumbs(run.name)
    DRAWN[run.step](run)
    if run.step is Step.CHECKED:
        await fates.draw_table(run)


def _crumbs(last: str) -> None:
    shell.crumbs((_('Directory'), '/members'), (_('Import'), '/members/import'), (last, None))


DRAWN = {
    Step.COLUMNS: steps.draw_columns,
    Step.CHECKING: steps.draw_busy,
    Step.CHECKED: steps.draw_checked,
    Step.APPLYING: steps.draw_busy,
    Step.DONE: outcome.draw_done,
    Step.FAILED: outcome.draw_failed,
}

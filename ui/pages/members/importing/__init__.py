"""Importing a roster: the file, its columns, the dry run, the result with its undo."""

import asyncio
from uuid import UUID

from data.members import BatchKind
from logic import members
from logic.core.actor import Actor
from logic.core.language import _
from logic.core.listing import ListQuery
from logic.members.domain import IMPORT
from logic.members.imports import runs
from logic.members.imports.runs import Step
from ui import shell, uploads
from ui.components import (
    Card,
    FileDrop,
    Head,
    Sent,
    draw_unfinished,
)
from ui.pages.members import batches
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
    draw_unfinished(actor, runs.runs.unfinished(actor), '/members/import', steps.standing, runs.discard)
    await _earlier(actor)


async def _earlier(actor: Actor) -> None:
    imports = ListQuery(page_size=1, filters={'kind': [BatchKind.IMPORT]})
    if (await members.list_batches(actor, imports)).total:
        await batches.draw([BatchKind.IMPORT], _('Earlier imports'), (_('import'), _('imports')), 'i-')


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

"""An import on its way: kept in this process from the file to the result, so that closing the tab stops nothing."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

import structlog

from logic.core.actor import Actor
from logic.core.errors import AppError, Conflict
from logic.core.language import _
from logic.core.listing import ListQuery, Page, paged
from logic.core.underway import Shelf, Underway
from logic.members.imports.applying import ImportResult, plan_import
from logic.members.imports.files import apply_file, read_file
from logic.members.imports.parsing import ImportOptions, Reading
from logic.members.imports.planning import Fate, ImportPlan, RowFate

log = structlog.get_logger(__name__)


class Step(StrEnum):
    """Where an import stands."""

    COLUMNS = 'columns'
    CHECKING = 'checking'
    CHECKED = 'checked'
    APPLYING = 'applying'
    DONE = 'done'
    FAILED = 'failed'


@dataclass(slots=True)
class ImportRun(Underway):
    """One import of one person."""

    content: bytes
    reading: Reading
    options: ImportOptions
    step: Step = Step.COLUMNS
    done: int = 0
    total: int = 0
    plan: ImportPlan | None = None
    result: ImportResult | None = None
    message: str = ''
    listeners: set[Callable[[], None]] = field(default_factory=set)

    @property
    def is_over(self) -> bool:
        """Whether its result stands."""
        return self.step in (Step.DONE, Step.FAILED)

    def tell(self) -> None:
        """Tell open pages that something has changed."""
        for listener in tuple(self.listeners):
            listener()

    def advance(self, done: int, total: int) -> None:
        """Note how far it is."""
        self.done, self.total = done, total
        self.tell()


runs: Shelf[ImportRun] = Shelf()
_tasks: set[asyncio.Task[None]] = set()


async def begin(actor: Actor, name: str, content: bytes) -> ImportRun:
    """Take a file and understand its columns. Raises Denied, Invalid."""
    reading = await read_file(actor, content, ImportOptions())
    return runs.put(
        ImportRun(
            content, reading, ImportOptions(), name=name, account_id=actor.account_id,
            organization_id=actor.organization_id,
        )
    )  # fmt: skip


def get(actor: Actor, run_id: UUID) -> ImportRun:
    """Return an import of one's own. Raises NotFound."""
    return runs.get(actor, run_id)


def discard(actor: Actor, run_id: UUID) -> None:
    """Forget an import of one's own; nothing of it was stored. Raises NotFound, Conflict while it is busy."""
    _refuse_while_busy(runs.get(actor, run_id))
    runs.discard(actor, run_id)


async def choose(actor: Actor, run_id: UUID, options: ImportOptions) -> None:
    """Read the file as the person says, and start the dry run. Raises Invalid."""
    run = get(actor, run_id)
    _refuse_while_busy(run)
    run.reading = await read_file(actor, run.content, options)
    run.options = options
    run.step, run.plan, run.done, run.total = Step.CHECKING, None, 0, len(run.reading.table.rows)
    _go_on(run, _check(actor, run))


async def apply(actor: Actor, run_id: UUID) -> None:
    """Start the import itself. Raises Conflict before the dry run."""
    run = get(actor, run_id)
    _refuse_while_busy(run)
    if run.step is not Step.CHECKED:
        raise Conflict('Look at the dry run first.')
    run.step, run.done = Step.APPLYING, 0
    _go_on(run, _apply(actor, run))


def _refuse_while_busy(run: ImportRun) -> None:
    if run.step in (Step.CHECKING, Step.APPLYING):
        raise Conflict('This import is busy. Wait until it is through.')


def _go_on(run: ImportRun, work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.get_running_loop().create_task(work)
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
    run.tell()


async def _check(actor: Actor, run: ImportRun) -> None:
    await _guarded(run, _plan(actor, run))


async def _plan(actor: Actor, run: ImportRun) -> None:
    run.plan = await plan_import(actor, run.reading, run.options, run.advance)
    run.step = Step.CHECKED


async def _apply(actor: Actor, run: ImportRun) -> None:
    await _guarded(run, _store(actor, run))


async def _store(actor: Actor, run: ImportRun) -> None:
    run.result = await apply_file(actor.using(str(run.id)), run.content, run.options, run.name, run.advance)
    run.step, run.content = Step.DONE, b''


async def _guarded(run: ImportRun, work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except AppError as refusal:
        run.step, run.message = Step.FAILED, refusal.message
    except Exception:  # the task has nobody who waits for it
        log.exception('import.failed', run_id=str(run.id))
        run.step, run.message = Step.FAILED, _('Something went wrong. Nothing was stored; try again.')
    run.tell()


def rows(actor: Actor, run_id: UUID, asked: ListQuery) -> Page[RowFate]:
    """Return a page of the dry run, of the fates that are asked for, the refused rows first."""
    run = get(actor, run_id)
    found = run.plan.rows if run.plan else []
    chosen = {Fate(value) for value in asked.values('fate') if value in list(Fate)}
    order = [Fate.REFUSED, Fate.NEW, Fate.UPDATE, Fate.SAME]
    wanted = [row for row in found if (not chosen or row.fate in chosen) and asked.q.lower() in row.name.lower()]
    wanted.sort(key=lambda row: (order.index(row.fate), not row.warnings, row.line))
    return paged(wanted, asked)

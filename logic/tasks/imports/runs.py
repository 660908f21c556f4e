"""An import of tasks on its way: kept in this process from the file to the result."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from logic.core.actor import Actor
from logic.core.tabular import DateOrder
from logic.core.underway import Shelf, Underway
from logic.tasks.imports import (
    Read,
    TaskImportDone,
    TaskImportPlan,
    import_tasks,
    name_columns,
    plan_task_import,
    read_tasks,
)


@dataclass(slots=True)
class TaskImportRun(Underway):
    """One import of one person."""

    read: Read
    plan: TaskImportPlan | None = None
    """None while nobody has said which column of a table is what, and the headers do not tell."""
    list_id: UUID | None = None
    done: TaskImportDone | None = None

    @property
    def is_over(self) -> bool:
        """Whether its result stands."""
        return self.done is not None


runs: Shelf[TaskImportRun] = Shelf()


async def begin(actor: Actor, name: str, content: bytes) -> TaskImportRun:
    """Take a file and plan what it would do, unless it must be asked which column is what. Raises as `read_tasks`."""
    read = await read_tasks(actor, content, name)
    plan = None
    if read.columns is None or read.columns.is_sure:
        plan = await plan_task_import(actor, read)
    return runs.put(
        TaskImportRun(read, plan, name=name, account_id=actor.account_id, organization_id=actor.organization_id)
    )


async def columns(actor: Actor, run_id: UUID, chosen: Mapping[int, str], order: DateOrder | None) -> None:
    """Read a table as its reader says, and plan it anew. Raises NotFound, Invalid as `name_columns`."""
    run = runs.get(actor, run_id)
    read = await name_columns(actor, run.read, chosen, order)
    run.plan = await plan_task_import(actor, read, run.list_id)
    run.read = read


def ask_again(actor: Actor, run_id: UUID) -> None:
    """Ask anew which column is what. Raises NotFound."""
    runs.get(actor, run_id).plan = None


async def choose(actor: Actor, run_id: UUID, list_id: UUID | None) -> None:
    """Plan it anew for one list, or for those that the file names. Raises NotFound, Denied."""
    run = runs.get(actor, run_id)
    run.plan = await plan_task_import(actor, run.read, list_id)
    run.list_id = list_id


async def apply(actor: Actor, run_id: UUID) -> None:
    """Import what was planned. Raises NotFound, Invalid."""
    run = runs.get(actor, run_id)
    run.done = await import_tasks(actor.using(str(run.id)), run.read, run.name, run.list_id)

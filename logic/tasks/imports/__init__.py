"""Importing tasks: what a file would do is shown first, and what it did is one batch to undo."""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from data.tasks import BoardColumn, ColumnKind, ShareLevel, Task, TaskBatchKind, TaskChecklistItem, TaskList, TaskStatus
from logic.core.errors import AppError, Invalid
from logic.core.language import _
from logic.core.service import query, service
from logic.core.work import Work
from logic.custom_fields import fields_of
from logic.members.directory import Label
from logic.members.names import fold
from logic.tasks import order
from logic.tasks.bulk import Notes
from logic.tasks.columns import NEEDED
from logic.tasks.domain import ADD
from logic.tasks.imports.fields import fit_fields
from logic.tasks.imports.reading import MOST, MOST_BYTES, Found, kind_of, read_file
from logic.tasks.inputs import ListInput, TaskInput
from logic.tasks.keeping import make_task
from logic.tasks.lists import add_list, my_inbox
from logic.tasks.placing import columns_of
from logic.tasks.quick_add import people_here
from logic.tasks.visibility import Sight, sight, visible_list

__all__ = [
    'MOST',
    'MOST_BYTES',
    'TaskImportDone',
    'TaskImportPlan',
    'TaskImportRow',
    'import_tasks',
    'plan_task_import',
]


@dataclass(frozen=True, slots=True)
class TaskImportRow:
    """What becomes of one task of the file."""

    place: int
    """Its line in a table, else its number in the file."""
    title: str
    in_list: str
    is_refused: bool
    notes: list[str] = field(default_factory=list)
    """Why it is refused, or what of it is left out."""


@dataclass(frozen=True, slots=True)
class TaskImportPlan:
    """What an import would do."""

    source: str
    rows: list[TaskImportRow]
    new_lists: list[str]
    """Lists that would be made, private to who imports."""

    @property
    def new_count(self) -> int:
        """How many tasks would be added."""
        return sum(not row.is_refused for row in self.rows)


@dataclass(frozen=True, slots=True)
class TaskImportDone:
    """What an import did."""

    batch_id: UUID | None
    """Names it for `undo_task_batch`."""
    plan: TaskImportPlan


@query(ADD)
async def plan_task_import(work: Work, content: bytes, list_id: UUID | None = None) -> TaskImportPlan:
    """Return what a file would do: CSV, XLSX, and the exports of Trello, Todoist, Vikunja and Logbook.

    With a list all tasks go there; else to lists of their own names, which are made when there are none, and to the
    inbox. Raises Invalid for a file that holds no tasks, or more than 2,000.
    """
    plan, _, _ = await _plan(work, content, list_id)
    return plan


async def _plan(
    work: Work, content: bytes, list_id: UUID | None
) -> tuple[TaskImportPlan, list[Found], dict[str, UUID]]:
    seen = await sight(work)
    target = await visible_list(work, list_id, seen, ShareLevel.EDIT) if list_id is not None else None
    read = await asyncio.to_thread(read_file, content)
    known = await _known_lists(work, seen)
    if target is not None:
        for task in read.tasks:
            task.list_name = target.title
        known[fold(target.title)] = target.id
    people = await people_here(work) if any(task.people for task in read.tasks) else []
    fields = await fields_of(work, Task.__name__) if any(task.own for task in read.tasks) else []
    rows, fresh = [], {}
    for task in read.tasks:
        task.custom, left_out = fit_fields(task.own, fields, named=read.names_fields)
        notes = [*task.faults, *_resolve(task, people), *left_out]
        if not task.title:
            notes = [_('It has no title.')]
        elif task.list_name and fold(task.list_name) not in known:
            fresh[fold(task.list_name)] = task.list_name
        rows.append(TaskImportRow(task.place, task.title, task.list_name, not task.title, notes))
    return TaskImportPlan(read.source, rows, list(fresh.values())), read.tasks, known


async def _known_lists(work: Work, seen: Sight) -> dict[str, UUID]:
    ids = [list_id for list_id in seen.levels if seen.may(list_id, ShareLevel.EDIT)]
    rows = select(TaskList.title, TaskList.id).where(col(TaskList.id).in_(ids), col(TaskList.archived_at).is_(None))
    return {fold(title): row_id for title, row_id in await work.all(rows.order_by(col(TaskList.created_at).desc()))}


def _resolve(task: Found, people: list[tuple[Label, frozenset[str]]]) -> list[str]:
    """Put ids in place of the names of people, as far as just one answers to a name; returns who was not found."""
    notes, ids = [], []
    for name in task.people:
        found = [label for label, names in people if fold(name) in names]
        if len(found) == 1:
            ids.append(str(found[0].id))
        else:
            several = found and _('There is more than one named {name}; left out.', name=name)
            notes.append(several or _('There is nobody named {name}; left out.', name=name))
    task.people = ids
    return notes


@service(ADD)
async def import_tasks(work: Work, content: bytes, name: str = '', list_id: UUID | None = None) -> TaskImportDone:
    """Import a file as one batch that can be undone. Raises as `plan_task_import` does.

    Tasks without a title are left out; lists that are made stay when the batch is undone.
    """
    plan, tasks, known = await _plan(work, content, list_id)
    seen = await sight(work)
    homes: dict[str, _Home] = {}
    notes = Notes(work, TaskBatchKind.IMPORT, _('Import: {name}', name=name or plan.source))
    parent: UUID | None = None
    for at, task in enumerate(tasks, 1):
        if not task.title:
            continue
        home = await _home(work, homes, task, tasks, known)
        seen.levels.setdefault(home.list_id, ShareLevel.MANAGE)
        try:
            row = await make_task(work, _input(task, home, parent if task.is_part else None), seen)
        except AppError as refused:
            said = _('Task {place}, "{title}": {reason}', place=task.place, title=task.title, reason=refused.message)
            raise Invalid(said, {'file': refused.message}) from None
        for (title, done), key in zip(task.checklist, order.spread(len(task.checklist)), strict=True):
            if title:
                work.add(TaskChecklistItem(task_id=row.id, title=title, order_key=key, is_done=done))
        notes.made.append(row)
        parent = parent if task.is_part and parent else row.id
        if at % 20 == 0:
            await work.flush()
            await asyncio.sleep(0)
    batch = await notes.close(sum(row.is_refused for row in plan.rows))
    return TaskImportDone(batch.id if batch else None, plan)


@dataclass(slots=True)
class _Home:
    list_id: UUID
    columns: dict[str, BoardColumn]


async def _home(work: Work, homes: dict[str, _Home], task: Found, tasks: list[Found], known: dict[str, UUID]) -> _Home:
    """Return the list of a task, made when it is new, with its columns by name."""
    name = fold(task.list_name)
    if name not in homes:
        if name and name not in known:
            list_id = (await add_list(work, ListInput(title=task.list_name[:120]))).id
            named = [one.column for one in tasks if one.title and fold(one.list_name) == name]
            await _lay_out(work, list_id, {fold(column): column for column in named if fold(column)})
        else:
            list_id = known[name] if name else (await my_inbox(work)).id
        homes[name] = _Home(list_id, {fold(column.title): column for column in await columns_of(work, list_id)})
    return homes[name]


async def _lay_out(work: Work, list_id: UUID, named: dict[str, str]) -> None:
    """Give a new list the columns of the file. Of its own only those stay that a board needs and the file lacks."""
    if not named:
        return
    began = await columns_of(work, list_id)
    own = {fold(column.title): column for column in began}
    columns = [
        own.get(name) or BoardColumn(list_id=list_id, title=title[:60], kind=kind_of(title), order_key='')
        for name, title in named.items()
    ]
    lacking = set(NEEDED) - {column.kind for column in columns}
    columns[:0] = [column for column in began if column.kind in lacking and column.kind is ColumnKind.OPEN]
    columns += [column for column in began if column.kind in lacking and column.kind is ColumnKind.DONE]
    for column, key in zip(columns, order.spread(len(columns)), strict=True):
        column.order_key = key
        work.add(column)
    for column in began:
        if column not in columns:
            await work.delete(column)
    await work.flush()


def _input(task: Found, home: _Home, parent_id: UUID | None) -> TaskInput:
    column = home.columns.get(fold(task.column)) if task.column and parent_id is None else None
    given: dict[str, Any] = {'status': task.status}
    fits = {ColumnKind.OPEN: TaskStatus.PENDING, ColumnKind.STARTED: TaskStatus.IN_PROGRESS}
    if column is not None and fits.get(column.kind, TaskStatus.COMPLETED) is task.status:
        given['column_id'] = column.id
    start = task.start
    if start is not None and task.due is not None and start.isoformat()[:10] > task.due.isoformat()[:10]:
        start = None
    return TaskInput(
        **given, title=task.title, description=task.description, list_id=None if parent_id else home.list_id,
        parent_id=parent_id, priority=task.priority, due=task.due, start=start,
        estimate_minutes=task.estimate_minutes, labels=list(dict.fromkeys(filter(None, task.labels)))[:30],
        assignee_ids=[UUID(one) for one in task.people][:50], custom=task.custom,
    )  # fmt: skip

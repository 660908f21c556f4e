"""Importing tasks: what a file would do is shown first, and what it did is one batch to undo."""

import asyncio
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from html import escape
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from data.members import Member
from data.tasks import (
    BoardColumn,
    ColumnKind,
    ShareLevel,
    Task,
    TaskBatchKind,
    TaskChecklistItem,
    TaskList,
    TaskSeries,
    TaskStatus,
    TaskTimeEntry,
)
from logic import comments
from logic.core.actor import Actor
from logic.core.errors import AppError, Invalid
from logic.core.formats import moment_text
from logic.core.language import _, many
from logic.core.service import query, service
from logic.core.tabular import DateOrder
from logic.core.work import Work
from logic.custom_fields import fields_of
from logic.identity.throttle import read_alone, take_import
from logic.members.directory import Label
from logic.members.names import fold
from logic.tasks import order
from logic.tasks.bulk import ASSIGNEES, LABELS, Notes, load_tasks, values_with
from logic.tasks.columns import NEEDED
from logic.tasks.domain import ADD
from logic.tasks.imports.fields import fit_fields
from logic.tasks.imports.fitting import Fitting, column_for, fit, fit_column, fit_time, kinds_told
from logic.tasks.imports.found import Again, Found, Remark, kind_of
from logic.tasks.imports.matching import compare, find_known, given, in_words
from logic.tasks.imports.reading import MOST, MOST_BYTES, Read, read_chosen, read_file, require_titles
from logic.tasks.inputs import ListInput, TaskInput
from logic.tasks.keeping import change_task, make_task
from logic.tasks.lists import add_list, my_inbox
from logic.tasks.placing import columns_of
from logic.tasks.quick_add import here_of, people_here
from logic.tasks.visibility import Sight, sight, visible_list

__all__ = [
    'MOST',
    'MOST_BYTES',
    'Read',
    'TaskFate',
    'TaskImportDone',
    'TaskImportPlan',
    'TaskImportRow',
    'import_tasks',
    'name_columns',
    'plan_task_import',
    'read_tasks',
]
WITH = frozenset({ASSIGNEES, LABELS})


class TaskFate(StrEnum):
    """What becomes of a task of a file."""

    NEW = 'new'
    UPDATE = 'update'
    SAME = 'same'
    REFUSED = 'refused'


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
    task_id: UUID | None = None
    """The task that is here already and that it is, by its number."""
    changes: list[str] = field(default_factory=list)
    """What the file changes of that one, field by field."""

    @property
    def fate(self) -> TaskFate:
        """What becomes of it."""
        if self.is_refused:
            return TaskFate.REFUSED
        if self.task_id is None:
            return TaskFate.NEW
        return TaskFate.UPDATE if self.changes else TaskFate.SAME


@dataclass(frozen=True, slots=True)
class TaskImportPlan:
    """What an import would do."""

    source: str
    rows: list[TaskImportRow]
    new_lists: list[str]
    """Lists that would be made, private to who imports."""
    comment_count: int = 0
    """Comments that would come along, under the name of who imports; each says who wrote it."""
    spent_minutes: int = 0
    """Time that would come along, for those who spent it."""

    def count(self, *fates: TaskFate) -> int:
        """How many tasks have one of these fates."""
        return sum(row.fate in fates for row in self.rows)

    @property
    def new_count(self) -> int:
        """How many tasks would be added."""
        return self.count(TaskFate.NEW)

    @property
    def update_count(self) -> int:
        """How many tasks that are here already would be changed."""
        return self.count(TaskFate.UPDATE)

    @property
    def same_count(self) -> int:
        """How many tasks that are here already would stay as they are."""
        return self.count(TaskFate.SAME)


@dataclass(frozen=True, slots=True)
class TaskImportDone:
    """What an import did."""

    batch_id: UUID | None
    """Names it for `undo_task_batch`."""
    plan: TaskImportPlan


async def read_tasks(actor: Actor, content: bytes, name: str = '') -> Read:
    """Read a file by its content and name: CSV, XLSX, and the exports of Trello, Todoist, Vikunja and Logbook.

    Raises Invalid for a file that holds no tasks, or more than 2,000, TooMany, Conflict while another is read, Denied.
    """
    await begin_task_import(actor.using(None))  # what is repeated under a key is read again
    return await read_alone(actor, partial(read_file, content, name))


async def name_columns(actor: Actor, read: Read, chosen: Mapping[int, str], order: DateOrder | None = None) -> Read:
    """Read a table again whose columns a person names: by place what each says, as `choose_columns` takes it.

    Raises Invalid when no column holds the titles, or two the same, Conflict while another file is read.
    """
    return await read_alone(actor, partial(read_chosen, read, chosen, order))


@service(ADD)
async def begin_task_import(work: Work) -> None:
    """Count a file that is read. Raises TooMany when these are many for one hour."""
    await take_import(work)


@query(ADD)
async def plan_task_import(work: Work, read: Read, list_id: UUID | None = None) -> TaskImportPlan:
    """Return what a file would do that was read.

    With a list all tasks go there; else to lists of their own names, which are made when there are none, and to the
    inbox. What is here already, by its number, is no new task: the file changes it, and its empty cells nothing. A file
    of ours that goes into another list brings copies.
    """
    plan, _, _ = await _plan(work, read, list_id)
    return plan


async def _plan(work: Work, read: Read, list_id: UUID | None) -> tuple[TaskImportPlan, list[Found], dict[str, UUID]]:
    require_titles(read)
    seen = await sight(work)
    target = await visible_list(work, list_id, seen, ShareLevel.EDIT) if list_id is not None else None
    found = await asyncio.to_thread(deepcopy, read.tasks)  # fitted to here; the same file may be asked about again
    known = await _known_lists(work, seen)
    if target is not None:
        for task in found:
            task.list_name = target.title
        known[fold(target.title)] = target.id
    for task in found:
        if not task.title:
            task.refusal = task.refusal or _('It has no title.')
    await find_known(work, seen, [task for task in found if not task.refusal], list_id)
    here = [task.known.row for task in found if task.known]
    known |= {fold(row.in_list.name): row.in_list.id for row in here if seen.may(row.in_list.id, ShareLevel.EDIT)}
    to = Fitting(seen.zone, work.now, await here_of(work, seen), work.actor.name, await _people(work, found))
    new = [task for task in found if task.known is None]
    fields = await fields_of(work, Task.__name__) if any(task.own for task in new) else []
    for task in new:
        task.custom, left_out = fit_fields(task.own, fields, named=read.names_fields)
        task.faults += left_out
        if task.steps_told:
            task.leave([many('{count} step of its checklist', '{count} steps of its checklist', task.steps_told)])
    rows, fresh = await _rows(work, seen, found, to, known)
    taken = [task for task in new if not task.refusal]
    remarks, spent = sum(len(task.remarks) for task in taken), sum(one.minutes for task in taken for one in task.spent)
    return TaskImportPlan(read.source, rows, fresh, remarks, spent), found, known


async def _rows(
    work: Work, seen: Sight, found: list[Found], to: Fitting, known: dict[str, UUID]
) -> tuple[list[TaskImportRow], list[str]]:
    """Return what becomes of each task, and the names of the lists that are made for them."""
    boards: dict[UUID, dict[str, BoardColumn]] = {}
    met: set[UUID] = set()
    rows, fresh = [], {}
    for task in found:
        if task.known is not None:
            rows.append(_row_here(task, to, seen, met))
            continue
        notes = [task.refusal] if task.refusal else fit(task, to)
        home = fold(task.home)
        if home in known and not task.refusal:
            notes += fit_column(task, await _board(work, boards, known[home]))
            notes += [] if seen.may_manage(known[home]) else fit_time(task, seen.member_id)
        elif home and not task.refusal:
            fresh[home] = task.home
        rows.append(TaskImportRow(task.place, task.title, task.home, bool(task.refusal), notes))
    return rows, list(fresh.values())


def _row_here(task: Found, to: Fitting, seen: Sight, met: set[UUID]) -> TaskImportRow:
    """Return what becomes of a task that is here already; of two rows that are one task the first counts."""
    assert task.known is not None
    row = task.known.row
    if row.id in met:
        task.refusal = _('Another row of the file is the same task, {number}.', number=row.label)
        return TaskImportRow(task.place, task.title, task.home, True, [task.refusal], row.id)
    met.add(row.id)
    notes = compare(task, to, seen)
    return TaskImportRow(
        task.place, task.title, task.home, bool(task.refusal), notes, row.id, in_words(task, to)
    )  # fmt: skip


async def _people(work: Work, tasks: list[Found]) -> dict[str, list[Label]]:
    """Return who is here by whatever he answers to, when the file names anybody."""
    found: dict[str, list[Label]] = {}
    if any(task.people or task.spent or any(step.person for step in task.checklist) for task in tasks):
        for label, names in await people_here(work):
            for name in names:
                found.setdefault(name, []).append(label)
    return found


async def _board(work: Work, boards: dict[UUID, dict[str, BoardColumn]], list_id: UUID) -> dict[str, BoardColumn]:
    if list_id not in boards:
        boards[list_id] = {fold(column.title): column for column in await columns_of(work, list_id)}
    return boards[list_id]


async def _known_lists(work: Work, seen: Sight) -> dict[str, UUID]:
    ids = [list_id for list_id in seen.levels if seen.may(list_id, ShareLevel.EDIT)]
    rows = select(TaskList.title, TaskList.id).where(col(TaskList.id).in_(ids), col(TaskList.archived_at).is_(None))
    return {fold(title): row_id for title, row_id in await work.all(rows.order_by(col(TaskList.created_at).desc()))}


@service(ADD)
async def import_tasks(work: Work, read: Read, name: str = '', list_id: UUID | None = None) -> TaskImportDone:
    """Import a file that was read as one batch that can be undone. Raises Invalid for a task that cannot be made.

    Tasks that are here already are changed, as `plan_task_import` says, and tasks without a title are left out; lists
    that are made stay when the batch is undone.
    """
    plan, tasks, known = await _plan(work, read, list_id)
    seen = await sight(work)
    taken = [task for task in tasks if not task.refusal]
    homes: dict[str, _Home] = {}
    notes = Notes(work, TaskBatchKind.IMPORT, _('Import: {name}', name=name or plan.source))
    named = {one.person for task in taken for hanging in (task.checklist, task.spent) for one in hanging}
    doers = {UUID(person) for person in named if person}
    await work.all(select(Member).where(col(Member.id).in_(doers)))  # a row may name only whom this work has loaded
    made = await _change_known(work, seen, notes, taken)
    series: dict[Again, TaskSeries] = {}
    taken = [task for task in taken if task.known is None]
    # A part that stands above its task waits until that is made; all else keeps the order of the file.
    taken.sort(key=lambda task: task.whole is not None and task.whole.place > task.place)
    for at, task in enumerate(taken, 1):
        home = await _home(work, homes, task, taken, known)
        seen.levels.setdefault(home.list_id, ShareLevel.MANAGE)
        try:
            row = await make_task(work, _input(task, home, made[task.whole].id if task.whole else None), seen)
        except AppError as refused:
            raise _said_of(task, refused) from None
        made[task] = row
        notes.made.append(row)
        await _complete(work, row, task, series)
        if at % 20 == 0:
            await work.flush()
            await asyncio.sleep(0)
    batch = await notes.close(sum(row.is_refused for row in plan.rows))
    return TaskImportDone(batch.id if batch else None, plan)


def _said_of(task: Found, refused: AppError) -> Invalid:
    said = _('Task {place}, "{title}": {reason}', place=task.place, title=task.title, reason=refused.message)
    return Invalid(said, {'file': refused.message})


async def _change_known(work: Work, seen: Sight, notes: Notes, taken: list[Found]) -> dict[Found, Task]:
    """Change the tasks that are here already as the file says, and return them."""
    ids = {task: task.known.row.id for task in taken if task.known is not None}
    stored = {row.id: row for row in await load_tasks(work, seen, list(ids.values()))}
    made = {task: stored[row_id] for task, row_id in ids.items()}
    for task, row in made.items():
        if not task.changes:
            continue
        before = await values_with(work, row, WITH)
        try:
            await change_task(work, row, given(task), seen)
        except AppError as refused:
            raise _said_of(task, refused) from None
        await work.flush()
        notes.changed(row.id, before, await values_with(work, row, WITH))
        await asyncio.sleep(0)
    return made


async def _complete(work: Work, row: Task, task: Found, series: dict[Again, TaskSeries]) -> None:
    """Give a task that was made what only an import may say: when it was done, ticked steps, time, a series."""
    if row.status is TaskStatus.COMPLETED and task.completed_at is not None:
        row.completed_at, row.completed_by_id = task.completed_at, None
    for step, key in zip(task.checklist, order.spread(len(task.checklist)), strict=True):
        person = UUID(step.person) if step.person else None
        work.add(
            TaskChecklistItem(
                task_id=row.id, title=step.title, order_key=key, is_done=step.is_done, due_on=step.due_on,
                assignee_id=person,
            )
        )  # fmt: skip
    for one in task.spent:
        who = UUID(one.person)
        work.add(TaskTimeEntry(task_id=row.id, member_id=who, worked_on=one.on, minutes=one.minutes, note=one.note))
    if task.remarks:
        zone = task.zone or row.zone
        await comments.bring_comments(work, Task.__name__, row.id, [_said(one, zone) for one in task.remarks])
    again = task.again
    if again is None:
        return
    same = replace(again, occurrence='', series=again.series or str(row.id))
    if same not in series:
        series[same] = work.add(
            TaskSeries(
                starts=again.starts, zone=again.zone, rule=again.rule, mode=again.mode, made_count=again.made_count,
                ended_at=work.now if again.is_ended else None,
            )
        )  # fmt: skip
        await work.flush()
    row.series_id, row.occurrence, row.occurrence_key = series[same].id, again.occurrence, again.occurrence


def _said(remark: Remark, zone: str) -> str:
    """Return a comment with who wrote it and when, before what it says."""
    name = remark.author or _('Somebody')
    when = f', {moment_text(remark.at, zone)}' if remark.at else ''
    return f'<p><strong>{escape(name + when)}</strong></p>{remark.body}'


@dataclass(slots=True)
class _Home:
    list_id: UUID
    columns: dict[str, BoardColumn]


async def _home(work: Work, homes: dict[str, _Home], task: Found, tasks: list[Found], known: dict[str, UUID]) -> _Home:
    """Return the list of a task, made when it is new, with its columns by name."""
    name = fold(task.home)
    if name not in homes:
        if name and name not in known:
            list_id = (await add_list(work, ListInput(title=task.home[:120]))).id
            await _lay_out(work, list_id, [one for one in tasks if fold(one.home) == name])
        else:
            list_id = known[name] if name else (await my_inbox(work)).id
        homes[name] = _Home(list_id, {fold(column.title): column for column in await columns_of(work, list_id)})
    return homes[name]


async def _lay_out(work: Work, list_id: UUID, tasks: Iterable[Found]) -> None:
    """Give a new list the columns of the file. Of its own only those stay that a board needs and the file lacks."""
    named = {fold(task.column): task.column for task in tasks if fold(task.column)}
    if not named:
        return
    told, began = kinds_told(tasks), await columns_of(work, list_id)
    own = {fold(column.title): column for column in began}
    columns = [
        own.get(name) or BoardColumn(list_id=list_id, title=title, kind=told.get(name, kind_of(title)), order_key='')
        for name, title in named.items()
    ]
    if told:  # a file that tells what is done does not tell in which order the columns stand
        columns.sort(key=lambda column: list(ColumnKind).index(column.kind))
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
    given: dict[str, Any] = {'status': task.status}
    if (column := column_for(task, home.columns)) is not None:
        given['column_id'] = column.id
    return TaskInput(
        **given, title=task.title, description=task.description, list_id=None if parent_id else home.list_id,
        parent_id=parent_id, priority=task.priority, due=task.due, start=task.start, zone=task.zone or None,
        estimate_minutes=task.estimate_minutes, progress=task.progress, labels=task.labels,
        assignee_ids=[UUID(one) for one in task.people], custom=task.custom,
    )  # fmt: skip

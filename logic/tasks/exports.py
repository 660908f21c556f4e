"""Taking tasks out: CSV and XLSX as lists show them, JSON with all that belongs to each."""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import col

from data.core import as_json
from data.custom_fields import CustomField
from data.members import Member
from data.tasks import Task, TaskChecklistItem, TaskList, TaskSeries, TaskTimeEntry
from logic import comments, custom_fields
from logic.core.actor import Actor
from logic.core.language import later
from logic.core.listing import ListQuery
from logic.core.rich_text import plain
from logic.core.service import query, service
from logic.core.tabular import Cell, write_table
from logic.core.work import Work
from logic.identity.sessions import require_fresh
from logic.identity.throttle import take_export
from logic.members.directory import Label, called
from logic.tasks.domain import EXPORT, VIEW
from logic.tasks.imports.tables import written_repeat
from logic.tasks.reading import conditions
from logic.tasks.rows import NAMES, OPEN, TaskRow, made_row, row_select, with_parts
from logic.tasks.visibility import sight

HEADER = [
    later('Number'), later('Title'), later('List'), later('Column'), later('Status'), later('Priority'),
    later('Assignees'), later('Labels'), later('Starts'), later('Due'), later('Comes again'),
    later('Estimate (minutes)'), later('Time spent (minutes)'), later('Progress'), later('Checklist'),
    later('Part of'), later('Created by'), later('Created'), later('Completed'), later('Description'),
]  # fmt: skip
MOST = 50_000


class Format(StrEnum):
    """What tasks are written as."""

    CSV = 'csv'
    XLSX = 'xlsx'
    JSON = 'json'


async def export_tasks(actor: Actor, asked: ListQuery, written_as: Format) -> bytes:
    """Return all tasks that a question finds and the actor sees; the act is recorded.

    Raises Denied without the right to export, SignInAgain when the sign-in is older than ten minutes.
    """
    await record_task_export(actor, asked)
    if written_as is Format.JSON:
        tasks = await exported_json(actor, asked)
        return await asyncio.to_thread(lambda: json.dumps({'tasks': tasks}, ensure_ascii=False, indent=1).encode())
    return await write_table(written_as, *await exported_task_rows(actor, asked))


@service(EXPORT)
async def record_task_export(work: Work, asked: ListQuery) -> None:
    """Write into the audit log who took which tasks out."""
    require_fresh(work)
    await take_export(work)
    work.record('Task', None, action='tasks.export_tasks', filters=as_json(asked.filters), text=asked.q)


@query(EXPORT)
async def exported_task_rows(work: Work, asked: ListQuery) -> tuple[list[str], list[list[Cell]]]:
    """Return header and rows of an export as a table: all tasks that the question finds."""
    found, _ids = await _all(work, asked)
    fields = await custom_fields.fields_of(work, Task.__name__)
    zone = ZoneInfo((await sight(work)).zone)
    numbers = {row.id: row.label for row, _ in found}
    series = {task_id: rule for task_id, rule, _ in await work.all(_series())}

    def repeat(row: TaskRow) -> str:
        """Return the rule of what still comes again: of a series the task that is to be done."""
        rule = series.get(row.id) if row.status in OPEN else None
        return written_repeat(rule.rule, rule.mode) if rule is not None and rule.ended_at is None else ''

    def when(at: datetime | None, on: Any) -> Cell:
        return at.astimezone(zone).strftime('%Y-%m-%d %H:%M') if at else on

    return [*(str(name) for name in HEADER), *(field.name for field in fields)], [
        [
            row.label, row.title, row.in_list.name, row.column.name, str(row.status.label),
            str(row.priority.label),
            _several(row.assignees), _several(row.labels),
            when(row.start_at, row.start_on), when(row.due_at, row.due_on), repeat(row), row.estimate_minutes,
            row.spent_minutes or None,
            row.progress,
            f'{row.steps_done}/{row.steps_total}' if row.steps_total else '',
            numbers.get(row.parent_id, '') if row.parent_id else '', row.creator.name if row.creator else '',
            when(row.created_at, None), when(row.completed_at, None), plain(kept.description),
            *(custom_fields.exported(field, row.custom.get(field.id, '')) for field in fields),
        ]
        for row, kept in found
    ]  # fmt: skip


def _several(labels: Sequence[Label]) -> str:
    """Return names in one cell; what holds a separator itself stands in quotes, as the import reads it."""
    marked = [
        name if not set(name) & set(',;"') else '"' + name.replace('"', '""') + '"'
        for name in (label.name for label in labels)
    ]
    return ', '.join(marked)


@query(EXPORT)
async def exported_json(work: Work, asked: ListQuery) -> list[dict[str, Any]]:
    """Return all tasks that the question finds with all that belongs to each, as JSON holds them.

    Comments and the time that people noted only for who may see tasks: whoever sees one sees these.
    """
    found, ids = await _all(work, asked)
    steps: dict[Any, list[dict[str, Any]]] = {}
    statement = (
        sa.select(TaskChecklistItem, *NAMES)
        .join(Member, col(Member.id) == TaskChecklistItem.assignee_id, isouter=True)
        .order_by(col(TaskChecklistItem.order_key), col(TaskChecklistItem.id))
    )
    wanted = {row.id for row, _ in found}
    for step, first, preferred, last in await work.all(statement) if wanted else []:
        if step.task_id in wanted:
            person = called(preferred, first, last) if step.assignee_id else None
            kept = {'title': step.title, 'done': step.is_done, 'due': as_json(step.due_on), 'assignee': person}
            steps.setdefault(step.task_id, []).append(kept)
    series = {task_id: (rule, occurrence) for task_id, rule, occurrence in await work.all(_series())}
    numbers = {row.id: row.label for row, _ in found}
    fields = await custom_fields.fields_of(work, Task.__name__)
    said, spent = (await _said(work, ids), await _spent(work, ids)) if work.actor.may(VIEW) else ({}, {})
    return [
        _as_json(row, kept, numbers)
        | {'checklist': steps.get(row.id, []), 'repeat': _repeat(series.get(row.id)), 'fields': _own(row, fields)}
        | {'comments': said.get(row.id, []), 'time': spent.get(row.id, [])}
        for row, kept in found
    ]


async def _said(work: Work, ids: Any) -> dict[UUID, list[dict[str, Any]]]:
    return {
        task_id: [{'author': one.author, 'at': as_json(one.at), 'text': one.body} for one in views]
        for task_id, views in (await comments.comments_of_all(work, Task.__name__, ids)).items()
    }


async def _spent(work: Work, ids: Any) -> dict[UUID, list[dict[str, Any]]]:
    statement = (
        sa.select(TaskTimeEntry, *NAMES)
        .join(Member, col(Member.id) == TaskTimeEntry.member_id)
        .where(col(TaskTimeEntry.task_id).in_(ids))
        .order_by(col(TaskTimeEntry.worked_on), col(TaskTimeEntry.id))
    )
    spent: dict[UUID, list[dict[str, Any]]] = {}
    for row, first, preferred, last in await work.all(statement):
        person, on = called(preferred, first, last), as_json(row.worked_on)
        kept = {'person': person, 'on': on, 'minutes': row.minutes, 'note': row.note}
        spent.setdefault(row.task_id, []).append(kept)
    return spent


def _own(row: TaskRow, fields: Sequence[CustomField]) -> dict[str, str]:
    return {field.name: row.custom[field.id] for field in fields if field.id in row.custom}


def _repeat(kept: tuple[TaskSeries, str] | None) -> dict[str, Any] | None:
    if kept is None:
        return None
    rule, occurrence = kept
    return {
        'starts': rule.starts, 'zone': rule.zone, 'rule': rule.rule, 'mode': rule.mode.value, 'series': str(rule.id),
        'occurrence': occurrence, 'made_count': rule.made_count, 'is_ended': rule.ended_at is not None,
    }  # fmt: skip


def _series() -> Any:
    statement: Any = sa.select(col(Task.id), TaskSeries, col(Task.occurrence))
    return statement.join(TaskSeries, col(TaskSeries.id) == Task.series_id)


def _as_json(row: TaskRow, kept: Any, numbers: Any) -> dict[str, Any]:
    return {
        'id': str(row.id), 'number': row.label, 'title': row.title, 'description': kept.description,
        'list': row.in_list.name, 'column': row.column.name, 'status': row.status.value,
        'priority': row.priority.value, 'assignees': [person.name for person in row.assignees],
        'labels': [label.name for label in row.labels], 'start': as_json(row.start_at or row.start_on),
        'due': as_json(row.due_at or row.due_on), 'zone': kept.zone, 'estimate_minutes': row.estimate_minutes,
        'spent_minutes': row.spent_minutes,
        'progress': row.progress, 'part_of': numbers.get(row.parent_id) if row.parent_id else None,
        'created_by': row.creator.name if row.creator else None, 'created_at': as_json(row.created_at),
        'completed_at': as_json(row.completed_at),
    }  # fmt: skip


async def _all(work: Work, asked: ListQuery) -> tuple[list[tuple[TaskRow, Any]], Any]:
    """Return what is shown of each task, and beside it what is not: its description and zone; and a select of ids."""
    seen = await sight(work)
    which = conditions(work, seen, asked)
    statement = row_select(seen).add_columns(col(Task.description), col(Task.zone)).where(*which)
    found = await work.all(statement.order_by(col(TaskList.title), col(Task.number)).limit(MOST))
    rows = [made_row(row, seen, work.now) for row in found]
    for at in range(0, len(rows), 400):
        await with_parts(work, rows[at : at + 400])
        await asyncio.sleep(0)
    ids = sa.select(col(Task.id)).join(TaskList, col(TaskList.id) == Task.list_id).where(*which)
    return list(zip(rows, found, strict=True)), ids

"""Rows of a file that are tasks which are here already: found by number or id, and what the file changes of them."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import col

from data.tasks import ShareLevel, Task, TaskList
from logic.core.formats import day_text, moment_text
from logic.core.language import _, later
from logic.core.rich_text import plain
from logic.core.work import Work
from logic.members.names import fold
from logic.tasks.imports.fitting import Fitting, fit
from logic.tasks.imports.found import Found, Known
from logic.tasks.inputs import localised
from logic.tasks.rows import made_row, row_select, with_parts
from logic.tasks.visibility import MAY_NOT_CHANGE, Sight

NUMBER = re.compile(r'T-(\d{1,9})', re.IGNORECASE)
"""A number as we write it; what others count by is no number of ours."""
CHUNK = 400
SHOWN = 60
FIELDS = {
    'title': later('Title'), 'description': later('Description'), 'status': later('Status'),
    'priority': later('Priority'), 'start': later('Starts'), 'due': later('Due'),
    'estimate': later('Estimate (minutes)'), 'progress': later('Progress'), 'labels': later('Labels'),
    'people': later('Assignees'),
}  # fmt: skip
"""What a file may change of a task that is here; how it comes again, its checklist and its place stay."""
GIVEN = {'estimate': 'estimate_minutes', 'people': 'assignee_ids'}
"""What changes of a task call some of these."""


async def find_known(work: Work, seen: Sight, tasks: Sequence[Found], list_id: UUID | None) -> None:
    """Note of each row which task it is that the actor sees; a file that goes into another list brings copies."""
    by_number: dict[int, list[Found]] = {}
    for task in tasks:
        if number := NUMBER.fullmatch(task.label):
            by_number.setdefault(int(number[1]), []).append(task)
    numbers = sorted(by_number)
    for at in range(0, len(numbers), CHUNK):
        here = [seen.tasks(), col(TaskList.archived_at).is_(None), col(Task.number).in_(numbers[at : at + CHUNK])]
        if list_id is not None:
            here.append(col(Task.list_id) == list_id)
        found = await work.all(row_select(seen).add_columns(col(Task.description)).where(*here))
        rows = [made_row(row, seen, work.now) for row in found]
        await with_parts(work, rows)
        for row, kept in zip(rows, found, strict=True):
            for task in by_number[row.number]:
                _recognise(task, Known(row, kept.description), seen)
    for task in tasks:
        over = task.whole.known if task.whole and not task.known else None
        if over is not None and not seen.may(over.row.in_list.id, ShareLevel.EDIT):
            task.refusal = _(MAY_NOT_CHANGE, task=over.row.label)


def _recognise(task: Found, known: Known, seen: Sight) -> None:
    """Take a task for the one of its number, unless it is another one: then it is new, and that is said."""
    row = known.row
    created = localised(task.created, seen.zone)[1] if task.created else None
    is_here = fold(task.title) == fold(row.title) or created == _minute((None, row.created_at))
    is_same = task.id == str(row.id) if task.id else is_here
    if is_same:
        task.known, task.list_name, task.whole = known, row.in_list.name, None
    elif not task.id:  # else it comes from another Logbook, where numbers mean other tasks
        task.faults.append(_('{number} is another task here; this one is added as a new one.', number=row.label))


def compare(task: Found, to: Fitting, seen: Sight) -> list[str]:
    """Fit a task that is here, and note what the file changes of it; returns what is said of it."""
    assert task.known is not None
    named = len(task.people)
    task.again, task.author, task.checklist, task.spent = None, '', [], []
    notes = fit(task, to)
    said = task.said if len(task.people) == named else task.said - {'people'}  # whoever is not found is not taken off
    now, then = _now(task.known), _then(task, to)
    task.changes = {
        name: (now[name], then[name])
        for name in FIELDS
        if name in said and then[name] is not None and now[name] != then[name]
    }
    if task.changes and not seen.may(task.known.row.in_list.id, ShareLevel.EDIT):
        task.refusal = _('You may see this task, but not change it.')
        return [task.refusal]
    return notes if task.changes else []


def _now(known: Known) -> dict[str, Any]:
    row = known.row
    return {
        'title': row.title, 'description': plain(known.description), 'status': row.status, 'priority': row.priority,
        'start': _minute((row.start_on, row.start_at)), 'due': _minute((row.due_on, row.due_at)),
        'estimate': row.estimate_minutes, 'progress': row.progress,
        'labels': frozenset(label.name.casefold() for label in row.labels),
        'people': frozenset(str(person.id) for person in row.assignees),
    }  # fmt: skip


def _then(task: Found, to: Fitting) -> dict[str, Any]:
    def when(value: date | datetime | None) -> Any:
        return _minute(localised(value, task.zone or to.zone)) if value is not None else None

    return {
        'title': task.title, 'description': plain(task.description), 'status': task.status, 'priority': task.priority,
        'start': when(task.start), 'due': when(task.due), 'estimate': task.estimate_minutes,
        'progress': task.progress, 'labels': frozenset(label.casefold() for label in task.labels),
        'people': frozenset(task.people),
    }  # fmt: skip


def _minute(when: tuple[date | None, datetime | None]) -> Any:
    """Return a day or a time without what no table tells: seconds, and the day where it is another one."""
    on, at = when
    return at.replace(second=0, microsecond=0) if at is not None else on


def given(task: Found) -> dict[str, Any]:
    """Return what is to be changed of a task that is here, as `change_task` takes it."""
    values = {
        'title': task.title, 'description': task.description, 'status': task.status, 'priority': task.priority,
        'start': task.start, 'due': task.due, 'estimate': task.estimate_minutes, 'progress': task.progress,
        'labels': task.labels, 'people': [UUID(one) for one in task.people],
    }  # fmt: skip
    found = {GIVEN.get(name, name): values[name] for name in task.changes}
    return found | {'zone': task.zone} if task.zone and {'start', 'due'} & found.keys() else found


def in_words(task: Found, to: Fitting) -> list[str]:
    """Say what the file changes of a task, field by field."""
    assert task.known is not None
    row = task.known.row
    people = {str(one.id): one.name for found in to.people.values() for one in found}
    people |= {str(one.id): one.name for one in row.assignees}
    labels = {name.casefold(): name for name in (*(one.name for one in row.labels), *task.labels)}
    sides: dict[str, Callable[[Any], str]] = {
        'labels': lambda found: _listed(labels[one] for one in found),
        'people': lambda found: _listed(people.get(one, '') for one in found),
    }
    said = []
    for name, (old, new) in task.changes.items():
        show = sides.get(name, lambda value: _readable(value, to.zone))
        said.append(f'{_(FIELDS[name])}: {show(old) or "–"} → {show(new) or "–"}')
    return said


def _listed(names: Iterable[str]) -> str:
    return ', '.join(sorted(names, key=str.casefold))


def _readable(value: Any, zone: str) -> str:
    if isinstance(value, datetime):
        return moment_text(value, zone)
    if isinstance(value, date):
        return day_text(value)
    text = str(getattr(value, 'label', '' if value is None else value))
    return text if len(text) <= SHOWN else f'{text[:SHOWN].rstrip()}…'

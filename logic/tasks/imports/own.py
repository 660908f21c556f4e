"""Reading our own export in JSON: all that it writes."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from data.tasks import AnchorMode, TaskStatus
from logic.core.language import _
from logic.tasks.imports.fields import said_in
from logic.tasks.imports.found import Again, Found, Spent, Step, nest, rows, status_of
from logic.tasks.imports.matching import FIELDS
from logic.tasks.inputs import EARLIEST, LATEST, MOST_MINUTES
from logic.tasks.recurrence import TIMED, WHOLE, wall
from logic.tasks.series import AGAIN
from logic.tasks.settling import KIND_FOR

MOST_MADE = 100_000
CALLED = {'estimate': 'estimate_minutes', 'people': 'assignees'}
"""What the export calls some fields."""
NOTHING: tuple[Any, ...] = (None, '', [])


def read_own(value: list[Any]) -> list[Found]:
    """Read the tasks of an export of Logbook."""
    tasks: list[Found] = []
    by_number: dict[str, Found] = {}
    parents: dict[Found, str] = {}
    for task, row in _each(value):
        tasks.append(task)
        if isinstance(number := row.get('number'), str):
            by_number.setdefault(number, task)
            task.label, task.id = number[:20], str(row.get('id') or '')[:40]
            task.said = frozenset(name for name in FIELDS if row.get(CALLED.get(name, name)) not in NOTHING)
        if row.get('part_of'):
            parents[task] = str(row['part_of'])
    nest({task: (by_number.get(named), named) for task, named in parents.items()})
    return tasks


def _each(value: list[Any]) -> Iterator[tuple[Found, dict[str, Any]]]:
    for place, row in enumerate(rows(value), 1):
        task = Found(place)
        task.title, task.description = task.text(row.get('title')), task.html(row.get('description'))
        task.list_name, task.column = task.text(row.get('list'), 120), task.text(row.get('column'), 60)
        task.status = status_of(task.text(row.get('status')))
        task.column_kind = KIND_FOR.get(task.status)
        task.priority = task.ranked(task.text(row.get('priority')))
        task.zone = zone_of(row.get('zone'), task)
        task.due, task.start = task.when(row.get('due')), task.when(row.get('start'))
        task.estimate_minutes = task.number(row.get('estimate_minutes'), 1_000_000)
        task.progress = task.number(row.get('progress'), 100) or 0
        if task.status is TaskStatus.COMPLETED or row.get('completed_at'):
            task.completed_at = task.moment(row.get('completed_at'))
        labels, people = row.get('labels'), row.get('assignees')
        task.labels = [task.text(label, 40) for label in labels] if isinstance(labels, list) else []
        task.people = [task.text(one) for one in people] if isinstance(people, list) else []
        task.checklist = [
            Step(
                task.text(step.get('title')), step.get('done') is True, task.day(step.get('due')),
                task.text(step.get('assignee')),
            )
            for step in rows(row.get('checklist'))
        ]  # fmt: skip
        for said in rows(row.get('comments')):
            task.remark(said.get('author'), task.html(said.get('text')), said.get('at'))
        task.spent = list(_spent(row, task))
        task.author = task.text(row.get('created_by'))
        task.own = said_in(row.get('fields'))
        if isinstance(row.get('repeat'), dict):
            task.again = _again(row['repeat'], task)
        yield task, row


def _spent(row: dict[str, Any], task: Found) -> Iterator[Spent]:
    for one in rows(row.get('time')):
        on, minutes = task.day(one.get('on')), task.number(one.get('minutes'), MOST_MINUTES)
        if on is not None and minutes:
            yield Spent(task.text(one.get('person')), on, minutes, task.text(one.get('note'), 300))


def zone_of(value: Any, task: Found) -> str:
    """Return the name of a time zone; one that is none is said."""
    if not value:
        return ''
    name = task.text(value, 60)
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        task.faults.append(_('"{zone}" is no time zone. Write one such as America/New_York.', zone=name))
        return ''
    return name


def _is_moment(text: str) -> bool:
    """Say whether this is a day or a time as a series writes it, within reach."""
    local = wall(text)
    return EARLIEST <= local.date() <= LATEST and text == local.strftime(TIMED if 'T' in text else WHOLE)


def _again(row: dict[str, Any], task: Found) -> Again | None:
    """Return how a task comes again; whether that is a rule is seen when the date is known too."""
    said = {name: row.get(name) or '' for name in ('starts', 'rule', 'mode', 'series', 'occurrence')}
    try:
        for name in ('starts', 'occurrence'):
            if said[name] and not _is_moment(str(said[name]).partition(AGAIN)[0]):
                raise ValueError(name)
        mode = AnchorMode(said['mode'] or AnchorMode.SCHEDULE)
    except (ValueError, TypeError):
        task.faults.append(_('How it comes again cannot be read: it is left out.'))
        return None
    made_count = task.number(row.get('made_count'), MOST_MADE)
    return Again(
        str(said['rule'])[:500], mode, said['starts'], zone_of(row.get('zone'), task), str(said['series'])[:40],
        said['occurrence'], made_count or 1, row.get('is_ended') is True,
    )  # fmt: skip

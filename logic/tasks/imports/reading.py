"""Reading tasks out of files of others: tables, Trello, Todoist, Vikunja, and our own export."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from data.tasks import ColumnKind, TaskPriority, TaskStatus
from logic.core.errors import Invalid
from logic.core.formats import number_text, size_text
from logic.core.language import _, later
from logic.core.rich_text import clean as clean_html
from logic.core.rich_text import from_plain
from logic.core.tabular import DateOrder, Table, guess_date_order, parse_date, read_table
from logic.members.names import clean, fold
from logic.tasks.imports.fields import said_beside, said_in

MOST = 2000
MOST_BYTES = 20_000_000
NAMES = {
    'title': ('title', 'task', 'name', 'subject', 'content', 'summary', 'card name', 'task name', 'what'),
    'description': ('description', 'notes', 'note', 'details', 'card description', 'body'),
    'list': ('list', 'project', 'board', 'project name'),
    'column': ('column', 'section', 'bucket', 'list name'),
    'status': ('status', 'state', 'done', 'completed'),
    'priority': ('priority', 'importance'),
    'people': ('assignees', 'assignee', 'assigned to', 'responsible', 'owner', 'member', 'who'),
    'labels': ('labels', 'label', 'tags', 'tag', 'categories'),
    'due': ('due', 'due date', 'deadline', 'date', 'due on'),
    'start': ('starts', 'start', 'start date', 'begins'),
    'estimate': ('estimate (minutes)', 'estimate', 'minutes'),
}
WRITTEN = {
    'title': later('Title'), 'description': later('Description'), 'list': later('List'), 'column': later('Column'),
    'status': later('Status'), 'priority': later('Priority'), 'people': later('Assignees'), 'labels': later('Labels'),
    'due': later('Due'), 'start': later('Starts'), 'estimate': later('Estimate (minutes)'),
}  # fmt: skip
"""What our own exports call these in the reader's language."""
DONE = frozenset({
    'completed', 'complete', 'done', 'closed', 'yes', 'true', 'x', '1', 'finished', 'resolved', 'hecho', 'hecha',
    'completada', 'completado', 'terminada', 'cerrada', 'fait', 'fini', 'termine', 'terminee', 'acheve', 'erledigt',
    'fertig', 'abgeschlossen',
})  # fmt: skip
STARTED = frozenset({
    'in progress', 'in_progress', 'doing', 'started', 'active', 'in arbeit', 'begonnen', 'en curso', 'en proceso',
    'en cours', 'commence', 'commencee',
})  # fmt: skip
CANCELLED = frozenset(
    {'cancelled', 'canceled', 'wont do', "won't do", 'cancelada', 'anulada', 'annule', 'annulee', 'abgebrochen'}
)
NO_DATE = '0001-'


@dataclass(slots=True)
class Found:
    """A task as a file tells of it."""

    place: int
    """Its line in a table, or its number in the file, counted from 1."""
    title: str
    description: str = ''
    """Cleaned HTML."""
    list_name: str = ''
    column: str = ''
    status: TaskStatus = TaskStatus.PENDING
    priority: TaskPriority = TaskPriority.MEDIUM
    due: date | datetime | None = None
    start: date | datetime | None = None
    estimate_minutes: int | None = None
    people: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    checklist: list[tuple[str, bool]] = field(default_factory=list)
    own: dict[str, str] = field(default_factory=dict)
    """What it says of the department's own fields, by the names that the file gives them."""
    custom: dict[UUID, str | None] = field(default_factory=dict)
    """The same by the ids of the fields, once they are known."""
    is_part: bool = False
    """A sub-task of the last one that is none."""
    faults: list[str] = field(default_factory=list)
    """What could not be read of it, as sentences."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds."""

    source: str
    """What it is, as a person calls it: 'Trello export'."""
    tasks: list[Found]
    names_fields: bool = False
    """Whether it says which of its values are those of own fields."""


def read_file(content: bytes) -> Read:
    """Read a file, finding out what it is. Raises Invalid, and nothing else, for any bytes."""
    if len(content) > MOST_BYTES:
        raise Invalid(_('The file is larger than {size}.', size=size_text(MOST_BYTES)))
    read = _read_json(content) if content.lstrip()[:1] in (b'{', b'[') else _read_table(read_table(content))
    if len(read.tasks) > MOST:
        most = number_text(MOST)
        words = _(
            'The file holds {count} tasks. At most {most} are imported at once; split the file.',
            count=number_text(len(read.tasks)), most=most,
        )  # fmt: skip
        raise Invalid(words, {'file': _('At most {count} tasks.', count=most)})
    if not read.tasks:
        raise Invalid('There is no task in this file.', {'file': 'Choose another file.'})
    return read


def _read_json(content: bytes) -> Read:
    try:
        data = json.loads(content.decode('utf-8-sig'))
    except (ValueError, RecursionError):
        raise Invalid('This looks like JSON, and is not whole.', {'file': 'Export it again.'}) from None
    if isinstance(data, dict) and isinstance(data.get('cards'), list) and isinstance(data.get('lists'), list):
        return Read(_('Trello export'), list(_trello(data)))
    projects = data if isinstance(data, list) else data.get('projects') or data.get('lists')
    if isinstance(projects, list) and any(isinstance(one, dict) and 'tasks' in one for one in projects):
        return Read(_('Vikunja export'), list(_vikunja(projects)))
    if isinstance(data, dict) and isinstance(data.get('tasks'), list):
        return Read(_('Logbook export'), list(_own(data['tasks'])), names_fields=True)
    raise Invalid('This file is of no kind that can be imported.', {'file': 'Trello, Vikunja and Logbook write JSON.'})


def _rows(value: Any) -> Iterator[dict[str, Any]]:
    yield from (row for row in value if isinstance(row, dict)) if isinstance(value, list) else ()


def _id(row: dict[str, Any], name: str = 'id') -> str | int | None:
    value = row.get(name)
    return value if isinstance(value, str | int) else None


def _text(value: Any, most: int = 200) -> str:
    return clean(str(value))[:most] if isinstance(value, str | int) else ''


def _long(value: Any) -> str:
    return from_plain(value[:20_000]) if isinstance(value, str) else ''


def _when(value: Any, task: Found) -> date | datetime | None:
    """Read an ISO date or instant; one that cannot be read is a fault of its task."""
    if not isinstance(value, str) or not value or value.startswith(NO_DATE):
        return None
    try:
        found = date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    except ValueError:
        task.faults.append(_('"{value}" is no date.', value=value[:30]))
        return None
    if not 1970 < found.year < 2200:
        task.faults.append(_('"{value}" is too far away.', value=value[:30]))
        return None
    return found


def _trello(data: dict[str, Any]) -> Iterator[Found]:
    columns = {_id(row): _text(row.get('name'), 60) for row in _rows(data['lists'])}
    people = {_id(row): _text(row.get('fullName')) for row in _rows(data.get('members'))}
    steps: dict[Any, list[tuple[str, bool]]] = {}
    for checklist in _rows(data.get('checklists')):
        for item in _rows(checklist.get('checkItems')):
            done = item.get('state') == 'complete'
            steps.setdefault(_id(checklist, 'idCard'), []).append((_text(item.get('name')), done))
    lists = list(columns)  # in their order on the board, so that the columns get it too
    cards = [(place, card, _id(card, 'idList')) for place, card in enumerate(_rows(data['cards']), 1)]
    for place, card, home in sorted(cards, key=lambda one: lists.index(one[2]) if one[2] in columns else len(lists)):
        task = Found(place, _text(card.get('name')), _long(card.get('desc')), _text(data.get('name'), 120))
        task.column = columns.get(home, '')
        task.due, task.start = _when(card.get('due'), task), _when(card.get('start'), task)
        done = card.get('dueComplete') is True or card.get('closed') is True or fold(task.column) in DONE
        task.status = TaskStatus.COMPLETED if done else status_of(task.column)
        task.labels = [_text(label.get('name') or label.get('color'), 40) for label in _rows(card.get('labels'))]
        ids = card.get('idMembers')
        task.people = (
            [people[one] for one in ids if isinstance(one, str) and one in people] if isinstance(ids, list) else []
        )
        task.checklist = steps.get(_id(card), [])
        yield task


def _vikunja(projects: list[Any]) -> Iterator[Found]:
    place = 0
    for project in _rows(projects):
        buckets = {_id(row): _text(row.get('title'), 60) for row in _rows(project.get('buckets'))}
        for row in _rows(project.get('tasks')):
            place += 1
            task = Found(place, _text(row.get('title')), list_name=_text(project.get('title'), 120))
            task.description = _html(row.get('description'))
            task.column = buckets.get(_id(row, 'bucket_id'), '')
            task.status = TaskStatus.COMPLETED if row.get('done') is True else status_of(task.column)
            rank = row.get('priority')
            ranks = {1: 'low', 2: 'medium', 3: 'high', 4: 'urgent', 5: 'urgent'}
            task.priority = TaskPriority(ranks.get(rank, 'medium') if isinstance(rank, int) else 'medium')
            task.due, task.start = _when(row.get('due_date'), task), _when(row.get('start_date'), task)
            task.labels = [_text(label.get('title'), 40) for label in _rows(row.get('labels'))]
            task.people = [_text(one.get('name') or one.get('username')) for one in _rows(row.get('assignees'))]
            yield task


def _html(value: Any) -> str:
    try:
        return clean_html(value[:20_000]) if isinstance(value, str) else ''
    except Invalid:
        return ''


def _own(rows: list[Any]) -> Iterator[Found]:
    for place, row in enumerate(_rows(rows), 1):
        task = Found(place, _text(row.get('title')), _html(row.get('description')), _text(row.get('list'), 120))
        task.column, task.is_part = _text(row.get('column'), 60), bool(row.get('part_of'))
        task.status = status_of(_text(row.get('status')))
        task.priority = priority_of(_text(row.get('priority')), task)
        task.due, task.start = _when(row.get('due'), task), _when(row.get('start'), task)
        labels, people = row.get('labels'), row.get('assignees')
        task.labels = [_text(label, 40) for label in labels] if isinstance(labels, list) else []
        task.people = [_text(one) for one in people] if isinstance(people, list) else []
        task.checklist = [(_text(step.get('title')), step.get('done') is True) for step in _rows(row.get('checklist'))]
        task.own = said_in(row.get('fields'))
        yield task


def status_of(words: str) -> TaskStatus:
    """Return what a word for a status or a column means; what is unknown is not begun."""
    said = fold(words)
    for status in TaskStatus:
        if said == fold(str(status.label)):
            return status
    if said in DONE:
        return TaskStatus.COMPLETED
    if said in CANCELLED:
        return TaskStatus.CANCELLED
    return TaskStatus.IN_PROGRESS if said in STARTED else TaskStatus.PENDING


def kind_of(column: str) -> ColumnKind:
    """Return what it means to stand in a column of this name."""
    status = status_of(column)
    if status is TaskStatus.COMPLETED:
        return ColumnKind.DONE
    return ColumnKind.STARTED if status is TaskStatus.IN_PROGRESS else ColumnKind.OPEN


def priority_of(words: str, task: Found) -> TaskPriority:
    """Return a priority; a fault of the task when it is none."""
    from logic.tasks.quick_add.words import PRIORITIES

    for priority in TaskPriority:
        if fold(words) == fold(str(priority.label)):
            return priority
    said = fold(words).removeprefix('p')
    if said and said not in PRIORITIES:
        task.faults.append(_('"{value}" is no priority: low, medium, high or urgent.', value=words[:30]))
    return TaskPriority(PRIORITIES.get(said, 'medium'))


def _read_table(table: Table) -> Read:
    header = [fold(name) for name in table.header]
    if {'type', 'content'} <= set(header):
        return Read(_('Todoist export'), list(_todoist(table, header)))
    known_as = {name: (*known, fold(str(WRITTEN[name]))) for name, known in NAMES.items()}
    places = {
        name: next((header.index(word) for word in known if word in header), -1) for name, known in known_as.items()
    }
    if places['title'] < 0:
        known = _('Name one "Title". The file has: {names}.', names=', '.join(table.header[:12]))
        raise Invalid('No column holds the titles.', {'file': known})

    def cell(row: Any, name: str) -> str:
        return row.cells[places[name]].strip() if places[name] >= 0 else ''

    order = guess_date_order(cell(row, name) for row in table.rows for name in ('due', 'start')).order
    tasks = [_table_task(row, cell, order) for row in table.rows]
    for row, task in zip(table.rows, tasks, strict=True):
        task.own = said_beside(table.header, row.cells, places.values())
    return Read(_('table'), tasks)


def _table_task(row: Any, cell: Callable[[Any, str], str], order: DateOrder | None) -> Found:
    task = Found(row.line, _text(cell(row, 'title')), _long(cell(row, 'description')), _text(cell(row, 'list'), 120))
    task.column = _text(cell(row, 'column'), 60)
    task.status = status_of(cell(row, 'status') or task.column)
    task.priority = priority_of(cell(row, 'priority'), task)
    task.due, task.start = _day(cell(row, 'due'), order, task), _day(cell(row, 'start'), order, task)
    task.labels = _several(cell(row, 'labels'), 40)
    task.people = _several(cell(row, 'people'), 120)
    estimate = cell(row, 'estimate')
    task.estimate_minutes = int(estimate) if estimate.isascii() and estimate.isdigit() and len(estimate) < 7 else None
    if row.fault:
        task.faults.append(row.fault)
    return task


def _several(text: str, most: int) -> list[str]:
    return [part for part in (_text(one, most) for one in text.replace(';', ',').split(',')) if part]


def _day(text: str, order: DateOrder | None, task: Found) -> date | datetime | None:
    if not text:
        return None
    try:
        if len(text) > 10 and text[4:5] == '-':
            return _when(text, task)
        return parse_date(text, order or DateOrder('iso'))
    except Invalid as fault:
        task.faults.append(fault.message)
        return None


def _todoist(table: Table, header: list[str]) -> Iterator[Found]:
    def cell(row: Any, name: str) -> str:
        return row.cells[header.index(name)].strip() if name in header else ''

    column = ''
    for row in table.rows:
        kind = fold(cell(row, 'type'))
        if kind == 'section':
            column = _text(cell(row, 'content'), 60)
        if kind != 'task':
            continue
        task = Found(row.line, _text(cell(row, 'content')), _long(cell(row, 'description')), column=column)
        task.priority = TaskPriority({'1': 'urgent', '2': 'high', '3': 'medium'}.get(cell(row, 'priority'), 'medium'))
        task.labels = [_text(word[1:], 40) for word in task.title.split() if word.startswith('@') and len(word) > 1]
        task.title = _text(' '.join(word for word in task.title.split() if not word.startswith('@'))) or task.title
        task.is_part = cell(row, 'indent') not in ('', '1')
        task.people = _several(cell(row, 'responsible').partition('(')[0], 120)
        said = cell(row, 'date')
        if said:
            task.due = _todoist_day(said, task)
        yield task


def _todoist_day(said: str, task: Found) -> date | datetime | None:
    if said[:4].isdigit():
        return _when(said[:10] if len(said) > 10 and said[10] != 'T' else said, task)
    task.faults.append(_('"{value}" is no date that can be read; it is left out.', value=said[:40]))
    return None

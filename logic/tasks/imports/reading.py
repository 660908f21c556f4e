"""Reading tasks out of files of others: tables, Trello, Todoist, Vikunja, and our own export."""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from data.tasks import AnchorMode, TaskStatus
from logic.core.errors import Invalid
from logic.core.formats import number_text, size_text
from logic.core.language import _, later
from logic.core.tabular import DateOrder, Table, TableRow, guess_date_order, parse_date, read_table
from logic.members.names import fold
from logic.tasks.imports.fields import said_beside
from logic.tasks.imports.found import DONE, Again, Found, at_noon, nest, rows, status_of
from logic.tasks.imports.matching import FIELDS
from logic.tasks.imports.own import read_own
from logic.tasks.imports.todoist import read_todoist
from logic.tasks.imports.trello import read_trello
from logic.tasks.imports.vikunja import read_vikunja
from logic.tasks.settling import KIND_FOR

MOST = 2000
MOST_BYTES = 20_000_000
MOST_JSON_PARTS = 1_500_000
"""Marks that divide JSON: read, each takes many times the memory that it takes in the file."""
ISO = re.compile(r'\d{4}-\d{2}-\d{2}([T ].*)?')
UNPADDED = re.compile(r'^(\d{4}-\d{2}-\d{2} )(\d:)')
TIMED = re.compile(r'(.*\d),?[ T](\d{1,2}):(\d{2})(?::\d{2})?(?: ?([ap])\.?m\.?)?', re.IGNORECASE)
SEVERAL = re.compile(r'\s*"((?:[^"]|"")*)"\s*(?=[,;]|$)|([^,;]+)')
DATES = ('due', 'start', 'completed_at', 'created')
AFTER = '(after completion)'
RULE = re.compile(rf'(?:RRULE:)?(FREQ=[\w=;,+:-]{{1,490}})\s*({re.escape(AFTER)})?', re.IGNORECASE)
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
    'progress': ('progress', '% complete', 'percent done'),
    'checklist': ('checklist',),
    'number': ('number', 'id', '#'),
    'part_of': ('part of', 'parent', 'parent id'),
    'author': ('created by',),
    'created': ('created',),
    'repeat': ('comes again', 'repeat', 'repeats', 'recurrence', 'rrule'),
    'completed_at': ('completed at', 'completed on', 'date completed', 'completed'),
}
WRITTEN = {
    'title': later('Title'), 'description': later('Description'), 'list': later('List'), 'column': later('Column'),
    'status': later('Status'), 'priority': later('Priority'), 'people': later('Assignees'), 'labels': later('Labels'),
    'due': later('Due'), 'start': later('Starts'), 'estimate': later('Estimate (minutes)'),
    'progress': later('Progress'), 'checklist': later('Checklist'), 'number': later('Number'),
    'part_of': later('Part of'), 'author': later('Created by'), 'created': later('Created'),
    'completed_at': later('Completed'), 'repeat': later('Comes again'),
}  # fmt: skip
"""What our own exports call these in the reader's language."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds. By its digest a call is known that is repeated under its key."""

    source: str = field(repr=False)
    """What it is, as a person calls it: 'Trello export'."""
    tasks: list[Found] = field(repr=False)
    names_fields: bool = False
    """Whether it says which of its values are those of own fields."""
    digest: str = ''
    """SHA-256 of the file."""


def read_file(content: bytes) -> Read:
    """Read a file, finding out what it is. Raises Invalid, and nothing else, for any bytes."""
    if len(content) > MOST_BYTES:
        raise Invalid(_('The file is larger than {size}.', size=size_text(MOST_BYTES)))
    read = _read_json(content) if content.lstrip()[:1] in (b'{', b'[') else _read_table(read_table(content))
    _refuse_many(len(read.tasks))
    if not read.tasks:
        raise Invalid('There is no task in this file.', {'file': 'Choose another file.'})
    return replace(read, digest=hashlib.sha256(content).hexdigest())


def _refuse_many(count: int) -> None:
    if count > MOST:
        most = number_text(MOST)
        words = _(
            'The file holds {count} tasks. At most {most} are imported at once; split the file.',
            count=number_text(count), most=most,
        )  # fmt: skip
        raise Invalid(words, {'file': _('At most {count} tasks.', count=most)})


def _read_json(content: bytes) -> Read:
    if sum(content.count(mark) for mark in (b'{', b'[', b',')) > MOST_JSON_PARTS:
        raise Invalid('This file has too many parts. Export less at once.', {'file': 'Export it in several files.'})
    try:
        data = json.loads(content.decode('utf-8-sig'))
    except (ValueError, RecursionError):
        raise Invalid('This looks like JSON, and is not whole.', {'file': 'Export it again.'}) from None
    if isinstance(data, dict) and isinstance(data.get('cards'), list) and isinstance(data.get('lists'), list):
        _refuse_many(len(data['cards']))
        return Read(_('Trello export'), list(read_trello(data)))
    projects = data if isinstance(data, list) else data.get('projects') or data.get('lists')
    if isinstance(projects, list) and any(isinstance(one, dict) and 'tasks' in one for one in projects):
        _refuse_many(sum(len(one['tasks']) for one in rows(projects) if isinstance(one.get('tasks'), list)))
        return Read(_('Vikunja export'), read_vikunja(projects))
    if isinstance(data, dict) and isinstance(data.get('tasks'), list):
        _refuse_many(len(data['tasks']))
        return Read(_('Logbook export'), read_own(data['tasks']), names_fields=True)
    raise Invalid('This file is of no kind that can be imported.', {'file': 'Trello, Vikunja and Logbook write JSON.'})


def _read_table(table: Table) -> Read:
    header = [fold(name) for name in table.header]
    if {'type', 'content'} <= set(header):
        return Read(_('Todoist export'), list(read_todoist(table, header)))
    known_as = {name: (*known, fold(str(WRITTEN[name]))) for name, known in NAMES.items()}
    places = {
        name: next((header.index(word) for word in known if word in header), -1) for name, known in known_as.items()
    }
    if places['title'] < 0:
        known = _('Name one "Title". The file has: {names}.', names=', '.join(table.header[:12]))
        raise Invalid('No column holds the titles.', {'file': known})

    if places['completed_at'] == places['status']:  # a column of yes and no
        places['completed_at'] = -1

    def cell(row: TableRow, name: str) -> str:
        return row.cells[places[name]].strip() if places[name] >= 0 else ''

    order = guess_date_order(_split(cell(row, name))[0] for row in table.rows for name in DATES).order
    _refuse_many(len(table.rows))
    tasks = [_table_task(row, cell, order) for row in table.rows]
    for row, task in zip(table.rows, tasks, strict=True):
        task.own = said_beside(table.header, row.cells, places.values())
    by_number = {cell(row, 'number'): task for row, task in zip(table.rows, tasks, strict=True)}
    by_number.pop('', None)
    named = {task: cell(row, 'part_of') for row, task in zip(table.rows, tasks, strict=True)}
    nest({task: (by_number.get(name), name) for task, name in named.items() if name})
    return Read(_('table'), tasks)


def _table_task(row: TableRow, cell: Callable[[TableRow, str], str], order: DateOrder | None) -> Found:
    task = Found(row.line)
    task.title, task.description = task.text(cell(row, 'title')), task.plain(cell(row, 'description'))
    task.list_name, task.column = task.text(cell(row, 'list'), 120), task.text(cell(row, 'column'), 60)
    told = cell(row, 'status')
    task.status = status_of(told or task.column)
    task.column_kind = KIND_FOR.get(task.status) if told else None
    task.priority = task.ranked(cell(row, 'priority'))
    task.due, task.start = _day(cell(row, 'due'), order, task), _day(cell(row, 'start'), order, task)
    done_at = cell(row, 'completed_at')
    if task.status is TaskStatus.COMPLETED and fold(done_at) not in DONE:
        task.completed_at = at_noon(_day(done_at, order, task))
    task.labels = _several(cell(row, 'labels'), task, 40)
    task.people = _several(cell(row, 'people'), task, 120)
    task.author = task.text(cell(row, 'author'))
    task.label, task.created = cell(row, 'number')[:20], _day(cell(row, 'created'), order, Found(row.line))
    task.said = frozenset(name for name in FIELDS if cell(row, name))
    task.again = _again(cell(row, 'repeat'), task)
    task.estimate_minutes = task.number(cell(row, 'estimate'), 1_000_000)
    task.progress = task.number(cell(row, 'progress'), 100) or 0
    if steps := re.fullmatch(r'\d{1,4}/(\d{1,4})', cell(row, 'checklist')):
        task.steps_told = int(steps[1])
    if row.fault:
        task.faults.append(row.fault)
    return task


def _again(text: str, task: Found) -> Again | None:
    """Read a rule as `written_repeat` writes it, or as RFC 5545 does."""
    found = RULE.fullmatch(text.strip())
    if found is not None:
        return Again(found[1], AnchorMode.COMPLETION if found[2] else AnchorMode.SCHEDULE)
    if text:
        task.faults.append(_('How it comes again cannot be read: it is left out.'))
    return None


def written_repeat(rule: str, mode: AnchorMode) -> str:
    """Return how a task comes again in one cell, as `read_file` reads it: an RFC 5545 rule."""
    return f'{rule} {AFTER}' if mode is AnchorMode.COMPLETION else rule


def _several(text: str, task: Found, most: int) -> list[str]:
    """Split at commas and semicolons; what holds one itself stands in quotes."""
    parts = [found[1].replace('""', '"') if found[1] is not None else found[2] for found in SEVERAL.finditer(text)]
    return [part for part in (task.text(one, most) for one in parts) if part]


def _day(text: str, order: DateOrder | None, task: Found) -> date | datetime | None:
    """Read a day, or a time of one, as we write it or as a spreadsheet has rewritten it; what is none is said."""
    if not text:
        return None
    text = UNPADDED.sub(r'\g<1>0\2', text)
    if ISO.fullmatch(text):
        return task.when(text)
    on, at = _split(text)
    try:
        day = parse_date(on, order or DateOrder('iso'))
    except Invalid as fault:
        task.faults.append(fault.message)
        return None
    return datetime.combine(day, at) if at is not None else day


def _split(text: str) -> tuple[str, time | None]:
    """Return the day of what a spreadsheet writes of a time, and the time of day: `12/24/2026 3:30 PM`."""
    found = TIMED.fullmatch(text.strip())
    if found is None or int(found[2]) > 23 or int(found[3]) > 59:
        return text, None
    hour, half = int(found[2]), (found[4] or '').lower()
    if half:
        hour = hour % 12 + (12 if half == 'p' else 0)
    at = time(hour, int(found[3]))
    return found[1], at if at != time() else None  # midnight is how they write a day

"""Reading tasks out of a table: which column is what is guessed by its header, or chosen by a person."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache

from data.tasks import AnchorMode, TaskStatus
from logic.core.errors import Invalid
from logic.core.language import LANGUAGES, _, later, speaking
from logic.core.tabular import DateOrder, Table, TableRow, guess_date_order, parse_date
from logic.members.names import fold
from logic.tasks.imports.found import DONE, Again, Found, at_noon, nest, status_of
from logic.tasks.imports.matching import FIELDS
from logic.tasks.settling import KIND_FOR

ISO = re.compile(r'\d{4}-\d{2}-\d{2}([T ].*)?')
UNPADDED = re.compile(r'^(\d{4}-\d{2}-\d{2} )(\d:)')
TIMED = re.compile(r'(.*\d),?[ T](\d{1,2}):(\d{2})(?::\d{2})?(?: ?([ap])\.?m\.?)?', re.IGNORECASE)
SEVERAL = re.compile(r'\s*"((?:[^"]|"")*)"\s*(?=[,;]|$)|([^,;]+)')
DATES = ('due', 'start', 'completed_at', 'created')
AFTER = '(after completion)'
RULE = re.compile(rf'(?:RRULE:)?(FREQ=[\w=;,+:-]{{1,490}})\s*({re.escape(AFTER)})?', re.IGNORECASE)
NAMES = {
    'title': ('title', 'task', 'name', 'subject', 'content', 'summary', 'card name', 'task name', 'what', 'aufgabe',
              'betreff', 'bezeichnung', 'was', 'tarea', 'asunto', 'que', 'tache', 'objet', 'quoi'),
    'description': ('description', 'notes', 'note', 'details', 'card description', 'body', 'notiz',
                    'notizen', 'bemerkung', 'notas', 'remarque', 'remarques'),
    'list': ('list', 'project', 'board', 'project name', 'projekt', 'proyecto', 'projet'),
    'column': ('column', 'section', 'bucket', 'list name'),
    'status': ('status', 'state', 'done', 'completed'),
    'priority': ('priority', 'importance'),
    'people': ('assignees', 'assignee', 'assigned to', 'responsible', 'owner', 'member', 'who', 'wer',
               'zustandig', 'verantwortlich', 'responsable', 'quien', 'qui'),
    'labels': ('labels', 'label', 'tags', 'tag', 'categories', 'schlagworte', 'kategorie',
               'categoria', 'categorie'),
    'due': ('due', 'due date', 'deadline', 'date', 'due on', 'due by', 'fallig am', 'frist', 'termin', 'datum',
            'bis', 'fecha limite', 'vencimiento', 'fecha', 'echeance', 'date limite'),
    'start': ('starts', 'start', 'start date', 'begins', 'beginn', 'fecha de inicio', 'inicio', 'debut',
              'date de debut'),
    'estimate': ('estimate (minutes)', 'estimate', 'minutes'),
    'progress': ('progress', '% complete', 'percent done'),
    'checklist': ('checklist',),
    'number': ('number', 'id', '#'),
    'part_of': ('part of', 'parent', 'parent id'),
    'author': ('created by',),
    'created': ('created',),
    'repeat': ('comes again', 'repeat', 'repeats', 'recurrence', 'rrule'),
    'completed_at': ('completed at', 'completed on', 'date completed', 'completed'),
}  # fmt: skip
WRITTEN = {
    'title': later('Title'), 'description': later('Description'), 'list': later('List'), 'column': later('Column'),
    'status': later('Status'), 'priority': later('Priority'), 'people': later('Assignees'), 'labels': later('Labels'),
    'due': later('Due'), 'start': later('Starts'), 'estimate': later('Estimate (minutes)'),
    'progress': later('Progress'), 'checklist': later('Checklist'), 'number': later('Number'),
    'part_of': later('Part of'), 'author': later('Created by'), 'created': later('Created'),
    'completed_at': later('Completed'), 'repeat': later('Comes again'),
}  # fmt: skip
"""What our own exports call these in the reader's language."""
COLUMNS = frozenset(NAMES)
"""What a column can say of a task."""
OWN = 'field:'
"""Stands before the name of an own field that a column fills."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a table are what, and in which order its dates say day and month."""

    fields: Mapping[int, str]
    """What a column says of a task, one of `COLUMNS`."""
    own: Mapping[int, str]
    """The names of the department's own fields that columns may fill."""
    order: DateOrder | None
    """None when the dates leave it open; those that depend on it are then left out."""
    why: str = ''

    @property
    def is_titled(self) -> bool:
        """Whether there are titles, without which there is no task."""
        return 'title' in self.fields.values()

    @property
    def chosen(self) -> dict[int, str]:
        """The same as `choose_columns` takes it."""
        return {place: OWN + name for place, name in self.own.items()} | dict(self.fields)

    @property
    def is_sure(self) -> bool:
        """Whether nobody need be asked."""
        return self.is_titled and self.order is not None


def guess_columns(table: Table) -> Columns:
    """Return what the columns of a table are by their headers; what is not known may be a field of the department's."""
    header = [fold(name) for name in table.header]
    fields: dict[int, str] = {}
    for field, words in _known_as().items():
        places = (header.index(word) for word in words if word in header)
        place = next((one for one in places if one not in fields), None)
        if place is not None:
            fields[place] = field
    own = {place: name for place, name in enumerate(table.header) if name and place not in fields}
    return _with_order(table, fields, own)


def choose_columns(table: Table, chosen: Mapping[int, str], order: DateOrder | None) -> Columns:
    """Return what a person says the columns are: one of `COLUMNS`, or `field:` and the name of an own field.

    Raises Invalid when no column holds the titles, two the same, or the dates leave their order open.
    """
    named = [name for name in chosen.values() if name]
    if 'title' not in named:
        raise Invalid('No column holds the titles.', {'columns': 'Say which one is the title.'})
    if twice := next((name for name in named if named.count(name) > 1), None):
        said = WRITTEN.get(twice) or twice.removeprefix(OWN)
        raise Invalid(_('Only one column can be: {field}.', field=said), {'columns': 'Leave one of them out.'})
    own = {place: name.removeprefix(OWN) for place, name in chosen.items() if name.startswith(OWN)}
    fields = {place: name for place, name in chosen.items() if name in COLUMNS}
    if unknown := next((name for name in named if name not in COLUMNS and not name.startswith(OWN)), None):
        raise Invalid(_('"{value}" is nothing that a column can be.', value=unknown[:40]))
    guessed = _with_order(table, fields, own)
    if order in (None, DateOrder.ISO):  # the year first is no answer where it stands last
        order = guessed.order
    if order is None:
        raise Invalid('Choose the order of day and month first.', {'date_order': guessed.why})
    return Columns(fields, own, order, guessed.why)


def by_header(table: Table, named: Mapping[str, str]) -> dict[int, str]:
    """Return what columns are by their places, told by their headers. Raises Invalid for a header that is not there."""
    places = {fold(name): place for place, name in enumerate(table.header)}
    if lacking := next((name for name in named if fold(name) not in places), None):
        raise Invalid(_('There is no column "{name}" in this file.', name=lacking[:40]))
    return {places[fold(name)]: field for name, field in named.items()}


def _with_order(table: Table, fields: Mapping[int, str], own: Mapping[int, str]) -> Columns:
    dated = [place for place, field in fields.items() if field in DATES]
    if 'title' not in fields.values():  # it is to be asked anyway: any column may be one of dates
        dated = list(range(len(table.header)))
    guess = guess_date_order(_split(row.cells[place].strip())[0] for row in table.rows for place in dated)
    return Columns(fields, own, guess.order, guess.why)


@cache
def _known_as() -> dict[str, tuple[str, ...]]:
    """Return the headers by which each field is known: what others call it, and what we do in every language."""
    ours: dict[str, list[str]] = {name: list(words) for name, words in NAMES.items()}
    for locale in LANGUAGES:
        with speaking(locale):
            for name, written in WRITTEN.items():
                ours[name].append(fold(str(written)))
    return {name: tuple(dict.fromkeys(words)) for name, words in ours.items()}


def read_rows(table: Table, columns: Columns) -> list[Found]:
    """Return the tasks of a table whose columns are known."""
    places = {field: place for place, field in columns.fields.items()}

    def cell(row: TableRow, name: str) -> str:
        return row.cells[places[name]].strip() if name in places else ''

    tasks = [_table_task(row, cell, columns.order) for row in table.rows]
    for row, task in zip(table.rows, tasks, strict=True):
        task.own = {name: text for place, name in columns.own.items() if (text := row.cells[place]).strip()}
    by_number = {cell(row, 'number'): task for row, task in zip(table.rows, tasks, strict=True)}
    by_number.pop('', None)
    named = {task: cell(row, 'part_of') for row, task in zip(table.rows, tasks, strict=True)}
    nest({task: (by_number.get(name), name) for task, name in named.items() if name})
    return tasks


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

"""Reading a project of Todoist: its template as CSV."""

from collections.abc import Iterator
from typing import Any

from data.tasks import TaskPriority
from logic.core.language import _
from logic.core.tabular import Table
from logic.members.names import fold
from logic.tasks.imports.found import Found, nested
from logic.tasks.imports.own import zone_of

PRIORITIES = {'1': TaskPriority.URGENT, '2': TaskPriority.HIGH}


def read_todoist(table: Table, header: list[str], project: str) -> Iterator[Found]:
    """Read tasks with their sections as columns, and indented ones as parts. Only the file's name names the project."""

    def cell(row: Any, name: str) -> str:
        return row.cells[header.index(name)].strip() if name in header else ''

    column, above, whole = '', None, None
    for row in table.rows:
        kind = fold(cell(row, 'type'))
        if kind == 'section':
            column, whole = cell(row, 'content'), None
        if kind == 'note' and above is not None:
            above.remark(_named(cell(row, 'author')), above.plain(cell(row, 'content')))
        if kind != 'task':
            continue
        task = above = Found(row.line)
        _read(task, lambda name, row=row: cell(row, name))
        task.column, task.list_name = task.text(column, 60), task.text(project, 120)
        depth = cell(row, 'indent')
        if depth in ('', '1') or whole is None:
            whole = task
        else:
            task.whole = whole
            if depth != '2':
                task.faults.append(nested(whole))
        yield task


def _read(task: Found, cell: Any) -> None:
    words = cell('content').split()
    task.labels = [task.text(word[1:], 40) for word in words if word.startswith('@') and len(word) > 1]
    task.title = task.text(' '.join(word for word in words if not word.startswith('@')) or cell('content'))
    task.description = task.plain(cell('description'))
    task.priority = PRIORITIES.get(cell('priority'), TaskPriority.MEDIUM)
    name = _named(cell('responsible'))
    task.people = [task.text(name, 120)] if name else []
    task.zone = zone_of(cell('timezone'), task)
    said = cell('date')
    if said[:4].isdigit() and said[4:5] == '-':
        task.due = task.when(said)
    else:
        task.when_said = said
    if fold(cell('duration_unit')) == 'minute':
        task.estimate_minutes = task.number(cell('duration'), 1_000_000)
    if cell('deadline') and not said:
        task.due = task.when(cell('deadline'))
    elif cell('deadline'):
        task.leave([_('the deadline {day}', day=cell('deadline')[:40])])


def _named(person: str) -> str:
    """Return a name without the number that stands behind it."""
    return person.partition('(')[0].strip()

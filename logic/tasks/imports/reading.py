"""Reading tasks out of files of others: tables, Trello, Todoist, Vikunja, and our own export."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from logic.core.errors import Invalid
from logic.core.formats import number_text, size_text
from logic.core.language import _
from logic.core.tabular import ZIP_FAULTS, DateOrder, Table, open_zip, read_table
from logic.members.names import fold
from logic.tasks.imports.found import Found, rows
from logic.tasks.imports.own import read_own
from logic.tasks.imports.tables import Columns, choose_columns, guess_columns, read_rows
from logic.tasks.imports.todoist import read_todoist
from logic.tasks.imports.trello import read_trello
from logic.tasks.imports.vikunja import read_vikunja

MOST, MOST_COMMENTS = 2000, 5000
MOST_BYTES = 20_000_000
MOST_JSON_PARTS = 1_500_000
"""Marks that divide JSON: read, each takes many times the memory that it takes in the file."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds. By its digest a call is known that is repeated under its key."""

    source: str = field(repr=False)
    """What it is, as a person calls it: 'Trello export'."""
    tasks: list[Found] = field(repr=False)
    names_fields: bool = False
    """Whether it says which of its values are those of own fields."""
    digest: str = ''
    """SHA-256 of the file, and of what was said of its columns."""
    table: Table | None = field(default=None, repr=False)
    """The table itself, when its columns may be chosen."""
    columns: Columns | None = field(default=None, repr=False)


def read_file(content: bytes, name: str = '') -> Read:
    """Read a file, finding out what it is. Raises Invalid, and nothing else, for any bytes.

    Only the name of a file of Todoist tells what its project is called.
    """
    if len(content) > MOST_BYTES:
        raise Invalid(_('The file is larger than {size}.', size=size_text(MOST_BYTES)))
    inner = _unpacked(content)
    read = _read_json(inner) if inner.lstrip()[:1] in (b'{', b'[') else _read_table(read_table(inner), name)
    _refuse_many(len(read.tasks))
    _refuse_many_comments(sum(len(task.remarks) + len(task.spent) for task in read.tasks))
    if not read.tasks and read.table is None:
        raise Invalid('There is no task in this file.', {'file': 'Choose another file.'})
    return replace(read, digest=hashlib.sha256(content).hexdigest())


def _unpacked(content: bytes) -> bytes:
    """Return what Vikunja packs into a ZIP beside the files; anything else as it is."""
    try:
        with open_zip(content) as archive, archive.open('data.json') as file:
            data = file.read(MOST_BYTES + 1)
    except (*ZIP_FAULTS, KeyError):
        return content
    if len(data) > MOST_BYTES:
        raise Invalid(_('The file is larger than {size}.', size=size_text(MOST_BYTES)))
    return data


def read_chosen(read: Read, chosen: Mapping[int, str], order: DateOrder | None = None) -> Read:
    """Read a table again whose columns a person names, as `choose_columns` takes them. Raises Invalid."""
    assert read.table is not None
    columns = choose_columns(read.table, chosen, order)
    said = f'{read.digest} {sorted(chosen.items())} {order}'
    digest = hashlib.sha256(said.encode()).hexdigest()
    return replace(read, tasks=read_rows(read.table, columns), columns=columns, digest=digest)


def require_titles(read: Read) -> None:
    """Raise Invalid for a table of which nobody has said which column holds the titles."""
    if read.table is not None and read.columns is not None and not read.columns.is_titled:
        known = _('Name one "Title". The file has: {names}.', names=', '.join(read.table.header[:12]))
        raise Invalid('No column holds the titles.', {'file': known})


def _refuse_many(count: int) -> None:
    if count > MOST:
        most = number_text(MOST)
        words = _(
            'The file holds {count} tasks. At most {most} are imported at once; split the file.',
            count=number_text(count), most=most,
        )  # fmt: skip
        raise Invalid(words, {'file': _('At most {count} tasks.', count=most)})


def _refuse_many_comments(count: int) -> None:
    if count > MOST_COMMENTS:
        words = _(
            'The file holds {count} comments and times spent. At most {most} are imported at once; split the file.',
            count=number_text(count), most=number_text(MOST_COMMENTS),
        )  # fmt: skip
        raise Invalid(words)


def _read_json(content: bytes) -> Read:
    if sum(content.count(mark) for mark in (b'{', b'[', b',')) > MOST_JSON_PARTS:
        raise Invalid('This file has too many parts. Export less at once.', {'file': 'Export it in several files.'})
    try:
        data = json.loads(content.decode('utf-8-sig'))
    except (ValueError, RecursionError):
        raise Invalid('This looks like JSON, and is not whole.', {'file': 'Export it again.'}) from None
    if isinstance(data, dict) and isinstance(data.get('cards'), list) and isinstance(data.get('lists'), list):
        _refuse_many(len(data['cards']))
        return Read(_('Trello export'), list(read_trello(data)), names_fields=True)
    projects = data if isinstance(data, list) else data.get('projects') or data.get('lists')
    if isinstance(projects, list) and any(isinstance(one, dict) and 'tasks' in one for one in projects):
        _refuse_many(sum(len(one['tasks']) for one in rows(projects) if isinstance(one.get('tasks'), list)))
        return Read(_('Vikunja export'), read_vikunja(projects))
    if isinstance(data, dict) and isinstance(data.get('tasks'), list):
        _refuse_many(len(data['tasks']))
        return Read(_('Logbook export'), read_own(data['tasks']), names_fields=True)
    raise Invalid('This file is of no kind that can be imported.', {'file': 'Trello, Vikunja and Logbook write JSON.'})


def _read_table(table: Table, file_name: str) -> Read:
    header = [fold(name) for name in table.header]
    if {'type', 'content'} <= set(header):
        return Read(_('Todoist export'), list(read_todoist(table, header, file_name.removesuffix('.csv'))))
    _refuse_many(len(table.rows))
    if not table.rows:
        return Read(_('table'), [])
    columns = guess_columns(table)
    tasks = read_rows(table, columns) if columns.is_titled else []
    return Read(_('table'), tasks, table=table, columns=columns)

"""Writing tables: CSV that no spreadsheet runs as a formula, and XLSX whose strings stay strings."""

import asyncio
import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from logic.core.files.kinds import XLSX

Cell = str | int | Decimal | date | datetime | bool | None
FORMULA = re.compile(r"""(?<![^;\t\r\n])(?='*+(?:[^\S\t\r\n]|")*+[=+@\-\uff1d\uff0b\uff0d\uff20]|\A'*+[\t\r\n])""")
"""Where a cell may begin that a spreadsheet runs, in whatever country: some split at semicolons, tabs and line ends."""
ESCAPED = re.compile(f"{FORMULA.pattern}'")
LONGEST_XLSX_CELL = 32_767
BOM = '\ufeff'
MEDIA_TYPES = {'csv': 'text/csv; charset=utf-8', 'xlsx': XLSX, 'json': 'application/json'}
"""How programs call what a list is exported as."""


def escape_formula(text: str) -> str:
    """Return a text that no spreadsheet runs: apostrophes before what it might, which `unescape_formula` takes off.

    Where such an apostrophe stands already comes another, so that each text reads back as it was.
    """
    return FORMULA.sub("'", text)


def unescape_formula(text: str) -> str:
    """Return a text as it was before `escape_formula`."""
    return ESCAPED.sub('', text)


def write_csv(
    header: Sequence[str], rows: Iterable[Sequence[Cell]], *, delimiter: str = ',', with_mark: bool = True
) -> bytes:
    """Return a table as CSV in UTF-8. The mark in its first bytes lets Excel read the letters rightly."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator='\r\n')
    writer.writerow([escape_formula(name) for name in header])
    for row in rows:
        writer.writerow([_csv_cell(value) for value in row])
    return ((BOM if with_mark else '') + buffer.getvalue()).encode('utf-8', errors='replace')


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence[Cell]], *, sheet: str = 'Logbook') -> bytes:
    """Return a table as XLSX with a fixed header row; memory does not grow with the number of rows."""
    from xlsxwriter import Workbook

    buffer = io.BytesIO()
    options = {
        'constant_memory': True,
        'strings_to_formulas': False,
        'strings_to_urls': False,
        'strings_to_numbers': False,
        'default_date_format': 'yyyy-mm-dd',
    }
    with Workbook(buffer, options) as book:
        page = book.add_worksheet(_sheet_name(sheet))
        bold = book.add_format({'bold': True})
        page.freeze_panes(1, 0)
        for column, name in enumerate(header):
            page.set_column(column, column, min(max(len(name) + 4, 12), 40))
        for column, name in enumerate(header):
            page.write_string(0, column, _plain(name), bold)
        for line, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                _write_cell(page, line, column, value)
    return buffer.getvalue()


async def write_table(written_as: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a table as `csv` or `xlsx`, made in a thread."""
    return await asyncio.to_thread(write_csv if written_as == 'csv' else write_xlsx, header, rows)


def _csv_cell(value: Cell) -> str | int | Decimal:
    match value:
        case None:
            return ''
        case bool():
            return 'yes' if value else 'no'
        case datetime():
            return value.isoformat(sep=' ', timespec='seconds')
        case date():
            return value.isoformat()
        case str():
            return escape_formula(_plain(value))
        case _:
            return value


def _write_cell(page: Any, line: int, column: int, value: Cell) -> None:
    match value:
        case None | '':
            return
        case bool():
            page.write_boolean(line, column, value)
        case int() | Decimal():
            if -(10**15) < value < 10**15:
                page.write_number(line, column, value)
            else:  # a spreadsheet keeps 15 digits and would change the rest
                page.write_string(line, column, str(value))
        case datetime():
            text = value.astimezone(UTC).isoformat() if value.tzinfo else value.isoformat(sep=' ')
            page.write_string(line, column, text)
        case date() if value.year >= 1900:
            page.write_datetime(line, column, datetime(value.year, value.month, value.day))  # noqa: DTZ001
        case date():
            page.write_string(line, column, value.isoformat())
        case str():
            page.write_string(line, column, _plain(value))


def _plain(text: str) -> str:
    """Return a text without what files cannot hold; what is too long for a cell ends with a sign that says so."""
    whole = text.encode('utf-8', errors='replace').decode()
    return whole if len(whole) <= LONGEST_XLSX_CELL else whole[: LONGEST_XLSX_CELL - 1] + '…'


def _sheet_name(name: str) -> str:
    return ''.join(character for character in name if character not in '[]:*?/\\')[:31].strip("' ") or 'Logbook'

"""Reading tables as people send them: what was found, how it was read and why, and never a row silently mended."""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from logic.core.errors import Invalid
from logic.core.formats import number_text
from logic.core.language import _, later, many
from logic.core.tabular import workbook
from logic.core.tabular.dates import YEAR_FIRST, YEAR_LAST
from logic.core.tabular.encoding import Decoded, damage, decode
from logic.core.tabular.writing import unescape_formula

DELIMITERS = {',': later('comma'), ';': later('semicolon'), '\t': later('tab'), '|': later('vertical bar')}
SAMPLE_ROWS = 200
XLSX_MARK, OLD_EXCEL_MARK = b'PK\x03\x04', b'\xd0\xcf\x11\xe0'
MOST_ZIP_PARTS = 2000
ZIP_FAULTS = (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, EOFError, ValueError)
"""What unpacking raises of an archive that is damaged, locked, or packed in a way that nobody knows."""
PACKINGS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""What programs pack with. Of all else Python unpacks a whole part at once: 20 KB that become 20 GB of memory."""
WORKBOOK_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is taken; more is refused before it costs memory."""

    rows: int = 20_000
    columns: int = 200
    cell_characters: int = 10_000
    file_bytes: int = 20_000_000
    unpacked_bytes: int = 200_000_000


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: its line in the file, and as many cells as the header has."""

    line: int
    cells: tuple[str, ...]
    fault: str | None = None
    """Why the row cannot be trusted: it has more or fewer cells than the header."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was read, and how."""

    header: tuple[str, ...]
    rows: tuple[TableRow, ...]
    kind: str
    """`csv` or `xlsx`."""
    header_line: int
    """0 when the file has no header; the columns are then called Column 1, Column 2, ..."""
    encoding: str = ''
    encoding_why: str = ''
    encoding_alternatives: tuple[str, ...] = ()
    delimiter: str = ''
    sheet: str = ''
    sheets: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """What a person should know before he trusts the rows: lines left out, letters lost."""


def read_table(
    content: bytes,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    has_header: bool | None = None,
    limits: Limits | None = None,
) -> Table:
    """Read a CSV, TSV or XLSX file; what is not given is found out. Raises Invalid, and nothing else, for any bytes."""
    limits = limits or Limits()
    if len(content) > limits.file_bytes:
        raise Invalid(_('The file is larger than {megabytes} MB.', megabytes=limits.file_bytes // 1_000_000))
    if not content.strip():
        raise Invalid('The file is empty.')
    if content.startswith(OLD_EXCEL_MARK):
        raise Invalid('This is an old Excel file (XLS) or one with a password. Save it as XLSX without a password.')
    if content.startswith(XLSX_MARK):
        return _read_xlsx(content, sheet, has_header, limits)
    decoded = decode(content, encoding)
    text, first_line = decoded.text.removeprefix('\ufeff'), 1
    if declared := re.match(r'sep=(.)\r?\n', text):
        delimiter, text, first_line = delimiter or declared[1], text[declared.end() :], 2
    chosen = delimiter or _guess_delimiter(text)
    if chosen not in DELIMITERS:
        raise Invalid(
            'Cells may be separated by comma, semicolon, tab or vertical bar.', {'delimiter': 'Choose another.'}
        )
    records = list(_csv_records(text, chosen, first_line, limits))
    return _table(records, has_header, limits, kind='csv', decoded=decoded, delimiter=chosen)


def _csv_records(text: str, delimiter: str, first_line: int, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Give each record with the line on which it begins; a cell may hold line breaks."""
    reader = csv.reader(io.StringIO(text, newline=''), delimiter=delimiter, strict=True)
    line = first_line
    try:
        for record in reader:
            yield line, [unescape_formula(cell) for cell in record]
            line = reader.line_num + first_line
            if line > (limits.rows + 100) * 20:
                raise Invalid(_('The file has more than {count} rows. Split it.', count=number_text(limits.rows)))
    except csv.Error as error:
        is_open = 'end of data' in str(error)
        why = _('a quotation mark that is opened there is not closed') if is_open else str(error)
        raise Invalid(
            _(
                'The file cannot be read from line {line} on: {why}. Mend that line, or save the table as XLSX.',
                line=line,
                why=why,
            ),
            {'file': _('Line {line}: {why}.', line=line, why=why)},
        ) from error


def _guess_delimiter(text: str) -> str:
    """Return the separator that splits most lines into the same number of cells, and into most cells."""
    sample = '\n'.join(text[:100_000].splitlines()[:SAMPLE_ROWS])
    best, best_score = ',', 0.0
    for delimiter in DELIMITERS:
        counts: Counter[int] = Counter()
        try:
            for record in csv.reader(io.StringIO(sample, newline=''), delimiter=delimiter):
                if any(record):
                    counts[len(record)] += 1
        except csv.Error:
            continue
        width, times = max(counts.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]), default=(1, 1))
        score = (times / max(counts.total(), 1)) * min(width, 30) ** 0.5 if width > 1 else 0
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _table(
    records: Sequence[tuple[int, list[str]]],
    has_header: bool | None,
    limits: Limits,
    *,
    kind: str,
    decoded: Decoded | None = None,
    **how: Any,
) -> Table:
    filled = [(line, cells) for line, cells in records if any(cell.strip() for cell in cells)]
    if not filled:
        raise Invalid('The file has no rows.')
    width = Counter(_used_width(cells) for _, cells in filled[:SAMPLE_ROWS]).most_common(1)[0][0]
    start = next((n for n, (_, cells) in enumerate(filled[:20]) if 2 * _used_width(cells) > width), 0)
    titled = _is_header(filled[start][1]) if has_header is None else has_header
    header_line, names = filled[start] if titled else (0, [])
    body = filled[start + 1 :] if titled else filled[start:]
    header = _header(names, max((_used_width(cells) for _, cells in body), default=0) if not titled else 0)
    if len(header) > limits.columns:
        raise Invalid(_('The table has more than {count} columns.', count=limits.columns))
    if len(body) > limits.rows:
        count, most = number_text(len(body)), number_text(limits.rows)
        raise Invalid(
            _('The table has {count} rows; at most {most} are taken at once. Split it.', count=count, most=most)
        )
    rows = tuple(_row(line, cells, len(header), limits, exact=kind == 'csv' and titled) for line, cells in body)
    notes = _notes([line for line, _ in filled[:start]], len(records) - len(filled), rows)
    if decoded is not None:
        how |= {
            'encoding': decoded.encoding,
            'encoding_why': decoded.why,
            'encoding_alternatives': decoded.alternatives,
        }
    return Table(header, rows, kind, header_line, notes=tuple(notes), **how)


def _used_width(cells: Sequence[str]) -> int:
    return max((number for number, cell in enumerate(cells, 1) if cell.strip()), default=0)


def _is_header(cells: Sequence[str]) -> bool:
    """A header has words of its own in its cells: no dates, no addresses, no numbers, none twice."""
    texts = [cell.strip() for cell in cells if cell.strip()]
    values = [
        t for t in texts if '@' in t or re.fullmatch(r'[\d\s.,+()/-]+', t) or YEAR_FIRST.match(t) or YEAR_LAST.match(t)
    ]
    return not values and len({text.casefold() for text in texts}) == len(texts)


def _header(names: Sequence[str], width: int) -> tuple[str, ...]:
    """Name every column; a name that stands there twice gets a number, so that both can be mapped."""
    used = _used_width(names) or width
    header: list[str] = []
    for number in range(1, used + 1):
        name = re.sub(r'\s+', ' ', names[number - 1]).strip()[:200] if number <= len(names) else ''
        name = name or _('Column {number}', number=number)
        taken, copy = {other.casefold() for other in header}, 2
        unique = name
        while unique.casefold() in taken:
            unique, copy = f'{name} ({copy})', copy + 1
        header.append(unique)
    return tuple(header)


def _row(line: int, cells: Sequence[str], width: int, limits: Limits, *, exact: bool) -> TableRow:
    fault = None
    if _used_width(cells) > width:
        fault = _(
            'The row has {count} cells, the header {width}: a value may stand in the wrong column.',
            count=len(cells),
            width=width,
        )
    elif exact and len(cells) < width:
        fault = _(
            'The row has {count} cells, the header {width}: it seems to be cut off.', count=len(cells), width=width
        )
    if any(len(cell) > limits.cell_characters for cell in cells):
        fault = _('A cell has more than {count} characters.', count=number_text(limits.cell_characters))
    kept = [cell.strip()[: limits.cell_characters] for cell in cells[:width]]
    return TableRow(line, tuple(kept + [''] * (width - len(kept))), fault)


def _notes(skipped: list[int], blank: int, rows: Sequence[TableRow]) -> list[str]:
    notes = []
    if skipped:
        notes.append(_skipped(skipped))
    if blank:
        notes.append(many('{count} empty row left out.', '{count} empty rows left out.', blank))
    damaged = [(row.line, cell) for row in rows for cell in row.cells if damage(cell)]
    if damaged:
        line, cell = damaged[0]
        notes.append(
            many(
                'In {count} cell letters were lost or garbled before the file came here, first in line {line}: '
                '"{text}". They cannot be restored from this file.',
                'In {count} cells letters were lost or garbled before the file came here, first in line {line}: '
                '"{text}". They cannot be restored from this file.',
                len(damaged),
                line=line,
                text=cell[:40],
            )
        )
    return notes


def _skipped(lines: list[int]) -> str:
    if len(lines) == 1:
        return _('Line {line} above the header was not read.', line=lines[0])
    return _('Lines {first} to {last} above the header were not read.', first=lines[0], last=lines[-1])


def _read_xlsx(content: bytes, sheet: str | None, has_header: bool | None, limits: Limits) -> Table:
    _check_zip(content, limits)
    read = _read_workbook(content, sheet, limits)
    names = tuple(read['names'])
    if sheet is not None and sheet not in names:
        raise Invalid('The file has no such sheet.', {'sheet': _('Choose one of: {names}.', names=', '.join(names))})
    filled = {name: [(line, cells) for line, cells in rows] for name, rows in read['rows'].items()}
    if not filled:
        raise Invalid('The file has no rows.')
    chosen, rows = next(iter(filled.items()))
    table = _table(rows, has_header, limits, kind='xlsx', sheet=chosen, sheets=names)
    if len(filled) == 1:
        return table
    others = ', '.join(name for name in filled if name != chosen)
    note = _('Only the sheet "{sheet}" was read; these have rows too: {others}.', sheet=chosen, others=others)
    return Table(**{**{name: getattr(table, name) for name in Table.__slots__}, 'notes': (*table.notes, note)})


def _read_workbook(content: bytes, sheet: str | None, limits: Limits) -> Any:
    """Let a program of its own read a workbook, with little memory and time: such files break libraries."""
    asked = json.dumps({'sheet': sheet, 'most': limits.cell_characters}).encode()
    try:
        done = subprocess.run(  # noqa: S603  our own program; the file comes on its standard input
            [sys.executable, '-I', workbook.__file__], input=asked + b'\n' + content, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env={}, timeout=WORKBOOK_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise _far_away() from None
    if done.returncode in (1, workbook.DAMAGED):
        raise Invalid('This Excel file is damaged, or is not one. Open it, save it again as XLSX, and retry.')
    if done.returncode:
        raise _far_away()
    return json.loads(done.stdout)


def _far_away() -> Invalid:
    text = later('This Excel file takes too much memory. Often a cell stands far away from the table: delete it.')
    return Invalid(_(text), {'file': 'Delete what is outside of the table, then save again.'})


def open_zip(content: bytes) -> zipfile.ZipFile:
    """Open an archive of which each part can be unpacked in small pieces. Raises one of `ZIP_FAULTS` for any other."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    if any(part.compress_type not in PACKINGS for part in archive.infolist()):
        raise zipfile.BadZipFile('packed in a way that no program packs tables')
    return archive


def _check_zip(content: bytes, limits: Limits) -> None:
    """Unpack in small pieces and count, before a library makes room for what the file claims."""
    total = 0
    try:
        with open_zip(content) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_ZIP_PARTS:
                raise Invalid('This Excel file has too many parts.')
            if not any(part.filename.startswith('xl/') for part in parts):
                raise Invalid('This is an archive and not an Excel file. Save the table as XLSX or CSV.')
            for part in parts:
                with archive.open(part) as file:
                    while piece := file.read(1_000_000):
                        total += len(piece)
                        if total > limits.unpacked_bytes:
                            size = limits.unpacked_bytes // 1_000_000
                            raise Invalid(_('Unpacked, the file is larger than {megabytes} MB.', megabytes=size))
    except ZIP_FAULTS as error:
        raise Invalid('This Excel file is damaged or has a password. Save it again as XLSX, and retry.') from error

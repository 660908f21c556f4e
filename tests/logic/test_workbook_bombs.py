"""Workbooks that would take all memory, or end the program that reads them: refused in a sentence, and in seconds."""

import io
import os
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from logic.core.errors import Invalid
from logic.core.tabular import read_table, write_xlsx

FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
PACKAGE = 'http://schemas.openxmlformats.org/package/2006'


def processor_seconds() -> float:
    """How long this process and those that it has waited for have worked, however busy the machine is."""
    return sum(os.times()[:4])


def workbook(rows: str, place: str = 'worksheets/sheet1.xml', shared: str = '') -> bytes:
    """A workbook of one sheet, written by hand."""
    parts = {
        '[Content_Types].xml': f'<Types xmlns="{PACKAGE}/content-types"><Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        '_rels/.rels': f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        'xl/workbook.xml': f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="One" sheetId="1" r:id="r1"/></sheets></workbook>',
        'xl/_rels/workbook.xml.rels': f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="{place}"/>'
        f'<Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        'xl/sharedStrings.xml': f'<sst xmlns="{MAIN}"><si><t>{shared}</t></si></sst>',
        f'xl/{place}': f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, 'w', zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, f'<?xml version="1.0"?>{text}')
    return buffer.getvalue()


def test_a_workbook_written_by_hand_is_read() -> None:
    rows = ''.join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c><c r="B{n}"><v>{n}</v></c></row>' for n in (1, 2))
    assert [row.cells for row in read_table(workbook(rows, shared='Ada'), has_header=False).rows] == [
        ('Ada', '1'), ('Ada', '2'),
    ]  # fmt: skip


@pytest.mark.parametrize(
    'content',
    [
        workbook(FAR, 'other/sheet1.xml'),
        workbook(FAR.replace('"', "'")),
        workbook(FAR.replace('<c r="X', f'<c s="{"1" * 300}" r="X')),
        workbook(FAR.replace('</row>', '<c r="XFD1"><v>1</v></c></row>', 1).replace('<c r="XFD1048576">', '<c>')),
        workbook(''.join('<row><c t="s"><v>0</v></c></row>' for _ in range(15_000)), shared='x' * 5_000_000),
    ],
    ids=['elsewhere', 'other quotes', 'hidden behind an attribute', 'row and column apart', 'one string many times'],
)  # fmt: skip
def test_a_small_workbook_that_grows_without_bounds_neither_ends_the_program_nor_fills_its_memory(
    content: bytes,
) -> None:
    assert len(content) < 100_000
    tracemalloc.start()
    begin = processor_seconds()
    with pytest.raises(Invalid, match='too much memory'):
        read_table(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (processor_seconds() - begin < 30, peak < 60_000_000) == (True, True)


def test_an_entity_of_a_workbook_opens_no_file(tmp_path: Path) -> None:
    (tmp_path / 'private').write_text('the secret')
    entity = f'<!DOCTYPE sst [<!ENTITY file SYSTEM "{(tmp_path / "private").as_uri()}">]>'
    with zipfile.ZipFile(
        io.BytesIO(workbook('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', shared='&file;'))
    ) as made:
        parts = {name: made.read(name).decode() for name in made.namelist()}
    written = io.BytesIO()
    with zipfile.ZipFile(written, 'w') as archive:
        for name, text in parts.items():
            archive.writestr(name, text.replace('<sst', entity + '<sst', 1))
    try:
        cells = [cell for row in read_table(written.getvalue(), has_header=False).rows for cell in row.cells]
    except Invalid:
        cells = []
    assert not [cell for cell in cells if 'secret' in cell]


def test_what_a_cell_has_too_much_of_is_cut_and_said_of_its_row() -> None:
    table = read_table(write_xlsx(['Name', 'Note'], [['Ada', 'x' * 30_000], ['Bo', 'short']]))
    assert [(row.cells[0], bool(row.fault), len(row.cells[1])) for row in table.rows] == [
        ('Ada', True, 10_000), ('Bo', False, 5),
    ]  # fmt: skip


def test_more_rows_than_are_taken_are_refused_with_their_number() -> None:
    with pytest.raises(Invalid, match='25,000 rows'):
        read_table(write_xlsx(['Name'], [[f'Name {n}'] for n in range(25_000)]))

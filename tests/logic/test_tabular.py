"""Tables in files: read as they are, with the evidence, never silently mended; written so that nothing is run."""

# ruff: noqa: RUF001  letters of other scripts are what is tested

import contextlib
import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from logic.core.errors import Invalid
from logic.core.tabular import Limits, damage, decode, escape_formula, read_table, write_csv, write_xlsx
from logic.core.tabular.writing import unescape_formula

NAMES = 'Surname;City\nMüller;Örebro\nGarcía;Málaga\nLefèvre;Besançon\nO’Neill;Århus\n'
POLISH = 'Nazwisko;Miasto\nŻółkiewska;Łódź\nWiśniewski;Gdańsk\nKąkol;Częstochowa\n'
RUSSIAN = 'Имя;Город\nПётр;Москва\nАнна;Тверь\nСергей;Псков\n'


def xlsx(*rows: list[Any], sheet: str = 'People') -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet(sheet)
        for line, row in enumerate(rows):
            page.write_row(line, 0, row)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ('text', 'encoding'),
    [(NAMES, 'utf-8'), (NAMES, 'cp1252'), (NAMES, 'mac-roman'), (POLISH, 'cp1250'), (POLISH, 'utf-8'),
     (RUSSIAN, 'cp1251'), (NAMES.replace('’', "'"), 'cp850'), (NAMES, 'utf-16-le'), (NAMES, 'utf-16-be')],
)  # fmt: skip
def test_the_encoding_is_found_and_every_letter_is_right(text: str, encoding: str) -> None:
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.encoding) == (text, encoding)


@pytest.mark.parametrize('encoding', ['utf-8-sig', 'utf-16'])
def test_a_mark_in_the_first_bytes_decides(encoding: str) -> None:
    decoded = decode(NAMES.encode(encoding))
    assert decoded.text == NAMES
    assert decoded.why == 'The file says so in its first bytes.'


def test_the_evidence_for_an_encoding_names_the_line_and_the_byte_and_what_else_it_could_be() -> None:
    decoded = decode('Name;Note\nAda;plain\nJütte;10½ boots\n'.encode('cp1252'))
    assert decoded.why.startswith('Line 3 has a byte (0xFC) that is not UTF-8; Windows-1252')
    assert 'cp1250' in decoded.alternatives


def test_an_encoding_that_was_chosen_is_taken_or_refused_with_the_line() -> None:
    assert decode('Wałęsa'.encode('cp1250'), 'cp1250').text == 'Wałęsa'
    with pytest.raises(Invalid, match='line 2'):
        decode('a\né'.encode('cp1252'), 'utf-8')
    with pytest.raises(Invalid):
        decode(b'x', 'rot13')


@pytest.mark.parametrize(
    'text',
    ['El?bieta', 'Stanis?aw', '?ukasz', 'el?bieta.m@example.org', 'Jo�o', 'JosÃ©', 'PaweÅ‚', 'anio?@example.org'],
)
def test_lost_and_garbled_letters_are_noticed(text: str) -> None:
    assert damage(text)


@pytest.mark.parametrize(
    'text',
    ['Elżbieta', 'Who called?', 'Why? Because.', 'https://example.org/a?b=c', 'Ångström', 'Ñandú', 'São Paulo', ''],
)
def test_whole_texts_are_not_called_damaged(text: str) -> None:
    assert damage(text) is None


def test_in_a_name_every_question_mark_is_a_lost_letter() -> None:
    assert damage('Grze?', is_name=True)


@pytest.mark.parametrize('delimiter', [',', ';', '\t', '|'])
def test_the_separator_is_found(delimiter: str) -> None:
    rows = [['Name', 'City', 'Note'], ['Ada, the first', 'Oslo', 'a;b'], ['Bo', 'Rome', 'c|d']]
    table = read_table(write_csv(rows[0], rows[1:], delimiter=delimiter))
    assert table.delimiter == delimiter
    assert [list(row.cells) for row in table.rows] == rows[1:]


def test_a_line_that_names_the_separator_is_followed_and_counted() -> None:
    table = read_table(b'sep=;\nName;City\nAda;Oslo\n')
    assert table.header == ('Name', 'City')
    assert table.rows[0].line == 3


def test_lines_are_counted_as_in_the_file_also_over_breaks_inside_cells_and_empty_lines() -> None:
    table = read_table(b'Name,Note\r\nAda,"two\r\nlines"\r\n\r\nBo,x\r\n')
    assert [(row.line, row.cells[0]) for row in table.rows] == [(2, 'Ada'), (5, 'Bo')]
    assert table.notes == ('1 empty row left out.',)


def test_a_row_with_more_or_fewer_cells_is_marked_and_not_mended() -> None:
    table = read_table(b'a,b,c\n1,2,3\n1,2,3,4\n1,2\n1,2,3,\n')
    assert [row.fault is not None for row in table.rows] == [False, True, True, False]
    assert 'has 4 cells, the header 3' in (table.rows[1].fault or '')
    assert 'cut off' in (table.rows[2].fault or '')


def test_a_quotation_mark_that_is_never_closed_is_refused_with_its_line() -> None:
    with pytest.raises(Invalid, match='from line 3 on: a quotation mark that is opened there is not closed'):
        read_table(b'a,b\n1,2\n3,"4\n5,6\n')


def test_a_file_without_a_header_gets_names_and_loses_no_row() -> None:
    table = read_table(b'Ada,ada@example.org\nBo,bo@example.org\n')
    assert table.header == ('Column 1', 'Column 2')
    assert (table.header_line, len(table.rows)) == (0, 2)


def test_a_title_above_the_header_is_left_out_and_told() -> None:
    table = read_table(b'Roster of Harbor Lake,,\nName,City,Rank\nAda,Oslo,Chief\n')
    assert (table.header, table.header_line, table.rows[0].line) == (('Name', 'City', 'Rank'), 2, 3)
    assert table.notes == ('Line 1 above the header was not read.',)


def test_two_columns_of_one_name_can_be_told_apart() -> None:
    assert read_table(b'Phone,phone,,Name\n1,2,3,Ada\n', has_header=True).header == (
        'Phone', 'phone (2)', 'Column 3', 'Name',
    )  # fmt: skip


def test_the_limits_are_kept() -> None:
    with pytest.raises(Invalid, match='3 rows; at most 2'):
        read_table(b'a,b\n1,2\n3,4\n5,6\n', limits=Limits(rows=2))
    with pytest.raises(Invalid, match='columns'):
        read_table(b'a,b,c\n1,2,x\n', limits=Limits(columns=2))
    with pytest.raises(Invalid, match='larger'):
        read_table(b'a,b\n' * 10, limits=Limits(file_bytes=20))
    table = read_table(b'a,b\n' + b'x' * 50 + b',2\n', limits=Limits(cell_characters=20))
    assert 'more than 20 characters' in (table.rows[0].fault or '')


def test_an_excel_file_is_read_with_its_true_row_numbers_and_types() -> None:
    rows = [['Number', 'Name', 'Joined', 'Paid'], [], [7, 'Ada', 1.5, True], ['0012', '=cmd', None, False]]
    table = read_table(xlsx(*rows))
    assert table.header == ('Number', 'Name', 'Joined', 'Paid')
    assert [row.line for row in table.rows] == [3, 4]
    assert table.rows[0].cells == ('7', 'Ada', '1.5', 'yes')
    assert table.rows[1].cells[0] == '0012'


def test_a_second_sheet_with_rows_is_told_and_can_be_chosen() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        for name in ('One', 'Two', 'Empty'):
            page = book.add_worksheet(name)
            if name != 'Empty':
                page.write_row(0, 0, ['Name', 'City'])
                page.write_row(1, 0, [name, 'Oslo'])
    table = read_table(buffer.getvalue())
    assert table.sheet == 'One'
    assert 'Two' in table.notes[-1]
    assert read_table(buffer.getvalue(), sheet='Two').rows[0].cells == ('Two', 'Oslo')
    with pytest.raises(Invalid):
        read_table(buffer.getvalue(), sheet='Three')


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    buffer = io.BytesIO(xlsx(['Name'], ['Ada']))
    with zipfile.ZipFile(buffer, 'a', zipfile.ZIP_DEFLATED) as archive:
        archive.writestr('xl/media/bomb.xml', b'0' * 50_000_000)
    assert len(buffer.getvalue()) < 100_000
    with pytest.raises(Invalid, match='larger than 10 MB'):
        read_table(buffer.getvalue(), limits=Limits(unpacked_bytes=10_000_000))


def test_a_cell_far_away_does_not_cost_the_memory_of_the_whole_sheet() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet()
        page.write(0, 0, 'Name')
        page.write(1_048_575, 16_383, 'x')
    with pytest.raises(Invalid, match='far away'):
        read_table(buffer.getvalue())


@pytest.mark.parametrize(
    'content',
    [b'', b'   \n', b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + bytes(600), b'PK\x03\x04 not a zip', bytes(range(256)) * 4,
     b'\x00' * 99, b'\xff\xfe\x00', b'%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\x00\x01'],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        read_table(content)
    assert caught.value.message.endswith('.')


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=400), st.sampled_from([b'', b'a,b\n', b'PK\x03\x04', b'\xff\xfe', b'\xef\xbb\xbf', b'sep=;\n'])
)
def test_any_bytes_are_read_or_refused(content: bytes, start: bytes) -> None:
    try:
        table = read_table(start + content)
    except Invalid:
        return
    assert all(len(row.cells) == len(table.header) for row in table.rows)


EXCEL = xlsx(['Name', 'Born'], ['Ada', 3], ['Bo', 'x'])


@settings(max_examples=300, deadline=None)
@given(st.integers(min_value=4, max_value=len(EXCEL) - 1), st.binary(min_size=1, max_size=8))
def test_a_damaged_excel_file_is_read_or_refused(position: int, damage_bytes: bytes) -> None:
    content = EXCEL[:position] + damage_bytes + EXCEL[position + len(damage_bytes) :]
    with contextlib.suppress(Invalid):
        assert read_table(content).kind == 'xlsx'


CELLS = st.text(
    st.characters(exclude_categories=['Cs', 'Cc', 'Cn'], exclude_characters='\u2028\u2029\x85\ufeff'), max_size=20
).map(str.strip)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(CELLS.filter(bool), CELLS), min_size=1, max_size=8), st.sampled_from(['csv', 'xlsx']))
def test_what_was_written_reads_back_the_same(rows: list[tuple[str, str]], kind: str) -> None:
    write = write_csv if kind == 'csv' else write_xlsx
    table = read_table(write(['Name', 'Note'], rows), has_header=True, delimiter=',')
    assert [row.cells for row in table.rows] == rows


@given(st.text("'=+x", min_size=1, max_size=5))
def test_what_looks_like_an_escaped_formula_reads_back_as_it_was(text: str) -> None:
    (row,) = read_table(write_csv(['Name'], [[text]]), has_header=True, delimiter=',').rows
    assert row.cells == (text,)


STARTS = tuple('=+-@＝＋－＠')


@given(st.sampled_from([*STARTS, *'\t\r\n']), st.text(max_size=10))
def test_no_cell_of_a_written_file_begins_as_a_formula(start: str, rest: str) -> None:
    assert escape_formula(start + rest).startswith(f"'{start}")
    text = write_csv(['Name'], [[f'{start}SUM({rest.replace(chr(34), "")})']], with_mark=False).decode()
    assert text.splitlines()[1].lstrip('"').startswith("'")


LURES = st.text('=+-@＝"\'; \t\r\nx,', max_size=12)


@settings(max_examples=500)
@given(st.lists(st.tuples(LURES, LURES), max_size=3), st.sampled_from(';\t'))
def test_no_cell_begins_as_a_formula_where_a_spreadsheet_splits_at_another_sign(
    rows: list[tuple[str, str]], sign: str
) -> None:
    text = write_csv(['Name', 'Note'], rows, with_mark=False).decode()
    cells = [cell for row in csv.reader(io.StringIO(text, newline=''), delimiter=sign) for cell in row]
    assert [cell for cell in cells if cell.strip().startswith(STARTS)] == []


@settings(max_examples=500)
@given(LURES)
def test_whatever_is_escaped_reads_back_as_it_was(text: str) -> None:
    assert unescape_formula(escape_formula(text)) == text


def test_a_task_that_hides_a_formula_behind_a_semicolon_stays_a_text() -> None:
    text = "hose;=cmd|'/C calc'!A0;x"
    assert escape_formula(text) == "hose;'=cmd|'/C calc'!A0;x"
    (row,) = read_table(write_csv(['Title', 'Note'], [[text, '']])).rows
    assert row.cells[0] == text
    assert escape_formula('+16235550101') == "'+16235550101"
    assert escape_formula('a-b; c+d, e=f') == 'a-b; c+d, e=f'


def test_numbers_and_dates_stay_what_they_are() -> None:
    row = [7, Decimal('1.50'), date(2026, 3, 5), True, None, datetime(2026, 3, 5, 8, 30, tzinfo=UTC), -5]
    text = write_csv([f'Column {n}' for n in range(7)], [row], with_mark=False).decode()
    assert text.splitlines()[1] == '7,1.50,2026-03-05,yes,,2026-03-05 08:30:00+00:00,-5'
    table = read_table(write_xlsx([f'c{n}' for n in range(7)], [row]))
    assert table.rows[0].cells == ('7', '1.5', '2026-03-05', 'yes', '', '2026-03-05T08:30:00+00:00', '-5')


def test_an_excel_file_holds_formulas_and_long_numbers_as_text() -> None:
    content = write_xlsx(['Note', 'Id'], [['=1+1', 12345678901234567890], ['http://example.org', 1]])
    sheet = zipfile.ZipFile(io.BytesIO(content)).read('xl/worksheets/sheet1.xml')
    assert b'<f>' not in sheet
    assert read_table(content).rows[0].cells == ('=1+1', '12345678901234567890')


def test_letters_that_were_lost_before_the_file_came_are_told_with_the_line() -> None:
    table = read_table('Name;City\nEl?bieta;Łódź\n'.encode())
    assert table.notes[-1].startswith(
        'In 1 cell letters were lost or garbled before the file came here, first in line 2'
    )

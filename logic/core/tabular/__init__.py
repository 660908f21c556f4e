"""Tables in files: CSV, TSV and XLSX read as people send them, and written so that no program runs them."""

from logic.core.tabular.dates import DateGuess, DateOrder, guess_date_order, parse_date
from logic.core.tabular.encoding import ENCODINGS, Decoded, damage, decode
from logic.core.tabular.reading import ZIP_FAULTS, Limits, Table, TableRow, open_zip, read_table
from logic.core.tabular.writing import MEDIA_TYPES, Cell, escape_formula, write_csv, write_table, write_xlsx

__all__ = [
    'ENCODINGS',
    'MEDIA_TYPES',
    'ZIP_FAULTS',
    'Cell',
    'DateGuess',
    'DateOrder',
    'Decoded',
    'Limits',
    'Table',
    'TableRow',
    'damage',
    'decode',
    'escape_formula',
    'guess_date_order',
    'open_zip',
    'parse_date',
    'read_table',
    'write_csv',
    'write_table',
    'write_xlsx',
]

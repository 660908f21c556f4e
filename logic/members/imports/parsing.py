"""From the cells of a file to the values of people: each fault with its line, column and reason, nothing guessed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from data.later import Labelled
from data.members import EmploymentType, MemberStatus
from logic.core.errors import Invalid
from logic.core.language import LANGUAGES, _, later, speaking
from logic.core.tabular import DateOrder, Table, TableRow, damage, guess_date_order, parse_date, read_table
from logic.core.wording import inside
from logic.custom_fields import normal_value
from logic.members.imports.columns import BY_NAME, Target, guess_mapping
from logic.members.inputs import ProfileInput
from logic.members.names import fold, normal_email, normal_phone

NAMES = ('first_name', 'last_name', 'full_name', 'preferred_name', 'email')
PROFILE = frozenset(ProfileInput.model_fields)
FILE_MEGABYTES = 20
KindT = TypeVar('KindT', bound=Labelled)


class ImportOptions(BaseModel):
    """How a file is to be read; what is left open is found out and shown."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    mapping: Annotated[dict[int, str] | None, Field(title=later('Columns'), max_length=200)] = None
    """Column (from 0) to field name; None guesses by the header."""
    date_order: Annotated[DateOrder | None, Field(title=later('Order of dates'))] = None
    encoding: Annotated[str | None, Field(title=later('Encoding'), max_length=40)] = None
    delimiter: Annotated[str | None, Field(title=later('Separator'), max_length=1)] = None
    sheet: Annotated[str | None, Field(title=later('Sheet'), max_length=100)] = None
    has_header: Annotated[bool | None, Field(title=later('The first line names the columns'))] = None
    create_missing: Annotated[
        bool, Field(title=later('Make departments, ranks, stations and types that do not exist yet'))
    ] = True


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row is refused: the column as the file names it, and the reason."""

    column: str
    reason: str


@dataclass(slots=True)
class ParsedRow:
    """A row as typed values by field; what was empty is not in it."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as it was understood, before any row is compared with the directory."""

    table: Table
    mapping: dict[int, str]
    date_order: DateOrder
    date_why: str
    date_is_open: bool
    """The values prove no order of day and month: a person must choose."""
    targets: Mapping[str, Target] = field(repr=False)  # by the rest a call is known that is repeated under its key
    """All that a column can fill, by name."""

    def column(self, name: str) -> str:
        """Return how the file names the column of a field."""
        return next((self.table.header[index] for index, known in self.mapping.items() if known == name), name)


def read_roster(
    content: bytes,
    options: ImportOptions,
    remembered: Mapping[str, str] | None = None,
    targets: Mapping[str, Target] = BY_NAME,
) -> Reading:
    """Read a file and understand its header and dates. Pure and slow (run it in a thread). Raises Invalid."""
    table = read_table(
        content,
        encoding=options.encoding,
        delimiter=options.delimiter,
        sheet=options.sheet,
        has_header=options.has_header,
    )
    if not table.rows:
        raise Invalid('This file has a header but no rows. Choose the file with the people in it.')
    if options.mapping is None:
        mapping = guess_mapping(table.header, remembered, targets)
    else:
        mapping = {index: name for index, name in options.mapping.items() if name}
        _check_mapping(mapping, len(table.header), targets)
    dates = [index for index, name in mapping.items() if targets[name].kind == 'date']
    guess = guess_date_order(row.cells[index] for row in table.rows for index in dates if index < len(row.cells))
    order = options.date_order or guess.order or DateOrder.ISO
    is_open = bool(dates) and options.date_order is None and guess.order is None
    why = _('You chose it.') if options.date_order else guess.why
    return Reading(table, mapping, order, why, is_open, targets)


def _check_mapping(mapping: Mapping[int, str], columns: int, targets: Mapping[str, Target]) -> None:
    names = list(mapping.values())
    for index, name in mapping.items():
        if name not in targets or not 0 <= index < columns:
            why = _('Column {number} cannot be "{field}".', number=index + 1, field=name)
            raise Invalid('The columns are not chosen rightly.', {'mapping': why})
        if names.count(name) > 1:
            why = _('{field} stands for two columns.', field=targets[name].label)
            raise Invalid('A field is chosen twice.', {'mapping': why})


def parse_rows(reading: Reading, country: str, digits: int, prefix: str) -> Iterator[ParsedRow]:
    """Give each row of the file with its typed values and faults. Empty lines are passed over."""
    parse = _Parser(reading, country, digits, prefix)
    for row in reading.table.rows:
        if any(cell.strip() for cell in row.cells) or row.fault:
            yield parse.row(row)


class _Parser:
    def __init__(self, reading: Reading, country: str, digits: int, prefix: str) -> None:
        self._reading, self._country, self._digits, self._prefix = reading, country, digits, prefix
        self._kinds: dict[str, Callable[[str], Any]] = {
            'date': lambda text: parse_date(text, reading.date_order),
            'email': normal_email,
            'phone': lambda text: normal_phone(text, country),
            'status': lambda text: _one_of(MemberStatus, text),
            'employment': lambda text: _one_of(EmploymentType, text),
        }

    def row(self, row: TableRow) -> ParsedRow:
        parsed = ParsedRow(row.line)
        if row.fault:
            parsed.faults.append(Fault('', row.fault))
            return parsed
        for index, name in self._reading.mapping.items():
            cell = row.cells[index].strip()
            if not cell:
                continue
            column = self._reading.table.header[index]
            lost = damage(cell, is_name=name in NAMES)
            if lost is not None:
                parsed.faults.append(Fault(column, lost))
                continue
            try:
                parsed.values[name] = self._value(self._reading.targets[name], cell)
            except Invalid as refusal:
                parsed.faults.append(Fault(column, next(iter(refusal.fields.values()), refusal.message)))
        self._settle(parsed)
        return parsed

    def _value(self, target: Target, cell: str) -> Any:
        value = self._kinds.get(target.kind, str)(cell)
        return value if target.field is None else normal_value(target.field, str(value))

    def _settle(self, parsed: ParsedRow) -> None:
        values = parsed.values
        if full := values.pop('full_name', None):
            first, last = _split_name(full)
            values.setdefault('first_name', first)
            values.setdefault('last_name', last)
        if number := values.get('number'):
            values['number'] = self._number(number)
        if country := values.get('country'):
            values['country'] = country.upper()
        if not (values.get('first_name') or values.get('last_name') or values.get('preferred_name')):
            column = self._reading.column('last_name')
            if not any(fault.column in (column, self._reading.column('first_name')) for fault in parsed.faults):
                parsed.faults.append(Fault(column, _('A name is missing.')))
        profile = {name: value for name, value in values.items() if name in PROFILE and name != 'employment_type'}
        try:
            valid = ProfileInput.model_validate(profile)
            values.update({name: getattr(valid, name) for name in profile})
        except ValidationError as error:
            for detail in error.errors():
                name = str(detail['loc'][0]) if detail['loc'] else ''
                parsed.faults.append(Fault(self._reading.column(name), _sentence(detail)))

    def _number(self, number: str) -> str:
        """Write a bare number in the department's own form: `4` is `0004`."""
        return f'{self._prefix}{number:0>{self._digits}}' if number.isascii() and number.isdigit() else number


def _sentence(detail: Any) -> str:
    if detail['type'] == 'string_too_long':
        return _('Longer than {count} characters.', count=detail['ctx']['max_length'])
    if detail['type'] == 'string_pattern_mismatch':
        return _('"{text}" cannot be written so.', text=str(detail['input'])[:40])
    return str(detail['msg']).removeprefix('Value error, ')


def _split_name(full: str) -> tuple[str, str]:
    """`Rossi, Elena` and `Elena Rossi`: what stands before the comma, or the last word, is the last name."""
    if ',' in full:
        last, _, first = full.partition(',')
        return first.strip(), last.strip()
    first, _, last = full.strip().rpartition(' ')
    return first.strip(), last


def _one_of(kind: type[KindT], text: str) -> KindT:
    found: KindT | None = _in_any_language(kind).get(_plain(text))
    if found is None:
        known = ', '.join(inside(one.label) for one in kind)
        raise Invalid(_('"{text}" is none of: {known}.', text=text[:40], known=known))
    return found


@cache
def _in_any_language(kind: type[KindT]) -> dict[str, KindT]:
    """Return the values of an enum by how they are written in each language: as our own exports write them."""
    found: dict[str, KindT] = {}
    for locale in LANGUAGES:
        with speaking(locale):
            for one in kind:
                found.setdefault(_plain(str(one.label)), one)
    return found


def _plain(text: str) -> str:
    return fold(text).replace('-', ' ').replace('_', ' ')

"""Dates as people write them: which order a column has, and a date only when nothing is left to guess."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from logic.core.errors import Invalid
from logic.core.language import _, later

FIRST_YEAR, LAST_YEAR = 1900, 2100
MONTHS = ('jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec')
MONTH_NAMES = (
    'january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november',
    'december',
)  # fmt: skip
YEAR_FIRST = re.compile(r'(\d{4})([-./])(\d{1,2})\2(\d{1,2})|(\d{4})(\d{2})(\d{2})')
YEAR_LAST = re.compile(r'(\d{1,2})([-./])(\d{1,2})\2(\d{4})')
SHORT_YEAR = re.compile(r'\d{1,2}([-./])\d{1,2}\1\d{2}')
WITH_NAME = re.compile(r'(\d{1,2})[. -]+([A-Za-z]{3,9})\.?[, -]+(\d{4})|([A-Za-z]{3,9})\.? +(\d{1,2}),? +(\d{4})')
MIDNIGHT = re.compile(r'[T ]00:00(:00(\.0+)?)?Z?$')


class DateOrder(StrEnum):
    """The order of day and month in a column; a year that comes first is always read as year, month, day."""

    ISO = 'iso'
    DAY_FIRST = 'dmy'
    MONTH_FIRST = 'mdy'

    @property
    def label(self) -> str:
        """The order in words, with an example."""
        return {
            'iso': later('Year first (2026-03-05)'),
            'dmy': later('Day first (05.03.2026)'),
            'mdy': later('Month first (03/05/2026)'),
        }[self.value]


@dataclass(frozen=True, slots=True)
class DateGuess:
    """The order that a column's values prove; None when they leave it open and a person must choose."""

    order: DateOrder | None
    why: str


def guess_date_order(values: Iterable[str]) -> DateGuess:
    """Return the order of day and month that the values of a column prove, and by which value."""
    day_first = month_first = year_first = either = ''
    for value in values:
        text = _without_midnight(value)
        if YEAR_FIRST.fullmatch(text):
            year_first = year_first or text
        elif match := YEAR_LAST.fullmatch(text):
            first, second = int(match[1]), int(match[3])
            if first > 12 >= second:
                day_first = day_first or text
            elif second > 12 >= first:
                month_first = month_first or text
            elif first != second:
                either = either or text
    if day_first and month_first:
        why = _(
            '"{one}" has the day first, "{other}" the month: the column mixes orders.', one=day_first, other=month_first
        )
        return DateGuess(None, why)
    if day_first:
        return DateGuess(DateOrder.DAY_FIRST, _('"{text}" can only have the day first.', text=day_first))
    if month_first:
        return DateGuess(DateOrder.MONTH_FIRST, _('"{text}" can only have the month first.', text=month_first))
    if either:
        why = _('"{text}" may have the day or the month first, and no other value tells.', text=either)
        return DateGuess(None, why)
    if year_first:
        return DateGuess(DateOrder.ISO, _('"{text}" has the year first.', text=year_first))
    return DateGuess(DateOrder.ISO, _('No value depends on the order.'))


def parse_date(text: str, order: DateOrder) -> date:
    """Return the date that a text says. Raises Invalid, with the reason, when it says none or leaves one to guess."""
    cleaned = _without_midnight(text)
    if match := YEAR_FIRST.fullmatch(cleaned):
        parts = (match[1], match[3], match[4]) if match[1] else (match[5], match[6], match[7])
        return _date(text, int(parts[0]), int(parts[1]), int(parts[2]))
    if match := WITH_NAME.fullmatch(cleaned):
        day, name, year = (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
        if name.lower() in MONTHS or name.lower() in MONTH_NAMES or name.lower() == 'sept':
            return _date(text, int(year), MONTHS.index(name[:3].lower()) + 1, int(day))
    if match := YEAR_LAST.fullmatch(cleaned):
        if order is DateOrder.ISO:
            why = _('"{text}" does not have the year first; choose the order of day and month.', text=_short(text))
            raise Invalid(why)
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        day, month = (first, second) if order is DateOrder.DAY_FIRST else (second, first)
        return _date(text, year, month, day)
    if SHORT_YEAR.fullmatch(cleaned):
        raise Invalid(_('"{text}" has a year of two digits; write all four.', text=_short(text)))
    raise Invalid(_('"{text}" is not a date.', text=_short(text)))


def _date(text: str, year: int, month: int, day: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        years = {'first': FIRST_YEAR, 'last': LAST_YEAR}
        raise Invalid(_('"{text}" is not between the years {first} and {last}.', text=_short(text), **years))
    try:
        return date(year, month, day)
    except ValueError as error:
        raise Invalid(_('"{text}" is not a day of the calendar in this order.', text=_short(text))) from error


def _without_midnight(text: str) -> str:
    return MIDNIGHT.sub('', text.strip()) if text.isascii() else text.strip()


def _short(text: str) -> str:
    return text.strip()[:40]

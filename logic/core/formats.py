"""Dates, times, numbers and money as the reader's locale writes them; times in the zone that is given."""

import re
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from logic.core.language import _, current_locale, language_of

if TYPE_CHECKING:
    from babel import Locale

Length = Literal['short', 'medium', 'long', 'full']
GIGABYTE = 1_000_000_000
PLAIN_ENGLISH = 'en_GB'
"""How English writes a date for somebody who chose no country: 5 Mar 2026, as the screens do."""


@lru_cache(maxsize=64)
def _babel(locale: str) -> 'Locale':
    from babel import Locale, UnknownLocaleError

    if locale in ('', 'en'):
        return Locale.parse(PLAIN_ENGLISH)
    try:
        return Locale.parse(locale.replace('-', '_'))
    except (UnknownLocaleError, ValueError):
        language = language_of(locale)
        return Locale.parse(PLAIN_ENGLISH if language in ('en', locale) else language)


def day_text(value: date, length: Length = 'medium') -> str:
    """Return a day: "5 Mar 2026", "05.03.2026"."""
    from babel.dates import format_date

    return format_date(value, length, _babel(current_locale()))


def long_day_text(value: date) -> str:
    """Return a day of this year with the day of the week: "Friday 20 November", "Freitag, 20. November"."""
    from babel.dates import format_date

    locale = _babel(current_locale())
    pattern = re.sub(r",?\s*('de'\s*)?y+$", '', locale.date_formats['full'].pattern)
    return format_date(value, pattern, locale)


def day_of_year_text(value: date) -> str:
    """Return a day without its year: "3 March", "3. März"."""
    from babel.dates import format_skeleton

    return format_skeleton('MMMMd', value, locale=_babel(current_locale()))


def month_text(value: date) -> str:
    """Return the short name of a month as it stands alone: "Nov", "nov"."""
    from babel.dates import format_date

    return format_date(value, 'LLL', _babel(current_locale()))


def moment_text(value: datetime, zone: str | tzinfo = UTC, length: Length = 'medium') -> str:
    """Return an instant in a zone, with the zone's name so that nobody has to guess: "5 Mar 2026, 14:05 CET"."""
    from babel.dates import format_date, format_time

    locale = _babel(current_locale())
    there = value.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)
    written = f'{format_date(there, length, locale)}, {format_time(there, "short", locale=locale)}'
    return f'{written} {there.tzname()}'


def weekday_text(number: int, width: Literal['wide', 'abbreviated'] = 'wide') -> str:
    """Return the name of a day of the week as it stands inside a sentence, 0 for Monday: "Tuesday", "martes"."""
    from babel.dates import get_day_names

    return str(get_day_names(width, locale=_babel(current_locale()))[number])


def time_text(value: time) -> str:
    """Return a time of day: "14:05", "2:05 PM"."""
    from babel.dates import format_time

    return format_time(value, 'short', locale=_babel(current_locale()))


def when_text(value: date | datetime) -> str:
    """Return a day, or a moment on its own wall clock, with the day of the week: "Mon, 7 Dec 2026, 08:00"."""
    said = f'{weekday_text(value.weekday(), "abbreviated")}, {day_text(value)}'
    return f'{said}, {time_text(value.time())}' if isinstance(value, datetime) else said


def number_text(value: int | Decimal) -> str:
    """Return a number with the marks of the locale: "12,000", "12.000", "12 000"."""
    from babel.numbers import format_decimal

    return format_decimal(value, locale=_babel(current_locale()))


def size_text(size: int) -> str:
    """Return a number of bytes in megabytes or gigabytes: "3.4 MB", "3,4 Mo"."""
    if size < GIGABYTE:
        return _('{number} MB', number=number_text(round(Decimal(size) / 1_000_000, 1)))
    return _('{number} GB', number=number_text(round(Decimal(size) / GIGABYTE, 1)))


def money_text(cents: int, currency: str) -> str:
    """Return an amount that is given in hundredths: "$12.00", "12,00 €"."""
    from babel.numbers import format_currency

    return format_currency(Decimal(cents) / 100, currency, locale=_babel(current_locale()))

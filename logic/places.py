"""Countries and currencies of the world by their names, from the CLDR, Unicode's register of names."""

from functools import lru_cache
from typing import Any
from unicodedata import normalize

from logic.core.language import SOURCE, _, current_locale

NO_COUNTRIES = frozenset({'EU', 'EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ'})
"""Two-letter codes of the register that stand for groups, for nothing, or for tests."""


def countries(locale: str = '') -> tuple[tuple[str, str], ...]:
    """Return (ISO 3166 code, name) of every country, by name; in the reader's language unless one is given."""
    return _countries(locale or current_locale())


def currencies(locale: str = '') -> tuple[tuple[str, str], ...]:
    """Return (ISO 4217 code, name with code) of every currency that people pay with today, by code."""
    return _currencies(locale or current_locale())


@lru_cache(maxsize=16)
def _countries(locale: str) -> tuple[tuple[str, str], ...]:
    names = _locale(locale).territories
    found = [(code, name) for code, name in names.items() if len(code) == 2 and code not in NO_COUNTRIES]
    return tuple(sorted(found, key=lambda pair: normalize('NFKD', pair[1])))


@lru_cache(maxsize=16)
def _currencies(locale: str) -> tuple[tuple[str, str], ...]:
    from babel.core import get_global

    names = _locale(locale).currencies
    # Of each territory: code, first day, last day, and whether it is legal tender.
    rows = (row for rows in get_global('territory_currencies').values() for row in rows)
    used = {code for code, _, end, is_paid in rows if is_paid and not end}
    return tuple((code, f'{code} · {names.get(code, code)}') for code in sorted(used))


def check_country(code: str) -> str:
    """Return a code, empty or of a country. Raises ValueError."""
    if code and code not in dict(countries(SOURCE)):
        raise ValueError(_('There is no such country.'))
    return code


def check_currency(code: str) -> str:
    """Return the code of a currency that people pay with today. Raises ValueError."""
    if code not in dict(currencies(SOURCE)):
        raise ValueError(_('Nobody pays with such a currency.'))
    return code


def _locale(name: str) -> Any:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(name.replace('-', '_'))
    except (UnknownLocaleError, ValueError):
        return Locale.parse('en')

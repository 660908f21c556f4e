"""Time zones as people choose them, and the country that a zone lies in."""

import importlib.resources
from functools import cache

from logic.core.language import wishes
from logic.organizations import zones

UNKNOWN = 'UTC'


@cache
def zone_choices() -> list[tuple[str, str]]:
    """Return zones with what to show, by name: those that places are named by, and UTC."""
    named = {*_countries(), UNKNOWN}
    return [(zone, zone.replace('_', ' ').replace('/', ' / ')) for zone in zones() if zone in named]


def country_of(zone: str) -> str:
    """Return the country of a zone as two letters, or ''; the holidays of a new department begin with it."""
    return _countries().get(zone, '')


def zone_of(asked: str | None) -> str:
    """Guess a zone from an Accept-Language header: the only one of the country that is named first, else UTC.

    A browser with scripts knows better; what it says replaces the guess.
    """
    countries = [part for name in wishes(asked) for part in name.upper().split('-')[1:] if len(part) == 2]
    found = [zone for zone, country in _countries().items() if country in countries[:1]]
    return found[0] if len(found) == 1 else UNKNOWN


@cache
def _countries() -> dict[str, str]:
    table = importlib.resources.files('tzdata.zoneinfo').joinpath('zone.tab').read_text('utf-8')
    rows = [line.split('\t') for line in table.splitlines() if line and not line.startswith('#')]
    return {row[2]: row[0] for row in rows}

"""Time zones as people choose them, and the country that a zone lies in."""

import importlib.resources
from functools import cache

from logic.organizations import zones


@cache
def zone_choices() -> list[tuple[str, str]]:
    """Return zones with what to show, by name: those that places are named by, and UTC."""
    named = {*_countries(), 'UTC'}
    return [(zone, zone.replace('_', ' ').replace('/', ' / ')) for zone in zones() if zone in named]


def country_of(zone: str) -> str:
    """Return the country of a zone as two letters, or ''; the holidays of a new department begin with it."""
    return _countries().get(zone, '')


@cache
def _countries() -> dict[str, str]:
    table = importlib.resources.files('tzdata.zoneinfo').joinpath('zone.tab').read_text('utf-8')
    rows = [line.split('\t') for line in table.splitlines() if line and not line.startswith('#')]
    return {row[2]: row[0] for row in rows}

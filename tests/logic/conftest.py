"""When rules are tested: always at the same moment, so that none fails by the moment at which the suite runs."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

NOON = datetime(2026, 11, 18, 17, tzinfo=UTC)
"""A Wednesday at noon in New York: no day, week, month or year ends soon there or in Greenwich, and no summer time."""
TODAY = NOON.date()


@pytest.fixture(scope='module', autouse=True)
def morning() -> Iterator[None]:
    """What a whole file stands on is made a while before."""
    with time_machine.travel(NOON - timedelta(minutes=10), tick=True):
        yield


@pytest.fixture(autouse=True)
def clock(morning: None) -> Iterator[None]:
    """Each test begins at noon, and the clock goes on; one that needs another moment travels on from here."""
    with time_machine.travel(NOON, tick=True):
        yield

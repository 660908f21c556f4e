"""When rules are tested: always at the same moment, so that none fails by the moment at which the suite runs."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from tests.conftest import NOON

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

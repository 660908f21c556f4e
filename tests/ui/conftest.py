"""The small server of the guard's tests, with the guard and without it."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.ui.rogue import Served, serve


@pytest.fixture(scope='session')
def bare() -> Iterator[Served]:
    """NiceGUI as it comes."""
    with serve(guarded=False) as served:
        yield served


@pytest.fixture(scope='session')
def running() -> Iterator[Served]:
    """The same pages behind the guard."""
    with serve(guarded=True) as served:
        yield served


@pytest.fixture
async def guarded(running: Served) -> AsyncIterator[Served]:
    """The guarded server, with everybody signed in and nothing remembered of the test before."""
    await running.forget()
    yield running
    await running.forget()

"""The world of the contract tests: two departments with one row of every table, made once."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from data import database as databases
from tests.conftest import NOON
from tests.contracts import rows
from tests.contracts.rows import World


@pytest.fixture(scope='session')
def built_world(template: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two departments in a folder of their own; not to be changed."""
    with time_machine.travel(NOON - timedelta(minutes=10), tick=True):
        return rows.build(template, tmp_path_factory.mktemp('world'))


@pytest.fixture
async def world(built_world: World, tmp_path: Path) -> AsyncIterator[World]:
    """The two departments in an open database of this test's own."""
    with time_machine.travel(NOON, tick=True):  # on the day on which the rows were made
        databases.connect(built_world.copy(tmp_path))
        yield built_world.just_signed_in()
        await databases.disconnect()

"""What the status says to whoever keeps Logbook running."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from data.core import now
from logic import status
from logic.core import config
from logic.core.actor import Actor
from logic.core.config import Settings
from ui.pages.status.clock import clock_worries


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[None]:
    config.configure(Settings(_env_file=None, data_dir=tmp_path))  # type: ignore[call-arg]
    yield
    config.configure(None)


async def test_a_clock_that_is_wrong_is_said_and_one_that_is_right_is_not(chief: Actor) -> None:
    found = await status.system_status(chief)
    assert clock_worries(found, 'UTC') == []
    (apart,) = clock_worries(replace(found, clock_ahead=timedelta(seconds=-90)), 'UTC')
    assert 'differ by 90 s' in apart
    (moved,) = clock_worries(replace(found, clock_set_at=now(), clock_set_by=timedelta(hours=-1)), 'UTC')
    assert 'moved by -3,600 s' in moved
    assert clock_worries(replace(found, clock_set_at=now() - timedelta(days=2)), 'UTC') == []

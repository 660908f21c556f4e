"""A clock that is set while Logbook runs, or goes otherwise than the database server's, is told (R13)."""

from datetime import UTC, timedelta

import pytest
import time_machine
from structlog.testing import capture_logs

from data.core import now
from data.transport import open_engine
from logic.core import clock


@pytest.mark.parametrize('by', [timedelta(days=1), timedelta(days=-1), timedelta(seconds=31)])
def test_a_clock_that_is_set_while_logbook_runs_is_told_once(by: timedelta) -> None:
    watched = clock.Watched()
    with capture_logs() as logged, time_machine.travel(now() + by):
        watched.look()
        watched.look()
        assert watched.set_at is not None
        assert abs(watched.set_at - now()) < timedelta(seconds=10)
    assert abs(watched.set_by - by) < timedelta(seconds=1)
    assert [entry['event'] for entry in logged] == ['clock.was_set']


def test_a_clock_that_follows_a_time_server_is_no_matter() -> None:
    watched = clock.Watched()
    with capture_logs() as logged, time_machine.travel(now() + timedelta(seconds=20)):
        watched.look()
    assert (watched.set_at, logged) == (None, [])


@pytest.mark.parametrize(('by', 'told'), [(0, []), (120, ['clock.differs_from_database'])])
async def test_a_clock_that_goes_otherwise_than_the_database_servers_is_told(
    by: int, told: list[str], mariadb_url: str
) -> None:
    engine = open_engine(mariadb_url)
    that_of_the_server = time_machine.escape_hatch.datetime.datetime.now(UTC)
    with capture_logs() as logged, time_machine.travel(that_of_the_server + timedelta(seconds=by)):
        async with engine.connect() as connection:
            ahead = await clock.compare(connection)
    await engine.dispose()
    assert abs(ahead - timedelta(seconds=by)) < timedelta(seconds=10)
    assert [entry['event'] for entry in logged] == told

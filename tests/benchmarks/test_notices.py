"""Telling ten thousand people is hardly felt by those who open pages meanwhile: requests to a served Logbook."""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from tests.benchmarks.served import Served, install, serve

PEOPLE = 10_000
MOST = 1.2
"""Times the p95 of a page when nobody is told anything."""
ROUNDS = 2
CALM_SECONDS, MOST_SECONDS, PAUSE = 25.0, 120.0, 0.03
PAGE = '/members?size=50'


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[tuple[Served, str]]:
    """A served department of 500 people, and the session of its owner."""
    folder = tmp_path / 'data'
    made = install(folder, members=500)
    with serve(folder) as served:
        yield served, made.tokens[0]


@dataclass
class Seen:
    """How long pages took, and how long the server worked, at whatever it did, until each was answered."""

    wall: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)

    def add(self, served: Served, took: list[float]) -> None:
        self.wall += took
        self.work += [one['cpu_ms'] for one in served.ask('requests')]


def look(browser: httpx2.Client, until: Callable[[], bool]) -> list[float]:
    """Open a page again and again; return how long each took, in milliseconds."""
    took = []
    while not until():
        begun = time.perf_counter()
        assert browser.get(PAGE).status_code == 200
        took.append((time.perf_counter() - begun) * 1000)
        time.sleep(PAUSE)
    return took


def after(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


def p95(took: list[float]) -> float:
    return statistics.quantiles(took, n=20)[-1]


@pytest.mark.benchmark
def test_telling_ten_thousand_leaves_the_pages_of_others_quick(
    busy: tuple[Served, str], capsys: pytest.CaptureFixture[str]
) -> None:
    served, token = busy
    assert served.ask(f'crowd?{PEOPLE}') == PEOPLE
    calm, busy_times = Seen(), Seen()
    with served.browser(token) as browser:
        look(browser, after(3))
        served.ask('requests')
        for number in range(1, ROUNDS + 1):  # by turns, since others use this machine too
            calm.add(served, look(browser, after(CALM_SECONDS)))
            act, begun = served.ask('notify'), time.monotonic()
            while served.ask('noticed') < number * PEOPLE:
                assert time.monotonic() - begun < MOST_SECONDS
                busy_times.add(served, look(browser, after(1)))
            told = time.monotonic() - begun
    with capsys.disabled():
        print(f'\nnotices: act {act * 1000:.0f} ms, {PEOPLE:,} told in {told:.1f} s')
        for name, one, other in (('wall', calm.wall, busy_times.wall), ('processor', calm.work, busy_times.work)):
            middle = f'median {statistics.median(one):.1f} and {statistics.median(other):.1f} ms'
            ends = f'p95 {p95(one):.1f} and {p95(other):.1f} ms, {p95(other) / p95(one):.2f} times'
            print(f'notices: page without and meanwhile, {name}: {middle}; {ends}')
    assert p95(busy_times.wall) <= MOST * p95(calm.wall)

"""A page asks the database at most twelve things, and with 500 members no more than with 50."""

from pathlib import Path

import pytest

from tests.benchmarks.installation import Made
from tests.benchmarks.served import Served, elements, install, serve
from tests.contracts.test_pages import SCREENS, address

MOST = 12
FEW, MANY = 50, 500
GROWS = {'/audit/1': 'the proof of an entry reads a tile more for each 256-fold of the log'}


def count(served: Served, made: Made) -> dict[str, int]:
    """Return the statements of every page that has something to show, tab by tab, once it is warm."""
    counted: dict[str, int] = {}
    with served.browser(made.tokens[0]) as browser:
        waiting = [address(path, made)[0] for path in SCREENS if address(path, made)[1]]
        while waiting:
            path = waiting.pop(0)
            browser.get(path)
            served.ask('requests')
            counted[path] = 1_000
            for _ in range(3):  # the session is read anew every five seconds; the least is the page's own
                answer = browser.get(path)
                assert answer.status_code == 200, f'{path}: {answer.status_code}'
                seen = [statement for request in served.ask('requests') for statement in request['statements']]
                counted[path] = min(counted[path], len([statement for statement in seen if statement != 'BEGIN']))
            if '?' not in path:
                waiting += [f'{path}?tab={name}' for name in tabs(answer.text)]
    return counted


def tabs(document: str) -> list[str]:
    """Return the names of the tabs of a page but the first, which is open."""
    shown = [e['props']['data'] for e in elements(document).values() if e.get('props', {}).get('kind') == 'tabs']
    return [tab['name'] for data in shown for tab in data['tabs'][1:]]


@pytest.fixture(scope='module')
def counts(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, int], dict[str, int]]:
    """The statements of every page with few members, and with many."""
    folder = tmp_path_factory.mktemp('statements')
    few, many = (measure(folder / str(members), members) for members in (FEW, MANY))
    return few, many


def measure(folder: Path, members: int) -> dict[str, int]:
    """Count in a department of so many; ids in the addresses are taken out, so that two can be compared."""
    made = install(folder, members=members)
    with serve(folder) as served:
        found = count(served, made)
    return {path.replace(made.record_id, '{member_id}').replace(made.position_id, '{position_id}'): number
            for path, number in found.items()}  # fmt: skip


def test_no_page_asks_more_than_twelve_things(counts: tuple[dict[str, int], dict[str, int]]):
    over = {path: n for path, n in counts[1].items() if n > MOST}
    assert over == {}


def test_no_page_asks_more_the_more_people_there_are(counts: tuple[dict[str, int], dict[str, int]]):
    few, many = counts
    assert {path: (few.get(path), n) for path, n in many.items() if few.get(path) != n and path not in GROWS} == {}


def test_the_pages_that_people_open_daily_are_counted(counts: tuple[dict[str, int], dict[str, int]]):
    assert {'/', '/members', '/members/{member_id}', '/positions', '/audit', '/settings'} <= set(counts[0])
    assert len([path for path in counts[0] if path.startswith('/members/{member_id}?tab=')]) >= 3

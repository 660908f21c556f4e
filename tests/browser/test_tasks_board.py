"""The board of a list in several windows: rebalanced, filtered, taken back, and shorter than what was done."""

import sqlite3
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.benchmarks.served import Served
from tests.browser.test_pages_at_work import begin
from tests.browser.test_tasks import Sit, card, installed, lane, people, sit, write
from tests.ui.pages.cast import Cast

__all__ = ['installed', 'people', 'sit']
pytestmark = pytest.mark.browser


@pytest.fixture
def fresh(sit: Sit, people: Cast) -> tuple[Page, str]:
    """A window on the board of a new list, and the path of that board."""
    page = sit(people.owner)
    title = f'Crew {uuid4().hex[:6]}'
    begin(page, '/tasks/lists')
    page.get_by_role('button', name='Add list').first.click()
    page.get_by_role('dialog').get_by_label('Title').fill(title)
    page.get_by_role('dialog').get_by_role('button', name='Add', exact=True).click()
    expect(page.get_by_role('heading', name=title)).to_be_visible()
    return page, '/' + page.url.partition('?')[0].split('/', 3)[3]


def titles(page: Page, column: str = 'Pending') -> list[str]:
    return lane(page, column).locator('[data-card] a').all_text_contents()


def expect_titles(page: Page, wanted: list[str], column: str = 'Pending') -> None:
    expect(lane(page, column).locator('[data-card] a')).to_have_text(wanted)


def choose(page: Page, title: str, item: str) -> None:
    card(page, title).get_by_role('button').first.click()
    page.get_by_role('menuitem', name=item, exact=True).click()


def drag(page: Page, title: str, onto: str) -> None:
    """Drag a card to just above another one."""
    start, end = card(page, title).bounding_box(), card(page, onto).bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start['x'] + 60, start['y'] + 40)
    page.mouse.down()
    page.mouse.move(start['x'] + 70, start['y'] + 30, steps=4)
    page.mouse.move(end['x'] + 60, end['y'] + 8, steps=10)
    page.wait_for_timeout(200)  # until the cards have slid aside
    page.mouse.move(end['x'] + 62, end['y'] + 6, steps=4)
    page.mouse.up()


def test_a_board_that_is_open_follows_when_its_column_is_rebalanced(
    sit: Sit, people: Cast, fresh: tuple[Page, str], installed: tuple[Served, Cast]
) -> None:
    mine, path = fresh
    write(mine, 'One', 'Two', 'Three', 'Four')
    expect_titles(mine, ['One', 'Two', 'Three', 'Four'])
    crowd(installed[0], path, One='zz' + '0' * 40 + '1', Two='zz' + '0' * 40 + '2', Three='zz1', Four='zz2')
    other = sit(people.owner)
    begin(mine, path)
    begin(other, path)
    drag(mine, 'Four', 'Two')
    for window in (mine, other):
        expect_titles(window, ['One', 'Four', 'Two', 'Three'])
    drag(other, 'Three', 'Four')
    for window in (mine, other):
        expect_titles(window, ['One', 'Three', 'Four', 'Two'])


def crowd(served: Served, path: str, **keys: str) -> None:
    """Give the cards of a list keys that leave no room between them."""
    with sqlite3.connect(served.folder / 'logbook.db') as rows:
        for title, key in keys.items():
            given = (key, title, UUID(path.rsplit('/', 1)[1]).hex)
            changed = rows.execute('UPDATE task SET order_key = ? WHERE title = ? AND list_id = ?', given)
            assert changed.rowcount == 1
    rows.close()

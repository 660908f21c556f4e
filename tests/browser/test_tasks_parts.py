"""The parts of a task: told of when it is finished before them, and finished with it by one click more."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_pages_at_work import begin
from tests.browser.test_tasks import Sit, add_list, card, installed, people, sit, write  # noqa: F401  fixtures
from tests.browser.test_tasks_again import cancelled, from_its_page, from_my_work, from_table, from_the_board
from tests.ui.pages.cast import Cast

pytestmark = pytest.mark.browser


def by_a_move(page: Page, home: str, title: str) -> None:
    begin(page, home)
    card(page, title).get_by_role('button').first.click()
    page.get_by_role('menuitem', name='Move to Completed').click()


@pytest.mark.parametrize('finish', [from_table, from_its_page, cancelled, from_the_board, from_my_work, by_a_move])
def test_whoever_finishes_a_task_with_open_parts_finishes_them_too_and_takes_all_back(
    sit: Sit,  # noqa: F811
    people: Cast,  # noqa: F811
    finish: Callable[[Page, str, str], None],
) -> None:
    page, title = sit(people.owner), f'Check hose {finish.__name__}'
    home = add_list(page, f'Parts {finish.__name__}')
    begin(page, home)
    write(page, title, '  Unroll', '  Roll')
    finish(page, home, title)
    told = page.locator('.lb-toast').filter(has_text='2 parts are still open.')
    told.get_by_role('button', name='Cancel them too' if finish is cancelled else 'Complete them too').click()
    page.locator('.lb-toast').filter(has_text='Finished 2 parts too.').get_by_role('button', name='Undo').click()
    expect(page.locator('.lb-toast').filter(has_text='Undone for 2 tasks.')).to_be_visible()
    begin(page, f'{home}?as=table')
    expect(page.get_by_role('row').filter(has_text='Pending')).to_have_count(3)
    expect(page.get_by_role('row').filter(has_text='Unroll')).to_contain_text(f'part of {title}')
    begin(page, home)
    expect(card(page, title)).to_contain_text('0/2')

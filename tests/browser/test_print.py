"""Paper: a screen is printed light and without its controls, and every column fits the sheet."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.benchmarks.served import Served
from tests.browser.test_pages_at_work import begin
from tests.browser.test_people import installed, people, sit
from tests.browser.test_tasks import write
from tests.ui.pages.cast import Cast

__all__ = ['installed', 'people']

UPRIGHT, ACROSS = 688, 1016
"""A4 less its margins, in CSS pixels."""
CONTROLS = """() => [...document.querySelectorAll(
        'button, input, select, textarea, [contenteditable], [role=tablist], nav, .lb-filter')]
    .filter((one) => one.checkVisibility() && !one.closest('th, .lb-todo-tick, [role=switch]'))
    .map((one) => one.outerHTML.slice(0, 160))"""
TOO_WIDE = """() => [...document.querySelectorAll('h1, th, td, dd, .lb-board-card, .lb-chart svg, .ec-event')]
    .filter((one) => one.checkVisibility())
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 || one.getBoundingClientRect().left < 0)
    .map((one) => one.outerHTML.slice(0, 160))"""
CUT = """() => [...document.querySelectorAll('.lb-table td, .lb-table th')]
    .filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent)"""


@pytest.fixture(scope='module')
def dark(browser: Browser, installed: tuple[Served, Cast]) -> Iterator[Page]:
    """A page of the owner, who likes it dark, in a department with sample data."""
    page = sit(browser, installed, installed[1].owner)
    page.emulate_media(color_scheme='dark')
    begin(page, '/settings/samples')
    page.get_by_role('button', name='Load sample data').click()
    expect(page.get_by_role('button', name='Remove them')).to_be_visible()
    yield page
    page.context.close()


def on_paper(page: Page, width: int) -> None:
    page.set_viewport_size({'width': width, 'height': 900})
    page.emulate_media(media='print', color_scheme='dark')
    expect(page.locator('html')).to_have_attribute('data-theme', 'light')


def on_screen(page: Page) -> None:
    page.emulate_media(media='screen', color_scheme='dark')
    page.set_viewport_size({'width': 1440, 'height': 900})
    expect(page.locator('html')).to_have_attribute('data-theme', 'dark')


def home_of(page: Page, title: str = 'Station') -> str:
    begin(page, '/tasks/lists')
    return str(page.get_by_role('link', name=title).first.get_attribute('href')).partition('?')[0]


@pytest.mark.parametrize('width', [UPRIGHT, ACROSS], ids=['upright', 'across'])
@pytest.mark.parametrize(
    'path',
    ['/members', '/members/{person}', '/tasks', '{list}', '{list}?as=table', '{list}?as=calendar', '/audit', '/'],
)
def test_a_screen_on_paper_has_no_controls_and_nothing_beyond_the_sheet(
    dark: Page, people: Cast, path: str, width: int
) -> None:
    on_screen(dark)
    begin(dark, path.format(person=people.file_id, list=home_of(dark) if '{list}' in path else ''))
    dark.wait_for_function("!document.querySelector('main .lb-skeleton')")
    assert dark.evaluate(CONTROLS), 'on the screen there are some'
    on_paper(dark, width)
    expect(dark.locator('h1:visible')).to_be_visible()
    assert dark.evaluate(CONTROLS) == []
    assert dark.evaluate(TOO_WIDE) == []
    assert dark.evaluate(CUT) == []
    assert dark.evaluate('getComputedStyle(document.body).backgroundColor') == 'rgb(255, 255, 255)'


def test_a_list_on_paper_says_what_it_was_narrowed_to_and_repeats_its_head(dark: Page) -> None:
    on_screen(dark)
    begin(dark, '/members?q=an&status=active')
    expect(dark.locator('.lb-pager')).to_be_visible()
    asked = dark.get_by_text('“an”, Status: Active', exact=True)
    expect(asked).to_be_hidden()
    on_paper(dark, ACROSS)
    expect(asked).to_be_visible()
    expect(dark.locator('.lb-pager')).to_contain_text(re.compile(r'^1–\d+ of \d+ members$'))
    assert dark.evaluate("getComputedStyle(document.querySelector('.lb-table thead')).display") == 'table-header-group'


def test_a_board_on_paper_is_what_lies_on_it_on_one_sheet(dark: Page) -> None:
    on_screen(dark)
    begin(dark, home_of(dark, 'Office'))
    drag = dark.get_by_text('Drag one here.')
    expect(drag).to_be_visible()
    on_paper(dark, ACROSS)
    expect(drag).to_be_hidden()
    expect(dark.get_by_text('No tasks here.')).to_be_visible()
    on_screen(dark)
    begin(dark, home_of(dark))
    write(dark, *(f'Wash the hoses of engine {number} and hang them up !urgent *maintenance' for number in range(9)))
    expect(dark.locator('.lb-board-card').nth(9)).to_be_visible()
    on_paper(dark, ACROSS)
    assert len(re.findall(rb'/Type ?/Page\b', dark.pdf(prefer_css_page_size=True))) == 1


def test_all_columns_of_the_directory_fit_across_the_sheet(dark: Page) -> None:
    on_screen(dark)
    begin(dark, '/members')
    dark.get_by_role('button', name='Columns and sorting').click()
    for name in ('Type', 'Manager', 'Positions', 'E-mail', 'Tags'):
        dark.get_by_role('checkbox', name=name, exact=True).check()
    dark.keyboard.press('Escape')
    on_paper(dark, ACROSS)
    shown = dark.locator('.lb-table thead th:not(.lb-check-cell, .lb-menu-cell)')
    expect(shown.nth(11)).to_be_visible()  # what is folded on the screen has a column of its own
    assert dark.evaluate(TOO_WIDE) == []
    assert dark.evaluate(CUT) == []

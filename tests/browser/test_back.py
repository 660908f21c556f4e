"""Back closes what lies over a page, and the page stays; what was closed otherwise has left nothing to go back to."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open

pytestmark = pytest.mark.browser
HERE = re.compile(r'/folk(\?|$)')


def arrive(open_page: Open, *, phone: bool) -> Page:
    """Come to the list of people from the home page."""
    page = open_page('/', phone=phone)
    page.evaluate('logbook.go("/folk")')
    expect(page.get_by_role('heading', level=1)).to_have_text('Directory')
    page.wait_for_url(HERE)
    return page


def leaves(page: Page) -> None:
    """Expect that the next step back leads to the home page."""
    page.go_back()
    page.wait_for_url(re.compile(r':\d+/$'))


def dialog(page: Page) -> Locator:
    page.get_by_role('button', name='Add somebody').click()
    return page.get_by_role('dialog', name='Add somebody')


def palette(page: Page) -> Locator:
    page.get_by_role('button', name='Search or jump to…').click()
    return page.get_by_role('dialog', name='Search')


def drawer(page: Page) -> Locator:
    page.get_by_role('button', name='More', exact=True).click()
    return page.locator('.lb-drawer-open')


def notices(page: Page) -> Locator:
    page.get_by_role('button', name=re.compile('^Notices')).click()
    return page.get_by_role('region', name='Notices')


def menu(page: Page) -> Locator:
    page.get_by_role('button', name=re.compile('^Actions for')).first.click()
    return page.get_by_role('menu')


@pytest.mark.parametrize(
    ('shows', 'phone'),
    [(dialog, False), (palette, False), (dialog, True), (palette, True), (drawer, True), (notices, True), (menu, True)],
)
def test_back_closes_what_lies_over_a_page_and_then_leaves_it(
    open_page: Open, shows: Callable[[Page], Locator], *, phone: bool
) -> None:
    page = arrive(open_page, phone=phone)
    for _again in range(2):
        expect(shows(page)).to_be_visible()
        page.go_back()
        expect(page.locator('dialog[open], .lb-drawer-open, .lb-pop')).to_have_count(0)
        expect(page).to_have_url(HERE)
    expect(shows(page)).to_be_visible()
    page.keyboard.press('Escape')
    expect(page.locator('dialog[open], .lb-drawer-open, .lb-pop')).to_have_count(0)
    expect(page).to_have_url(HERE)
    page.wait_for_function('!history.state.over')
    leaves(page)


def test_back_asks_before_it_closes_what_was_typed_in(open_page: Open) -> None:
    page = arrive(open_page, phone=True)
    opened = dialog(page)
    opened.get_by_label('Given name').fill('Grace')
    page.go_back()
    expect(opened).to_contain_text('Not saved. Press again to close.')
    expect(opened.get_by_label('Given name')).to_have_value('Grace')
    page.wait_for_function('history.state.over === 1')
    page.go_back()
    expect(opened).to_have_count(0)
    expect(page).to_have_url(HERE)
    leaves(page)


@pytest.mark.parametrize('shows', [palette, drawer])
def test_where_one_goes_from_what_lies_over_a_page_back_leads_to_that_page(
    open_page: Open, shows: Callable[[Page], Locator]
) -> None:
    page = arrive(open_page, phone=True)
    shows(page).get_by_role('option' if shows is palette else 'link', name='Organization chart').click()
    page.wait_for_url('**/chart')
    expect(page.get_by_role('heading', level=1)).to_have_text('Organization chart')
    page.go_back()
    page.wait_for_url(HERE)
    expect(page.get_by_role('heading', level=1)).to_have_text('Directory')
    expect(page.locator('dialog[open], .lb-drawer-open')).to_have_count(0)
    leaves(page)


def test_what_was_chosen_in_a_filter_stays_when_back_closes_it(open_page: Open) -> None:
    page = arrive(open_page, phone=True)
    page.get_by_role('button', name='Status', exact=True).click()
    page.get_by_role('group', name='Status').get_by_role('checkbox').first.check()
    expect(page).to_have_url(re.compile('status='))
    page.go_back()
    expect(page.get_by_role('group', name='Status')).to_have_count(0)
    expect(page).to_have_url(re.compile('status='))
    page.reload()
    expect(page).to_have_url(re.compile('status='))
    leaves(page)


def test_neither_a_reload_nor_forward_leads_to_what_is_closed(open_page: Open) -> None:
    page = arrive(open_page, phone=True)
    expect(dialog(page)).to_be_visible()
    page.reload()
    page.wait_for_function('!history.state.over')
    expect(page.get_by_role('dialog')).to_have_count(0)
    expect(dialog(page)).to_be_visible()
    page.go_back()
    expect(page.get_by_role('dialog')).to_have_count(0)
    page.evaluate('history.forward()')
    page.wait_for_timeout(300)
    page.wait_for_function('!history.state.over')
    leaves(page)

"""From right to left: the document says so, and everything that has a side is on the other one."""

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import faults
from tests.browser.conftest import Open

SIDEWAYS = 'document.documentElement.scrollWidth - innerWidth'
PLACES = ('/', '/folk', '/folk/new', '/chart', '/board', '/slow')


@pytest.mark.parametrize('phone', [False, True], ids=['desk', 'phone'])
@pytest.mark.parametrize('path', PLACES)
def test_a_screen_fits_and_reads_from_right_to_left(open_page: Open, path: str, phone: bool) -> None:
    page = open_page(path, who='mirrored', phone=phone)
    page.wait_for_function("!document.querySelector('#lb-main .lb-skeleton')")
    assert page.evaluate('document.documentElement.dir') == 'rtl'
    assert page.evaluate('getComputedStyle(document.body).direction') == 'rtl'
    assert page.evaluate(SIDEWAYS) <= 0
    assert faults(page) == []


def test_the_way_of_writing_is_there_before_the_first_paint(open_page: Open) -> None:
    page = open_page('/', who='mirrored')
    assert page.locator('meta[name=direction]').get_attribute('content') == 'rtl'
    assert open_page('/').evaluate('document.documentElement.dir') == 'ltr'


def test_the_navigation_is_on_the_right(open_page: Open) -> None:
    page = open_page('/', who='mirrored')
    drawer, main = page.locator('.lb-drawer').bounding_box(), page.locator('.lb-body').bounding_box()
    assert drawer is not None
    assert main is not None
    assert drawer['x'] + drawer['width'] == 1440
    assert main['x'] == 0
    assert main['width'] == drawer['x']


def test_the_drawer_of_a_phone_comes_from_the_right(open_page: Open) -> None:
    page = open_page('/', who='mirrored', phone=True)
    drawer = page.locator('.lb-drawer')
    expect(drawer).to_be_hidden()
    page.locator('.lb-menu-button').click()
    expect(drawer).to_be_visible()
    page.wait_for_function(
        "Math.round(document.querySelector('.lb-drawer').getBoundingClientRect().right) === innerWidth"
    )
    assert page.evaluate(SIDEWAYS) <= 0


def test_arrow_keys_go_where_they_point(open_page: Open) -> None:
    page = open_page('/folk', who='mirrored')
    page.locator('tbody a').first.click()
    tabs = page.get_by_role('tab')
    tabs.first.focus()
    page.keyboard.press('ArrowLeft')
    expect(tabs.nth(1)).to_have_attribute('aria-selected', 'true')
    page.keyboard.press('ArrowRight')
    expect(tabs.first).to_have_attribute('aria-selected', 'true')


def test_what_points_onward_points_left(open_page: Open) -> None:
    page = open_page('/folk', who='mirrored')
    flipped = page.locator('.lb-icon-points').first.evaluate('(icon) => getComputedStyle(icon).transform')
    assert flipped == 'matrix(-1, 0, 0, 1, 0, 0)'


def test_what_stands_at_the_beginning_of_a_field_stands_on_the_right(open_page: Open) -> None:
    page = open_page('/folk', who='mirrored')
    field, icon = page.locator('.lb-field-search'), page.locator('.lb-field-search .lb-icon')
    around, inside = field.bounding_box(), icon.bounding_box()
    assert around is not None
    assert inside is not None
    assert inside['x'] > around['x'] + around['width'] / 2

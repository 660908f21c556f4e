"""Palette, results, saved views and pinned pages in a browser, by keyboard, as a person uses them."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.benchmarks.served import Served, serve
from tests.browser.conftest import until
from tests.browser.test_pages_at_work import begin, is_said, sit_down
from tests.ui.pages.cast import Cast, cast


@pytest.fixture(scope='module')
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Cast]]:
    folder = tmp_path_factory.mktemp('search') / 'data'
    people = cast(folder)
    with serve(folder) as served:
        yield served, people


@pytest.fixture
def desk(browser: Browser, installed: tuple[Served, Cast]) -> Iterator[Page]:
    yield from sit_down(browser, installed[0], installed[1].owner)


@pytest.fixture
def members_desk(browser: Browser, installed: tuple[Served, Cast]) -> Iterator[Page]:
    """The desk of somebody with the rights of every member."""
    yield from sit_down(browser, installed[0], installed[1].member)


def look_for(page: Page, text: str) -> None:
    page.keyboard.press('Control+k')
    expect(page.get_by_role('combobox', name='Search or jump to')).to_be_focused()
    page.keyboard.type(text)


def test_a_person_is_found_and_opened_by_keyboard_and_is_the_first_recent_page_then(desk: Page) -> None:
    begin(desk, '/members')
    desk.locator('[data-filter]').focus()
    look_for(desk, 'elena')
    first = desk.locator('.lb-palette [role=option]').first
    expect(first).to_contain_text('Elena Rossi')
    desk.keyboard.press('Escape')
    expect(desk.locator('[data-filter]')).to_be_focused()
    look_for(desk, 'elena')
    expect(first).to_contain_text('Elena Rossi')
    desk.keyboard.press('Enter')
    desk.wait_for_url(re.compile('/members/0'))
    expect(desk.get_by_role('heading', level=1)).to_contain_text('Elena Rossi')
    desk.wait_for_timeout(2200)  # so long one looks at what counts as visited

    def is_recent() -> bool:
        begin(desk, '/members')
        look_for(desk, '')
        desk.wait_for_timeout(1_000)
        found = desk.get_by_role('group', name='Recent').locator('[role=option]').all_inner_texts()
        return bool(found) and 'Elena Rossi' in found[0]

    until(is_recent)


def test_actions_are_offered_to_those_who_may(desk: Page, members_desk: Page) -> None:
    begin(desk, '/')
    look_for(desk, 'add person')
    expect(desk.get_by_role('group', name='Actions')).to_contain_text('Add person')
    desk.keyboard.press('Enter')
    desk.wait_for_url('**/members/new')
    begin(members_desk, '/')
    look_for(members_desk, 'add person')
    expect(members_desk.locator('.lb-palette-empty')).to_contain_text('Nothing matches')


def test_all_results_stand_on_a_page_of_their_own(desk: Page) -> None:
    main = begin(desk, '/search?q=elena')
    expect(main.get_by_role('link', name='Elena Rossi')).to_be_visible()
    expect(main).to_contain_text('1 result')


def test_a_view_is_saved_opened_renamed_made_the_first_and_removed(desk: Page) -> None:
    main = begin(desk, '/members')
    everybody = main.locator('.lb-pager > span').inner_text()
    desk.locator('[data-filter]').fill('elena')
    expect(main.locator('.lb-pager')).to_contain_text('1–1 of 1')
    main.get_by_role('button', name='Views').press('Enter')
    desk.get_by_label('Save what is shown as').fill('The owner')
    desk.keyboard.press('Enter')
    is_said(desk, 'Saved as "The owner".')
    expect(desk).to_have_url(re.compile('view='))

    begin(desk, '/members')
    expect(main.locator('.lb-pager')).to_contain_text(everybody)
    main.get_by_role('button', name='Views').click()
    view = main.get_by_role('button', name=re.compile('^The owner'))
    expect(view).to_contain_text('1')
    view.click()
    expect(main.locator('.lb-pager')).to_contain_text('1–1 of 1')
    expect(desk).to_have_url(re.compile(r'q=elena.*view='))
    desk.reload()
    main.get_by_role('button', name='The owner', exact=True).click()

    main.get_by_role('button', name='More for the view The owner').press('Enter')
    desk.get_by_role('menuitem', name='Rename').press('Enter')
    desk.get_by_label('New name').fill('Elena')
    desk.keyboard.press('Enter')
    main.get_by_role('button', name='Elena', exact=True).click()
    main.get_by_role('button', name='More for the view Elena').press('Enter')
    desk.get_by_role('menuitem', name='Open the list with it').press('Enter')
    expect(main.locator('.lb-views')).to_contain_text('opens first')

    begin(desk, '/members')
    expect(main.locator('.lb-pager')).to_contain_text('1–1 of 1')
    main.get_by_role('button', name='Clear all').click()
    expect(main.locator('.lb-pager')).to_contain_text(everybody)
    main.get_by_role('button', name=re.compile('Elena, changed')).click()
    main.get_by_role('button', name='Save changes to').click()
    expect(main.get_by_role('button', name='Elena', exact=True)).to_be_visible()

    main.get_by_role('button', name='Elena', exact=True).click()
    main.get_by_role('button', name='More for the view Elena').press('Enter')
    desk.get_by_role('menuitem', name='Remove').press('Enter')
    is_said(desk, 'The view was removed.')
    expect(main.get_by_role('button', name='More for the view Elena')).to_have_count(0)
    desk.get_by_role('button', name='Undo').click()
    expect(main.get_by_role('button', name='Elena', exact=True)).to_be_visible()


def test_a_shared_view_shows_each_his_own_rows_and_only_holders_of_the_right_share(
    desk: Page, members_desk: Page
) -> None:
    main = begin(desk, '/members?q=example.org')
    main.get_by_role('button', name='Views').click()
    desk.get_by_label('Save what is shown as').fill('By address')
    desk.get_by_label('Share with everybody').check()
    desk.get_by_role('button', name='Save view').click()
    is_said(desk, 'Saved as')
    main = begin(members_desk, '/members')
    main.get_by_role('button', name='Views').click()
    expect(members_desk.get_by_label('Share with everybody')).to_have_count(0)
    main.get_by_role('button', name=re.compile('^By address')).click()
    expect(members_desk).to_have_url(re.compile('q=example.org'))


def test_a_page_is_pinned_and_unpinned(desk: Page) -> None:
    begin(desk, '/members')
    desk.get_by_role('button', name='Pin this page').press('Enter')
    pinned = desk.locator('nav[aria-label=Main] ul[aria-labelledby=lb-nav-pinned]')
    expect(pinned.get_by_role('link')).to_have_count(1)
    begin(desk, '/')
    expect(pinned.get_by_role('link')).to_have_count(1)
    pinned.get_by_role('link').click()
    desk.get_by_role('button', name='Unpin this page').click()
    expect(pinned).to_have_count(0)

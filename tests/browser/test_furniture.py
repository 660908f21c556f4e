"""Comments, links, watching, presence and activity on a person's page, by keyboard and in two windows at once."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.benchmarks.served import Served, serve
from tests.browser.accessibility import faults
from tests.ui.pages.cast import Cast, cast

PASTE = """(area) => {
  const data = new DataTransfer();
  data.setData('text/html', '<div onclick="x()"><b>Bold</b><img src=x onerror="window.hurt=1">'
    + '<script>window.hurt=1</script><a href="javascript:window.hurt=1">a</a> '
    + '<a href="https://example.org/">site</a><font color=red>red</font></div>');
  area.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(scope='module')
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Cast]]:
    folder = tmp_path_factory.mktemp('furniture') / 'data'
    people = cast(folder)
    with serve(folder) as served:
        yield served, people


Desk = Callable[..., Page]


@pytest.fixture
def desk(browser: Browser, installed: tuple[Served, Cast]) -> Iterator[Desk]:
    """Open a tab of a person's page as somebody; complaints in the console fail the test."""
    served, people = installed
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(token: str, tab: str, *, person: str = '', phone: bool = False, dark: bool = False) -> Page:
        size: Any = {'width': 390, 'height': 844} if phone else {'width': 1440, 'height': 900}
        context = browser.new_context(
            base_url=served.origin, viewport=size, color_scheme='dark' if dark else 'light', has_touch=phone
        )
        contexts.append(context)
        context.add_cookies([{'name': 'logbook', 'value': token, 'url': served.origin}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on('console', lambda said: complaints.append(said.text) if said.type == 'error' else None)
        page.on('pageerror', lambda error: complaints.append(str(error)))
        page.goto(f'/members/{person or people.file_id}?tab={tab}')
        page.wait_for_selector('h1')
        page.wait_for_function('window.did_handshake === true')
        return page

    yield opened
    for context in contexts:
        context.close()
    # The policy of the page blocks what a pasted text would run while it is read: the line behind our cleaning.
    assert [text for text in complaints if 'inline event handler' not in text] == []


def box(page: Page, label: str = 'Say something') -> Locator:
    return page.get_by_role('textbox', name=label)


def said(page: Page, text: str) -> Locator:
    return page.locator('.lb-comments > li').filter(has_text=text)


def test_a_comment_is_written_formatted_and_sent_by_keyboard_and_seen_in_another_window(
    desk: Desk, installed: tuple[Served, Cast]
) -> None:
    people = installed[1]
    mine, other = desk(people.owner, 'comments'), desk(people.second, 'comments')
    expect(other.get_by_text('Also here: Elena Rossi')).to_be_visible()
    box(mine).focus()
    mine.keyboard.type('Please ')
    mine.keyboard.press('Control+b')
    mine.keyboard.type('renew')
    mine.keyboard.press('Control+b')
    mine.keyboard.type(' @jonas')
    expect(mine.get_by_role('option').first).to_contain_text('Jonas')
    expect(box(mine)).to_have_attribute('aria-activedescendant', re.compile('-0$'))
    mine.keyboard.press('Enter')
    expect(other.get_by_text('Elena Rossi is writing')).to_be_visible()
    mine.keyboard.press('Control+Shift+8')
    mine.keyboard.type(' today')  # and the space that stands there is not doubled
    mine.keyboard.press('Control+Enter')
    for page in (mine, other):
        expect(said(page, 'Please renew').get_by_role('listitem')).to_contain_text(re.compile(r'@Jonas.*\S\stoday$'))
        expect(said(page, 'Please renew').locator('.lb-rich').locator('b, strong')).to_have_text('renew')
        expect(said(page, 'Please renew').locator('[data-mention]')).to_contain_text('@Jonas')
    expect(box(mine)).to_be_empty()
    expect(mine.get_by_role('switch')).to_have_attribute('aria-checked', 'true')


def test_a_comment_is_edited_with_its_history_kept_deleted_and_brought_back(
    desk: Desk, installed: tuple[Served, Cast]
) -> None:
    page = desk(installed[1].owner, 'comments')
    box(page).focus()
    page.keyboard.type('First words')
    page.keyboard.press('Control+Enter')
    said(page, 'First words').get_by_role('button', name='Actions').click()
    page.get_by_role('menuitem', name='Edit').press('Enter')
    expect(box(page, 'Edit the comment')).to_be_focused()
    page.keyboard.type(' and more')
    page.keyboard.press('Control+Enter')
    said(page, 'First words and more').get_by_role('button', name='edited').click()
    expect(page.get_by_label('Earlier versions').get_by_text('First words', exact=True)).to_be_visible()
    said(page, 'First words and more').get_by_role('button', name='Actions').click()
    page.get_by_role('menuitem', name='Delete').click()
    expect(page.get_by_text('Deleted by Elena Rossi.')).to_be_visible()
    page.get_by_role('button', name='Undo').click()
    expect(said(page, 'First words and more')).to_be_visible()


def test_what_is_pasted_is_cleaned_and_a_draft_survives_a_reload(desk: Desk, installed: tuple[Served, Cast]) -> None:
    page = desk(installed[1].second, 'comments')
    box(page).focus()
    with page.expect_response('**/drafts'):
        box(page).evaluate(PASTE)
    markup = box(page).inner_html()
    assert 'Bold' in markup
    assert 'https://example.org/' in markup
    assert not re.search('onclick|onerror|script|<img|<font', markup)
    assert page.evaluate('window.hurt') is None
    page.reload()
    page.wait_for_function('window.did_handshake === true')
    expect(box(page)).to_contain_text('Bold')
    expect(page.get_by_text('This is your draft from before.')).to_be_visible()
    page.get_by_role('button', name='Comment', exact=True).click()
    expect(said(page, 'Bold')).to_be_visible()
    page.reload()
    page.wait_for_function('window.did_handshake === true')
    expect(box(page)).to_be_empty()


def test_a_record_is_linked_by_keyboard_and_unlinked_with_a_way_back(
    desk: Desk, installed: tuple[Served, Cast]
) -> None:
    people = installed[1]
    page = desk(people.owner, 'comments')
    links = page.get_by_role('region', name='Links')
    links.get_by_role('button', name='Add link').press('Enter')
    page.keyboard.type('elena rossi')
    expect(links.get_by_role('option')).to_contain_text(['Elena Rossi'])
    page.keyboard.press('Enter')
    expect(links.get_by_role('link', name='Elena Rossi')).to_be_visible()
    back = desk(people.owner, 'comments', person=people.owner_id)
    expect(back.get_by_role('region', name='Links').get_by_role('link')).to_have_attribute(
        'href', f'/members/{people.file_id}'
    )
    links.get_by_role('button', name='Remove the link to Elena Rossi').click()
    expect(back.get_by_role('region', name='Links').get_by_text('Nothing is linked yet.')).to_be_visible()
    page.get_by_role('button', name='Undo').click()
    expect(links.get_by_role('link', name='Elena Rossi')).to_be_visible()


def test_a_change_is_undone_from_the_activity_and_filtered_there(desk: Desk, installed: tuple[Served, Cast]) -> None:
    page = desk(installed[1].owner, 'activity')
    entry = page.locator('.lb-timeline > li').filter(has_text='Joined').first
    entry.get_by_role('button', name=re.compile('Undo')).click()
    expect(page.locator('.lb-toasts')).to_contain_text('Put back as it was.')
    expect(page.locator('.lb-timeline > li').first).to_contain_text('undid the entry')
    page.get_by_label('What').select_option(label='Certificate')
    expect(page.locator('.lb-timeline > li').first).to_contain_text('added a record')
    anchor = page.locator('.lb-timeline > li').first.get_attribute('id')
    page.goto(page.url.partition('#')[0] + f'#{anchor}')
    page.reload()
    expect(page.locator(f'#{anchor}')).to_be_focused()


def test_somebody_who_may_not_see_the_file_is_offered_no_comments(desk: Desk, installed: tuple[Served, Cast]) -> None:
    page = desk(installed[1].member, 'comments')
    expect(page.get_by_role('tab', name='Comments')).to_have_count(0)
    expect(page.locator('.lb-writer')).to_have_count(0)


@pytest.mark.parametrize('look', [{}, {'phone': True, 'dark': True}], ids=['desk', 'phone'])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    desk: Desk, installed: tuple[Served, Cast], look: dict[str, bool]
) -> None:
    for tab in ('comments', 'activity'):
        page = desk(installed[1].owner, tab, **look)
        page.wait_for_selector('.lb-writer' if tab == 'comments' else '.lb-timeline')
        if tab == 'comments':
            box(page).focus()
            page.keyboard.type('@')
            page.wait_for_selector('.lb-writer-people [role=option]')
        assert faults(page) == []
        assert page.evaluate('document.documentElement.scrollWidth <= innerWidth')


def test_who_is_about_to_change_a_record_is_told_to_the_others(desk: Desk, installed: tuple[Served, Cast]) -> None:
    people = installed[1]
    mine, other = desk(people.owner, 'overview'), desk(people.second, 'overview')
    mine.locator('.lb-page-head:visible').get_by_role('button', name='Edit').click()
    expect(mine.get_by_role('dialog')).to_be_visible()
    expect(other.get_by_text('Elena Rossi is changing this just now.')).to_be_visible()
    mine.keyboard.press('Escape')
    expect(other.get_by_text('Elena Rossi is changing this just now.')).to_have_count(0)
    mine.close()
    expect(other.get_by_text('Also here')).to_have_count(0)


def test_opening_a_record_marks_as_read_what_the_bell_says_of_it(desk: Desk, installed: tuple[Served, Cast]) -> None:
    people = installed[1]
    mine, other = desk(people.owner, 'comments'), desk(people.second, 'comments')
    bell = other.get_by_role('button', name=re.compile('^Notices'))
    switch = other.get_by_role('switch', name='Tell me what happens here')
    if switch.get_attribute('aria-checked') == 'false':
        switch.click()
    expect(switch).to_have_attribute('aria-checked', 'true')
    other.goto('/members')
    other.wait_for_function('window.did_handshake === true')
    before = bell.get_attribute('aria-label') or ''
    box(mine).focus()
    mine.keyboard.type('News for those who watch')
    mine.keyboard.press('Control+Enter')
    expect(bell).not_to_have_accessible_name(before)
    other.goto(f'/members/{people.file_id}')
    expect(bell).to_have_accessible_name(before)

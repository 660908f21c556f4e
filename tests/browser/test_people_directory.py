"""The directory: whom it shows, and how it is printed."""

import re

from playwright.sync_api import Page, expect

from tests.browser.test_pages import faults
from tests.browser.test_pages_at_work import begin, press
from tests.browser.test_people import desk, installed

__all__ = ['desk', 'installed']


def test_the_directory_shows_who_belongs_now_and_offers_those_who_left(desk: Page) -> None:
    begin(desk, '/members?sort=-name')
    pager, listed = desk.locator('.lb-pager'), desk.locator('tbody a[href^="/members/"]')

    def total() -> int:
        return int(re.findall(r'of ([\d,]+)', pager.inner_text())[0].replace(',', ''))

    before = total()
    name = listed.nth(5).inner_text()
    listed.nth(5).click()
    desk.wait_for_url(re.compile('/members/0'))
    press(desk.locator('.lb-page-head'), 'More actions')
    desk.get_by_role('menuitem', name='Change status').click()
    dialog = desk.get_by_role('dialog')
    dialog.get_by_label('New status').select_option(label='Left')
    dialog.get_by_label('Reason').fill('Moved away')
    press(dialog, 'Save')
    expect(desk.locator('.lb-page-head')).to_contain_text('Left')
    begin(desk, '/members?sort=-name')
    expect(desk.locator('.lb-page-head')).to_contain_text('1 other retired or left')
    assert total() == before - 1
    expect(listed.filter(has_text=name)).to_have_count(0)
    desk.get_by_role('button', name='Retired or left').click()
    desk.get_by_label('Shown alone').check()
    expect(pager).to_contain_text('of 1 ')
    expect(listed).to_have_text([name])
    assert 'past=only' in desk.url
    desk.get_by_label('Shown with the others').check()
    expect(pager).not_to_contain_text('of 1 ')
    assert total() == before
    begin(desk, f'/members?q={name.split()[-1]}')
    expect(listed.filter(has_text=name)).to_have_count(1)
    assert faults(desk) == []


def test_the_directory_is_printed_as_it_is_filtered_with_all_rows(desk: Page) -> None:
    begin(desk, '/members?q=an&sort=-name&size=25')
    total = int(re.findall(r'of (\d+)', desk.locator('.lb-pager').inner_text())[0])
    for kind, heads in (('Roster', ['Number', 'Name']), ('Phone list', ['Name', 'Phone'])):
        begin(desk, '/members?q=an&sort=-name&size=25')
        desk.get_by_role('button', name='Export and print').click()
        desk.get_by_role('menuitem', name=kind).click()
        press(desk.locator('main'), 'Make the list')
        sheet = desk.locator('.lb-sheet')
        expect(sheet).to_contain_text(f'{kind} · {total} people · “an”')
        assert desk.locator('.lb-sheet th').all_inner_texts()[:2] == heads
        assert sheet.locator('tbody tr').count() == total
        assert faults(desk) == []
    desk.emulate_media(media='print')
    expect(desk.locator('.lb-drawer')).to_be_hidden()
    expect(desk.get_by_role('button', name='Print')).to_be_hidden()
    desk.emulate_media(media='screen')

"""The directory: whom it shows, and how it is printed."""

import re

from playwright.sync_api import Page, expect

from tests.browser.test_pages import faults
from tests.browser.test_pages_at_work import begin, choose, is_said, press
from tests.browser.test_people import begin_merge, desk, installed, people
from tests.ui.pages.cast import Cast

__all__ = ['desk', 'installed', 'people']


def test_the_directory_shows_who_belongs_now_and_offers_those_who_left(desk: Page) -> None:
    begin(desk, '/members?sort=-name')
    pager, listed = desk.locator('.lb-pager'), desk.locator('tbody a[href^="/members/"]')

    def total() -> int:
        return int(re.findall(r'of ([\d,]+)', pager.inner_text())[0].replace(',', ''))

    before = total()
    name = listed.nth(5).inner_text()
    listed.nth(5).click()
    desk.wait_for_url(re.compile('/members/0'))
    press(desk.locator('.lb-page-head:visible').filter(has_text=name), 'More actions')
    desk.get_by_role('menuitem', name='Change status').click()
    dialog = desk.get_by_role('dialog')
    dialog.get_by_label('New status').select_option(label='Left')
    dialog.get_by_label('Reason').fill('Moved away')
    press(dialog, 'Save')
    expect(desk.locator('.lb-page-head:visible').filter(has_text=name)).to_contain_text('Left')
    begin(desk, '/members?sort=-name')
    expect(desk.locator('.lb-page-head:visible')).to_contain_text('1 other retired or left')
    assert total() == before - 1
    expect(listed.filter(has_text=name)).to_have_count(0)
    desk.get_by_role('button', name='Retired or left').click()
    desk.get_by_label('Only those').check()
    expect(pager).to_contain_text('of 1 ')
    expect(listed).to_have_text([name])
    assert 'past=only' in desk.url
    desk.get_by_label('With the others').check()
    expect(pager).not_to_contain_text('of 1 ')
    assert total() == before
    begin(desk, f'/members?q={name.split()[-1]}')
    expect(listed.filter(has_text=name)).to_have_count(1)
    assert faults(desk) == []


def test_the_filters_of_a_list_stand_in_one_row_and_one_that_is_set_is_always_among_them(desk: Page) -> None:
    begin(desk, '/members')
    bar, chips = desk.locator('.lb-table-bar'), desk.locator('.lb-table-bar [data-filter-name]')
    expect(chips).to_have_count(4)
    one_row = 'bar => bar.getBoundingClientRect().height < 70'
    assert bar.evaluate(one_row), 'all of it is in one row'
    more = bar.get_by_role('button', name='More filters')
    more.click()
    desk.get_by_role('menuitem', name='Position').click()
    first = desk.locator('.lb-filter-pop input').first
    expect(first).to_be_focused()
    desk.keyboard.press('Escape')
    expect(more).to_be_focused()
    expect(bar.get_by_role('button', name='Position')).to_have_count(0)
    more.press('Enter')
    desk.get_by_role('menuitem', name='Position').press('Enter')
    first.check()
    desk.keyboard.press('Escape')
    expect(bar.get_by_role('button', name='Position: ')).to_be_focused()
    desk.wait_for_url(re.compile('position='))
    desk.reload()
    expect(bar.get_by_role('button', name='Position: ')).to_be_visible()
    expect(chips).to_have_count(4)
    assert faults(desk) == []
    bar.get_by_role('button', name='Clear all').click()
    expect(bar.get_by_role('button', name='Position')).to_have_count(0)


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


def test_who_reports_to_somebody_is_found_by_the_address_behind_the_number(desk: Page, people: Cast) -> None:
    begin(desk, f'/members/{people.file_id}')
    dialog = choose(desk, 'Change job')
    boss = dialog.get_by_role('combobox', name='Manager')
    boss.fill(people.member_name.split()[-1])
    dialog.get_by_role('option', name=people.member_name).click()
    press(dialog, 'Save')
    is_said(desk, 'Saved')
    begin(desk, f'/members/{people.member_id}')
    reports = desk.locator('.lb-facts > div').filter(has_text='Reports').get_by_role('link')
    count = int(reports.inner_text().split()[0])
    reports.click()
    expect(desk.get_by_role('button', name=f'Manager: {people.member_name}')).to_be_visible()
    expect(desk.locator('.lb-pager')).to_contain_text(f'of {count} ')


def test_a_list_that_bears_the_name_of_its_page_does_not_say_it_again(desk: Page) -> None:
    begin(desk, '/members/duplicates')
    expect(desk.get_by_role('heading', name='Possible duplicates')).to_have_count(1)
    begin(desk, '/members')
    desk.evaluate("logbook.go('/members/duplicates')")
    expect(desk.get_by_role('heading', name='Possible duplicates')).to_have_count(1)


def test_the_words_that_logbook_uses_of_a_setting_lead_to_it(desk: Page) -> None:
    begin(desk, '/settings')
    found = desk.locator('.lb-places a')
    for word, title in (('audit', 'Audit log'), ('holiday', 'Department'), ('recovery sheet', 'Backup')):
        desk.get_by_label('Search settings').fill(word)
        expect(found).to_have_count(1)
        expect(found).to_contain_text(title)


def test_a_job_title_that_says_what_the_rank_says_is_shown_once(desk: Page, people: Cast) -> None:
    begin(desk, f'/members/{people.twin_id}?tab=work')
    row = desk.get_by_role('table', name='Job history').locator('tbody tr').first
    row.get_by_role('button', name='Actions').click()
    desk.get_by_role('menuitem', name='Correct').click()
    dialog = desk.get_by_role('dialog')
    dialog.get_by_label('Job title').fill('Lieutenant')
    dialog.get_by_label('Rank').select_option(label='Lieutenant')
    press(dialog, 'Save')
    expect(row).to_contain_text('Lieutenant')
    expect(desk.locator('.lb-page-head:visible')).to_contain_text('Lieutenant')
    for place in (row, desk.locator('.lb-page-head:visible')):
        assert place.inner_text().count('Lieutenant') == 1


def test_two_people_with_one_phone_are_told_apart_and_leave_the_list_of_duplicates(desk: Page) -> None:
    begin_merge(desk, 'Shared', Ida={'Phone': '2125550177'}, Ole={'Phone': '(212) 555-0177'})
    here = desk.url
    press(desk.locator('.lb-page-head:visible'), 'These are two people')
    expect(desk.get_by_role('heading', level=1)).to_have_text('Possible duplicates')
    expect(desk.locator('.lb-toasts')).to_contain_text('Noted.')
    pair = desk.get_by_role('link', name='Ida Shared')
    expect(pair).to_have_count(0)
    assert faults(desk) == []
    press(desk.locator('.lb-toasts'), 'Undo')
    expect(desk.get_by_role('heading', level=1)).to_have_text('Merge two records')
    expect(desk).to_have_url(here)
    begin(desk, '/members/duplicates')
    expect(pair).to_have_count(1)


def test_what_was_said_of_two_people_is_taken_back_from_the_page_long_after(desk: Page) -> None:
    begin_merge(desk, 'Later', Ida={'Phone': '2125550188'}, Ole={'Phone': '(212) 555-0188'})
    press(desk.locator('.lb-page-head:visible'), 'These are two people')
    expect(desk.locator('.lb-toasts')).to_contain_text('Noted.')
    begin(desk, '/members/duplicates')
    said = desk.get_by_role('table', name='Told apart').get_by_role('row').filter(has_text='Ida Later')
    expect(said).to_contain_text('Ole Later')
    pair = desk.get_by_role('link', name='Ida Later')
    expect(pair).to_have_count(0)
    assert faults(desk) == []
    said.get_by_role('button', name='Undo').click()
    expect(pair).to_have_count(1)
    expect(said).to_have_count(0)
    press(desk.locator('.lb-toasts'), 'Undo')
    expect(said).to_have_count(1)
    expect(pair).to_have_count(0)

"""One inbox: what waits for me from all modules, decided on its row, and gone from every screen at once."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_pages import faults
from tests.browser.test_pages_at_work import begin
from tests.browser.test_tasks import Sit, installed, people, sit
from tests.ui.pages.cast import Cast

__all__ = ['installed', 'people', 'sit']


@pytest.mark.browser
@pytest.mark.parametrize('phone', [False, True], ids=['desk', 'phone'])
def test_my_work_holds_decisions_and_tasks_without_a_fault(sit: Sit, people: Cast, phone: bool) -> None:
    page = sit(people.owner, phone=phone)
    begin(page, '/my-work')
    for words in ('Approve:', 'Decline:'):
        expect(page.get_by_role('button', name=words).first).to_be_visible()
    assert page.evaluate('document.documentElement.scrollWidth - innerWidth') <= 0
    assert faults(page) == []


@pytest.mark.browser
def test_a_change_is_approved_on_its_row_and_goes_from_every_screen(sit: Sit, people: Cast) -> None:
    chief, second = sit(people.owner), sit(people.second)
    begin(chief, '/my-work')
    begin(second, '/')
    waits = 'asks for a change'
    expect(second.get_by_role('link', name=waits)).to_be_visible()
    expect(chief.get_by_text('→ Duarte (Married)')).to_be_visible()
    chief.get_by_role('button', name='Approve:').click()
    expect(chief.get_by_role('link', name=waits)).to_have_count(0)
    expect(second.get_by_role('link', name=waits)).to_have_count(0)


@pytest.mark.browser
@pytest.mark.parametrize('phone', [False, True], ids=['desk', 'phone'])
def test_tasks_are_narrowed_to_a_person_who_is_found_by_typing(sit: Sit, people: Cast, phone: bool) -> None:
    page = sit(people.owner, phone=phone)
    begin(page, '/tasks')
    if phone:
        page.get_by_role('button', name='Filters').click()
        page.get_by_role('button', name='Added by', exact=True).click()
    else:
        page.get_by_role('button', name='More filters').click()
        page.get_by_role('menuitem', name='Added by').click()
    first, last = people.member_name.split(' ')
    page.keyboard.type(first)
    one = page.get_by_role('checkbox', name=re.compile(f'{first} ({last}|Duarte)'))  # the name that is approved above
    one.check()
    chosen = page.get_by_role('button', name=f'Added by: {first}')
    expect(chosen).to_be_visible()
    expect(page.get_by_role('heading', name='Nothing matches')).to_be_visible()
    assert faults(page) == []
    page.reload()
    if phone:
        page.get_by_role('button', name='Filters').click()
    expect(chosen).to_be_visible()
    chosen.click()
    one.uncheck()
    expect(page.get_by_role('button', name='Added by', exact=True)).to_be_visible()
    expect(one).not_to_be_checked()  # a slip of the finger is put right in place


@pytest.mark.browser
def test_on_a_phone_the_buttons_of_a_page_stand_in_one_row_and_a_number_in_one_piece(sit: Sit, people: Cast) -> None:
    page = sit(people.owner, phone=True)
    rows = '.lb-page-head > .lb-actions'
    for path, primary, other in (('/members', 'Add member', 'Import'), ('/account', 'Password', 'My notices')):
        begin(page, path)
        expect(page.locator(f'{rows} .lb-button-primary')).to_contain_text(primary)
        page.wait_for_function('rows => document.querySelector(rows).offsetHeight <= 48', arg=rows)
        page.get_by_role('button', name='More actions').click()
        expect(page.get_by_role('menuitem', name=other)).to_be_visible()
        assert faults(page) == []
        page.keyboard.press('Escape')
        page.set_viewport_size({'width': 1280, 'height': 800})
        expect(page.locator(rows).get_by_text(other)).to_be_visible()
        page.set_viewport_size({'width': 390, 'height': 844})
        expect(page.locator(rows).get_by_text(other)).to_have_count(0)
    begin(page, '/tasks')
    number = page.locator('.lb-cards .lb-cell-link + small').first
    assert number.evaluate("one => getComputedStyle(one).display === 'inline-block'")


@pytest.mark.browser
def test_an_endless_word_in_the_line_for_adding_stays_within_a_phone(sit: Sit, people: Cast) -> None:
    page = sit(people.owner, phone=True)
    begin(page, '/my-work')
    line = page.get_by_role('textbox', name='Add a task')
    line.fill('https://example.org/' + 'long' * 60)
    expect(page.get_by_role('list', name='What was understood').or_(line).first).to_be_visible()
    assert page.evaluate('document.documentElement.scrollWidth') == 390
    expect(page.get_by_role('button', name='Add', exact=True)).to_be_in_viewport()
    line.fill('')


@pytest.mark.browser
def test_what_opens_above_a_short_table_is_not_cut_off_by_its_end(sit: Sit, people: Cast) -> None:
    page = sit(people.owner)
    begin(page, '/tasks/lists?q=Station')
    page.get_by_role('button', name='Views').click()
    views = page.get_by_role('group', name='Saved views')
    for edge in (views.locator('button').last, views):
        box = edge.bounding_box()
        assert box is not None
        spot = [box['x'] + box['width'] / 2, box['y'] + box['height'] - 4]
        assert page.evaluate("([x, y]) => !!document.elementFromPoint(x, y)?.closest('.lb-views')", spot)

"""Quick add where people type it: the hint, what was understood beside what is offered, and the parts of a task."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import at_rest, faults
from tests.browser.test_pages_at_work import begin
from tests.browser.test_tasks import Sit, installed, people, quick, sit, station
from tests.ui.pages.cast import Cast

__all__ = ['installed', 'people', 'sit', 'station']


def parts(page: Page, people: Cast) -> None:
    begin(page, f'/tasks/{people.task_id}')
    expect(page.get_by_role('textbox', name='Add a part')).to_be_visible()


def clear(page: Page) -> None:
    """Leave no draft: it would be there again when the next one sits down."""
    with page.expect_response('**/drafts'):
        quick(page).fill('')


def test_every_field_of_quick_add_says_which_signs_it_reads(sit: Sit, people: Cast, station: str) -> None:
    page = sit(people.owner)
    for path in (station, '/my-work', f'/tasks/{people.task_id}'):
        begin(page, path)
        expect(quick(page)).to_have_accessible_description(re.compile(r'@okafor !high \*maintenance'))
    page.keyboard.press('c')
    expect(page.get_by_role('dialog').locator('[data-quick]')).to_have_accessible_description(re.compile('#Station'))


def test_on_a_phone_the_hint_is_short_and_speaks_of_no_keys_that_are_not_there(sit: Sit, people: Cast) -> None:
    page = sit(people.owner, phone=True)
    begin(page, '/my-work')
    hint = 'Such as: friday 5pm @okafor !high *maintenance. Paste lines to add several.'
    expect(quick(page)).to_have_accessible_description(hint)


@pytest.mark.parametrize('phone', [False, True])
def test_many_lines_say_how_many_they_are_and_that_there_is_more_below(sit: Sit, people: Cast, *, phone: bool) -> None:
    page = sit(people.owner, phone=phone)
    begin(page, '/my-work')
    quick(page).fill('Rinse\nDry')
    count = page.locator('.lb-quick-count')
    expect(count).to_have_text('2 lines')
    quick(page).fill('\n'.join(f'Wash engine {number} friday' for number in range(1, 31)))
    expect(count).to_have_text('30 lines · Scroll the list to see all of them.')
    over = quick(page).evaluate(
        '(it) => (it.scrollTop = it.scrollHeight, it.scrollTop - parseFloat(getComputedStyle(it).paddingTop))'
    )
    assert over % 20 == 0  # no line is cut at the top
    clear(page)


@pytest.mark.parametrize('phone', [False, True])
def test_what_is_offered_covers_nothing_of_what_was_understood(
    sit: Sit, people: Cast, station: str, *, phone: bool
) -> None:
    page = sit(people.owner, phone=phone)
    begin(page, f'/tasks/{people.task_id}')
    field = quick(page)
    field.scroll_into_view_if_needed()
    field.focus()
    for typed in ('Rinse tomorrow 5pm !high *soap', ' @'):
        page.keyboard.type(typed)
        read = page.get_by_role('list', name='What was understood')
        expect(read).to_contain_text('soap')
    offered = page.get_by_role('listbox', name='What it may be')
    expect(offered.get_by_role('option').first).to_be_visible()
    at_rest(page)
    one, other, box = (found.bounding_box() for found in (read, offered, field))
    assert one
    assert other
    assert box
    for covered in (one, box):
        assert other['y'] >= covered['y'] + covered['height'] or other['y'] + other['height'] <= covered['y']
    seen = page.evaluate(
        """() => [...document.querySelectorAll('.lb-quick-word, .lb-quick-names li:first-child')].every((one) => {
          const box = one.getBoundingClientRect();
          return one.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
        })"""
    )
    assert seen
    page.keyboard.press('Escape')
    clear(page)


def test_a_part_is_added_by_a_line_that_says_who_and_when(sit: Sit, people: Cast) -> None:
    page = sit(people.owner)
    parts(page, people)
    name = people.member_name.replace(' ', '')
    quick(page).focus()
    line = f'Rinse the "long" hose tomorrow 5pm @{name} !high every week'
    page.keyboard.type(line)
    read = page.get_by_role('list', name='What was understood')
    for word in (people.member_name, 'High', 'A part does not come again by itself.', 'Rinse the "long" hose every'):
        expect(read).to_contain_text(word)
    assert faults(page) == []
    page.keyboard.press('Enter')
    part = (
        page.get_by_role('list', name='Parts')
        .get_by_role('listitem')
        .filter(has_text='Rinse the "long" hose every week')
    )
    expect(part).to_contain_text('High')
    page.get_by_role('button', name='Undo').last.click()
    expect(part).to_have_count(0)
    expect(quick(page)).to_have_value(line)
    clear(page)


def test_the_menu_of_a_task_opens_the_same_line_for_a_part_and_goes_on_in_the_form_with_all_of_it(
    sit: Sit, people: Cast
) -> None:
    page = sit(people.owner)
    parts(page, people)
    page.get_by_role('button', name='More', exact=True).or_(
        page.locator('.lb-page-head [aria-haspopup=menu]')
    ).first.click()
    page.get_by_role('menuitem', name='Add a part').click()
    dialog = page.get_by_role('dialog')
    dialog.locator('[data-quick]').fill('Dry the hose from monday *towel')
    expect(dialog.get_by_role('list', name='What was understood')).to_contain_text('towel')
    dialog.get_by_role('button', name='More fields').click()
    form = page.get_by_role('dialog', name='Add a part')
    expect(form).to_contain_text('Taken over as well')
    expect(form).to_contain_text('towel')
    form.get_by_role('button', name='Add', exact=True).click()
    page.get_by_role('link', name='Dry the hose').click()
    expect(page.get_by_text('towel', exact=True).first).to_be_visible()


def test_quotes_that_keep_words_as_they_are_show_what_becomes_of_them(sit: Sit, people: Cast, station: str) -> None:
    page = sit(people.owner)
    begin(page, station)
    quick(page).fill('Read "due friday" aloud')
    expect(page.get_by_role('list', name='What was understood')).to_have_text('Read due friday aloud')
    quick(page).fill('Read  it aloud')
    expect(page.get_by_role('list', name='What was understood')).to_have_count(0)
    quick(page).fill('Wash\nDry')
    expect(page.get_by_role('button', name='More fields')).to_have_count(0)
    clear(page)


def test_ten_thousand_lines_are_answered_with_how_many_they_are_and_many_leave_the_page_where_it_is(
    sit: Sit, people: Cast, station: str
) -> None:
    page = sit(people.owner)
    begin(page, station)
    quick(page).evaluate(
        """(box) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData('text', Array(10000).fill('Check the hose friday').join('\\n'));
          box.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
        }"""
    )
    expect(page.get_by_role('alert').filter(has_text='These are 10,000 lines')).to_be_visible(timeout=2000)
    expect(quick(page)).to_have_value('')
    quick(page).fill('\n'.join(f'Check hose {number} friday' for number in range(150)))
    read = page.get_by_role('list', name='What was understood')
    expect(read.get_by_role('listitem')).to_have_count(150)
    box = read.bounding_box()
    assert box
    assert box['height'] < 300
    assert faults(page) == []
    clear(page)

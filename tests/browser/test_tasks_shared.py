"""A list for chosen people, what is said of a task wherever it is listed, and the bin, as people use them."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessibility import faults
from tests.browser.conftest import until
from tests.browser.test_pages_at_work import begin
from tests.browser.test_tasks import Sit, add_list, installed, people, quick, sit, station, write
from tests.ui.pages.cast import Cast

__all__ = ['installed', 'people', 'sit', 'station']
pytestmark = pytest.mark.browser


def dialog(page: Page) -> Locator:
    return page.get_by_role('dialog')


def test_a_list_for_chosen_people_asks_at_once_whom_and_is_not_saved_for_nobody(sit: Sit, people: Cast) -> None:
    page = sit(people.owner)
    begin(page, '/tasks/lists')
    page.get_by_role('button', name='Add list').first.click()
    dialog(page).get_by_label('Title').fill('Fund-raiser')
    expect(dialog(page).get_by_role('combobox', name='With whom')).to_have_count(0)
    dialog(page).get_by_text('Chosen people').click()
    expect(dialog(page).get_by_role('combobox', name='With whom')).to_be_focused()
    dialog(page).get_by_role('button', name='Add', exact=True).click()
    expect(dialog(page).get_by_role('alert')).to_contain_text('Choose with whom you share the list.')
    assert faults(page) == []
    dialog(page).get_by_role('combobox', name='With whom').fill(people.member_name)
    page.get_by_role('option', name=people.member_name).first.click()
    dialog(page).get_by_role('button', name='Add', exact=True).click()
    page.wait_for_url(re.compile('/tasks/lists/0'))
    begin(page, f'{page.url.partition("?")[0]}/settings')
    expect(page.get_by_role('row').filter(has_text=people.member_name)).to_contain_text('Work on tasks')
    member = sit(people.member)
    begin(member, '/notifications')
    expect(member.get_by_role('link', name=re.compile('shared the list "Fund-raiser" with you'))).to_be_visible()


def test_the_keys_of_a_choice_go_through_it_without_being_led_away(sit: Sit, people: Cast) -> None:
    page = sit(people.owner)
    begin(page, '/tasks/lists')
    page.get_by_role('button', name='Add list').first.click()
    dialog(page).get_by_role('radio', name='Only me').focus()
    page.keyboard.press('ArrowDown')
    page.keyboard.press('ArrowDown')
    expect(dialog(page).get_by_role('radio', name='The whole department')).to_be_focused()
    page.keyboard.press('ArrowUp')
    expect(dialog(page).get_by_role('radio', name='Chosen people')).to_be_focused()
    page.keyboard.press('Tab')
    expect(dialog(page).get_by_role('combobox', name='With whom')).to_be_focused()
    dialog(page).get_by_role('button', name='Cancel').dblclick()  # the first click warns of what is not saved
    expect(dialog(page)).to_have_count(0)


def test_who_was_chosen_for_one_leaves_no_empty_field_beside_his_name(sit: Sit, people: Cast) -> None:
    page = sit(people.owner)
    begin(page, f'{add_list(page, "Handover")}/settings')
    page.get_by_role('button', name='More actions').click()
    page.get_by_role('menuitem', name='Give to another owner').click()
    field = dialog(page).get_by_role('combobox', name='New owner')
    field.fill(people.member_name)
    expect(page.get_by_role('option', name=people.member_name).first).to_be_visible()
    page.keyboard.press('Enter')
    expect(dialog(page).locator('.lb-picked')).to_contain_text(people.member_name)
    expect(field).to_have_count(0)
    expect(dialog(page).get_by_role('button', name='Give', exact=True)).to_be_focused()
    assert faults(page) == []
    dialog(page).get_by_role('button', name=f'Remove {people.member_name}').click()
    expect(field).to_be_focused()


def test_the_page_of_a_shared_list_says_that_who_is_to_do_a_task_sees_it(sit: Sit, people: Cast) -> None:
    page = sit(people.owner)
    main = begin(page, f'{add_list(page, "Quiet")}/settings')
    expect(main).to_contain_text('Whoever is given a task of it sees that task as well.')
    expect(main).to_contain_text('Only the owner sees the list; its tasks also those who are to do them.')


def test_the_table_of_a_list_says_the_time_of_each_task_and_once_asked_its_column(
    sit: Sit, people: Cast, station: str
) -> None:
    page = sit(people.owner)
    begin(page, station)
    write(page, 'Fetch the foam tomorrow 17:30')
    begin(page, f'{station}?as=table&q=foam&sort=column')
    row = page.get_by_role('row').filter(has_text='Fetch the foam')
    expect(row).to_contain_text(re.compile('17:30|5:30'))
    expect(page.get_by_role('columnheader', name='Column')).to_have_count(0)  # each is named as its status
    page.get_by_role('button', name='Columns and sorting').click()
    page.get_by_role('checkbox', name='Column', exact=True).check()
    page.keyboard.press('Escape')
    expect(page.get_by_role('columnheader', name='Column')).to_have_attribute('aria-sort', 'ascending')
    begin(page, f'{station}?as=table')
    page.get_by_role('button', name='Column', exact=True).first.click()
    page.get_by_role('checkbox', name='In progress').check()
    expect(page.get_by_role('row').filter(has_text='Fetch the foam')).to_have_count(0)


def test_a_list_whose_name_has_a_space_is_offered_while_it_is_typed_and_put_into_quotes(sit: Sit, people: Cast) -> None:
    page = sit(people.owner)
    add_list(page, 'Week 49')
    begin(page, '/my-work')
    quick(page).focus()
    page.keyboard.type('Check hose #wee')
    offered = page.get_by_role('listbox', name='What it may be')
    expect(offered.get_by_role('option', name='Week 49')).to_have_attribute('aria-selected', 'true')
    assert faults(page) == []
    page.keyboard.press('Enter')
    expect(quick(page)).to_have_value('Check hose #"Week 49" ')
    page.keyboard.type(' ')
    expect(quick(page)).to_have_value('Check hose #"Week 49" ')  # the space is there already
    expect(offered).to_have_count(0)
    page.keyboard.type('@')
    expect(offered.get_by_role('option').first).to_be_visible()
    page.keyboard.press('Escape')
    expect(offered).to_have_count(0)
    page.keyboard.press('Backspace')
    page.keyboard.type('tomorrow')
    page.keyboard.press('Enter')
    expect(page.locator('.lb-toast').filter(has_text='Added.')).to_be_visible()
    page.get_by_role('link', name='Check hose').first.click()
    expect(page.locator('.lb-page-head:visible').filter(has_text='Check hose')).to_contain_text('Week 49')


def test_the_bin_says_who_deleted_and_offers_to_restore_in_the_row(sit: Sit, people: Cast, station: str) -> None:
    page = sit(people.owner)
    begin(page, '/tasks/bin')
    row = page.get_by_role('row').filter(has_text='A mistake')
    expect(row).to_contain_text('Elena Rossi')
    expect(row).to_contain_text('T-')
    assert faults(page) == []
    row.get_by_role('button', name='Restore: A mistake').click()
    expect(row).to_have_count(0)
    begin(page, f'{station}?as=table&q=mistake')
    expect(page.get_by_role('link', name='A mistake')).to_be_visible()


def test_a_reminder_names_the_instant_that_is_meant(sit: Sit, people: Cast, station: str) -> None:
    page = sit(people.owner)
    begin(page, station)
    write(page, 'Call the mayor 2027-03-01')
    page.locator('.lb-board-card').filter(has_text='Call the mayor').get_by_role('link').first.click()
    page.locator('.lb-card').filter(has=page.get_by_role('heading', name='Reminders')).get_by_role(
        'button', name='Add'
    ).click()
    choice = dialog(page).get_by_label('Remind me')
    expect(choice.locator('option:checked')).to_have_text(re.compile('1 hour before · Mon, .*2027, 0?8:00'))
    dialog(page).get_by_role('button', name='Add', exact=True).click()
    expect(page.get_by_text(re.compile('1 hour before it is due · Mon, .*2027, 0?8:00'))).to_be_visible()


def test_what_was_open_lately_is_found_once_and_with_its_number(sit: Sit, people: Cast) -> None:
    page = sit(people.owner)
    begin(page, f'/tasks/{people.task_id}')
    page.wait_for_timeout(2_200)  # so long one looks at what counts as visited

    def is_once() -> bool:
        begin(page, '/tasks/bin')
        page.keyboard.press('Control+k')
        page.keyboard.type('pump')
        options = page.get_by_role('option', name='Check the pump')
        expect(options.first).to_be_visible()
        page.wait_for_timeout(800)
        recent = page.get_by_role('group', name='Recent').get_by_role('option', name='Check the pump')
        if not recent.count():
            return False
        expect(recent).to_contain_text('T-')
        assert options.count() == 1
        return True

    until(is_once)

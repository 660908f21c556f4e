"""What somebody sees who has a list or a task open that is not for him any more: at once, and loaded again."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessibility import faults
from tests.browser.test_pages_at_work import begin, choose
from tests.browser.test_tasks import Sit, add_list, card, installed, people, quick, sit, station, write
from tests.ui.pages.cast import Cast

__all__ = ['installed', 'people', 'sit', 'station']
NOWHERE = '00000000-0000-7000-8000-000000000000'
pytestmark = pytest.mark.browser


def dialog(page: Page) -> Locator:
    return page.get_by_role('dialog')


def main(page: Page) -> Locator:
    return page.get_by_role('main')


def expect_gone(page: Page, heading: str, name: str) -> None:
    """Nothing of a record is left on a screen, which leads on; loaded again it answers as for one that never was."""
    expect(main(page).get_by_role('heading', level=1)).to_have_text(heading)
    expect(main(page).get_by_role('link', name='Open my tasks')).to_be_visible()
    expect(page.locator('body')).not_to_contain_text(name)
    assert name not in page.title()
    assert faults(page) == []
    answer = page.reload()
    assert answer is not None
    assert answer.status == 404
    expect(main(page)).to_contain_text('Ask somebody who has it.')
    said = main(page).inner_text()
    path = re.sub('[^/]+$', NOWHERE, page.url.partition('?')[0])
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 404
    expect(main(page)).to_contain_text('Ask somebody who has it.')
    assert main(page).inner_text() == said
    assert faults(page) == []
    main(page).get_by_role('link', name='Go to Tasks').click()
    expect(page.get_by_role('heading', level=1)).to_have_text('Tasks')


def share(page: Page, field: str, name: str) -> None:
    """Share the list whose settings are open."""
    page.get_by_role('button', name='Share', exact=True).click()
    if field == 'person':
        dialog(page).get_by_role('combobox').first.fill(name)
        page.get_by_role('option', name=name).first.click()
    else:
        dialog(page).get_by_label(field).focus()  # the people who are offered in the first field go with it
        dialog(page).get_by_label(field).select_option(label=name)
    dialog(page).get_by_role('button', name='Share', exact=True).click()
    expect(page.get_by_role('row').filter(has_text=name)).to_be_visible()


def test_a_list_that_is_shared_no_more_says_so_at_once_and_in_the_bell_and_leaves_nothing(
    sit: Sit, people: Cast
) -> None:
    owner, member, beside = sit(people.owner), sit(people.member), sit(people.member)
    address = add_list(owner, 'Surprise party')
    begin(owner, f'{address}/settings')
    share(owner, 'person', people.member_name)
    begin(member, address)
    expect(member.get_by_role('heading', name='Surprise party')).to_be_visible()
    begin(beside, f'{address}/settings')
    expect(beside.get_by_role('heading', name='Surprise party')).to_be_visible()
    with member.expect_response('**/drafts'):
        quick(member).fill('Blow up the balloons')
    owner.get_by_role('row').filter(has_text=people.member_name).get_by_role('button').last.click()
    owner.get_by_role('menuitem', name='Stop sharing').click()
    heading = 'This list is no longer shared with you'
    expect(main(beside).get_by_role('heading', level=1)).to_have_text(heading)
    expect_gone(member, heading, 'Surprise party')
    begin(member, '/notifications')
    told = member.get_by_role('link', name=re.compile('shares the list "Surprise party" with you no longer'))
    expect(told).to_have_attribute('href', '/tasks/lists')
    share(owner, 'person', people.member_name)
    begin(member, address)
    expect(quick(member)).to_have_value('Blow up the balloons')  # as the screen has said


def test_who_may_only_see_a_list_from_now_on_is_offered_nothing_else(sit: Sit, people: Cast) -> None:
    owner, member = sit(people.owner), sit(people.member)
    address = add_list(owner, 'Open day')
    begin(owner, f'{address}/settings')
    share(owner, 'person', people.member_name)
    begin(member, address)
    expect(member.get_by_role('button', name='Add task')).to_be_visible()
    owner.get_by_role('button', name='Share', exact=True).click()
    dialog(owner).get_by_role('combobox').first.fill(people.member_name)
    owner.get_by_role('option', name=people.member_name).first.click()
    dialog(owner).get_by_text('See', exact=True).click()
    dialog(owner).get_by_role('button', name='Share', exact=True).click()
    expect(member.get_by_role('button', name='Add task')).to_have_count(0)
    expect(member.get_by_role('heading', name='Open day')).to_be_visible()


def test_a_task_that_one_is_not_to_do_any_more_says_so_at_once_and_in_the_bell(sit: Sit, people: Cast) -> None:
    owner, member = sit(people.owner), sit(people.member)
    begin(owner, add_list(owner, 'My own'))
    write(owner, f'Sweep the loft @{people.member_name.replace(" ", "")}')
    card(owner, 'Sweep the loft').get_by_role('link').first.click()
    owner.wait_for_url(re.compile('/tasks/0'))
    address = owner.url.partition('?')[0]
    begin(member, f'{address}?tab=comments')
    expect(member.get_by_role('heading', name='Sweep the loft')).to_be_visible()
    owner.get_by_role('button', name='Who does it').click()
    dialog(owner).get_by_role('button', name=f'Remove {people.member_name}').click()
    dialog(owner).get_by_role('combobox').press('Escape')  # who else it may be is offered over the button
    dialog(owner).get_by_role('button', name='Save', exact=True).click()
    expect_gone(member, 'This task is no longer there for you', 'Sweep the loft')
    begin(member, '/notifications')
    told = member.get_by_role('link', name=re.compile('took T-.* off you: Sweep the loft'))
    expect(told).to_have_attribute('href', '/my-work')


def test_a_task_that_goes_into_the_bin_leads_there_whoever_has_it_open(sit: Sit, people: Cast, station: str) -> None:
    owner, other = sit(people.owner), sit(people.second)
    begin(owner, station)
    write(owner, 'Paint the gate')
    card(owner, 'Paint the gate').get_by_role('link').first.click()
    owner.wait_for_url(re.compile('/tasks/0'))
    begin(other, owner.url.partition('?')[0])
    expect(other.get_by_role('heading', name='Paint the gate')).to_be_visible()
    choose(owner, 'Delete')
    expect(main(other).get_by_role('heading', level=1)).to_have_text('This task is no longer there for you')
    main(other).get_by_role('link', name='Look into the bin').click()
    other.get_by_role('button', name='Restore: Paint the gate').click()
    expect(other.get_by_role('row').filter(has_text='Paint the gate')).to_have_count(0)
    other.go_back()
    expect(other.get_by_role('heading', name='Paint the gate')).to_be_visible()


def test_a_list_that_is_archived_says_so_where_it_is_open_and_comes_back(sit: Sit, people: Cast) -> None:
    owner, other = sit(people.owner), sit(people.owner)
    address = add_list(owner, 'Old fair')
    begin(other, address)
    expect(other.get_by_role('button', name='Add task')).to_be_visible()
    begin(owner, '/tasks/lists')
    owner.get_by_role('row').filter(has_text='Old fair').get_by_role('button').last.click()
    owner.get_by_role('menuitem', name='Archive').click()
    expect(main(other)).to_contain_text('This list is archived, and its tasks with it.')
    expect(other.get_by_role('button', name='Add task')).to_have_count(0)
    assert faults(other) == []
    main(other).get_by_role('button', name='Restore').click()
    expect(other.get_by_role('button', name='Add task')).to_be_visible()
    expect(main(other)).not_to_contain_text('This list is archived')


def test_who_goes_to_another_department_has_the_lists_of_the_first_no_longer(sit: Sit, people: Cast) -> None:
    owner, member = sit(people.owner), sit(people.member)

    def move(to: int) -> str:
        begin(owner, f'/members/{people.member_id}')
        field = choose(owner, 'Change job').get_by_label('Department', exact=True)
        field.select_option(index=to)
        name = str(field.locator('option:checked').inner_text())
        dialog(owner).get_by_role('button', name='Save', exact=True).click()
        expect(dialog(owner)).to_have_count(0)
        return name

    unit = move(1)
    address = add_list(owner, 'Night watch')
    begin(owner, f'{address}/settings')
    share(owner, 'Department', unit)
    begin(member, address)
    expect(member.get_by_role('heading', name='Night watch')).to_be_visible()
    move(2)
    expect_gone(member, 'This list is no longer shared with you', 'Night watch')

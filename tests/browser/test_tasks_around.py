"""What stands around tasks: their labels, kept in one place, and tasks that are made of what somebody said."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_pages import faults
from tests.browser.test_pages_at_work import begin
from tests.browser.test_tasks import Sit, card, installed, people, sit, station, write
from tests.ui.pages.cast import Cast

__all__ = ['installed', 'people', 'sit', 'station']
pytestmark = pytest.mark.browser


def test_labels_are_renamed_removed_and_brought_back(sit: Sit, people: Cast, station: str) -> None:
    page = sit(people.owner)
    begin(page, station)
    write(page, 'Grease the ladder *laders', 'Oil the hinges *ladders')
    begin(page, '/tasks')
    page.get_by_role('button', name='More actions').click()
    page.get_by_role('menuitem', name='Labels').click()
    expect(page.get_by_role('heading', name='Labels', exact=True)).to_be_visible()
    assert faults(page) == []
    page.get_by_role('button', name='Actions for laders').click()
    page.get_by_role('menuitem', name='Merge into another').click()
    page.get_by_role('dialog').get_by_label('Label that stays').select_option(label='ladders')
    page.get_by_role('dialog').get_by_role('button', name='Merge').click()
    row = page.get_by_role('row', name='ladders')
    expect(row).to_contain_text('2')
    expect(page.get_by_role('link', name='laders', exact=True)).to_have_count(0)
    page.get_by_role('button', name='Undo').click()
    expect(page.get_by_role('link', name='laders', exact=True)).to_be_visible()
    page.get_by_role('button', name='Actions for laders').click()
    page.get_by_role('menuitem', name='Edit').click()
    page.get_by_role('dialog').get_by_label('Name').fill('rungs')
    page.keyboard.press('Enter')
    expect(page.get_by_role('link', name='rungs')).to_be_visible()
    page.get_by_role('button', name='Actions for rungs').click()
    page.get_by_role('menuitem', name='Remove').click()
    expect(page.get_by_role('link', name='rungs')).to_have_count(0)
    page.get_by_role('button', name='Undo').last.click()
    page.get_by_role('link', name='rungs').click()
    expect(page.get_by_role('link', name='Grease the ladder')).to_be_visible()


@pytest.mark.parametrize('phone', [False, True], ids=['desk', 'phone'])
def test_a_comment_becomes_a_task_from_its_menu_by_keyboard_and_on_a_phone(sit: Sit, people: Cast, phone: bool) -> None:
    page = sit(people.owner, phone=phone)
    words = 'Sand the step' if phone else 'Paint the door'
    begin(page, f'/tasks/{people.task_id}?tab=comments')
    page.get_by_role('textbox', name='Say something').click()
    page.keyboard.type(words)
    page.keyboard.press('Control+Enter')
    expect(page.locator('.lb-comments > li').first).to_contain_text(words)
    expect(page.get_by_role('tab', name='Comments and files')).to_contain_text(
        str(page.locator('.lb-comments > li').count())
    )
    menu = page.get_by_role('button', name='Actions for the comment of').first
    if phone:
        menu.tap()
        page.get_by_role('menuitem', name='Make a task of it').tap()
    else:
        menu.focus()
        page.keyboard.press('Enter')
        expect(page.get_by_role('menuitem').first).to_be_focused()
        page.keyboard.press('ArrowDown')
        page.keyboard.press('ArrowDown')
        expect(page.get_by_role('menuitem', name='Make a task of it')).to_be_focused()
        page.keyboard.press('Enter')
    link = page.get_by_role('link', name=words)
    expect(link).to_be_visible()
    page.get_by_role('button', name='Undo').last.click()
    expect(link).to_have_count(0)
    menu.click()
    page.get_by_role('menuitem', name='Make a task of it').click()
    link.click()
    expect(page.get_by_role('heading', name=words)).to_be_visible()
    expect(page.locator('blockquote')).to_contain_text(words)
    page.locator('a[href*="#comment-"]').first.click()
    expect(page).to_have_url(re.compile(people.task_id))
    expect(page.locator('.lb-comments')).to_contain_text(words)


def test_a_column_a_share_and_noted_time_come_back_by_a_click(sit: Sit, people: Cast, station: str) -> None:
    page = sit(people.owner)

    def gone_and_back(name: str, act: str) -> None:
        row = page.get_by_role('row', name=name)
        row.get_by_role('button', name='Actions for').click()
        page.get_by_role('menuitem', name=act).click()
        expect(row).to_have_count(0)
        page.get_by_role('button', name='Undo').last.click()
        expect(row).to_be_visible()

    begin(page, f'{station}/settings')
    page.get_by_role('button', name='Add column').click()
    page.get_by_role('dialog').get_by_label('Title').fill('Review')
    page.get_by_role('dialog').get_by_role('button', name='Add').click()
    gone_and_back('Review', 'Remove')
    page.get_by_role('button', name='Share', exact=True).click()
    page.get_by_role('dialog').get_by_role('combobox', name='Person').fill(people.member_name.split(' ')[1])
    page.get_by_role('option', name=people.member_name).click()
    page.get_by_role('dialog').get_by_role('button', name='Share', exact=True).click()
    gone_and_back(people.member_name, 'Stop sharing')
    begin(page, f'/tasks/{people.task_id}?tab=time')
    page.get_by_role('button', name='Note time').first.click()
    page.get_by_role('dialog').get_by_label('Time spent').fill('0:25')
    page.get_by_role('dialog').get_by_label('Note', exact=True).fill('Rinsed it')
    page.get_by_role('dialog').get_by_role('button', name='Note', exact=True).click()
    expect(page.get_by_role('row').filter(has_text='Rinsed it')).to_contain_text('25')
    gone_and_back('Rinsed it', 'Remove')


@pytest.mark.parametrize('token', ['owner', 'member'])
def test_the_facts_of_a_task_stand_in_the_order_in_which_people_ask(sit: Sit, people: Cast, token: str) -> None:
    page = sit(getattr(people, token))
    begin(page, f'/tasks/{people.task_id}')
    expect(page.locator('.lb-facts dt').first).to_have_text('Who does it')
    labels = page.locator('.lb-facts dt').all_inner_texts()
    asked = ['Who does it', 'Due', 'Priority', 'Labels', 'Begins', 'Repeats', 'Estimate in minutes', 'Added by']
    assert [label for label in labels if label in asked] == asked


def test_progress_shows_from_when_a_task_is_begun_and_is_whole_when_it_is_completed(
    sit: Sit, people: Cast, station: str
) -> None:
    page = sit(people.owner)
    begin(page, station)
    write(page, 'Rope work', 'Radio work')
    progress = page.locator('dl > div', has=page.get_by_text('Progress in percent'))
    facts = page.get_by_role('region', name='Facts')

    def look(title: str) -> None:
        begin(page, station)
        card(page, title).get_by_role('link').click()
        expect(facts.get_by_text('Added by')).to_be_visible()

    look('Rope work')
    expect(progress).to_have_count(0)
    page.get_by_role('button', name='Complete').click()
    expect(facts.get_by_text('Completed by')).to_be_visible()
    expect(progress).to_have_count(0)
    begin(page, station)
    card(page, 'Radio work').get_by_role('button').first.click()
    page.get_by_role('menuitem', name='Move to In progress').click()
    expect(page.locator('.lb-toast').filter(has_text='Moved.')).to_be_visible()
    look('Radio work')
    expect(progress).not_to_contain_text('0')
    for typed, shown in (('40', '40'), ('', 'none'), ('60', '60')):
        page.get_by_role('button', name='Edit Progress in percent').click()
        page.get_by_role('spinbutton', name='Progress in percent').fill(typed)
        page.keyboard.press('Enter')
        expect(progress).to_contain_text(shown)
        expect(page.locator('.lb-editable-pending')).to_have_count(0)
    page.get_by_role('button', name='Complete').click()
    expect(progress).to_contain_text('100')
    expect(progress.get_by_role('button')).to_have_count(0)
    page.get_by_role('button', name='Take up again').click()
    expect(progress).to_contain_text('60')

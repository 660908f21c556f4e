"""What is typed into a fact where it stands is a draft until it is saved, and never saved by coming back."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.test_drafts import BACK, Desk, House, arrived, desk, house, ready, reload

__all__ = ['desk', 'house']


def sheet(desk: Desk, house: House, token: str = '') -> Page:
    return desk(f'/members/{house.people.file_id}', token)


def fact(page: Page, label: str) -> Locator:
    return page.locator('.lb-facts > div').filter(has=page.locator('dt', has_text=label).first).first


def edit(page: Page, label: str) -> Locator:
    page.get_by_role('button', name=f'Edit {label}', exact=True).press('Enter')
    box = control(page, label)
    expect(box).to_be_focused()
    return box


def control(page: Page, label: str) -> Locator:
    return page.get_by_label(label, exact=True)


def nothing_is_back(page: Page) -> None:
    reload(page)
    arrived(page)
    expect(page.get_by_text(BACK)).to_have_count(0)
    expect(page.locator('.lb-editing')).to_have_count(0)


def test_a_fact_is_open_again_after_a_reload_until_escape(desk: Desk, house: House) -> None:
    page = sheet(desk, house)
    edit(page, 'Phone').fill('212 555 01')
    reload(page)
    expect(control(page, 'Phone')).to_have_value('212 555 01')
    expect(fact(page, 'Phone')).to_contain_text(BACK)
    page.locator('h1:visible').click()
    expect(control(page, 'Phone')).to_have_value('212 555 01')  # nobody was in it, so nobody has left it
    control(page, 'Phone').press('Escape')
    expect(control(page, 'Phone')).to_have_count(0)
    page.wait_for_load_state('networkidle')
    nothing_is_back(page)


def test_a_fact_survives_a_server_that_dies_and_is_no_draft_once_it_is_saved(desk: Desk, house: House) -> None:
    page = sheet(desk, house)
    box = edit(page, 'Second phone')
    box.fill('2125')
    arrived(page)
    house.die()
    box.press_sequentially('550')
    page.wait_for_timeout(1500)
    box.press_sequentially('133')
    house.revive()
    expect(page.get_by_text(BACK)).to_be_visible(timeout=20_000)
    ready(page)
    expect(control(page, 'Second phone')).to_have_value('2125550133')
    control(page, 'Second phone').press('Enter')
    expect(fact(page, 'Second phone').get_by_role('link')).to_have_text('(212) 555-0133')
    nothing_is_back(page)
    expect(fact(page, 'Second phone')).to_contain_text('(212) 555-0133')


def test_a_fact_is_back_after_signing_in_anew_is_due(desk: Desk, house: House) -> None:
    page = sheet(desk, house)
    edit(page, 'Phone').fill('212 555 01')
    arrived(page)
    known = page.context.cookies()
    page.context.clear_cookies()
    page.reload()
    expect(page.get_by_role('button', name='Sign in', exact=True)).to_be_visible()
    page.context.add_cookies(known)
    page.goto(f'/members/{house.people.file_id}')
    ready(page)
    expect(control(page, 'Phone')).to_have_value('212 555 01')
    control(page, 'Phone').press('Escape')
    page.wait_for_load_state('networkidle')


def test_what_is_discarded_is_neither_saved_nor_back(desk: Desk, house: House) -> None:
    page = sheet(desk, house)
    before = fact(page, 'Title').inner_text()
    edit(page, 'Title').fill('Half a title')
    reload(page)
    control(page, 'Title').focus()
    fact(page, 'Title').get_by_role('button', name='Discard it').click()
    expect(fact(page, 'Title')).to_have_text(before.replace('\n', ''))
    page.wait_for_load_state('networkidle')
    nothing_is_back(page)
    expect(fact(page, 'Title')).to_have_text(before.replace('\n', ''))


def test_what_was_refused_is_back_and_another_fact_waits_beside_it(desk: Desk, house: House) -> None:
    page = sheet(desk, house)
    edit(page, 'E-mail').fill('no address')
    page.keyboard.press('Enter')
    expect(fact(page, 'E-mail').get_by_role('alert')).to_contain_text('Not saved')
    edit(page, 'Phone').fill('212 555 01')
    arrived(page)
    reload(page)
    expect(control(page, 'E-mail')).to_have_value('no address')
    expect(fact(page, 'Phone').get_by_role('alert')).to_contain_text(BACK)
    fact(page, 'Phone').get_by_role('button', name='Edit again').click()
    expect(control(page, 'Phone')).to_have_value('212 555 01')
    expect(fact(page, 'E-mail').get_by_role('alert')).to_contain_text(BACK)
    control(page, 'Phone').press('Escape')
    fact(page, 'E-mail').get_by_role('button', name='Discard it').click()
    page.wait_for_load_state('networkidle')
    nothing_is_back(page)


def test_what_is_back_is_saved_where_it_stands(desk: Desk, house: House) -> None:
    page = sheet(desk, house)
    edit(page, 'Second phone').fill('212 555 0177')
    reload(page)
    expect(fact(page, 'Second phone')).to_contain_text(BACK)
    fact(page, 'Second phone').get_by_role('button', name='Save').click()
    expect(fact(page, 'Second phone').get_by_role('link')).to_have_text('(212) 555-0177')
    nothing_is_back(page)
    expect(fact(page, 'Second phone').get_by_role('link')).to_have_text('(212) 555-0177')


def test_a_choice_that_the_keys_only_pass_by_is_not_saved_and_chosen_again(desk: Desk, house: House) -> None:
    page = sheet(desk, house)
    box = edit(page, 'Rank')
    expect(box.locator('option')).not_to_have_count(1)
    before = box.input_value()
    box.press('ArrowDown')
    expect(box).not_to_have_value(before)
    chosen, name = box.input_value(), box.locator('option:checked').inner_text()
    arrived(page)
    reload(page)
    expect(control(page, 'Rank')).to_have_value(chosen)
    expect(control(page, 'Rank').locator('option:checked')).to_have_text(name)
    control(page, 'Rank').press('Escape')
    page.wait_for_load_state('networkidle')
    nothing_is_back(page)


def test_who_wrote_the_same_meanwhile_is_told_of_after_a_reload(desk: Desk, house: House) -> None:
    mine, theirs = sheet(desk, house), sheet(desk, house, house.people.second)
    edit(mine, 'Personal e-mail').fill('mine@example.org')
    arrived(mine)
    edit(theirs, 'Personal e-mail').fill('theirs@example.org')
    theirs.keyboard.press('Enter')
    expect(fact(theirs, 'Personal e-mail').get_by_role('link')).to_have_text('theirs@example.org')
    reload(theirs)
    expect(theirs.get_by_text(BACK)).to_have_count(0)
    reload(mine)
    expect(control(mine, 'Personal e-mail')).to_have_value('mine@example.org')
    control(mine, 'Personal e-mail').press('Enter')
    note = fact(mine, 'Personal e-mail').get_by_role('alert')
    expect(note).to_contain_text('changed this to “theirs@example.org” meanwhile. You wrote “mine@example.org”.')
    note.get_by_role('button', name='Keep theirs').click()
    mine.wait_for_load_state('networkidle')
    nothing_is_back(mine)


def test_who_goes_on_with_a_text_that_is_back_writes_on_where_it_stands(desk: Desk, house: House) -> None:
    page = desk(f'/tasks/{house.people.task_id}')
    page.get_by_role('button', name=re.compile('(Edit|Write one) Description')).press('Enter')
    page.get_by_role('textbox', name='Description').fill('Half a text')
    reload(page)
    page.locator('.lb-notebar').get_by_role('button', name='Go on with it').click()
    expect(page.get_by_text(BACK)).to_have_count(0)
    box = page.get_by_role('textbox', name='Description')
    expect(box).to_be_focused()
    expect(box).to_have_text('Half a text')
    page.get_by_role('button', name='Save', exact=True).click()
    expect(page.locator('.lb-rich').filter(has_text='Half a text')).to_be_visible()


def test_who_goes_on_with_a_form_that_is_back_stands_in_the_field_that_he_left(desk: Desk, house: House) -> None:
    page = desk('/tasks/lists')
    page.get_by_role('button', name='Add list').first.click()
    page.get_by_role('dialog').get_by_label('Title').fill('Half a list')
    arrived(page)
    reload(page)
    page.get_by_role('button', name='Add list').first.click()
    dialog = page.get_by_role('dialog')
    expect(dialog.get_by_text(BACK)).to_be_visible()
    dialog.get_by_role('button', name='Close').focus()
    dialog.get_by_role('button', name='Go on with it').click()
    expect(dialog.get_by_text(BACK)).to_have_count(0)
    expect(dialog.get_by_label('Title')).to_be_focused()
    expect(dialog.get_by_label('Title')).to_have_value('Half a list')
    dialog.get_by_role('button', name='Add', exact=True).click()
    page.wait_for_url('**/tasks/lists/0*')
    expect(page.get_by_role('heading', name='Half a list')).to_be_visible()

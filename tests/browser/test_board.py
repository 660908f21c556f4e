"""The board as a person meets it: dragged, moved by keys and by menu, refused, and told to a screen reader."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessibility import at_rest
from tests.browser.conftest import Gallery, Open
from tests.browser.test_components import faults


def column(page: Page, title: str) -> Locator:
    return page.get_by_role('region', name=title, exact=True)


def titles(page: Page, title: str) -> list[str]:
    return column(page, title).locator('[data-card] a').all_text_contents()


def drag(page: Page, card: str, target: Locator) -> None:
    source = page.locator('[data-card]', has_text=card)
    start, end = source.bounding_box(), target.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start['x'] + 60, start['y'] + 40)
    page.mouse.down()
    page.mouse.move(start['x'] + 80, start['y'] + 50, steps=4)
    page.mouse.move(end['x'] + 60, end['y'] + 8, steps=8)
    page.mouse.move(end['x'] + 62, end['y'] + 10, steps=4)
    page.mouse.up()


def board(open_page: Open, **more: bool) -> Page:
    page = open_page('/board', **more)
    page.wait_for_selector('[data-card]')
    at_rest(page)
    return page


def test_a_dragged_card_lies_between_the_neighbours_it_was_dropped_between(open_page: Open, gallery: Gallery) -> None:
    page = board(open_page)
    drag(page, 'Wash Ladder 3', column(page, 'In progress').locator('[data-card]').nth(1))
    expect(column(page, 'In progress').locator('[data-card]')).to_have_count(3)
    moved = gallery.happened('move')
    assert moved['after'] or moved['before']
    assert 'Wash Ladder 3' in titles(page, 'In progress')
    assert 'Wash Ladder 3' not in titles(page, 'Pending')


def test_a_refused_drop_snaps_back_and_says_why(open_page: Open) -> None:
    page = board(open_page)
    drag(page, 'Wash Ladder 3', column(page, 'In progress').locator('[data-card]').nth(1))
    expect(column(page, 'In progress').locator('[data-card]')).to_have_count(3)
    drag(page, 'Check the hose', column(page, 'In progress').locator('[data-card]').nth(1))
    expect(page.get_by_text('In progress holds three tasks at most. Finish one first.')).to_be_visible()
    expect(column(page, 'Pending').get_by_role('link', name='Check the hose of Engine 2')).to_be_visible()
    expect(column(page, 'In progress').locator('[data-card]')).to_have_count(3)


def test_keys_move_a_card_and_a_screen_reader_hears_where(open_page: Open) -> None:
    page = board(open_page)
    page.get_by_role('link', name='Check the hose of Engine 2').focus()
    expect(page.locator('[data-card] a:focus')).to_have_accessible_description('Alt and an arrow key move the card.')
    page.keyboard.press('Alt+ArrowDown')
    expect(page.get_by_role('status').filter(has_text='Check the hose of Engine 2: Pending, 2 of 3')).to_be_attached()
    expect(page.get_by_role('link', name='Check the hose of Engine 2')).to_be_focused()
    assert titles(page, 'Pending')[:2] == ['Wash Ladder 3', 'Check the hose of Engine 2']
    page.keyboard.press('Alt+ArrowRight')
    expect(column(page, 'In progress').get_by_role('link', name='Check the hose of Engine 2')).to_be_focused()


def test_the_menu_offers_every_move_and_the_actions_of_a_card(open_page: Open, gallery: Gallery) -> None:
    page = board(open_page)
    page.get_by_role('button', name='Actions for Wash Ladder 3').focus()
    page.keyboard.press('Enter')
    offered = ('Complete', 'Move up', 'Move to the top', 'Move down', 'Move to In progress', 'Move to Completed')
    expect(page.get_by_role('menuitem')).to_have_text([re.compile(f'{label}$') for label in offered])
    page.get_by_role('menuitem', name='Move to Completed').press('Enter')
    expect(column(page, 'Completed').locator('[data-card] a').first).to_have_text('Wash Ladder 3')
    page.get_by_role('button', name='Actions for Write minutes').click()
    page.get_by_role('menuitem', name='Complete', exact=True).click()
    expect(page.get_by_role('link', name='Write minutes')).to_have_count(0)
    assert gallery.happened('completed')


def test_a_card_is_added_at_the_foot_of_a_column_by_keyboard(open_page: Open) -> None:
    page = board(open_page)
    column(page, 'Completed').get_by_role('button', name='Add a task').press('Enter')
    field = page.get_by_role('textbox', name='New task in Completed')
    expect(field).to_be_focused()
    page.keyboard.type('Sweep the floor <b>')
    page.keyboard.press('Enter')
    expect(column(page, 'Completed').get_by_role('link', name='Sweep the floor <b>')).to_be_visible()
    expect(field).to_be_focused()
    page.keyboard.type('Mop @ok')
    expect(page.get_by_role('option', name='Jide Okafor')).to_be_visible()
    page.keyboard.press('Escape')
    expect(page.get_by_role('option')).to_have_count(0)
    page.keyboard.press('Escape')
    expect(field).to_have_count(0)
    expect(column(page, 'Completed').get_by_role('button', name='Add a task')).to_be_focused()


def test_back_closes_the_menu_of_a_card_on_a_phone(open_page: Open) -> None:
    page = board(open_page, phone=True)
    for name in ('Wash Ladder 3', 'Check the hose'):
        page.locator('[data-card]', has_text=name).get_by_role('button', name='Actions for').click()
        expect(page.get_by_role('menu')).to_be_visible()
        page.go_back()
        expect(page.get_by_role('menu')).to_have_count(0)
        expect(page).to_have_url(re.compile('/board'))


@pytest.mark.parametrize('dark', [False, True], ids=['light', 'dark'])
@pytest.mark.parametrize('phone', [False, True], ids=['desk', 'phone'])
def test_axe_finds_nothing_on_a_board(open_page: Open, phone: bool, dark: bool) -> None:
    page = board(open_page, phone=phone, dark=dark)
    assert faults(page) == []
    page.get_by_role('button', name='Actions for Wash Ladder 3').click()
    assert faults(page) == []
    assert page.evaluate('document.documentElement.scrollWidth') <= page.viewport_size['width']  # type: ignore[index]

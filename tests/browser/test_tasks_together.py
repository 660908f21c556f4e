"""Tasks in two windows at once, a list that is shared no more, and the module switched off and on again."""

import re
import time
from collections.abc import Callable
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.benchmarks.served import Served
from tests.browser.test_pages_at_work import begin
from tests.browser.test_tasks import Sit, card, installed, lane, moved, people, sit, station, write
from tests.ui.pages.cast import Cast

__all__ = ['installed', 'people', 'sit', 'station']
SOON = 1_000
"""Milliseconds within which one window shows what another has stored, on a machine with nothing else to do."""
SETTLED = 5_500
"""Milliseconds after which every session has been read anew, and knows which modules are off."""
pytestmark = pytest.mark.browser


@pytest.fixture
def two(sit: Sit, people: Cast) -> tuple[Page, Page]:
    return sit(people.owner), sit(people.second)


def soon(done_in_one_window: Callable[[], object]) -> float:
    """Do something; return within how many milliseconds another window shows it: a second more than this one took."""
    begun = time.monotonic()
    done_in_one_window()
    return SOON + 1000 * (time.monotonic() - begun)


def test_a_move_a_tick_and_an_edit_are_seen_in_the_other_window_within_a_second(
    two: tuple[Page, Page], station: str
) -> None:
    mine, other = two
    title = f'Grease the winch {uuid4().hex[:6]}'
    done = 'Done: Find the grease'
    begin(mine, station)
    begin(other, station)

    def move() -> None:
        card(mine, title).get_by_role('button').first.click()
        mine.get_by_role('menuitem', name='Move to In progress').click()
        expect(moved(mine)).to_be_visible()

    def add_step() -> None:
        step = mine.get_by_label('Add a step')
        step.fill('Find the grease')
        step.press('Enter')
        expect(mine.get_by_role('checkbox', name=done)).to_be_visible()

    def rename() -> None:
        mine.get_by_role('button', name='Edit Title', exact=True).press('Enter')
        mine.get_by_label('Title', exact=True).fill(f'{title} well')
        mine.keyboard.press('Enter')
        expect(mine.get_by_role('status').filter(has_text='Title saved')).to_be_attached()
        expect(mine.get_by_role('heading', level=1)).to_have_text(f'{title} well')

    expect(card(other, title)).to_be_visible(timeout=soon(lambda: write(mine, title)))
    expect(lane(other, 'In progress').filter(has_text=title)).to_be_visible(timeout=soon(move))
    other.get_by_role('link', name=title).click()
    expect(other.get_by_role('heading', name=title)).to_be_visible()
    mine.get_by_role('link', name=title).click()
    tick = other.get_by_role('checkbox', name=done)
    expect(tick).to_be_visible(timeout=soon(add_step))
    expect(mine.get_by_role('checkbox', name=done)).to_be_checked(timeout=soon(tick.check))
    expect(other.get_by_role('heading', level=1)).to_have_text(f'{title} well', timeout=soon(rename))


def test_an_open_task_shows_what_becomes_of_its_parts_and_asks_nothing_when_another_task_changes(
    installed: tuple[Served, Cast], two: tuple[Page, Page], station: str
) -> None:
    mine, other = two
    title = f'Wash the boat {uuid4().hex[:6]}'

    def looked() -> int:
        """Wait until screens have looked; return how often the steps of a task were read since the last question."""
        mine.wait_for_timeout(1_000)
        return len([one for one in installed[0].ask('statements') if 'ORDER BY task_checklist_item.order_key' in one])

    begin(mine, station)
    write(mine, title, '  Rinse')
    begin(other, station)
    expect(card(other, title)).to_contain_text('0/1')
    other.get_by_role('link', name=title).click()
    rinse, dry = (other.get_by_role('checkbox', name=f'Done: {name}') for name in ('Rinse', 'Dry'))
    expect(rinse).to_be_visible()
    looked()
    write(mine, f'Wash the van {uuid4().hex[:6]}')
    assert looked() == 0
    begin(mine, urlsplit(other.url).path)
    looked()
    write(mine, 'Dry')
    expect(dry).to_be_visible()
    assert looked() > 0
    dry.check()
    expect(mine.get_by_role('checkbox', name='Done: Dry')).to_be_checked()
    mine.get_by_role('link', name='Rinse').click()
    expect(mine.get_by_role('heading', level=1)).to_have_text('Rinse')
    mine.get_by_role('button', name='More').first.click()
    mine.get_by_role('menuitem', name='Delete').click()
    expect(rinse).to_have_count(0)
    mine.locator('.lb-toast').filter(has_text='bin').get_by_role('button', name='Undo').click()
    expect(rinse).to_be_visible()


def test_a_comment_is_counted_on_the_card_in_the_other_window(two: tuple[Page, Page], station: str) -> None:
    mine, other = two
    title = f'Paint the rail {uuid4().hex[:6]}'
    for page in two:
        begin(page, station)
    write(mine, title)
    expect(card(other, title)).to_be_visible()
    expect(card(other, title)).not_to_contain_text('comments')
    mine.get_by_role('link', name=title).click()
    mine.get_by_role('tab', name='Comments and files').click()
    mine.get_by_role('textbox', name='Say something').fill('In red')
    mine.get_by_role('button', name='Comment', exact=True).click()
    expect(mine.get_by_text('In red')).to_be_visible()
    expect(card(other, title)).to_contain_text('comments 1')


def test_a_step_that_was_removed_comes_back_to_its_place(two: tuple[Page, Page], station: str) -> None:
    mine, _other = two
    title = f'Oil the gate {uuid4().hex[:6]}'
    begin(mine, station)
    write(mine, title)
    mine.get_by_role('link', name=title).click()
    for step in ('Open', 'Oil', 'Close'):
        mine.get_by_label('Add a step').fill(step)
        mine.keyboard.press('Enter')
        expect(mine.get_by_role('checkbox', name=f'Done: {step}')).to_be_visible()
    steps = mine.get_by_role('checkbox', name=re.compile('^Done: (Open|Oil|Close)$'))
    mine.get_by_role('button', name=re.compile('for Oil$')).click()
    mine.get_by_role('menuitem', name='Remove').click()
    expect(steps).to_have_count(2)
    mine.locator('.lb-toast').filter(has_text='Removed.').get_by_role('button', name='Undo').click()
    expect(steps).to_have_count(3)
    expect(mine.locator('.lb-todo-title')).to_have_text(['Open', 'Oil', 'Close'])


def test_two_who_write_the_same_field_are_told_of_each_other_whoever_changed_another_one_since(
    sit: Sit, two: tuple[Page, Page], people: Cast
) -> None:
    mine, other = two
    for page in two:
        begin(page, f'/tasks/{people.task_id}')
        page.get_by_role('button', name='Edit Estimate in minutes', exact=True).press('Enter')
        expect(page.get_by_label('Estimate in minutes', exact=True)).to_be_focused()
    mine.get_by_label('Estimate in minutes', exact=True).fill('30')
    mine.keyboard.press('Enter')
    expect(mine.get_by_role('status').filter(has_text='Estimate in minutes saved')).to_be_attached()
    third = sit(people.second)
    begin(third, f'/tasks/{people.task_id}')
    third.get_by_role('button', name='Edit Begins', exact=True).press('Enter')
    third.get_by_label('Begins', exact=True).fill('2026-01-05')
    third.keyboard.press('Enter')
    expect(third.get_by_role('status').filter(has_text='Begins saved')).to_be_attached()
    other.get_by_label('Estimate in minutes', exact=True).fill('90')
    other.keyboard.press('Enter')
    expect(other.get_by_role('alert')).to_contain_text('Elena Rossi changed this to “30” meanwhile. You wrote “90”.')
    other.get_by_role('button', name='Keep theirs').click()
    expect(other.get_by_text('30', exact=True).first).to_be_visible()
    other.reload()
    begin(other, f'/tasks/{people.task_id}')
    expect(other.get_by_text('30', exact=True).first).to_be_visible()


def test_two_who_write_the_same_description_are_told_of_each_other_and_lose_nothing(
    two: tuple[Page, Page], people: Cast
) -> None:
    mine, other = two
    for page in two:
        begin(page, f'/tasks/{people.task_id}')
        write_description(page)
    description(mine).fill('The first text')
    mine.get_by_role('button', name='Save', exact=True).click()
    expect(description(mine)).to_have_count(0)
    with other.expect_response('**/drafts'):
        description(other).fill('The second text')
    other.reload()  # a draft knows what it began with
    other.wait_for_function('window.did_handshake === true')
    expect(description(other)).to_have_text('The second text')
    other.get_by_role('button', name='Save', exact=True).click()
    told = other.get_by_role('alert').filter(has_text='Elena Rossi changed this text meanwhile.')
    expect(told).to_contain_text('The first text')
    expect(description(other)).to_have_text('The second text')
    expect(mine.locator('.lb-rich').filter(has_text='The first text')).to_be_visible()
    other.get_by_role('button', name='Save mine').click()
    expect(description(other)).to_have_count(0)
    expect(mine.locator('.lb-rich').filter(has_text='The second text')).to_be_visible()
    for page in two:
        write_description(page)
    description(other).fill('The third text')
    other.get_by_role('button', name='Save', exact=True).click()
    expect(description(other)).to_have_count(0)
    description(mine).fill('The fourth text')
    mine.get_by_role('button', name='Save', exact=True).click()
    mine.get_by_role('button', name='Keep theirs').click()
    expect(mine.locator('.lb-rich').filter(has_text='The third text')).to_be_visible()
    begin(mine, f'/tasks/{people.task_id}')
    expect(mine.locator('.lb-rich').filter(has_text='The third text')).to_be_visible()
    expect(description(mine)).to_have_count(0)


def description(page: Page) -> Locator:
    return page.get_by_role('textbox', name='Description')


def write_description(page: Page) -> None:
    page.get_by_role('button', name=re.compile('(Edit|Write one) Description')).click()
    expect(description(page)).to_be_focused()


def test_switched_off_tasks_are_gone_from_everywhere_and_come_back_whole(sit: Sit, people: Cast, station: str) -> None:
    page, member = sit(people.owner), sit(people.member)
    begin(page, station)
    expect(page.locator('.lb-board-card')).not_to_have_count(0)
    before = page.locator('.lb-board-card').count()
    switch(page, 'off')
    try:
        assert member.goto(station).status == 404  # type: ignore[union-attr]
        begin(page, '/')
        expect(page.locator('nav').get_by_role('link', name='Tasks')).to_have_count(0)
        page.keyboard.press('Control+k')
        page.keyboard.type('Check the pump')
        page.wait_for_timeout(600)
        assert page.locator('#lb-found a').filter(has_text='Check the pump').count() == 0
        page.keyboard.press('Control+a')
        page.keyboard.type('add task')
        page.wait_for_timeout(600)
        assert page.locator('#lb-found a').filter(has_text='Add task').count() == 0
        page.keyboard.press('Escape')
        begin(page, '/my-work')  # what waits of the other modules stays there
        assert page.get_by_role('textbox', name='Add a task').count() == 0
        assert page.get_by_role('button', name='Add task').count() == 0
        begin(page, '/account')
        page.keyboard.press('c')
        page.wait_for_timeout(300)
        assert page.get_by_role('dialog').locator('textarea').count() == 0
        assert page.request.get('/download/tasks.csv').status == 404
    finally:
        switch(page, 'on')
    begin(page, station)
    expect(page.locator('.lb-board-card')).to_have_count(before)


def switch(page: Page, to: str) -> None:
    """Turn the switch of the module."""
    begin(page, '/settings/modules')
    page.get_by_role('switch', name='Tasks').click()
    expect(page.locator('.lb-toasts')).to_contain_text(f'Tasks is {to}.')
    page.wait_for_timeout(SETTLED)

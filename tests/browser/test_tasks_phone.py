"""A list of tasks in the hand: a low head, short cards, a finger that carries them anywhere, and ways back."""

import re
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import CDPSession, Locator, Page, expect

from tests.browser.accessibility import at_rest, faults
from tests.browser.test_pages_at_work import begin
from tests.browser.test_tasks import Sit, add_list, card, installed, lane, people, sit, write
from tests.ui.pages.cast import Cast

__all__ = ['installed', 'people', 'sit']
pytestmark = pytest.mark.browser
HEAD = 165
"""So many pixels lie between the bar of the frame and the first task, at most."""


class Finger:
    """One finger on a page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session: CDPSession = page.context.new_cdp_session(page)

    def hold(self, title: str) -> None:
        """Hold a card until it may be carried."""
        at_rest(self._page)
        box = card(self._page, title).bounding_box()
        assert box
        self.x, self.y = box['x'] + 80, box['y'] + 16
        ready = "() => Object.keys(document.querySelector('[data-column]')).some((name) => name.startsWith('Sortable'))"
        self._page.wait_for_function(ready)
        self._touch('touchStart')
        expect(card(self._page, title)).to_have_class(re.compile('sortable-chosen'))

    def carry(self, x: float, y: float) -> None:
        """Carry it to a place of the window, as fast as a hand does."""
        left, top = self.x, self.y
        for step in range(1, 11):
            self.x, self.y = left + (x - left) * step / 10, top + (y - top) * step / 10
            self._touch('touchMove')
            self._page.wait_for_timeout(25)

    def drop(self) -> None:
        """Let go."""
        self._page.wait_for_timeout(200)
        at_rest(self._page)
        self.carry(self.x, self.y + 2)
        self._session.send('Input.dispatchTouchEvent', {'type': 'touchEnd', 'touchPoints': []})

    def _touch(self, kind: str) -> None:
        self._session.send('Input.dispatchTouchEvent', {'type': kind, 'touchPoints': [{'x': self.x, 'y': self.y}]})


@pytest.fixture
def filled(sit: Sit, people: Cast) -> tuple[str, str]:
    """The title and the path of a list with nine tasks, one of them with a long name and many facts."""
    page = sit(people.owner)
    title = f'Crew {uuid4().hex[:6]} of the second engine'
    path = add_list(page, title)
    name = people.member_name.replace(' ', '')
    write(
        page, f'{"Wash every hose and hang it up to dry " * 4} today !urgent *maintenance *second-engine @{name}',
        *(f'Task {number}' for number in range(1, 9)),
    )  # fmt: skip
    expect(lane(page, 'Pending').locator('[data-card]')).to_have_count(9)
    return title, path


@pytest.mark.parametrize('dark', [False, True], ids=['light', 'dark'])
def test_the_head_of_a_list_is_low_on_a_phone_however_one_came_to_it(
    sit: Sit, people: Cast, filled: tuple[str, str], dark: bool
) -> None:
    title, path = filled
    page = sit(people.owner, phone=True, dark=dark)
    begin(page, path)
    first = page.locator('[data-card]').first
    tops = [_below_the_bar(page, first)]
    begin(page, '/tasks/lists')
    page.get_by_role('link', name=title).first.click()
    page.wait_for_url(f'**{path}')
    expect(first).to_be_visible()
    tops.append(_below_the_bar(page, first))
    assert tops[0] == tops[1] <= HEAD
    page.get_by_role('button', name='Add task').click()
    expect(page.get_by_role('dialog').get_by_role('textbox', name='Add a task')).to_be_focused()
    page.keyboard.press('Escape')
    page.get_by_role('button', name='Filters').click()
    page.get_by_role('searchbox').fill('wash every')
    expect(page.locator('[data-card]')).to_have_count(1)
    page.get_by_role('button', name='Filters: 1').click()
    expect(page.get_by_role('searchbox')).to_have_count(0)
    assert faults(page) == []
    begin(page, path)
    page.get_by_role('button', name='Table').click()
    page.wait_for_url('**as=table')
    expect(page.locator('.lb-cards > li').first).to_be_visible()
    assert _below_the_bar(page, page.locator('.lb-cards > li').first) <= HEAD + 40
    facts = page.locator('.lb-cards > li').first.locator('dl')
    assert facts.bounding_box()['height'] <= 80  # in lines, and not in a table  # type: ignore[index]
    expect(facts.get_by_role('term')).to_contain_text(['Status', 'Priority'])  # who listens still hears the names
    assert page.evaluate('document.documentElement.scrollWidth') == 390
    assert faults(page) == []


def test_a_very_long_word_is_cut_neither_in_a_table_nor_in_a_calendar_on_a_phone(sit: Sit, people: Cast) -> None:
    page = sit(people.owner)
    path = add_list(page, 'Long words')
    write(page, f'{"Donaudampfschifffahrt" * 7} today')
    expect(card(page, 'Donaudampf')).to_be_visible()
    page = sit(people.owner, phone=True)
    for view in ('table', 'calendar'):
        begin(page, f'{path}?as={view}')
        word = page.get_by_role('link', name='Donaudampf')
        expect(word).to_be_visible()
        at_rest(page)
        box = word.bounding_box()
        assert box
        assert box['x'] + box['width'] <= 390 - 20
        assert word.evaluate('one => one.scrollWidth <= one.clientWidth + 1 || !one.clientWidth')


def fact(page: Page, name: str) -> Locator:
    return page.locator('.lb-facts > div').filter(has=page.locator('dt').get_by_text(name, exact=True))


def test_on_a_phone_a_choice_is_saved_at_once_and_what_is_typed_by_a_button(
    sit: Sit, people: Cast, filled: tuple[str, str]
) -> None:
    page = sit(people.owner, phone=True)
    begin(page, filled[1])
    card(page, 'Task 3').get_by_role('link').click()
    page.get_by_role('button', name='Edit Priority').tap()
    page.get_by_label('Priority', exact=True).select_option(label='Urgent')
    expect(page.get_by_label('Priority', exact=True)).to_have_count(0)
    expect(page.locator('.lb-editable-pending')).to_have_count(0)
    page.get_by_role('button', name='Edit Due', exact=True).tap()
    page.get_by_label('Due', exact=True).fill('2027-03-04')
    for name in ('Save', 'Cancel'):
        box = fact(page, 'Due').get_by_role('button', name=name).bounding_box()
        assert box
        assert box['height'] >= 44
    assert faults(page) == []
    fact(page, 'Due').get_by_role('button', name='Cancel').tap()
    expect(fact(page, 'Due')).not_to_contain_text('2027')
    page.get_by_role('button', name='Edit Due', exact=True).tap()
    page.get_by_label('Due', exact=True).fill('2027-03-04')
    fact(page, 'Due').get_by_role('button', name='Save').tap()
    expect(page.locator('.lb-editable-pending')).to_have_count(0)
    page.reload()
    expect(fact(page, 'Priority')).to_contain_text('Urgent')
    expect(fact(page, 'Due')).to_contain_text('2027')


@pytest.mark.parametrize('phone', [True, False], ids=['phone', 'desk'])
def test_what_a_task_is_and_who_does_it_until_when_stand_above_the_fold_and_are_changed_there(
    sit: Sit, people: Cast, filled: tuple[str, str], phone: bool
) -> None:
    page = sit(people.owner, phone=phone)
    begin(page, filled[1])
    card(page, 'Wash every hose').get_by_role('link').click()
    head = page.locator('.lb-page-head')
    expect(head.get_by_role('heading', level=1)).to_contain_text('Wash every hose')
    expect(head.locator('.lb-chip')).to_have_text('Pending')
    expect(head.locator('.lb-head-people')).to_contain_text(people.member_name)
    end = page.locator('.lb-bottom').bounding_box() if phone else None
    fold = end['y'] if end else 900
    pens = [page.get_by_role('button', name=f'Edit {name}', exact=True) for name in (
        'Who does it', 'Due', 'Due at', 'Priority')]  # fmt: skip
    for one in (page.get_by_role('button', name='Complete'), *pens):
        expect(one).to_be_visible()
        box = one.bounding_box()
        assert box
        assert box['y'] + box['height'] <= fold
    pens[0].click()
    page.get_by_role('dialog').get_by_role('button', name=f'Remove {people.member_name}').click()
    page.get_by_role('dialog').get_by_role('button', name='Save').click()
    expect(fact(page, 'Who does it')).not_to_contain_text(people.member_name)
    expect(head.locator('.lb-head-people')).to_have_count(0)
    assert faults(page) == []
    if phone:
        expect(fact(page, 'Begins').locator('dt')).to_be_hidden()
        page.get_by_role('button', name='All facts').tap()
    expect(fact(page, 'Begins').locator('dt')).to_be_visible()


def _below_the_bar(page: Page, what: Locator) -> float:
    at_rest(page)
    box, bar = what.bounding_box(), page.locator('.lb-header').bounding_box()
    assert box
    assert bar
    return round(box['y'] - bar['height'])


def test_a_card_on_a_phone_has_two_lines_of_title_and_one_of_facts(
    sit: Sit, people: Cast, filled: tuple[str, str]
) -> None:
    page = sit(people.owner, phone=True)
    begin(page, filled[1])
    cards = page.locator('[data-card]')
    expect(cards.first.get_by_text('Urgent')).to_be_visible()
    heights = [cards.nth(at).bounding_box()['height'] for at in range(2)]  # type: ignore[index]
    assert heights[0] <= 90
    assert heights[1] <= 68


def test_a_finger_carries_a_card_to_a_column_that_lies_beyond_the_edge(
    sit: Sit, people: Cast, filled: tuple[str, str]
) -> None:
    page = sit(people.owner, phone=True)
    begin(page, filled[1])
    finger, done = Finger(page), lane(page, 'Completed')
    finger.hold('Task 2')
    finger.carry(382, finger.y)
    expect(done.get_by_role('heading')).to_be_in_viewport(ratio=1)
    finger.carry(200, 240)
    finger.drop()
    expect(done.locator('[data-card] a')).to_have_text(['Task 2'])
    begin(page, filled[1])
    expect(done.locator('[data-card] a')).to_have_text(['Task 2'])
    expect(lane(page, 'Pending').locator('[data-card]')).to_have_count(8)


def test_a_column_scrolls_below_a_card_that_a_finger_holds_at_its_end(
    sit: Sit, people: Cast, filled: tuple[str, str]
) -> None:
    page = sit(people.owner, phone=True)
    page.set_viewport_size({'width': 390, 'height': 620})
    begin(page, filled[1])
    cards, finger = lane(page, 'Pending').locator('[data-card] a'), Finger(page)
    expect(cards).to_have_count(9)
    end = page.locator('[data-column]').first.bounding_box()
    assert end
    finger.hold('Task 1')
    finger.carry(finger.x, end['y'] + end['height'] - 12)
    expect(card(page, 'Task 8')).to_be_in_viewport(ratio=0.9)
    finger.drop()
    expect(cards.nth(1)).to_have_text('Task 2')
    assert cards.all_text_contents().index('Task 1') >= 7


@pytest.mark.parametrize('dark', [False, True], ids=['light', 'dark'])
def test_on_a_phone_a_task_and_the_settings_of_a_list_lead_back_to_the_list(
    sit: Sit, people: Cast, filled: tuple[str, str], dark: bool
) -> None:
    title, path = filled
    page = sit(people.owner, phone=True, dark=dark)
    begin(page, path)
    card(page, 'Task 2').get_by_role('link').click()
    page.wait_for_url('**/tasks/*?list=*')
    task = urlsplit(page.url).path
    back = page.get_by_role('link', name=f'Back to {title}')
    for where in (task, f'{path}/settings'):
        begin(page, where)
        expect(back).to_be_in_viewport(ratio=1)
        assert faults(page) == []
        back.click()
        page.wait_for_url(f'**{path}')
        expect(page.locator('[data-card]').first).to_be_visible()
    page.get_by_role('link', name='Back to Lists').click()
    page.wait_for_url('**/tasks/lists')
    page.get_by_role('link', name='Back to Tasks').click()
    page.wait_for_url('**/tasks')
    expect(page.get_by_role('button', name='Open navigation')).to_be_visible()
    page.set_viewport_size({'width': 1280, 'height': 800})
    begin(page, task)
    expect(page.get_by_role('navigation', name='Breadcrumb').get_by_role('link', name=title)).to_be_visible()
    expect(back).to_be_hidden()


@pytest.mark.parametrize('phone', [False, True], ids=['desk', 'phone'])
def test_a_task_just_added_is_seen_where_it_lies_however_long_its_column(
    sit: Sit, people: Cast, filled: tuple[str, str], phone: bool
) -> None:
    page = sit(people.owner, phone=phone)
    begin(page, filled[1])
    lane(page, 'Pending').locator('[data-add]').click()
    page.keyboard.type('Put at the foot')
    page.keyboard.press('Enter')
    expect(card(page, 'Put at the foot')).to_be_in_viewport(ratio=0.9)
    begin(page, filled[1])
    expect(card(page, 'Put at the foot')).not_to_be_in_viewport()
    if phone:
        page.get_by_role('button', name='Add task').click()
    page.get_by_role('textbox', name='Add a task').fill('Put at the head')
    page.keyboard.press('Enter')
    expect(card(page, 'Put at the head')).to_be_in_viewport(ratio=0.9)

"""A line that becomes a record stands until the server has stored it, and is stored once."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import arrived
from tests.browser.test_drafts import Desk, House, desk, house, ready, reload

__all__ = ['desk', 'house']
NO_ANSWER = 'There was no answer. Check the connection, then try again.'
Line = Callable[[Page, House], tuple[Locator, Callable[[str], Locator]]]


def board_line(page: Page, house: House) -> tuple[Locator, Callable[[str], Locator]]:
    page.goto(f'/tasks/lists/{house.people.list_id}')
    ready(page)
    page.get_by_role('region', name='Pending').get_by_role('button', name='Add a task').click()
    box = page.get_by_role('textbox', name='New task in Pending')
    return box, lambda title: page.get_by_role('link', name=title, exact=True)


def step_line(page: Page, house: House) -> tuple[Locator, Callable[[str], Locator]]:
    page.goto(f'/tasks/{house.people.task_id}')
    ready(page)
    return page.get_by_label('Add a step'), lambda title: page.get_by_label(f'Done: {title}', exact=True)


def part_line(page: Page, house: House) -> tuple[Locator, Callable[[str], Locator]]:
    page.goto(f'/tasks/{house.people.task_id}')
    ready(page)
    return page.get_by_label('Add a part'), lambda title: page.get_by_label(f'Done: {title}', exact=True)


def quick_line(page: Page, house: House) -> tuple[Locator, Callable[[str], Locator]]:
    page.goto(f'/tasks/lists/{house.people.list_id}')
    ready(page)
    return page.locator('[data-quick]').first, lambda title: page.get_by_role('link', name=title, exact=True)


@pytest.mark.parametrize('line', [board_line, step_line, part_line, quick_line])
def test_a_line_stands_until_the_server_has_it_and_is_then_stored_once(desk: Desk, house: House, line: Line) -> None:
    page = desk('/')
    box, stored = line(page, house)
    title = f'Coil the hose by {line.__name__}'
    box.fill(title)
    house.die()
    box.press('Enter')
    expect(page.get_by_text(NO_ANSWER)).to_be_visible(timeout=15_000)
    expect(box).to_have_value(title)
    house.revive()
    expect(page.get_by_text(NO_ANSWER)).to_have_count(0)
    ready(page)
    expect(box).to_have_value(title)
    box.press('Enter')
    expect(stored(title)).to_be_visible()
    expect(box).to_have_value('')
    reload(page)
    arrived(page)
    expect(stored(title)).to_have_count(1)
    assert box.count() == 0 or box.input_value() == ''


@pytest.mark.parametrize('line', [step_line, quick_line])
def test_a_line_whose_answer_was_lost_is_not_stored_again(desk: Desk, house: House, line: Line) -> None:
    page = desk('/')
    box, stored = line(page, house)
    box.fill('Dry the boots')
    page.evaluate("window.socket.off('run_javascript')")
    box.press('Enter')
    expect(page.get_by_text(NO_ANSWER)).to_be_visible(timeout=15_000)
    arrived(page)
    reload(page)
    expect(box).to_have_value('Dry the boots')
    expect(stored('Dry the boots')).to_have_count(1)
    box.press('Enter')
    expect(box).to_have_value('')
    expect(stored('Dry the boots')).to_have_count(1)


def test_a_line_is_back_after_a_reload_and_where_it_was_closed(desk: Desk, house: House) -> None:
    page = desk('/')
    box, _ = board_line(page, house)
    box.fill('Half a task')
    reload(page)
    expect(box).to_have_value('Half a task')
    expect(box).not_to_be_focused()
    box.press('Escape')
    expect(box).to_have_count(0)
    add = page.get_by_role('region', name='Pending').get_by_role('button', name='Add a task')
    expect(add).to_be_focused()
    add.press('Enter')
    expect(box).to_have_value('Half a task')
    with page.expect_response('**/drafts'):
        box.fill('')
    box.press('Escape')
    reload(page)
    arrived(page)
    expect(box).to_have_count(0)


def test_what_is_typed_on_while_a_line_is_stored_stays(desk: Desk, house: House) -> None:
    page = desk('/')
    box, stored = step_line(page, house)
    box.fill('Fold the sails')
    box.evaluate(
        """(box) => {
          box.form.requestSubmit();
          box.value += ' and more';
          box.dispatchEvent(new Event('input'));
        }"""
    )
    expect(stored('Fold the sails')).to_have_count(1)
    expect(box).to_have_value(' and more')
    box.fill('')
    arrived(page)


def test_lines_that_come_twenty_times_under_one_key_are_stored_once(desk: Desk, house: House) -> None:
    page = desk('/')
    box, stored = quick_line(page, house)
    box.fill('Sweep the bay\nMop the bay')
    box.evaluate(
        """(box) => {
          const { emit } = window.socket;
          window.socket.emit = function (...sent) {
            const times = JSON.stringify(sent).includes('Mop the bay') && sent[0] === 'event' ? 20 : 1;
            window.times = Math.max(window.times ?? 0, times);
            for (let time = 0; time < times; time++) setTimeout(() => emit.apply(this, sent), 60 * time);
            return this;
          };
          box.form.requestSubmit();
          box.form.requestSubmit();
        }"""
    )
    expect(stored('Mop the bay')).to_have_count(1)
    expect(box).to_have_value('')
    page.wait_for_timeout(20 * 60)
    arrived(page)
    assert page.evaluate('window.times') == 20
    reload(page)
    for title in ('Sweep the bay', 'Mop the bay'):
        expect(stored(title)).to_have_count(1)
    expect(box).to_have_value('')
    box.fill('Sweep the bay')
    box.press('Enter')
    expect(stored('Sweep the bay')).to_have_count(2)  # typed anew it is another one

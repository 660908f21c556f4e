"""The board of a list in several windows: rebalanced, filtered, taken back, refused (rule 13), and cut short."""

import re
import sqlite3
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.benchmarks.served import Served
from tests.browser.accessibility import at_rest, faults
from tests.browser.test_pages_at_work import begin
from tests.browser.test_tasks import Sit, add_list, card, installed, lane, moved, people, sit, write
from tests.ui.pages.cast import Cast

__all__ = ['installed', 'people', 'sit']
pytestmark = pytest.mark.browser


@pytest.fixture
def fresh(sit: Sit, people: Cast) -> tuple[Page, str]:
    """A window on the board of a new list, and the path of that board."""
    page = sit(people.owner)
    return page, add_list(page, f'Crew {uuid4().hex[:6]}')


def titles(page: Page, column: str = 'Pending') -> list[str]:
    return lane(page, column).locator('[data-card] a').all_text_contents()


def expect_titles(page: Page, wanted: list[str], column: str = 'Pending') -> None:
    expect(lane(page, column).locator('[data-card] a')).to_have_text(wanted)


def choose(page: Page, title: str, item: str) -> None:
    card(page, title).get_by_role('button').first.click()
    page.get_by_role('menuitem', name=item, exact=True).click()


def drag(page: Page, title: str, onto: str) -> None:
    """Drag a card to just above another one."""
    at_rest(page)
    start, end = card(page, title).bounding_box(), card(page, onto).bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start['x'] + 60, start['y'] + 40)
    page.mouse.down()
    page.mouse.move(start['x'] + 70, start['y'] + 30, steps=4)
    page.mouse.move(end['x'] + 60, end['y'] + 8, steps=10)
    page.wait_for_timeout(200)
    at_rest(page)  # the cards have slid aside
    page.mouse.move(end['x'] + 62, end['y'] + 6, steps=4)
    page.mouse.up()


def test_a_board_that_is_open_follows_when_its_column_is_rebalanced(
    sit: Sit, people: Cast, fresh: tuple[Page, str], installed: tuple[Served, Cast]
) -> None:
    mine, path = fresh
    write(mine, 'One', 'Two', 'Three', 'Four')
    expect_titles(mine, ['One', 'Two', 'Three', 'Four'])
    crowd(installed[0], path, One='zz' + '0' * 40 + '1', Two='zz' + '0' * 40 + '2', Three='zz1', Four='zz2')
    other = sit(people.owner)
    begin(mine, path)
    begin(other, path)
    drag(mine, 'Four', 'Two')
    for window in (mine, other):
        expect_titles(window, ['One', 'Four', 'Two', 'Three'])
    drag(other, 'Three', 'Four')
    for window in (mine, other):
        expect_titles(window, ['One', 'Three', 'Four', 'Two'])


def crowd(served: Served, path: str, **keys: str) -> None:
    """Give the cards of a list keys that leave no room between them."""
    with sqlite3.connect(served.folder / 'logbook.db') as rows:
        for title, key in keys.items():
            given = (key, title, UUID(path.rsplit('/', 1)[1]).hex)
            changed = rows.execute('UPDATE task SET order_key = ? WHERE title = ? AND list_id = ?', given)
            assert changed.rowcount == 1
    rows.close()


def test_a_board_is_filtered_in_its_address_and_places_beside_what_is_visible(
    sit: Sit, people: Cast, fresh: tuple[Page, str]
) -> None:
    mine, path = fresh
    write(mine, 'Pump one *pump', 'Hidden one', 'Pump two *pump', 'Pump three *pump !urgent', 'Hidden two')
    whole = ['Pump one', 'Hidden one', 'Pump two', 'Pump three', 'Hidden two']
    expect_titles(mine, whole)
    mine.keyboard.press('Escape')
    mine.get_by_role('heading', level=1).click()
    mine.keyboard.press('/')
    expect(mine.get_by_role('searchbox')).to_be_focused()
    pick(mine, 'Label', 'pump')
    expect_titles(mine, ['Pump one', 'Pump two', 'Pump three'])
    expect(lane(mine, 'Pending').locator('.lb-board-head')).to_contain_text('3 of 5')
    expect(mine).to_have_url(re.compile('label='))
    begin(mine, mine.url)
    expect_titles(mine, ['Pump one', 'Pump two', 'Pump three'])
    assert faults(mine) == []
    drag(mine, 'Pump three', 'Pump two')
    expect_titles(mine, ['Pump one', 'Pump three', 'Pump two'])
    expect(moved(mine)).to_be_visible()
    other = sit(people.owner)
    begin(other, path)
    expect(lane(other, 'Pending').locator('[data-card]')).to_have_count(5)
    now = titles(other)
    assert [title for title in now if title.startswith('Pump')] == ['Pump one', 'Pump three', 'Pump two']
    assert now[-1] == 'Hidden two'
    choose(other, 'Pump one', 'Move to In progress')
    expect_titles(mine, ['Pump three', 'Pump two'])
    write(other, 'Hidden three', 'Pump four *pump')
    expect_titles(mine, ['Pump three', 'Pump two', 'Pump four'])
    mine.get_by_role('button', name='Clear all').click()
    expect(lane(mine, 'Pending').locator('[data-card]')).to_have_count(6)
    expect(mine).not_to_have_url(re.compile('label='))


def pick(page: Page, chip: str, option: str) -> None:
    page.get_by_role('button', name=chip, exact=True).click()
    page.get_by_role('group', name=chip).get_by_text(option, exact=True).click()
    page.keyboard.press('Escape')


def test_a_board_is_searched_and_narrowed_to_people_priority_and_dates(
    sit: Sit, people: Cast, fresh: tuple[Page, str]
) -> None:
    page, _path = fresh
    name = people.member_name
    write(page, f'Grease @{name.replace(" ", "")}', 'Oil today !urgent', 'Wax *floor')
    page.get_by_role('searchbox').fill('wa')
    expect_titles(page, ['Wax'])
    page.get_by_role('searchbox').fill('nothing of this')
    expect(page.get_by_text('No tasks for “nothing of this”.')).to_be_visible()
    assert faults(page) == []
    page.get_by_role('button', name='Clear the filter').click()
    for chip, option, wanted in (
        ('Who', name, ['Grease']), ('Who', 'Nobody', ['Oil', 'Wax']), ('Priority', 'Urgent', ['Oil']),
        ('Due', 'Today', ['Oil']), ('Due', 'No date', ['Grease', 'Wax']), ('Label', 'floor', ['Wax']),
    ):  # fmt: skip
        pick(page, chip, option)
        expect_titles(page, wanted)
        page.get_by_role('button', name='Clear all').click()
        expect_titles(page, ['Grease', 'Oil', 'Wax'])
    member = sit(people.member)
    begin(member, f'/tasks/lists/{people.list_id}?assignee=me')
    expect(member.get_by_role('button', name='Who: Me')).to_be_visible()
    expect(card(member, 'Paint the door')).to_be_visible()


def test_what_is_added_where_a_filter_hides_it_is_not_lost_without_a_word(fresh: tuple[Page, str]) -> None:
    page, _path = fresh
    write(page, 'Pump one *pump')
    pick(page, 'Label', 'pump')
    foot(page, 'Pending').fill('Sweep the floor\n  With a broom\nPump two *pump')
    page.keyboard.press('Enter')
    expect(page.locator('.lb-toast').last).to_contain_text('3 tasks added. The filter hides 1 task.')
    expect(lane(page, 'Pending').locator('.lb-board-head')).to_contain_text('2 of 3')


def foot(page: Page, column: str) -> Locator:
    """Open the field at the foot of a column."""
    lane(page, column).get_by_role('button', name='Add a task').click()
    return page.get_by_role('textbox', name=f'New task in {column}')


@pytest.mark.parametrize('phone', [False, True])
def test_the_field_in_a_column_reads_the_same_line_and_undo_gives_it_back_there(
    sit: Sit, people: Cast, fresh: tuple[Page, str], *, phone: bool
) -> None:
    page = sit(people.owner, phone=phone)
    begin(page, fresh[1])
    field = foot(page, 'In progress')
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(re.compile(r'@okafor !high \*maintenance'))
    line = f'Check the hose @{people.member_name.replace(" ", "")} !high *gear friday 5pm every month'
    page.keyboard.type(line)
    read = lane(page, 'In progress').get_by_role('list', name='What was understood')
    for word in (people.member_name, 'High', 'gear', 'Every month'):
        expect(read).to_contain_text(word)
    assert faults(page) == []
    assert page.evaluate('document.documentElement.scrollWidth <= innerWidth')
    lane(page, 'In progress').get_by_role('button', name='Add', exact=True).click()
    expect_titles(page, ['Check the hose'], 'In progress')
    expect(lane(page, 'In progress').locator('[data-card]')).to_contain_text('High')
    expect(field).to_have_value('')
    expect(field).to_be_focused()
    page.get_by_role('button', name='Undo').last.click()
    expect_titles(page, [], 'In progress')
    expect(field).to_have_value(line)
    field.fill('Wash\nDry')
    lane(page, 'In progress').get_by_role('button', name='Add', exact=True).click()
    expect_titles(page, ['Wash', 'Dry'], 'In progress')
    lane(page, 'In progress').get_by_role('button', name='Close').click()
    expect(field).to_have_count(0)


def test_a_line_in_a_column_that_names_another_list_goes_there_and_says_so(
    sit: Sit, people: Cast, fresh: tuple[Page, str]
) -> None:
    page, path = fresh
    other = add_list(page, f'Garage {uuid4().hex[:6]}')
    name = page.get_by_role('heading', level=1).inner_text()
    begin(page, path)
    field = foot(page, 'In progress')
    field.fill(f'Wash #"{name}"\nDry')
    expect(lane(page, 'In progress').get_by_role('list', name='What was understood')).to_contain_text(name)
    page.keyboard.press('Enter')
    expect(page.locator('.lb-toast').last).to_contain_text(f'2 tasks added. In another list: {name}.')
    expect_titles(page, ['Dry'], 'In progress')
    begin(page, other)
    expect_titles(page, ['Wash'])


def test_rule_13_what_a_full_column_refuses_is_said_beside_its_field_and_stands_there(
    fresh: tuple[Page, str], installed: tuple[Served, Cast]
) -> None:
    page, path = fresh
    limit(installed[0], path, 'In progress', 2)
    begin(page, path)
    field = foot(page, 'In progress')
    field.fill('Wash\nDry\nPolish')
    page.keyboard.press('Enter')
    said = lane(page, 'In progress').get_by_role('alert')
    expect(said).to_have_text(re.compile('"In progress" takes at most 2 tasks, and 0 are in it'))
    expect(field).to_have_value('Wash\nDry\nPolish')
    expect_titles(page, [], 'In progress')
    assert faults(page) == []
    field.fill('Wash\nDry')
    page.keyboard.press('Enter')
    expect_titles(page, ['Wash', 'Dry'], 'In progress')


def test_what_was_done_long_ago_is_counted_and_found_behind_its_column(
    fresh: tuple[Page, str], installed: tuple[Served, Cast]
) -> None:
    page, path = fresh
    write(page, 'Old one', 'New one', 'Open one')
    for title in ('Old one', 'New one'):
        choose(page, title, 'Complete')
    expect(lane(page, 'Completed').locator('[data-card]')).to_have_count(2)
    age(installed[0], path, 'Old one')
    begin(page, path)
    expect_titles(page, ['New one'], 'Completed')
    expect(lane(page, 'Completed').locator('.lb-board-head')).to_contain_text('1 of 2')
    lane(page, 'Completed').get_by_role('link', name='Show all 2').click()
    expect(page.get_by_role('row')).to_have_count(3)
    for title in ('Old one', 'New one'):
        expect(page.get_by_role('link', name=title)).to_be_visible()


def age(served: Served, path: str, title: str) -> None:
    """Let a task of a list have been completed long ago."""
    with sqlite3.connect(served.folder / 'logbook.db') as rows:
        given = (title, UUID(path.rsplit('/', 1)[1]).hex)
        long_ago = "UPDATE task SET completed_at = datetime(completed_at, '-40 days') WHERE title = ? AND list_id = ?"
        assert rows.execute(long_ago, given).rowcount == 1
    rows.close()


def test_undo_lays_a_card_back_between_its_old_neighbours(fresh: tuple[Page, str]) -> None:
    page, path = fresh
    write(page, 'One', 'Two', 'Three')
    choose(page, 'Two', 'Move to In progress')
    expect_titles(page, ['One', 'Three'])
    undo(page)
    expect_titles(page, ['One', 'Two', 'Three'])
    drag(page, 'Three', 'One')
    expect_titles(page, ['Three', 'One', 'Two'])
    undo(page)
    expect_titles(page, ['One', 'Two', 'Three'])
    page.get_by_role('searchbox').fill('two')
    expect_titles(page, ['Two'])
    choose(page, 'Two', 'Move to In progress')
    expect_titles(page, [])
    undo(page)
    expect_titles(page, ['Two'])
    begin(page, path)
    expect_titles(page, ['One', 'Two', 'Three'])


def undo(page: Page) -> None:
    moved(page).get_by_role('button', name='Undo').click()
    expect(moved(page)).to_have_count(0)


def test_a_list_and_a_board_lead_from_task_to_task_and_back(fresh: tuple[Page, str]) -> None:
    page, path = fresh
    write(page, 'One *pump', 'Two *pump', 'Hidden', 'Three *pump')
    choose(page, 'Three', 'Move to the top')
    pick(page, 'Label', 'pump')
    expect_titles(page, ['Three', 'One', 'Two'])
    card(page, 'One').get_by_role('link').click()
    place = page.get_by_role('navigation', name='In the list')
    expect(place).to_contain_text('2 of 3')
    place.get_by_role('link', name='Next in the list').click()
    expect(page.get_by_role('heading', level=1)).to_have_text('Two')
    expect(place).to_contain_text('3 of 3')
    assert faults(page) == []
    page.get_by_role('navigation', name='Breadcrumb').get_by_role('link', name='Crew').click()
    expect_titles(page, ['Three', 'One', 'Two'])
    begin(page, f'{path}?as=table&sort=-title')
    page.get_by_role('link', name='One').click()
    expect(place).to_contain_text('3 of 4')
    place.get_by_role('link', name='Previous in the list').click()
    expect(page.get_by_role('heading', level=1)).to_have_text('Three')
    page.get_by_role('navigation', name='Breadcrumb').get_by_role('link', name='Crew').click()
    page.wait_for_url('**sort=-title**')
    expect(page.get_by_role('row')).to_have_count(5)
    begin(page, '/tasks?q=three')
    page.get_by_role('row').get_by_role('link', name='Three').first.click()
    expect(page.get_by_role('tab', name='Task')).to_be_visible()
    page.get_by_role('navigation', name='Breadcrumb').get_by_role('link', name='Tasks').click()
    page.wait_for_url('**/tasks?*')
    assert 'q=three' in page.url


@pytest.mark.parametrize('width', [1440, 1100, 800])
def test_a_table_cuts_nothing_and_the_menu_of_each_row_is_reached(sit: Sit, people: Cast, width: int) -> None:
    page = sit(people.owner)
    path = add_list(page, f'Wide {width}')
    name = people.member_name.replace(' ', '')
    labels = '*maintenance *second-engine *purchase *follow-up'
    write(page, f'{"Wash every hose and hang it up to dry " * 4} today !urgent {labels} @{name}', 'Sweep', 'R' * 90)
    expect(lane(page, 'Pending').locator('[data-card]')).to_have_count(3)
    page.set_viewport_size({'width': width, 'height': 900})
    begin(page, f'{path}?as=table')
    rows = page.locator('.lb-table tbody tr')
    expect(rows).to_have_count(3)
    at_rest(page)
    assert page.evaluate("(one => one.scrollWidth - one.clientWidth)(document.querySelector('.lb-table-wrap'))") == 0
    cut = 'all => all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent)'
    assert page.locator('.lb-table :is(td, th)').evaluate_all(cut) == []
    long = rows.filter(has_text='Wash every hose')
    for word in ('Urgent', 'follow-up', people.member_name, 'Pending'):
        expect(long.get_by_text(word).last).to_be_in_viewport(ratio=1)
    for at in range(3):
        expect(rows.nth(at).get_by_role('button', name='Actions for')).to_be_in_viewport(ratio=1)
    assert faults(page) == []


@pytest.mark.parametrize('state', ['%00', 'sort%3Dnonsense', 'column%3Dx', 'q%3D' + 'x' * 390, 'due%3D1..2..3'])
def test_a_nonsense_list_in_the_address_still_shows_the_task(sit: Sit, people: Cast, state: str) -> None:
    page = sit(people.owner)
    begin(page, f'/tasks/{people.task_id}?list={state}')
    expect(page.get_by_role('tab', name='Task')).to_be_visible()


def test_rule_13_what_finds_no_room_lies_again_where_it_lay(
    fresh: tuple[Page, str], installed: tuple[Served, Cast]
) -> None:
    page, path = fresh
    write(page, 'One', 'Two', 'Three')
    limit(installed[0], path, 'In progress', 1)
    begin(page, path)
    choose(page, 'One', 'Move to In progress')
    expect_titles(page, ['One'], 'In progress')
    expect(moved(page)).to_be_visible()
    choose(page, 'Two', 'Move to In progress')
    expect(page.locator('.lb-toast').last).to_contain_text('"In progress" takes at most one task')
    expect_titles(page, ['Two', 'Three'])
    expect_titles(page, ['One'], 'In progress')


def limit(served: Served, path: str, title: str, count: int) -> None:
    """Let a column of a list take at most so many tasks."""
    with sqlite3.connect(served.folder / 'logbook.db') as rows:
        given = (count, title, UUID(path.rsplit('/', 1)[1]).hex)
        assert (
            rows.execute('UPDATE board_column SET wip_limit = ? WHERE title = ? AND list_id = ?', given).rowcount == 1
        )
    rows.close()

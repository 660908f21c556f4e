"""A week of a small department's work: planned by lines, assigned, moved, talked about, found, finished, exported."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.benchmarks.served import Served, serve
from tests.browser.accessibility import at_rest, faults
from tests.browser.test_pages_at_work import begin
from tests.ui.pages.cast import Cast, cast


@pytest.fixture(scope='module')
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Cast]]:
    folder = tmp_path_factory.mktemp('tasks') / 'data'
    people = cast(folder)
    with serve(folder) as served:
        yield served, people


@pytest.fixture
def people(installed: tuple[Served, Cast]) -> Cast:
    return installed[1]


@pytest.fixture
def station(people: Cast) -> str:
    return f'/tasks/lists/{people.list_id}'


class Sit:
    """Lets people sit down, each in a browser of his own."""

    def __init__(self, browser: Browser, served: Served) -> None:
        self._browser, self._served = browser, served
        self.pages: list[Page] = []

    def __call__(self, token: str, *, phone: bool = False, dark: bool = False) -> Page:
        context = self._browser.new_context(
            base_url=self._served.origin, color_scheme='dark' if dark else 'light', has_touch=phone, is_mobile=phone,
            viewport={'width': 390, 'height': 844} if phone else {'width': 1440, 'height': 900},
        )  # fmt: skip
        context.add_cookies([{'name': 'logbook', 'value': token, 'url': self._served.origin}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        self.pages.append(page)
        return page


@pytest.fixture
def sit(browser: Browser, installed: tuple[Served, Cast]) -> Iterator[Sit]:
    seats = Sit(browser, installed[0])
    yield seats
    for page in seats.pages:
        page.context.close()


def quick(page: Page) -> Locator:
    return page.locator('textarea[data-quick]').first


def write(page: Page, *lines: str) -> None:
    """Write lines into quick add, and send them with Enter."""
    field = quick(page)
    field.focus()
    for at, line in enumerate(lines):
        if at:
            page.keyboard.press('Shift+Enter')
        page.keyboard.type(line)
    page.keyboard.press('Enter')
    expect(field).to_have_value('')


def add_list(page: Page, title: str) -> str:
    """Add a list of tasks and go to it; returns its path."""
    begin(page, '/tasks/lists')
    page.get_by_role('button', name='Add list').first.click()
    page.get_by_role('dialog').get_by_label('Title').fill(title)
    page.get_by_role('dialog').get_by_role('button', name='Add', exact=True).click()
    page.wait_for_url(re.compile('/tasks/lists/0'))
    expect(page.get_by_role('heading', name=title)).to_be_visible()
    return '/' + page.url.partition('?')[0].split('/', 3)[3]


def moved(page: Page) -> Locator:
    """What is said once the move of a card is stored."""
    return page.locator('.lb-toast').filter(has_text='Moved.')


def card(page: Page, title: str) -> Locator:
    return page.locator('.lb-board-card').filter(has_text=title)


def lane(page: Page, title: str) -> Locator:
    return page.locator('.lb-board-column').filter(has=page.get_by_role('heading', name=title))


@pytest.mark.browser
def test_lines_are_read_while_they_are_typed_added_at_once_and_given_back_by_undo(
    sit: Sit, people: Cast, station: str
) -> None:
    page = sit(people.owner)
    begin(page, station)
    name = people.member_name.replace(' ', '')
    quick(page).focus()
    line = f'Wash the engine tomorrow 5pm every week @{name} !high *cleaning'
    page.keyboard.type(line)
    read = page.get_by_role('list', name='What was understood')
    for word in ('Every week', people.member_name, 'High', 'cleaning'):
        expect(read).to_contain_text(word)
    page.keyboard.press('Shift+Enter')
    page.keyboard.type('  Buy soap @nobodyatall')
    expect(read).to_contain_text('There is no person here named nobodyatall.')
    assert faults(page) == []
    page.keyboard.press('Enter')
    expect(card(page, 'Wash the engine')).to_be_visible()
    expect(card(page, 'Wash the engine')).to_contain_text('High')
    page.get_by_role('button', name='Undo').last.click()
    expect(card(page, 'Wash the engine')).to_have_count(0)
    expect(quick(page)).to_have_value(f'{line}\n  Buy soap @nobodyatall')
    with page.expect_response('**/drafts'):  # else it is there again when the next one sits down
        quick(page).fill('')


@pytest.mark.browser
def test_the_shortcut_and_the_palette_open_quick_add_wherever_one_is(sit: Sit, people: Cast) -> None:
    page = sit(people.member)
    begin(page, '/account')
    page.keyboard.press('c')
    dialog = page.get_by_role('dialog')
    expect(dialog.locator('textarea')).to_be_focused()
    page.keyboard.type('Ask for new gloves today')
    assert faults(page) == []
    page.keyboard.press('Enter')
    expect(dialog).to_have_count(0)
    page.keyboard.press('Control+k')
    page.keyboard.type('add task')
    expect(page.get_by_role('option', name='Add task')).to_be_visible()
    page.keyboard.press('Enter')
    page.get_by_role('dialog').locator('textarea').fill('Ask for boots tomorrow')
    page.get_by_role('dialog').get_by_role('button', name='More fields').click()
    expect(page.get_by_label('What is to be done?')).to_have_value('Ask for boots')
    page.get_by_role('dialog').get_by_role('button', name='Add', exact=True).click()
    expect(page.get_by_role('dialog')).to_have_count(0)
    begin(page, '/my-work')
    for title in ('Ask for new gloves', 'Ask for boots'):
        expect(page.get_by_role('link', name=title)).to_be_visible()


@pytest.mark.browser
def test_a_week_is_planned_worked_found_and_taken_out_as_a_file(sit: Sit, people: Cast, station: str) -> None:
    chief, member = sit(people.owner), sit(people.member)
    begin(chief, station)
    write(chief, f'Test the siren friday @{people.member_name.replace(" ", "")}', 'Sweep the bay today')
    begin(member, '/my-work')
    member.get_by_role('link', name='Test the siren').click()
    expect(member.get_by_role('heading', name='Test the siren')).to_be_visible()
    member.get_by_role('tab', name='Comments and files').click()
    member.get_by_role('textbox', name='Say something').click()
    member.keyboard.type('It is loud enough.')
    member.keyboard.press('Control+Enter')
    expect(member.get_by_text('It is loud enough.').first).to_be_visible()
    member.get_by_role('button', name='Complete', exact=True).click()
    expect(lane(chief, 'Completed').filter(has_text='Test the siren')).to_be_visible()
    chief.keyboard.press('Control+k')
    chief.keyboard.type('siren')
    expect(chief.get_by_role('option', name='Test the siren')).to_be_visible()
    chief.keyboard.press('Escape')
    begin(chief, f'{station}?as=table')
    expect(chief.get_by_role('link', name='Sweep the bay')).to_be_visible()
    expect(chief.get_by_role('link', name='Test the siren')).to_have_count(0)
    chief.get_by_role('button', name='Export').click()
    with chief.expect_download() as begun:
        chief.get_by_role('menuitem', name=re.compile('JSON.*: .* open')).click()
    content = begun.value.path().read_text()
    assert 'Sweep the bay' in content
    assert 'Test the siren' not in content


@pytest.mark.browser
def test_many_are_changed_at_once_and_put_back_by_one_undo(sit: Sit, people: Cast, station: str) -> None:
    page = sit(people.owner)
    begin(page, station)
    write(page, 'Count helmets', 'Count radios')
    begin(page, f'{station}?as=table&q=count')
    for title in ('Count helmets', 'Count radios'):
        page.get_by_role('row').filter(has_text=title).get_by_role('checkbox').check()
    chosen = page.get_by_role('region', name='Selection')
    cancel = page.get_by_role('dialog').get_by_role('button', name='Cancel')
    for away in (cancel.click, lambda: page.keyboard.press('Escape')):
        page.get_by_role('button', name='Set priority').click()
        expect(page.get_by_role('dialog').get_by_label('Priority')).to_be_visible()
        away()
        expect(page.get_by_role('dialog')).to_have_count(0)
        expect(chosen).to_contain_text('2 selected')
    page.get_by_role('button', name='Set priority').click()
    page.get_by_role('dialog').get_by_label('Priority').select_option('urgent')
    page.get_by_role('dialog').get_by_role('button', name='Change').click()
    urgent = page.get_by_role('row').filter(has_text='Count').filter(has_text='Urgent')
    expect(urgent).to_have_count(2)
    expect(chosen).to_have_count(0)
    page.get_by_role('button', name='Undo').last.click()
    expect(urgent).to_have_count(0)


@pytest.mark.browser
def test_a_card_is_moved_with_keys_alone_and_by_its_form(sit: Sit, people: Cast, station: str) -> None:
    page = sit(people.owner)
    begin(page, station)
    write(page, 'Oil the hinges')
    card(page, 'Oil the hinges').get_by_role('button').first.focus()
    page.keyboard.press('Enter')
    page.get_by_role('menuitem', name='Move to In progress').press('Enter')
    expect(lane(page, 'In progress').filter(has_text='Oil the hinges')).to_be_visible()
    moved(page).get_by_role('button', name='Dismiss').press('Enter')
    expect(moved(page)).to_have_count(0)
    card(page, 'Oil the hinges').get_by_role('link').first.press('Enter')
    head = page.locator('.lb-page-head:visible').filter(has_text='Oil the hinges')  # the board's stands until then
    expect(head.get_by_text('In progress')).to_have_count(1)
    head.get_by_role('button', name='More').press('Enter')
    page.get_by_role('menuitem', name='Move to…').press('Enter')
    page.get_by_role('dialog').get_by_label('List and column').select_option(label='Station: Pending')
    page.get_by_role('dialog').get_by_role('button', name='Move').press('Enter')
    expect(head.get_by_text('Pending')).to_have_count(1)  # the column and the status, which say the same
    expect(page.get_by_role('dialog')).to_have_count(0)
    moved(page).get_by_role('button', name='Undo').click()
    expect(head.get_by_text('In progress')).to_have_count(1)


@pytest.mark.browser
@pytest.mark.parametrize('on', ['words', 'foot'])
def test_a_card_may_be_let_go_anywhere_in_an_empty_column(sit: Sit, people: Cast, on: str) -> None:
    page = sit(people.owner)
    add_list(page, f'Empty at the {on}')
    write(page, 'Mend the ladder friday 5pm', *(f'Task {number}' for number in range(4)))
    expect(page.locator('.lb-board-card')).to_have_count(5)
    at_rest(page)
    expect(card(page, 'Mend the ladder')).to_contain_text(re.compile('17:00|05:00 PM'))
    words = lane(page, 'In progress').get_by_text('No tasks here. Drag one here.').bounding_box()
    start, beside = card(page, 'Mend the ladder').bounding_box(), lane(page, 'Pending').bounding_box()
    assert words is not None
    assert start is not None
    assert beside is not None
    x, y = words['x'] + words['width'] / 2, words['y'] + words['height'] / 2
    if on == 'foot':  # beside the last card of the full column
        y = beside['y'] + beside['height'] - 90
    page.mouse.move(start['x'] + 60, start['y'] + 40)
    page.mouse.down()
    page.mouse.move(start['x'] + 80, start['y'] + 45, steps=4)
    page.mouse.move(x, y, steps=8)
    page.wait_for_timeout(200)
    at_rest(page)  # the cards have slid aside
    page.mouse.move(x + 8, y + 8, steps=8)
    page.mouse.up()
    expect(lane(page, 'In progress').filter(has_text='Mend the ladder')).to_be_visible()
    moved(page).get_by_role('button', name='Undo').click()
    expect(lane(page, 'Pending').filter(has_text='Mend the ladder')).to_be_visible()


@pytest.mark.browser
def test_a_day_that_was_changed_in_the_calendar_is_given_back_by_undo(sit: Sit, people: Cast, station: str) -> None:
    page = sit(people.owner)
    begin(page, station)
    write(page, 'Wash the hoses today')
    begin(page, f'{station}?as=calendar')
    hoses = page.get_by_role('link', name='Wash the hoses')
    expect(hoses).to_be_visible()
    at_rest(page)
    before = hoses.bounding_box()
    assert before is not None
    away = """([x, y]) => {
        const event = [...document.querySelectorAll('.lb-event a')].find((one) => one.textContent.includes('hoses'));
        const box = event?.getBoundingClientRect();
        return box ? Math.abs(box.x - x) + Math.abs(box.y - y) : NaN;
    }"""
    hoses.focus()
    page.keyboard.press('Alt+ArrowRight')
    page.wait_for_function(f'(place) => ({away})(place) > 20', arg=[before['x'], before['y']])
    moved(page).get_by_role('button', name='Undo').click()
    page.wait_for_function(f'(place) => ({away})(place) < 5', arg=[before['x'], before['y']])
    page.reload()
    page.wait_for_function(f'(place) => ({away})(place) < 5', arg=[before['x'], before['y']])


@pytest.mark.browser
def test_a_calendar_is_narrowed_as_its_address_says_and_so_is_the_board_beside_it(sit: Sit, people: Cast) -> None:
    page = sit(people.owner)
    path = add_list(page, 'Narrowed')
    write(page, 'Hoses today !urgent *washing', 'Ladders today', 'Pumps today !urgent')
    expect(card(page, 'Pumps')).to_be_visible()
    begin(page, f'{path}?as=calendar&view=month')
    events = page.locator('.lb-event a')
    expect(events).to_have_count(3)
    page.get_by_role('button', name='Priority').click()
    page.get_by_role('checkbox', name='Urgent').check()
    expect(events).to_have_count(2)
    page.keyboard.press('Escape')
    page.get_by_role('button', name='Label').click()
    page.get_by_role('checkbox', name='washing').check()
    expect(events).to_have_text(['Hoses'])
    expect(page).to_have_url(re.compile(r'view=month.*priority=urgent.*label='))
    assert faults(page) == []
    page.reload()
    expect(events).to_have_text(['Hoses'])
    page.get_by_role('searchbox').fill('nowhere')
    expect(page.get_by_role('heading', name='Nothing matches')).to_be_visible()
    page.get_by_role('button', name='Clear the filter').click()
    expect(events).to_have_count(3)
    page.get_by_role('button', name='Priority').click()
    page.get_by_role('checkbox', name='Urgent').check()
    expect(events).to_have_count(2)
    page.get_by_role('button', name='Board').click()
    page.wait_for_url('**as=board')
    expect(page.locator('.lb-board-card')).to_have_count(2)


@pytest.mark.browser
@pytest.mark.parametrize('dark', [False, True], ids=['light', 'dark'])
def test_a_phone_holds_the_whole_path(sit: Sit, people: Cast, station: str, dark: bool) -> None:
    page = sit(people.member, phone=True, dark=dark)
    begin(page, '/my-work')
    title = f'Bring the key {"back" if dark else "along"}'
    quick(page).fill(f'{title} today')
    page.get_by_role('button', name='Add', exact=True).click()
    expect(page.get_by_role('link', name=title)).to_be_visible()
    assert page.evaluate('document.documentElement.scrollWidth - innerWidth') <= 0
    page.get_by_role('checkbox', name=f'Done: {title}').click()
    expect(page.get_by_role('link', name=title)).to_have_count(0)
    page.locator('.lb-toast').filter(has_text='Completed.').get_by_role('button', name='Undo').click()
    expect(page.get_by_role('link', name=title)).to_be_visible()
    for path in (station, f'{station}?as=calendar', f'/tasks/{people.task_id}'):
        begin(page, path)
        assert page.evaluate('document.documentElement.scrollWidth - innerWidth') <= 0
        assert faults(page) == []


@pytest.mark.browser
def test_what_is_being_written_survives_a_reload(sit: Sit, people: Cast, station: str) -> None:
    page = sit(people.owner)
    begin(page, station)
    quick(page).fill('Half a line')
    begin(page, station)
    expect(quick(page)).to_have_value('Half a line')
    quick(page).fill('')
    page.get_by_role('button', name='More fields').click()
    with page.expect_response(lambda answer: 'Half a task' in (answer.request.post_data or '')):
        page.get_by_role('dialog').get_by_label('What is to be done?').fill('Half a task')
    begin(page, station)
    expect(quick(page)).to_have_value('')
    page.get_by_role('button', name='More fields').click()
    expect(page.get_by_role('dialog').get_by_label('What is to be done?')).to_have_value('Half a task')
    begin(page, f'/tasks/{people.task_id}')
    page.get_by_role('button', name='Description').click()
    page.keyboard.type('Half a description')
    begin(page, f'/tasks/{people.task_id}')
    expect(page.get_by_role('textbox', name='Description')).to_contain_text('Half a description')
    page.get_by_role('button', name='Cancel').click()
    begin(page, f'/tasks/{people.task_id}')
    expect(page.get_by_role('textbox', name='Description')).to_have_count(0)


@pytest.mark.browser
def test_what_has_a_default_offers_no_empty_choice_beside_it(sit: Sit, people: Cast, station: str) -> None:
    page = sit(people.owner)
    begin(page, f'/tasks/{people.task_id}')
    page.get_by_role('button', name='Edit Repeats').click()
    choices = page.get_by_role('dialog').get_by_label('It comes again').get_by_role('option')
    expect(choices.first).to_have_text('Not')
    expect(choices.filter(has_text='None')).to_have_count(0)

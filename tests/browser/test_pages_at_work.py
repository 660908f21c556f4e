"""The main paths of the screens, walked in a browser as a person walks them, with their ways back."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.benchmarks.served import Served, serve
from tests.browser.accessibility import faults
from tests.ui.pages.cast import PAPER, Cast, cast

ROSTER = b'Number,First name,Last name,Email\nX1,Uma,Vale,uma@example.org\nX2,,,nobody@example.org\n'


@pytest.fixture(scope='module')
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Cast]]:
    folder = tmp_path_factory.mktemp('work') / 'data'
    people = cast(folder)
    with serve(folder) as served:
        yield served, people


def sit_down(browser: Browser, served: Served, token: str) -> Iterator[Page]:
    context = browser.new_context(base_url=served.origin, viewport={'width': 1440, 'height': 900})
    context.add_cookies([{'name': 'logbook', 'value': token, 'url': served.origin}])
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


@pytest.fixture(scope='module')
def desk(browser: Browser, installed: tuple[Served, Cast]) -> Iterator[Page]:
    yield from sit_down(browser, installed[0], installed[1].owner)


@pytest.fixture
def other_desk(browser: Browser, installed: tuple[Served, Cast]) -> Iterator[Page]:
    """The desk of another administrator."""
    yield from sit_down(browser, installed[0], installed[1].second)


@pytest.fixture
def people(installed: tuple[Served, Cast]) -> Cast:
    return installed[1]


def begin(page: Page, path: str) -> Locator:
    page.goto(path)
    page.wait_for_selector('h1')
    page.wait_for_function('window.did_handshake === true')
    return page.locator('main')


def choose(page: Page, label: str) -> Locator:
    """Choose from the menu of the head; returns the dialog."""
    page.locator('.lb-page-head:visible').get_by_role('button', name='More').click()
    page.get_by_role('menuitem', name=label).click()
    return page.get_by_role('dialog')


def press(place: Page | Locator, label: str) -> None:
    place.get_by_role('button', name=label, exact=True).click()


def is_said(page: Page, text: str) -> None:
    expect(page.locator('.lb-toasts')).to_contain_text(text)


def test_somebody_is_added_and_archived_and_brought_back(desk: Page) -> None:
    main = begin(desk, '/members/new')
    desk.get_by_label('First name').fill('Zora')
    desk.get_by_label('Last name').fill('Quill')
    press(main, 'Add member')
    desk.wait_for_url(re.compile('/members/0'))
    expect(main.get_by_role('heading', level=1)).to_contain_text('Zora Quill')
    choose(desk, 'Archive')
    expect(main.get_by_text('This record is archived').last).to_be_visible()
    press(desk, 'Undo')
    expect(main.get_by_text('This record is archived')).to_have_count(0)


def test_a_job_changes_from_today_and_the_row_before_it_ends(desk: Page, people: Cast) -> None:
    main = begin(desk, f'/members/{people.file_id}')
    dialog = choose(desk, 'Change job')
    dialog.get_by_label('Job title').fill('Instructor')
    press(dialog, 'Save')
    is_said(desk, 'Saved')
    desk.get_by_role('tab', name='Work').click()
    expect(main.get_by_text('Instructor').first).to_be_visible()


def test_tags_and_own_fields_are_chosen_on_the_person(desk: Page, people: Cast) -> None:
    main = begin(desk, f'/members/{people.file_id}')
    dialog = choose(desk, 'Tags and fields')
    dialog.get_by_label('Boat crew').check()
    dialog.get_by_label('Shirt size').select_option(label='L')
    press(dialog, 'Save')
    expect(dialog).to_have_count(0)
    expect(main.get_by_text('Boat crew, Rope team')).to_be_visible()
    expect(main.get_by_text('Shirt size')).to_be_visible()


def test_a_paper_is_uploaded_named_removed_and_brought_back(desk: Page, people: Cast) -> None:
    main = begin(desk, f'/members/{people.file_id}?tab=documents')
    paper = {'name': 'lease.pdf', 'mimeType': 'application/pdf', 'buffer': PAPER}
    main.locator('input[type=file]').set_input_files(paper)  # type: ignore[arg-type]
    dialog = desk.get_by_role('dialog')
    dialog.get_by_label('Category').fill('Letters')
    press(dialog, 'Save')
    expect(main.get_by_role('cell', name='lease', exact=True)).to_be_visible()
    press(desk, 'Actions for lease')
    desk.get_by_role('menuitem', name='Remove').click()
    expect(main.get_by_role('cell', name='lease', exact=True)).to_have_count(0)
    press(desk, 'Undo')
    expect(main.get_by_role('cell', name='lease', exact=True)).to_be_visible()


def test_what_somebody_asked_for_is_approved_by_another(desk: Page) -> None:
    main = begin(desk, '/members/changes')
    main.get_by_role('button', name=re.compile('Actions for')).first.click()
    desk.get_by_role('menuitem', name='Approve').click()
    expect(main.get_by_text('Nothing waits')).to_be_visible()


def test_many_change_at_once_and_back(desk: Page) -> None:
    main = begin(desk, '/members')
    trained = main.locator('tbody tr').filter(has_text='Training').count()
    for row in (1, 2):
        main.locator('tbody .lb-check').nth(row).check()
    press(main.locator('.lb-bulk'), 'Set department')
    dialog = desk.get_by_role('dialog')
    dialog.locator('select').select_option(label='Training')
    press(dialog, 'Change')
    is_said(desk, 'Department set for 2 people')
    expect(main.locator('tbody tr').filter(has_text='Training')).to_have_count(trained + 2)
    press(desk, 'Undo')
    expect(main.locator('tbody tr').filter(has_text='Training')).to_have_count(trained)


def test_a_changed_number_is_kept(desk: Page) -> None:
    main = begin(desk, '/settings/backup')
    desk.get_by_label('Days to keep').fill('20')
    press(main, 'Save')
    is_said(desk, 'Saved')
    begin(desk, '/settings/backup')
    expect(desk.get_by_label('Days to keep')).to_have_value('20')


def test_a_field_with_choices_is_made_and_changed(desk: Page) -> None:
    main = begin(desk, '/settings/fields')
    press(main, 'Add field')
    dialog = desk.get_by_role('dialog')
    dialog.get_by_label('Records that have it').select_option(label='Member')
    dialog.get_by_label('Name').fill('Glove size')
    dialog.get_by_label('Kind').select_option(label='Choice')
    dialog.locator('textarea').fill('S\nM')
    press(dialog, 'Save')
    press(desk, 'Actions for Glove size')
    desk.get_by_role('menuitem', name='Edit').click()
    expect(desk.get_by_role('dialog').locator('textarea')).to_have_value('S\nM')


def test_a_roster_is_imported_and_the_import_undone(desk: Page) -> None:
    main = begin(desk, '/members/import')
    roster = {'name': 'roster.csv', 'mimeType': 'text/csv', 'buffer': ROSTER}
    main.locator('input[type=file]').set_input_files(roster)  # type: ignore[arg-type]
    press(main, 'Check the file')
    main.get_by_role('button', name=re.compile(r'Import \d')).click()
    expect(main.get_by_role('heading', level=1)).to_have_text('Imported')
    press(main, 'Undo the import')
    is_said(desk, 'Undone')


def test_an_import_that_was_left_is_gone_on_with_or_discarded_where_imports_begin(desk: Page) -> None:
    roster = {'name': 'left.csv', 'mimeType': 'text/csv', 'buffer': ROSTER}
    main = begin(desk, '/members/import')
    main.locator('input[type=file]').set_input_files(roster)  # type: ignore[arg-type]
    expect(main.get_by_role('heading', level=1)).to_have_text('Which column is what?')
    main = begin(desk, '/members/import')
    left = main.locator('.lb-card').filter(has_text='Unfinished: left.csv')
    expect(left).to_contain_text('2 rows, begun')
    expect(left).to_contain_text('Its columns are still to be checked.')
    assert faults(desk) == []
    left.get_by_role('link', name='Continue').click()
    press(main, 'Check the file')
    expect(main.get_by_role('heading', level=1)).to_have_text('What would happen')
    main = begin(desk, '/members/import')
    expect(left).to_contain_text('The dry run is done; nothing is stored yet.')
    press(left, 'Discard')
    is_said(desk, 'Discarded.')
    expect(left).to_have_count(0)


def test_an_import_of_tasks_that_was_left_is_gone_on_with(desk: Page) -> None:
    table = {'name': 'jobs.csv', 'mimeType': 'text/csv', 'buffer': b'Title\nGrease the hinges\n'}
    main = begin(desk, '/tasks/import')
    main.locator('input[type=file]').set_input_files(table)  # type: ignore[arg-type]
    expect(main.get_by_role('heading', level=1)).to_have_text('What would happen')
    main = begin(desk, '/tasks/import')
    left = main.locator('.lb-card').filter(has_text='Unfinished: jobs.csv')
    expect(left).to_contain_text('1 row, begun')
    left.get_by_role('link', name='Continue').click()
    press(main, 'Import 1 task')
    expect(main.get_by_role('heading', level=1)).to_have_text('Imported')
    begin(desk, '/tasks/import')
    expect(left).to_have_count(0)
    desk.go_back()
    press(main, 'Undo the import')
    is_said(desk, 'Undone')


def test_tasks_that_were_exported_are_not_doubled_when_they_come_back_changed(desk: Page) -> None:
    table = {'name': 'first.csv', 'mimeType': 'text/csv', 'buffer': b'Title,Priority\nTar the roof,low\nRake,low\n'}
    main = begin(desk, '/tasks/import')
    main.locator('input[type=file]').set_input_files(table)  # type: ignore[arg-type]
    press(main, 'Import 2 tasks')
    expect(main.get_by_role('heading', level=1)).to_have_text('Imported')
    begin(desk, '/tasks?q=Tar+the+roof')
    press(main, 'Export')
    with desk.expect_download() as begun:
        desk.get_by_role('menuitem', name='CSV').click()
    content = begun.value.path().read_bytes()
    assert b',Low,' in content
    again = {'name': 'again.csv', 'mimeType': 'text/csv', 'buffer': content.replace(b',Low,', b',Urgent,')}
    begin(desk, '/tasks/import')
    main.locator('input[type=file]').set_input_files(again)  # type: ignore[arg-type]
    expect(main.get_by_text('1 row is a task that is already here')).to_be_visible()
    expect(main.locator('tbody tr')).to_contain_text('Priority: Low → Urgent')
    assert faults(desk) == []
    press(main, 'Import 1 task')
    expect(main.get_by_text('1 task was changed.')).to_be_visible()
    begin(desk, '/tasks?q=Tar+the+roof')
    expect(main.locator('tbody tr')).to_have_count(1)
    expect(main.locator('tbody tr')).to_contain_text('Urgent')


def test_an_import_is_undone_from_the_list_of_all_that_was_done_to_many(desk: Page) -> None:
    main = begin(desk, '/members/import')
    roster = {'name': 'later.csv', 'mimeType': 'text/csv', 'buffer': ROSTER}
    main.locator('input[type=file]').set_input_files(roster)  # type: ignore[arg-type]
    press(main, 'Check the file')
    main.get_by_role('button', name=re.compile(r'Import \d')).click()
    expect(main.get_by_role('heading', level=1)).to_have_text('Imported')
    begin(desk, '/members')
    desk.locator('.lb-page-head:visible').get_by_role('button', name='More').click()
    desk.get_by_role('menuitem', name='Bulk changes').click()
    row = main.locator('tbody tr').filter(has_text='later.csv')
    expect(row).to_contain_text('Can be undone')
    row.get_by_role('button', name='Actions for later.csv').click()
    desk.get_by_role('menuitem', name='Undo').click()
    is_said(desk, 'Undone')
    expect(row).not_to_contain_text('Can be undone')
    begin(desk, '/members/import')
    expect(main.locator('tbody tr').filter(has_text='later.csv')).to_contain_text('Undone')


def test_a_lost_second_factor_goes_when_another_administrator_approves(
    desk: Page, other_desk: Page, people: Cast
) -> None:
    place = f'/access/{people.member_id}'
    asking = begin(other_desk, place)
    dialog = choose(other_desk, 'Remove lost second factor')
    dialog.get_by_role('textbox').fill('He stood before me without his phone.')
    press(dialog, 'Ask for it')
    expect(asking.get_by_role('button', name='Take back')).to_be_visible()
    expect(asking.get_by_role('button', name='Approve')).to_have_count(0)
    press(asking, 'Take back')
    expect(asking.get_by_role('button', name='Take back')).to_have_count(0)
    main = begin(desk, '/')
    dialog = choose(other_desk, 'Remove lost second factor')
    dialog.get_by_role('textbox').fill('He stood before me without his phone.')
    press(dialog, 'Ask for it')
    expect(main.get_by_text('Remove the second factor of')).to_be_visible()
    row = main.locator('li', has_text='Remove the second factor of')
    row.get_by_role('button', name='Decide').click()
    deciding = desk.get_by_role('dialog')
    expect(deciding.get_by_text('without his phone')).to_be_visible()
    press(deciding, 'Approve')
    is_said(desk, 'Removed')
    expect(row).to_have_count(0)
    main = begin(desk, place)
    expect(main.get_by_text('Authenticator app').locator('..')).to_contain_text('off')
    expect(asking.get_by_role('button', name='Take back')).to_have_count(0)


def test_a_table_with_headers_of_its_own_is_asked_about_and_imported(desk: Page) -> None:
    content = b'Zu tun,Ende,Raum\nWax the boat,03/04/2026,Bay 2\n'
    main = begin(desk, '/tasks/import')
    jobs = {'name': 'jobs.csv', 'mimeType': 'text/csv', 'buffer': content}
    main.locator('input[type=file]').set_input_files(jobs)  # type: ignore[arg-type]
    expect(main.get_by_role('heading', level=1)).to_have_text('Which column is what?')
    expect(main).to_contain_text('Say which column holds the titles')
    assert faults(desk) == []
    press(main, 'Check the file')
    expect(main.get_by_role('alert')).to_contain_text('No column holds the titles.')
    main.get_by_label('Zu tun').select_option('Title')
    main.get_by_label('Ende').select_option('Due')
    press(main, 'Check the file')
    expect(main.get_by_role('alert')).to_contain_text('Choose the order of day and month first.')
    main.get_by_label('Order of dates').select_option('Day first (05.03.2026)')
    press(main, 'Check the file')
    expect(main.get_by_role('heading', level=1)).to_have_text('What would happen')
    press(main, 'Change columns')
    main.get_by_label('Raum').select_option('Description')
    press(main, 'Check the file')
    press(main, 'Import 1 task')
    expect(main.get_by_role('heading', level=1)).to_have_text('Imported')
    begin(desk, '/tasks?q=Wax+the+boat')
    expect(main.locator('tbody tr')).to_contain_text('3 Apr 2026')

"""A person's page at work: edited in place, walked through as a list, and the checklists that stand behind it."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from data.core import now
from tests.benchmarks.served import Served, serve
from tests.browser.accessibility import at_rest, faults
from tests.browser.test_pages_at_work import begin, press
from tests.ui.pages.cast import Cast, cast


@pytest.fixture(scope='module')
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Cast]]:
    folder = tmp_path_factory.mktemp('people') / 'data'
    people = cast(folder)
    with serve(folder) as served:
        yield served, people


def sit(browser: Browser, installed: tuple[Served, Cast], token: str) -> Page:
    context = browser.new_context(base_url=installed[0].origin, viewport={'width': 1440, 'height': 900})
    context.add_cookies([{'name': 'logbook', 'value': token, 'url': installed[0].origin}])
    page = context.new_page()
    page.set_default_timeout(15_000)
    return page


@pytest.fixture(scope='module')
def desk(browser: Browser, installed: tuple[Served, Cast]) -> Iterator[Page]:
    page = sit(browser, installed, installed[1].owner)
    yield page
    page.context.close()


@pytest.fixture(scope='module')
def other_desk(browser: Browser, installed: tuple[Served, Cast]) -> Iterator[Page]:
    page = sit(browser, installed, installed[1].second)
    yield page
    page.context.close()


@pytest.fixture
def people(installed: tuple[Served, Cast]) -> Cast:
    return installed[1]


def fact(page: Page, label: str) -> Locator:
    return page.locator('.lb-facts > div').filter(has=page.locator('dt', has_text=label).first).first


def edit(page: Page, label: str) -> Locator:
    """Open a fact by the keyboard; returns its control."""
    page.get_by_role('button', name=f'Edit {label}', exact=True).focus()
    page.keyboard.press('Enter')
    control = page.get_by_label(label, exact=True)
    expect(control).to_be_focused()
    return control


def test_a_fact_is_edited_in_place_and_escape_leaves_it(desk: Page, people: Cast) -> None:
    begin(desk, f'/members/{people.file_id}')
    edit(desk, 'Phone').fill('2125550188')
    desk.keyboard.press('Enter')
    expect(fact(desk, 'Phone')).to_contain_text('(212) 555-0188')
    expect(fact(desk, 'Phone').get_by_role('link')).to_have_attribute('href', 'tel:+12125550188')
    expect(desk.get_by_role('button', name='Edit Phone', exact=True)).to_be_focused()
    edit(desk, 'Phone').fill('2125550100')
    desk.keyboard.press('Escape')
    desk.reload()
    desk.wait_for_selector('h1')
    expect(fact(desk, 'Phone')).to_contain_text('(212) 555-0188')


def test_leaving_the_field_saves_and_a_choice_is_shown_by_its_name(desk: Page, people: Cast) -> None:
    begin(desk, f'/members/{people.file_id}')
    desk.locator('.lb-editable-line').filter(has_text='Crew leader').click()
    desk.get_by_label('Title', exact=True).fill('Shift leader')
    control = edit(desk, 'Rank')
    expect(fact(desk, 'Title')).to_contain_text('Shift leader')
    expect(control.locator('option')).not_to_have_count(1)
    control.select_option(label='Lieutenant')
    desk.locator('h1:visible').click()
    expect(fact(desk, 'Rank')).to_contain_text('Lieutenant')
    expect(desk.get_by_role('status').filter(has_text='Rank saved')).to_be_attached()
    begin(desk, f'/members/{people.file_id}?tab=work')
    expect(desk.get_by_role('table', name='Job history')).to_contain_text('Shift leader')


def test_what_cannot_be_saved_is_restored_with_the_reason_and_not_lost(desk: Page, people: Cast) -> None:
    begin(desk, f'/members/{people.file_id}')
    before = fact(desk, 'E-mail').get_by_role('link').inner_text()
    edit(desk, 'E-mail').fill('no address')
    desk.keyboard.press('Enter')
    expect(fact(desk, 'E-mail').get_by_role('alert')).to_contain_text('Not saved')
    expect(fact(desk, 'E-mail').get_by_role('link')).to_have_text(before)
    assert faults(desk) == []
    press(desk, 'Edit again')
    expect(desk.get_by_label('E-mail', exact=True)).to_have_value('no address')
    desk.keyboard.press('Escape')


def test_who_wrote_the_same_meanwhile_is_named_and_nothing_is_lost(
    desk: Page, other_desk: Page, people: Cast
) -> None:  # fmt: skip
    for page in (desk, other_desk):
        begin(page, f'/members/{people.file_id}')
    mine = edit(desk, 'Personal e-mail')
    mine.fill('mine@example.org')
    edit(other_desk, 'Personal e-mail').fill('theirs@example.org')
    other_desk.keyboard.press('Enter')
    expect(other_desk.get_by_role('status').filter(has_text='Personal e-mail saved')).to_be_attached()
    expect(fact(other_desk, 'Personal e-mail')).to_contain_text('theirs@example.org')
    desk.wait_for_timeout(1_000)  # in which it is told to this one
    expect(mine).to_have_value('mine@example.org')
    desk.keyboard.press('Enter')
    note = fact(desk, 'Personal e-mail').get_by_role('alert')
    expect(note).to_contain_text('changed this to “theirs@example.org” meanwhile. You wrote “mine@example.org”.')
    expect(note).not_to_contain_text('Somebody else')
    assert faults(desk) == []
    press(note, 'Save mine')
    expect(fact(other_desk, 'Personal e-mail')).to_contain_text('mine@example.org')


def test_a_change_of_another_field_does_not_stand_in_the_way(desk: Page, other_desk: Page, people: Cast) -> None:
    for page in (desk, other_desk):
        begin(page, f'/members/{people.file_id}')
    edit(desk, 'Second phone').fill('2125550111')
    edit(other_desk, 'Personal e-mail').fill('new@example.org')
    other_desk.keyboard.press('Enter')
    expect(other_desk.get_by_role('status').filter(has_text='Personal e-mail saved')).to_be_attached()
    desk.keyboard.press('Enter')
    expect(fact(desk, 'Second phone')).to_contain_text('(212) 555-0111')
    expect(fact(desk, 'Personal e-mail')).to_contain_text('new@example.org')


def test_the_list_leads_from_person_to_person_and_back(desk: Page) -> None:
    begin(desk, '/members?sort=-joined&status=active')
    desk.locator('.lb-table tbody a.lb-cell-link, .lb-table tbody .lb-person a').nth(1).click()
    place = desk.get_by_role('navigation', name='In the list')
    expect(place).to_contain_text('2 of')
    second = desk.locator('h1:visible').inner_text()
    place.get_by_role('link', name='Next in the list').click()
    expect(place).to_contain_text('3 of')
    assert faults(desk) == []
    desk.reload()
    expect(place).to_contain_text('3 of')
    place.get_by_role('link', name='Previous in the list').click()
    expect(desk.get_by_role('heading', level=1, name=second)).to_be_visible()
    desk.get_by_role('navigation', name='Breadcrumb').get_by_role('link', name='Directory').click()
    desk.wait_for_url('**/members?*')
    assert 'sort=-joined' in desk.url
    assert 'status=active' in desk.url


@pytest.mark.parametrize('state', ['%00', 'sort%3Dnonsense', 'rank%3Dx', 'q%3D' + 'x' * 390, 'field%3A1%3Dx'])
def test_a_nonsense_list_in_the_address_still_shows_the_person(desk: Page, people: Cast, state: str) -> None:
    begin(desk, f'/members/{people.file_id}?list={state}')
    expect(desk.get_by_role('tab', name='Overview')).to_be_visible()


def test_a_checklist_is_kept_item_by_item(desk: Page, people: Cast) -> None:
    begin(desk, '/settings')
    desk.get_by_label('Search settings').fill('onboarding')
    desk.locator('.lb-places a').first.click()
    desk.get_by_role('link', name='Joining').click()
    press(desk, 'Add item')
    dialog = desk.get_by_role('dialog')
    dialog.get_by_label('What is to be done').fill('Order a jacket')
    dialog.get_by_label('Who does it').select_option('position')
    press(dialog, 'Add')
    expect(dialog).to_contain_text('Which position does it?')
    dialog.get_by_label('Position').select_option(label='Quartermaster')
    press(dialog, 'Add')
    rows = desk.get_by_role('table', name='Items').locator('tbody tr')
    expect(rows.last).to_contain_text('Quartermaster')
    rows.last.get_by_role('button', name='Actions').click()
    desk.get_by_role('menuitem', name='Move up').click()
    expect(rows.nth(-2)).to_contain_text('Order a jacket')
    rows.nth(-2).get_by_role('button', name='Actions').click()
    desk.get_by_role('menuitem', name='Remove').click()
    expect(desk.get_by_role('table', name='Items')).not_to_contain_text('Order a jacket')
    desk.locator('.lb-toasts').get_by_role('button', name='Undo').click()
    expect(rows.nth(-2)).to_contain_text('Order a jacket')


def test_what_is_open_for_a_departure_is_given_done_and_the_departure_changed(desk: Page, people: Cast) -> None:
    begin(desk, f'/members/{people.leaver_id}')
    desk.get_by_role('link', name='See what is open').click()
    rows = desk.get_by_role('table', name='Still open').locator('tbody tr')
    expect(rows).to_have_count(8)
    assert faults(desk) == []
    press(desk, 'Actions for Return key 7')
    desk.get_by_role('menuitem', name='Complete').click()
    expect(rows).to_have_count(7)
    for row in (0, 1):
        rows.nth(row).locator('.lb-check').check()
    press(desk.locator('.lb-bulk'), 'Give to')
    dialog = desk.get_by_role('dialog')
    dialog.get_by_role('combobox').fill('Neu')
    desk.get_by_role('option', name=re.compile('Pia Neu')).click()
    press(dialog, 'Give')
    expect(desk.locator('.lb-toasts')).to_contain_text('2 things handed over.')
    expect(rows).to_have_count(5)
    press(desk, 'Change')
    dialog.get_by_label('Reason').fill('Studies abroad')
    press(dialog, 'Save')
    expect(fact(desk, 'Reason')).to_contain_text('Studies abroad')


def begin_merge(desk: Page, last_name: str, **twins: dict[str, str]) -> None:
    """Add two people who look like one, and go on to compare them."""
    for first_name, typed in twins.items():
        begin(desk, '/members/new')
        for label, text in ({'First name': first_name, 'Last name': last_name} | typed).items():
            desk.get_by_label(label, exact=True).fill(text)
        press(desk.locator('main'), 'Add member')
        if first_name == next(iter(twins)):  # the second one is asked about
            desk.wait_for_url(re.compile('/members/0'))
    press(desk, 'Add and merge')
    desk.wait_for_url(re.compile('/merge/'))


def test_two_records_of_one_person_are_compared_and_merged_and_parted_again(desk: Page) -> None:
    begin_merge(desk, 'Twice', Olga={'Phone': '2125550166'}, Olha={'Phone': '(212) 555-0166'})
    here = desk.url
    begin(desk, '/members/duplicates')
    desk.get_by_role('link', name='Olga Twice').click()
    expect(desk.get_by_role('heading', level=1)).to_have_text('Merge two records')
    expect(desk).to_have_url(here)
    assert faults(desk) == []
    desk.get_by_role('radio', name='Olha').check()
    press(desk.locator('main'), 'Merge')
    expect(desk.get_by_role('heading', level=1)).to_contain_text('Olha Twice')
    press(desk.locator('.lb-toasts'), 'Undo')
    expect(desk.get_by_role('heading', level=1)).to_have_text('Merge two records')
    expect(desk.get_by_role('radio', name='Olga')).to_be_checked()


def test_choices_of_a_merge_stay_when_private_data_is_compared(desk: Page) -> None:
    phone = {'Phone': '2125550177'}
    twins = {'Nadia': phone | {'Birth date': '1980-05-05'}, 'Nadja': phone | {'Birth date': '1990-01-02'}}
    begin_merge(desk, 'Thrice', **twins)
    desk.get_by_role('radio', name='Nadja').check()
    press(desk, 'Compare private data')
    born_here = desk.get_by_role('group', name='Birth date').get_by_role('radio')
    expect(born_here).to_have_count(2)
    expect(desk.get_by_role('button', name='Compare private data')).to_have_count(0)
    expect(desk.get_by_role('radio', name='Nadja')).to_be_checked()
    expect(born_here.nth(0)).to_be_checked()
    assert faults(desk) == []
    born_here.nth(1).check()
    press(desk.locator('main'), 'Merge')
    expect(desk.get_by_role('heading', level=1)).to_contain_text('Nadja Thrice')


def test_a_row_of_the_job_history_is_corrected_without_a_new_one(desk: Page, people: Cast) -> None:
    begin(desk, f'/members/{people.twin_id}?tab=work')
    history = desk.get_by_role('table', name='Job history').locator('tbody tr')
    expect(history).not_to_have_count(0)
    before = history.count()
    history.first.get_by_role('button', name='Actions').click()
    desk.get_by_role('menuitem', name='Correct').click()
    dialog = desk.get_by_role('dialog')
    dialog.get_by_label('Job title').fill('Pump operator')
    press(dialog, 'Save')
    expect(history.first).to_contain_text('Pump operator')
    assert history.count() == before


def test_a_unit_is_led_and_belongs_to_a_company(desk: Page) -> None:
    begin(desk, '/settings/lists')
    row = desk.locator('tbody tr').filter(has_text='Training')
    row.get_by_role('button', name='Actions').click()
    desk.get_by_role('menuitem', name='Who leads it').click()
    dialog = desk.get_by_role('dialog')
    sixth = desk.get_by_role('option').nth(5)
    expect(sixth).to_be_visible()
    at_rest(desk)
    box = sixth.bounding_box()
    assert box is not None
    middle = [box['x'] + box['width'] / 2, box['y'] + box['height'] / 2]
    on_top = '([x, y]) => document.elementFromPoint(x, y).closest("[role=option]")?.getAttribute("role")'
    assert desk.evaluate(on_top, middle) == 'option', 'the edge of the dialog cuts the list'
    dialog.get_by_role('combobox').first.fill('Neu')
    desk.get_by_role('option', name=re.compile('Pia Neu')).click()
    press(dialog, 'Save')
    expect(row).to_contain_text('Pia Neu')
    row.get_by_role('button', name='Actions').click()
    desk.get_by_role('menuitem', name='Edit').click()
    dialog.get_by_label('Company').select_option(label='Riverside Rescue Inc.')
    press(dialog, 'Save')
    expect(dialog).to_have_count(0)


def test_a_new_job_a_new_status_and_a_new_paper_stand_on_every_open_page_of_the_person(
    desk: Page, other_desk: Page, people: Cast
) -> None:  # fmt: skip
    page = f'/members/{people.file_id}'
    begin(desk, page)
    begin(other_desk, page)
    control = edit(desk, 'Rank')
    expect(control.locator('option')).not_to_have_count(1)
    control.select_option(label='Captain')
    desk.locator('h1:visible').click()
    for one in (other_desk, desk):
        expect(fact(one, 'Rank')).to_contain_text('Captain')
        expect(one.locator('.lb-page-head:visible')).to_contain_text('Captain')
    press(desk.locator('.lb-page-head:visible'), 'More actions')
    desk.get_by_role('menuitem', name='Change status').click()
    dialog = desk.get_by_role('dialog')
    dialog.get_by_label('New status').select_option(label='Inactive')
    dialog.get_by_label('Reason').fill('A year abroad')
    press(dialog, 'Save')
    expect(other_desk.locator('.lb-page-head:visible')).to_contain_text('Inactive')
    begin(other_desk, f'{page}?tab=work')
    begin(desk, f'{page}?tab=work')
    press(desk, 'Change job')
    dialog = desk.get_by_role('dialog')
    dialog.get_by_label('Title').fill('Keeper of the pumps')
    press(dialog, 'Save')
    expect(other_desk.get_by_role('table', name='Job history')).to_contain_text('Keeper of the pumps')
    expect(other_desk.locator('.lb-page-head:visible')).to_contain_text('Keeper of the pumps')
    begin(other_desk, f'{page}?tab=documents')
    begin(desk, f'{page}?tab=documents')
    desk.get_by_role('button', name='Add to engagements').click()
    dialog = desk.get_by_role('dialog')
    dialog.get_by_label('Title').fill('Contract of 2027')
    dialog.get_by_label('From').fill('2027-01-01')
    press(dialog, 'Save')
    expect(other_desk.get_by_role('table', name='Engagements')).to_contain_text('Contract of 2027')


def test_terms_and_an_engagement_with_its_paper_are_kept(desk: Page, people: Cast) -> None:
    begin(desk, f'/members/{people.file_id}')
    edit(desk, 'Notice period').fill('30')
    desk.keyboard.press('Enter')
    expect(fact(desk, 'Notice period')).to_contain_text('30 days')
    begin(desk, f'/members/{people.file_id}?tab=documents')
    desk.get_by_role('button', name='Add to engagements').click()
    dialog = desk.get_by_role('dialog')
    dialog.get_by_label('Title').fill('Contract of 2026')
    dialog.get_by_label('From').fill('2026-01-01')
    dialog.get_by_label('Document').select_option(label='Letter of appointment')
    press(dialog, 'Save')
    row = desk.get_by_role('table', name='Engagements').locator('tbody tr')
    expect(row.get_by_role('link', name='Letter of appointment')).to_have_attribute('href', re.compile('/files/'))


def test_who_leaves_still_opens_his_own_checklists(
    desk: Page, browser: Browser, installed: tuple[Served, Cast], people: Cast
) -> None:
    begin(desk, f'/members/{people.member_id}')
    press(desk.locator('.lb-page-head:visible'), 'More actions')
    desk.get_by_role('menuitem', name='Plan departure').click()
    dialog = desk.get_by_role('dialog')
    dialog.get_by_label('Last day').fill(str(now().date() + timedelta(days=20)))
    dialog.get_by_label('Reason').fill('Moves away')
    press(dialog, 'Plan departure')
    expect(desk.get_by_role('link', name='See what is open')).to_be_visible()
    own = sit(browser, installed, people.member)
    begin(own, f'/members/{people.member_id}?tab=checklists')
    expect(own.get_by_text('The last working day is')).to_be_visible()
    expect(own.get_by_role('heading', name='Checklist', exact=True)).to_be_visible()
    expect(own.get_by_role('link', name='See what is open')).to_have_count(0)
    own.context.close()


def test_a_phone_number_is_edited_as_it_is_read(desk: Page, people: Cast) -> None:
    begin(desk, f'/members/{people.twin_id}')
    edit(desk, 'Phone').fill('212 555 0122')
    desk.keyboard.press('Enter')
    expect(fact(desk, 'Phone')).to_contain_text('(212) 555-0122')
    control = edit(desk, 'Phone')
    expect(control).to_have_value('(212) 555-0122')
    control.fill('+49 30 901820')
    desk.keyboard.press('Enter')
    expect(fact(desk, 'Phone')).to_contain_text('+49 30 901820')
    expect(desk.locator('.lb-editable-pending')).to_have_count(0)  # it is shown before it is stored
    desk.locator('.lb-page-head:visible').get_by_role('button', name='Edit', exact=True).click()
    dialog = desk.get_by_role('dialog')
    expect(dialog.get_by_label('Phone', exact=True)).to_have_value('+49 30 901820')
    press(dialog, 'Save')
    expect(fact(desk, 'Phone')).to_contain_text('+49 30 901820')
    begin(desk, f'/members/{people.file_id}?tab=private')
    desk.locator('.lb-card').filter(has_text='Emergency contacts').get_by_role('button', name='Show').click()
    desk.get_by_role('button', name='Actions for Sam Costa').click()
    desk.get_by_role('menuitem', name='Edit').click()
    expect(desk.get_by_role('dialog').get_by_label('Phone')).to_have_value('(212) 555-0199')

"""Lists, forms, dialogs and cards as a person meets them, and what axe says of each screen."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from logic.core.formats import day_text, time_text
from logic.core.language import speaking
from tests.browser.accessibility import WCAG, faults
from tests.browser.conftest import Gallery, Open

RULES = (*WCAG, 'best-practice')


def submit(page: Page, label: str = 'Save') -> None:
    page.get_by_role('button', name=label, exact=True).click()


@pytest.mark.parametrize('dark', [False, True], ids=['light', 'dark'])
@pytest.mark.parametrize('phone', [False, True], ids=['desk', 'phone'])
def test_axe_finds_nothing(open_page: Open, phone: bool, dark: bool) -> None:
    found: dict[str, list[str]] = {}
    page = open_page('/', phone=phone, dark=dark)
    for path in ('/', '/folk', '/folk/new', '/chart', '/live'):
        page.goto(path)
        page.wait_for_selector('h1')
        found[path] = faults(page, RULES)
    page.goto('/folk')
    page.locator('.lb-table-wrap .lb-check, .lb-cards .lb-check').nth(1).check()
    found['selected'] = faults(page, RULES)
    page.keyboard.press('Control+k')
    page.keyboard.type('okafor')
    expect(page.locator('.lb-palette [role=option]').first).to_contain_text('Okafor')
    found['palette'] = faults(page, RULES)
    page.keyboard.press('Escape')
    page.get_by_role('button', name='Add somebody').first.click()
    expect(page.get_by_role('dialog', name='Add somebody')).to_be_visible()
    submit(page, 'Add')
    expect(page.locator('.lb-summary')).to_be_visible()
    found['dialog with errors'] = faults(page, RULES)
    page.goto('/folk')
    page.locator('.lb-table a, .lb-cards a').first.click()
    for tab in ('Overview', 'Activity', 'Training'):
        page.get_by_role('tab', name=tab).click()
        found[tab] = faults(page, RULES)
    page.goto('/folk/new')
    submit(page)
    expect(page.locator('.lb-summary')).to_be_visible()
    found['form with errors'] = faults(page, RULES)
    assert {place: what for place, what in found.items() if what} == {}


# ------------------------------------------------------------------------------------------------ lists


def test_search_filter_and_sort_are_in_the_address_and_survive_a_reload(open_page: Open) -> None:
    page = open_page('/folk')
    page.get_by_role('searchbox').fill('okafor')
    page.wait_for_url('**/folk?q=okafor')
    page.get_by_role('button', name='Status').first.click()
    page.get_by_role('checkbox', name='Left').check()
    page.wait_for_url('**/folk?q=okafor&status=left')
    page.get_by_role('button', name='Hours').click()
    page.get_by_role('button', name='Hours').click()
    page.wait_for_url('**&sort=-hours')
    page.reload()
    expect(page.get_by_role('searchbox')).to_have_value('okafor')
    expect(page.get_by_role('columnheader', name='Hours')).to_have_attribute('aria-sort', 'descending')
    for chip in page.locator('tbody .lb-chip').all_inner_texts():
        assert chip == 'Left'


def test_what_is_asked_for_before_there_is_an_answer_is_asked_for_together(open_page: Open) -> None:
    page = open_page('/folk?q=zzz')
    page.get_by_role('button', name='Status').first.click()
    page.evaluate("""async () => {
        const [leave, left] = [...document.querySelectorAll('.lb-filter-pop input')].slice(1);
        for (const one of [document.querySelector('.lb-empty button'), leave, left]) { one.click(); await null; }
    }""")
    expect(page).to_have_url(re.compile('/folk[?]status=leave&status=left$'))
    expect(page.locator('.lb-pager')).to_contain_text('of 120')
    page.get_by_role('checkbox', name='On leave').uncheck()
    expect(page).to_have_url(re.compile('/folk[?]status=left$'))


@pytest.mark.parametrize(
    'query',
    ['?page=99999&size=7000', '?sort=password&q=' + 'x' * 900, '?status=nonsense', '?page=-3&size=0', '?&&&=&q'],
)
def test_a_nonsense_address_still_shows_a_list(open_page: Open, query: str) -> None:
    page = open_page(f'/folk{query}')
    expect(page.get_by_role('heading', level=1)).to_have_text('Directory')
    expect(page.locator('.lb-table tbody tr, .lb-empty').first).to_be_visible()


def test_the_pages_of_a_list_follow_each_other(open_page: Open) -> None:
    page = open_page('/folk')
    expect(page.locator('.lb-pager')).to_contain_text('1–25 of 240 people')
    first = page.locator('tbody a').first.inner_text()
    page.get_by_role('button', name='Next page').click()
    expect(page.locator('.lb-pager')).to_contain_text('26–50 of 240')
    page.wait_for_url('**/folk?page=2')
    page.get_by_role('button', name='Previous page').click()
    expect(page.locator('tbody a').first).to_have_text(first)


def test_an_empty_result_names_the_filter_and_offers_to_clear_it(open_page: Open) -> None:
    page = open_page('/folk?q=zzz')
    expect(page.locator('.lb-empty')).to_contain_text('No people for “zzz”.')
    page.get_by_role('button', name='Clear the filter').click()
    expect(page.locator('.lb-pager')).to_contain_text('of 240')


def test_everything_that_matches_can_be_selected_at_once(open_page: Open, gallery: Gallery) -> None:
    page = open_page('/folk?q=okafor')
    page.get_by_role('checkbox', name='Select all on this page').check()
    page.get_by_role('button', name=re.compile('Select all .* matching')).click()
    page.get_by_role('region', name='Selection').get_by_role('button', name='Archive').click()
    expect(page.get_by_role('region', name='Selection')).to_have_count(0)
    asked = gallery.happened('bulk')
    assert (asked['all'], asked['ids'], asked['query']['q']) == (True, [], 'okafor')


def test_the_menu_of_a_row_works_by_keyboard_and_its_action_can_be_undone(open_page: Open) -> None:
    page = open_page('/folk')
    menu = page.locator('tbody tr').first.get_by_role('button', name=re.compile('Actions for'))
    menu.focus()
    page.keyboard.press('Enter')
    expect(page.get_by_role('menuitem', name='Archive')).to_be_focused()
    page.keyboard.press('Escape')
    expect(menu).to_be_focused()
    page.keyboard.press('ArrowDown')
    page.keyboard.press('Enter')
    expect(page.locator('.lb-toast')).to_contain_text('was archived')
    page.get_by_role('button', name='Undo').click()
    expect(page.locator('.lb-toast').last).to_contain_text('is back')


def test_a_change_elsewhere_shows_without_a_reload(open_page: Open, gallery: Gallery) -> None:
    page = open_page('/folk')
    page.evaluate("document.querySelector('tbody').dataset.same = 'yes'")
    asked: list[str] = []
    page.on('websocket', lambda _socket: asked.append('anew'))
    first = page.locator('tbody tr').first
    before = first.inner_text()
    gallery.get('/test/change')
    expect(first).not_to_have_text(before, use_inner_text=True)
    assert page.evaluate("document.querySelector('tbody').dataset.same") == 'yes'
    assert asked == []


def test_columns_that_are_hidden_stay_hidden(open_page: Open) -> None:
    page = open_page('/folk')
    page.get_by_role('button', name='Columns and sorting').click()
    page.get_by_role('checkbox', name='Hours').uncheck()
    expect(page.get_by_role('columnheader', name='Hours')).to_have_count(0)
    page.reload()
    expect(page.get_by_role('columnheader', name='Joined')).to_be_visible()
    expect(page.get_by_role('columnheader', name='Hours')).to_have_count(0)


def test_a_list_costs_few_elements(gallery: Gallery) -> None:
    assert gallery.get('/folk').text.count('"tag":') <= 45
    assert gallery.get('/').text.count('"tag":') <= 45


# ------------------------------------------------------------------------------------------------ forms


def test_a_form_says_what_is_wrong_beside_the_field_and_in_a_summary(open_page: Open) -> None:
    page = open_page('/folk/new')
    page.get_by_label('E-mail').fill('nobody')
    submit(page)
    summary = page.locator('.lb-summary')
    expect(summary).to_be_focused()
    expect(summary).to_contain_text('3 fields need another look.')
    summary.get_by_role('link', name='Given name').click()
    field = page.get_by_label('Given name')
    expect(field).to_be_focused()
    expect(field).to_have_attribute('aria-invalid', 'true')
    assert page.locator(f'#{field.get_attribute("aria-describedby")}').inner_text().endswith('Fill this in.')


def test_a_form_sends_what_its_model_takes(open_page: Open, gallery: Gallery) -> None:
    page = open_page('/folk/new')
    page.get_by_label('Given name').fill('  Ada ')
    page.get_by_label('Family name').fill('Byron')
    page.get_by_label('Born').fill('1990-12-10')
    page.get_by_label('Status').select_option('leave')
    page.get_by_role('radio', name='B').check()
    page.get_by_label('Dues').fill('1,012.50')
    page.get_by_role('checkbox', name='Hazmat').check()
    page.get_by_label('May drive the engine').check()
    page.get_by_role('combobox', name='Reports to').fill('okafor')
    expect(page.locator('.lb-picker-list [role=option]').first).to_contain_text('Okafor')
    page.keyboard.press('Enter')
    expect(page.locator('.lb-picked')).to_contain_text('Okafor')
    submit(page)
    expect(page.get_by_text('Saved', exact=True)).to_be_visible()
    sent = gallery.happened('saved')
    assert sent | {'what': 0, 'leader_id': 0} == {
        'what': 0, 'given_name': 'Ada', 'family_name': 'Byron', 'email': None, 'born_on': '1990-12-10',
        'status': 'leave', 'shift': 'b', 'dues_cents': 101250, 'leader_id': 0, 'skills': ['hazmat'], 'notes': '',
        'is_driver': True,
    }  # fmt: skip


def test_what_the_service_refuses_stands_beside_its_field(open_page: Open) -> None:
    page = open_page('/folk/new')
    page.get_by_label('Given name').fill('Refused')
    page.get_by_label('Family name').fill('Byron')
    page.get_by_label('Dues').fill('a lot')
    submit(page)
    expect(page.locator('.lb-summary')).to_contain_text('Write an amount such as 12.50.')
    page.get_by_label('Dues').fill('')
    submit(page)
    expect(page.locator('.lb-summary')).to_contain_text('Given name: Somebody has this name.')
    expect(page.get_by_label('Given name')).to_have_value('Refused')


def test_leaving_a_form_that_is_not_saved_warns_once(open_page: Open) -> None:
    page = open_page('/folk/new')
    page.get_by_label('Given name').fill('Half')
    page.locator('.lb-drawer').get_by_role('link', name='Directory').click()
    page.get_by_role('button', name='Stay').click()
    expect(page.get_by_label('Given name')).to_have_value('Half')
    page.locator('.lb-drawer').get_by_role('link', name='Directory').click()
    page.get_by_role('button', name='Leave').click()
    expect(page.get_by_role('heading', level=1)).to_have_text('Directory')


def test_a_dialog_opens_closes_and_gives_the_focus_back(open_page: Open, gallery: Gallery) -> None:
    page = open_page('/folk')
    opener = page.get_by_role('button', name='Add somebody')
    opener.click()
    dialog = page.get_by_role('dialog', name='Add somebody')
    expect(dialog.get_by_label('Given name')).to_be_focused()
    page.keyboard.press('Escape')
    expect(dialog).to_have_count(0)
    expect(opener).to_be_focused()
    opener.click()
    dialog.get_by_label('Given name').fill('Grace')
    dialog.get_by_label('Family name').fill('Hopper')
    dialog.get_by_role('button', name='Add', exact=True).click()
    expect(dialog).to_have_count(0)
    assert gallery.happened('saved')['given_name'] == 'Grace'


def test_what_cannot_be_undone_asks_for_the_name(open_page: Open, gallery: Gallery) -> None:
    page = open_page('/folk')
    page.locator('tbody a').first.click()
    page.get_by_role('button', name='More actions').click()
    name = page.get_by_role('heading', level=1).inner_text()
    page.get_by_role('menuitem', name='Delete').click()
    button = page.get_by_role('dialog').get_by_role('button', name='Delete')
    expect(button).to_be_disabled()
    page.get_by_label('Type the name to confirm').fill(name)
    button.click()
    expect(page.get_by_role('dialog')).to_have_count(0)
    assert gallery.happened('deleted')['name'] == name


def test_a_tab_is_drawn_when_it_is_opened_and_is_in_the_address(open_page: Open) -> None:
    page = open_page('/folk')
    page.locator('tbody a').first.click()
    page.get_by_role('tab', name='Overview').focus()
    page.keyboard.press('ArrowRight')
    expect(page.get_by_role('tab', name='Activity')).to_be_focused()
    expect(page.get_by_text('Hillside')).to_be_visible()
    page.wait_for_url('**?tab=activity')
    page.reload()
    expect(page.get_by_text('Hillside')).to_be_visible()


def test_a_file_is_taken_or_refused_with_the_reason(open_page: Open, gallery: Gallery) -> None:
    page = open_page('/folk')
    page.locator('tbody a').first.click()
    chooser = page.locator('input[type=file]')
    chooser.set_input_files({'name': 'card.txt', 'mimeType': 'text/plain', 'buffer': b'hello'})
    assert gallery.happened('file') == {'what': 'file', 'name': 'card.txt', 'size': 5}
    chooser.set_input_files({'name': 'card.pdf', 'mimeType': 'application/pdf', 'buffer': b'MZ\x00\x00'})
    expect(page.locator('.lb-drop + .lb-error')).to_contain_text('not a file of the kind asked for')


def test_a_chart_has_a_table_that_says_the_same(open_page: Open) -> None:
    page = open_page('/')
    page.get_by_role('button', name='Show as table').click()
    row = page.get_by_role('row', name='W38')
    expect(row).to_contain_text('5')


def test_names_from_people_never_become_markup(open_page: Open, gallery: Gallery) -> None:
    page = open_page('/folk/new')
    page.get_by_label('Given name').fill('<img src=x onerror="window.hurt=1">')
    page.get_by_label('Family name').fill('{{ constructor.constructor("window.hurt=1")() }}')
    submit(page)
    expect(page.get_by_text('Saved', exact=True)).to_be_visible()
    page.goto('/folk?q=%3Cimg%20src%3Dx%20onerror%3D%22window.hurt%3D1%22%3E')
    expect(page.locator('.lb-empty')).to_contain_text('<img src=x')
    assert page.evaluate('window.hurt') is None


def test_the_chart_of_the_organization_opens_closes_and_finds(open_page: Open) -> None:
    page = open_page('/chart')
    expect(page.get_by_text('Jide Okafor')).to_be_visible()
    page.get_by_role('button', name='Those under Elena Ruiz').click()
    expect(page.get_by_text('Jide Okafor')).to_have_count(0)
    page.get_by_role('searchbox', name='Find in this chart').fill('okafor')
    expect(page.get_by_text('Jide Okafor')).to_be_visible()


@pytest.mark.parametrize('colour', ['#8a1020', '#1d3f8f', '#5b2d8a', '#3d5a00', '#333333'])
@pytest.mark.parametrize('dark', [False, True], ids=['light', 'dark'])
def test_the_colour_of_a_department_can_be_read_everywhere(open_page: Open, colour: str, dark: bool) -> None:
    page = open_page('/', dark=dark)
    page.evaluate("colour => logbookTheme.brand(colour, '#ffffff')", colour)
    assert faults(page, ('color-contrast',)) == []


@pytest.mark.parametrize('locale', ['en', 'en-US', 'de', 'es', 'fr'])
def test_days_and_times_are_written_as_the_server_writes_them(open_page: Open, locale: str) -> None:
    page = open_page('/folk')
    at = datetime(2026, 12, 7, 9, 5, tzinfo=UTC)
    written = page.evaluate(
        """async ([locale, at]) => {
            const { settings, day, when } = await import("logbook");
            Object.assign(settings, { locale, zone: "UTC" });
            return [day(at.slice(0, 10)), when(at)];
        }""",
        ['en-GB' if locale == 'en' else locale, at.isoformat()],
    )
    with speaking(locale):
        said = [day_text(at), f'{day_text(at)}, {time_text(at.time())}']
    assert [text.replace('\u202f', ' ') for text in written] == [text.replace('\u202f', ' ') for text in said]

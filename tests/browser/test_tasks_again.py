"""What comes again (rule 6): told when one is finished, kept by templates, shown and exported."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_pages_at_work import begin, choose
from tests.browser.test_tasks import Sit, add_list, installed, lane, people, sit, station, write  # noqa: F401  fixtures
from tests.ui.pages.cast import Cast

pytestmark = pytest.mark.browser
NEXT = re.compile(r'It comes again: T-\d+ is due on .*2')


@pytest.fixture
def page(sit: Sit, people: Cast) -> Page:  # noqa: F811
    return sit(people.owner)


def dialog(page: Page) -> Locator:
    return page.get_by_role('dialog')


def from_table(page: Page, home: str, title: str) -> None:
    begin(page, f'{home}?as=table')
    page.get_by_role('button', name=f'Actions for {title}').click()
    page.get_by_role('menuitem', name='Complete', exact=True).click()


def from_its_page(page: Page, home: str, title: str) -> None:
    begin(page, f'{home}?as=table')
    page.get_by_role('link', name=title).first.click()
    page.get_by_role('button', name='Complete', exact=True).click()


def cancelled(page: Page, home: str, title: str) -> None:
    begin(page, f'{home}?as=table')
    page.get_by_role('link', name=title).first.click()
    head = page.locator('.lb-page-head:visible').filter(has=page.get_by_role('button', name='Complete', exact=True))
    head.get_by_role('button', name='More').click()
    page.get_by_role('menuitem', name='Will not be done').click()


def from_the_board(page: Page, home: str, title: str) -> None:
    begin(page, home)
    card = page.locator('.lb-board-card').filter(has_text=title).first
    card.get_by_role('button').first.click()
    page.get_by_role('menuitem', name='Complete', exact=True).click()


def from_my_work(page: Page, home: str, title: str) -> None:
    begin(page, '/my-work')
    page.get_by_role('checkbox', name=title).first.check()


@pytest.mark.parametrize('finish', [from_table, from_its_page, cancelled, from_the_board, from_my_work])
def test_whoever_finishes_what_comes_again_is_told_of_the_next_one_and_takes_both_back(
    page: Page, finish: Callable[[Page, str, str], None]
) -> None:
    home = add_list(page, f'Again {finish.__name__}')
    title = f'Grease {finish.__name__.replace("_", " ")}'
    begin(page, home)
    write(page, f'{title} today every month')
    finish(page, home, title)
    toast = page.locator('.lb-toast').filter(has_text=NEXT)
    expect(toast.get_by_role('link', name='Open')).to_have_attribute('href', re.compile('/tasks/'))
    toast.get_by_role('button', name='Undo').click()
    expect(toast).to_have_count(0)
    begin(page, f'{home}?as=table')
    expect(page.get_by_role('row').filter(has_text=title)).to_have_count(1)


def test_the_next_one_of_a_task_is_a_click_away(page: Page) -> None:
    home = add_list(page, 'Pumps')
    begin(page, home)
    write(page, 'Grease the pump today every month')
    from_its_page(page, home, 'Grease the pump')
    page.locator('.lb-toast').get_by_role('link', name='Open').click()
    expect(page.locator('.lb-page-head:visible').get_by_text('Pending').first).to_be_visible()


def test_another_due_date_for_many_leaves_each_its_time_of_day(page: Page) -> None:
    home = add_list(page, 'Deliveries')
    begin(page, home)
    write(page, 'Fuel 2027-03-01 14:30', 'Foam 2027-03-02')
    begin(page, f'{home}?as=table')
    for title in ('Fuel', 'Foam'):
        page.get_by_role('row').filter(has_text=title).get_by_role('checkbox').check()
    page.get_by_role('button', name='Set due date').click()
    expect(dialog(page).get_by_label('Time of day').locator('option:checked')).to_have_text('Each task keeps its own')
    dialog(page).get_by_label('Due').fill('2027-05-06')
    dialog(page).get_by_role('button', name='Change').click()
    for title, said in (('Fuel', r'6 May 2027, 14:30'), ('Foam', r'6 May 2027(?!,)')):
        expect(page.get_by_role('row').filter(has_text=title)).to_contain_text(re.compile(said))


def test_an_export_says_what_it_will_hold_and_holds_it(page: Page) -> None:
    home = add_list(page, 'Papers')
    begin(page, home)
    write(page, 'Permit today', 'Lease today', 'Invoice today')
    from_table(page, home, 'Lease')
    expect(page.get_by_role('row').filter(has_text='Lease')).to_have_count(0)
    for name, held in (
        ('CSV: 2 open tasks', {'Permit', 'Invoice'}), ('CSV: with what is done', {'Permit', 'Invoice', 'Lease'}),
    ):  # fmt: skip
        page.get_by_role('button', name='Export').click()
        with page.expect_download() as begun:
            page.get_by_role('menuitem', name=name).click()
        content = begun.value.path().read_text(encoding='utf-8-sig')
        assert {title for title in ('Permit', 'Invoice', 'Lease') if title in content} == held
    begin(page, f'{home}?as=table&status=completed')
    page.get_by_role('button', name='Export').click()
    expect(page.get_by_role('menuitem', name='CSV: 1 task shown')).to_be_visible()
    expect(page.get_by_role('menuitem', name='with what is done')).to_have_count(0)


def test_a_reminder_that_could_not_come_any_more_is_not_offered(page: Page) -> None:
    home = add_list(page, 'Late')
    begin(page, home)
    write(page, 'Call the mayor 2026-01-05')
    page.get_by_role('link', name='Call the mayor').first.click()
    page.locator('.lb-card').filter(has=page.get_by_role('heading', name='Reminders')).get_by_role(
        'button', name='Add'
    ).click()
    expect(dialog(page).get_by_label('Remind me').locator('option')).to_have_text(['At a time of my own'])
    expect(dialog(page)).to_contain_text('is over')
    expect(dialog(page).get_by_label('Time')).to_be_visible()


def test_a_list_is_kept_as_a_template_and_begun_again_on_another_day(page: Page) -> None:
    home = add_list(page, 'Monthly inspection')
    begin(page, home)
    write(page, 'Check the hoses 2027-03-01 14:30 every month', 'Report 2027-03-05')
    expect(page.locator('.lb-board-card')).to_have_count(2)
    kept = choose(page, 'Keep as template')
    expect(kept).to_contain_text('2 open tasks are kept with their dates, repeats')
    expect(kept).to_contain_text('Comments, files, reminders and time spent stay here')
    kept.get_by_label('Days are counted from').fill('2027-03-01')
    kept.get_by_role('button', name='Save').click()
    page.locator('.lb-toast').get_by_role('link', name='Open the templates').click()
    page.get_by_role('button', name='Make a list: Monthly inspection').click()
    dialog(page).get_by_label('Title').fill('April inspection')
    dialog(page).get_by_label('Begins on').fill('2027-04-06')
    dialog(page).get_by_role('button', name='Add', exact=True).click()
    expect(page.get_by_role('heading', name='April inspection')).to_be_visible()
    begin(page, f'{page.url.partition("?")[0]}?as=table')
    expect(page.get_by_role('row').filter(has_text='Check the hoses')).to_contain_text('6 Apr 2027, 14:30')
    expect(page.get_by_role('row').filter(has_text='Report')).to_contain_text('10 Apr 2027')


@pytest.mark.parametrize(('month', 'day'), [('2027-02-01', '28'), ('2027-03-01', '31'), ('2028-02-01', '29')])
def test_rule_6_the_month_shows_what_comes_again_on_the_31st_on_the_last_day_of_a_short_one(
    page: Page, people: Cast, month: str, day: str  # noqa: F811
) -> None:  # fmt: skip
    home = add_list(page, f'Month ends {month}')
    begin(page, home)
    write(page, 'Read the meter 2027-01-31 every month')
    expect(page.locator('.lb-board-card')).to_have_count(1)
    begin(page, f'{home}?as=calendar&on={month}')
    on = page.locator(f'time[datetime="{month[:8]}{day}"]').first.bounding_box()
    assert on
    shown = page.locator('.ec-event').filter(has_text='Read the meter (again)')
    expect(shown.first).to_be_visible()
    boxes = [box for one in shown.all() if (box := one.bounding_box())]
    below = [box for box in boxes if 0 < box['y'] - on['y'] < 60 and box['x'] < on['x'] < box['x'] + box['width'] + 16]
    assert len(below) == 1

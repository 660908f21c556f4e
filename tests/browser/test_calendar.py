"""The calendar as a person meets it: in the address, moved by keys, put back when refused, and quiet for axe."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Gallery, Open
from tests.browser.test_components import faults

NOVEMBER = '/calendar?on=2026-11-20'


def day(page: Page, iso: str, title: str) -> None:
    """Wait until an event lies in the cell of a day."""
    script = """([day, title]) => {
        const cell = document.querySelector(`time[datetime="${day}"]`)?.closest('.ec-day')?.getBoundingClientRect();
        const event = [...document.querySelectorAll('.lb-event a')].find((one) => one.textContent.startsWith(title));
        const box = event?.getBoundingClientRect(), x = box?.left + 4, y = box?.top + 4;
        return cell && box && x > cell.left && x < cell.right && y > cell.top && y < cell.bottom;
    }"""
    page.wait_for_function(script, arg=[iso, title])


def calendar(open_page: Open, path: str = NOVEMBER, **more: bool) -> Page:
    page = open_page(path, **more)
    page.wait_for_selector('.lb-event a')
    return page


def test_view_and_day_are_in_the_address_and_come_back_with_it(open_page: Open) -> None:
    page = calendar(open_page)
    page.get_by_role('button', name='Week').click()
    expect(page).to_have_url(re.compile('on=2026-11-.*view=week'))
    page.reload()
    expect(page.get_by_role('button', name='Week')).to_have_attribute('aria-pressed', 'true')
    expect(page.get_by_role('link', name='Drill')).to_be_visible()


def test_keys_move_an_event_and_say_where_it_lies_now(open_page: Open, gallery: Gallery) -> None:
    page = calendar(open_page)
    page.get_by_role('link', name='Order gloves').focus()
    page.keyboard.press('Alt+ArrowRight')
    expect(page.get_by_role('status').filter(has_text='Order gloves: Sunday 8 November')).to_be_attached()
    day(page, '2026-11-08', 'Order gloves')
    assert gallery.happened('shift')['start'].startswith('2026-11-08')


def test_a_refused_move_leaves_the_event_where_it_lay(open_page: Open) -> None:
    page = calendar(open_page)
    page.get_by_role('link', name='Check the hose').focus()
    page.keyboard.press('Alt+ArrowUp')
    expect(page.get_by_text('That day is over.')).to_be_visible()
    day(page, '2026-11-03', 'Check the hose')


def test_a_phone_begins_with_the_agenda(open_page: Open) -> None:
    page = calendar(open_page, '/calendar?on=2026-11-16', phone=True)
    expect(page.get_by_role('button', name='Agenda')).to_have_attribute('aria-pressed', 'true')
    expect(page.get_by_role('link', name='Drill')).to_have_text(re.compile(r'^(19:30|7:30\sPM) Drill$'))
    assert page.evaluate('document.documentElement.scrollWidth') <= 390


@pytest.mark.parametrize('dark', [False, True], ids=['light', 'dark'])
def test_a_phone_shows_three_days_where_a_desk_shows_their_week(open_page: Open, dark: bool) -> None:
    page = calendar(open_page, '/calendar?view=week&on=2026-11-18', phone=True, dark=dark)
    expect(page).to_have_url(re.compile(r'on=2026-11-18.*view=days|view=days.*on=2026-11-18'))
    expect(page.get_by_role('button', name='3 days')).to_have_attribute('aria-pressed', 'true')
    expect(page.get_by_role('button', name='Week')).to_have_count(0)
    days = page.locator('.ec-col-head:has(time)')
    expect(days).to_have_count(3)
    assert [days.nth(at).locator('time').get_attribute('datetime') for at in range(3)] == [
        '2026-11-18', '2026-11-19', '2026-11-20',
    ]  # fmt: skip
    assert min(days.nth(at).bounding_box()['width'] for at in range(3)) > 80  # type: ignore[index]
    assert page.evaluate('document.documentElement.scrollWidth') <= 390
    assert faults(page) == []
    page.get_by_role('button', name='Later').click()
    expect(page).to_have_url(re.compile('on=2026-11-21'))
    page.get_by_role('button', name='Earlier').click()
    expect(page).to_have_url(re.compile('on=2026-11-18'))
    page.set_viewport_size({'width': 1280, 'height': 800})
    expect(page.get_by_role('button', name='Week')).to_have_attribute('aria-pressed', 'true')
    expect(page).to_have_url(re.compile(r'on=2026-11-18.*view=week|view=week.*on=2026-11-18'))


@pytest.mark.parametrize(('zone', 'time'), [('Pacific/Kiritimati', '12:00'), ('Pacific/Honolulu', '03:00')])
def test_today_is_the_day_of_the_department_whatever_zone_the_device_is_in(
    open_page: Open, zone: str, time: str
) -> None:
    page = open_page('/calendar?view=month&on=2026-11-03', timezone_id=zone)
    page.clock.set_fixed_time(f'2026-11-30T{time}:00Z')
    page.goto('/calendar?view=month')
    today = page.locator('.ec-day.ec-today time')
    expect(today).to_have_attribute('datetime', '2026-11-30')
    for month in ('December', 'January'):
        page.get_by_role('button', name='Later').click()
        expect(page.get_by_role('heading', level=2)).to_contain_text(month)
    expect(today).to_have_count(0)
    page.get_by_role('button', name='Today').click()
    expect(page).to_have_url(re.compile('on=2026-11-30'))
    expect(today).to_have_attribute('datetime', '2026-11-30')


@pytest.mark.parametrize('phone', [False, True], ids=['desk', 'phone'])
def test_every_view_shows_the_day_asked_for_and_the_agenda_what_comes_after_it(open_page: Open, phone: bool) -> None:
    page = open_page('/calendar?view=agenda&on=2026-11-30', phone=phone)
    page.clock.set_fixed_time('2026-11-30T15:00:00')
    page.reload()

    def shows(view: str, on: str, first: str | None = None) -> None:
        expect(page).to_have_url(re.compile(rf'^(?=.*\bon={on}\b).*\bview={view}\b'))
        if first:
            expect(page.locator('.lb-event a').first).to_have_text(first)

    shows('agenda', '2026-11-30', 'Late duty')
    page.get_by_role('button', name='Later').click()
    shows('agenda', '2027-01-04')
    expect(page.get_by_text('Nothing in these weeks.')).to_be_visible()
    page.get_by_role('button', name='Today').click()
    shows('agenda', '2026-11-30', 'Late duty')
    for view in ('month', 'days' if phone else 'week', 'agenda', 'month'):
        page.get_by_role('button', name='3 days' if view == 'days' else view.title()).click()
        shows(view, '2026-11-30')
    page.get_by_role('button', name='Later').click()
    shows('month', '2026-12-01')
    page.get_by_role('button', name='Agenda').click()
    shows('agenda', '2026-12-01', 'Late duty')
    page.get_by_role('button', name='Month').click()
    page.get_by_role('button', name='Earlier').click()
    shows('month', '2026-11-30')
    page.get_by_role('button', name='Earlier').click()
    shows('month', '2026-10-01')


@pytest.mark.parametrize('dark', [False, True], ids=['light', 'dark'])
def test_axe_finds_nothing_in_any_view(open_page: Open, dark: bool) -> None:
    page = calendar(open_page, dark=dark)
    found = {}
    for view in ('Month', 'Week', 'Agenda'):
        page.get_by_role('button', name=view).click()
        page.wait_for_selector('.lb-event a')
        found[view] = faults(page)
    assert found == {'Month': [], 'Week': [], 'Agenda': []}

"""Two departments and one account, and what the first of them decides, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_audit_log import desk, program

assert desk
assert program
pytestmark = pytest.mark.browser


def switcher(page: Page) -> None:
    page.locator('.lb-switcher-button').click()


def test_another_department_is_made_and_left_again_by_the_switcher(desk: Page) -> None:
    expect(desk.get_by_role('heading', name='Audit log')).to_be_visible(timeout=20_000)
    desk.goto('/settings/registration')
    expect(desk.locator('a.lb-switcher-button')).to_be_visible(timeout=20_000)  # nothing to switch to, nothing to make
    desk.get_by_label('Who may make another department here').select_option('invitation')
    desk.get_by_role('button', name='Save').click()
    expect(desk.get_by_role('link', name='Make one')).to_be_visible(timeout=20_000)
    desk.goto('/')
    switcher(desk)
    desk.get_by_role('link', name='New department').click()
    desk.wait_for_url('**/new-department')
    desk.fill('#name', 'Hillside EMS')
    desk.click('text=Create the department')
    desk.wait_for_url('**/')
    expect(desk.locator('.lb-switcher-name strong')).to_have_text('Hillside EMS')
    desk.goto('/members')
    expect(desk.get_by_text('Elena Rossi').first).to_be_visible(timeout=20_000)
    switcher(desk)
    desk.get_by_role('button', name='Riverside Fire').click()
    expect(desk.locator('.lb-switcher-name strong')).to_have_text('Riverside Fire')
    desk.goto('/audit')
    expect(desk.get_by_role('link', name='First run: chose who may make another department').first).to_be_visible()


def test_what_members_see_of_each_other_is_chosen_field_by_field(desk: Page) -> None:
    desk.goto('/settings/rules')
    desk.get_by_label('Phone numbers').check()
    desk.get_by_role('button', name='Save').click()
    expect(desk.get_by_text('Saved.', exact=True).first).to_be_visible(timeout=20_000)
    desk.goto('/settings/rules')
    expect(desk.get_by_label('Phone numbers')).to_be_checked(timeout=20_000)
    expect(desk.get_by_label('Personal e-mail')).not_to_be_checked()


def test_the_recovery_sheet_is_printed_and_kept(desk: Page) -> None:
    desk.goto('/settings/backup')
    desk.get_by_role('link', name='Recovery sheet').click()
    desk.get_by_role('button', name='Show the sheet').click()
    expect(desk.locator('ol.codes li')).to_have_count(8)
    words = desk.locator('ol.codes li').all_inner_texts()
    desk.get_by_role('link', name='I have it on paper').click()
    for name in ('first', 'second'):
        number = int(str(desk.locator(f'label[for={name}]').inner_text()).split()[-1])
        desk.fill(f'#{name}', words[number - 1].strip())
    desk.get_by_role('button', name='The sheet is kept').click()
    expect(desk.get_by_text('The sheet of the present keys is kept')).to_be_visible(timeout=20_000)
    desk.goto('/settings/backup')
    expect(desk.get_by_text('Somebody keeps the sheet of the present keys.')).to_be_visible(timeout=20_000)

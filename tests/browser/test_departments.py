"""Two departments and one account: made from the switcher of the shell, and switched between, in a real browser."""

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
    expect(desk.locator('.lb-switcher-name strong')).to_have_text('Hillside EMS', timeout=20_000)
    desk.goto('/members')
    expect(desk.get_by_text('Elena Rossi').first).to_be_visible(timeout=20_000)
    switcher(desk)
    desk.get_by_role('button', name='Riverside Fire').click()
    expect(desk.locator('.lb-switcher-name strong')).to_have_text('Riverside Fire', timeout=20_000)
    desk.goto('/audit')
    expect(desk.get_by_role('link', name='First run: chose who may make another department').first).to_be_visible(
        timeout=20_000
    )

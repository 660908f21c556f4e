"""A program of the department, made with a key and ended, in a real browser."""

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_audit_log import desk, program
from tests.contracts.test_serving import Program

assert desk
assert program
pytestmark = pytest.mark.browser


def test_a_program_gets_positions_and_a_key_and_is_ended(desk: Page, program: tuple[Program, object]) -> None:
    expect(desk.get_by_role('heading', name='Audit log')).to_be_visible(timeout=20_000)
    desk.goto('/access')
    desk.get_by_role('button', name='New service account').first.click()
    dialog = desk.get_by_role('dialog')
    dialog.get_by_label('Name').fill('Payroll export')
    dialog.get_by_label('Secretary').check()
    dialog.get_by_role('button', name='Save').click()
    desk.wait_for_url('**/access/programs/*')
    desk.get_by_role('button', name='New key').first.click()
    dialog = desk.get_by_role('dialog')
    dialog.get_by_label('Name').fill('Nightly')
    dialog.get_by_label('See the directory').check()
    dialog.get_by_role('button', name='Make key').click()
    shown = desk.get_by_text('lbk_live_')
    expect(shown).to_be_visible(timeout=20_000)
    key = shown.inner_text().strip()
    desk.keyboard.press('Escape')
    expect(desk.get_by_role('cell', name='Nightly', exact=True)).to_be_visible(timeout=20_000)

    def ask() -> int:
        address = f'http://localhost:{program[0].port}/api/v1/members'
        return httpx2.get(address, headers={'Authorization': f'Bearer {key}'}, trust_env=False).status_code

    assert ask() == 200
    desk.get_by_role('button', name='End', exact=True).first.click()
    desk.get_by_role('button', name='End it').click()
    expect(desk.get_by_text('Ended', exact=True).first).to_be_visible(timeout=20_000)
    assert ask() == 401

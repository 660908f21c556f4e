"""A field that the department adds to its tasks: asked for, filled in, shown, filtered by, and taken back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.benchmarks.served import Served
from tests.browser.test_pages import faults
from tests.browser.test_people import edit, fact, installed  # noqa: F401  the department of these tests
from tests.browser.test_people import sit as sit_down
from tests.ui.pages.cast import Cast


def add_field(page: Page) -> None:
    page.goto('/settings/fields')
    page.get_by_role('button', name='Add field').first.click()
    page.get_by_label('Records that have it').select_option('Task')
    expect(page.get_by_label('Private')).to_have_count(0)
    page.get_by_label('Name').fill('Rig')
    page.get_by_label('Kind').select_option('choice')
    page.get_by_label('Options').fill('Engine 2\nLadder 3')
    page.get_by_role('button', name='Save').click()
    expect(page.get_by_role('row').filter(has_text='Rig')).to_contain_text('Task')


@pytest.fixture(scope='module')
def desk(browser: Browser, installed: tuple[Served, Cast]) -> Iterator[Page]:  # noqa: F811
    """The desk of the owner, who has given a field to all tasks."""
    page = sit_down(browser, installed, installed[1].owner)
    add_field(page)
    yield page
    page.context.close()


def test_a_field_of_tasks_is_filled_in_found_and_taken_back(
    desk: Page,
    installed: tuple[Served, Cast],  # noqa: F811
) -> None:
    page = desk
    page.goto(f'/tasks/{installed[1].task_id}')
    edit(page, 'Rig').select_option('Engine 2')
    page.keyboard.press('Enter')
    expect(page.get_by_role('status').filter(has_text='Rig saved')).to_be_attached()
    expect(fact(page, 'Rig')).to_contain_text('Engine 2')

    page.goto('/tasks')
    page.get_by_role('button', name='More filters').click()
    page.get_by_role('menuitem', name='Rig').click()
    page.get_by_role('checkbox', name='Engine 2').check()
    page.keyboard.press('Escape')
    expect(page.get_by_role('link', name='Check the pump')).to_be_visible()
    expect(page.get_by_text('1–1 of 1 task')).to_be_visible()

    page.goto(f'/tasks/{installed[1].task_id}?tab=activity')
    entry = page.locator('li').filter(has_text='Rig: Engine 2')
    entry.get_by_role('button', name='Undo').click()
    expect(page.get_by_text('Put back as it was.')).to_be_visible()
    page.goto(f'/tasks/{installed[1].task_id}')
    expect(fact(page, 'Rig')).not_to_contain_text('Engine 2')


def test_a_new_task_is_filled_in_with_the_fields_of_the_department(desk: Page) -> None:
    page = desk
    page.goto('/tasks')
    page.get_by_role('button', name='Add task').first.click()
    page.get_by_role('button', name='More fields').click()
    page.get_by_label('What is to be done?').fill('Mend the ladder')
    page.get_by_role('dialog').get_by_label('Rig').select_option('Ladder 3')
    page.get_by_role('dialog').get_by_role('button', name='Add', exact=True).click()
    expect(page.get_by_role('dialog')).to_have_count(0)
    page.goto('/tasks?q=ladder')
    page.get_by_role('link', name='Mend the ladder').click()
    expect(fact(page, 'Rig')).to_contain_text('Ladder 3')
    assert faults(page) == []

"""What needs a sign-in of the last ten minutes, in the real program: confirmed first, and then it comes by itself."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import faults
from tests.browser.test_audit_log import EMAIL, PASSWORD, make_owner
from tests.contracts.test_serving import running

OLD = '2020-01-01 00:00:00.000000'
KNOWN_FOR = 5_500
"""Milliseconds after which a session is read anew."""


@pytest.fixture(scope='module')
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp('confirming') / 'data'
    make_owner(made)
    return made


@pytest.fixture(scope='module')
def desk(browser: Browser, folder: Path) -> Iterator[Page]:
    with running(folder) as program:
        program.wait_until_it_serves()
        page = browser.new_context(base_url=program.origin, viewport={'width': 1440, 'height': 900}).new_page()
        page.set_default_timeout(20_000)
        page.goto('/sign-in')
        page.fill('input[type=email]', EMAIL)
        page.fill('input[type=password]', PASSWORD)
        page.keyboard.press('Enter')
        page.wait_for_selector('h1')
        yield page
        page.context.close()
        program.stop()


def grow_old(page: Page, folder: Path) -> None:
    """Let the sign-in be one of long ago."""
    with closing(sqlite3.connect(folder / 'logbook.db')) as database:
        changed = database.execute('UPDATE session SET authenticated_at = ?', [OLD]).rowcount
        database.commit()
    assert changed == 1
    page.wait_for_timeout(KNOWN_FOR)


def confirm(page: Page) -> None:
    page.wait_for_url('**/security/confirm**')
    page.get_by_role('textbox', name='Password or code').fill(PASSWORD)
    page.get_by_role('button', name='Confirm').click()


@pytest.mark.parametrize(
    ('screen', 'way', 'saved'),
    [
        ('/members?q=elena&sort=-name', ('Export and print', 'CSV'), 'members.csv'),
        ('/tasks?q=hose', ('Export', 'JSON'), 'tasks.json'),
        ('/members/expiring?kind=licences', ('Export', 'XLSX'), 'expiring.xlsx'),
    ],
)
def test_an_export_comes_by_itself_on_the_same_screen_once_it_is_confirmed_who_asks(
    desk: Page, folder: Path, screen: str, way: tuple[str, str], saved: str
) -> None:
    desk.goto(screen)
    grow_old(desk, folder)
    desk.get_by_role('button', name=way[0]).click()
    desk.get_by_role('menuitem', name=way[1]).click()
    with desk.expect_download() as begun:
        confirm(desk)
    assert begun.value.suggested_filename == saved
    assert begun.value.path().read_bytes()
    expect(desk.get_by_text('Your file is being downloaded.')).to_be_visible()
    assert desk.evaluate('location.pathname + location.search + location.hash') == screen
    with desk.expect_download() as again:
        desk.get_by_role('link', name='Download again').click()
    assert again.value.suggested_filename == saved
    assert faults(desk) == []


def test_the_whole_log_comes_by_itself_too(desk: Page, folder: Path) -> None:
    desk.goto('/audit')
    grow_old(desk, folder)
    desk.get_by_role('link', name='Export', exact=True).click()
    with desk.expect_download() as begun:
        confirm(desk)
    assert begun.value.suggested_filename == 'audit-log.zip'


def test_who_does_not_confirm_goes_back_to_his_screen_and_no_file_comes(desk: Page, folder: Path) -> None:
    desk.goto('/members?q=elena')
    grow_old(desk, folder)
    desk.get_by_role('button', name='Export and print').click()
    desk.get_by_role('menuitem', name='CSV').click()
    desk.wait_for_url('**/security/confirm**')
    desk.get_by_role('link', name='Cancel').click()
    expect(desk.get_by_role('link', name='Elena Rossi')).to_be_visible()
    assert desk.evaluate('location.pathname + location.search + location.hash') == '/members?q=elena'
    expect(desk.get_by_text('Your file is being downloaded.')).to_have_count(0)


def test_a_button_waits_with_the_focus_for_who_has_confirmed(desk: Page, folder: Path) -> None:
    desk.goto('/members?q=elena')
    desk.get_by_role('button', name='Export and print').click()
    desk.get_by_role('menuitem', name='Phone list').click()
    grow_old(desk, folder)
    desk.get_by_role('button', name='Make the list').click()
    confirm(desk)
    expect(desk.get_by_text('Confirmed. Please do it once more.')).to_be_visible()
    expect(desk.get_by_role('button', name='Make the list')).to_be_focused()
    assert 'Make' not in desk.evaluate('JSON.stringify(sessionStorage)'), 'the words of a button may name somebody'
    desk.keyboard.press('Enter')
    expect(desk.locator('.lb-sheet')).to_contain_text('Phone list · 1 person · “elena”')


@pytest.mark.parametrize('elsewhere', ['//evil.example/', '/\\evil.example/', 'https://evil.example/'])
def test_an_address_fetches_no_file_of_another_host(desk: Page, elsewhere: str) -> None:
    asked: list[str] = []
    desk.goto('about:blank')
    desk.on('request', lambda one: asked.append(urlsplit(one.url).hostname or ''))
    desk.goto(f'/members#download={elsewhere}')
    desk.wait_for_selector('h1')
    desk.wait_for_timeout(500)
    assert set(asked) == {'localhost'}

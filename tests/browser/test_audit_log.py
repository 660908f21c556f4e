"""The audit log in the real program: seen, narrowed, verified, exported, proven; a changed byte is named on screen."""

import os
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from logic.audit.export import VERIFIER
from tests.contracts.test_serving import HOME, Program, running

EMAIL, PASSWORD = 'elena@example.org', 'correct horse battery staple'


def make_owner(folder: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith('LOGBOOK_')}
    owner = ['--name', 'Elena Rossi', '--email', EMAIL, '--organization', 'Riverside Fire']
    subprocess.run(
        [sys.executable, str(HOME / 'main.py'), 'create-admin', *owner],
        env=environment | {'LOGBOOK_DATA_DIR': str(folder)}, input=PASSWORD + '\n', text=True, check=True, timeout=90,
    )  # fmt: skip


@pytest.fixture(scope='module')
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, Path]]:
    folder = tmp_path_factory.mktemp('audit') / 'data'
    make_owner(folder)
    with running(folder) as started:
        started.wait_until_it_serves()
        yield started, folder
        started.stop()


@pytest.fixture(scope='module')
def desk(browser: Browser, program: tuple[Program, Path]) -> Iterator[Page]:
    origin = f'http://localhost:{program[0].port}'
    context = browser.new_context(base_url=origin, viewport={'width': 1440, 'height': 900}, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto('/audit')
    page.fill('input[type=email]', EMAIL)
    page.fill('input[type=password]', PASSWORD)
    page.keyboard.press('Enter')
    page.wait_for_url('**/audit')
    yield page
    context.close()


def verify(page: Page, anchors: str = '') -> None:
    page.goto('/audit')
    with page.expect_response('**/drafts/read') as asked:  # what was typed before is back first
        page.get_by_role('button', name='Verify').click()
    asked.value.finished()
    dialog = page.get_by_role('dialog')
    dialog.locator('textarea').fill(anchors)
    dialog.get_by_role('button', name='Verify').click()


def test_the_list_shows_who_did_what_and_can_be_narrowed(desk: Page) -> None:
    expect(desk.get_by_role('heading', name='Audit log')).to_be_visible()
    expect(desk.get_by_role('link', name='Access: signed in')).to_be_visible()
    desk.get_by_placeholder('Search by action, kind or id').fill('organization')
    expect(desk.get_by_role('link', name='Access: signed in')).to_have_count(0)
    desk.wait_for_url('**/audit?q=organization')
    desk.goto('/audit?q=position')
    expect(desk.get_by_role('link', name='Access: signed in')).to_have_count(0)
    expect(desk.get_by_role('link', name='First run: founded the department').first).to_be_visible()


def test_an_entry_shows_what_changed_and_its_proof(desk: Page) -> None:
    desk.goto('/audit/0')
    expect(desk.get_by_text('What happened')).to_be_visible()
    expect(desk.get_by_text('Riverside Fire').last).to_be_visible()
    expect(desk.get_by_text('It stands in the')).to_be_visible()
    expect(desk.get_by_role('link', name='Earlier')).to_have_count(0)
    desk.get_by_role('link', name='Later').click()
    desk.wait_for_url('**/audit/1')


def test_an_entry_that_does_not_exist_is_said_not_to(desk: Page) -> None:
    desk.goto('/audit/99999')
    expect(desk.get_by_text('The audit log has no such entry.')).to_be_visible()


def test_the_anchor_for_the_minutes_verifies_when_pasted_back(desk: Page) -> None:
    desk.goto('/audit')
    desk.get_by_role('button', name='More').first.click()
    desk.get_by_text('Anchor for the minutes').click()
    dialog = desk.get_by_role('dialog')
    expect(dialog.get_by_text('Eight words')).to_be_visible()
    note = dialog.locator('code, pre, .lb-copy').last.inner_text()
    verify(desk, note.replace('Copy', ''))
    expect(desk.get_by_text('The log is intact')).to_be_visible()
    verify(desk, 'Dear Elena, nothing is signed here.')
    expect(desk.get_by_text('There is no anchor in this text.')).to_be_visible()


def test_an_export_is_verified_by_the_program_inside_it(desk: Page, tmp_path: Path) -> None:
    desk.goto('/audit')
    with desk.expect_download() as started:
        desk.get_by_role('link', name='Export').click()
    path = tmp_path / started.value.suggested_filename
    started.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        assert archive.read('verifier.py') == VERIFIER.read_bytes()
    done = subprocess.run([sys.executable, '-I', VERIFIER, path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert 'intact' in done.stdout


def test_a_byte_changed_in_the_database_is_named_on_the_screen(desk: Page, program: tuple[Program, Path]) -> None:
    with closing(sqlite3.connect(program[1] / 'logbook.db')) as database:
        database.execute(
            "UPDATE audit_entry SET body = CAST(replace(body, 'Riverside', 'Waterside') AS BLOB) WHERE seq=0"
        )
        database.commit()
        verify(desk)
        expect(desk.get_by_text('The log is damaged')).to_be_visible()
        expect(desk.get_by_text('Entry 0: the text is not the one')).to_be_visible()
        for path in ('/audit', '/status', '/', '/my-work'):
            desk.goto(path)
            expect(desk.get_by_text('The log of the department is damaged at entry 0')).to_be_visible()
        database.execute(
            "UPDATE audit_entry SET body = CAST(replace(body, 'Waterside', 'Riverside') AS BLOB) WHERE seq=0"
        )
        database.commit()
    verify(desk)
    expect(desk.get_by_text('The log is intact')).to_be_visible()
    damage = desk.get_by_text('The log of the department is damaged')
    expect(damage).to_have_count(0)  # the page behind the dialog follows without a reload
    for path in ('/status', '/'):
        desk.goto(path)
        expect(desk.get_by_role('heading').first).to_be_visible()
        expect(damage).to_have_count(0)

"""Files on a record in a browser: dropped, pasted, chosen, cancelled, renamed, replaced, removed and taken back."""

import base64
import io
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.benchmarks.served import HOME, environment
from tests.browser.accessibility import faults
from tests.logic.test_attachment_previews import page as pdf_page
from tests.servers import free_port
from tests.ui.pages.cast import Cast, cast


@pytest.fixture(scope='module')
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Cast]]:
    folder, port = tmp_path_factory.mktemp('files') / 'data', free_port()
    people, output = cast(folder), tmp_path_factory.mktemp('told') / 'log'
    command = [sys.executable, '-m', 'tests.browser.attachments_server']
    with output.open('wb') as told:
        process = subprocess.Popen(command, cwd=HOME, env=environment(folder, port), stdout=told, stderr=told)
    try:
        end = time.monotonic() + 180
        while time.monotonic() < end and process.poll() is None:
            try:
                httpx2.get(f'http://localhost:{port}/health', trust_env=False, timeout=5).raise_for_status()
                break
            except httpx2.HTTPError:
                time.sleep(0.2)
        else:
            raise RuntimeError(output.read_text())
        yield f'http://localhost:{port}', people
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def sit_down(browser: Browser, site: tuple[str, Cast], token: str, **more: object) -> BrowserContext:
    context = browser.new_context(base_url=site[0], **more)  # type: ignore[arg-type]
    context.add_cookies([{'name': 'logbook', 'value': token, 'url': site[0]}])
    context.set_default_timeout(15_000)
    return context


@pytest.fixture
def record(site: tuple[str, Cast]) -> str:
    """A record without files, another one for each test."""
    return f'/trial/files/{uuid4()}'


@pytest.fixture
def desk(browser: Browser, site: tuple[str, Cast], record: str) -> Iterator[Page]:
    context = sit_down(browser, site, site[1].owner, viewport={'width': 1440, 'height': 900})
    page = context.new_page()
    begin(page, record)
    yield page
    context.close()


def begin(page: Page, path: str) -> None:
    page.goto(path)
    page.wait_for_selector('.lb-files')
    page.wait_for_function('window.did_handshake === true')


def card(page: Page) -> Locator:
    return page.locator('.lb-files')


def row(page: Page, name: str) -> Locator:
    return card(page).locator('.lb-list > li', has=page.get_by_text(name, exact=True))


def picture(color: str = 'teal') -> bytes:
    target = io.BytesIO()
    Image.new('RGB', (900, 600), color).save(target, 'PNG')
    return target.getvalue()


def choose(page: Page, *sent: tuple[str, bytes]) -> None:
    files = [{'name': name, 'mimeType': 'application/octet-stream', 'buffer': content} for name, content in sent]
    page.get_by_label('Files to add').set_input_files(files)  # type: ignore[arg-type]


def act(page: Page, name: str, label: str) -> None:
    page.get_by_role('button', name=f'Actions for {name}').click()
    page.get_by_role('menuitem', name=label).click()


# What a browser gives to a page: files by drop or paste, made from bytes.
GIVE = """([kind, name, type, content]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const given = new DataTransfer();
  given.items.add(new File([bytes], name, { type }));
  const target = kind === 'paste' ? document.body : document.querySelector('.lb-files');
  const options = { bubbles: true, cancelable: true };
  const event = kind === "paste" ? new ClipboardEvent("paste", { clipboardData: given, ...options })
    : new DragEvent(kind, { dataTransfer: given, ...options });
  target.dispatchEvent(event);
}"""


def give(page: Page, kind: str, name: str, media_type: str, content: bytes) -> None:
    page.evaluate(GIVE, [kind, name, media_type, base64.b64encode(content).decode()])


def test_files_come_by_choice_drop_and_paste_and_are_shown(desk: Page) -> None:
    choose(desk, ('minutes.txt', b'Minutes of March'), ('list.csv', b'name,phone\nAnn,1\n'))
    give(desk, 'dragenter', 'scene.png', 'image/png', picture())
    expect(card(desk)).to_have_class(re.compile('lb-files-over'))
    give(desk, 'drop', 'scene.png', 'image/png', picture())
    expect(card(desk)).not_to_have_class(re.compile('lb-files-over'))
    give(desk, 'paste', 'image.png', 'image/png', picture('red'))
    for name in ('minutes.txt', 'list.csv', 'scene.png'):
        expect(row(desk, name)).to_be_visible()
    expect(card(desk).get_by_role('button', name=re.compile(r'^Pasted \d{4}-'))).to_be_visible()
    expect(row(desk, 'scene.png').locator('img')).to_be_visible()
    row(desk, 'minutes.txt').get_by_role('button', name='minutes.txt', exact=True).click()
    expect(desk.get_by_role('dialog', name='minutes.txt').get_by_text('Minutes of March')).to_be_visible()
    desk.keyboard.press('Escape')
    expect(desk.get_by_role('dialog')).to_have_count(0)
    row(desk, 'scene.png').get_by_role('button', name='scene.png', exact=True).click()
    shown = desk.get_by_role('dialog').get_by_alt_text('scene.png')
    assert shown.evaluate('image => image.decode().then(() => image.naturalWidth)') == 900
    desk.get_by_role('button', name='Close').click()


def test_a_pdf_shows_its_first_page(desk: Page) -> None:
    choose(desk, ('form.pdf', pdf_page()))
    expect(row(desk, 'form.pdf').locator('img')).to_be_visible()
    row(desk, 'form.pdf').get_by_role('button', name='form.pdf', exact=True).click()
    expect(desk.get_by_role('dialog').get_by_alt_text('First page of form.pdf')).to_be_visible()
    with desk.expect_download() as saved:
        desk.get_by_role('dialog').get_by_role('link', name='Download').click()
    assert saved.value.suggested_filename == 'form.pdf'
    assert Path(saved.value.path()).read_bytes() == pdf_page()


def test_by_keyboard_a_file_is_renamed_removed_and_taken_back(desk: Page) -> None:
    choose(desk, ('plan.txt', b'plan'))
    menu = desk.get_by_role('button', name='Actions for plan.txt')
    menu.focus()
    desk.keyboard.press('Enter')
    for _ in range(3):
        desk.keyboard.press('ArrowDown')
    desk.keyboard.press('Enter')
    expect(desk.get_by_role('dialog', name='Rename').get_by_label('Name')).to_be_focused()
    desk.keyboard.type('Pre-plan Mill Street.txt')
    desk.keyboard.press('Enter')
    expect(row(desk, 'Pre-plan Mill Street.txt')).to_be_visible()
    act(desk, 'Pre-plan Mill Street.txt', 'Remove')
    expect(row(desk, 'Pre-plan Mill Street.txt')).to_have_count(0)
    desk.get_by_role('button', name='Undo').click()
    expect(row(desk, 'Pre-plan Mill Street.txt')).to_be_visible()
    act(desk, 'Pre-plan Mill Street.txt', 'Remove')
    card(desk).get_by_role('button', name='1 removed').click()
    desk.get_by_role('button', name='Restore Pre-plan Mill Street.txt').click()
    expect(row(desk, 'Pre-plan Mill Street.txt')).to_be_visible()
    expect(desk.get_by_role('dialog')).to_have_count(0)


def test_a_newer_version_replaces_and_the_older_one_can_be_had(desk: Page) -> None:
    choose(desk, ('roster.txt', b'first'))
    expect(row(desk, 'roster.txt')).to_be_visible()
    with desk.expect_file_chooser() as chooser:
        act(desk, 'roster.txt', 'Add a new version')
    chooser.value.set_files([{'name': 'other name.txt', 'mimeType': 'text/plain', 'buffer': b'second'}])
    expect(row(desk, 'roster.txt').get_by_text('version 2')).to_be_visible()
    act(desk, 'roster.txt', 'Versions')
    with desk.expect_download() as saved:
        desk.get_by_role('link', name='Download version 1').click()
    assert Path(saved.value.path()).read_bytes() == b'first'


HOSTILE = {
    'page.png': b'<!doctype html><script>document.title = "owned"</script>',
    'drawing.svg': b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    'empty.txt': b'',
    'setup.pdf': b'MZ\x90\x00\x03',
}


def test_what_is_not_taken_says_why_and_can_be_dismissed(desk: Page) -> None:
    choose(desk, *HOSTILE.items())
    for name in HOSTILE:
        expect(row(desk, name).get_by_text(re.compile('kind asked for|is empty'))).to_be_visible()
        desk.get_by_role('button', name=f'Dismiss {name}').click()
    expect(card(desk).get_by_text('No files yet.')).to_be_visible()


NAMES = [
    '<img src=x onerror=alert(1)>.txt',
    '../../etc/passwd',
    '{{ constructor }}.txt',
    'Ünïcödé 消防 🚒.txt',
    '\u202efdp.txt',
]


def test_names_are_shown_as_they_are_and_run_nothing(desk: Page) -> None:
    for name in NAMES:
        choose(desk, (name, b'text'))
    for shown in (
        'img src=xonerror=alert(1).txt',
        '{{ constructor }}.txt',
        'Ünïcödé 消防 🚒.txt',
        'passwd.txt',
        'fdp.txt',
    ):
        found = card(desk).locator('.lb-files-name').filter(has_text=shown.replace('src=xonerror', 'src=x onerror'))
        expect(found.first).to_be_visible()
    assert card(desk).locator('img[src=x]').count() == 0


def test_a_second_window_sees_it_at_once(desk: Page, browser: Browser, site: tuple[str, Cast], record: str) -> None:
    context = sit_down(browser, site, site[1].second, viewport={'width': 390, 'height': 844}, has_touch=True)
    phone = context.new_page()
    begin(phone, record)
    choose(desk, ('seen.txt', b'seen'))
    expect(row(phone, 'seen.txt')).to_be_visible()
    context.close()


def test_what_is_being_sent_can_be_cancelled(desk: Page) -> None:
    session = desk.context.new_cdp_session(desk)
    session.send('Network.enable')
    slow = {'offline': False, 'latency': 20, 'downloadThroughput': -1, 'uploadThroughput': 400_000}
    session.send('Network.emulateNetworkConditions', slow)
    choose(desk, ('video.txt', os.urandom(6_000_000).hex().encode()))
    expect(desk.get_by_role('progressbar', name='Sending video.txt')).to_be_visible()
    desk.get_by_role('button', name='Cancel video.txt').click()
    expect(row(desk, 'video.txt')).to_have_count(0)
    session.send('Network.emulateNetworkConditions', slow | {'uploadThroughput': -1, 'latency': 0})
    choose(desk, ('after.txt', b'after'))
    expect(row(desk, 'after.txt')).to_be_visible()


def test_a_phone_takes_a_photo_and_nothing_is_out_of_reach(
    browser: Browser, site: tuple[str, Cast], record: str
) -> None:
    context = sit_down(
        browser, site, site[1].owner, viewport={'width': 390, 'height': 844}, has_touch=True, is_mobile=True
    )
    phone = context.new_page()
    begin(phone, record)
    with phone.expect_file_chooser() as chooser:
        phone.get_by_role('button', name='Photo', exact=True).click()
    chooser.value.set_files([{'name': 'IMG_1.png', 'mimeType': 'image/png', 'buffer': picture()}])
    expect(row(phone, 'IMG_1.png')).to_be_visible()
    assert phone.get_by_label('Photo to add').get_attribute('capture') == 'environment'
    assert phone.evaluate('document.documentElement.scrollWidth') <= 390
    for theme in ('light', 'dark'):
        phone.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        assert faults(phone) == []
    context.close()

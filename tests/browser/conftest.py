"""A running gallery, and a browser that is signed in there and tells what went wrong in its console."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, TimeoutError, expect

from tests.servers import free_port

ROOT = Path(__file__).parents[2]
DESKTOP, PHONE = {'width': 1440, 'height': 900}, {'width': 390, 'height': 844}
Open = Callable[..., Page]
# More than any pause of a busy machine; how soon something comes is measured where it is promised.
expect.set_options(timeout=20_000)
_goto = Page.goto


def _goto_settled(page: Page, url: str, **more: Any) -> Any:
    """Open an address as a person does, who does not type it within the blink in which what he closed is gone.

    What is closed takes its entry out of the browser's history, and a step through that stops a page on its way.
    """
    with suppress(TimeoutError):  # what stays open keeps its entry
        page.wait_for_function('!history.state?.over', timeout=1_000)
    return _goto(page, url, **more)


Page.goto = _goto_settled  # type: ignore[method-assign]
underway: WeakKeyDictionary[Page, set[Request]] = WeakKeyDictionary()
"""What a page has asked the server, and has no answer to."""


class Gallery:
    """The server of `tests.browser.gallery`."""

    def __init__(self, port: int) -> None:
        self.origin = f'http://localhost:{port}'
        self.begun = 0

    def get(self, path: str, who: str | None = 'chief') -> httpx2.Response:
        cookies = {'logbook': who} if who else None
        headers = {'accept': 'text/html'}
        return httpx2.get(self.origin + path, cookies=cookies, headers=headers, timeout=20, trust_env=False)

    def state(self) -> dict[str, Any]:
        return dict(self.get('/test/state').json())

    def begin(self) -> None:
        """Forget what pages of earlier tests had the server do."""
        self.begun = len(self.state()['happened'])

    def happened(self, what: str) -> dict[str, Any]:
        """The last thing of a kind that pages of this test had the server do, once it has done one."""
        found: list[dict[str, Any]] = []

        def has() -> bool:
            found[:] = [one for one in self.state()['happened'][self.begun :] if one['what'] == what]
            return bool(found)

        until(has)
        return found[-1]


def until(comes: Callable[[], bool]) -> None:
    """Wait until something has come that no page shows."""
    end = time.monotonic() + 20
    while not comes():
        assert time.monotonic() < end, 'It never came.'
        time.sleep(0.05)


def note_requests(page: Page) -> None:
    """Know from now on what a page asks the server."""
    asked: set[Request] = set()
    underway[page] = asked

    def answered(one: Request) -> None:
        asked.discard(one)

    page.on('request', lambda one: asked.update([one]))
    page.on('requestfinished', answered)
    page.on('requestfailed', answered)
    page.on('framenavigated', lambda _frame: asked.clear())


def arrived(page: Page) -> None:
    """Wait until the server has what was typed: a timer of the page that began before this one has ended before it."""
    page.evaluate('new Promise((done) => setTimeout(done, 700))')
    while underway[page]:
        page.wait_for_timeout(20)


@pytest.fixture(scope='session')
def gallery() -> Iterator[Gallery]:
    """The gallery, running in a process of its own."""
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(('LOGBOOK_', 'NICEGUI_', 'PYTEST_'))}
    output = Path(tempfile.mkstemp(prefix='gallery-')[1])
    with output.open('wb') as told:
        command = [sys.executable, '-m', 'tests.browser.gallery', str(port)]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=told, stderr=told)
    gallery = Gallery(port)
    try:
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline and process.poll() is None:
            try:
                gallery.state()
                break
            except httpx2.HTTPError:
                time.sleep(0.2)
        else:
            raise RuntimeError(f'The gallery did not start:\n{output.read_text()}')
        yield gallery
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
        output.unlink()


@pytest.fixture
def open_page(browser: Browser, gallery: Gallery) -> Iterator[Open]:
    """Open a path as somebody: `open_page('/folk', phone=True, dark=True)`. Complaints in the console fail the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []
    gallery.begin()

    def opened(path: str, *, who: str = 'chief', phone: bool = False, dark: bool = False, **more: Any) -> Page:
        context = browser.new_context(
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
            color_scheme='dark' if dark else 'light',
            has_touch=phone,
            base_url=gallery.origin,
            **more,
        )
        contexts.append(context)
        context.add_cookies([{'name': 'logbook', 'value': who, 'url': gallery.origin}])
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on('console', lambda message: complaints.append(message.text) if message.type == 'error' else None)
        page.on('pageerror', lambda error: complaints.append(str(error)))
        page.goto(path)
        page.wait_for_selector('.lb-header')
        page.wait_for_function('window.did_handshake === true')
        return page

    yield opened
    for context in contexts:
        context.close()
    expected = ('status of 4', 'status of 5', 'ERR_INTERNET_DISCONNECTED')
    assert [text for text in complaints if not any(words in text for words in expected)] == []

"""The guard on the whole of Logbook: real sessions, real pages, and how they end."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx2
import pytest

from tests import servers
from tests.ui.rogue import ROOT, Page, Refused, Rogue, Served

OWNER = {'email': 'elena@example.org', 'password': 'correct horse battery staple'}


@pytest.fixture(scope='module')
def logbook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Logbook as it is started, on an empty folder, with an owner."""
    folder, port = tmp_path_factory.mktemp('logbook'), servers.free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(('LOGBOOK_', 'NICEGUI_', 'PYTEST_'))}
    environment |= {'LOGBOOK_DATA_DIR': str(folder / 'var'), 'LOGBOOK_PORT': str(port)}
    command = [sys.executable, str(ROOT / 'main.py')]
    owner = ['--name', 'Elena Ruiz', '--email', OWNER['email'], '--organization', 'Riverside Fire']
    subprocess.run(
        [*command, 'create-admin', *owner],
        input=OWNER['password'].encode(),
        cwd=folder,
        env=environment,
        check=True,
        timeout=120,
        capture_output=True,
    )
    output = Path(folder / 'log')
    with output.open('wb') as told:
        process = subprocess.Popen([*command, 'serve'], cwd=folder, env=environment, stdout=told, stderr=told)
    try:
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline and process.poll() is None:
            try:
                if httpx2.get(f'http://127.0.0.1:{port}/health', trust_env=False).status_code == 200:
                    break
            except httpx2.HTTPError:
                time.sleep(0.3)
        else:
            raise RuntimeError(f'Logbook did not start:\n{output.read_text()}')
        yield Served(port, True, output)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


class Person:
    """Somebody who signed in through the front door."""

    def __init__(self, served: Served, browser: httpx2.AsyncClient) -> None:
        self.served, self.browser = served, browser

    @property
    def token(self) -> str:
        return self.browser.cookies['logbook']

    async def sign_in(self) -> None:
        shown = await self.browser.get('/sign-in')
        hidden = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', shown.text))
        answer = await self.browser.post('/sign-in', data=hidden | OWNER, headers={'origin': self.served.origin})
        assert answer.status_code == 303, answer.text

    async def sign_out(self, page: Page) -> None:
        token = next(e['props']['token'] for e in page.elements.values() if 'token' in e.get('props', {}))
        answer = await self.browser.post('/sign-out', data={'token': token}, headers={'origin': self.served.origin})
        assert answer.status_code == 303

    async def open(self, path: str) -> Page:
        answer = await self.browser.get(path)
        assert answer.status_code == 200, answer.text[:300]
        return Page.parse(answer.text)


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


async def arrive(stack: AsyncExitStack, logbook: Served) -> Person:
    person = Person(logbook, await stack.enter_async_context(logbook.browser()))
    await person.sign_in()
    return person


async def test_a_page_opens_for_its_own_session_only(stack: AsyncExitStack, logbook: Served) -> None:
    at_desk, on_phone = await arrive(stack, logbook), await arrive(stack, logbook)
    page = await at_desk.open('/members')
    for thief in (None, 'x' * 43, on_phone.token):
        with pytest.raises(Refused):
            await Rogue.connect(logbook, page.query, thief)
    async with await Rogue.connect(logbook, page.query, at_desk.token):
        pass


async def test_signing_out_closes_every_page_of_the_session_at_once_and_no_other(
    stack: AsyncExitStack, logbook: Served
) -> None:
    at_desk, on_phone = await arrive(stack, logbook), await arrive(stack, logbook)
    pages = [await at_desk.open('/'), await at_desk.open('/members')]
    sockets = [await stack.enter_async_context(await Rogue.connect(logbook, p.query, at_desk.token)) for p in pages]
    other = await on_phone.open('/')
    bystander = await stack.enter_async_context(await Rogue.connect(logbook, other.query, on_phone.token))
    started = asyncio.get_running_loop().time()
    await at_desk.sign_out(pages[0])
    assert '"path":"/"' in await sockets[0].told('"open"')
    assert '"path":"/members"' in await sockets[1].told('"open"')
    assert [await socket.is_closed() for socket in sockets] == [True, True]
    assert asyncio.get_running_loop().time() - started < 5
    assert not await bystander.is_closed(seconds=1)
    for socket_page in pages:
        with pytest.raises(Refused):
            await Rogue.connect(logbook, socket_page.query, on_phone.token)


async def test_after_signing_out_a_page_leads_to_the_sign_in_page(stack: AsyncExitStack, logbook: Served) -> None:
    person = await arrive(stack, logbook)
    await person.sign_out(await person.open('/'))
    answer = await person.browser.get('/members')
    assert (answer.status_code, answer.headers['location']) == (303, '/sign-in?next=/members')


async def test_every_answer_of_logbook_carries_the_headers(stack: AsyncExitStack, logbook: Served) -> None:
    person = await arrive(stack, logbook)
    for path in ('/', '/members', '/settings', '/nowhere', '/members/7', '/sign-in', '/api/v1/members'):
        answer = await person.browser.get(path)
        assert answer.headers['x-content-type-options'] == 'nosniff', path
        assert "default-src 'none'" in answer.headers['content-security-policy'], path
        assert "frame-ancestors 'none'" in answer.headers['content-security-policy'], path
        assert answer.headers['cache-control'] == 'no-store', path
        assert 'server' not in answer.headers, path
        assert 'session' not in answer.cookies, "NiceGUI's own session cookie is not used"

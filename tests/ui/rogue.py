"""The attacker of the guard's tests: loads pages as somebody, and speaks the socket by hand."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.servers import free_port

ROOT = Path(__file__).parents[2]
UNESCAPED = {'&lt;': '<', '&gt;': '>', '&#96;': '`', '&#36;': '$', '&amp;': '&'}


@dataclass(frozen=True)
class Served:
    """A running server, guarded or bare."""

    port: int
    guarded: bool
    output: Path

    @property
    def origin(self) -> str:
        return f'http://localhost:{self.port}'

    def browser(self, who: str | None = None, **headers: str) -> httpx2.AsyncClient:
        """A browser that is signed in as somebody, or a stranger's."""
        cookies = {'logbook': who} if who else None
        return httpx2.AsyncClient(
            base_url=self.origin,
            cookies=cookies,
            headers={'accept': 'text/html,*/*', **headers},
            timeout=20,
            trust_env=False,
        )

    async def state(self) -> dict[str, Any]:
        async with self.browser() as browser:
            return dict((await browser.get('/test/state')).json())

    async def happened(self, what: str, least: int = 0) -> list[dict[str, Any]]:
        """All of a kind that was done; waits until it was done so often at least."""
        async with asyncio.timeout(20):
            while len(found := [one for one in (await self.state())['happened'] if one['what'] == what]) < least:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        return found

    def log(self) -> list[str]:
        return self.output.read_text(errors='replace').splitlines()

    async def forget(self) -> None:
        await self.control('forget')

    async def control(self, path: str) -> None:
        async with self.browser() as browser:
            await browser.get(f'/test/{path}')


@contextmanager
def serve(guarded: bool, *options: str) -> Iterator[Served]:
    """Run the test server in a process of its own."""
    port = free_port()
    command = [sys.executable, '-m', 'tests.ui.guarded_server', str(port), *([] if guarded else ['bare']), *options]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(('LOGBOOK_', 'NICEGUI_', 'PYTEST_'))}
    output = Path(tempfile.mkstemp(prefix='guarded-server-')[1])
    with output.open('wb') as told:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=told, stderr=told)
    try:
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline and process.poll() is None:
            try:
                if httpx2.get(f'http://127.0.0.1:{port}/test/state', trust_env=False).status_code == 200:
                    break
            except httpx2.HTTPError:
                time.sleep(0.2)
        else:
            raise RuntimeError(f'The server did not start:\n{output.read_text()}')
        yield Served(port, guarded, output)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
        output.unlink()


@dataclass
class Page:
    """What the HTML of a page tells whoever has it: the client's id, and the listeners of every element."""

    client_id: str
    elements: dict[str, Any]
    query: dict[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, html: str) -> 'Page':
        found = re.search(r"'client_id': '([0-9a-f-]+)'", html)
        assert found, html[:500]
        raw = re.search(r'parseElements\(String\.raw`(.*?)`\)', html, re.DOTALL)
        assert raw
        text = raw[1]
        for escaped, plain in UNESCAPED.items():
            text = text.replace(escaped, plain)
        query = {
            'client_id': found[1],
            'next_message_id': '0',
            'implicit_handshake': 'true',
            'document_id': str(uuid4()),
            'tab_id': str(uuid4()),
            'old_tab_id': '',
        }
        return cls(found[1], json.loads(text), query)

    def element(self, label: str) -> tuple[int, dict[str, Any]]:
        for number, element in self.elements.items():
            if label in {element.get('props', {}).get('label'), element.get('text')}:
                return int(number), element
        raise AssertionError(f'{label} is not on the page')

    def event(self, label: str, *args: Any, of: str | None = None) -> dict[str, Any]:
        """A frame that fires the listener of an element."""
        number, element = self.element(label)
        listener = next(e for e in element['events'] if of is None or e['type'] == of)
        sent = [json.dumps(arg) for arg in args]
        return {'id': number, 'client_id': self.client_id, 'listener_id': listener['listener_id'], 'args': sent}

    def navigation(self, path: str) -> dict[str, Any]:
        """The frame that a click on a link within the page sends."""
        for number, element in self.elements.items():
            for listener in element.get('events', []):
                if listener['type'] in {'sub_pages_navigate', 'subPagesNavigate'}:
                    names = {'id': int(number), 'client_id': self.client_id, 'listener_id': listener['listener_id']}
                    return {**names, 'args': [json.dumps(path)]}
        raise AssertionError('the page has no navigation')


async def load(served: Served, who: str | None, path: str = '/') -> Page:
    async with served.browser(who) as browser:
        answer = await browser.get(path)
    assert answer.status_code == 200, f'{answer.status_code} {answer.text[:300]}'
    return Page.parse(answer.text)


class Refused(Exception):
    """The server did not take the socket."""


class Rogue:
    """A hand-made Socket.IO connection over a WebSocket."""

    def __init__(self, connection: ClientConnection, served: Served) -> None:
        self.connection, self.served = connection, served

    @classmethod
    async def connect(
        cls, served: Served, query: dict[str, str], who: str | None, origin: str | None = 'own', path: str = ''
    ) -> 'Rogue':
        """Open a socket and join the default namespace. Raises Refused when the server turns it down."""
        text = '&'.join(f'{name}={value}' for name, value in query.items())
        headers = {'Cookie': f'logbook={who}'} if who else {}
        address = f'ws://localhost:{served.port}{path}/_nicegui_ws/socket.io/?EIO=4&transport=websocket&{text}'
        try:
            connection = await connect(
                address,
                origin=served.origin if origin == 'own' else origin,  # type: ignore[arg-type]
                additional_headers=headers,
                compression=None,
                open_timeout=20,
                proxy=None,
            )
            rogue = cls(connection, served)
            opened = await rogue.receive()
            assert opened[0] == '0', opened
            await connection.send('40')
            answer = await rogue.receive()
        except (InvalidStatus, ConnectionClosed) as error:
            raise Refused(str(error)) from error
        if not answer.startswith('40'):
            await connection.close()
            raise Refused(answer)
        return rogue

    async def receive(self, seconds: float = 20) -> str:
        async with asyncio.timeout(seconds):
            return str(await self.connection.recv())

    async def emit(self, name: str, message: Any) -> None:
        await self.connection.send('42' + json.dumps([name, message]))

    async def fire(self, message: dict[str, Any]) -> None:
        """Send an event and give the server time to handle it, from when it has it: it answers what came later."""
        await self.emit('event', message)
        await self.served.state()
        await asyncio.sleep(0.3)

    async def told(self, words: str, seconds: float = 20) -> str:
        """Wait for a message that has these words in it."""
        async with asyncio.timeout(seconds):
            while words not in (text := await self._hear()):
                pass
        return text

    async def is_closed(self, seconds: float = 20) -> bool:
        """Say whether the server closes the socket within this time, though its pings are answered."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    await self._hear()
        except ConnectionClosed:
            return True
        except TimeoutError:
            return False

    async def _hear(self) -> str:
        text = str(await self.connection.recv())
        if text == '2':
            await self.connection.send('3')
        return text

    async def __aenter__(self) -> 'Rogue':
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.connection.close()

"""Sessions as browsers keep them, with nothing drawn: a page loaded over HTTP, and its socket spoken by hand."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx2
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.benchmarks.served import Served, client_id, elements

UPDATES = ('42["update"', '42["run_javascript"')
LIMITS = httpx2.Limits(max_connections=8, max_keepalive_connections=8)


def percentile(values: list[float], part: float) -> float:
    """Return the value below which a part of them lies; 0 when there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0


@dataclass
class Session:
    """One open page of somebody."""

    served: Served
    token: str
    browser: httpx2.AsyncClient
    client_id: str = ''
    elements: dict[str, Any] = field(default_factory=dict)
    connection: ClientConnection | None = None
    updates: list[float] = field(default_factory=list)
    """When each update arrived."""
    reader: 'asyncio.Task[None] | None' = None
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    descending: bool = False

    async def load(self, path: str) -> None:
        """Load a page."""
        answer = await self.browser.get(path, headers={'cookie': f'logbook={self.token}'})
        if answer.status_code != 200:
            raise RuntimeError(f'{path}: {answer.status_code} {answer.text[:200]}')
        self.client_id, self.elements = client_id(answer.text), elements(answer.text)

    async def open(self) -> None:
        """Open the socket of the loaded page."""
        query = {
            'EIO': '4', 'transport': 'websocket', 'client_id': self.client_id, 'next_message_id': '0',
            'implicit_handshake': 'true', 'document_id': str(uuid4()), 'tab_id': str(uuid4()), 'old_tab_id': '',
        }  # fmt: skip
        text = '&'.join(f'{name}={value}' for name, value in query.items())
        self.connection = await connect(
            f'ws://localhost:{self.served.port}/_nicegui_ws/socket.io/?{text}',
            origin=self.served.origin, additional_headers={'Cookie': f'logbook={self.token}'}, compression=None,
            open_timeout=30, proxy=None, max_size=2**22,
        )  # fmt: skip
        await self.connection.recv()
        await self.connection.send('40')
        answer = str(await self.connection.recv())
        if not answer.startswith('40'):
            raise RuntimeError(answer)
        self.reader = asyncio.create_task(self._read(self.connection))

    async def _read(self, connection: ClientConnection) -> None:
        try:
            async for message in connection:
                if message == '2':
                    await connection.send('3')
                elif str(message).startswith(UPDATES):
                    self.updates.append(time.monotonic())
                    self.arrived.set()
        except ConnectionClosed:
            pass

    async def act(self, seconds: float = 15) -> float:
        """Sort the list the other way round; return how long its new rows took, in seconds."""
        number, element = next((n, e) for n, e in self.elements.items() if 'rows' in e.get('props', {}))
        listener = next(e for e in element['events'] if e['type'] == 'act')
        self.descending = not self.descending
        state = element['props']['state'] | {'descending': self.descending}
        event = {
            'id': int(number), 'client_id': self.client_id, 'listener_id': listener['listener_id'],
            'args': [json.dumps({'name': 'state', 'key': state})],
        }  # fmt: skip
        assert self.connection is not None
        self.arrived.clear()
        begun = time.monotonic()
        await self.connection.send('42' + json.dumps(['event', event]))
        async with asyncio.timeout(seconds):
            await self.arrived.wait()
        return time.monotonic() - begun

    async def close(self) -> None:
        """Close the socket."""
        if self.reader is not None:
            self.reader.cancel()
        if self.connection is not None:
            await self.connection.close()


def browsers() -> httpx2.AsyncClient:
    """Return what loads pages for all sessions."""
    return httpx2.AsyncClient(timeout=60, trust_env=False, limits=LIMITS, headers={'accept': 'text/html,*/*'})


async def open_sessions(served: Served, tokens: list[str], path: str, browser: httpx2.AsyncClient) -> list[Session]:
    """Open a page for each token, four at a time."""
    browser.base_url = served.origin  # type: ignore[assignment]
    made = [Session(served, token, browser) for token in tokens]
    gate = asyncio.Semaphore(4)

    async def begin(session: Session) -> None:
        async with gate:
            await session.load(path)
            await session.open()

    await asyncio.gather(*(begin(session) for session in made))
    return made


async def close_sessions(sessions: list[Session]) -> None:
    """Close all sockets."""
    await asyncio.gather(*(session.close() for session in sessions))


@dataclass(frozen=True)
class Load:
    """What some time under load was like."""

    sessions: int
    clicks: int
    lost: int
    p50: float
    p95: float
    p99: float


async def click_for(sessions: list[Session], seconds: float, every: float) -> Load:
    """Let each session act every so many seconds, spread evenly; return how long the answers took."""
    took: list[float] = []
    lost = 0
    end = time.monotonic() + seconds

    async def person(session: Session, first: float) -> None:
        nonlocal lost
        due = time.monotonic() + first
        while due < end:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            try:
                took.append(await session.act())
            except (TimeoutError, ConnectionClosed):
                lost += 1
            due += every

    await asyncio.gather(*(person(session, every * n / len(sessions)) for n, session in enumerate(sessions)))
    return Load(
        len(sessions), len(took), lost, percentile(took, 0.5), percentile(took, 0.95), percentile(took, 0.99)
    )  # fmt: skip

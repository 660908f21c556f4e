"""A server as it is served, with a meter around it: `python -m tests.benchmarks.meter` in the place of `main.py`.

The meter counts, by the request that caused them, SQL statements and processor time, and answers under /-/ what the
process knows of itself. Nothing of the server is replaced.
"""

import asyncio
import contextvars
import gc
import json
import os
import sys
import time
from collections import deque
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PLACE, BARE = '/-/', '/bare'
LOOK_SECONDS = 0.005

_counting: contextvars.ContextVar[list[str] | None] = contextvars.ContextVar('counting', default=None)
_all: deque[str] = deque(maxlen=10_000)
"""The last statements, whoever asked: a screen that is open does without a request."""


def _count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
    _all.append(statement)
    counted = _counting.get()
    if counted is not None:
        counted.append(statement)


class Meter:
    """Wraps the server."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.requests: list[dict[str, Any]] = []
        self.longest = self.longest_work = 0.0
        self.stops: list[float] = []
        self.watching: asyncio.Task[None] | None = None
        self._keep: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.watching is None:
            self.watching = asyncio.create_task(self._watch())
        if scope['type'] != 'http':
            await self.app(scope, receive, send)
            return
        if scope['path'].startswith(PLACE):
            await self._tell(scope['path'].removeprefix(PLACE), scope['query_string'].decode(), send)
            return
        statements: list[str] = []
        token = _counting.set(statements)
        seen: dict[str, Any] = {'path': scope['path'], 'status': 0, 'bytes': 0}

        async def note(message: Message) -> None:
            if message['type'] == 'http.response.start':
                seen['status'] = message['status']
            seen['bytes'] += len(message.get('body', b''))
            await send(message)

        wall, cpu = time.perf_counter(), time.process_time()
        app = self.app
        if scope['path'] == BARE:
            from tests.benchmarks.bare import application as app
        try:
            await app(scope, receive, note)
        finally:
            _counting.reset(token)
            seen['cpu_ms'] = (time.process_time() - cpu) * 1000
            seen['wall_ms'] = (time.perf_counter() - wall) * 1000
            seen['statements'] = statements  # grows while slow regions are still being drawn
            self.requests.append(seen)

    async def _watch(self) -> None:
        """Note how late the loop is: what it was blocked for."""
        while True:
            begun, worked = time.perf_counter(), time.thread_time()
            await asyncio.sleep(LOOK_SECONDS)
            late = time.perf_counter() - begun - LOOK_SECONDS
            self.longest = max(self.longest, late)
            self.longest_work = max(self.longest_work, min(late, time.thread_time() - worked))
            if late > 0.02:
                self.stops.append(late)

    async def _tell(self, what: str, number: str, send: Send) -> None:
        ask = getattr(self, f'_{what}')
        answer = ask(int(number)) if number else ask()
        if asyncio.iscoroutine(answer):
            answer = await answer
        body = json.dumps(answer).encode()
        await send({'type': 'http.response.start', 'status': 200, 'headers': [(b'content-type', b'application/json')]})
        await send({'type': 'http.response.body', 'body': body})

    def _requests(self) -> list[dict[str, Any]]:
        """The requests since the last question."""
        told, self.requests = self.requests, []
        return told

    def _statements(self) -> list[str]:
        """All statements since the last question."""
        told = list(_all)
        _all.clear()
        return told

    def _process(self) -> dict[str, Any]:
        from nicegui import Client

        status = dict(line.split(':', 1) for line in Path('/proc/self/status').read_text().splitlines() if ':' in line)
        return {
            'rss': int(Path('/proc/self/statm').read_text().split()[1]) * os.sysconf('SC_PAGE_SIZE'),
            'peak': int(status['VmHWM'].split()[0]) * 1024,
            'cpu': time.process_time(),
            'clients': len(Client.instances),
            'elements': {client.id: len(client.elements) for client in Client.instances.values()},
            'objects': len(gc.get_objects()),
        }

    def _longest(self) -> dict[str, Any]:
        """The longest stop of the loop since the last question, what of it was work of ours, and the longer ones."""
        told = {'longest': self.longest, 'work': self.longest_work, 'stops': sorted(self.stops)[-20:]}
        self.longest, self.longest_work, self.stops = 0.0, 0.0, []
        return told

    def _collect(self) -> int:
        return gc.collect()

    async def _roster(self, people: int) -> dict[str, Any]:
        """Import so many people in this process: the dry run, then for good."""
        from tests.benchmarks.work import import_roster

        return await import_roster(self, people)

    async def _change(self) -> float:
        """Change one person; returns when that was committed."""
        from tests.benchmarks.work import change_somebody

        return await change_somebody()

    async def _crowd(self, people: int) -> int:
        """Add so many accounts, which stand for people."""
        from tests.benchmarks.work import add_accounts

        return await add_accounts(people)

    async def _notify(self) -> float:
        """Tell all of them something, in one act; returns how long that act took."""
        from tests.benchmarks.work import tell_all

        return await tell_all()

    async def _noticed(self) -> int:
        """Say how many notices there are."""
        from tests.benchmarks.work import count_notices

        return await count_notices()


def main() -> int:
    """Serve as `main.py` does, with a meter around everything."""
    sa.event.listen(Engine, 'before_cursor_execute', _count)
    from ui.terminal import lean_imports

    gc.disable()
    with lean_imports():
        from logic.core.config import load_settings
        from logic.core.logs import set_up_logs
        from ui import server, serving

    settings = load_settings()
    set_up_logs('warning', 'json')
    plain = server.config

    def metered(built: Any, *args: Any, **options: Any) -> Any:
        return plain(server.Built(built.application, Meter(built.asgi)), *args, **options)

    server.config = metered  # type: ignore[assignment]
    return asyncio.run(serving.serve(settings, print))


if __name__ == '__main__':
    sys.exit(main())

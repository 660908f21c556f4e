"""Two nodes of one Logbook, as `compose.yaml` runs them: one MariaDB, one Redis, one data folder, two processes."""

import asyncio
import contextlib
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import sqlalchemy as sa
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from data.core import now
from data.tasks import ReminderKind
from logic import notifications, tasks
from logic.core import config
from logic.core.config import Settings
from logic.core.jobs import schedules
from logic.core.secrets import install
from logic.identity import sessions
from logic.notifications import HoursInput
from logic.start import opened
from logic.tasks import ReminderInput, TaskInput
from tests import servers
from tests.benchmarks.installation import OWNER, PASSWORD, Made, make
from tests.benchmarks.sessions import Session
from tests.contracts.test_serving import Program

USER, USER_PASSWORD = f'nodes_{servers.worker_number()}', 'two-nodes-at-work'
CAUGHT_UP = ('notifications.plan_digests', 'notifications.send_what_was_missed', 'members.put_in_force')


@dataclass
class Page(Session):
    """An open page that keeps what its node tells it."""

    frames: list[tuple[float, str]] = field(default_factory=list)
    is_closed: bool = False

    async def _read(self, connection: ClientConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for message in connection:
                if message == '2':
                    await connection.send('3')
                self.frames.append((time.monotonic(), str(message)))
        self.is_closed = True

    async def sees(self, text: str, since: float = 0.0) -> float:
        """Wait until the node sends a text; return after how many seconds from `since` it came."""
        found: list[float] = []

        def is_told() -> bool:
            found[:] = [at for at, frame in self.frames if text in frame and at >= since]
            return bool(found)

        await wait_for(is_told, f'{text!r} does not come')
        return found[0] - since


async def wait_for(is_so: Callable[[], Any], what: str) -> None:
    """Wait until something is so, for longer than any pause of a busy machine."""
    end = time.monotonic() + 60
    while not (await found if asyncio.iscoroutine(found := is_so()) else found):
        assert time.monotonic() < end, what
        await asyncio.sleep(0.02)


@dataclass
class Nodes:
    """The two nodes, and what stands behind them."""

    folder: Path
    url: str
    redis: servers.Redis
    mailbox: servers.Mailbox
    made: Made
    settings: dict[str, str]
    programs: list[Program] = field(default_factory=list)

    def start(self) -> None:
        """Start the nodes that do not run, at once, and wait for them."""
        alive = [one for one in self.programs if one.process.poll() is None]
        ports = [one.port for one in self.programs if one not in alive] or [0, 0][len(alive) :]
        begun = [Program(self.folder, **self.settings, **({'LOGBOOK_PORT': str(p)} if p else {})) for p in ports]
        self.programs = [*alive, *begun]
        for one in begun:
            one.wait_until_it_serves()

    def end(self) -> None:
        """End both."""
        for one in self.programs:
            if one.process.poll() is None:
                one.process.send_signal(signal.SIGTERM)
        for one in self.programs:
            one.process.wait(20)
            one.output.close()

    def kill(self, node: Program) -> None:
        """End a node as a power cut would."""
        node.process.kill()
        node.process.wait()
        node.output.close()

    def said(self) -> str:
        """What both have logged."""
        return '\n'.join(one.said() for one in self.programs)

    @asynccontextmanager
    async def page(self, node: Program, path: str, token: str) -> AsyncIterator[Page]:
        """Open a page at a node."""
        async with self.browser(node) as browser:
            page = Page(node, token, browser)  # type: ignore[arg-type]
            await page.load(path)
            await page.open()
            try:
                yield page
            finally:
                await page.close()

    @asynccontextmanager
    async def browser(self, node: Program, **options: Any) -> AsyncIterator[httpx2.AsyncClient]:
        """A browser or program that calls a node."""
        headers = {'accept': 'text/html,*/*', 'origin': node.origin, **options.pop('headers', {})}
        async with httpx2.AsyncClient(
            base_url=node.origin, trust_env=False, timeout=20, headers=headers, **options
        ) as client:
            yield client

    @asynccontextmanager
    async def program(self, node: Program, email: str = OWNER) -> AsyncIterator[httpx2.AsyncClient]:
        """Somebody who is signed in at the API of a node."""
        async with self.browser(node) as client:
            answer = await client.post('/api/v1/auth/login', json={'email': email, 'password': PASSWORD})
            assert answer.status_code == 200, answer.text
            client.headers['authorization'] = f'Bearer {answer.json()["access_token"]}'
            yield client

    async def cut(self) -> None:
        """End all connections of both nodes to the database."""
        await servers.ask(servers.mariadb_url(), f"KILL CONNECTION USER '{USER}'@'127.0.0.1'")

    async def ask(self, statement: str, **values: Any) -> list[Any]:
        """Ask the database, beside both nodes."""
        return await servers.ask(self.url, statement, **values)


async def own_database() -> str:
    """An empty database, and a user of it whom a test can cut off."""
    address = await servers.empty_mariadb('nodes')
    url = sa.make_url(address)
    await servers.ask(address, f"CREATE OR REPLACE USER '{USER}'@'127.0.0.1' IDENTIFIED BY '{USER_PASSWORD}'")
    await servers.ask(address, f"GRANT ALL ON {url.database}.* TO '{USER}'@'127.0.0.1'")
    return url.set(username=USER, password=USER_PASSWORD).render_as_string(hide_password=False)


async def prepare(folder: Path, url: str) -> Made:
    """Make the department, with a task that is due, a reminder that will be, and schedules that were missed."""
    made = await make(folder, members=5, open_for=4, database_url=url)
    async with opened(Settings(_env_file=None, data_dir=folder, database_url=url)):  # type: ignore[call-arg]
        owner = await sessions.actor_for(made.tokens[0])
        task = await tasks.add_task(owner, TaskInput(title='Check engine 1', due=(now() - timedelta(days=2)).date()))
        # The digest that was missed is of this hour or the one before: no other one is due while the tests run.
        hour = (now() - timedelta(minutes=30)).hour
        await notifications.set_hours(owner, HoursInput(zone='UTC', digest_hour=hour))
        at = now() + timedelta(seconds=1)
        await tasks.add_reminder(owner, task.id, ReminderInput(kind=ReminderKind.AT, at=at))
        await schedules.fire(now())
    install(None)
    config.configure(None)
    return made


@contextmanager
def two_nodes(folder: Path) -> Iterator[Nodes]:
    """Two nodes for the time of a block, started at the same moment on schedules that were missed for a day."""
    url = asyncio.run(own_database())
    servers.program('redis')
    with servers.Redis(folder / 'redis') as redis, servers.smtp_server() as mailbox:
        made = asyncio.run(prepare(folder / 'data', url))
        settings = {
            'LOGBOOK_DATABASE_URL': url, 'LOGBOOK_REDIS_URL': redis.url(), 'LOGBOOK_LOG_LEVEL': 'info',
            'LOGBOOK_SMTP_URL': f'smtp://127.0.0.1:{mailbox.port}',
        }  # fmt: skip
        nodes = Nodes(folder / 'data', url, redis, mailbox, made, settings)
        missed = 'UPDATE job_schedule SET fired_at = fired_at - INTERVAL 1 DAY WHERE name IN :names'
        asyncio.run(nodes.ask(missed.replace(':names', str(CAUGHT_UP))))
        try:
            nodes.start()
            yield nodes
        finally:
            nodes.end()

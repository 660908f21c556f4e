"""MariaDB dies or restarts under load: nothing that was acknowledged is lost, and Logbook goes on by itself (R09)."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from data import database as databases
from data.schema import migrate
from data.work import JobStatus
from logic import audit, organizations
from logic.core.actor import Actor
from logic.core.errors import Unavailable
from logic.core.jobs import Runner
from logic.core.service import IN_DOUBT, NOT_ANSWERING
from logic.mail.outbox import forget_old_mail
from logic.organizations import CompanyInput
from tests.conftest import House
from tests.logic.test_jobs import enqueue, row_of
from tests.servers import MariaDB, ask

pytestmark = pytest.mark.mariadb
RECOVERED_SECONDS = 10
"""So soon after the server answers again everybody has to be served (R09)."""


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[MariaDB]:
    """A MariaDB of this test's own, which it may kill."""
    with MariaDB(tmp_path / 'mariadb') as server:
        await ask(server.url(), 'CREATE DATABASE logbook CHARACTER SET utf8mb4')
        yield server


@pytest.fixture
async def database(server: MariaDB, secrets: Path) -> AsyncIterator[databases.Database]:
    await migrate(server.url('logbook'))
    yield databases.connect(server.url('logbook'))
    await databases.disconnect()


class Load:
    """People who work all the while, and what each was answered."""

    def __init__(self, chief: Actor) -> None:
        self.chief, self.is_over = chief, False
        self.stored: list[str] = []
        self.refused: list[tuple[str, str]] = []
        """What was said of which company."""
        self.served: Counter[str] = Counter()

    async def write(self, who: str) -> None:
        """Add one company after another; who is refused does not know, and goes on with the next."""
        while not self.is_over:
            await self._add(who, self.chief, f'{who} {time.monotonic_ns()}')

    async def insist(self, who: str) -> None:
        """Add one after another under a key, and each again until it is said to be stored."""
        while not self.is_over:
            name = f'{who} {self.served[who]}'
            while not await self._add(who, self.chief.using(name), name) and not self.is_over:
                pass

    async def read(self, who: str) -> None:
        """Look at them over and over: whatever was acknowledged before is there."""
        while not self.is_over:
            known = set(self.stored)
            try:
                found = {row.name for row in await organizations.list_companies(self.chief)}
            except Unavailable as refusal:
                await self._note('', refusal)
                continue
            assert known <= found
            self.served[who] += 1

    async def _add(self, who: str, actor: Actor, name: str) -> bool:
        try:
            await organizations.add_company(actor, CompanyInput(name=name))
        except Unavailable as refusal:
            await self._note(name, refusal)
            return False
        self.stored.append(name)
        self.served[who] += 1
        return True

    async def _note(self, name: str, refusal: Unavailable) -> None:
        self.refused.append((name, refusal.message))
        await asyncio.sleep(0.05)

    async def all_served_again(self) -> float:
        """Wait until everybody was served once more; returns after how many seconds."""
        begun, before = time.monotonic(), self.served.copy()
        while any(self.served[who] == before[who] for who in before):  # noqa: ASYNC110  all of them do something all the time
            await asyncio.sleep(0.02)
        return time.monotonic() - begun


@pytest.mark.parametrize('end', [MariaDB.kill, MariaDB.stop])
async def test_no_acknowledged_write_is_lost_and_everybody_is_served_again_when_the_server_restarts_under_load(
    house: House, server: MariaDB, end: Callable[[MariaDB], None]
) -> None:
    load, runner = Load(house.chief), Runner()
    async with asyncio.timeout(120), asyncio.TaskGroup() as people:
        for number in range(4):
            for work in (load.write, load.insist, load.read):
                people.create_task(work(f'{work.__name__} {number}'))
        await runner.start()
        while len(load.served) < 12:  # noqa: ASYNC110  as above
            await asyncio.sleep(0.02)
        for _ in range(2):
            await load.all_served_again()
            await asyncio.to_thread(end, server)
            await asyncio.sleep(0.5)
            await asyncio.to_thread(server.start)
            assert await load.all_served_again() <= RECOVERED_SECONDS
        job = await enqueue(None, forget_old_mail)
        while (await row_of(job)).status is not JobStatus.DONE:  # noqa: ASYNC110  the runner tells nobody
            await asyncio.sleep(0.05)
        load.is_over = True
    await runner.stop()
    found = Counter(row.name for row in await organizations.list_companies(house.chief))
    assert set(load.stored) <= found.keys()
    assert set(found.values()) == {1}
    assert {said for _name, said in load.refused} == {IN_DOUBT, NOT_ANSWERING}
    assert not {name for name, said in load.refused if said == NOT_ANSWERING and 'write' in name} & found.keys()
    assert all(verdict.is_intact for verdict in await audit.verify_all())

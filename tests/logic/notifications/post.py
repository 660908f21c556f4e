"""What tests of notices share: a mail server that is set up, telling, and letting time pass."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from data.core import now
from data.database import EVERYWHERE, database
from data.notifications import Mail, NoticeDelivery
from data.work import JobRow, JobStatus
from logic import notifications
from logic.core import config
from logic.core.actor import Actor
from logic.core.config import Settings
from logic.core.jobs import Runner
from logic.mail import smtp
from tests.servers import Mailbox, free_port

TASK = 'test_task'
if TASK not in notifications.kinds:
    notifications.register_kind(TASK, 'A task was given to me', group='Test')


def set_up_mail(port: int) -> None:
    """Let mail go to a server on this port."""
    settings: dict[str, Any] = {'smtp_url': f'smtp://127.0.0.1:{port}', 'mail_from': 'logbook@riverside.example'}
    config.configure(Settings(_env_file=None, **settings))


@pytest.fixture
def post(mailbox: Mailbox) -> Iterator[Mailbox]:
    """A mail server that takes what is sent."""
    set_up_mail(mailbox.port)
    yield mailbox
    config.configure(None)


@pytest.fixture
async def no_server() -> AsyncIterator[int]:
    """Mail is set up, but nobody listens at this port."""
    port = free_port()
    set_up_mail(port)
    yield port
    config.configure(None)


class BlackHole:
    """A server that takes connections and says nothing."""

    def __init__(self) -> None:
        self.port = 0
        self.calls = 0

    async def swallow(self, reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        self.calls += 1
        await reader.read()


@pytest.fixture
async def black_hole(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[BlackHole]:
    monkeypatch.setattr(smtp, 'TIMEOUT_SECONDS', 0.3)
    hole = BlackHole()
    server = await asyncio.start_server(hole.swallow, '127.0.0.1', 0)
    hole.port = server.sockets[0].getsockname()[1]
    set_up_mail(hole.port)
    yield hole
    server.close()
    config.configure(None)


async def tell(who: Actor, title: str, **more: Any) -> None:
    """Tell somebody something in the name of Logbook."""
    assert who.account_id
    more = {'kind': TASK, 'link': '/tasks/1'} | more
    await notifications.tell(Actor.system(who.organization_id), who.account_id, title=title, **more)


async def pass_time() -> None:
    """Let everything that waits for its time be due now, and run the jobs until none is left."""
    for _ in range(4):
        await Runner().run_until_idle()
        async with database().write(EVERYWHERE) as session:
            for delivery in await session.exec(select(NoticeDelivery).where(NoticeDelivery.done_at.is_(None))):  # type: ignore[union-attr]
                delivery.due_at = min(delivery.due_at, now() - timedelta(seconds=1))
                session.add(delivery)
            for row in await session.exec(select(JobRow)):
                if row.status == JobStatus.WAITING:
                    row.run_at = now() - timedelta(seconds=1)
                elif row.name.startswith('notifications.send_'):
                    row.unique_key = None  # its ten seconds are over, which they really are not yet
                session.add(row)
            await session.commit()
    await Runner().run_until_idle()


async def all_mails() -> list[Mail]:
    """Every mail in the outbox."""
    async with database().read(EVERYWHERE) as session:
        return list(await session.exec(select(Mail).order_by(Mail.created_at)))  # type: ignore[arg-type]


async def planned() -> list[NoticeDelivery]:
    """Every delivery that waits."""
    async with database().read(EVERYWHERE) as session:
        return [row for row in await session.exec(select(NoticeDelivery)) if row.done_at is None]

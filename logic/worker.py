"""A process that only runs jobs, beside those that serve; it needs a database server, since SQLite has one writer."""

import asyncio
import signal
from collections.abc import Callable
from typing import Any

import structlog

from logic.core.config import Settings
from logic.core.jobs import Runner
from logic.start import Refused, opened

log = structlog.get_logger(__name__)
LONGEST_STOP_SECONDS = 10.0


async def work(settings: Settings, say: Callable[[str], Any]) -> int:
    """Run jobs until a signal arrives; returns the exit status. Raises Refused on SQLite, and what `opened` raises."""
    if settings.database.startswith('sqlite'):
        raise Refused('On SQLite the jobs run inside Logbook itself; a worker of its own needs LOGBOOK_DATABASE_URL.')
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with opened(settings):
        runner = Runner()
        await runner.start()
        say('The worker is running.')
        await stop.wait()
        await runner.stop(LONGEST_STOP_SECONDS)
    log.info('worker.ended')
    return 0

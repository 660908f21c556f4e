"""Serving: opens the installation, runs server, jobs and audit checkpoints together, and ends politely on a signal."""

import asyncio
import contextlib
import gc
import os
import signal
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import structlog
import uvicorn

from logic import presence, search, setup, status
from logic.audit.keeping import keep_checkpoints
from logic.core.actor import Actor
from logic.core.config import Settings
from logic.core.jobs import Runner
from logic.identity import positions
from logic.start import Refused, notice_restored_database, opened
from ui import server
from ui.application import build

log = structlog.get_logger(__name__)
JOBS_SECONDS = 8.0
LONGEST_STOP_SECONDS = 14.0
"""A container is killed after 15 seconds at the earliest; what hangs then is left, and the status says so."""


class Server(uvicorn.Server):
    """uvicorn's server, told of signals by us: it would hand each one on after its end and exit with its number."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to `serve`."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            self._announce()


def listen(settings: Settings) -> socket.socket:
    """Take the port. Raises Refused when somebody else has it."""
    family = socket.AF_INET6 if ':' in settings.host else socket.AF_INET
    taken = socket.socket(family)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((settings.host, settings.port))
    except OSError as error:
        taken.close()
        raise Refused(
            f'Port {settings.port} of {settings.host} cannot be used: {error.strerror}. Is Logbook running already? '
            'Another port is chosen with LOGBOOK_PORT.'
        ) from error
    return taken


async def serve(settings: Settings, say: Callable[[str], Any]) -> int:
    """Serve until a signal arrives; returns the exit status. Raises what `opened` raises."""
    taken = listen(settings)
    with Ending() as ending:
        async with opened(settings) as database:
            await notice_restored_database()
            await positions.seed_new_domains(Actor.system())
            await search.rebuild_where_missing(Actor.system())
            link = None if await setup.is_set_up(Actor.public()) else await setup.new_setup_link(Actor.system())

            def announce() -> None:
                gc.enable()
                say(f'Logbook is at {settings.address}')
                if link is not None:
                    say(f'Set it up within 30 minutes: {settings.address}/setup/{link}')

            built = build(settings)
            ending.server = Server(server.config(built, settings), announce)
            async with working(Runner(alone=database.is_sqlite), ending.asked):
                await ending.server.serve(sockets=[taken])
        log.info('serving.ended')
        return 0 if ending.server.started else 1


@contextlib.asynccontextmanager
async def working(runner: Runner, asked: asyncio.Event) -> AsyncIterator[None]:
    """Run jobs, audit checkpoints and vital signs for the time of a block.

    Jobs end beside the requests as soon as the end is `asked` for; the last checkpoint comes after all else.
    """

    async def end_jobs() -> None:
        await asked.wait()
        await runner.stop(JOBS_SECONDS)

    stop = asyncio.Event()
    await runner.start()
    keeping, watching = asyncio.create_task(keep_checkpoints(stop)), asyncio.create_task(status.watch())
    sitting = asyncio.create_task(presence.keep())
    ending_jobs = asyncio.create_task(end_jobs())
    try:
        yield
    finally:
        asked.set()
        await ending_jobs
        stop.set()
        watching.cancel()
        sitting.cancel()
        await asyncio.gather(keeping, watching, sitting, return_exceptions=True)


class Ending:
    """On the first signal stop politely, on the second at once; in any case be gone before a container is killed."""

    def __init__(self) -> None:
        self.server: uvicorn.Server | None = None
        self.asked = asyncio.Event()
        self._watchdog = threading.Timer(LONGEST_STOP_SECONDS, _give_up)
        self._watchdog.daemon = True

    def __enter__(self) -> 'Ending':
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._signalled)
        return self

    def __exit__(self, *_: object) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().remove_signal_handler(number)
        self._watchdog.cancel()

    def _signalled(self) -> None:
        if self.server is None:
            raise SystemExit(0)
        if self.server.should_exit:
            self.server.force_exit = True
            return
        log.info('serving.stopping')
        self.asked.set()
        self.server.should_exit = True
        self._watchdog.start()


def _give_up() -> None:
    log.error('serving.stop_took_too_long')
    os._exit(1)

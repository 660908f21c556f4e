"""MariaDB and Redis as throw-away servers, each in a folder of its own on a free loopback port."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from tests.servers import watcher
from tests.servers.programs import LABELS, find, program, quiet
from tests.servers.run import RUN_FOLDER, locked, run_folder

START_SECONDS = 60
PORTS = range(12_000, 32_000)
"""Below those that a system gives to connections, and above those that a browser refuses to call."""


async def ask(url: str, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    """Have a database do something beside Logbook; return what it answers."""
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            found = await connection.execute(sa.text(statement), values)
            return [tuple(row) for row in found] if found.returns_rows else []
    finally:
        await engine.dispose()


def free_port() -> int:
    """A port of the loopback address that nobody listens on, and that no connection and no other test of a run gets."""
    if RUN_FOLDER not in os.environ:  # a benchmark, which runs alone
        return _free_after(random.choice(PORTS))  # noqa: S311  a place to begin at
    with locked('port'):
        last = run_folder() / 'port'
        port = _free_after(int(last.read_text()) if last.exists() else random.choice(PORTS))  # noqa: S311
        last.write_text(str(port))
    return port


def _free_after(port: int) -> int:
    while True:
        port = PORTS[(port + 1 - PORTS.start) % len(PORTS)]
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(('127.0.0.1', port))
            return port


class Server:
    """A throw-away server in a folder of its own on a free loopback port; ends with the process that owns it."""

    need = ''

    def __init__(self, folder: Path, owner: int | None = None) -> None:
        self.folder, self.owner, self.port, self.pid = folder, owner or os.getpid(), 0, 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Start it, again on the same port when it was stopped or killed; returns when it answers."""
        self.port = self.port or free_port()
        self.prepare()
        log = self.folder / 'log.txt'
        with log.open('ab') as output:
            # Its own session: no signal meant for the tests reaches it; the watcher sees to its end.
            process = subprocess.Popen(
                [sys.executable, watcher.__file__, str(self.owner), *self.command()],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.pid = process.pid
        end = time.monotonic() + START_SECONDS
        while not self.answers():
            if process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise RuntimeError(f'{LABELS[self.need]} did not start:\n{log.read_text(errors="replace")[-2000:]}')
            time.sleep(0.05)

    def stop(self) -> None:
        """End it politely and wait for it."""
        if self.pid:
            watcher.stop(self.pid)
        self.pid = 0

    def kill(self) -> None:
        """End it as a power cut would; `start` brings it back with the data it had."""
        if self.pid:
            os.kill(self.pid, signal.SIGUSR1)
            watcher.wait(self.pid, watcher.STOP_SECONDS)
        self.pid = 0

    def answers(self) -> bool:
        try:
            with socket.create_connection(('127.0.0.1', self.port), timeout=1) as connection:
                return self.greets(connection)
        except OSError:
            return False

    def prepare(self) -> None: ...

    def command(self) -> list[str]:
        raise NotImplementedError

    def greets(self, connection: socket.socket) -> bool:
        raise NotImplementedError


class MariaDB(Server):
    """MariaDB with the durability that Logbook asks of it; one account that may do all."""

    need = 'mariadb'

    def prepare(self) -> None:
        if (self.folder / 'data').exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / 'init.sql').write_text(
            "CREATE USER IF NOT EXISTS 'logbook'@'127.0.0.1' IDENTIFIED BY 'logbook';\n"
            "GRANT ALL PRIVILEGES ON *.* TO 'logbook'@'127.0.0.1' WITH GRANT OPTION;\n"
        )
        # It has its name when it is whole: of an installation that was cut off, the next start makes use of nothing.
        begun = tempfile.mkdtemp(prefix='begun-', dir=self.folder)
        install = find('mariadb-install-db')
        options = ['--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve']
        fault = quiet([install, '--no-defaults', f'--datadir={begun}', *self._user(), *options], seconds=60)
        if fault:
            raise RuntimeError(f'MariaDB could not make its folder: {fault}')
        Path(begun).rename(self.folder / 'data')

    def command(self) -> list[str]:
        return [
            program('mariadb'),
            '--no-defaults',
            *self._user(),
            f'--datadir={self.folder}/data',
            f'--socket={self.folder}/s',
            f'--pid-file={self.folder}/pid',
            f'--port={self.port}',
            '--bind-address=127.0.0.1',
            f'--init-file={self.folder}/init.sql',
            '--character-set-server=utf8mb4',
            '--skip-name-resolve',
            '--skip-log-bin',
            '--innodb-flush-log-at-trx-commit=1',
            '--innodb-buffer-pool-size=128M',
            '--innodb-log-file-size=48M',
            '--max-connections=400',
        ]

    def greets(self, connection: socket.socket) -> bool:
        greeting = connection.recv(5)
        return len(greeting) == 5 and greeting[4] == 10

    def url(self, database: str = '') -> str:
        return f'mysql+asyncmy://logbook:logbook@127.0.0.1:{self.port}/{database}?charset=utf8mb4'

    @staticmethod
    def _user() -> list[str]:
        return ['--user=root'] if os.geteuid() == 0 else []


class Redis(Server):
    """Redis that keeps nothing on disk."""

    need = 'redis'

    def prepare(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    def command(self) -> list[str]:
        options = ['--bind', '127.0.0.1', '--port', str(self.port), '--dir', str(self.folder)]
        return [program('redis'), *options, '--save', '', '--appendonly', 'no', '--databases', '64']

    def greets(self, connection: socket.socket) -> bool:
        connection.sendall(b'PING\r\n')
        return connection.recv(5) == b'+PONG'

    def url(self, number: int = 0) -> str:
        return f'redis://127.0.0.1:{self.port}/{number}'

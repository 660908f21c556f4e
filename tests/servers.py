"""Finds, installs and starts what tests need besides Python: MariaDB, Redis, an SMTP server and Chromium.

Nothing is started before a test asks. One server a run is shared by all workers, each of which takes a database of
its own; a test that must stop or kill a server starts one for itself (`with MariaDB(folder) as server`).
"""

import contextlib
import email
import fcntl
import functools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default as email_policy
from pathlib import Path
from types import TracebackType
from typing import Any, Self

RUN_FOLDER = 'LOGBOOK_TESTS_RUN_FOLDER'
OWNER = 'LOGBOOK_TESTS_OWNER'
START_SECONDS = 60
STOP_SECONDS = 20


class Missing(Exception):
    """Something the machine does not have and this run may not install."""


# --- programs -------------------------------------------------------------------------------------------------------

LABELS = {'mariadb': 'MariaDB', 'redis': 'Redis', 'browser': 'Chromium'}
PROGRAMS = {
    'mariadb': ('mariadbd', 'mysqld'),
    'redis': ('redis-server',),
    'browser': ('chromium', 'chromium-browser', 'google-chrome'),
}
# What the program calls or is set up with; of no use without.
HELPERS = {'mariadb': ('mariadb-install-db', 'my_print_defaults')}
# MariaDB's core packages have the server without the service that Debian would start at every boot.
PACKAGES = {
    'mariadb': ('mariadb-server-core', 'mariadb-client-core'),
    'redis': ('redis-server',),
    'browser': ('chromium',),
}


@functools.cache
def program(need: str) -> str:
    """The path of the program behind a need, installed first where that is allowed; raises Missing."""
    found = _complete(need)
    if not found:
        with _locked('apt'):
            found = _complete(need) or _install(need)
    return found


def _complete(need: str) -> str:
    found = _find(*PROGRAMS[need])
    return found if all(_find(helper) for helper in HELPERS.get(need, ())) else ''


def _find(*names: str) -> str:
    path = os.pathsep.join([os.environ.get('PATH', ''), '/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin'])
    return next((found for name in names if (found := shutil.which(name, path=path))), '')


def _install(need: str) -> str:
    packages, refused = PACKAGES[need], _run_folder() / f'{need}.missing'
    if refused.exists():
        raise Missing(refused.read_text())
    reason = _why_not_installable() or _apt_install(*packages)
    found = _complete(need)
    if not found:
        sentence = f'{LABELS[need]} is missing ({reason or f"{packages[0]} brought no {PROGRAMS[need][0]}"})'
        refused.write_text(sentence)
        raise Missing(sentence)
    return found


def _why_not_installable() -> str:
    if not _find('apt-get'):
        return 'this machine has no apt-get to install it with'
    if os.geteuid() != 0:
        return 'installing it with apt-get needs root'
    return ''


def _apt_install(*packages: str) -> str:
    """Install packages quietly and within bounds; answers why it failed, or nothing."""
    apt = ['apt-get', '-qq', '-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::http::Timeout=20']
    updated = _run_folder() / 'apt.updated'
    if not updated.exists():
        _quiet([*apt, 'update'], seconds=120)
        updated.touch()
    with _no_services():
        return _quiet([*apt, 'install', '-y', '--no-install-recommends', *packages], seconds=280)


@contextlib.contextmanager
def _no_services() -> Iterator[None]:
    """Keep Debian from starting the service it installs: the tests start their own, on their own port."""
    policy = Path('/usr/sbin/policy-rc.d')
    if policy.exists():
        yield
        return
    policy.write_text('#!/bin/sh\nexit 101\n')
    policy.chmod(0o755)
    try:
        yield
    finally:
        policy.unlink()


def _quiet(command: list[str], *, seconds: float) -> str:
    """Run a command without a word; answers one line of its complaint when it fails."""
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=seconds,
            stdin=subprocess.DEVNULL,
            check=False,
            env=os.environ | {'DEBIAN_FRONTEND': 'noninteractive', 'LC_ALL': 'C.UTF-8'},
        )
    except subprocess.TimeoutExpired:
        return f'{command[0]} took more than {seconds:.0f} s'
    if done.returncode == 0:
        return ''
    lines = (done.stdout + done.stderr).strip().splitlines()
    faults = [line for line in lines if line.startswith(('E:', 'ERROR', 'FATAL'))] or lines[-1:]
    return faults[0] if faults else f'{command[0]} ended with {done.returncode}'


# --- the run --------------------------------------------------------------------------------------------------------


def begin_run() -> Path | None:
    """Open the folder that all workers of this run share; None when a run around this one has done so."""
    if RUN_FOLDER in os.environ:
        return None
    folder = Path(tempfile.mkdtemp(prefix='logbook-tests-'))
    os.environ[RUN_FOLDER], os.environ[OWNER] = str(folder), str(os.getpid())
    return folder


def end_run(folder: Path) -> None:
    """Stop what the run has started, by its process id, and remove the folder."""
    for state in folder.glob('*.json'):
        _stop(json.loads(state.read_text())['pid'])
    shutil.rmtree(folder, ignore_errors=True)
    del os.environ[RUN_FOLDER], os.environ[OWNER]


def _run_folder() -> Path:
    if RUN_FOLDER not in os.environ:
        raise RuntimeError('No test run is open: tests/plugin.py opens one, begin_run() opens one by hand.')
    return Path(os.environ[RUN_FOLDER])


@contextlib.contextmanager
def _locked(name: str) -> Iterator[None]:
    with (_run_folder() / f'{name}.lock').open('w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def free_port() -> int:
    """A port of the loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        port: int = probe.getsockname()[1]
        return port


# --- servers --------------------------------------------------------------------------------------------------------


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
            watcher = subprocess.Popen(
                [sys.executable, __file__, str(self.owner), *self.command()],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.pid = watcher.pid
        end = time.monotonic() + START_SECONDS
        while not self.answers():
            if watcher.poll() is not None or time.monotonic() > end:
                self.stop()
                raise RuntimeError(f'{LABELS[self.need]} did not start:\n{log.read_text(errors="replace")[-2000:]}')
            time.sleep(0.05)

    def stop(self) -> None:
        """End it politely and wait for it."""
        if self.pid:
            _stop(self.pid)
        self.pid = 0

    def kill(self) -> None:
        """End it as a power cut would; `start` brings it back with the data it had."""
        if self.pid:
            os.kill(self.pid, signal.SIGUSR1)
            _wait(self.pid, STOP_SECONDS)
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
        install = _find('mariadb-install-db')
        options = ['--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve']
        fault = _quiet([install, '--no-defaults', f'--datadir={self.folder}/data', *self._user(), *options], seconds=60)
        if fault:
            raise RuntimeError(f'MariaDB could not make its folder: {fault}')
        (self.folder / 'init.sql').write_text(
            "CREATE USER IF NOT EXISTS 'logbook'@'127.0.0.1' IDENTIFIED BY 'logbook';\n"
            "GRANT ALL PRIVILEGES ON *.* TO 'logbook'@'127.0.0.1';\n"
        )

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


@functools.cache
def _shared(need: str) -> Any:
    """The server of this run, started by whichever worker asks first."""
    folder = _run_folder()
    state = folder / f'{need}.json'
    with _locked(need):
        server: Server = {'mariadb': MariaDB, 'redis': Redis}[need](folder / need, int(os.environ[OWNER]))
        program(need)
        if state.exists():
            server.port = json.loads(state.read_text())['port']
        else:
            server.start()
            state.write_text(json.dumps({'port': server.port, 'pid': server.pid}))
    return server


def worker_number() -> int:
    """0 for the first worker or a run without workers, then 1, 2 and so on."""
    return int(os.environ.get('PYTEST_XDIST_WORKER', 'gw0').removeprefix('gw'))


def mariadb_url(database: str = '') -> str:
    """The address of this run's MariaDB, with a database's name that the caller makes; raises Missing."""
    url: str = _shared('mariadb').url(database)
    return url


async def empty_mariadb(name: str = 'logbook') -> str:
    """Make a database anew, empty and this worker's own, and answer its address; raises Missing."""
    import asyncmy  # the driver of the shipped program; needed only where MariaDB is

    database = f'{name}_{worker_number()}'
    server = _shared('mariadb')
    login = {'user': 'logbook', 'password': 'logbook'}
    async with (
        asyncmy.connect(host='127.0.0.1', port=server.port, **login) as connection,
        connection.cursor() as cursor,
    ):
        await cursor.execute(f'DROP DATABASE IF EXISTS {database}')
        await cursor.execute(f'CREATE DATABASE {database} CHARACTER SET utf8mb4')
    return mariadb_url(database)


def redis_url() -> str:
    """The address of this worker's own numbered database in this run's Redis; raises Missing."""
    url: str = _shared('redis').url(worker_number() % 64)
    return url


def chromium_path() -> str:
    """The path of a Chromium that can be driven; raises Missing."""
    return program('browser')


CHROMIUM_ARGUMENTS = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
]

READY = {'mariadb': mariadb_url, 'redis': redis_url, 'browser': chromium_path}


# --- mail -----------------------------------------------------------------------------------------------------------


class Mailbox:
    """A real SMTP server on a free port that keeps what it takes; `refuse` holds an answer to give instead."""

    def __init__(self) -> None:
        self.port, self.refuse = 0, ''
        self.messages: list[EmailMessage] = []
        self.recipients: list[list[str]] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.refuse:
            return self.refuse
        self.messages.append(email.message_from_bytes(envelope.content, policy=email_policy))  # type: ignore[arg-type]
        self.recipients.append(list(envelope.rcpt_tos))
        return '250 OK'

    def to(self, address: str) -> list[EmailMessage]:
        """What was sent to one address, oldest first."""
        return [m for m, addresses in zip(self.messages, self.recipients, strict=True) if address in addresses]


@contextlib.contextmanager
def smtp_server() -> Iterator[Mailbox]:
    """An SMTP server for the time of a `with`."""
    from aiosmtpd.controller import Controller

    mailbox = Mailbox()
    mailbox.port = free_port()
    controller = Controller(mailbox, hostname='127.0.0.1', port=mailbox.port, ready_timeout=10)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


# --- the watcher ----------------------------------------------------------------------------------------------------


def _stop(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    _wait(pid, STOP_SECONDS)


def _wait(pid: int, seconds: float) -> None:
    """Wait until a process is gone, whether or not it is a child of ours."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(ChildProcessError):
            if os.waitpid(pid, os.WNOHANG)[0] == pid:
                return
        if not _lives(pid):
            return
        time.sleep(0.02)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def watch(owner: int, command: list[str]) -> int:
    """Run a server until its owner ends, however it ends: also a killed test run leaves no server behind."""
    server = subprocess.Popen(command)

    def end(number: int, _frame: object) -> None:
        server.kill() if number == signal.SIGUSR1 else server.terminate()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGUSR1, end)
    while _lives(owner):
        with contextlib.suppress(subprocess.TimeoutExpired):
            return server.wait(timeout=0.5)
    server.terminate()
    try:
        return server.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        return server.wait()


if __name__ == '__main__':
    sys.exit(watch(int(sys.argv[1]), sys.argv[2:]))

"""The real program, started as a person starts it: what it prints, that it answers, and how it ends."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from tests.servers import free_port

HOME = Path(__file__).resolve().parents[2]
START_SECONDS, STOP_SECONDS = 180, 15


class Program:
    """One run of `main.py`."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.port = int(settings.pop('LOGBOOK_PORT', '') or free_port())
        environment = {name: value for name, value in os.environ.items() if not name.startswith('LOGBOOK_')}
        environment |= {'LOGBOOK_DATA_DIR': str(folder), 'LOGBOOK_PORT': str(self.port), **settings}
        self.log = folder.with_name(f'{folder.name}-{self.port}.log')
        self.output = self.log.open('wb')
        self.process = subprocess.Popen(
            [sys.executable, str(HOME / 'main.py')], cwd=folder.parent, env=environment,
            stdin=subprocess.DEVNULL, stdout=self.output, stderr=subprocess.STDOUT,
        )  # fmt: skip

    @property
    def origin(self) -> str:
        return f'http://localhost:{self.port}'

    def said(self) -> str:
        return self.log.read_text(errors='replace')

    def get(self, path: str) -> int:
        try:
            with closing(urlopen(f'http://localhost:{self.port}{path}', timeout=10)) as answer:
                return int(answer.status)
        except HTTPError as error:
            return error.code

    def first_answer(self, path: str) -> int:
        """Ask until somebody listens: whoever listens is ready."""
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                return self.get(path)
            except (URLError, ConnectionError):
                assert self.process.poll() is None, self.said()
                assert time.monotonic() < end, self.said()
                time.sleep(0.02)

    def wait_until_it_serves(self) -> None:
        end = time.monotonic() + START_SECONDS
        while 'Logbook is at' not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < end, self.said()
            time.sleep(0.05)

    def stop(self) -> float:
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(STOP_SECONDS)
        return time.monotonic() - begun


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[Program]:
    program = Program(folder, **settings)
    try:
        yield program
    finally:
        if program.process.poll() is None:
            program.process.kill()
            program.process.wait()
        program.output.close()


def setup_path(said: str) -> str:
    return urlsplit(next(line.split()[-1] for line in said.splitlines() if '/setup/' in line)).path


def test_it_starts_from_nothing_answers_and_ends_politely_on_sigterm(tmp_path: Path) -> None:
    folder = tmp_path / 'data'
    with running(folder) as program:
        assert program.first_answer('/health/db') == 200
        program.wait_until_it_serves()
        assert program.get('/health') == 200
        assert program.get('/health/redis') == 200
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        first = setup_path(program.said())
        assert program.get(first) == 200
        with running(tmp_path / 'data') as second:
            assert second.process.wait(START_SECONDS) == 1
            assert 'already running' in second.said()
            assert 'Traceback' not in second.said()
        assert program.stop() < STOP_SECONDS
        assert program.process.returncode == 0
    assert not (folder / 'logbook.db-wal').exists() or (folder / 'logbook.db-wal').stat().st_size == 0
    with running(folder) as program:
        program.wait_until_it_serves()
        assert setup_path(program.said()) != first
        assert program.get(first) == 403
        program.process.kill()


def test_a_port_that_is_taken_is_one_sentence(tmp_path: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(('127.0.0.1', 0))
        taken.listen()
        with running(tmp_path / 'data', LOGBOOK_PORT=str(taken.getsockname()[1])) as program:
            assert program.process.wait(START_SECONDS) == 1
            assert 'LOGBOOK_PORT' in program.said()
            assert len(program.said().splitlines()) == 1


@pytest.mark.parametrize('fault', [{'LOGBOOK_PORT': '99999999'}, {'LOGBOOK_DATABASE_URL': 'postgres://x/y'}])
def test_a_wrong_setting_stops_the_start_in_one_line(tmp_path: Path, fault: dict[str, str]) -> None:
    with running(tmp_path / 'data', **fault) as program:
        assert program.process.wait(START_SECONDS) == 2
        assert len(program.said().splitlines()) == 1
        assert next(iter(fault)) in program.said()

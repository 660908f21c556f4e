"""A running server to measure: started on a data folder, asked over loopback, ended by its number."""

import html
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from tests.benchmarks.installation import Made
from tests.servers import free_port

HOME = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0


def environment(folder: Path, port: int) -> dict[str, str]:
    """Return the environment of a server or program that works on a folder, and on nothing else of ours."""
    foreign = ('LOGBOOK_', 'NICEGUI_', 'PYTEST_', 'PYTHONDONTWRITEBYTECODE')  # compiling each time is no start
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return kept | {'LOGBOOK_DATA_DIR': str(folder), 'LOGBOOK_PORT': str(port), 'LOGBOOK_LOG_LEVEL': 'warning'}


def install(folder: Path, *, members: int = 0, sessions: int = 0, activity: int = 0, cast: bool = False) -> Made:
    """Make an installation in a process of its own, so that nothing of it stays in ours."""
    program = 'from tests.benchmarks.installation import main; main()'
    options = ['--members', members, '--sessions', sessions, '--activity', activity, *(['--cast'] if cast else [])]
    own = environment(folder, 8080) | {'PYTHONPATH': str(HOME)}
    made = subprocess.run(
        [sys.executable, '-c', program, str(folder), *map(str, options)],
        cwd=HOME, env=own, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    if made.returncode:
        raise RuntimeError(made.stderr[-3000:])
    return Made(**json.loads(made.stdout.splitlines()[-1]))


@dataclass
class Served:
    """A running server."""

    port: int
    pid: int
    started_cpu: float
    """Processor seconds up to the first healthy answer."""
    started_wall: float
    output: Path
    folder: Path
    """Its data."""

    @property
    def origin(self) -> str:
        """Its address as its own pages have it."""
        return f'http://localhost:{self.port}'

    def browser(self, token: str | None = None) -> httpx2.Client:
        """Return a browser, signed in under a session token."""
        return httpx2.Client(
            base_url=self.origin, cookies={'logbook': token} if token else None, timeout=30, trust_env=False,
            headers={'accept': 'text/html,*/*', 'user-agent': 'Mozilla/5.0 (benchmark)'},
        )  # fmt: skip

    def ask(self, what: str, timeout: float = 120) -> Any:
        """Ask the meter."""
        with httpx2.Client(trust_env=False, timeout=timeout) as client:
            return client.get(f'http://127.0.0.1:{self.port}/-/{what}').json()

    def log(self) -> str:
        """What the server said."""
        return self.output.read_text(errors='replace')


def cpu_seconds(pid: int) -> float:
    """Return the processor seconds of a process and its ended children."""
    parts = Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()
    return sum(map(int, parts[11:15])) / os.sysconf('SC_CLK_TCK')


@contextmanager
def serve(folder: Path, *, metered: bool = True, port: int = 0) -> Iterator[Served]:
    """Run a server on a data folder; with `port`, where another one ran before."""
    port = port or free_port()
    program = ['-m', 'tests.benchmarks.meter'] if metered else ['main.py', 'serve']
    output = Path(tempfile.mkstemp(prefix='measured-server-')[1])
    begun = time.monotonic()
    with output.open('wb') as told:
        process = subprocess.Popen(
            [sys.executable, *program], cwd=HOME, env=environment(folder, port), stdout=told, stderr=told,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    try:
        _wait(process, port, output)
        yield Served(port, process.pid, cpu_seconds(process.pid), time.monotonic() - begun, output, folder)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        output.unlink()


def _wait(process: 'subprocess.Popen[bytes]', port: int, output: Path) -> None:
    end = time.monotonic() + START_SECONDS
    with httpx2.Client(trust_env=False, timeout=5) as client:
        while time.monotonic() < end and process.poll() is None:
            try:
                if client.get(f'http://127.0.0.1:{port}/health').status_code == 200:
                    return
            except httpx2.HTTPError:
                time.sleep(0.05)
    raise RuntimeError(f'The server did not start:\n{output.read_text(errors="replace")[-3000:]}')


def elements(document: str) -> dict[str, Any]:
    """Return the elements of the page that a document holds, by number."""
    raw = re.search(r'parseElements\(String\.raw`(.*?)`\)', document, re.DOTALL)
    assert raw is not None, document[:500]
    found: dict[str, Any] = json.loads(html.unescape(raw[1]))
    return found


def client_id(document: str) -> str:
    """Return the id of the page that a document holds."""
    found = re.search(r"'client_id': '([0-9a-f-]+)'", document)
    assert found is not None, document[:500]
    return found[1]

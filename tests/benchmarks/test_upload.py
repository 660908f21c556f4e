"""A file of 100 MB on its way in and out: how much memory the server takes for it, on disk and over S3.

Run it with `-m benchmark`; the figure is what the peak of the resident memory grows by, as the kernel counts it.
"""

import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.benchmarks.served import HOME, environment
from tests.servers import free_port
from tests.servers.stores import BUCKET, call, wait_for
from tests.ui.pages.cast import Cast, cast

pytestmark = pytest.mark.benchmark
BYTES, MOST_EXTRA = 100_000_000, 32_000_000
PIECE = b'0123456789abcdef minutes of the meeting\n' * 25_000


@pytest.fixture(scope='module')
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Cast]:
    folder = tmp_path_factory.mktemp('upload') / 'data'
    return folder, cast(folder)


@pytest.fixture(params=['folder', 's3'])
def store(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """The settings of each store; S3 in a process of its own, whose memory is not counted."""
    if request.param == 'folder':
        yield {}
        return
    port = free_port()
    command = [sys.executable, '-m', 'moto.server', '-H', '127.0.0.1', '-p', str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(f'http://127.0.0.1:{port}/')
        call(f'http://127.0.0.1:{port}/{BUCKET}', 'PUT')
        yield {
            'LOGBOOK_STORAGE_URL': f's3://key:verysecret@{BUCKET}/f?region=us-east-1&endpoint=http://127.0.0.1:{port}'
        }
    finally:
        process.terminate()
        process.wait(10)


def peak(pid: int) -> int:
    """Return the highest resident memory of a process since it was last told to forget it, in bytes."""
    found = re.search(r'VmHWM:\s+(\d+)', Path(f'/proc/{pid}/status').read_text())
    assert found is not None
    return int(found[1]) * 1024


def forget_peak(pid: int) -> int:
    Path(f'/proc/{pid}/clear_refs').write_text('5')
    return peak(pid)


def test_100_mb_pass_within_32_mb_of_memory(made: tuple[Path, Cast], store: dict[str, str]) -> None:
    folder, people = made
    port = free_port()
    command = [sys.executable, '-m', 'tests.browser.attachments_server']
    process = subprocess.Popen(command, cwd=HOME, env=environment(folder, port) | store, stdout=subprocess.DEVNULL)
    try:
        wait_for(f'http://127.0.0.1:{port}/health', 60)
        origin = f'http://localhost:{port}'
        with httpx2.Client(base_url=origin, cookies={'logbook': people.owner}, timeout=120, trust_env=False) as browser:
            page = browser.get(f'/trial/files/{people.owner_id}', headers={'accept': 'text/html'}).text
            address = re.search(r'/uploads/[\w-]+', page)
            assert address is not None
            headers = {'Origin': origin, 'Cookie': f'logbook={people.owner}', 'X-File-Name': 'large.txt'}
            _send(port, address[0], headers, 2_000_000)  # what the first one loads is there now
            before = forget_peak(process.pid)
            begun = time.monotonic()
            status = _send(port, address[0], headers, BYTES)
            taken, seconds = peak(process.pid) - before, time.monotonic() - begun
            assert status == 200
            listed = browser.get(f'/trial/files/{people.owner_id}', headers={'accept': 'text/html'}).text
            links = re.findall(r'/attached/[0-9a-f-]{36}/1', listed)
            before, size = forget_peak(process.pid), 0
            for link in dict.fromkeys(links):
                with browser.stream('GET', link) as answer:
                    size = max(size, sum(len(piece) for piece in answer.iter_bytes()))
            given = peak(process.pid) - before
    finally:
        process.terminate()
        process.wait(20)
    sys.stdout.write(
        f'\n{"S3" if store else "folder"}: upload of 100 MB takes {taken / 1e6:.1f} MB more in {seconds:.1f} s, '
        f'download {given / 1e6:.1f} MB\n'
    )
    assert size == BYTES
    assert max(taken, given) <= MOST_EXTRA


def _send(port: int, address: str, headers: dict[str, str], size: int) -> int:
    """Send so many bytes as a browser does, from a client that holds only a piece of them."""
    connection = http.client.HTTPConnection('localhost', port, timeout=120)
    connection.putrequest('POST', address)
    for name, value in (headers | {'Content-Length': str(size)}).items():
        connection.putheader(name, value)
    connection.endheaders()
    mark = os.urandom(8).hex().encode()
    connection.send(mark)
    left = size - len(mark)
    while left:
        piece = PIECE[:left]
        connection.send(piece)
        left -= len(piece)
    answer = connection.getresponse()
    answer.read()
    return answer.status

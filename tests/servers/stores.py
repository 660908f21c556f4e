"""Object stores that really answer: S3 by moto, Azure by Azurite where npm has installed it."""

import base64
import contextlib
import logging
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests.servers.databases import free_port
from tests.servers.programs import Missing

BUCKET = 'logbook'
# What Azurite ships as its only account; every manual prints it.
AZURE_ACCOUNT = 'devstoreaccount1'
AZURE_KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='


class S3Server:
    """An S3 server on a port of its own, whose objects outlive `stop`: a store that cannot be reached for a while."""

    def __init__(self) -> None:
        from moto.moto_server.threaded_moto_server import ThreadedMotoServer

        logging.getLogger('werkzeug').setLevel(logging.ERROR)
        self._make, self.port = ThreadedMotoServer, free_port()
        self._running: ThreadedMotoServer | None = None

    @property
    def url(self) -> str:
        """The address of the bucket as Logbook is given it."""
        return f's3://AKIDLOGBOOK:S3cretOfLogbook@{BUCKET}/files?region=us-east-1&endpoint=http://127.0.0.1:{self.port}'

    def start(self) -> None:
        self._running = self._make(ip_address='127.0.0.1', port=self.port, verbose=False)
        self._running.start()
        wait_for(f'http://127.0.0.1:{self.port}/')
        call(f'http://127.0.0.1:{self.port}/{BUCKET}', 'PUT')

    def stop(self) -> None:
        if self._running is not None:
            self._running.stop()
            self._running = None

    def empty(self) -> None:
        """Forget all objects."""
        call(f'http://127.0.0.1:{self.port}/moto-api/reset', 'POST')
        call(f'http://127.0.0.1:{self.port}/{BUCKET}', 'PUT')


@contextlib.contextmanager
def s3_server() -> Iterator[S3Server]:
    """An S3 server for the time of a `with`."""
    server = S3Server()
    server.start()
    try:
        server.empty()
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def azure_server(folder: Path) -> Iterator[str]:
    """Azurite for the time of a `with`; yields the address of its container as Logbook is given it. Raises Missing."""
    program = os.environ.get('LOGBOOK_TEST_AZURITE') or shutil.which('azurite-blob')
    if not program:
        raise Missing('Azurite is missing (npm install -g azurite, or name its azurite-blob in LOGBOOK_TEST_AZURITE)')
    port = free_port()
    arguments = ['--silent', '--skipApiVersionCheck', '--disableTelemetry', '--location', str(folder)]
    arguments += ['--blobHost', '127.0.0.1', '--blobPort', str(port)]
    process = subprocess.Popen([program, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        base = f'http://127.0.0.1:{port}/{AZURE_ACCOUNT}'
        wait_for(base)
        _make_container(port)
        key = AZURE_KEY.replace('/', '%2F').replace('+', '%2B').replace('=', '%3D')
        yield f'az://{AZURE_ACCOUNT}:{key}@{BUCKET}/files?endpoint={base}'
    finally:
        process.terminate()
        process.wait(10)


def _make_container(port: int) -> None:
    """Make the container by a request signed as Azure asks for it (Shared Key)."""
    import hashlib
    import hmac
    from email.utils import formatdate

    date, version = formatdate(usegmt=True), '2021-08-06'
    headers = {'x-ms-date': date, 'x-ms-version': version}
    canonical = '\n'.join(f'{name}:{value}' for name, value in sorted(headers.items()))
    resource = f'/{AZURE_ACCOUNT}/{AZURE_ACCOUNT}/{BUCKET}\nrestype:container'
    content_type = 'application/octet-stream'
    fields = ['PUT', '', '', '', '', content_type, '', '', '', '', '', '', canonical, resource]
    text = '\n'.join(fields)
    signed = base64.b64encode(hmac.new(base64.b64decode(AZURE_KEY), text.encode(), hashlib.sha256).digest()).decode()
    headers['Content-Type'] = content_type
    headers['Authorization'] = f'SharedKey {AZURE_ACCOUNT}:{signed}'
    call(f'http://127.0.0.1:{port}/{AZURE_ACCOUNT}/{BUCKET}?restype=container', 'PUT', headers)


def call(url: str, method: str, headers: dict[str, str] | None = None) -> int:
    """Send a request of no content; the address is always one of ours."""
    body = None if method == 'GET' else b''
    request = urllib.request.Request(url, method=method, headers=headers or {}, data=body)  # noqa: S310
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        return int(answer.status)


def wait_for(url: str, seconds: float = 30) -> None:
    """Wait until something answers there, whatever it says."""
    end = time.monotonic() + seconds
    while True:
        try:
            call(url, 'GET')
        except urllib.error.HTTPError:
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return

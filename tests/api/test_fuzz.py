"""Whatever the description allows, and much that it does not: no answer is a fault of ours, and each has our form."""

import itertools
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, settings

from logic.core.config import Settings
from tests.conftest import PASSWORD
from tests.servers.databases import free_port
from ui import api

HOME = Path(__file__).resolve().parents[2]
# They would end the session that the other calls are made with; they have tests of their own.
LEFT_OUT = ('/auth/logout', '/auth/mfa/disable', '/auth/mfa/confirm', '/auth/password-reset/confirm', '/auth/login')
SESSIONS = 4
"""The limit of requests a minute counts each session alone."""


def description() -> dict[str, Any]:
    application = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    application.state.settings = Settings(_env_file=None)  # type: ignore[call-arg]
    api.install(application)
    described = application.openapi()
    # The test signs in itself; the tool would send tokens of its own making.
    for operation in (one for path in described['paths'].values() for one in path.values()):
        del operation['security']
    return described


def is_left_out(context: Any) -> bool:
    path = context.operation.path
    return '/employees' in path or path.removeprefix('/api/v1') in LEFT_OUT


schemathesis.serializer.alias('message/rfc822', 'application/octet-stream')
schema = schemathesis.openapi.from_dict(description()).exclude(is_left_out)


class Server:
    """A running Logbook, and people signed in to it."""

    def __init__(self, address: str, link: str) -> None:
        import requests

        self.address = address
        owner = {'first_name': 'Elena', 'last_name': 'Rossi', 'email': 'elena@example.org', 'password': PASSWORD}
        body = owner | {'setup_token': link, 'organization': {'name': 'Riverside Fire'}}
        made = requests.post(f'{address}/api/v1/auth/register', json=body, timeout=20)
        assert made.status_code == 201, made.text
        login = {'email': owner['email'], 'password': PASSWORD}
        tokens = [requests.post(f'{address}/api/v1/auth/login', json=login, timeout=20).json() for _ in range(SESSIONS)]
        self.headers = itertools.cycle([{'Authorization': f'Bearer {one["access_token"]}'} for one in tokens])


@pytest.fixture(scope='module')
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    port, folder = free_port(), tmp_path_factory.mktemp('fuzzed')
    command = [sys.executable, '-m', 'tests.ui.front_server', str(port), str(folder / 'data')]
    process = subprocess.Popen(command, cwd=HOME, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    try:
        link = next(line.split()[1] for line in process.stdout if line.startswith('LINK'))
        yield Server(f'http://localhost:{port}', link)
    finally:
        process.terminate()
        process.communicate(timeout=20)


@schema.parametrize()
@settings(
    max_examples=8, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_no_input_makes_a_fault_of_ours(case: Any, server: Server) -> None:
    answer = case.call(base_url=server.address, headers=next(server.headers))
    assert answer.status_code != 429
    assert answer.status_code != 401 or '/auth/' in case.path, answer.text
    assert answer.status_code < 500 or answer.status_code == 503, (case.method, case.path, answer.text)
    assert answer.headers['x-content-type-options'] == ['nosniff']
    if answer.status_code >= 400:
        assert set(answer.json()) == {'detail', 'errors'}

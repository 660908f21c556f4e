"""Figures for Prometheus: for who shows the token, and for nobody else."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from logic.core import config
from logic.core.config import Settings, SettingsError, load_settings
from tests.conftest import House
from ui import application, errors, metrics, middleware

TOKEN = 'f3a91c5b27d84e60a1b2c3d4'


async def asked(secrets: Path, token: str | None) -> AsyncIterator[httpx2.AsyncClient]:
    settings = Settings(_env_file=None, data_dir=secrets, metrics_token=token)  # type: ignore[call-arg]
    config.configure(settings)
    metrics._kept.clear()
    made = application.api(settings)
    errors.install(made)
    transport = httpx2.ASGITransport(middleware.wrap(made, settings))
    async with httpx2.AsyncClient(transport=transport, base_url='http://localhost:8080') as client:
        yield client
    config.configure(None)


@pytest.fixture
async def watched(house: House, secrets: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """A Logbook with a token."""
    async for client in asked(secrets, TOKEN):
        yield client


@pytest.fixture
async def unwatched(house: House, secrets: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """A Logbook without one."""
    async for client in asked(secrets, None):
        yield client


async def test_without_a_token_in_the_settings_there_is_no_such_page(unwatched: httpx2.AsyncClient) -> None:
    for headers in ({}, {'Authorization': f'Bearer {TOKEN}'}, {'Authorization': 'Bearer '}):
        assert (await unwatched.get('/metrics', headers=headers)).status_code == 404
    assert metrics._kept == []  # and nothing is counted


@pytest.mark.parametrize('shown', ['', 'Bearer ', f'Bearer {TOKEN[:-1]}', TOKEN, f'Basic {TOKEN}', 'Bearer \u00e9'])
async def test_another_token_shows_nothing(watched: httpx2.AsyncClient, shown: str) -> None:
    answer = await watched.get('/metrics', headers={'Authorization': shown.encode()} if shown else {})
    assert answer.status_code == 401
    assert 'logbook_' not in answer.text


async def test_the_figures_tell_requests_by_route_and_how_the_process_does(watched: httpx2.AsyncClient) -> None:
    await watched.get('/health')
    await watched.get('/health')
    await watched.get('/nowhere/0193a000')
    answer = await watched.get('/metrics', headers={'Authorization': f'Bearer {TOKEN}'})
    assert answer.headers['content-type'].startswith('text/plain; version=0.0.4')
    found = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert found['logbook_requests_total', '/health', '200', 'GET'] == 2
    assert found['logbook_requests_total', '404', 'GET', 'other'] == 1
    assert found['logbook_request_seconds_count', '/health'] == 2
    assert found['logbook_requests_running',] == 1
    assert found['logbook_jobs', 'failed'] == 0
    assert found['logbook_sessions',] == 0
    assert found['logbook_resident_memory_bytes',] > 10_000_000
    assert found['logbook_last_backup_seconds',] == float('inf')
    assert ('logbook_event_loop_lag_seconds', 'worst') in found
    assert '0193a000' not in answer.text


def test_a_token_that_is_easy_to_guess_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('LOGBOOK_METRICS_TOKEN', 'a' * 30)
    with pytest.raises(SettingsError, match='LOGBOOK_METRICS_TOKEN'):
        load_settings(None, None)

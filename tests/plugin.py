"""Gives tests the servers they ask for, and says at the end which tests could not run here and why."""

import gc
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import servers

# A test that asks for one of these fixtures needs what stands behind it; it need not say so twice.
NEEDED_BY_FIXTURE = {
    'mariadb_url': 'mariadb',
    'redis_url': 'redis',
    'chromium': 'browser',
    'browser': 'browser',
    'context': 'browser',
    'page': 'browser',
}
# Where a test runs once a database; screens are drawn on SQLite.
ON_EVERY_DATABASE = tuple(Path(__file__).parent / floor for floor in ('api', 'benchmarks', 'data', 'logic'))
NOT_HERE = 'Not run here: '
_run = pytest.StashKey[Any]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        '--databases', default='sqlite', help='What rules are tested on: sqlite, mariadb, or both by comma.'
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    names = metafunc.config.getoption('databases').split(',')
    on_every = any(metafunc.definition.path.is_relative_to(floor) for floor in ON_EVERY_DATABASE)
    chosen = metafunc.definition.get_closest_marker('mariadb') is not None  # by a file of rules of that server alone
    if 'backend' in metafunc.fixturenames and on_every and not chosen and names != ['sqlite']:
        marks = {'mariadb': [pytest.mark.mariadb]}
        metafunc.parametrize('backend', [pytest.param(name, marks=marks.get(name, [])) for name in names])


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_run] = servers.begin_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    folder = config.stash.get(_run, None)
    if folder is not None:
        servers.end_run(folder)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for need in {
            NEEDED_BY_FIXTURE[name] for name in getattr(item, 'fixturenames', ()) if name in NEEDED_BY_FIXTURE
        }:
            item.add_marker(need)
    # Playwright keeps a loop of its own running in the thread from its first test on, in which no other can run.
    items.sort(key=lambda item: item.get_closest_marker('browser') is not None)


def pytest_collection_finish() -> None:
    """Take what the imports have made out of the collector's sight, as a served Logbook does: it was a sixth of all."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for need, ready in servers.READY.items():
        if item.get_closest_marker(need):
            try:
                ready()
            except servers.Missing as missing:
                pytest.skip(f'{NOT_HERE}{missing}')


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons: Counter[str] = Counter()
    for report in terminalreporter.stats.get('skipped', []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ''
        if NOT_HERE in reason:
            reasons[reason.partition(NOT_HERE)[2]] += 1
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f'{count} {"test" if count == 1 else "tests"} not run: {reason}.', yellow=True)


@pytest.fixture
async def mariadb_url() -> str:
    """The address of an empty MariaDB database of this worker's own."""
    return await servers.empty_mariadb('empty')


@pytest.fixture
async def redis_url() -> str:
    """The address of an empty Redis database of this worker's own."""
    from redis.asyncio import Redis

    url = servers.redis_url()
    async with Redis.from_url(url) as client:
        await client.flushdb()
    return url


@pytest.fixture
def mailbox() -> Iterator[servers.Mailbox]:
    """A real SMTP server that keeps what it takes."""
    with servers.smtp_server() as mailbox:
        yield mailbox


@pytest.fixture
def tls_mailbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[servers.Mailbox]:
    """An SMTP server that takes mail by TLS only, with a certificate that this test trusts."""
    with servers.smtp_server(tmp_path) as mailbox:
        monkeypatch.setenv('SSL_CERT_FILE', str(tmp_path / 'certificate.pem'))
        yield mailbox


@pytest.fixture(scope='session')
def chromium() -> str:
    """The path of a Chromium that can be driven."""
    return servers.chromium_path()

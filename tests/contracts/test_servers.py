"""Holds the throw-away servers to what the suite leans on: they start, share, come back after a kill, and leave."""

import asyncio
import os
import signal
import smtplib
import subprocess
import sys
import time
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests import servers
from tests.servers import programs

pytest_plugins = ['pytester']


async def ask_mariadb(url: str, statement: str) -> object:
    from sqlalchemy import text
    from sqlalchemy.ext.asyncio import create_async_engine

    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            result = await connection.execute(text(statement))
            return result.scalar() if result.returns_rows else None
    finally:
        await engine.dispose()


async def test_a_worker_has_an_empty_mariadb_database_of_its_own(mariadb_url: str):
    assert await ask_mariadb(mariadb_url, 'SELECT DATABASE()') == f'empty_{servers.worker_number()}'
    assert (
        await ask_mariadb(mariadb_url, 'SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()')
        == 0
    )
    assert await ask_mariadb(mariadb_url, 'SELECT @@innodb_flush_log_at_trx_commit') == 1


@pytest.mark.mariadb
async def test_a_killed_mariadb_comes_back_with_what_it_had_confirmed(tmp_path: Path):
    with servers.MariaDB(tmp_path / 'm') as server:
        await ask_mariadb(server.url(), 'CREATE DATABASE kept')
        await ask_mariadb(server.url('kept'), 'CREATE TABLE item (number INT)')
        await ask_mariadb(server.url('kept'), 'INSERT INTO item VALUES (1042)')
        server.kill()
        assert not server.answers()
        server.start()
        assert await ask_mariadb(server.url('kept'), 'SELECT number FROM item') == 1042


@pytest.mark.mariadb
def test_a_mariadb_whose_installation_was_cut_off_is_installed_anew(tmp_path: Path):
    folder = tmp_path / 'm'
    begin = f'from tests.servers import MariaDB; from pathlib import Path; MariaDB(Path({str(folder)!r})).prepare()'
    installing = subprocess.Popen([sys.executable, '-c', begin], start_new_session=True)
    while not list(folder.glob('*/mysql')):
        assert installing.poll() is None
        time.sleep(0.01)
    os.killpg(installing.pid, signal.SIGKILL)
    installing.wait()
    with servers.MariaDB(folder) as server:
        assert server.answers()


async def test_a_worker_has_an_empty_redis_database_of_its_own(redis_url: str):
    from redis.asyncio import Redis

    async with Redis.from_url(redis_url, decode_responses=True) as client:
        assert await client.dbsize() == 0
        await client.set('seen', 'yes')
        assert await client.get('seen') == 'yes'


@pytest.mark.redis
def test_a_server_ends_with_the_process_that_owns_it(tmp_path: Path):
    owner = subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE)
    server = servers.Redis(tmp_path / 'r', owner.pid)
    server.start()
    owner.kill()
    owner.wait()
    end = time.monotonic() + 10
    while server.answers() and time.monotonic() < end:
        time.sleep(0.1)
    answered = server.answers()
    server.stop()
    assert not answered


async def test_mail_reaches_the_mailbox_and_a_refusal_reaches_the_sender(mailbox: servers.Mailbox):
    def send() -> None:
        message = EmailMessage()
        message['From'], message['To'], message['Subject'] = 'logbook@example.org', 'ada@example.org', 'Größe'
        message.set_content('Your card expires on Friday.')
        with smtplib.SMTP('127.0.0.1', mailbox.port, timeout=5) as connection:
            connection.send_message(message)

    await asyncio.to_thread(send)
    assert [m['Subject'] for m in mailbox.to('ada@example.org')] == ['Größe']
    assert mailbox.to('bob@example.org') == []
    mailbox.refuse = '451 Try again later'
    with pytest.raises(smtplib.SMTPDataError):
        await asyncio.to_thread(send)


@pytest.mark.browser
def test_chromium_draws_a_page(chromium: str, tmp_path: Path):
    page = 'data:text/html,<p id="sum"></p><script>sum.textContent = 20 + 22</script>'
    command = [chromium, *servers.CHROMIUM_ARGUMENTS, '--headless', f'--user-data-dir={tmp_path}', '--dump-dom', page]
    drawn = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    assert '<p id="sum">42</p>' in drawn


def test_what_is_missing_is_named_and_skips_exactly_the_tests_that_need_it(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv(servers.RUN_FOLDER)
    monkeypatch.setenv('PYTHONPATH', str(Path(servers.__file__).parents[2]))
    pytester.makeconftest(
        """
        from tests.servers import programs

        programs.find = lambda *names: ''
        """
    )
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.redis
        def test_needs_redis(): ...

        def test_asks_for_a_fixture(mariadb_url): ...

        def test_needs_nothing(): ...
        """
    )
    result = pytester.runpytest_subprocess('-p', 'tests.plugin')
    result.assert_outcomes(passed=1, skipped=2)
    result.stdout.fnmatch_lines(['1 test not run: MariaDB is missing (*', '1 test not run: Redis is missing (*'])


def test_a_machine_that_may_not_install_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, 'geteuid', lambda: 1000)
    assert 'root' in programs.why_not_installable() or 'apt-get' in programs.why_not_installable()

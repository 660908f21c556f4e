"""Two nodes on one MariaDB and one Redis are one Logbook, also while Redis is away and when one of them is killed."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from uuid import UUID

import httpx2
import pytest
from redis.asyncio import Redis

from tests.contracts.nodes import Nodes, Page, two_nodes, wait_for

pytestmark = [pytest.mark.mariadb, pytest.mark.redis]
FIRST_NAME = {'first_name': 'Zora'}
OWNER, FIRST, SECOND, THIRD, FOURTH = range(5)
"""Whose session tokens there are: the owner's, and those of four administrators."""


@pytest.fixture(scope='module')
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    with two_nodes(tmp_path_factory.mktemp('nodes')) as nodes:
        yield nodes


@pytest.fixture
def nodes(running: Nodes) -> Nodes:
    """Both nodes, also after one was killed."""
    running.start()
    return running


async def test_schedules_that_were_missed_fire_once_on_two_nodes_that_start_at_the_same_moment(nodes: Nodes) -> None:
    await wait_for(lambda: nodes.mailbox.to('elena@example.org'), 'the digest does not come')
    statement = "SELECT COUNT(*) FROM notice WHERE kind = 'task_reminder'"
    await wait_for(lambda: counted(nodes, statement, 1), 'the reminder does not come')
    open_jobs = "SELECT COUNT(*) FROM job WHERE status <> 'done' AND run_at <= UTC_TIMESTAMP(6)"
    await wait_for(lambda: counted(nodes, open_jobs, 0), 'jobs are left')
    digests = [mail['subject'] for mail in nodes.mailbox.to('elena@example.org') if 'your day' in mail['subject']]
    assert digests == ['Riverside Fire: your day']
    assert await nodes.ask(statement) == [(1,)]
    assert await nodes.ask('SELECT MAX(attempts) FROM job') == [(1,)]


async def counted(nodes: Nodes, statement: str, count: int) -> bool:
    return (await nodes.ask(statement))[0][0] == count


async def test_a_change_at_one_node_is_live_on_a_page_at_the_other_within_a_second_of_its_own(nodes: Nodes) -> None:
    here, there = nodes.programs
    token = nodes.made.tokens[FIRST]
    async with (
        nodes.program(here) as owner,
        nodes.page(there, '/members', token) as page,
        nodes.page(here, '/members', token) as own,
    ):
        later = []
        for name in ('Quill', 'Quimby', 'Quince'):  # of a machine that others use, the best of three tells
            begun = time.monotonic()
            made = await owner.post('/api/v1/members', json={'last_name': name} | FIRST_NAME)
            assert made.status_code == 201
            later.append(await page.sees(name, since=begun) - await own.sees(name, since=begun))
        assert min(later) < 1


async def test_what_ends_at_one_node_closes_the_open_pages_of_the_other(nodes: Nodes) -> None:
    here, there = nodes.programs
    token = nodes.made.tokens[FIRST]
    async with nodes.page(there, '/members', token) as page, nodes.page(here, '/members', token) as own:
        begun = time.monotonic()
        await sign_out(nodes, own)
        assert await page.sees('"open"', since=begun) < await own.sees('"open"', since=begun) + 5
        await wait_for(lambda: page.is_closed, 'the socket stays open')
        async with nodes.browser(there, cookies={'logbook': token}) as browser:
            assert (await browser.get('/members')).status_code == 303


async def seconds_to_add(owner: httpx2.AsyncClient, *names: str) -> float:
    """Add people; return how long that took."""
    begun = time.monotonic()
    for name in names:
        made = await owner.post('/api/v1/members', json={'last_name': name} | FIRST_NAME)
        assert made.status_code == 201, made.text
    return time.monotonic() - begun


async def sign_out(nodes: Nodes, page: Page) -> None:
    form = next(one['props']['token'] for one in page.elements.values() if one.get('props', {}).get('token'))
    async with nodes.browser(page.served, cookies={'logbook': page.token}) as browser:  # type: ignore[arg-type]
        assert (await browser.post('/sign-out', data={'token': form})).status_code == 303


async def test_a_right_that_is_taken_at_one_node_is_gone_from_the_open_pages_of_the_other(nodes: Nodes) -> None:
    here, there = nodes.programs
    async with nodes.page(there, '/positions', nodes.made.tokens[SECOND]) as page, nodes.program(here) as owner:
        held = 'SELECT h.id, h.position_id FROM position_holding h JOIN member m ON m.id = h.member_id '
        held += 'JOIN session s ON s.account_id = m.account_id WHERE s.token_hash = SHA2(:token, 256)'
        ((holding, position),) = await nodes.ask(held, token=nodes.made.tokens[SECOND])
        begun = time.monotonic()
        answer = await owner.delete(f'/api/v1/positions/{UUID(position)}/holders/{UUID(holding)}')
        assert answer.status_code == 204, answer.text
        taken = time.monotonic() - begun
        assert await page.sees('"open"', since=begun) < taken + 5
        async with nodes.browser(there, cookies={'logbook': nodes.made.tokens[SECOND]}) as browser:
            assert (await browser.get('/positions')).status_code == 403


async def test_guesses_at_a_password_count_on_both_nodes_together(nodes: Nodes) -> None:
    here, there = nodes.programs
    async with nodes.browser(here) as one, nodes.browser(there) as other:
        guess = {'email': 'account1@example.org', 'password': 'not the password'}
        answers: list[int] = []
        # The waits begin with a second and double: a slow machine comes to a few guesses more before it is refused one.
        while 429 not in answers and len(answers) < 10:
            client = (one, other)[len(answers) % 2]
            answers.append((await client.post('/api/v1/auth/login', json=guess)).status_code)
        assert answers == [401] * max(5, len(answers) - 1) + [429], 'apart, each would have refused its own sixth'


async def test_without_redis_all_goes_on_and_what_was_missed_shows_when_it_is_back(nodes: Nodes) -> None:
    here, there = nodes.programs
    token = nodes.made.tokens[THIRD]
    async with (
        nodes.program(here) as owner,
        nodes.page(there, '/members', token) as page,
        nodes.browser(there, cookies={'logbook': token}) as browser,
        nodes.page(here, '/members', nodes.made.tokens[FOURTH]) as own,
        nodes.page(there, '/members', nodes.made.tokens[FOURTH]) as ended,
    ):
        usual = await seconds_to_add(owner, 'Kept')
        nodes.redis.stop()
        try:
            assert await seconds_to_add(owner, 'Lost') < 3 * usual + 4
            await sign_out(nodes, own)
            await page.sees('Lost')
            await ended.sees('"open"')
            assert 'Lost' in (await browser.get('/members')).text
            await wait_for(lambda: health(browser, 503), 'the health of Redis is not told')
            assert (await browser.get('/health')).status_code == 200
            assert (await browser.get('/health/db')).status_code == 200
            assert 'Redis does not answer.' in (await browser.get('/status')).text
        finally:
            nodes.redis.start()
        await wait_for(lambda: health(browser, 200), 'Redis is back and nobody says so')
        await wait_for(lambda: all('redis_is_back' in one.said() for one in nodes.programs), 'they do not come back')
        begun = time.monotonic()
        stored = await seconds_to_add(owner, 'Found')
        assert await page.sees('Found', since=begun) < stored + 1
        assert 'Redis does not answer.' not in (await browser.get('/status')).text


async def health(browser: httpx2.AsyncClient, status: int) -> bool:
    return (await browser.get('/health/redis')).status_code == status


async def test_a_redis_that_is_frozen_holds_up_nobody(nodes: Nodes) -> None:
    async with nodes.program(nodes.programs[0]) as owner, Redis.from_url(nodes.redis.url()) as redis:
        frozen = (await redis.info('server'))['process_id']
        usual = await seconds_to_add(owner, *(f'Thaw {number}' for number in range(5)))
        os.kill(frozen, signal.SIGSTOP)
        try:
            assert await seconds_to_add(owner, *(f'Frost {number}' for number in range(5))) < 3 * usual + 4
        finally:
            os.kill(frozen, signal.SIGCONT)


async def test_cut_connections_fail_no_page_and_double_no_change(nodes: Nodes) -> None:
    here, there = nodes.programs
    token, written, pages = nodes.made.tokens[THIRD], list[str](), list[int]()
    is_over = asyncio.Event()

    async def look(browser: httpx2.AsyncClient) -> None:
        while not is_over.is_set():
            pages.append((await browser.get('/members')).status_code)

    async def write(owner: httpx2.AsyncClient) -> None:
        while not is_over.is_set():
            name = f'Cut {len(written)}'
            sent = {'json': {'last_name': name} | FIRST_NAME, 'headers': {'Idempotency-Key': name.replace(' ', '-')}}
            while (answer := await owner.post('/api/v1/members', **sent)).status_code == 503:
                pass
            assert answer.status_code == 201, answer.text
            written.append(name)

    async with nodes.browser(there, cookies={'logbook': token}) as browser, nodes.program(here) as owner:
        work = [asyncio.create_task(look(browser)), asyncio.create_task(write(owner))]
        for _ in range(6):
            looked, wrote = len(pages), len(written)  # on a slow machine too none of them is cut twice
            await wait_for(lambda: len(pages) > looked + 1 and len(written) > wrote + 1, 'nothing goes on')  # noqa: B023
            await nodes.cut()
        is_over.set()
        await asyncio.gather(*work)
    assert set(pages) == {200}
    stored = await nodes.ask("SELECT last_name FROM member WHERE last_name LIKE 'Cut %'")
    assert sorted(name for (name,) in stored) == sorted(written)


async def test_what_a_killed_node_was_doing_the_other_does_once_and_people_go_on_there(nodes: Nodes) -> None:
    lease = "SELECT id, leased_by, attempts FROM job WHERE name = 'mail.deliver' AND status = 'running'"
    newest = f'{lease} ORDER BY created_at DESC LIMIT 1'
    nodes.mailbox.holds = True
    async with nodes.browser(nodes.programs[0]) as browser:
        asked = await browser.post('/api/v1/auth/password-reset/request', json={'email': 'account2@example.org'})
        assert asked.status_code == 202
    await wait_for(lambda: nodes.ask(newest), 'nobody takes the mail up')
    ((job, runner, _),) = await nodes.ask(newest)
    dead = next(one for one in nodes.programs if f'-{one.process.pid}-' in runner)
    other = next(one for one in nodes.programs if one is not dead)
    token = nodes.made.tokens[THIRD]
    async with nodes.page(dead, '/members', token):
        nodes.kill(dead)
    async with nodes.browser(other, cookies={'logbook': token}) as browser:
        assert (await browser.get('/members')).status_code == 200
    nodes.mailbox.holds = False
    await asyncio.sleep(0.5)
    assert (job, runner, 1) in await nodes.ask(lease)  # its lease may be renewed yet
    await nodes.ask('UPDATE job SET leased_until = UTC_TIMESTAMP(6) WHERE id = :job', job=job)  # a minute later
    await wait_for(lambda: nodes.mailbox.to('account2@example.org'), 'the mail does not come')
    done = 'SELECT status, attempts FROM job WHERE id = :job'
    await wait_for(lambda: is_done(nodes, job), 'the job does not end')
    assert await nodes.ask(done, job=job) == [('done', 2)]
    assert len(nodes.mailbox.to('account2@example.org')) == 1


async def is_done(nodes: Nodes, job: str) -> bool:
    return await nodes.ask("SELECT 1 FROM job WHERE id = :job AND status = 'done'", job=job) != []

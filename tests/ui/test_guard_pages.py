"""Who gets to see a page, with which status, and how many pages one may have open."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest

from tests.ui.rogue import Refused, Rogue, Served, load, serve


@pytest.fixture(scope='module')
def running() -> Iterator[Served]:
    with serve(guarded=True) as served:
        yield served


@pytest.fixture
async def served(running: Served) -> AsyncIterator[Served]:
    await running.forget()
    yield running
    await running.forget()


@pytest.mark.parametrize(
    ('path', 'next_page'),
    [('/many', '/sign-in?next=/many'), ('/', '/sign-in'), ('/app/manage?tab=2', '/sign-in?next=/app/manage%3Ftab%3D2')],
)
async def test_a_stranger_is_sent_to_sign_in_and_costs_no_page(served: Served, path: str, next_page: str) -> None:
    before = len((await served.state())['clients'])
    async with served.browser() as browser:
        answer = await browser.get(path)
    assert (answer.status_code, answer.headers['location']) == (303, next_page)
    assert len((await served.state())['clients']) == before


async def test_a_stranger_s_program_gets_401(served: Served) -> None:
    async with served.browser(accept='application/json') as browser:
        answer = await browser.get('/many')
    assert answer.status_code == 401
    assert answer.json() == {'detail': 'Please sign in.', 'errors': {}}


@pytest.mark.parametrize(
    ('who', 'path', 'status', 'words'),
    [
        ('alice', '/app', 200, 'things for alice'),
        ('alice', '/app/manage', 200, 'the managing page'),
        ('eve', '/app/manage', 403, 'This needs the permission'),
        ('alice', '/app/thing/7', 404, 'There is no thing 7.'),
        ('alice', '/app/nowhere', 404, 'not found'),
        ('alice', '/app/failing', 500, 'quote incident'),
        ('alice', '/nowhere', 404, 'never existed'),
        ('alice', '/broken', 500, 'quote incident'),
    ],
)
async def test_the_first_load_of_a_page_has_its_true_status(
    served: Served, who: str, path: str, status: int, words: str
) -> None:
    async with served.browser(who) as browser:
        answer = await browser.get(path)
    assert answer.status_code == status
    assert words in answer.text
    assert 'the secret reason' not in answer.text
    assert 'half a page' not in answer.text


async def test_unknown_addresses_build_no_page_for_anybody(served: Served) -> None:
    before = len((await served.state())['clients'])
    async with served.browser('alice') as browser:
        answers = [(await browser.get(f'/nowhere/{n}')).status_code for n in range(20)]
    assert set(answers) == {404}
    assert len((await served.state())['clients']) == before


async def test_a_wrong_method_is_405_and_names_the_right_ones(served: Served) -> None:
    async with served.browser() as browser:
        answer = await browser.get('/api/v1/things')
    assert (answer.status_code, answer.headers['allow']) == (405, 'POST')
    assert answer.json()['detail'] == 'This address does not take that kind of request.'


async def test_the_incident_s_number_leads_to_the_reason_in_the_log(served: Served) -> None:
    async with served.browser('alice') as browser:
        answer = await browser.get('/test/broken', headers={'accept': 'application/json'})
    assert answer.status_code == 500
    number = answer.json()['detail'].split('incident ')[1].strip('.')
    shown = '\n'.join(served.log())
    assert number in shown
    assert 'the secret reason' in shown


async def test_a_sub_page_asks_again_when_one_goes_there_without_a_new_page(served: Served) -> None:
    page = await load(served, 'eve', '/app')
    async with await Rogue.connect(served, page.query, 'eve') as socket:
        await socket.fire(page.navigation('/app/manage'))
        assert 'This needs the permission' in await socket.told('update')


async def test_a_page_that_waits_for_the_browser_is_not_waited_for(served: Served) -> None:
    started = asyncio.get_running_loop().time()
    page = await load(served, 'alice', '/app/slow')
    assert asyncio.get_running_loop().time() - started < 1.5
    async with await Rogue.connect(served, page.query, 'alice') as socket:
        assert 'You may not see this.' in await socket.told('You may not')


async def test_the_twenty_first_open_page_of_a_session_is_refused(served: Served) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(20):
            page = await load(served, 'bob', '/many')
            await stack.enter_async_context(await Rogue.connect(served, page.query, 'bob'))
        async with served.browser('bob') as browser:
            answer = await browser.get('/many')
        assert answer.status_code == 503
        assert '20 pages of Logbook open' in answer.text
        assert answer.headers['retry-after']
        assert (await load(served, 'alice', '/many')).client_id, 'others are not kept out'
    page = await load(served, 'bob', '/many')
    async with await Rogue.connect(served, page.query, 'bob'):
        pass


async def test_pages_that_nobody_opened_make_room_for_new_ones(served: Served) -> None:
    first = await load(served, 'eve', '/many')
    for _ in range(45):
        last = await load(served, 'eve', '/many')
    clients = (await served.state())['clients']
    assert last.client_id in clients
    assert first.client_id not in clients
    with pytest.raises(Refused):
        await Rogue.connect(served, first.query, 'eve')


async def test_pages_that_nobody_opened_are_gone_within_fifteen_seconds(served: Served) -> None:
    page = await load(served, 'alice', '/many')
    await asyncio.sleep(15.5)
    assert page.client_id not in (await served.state())['clients']

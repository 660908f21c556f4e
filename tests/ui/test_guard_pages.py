"""Who gets to see a page, with which status, and how many pages one may have open."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from tests.ui.rogue import Refused, Rogue, Served, load
from ui.guard import SWEEP_SECONDS, rules


@pytest.mark.parametrize(
    ('path', 'next_page'),
    [('/many', '/sign-in?next=/many'), ('/', '/sign-in'), ('/app/manage?tab=2', '/sign-in?next=/app/manage%3Ftab%3D2')],
)
async def test_a_stranger_is_sent_to_sign_in_and_costs_no_page(guarded: Served, path: str, next_page: str) -> None:
    before = len((await guarded.state())['clients'])
    async with guarded.browser() as browser:
        answer = await browser.get(path)
    assert (answer.status_code, answer.headers['location']) == (303, next_page)
    assert len((await guarded.state())['clients']) == before


async def test_a_stranger_s_program_gets_401(guarded: Served) -> None:
    async with guarded.browser(accept='application/json') as browser:
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
    guarded: Served, who: str, path: str, status: int, words: str
) -> None:
    async with guarded.browser(who) as browser:
        answer = await browser.get(path)
    assert answer.status_code == status
    assert words in answer.text
    assert 'the secret reason' not in answer.text
    assert 'half a page' not in answer.text


async def test_unknown_addresses_build_no_page_for_anybody(guarded: Served) -> None:
    before = len((await guarded.state())['clients'])
    async with guarded.browser('alice') as browser:
        answers = [(await browser.get(f'/nowhere/{n}')).status_code for n in range(20)]
    assert set(answers) == {404}
    assert len((await guarded.state())['clients']) == before


async def test_a_wrong_method_is_405_and_names_the_right_ones(guarded: Served) -> None:
    async with guarded.browser() as browser:
        answer = await browser.get('/api/v1/things')
    assert (answer.status_code, answer.headers['allow']) == (405, 'POST')
    assert answer.json()['detail'] == 'This address does not take that kind of request.'


async def test_the_incident_s_number_leads_to_the_reason_in_the_log(guarded: Served) -> None:
    async with guarded.browser('alice') as browser:
        answer = await browser.get('/test/broken', headers={'accept': 'application/json'})
    assert answer.status_code == 500
    number = answer.json()['detail'].split('incident ')[1].strip('.')
    shown = '\n'.join(guarded.log())
    assert number in shown
    assert 'the secret reason' in shown


async def test_a_sub_page_asks_again_when_one_goes_there_without_a_new_page(guarded: Served) -> None:
    page = await load(guarded, 'eve', '/app')
    async with await Rogue.connect(guarded, page.query, 'eve') as socket:
        await socket.fire(page.navigation('/app/manage'))
        assert 'This needs the permission' in await socket.told('update')


async def test_a_page_that_waits_for_the_browser_is_not_waited_for(guarded: Served) -> None:
    started = asyncio.get_running_loop().time()
    page = await load(guarded, 'alice', '/app/slow')
    assert asyncio.get_running_loop().time() - started < 1.5
    async with await Rogue.connect(guarded, page.query, 'alice') as socket:
        assert 'You may not see this.' in await socket.told('You may not')


async def test_the_twenty_first_open_page_of_a_session_is_refused(guarded: Served) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(20):
            page = await load(guarded, 'bob', '/many')
            await stack.enter_async_context(await Rogue.connect(guarded, page.query, 'bob'))
        async with guarded.browser('bob') as browser:
            answer = await browser.get('/many')
        assert answer.status_code == 503
        assert '20 pages of Logbook open' in answer.text
        assert answer.headers['retry-after']
        assert (await load(guarded, 'alice', '/many')).client_id, 'others are not kept out'
    page = await load(guarded, 'bob', '/many')
    async with await Rogue.connect(guarded, page.query, 'bob'):
        pass


async def test_pages_that_nobody_opened_make_room_for_new_ones(guarded: Served) -> None:
    first = await load(guarded, 'eve', '/many')
    for _ in range(45):
        last = await load(guarded, 'eve', '/many')
    clients = (await guarded.state())['clients']
    assert last.client_id in clients
    assert first.client_id not in clients
    with pytest.raises(Refused):
        await Rogue.connect(guarded, first.query, 'eve')


@pytest.mark.slow
async def test_pages_that_nobody_opened_are_gone_within_fifteen_seconds(guarded: Served) -> None:
    page = await load(guarded, 'alice', '/many')
    await asyncio.sleep(15.5)
    assert page.client_id not in (await guarded.state())['clients']


def test_the_sweep_comes_by_often_enough_for_that() -> None:
    assert rules.unopened_seconds + SWEEP_SECONDS <= 15

"""Attacks on the socket. Each is seen succeeding on NiceGUI as it comes, and failing here."""

import asyncio
import json
from typing import Any

import pytest

from tests.ui.rogue import Page, Refused, Rogue, Served, load
from ui.guard import sockets


async def test_a_button_on_ones_own_page_works(guarded: Served) -> None:
    page = await load(guarded, 'alice')
    async with await Rogue.connect(guarded, page.query, 'alice') as socket:
        await socket.fire(page.event('Fire'))
    assert await guarded.happened('fired') == [{'what': 'fired', 'by': 'alice'}]


# N1: who may open a socket


@pytest.mark.parametrize('origin', ['https://evil.example', None], ids=['foreign', 'missing'])
async def test_n1_a_socket_from_another_site_is_refused(bare: Served, guarded: Served, origin: str | None) -> None:
    page = await load(bare, None)
    async with await Rogue.connect(bare, page.query, None, origin=origin) as socket:
        await socket.fire(page.event('Fire'))
    assert await bare.happened('fired')
    page = await load(guarded, 'alice')
    with pytest.raises(Refused):
        await Rogue.connect(guarded, page.query, 'alice', origin=origin)


async def test_n1_polling_is_refused(bare: Served, guarded: Served) -> None:
    path = '/_nicegui_ws/socket.io/?EIO=4&transport=polling'
    for served, status in ((bare, 200), (guarded, 400)):
        async with served.browser('alice', origin='https://evil.example') as browser:
            answer = await browser.get(path)
        assert answer.status_code == status
        reflected = answer.headers.get('access-control-allow-origin')
        assert (reflected == 'https://evil.example') is (served is bare)


# N2: whose page a socket may be for


@pytest.mark.parametrize('thief', [None, 'eve', 'nobody'])
async def test_n2_a_stolen_page_id_opens_no_socket(bare: Served, guarded: Served, thief: str | None) -> None:
    page = await load(bare, None)
    async with await Rogue.connect(bare, page.query, thief):
        pass
    page = await load(guarded, 'alice')
    with pytest.raises(Refused):
        await Rogue.connect(guarded, page.query, thief)


async def test_n2_a_second_session_of_the_same_account_gets_no_page_of_the_first(guarded: Served) -> None:
    page = await load(guarded, 'alice')
    with pytest.raises(Refused):
        await Rogue.connect(guarded, page.query, 'alice.phone')


async def test_n2_the_late_handshake_obeys_the_same_rules(bare: Served, guarded: Served) -> None:
    for served in (bare, guarded):
        theirs, mine = await load(served, 'alice'), await load(served, 'eve')
        query = {**mine.query, 'implicit_handshake': 'false', 'client_id': ''}
        async with await Rogue.connect(served, query, 'eve') as socket:
            await socket.connection.send('420' + json.dumps(['handshake', theirs.query]))
            answer = await socket.told('430')
            assert json.loads(answer.removeprefix('430'))[0] is (served is bare)
            if served is guarded:
                await socket.connection.send('421' + json.dumps(['handshake', mine.query]))
                assert json.loads((await socket.told('431')).removeprefix('431')) == [True]


# N3: whose frames are believed


async def test_n3_a_frame_for_another_page_does_nothing(bare: Served, guarded: Served) -> None:
    for served in (bare, guarded):
        theirs, mine = await load(served, 'alice'), await load(served, 'eve')
        async with (
            await Rogue.connect(served, theirs.query, 'alice'),
            await Rogue.connect(served, mine.query, 'eve') as socket,
        ):
            await socket.fire(theirs.event('Fire'))
        assert bool(await served.happened('fired')) is (served is bare)
        await served.forget()


async def test_n3_another_tab_of_the_same_session_is_another_page(guarded: Served) -> None:
    first, second = await load(guarded, 'alice'), await load(guarded, 'alice')
    async with (
        await Rogue.connect(guarded, first.query, 'alice'),
        await Rogue.connect(guarded, second.query, 'alice') as socket,
    ):
        await socket.fire(first.event('Fire'))
    assert not await guarded.happened('fired')


@pytest.mark.parametrize('name', ['javascript_response', 'ack', 'log'])
async def test_n3_other_frames_for_another_page_are_refused_too(guarded: Served, name: str) -> None:
    theirs, mine = await load(guarded, 'alice'), await load(guarded, 'eve')
    message = {'client_id': theirs.client_id, 'request_id': 'x', 'next_message_id': 5, 'level': 'error', 'message': 'x'}
    async with (
        await Rogue.connect(guarded, theirs.query, 'alice'),
        await Rogue.connect(guarded, mine.query, 'eve') as socket,
    ):
        for _ in range(25):
            await socket.emit(name, message)
        assert await socket.is_closed(), 'who goes on is thrown out'


# N4: sessions that end while a page is open


async def test_n4_after_a_session_ends_its_pages_close_and_do_nothing(bare: Served, guarded: Served) -> None:
    page = await load(bare, 'alice')
    async with await Rogue.connect(bare, page.query, 'alice') as socket:
        await bare.control('revoke/alice')
        await socket.fire(page.event('Fire'))
    assert await bare.happened('fired'), 'NiceGUI itself never asks again'
    page = await load(guarded, 'alice')
    other = await load(guarded, 'eve')
    async with (
        await Rogue.connect(guarded, page.query, 'alice') as socket,
        await Rogue.connect(guarded, other.query, 'eve') as bystander,
    ):
        started = asyncio.get_running_loop().time()
        await guarded.control('revoke/alice')
        assert '"path":"/"' in await socket.told('"open"')
        assert await socket.is_closed()
        assert asyncio.get_running_loop().time() - started < 2
        clients = (await guarded.state())['clients']
        assert page.client_id not in clients
        assert other.client_id in clients
        await bystander.fire(other.event('Fire'))
    assert await guarded.happened('fired') == [{'what': 'fired', 'by': 'eve'}]


async def test_n4_a_closed_page_loads_its_address_anew_on_this_host_only(guarded: Served) -> None:
    page = await load(guarded, 'alice', '/app/manage?tab=2')
    async with await Rogue.connect(guarded, page.query, 'alice') as socket:
        await guarded.control('revoke/alice')
        assert '"path":"/app/manage?tab=2"' in await socket.told('"open"')
    await guarded.forget()
    page = await load(guarded, 'alice', '/app')
    async with await Rogue.connect(guarded, page.query, 'alice') as socket:
        await socket.fire(page.navigation('//evil.example/x'))
        await guarded.control('revoke/alice')
        assert '"path":"/"' in await socket.told('"open",{"path":"/"')


async def test_n4_a_page_that_was_never_told_is_closed_by_its_next_frame(guarded: Served) -> None:
    page = await load(guarded, 'alice')
    async with await Rogue.connect(guarded, page.query, 'alice') as socket:
        await guarded.control('expire/alice')
        await socket.fire(page.event('Fire'))
        assert '"path":"/"' in await socket.told('"open"')
        assert await socket.is_closed()
    assert not await guarded.happened('fired')


async def test_n4_a_right_that_was_taken_away_no_longer_works_on_an_open_page(guarded: Served) -> None:
    page = await load(guarded, 'alice')
    async with await Rogue.connect(guarded, page.query, 'alice') as socket:
        await socket.fire(page.event('Manage'))
        await guarded.control('demote/alice')
        await socket.fire(page.event('Manage'))
        assert 'permission' in await socket.told('notify')
    assert len(await guarded.happened('fired')) == 1


# N5: what is not on the screen


@pytest.mark.parametrize('label', ['Hidden', 'In a dialog'])
async def test_n5_hidden_controls_can_be_fired_so_only_the_right_counts(
    bare: Served, guarded: Served, label: str
) -> None:
    await bare.forget()
    page = await load(bare, None)
    async with await Rogue.connect(bare, page.query, None) as socket:
        await socket.fire(page.event(label))
    assert await bare.happened('fired')
    page = await load(guarded, 'alice')
    async with await Rogue.connect(guarded, page.query, 'alice') as socket:
        await guarded.control('expire/alice')
        await socket.fire(page.event(label))
    assert not await guarded.happened('fired')


# N6 and N7: what is sent


@pytest.mark.parametrize('forged', [666, '2; drop', {'id': 2, 'salary': 1}, [1], None])
async def test_n7_a_forged_row_is_not_believed(bare: Served, guarded: Served, forged: object) -> None:
    for served in (bare, guarded):
        await served.forget()
        page = await load(served, 'alice')
        sent = forged if isinstance(forged, dict) else {'id': forged}
        async with await Rogue.connect(served, page.query, 'alice') as socket:
            await socket.fire(page.event('rows', sent))
        assert bool(await served.happened('picked')) is (served is bare)


async def test_n7_the_key_of_a_row_is_taken(guarded: Served) -> None:
    page = await load(guarded, 'alice')
    async with await Rogue.connect(guarded, page.query, 'alice') as socket:
        await socket.fire(page.event('rows', {'id': 2}))
    assert await guarded.happened('picked') == [{'what': 'picked', 'id': 2}]


MALFORMED: list[Any] = [
    None,
    'text',
    7,
    {},
    {'client_id': 5},
    {'client_id': '@', 'id': 'x', 'listener_id': 'y'},
    {'client_id': '@', 'id': 99999, 'listener_id': 'y', 'args': []},
    {'client_id': '@', 'id': 4, 'listener_id': 'y', 'args': ['not json']},
    {'client_id': '@', 'id': 4, 'listener_id': 'y', 'args': [{'a': 1}]},
    {'client_id': '@', 'id': 4, 'listener_id': ['y'], 'args': 'abc'},
]


@pytest.mark.parametrize('name', ['event', 'ack', 'log', 'javascript_response', 'handshake', 'unknown'])
async def test_n6_malformed_frames_break_nothing(guarded: Served, name: str) -> None:
    page = await load(guarded, 'alice')
    async with await Rogue.connect(guarded, page.query, 'alice') as socket:
        for message in MALFORMED:
            is_ours = isinstance(message, dict) and message.get('client_id') == '@'
            await socket.emit(name, {**message, 'client_id': page.client_id} if is_ours else message)
    again = await load(guarded, 'alice')
    async with await Rogue.connect(guarded, again.query, 'alice') as socket:
        await socket.fire(again.event('Fire'))
    assert len(await guarded.happened('fired')) == 1


@pytest.mark.parametrize(
    'query', [{}, {'tab_id': ''}, {'client_id': 'x', 'implicit_handshake': 'true'}, {'implicit_handshake': 'true'}]
)
async def test_a_socket_with_a_broken_query_is_refused_quietly(guarded: Served, query: dict[str, str]) -> None:
    try:
        async with await Rogue.connect(guarded, query, 'alice') as socket:
            await socket.emit('event', {'client_id': 'x'})
    except Refused:
        pass
    assert (await guarded.state())['happened'] == []


# what floods


async def test_binary_frames_close_the_socket(guarded: Served) -> None:
    page = await load(guarded, 'alice')
    async with await Rogue.connect(guarded, page.query, 'alice') as socket:
        await socket.connection.send('451-["event",{"_placeholder":true,"num":0}]')
        await socket.connection.send(b'\x00' * 100)
        assert await socket.is_closed()


async def test_an_oversized_frame_closes_the_socket(guarded: Served) -> None:
    page = await load(guarded, 'alice')
    async with await Rogue.connect(guarded, page.query, 'alice') as socket:
        await socket.connection.send('42["log",{"client_id":"' + 'x' * (sockets.BUFFER_BYTES + 1) + '"}]')
        assert await socket.is_closed()


async def test_a_flood_of_frames_closes_the_socket(guarded: Served) -> None:
    page = await load(guarded, 'alice')
    async with await Rogue.connect(guarded, page.query, 'alice') as socket:
        for number in range(2000):
            try:
                await socket.emit('unknown', number)
            except Exception:  # noqa: BLE001  closed while sending is what is asked for
                break
        assert await socket.is_closed()


async def test_fifty_frames_a_second_are_let_through(guarded: Served) -> None:
    page = await load(guarded, 'alice')
    async with await Rogue.connect(guarded, page.query, 'alice') as socket:
        for _ in range(60):
            await socket.emit('event', page.event('Fire'))
        assert await guarded.happened('fired', 1)


async def test_n21_log_lines_are_short_few_and_on_one_line(guarded: Served) -> None:
    page = await load(guarded, 'alice')
    async with await Rogue.connect(guarded, page.query, 'alice') as socket:
        for number in range(30):
            text = f'line {number}\nforged=1 ' + 'x' * 2000
            await socket.emit('log', {'client_id': page.client_id, 'level': 'error', 'message': text})
        async with asyncio.timeout(20):
            while not await guarded.happened('fired'):  # which comes after them, once as much is let through again
                await socket.emit('event', page.event('Fire'))
    shown = [line for line in guarded.log() if 'Browser: ' in line]
    assert 1 <= len(shown) <= 20
    assert all(len(line) < 600 and r'\nforged' in line for line in shown)


# what counts as somebody at the screen


async def test_pings_and_acknowledgements_do_not_extend_a_session_but_events_do(guarded: Served) -> None:
    page = await load(guarded, 'bob')
    async with await Rogue.connect(guarded, page.query, 'bob') as socket:
        before = (await guarded.state())['touched']['bob']
        await socket.connection.send('3')
        await socket.emit('ack', {'client_id': page.client_id, 'next_message_id': 0})
        await asyncio.sleep(0.3)
        assert (await guarded.state())['touched']['bob'] == before
        await socket.emit('event', page.event('Fire'))
        await guarded.happened('fired', 1)
        assert (await guarded.state())['touched']['bob'] == before + 1


async def test_events_are_handled_in_the_order_in_which_they_were_sent(guarded: Served) -> None:
    page = await load(guarded, 'alice')
    async with await Rogue.connect(guarded, page.query, 'alice') as socket:
        for number in (1, 2, 3, 2, 1):
            await socket.emit('event', page.event('rows', {'id': number}))
        assert [entry['id'] for entry in await guarded.happened('picked', 5)] == [1, 2, 3, 2, 1]


def test_the_guard_knows_every_event_that_nicegui_takes() -> None:
    from nicegui import core

    assert set(core.sio.handlers['/']) == sockets.EVENTS


def test_a_page_is_read_as_the_browser_reads_it() -> None:
    html = 'x \'client_id\': \'0-1\' parseElements(String.raw`{"4":{"text":"a&lt;b"}}`)'
    assert Page.parse(html).element('a<b')[0] == 4

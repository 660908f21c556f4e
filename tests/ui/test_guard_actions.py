"""The wrapper around handlers, on a running server and by itself."""

from collections.abc import Callable
from typing import Any

import pytest
from nicegui import events
from pydantic import BaseModel, ConfigDict
from structlog.testing import capture_logs

from logic.core.actor import Actor, ActorKind
from logic.core.errors import Denied
from tests.ui.rogue import Page, Rogue, Served, load
from ui.guard import action, require
from ui.guard.actions import MOST_WAITING


async def test_a_refusal_is_shown_with_its_sentence(guarded: Served) -> None:
    page = await load(guarded, 'alice')
    async with await Rogue.connect(guarded, page.query, 'alice') as socket:
        await socket.fire(page.event('Refused'))
        assert 'The radio is issued to Ann.' in await socket.told('notify')


def test_who_asks_for_what_he_may_not_is_in_the_log() -> None:
    with capture_logs() as logged, pytest.raises(Denied):
        require(Actor(kind=ActorKind.ACCOUNT, name='Ann', address='192.0.2.7'), 'members.export')
    assert [(entry['event'], entry['permission'], entry['address']) for entry in logged] == [
        ('guard.refused', 'members.export', '192.0.2.7')
    ]


async def test_of_a_bug_only_the_number_is_shown(guarded: Served) -> None:
    page = await load(guarded, 'alice')
    async with await Rogue.connect(guarded, page.query, 'alice') as socket:
        await socket.fire(page.event('Broken'))
        shown = await socket.told('notify')
    assert 'quote incident' in shown
    assert 'the secret reason' not in shown
    number = shown.split('quote incident ')[1][:9]
    assert any(number in line for line in guarded.log())


async def arrived(guarded: Served, socket: Rogue, page: Page) -> None:
    """Wait until the server has all events that were sent before: they are taken up in their order."""
    fired = len(await guarded.happened('fired'))
    await socket.emit('event', page.event('Fire'))
    await guarded.happened('fired', fired + 1)


async def test_a_second_click_while_the_first_is_handled_does_nothing(guarded: Served) -> None:
    page = await load(guarded, 'alice')
    async with await Rogue.connect(guarded, page.query, 'alice') as socket:
        await guarded.control('hold')
        for _ in range(5):
            await socket.emit('event', page.event('Slow'))
        assert '"disable":true' in (await socket.told('disable')).replace(' ', '')
        await arrived(guarded, socket, page)
        assert len(await guarded.happened('slow')) == 1
        await guarded.control('go-on')
        assert '"disable":true' not in (await socket.told('"label":"Slow"')).replace(' ', '')
        await socket.emit('event', page.event('Slow'))
        assert len(await guarded.happened('slow', 2)) == 2, 'and afterwards it works again'


async def test_a_form_keeps_its_key_until_it_was_saved(guarded: Served) -> None:
    page = await load(guarded, 'alice')
    async with await Rogue.connect(guarded, page.query, 'alice') as socket:
        for label in ('Save and lose the answer', 'Save and lose the answer', 'Save', 'Save'):
            await socket.fire(page.event(label))
    keys = {name: [e['key'] for e in await guarded.happened(name, 2)] for name in ('lost', 'saved')}
    assert keys['lost'][0] == keys['lost'][1] is not None, 'a repeat after a lost answer has the same key'
    assert keys['saved'][0] != keys['saved'][1], 'a new wish has a new one'
    assert not {*keys['lost']} & {*keys['saved']}, 'and no two forms share one'


async def test_what_is_wrong_in_a_form_is_shown_at_its_field(guarded: Served) -> None:
    page = await load(guarded, 'alice')
    async with await Rogue.connect(guarded, page.query, 'alice') as socket:
        await socket.fire(page.event('Save with a fault'))
        assert 'must be a whole number' in await socket.told('name: ')
    assert not await guarded.happened('saved')


async def test_the_last_of_several_values_is_handled(guarded: Served) -> None:
    page = await load(guarded, 'alice')
    async with await Rogue.connect(guarded, page.query, 'alice') as socket:
        await guarded.control('hold')
        for text in ('r', 'ra', 'rad', 'radio'):
            await socket.emit('event', page.event('Search', text))
        await arrived(guarded, socket, page)
        await guarded.control('go-on')
        assert [entry['q'] for entry in await guarded.happened('searched', 2)] == ['r', 'radio']


async def test_another_row_has_its_turn_while_the_first_is_handled_and_a_double_click_none(guarded: Served) -> None:
    page = await load(guarded, 'alice')
    async with await Rogue.connect(guarded, page.query, 'alice') as socket:
        await guarded.control('hold')
        for row in ('one', 'one', 'two', 'two', 'one'):
            await socket.emit('event', page.event('Tick', row))
        await arrived(guarded, socket, page)
        await guarded.control('go-on')
        assert [entry['row'] for entry in await guarded.happened('ticked', 3)] == ['one', 'two', 'one']


async def test_no_more_than_a_few_wait_for_their_turn(guarded: Served) -> None:
    page = await load(guarded, 'alice')
    async with await Rogue.connect(guarded, page.query, 'alice') as socket:
        await guarded.control('hold')
        for row in range(40):
            await socket.emit('event', page.event('Tick', str(row)))
        await arrived(guarded, socket, page)
        await guarded.control('go-on')
        await guarded.happened('ticked', 1 + MOST_WAITING)
        await socket.emit('event', page.event('Tick', 'last'))  # whose turn comes after all that wait
        ticked = [entry['row'] for entry in await guarded.happened('ticked', 2 + MOST_WAITING)]
    assert ticked == [*map(str, range(1 + MOST_WAITING)), 'last']


@pytest.mark.parametrize('ending', ['strip/alice', 'revoke/alice', 'expire/alice'])
async def test_who_waits_for_a_turn_is_asked_again_who_he_is_and_what_he_may_when_it_comes(
    guarded: Served, ending: str
) -> None:
    page = await load(guarded, 'alice')
    async with await Rogue.connect(guarded, page.query, 'alice') as socket:
        await guarded.control('hold')
        for row in range(8):
            await socket.emit('event', page.event('Tick', str(row)))
        await arrived(guarded, socket, page)
        await guarded.control(ending)
        await guarded.control('go-on')
        told = await socket.told('notify' if ending.startswith('strip') else '"open"')
        assert ('This needs the permission' in told) == ending.startswith('strip')
        assert [entry['row'] for entry in await guarded.happened('ticked')] == ['0']


async def test_a_payload_from_an_element_is_validated_like_any_other(guarded: Served) -> None:
    page = await load(guarded, 'alice')
    async with await Rogue.connect(guarded, page.query, 'alice') as socket:
        await socket.fire(page.event('Search', {'a': ['list']}))
    assert not await guarded.happened('searched')


async def test_a_handler_asks_for_the_permission_of_the_page_that_it_was_made_on(guarded: Served) -> None:
    page = await load(guarded, 'alice', '/app')
    async with await Rogue.connect(guarded, page.query, 'alice') as socket:
        await socket.emit('event', page.event('Listed'))
        await guarded.happened('listed', 1)
        await guarded.control('strip/alice')
        await socket.fire(page.event('Listed'))
        assert 'This needs the permission' in await socket.told('notify')
    assert len(await guarded.happened('listed')) == 1


class Key(BaseModel):
    id: int


class Loose(BaseModel):
    model_config = ConfigDict(extra='allow')


@pytest.mark.parametrize(
    ('handler', 'payload'),
    [
        (lambda: None, None),
        (lambda actor: None, None),
        (lambda event, actor: None, None),
        (lambda actor, key: None, Key),
        (lambda key: None, Key),
        (lambda actor, row=5: None, None),
    ],
)
def test_a_handler_asks_for_what_it_needs_by_name(handler: Callable[..., Any], payload: Any) -> None:
    action(handler, payload=payload)


def test_a_handler_may_ask_by_annotation() -> None:
    def handler(who: Actor, why: events.ClickEventArguments, what: Key) -> None: ...

    action(handler, payload=Key)


@pytest.mark.parametrize(
    ('handler', 'payload'), [(lambda a: None, None), (lambda: None, Key), (lambda a, b: None, Key)]
)
def test_a_handler_that_cannot_be_filled_is_refused_when_it_is_wrapped(handler: Any, payload: Any) -> None:
    with pytest.raises(TypeError):
        action(handler, payload=payload)


def test_a_payload_that_takes_unknown_fields_is_refused() -> None:
    with pytest.raises(TypeError, match='unknown fields'):
        action(lambda key: None, payload=Loose)


def test_the_wrapper_is_a_decorator_too() -> None:
    @action
    async def save(actor: Actor) -> None: ...

    @action(payload=Key)
    async def pick(actor: Actor, key: Key) -> None: ...

    assert save.__dict__['action'].handler.__name__ == 'save'
    assert pick.__dict__['action'].adapter is not None

"""Closed pages and redrawn regions are freed at once, by reference counting alone."""

import asyncio
import gc
import time
import weakref
from collections.abc import AsyncIterator
from typing import Any

import pytest
from nicegui import Client, core, ui
from nicegui import helpers as nicegui_helpers
from nicegui.page import page
from nicegui.testing.general import nicegui_reset_globals
from starlette.requests import Request

from tests.ui.rogue import Rogue, Served, load
from ui import guard, memory

RUN_CONFIG: dict[str, Any] = {
    'reload': False,
    'title': 'x',
    'viewport': '',
    'favicon': None,
    'dark': False,
    'language': None,
    'binding_refresh_interval': None,
    'reconnect_timeout': 3,
    'message_history_length': 100,
    'tailwind': False,
    'unocss': None,
    'prod_js': True,
    'show_welcome_message': False,
    'markdown': False,
}


@pytest.fixture(autouse=True)
def patched() -> None:
    memory.patch()


@pytest.fixture
async def niceguis() -> AsyncIterator[None]:
    with nicegui_reset_globals():
        core.loop = asyncio.get_running_loop()
        core.app.config.add_run_config(**RUN_CONFIG)
        gc.collect()
        gc.disable()
        yield
        gc.enable()


def fill(client: Client) -> None:
    """Make a page with whatever holds on to things: handlers that name their element, bindings, timers, dialogs."""
    # Lambdas on purpose: a closure over its own element is what people write.
    # ruff: noqa: PLW0108
    with client:
        with ui.header():
            ui.button('Save', on_click=guard.action(lambda actor: None))
        field = ui.input('Name', on_change=lambda: field.set_value('x'))
        choice = ui.select(['a', 'b'], on_change=lambda: choice.update())
        table = ui.table(columns=[{'name': 'a', 'label': 'A', 'field': 'a'}], rows=[{'a': 1, 'b': {'c': [1, 2]}}])
        table.on('row-click', lambda: table.update())
        with ui.dialog() as dialog:
            ui.button('Close', on_click=dialog.close)
        with ui.tabs() as tabs:
            ui.tab('One')
        with ui.tab_panels(tabs, value='One'), ui.tab_panel('One'):
            ui.label('x').bind_text_from(field, 'value')
        ui.echart({'series': [{'type': 'bar', 'data': [1, 2, 3]}]})
        ui.timer(1000, lambda: table.update())
        client.on_connect(lambda: client.id)
        client.on_disconnect(lambda: client.id)
        client.sub_pages_router.on_path_changed(lambda path: client.open(path))


def new_client() -> Client:
    scope = {'type': 'http', 'method': 'GET', 'path': '/', 'headers': [], 'query_string': b'', 'client': ('x', 1)}
    return Client(page('/'), request=Request({**scope, 'scheme': 'http', 'server': ('x', 80)}))


async def test_a_closed_page_is_freed_at_once(niceguis: None) -> None:
    client = new_client()
    fill(client)
    await asyncio.sleep(0.05)
    gone = [weakref.ref(client), *(weakref.ref(element) for element in client.elements.values())]
    client.delete()
    del client
    async with asyncio.timeout(20):  # its timer and its outbox look once a second whether they are still wanted
        while any(ref() is not None for ref in gone):  # noqa: ASYNC110  nobody tells
            await asyncio.sleep(0.1)
    assert [ref() for ref in gone if ref() is not None] == []


def a_row_of(number: int) -> None:
    field = ui.input(f'{number}', on_change=lambda: field.set_value('x'))
    ui.button('x', on_click=field.clear).classes('a').style('color: red').props('flat')


async def test_a_redrawn_region_is_freed_while_its_page_stays_open(niceguis: None) -> None:
    client = new_client()
    with client, ui.column() as region:
        pass
    with region:
        for number in range(5):
            a_row_of(number)
    gone = [weakref.ref(element) for element in region.descendants()]
    region.clear()
    client.outbox.updates.clear()
    await asyncio.sleep(0)
    assert [ref() for ref in gone if ref() is not None] == []
    client.delete()


async def test_a_deleted_page_deletes_its_children_s_handlers_only(niceguis: None) -> None:
    kept, closed = new_client(), new_client()
    fill(kept)
    fill(closed)
    closed.delete()
    assert all(element._props._change_handlers for element in kept.elements.values())
    kept.delete()


def with_default(event: object = None) -> None: ...
def with_argument(event: object) -> None: ...
def with_rest(*args: object) -> None: ...


class Holder:
    """Has handlers of its own."""

    def plain(self) -> None: ...

    def taking(self, event: object) -> None: ...


@pytest.mark.parametrize(
    ('handler', 'answer'),
    [
        (with_default, False),
        (with_argument, True),
        (with_rest, False),
        (Holder().plain, False),
        (Holder().taking, True),
        (Holder.plain, True),
        (print, False),
        (lambda: None, False),
        (lambda e: None, True),
    ],
)
def test_what_is_remembered_of_a_signature_is_true(handler: Any, answer: bool) -> None:
    assert [nicegui_helpers.expects_arguments(handler) for _ in range(2)] == [answer, answer]


def test_closures_of_one_code_with_other_defaults_are_told_apart() -> None:
    def make(value: int | None) -> Any:
        def handler(event: object) -> None: ...

        if value is not None:
            handler.__defaults__ = (value,)
        return handler

    assert [nicegui_helpers.expects_arguments(make(v)) for v in (None, 5, None, 5)] == [True, False, True, False]


def test_the_collector_runs_young_generations_only_after_the_start() -> None:
    before = gc.get_threshold()
    gc.unfreeze()
    try:
        memory.settle()
        assert gc.get_threshold() == (memory.YOUNG, memory.MIDDLE, memory.NEVER)
        assert gc.get_freeze_count() > 10_000
    finally:
        gc.set_threshold(*before)


def test_the_elements_of_a_page_are_escaped_as_nicegui_would_only_faster() -> None:
    from nicegui import client

    text = client.json.dumps({'text': '&lt; <script>`${1}` & </script> \u00e9 \u2028 &amp;'})
    assert type(text) is memory.Elements
    assert text.translate(client.HTML_ESCAPE_TABLE) == str(text).translate(client.HTML_ESCAPE_TABLE)
    assert '<' not in text.translate(client.HTML_ESCAPE_TABLE)


def test_a_full_collection_waits_until_nobody_acts(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[int] = []
    monkeypatch.setattr(gc, 'collect', lambda *_: ran.append(1) or 0)
    now = time.monotonic()
    for waited, quiet, runs in [(599, 60, 0), (601, 4, 0), (601, 6, 1), (1801, 0.1, 0), (1801, 0.6, 1), (3601, 0, 1)]:
        monkeypatch.setattr(memory, '_last_full', [now - waited])
        monkeypatch.setattr(memory, '_last_event', [now - quiet])
        ran.clear()
        memory.collect_when_quiet()
        memory.collect_when_quiet()
        assert len(ran) == runs, f'after {waited} s, in a pause of {quiet} s'


@pytest.mark.slow
async def test_two_thousand_pages_opened_and_closed_leave_the_memory_where_it_was(guarded: Served) -> None:
    sizes = []
    for cycle in range(2001):
        opened = await load(guarded, 'alice', '/')
        async with await Rogue.connect(guarded, opened.query, 'alice'):
            pass
        if cycle in {500, 2000}:
            sizes.append((await guarded.state())['bytes'])
    assert sizes[1] <= sizes[0] * 1.05

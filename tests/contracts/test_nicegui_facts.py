"""What the guard, the layers and the memory module know of NiceGUI's inside; a new release must be looked at first."""

import asyncio
import gc
import hashlib
import inspect
import re
from pathlib import Path
from typing import Any

import nicegui
import pytest
from nicegui import Client, core
from nicegui import nicegui as server
from nicegui.element import Element
from nicegui.elements.sub_pages import SubPages
from nicegui.elements.upload import Upload
from nicegui.helpers import functions
from nicegui.middlewares import RedirectWithPrefixMiddleware, SetCacheControlMiddleware
from nicegui.observables import ObservableCollection
from nicegui.outbox import Outbox
from nicegui.page import page
from nicegui.props import Props

from ui.guard import sockets
from ui.middleware.headers import TEMPLATE_TAGS, bless

PACKAGE = Path(nicegui.__file__).parent
TEMPLATE = PACKAGE / 'templates' / 'index.html'

# Read, judged and built upon as they are here. When one changes: read the new text, look at what leans on it (named
# beside it), then write the new digest.
READ: dict[Any, tuple[str, str]] = {
    server._on_connect: ('e9da1843585c', 'guard.sockets calls it after its own checks'),
    server._on_handshake: ('ebde10092987', 'guard.sockets calls it after its own checks'),
    server._on_disconnect: ('dccb581e322a', 'guard.sockets calls it'),
    server._on_event: ('ccc27fcc74c2', 'guard.sockets has checked shape, page and session of what it reads'),
    server._on_javascript_response: ('a8c59efd8b85', 'the same'),
    server._on_ack: ('d7b04b6ebf6f', 'the same'),
    server._on_log: ('5d8e915e7791', 'the same'),
    Client.accept_handshake: ('0b8d2de025d6', 'guard.sockets adds the session to what it asks'),
    Client.handle_event: ('c7a6810da326', 'guard.sockets has checked what it parses'),
    inspect.unwrap(Client.delete): ('aa5e09ec2f35', 'memory cuts cycles after it'),
    inspect.unwrap(Client.remove_elements): ('d056219068c9', 'memory cuts cycles after it'),
    Client.build_response: ('bc00a02af730', 'memory escapes the elements that it writes'),
    Client.connected: ('f74df7a5d3b4', 'guard.drawn waits for the event that it sets'),
    page._wrap: ('d440224ec4e1', 'errors: what a builder raises comes out of it; guard.door runs before it'),
    inspect.unwrap(functions.expects_arguments): ('949f5c62f38a', 'memory remembers its answers'),
}


def digest(thing: Any) -> str:
    """Return a short digest of a function's source."""
    return hashlib.sha256(inspect.getsource(thing).encode()).hexdigest()[:12]


def test_it_is_the_release_that_was_read() -> None:
    assert nicegui.__version__ == '3.18.0'


def test_the_template_is_the_one_whose_tags_get_the_nonce() -> None:
    assert hashlib.sha256(TEMPLATE.read_bytes()).hexdigest()[:16] == '82070de3799672b8'


def test_every_script_of_the_template_gets_the_nonce() -> None:
    text = TEMPLATE.read_text()
    text = re.sub(r'{% if unocss %}.*?{% endif %}', '', text, flags=re.DOTALL)  # never used here
    text = text.replace('{{ prefix | safe }}', '').replace('{{version}}', '3.18.0').replace('{{ url }}', '/x.js')
    blessed = bless(text.encode(), 'N').decode()
    scripts = re.findall(r'<script[^>]*>|<link rel="modulepreload"[^>]*>', blessed)
    assert len(scripts) >= 9
    assert [tag for tag in scripts if 'nonce="N"' not in tag] == []
    assert TEMPLATE_TAGS.search(b'<script>alert(1)</script>') is None


@pytest.mark.parametrize('function', READ, ids=lambda f: f.__qualname__)
def test_what_the_guard_leans_on_reads_as_it_did(function: Any) -> None:
    told, leaning = READ[function]
    assert digest(function) == told, f'{function.__qualname__} changed: {leaning}'


def test_the_socket_takes_the_events_that_the_guard_stands_before() -> None:
    assert set(core.sio.handlers['/']) == sockets.EVENTS


def test_nicegui_itself_asks_no_event_frame_whose_it_is() -> None:
    """Should it begin to, the guard may become smaller."""
    assert next(iter(inspect.signature(server._on_event).parameters)) == '_'


def test_an_element_s_props_classes_and_style_hold_themselves() -> None:
    for part in ('Props', 'Classes', 'Style'):
        made = getattr(__import__(f'nicegui.{part.lower()}', fromlist=[part]), part)
        assert 'on_change=self._update' in inspect.getsource(made.__init__)
    assert 'self._change_handlers' in inspect.getsource(ObservableCollection.__init__)


def test_elements_know_their_client_and_their_slot_weakly() -> None:
    text = inspect.getsource(Element.__init__)
    assert 'self._client = weakref.ref(client)' in text
    assert 'weakref.ref[Slot]' in text


def test_the_lists_that_a_deleted_client_is_emptied_of_exist() -> None:
    text = inspect.getsource(Client.__init__)
    for name in ('connect_handlers', 'disconnect_handlers', 'delete_handlers', '_exception_handlers'):
        assert f'self.{name}' in text
    assert {'_waiting_for_connection', '_socket_to_document_id', '_request'} <= set(re.findall(r'self\.(\w+)', text))


def test_every_way_to_delete_elements_passes_the_one_that_is_cut() -> None:
    for method in (Element.clear, Element.remove, Client.remove_all_elements):
        assert 'remove_elements(' in inspect.getsource(method)
    assert 'remove_all_elements()' in inspect.getsource(inspect.unwrap(Client.delete))


def test_the_middleware_that_is_taken_out_does_what_the_layers_do_instead() -> None:
    assert 'X-Forwarded-Prefix' in inspect.getsource(RedirectWithPrefixMiddleware)
    assert 'cache_control_directives' in inspect.getsource(SetCacheControlMiddleware)


def test_an_upload_element_still_takes_anything_from_anybody() -> None:
    """It is why ours goes to a route of its own."""
    text = inspect.getsource(Upload.__init__)
    assert 'max_file_size' in text
    assert 'session' not in text


def test_page_options_reach_the_route_so_that_the_door_can_be_a_dependency() -> None:
    assert 'self.api_router.get(self._path, **self.kwargs)' in inspect.getsource(page.__call__)


def test_sub_pages_build_in_tasks_and_read_parameters_from_the_signature() -> None:
    assert 'PageArguments.build_kwargs(match, self, self._data)' in inspect.getsource(SubPages._render_page)


def test_the_outbox_dies_with_its_client() -> None:
    assert '_should_stop' in inspect.getsource(Outbox.loop)
    assert 'weakref.ref(client)' in inspect.getsource(Outbox.__init__)


def test_props_are_parsed_with_names_that_the_browser_evaluates() -> None:
    """N10: why data never goes into a props string."""
    assert Props.parse('hint="x" :title="alert(1)"')[':title'] == 'alert(1)'


def test_a_local_file_as_an_image_is_published_under_an_address_that_can_be_computed(tmp_path: Path) -> None:
    """N11: why private files are never given to `ui.image` and its like."""
    from nicegui import app, helpers

    file = tmp_path / 'private.png'
    file.write_bytes(b'x')
    address = app.add_static_file(local_file=file)
    try:
        assert address == f'/_nicegui/auto/static/{helpers.hash_file_path(file.resolve())}/private.png'
    finally:
        app.remove_route(address)


def test_the_collector_is_the_generational_one() -> None:
    """Thresholds mean what ui.memory sets with three generations; an incremental collector needs another policy."""
    assert len(gc.get_threshold()) == 3
    assert asyncio.iscoroutinefunction(server._on_connect)

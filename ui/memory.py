"""What NiceGUI leaves behind: closed pages are freed at once, and the collector stops nobody who works.

Measured on NiceGUI 3.18: the props, classes and style of every element hold a bound method of themselves, and a client
keeps the lists of its handlers, whose closures hold the client. So a closed page is freed by a full collection only,
and that walks the heap of everybody: 0.3 to 0.6 s with 400 pages open. Cut on deletion, reference counting frees the
page in the same moment, and full collections can wait until nobody acts.
`tests/contracts/test_nicegui_facts.py` holds the facts that this module stands on against the installed release.
"""

import functools
import gc
import time
from collections.abc import Callable, Iterable
from types import FunctionType, MethodType, SimpleNamespace
from typing import Any

import orjson
import structlog
from nicegui import Client, core
from nicegui.element import Element
from nicegui.helpers import functions
from orjson import Fragment

log = structlog.get_logger(__name__)

YOUNG, MIDDLE = 5_000, 10  # young garbage of requests, some 9 KB a page view, waits for 50,000 objects at most
NEVER = 1_000_000
# What a connection leaves in circles when it ends (uvicorn, engineio) is old by then, so only a full collection takes
# it: after this many seconds, in a pause of this many seconds, which after an hour need not be one.
DUE = ((600.0, 5.0), (1_800.0, 0.5), (3_600.0, 0.0))

_patched = False
_last_event = [time.monotonic()]


def install() -> None:
    """Free closed pages at once from now on; freeze what the start has made, and collect rarely."""
    patch()
    core.app.on_startup(settle)
    core.app.timer(10.0, collect_when_quiet, immediate=False)


def patch() -> None:
    """Change NiceGUI's classes, once a process."""
    global _patched  # noqa: PLW0603  whether the classes of this process are changed is a fact of the process
    if not _patched:
        _patched = True
        _cut_on_removal()
        _remember_signatures()
        _escape_quickly()


def settle() -> None:
    """Collect once, then take all that the import has made out of the collector's sight, and let it run rarely."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, NEVER)


def note_activity() -> None:
    """Note that somebody acts, so that a full collection waits."""
    _last_event[0] = time.monotonic()


_last_full = [time.monotonic()]


def collect_when_quiet() -> None:
    """Run a full collection when one is due; the longer it has waited, the shorter a pause it takes."""
    now = time.monotonic()
    waited, quiet = now - _last_full[0], now - _last_event[0]
    if not any(waited >= since and quiet >= pause for since, pause in DUE):
        return
    _last_full[0] = now
    found = gc.collect()
    log.debug('memory.collected', objects=found, seconds=round(time.monotonic() - now, 3))


def written(value: Any) -> Fragment:
    """Return a value that never changes as its JSON; what many screens hold alike, they hold together.

    A fifth of the memory of the value, and NiceGUI neither watches its parts nor walks through them to send it.
    """
    return _kept(json_of(value))


def json_of(value: Any) -> bytes:
    """Return a value as JSON, no longer than it is: what orjson returns keeps the room that it was written in."""
    return bytes(memoryview(orjson.dumps(value)))


@functools.lru_cache(maxsize=4096)
def _kept(text: bytes) -> Fragment:
    return Fragment(text)


# ------------------------------------------------------------------------------------------------ cycles


def _cut_on_removal() -> None:
    remove_elements, delete = Client.remove_elements, Client.delete

    @functools.wraps(remove_elements)
    def remove_and_cut(self: Client, elements: Iterable[Element]) -> None:
        gone = list(elements)
        remove_elements(self, gone)
        for element in gone:
            cut(element)

    @functools.wraps(delete)
    def delete_and_cut(self: Client) -> None:
        if self.is_deleted:
            return
        for document_id in list(self._delete_tasks):  # it would hold the page until it may delete it a second time
            self._cancel_delete_task(document_id)
        try:
            delete(self)
        finally:
            cut_client(self)

    Client.remove_elements = remove_and_cut  # type: ignore[method-assign]
    Client.delete = delete_and_cut  # type: ignore[method-assign]


def cut(element: Element) -> None:
    """Take from a deleted element what holds it in a circle: change handlers and its own lists of handlers."""
    for part in (element._props, element._classes, element._style):
        part._change_handlers.clear()
    for name, value in list(vars(element).items()):
        if name.endswith('_handlers') and isinstance(value, list | dict):
            value.clear()


def cut_client(client: Client) -> None:
    """Take from a deleted client the lists of its handlers, whose closures hold the client and its elements."""
    for handlers in (
        client.connect_handlers,
        client.disconnect_handlers,
        client.delete_handlers,
        client._exception_handlers,
        client.sub_pages_router._path_changed_handlers,
    ):
        handlers.clear()
    client.outbox.messages.clear()
    client.outbox.message_history.clear()


# ------------------------------------------------------------------------------------------------ signatures


def _remember_signatures() -> None:
    """Read whether a handler takes arguments once per function, not for every element of every page.

    NiceGUI asks `inspect.signature` three times for each element made: a third of the cost of a page.
    """
    plain = functions.expects_arguments
    known: dict[Any, bool] = {}

    @functools.wraps(plain)
    def expects_arguments(func: Callable[..., Any]) -> bool:
        inner: Any = func.__func__ if isinstance(func, MethodType) else func
        if not isinstance(inner, FunctionType) or '__wrapped__' in inner.__dict__ or '__signature__' in inner.__dict__:
            return plain(func)
        # Two closures of one code may have different defaults: `lambda e=e: ...` and none.
        key = (inner.__code__, len(inner.__defaults__ or ()), isinstance(func, MethodType))
        answer = known.get(key)
        if answer is None:
            answer = known[key] = plain(func)
        return answer

    from nicegui import helpers

    functions.expects_arguments = expects_arguments
    helpers.expects_arguments = expects_arguments


# ------------------------------------------------------------------------------------------------ escaping


class Elements(str):
    """The elements of a page as text, which NiceGUI escapes letter by letter; whole replacements take a thirtieth."""

    __slots__ = ()

    def translate(self, table: Any) -> str:
        """Replace each letter of the table; the ampersand stands first in it, so that nothing is escaped twice."""
        text = str(self)
        for letter, instead in table.items():
            text = text.replace(chr(letter), instead)
        return text


def _escape_quickly() -> None:
    """Have the page of a client made of such text: a millisecond of every page."""
    from nicegui import client, json

    def dumps(value: Any) -> Elements:
        return Elements(json.dumps(value))

    client.json = SimpleNamespace(dumps=dumps, loads=json.loads)  # type: ignore[attr-defined,assignment]

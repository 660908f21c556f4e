"""What our components stand on: one Vue component fed with data, whose events reach handlers wrapped by the guard."""

from collections.abc import Awaitable, Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from hashlib import sha256
from types import FunctionType
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import UUID

import orjson
from nicegui import events, ui
from nicegui.context import context
from nicegui.events import GenericEventArguments
from orjson import Fragment

from data.later import Later
from ui.components import texts  # noqa: F401  what the templates say
from ui.guard import EventHandler, action, ui_only
from ui.memory import json_of

Handler = Callable[..., Any]
LONGEST_PATH = 64
AS_THEY_ARE = frozenset({type(None), bool, int, str})


def wired(handler: Handler, payload: Any = None) -> EventHandler:
    """Return a handler that passes through the guard; one that `action` made already is taken as it is."""
    if 'action' in getattr(handler, '__dict__', {}):
        return handler
    return action(handler, payload=payload, again='each')


def plain(value: Any) -> Any:
    """Return a value as the browser's components read it: ids and enums as text, dates in ISO form."""
    if type(value) in AS_THEY_ARE:
        return value
    match value:
        case Later():
            return str(value)
        case None | bool() | int() | str() if not isinstance(value, Enum):
            return value
        case Enum():
            return value.value
        case UUID():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case Chip():
            return value.data
        case dict():
            return {key: plain(inner) for key, inner in value.items()}
        case _ if isinstance(value, Iterable):
            return [plain(inner) for inner in value]
    return str(value)


def draft_place(what: str, *about: Any) -> str:
    """Return where the drafts of something to type in lie: on the page that is open, apart by what it is about."""
    path = urlsplit(context.client.sub_pages_router.current_path).path
    known = [plain(one) for one in about if one]
    told = '-' + _short(orjson.dumps(known, option=orjson.OPT_NON_STR_KEYS)) if known else ''
    if len(path) > LONGEST_PATH:
        path = f'{path[: LONGEST_PATH - 13]}-{_short(path.encode())}'
    return f'{path}#{what[:40]}{told}'


def _short(text: bytes) -> str:
    return sha256(text).hexdigest()[:12]


def look_of(*parts: Any) -> Hashable:
    """Return what is equal for functions of the same code that close over the same words; None over anything else.

    Screens make their functions anew for each page; by this, pages that draw alike know each other.
    """
    try:
        return tuple(_look(part) for part in parts)
    except TypeError:
        return None


def _look(part: Any) -> Hashable:
    match part:
        case None | str() | int() | Enum() | type():
            return type(part), part  # 1 is not True
        case FunctionType():
            closed_over = [one.cell_contents for one in part.__closure__ or ()]
            return part.__code__, *map(_look, (closed_over, part.__defaults__, part.__kwdefaults__))
        case list() | tuple():
            return tuple(_look(one) for one in part)
    raise TypeError(f'{part!r} may differ from page to page.')


@dataclass(frozen=True, slots=True)
class Chip:
    """A state as a word with a dot. Tones: red, amber, green, blue, violet, grey, brand."""

    label: str
    tone: str = 'grey'

    @property
    def data(self) -> dict[str, str]:
        return {'label': str(self.label), 'tone': self.tone}


@dataclass(frozen=True, slots=True)
class Button:
    """A button or link in a head, card, empty state or menu: `href` goes somewhere, `do` is a handler (`actor`)."""

    label: str
    do: Handler | None = None
    href: str | None = None
    icon: str = ''
    primary: bool = False
    danger: bool = False
    quiet: bool = False
    small: bool = False
    menu: bool = False
    """Stands in the menu behind the three dots."""
    download: bool = False
    """Its address leads to a file; where that is refused, the browser shows the reason."""
    create: bool = False
    """The shortcut C presses it."""


class Component(ui.element):
    """A component with one `act` event: `{name, key}`; `name` chooses the handler, `key` is its payload."""

    def __init__(self) -> None:
        super().__init__()
        self._handlers: dict[str, EventHandler] = {}
        self._listens = False

    def _when(self, name: str, handler: Handler | None, payload: Any = None) -> None:
        """Call a handler at the event of a name."""
        if handler is None:
            return
        if not self._listens:
            self.on('act', ui_only(self._dispatch))
            self._listens = True
        self._handlers[name] = wired(handler, payload)

    async def _dispatch(self, event: GenericEventArguments) -> None:
        """Hand an event to the handler of its name; that handler asks the guard."""
        sent = event.args if isinstance(event.args, dict) else {}
        handler = self._handlers.get(str(sent.get('name')))
        if handler is not None:
            result = handler(events.GenericEventArguments(sender=self, client=self.client, args=sent.get('key')))
            if isinstance(result, Awaitable):
                await result

    def _buttons(self, buttons: Iterable[Button], prefix: str = 'button') -> list[dict[str, Any]]:
        """Return what the browser needs of buttons, and wire their handlers."""
        drawn = []
        for index, button in enumerate(buttons):
            name = f'{prefix}-{index} {plain(button.label)}'  # a click on its way to one that has gone reaches no other
            self._when(name, button.do)
            flags = ('primary', 'danger', 'quiet', 'small', 'menu', 'download', 'create')
            drawn.append(
                {'name': name, 'label': plain(button.label), 'icon': button.icon, 'href': button.href}
                | {flag: True for flag in flags if getattr(button, flag)}
            )
        return drawn


class Block(Component, component='blocks.js', dependencies=['layers.js', 'logbook.js', 'symbols.js']):
    """One drawn thing of the kinds in `blocks.js`."""

    is_what_it_shows = True
    """Not so where one listens or keeps something beside; such a one cannot take another's place."""

    def __init__(self, kind: str, data: dict[str, Any], buttons: Iterable[Button] = ()) -> None:
        super().__init__()
        self._props['kind'] = kind
        drawn = self._buttons(buttons)
        self._show(plain(data) | ({'actions': drawn} if drawn else {}))

    def _show(self, data: dict[str, Any]) -> None:
        self._data = json_of(data)
        self._props['data'] = Fragment(self._data)

    def _change(self, **data: Any) -> None:
        self._show(orjson.loads(self._data) | plain(data))
        self.update()

    def is_like(self, other: ui.element) -> bool:
        """Say whether another one is of the same kind, so that this one could show what that one shows."""
        return (
            type(self) is type(other)
            and self.is_what_it_shows
            and self._props['kind'] == other._props['kind']
            and bool(self._handlers) == bool(other._handlers)  # type: ignore[attr-defined]
        )

    def become(self, other: Self) -> None:
        """Show and do what another one does, which nobody has seen."""
        self._handlers = dict(other._handlers)  # what goes is emptied
        if other._data != self._data:
            self._data, self._props['data'] = other._data, other._props['data']
            self.update()

"""Regions that tell the truth now: they are drawn again when rows of the models that they name have changed."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from itertools import product
from typing import Any
from uuid import UUID

from nicegui import background_tasks, ui

from logic.core.errors import AppError
from logic.core.language import current_locale, speak
from logic.core.live import Change, hub
from ui import guard
from ui.components.base import Block
from ui.components.layout import Grid, Narrow, Row, Stack, Text
from ui.guard.pages import read_since

COALESCE_SECONDS = 0.1
CONTAINERS = frozenset({ui.element, Grid, Narrow, Row, Stack, Text})

Draw = Callable[[], Awaitable[Any]]


class Listener:
    """Calls back when rows of the models change, once in `every` seconds at most, for as long as its element lives."""

    def __init__(
        self,
        element: ui.element,
        models: Iterable[type],
        call: Draw,
        *,
        match: Callable[[Change], bool] | None = None,
        every: float = COALESCE_SECONDS,
    ) -> None:
        self._element = element
        self._names = sorted(model.__name__ for model in models)
        self._call = call
        self._match = match
        self._every = every
        self._timer: asyncio.TimerHandle | None = None
        self._fired_at = float('-inf')
        """The first change is seen at once; those that follow wait for their turn."""
        self._running = False
        self._again = False
        self._ends: list[Callable[[], None]] = []
        self._locale = current_locale()
        since = read_since.get()
        self._since = hub.mark() if since is None else since
        background_tasks.create(self._begin(), name='begin to listen', context=element)

    async def _begin(self) -> None:
        actor = await guard.actor_of(self._element.client)
        if not self._element.is_deleted and not self._element.client.is_deleted and self._names:
            places = {
                actor.organization_id,
                None,
            }  # rows that belong to no organization, such as sessions, are told to None
            self._ends = [hub.subscribe(place, self._names, self._changed) for place in places]
            for place, name in product(places, self._names):  # between the reading of what is shown and now
                if hub.has_changed(place, name, self._since):
                    self._changed(Change(place, name))

    def _changed(self, change: Change) -> None:
        if self._match is not None and change.row_id is not None and not self._match(change):
            return
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(max(0.0, self._fired_at + self._every - loop.time()), self._fire)

    def _fire(self) -> None:
        self._timer = None
        self._fired_at = asyncio.get_running_loop().time()
        if self._element.is_deleted:
            self.end()
        elif self._running:
            self._again = True
        else:
            background_tasks.create(self._run(), name='live redraw', context=self._element)

    async def _run(self) -> None:
        self._running = True
        speak(self._locale)  # what wakes us is a task of whoever changed the row, in his language
        try:
            while not self._element.is_deleted:
                self._again = False
                await self._call()
                if not self._again:
                    break
        finally:
            self._running = False

    def end(self) -> None:
        """Stop listening."""
        while self._ends:
            self._ends.pop()()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Region(ui.element, component='region.js'):
    """The place of a live region: the newest drawing shows, the one before it until then."""

    def __init__(self, models: Iterable[type], draw: Draw, match: Callable[[Change], bool] | None) -> None:
        super().__init__()
        self._draw = draw
        self._drawing = asyncio.Lock()
        self._listener: Listener | None = Listener(self, models, self.redraw, match=match)

    def _handle_delete(self) -> None:
        if self._listener is not None:
            self._listener.end()
            self._listener = None  # it holds the region: together they would wait for a full collection
        super()._handle_delete()

    async def redraw(self) -> None:
        """Draw anew beside what is there; what is of the same shape takes over in place, so that an open menu stays
        open and the keyboard where it is. Else the old goes when the new is there, so that nothing flickers.

        What is refused later (the record is gone, the right was taken) is said in place of the region.
        """
        async with self._drawing:
            old = list(self.default_slot.children)
            with self:
                new = ui.element('div').classes('lb-stack')
            if not old:
                self._props['shown'] = new.id
            try:
                with new:
                    await self._draw()
            except AppError as error:
                if not old:
                    raise  # the page is being built; its guard answers
                self._refuse(new, error)
            if self.is_deleted:
                return
            if old and _is_like(old[-1], new):
                _become(old[-1], new)
                new.delete()
                return
            self._props['shown'] = new.id
            for child in old:
                child.delete()
            self.update()

    def _refuse(self, place: ui.element, error: AppError) -> None:
        from ui.components.blocks import Note

        if not place.is_deleted:
            with place.clear():
                Note(error.message, 'amber', 'sym_o_info')


def _is_like(old: ui.element, new: ui.element) -> bool:
    """Say whether two drawings consist of the same parts in the same order."""
    if not (old.is_like(new) if isinstance(old, Block) else type(old) is type(new) and type(old) in CONTAINERS):
        return False
    below = old.default_slot.children, new.default_slot.children
    return len(below[0]) == len(below[1]) and all(map(_is_like, *below))


def _become(old: ui.element, new: ui.element) -> None:
    if isinstance(old, Block) and isinstance(new, Block):
        old.become(new)
    elif old._text != new._text:
        old._text = new._text
        old.update()
    for one, other in zip(old.default_slot.children, new.default_slot.children, strict=True):
        _become(one, other)


async def live(*models: type, draw: Draw, match: Callable[[Change], bool] | None = None) -> Region:
    """Draw a region now and whenever rows of these models change in the organization. It holds no inputs.

    `draw` takes nothing, fetches and draws (`actor = await guard.current_actor()` inside, so that rights are today's).
    `match(change)` narrows to some rows: `lambda change: change.row_id == member_id`.
    """
    region = Region(models, draw, match)
    await region.redraw()
    return region


def watch(*models: type, call: Draw, match: Callable[[Change], bool] | None = None) -> Listener:
    """Call back at changes instead of drawing: for components with a `change()` method. Ends with the current place."""
    anchor = Anchor()
    listener = Listener(anchor, models, call, match=match)
    anchor.listener = listener
    return listener


class RowListener(Listener):
    """Calls back with the ids of the rows that changed since it did; None is among them when many did at once."""

    def __init__(
        self, element: ui.element, models: Iterable[type], call: Callable[[set[UUID | None]], Awaitable[Any]]
    ) -> None:
        self._ids: set[UUID | None] = set()
        self._told = call
        super().__init__(element, models, self._tell)

    def _changed(self, change: Change) -> None:
        self._ids.add(change.row_id)
        super()._changed(change)

    async def _tell(self) -> None:
        ids, self._ids = self._ids, set()
        if ids:
            await self._told(ids)


def watch_rows(*models: type, call: Callable[[set[UUID | None]], Awaitable[Any]]) -> RowListener:
    """Call back with the ids of changed rows: for components that change a row at a time. Ends with the place."""
    anchor = Anchor()
    anchor.listener = listener = RowListener(anchor, models, call)
    return listener


class Anchor(ui.element):
    """An empty element whose end ends a listener."""

    def __init__(self) -> None:
        super().__init__('template')
        self.listener: Listener | None = None

    def _handle_delete(self) -> None:
        if self.listener is not None:
            self.listener.end()
            self.listener = None
        super()._handle_delete()

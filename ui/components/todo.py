"""Lines to tick off: tasks, the steps of a checklist, the parts of a task."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from logic.core.actor import Actor
from logic.core.errors import AppError
from logic.core.formats import time_text
from logic.core.language import later
from ui.components.adding import Adding, Typed
from ui.components.base import Chip, draft_place, plain
from ui.components.board import CardAction


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """A line. `due` is a day, or wall-clock time where the reader is; `without` names what its menu leaves out."""

    id: UUID
    title: str
    href: str = ''
    detail: str = ''
    done: bool = False
    due: date | datetime | None = None
    late: bool = False
    chips: Sequence[Chip] = ()
    people: Sequence[str] = ()
    without: Sequence[str] = ()

    @property
    def data(self) -> dict[str, Any]:
        """The line as the browser reads it."""
        data = {name: plain(getattr(self, name)) for name in self.__slots__ if getattr(self, name)}
        if isinstance(self.due, datetime):
            data |= {'due': self.due.date().isoformat(), 'time': time_text(self.due.time())}
        return data


class Tick(BaseModel):
    """A line was ticked, or is not done after all."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    id: UUID
    done: bool


class Place(BaseModel):
    """A line goes right after another one; first with None."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    id: UUID
    after: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TodoHandlers:
    """What is offered: each may be None. `tick(actor, Tick)`, `add(actor, text)`, `move(actor, Place)`."""

    tick: Callable[..., Awaitable[Any]] | None = None
    add: Callable[..., Awaitable[Any]] | None = None
    move: Callable[..., Awaitable[Any]] | None = None
    menu: Sequence[CardAction] = ()


class Todos(Adding, component='todo.js', dependencies=['logbook.js', 'symbols.js', 'drafts.js', 'adding.js']):
    """A list of lines; a tick shows at once, and goes when it was refused."""

    def __init__(
        self,
        label: str,
        lines: Iterable[Todo],
        handlers: TodoHandlers,
        *,
        add_label: str = later('Add'),
        empty: str = '',
    ) -> None:
        super().__init__()
        self._tick, self._add = handlers.tick, handlers.add
        self._place = self._props['place'] = draft_place('Todos', str(label)) if handlers.add else ''
        self._props.update({'label': str(label), 'addLabel': str(add_label), 'empty': str(empty)})
        self._props.update({'tickable': handlers.tick is not None, 'addable': handlers.add is not None})
        self._props['movable'] = handlers.move is not None
        self._when('tick', self._ticked if handlers.tick else None, Tick)
        self._when('add', self._adds if handlers.add else None, Typed)
        self._when('move', handlers.move, Place)
        self._props['menus'] = []
        for index, one in enumerate(handlers.menu):
            self._when(f'menu-{index}', one.do, UUID)
            self._props['menus'].append(
                {'name': f'menu-{index}', 'label': str(one.label), 'icon': one.icon, 'danger': one.danger}
            )
        self.change(lines)

    def change(self, lines: Iterable[Todo]) -> None:
        """Show other lines."""
        self._props['items'] = [line.data for line in lines]
        self.update()

    async def _ticked(self, actor: Actor, tick: Tick) -> None:
        assert self._tick is not None
        try:
            await self._tick(actor, tick)
        except AppError:
            self.run_method('untick', str(tick.id))
            raise

    async def _adds(self, actor: Actor, sent: Typed) -> None:
        assert self._add is not None
        async with self._adding(actor, self._place, sent.key) as once:
            await self._add(once, sent.text)

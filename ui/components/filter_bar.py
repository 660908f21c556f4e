"""Search and filter chips above what is no list, such as a board; what is asked for is kept in the address."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from logic.core.actor import Actor
from logic.core.language import later
from logic.core.listing import ListQuery
from ui import shell
from ui.components.base import Component, plain
from ui.components.columns import Filter
from ui.components.list_state import ListState
from ui.memory import written


class FilterBar(Component, component='filter_bar.js', dependencies=['filters.js', 'logbook.js', 'symbols.js']):
    """What is asked for, in `query`; `call()` is called whenever that changes, and is to `show` how much it found."""

    def __init__(
        self,
        filters: Sequence[Filter],
        call: Callable[[], Awaitable[Any]],
        *,
        search: str = later('Search'),
        noun: tuple[str, str] = (later('row'), later('rows')),
    ) -> None:
        super().__init__()
        self._state = ListState(shell.query(), '', ListQuery(), filters, {''})
        self.query = self._state.read()
        self._filters = {one.name: one for one in filters}
        self._props.update({'searchLabel': str(search), 'noun': plain(noun), 'found': None})
        self._draw()

        async def ask(actor: Actor, asked: ListQuery) -> None:  # noqa: ARG001  the guard asks for it
            self.query = self._state.held(asked)
            self._state.write(self.query, view=self._state.view or None)  # a calendar's, where there is one
            await call()

        self._when('state', ask, ListQuery)

    @property
    def is_on(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.query.q or self.query.filters)

    def show(self, found: int) -> None:
        """Say how many were found."""
        self._props['found'] = found
        self._draw()
        self.update()

    def offer(self, name: str, options: Iterable[tuple[UUID, str]]) -> None:
        """Offer more options of a filter, after those that it has; what was offered once stays."""
        known = {str(value) for value, *_ in self._filters[name].options}
        if more := [option for option in dict.fromkeys(options) if str(option[0]) not in known]:
            self._filters[name] = replace(self._filters[name], options=[*self._filters[name].options, *more])
            self._draw()
            self.update()

    def _draw(self) -> None:
        self._props['filters'] = written([one.data for one in self._filters.values()])
        self._props['state'] = self.query.model_dump()

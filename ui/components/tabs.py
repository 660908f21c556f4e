"""Tabs that are drawn when they are opened, the open one in the address."""

import itertools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from ui import shell
from ui.components.base import Block

_ids = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab; `draw()` is an async function that fetches and draws."""

    name: str
    label: str
    draw: Callable[[], Awaitable[Any]]
    count: int = 0


class Tabs(Block):
    """`await Tabs('Record', [Tab('overview', 'Overview', draw_overview), ...]).open()`; `?tab=jobs` opens another."""

    is_what_it_shows = False

    def __init__(self, label: str, tabs: Sequence[Tab]) -> None:
        self._tabs = {tab.name: tab for tab in tabs}
        self._query = shell.query()
        asked = self._query.get('tab')
        self.chosen = asked if asked in self._tabs else tabs[0].name
        drawn = self._drawn()
        super().__init__('tabs', {'label': label, 'tabs': drawn, 'chosen': self.chosen, 'id': f'lb-tabs-{next(_ids)}'})
        self._when('choose', self._choose, Literal[tuple(self._tabs)])

    def _drawn(self) -> list[dict[str, Any]]:
        return [{'name': tab.name, 'label': tab.label, 'count': tab.count} for tab in self._tabs.values()]

    def count(self, name: str, count: int) -> None:
        """Show another count beside a tab."""
        self._tabs[name] = replace(self._tabs[name], count=count)
        self._change(tabs=self._drawn())

    async def _choose(self, name: str) -> None:
        first = next(iter(self._tabs))
        self.chosen = name
        self._query.set(tab=None if name == first else name)
        self._change(chosen=name)
        await self.open()

    async def open(self) -> 'Tabs':
        """Draw the open tab."""
        chosen = self.chosen
        self.clear()
        with self:
            await self._tabs[chosen].draw()
        return self

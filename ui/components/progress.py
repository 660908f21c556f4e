"""A progress bar of work that goes on in the server, whoever looks."""

from collections.abc import Callable
from typing import Protocol

from nicegui import background_tasks

from ui import shell
from ui.components.base import Block


class Told(Protocol):
    """Something that tells its listeners when it has changed."""

    listeners: set[Callable[[], None]]


class Progress(Block):
    """Shows how far something is, and draws the screen anew when it is through."""

    is_what_it_shows = False

    def __init__(
        self, label: str, source: Told, measure: Callable[[], tuple[int, int]], is_going: Callable[[], bool]
    ) -> None:
        self._source, self._measure, self._is_going, self._shown = source, measure, is_going, -1
        super().__init__('progress', {'label': label, 'percent': 0})
        source.listeners.add(self._told)
        self._told()

    def _told(self) -> None:
        if self.is_deleted:
            self._source.listeners.discard(self._told)
            return
        if not self._is_going():
            self._source.listeners.discard(self._told)
            background_tasks.create(shell.refresh(), name='the end of a progress', context=self)
            return
        done, total = self._measure()
        percent = 100 * done // total if total else 0
        if percent != self._shown:
            self._shown = percent
            self._change(percent=percent)

    def _handle_delete(self) -> None:
        self._source.listeners.discard(self._told)
        super()._handle_delete()

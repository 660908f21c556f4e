"""What the toasts of a page offer to do: taking back what was done, or going on from it."""

import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from logic.core.actor import Actor

Undo = Callable[[Actor], Awaitable[Any]]


@dataclass(slots=True)
class Undos:
    """What can still be taken back, by the number of its button."""

    numbers: 'itertools.count[int]' = field(default_factory=lambda: itertools.count(1))
    waiting: dict[int, Undo] = field(default_factory=dict)

    def add(self, undo: Undo) -> int:
        number = next(self.numbers)
        self.waiting[number] = undo
        for old in [n for n in self.waiting if n <= number - 5]:
            del self.waiting[old]
        return number

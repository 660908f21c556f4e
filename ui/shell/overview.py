"""What the frame shows of an account: needed at every page load, so it is kept until a change of it is published."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from logic.core.actor import Actor
from logic.core.live import Change, hub
from ui.shell.sources import Count, Department, Pinned, sources

KEEP_SECONDS = 30.0
"""Bounds what a change that nobody publishes, such as a file edited by hand, can hide."""
MOST = 2000
Key = tuple[UUID | None, UUID | None, frozenset[str], frozenset[str], str]
"""Account, organization, permissions, modules that are off, locale."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What the frame shows beside the screens."""

    unread: int
    theme: str
    detail: str
    departments: Sequence[Department]
    may_found: bool
    counts: dict[str, Count]
    pins: Sequence[Pinned]
    tips: Sequence[str]


class Kept:
    """Overviews by account, organization and rights, dropped when one of the watched models changes there."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, tuple[float, Overview]] = OrderedDict()
        self._keys: dict[UUID | None, set[Key]] = {}
        self._listening: set[UUID | None] = set()
        self._generation = 0

    async def get(self, actor: Actor) -> Overview:
        """Return the overview of an actor."""
        key = (actor.account_id, actor.organization_id, actor.permissions, actor.modules_off, actor.locale)
        found = self._kept.get(key)
        if found is not None and found[0] > time.monotonic():
            return found[1]
        self._listen(actor.organization_id)
        generation = self._generation
        overview = await _read(actor)
        if generation == self._generation:  # else something changed while it was read
            self._kept[key] = (time.monotonic() + KEEP_SECONDS, overview)
            self._keys.setdefault(actor.organization_id, set()).add(key)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return overview

    def forget(self) -> None:
        """Drop everything; for what an account changed of itself, which is rare."""
        self._generation += 1
        self._kept.clear()
        self._keys.clear()

    def forget_account(self, actor: Actor) -> None:
        """Drop what is kept of one account; for what it changed of itself."""
        self._generation += 1
        for key in [key for key in self._keys.get(actor.organization_id, ()) if key[0] == actor.account_id]:
            self._keys[actor.organization_id].discard(key)
            self._kept.pop(key, None)

    def _listen(self, organization_id: UUID | None) -> None:
        names = sorted(sources.watch | sources.own | sources.bell)
        for place in {organization_id, None} - self._listening:
            self._listening.add(place)
            hub.subscribe(place, names, self._changed)

    def _changed(self, change: Change) -> None:
        self._generation += 1
        if change.organization_id is None:
            self.forget()
            return
        for key in self._keys.pop(change.organization_id, set()):
            self._kept.pop(key, None)


async def _read(actor: Actor) -> Overview:
    unread, theme, detail, departments, may_found, pins, tips, parts = await asyncio.gather(
        sources.unread(actor),
        sources.theme(actor),
        sources.account_detail(actor),
        sources.departments(actor),
        sources.may_found(actor),
        sources.pins(actor),
        sources.tips(actor),
        asyncio.gather(*(count(actor) for count in sources.counts)),
    )
    counts: dict[str, Count] = {}
    for part in parts:
        counts.update(part)
    return Overview(unread, theme, detail, departments, may_found, counts, pins, tips)


kept = Kept()

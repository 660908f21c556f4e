"""Presence: who else has a record open now, who is writing there, and who is about to change it.

It is stored nowhere: each node keeps its own pages in memory and, where there is Redis, tells the others every few
seconds. Only people who may see the record appear, and only to others who may.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from data.members import Member
from logic.core import records
from logic.core.actor import ActorKind
from logic.core.domain import Domain
from logic.core.errors import Denied
from logic.core.live import Change, hub
from logic.core.service import SIGNED_IN, query
from logic.core.work import Work

domain = Domain(
    'presence', title='Presence', icon='sym_o_group', group='Platform', description='Who has the same record open.'
)
TOPIC = 'presence'
WRITING_SECONDS = 6.0
AGAIN_SECONDS = 15.0
"""How often a node tells the others of its pages."""
EXPIRES_SECONDS = 40.0
"""After this a page of another node that was not told of again is gone."""


class Presence:
    """Names, to the live hub, the presence at a record; its id is the record's."""


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody who has a record open."""

    member_id: UUID
    name: str
    photo_file_id: UUID | None
    writing_seconds: float
    """For how long he still counts as writing; 0 when he is not."""
    is_changing: bool


@dataclass(slots=True)
class Seat:
    """One page at a record. Instants are of this process's monotonic clock."""

    page: str
    organization_id: str
    record: str
    record_id: str
    member_id: str
    name: str
    photo_file_id: str
    writing_until: float = 0.0
    is_changing: bool = False
    expires_at: float = float('inf')

    @property
    def place(self) -> tuple[str, str, str]:
        """The record that it is at."""
        return (self.organization_id, self.record, self.record_id)


class House:
    """All pages that this node knows of, its own and those that other nodes told of."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seats: dict[str, Seat] = {}
        self._at: dict[tuple[str, str, str], dict[str, Seat]] = defaultdict(dict)
        self._said_at = float('-inf')

    def sit(self, seat: Seat) -> None:
        """Note that a page is open at a record."""
        self._put(seat)
        self._tell(seat)

    def rise(self, page: str) -> None:
        """Note that a page is gone."""
        seat = self._take(page)
        if seat is not None:
            hub.say(TOPIC, {'gone': page})

    def mark(self, page: str, *, writing: bool | None = None, changing: bool | None = None) -> None:
        """Note that somebody writes, or is about to change the record, or does so no more."""
        seat = self._seats.get(page)
        if seat is None:
            return
        if writing is not None:
            seat.writing_until = self._clock() + WRITING_SECONDS if writing else 0.0
        if changing is not None:
            seat.is_changing = changing
        self._tell(seat)
        self._deliver(seat)

    def at(self, place: tuple[str, str, str]) -> list[Seat]:
        """Return the pages that are at a record now."""
        self.expire()
        return list(self._at.get(place, {}).values())

    def writing_seconds(self, seat: Seat) -> float:
        """Return for how long somebody still counts as writing."""
        return max(0.0, seat.writing_until - self._clock())

    def expire(self) -> None:
        """Forget the pages of other nodes that were not told of for a while, and tell of our own again."""
        present = self._clock()
        for page in [page for page, seat in self._seats.items() if seat.expires_at < present]:
            self._take(page)
        if present - self._said_at >= AGAIN_SECONDS:
            self._said_at = present
            for seat in self._seats.values():
                if seat.expires_at == float('inf'):
                    self._tell(seat)

    def hear(self, words: dict[str, Any]) -> None:
        """Take what another node tells."""
        if 'gone' in words:
            self._take(str(words['gone']))
            return
        left = float(words.pop('writing_left'))
        seat = Seat(**words, expires_at=self._clock() + EXPIRES_SECONDS)
        seat.writing_until = self._clock() + left if left else 0.0
        self._put(seat)

    def clear(self) -> None:
        """Forget all."""
        self._seats.clear()
        self._at.clear()

    def _tell(self, seat: Seat) -> None:
        words = asdict(seat) | {'writing_left': self.writing_seconds(seat)}
        del words['writing_until'], words['expires_at']
        hub.say(TOPIC, words)

    def _put(self, seat: Seat) -> None:
        known = self._seats.get(seat.page)
        if known is not None and known.place != seat.place:
            self._take(seat.page)
        self._seats[seat.page] = self._at[seat.place][seat.page] = seat
        is_news = known is None or (known.writing_until, known.is_changing) != (seat.writing_until, seat.is_changing)
        if is_news:
            self._deliver(seat)

    def _take(self, page: str) -> Seat | None:
        seat = self._seats.pop(page, None)
        if seat is not None:
            there = self._at[seat.place]
            there.pop(page, None)
            if not there:
                del self._at[seat.place]
            self._deliver(seat)
        return seat

    @staticmethod
    def _deliver(seat: Seat) -> None:
        hub.deliver([Change(UUID(seat.organization_id), Presence.__name__, UUID(seat.record_id))])


async def keep() -> None:
    """Tell the other nodes of our pages for as long as this node runs, and forget those of nodes that fell silent."""
    while True:
        await asyncio.sleep(AGAIN_SECONDS)
        house.expire()


house = House()
hub.hear(TOPIC, house.hear)


@query(SIGNED_IN)
async def enter(work: Work, record: str, record_id: UUID, page: str) -> None:
    """Note that the actor has a record open on a page. Raises NotFound for a record that he may not see."""
    await records.see(work, record, record_id)
    actor = work.actor
    if actor.member_id is None or actor.kind is not ActorKind.ACCOUNT:
        raise Denied('Only people are present.')
    member = await work.get(Member, actor.member_id)
    place = (str(work.organization_id), record, str(record_id))
    house.sit(Seat(page, *place, str(member.id), member.name, str(member.photo_file_id or '')))


@query(SIGNED_IN)
async def others(work: Work, record: str, record_id: UUID) -> list[Here]:
    """Return who else has a record open, each once, by name. Raises NotFound for one that the actor may not see."""
    await records.see(work, record, record_id)
    found: dict[str, Here] = {}
    for seat in house.at((str(work.organization_id), record, str(record_id))):
        if seat.member_id == str(work.actor.member_id):
            continue
        before = found.get(seat.member_id)
        found[seat.member_id] = Here(
            UUID(seat.member_id), seat.name, UUID(seat.photo_file_id) if seat.photo_file_id else None,
            max(house.writing_seconds(seat), before.writing_seconds if before else 0.0),
            seat.is_changing or (before is not None and before.is_changing),
        )  # fmt: skip
    return sorted(found.values(), key=lambda here: here.name)

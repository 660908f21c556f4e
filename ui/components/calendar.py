"""A calendar: month, week, days and agenda of what has a date; its view and day are in the address."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from logic.core.actor import Actor
from logic.core.errors import AppError, Invalid
from ui import guard, shell
from ui.components.base import Component, Handler
from ui.components.live import watch
from ui.theme import asset

LONGEST = timedelta(days=62)
"""A month shows six weeks; nobody asks for more than this at once."""


class CalendarView(StrEnum):
    """How much of the calendar shows."""

    MONTH = 'month'
    WEEK = 'week'
    DAYS = 'days'
    """Three of them: what a phone shows in place of a week, and a desk as the week of the first."""
    AGENDA = 'agenda'


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEvent:
    """What lies in the calendar. A day, or wall-clock times in the zone of the reader; tones as of chips."""

    id: UUID
    title: str
    start: date | datetime
    end: datetime | None = None
    href: str = ''
    tone: str = 'blue'
    done: bool = False
    movable: bool = True

    @property
    def data(self) -> dict[str, Any]:
        """The event as the browser reads it: its times without a zone."""
        timed = isinstance(self.start, datetime)
        end = self.end if self.end and timed else self.start
        if timed and end == self.start:
            end = self.start + timedelta(minutes=30)
        return {
            'id': str(self.id), 'title': self.title, 'allDay': not timed, 'start': _naive(self.start),
            'end': _naive(end), 'editable': self.movable,
            'extendedProps': {
                'href': self.href, 'tone': self.tone, 'done': self.done, 'ends': self.end not in (None, self.start),
            },
        }  # fmt: skip


def _naive(when: date | datetime) -> str:
    return f'{when:%Y-%m-%dT%H:%M:%S}' if isinstance(when, datetime) else when.isoformat()


class Span(BaseModel):
    """What the browser shows: the days from `first` to before `until`."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    view: CalendarView
    on: date
    first: date
    until: date


class Shift(BaseModel):
    """An event goes to another day, or another wall-clock time."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    id: UUID
    start: datetime
    all_day: bool


Fetch = Callable[[Actor, date, date], Awaitable[Sequence[CalendarEvent]]]


class Calendar(Component, component='calendar.js', dependencies=['logbook.js', 'symbols.js']):
    """Month, week and agenda; the agenda comes first on a phone, which shows three days for a week.

    `fetch(actor, first, until)` gives what lies in those days. `move(actor, Shift)` takes a drag, or Alt and an arrow
    key; what it raises puts the event back. `live` names the models whose changes show at once.
    """

    def __init__(self, label: str, fetch: Fetch, *, move: Handler | None = None, live: Sequence[type] = ()) -> None:
        super().__init__()
        self._fetch = fetch
        self._move = move
        self._query = shell.query()
        self._span: Span | None = None
        wanted = self._query.get('view')
        self._props.update({'label': str(label), 'movable': move is not None, 'events': []})
        self._props['view'] = wanted if wanted in list(CalendarView) else ''
        self._props['on'] = _day(self._query.get('on'))
        self._props['library'] = [asset(f'vendor/event-calendar.min.{kind}') for kind in ('js', 'css')]
        self._when('range', self._range, Span)
        self._when('move', self._shift if move else None, Shift)
        if live:
            watch(*live, call=self.refresh)

    async def _range(self, actor: Actor, span: Span) -> None:
        if not span.first <= span.on <= span.until or span.until - span.first > LONGEST:
            raise Invalid('These days cannot be shown together. Choose a month or a week.')
        self._span = span
        self._query.set(view=span.view, on=span.on.isoformat())
        await self._load(actor, span)

    async def _shift(self, actor: Actor, shift: Shift) -> None:
        assert self._move is not None
        try:
            await self._move(actor, shift)
        except AppError:
            self.update()  # the event lies where it lay
            raise

    async def refresh(self) -> None:
        """Fetch again what is shown."""
        if self._span is not None:
            await self._load(await guard.current_actor(), self._span)

    async def _load(self, actor: Actor, span: Span) -> None:
        self._props['events'] = [event.data for event in await self._fetch(actor, span.first, span.until)]
        self.update()


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ''

"""Who else has this record open, who is writing there, and a soft warning before two change it at once."""

import hashlib
from pathlib import Path
from typing import Any
from uuid import UUID

from nicegui import Client, background_tasks

from logic import notifications, presence
from logic.core.errors import AppError
from logic.presence import Here, Presence
from ui import guard
from ui.components.base import Component, plain
from ui.components.live import Listener
from ui.memory import written

HOME = Path(__file__).resolve().parents[1]
SHOWN = 8
"""How many are named; who writes or changes comes first. The rest are counted: a hundred may look at one record."""

EVERY_SECONDS = 1.0
"""Each who comes makes everybody ask who is there: forty who open one record together ask eight hundred times."""


class HereLine(Component, component=HOME / 'here.js', dependencies=[HOME / 'logbook.js', HOME / 'symbols.js']):
    """One line at the head of a record; it sits down at the record when it is drawn, and rises when it goes."""

    def __init__(self, record: str, record_id: UUID) -> None:
        super().__init__()
        self._record, self._record_id = record, record_id
        self._props.update({'people': (), 'more': 0, 'beat': 0})
        self._listener: Listener | None = Listener(
            self, [Presence], self.load, match=lambda change: change.row_id == record_id, every=EVERY_SECONDS
        )
        self.client.on_disconnect(self._away)
        self.client.on_connect(self.sit_soon)

    @property
    def page(self) -> str:
        """The name of this page among those at the record."""
        return page_of(self.client)

    async def load(self) -> None:
        """Fetch who is here."""
        actor = await guard.actor_of(self.client)
        self._show(await presence.others(actor, self._record, self._record_id))

    async def sit(self) -> None:
        """Take a seat at the record, and see who sits there; what the bell says of the record is read with that."""
        actor = await guard.actor_of(self.client)
        await presence.enter(actor, self._record, self._record_id, self.page)
        self._show(await presence.others(actor, self._record, self._record_id))
        await notifications.mark_record_read(actor, self._record, self._record_id)

    def _show(self, people: list[Here]) -> None:
        if self.is_deleted:
            return
        first = sorted(people, key=lambda one: not (one.is_changing or one.writing_seconds))[:SHOWN]
        self._props.update({'people': written([drawn(one) for one in first]), 'more': len(people) - len(first)})
        self._props['beat'] += 1
        self.update()

    def _away(self) -> None:
        presence.house.rise(self.page)

    def sit_soon(self) -> None:
        """Take a seat beside what goes on; whoever waits for the page does not wait for that."""
        if not self.is_deleted:
            background_tasks.create(self._sit(), name='sit down at a record', context=self)

    async def _sit(self) -> None:
        try:
            await self.sit()
        except AppError:
            self._show([])  # the right was taken meanwhile

    def _handle_delete(self) -> None:
        presence.house.rise(self.page)
        if self._listener is not None:
            self._listener.end()
            self._listener = None
        super()._handle_delete()


def drawn(one: Here) -> dict[str, Any]:
    """Return somebody as the browser draws him."""
    photo = f'/files/{one.photo_file_id}' if one.photo_file_id else None
    return plain({'name': one.name, 'photo': photo, 'typing': one.writing_seconds, 'changing': one.is_changing})  # type: ignore[no-any-return]


def page_of(client: Client) -> str:
    """Return the name under which a page sits at records."""
    return hashlib.sha256(client.id.encode()).hexdigest()[:24]  # the id itself opens the page's socket


async def here(record: str, record_id: UUID) -> HereLine:
    """Draw who else has this record open."""
    line = HereLine(record, record_id)
    if line.client.has_socket_connection:  # a screen of a page that is open; a new page sits down when it is alive
        line.sit_soon()
    return line


def writing(client: Client, is_writing: bool = True) -> None:
    """Note that somebody writes on this page."""
    presence.house.mark(page_of(client), writing=is_writing)


def changing(client: Client, is_changing: bool = True) -> None:
    """Note that somebody is about to change the record of this page, if it is one of a record, or is not any more."""
    presence.house.mark(page_of(client), changing=is_changing)

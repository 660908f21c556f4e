"""What hangs on a record, drawn: its comments, files and links, and the switch by which one watches it."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from logic import furniture as rules
from logic import links, watchers
from logic.core.actor import Actor
from logic.core.language import _, many
from logic.links import LinkedRecord, LinksOf
from logic.watchers import WatchersOf, Watching
from ui import guard
from ui.components.attachments import Attachments
from ui.components.base import Block, Component, plain
from ui.components.blocks import Card, place
from ui.components.furniture.comments import HOME, SHARED, Comments, end_listening, of_record
from ui.components.layout import Grid, Stack
from ui.components.live import Listener
from ui.components.toast import toast


class Picked(BaseModel):
    """A record that somebody picked."""

    model_config = ConfigDict(extra='forbid')

    record: str = Field(max_length=40)
    record_id: UUID


class Links(Component, component=HOME / 'record_links.js', dependencies=SHARED):
    """The records that belong to one, live, with a picker."""

    def __init__(self, record: str, record_id: UUID, found: list[LinkedRecord], *, may: bool) -> None:
        super().__init__()
        self._at = (record, record_id)
        self._props['may'] = may
        self._show(found)
        self._when('add', self._add, Picked)
        self._when('remove', self._remove, UUID)
        self._when('find', guard.action(self._find, payload=str, again='latest'))
        self._listener: Listener | None = Listener(self, [LinksOf], self.load, match=of_record(record_id))

    def _handle_delete(self) -> None:
        end_listening(self)
        super()._handle_delete()

    async def load(self) -> None:
        """Fetch the links anew."""
        found = await links.list_links(await guard.actor_of(self.client), *self._at)
        if not self.is_deleted:
            self._show(found)

    def _show(self, found: list[LinkedRecord]) -> None:
        self._props['items'] = [
            plain({'id': one.id, 'title': one.title, 'label': one.label, 'icon': one.icon, 'href': one.href})
            for one in found
        ]
        self.update()

    async def _add(self, actor: Actor, picked: Picked) -> None:
        await links.add_link(actor, *self._at, picked.record, picked.record_id)

    async def _remove(self, actor: Actor, link_id: UUID) -> None:
        far = await links.remove_link(actor, *self._at, link_id)

        async def undo(actor: Actor) -> None:
            await links.add_link(actor, *self._at, *far)

        toast(_('Link removed.'), undo=undo)

    async def _find(self, actor: Actor, text: str) -> None:
        found = await links.find_records(actor, *self._at, text[:100])
        shown = [
            plain({'record': one.record, 'id': one.record_id, 'title': one.title, 'label': one.label, 'icon': one.icon})
            for one in found
        ]
        self.run_method('offer', text, shown)


class Turned(BaseModel):
    """A switch that was turned."""

    model_config = ConfigDict(extra='forbid')

    name: str = Field(max_length=20)
    on: bool


class WatchSwitch(Block):
    """One switch: to be told what happens here, or not."""

    is_what_it_shows = False

    def __init__(self, record: str, record_id: UUID, state: Watching) -> None:
        super().__init__('switches', {'items': [_switch(state)]})
        self._at = (record, record_id)
        self._when('switch', self._turn, Turned)
        self._listener: Listener | None = Listener(self, [WatchersOf], self.load, match=of_record(record_id))

    def _handle_delete(self) -> None:
        end_listening(self)
        super()._handle_delete()

    async def load(self) -> None:
        """Fetch the state anew."""
        state = await watchers.watching(await guard.actor_of(self.client), *self._at)
        if not self.is_deleted:
            self._change(items=[_switch(state)])

    async def _turn(self, actor: Actor, turned: Turned) -> None:
        await watchers.set_watching(actor, *self._at, turned.on)
        await self.load()


def _switch(state: Watching) -> dict[str, Any]:
    why = (
        _('On, because {reason}.', reason=state.reason.label)
        if state.reason
        else _('Off: you are told only when you are mentioned.')
    )
    others = many('{count} other watches this.', '{count} others watch this.', state.others) if state.others else ''
    detail = f'{why} {others}'.rstrip()
    return {'name': 'watch', 'label': _('Tell me what happens here'), 'detail': detail, 'on': state.is_on}


async def furniture(record: str, record_id: UUID) -> None:
    """Draw the comments, files and links of a record, and the switch by which one watches it."""
    actor = await guard.current_actor()
    found = await rules.of_record(actor, record, record_id)
    with Grid():
        Comments(actor, record, record_id, found)
        with Stack() as column:
            place(column, 4)
            with Card(_('Watching')):
                WatchSwitch(record, record_id, found.watching)
            Attachments(record, record_id, found.files)
            Links(record, record_id, found.links, may=found.may_edit)

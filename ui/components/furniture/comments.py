"""What hangs on a record, drawn: its comments, its links, and the switch by which one watches it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from logic import comments, drafts, links, watchers
from logic import furniture as rules
from logic.comments import CommentInput, CommentsOf, CommentView
from logic.core.actor import Actor
from logic.core.language import _, many
from logic.core.listing import ListQuery
from logic.core.live import Change
from logic.furniture import STEP, Furniture
from logic.links import LinkedRecord, LinksOf
from logic.watchers import WatchersOf, Watching
from ui import guard
from ui.components.attachments import Attachments
from ui.components.base import Block, Component, plain
from ui.components.blocks import Card, place
from ui.components.furniture.here import writing
from ui.components.layout import Grid, Stack
from ui.components.live import Listener
from ui.components.toast import toast

HOME = Path(__file__).resolve().parents[1]
SHARED: list[str | Path] = [HOME / 'logbook.js', HOME / 'symbols.js']


class Sent(BaseModel):
    """A comment as it was typed."""

    model_config = ConfigDict(extra='forbid')

    body: str = Field(max_length=40_000)


class Edited(Sent):
    """A comment as it was typed anew."""

    id: UUID
    version: int = Field(ge=1)


class Asked(BaseModel):
    """The beginning of a name, behind an @."""

    model_config = ConfigDict(extra='forbid')

    text: str = Field(max_length=60)
    number: int = Field(ge=0, le=1_000_000)
    where: str = Field(default='', max_length=40)


class Comments(Component, component=HOME / 'comments.js', dependencies=[*SHARED, HOME / 'writing.js']):
    """The comments of a record, live; what somebody is writing there is kept by the server as his draft."""

    def __init__(self, record: str, record_id: UUID, found: Furniture) -> None:
        super().__init__()
        place(self, 8)
        self._at = (record, record_id)
        self._shown = STEP
        self._props.update({'audience': found.audience, 'draft': found.draft, 'may': True, 'sent': 0, 'notes': []})
        self._show(found.comments.rows, found.comments.total)
        for name, handler, payload in (
            ('send', self._send, Sent), ('edit', self._edit, Edited), ('delete', self._delete, UUID),
            ('restore', self._restore, UUID), ('earlier', self._earlier, UUID), ('draft', self._draft, Sent),
            ('find', self._find, Asked),
        ):  # fmt: skip
            self._when(name, guard.action(handler, payload=payload, again='latest' if name in LATEST else 'drop'))
        self._when('older', self._older)
        self._when('typing', self._typing)
        self._listener: Listener | None = Listener(self, [CommentsOf], self.load, match=_of(record_id))

    def _handle_delete(self) -> None:
        _end(self)
        super()._handle_delete()

    async def load(self) -> None:
        """Fetch the comments anew."""
        actor = await guard.actor_of(self.client)
        asked = ListQuery(page_size=min(100, self._shown))
        page = await comments.list_comments(actor, *self._at, asked)
        if not self.is_deleted:
            self._show(page.rows, page.total)

    def _show(self, rows: Any, total: int) -> None:
        self._props.update({'items': [_drawn(row) for row in rows], 'total': total, 'more': total > len(rows)})
        self._props['more'] = total > len(rows) and self._shown < 100
        self.update()

    def _stored(self, notes: tuple[str, ...]) -> None:
        self._props['sent'] += 1
        self._props['notes'] = list(notes)
        self.update()

    async def _send(self, actor: Actor, sent: Sent) -> None:
        try:
            made = await comments.add_comment(actor, *self._at, CommentInput(body=sent.body))
            await drafts.keep_draft(actor.using(None), drafts.place_of(*self._at), '')
        finally:
            self.run_method('settled')
        writing(self.client, False)
        self._props['draft'] = ''
        self._stored(made.notes)

    async def _edit(self, actor: Actor, sent: Edited) -> None:
        try:
            data = CommentInput(body=sent.body)
            made = await comments.edit_comment(actor, *self._at, sent.id, data, version=sent.version)
        finally:
            self.run_method('settled')
        writing(self.client, False)
        self._stored(made.notes)

    async def _delete(self, actor: Actor, comment_id: UUID) -> None:
        await comments.delete_comment(actor, *self._at, comment_id)

        async def undo(actor: Actor) -> None:
            await comments.restore_comment(actor, *self._at, comment_id)

        toast(_('Comment deleted.'), undo=undo)

    async def _restore(self, actor: Actor, comment_id: UUID) -> None:
        await comments.restore_comment(actor, *self._at, comment_id)

    async def _earlier(self, actor: Actor, comment_id: UUID) -> None:
        found = await comments.list_earlier(actor, *self._at, comment_id)
        self.run_method('history', str(comment_id), [plain({'body': one.body, 'at': one.written_at}) for one in found])

    async def _draft(self, actor: Actor, sent: Sent) -> None:
        await drafts.keep_draft(actor, drafts.place_of(*self._at), sent.body)

    async def _find(self, actor: Actor, asked: Asked) -> None:
        found = await comments.find_mentionable(actor, *self._at, asked.text)
        people = [
            plain({'token': one.token, 'name': one.name, 'detail': one.detail, 'photo': _photo(one.photo_file_id)})
            for one in found
        ]
        self.run_method('offer', asked.number, people, asked.where)

    async def _older(self) -> None:
        self._shown = min(100, self._shown + STEP)
        await self.load()

    async def _typing(self) -> None:
        writing(self.client)


LATEST = ('draft', 'find')


def _photo(file_id: UUID | None) -> str | None:
    return f'/files/{file_id}' if file_id else None


def _drawn(row: CommentView) -> dict[str, Any]:
    shown = {
        'id': row.id, 'author': row.author, 'photo': _photo(row.photo_file_id), 'body': row.body, 'at': row.at,
        'edited': row.edited_at, 'deleted': row.is_deleted, 'deletedBy': row.deleted_by, 'mayChange': row.may_change,
        'mayRestore': row.may_restore, 'version': row.version,
    }  # fmt: skip
    return plain(shown)  # type: ignore[no-any-return]


def _of(record_id: UUID) -> Callable[[Change], bool]:
    return lambda change: change.row_id == record_id


def _end(element: Any) -> None:
    """End a listener; together with its element it would wait for a full collection."""
    if element._listener is not None:
        element._listener.end()
        element._listener = None


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
        self._when('add', guard.action(self._add, payload=Picked))
        self._when('remove', guard.action(self._remove, payload=UUID))
        self._when('find', guard.action(self._find, payload=str, again='latest'))
        self._listener: Listener | None = Listener(self, [LinksOf], self.load, match=_of(record_id))

    def _handle_delete(self) -> None:
        _end(self)
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
        self._when('switch', guard.action(self._turn, payload=Turned))
        self._listener: Listener | None = Listener(self, [WatchersOf], self.load, match=_of(record_id))

    def _handle_delete(self) -> None:
        _end(self)
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
        Comments(record, record_id, found)
        with Stack() as column:
            place(column, 4)
            with Card(_('Watching')):
                WatchSwitch(record, record_id, found.watching)
            Attachments(record, record_id, found.files)
            Links(record, record_id, found.links, may=found.may_edit)

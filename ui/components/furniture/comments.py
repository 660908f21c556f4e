"""The comments of a record, drawn live; other modules add to the menu of each."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from logic import comments, drafts
from logic.comments import CommentInput, CommentsOf, CommentView
from logic.core.actor import Actor
from logic.core.language import _
from logic.core.listing import ListQuery
from logic.core.live import Change
from logic.furniture import STEP, Furniture
from ui import guard
from ui.components.base import Component, plain
from ui.components.blocks import place
from ui.components.furniture.here import writing
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


@dataclass(frozen=True, slots=True)
class CommentAction:
    """What another module lets people do with a comment: `do(actor, record, record_id, comment_id)`, from its menu."""

    label: str
    icon: str
    do: Callable[[Actor, str, UUID, UUID], Awaitable[Any]]
    when: Callable[[Actor], bool]


comment_actions: list[CommentAction] = []
"""Filled by the pages of the modules."""


class Comments(
    Component, component=HOME / 'comments.js', dependencies=[*SHARED, HOME / 'writing.js', HOME / 'drafts.js']
):
    """The comments of a record, live; what somebody is writing there is kept as his draft."""

    def __init__(self, actor: Actor, record: str, record_id: UUID, found: Furniture) -> None:
        super().__init__()
        place(self, 8)
        self._at = (record, record_id)
        self._shown = STEP
        self._places = drafts.place_of(record, record_id), drafts.place_of('Comment', '', 'edit')
        self._props.update({'audience': found.audience, 'may': found.may_write, 'sent': 0, 'notes': []})
        self._props['places'] = list(self._places)
        self._show(found.comments.rows, found.comments.total)
        for name, handler, payload in (
            ('send', self._send, Sent), ('edit', self._edit, Edited), ('delete', self._delete, UUID),
            ('restore', self._restore, UUID), ('earlier', self._earlier, UUID), ('find', self._find, Asked),
        ):  # fmt: skip
            self._when(name, guard.action(handler, payload=payload, again='latest' if name == 'find' else 'each'))
        offered = [(f'more-{i}', one) for i, one in enumerate(comment_actions) if one.when(actor)]
        self._props['acts'] = [{'name': name, 'label': str(one.label), 'icon': one.icon} for name, one in offered]
        for name, one in offered:
            self._when(name, self._more(one), UUID)
        self._when('older', self._older)
        self._when('typing', self._typing)
        self._listener: Listener | None = Listener(self, [CommentsOf], self.load, match=of_record(record_id))

    def _handle_delete(self) -> None:
        end_listening(self)
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
            await drafts.keep_draft(actor.using(None), self._places[0], None)
        except BaseException:
            self.run_method('settled')
            raise
        writing(self.client, False)
        self._stored(made.notes)

    async def _edit(self, actor: Actor, sent: Edited) -> None:
        try:
            data = CommentInput(body=sent.body)
            made = await comments.edit_comment(actor, *self._at, sent.id, data, version=sent.version)
            await drafts.keep_draft(actor.using(None), f'{self._places[1]}{sent.id}', None)
        except BaseException:
            self.run_method('settled')
            raise
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

    async def _find(self, actor: Actor, asked: Asked) -> None:
        found = await comments.find_mentionable(actor, *self._at, asked.text)
        people = [
            plain({'token': one.token, 'name': one.name, 'detail': one.detail, 'photo': _photo(one.photo_file_id)})
            for one in found
        ]
        self.run_method('offer', asked.number, people, asked.where)

    def _more(self, one: CommentAction) -> Callable[[Actor, UUID], Awaitable[None]]:
        async def do(actor: Actor, comment_id: UUID) -> None:
            await one.do(actor, *self._at, comment_id)

        return do

    async def _older(self) -> None:
        self._shown = min(100, self._shown + STEP)
        await self.load()

    async def _typing(self) -> None:
        writing(self.client)


def _photo(file_id: UUID | None) -> str | None:
    return f'/files/{file_id}' if file_id else None


def _drawn(row: CommentView) -> dict[str, Any]:
    shown = {
        'id': row.id, 'author': row.author, 'photo': _photo(row.photo_file_id), 'body': row.body, 'at': row.at,
        'edited': row.edited_at, 'deleted': row.is_deleted, 'deletedBy': row.deleted_by, 'mayChange': row.may_change,
        'mayRestore': row.may_restore, 'version': row.version,
    }  # fmt: skip
    return plain(shown)  # type: ignore[no-any-return]


def of_record(record_id: UUID) -> Callable[[Change], bool]:
    """Return what picks the changes of one record."""
    return lambda change: change.row_id == record_id


def end_listening(element: Any) -> None:
    """End a listener; together with its element it would wait for a full collection."""
    if element._listener is not None:
        element._listener.end()
        element._listener = None

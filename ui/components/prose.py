"""A text of a record, shown as it was written and written anew where it stands."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from logic import drafts
from logic.core.actor import Actor
from logic.core.errors import AppError
from logic.core.language import _
from logic.core.rich_text import clean
from ui.components.base import Component, draft_place
from ui.components.editable import unless_changed

Html = Annotated[str, StringConstraints(max_length=40_000)]


@dataclass(frozen=True, slots=True)
class Said:
    """What a text says now, and the version of its record: asked for before each save."""

    html: str
    version: int


class Rewritten(BaseModel):
    """What the browser sends of a text, and the mark of what it was when the writing began."""

    model_config = ConfigDict(extra='forbid')

    html: Html
    was: str = Field(max_length=100)


class Prose(Component, component='prose.js', dependencies=['logbook.js', 'symbols.js', 'writing.js', 'drafts.js']):
    """Rich text that the rules have cleaned, edited where `save(actor, html, version)` is given; a refusal keeps it.

    `newest(actor)` gives what is `Said` now: what somebody else wrote meanwhile is shown with his name, which
    `changed_by(actor)` gives, and the person chooses.
    """

    def __init__(
        self,
        label: str,
        html: str,
        save: Callable[[Actor, str, int], Awaitable[Any]] | None = None,
        newest: Callable[[Actor], Awaitable[Said]] | None = None,
        changed_by: Callable[[Actor], Awaitable[str]] | None = None,
        *,
        empty: str = '',
    ) -> None:
        super().__init__()
        self._save, self._newest, self._changed_by = save, newest, changed_by
        self._props.update({'label': str(label), 'html': html, 'mark': _mark(html), 'empty': str(empty)})
        self._props['editable'] = save is not None
        self._place = self._props['place'] = draft_place(type(self).__name__, str(label))
        self._when('save', self._received if save else None, Rewritten)

    def change(self, html: str) -> None:
        """Show another text; what is being written stays."""
        if html != self._props['html']:
            self._props.update({'html': html, 'mark': _mark(html)})
            self.update()

    async def _received(self, actor: Actor, sent: Rewritten) -> None:
        assert self._newest is not None
        try:
            clash = await self._store(actor, sent)
            if clash is None:
                await drafts.keep_draft(actor.using(None), self._place, None)
            said = await self._newest(actor)
            by = await self._changed_by(actor) if clash is not None and self._changed_by else ''
        except AppError as refusal:
            self.run_method('refused', refusal.message)
            raise
        except BaseException:
            self.run_method('refused', _('Something went wrong. Nothing was changed.'))
            raise
        self.change(said.html)
        if clash is None:
            self.run_method('saved')
        else:
            self.run_method('clashed', by or _('Somebody else'), said.html, _mark(said.html))

    async def _store(self, actor: Actor, sent: Rewritten) -> str | None:
        """Write the text unless another one wrote it since; returns then the mark of what it is now."""
        save, newest = self._save, self._newest
        assert save is not None
        assert newest is not None

        async def held() -> tuple[str, int]:
            said = await newest(actor)
            return _mark(said.html), said.version

        value = _mark(clean(sent.html))
        return await unless_changed(sent.was, value, held, lambda version: save(actor, sent.html, version))


def _mark(html: str) -> str:
    """Return what tells one text from another, in place of the whole text."""
    return sha256(html.encode()).hexdigest()[:16]

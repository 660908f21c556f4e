"""A text of a record, shown as it was written and written anew where it stands."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from pydantic import StringConstraints

from logic import drafts
from logic.core.actor import Actor
from logic.core.errors import AppError
from logic.core.language import _
from ui.components.base import Component, draft_place

Html = Annotated[str, StringConstraints(max_length=40_000)]


class Prose(Component, component='prose.js', dependencies=['logbook.js', 'symbols.js', 'writing.js', 'drafts.js']):
    """Rich text that the rules have cleaned. With `save(actor, html)` it can be edited; a refusal keeps the draft."""

    def __init__(
        self, label: str, html: str, save: Callable[[Actor, str], Awaitable[Any]] | None = None, *, empty: str = ''
    ) -> None:
        super().__init__()
        self._save = save
        self._props.update({'label': str(label), 'html': html, 'editable': save is not None, 'empty': str(empty)})
        self._place = self._props['place'] = draft_place(type(self).__name__, str(label))
        self._when('save', self._received if save else None, Html)

    def change(self, html: str) -> None:
        """Show another text; what is being written stays."""
        if html != self._props['html']:
            self._props['html'] = html
            self.update()

    async def _received(self, actor: Actor, html: str) -> None:
        assert self._save is not None
        try:
            await self._save(actor, html)
            await drafts.keep_draft(actor.using(None), self._place, None)
        except AppError as refusal:
            self.run_method('refused', refusal.message)
            raise
        except BaseException:
            self.run_method('refused', _('Something went wrong. Nothing was changed.'))
            raise
        self.run_method('saved')

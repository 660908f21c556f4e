"""A line to type in that becomes a record: it stands in the browser until it is stored, and is a draft meanwhile."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from logic import drafts
from logic.core.actor import Actor
from logic.core.errors import AppError, Invalid
from logic.core.language import _
from ui.components.base import Component


class Typed(BaseModel):
    """A line, and the key under which it is stored at most once."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    key: str = Field(min_length=1, max_length=40)


class Adding(Component):
    """A component with such a line; its script has `added` and `refused`."""

    @asynccontextmanager
    async def _adding(self, actor: Actor, place: str, key: str) -> AsyncIterator[Actor]:
        """Say what became of a line: stored, and no draft any more, or why not. Gives the actor who stores it once."""
        try:
            yield actor.using(key)
            if place:
                await drafts.keep_draft(actor.using(None), place, None)
        except AppError as refusal:
            self.run_method('refused', refusal.message)
            if not isinstance(refusal, Invalid):
                raise
        except BaseException:
            self.run_method('refused', _('Something went wrong. Nothing was added.'))
            raise
        else:
            if not self.is_deleted:
                self.run_method('added', key)

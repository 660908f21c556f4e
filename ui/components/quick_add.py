"""A field for lines that become records, read live: what was understood stands below it as chips."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from logic.core.actor import Actor
from logic.core.errors import Invalid
from ui import guard
from ui.components.adding import Adding, Typed
from ui.components.base import Handler, draft_place

MOST_LETTERS = 100_000
Text = Annotated[str, StringConstraints(max_length=MOST_LETTERS)]


class Lines(Typed):
    """Lines as they were typed, and the key under which they are stored at most once."""

    text: Text
    column: UUID | None = None
    """Of the board at whose foot they were typed."""


class Begun(BaseModel):
    """A word with a mark, as far as it was typed."""

    model_config = ConfigDict(extra='forbid')

    mark: str = Field(max_length=1)
    text: str = Field(default='', max_length=60)


@dataclass(frozen=True, slots=True)
class Understood:
    """A word that was understood, or with a problem was not."""

    icon: str
    text: str
    problem: str = ''


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line as it would be taken."""

    title: str
    is_part: bool
    words: Sequence[Understood]
    problem: str = ''

    @property
    def data(self) -> dict[str, Any]:
        """The line as the browser reads it."""
        words = [{'icon': one.icon, 'text': str(one.text), 'problem': str(one.problem)} for one in self.words]
        return {'title': self.title, 'part': self.is_part, 'words': words, 'problem': str(self.problem)}


class TakesLines(Adding):
    """A component with a field for lines; its script has `understood`, `offer` and `restore` as well."""

    def _take(self, lines: 'LineHandlers', place: str) -> None:
        self._lines, self._place = lines, place
        self._when('read', guard.action(self._reads, payload=Text, again='latest'))
        self._when('complete', guard.action(self._completes, payload=Begun, again='latest'))
        self._when('add', self._adds, Lines)

    def restore(self, sent: Lines, text: str) -> None:
        """Give a text back where it was sent from, as after an undo, unless something else is being typed."""
        if not self.is_deleted:
            self.run_method('restore', text, sent.column and str(sent.column))

    async def _reads(self, actor: Actor, text: str) -> None:
        try:
            lines = await self._lines.read(actor, text)
        except Invalid as refusal:
            self.run_method('understood', text, [], refusal.message)
            return
        self.run_method('understood', text, [line.data for line in lines], '')

    async def _completes(self, actor: Actor, begun: Begun) -> None:
        names = await self._lines.complete(actor, begun.mark, begun.text)
        self.run_method('offer', begun.mark, begun.text, list(names))

    async def _adds(self, actor: Actor, sent: Lines) -> None:
        place = f'{self._place}-{sent.column}' if self._place and sent.column else self._place
        async with self._adding(actor, place, sent.key) as once:
            await self._lines.add(once, sent, self)


@dataclass(frozen=True, slots=True)
class LineHandlers:
    """What a field for lines does."""

    read: Callable[[Actor, str], Awaitable[Sequence[ReadLine]]]
    """`read(actor, text)` gives what lines mean, while somebody types."""
    add: Callable[[Actor, Lines, TakesLines], Awaitable[Any]]
    """`add(actor, lines, field)` takes them, and a refusal leaves the text where it is."""
    complete: Callable[[Actor, str, str], Awaitable[Sequence[str]]]
    """`complete(actor, mark, text)` gives the names that a word with one of the marks # @ * may become."""


class QuickAddField(
    TakesLines, component='quick_add.js', dependencies=['logbook.js', 'symbols.js', 'drafts.js', 'adding.js']
):
    """One line, or several: Enter adds, Shift and Enter begins another line, an indented line is part of the last.

    `more(actor, text)` goes on in a form with what was typed so far. `hint` says which signs are read, and `about`
    keeps the drafts of several fields on a page apart.
    """

    def __init__(
        self,
        label: str,
        lines: LineHandlers,
        *,
        hint: str,
        more: Handler | None = None,
        focus: bool = False,
        about: UUID | None = None,
        begin: str = '',
    ) -> None:
        super().__init__()
        self._take(lines, draft_place('quick' if focus else 'lines', about))
        self._props.update({'label': str(label), 'hint': str(hint), 'focus': focus, 'more': more is not None})
        self._props.update({'begin': begin, 'place': self._place})
        self._when('more', more, Text)

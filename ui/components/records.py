"""What a record page is made of: its facts, its timeline, and checklists."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from logic.core.language import _
from ui.components.base import Block, Handler
from ui.components.blocks import Tone


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and a value; kinds as in `Column`."""

    label: str
    value: Any
    kind: str = 'text'
    href: str | None = None


class Facts(Block):
    """The facts of a record. Values that are None or '' show a dash."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        super().__init__('facts', {})
        self.change(facts)

    def change(self, facts: Sequence[Fact]) -> None:
        """Show other facts."""
        self._change(facts=[{'label': f.label, 'value': f.value, 'kind': f.kind, 'href': f.href} for f in facts])


class Around(Block):
    """The way to the previous and the next record of the list that somebody came from, with the place in it."""

    def __init__(self, previous: str | None, following: str | None, text: str) -> None:
        super().__init__('around', {'previous': previous, 'next': following, 'text': text})


class Letter(Block):
    """A letter to print: its text may be changed on the screen before, which stores nothing."""

    def __init__(
        self, sender: Sequence[str], day: date, subject: str, paragraphs: Sequence[str], signature: str
    ) -> None:
        data = {'sender': list(sender), 'day': day, 'subject': subject, 'text': list(paragraphs), 'signed': signature}
        super().__init__('letter', data)


class PrintedList(Block):
    """A list on paper: all rows as plain text, under a heading that says what it is; `wide` lays the sheet across."""

    def __init__(
        self, title: str, text: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, wide: bool = False
    ) -> None:
        data = {'title': title, 'text': text, 'columns': [str(one) for one in columns]}
        super().__init__('sheet', data | {'rows': [list(row) for row in rows], 'wide': wide})


@dataclass(frozen=True, slots=True)
class Change:
    """A field that went from one value to another, as a person reads them."""

    label: str
    old: str = ''
    new: str = ''


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a timeline; `id` makes its address `#activity-<id>`."""

    id: str | int
    text: str
    at: datetime
    who: str = ''
    icon: str = 'sym_o_edit'
    tone: Tone = 'grey'
    changes: Sequence[Change] = ()


class Timeline(Block):
    """What happened to a record, newest first."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        super().__init__('timeline', {'empty': _('No entries yet.')})
        self.change(entries)

    def change(self, entries: Sequence[Entry]) -> None:
        """Show other entries."""
        self._change(entries=[asdict(entry) for entry in entries])


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a checklist."""

    label: str
    href: str
    done: bool = False
    detail: str = ''
    icon: str = 'sym_o_radio_button_unchecked'


class Checklist(Block):
    """Steps with progress; `dismiss` is a handler that remembers that the person hid the list."""

    def __init__(self, title: str, steps: Sequence[Step], *, dismiss: Handler | None = None) -> None:
        super().__init__('checklist', {'title': title, 'dismissible': dismiss is not None})
        self._when('dismiss', dismiss)
        self.change(steps)

    def change(self, steps: Sequence[Step]) -> None:
        """Show other steps."""
        self._change(items=[asdict(step) for step in steps])

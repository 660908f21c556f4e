"""What of each kind of record can be found and by whom, and the hook that keeps the index in the same transaction."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from data.core import Model, Scoped
from data.search import DETAIL_LENGTH, TITLE_LENGTH, replace_entries
from logic.core.records import RecordKind
from logic.core.words import FORM, stored_words
from logic.core.work import Work

EVERYBODY = ''
"""The level of what all find who see the record."""
DISCUSSION = 'discussion'
"""The level of what hangs on a record, such as comments: found by those whom the kind lets read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A text of a row. Private values never stand in it, or in a piece of a level of their own."""

    head: str = ''
    """Titles, names and numbers: found before all else."""
    body: str = ''
    numbers: Sequence[str] = ()
    """Phone numbers and the like, of which any part is found."""
    title: str = ''
    """What a result shows; that of the record when it is empty."""
    detail: str = ''
    level: str = EVERYBODY


Pieces = Callable[[Any], Sequence[Piece]]
"""Gets a row and returns what can be found of it; nothing for a row that is not to be found."""
Visible = Callable[[Work], Awaitable[Mapping[str, Any]]]
"""Returns for each level that the actor may find the condition on the rows of the record's table; {} for none."""
Places = Callable[[Work, Collection[UUID]], Awaitable[Mapping[UUID, str]]]
"""Returns for records what tells the actor which of several with one title each is, such as the list that it is in."""
About = Callable[[Any], tuple[str, UUID] | None]
"""Gets a row that hangs on a record and returns the record's kind and id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """A table whose rows can be found."""

    model: type[Model]
    fields: frozenset[str]
    """Columns that the pieces are made from: a change of another one leaves the index alone."""
    pieces: Pieces
    about: About | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Findable:
    """A kind of record that is searched."""

    name: str
    label: str
    """What a list of them is called: 'People'."""
    visible: Visible
    switch: str = ''
    """The module that takes the kind away when it is switched off."""
    places: Places | None = None


indexed: dict[type[Model], Indexed] = {}
findable: dict[str, Findable] = {}


def register(
    kind: RecordKind, *, label: str, fields: set[str], pieces: Pieces, visible: Visible, switch: str = '',
    places: Places | None = None,
) -> None:  # fmt: skip
    """Have the records of a kind found; its domain does so once."""
    findable[kind.name] = Findable(name=kind.name, label=label, visible=visible, switch=switch, places=places)
    indexed[kind.model] = Indexed(model=kind.model, fields=frozenset(fields), pieces=pieces)


def register_part(model: type[Model], *, fields: set[str], pieces: Pieces, about: About) -> None:
    """Have records found by what hangs on them, such as comments: pieces of the level `DISCUSSION`."""
    indexed[model] = Indexed(model=model, fields=frozenset(fields), pieces=pieces, about=about)


def entries_of(row: Any) -> list[dict[str, Any]]:
    """Return the rows of the index for a row of a registered table."""
    how = indexed[type(row)]
    about = (type(row).__name__, row.id) if how.about is None else how.about(row)
    if about is None:
        return []
    return [
        {
            'organization_id': row.organization_id, 'record': about[0], 'record_id': about[1],
            'source': type(row).__name__, 'source_id': row.id, 'level': piece.level, 'form': FORM,
            'title': piece.title[:TITLE_LENGTH], 'detail': piece.detail[:DETAIL_LENGTH],
            'head': stored_words(piece.head, piece.numbers), 'body': stored_words(piece.body),
        }
        for piece in how.pieces(row)
    ]  # fmt: skip


@sa.event.listens_for(Session, 'after_flush')
def _keep_index(session: Session, _context: Any) -> None:
    if 'organization_id' not in session.info:
        return  # not one of ours: a tool's own session
    gone: list[UUID] = []
    entries: list[dict[str, Any]] = []
    for row in session.new:
        if type(row) in indexed and isinstance(row, Scoped):
            entries += entries_of(row)
    for row in session.dirty:
        if type(row) in indexed and _touched(row, indexed[type(row)].fields):
            gone.append(row.id)
            entries += entries_of(row)
    gone += [row.id for row in session.deleted if type(row) in indexed]
    if gone or entries:
        replace_entries(session.connection(), gone, entries)


def _touched(row: Any, fields: frozenset[str]) -> bool:
    attributes = sa.inspect(row).attrs
    return any(attributes[name].history.has_changes() for name in fields)

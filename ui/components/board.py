"""A board: cards in columns as one element fed with data; every drag has a menu path and keys."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from nicegui.elements.sortable import sortable  # registers the module that board.js imports when cards can be moved
from pydantic import BaseModel, ConfigDict

from logic.core.actor import Actor
from logic.core.errors import AppError
from logic.core.language import later
from ui.components.base import Chip, Handler, draft_place, plain
from ui.components.quick_add import LineHandlers, TakesLines
from ui.memory import written

SORTABLE = sortable.__name__


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardColumn:
    """A column. `limit` is how many cards may enter; `hidden` counts those not sent, and `rest` is where they are."""

    id: UUID
    title: str
    tone: str = ''
    limit: int | None = None
    hidden: int = 0
    rest: str = ''


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardCard:
    """A card; cards lie by (key, id), the key being the server's own."""

    id: UUID
    column: UUID
    key: str
    title: str
    href: str
    number: str = ''
    priority: Chip | None = None
    due: date | datetime | None = None
    """A day, or a point in time, which is told in the reader's zone."""
    late: bool = False
    repeats: bool = False
    done: bool = False
    people: Sequence[str] = ()
    tags: Sequence[Chip] = ()
    checklist: str = ''
    parts: str = ''
    comments: int = 0
    files: int = 0
    without: Sequence[str] = ()
    """Names of menu entries that this card does not offer."""

    @property
    def data(self) -> dict[str, Any]:
        """The card as the browser reads it, without what it has not."""
        return {name: plain(value) for name in self.__slots__ if (value := getattr(self, name)) or name == 'key'}


@dataclass(frozen=True, slots=True)
class CardAction:
    """An entry in the menu of a card: `do(actor, id)`."""

    label: str
    do: Handler
    icon: str = ''
    danger: bool = False


class Move(BaseModel):
    """A card goes between two neighbours as the person saw them; the server looks up where that is."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    card: UUID
    from_column: UUID
    column: UUID
    after: UUID | None = None
    before: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardHandlers:
    """What a board does: each may be None, and is then not offered."""

    move: Callable[..., Any] | None = None
    """`move(actor, Move)`; the card lies again where it lay when this refuses."""
    add: LineHandlers | None = None
    """Take lines at the foot of a column, in the script of a QuickAddField, which has to be on the page as well."""
    card: Sequence[CardAction] = field(default_factory=tuple)


class Board(TakesLines, component='board.js', dependencies=['logbook.js', 'symbols.js', 'drafts.js']):
    """Cards in columns. `change` shows another board; `put` and `drop` change one card with one message."""

    def __init__(
        self,
        label: str,
        columns: Iterable[BoardColumn],
        cards: Iterable[BoardCard],
        handlers: BoardHandlers,
        noun: tuple[str, str] = (later('task'), later('tasks')),
        *,
        draft: bool = True,
    ) -> None:
        super().__init__()
        self._props.update({'label': str(label), 'noun': plain(noun)})
        self._props.update({'movable': handlers.move is not None, 'addable': handlers.add is not None})
        self._move = handlers.move
        self._props['place'] = draft_place('Board') if handlers.add and draft else ''
        if handlers.add is not None:
            self._take(handlers.add, self._props['place'])
        self._when('move', self._moved if handlers.move else None, Move)
        self._props['menus'] = []
        for index, one in enumerate(handlers.card):
            entry = {'name': f'card-{index}', 'label': str(one.label), 'icon': one.icon, 'danger': one.danger}
            self._props['menus'].append(entry)
            self._when(entry['name'], one.do, UUID)
        self.change(columns, cards)

    def change(self, columns: Iterable[BoardColumn], cards: Iterable[BoardCard], carried: str = '') -> None:
        """Show other columns and cards.

        The links of the cards carry the question `carried`, and their column, so that a record knows those around it.
        """
        self._cards = {str(card.id): written(card.data) for card in cards}
        shown = list(columns)
        self.hides = any(column.hidden for column in shown)
        self._props['columns'] = written([plain(asdict(column)) for column in shown])
        self._props['cards'] = tuple(self._cards.values())
        self._props['carried'] = carried
        self.update()

    def has(self, card_id: UUID) -> bool:
        """Say whether a card is on the board."""
        return str(card_id) in self._cards

    def put(self, card: BoardCard) -> None:
        """Show one card as it is now, wherever it lies now."""
        self._cards[str(card.id)] = written(card.data)
        self._keep()
        self.run_method('put', self._cards[str(card.id)])

    def drop(self, card_id: UUID) -> None:
        """Take one card away."""
        if self._cards.pop(str(card_id), None) is not None:
            self._keep()
            self.run_method('drop', str(card_id))

    def reveal(self, card_id: UUID) -> None:
        """Scroll to a card that was just added, as soon as it is there."""
        self.run_method('reveal', str(card_id))

    async def _moved(self, actor: Actor, move: Move) -> None:
        assert self._move is not None
        try:
            await self._move(actor, move)
        except AppError:
            if str(move.card) in self._cards:
                self.run_method('put', self._cards[str(move.card)])
            raise

    def _keep(self) -> None:
        """Remember the cards for a later drawing of the whole element, without sending them now."""
        self._props['cards'] = tuple(self._cards.values())

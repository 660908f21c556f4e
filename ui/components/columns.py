"""How a list is declared: its columns, filters, actions, and what it says when it is empty."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from logic.core.actor import Actor
from logic.core.listing import ListQuery
from ui.components.base import Button, Handler, plain

RowT = TypeVar('RowT')
Kind = Literal[
    'text',
    'prose',
    'person',
    'link',
    'chip',
    'chips',
    'tags',
    'date',
    'when',
    'datetime',
    'money',
    'number',
    'flag',
    'email',
    'phone',
]
SELECTION_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Column(Generic[RowT]):
    """A column. `value` takes a row and gives what the kind draws:

    text: str; prose: str of several lines; person: dict(name=, detail=, photo=);
    link: dict(text=, href=, detail= beside it, below= on a line of its own); chip: Chip; chips: list[Chip];
    tags: list[str]; date: date; when (relative, exact on hover) and datetime: datetime; number: int; flag: bool;
    money: dict(cents=, currency=); email: str; phone: str, or dict(text=, number=) with what is shown and dialled.
    Without `value` the attribute called `name` is taken.
    """

    name: str
    label: str
    kind: Kind = 'text'
    value: Callable[[RowT], Any] | None = None
    sort: bool | str = False
    """True when the service sorts by `name`, or the service's own name for it."""
    hidden: bool = False
    """Not shown until the person asks for it."""
    width: str = ''

    @property
    def data(self) -> dict[str, Any]:
        sort = self.name if self.sort is True else self.sort or ''
        data = {'name': self.name, 'label': str(self.label), 'kind': self.kind, 'sort': sort, 'hidden': self.hidden}
        return data | {'end': self.kind in ('money', 'number'), 'width': self.width}

    def cell(self, row: RowT) -> Any:
        return plain(self.value(row) if self.value is not None else getattr(row, self.name))


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter chip. `options` are (value, label) or (value, label, count).

    With `search(actor, text)` more are found by typing, of any number: people, say, by their ids. `named(actor, ids)`
    gives id and name of those that the address holds. With `ids` alone, those that there are come with the rows.
    """

    name: str
    label: str
    options: Sequence[tuple[Any, ...]] = ()
    many: bool = True
    search: Callable[[Actor, str], Awaitable[Sequence[Any]]] | None = None
    named: Callable[[Actor, Sequence[UUID]], Awaitable[Sequence[Any]]] | None = None
    ids: bool = False

    @property
    def data(self) -> dict[str, Any]:
        drawn = [
            {'value': str(plain(o[0])), 'label': str(o[1])} | ({'count': o[2]} if len(o) > 2 else {})
            for o in self.options
        ]
        data = {'name': self.name, 'label': str(self.label), 'many': self.many, 'options': drawn}
        return data | ({'searched': True} if self.search else {})


class FilterSearch(BaseModel):
    """What somebody types into a filter that searches."""

    model_config = ConfigDict(extra='forbid')

    filter: str = Field(max_length=60)
    text: str = Field(default='', max_length=100)


class Selection(BaseModel):
    """What a bulk action is for: `ids`, or with `all` everything that `query` finds. The service resolves both anew."""

    model_config = ConfigDict(extra='forbid')

    all: bool = False
    ids: list[UUID] = Field(default_factory=list, max_length=SELECTION_LIMIT)
    query: ListQuery = Field(default_factory=ListQuery)


@dataclass(frozen=True, slots=True)
class RowAction(Generic[RowT]):
    """An entry in the menu of each row: `do(actor, id: UUID)`. `when(row)` says where it is offered.

    What people come to the list for stands `beside` the row as a button of its own.
    """

    label: str
    do: Handler
    icon: str = ''
    danger: bool = False
    when: Callable[[RowT], bool] | None = None
    beside: bool = False


@dataclass(frozen=True, slots=True)
class BulkAction:
    """A button for the selected rows: `do(actor, selection: Selection)`.

    One that asks first returns its FormDialog: the rows stay selected until that is saved.
    """

    label: str
    do: Handler
    icon: str = ''


@dataclass(frozen=True, slots=True)
class EmptyList:
    """What a list says when nothing was ever in it."""

    title: str
    text: str
    icon: str = 'sym_o_inbox'
    buttons: Sequence[Button] = ()


Way = tuple[str | Callable[[ListQuery, int], str], Callable[[ListQuery], str]]


@dataclass(frozen=True, slots=True)
class Extras:
    """Seams of a list: exports and printed lists as label and builder of the address from the query.

    A label may be built as well, from the query and the number of rows that it finds; '' leaves its line out.
    With `carries` the links of its rows carry its question, together with these filters of the list itself.
    """

    exports: Sequence[Way] = ()
    prints: Sequence[Way] = ()
    """Pages that show all of what the list finds, on paper."""
    carries: Mapping[str, str] | None = None

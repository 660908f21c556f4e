"""The rows of a list as the browser reads them, drawn once for all screens that look alike."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic
from uuid import UUID

from orjson import Fragment

from logic.core.errors import NotFound
from logic.core.listing import Page
from ui.components.base import look_of
from ui.components.columns import Column, RowAction, RowT
from ui.memory import written


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page as the browser reads it. What is equal is the same object, see `written`."""

    rows: tuple[Fragment, ...] = ()
    order: Fragment | None = None
    """The ids of the rows."""
    total: int = 0


@dataclass(slots=True)
class Drawing(Generic[RowT]):
    """How a list draws its rows."""

    columns: Sequence[Column[RowT]]
    key: Callable[[RowT], UUID]
    href: Callable[[RowT], str] | None
    label: Callable[[RowT], str] | None
    row_actions: Sequence[RowAction[RowT]]
    look: Hashable = field(init=False)
    """The same for lists that draw a row alike; None when only this one may draw it."""

    def __post_init__(self) -> None:
        cells, when = [(one.name, one.value) for one in self.columns], [one.when for one in self.row_actions]
        self.look = look_of(cells, self.key, self.href, self.label, when)

    def page(self, page: Page[RowT]) -> Drawn:
        """Draw a page."""
        rows = [self.row(row) for row in page.rows]
        return Drawn(tuple(map(written, rows)), written([row['id'] for row in rows]), page.total)

    def row(self, row: RowT) -> dict[str, Any]:
        """Draw a row."""
        cells = {column.name: column.cell(row) for column in self.columns}
        label = _first_text(cells) if self.label is None else str(self.label(row))
        data = {'id': str(self.key(row)), 'label': label, 'href': self.href(row) if self.href else None, 'cells': cells}
        without = [f'row-{i}' for i, one in enumerate(self.row_actions) if one.when is not None and not one.when(row)]
        return data | ({'without': without} if without else {})


def chosen(rows: Iterable[Any], row_id: UUID) -> Any:
    """Return the row that somebody chose. Raises NotFound when it was removed while it was shown to him."""
    for row in rows:
        if row.id == row_id:
            return row
    raise NotFound('Somebody removed this item meanwhile.')


def _first_text(cells: dict[str, Any]) -> str:
    value = next(iter(cells.values()), '')
    return str(value.get('name') or value.get('text') or value.get('label')) if isinstance(value, dict) else str(value)

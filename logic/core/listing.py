"""Lists: what a screen or program asks for, and the page it gets."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

RowT = TypeVar('RowT')
OtherT = TypeVar('OtherT')
MAX_PAGE_SIZE = 100


class ListQuery(BaseModel):
    """A question to a list. Names of sorts and filters are checked by the service that answers."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    q: str = Field(default='', max_length=200)
    sort: str = Field(default='', max_length=60)
    descending: bool = False
    page: int = Field(default=1, ge=1, le=1_000_000)
    page_size: int = Field(default=25, ge=1, le=MAX_PAGE_SIZE)
    filters: dict[str, list[str]] = Field(default_factory=dict)

    def values(self, name: str) -> list[str]:
        """Return the values chosen for a filter."""
        return self.filters.get(name, [])


@dataclass(frozen=True, slots=True)
class Page(Generic[RowT]):
    """A page of rows, and how many there are in all."""

    rows: Sequence[RowT]
    total: int
    page: int = 1
    page_size: int = 25


def whole(rows: Sequence[RowT]) -> Page[RowT]:
    """Return a list that has one page only."""
    return Page(rows, len(rows), 1, max(len(rows), 1))


def paged(rows: Sequence[RowT], asked: ListQuery) -> Page[RowT]:
    """Return the page that is asked for of rows that are all at hand."""
    first = (asked.page - 1) * asked.page_size
    return Page(rows[first : first + asked.page_size], len(rows), asked.page, asked.page_size)

"""Lists: what a screen or program asks for, and the page it gets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from logic.core.errors import Invalid
from logic.core.language import _

RowT = TypeVar('RowT')
ChoiceT = TypeVar('ChoiceT', bound=StrEnum)
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


# ------------------------------------------------------------------------------------------------ what cannot be asked


def no_sort(name: str, known: Iterable[str]) -> Invalid:
    """Return the refusal of a sort that a list does not have."""
    text = _('This list cannot be sorted by "{name}".', name=name)
    return Invalid(text, {'sort': _('Choose one of: {names}.', names=', '.join(known))})


def no_filter(name: str, known: Iterable[str]) -> Invalid:
    """Return the refusal of a filter that a list does not have."""
    text = _('This list cannot be filtered by "{name}".', name=name)
    return Invalid(text, {'filters': _('Choose one of: {names}.', names=', '.join(known))})


def id_in(name: str, value: str) -> UUID:
    """Return the id that a filter was given. Raises Invalid."""
    try:
        return UUID(value)
    except ValueError:
        why = _('"{text}" is no id, which the filter {name} asks for.', text=value, name=name)
        raise Invalid('This filter cannot be read.', {name: why}) from None


def choice_in(kind: type[ChoiceT], name: str, value: str) -> ChoiceT:
    """Return the value of an enum that a filter was given. Raises Invalid."""
    try:
        return kind(value)
    except ValueError:
        why = _('"{text}" is none of: {known}.', text=value, known=', '.join(kind))
        raise Invalid('This filter cannot be read.', {name: why}) from None

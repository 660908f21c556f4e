"""What a list shows, in the address of its screen and in saved views: search, filters, sort, size and page."""

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from logic.core.listing import MAX_PAGE_SIZE, ListQuery
from ui.components.base import plain
from ui.components.columns import Filter
from ui.shell import Query

MOST_FOUND = 20
"""So many may be chosen in a filter of ids: they stand in an address."""
IS_ID = re.compile(r'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}')
OWN = ('q', 'sort', 'page', 'size')


class ListState:
    """The part of an address that belongs to one list. What is read from it came from outside: it is held to limits."""

    def __init__(
        self, url: Query, prefix: str, default: ListQuery, filters: Sequence[Filter], sorts: Collection[str]
    ) -> None:
        self.url, self.prefix = url, prefix
        self._default, self._sorts = default, sorts
        self._offered = {one.name: _held(frozenset(str(plain(option[0])) for option in one.options)) for one in filters}
        self._ids = frozenset(one.name for one in filters if one.ids or one.search)

    def read(self) -> ListQuery:
        """Return what the address asks for."""
        return self._read(self.url, self.prefix)

    def parse(self, text: str) -> ListQuery:
        """Return what a saved view asks for."""
        return self._read(Query(f'/?{text}', _nowhere), '')

    def text(self, query: ListQuery) -> str:
        """Return a question as a saved view keeps it, without its page."""
        kept = Query('/', _nowhere)
        kept.set(**self._values(query.model_copy(update={'page': 1}), ''))
        return kept.address.partition('?')[2]

    def write(self, query: ListQuery, *, view: str | None) -> None:
        """Rewrite the address; `view` names the saved view that was opened."""
        self.url.set(**self._values(query, self.prefix), **{f'{self.prefix}view': view})

    @property
    def view(self) -> str:
        """The saved view that the address names."""
        return self.url.get(f'{self.prefix}view')

    @property
    def is_asked(self) -> bool:
        """Whether the address asks this list for anything."""
        names = [*OWN, 'view', *self._offered]
        return any(self.url.get(self.prefix + name) for name in names)

    def held(self, asked: ListQuery) -> ListQuery:
        """Return a question that a browser sent, with nothing in it that this list does not offer."""
        filters = {name: self._allowed(name, asked.filters.get(name, [])) for name in self._offered}
        return asked.model_copy(
            update={
                'sort': asked.sort if asked.sort in self._sorts else self._default.sort,
                'filters': {name: values for name, values in filters.items() if values},
            }
        )

    def _read(self, url: Query, prefix: str) -> ListQuery:
        sort = url.get(f'{prefix}sort')
        named = sort.removeprefix('-')
        is_sorted = bool(named) and named in self._sorts
        chosen = {name: self._allowed(name, url.all(f'{prefix}{name}')) for name in self._offered}
        return ListQuery(
            q=url.get(f'{prefix}q')[:200],
            sort=named if is_sorted else self._default.sort,
            descending=sort.startswith('-') if is_sorted else self._default.descending,
            page=url.number(f'{prefix}page', 1),
            page_size=url.number(f'{prefix}size', self._default.page_size, highest=MAX_PAGE_SIZE),
            filters={name: values for name, values in chosen.items() if values},
        )

    def _allowed(self, name: str, values: Iterable[str]) -> list[str]:
        offered, ids = self._offered[name], name in self._ids
        found = [value for value in dict.fromkeys(values) if value in offered or (ids and IS_ID.fullmatch(value))]
        return found[:MOST_FOUND] if ids else found

    def _values(self, query: ListQuery, prefix: str) -> dict[str, Any]:
        default = self._default
        sorted_as_usual = (query.sort, query.descending) == (default.sort, default.descending)
        values: dict[str, Any] = {
            f'{prefix}q': query.q,
            f'{prefix}sort': None if sorted_as_usual else ('-' if query.descending else '') + query.sort,
            f'{prefix}page': query.page if query.page > 1 else None,
            f'{prefix}size': query.page_size if query.page_size != default.page_size else None,
        }
        return values | {f'{prefix}{name}': query.filters.get(name) for name in self._offered}


def ids_in(values: Iterable[str]) -> list[UUID]:
    """Return the ids among some values of a filter."""
    return [UUID(value) for value in values if IS_ID.fullmatch(value)]


@lru_cache(maxsize=1024)
def _held(offered: frozenset[str]) -> frozenset[str]:
    """Return the one set that all screens hold which offer the same."""
    return offered


def _nowhere(_address: str) -> None:
    return None

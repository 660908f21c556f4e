"""The list: one component with search, filters, sort, pages, selection and export, its state kept in the address."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Generic
from uuid import UUID

from nicegui import background_tasks

from logic.core.actor import Actor
from logic.core.errors import AppError
from logic.core.listing import MAX_PAGE_SIZE, ListQuery, Page
from logic.core.service import Service
from ui import guard, shell
from ui.components.answers import answers
from ui.components.base import Button, Component, Handler, plain, written
from ui.components.columns import (
    BulkAction,
    Column,
    EmptyList,
    Extras,
    Filter,
    RowAction,
    RowT,
    SaveView,
    Selection,
    View,
)
from ui.components.live import Listener
from ui.components.rows import Drawing, Drawn

SIZES = (25, 50, 100)


class DataTable(Component, Generic[RowT], component='data_table.js', dependencies=['logbook.js', 'symbols.js']):
    """A list of rows. `await DataTable(columns, fetch, ...).load()` in a builder.

    `fetch(actor, query)` is a query of a service that returns a Page. The first column is the row's link to `href(row)`
    and the name of the row for screen readers. `live` names models: when one of their rows changes, the page of rows
    is fetched again, at most ten times a second. Search, filters, sort, page and size are in the address, with
    `prefix` before their names when a screen has more than one list.
    """

    def __init__(
        self,
        columns: Sequence[Column[RowT]],
        fetch: Callable[[Actor, ListQuery], Awaitable[Page[RowT]]],
        *,
        label: str,
        href: Callable[[RowT], str] | None = None,
        key: Callable[[RowT], UUID] = lambda row: row.id,  # type: ignore[attr-defined]
        row_label: Callable[[RowT], str] | None = None,
        filters: Sequence[Filter] = (),
        search: str = 'Search',
        sort: str = '',
        descending: bool = False,
        page_size: int = 25,
        row_actions: Sequence[RowAction[RowT]] = (),
        bulk: Sequence[BulkAction] = (),
        buttons: Sequence[Button] = (),
        empty: EmptyList | None = None,
        extras: Extras | None = None,
        noun: tuple[str, str] = ('row', 'rows'),
        live: Sequence[type] = (),
        cards: bool = False,
        switchable: bool = False,
        prefix: str = '',
        name: str = '',
    ) -> None:
        super().__init__()
        extras = extras or Extras()
        self._fetch = fetch
        self._drawing = Drawing(columns, key, href, row_label, row_actions)
        self._filters = list(filters)
        self._prefix = prefix
        self._default = ListQuery(sort=sort, descending=descending, page_size=min(page_size, MAX_PAGE_SIZE))
        self._url = shell.query()
        self._asked = 0
        self._exports = extras.exports
        self.query = self._read()
        self.total = 0
        self._drawn = Drawn()
        self._props.update({'name': name or self._url.path + prefix, 'label': label, 'noun': list(noun)})
        self._props.update(
            {'searchable': bool(search), 'searchLabel': search, 'cards': cards, 'switchable': switchable}
        )
        nothing = empty or EmptyList(f'No {noun[1]} yet', f'When there are {noun[1]}, they appear here.')
        self._describe(extras, nothing)
        self._offer(row_actions, bulk, buttons, extras)
        self._live = [model.__name__ for model in live]
        self._listener = Listener(self, live, self._refetch) if self._live else None

    def _describe(self, extras: Extras, nothing: EmptyList) -> None:
        columns = [column.data for column in self._drawing.columns]
        if columns:
            columns[0]['fixed'] = True
        drawn = {'icon': nothing.icon, 'title': nothing.title, 'text': nothing.text}
        self._props.update({'columns': written(columns), 'filters': written([one.data for one in self._filters])})
        self._props.update({'rows': (), 'total': 0, 'loading': True, 'failed': '', 'state': self.query.model_dump()})
        self._props['sizes'] = sorted({*SIZES, self._default.page_size})
        self._props['empty'] = drawn | {'actions': self._buttons(nothing.buttons, 'empty')}
        self._props['views'] = [_view(view) for view in extras.views]

    def _offer(
        self,
        row_actions: Sequence[RowAction[RowT]],
        bulk: Sequence[BulkAction],
        buttons: Sequence[Button],
        extras: Extras,
    ) -> None:
        self._offer_exports()
        self._props['actions'] = self._buttons(buttons, 'table')
        self._props['bulk'] = [
            {'name': f'bulk-{i}', 'label': one.label, 'icon': one.icon} for i, one in enumerate(bulk)
        ]
        self._props['selectable'] = bool(bulk)
        self._props['menus'] = {'items': [_menu(i, one) for i, one in enumerate(row_actions)]} if row_actions else None
        self._props['canSave'] = extras.save_view is not None
        self._when('state', self._change, ListQuery)
        self._when('save-view', extras.save_view, SaveView)
        for index, one in enumerate(row_actions):
            self._when(f'row-{index}', one.do, UUID)
        for index, action in enumerate(bulk):
            self._when(f'bulk-{index}', self._bulk(action), Selection)

    def _handle_delete(self) -> None:
        if self._listener is not None:
            self._listener.end()
            self._listener = None  # it holds the list: together they would wait for a full collection
        super()._handle_delete()

    # ------------------------------------------------------------------------------------------ rows

    async def load(self) -> 'DataTable[RowT]':
        """Fetch the rows of the current page and draw them. Refusals are drawn in place of the rows."""
        await self._show(self._own)
        return self

    async def _refetch(self) -> None:
        """Fetch again after a change: a service together with all screens that ask the same with the same rights."""
        await self._show(self._shared if isinstance(self._fetch, Service) else self._own)

    async def _show(self, answer: Callable[[Actor], Awaitable[Drawn]]) -> None:
        self._asked += 1
        asked = self._asked
        actor = await guard.actor_of(self.client)
        try:
            drawn = await answer(actor)
        except AppError as error:
            self._draw({'failed': error.message, 'loading': False, 'state': self.query.model_dump()})
            return
        if asked == self._asked and not self.is_deleted:  # else a later question is on its way
            self._take(drawn)

    async def _own(self, actor: Actor) -> Drawn:
        page = await self._fetch(actor, self.query)
        if not page.rows and page.total and self.query.page > 1:  # the last page emptied meanwhile
            self.query = self.query.model_copy(update={'page': -(-page.total // self.query.page_size)})
            page = await self._fetch(actor, self.query)
        return self._drawing.page(page)

    async def _shared(self, actor: Actor) -> Drawn:
        fetch, query = self._fetch, self.query
        key = (fetch, query.model_dump_json())
        shared = await answers.for_anybody(actor, self._live, key, lambda anybody: fetch(anybody, query))
        if shared is None or (not shared.answer.rows and shared.answer.total):
            return await self._own(actor)
        look = self._drawing.look
        drawn: Drawn | None = shared.drawings.get(look)
        if drawn is None:
            drawn = self._drawing.page(shared.answer)
            if look is not None:
                shared.drawings[look] = drawn
        return drawn

    def _take(self, drawn: Drawn) -> None:
        """Show a page: only what has changed of it, when rows have changed in place."""
        before, self._drawn, self.total = self._drawn, drawn, drawn.total
        around = {'total': drawn.total, 'loading': False, 'failed': '', 'state': self.query.model_dump()}
        if drawn.order is not before.order or any(self._props[name] != value for name, value in around.items()):
            self._draw({**around, 'rows': drawn.rows})
        elif changed := [row for row, old in zip(drawn.rows, before.rows, strict=True) if row is not old]:
            with self._props.suspend_updates():
                self._props['rows'] = drawn.rows
            self.run_method('replace', changed)

    def _draw(self, changed: dict[str, Any]) -> None:
        if any(self._props.get(name) != value for name, value in changed.items()):
            self._props.update(changed)
            self.update()

    def load_soon(self) -> 'DataTable[RowT]':
        """Show skeleton rows now and fetch when the screen stands; for lists below the fold."""
        background_tasks.create(self.load(), name='rows of a list', context=self)
        return self

    # ------------------------------------------------------------------------------------------ state

    @property
    def address(self) -> str:
        """The address that shows what the list shows now."""
        return self._url.address

    def _read(self) -> ListQuery:
        url, prefix, default = self._url, self._prefix, self._default
        sorts = {str(column.data['sort']) for column in self._drawing.columns if column.sort}
        sort = url.get(f'{prefix}sort')
        named = sort.removeprefix('-')
        chosen = {one.name: _allowed(one, url.all(f'{prefix}{one.name}')) for one in self._filters}
        return ListQuery(
            q=url.get(f'{prefix}q')[:200],
            sort=named if named in sorts else default.sort,
            descending=sort.startswith('-') if named in sorts else default.descending,
            page=url.number(f'{prefix}page', 1),
            page_size=url.number(f'{prefix}size', default.page_size, highest=MAX_PAGE_SIZE),
            filters={name: values for name, values in chosen.items() if values},
        )

    async def _change(self, asked: ListQuery) -> None:
        sorts = {str(column.data['sort']) for column in self._drawing.columns if column.sort} | {self._default.sort}
        filters = {one.name: _allowed(one, asked.filters.get(one.name, [])) for one in self._filters}
        self.query = asked.model_copy(
            update={
                'sort': asked.sort if asked.sort in sorts else self._default.sort,
                'filters': {name: values for name, values in filters.items() if values},
            }
        )
        self._write()
        self._offer_exports()
        await self.load()

    def _write(self) -> None:
        query, default, prefix = self.query, self._default, self._prefix
        sorted_as_usual = (query.sort, query.descending) == (default.sort, default.descending)
        values: dict[str, Any] = {
            f'{prefix}q': query.q,
            f'{prefix}sort': None if sorted_as_usual else ('-' if query.descending else '') + query.sort,
            f'{prefix}page': query.page if query.page > 1 else None,
            f'{prefix}size': query.page_size if query.page_size != default.page_size else None,
        }
        values |= {f'{prefix}{one.name}': query.filters.get(one.name) for one in self._filters}
        self._url.set(**values)

    def _offer_exports(self) -> None:
        items = [{'label': label, 'href': build(self.query), 'download': True} for label, build in self._exports]
        self._props['exports'] = [item | {'icon': 'sym_o_download', 'name': item['label']} for item in items]

    def _bulk(self, bulk: BulkAction) -> Handler:
        inner = bulk.do

        async def run(actor: Actor, selection: Selection) -> None:
            chosen = selection.model_copy(update={'query': self.query.model_copy(update={'page': 1})})
            result = inner(actor, chosen)
            if isinstance(result, Awaitable):
                await result
            self.run_method('clear')
            await self.load()

        return run


def _allowed(one: Filter, values: Iterable[str]) -> list[str]:
    known = {str(plain(option[0])) for option in one.options}
    return [value for value in dict.fromkeys(values) if value in known]


def _menu(index: int, one: RowAction[Any]) -> dict[str, Any]:
    return {'name': f'row-{index}', 'label': one.label, 'icon': one.icon, 'danger': one.danger}


def _view(view: View) -> dict[str, Any]:
    data = {'label': view.label, 'href': view.address, 'shared': view.shared}
    return data | ({'count': view.count} if view.count is not None else {})

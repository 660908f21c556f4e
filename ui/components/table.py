"""The list: one component with search, filters, sort, pages, selection and export, its state kept in the address."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic
from uuid import UUID

from logic.core.actor import Actor
from logic.core.errors import AppError
from logic.core.language import _, later
from logic.core.listing import ListQuery, Page
from logic.core.service import Service
from ui import guard, shell
from ui.components import around
from ui.components.answers import answers
from ui.components.base import Button, Component, Handler, plain
from ui.components.columns import (
    BulkAction,
    Column,
    EmptyList,
    Extras,
    Filter,
    FilterSearch,
    RowAction,
    RowT,
    Selection,
)
from ui.components.form_dialog import FormDialog
from ui.components.list_state import ListState, ids_in
from ui.components.live import Listener
from ui.components.rows import Drawing, Drawn
from ui.components.saved_views import SavedViews, ViewAct
from ui.memory import written

SIZES = (25, 50, 100)


class DataTable(
    Component, Generic[RowT], component='data_table.js', dependencies=['filters.js', 'logbook.js', 'symbols.js']
):
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
        search: str = later('Search'),
        sort: str = '',
        descending: bool = False,
        row_actions: Sequence[RowAction[RowT]] = (),
        bulk: Sequence[BulkAction] = (),
        buttons: Sequence[Button] = (),
        empty: EmptyList | None = None,
        extras: Extras | None = None,
        noun: tuple[str, str] = (later('row'), later('rows')),
        live: Sequence[type] = (),
        cards: bool = False,
        switchable: bool = False,
        prefix: str = '',
        name: str = '',
    ) -> None:
        super().__init__()
        self._fetch, extras = fetch, extras or Extras()
        self._drawing = Drawing(columns, key, href, row_label, row_actions)
        default = ListQuery(sort=sort, descending=descending)
        sorts = {str(column.data['sort']) for column in columns if column.sort} | {sort}
        self._state = ListState(shell.query(), prefix, default, filters, sorts)
        self._views = SavedViews(self._state, fetch, self._open, self._draw) if search or filters else None
        self._asked = 0
        self._exports, self._prints, self._carries = extras.exports, extras.prints, extras.carries
        self._searched = {one.name: one for one in filters if one.search and one.named}
        self.query = self._state.read()
        self.total = 0
        self._drawn = Drawn()
        self._props.update({'name': name or self._state.url.path + prefix, 'label': str(label), 'noun': plain(noun)})
        self._props.update(
            {'searchable': bool(search), 'searchLabel': str(search), 'cards': cards, 'switchable': switchable}
        )
        things = str(noun[1])
        said = (_('No {things} yet', things=things), _('When there are {things}, they appear here.', things=things))
        self._describe(empty or EmptyList(*said), filters)
        self._offer(row_actions, bulk, buttons)
        self._live = [model.__name__ for model in live]
        self._listener = Listener(self, live, self._refetch) if self._live else None

    def _describe(self, nothing: EmptyList, filters: Sequence[Filter]) -> None:
        columns = [column.data for column in self._drawing.columns]
        if columns:
            columns[0]['fixed'] = True
        drawn = {'icon': nothing.icon, 'title': str(nothing.title), 'text': str(nothing.text)}
        self._props.update({'columns': written(columns), 'filters': written([one.data for one in filters])})
        self._props.update({'rows': (), 'total': 0, 'loading': True, 'failed': '', 'state': self.query.model_dump()})
        self._props['sizes'] = tuple(sorted({*SIZES, self.query.page_size}))
        self._props['empty'] = written(drawn | {'actions': self._buttons(nothing.buttons, 'empty')})
        self._props.update({'views': [], 'view': '', 'canShare': False, 'canSave': False, 'shown': '', 'named': {}})

    def _offer(
        self,
        row_actions: Sequence[RowAction[RowT]],
        bulk: Sequence[BulkAction],
        buttons: Sequence[Button],
    ) -> None:
        self._follow_query()
        self._props['actions'] = written(self._buttons(buttons, 'table'))
        self._props['bulk'] = written([
            {'name': f'bulk-{i}', 'label': str(one.label), 'icon': one.icon} for i, one in enumerate(bulk)
        ])  # fmt: skip
        self._props['selectable'] = bool(bulk)
        self._props['menus'] = {'items': [_menu(i, one) for i, one in enumerate(row_actions)]} if row_actions else None
        self._when('state', self._change, ListQuery)
        self._when('views', self._act_on_views, ViewAct)
        self._when('list-views', self._list_views)
        if self._searched:
            self._when('find', guard.action(self._find, payload=FilterSearch, again='latest'))
        for index, one in enumerate(row_actions):
            self._when(f'row-{index}', one.do, UUID)
        for index, action in enumerate(bulk):
            self._when(f'bulk-{index}', self._bulk(action), Selection)

    def _handle_delete(self) -> None:
        if self._listener is not None:
            self._listener.end()
            self._listener = None  # it holds the list: together they would wait for a full collection
        self._views = None  # so do they
        super()._handle_delete()

    # ------------------------------------------------------------------------------------------ rows

    async def load(self) -> 'DataTable[RowT]':
        """Fetch the rows of the current page and draw them. Refusals are drawn in place of the rows."""
        if not self._asked and self._views is not None:
            actor = await guard.actor_of(self.client)
            if self._views.are_kept(actor):
                self._props['canSave'] = True
                self.query = await self._views.begin(actor) or self.query
                self._follow_query()
        await self._name_chosen()
        await self._show(self._own)
        return self

    async def _name_chosen(self) -> None:
        """Have the browser know what those are called who were chosen by their ids."""
        for name, one in self._searched.items():
            ids = ids_in(self.query.filters.get(name, []))
            if one.named and not {str(row_id) for row_id in ids} <= self._props['named'].keys():
                found = await one.named(await guard.actor_of(self.client), ids)
                self._props['named'] |= {str(row.id): row.name for row in found}

    async def _find(self, actor: Actor, asked: FilterSearch) -> None:
        one = self._searched.get(asked.filter)
        if one is not None and one.search:
            found = [row.data for row in (await one.search(actor, asked.text))[:10]]
            self.run_method('offer', asked.filter, asked.text, found)

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
        beside = {'total': drawn.total, 'loading': False, 'failed': '', 'state': self.query.model_dump()}
        beside['exports'] = self._ways_out()
        if drawn.order is not before.order or any(self._props[name] != value for name, value in beside.items()):
            self._draw({**beside, 'rows': drawn.rows})
        elif changed := [row for row, old in zip(drawn.rows, before.rows, strict=True) if row is not old]:
            with self._props.suspend_updates():
                self._props['rows'] = drawn.rows
            self.run_method('replace', changed)

    def _draw(self, changed: dict[str, Any]) -> None:
        if not self.is_deleted and any(self._props.get(name) != value for name, value in changed.items()):
            self._props.update(changed)
            self.update()

    # ------------------------------------------------------------------------------------------ state

    @property
    def address(self) -> str:
        """The address that shows what the list shows now."""
        return self._state.url.address

    async def _change(self, asked: ListQuery) -> None:
        await self._open(self._state.held(asked), self._state.view or None)

    async def _open(self, query: ListQuery, view: str | None) -> None:
        self.query = query
        self._state.write(query, view=view)
        self._follow_query()
        await self.load()

    async def _act_on_views(self, actor: Actor, asked: ViewAct) -> None:
        if self._views is not None and self._views.are_kept(actor):
            await self._views.act(actor, asked, self.query)

    async def _list_views(self, actor: Actor) -> None:
        if self._views is not None and self._views.are_kept(actor):
            await self._views.show_all(actor)

    def _follow_query(self) -> None:
        """Let all addresses say what the list is asked for now."""
        self._props['shown'] = self._state.text(self.query)
        self._props['carried'] = '' if self._carries is None else around.state(self.query, **self._carries)
        self._props['exports'] = self._ways_out()

    def _ways_out(self) -> Any:
        """Return exports and printed lists of what is asked for now, and of how much that is."""
        items = [
            {'label': said, 'name': said, 'href': build(self.query), 'download': saved, 'icon': icon}
            for offered, saved, icon in ((self._exports, True, 'sym_o_download'), (self._prints, False, 'sym_o_print'))
            for label, build in offered
            if (said := label(self.query, self.total) if callable(label) else str(label))
        ]
        return written(items)

    def _bulk(self, bulk: BulkAction) -> Handler:
        inner = bulk.do

        async def run(actor: Actor, selection: Selection) -> None:
            chosen = selection.model_copy(update={'query': self.query.model_copy(update={'page': 1})})
            result = inner(actor, chosen)
            if isinstance(result, Awaitable):
                result = await result
            if isinstance(result, FormDialog):
                result.then = lambda: None if self.is_deleted else self.run_method('clear')
                return
            self.run_method('clear')
            await self.load()

        return run


def _menu(index: int, one: RowAction[Any]) -> dict[str, Any]:
    drawn = {'name': f'row-{index}', 'label': str(one.label), 'icon': one.icon, 'danger': one.danger}
    return drawn | ({'beside': True} if one.beside else {})

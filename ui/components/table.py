"""The list: one component with search, filters, sort, pages, selection and export, its state kept in the address."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar
from uuid import UUID

from nicegui import background_tasks
from pydantic import BaseModel, ConfigDict, Field

from logic.core.actor import Actor
from logic.core.errors import AppError
from logic.core.listing import MAX_PAGE_SIZE, ListQuery, Page
from ui import guard, shell
from ui.components.base import Button, Component, Handler, plain
from ui.components.live import Listener

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
SIZES = (25, 50, 100)
SELECTION_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Column(Generic[RowT]):
    """A column. `value` takes a row and gives what the kind draws:

    text: str; prose: str of several lines; person: dict(name=, detail=, photo=); link: dict(text=, href=);
    chip: Chip; chips: list[Chip]; tags: list[str]; date: date; when (relative, exact on hover) and datetime: datetime;
    money: dict(cents=, currency=); number: int; flag: bool; email, phone: str.
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
        data = {'name': self.name, 'label': self.label, 'kind': self.kind, 'sort': sort, 'hidden': self.hidden}
        return data | {'end': self.kind in ('money', 'number'), 'width': self.width}

    def cell(self, row: RowT) -> Any:
        return plain(self.value(row) if self.value is not None else getattr(row, self.name))


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter chip. `options` are (value, label) or (value, label, count)."""

    name: str
    label: str
    options: Sequence[tuple[Any, ...]]
    many: bool = True

    @property
    def data(self) -> dict[str, Any]:
        drawn = [
            {'value': str(plain(o[0])), 'label': o[1]} | ({'count': o[2]} if len(o) > 2 else {}) for o in self.options
        ]
        return {'name': self.name, 'label': self.label, 'many': self.many, 'options': drawn}


class Selection(BaseModel):
    """What a bulk action is for: `ids`, or with `all` everything that `query` finds. The service resolves both anew."""

    model_config = ConfigDict(extra='forbid')

    all: bool = False
    ids: list[UUID] = Field(default_factory=list, max_length=SELECTION_LIMIT)
    query: ListQuery = Field(default_factory=ListQuery)


class SaveView(BaseModel):
    """A name for what the list shows now."""

    model_config = ConfigDict(extra='forbid')

    name: str = Field(min_length=1, max_length=80)


@dataclass(frozen=True, slots=True)
class RowAction(Generic[RowT]):
    """An entry in the menu of each row: `do(actor, id: UUID)`. `when(row)` says where it is offered."""

    label: str
    do: Handler
    icon: str = ''
    danger: bool = False
    when: Callable[[RowT], bool] | None = None


@dataclass(frozen=True, slots=True)
class BulkAction:
    """A button for the selected rows: `do(actor, selection: Selection)`."""

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


@dataclass(frozen=True, slots=True)
class View:
    """A saved view as a link; `address` is the path with its query string."""

    label: str
    address: str
    shared: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Extras:
    """Seams of a list: exports (label, address builder from the query), saved views, and how to save one."""

    exports: Sequence[tuple[str, Callable[[ListQuery], str]]] = ()
    views: Sequence[View] = ()
    save_view: Handler | None = None
    """`do(actor, view: SaveView)`; the address to save is `table.address`."""


@dataclass(slots=True)
class _Wire(Generic[RowT]):
    columns: Sequence[Column[RowT]]
    fetch: Callable[[Actor, ListQuery], Awaitable[Page[RowT]]]
    key: Callable[[RowT], UUID]
    href: Callable[[RowT], str] | None
    label: Callable[[RowT], str]
    row_actions: Sequence[RowAction[RowT]]
    names: list[str] = field(default_factory=list)


class DataTable(Component, Generic[RowT], component='table.js', dependencies=['logbook.js', 'symbols.js']):
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
        live: Iterable[type] = (),
        cards: bool = False,
        switchable: bool = False,
        prefix: str = '',
        name: str = '',
    ) -> None:
        super().__init__()
        extras = extras or Extras()
        self._wire = _Wire(columns, fetch, key, href, row_label or _first_text(columns), row_actions)
        self._filters = list(filters)
        self._prefix = prefix
        self._default = ListQuery(sort=sort, descending=descending, page_size=min(page_size, MAX_PAGE_SIZE))
        self._url = shell.query()
        self._asked = 0
        self._exports = extras.exports
        self.query = self._read()
        self.total = 0
        drawn = [column.data for column in columns]
        if drawn:
            drawn[0]['fixed'] = True
        nothing = empty or EmptyList(f'No {noun[1]} yet', f'When there are {noun[1]}, they appear here.')
        self._props.update(
            {
                'name': name or self._url.path + prefix,
                'label': label,
                'columns': drawn,
                'filters': [one.data for one in self._filters],
                'rows': [],
                'total': 0,
                'loading': True,
                'failed': '',
                'state': self.query.model_dump(),
                'searchable': bool(search),
                'searchLabel': search,
                'selectable': bool(bulk),
                'sizes': sorted({*SIZES, self._default.page_size}),
                'noun': list(noun),
                'cards': cards,
                'switchable': switchable,
                'bulk': [{'name': f'bulk-{i}', 'label': one.label, 'icon': one.icon} for i, one in enumerate(bulk)],
                'actions': self._buttons(buttons, 'table'),
                'empty': {'icon': nothing.icon, 'title': nothing.title, 'text': nothing.text}
                | {'actions': self._buttons(nothing.buttons, 'empty')},
                'views': [_view(view) for view in extras.views],
                'canSave': extras.save_view is not None,
                'menus': {'items': [_menu(i, one) for i, one in enumerate(row_actions)]} if row_actions else None,
            }
        )
        self._offer_exports()
        self._when('state', self._change, ListQuery)
        self._when('save-view', extras.save_view, SaveView)
        for index, one in enumerate(row_actions):
            self._when(f'row-{index}', one.do, UUID)
        for index, action in enumerate(bulk):
            self._when(f'bulk-{index}', self._bulk(action), Selection)
        self._listener = Listener(self, live, self.load) if live else None

    def _handle_delete(self) -> None:
        if self._listener is not None:
            self._listener.end()
        super()._handle_delete()

    # ------------------------------------------------------------------------------------------ rows

    async def load(self) -> 'DataTable[RowT]':
        """Fetch the rows of the current page and draw them. Refusals are drawn in place of the rows."""
        self._asked += 1
        asked = self._asked
        actor = await guard.actor_of(self.client)
        try:
            page = await self._wire.fetch(actor, self.query)
            if not page.rows and page.total and self.query.page > 1:  # the last page emptied meanwhile
                self.query = self.query.model_copy(update={'page': -(-page.total // self.query.page_size)})
                page = await self._wire.fetch(actor, self.query)
        except AppError as error:
            self._props.update({'failed': error.message, 'loading': False, 'state': self.query.model_dump()})
            self.update()
            return self
        if asked == self._asked and not self.is_deleted:  # else a later question is on its way
            self.total = page.total
            self._props.update({'rows': [self._row(row) for row in page.rows], 'total': page.total, 'loading': False})
            self._props.update({'failed': '', 'state': self.query.model_dump()})
            self.update()
        return self

    def load_soon(self) -> 'DataTable[RowT]':
        """Show skeleton rows now and fetch when the screen stands; for lists below the fold."""
        background_tasks.create(self.load(), name='rows of a list', context=self)
        return self

    def _row(self, row: RowT) -> dict[str, Any]:
        wire = self._wire
        data = {'id': str(wire.key(row)), 'label': wire.label(row), 'href': wire.href(row) if wire.href else None}
        data['cells'] = {column.name: column.cell(row) for column in wire.columns}
        without = [f'row-{i}' for i, one in enumerate(wire.row_actions) if one.when is not None and not one.when(row)]
        return data | ({'without': without} if without else {})

    # ------------------------------------------------------------------------------------------ state

    @property
    def address(self) -> str:
        """The address that shows what the list shows now."""
        return self._url.address

    def _read(self) -> ListQuery:
        url, prefix, default = self._url, self._prefix, self._default
        sorts = {str(column.data['sort']) for column in self._wire.columns if column.sort}
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
        sorts = {str(column.data['sort']) for column in self._wire.columns if column.sort} | {self._default.sort}
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


def _first_text(columns: Sequence[Column[Any]]) -> Callable[[Any], str]:
    def text(row: Any) -> str:
        value = columns[0].cell(row) if columns else ''
        return (
            str(value.get('name') or value.get('text') or value.get('label')) if isinstance(value, dict) else str(value)
        )

    return text


def _menu(index: int, one: RowAction[Any]) -> dict[str, Any]:
    return {'name': f'row-{index}', 'label': one.label, 'icon': one.icon, 'danger': one.danger}


def _view(view: View) -> dict[str, Any]:
    data = {'label': view.label, 'href': view.address, 'shared': view.shared}
    return data | ({'count': view.count} if view.count is not None else {})

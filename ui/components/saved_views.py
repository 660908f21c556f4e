"""The saved views of a list: opened, saved, renamed, shared and removed where the list stands."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal
from uuid import UUID

from nicegui import background_tasks
from pydantic import BaseModel, ConfigDict, Field

from logic import views
from logic.core.actor import Actor, ActorKind
from logic.core.errors import AppError
from logic.core.language import _
from logic.core.listing import ListQuery, Page
from logic.views import SHARE, ViewChange, ViewInput, ViewRow
from ui.components.list_state import ListState
from ui.components.toast import toast

COUNTED = 20
"""So many views show how much they find; each costs a question to the list."""
Fetch = Callable[[Actor, ListQuery], Awaitable[Page[Any]]]
_kept_here: list[bool] = [False]


def keep_views() -> None:
    """Let lists keep views; the application calls it, where there is a database to keep them in."""
    _kept_here[0] = True


class ViewAct(BaseModel):
    """What somebody does with the views of a list."""

    model_config = ConfigDict(extra='forbid')

    do: Literal['open', 'add', 'rename', 'save', 'share', 'keep', 'default', 'no-default', 'remove']
    id: UUID | None = None
    name: str = Field(default='', max_length=80)
    shared: bool = False


class SavedViews:
    """The views of one list. `show(query, view)` has the list show a question; `draw(props)` changes what is drawn."""

    def __init__(
        self,
        state: ListState,
        fetch: Fetch,
        show: Callable[[ListQuery, str | None], Awaitable[None]],
        draw: Callable[[dict[str, Any]], None],
    ) -> None:
        self._state, self._fetch, self._show, self._draw = state, fetch, show, draw
        self._listed = 0
        self.place = state.url.path + (f'/{state.prefix}' if state.prefix else '')

    @staticmethod
    def are_kept(actor: Actor) -> bool:
        """Say whether this person keeps views here."""
        return _kept_here[0] and actor.kind is ActorKind.ACCOUNT and actor.organization_id is not None

    async def begin(self, actor: Actor) -> ListQuery | None:
        """Return what the list opens with: the person's default view, where the address asks for nothing."""
        state = self._state
        if state.is_asked and not state.view:
            return None
        rows = await views.list_views(actor, self.place)
        opened = next(
            (row for row in rows if (row.is_default if not state.is_asked else str(row.id) == state.view)), None
        )
        self._drawn(actor, rows)
        if opened is None or state.is_asked:
            return None
        query = state.parse(opened.state)
        state.write(query, view=str(opened.id))
        self._drawn(actor, rows)
        return query

    async def act(self, actor: Actor, asked: ViewAct, query: ListQuery) -> None:
        """Do what somebody chose in the menu of views."""
        shown = self._state.text(query)
        match asked.do:
            case 'open':
                row = next((one for one in await views.list_views(actor, self.place) if one.id == asked.id), None)
                if row is not None:
                    await self._show(self._state.parse(row.state), str(row.id))
            case 'add':
                data = ViewInput(place=self.place, name=asked.name, state=shown, is_shared=asked.shared)
                added = await views.add_view(actor, data)
                self._state.write(query, view=str(added.id))
                toast(_('Saved as "{name}".', name=added.name))
            case 'default' | 'no-default':
                await views.choose_default_view(actor, self.place, asked.id if asked.do == 'default' else None)
            case 'remove' if asked.id is not None:
                await self._remove(actor, asked.id)
            case 'rename' | 'save' | 'share' | 'keep' if asked.id is not None:
                await views.update_view(actor, asked.id, _change(asked, shown))
        # Beside the handler: what is chosen while an act is handled is dropped.
        background_tasks.create(self.show_all(actor), name='saved views')

    async def _remove(self, actor: Actor, view_id: UUID) -> None:
        async def back(actor: Actor) -> None:
            await views.restore_view(actor, view_id)
            await self.show_all(actor)

        await views.remove_view(actor, view_id)
        toast(_('The view was removed.'), undo=back)

    async def show_all(self, actor: Actor) -> None:
        """Show the views as they are now, then how much each of them finds."""
        self._listed += 1
        listed = self._listed
        rows = await views.list_views(actor, self.place)
        if listed != self._listed:
            return  # what was chosen meanwhile has them listed anew
        self._drawn(actor, rows)
        counts = {row.id: await self._count(actor, row) for row in rows[:COUNTED]}
        if listed == self._listed:
            self._drawn(actor, rows, counts)

    async def _count(self, actor: Actor, row: ViewRow) -> int | None:
        query = self._state.parse(row.state).model_copy(update={'page_size': 1})
        try:
            return (await self._fetch(actor, query)).total
        except AppError:  # a filter that is no more, or none for this person
            return None

    def _drawn(self, actor: Actor, rows: list[ViewRow], counts: dict[UUID, int | None] | None = None) -> None:
        self._draw({
            'views': [_data(row, (counts or {}).get(row.id)) for row in rows],
            'view': self._state.view,
            'canShare': actor.may(SHARE),
        })  # fmt: skip


def _change(asked: ViewAct, shown: str) -> ViewChange:
    match asked.do:
        case 'rename':
            return ViewChange(name=asked.name)
        case 'save':
            return ViewChange(state=shown)
        case _:
            return ViewChange(is_shared=asked.do == 'share')


def _data(row: ViewRow, count: int | None) -> dict[str, Any]:
    data = {'id': str(row.id), 'label': row.name, 'state': row.state, 'shared': row.is_shared, 'own': row.is_own}
    data |= {'default': row.is_default, 'change': row.may_change}
    return data | ({'count': count} if count is not None else {})

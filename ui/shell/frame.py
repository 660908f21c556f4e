"""The frame around the screens, as one component fed with data, and the way from screen to screen."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Literal
from uuid import UUID

from nicegui import Client, background_tasks, ui
from pydantic import BaseModel, ConfigDict, Field

from logic.core.actor import Actor
from logic.core.language import _
from logic.core.live import Change, hub
from ui import errors, guard
from ui.guard import action
from ui.memory import written
from ui.shell import registry
from ui.shell.entries import drawn_department, drawn_link, drawn_notice, nothing_here, phone_bar, switched_off
from ui.shell.overview import Overview, kept
from ui.shell.screen import Screen
from ui.shell.sources import Department, palette_sources, sources
from ui.shell.undos import Undo, Undos

SWAP_AFTER_SECONDS = 0.25
"""A screen that is not drawn by then shows what it has, so that its skeletons are seen."""
FIRST_LOAD_SECONDS = 2.5
COALESCE_SECONDS = 0.1
PALETTE_LIMIT = 8
VISIT_SECONDS = 1.5
"""Who leaves a page sooner has only passed through it."""
OWN_PLACES = ('/account', '/account/notices', '/notifications')
"""Screens that the menus of the frame lead to, where there are such."""


class FrameEvent(BaseModel):
    """What the frame's component sends."""

    model_config = ConfigDict(extra='forbid')

    kind: Literal['go', 'palette', 'notices', 'read', 'read-all', 'theme', 'undo', 'pin', 'create', 'tip']
    path: str = Field(default='', max_length=4000)
    back: bool = False
    text: str = Field(default='', max_length=200)
    id: UUID | int | None = None


class Frame(ui.element, component='frame.js'):
    """The shell of one page in one browser tab."""

    def __init__(self, actor: Actor, departments: Sequence[Department], path: str) -> None:
        super().__init__()
        self.actor = actor
        self.path = path
        self.undos = Undos()
        self.screen: Screen | None = None
        self._building: asyncio.Task[None] | None = None
        self._refreshing: asyncio.TimerHandle | None = None
        self._visiting: asyncio.TimerHandle | None = None
        self._only_bell = False
        self._pinned_paths: set[str] = set()
        self._bell = sources.bell_of(actor)
        nameless = Department(id=actor.organization_id or UUID(int=0), name='Logbook')
        self.department = next((one for one in departments if one.id == nameless.id), nameless)
        self._props['organization'] = written(drawn_department(self.department))
        self._props['organizations'] = written([drawn_department(d) for d in departments])
        self._props['brand'] = {'colour': brand, 'on': '#ffffff'} if (brand := self.department.brand) else None
        self._props['locale'] = actor.locale
        self._props['zone'] = actor.zone
        self._props.update({'help': sources.help, 'warning': sources.warning(actor)})
        self._props['known'] = written([path for path in OWN_PLACES if path in registry.pages])
        self._props['token'] = sources.form_token(actor)
        self.on('act', action(self._act, payload=FrameEvent, again='parallel'))
        _frames[self.client.id] = self
        self._unsubscribe = hub.subscribe(actor.organization_id, sorted(sources.watch | {self._bell}), self._changed)

    def _handle_delete(self) -> None:
        self._unsubscribe()
        if self._refreshing is not None:
            self._refreshing.cancel()
        if self._building is not None:
            self._building.cancel()
        if self._visiting is not None:
            self._visiting.cancel()
        _frames.pop(self.client.id, None)
        super()._handle_delete()
        # Both hold the frame: together they would wait for a full collection.
        self._unsubscribe, self.screen = lambda: None, None

    async def load(self) -> None:
        """Fetch what the frame shows: navigation with counts, unread notices, theme."""
        self._draw_overview(await kept.get(self.actor))

    def _draw_overview(self, seen: Overview) -> None:
        groups = registry.navigation(self.actor)
        self._props['navigation'] = written([
            {'title': _(name), 'items': [drawn_link(entry, seen.counts.get(entry.path)) for entry in entries]}
            for name, entries in groups
        ])  # fmt: skip
        self._pinned_paths = {one.path for one in seen.pins}
        self._props['pins'] = written([{'path': one.path, 'label': one.label, 'icon': one.icon} for one in seen.pins])
        self._props['bottom'] = written(phone_bar([entry for _, entries in groups for entry in entries]))
        self._props.update(
            {'mayFound': seen.may_found, 'unread': seen.unread, 'theme': seen.theme, 'tips': list(seen.tips)}
        )
        self._props['pinned'] = self._is_pinned
        self._props['user'] = {'name': self.actor.name, 'detail': seen.detail}
        self.update()

    def _changed(self, change: Change) -> None:
        self._only_bell = change.model == self._bell and (self._only_bell or self._refreshing is None)
        if self._refreshing is None and not self.is_deleted:
            self._refreshing = asyncio.get_running_loop().call_later(COALESCE_SECONDS, self._refresh_soon)

    def _refresh_soon(self) -> None:
        self._refreshing = None
        if not self.is_deleted:
            background_tasks.create(self._reload(), name='refresh of the frame')

    async def _reload(self) -> None:
        only_bell, self._only_bell = self._only_bell, False
        self.actor = await guard.actor_of(self.client)
        if only_bell:  # a notice for one is published to all: they ask for one number
            unread = await sources.unread(self.actor)
            if not self.is_deleted and unread != self._props['unread']:
                self._props['unread'] = unread
                self.update()
        elif not self.is_deleted:
            await self.load()

    async def show(self, path: str, *, back: bool = False, first: bool = False) -> None:
        """Draw the screen at a path beside the old one, and swap when it is drawn or takes too long."""
        found = registry.find(path)
        if found is None and not first:
            self.run_method('leave', path)  # a plain route of ours, or nothing: the server answers either truly
            return
        if self._building is not None:
            self._building.cancel()
        entry, values = found or (None, {})
        self.path = self.client.sub_pages_router.current_path = path
        old = [child for child in self.default_slot.children if isinstance(child, Screen)]
        with self:
            screen = Screen(path, entry, self._rewrite)
        self.screen = screen
        if not old:
            self._props['screen'] = screen.id
        task = background_tasks.create(self._draw(screen, values), name=f'screen {path}', context=screen)
        self._building = task
        await asyncio.wait({task}, timeout=FIRST_LOAD_SECONDS if first else SWAP_AFTER_SECONDS)
        if self.screen is not screen or self.is_deleted:
            return  # a newer click took over
        self._props['screen'] = screen.id
        for child in old:
            child.delete()
        self.name_screen(screen)
        self._note_visit(screen)
        if not first:
            self.run_method('arrived', {'path': path, 'back': back, 'title': self._props['title']})

    def _note_visit(self, screen: Screen) -> None:
        if self._visiting is not None:
            self._visiting.cancel()
            self._visiting = None
        if screen.entry is not None and screen.entry.path != '/':
            self._visiting = asyncio.get_running_loop().call_later(VISIT_SECONDS, self._visited, screen)

    def _visited(self, screen: Screen) -> None:
        self._visiting = None
        if not self.is_deleted and self.screen is screen and self.client.has_socket_connection and not screen.refused:
            background_tasks.create(sources.visited(self.actor, self.path, screen.title), name='visit of a page')

    async def _draw(self, screen: Screen, values: dict[str, Any]) -> None:
        guarded: Callable[..., Awaitable[None]]
        if screen.entry is None:
            guarded = guard.page_guard(None)(nothing_here)
        elif screen.entry.switch in self.actor.modules_off and screen.entry.switch:
            guarded, values = guard.page_guard(None)(switched_off), {}
        else:
            guarded = screen.entry.builder
        await guarded(**values)
        if not screen.is_named:
            screen.is_named = True
            self.name_screen(screen)

    def name_screen(self, screen: Screen) -> None:
        """Show the title, the breadcrumb and the current entry of a screen, if it is the one that shows."""
        if screen is not self.screen or screen.id != self._props['screen'] or self.is_deleted:
            return
        entry = screen.entry
        above = registry.parent(entry) if entry and not entry.nav else None
        current = entry if entry and entry.nav else above
        over = above.title if above is not None and above.title != screen.title else ''
        parts = (screen.title if screen.is_named else '', over, self.department.name)
        self._props['title'] = self.client.title = ' - '.join(str(part) for part in parts if part)
        self._props['crumbs'] = screen.trail
        self._props['current'] = current.path if current else ''
        self._props['pinned'] = self._is_pinned
        self.update()

    @property
    def _is_pinned(self) -> bool | None:
        """Whether the page that is open stands in the navigation; None where it cannot."""
        screen = self.screen
        if screen is None or screen.entry is None or screen.refused or screen.entry.path == '/':
            return None
        return self.path in self._pinned_paths

    def _rewrite(self, path: str) -> None:
        self.path = self.client.sub_pages_router.current_path = path
        self.run_method('replaced', path)
        if self._props.get('pinned') != self._is_pinned:
            self._props['pinned'] = self._is_pinned
            self.update()

    async def _act(self, actor: Actor, asked: FrameEvent) -> None:
        self.actor = actor
        match asked.kind:
            case 'go':
                if errors.safe_next(asked.path) == asked.path:
                    await self.show(asked.path, back=asked.back)
            case 'palette':
                await self._search(actor, asked.text)
            case 'notices':
                notices = await sources.notices(actor)
                self.run_method('noticesFound', [drawn_notice(one) for one in notices])
            case 'read' | 'read-all':
                one = asked.id if isinstance(asked.id, UUID) and asked.kind == 'read' else None
                await sources.mark_read(actor, one)
                self._only_bell = True
                await self._reload()
            case 'theme':
                if asked.text in {'light', 'dark', 'system'}:
                    self._props['theme'] = asked.text
                    await sources.save_theme(actor, asked.text)
                    kept.forget()
            case 'pin':
                await self._pin(actor)
            case 'tip':
                await sources.see_tip(actor, asked.text)
                kept.forget_account(actor)
            case 'create':
                if self.screen is not None:
                    with self.screen:
                        await sources.create(actor)
            case 'undo':
                await self._undo(actor, asked.id)

    async def _undo(self, actor: Actor, number: UUID | int | None) -> None:
        undo = self.undos.waiting.pop(number, None) if isinstance(number, int) else None
        if undo is not None:
            await undo(actor)

    async def _pin(self, actor: Actor) -> None:
        screen = self.screen
        if screen is None or screen.entry is None or screen.refused:
            return
        await sources.pin(actor, self.path, screen.title, not self._is_pinned)
        kept.forget_account(actor)
        await self._reload()

    async def _search(self, actor: Actor, text: str) -> None:
        found = await asyncio.gather(*(source(actor, text) for source in palette_sources))
        groups: dict[str, list[dict[str, Any]]] = {}
        for item in itertools.chain(*(part[:PALETTE_LIMIT] for part in found)):
            drawn = {'label': str(item.label), 'detail': str(item.detail), 'href': item.href, 'icon': item.icon}
            groups.setdefault(item.group, []).append(drawn | {'person': item.person})
        answer = [{'title': title, 'label': _(title), 'items': items} for title, items in groups.items()]
        self.run_method('paletteFound', {'text': text, 'groups': answer})

    def toast(
        self, message: str, kind: str, undo: Undo | None, link: tuple[str, str] | None = None,
        also: tuple[str, Undo] | None = None,
    ) -> None:  # fmt: skip
        """Show a toast: for ten seconds with buttons for `undo` and `also`; with `link`, a way to a place."""
        data: dict[str, Any] = {'message': str(message), 'kind': kind}
        data |= {'undo': True, 'id': self.undos.add(undo)} if undo else {}
        data |= {'link': {'label': str(link[0]), 'href': link[1], 'inside': True}} if link else {}
        data |= {'also': {'label': str(also[0]), 'id': self.undos.add(also[1])}} if also else {}
        self.run_method('toast', data)


_frames: dict[str, Frame] = {}


def frame_of(client: Client) -> Frame | None:
    """Return the shell of a page, if it has one."""
    return _frames.get(client.id)

"""The screens: path, title, permission and place in the navigation, declared by `@page` where the screen is written."""

import inspect
import typing
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from logic.core.actor import Actor
from logic.core.domain import domains
from logic.core.language import later
from logic.core.service import SIGNED_IN
from ui.guard import page_guard

Builder = Callable[..., Coroutine[Any, Any, None]]
GROUPS = (
    '', later('Operations'), later('People'), later('Work'), later('Governance'), later('Office'),
    later('Administration'),
)  # fmt: skip
"""The order of the groups in the navigation; others follow by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nav:
    """An entry in the navigation. `key` follows G in the shortcut; `phone` is its place (1-4) in the phone's bar."""

    icon: str
    group: str = ''
    order: int = 100
    label: str | None = None
    key: str = ''
    phone: int | None = None


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One registered screen."""

    path: str
    title: str
    permission: str
    nav: Nav | None
    builder: Builder
    module: str
    parameters: dict[str, type]
    segments: tuple[str, ...]

    def match(self, parts: tuple[str, ...]) -> dict[str, Any] | None:
        """Return the typed parameters when the parts of a path are ours, else None; a malformed id is not ours."""
        if len(parts) != len(self.segments):
            return None
        values: dict[str, Any] = {}
        for segment, part in zip(self.segments, parts, strict=True):
            if not segment.startswith('{'):
                if segment != part:
                    return None
                continue
            name = segment[1:-1]
            try:
                values[name] = self.parameters[name](part)
            except ValueError:
                return None
        return values

    def open_to(self, actor: Actor) -> bool:
        """Say whether an actor may open this screen: he holds the permission and the module is switched on."""
        if self.permission == SIGNED_IN:
            return True
        return actor.may(self.permission) and self.switch not in actor.modules_off

    @property
    def label(self) -> str:
        """What the navigation calls it, else its title."""
        return later(self.nav.label) if self.nav and self.nav.label else self.title

    @property
    def icon(self) -> str:
        """Its icon in the navigation, else that of any page."""
        return self.nav.icon if self.nav else 'sym_o_arrow_forward'

    @property
    def switch(self) -> str:
        """The module whose switch takes this screen away; '' when nothing does."""
        name = '' if self.permission == SIGNED_IN else self.permission.partition('.')[0]
        domain = domains.get(name)
        return name if domain is not None and domain.switchable else ''


pages: dict[str, PageEntry] = {}


def split(path: str) -> tuple[str, ...]:
    """Return the decoded parts of a path without its query and fragment."""
    plain = path.partition('#')[0].partition('?')[0].removeprefix('/').removesuffix('/')
    return tuple(unquote(part) for part in plain.split('/'))


def page(path: str, title: str, permission: str, nav: Nav | None = None) -> Callable[[Builder], Builder]:
    """Register a screen. See the module `ui.shell` for how to write one."""
    if not path.startswith('/') or path in pages:
        raise RuntimeError(f'The page {path} is registered twice or does not begin with a slash.')

    def register(builder: Builder) -> Builder:
        hints = typing.get_type_hints(builder)
        segments = tuple(path.strip('/').split('/'))
        wanted = {segment[1:-1] for segment in segments if segment.startswith('{')}
        parameters = {name: kind for name, kind in hints.items() if name in wanted and kind in (UUID, int, str)}
        accepted = set(inspect.signature(builder).parameters)
        if wanted - set(parameters) or accepted - wanted - {'actor'}:
            raise RuntimeError(
                f'{path}: its parameters {sorted(wanted)} must be those of the builder, as UUID, int or str.'
            )
        guarded = page_guard(None if permission == SIGNED_IN else permission)(builder)
        pages[path] = PageEntry(path, later(title), permission, nav, guarded, builder.__module__, parameters, segments)
        return builder

    return register


def find(path: str) -> tuple[PageEntry, dict[str, Any]] | None:
    """Return the screen at a path with its parameters; literal parts win over parameters."""
    parts = split(path)
    for entry in sorted(pages.values(), key=lambda e: [s.startswith('{') for s in e.segments]):
        values = entry.match(parts)
        if values is not None:
            return entry, values
    return None


def parent(entry: PageEntry) -> PageEntry | None:
    """Return the nearest screen above one that stands in the navigation, such as the list of a record."""
    for length in range(len(entry.segments) - 1, 0, -1):
        above = pages.get('/' + '/'.join(entry.segments[:length]))
        if above is not None and above.nav is not None:
            return above
    return None


def navigation(actor: Actor) -> list[tuple[str, list[PageEntry]]]:
    """Return the groups and entries that an actor may open, in order."""
    groups: dict[str, list[PageEntry]] = {}
    for entry in pages.values():
        if entry.nav is not None and entry.open_to(actor):
            groups.setdefault(entry.nav.group, []).append(entry)
    place = {name: index for index, name in enumerate(GROUPS)}
    ordered = sorted(groups.items(), key=lambda item: (place.get(item[0], len(GROUPS)), item[0]))
    return [
        (name, sorted(entries, key=lambda e: (e.nav.order, e.title) if e.nav else (0, ''))) for name, entries in ordered
    ]

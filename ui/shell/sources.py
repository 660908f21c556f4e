"""What the shell shows but does not know: counts, notices, departments, search results. The application fills it in."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from logic.core.actor import Actor
from logic.core.service import SIGNED_IN


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """An organization as the switcher and the tab title name it. `logo` is an address on this host."""

    id: UUID
    name: str
    logo: str | None = None
    brand: str | None = None
    """`#rrggbb`, checked by `theme.check_brand` when it was saved; None for our own."""


@dataclass(frozen=True, slots=True)
class Count:
    """A number beside an entry of the navigation; urgent ones are red."""

    number: int
    urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A line of the bell's list."""

    id: UUID
    text: str
    at: datetime
    href: str | None = None
    read: bool = False
    more: int = 0
    """How many older ones about the same record it stands for."""
    icon: str = 'sym_o_notifications'
    tone: str = 'grey'


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """A page that somebody keeps in his navigation."""

    path: str
    label: str
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaletteItem:
    """One result in the palette."""

    group: str
    label: str
    href: str
    detail: str = ''
    icon: str = 'sym_o_arrow_forward'
    person: bool = False
    """Draw initials instead of the icon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaletteAction:
    """Something that a person begins from anywhere: the screen that it leads to asks for the rest."""

    label: str
    """As on the button: 'Add person'."""
    href: str
    permission: str
    icon: str = 'sym_o_add'
    words: str = ''
    """Other words under which people look for it."""

    def open_to(self, actor: Actor) -> bool:
        """Say whether an actor may begin it."""
        return self.permission == SIGNED_IN or (
            actor.may(self.permission) and self.permission.partition('.')[0] not in actor.modules_off
        )


CREATE = '#create'
"""The address of the palette's action that opens `sources.create` over the screen that is there."""
palette_actions: list[PaletteAction] = []
"""Filled by the pages that the actions lead to."""

PaletteSource = Callable[[Actor, str], Awaitable[Sequence[PaletteItem]]]
palette_sources: list[PaletteSource] = []
"""Asked at every change of the text, all at once, '' included; each gives at most six, best first."""


async def _no_department(actor: Actor) -> Sequence[Department]:
    return [Department(id=actor.organization_id, name='Logbook')] if actor.organization_id else []


async def _may_not(_actor: Actor) -> bool:
    return False


async def _zero(_actor: Actor) -> int:
    return 0


async def _no_notices(_actor: Actor) -> Sequence[Notice]:
    return []


async def _ignore_notice(_actor: Actor, _notice_id: UUID | None) -> None:
    return None


async def _system_theme(_actor: Actor) -> str:
    return ''


async def _ignore_theme(_actor: Actor, _theme: str) -> None:
    return None


async def _no_tips(_actor: Actor) -> Sequence[str]:
    return []


async def _ignore_tip(_actor: Actor, _tip: str) -> None:
    return None


async def _no_detail(_actor: Actor) -> str:
    return ''


async def _no_pins(_actor: Actor) -> Sequence[Pinned]:
    return []


async def _ignore_pin(_actor: Actor, _path: str, _title: str, _is_pinned: bool) -> None:
    return None


async def _ignore_visit(_actor: Actor, _path: str, _title: str) -> None:
    return None


async def _nobody(_actor: Actor) -> Sequence[str]:
    return []


async def _ask_nobody(_actor: Actor, _permission: str, _title: str) -> Sequence[str]:
    return []


async def _create_nothing(_actor: Actor) -> None:
    return None


@dataclass(slots=True)
class Sources:
    """Functions that the application sets at start; the defaults show an empty but working shell."""

    departments: Callable[[Actor], Awaitable[Sequence[Department]]] = _no_department
    """All organizations of the account, the current one among them."""
    may_found: Callable[[Actor], Awaitable[bool]] = _may_not
    """Whether the switcher offers to make another organization."""
    warning: Callable[[Actor], str] = lambda _actor: ''
    """What stands above every screen for those who can mend it, such as that the address is not encrypted."""
    counts: list[Callable[[Actor], Awaitable[dict[str, Count]]]] = field(default_factory=list)
    """Path of a navigation entry to its number."""
    helpers: Callable[[Actor], Awaitable[Sequence[str]]] = _nobody
    """The names of those who can change what the actor may do."""
    ask_access: Callable[[Actor, str, str], Awaitable[Sequence[str]]] = _ask_nobody
    """Tell them that he lacks a permission for a screen of this title; returns their names."""
    unread: Callable[[Actor], Awaitable[int]] = _zero
    notices: Callable[[Actor], Awaitable[Sequence[Notice]]] = _no_notices
    """The newest ones, at most 30."""
    mark_read: Callable[[Actor, UUID | None], Awaitable[None]] = _ignore_notice
    """One notice with the others about its record, or with None all."""
    theme: Callable[[Actor], Awaitable[str]] = _system_theme
    """'light', 'dark', 'system', or '' when the account never chose: then what the device remembers holds."""
    save_theme: Callable[[Actor, str], Awaitable[None]] = _ignore_theme
    tips: Callable[[Actor], Awaitable[Sequence[str]]] = _no_tips
    """Names of the tips that the account has not seen yet."""
    see_tip: Callable[[Actor, str], Awaitable[None]] = _ignore_tip
    account_detail: Callable[[Actor], Awaitable[str]] = _no_detail
    """The line under the name in the user menu, such as the e-mail address."""
    form_token: Callable[[Actor], str] = lambda _actor: ''
    """The token of the POST forms to /sign-out and /switch-organization."""
    create: Callable[[Actor], Awaitable[None]] = _create_nothing
    """Opens what the shortcut C and the palette begin where the screen itself has nothing to add."""
    bell: set[str] = field(default_factory=lambda: {'Notice'})
    """Names of the models whose changes alter the number of unread notices, and nothing else of the frame."""
    bell_of: Callable[[Actor], str] = lambda _actor: 'Notice'
    """Under which name a change of one person's bell is published: his frames alone ask for the number again."""
    watch: set[str] = field(default_factory=set)
    """Names of the models whose changes alter the counts in the navigation; the frame is drawn anew at once."""
    own: set[str] = field(default_factory=lambda: {'Account', 'Organization'})
    """Names of the models that names, themes and departments are read from; the next page shows a change."""
    pins: Callable[[Actor], Awaitable[Sequence[Pinned]]] = _no_pins
    """The pages at the top of the navigation."""
    pin: Callable[[Actor, str, str, bool], Awaitable[None]] = _ignore_pin
    """Called with path and title of a page, and whether it is to be pinned."""
    visited: Callable[[Actor, str, str], Awaitable[None]] = _ignore_visit
    """Called with path and title of a page that somebody has had open for a moment."""
    help: str = ''
    """Address of the help that the user menu leads to; '' shows none."""
    phone_bar: tuple[str, ...] = ()
    """Paths of the four entries of the phone's bar; empty takes those with `Nav(phone=...)`, then the first ones."""


sources = Sources()

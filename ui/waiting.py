"""What waits for people, as screens show it: each kind with its icon, and with the actions on its row.

    looks['change'] = Look('sym_o_edit_note', 'violet', Act(later('Approve'), approve), Act(later('Decline'), decline))

The screens of a domain say so of the kinds that its rules declare in `logic.core.waiting`.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from logic.core.actor import Actor
from logic.core.language import later
from logic.home import WaitingItem
from ui.components import Waiting
from ui.components.blocks import Tone


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done about it at once: `do(actor, id)`."""

    label: str
    do: Callable[[Actor, UUID], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Look:
    """How a kind looks. Without acts it has a link that says `opens`."""

    icon: str
    tone: Tone
    act: Act | None = None
    also: Act | None = None
    opens: str = later('Open')


looks: dict[str, Look] = {}


def drawn(items: Sequence[WaitingItem]) -> list[Waiting]:
    """Return what waits as an `Attention` lists it."""
    return [_drawn(item, looks[item.kind]) for item in items]


def _drawn(item: WaitingItem, look: Look) -> Waiting:
    act, also = (one if one and item.id else None for one in (look.act, look.also))
    return Waiting(
        item.text, item.detail, look.icon, look.tone, item.href, act.label if act else look.opens,
        do=_bound(act, item) if act else None, also=(also.label, _bound(also, item)) if also else None,
        key=f'{item.kind}-{item.id}',
    )  # fmt: skip


def _bound(act: Act, item: WaitingItem) -> Callable[[Actor], Awaitable[None]]:
    async def do(actor: Actor) -> None:
        assert item.id is not None
        await act.do(actor, item.id)

    return do

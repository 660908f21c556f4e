"""Short messages at the bottom, with Undo where something can be taken back."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal

from nicegui.context import context

from logic.core.actor import Actor
from ui.shell.frame import frame_of

Kind = Literal['info', 'success', 'warning', 'error']
Do = Callable[[Actor], Awaitable[Any]]


def toast(
    message: str,
    kind: Kind = 'success',
    *,
    undo: Do | None = None,
    link: tuple[str, str] | None = None,
    also: tuple[str, Do] | None = None,
) -> None:
    """Say something. `undo(actor)` is offered for ten seconds; the service it calls decides whether it still may.

    `link` is where to look: its label, and a place in Logbook. `also` is what one may want to do next: its label, and
    what is called with the actor; whoever takes it has no undo here any more, so it offers one for both.
    """
    frame = frame_of(context.client)
    if frame is not None:
        frame.toast(message, kind, undo, link, also)

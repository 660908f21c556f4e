"""What is said when a list or a task is taken away from somebody who has it open."""

from collections.abc import Awaitable, Callable
from typing import Any

from logic.core.errors import Denied, NotFound
from logic.core.language import _, later
from ui.components import Button, Empty
from ui.shell.current import current_screen

Call = Callable[..., Awaitable[Any]]
WHAT = {
    'list': later('This list is no longer shared with you'),
    'task': later('This task is no longer shared with you'),
}


def kindly(call: Call, what: str) -> Call:
    """Return a callback of a watcher that says so in place of the screen when its record is there no more."""
    screen = current_screen()

    async def run(*given: Any) -> None:
        try:
            await call(*given)
        except (NotFound, Denied):
            if not screen.is_deleted:
                with screen.clear():
                    Empty(
                        'sym_o_lock', WHAT[what],
                        _('It was deleted, or its owner shares it with others now. Ask him, if you still need it.'),
                        [Button(_('Open my tasks'), href='/my-work', primary=True)], page=True,
                    )  # fmt: skip

    return run

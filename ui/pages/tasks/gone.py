"""What is said when a list or a task is taken away from somebody who has it open."""

from collections.abc import Awaitable, Callable
from typing import Any

from logic.core.actor import Actor
from logic.core.errors import Denied, NotFound
from logic.core.language import _, later
from logic.core.live import About, Change
from ui import shell
from ui.components import Button, Empty, watch
from ui.guard import current_actor
from ui.shell.current import current_screen

Call = Callable[..., Awaitable[Any]]
WHAT = {
    'list': later('This list is no longer shared with you'),
    'task': later('This task is no longer there for you'),
}


def kindly(call: Call, what: str) -> Call:
    """Return a callback of a watcher that says so in place of the screen when its record is there no more."""
    screen = current_screen()

    async def run(*given: Any) -> None:
        try:
            await call(*given)
        except (NotFound, Denied):
            if not screen.is_deleted and not screen.refused:
                with screen.clear():
                    _say(what)

    return run


def _say(what: str) -> None:
    """Draw what leads on; nothing of the record is left, in the breadcrumb and the name of the tab neither."""
    current_screen().refused = True
    shell.crumbs((_('Tasks'), '/tasks'), (WHAT[what], None))
    shell.title(WHAT[what])
    buttons = [Button(_('Open my tasks'), href='/my-work', primary=True)]
    if what == 'task':
        buttons.append(Button(_('Look into the bin'), href='/tasks/bin', icon='sym_o_delete'))
    text = _(
        'It was deleted, or is shared with others now. If you still need it, ask somebody who has it: '
        'what you were writing here is kept.'
    )
    Empty('sym_o_lock', WHAT[what], text, buttons, page=True)


async def follow(
    what: str, drawn: Any, look: Callable[[Actor], Awaitable[Any]], *models: type,
    match: Callable[[Change], bool] | None = None,
) -> None:  # fmt: skip
    """Draw the screen anew when its reader may do other things with its record than `drawn`, and say when it is gone.

    `look` returns what decides how the screen is drawn. It is asked when rows of the models change, and when something
    is said of the reader: his department or his positions may have let him in.
    """

    async def again() -> None:
        if await look(await current_actor()) != drawn:
            await shell.refresh()

    me = (await current_actor()).member_id
    watch(*models, call=kindly(again, what), match=match)
    watch(About, call=kindly(again, what), match=lambda change: change.row_id == me)

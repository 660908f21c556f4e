"""What somebody has begun and left, such as an import: told on the screen where it begins, to go on with or discard."""

from collections.abc import Callable, Sequence
from uuid import UUID

from logic.core.actor import Actor
from logic.core.formats import moment_text
from logic.core.language import _, many
from logic.core.underway import UnderwayT
from ui import shell
from ui.components.base import Button
from ui.components.blocks import Buttons, Card
from ui.components.toast import toast


def draw_unfinished(
    actor: Actor,
    found: Sequence[UnderwayT],
    path: str,
    standing: Callable[[UnderwayT], tuple[int, str]],
    discard: Callable[[Actor, UUID], None],
) -> None:
    """Draw a card for each. `standing` says how many rows it has and where it stands; it goes on at `path`/id."""
    for one in found:

        async def drop(actor: Actor, one: UnderwayT = one) -> None:
            discard(actor, one.id)
            toast(_('Discarded.'))
            await shell.refresh()

        rows, where = standing(one)
        begun = moment_text(one.begun_at, actor.zone)
        said = many('{count} row, begun {when}.', '{count} rows, begun {when}.', rows, when=begun)
        with Card(_('Unfinished: {name}', name=one.name), text=f'{said} {where}'):
            Buttons(
                Button(_('Continue'), href=f'{path}/{one.id}', icon='sym_o_arrow_forward'),
                Button(_('Discard'), do=drop, icon='sym_o_delete', quiet=True),
            )

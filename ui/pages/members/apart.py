"""Saying of two records that look like one person that they are of two."""

from uuid import UUID

from logic import members
from logic.core.actor import Actor
from logic.core.language import _
from ui import shell
from ui.components import Button, toast


def two_people(member_id: UUID, other_id: UUID, here: str) -> Button:
    """Return the button on the page at `here`, which compares them; to undo it leads back there."""

    async def tell_apart(actor: Actor) -> None:
        noted_id = await members.tell_apart(actor, member_id, other_id)

        async def back(actor: Actor) -> None:
            assert noted_id is not None
            await members.take_back_apart(actor, noted_id)
            shell.go(here)

        toast(_('Noted. They are no possible duplicates any more.'), undo=back if noted_id else None)
        shell.go('/members/duplicates')

    return Button(_('These are two people'), do=tell_apart, icon='sym_o_group')

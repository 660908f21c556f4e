"""Merging two records, hiding one, and wiping what identifies somebody who has left."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from logic import members
from logic.core.actor import Actor
from logic.core.language import _, later
from logic.members import PersonView, archive, merge
from ui import shell
from ui.components import FormDialog, toast
from ui.search import search_people


async def hide(actor: Actor, person: PersonView) -> None:
    """Archive at once, with undo."""

    async def back(actor: Actor) -> None:
        await archive.restore_member(actor, person.id)
        await shell.refresh()

    await archive.archive_member(actor, person.id)
    toast(_('{name} is archived.', name=person.name), undo=back)
    await shell.refresh()


async def restore(actor: Actor, person: PersonView) -> None:
    """Bring the record back."""
    await archive.restore_member(actor, person.id)
    toast(_('{name} is back in the directory.', name=person.name))
    await shell.refresh()


class Other(BaseModel):
    """The record that is merged into this one."""

    model_config = ConfigDict(extra='forbid')

    dropped_id: Annotated[UUID, Field(title=later('The other record of the same person'))]


async def merge_into(actor: Actor, person: PersonView) -> None:  # noqa: ARG001  the submit asks again
    """Take over another record of the same person."""

    async def save(actor: Actor, data: Other) -> None:
        result = await merge.merge_members(actor, person.id, data.dropped_id)

        async def back(actor: Actor) -> None:
            assert result.batch_id is not None
            await members.undo_batch(actor, result.batch_id)
            await shell.refresh()

        toast(_('Merged. What was empty here is filled from the other record.'), undo=back if result.batch_id else None)
        await shell.refresh()

    text = _(
        '{name} ({number}) stays and takes over what the other holds. It can be undone for 30 days.',
        name=person.name,
        number=person.number,
    )
    dialog = FormDialog(_('Merge with another record'), Other, save, text=text, label=_('Merge'))
    dialog.person('dropped_id', search_people)


class Wipe(BaseModel):
    """Why a person is to be anonymised."""

    model_config = ConfigDict(extra='forbid')

    reason: Annotated[str, Field(title=later('Who asked for it, and why'), min_length=1, max_length=500)]


async def anonymise(actor: Actor, person: PersonView) -> None:  # noqa: ARG001
    """Ask that all that identifies a person be wiped; a second person decides."""

    async def save(actor: Actor, data: Wipe) -> None:
        await archive.ask_to_anonymise(actor, person.id, data.reason)
        toast(_('Asked. A second person decides on the page "Access".'))

    title = _('Anonymise {name}', name=person.name)
    text = _('Name, contacts, credentials, papers and free texts are wiped for good. Counts, dates and proofs stay.')
    dialog = FormDialog(title, Wipe, save, text=text, label=_('Ask for it'), danger=True, confirm=person.name)
    dialog.text('reason')

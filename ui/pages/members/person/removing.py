"""Merging two records, hiding one, and wiping what identifies somebody who has left."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from logic.core.actor import Actor
from logic.core.language import _, later
from logic.members import PersonView, archive
from ui import shell
from ui.components import FormDialog, toast
from ui.pages.members import merging
from ui.search import search_everybody


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

    async def go_on(actor: Actor, data: Other) -> None:  # noqa: ARG001  nothing is stored yet
        shell.go(merging.address(person.id, data.dropped_id))

    text = _('Both are shown side by side before anything happens.')
    dialog = FormDialog(_('Merge with another record'), Other, go_on, text=text, label=_('Compare'))
    dialog.person('dropped_id', search_everybody)


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
    dialog = FormDialog(title, Wipe, save, text=text, label=_('Ask for it'), danger=True)
    dialog.text('reason')

"""What the department adds to a person: a photo, tags, and fields of its own."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from logic import custom_fields, members
from logic.core.actor import Actor
from logic.core.language import _, later
from logic.members import PersonView
from logic.members.attachments import send_photo
from logic.members.domain import VIEW
from ui import shell, uploads
from ui.components import Dialog, Fact, FileDrop, FormDialog, toast
from ui.components import custom_fields as own
from ui.uploads import Received

PHOTO_BYTES = 8_000_000


async def photo(actor: Actor, person: PersonView) -> None:  # noqa: ARG001  the upload asks again
    """Take a new photo."""

    async def take(actor: Actor, received: Received) -> None:
        await send_photo(actor, person.id, received.name, received.read())

    async def then(actor: Actor, _sent: Any) -> None:  # noqa: ARG001
        toast(_('The new photo is in place.'))
        await shell.refresh()

    with Dialog(_('Photo of {name}', name=person.name)):
        FileDrop(
            take, kinds=uploads.PHOTOS, limit=PHOTO_BYTES, permission=VIEW, then=then, label=_('Drop a photo here'),
            help=_('A picture up to 8 MB. Place and camera are taken out of it.'),
        )  # fmt: skip


class _Extras(BaseModel):
    """Tags; one field for each of the department's own is added."""

    model_config = ConfigDict(extra='forbid')

    tags: set[UUID] = Field(default=set(), title=later('Tags'))


async def edit(actor: Actor, person: PersonView) -> None:
    """Tags, and the department's own fields."""
    fields = [
        one
        for one in await custom_fields.list_custom_fields(actor, 'Member')
        if person.sees_private or not one.is_private
    ]
    known = dict(person.custom)
    if person.sees_private and any(one.is_private for one in fields):
        known |= (await members.view_private_data(actor, person.id)).custom
    tags = [(tag.id, tag.name) for tag in await members.list_tags(actor)]

    async def save(actor: Actor, data: _Extras) -> None:
        await members.set_tags(actor, person.id, data.tags)
        typed = own.typed(data, fields)
        changed = {key: value for key, value in typed.items() if (value or '') != known.get(key, '')}
        if changed:
            await members.set_custom_values(actor, person.id, changed)
        toast(_('Saved.'))
        await shell.refresh()

    value = {'tags': {tag.id for tag in person.tags}} | {str(one.id): known.get(one.id) for one in fields}
    text = _('There are no tags or fields yet. Settings, Fields and tags, is where to add them.')
    title, empty = _('Tags and fields of {name}', name=person.name), not (tags or fields)
    dialog = FormDialog(title, own.asked(_Extras, fields), save, value=value, text=text if empty else '')
    if tags:
        dialog.checks('tags', tags)
    own.place(dialog, fields)


async def facts(actor: Actor, values: dict[UUID, str]) -> list[Fact]:
    """The department's own fields that have a value, in their order."""
    return own.facts(await custom_fields.list_custom_fields(actor, 'Member'), values) if values else []

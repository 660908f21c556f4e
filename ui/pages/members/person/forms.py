"""The dialogs of a person's page."""

from collections.abc import Awaitable, Callable
from typing import Any

from logic import members
from logic.core.actor import Actor
from logic.core.language import _
from logic.members import PersonView, ProfileInput
from logic.members.names import PHONE_FIELDS, typed_phone
from ui import shell
from ui.components import FormDialog, toast
from ui.pages.members.new import options

Dialog = Callable[[Actor, PersonView], Awaitable[Any]]


def opens(dialog: Dialog, person: PersonView) -> Callable[[Actor], Awaitable[None]]:
    """Return a handler that opens a dialog about a person, as he is then: much is edited where it stands."""

    async def run(actor: Actor) -> None:
        await dialog(actor, await members.get_member(actor, person.id))

    return run


async def done(message: str) -> None:
    """Say that it is done, and draw the page anew."""
    toast(message)
    await shell.refresh()


async def profile(actor: Actor, person: PersonView) -> None:
    """Who he is and how to reach him; only the fields that the viewer may change."""
    value: dict[str, Any] = {name: getattr(person, name) for name in ProfileInput.model_fields if hasattr(person, name)}
    if person.sees_private:
        value |= (await members.view_private_data(actor, person.id)).model_dump()
    value |= {name: typed_phone(value[name], person.typed_country) for name in PHONE_FIELDS if value.get(name)}
    own_only = person.is_self and not person.may_edit
    value['membership_type_id'] = person.membership_type.id if person.membership_type else None
    value['station_id'] = person.station.id if person.station else None

    async def save(actor: Actor, data: ProfileInput) -> None:
        shown = data.model_copy()
        changed = {
            name: getattr(shown, name)
            for name in shown.model_fields_set
            if getattr(shown, name) != (value.get(name) or _blank(name))
        }
        if changed:
            await members.update_member(actor, person.id, ProfileInput(**changed), person.version)
        await done(_('Saved.'))

    dialog = FormDialog(
        _('Edit {name}', name=person.name), ProfileInput, save, value=value, side=True, about_me=person.is_self
    )
    _place_fields(dialog, person, {} if own_only else await options(actor))


def _place_fields(dialog: FormDialog[ProfileInput], person: PersonView, chosen: dict[str, Any]) -> None:
    if chosen:
        with dialog.section(_('Name')):
            dialog.text('first_name', span=6)
            dialog.text('last_name', span=6)
    dialog.text('preferred_name')
    with dialog.section(_('Contact')):
        dialog.email('email')
        dialog.phone('phone', span=6)
        dialog.phone('home_phone', span=6)
        dialog.email('personal_email')
        if person.is_self:
            dialog.checkbox('hides_contacts')
            for name in ('hides_email', 'hides_phones', 'hides_personal_email'):
                dialog.checkbox(name, span=4, when=('hides_contacts', 'false'))
    if person.sees_private:
        with dialog.section(_('Address')):
            dialog.text('street')
            dialog.text('postcode', span=4)
            dialog.text('city', span=8)
            dialog.text('region', span=8)
            dialog.text('country', span=4)
    if chosen:
        with dialog.section(_('Membership')):
            dialog.text('number', span=6)
            dialog.select('membership_type_id', chosen['membership_type_id'], none=_('None'), span=6)
            dialog.select('station_id', chosen['station_id'], none=_('None'), span=6)
            dialog.select('employment_type', none=_('Not said'), span=6)
            dialog.date('joined_on', span=6)
            if person.sees_file:
                dialog.date('probation_ends_on', span=6)
                dialog.number('notice_days', span=6)
            if 'company_id' in chosen:
                dialog.select('company_id', chosen['company_id'], none=_('None'), span=6)
            if person.sees_private:
                dialog.date('birth_on', span=6)
                dialog.textarea('notes')


def _blank(name: str) -> Any:
    return ProfileInput.model_fields[name].get_default()

"""The dialogs of a person's page."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from data.members import MemberStatus
from logic import members
from logic.core.actor import Actor
from logic.members import ALLOWED, JobInput, PersonView, ProfileInput
from ui import shell
from ui.components import FormDialog, Found, toast
from ui.pages.members.new import options
from ui.search import search_people

Dialog = Callable[[Actor, PersonView], Awaitable[Any]]


def opens(dialog: Dialog, person: PersonView) -> Callable[[Actor], Awaitable[None]]:
    """Return a handler that opens a dialog about a person."""

    async def run(actor: Actor) -> None:
        await dialog(actor, person)

    return run


async def _done(message: str) -> None:
    toast(message)
    await shell.refresh()


async def profile(actor: Actor, person: PersonView) -> None:
    """Who he is and how to reach him; only the fields that the viewer may change."""
    value: dict[str, Any] = {name: getattr(person, name) for name in ProfileInput.model_fields if hasattr(person, name)}
    if person.sees_private:
        value |= (await members.view_private_data(actor, person.id)).model_dump()
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
        await _done('Saved.')

    dialog = FormDialog(f'Edit {person.name}', ProfileInput, save, value=value, side=True, about_me=person.is_self)
    if not own_only:
        with dialog.section('Name'):
            dialog.text('first_name', span=6)
            dialog.text('last_name', span=6)
    dialog.text('preferred_name')
    with dialog.section('Contact'):
        dialog.email('email')
        dialog.phone('phone', span=6)
        dialog.phone('home_phone', span=6)
        dialog.email('personal_email')
        if person.is_self:
            dialog.checkbox('hides_contacts')
    if person.sees_private:
        with dialog.section('Address'):
            dialog.text('street')
            dialog.text('postcode', span=4)
            dialog.text('city', span=8)
            dialog.text('region', span=8)
            dialog.text('country', span=4)
    if not own_only:
        chosen = await options(actor)
        with dialog.section('Membership'):
            dialog.text('number', span=6)
            dialog.select('membership_type_id', chosen['membership_type_id'], none='None', span=6)
            dialog.select('station_id', chosen['station_id'], none='None', span=6)
            dialog.select('employment_type', none='Not said', span=6)
            dialog.date('joined_on', span=6)
            if person.sees_private:
                dialog.date('birth_on', span=6)
                dialog.textarea('notes')


def _blank(name: str) -> Any:
    return ProfileInput.model_fields[name].get_default()


class JobChoice(JobInput):
    """Job data, from when, and why."""

    from_on: Annotated[date | None, Field(title='From')] = None
    reason: Annotated[str, Field(title='Reason', max_length=300)] = ''


async def job(actor: Actor, person: PersonView) -> None:
    """Where he works, from a day on."""
    chosen = await options(actor)
    manager = person.manager
    value = {
        'department_id': person.department.id if person.department else None,
        'rank_id': person.rank.id if person.rank else None,
        'manager_id': manager.id if manager else None,
        'title': person.title,
        'work_pattern': person.work_pattern,
    }

    async def save(actor: Actor, data: JobChoice) -> None:
        given = {
            name: getattr(data, name)
            for name in JobInput.model_fields
            if getattr(data, name) != (value[name] or _job_blank(name))
        }
        if given:
            await members.change_job(actor, person.id, JobInput(**given), data.from_on, data.reason)
        await _done('Saved. A future change waits until its day.' if data.from_on else 'Saved.')

    dialog = FormDialog(f'Change the job of {person.name}', JobChoice, save, value=value)
    dialog.select('department_id', chosen['department_id'], none='None', span=6)
    dialog.select('rank_id', chosen['rank_id'], none='None', span=6)
    dialog.text('title', span=6)
    dialog.text('work_pattern', span=6)
    dialog.person('manager_id', search_people, chosen=[Found(manager.id, manager.name)] if manager else ())
    dialog.date('from_on', span=6, help='Empty for today.')
    dialog.text('reason', span=6)


def _job_blank(name: str) -> Any:
    return JobInput.model_fields[name].get_default()


class StatusInput(BaseModel):
    """A move to another status."""

    model_config = ConfigDict(extra='forbid')

    to: Annotated[MemberStatus, Field(title='New status')]
    on: Annotated[date | None, Field(title='From')] = None
    reason: Annotated[str, Field(title='Reason', min_length=1, max_length=300)]
    reports_to_id: Annotated[UUID | None, Field(title='Who takes over the reports')] = None


async def status(actor: Actor, person: PersonView) -> None:  # noqa: ARG001  the submit asks again
    """A dated move, with its reason."""

    async def save(actor: Actor, data: StatusInput) -> None:
        await members.change_status(actor, person.id, data.to, data.reason, data.on, reports_to_id=data.reports_to_id)
        await _done('Status changed.')

    ways = [(way, way.label) for way in ALLOWED[person.status]]
    text = f'{person.name} is {person.status.label.lower()} since {person.status_since_on:%d %B %Y}.'
    dialog = FormDialog('Change status', StatusInput, save, text=text)
    dialog.select('to', ways, span=6)
    dialog.date('on', span=6, help='Empty for today.')
    dialog.text('reason')
    if person.reports_count:
        dialog.person('reports_to_id', search_people, when=('to', [MemberStatus.LEFT]))

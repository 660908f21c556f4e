"""People: the directory and each person's record; the same at /members and /employees."""

from datetime import date
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse

from data.members import MemberStatus
from logic import members
from logic.members import JobInput, MemberInput, MemberRow, PersonView, ProfileInput
from logic.members.domain import ADD, ARCHIVE, VIEW
from logic.members.records import update_record
from ui.api.callers import Caller, CallerOnce
from ui.api.models import Given, Listing, MemberItem, MemberParameters, Person
from ui.api.routing import delete, get, patch, post

PartT = TypeVar('PartT', bound=BaseModel)
BOTH = ('/members', '/employees')
ONE = tuple(f'{path}/{{member_id:uuid}}' for path in BOTH)


class MemberPatch(ProfileInput, JobInput):
    """Some fields of a person; what is left out stays. Job data changes from a day on."""

    from_on: Annotated[date | None, Field(description='From when job data changes; today, when left out.')] = None
    version: Annotated[int | None, Field(ge=1, description='The version that you read; 409 when it is old.')] = None

    def part(self, kind: type[PartT]) -> PartT:
        """Return the given fields that belong to one input of the rules."""
        names = kind.model_fields.keys() & self.model_fields_set
        return kind.model_validate({name: getattr(self, name) for name in names})


class StatusGiven(Given):
    """A change of status."""

    to: MemberStatus
    reason: Annotated[str, Field(min_length=1, max_length=300, examples=['Finished the academy.'])]
    on: Annotated[date | None, Field(description='The day of the change; today, when left out.')] = None
    reports_to_id: Annotated[UUID | None, Field(description='Who takes over the reports of somebody who leaves.')] = (
        None
    )
    version: Annotated[int | None, Field(ge=1)] = None


def item(row: MemberRow) -> dict[str, Any]:
    """Return a person in a list; contact data is absent, and not empty, where it may not be seen."""
    shown = MemberItem.model_validate(row).model_dump(mode='json')
    return {name: value for name, value in shown.items() if value is not None or name not in ('email', 'phone')}


def record(view: PersonView) -> dict[str, Any]:
    """Return a person's record; what the caller may not see is absent."""
    shown = view.model_dump(mode='json', exclude_unset=True)
    for name in ('department', 'rank', 'membership_type', 'station', 'manager'):
        shown[name] = _labelled(getattr(view, name))
    for name in ('positions', 'tags'):
        shown[name] = [_labelled(label) for label in getattr(view, name)]
    return shown


def _labelled(label: Any) -> dict[str, str] | None:
    return None if label is None else {'id': str(label.id), 'name': label.name}


@get(*BOTH, permission=VIEW, response_model=Listing[MemberItem])
async def list_members(caller: Caller, given: Annotated[MemberParameters, Query()]) -> object:
    """List people. A filter takes several values, separated by commas."""
    page = await members.list_members(caller, given.asked())
    rows = [item(row) for row in page.rows]
    return JSONResponse({'items': rows, 'total': page.total, 'page': page.page, 'page_size': page.page_size})


@post(*BOTH, permission=ADD, status_code=201, response_model=Person)
async def add_member(caller: CallerOnce, given: MemberInput) -> object:
    """Add a person. Only a name is required; a number is given when none is sent."""
    made = await members.add_member(caller, given)
    return JSONResponse(record(await members.get_member(caller.using(None), made.id)), 201)


@get(*ONE, permission=VIEW, response_model=Person)
async def get_member(caller: Caller, member_id: UUID) -> object:
    """Show a person, as far as the caller may see him."""
    return JSONResponse(record(await members.get_member(caller, member_id)))


@patch(*ONE, permission=VIEW, response_model=Person)
async def update_member(caller: Caller, member_id: UUID, given: MemberPatch) -> object:
    """Change some fields of a person."""
    job, profile = given.part(JobInput), given.part(ProfileInput)
    await update_record(caller, member_id, profile, job, from_on=given.from_on, version=given.version)
    return JSONResponse(record(await members.get_member(caller, member_id)))


@post(*(f'{path}/status' for path in ONE), permission=VIEW, response_model=Person)
async def change_status(caller: CallerOnce, member_id: UUID, given: StatusGiven) -> object:
    """Move a person to another status, with a reason, from a day on."""
    await members.change_status(
        caller, member_id, given.to, given.reason, given.on, reports_to_id=given.reports_to_id, version=given.version
    )
    return JSONResponse(record(await members.get_member(caller.using(None), member_id)))


@delete(*ONE, permission=ARCHIVE, response_model=Person)
async def archive_member(caller: Caller, member_id: UUID) -> object:
    """Archive a person: hidden, not deleted; what names him keeps him."""
    await members.archive_member(caller, member_id)
    return JSONResponse(record(await members.get_member(caller, member_id)))


@post(*(f'{path}/restore' for path in ONE), permission=ARCHIVE, response_model=Person)
async def restore_member(caller: CallerOnce, member_id: UUID) -> object:
    """Bring an archived person back."""
    await members.restore_member(caller, member_id)
    return JSONResponse(record(await members.get_member(caller.using(None), member_id)))

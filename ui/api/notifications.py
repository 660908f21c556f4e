"""Notices: what I was told, and what I want to be told."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field
from starlette.responses import JSONResponse

from data.notifications import Channel, Pace
from logic import notifications
from logic.notifications import HoursInput
from ui.api.callers import Caller, CallerOnce
from ui.api.models import Given, Listing, ListParameters, Nothing, Shown, listing
from ui.api.routing import PEOPLE, get, post, put


class NoticeItem(Shown):
    """Something that I was told."""

    id: UUID
    kind: str
    title: str
    body: str
    link: Annotated[str, Field(description='A path of ours; it may name an entry behind #.')]
    object_type: str
    object_id: UUID | None
    created_at: datetime
    read_at: datetime | None


class NoticeParameters(ListParameters):
    """The filters of my notices."""

    read: Annotated[str, Field(pattern='^(yes|no|)$')] = ''
    kind: Annotated[str, Field(max_length=500)] = ''


class ReadGiven(Given):
    """Which notices I have read; all of them, when none is named."""

    id: UUID | None = None


class ChoiceItem(Shown):
    """A kind of notice and how soon I hear of it in each channel."""

    kind: str
    label: str
    can_be_muted: bool
    bell: Pace
    mail: Pace
    push: Pace


class ChoiceGiven(Given):
    """How soon I want to hear of a kind of notice in a channel."""

    kind: Annotated[str, Field(max_length=60, examples=['document_expiring'])]
    channel: Channel
    pace: Pace


@get('/notifications', permission=PEOPLE, response_model=Listing[NoticeItem])
async def list_notices(caller: Caller, given: Annotated[NoticeParameters, Query()]) -> object:
    """List what I was told, the newest first."""
    return listing(NoticeItem, await notifications.list_notices(caller, given.asked()))


@post('/notifications/read', permission=PEOPLE, status_code=204, response_model=None)
async def mark_read(caller: CallerOnce, given: ReadGiven) -> None:
    """Note that I have read a notice, or all."""
    await notifications.mark_read(caller, given.id)


@get('/notifications/choices', permission=PEOPLE, response_model=list[ChoiceItem])
async def list_choices(caller: Caller, _: Annotated[Nothing, Query()]) -> object:
    """Show how soon I hear of each kind of notice, and where."""
    return JSONResponse([_choice(one) for one in await notifications.my_choices(caller)])


@put('/notifications/choices', permission=PEOPLE, response_model=list[ChoiceItem])
async def choose(caller: Caller, given: ChoiceGiven) -> object:
    """Choose how soon I hear of a kind of notice in a channel."""
    await notifications.choose(caller, given.kind, given.channel, given.pace)
    return JSONResponse([_choice(one) for one in await notifications.my_choices(caller)])


@get('/notifications/hours', permission=PEOPLE, response_model=HoursInput)
async def get_hours(caller: Caller, _: Annotated[Nothing, Query()]) -> object:
    """Show my quiet hours, and when my digest comes."""
    return JSONResponse((await notifications.my_hours(caller)).model_dump(mode='json'))


@put('/notifications/hours', permission=PEOPLE, response_model=HoursInput)
async def set_hours(caller: Caller, given: HoursInput) -> object:
    """Choose my quiet hours, and when my digest comes."""
    await notifications.set_hours(caller, given)
    return JSONResponse((await notifications.my_hours(caller)).model_dump(mode='json'))


def _choice(one: notifications.Choice) -> dict[str, Any]:
    kind, paces = one.kind, {channel.value: pace.value for channel, pace in one.paces.items()}
    return {'kind': kind.name, 'label': kind.label, 'can_be_muted': bool(one.offered(Channel.BELL)), **paces}

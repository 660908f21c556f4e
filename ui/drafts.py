"""The door of drafts: what a page keeps of what is being typed on it, over plain requests.

A page that has lost its socket still holds what was typed. It gets rid of it here, also in the moment in which it goes.
"""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from logic import drafts
from logic.core.actor import Actor
from logic.core.errors import Unauthenticated
from logic.drafts import Begun
from ui.front.tokens import is_form_token, session_subject
from ui.guard import actor_of_request

MOST_ASKED = 20
router = APIRouter(include_in_schema=False)
Place = Annotated[str, Field(min_length=1, max_length=drafts.LONGEST_PLACE)]


class FromPage(BaseModel):
    """What every request of a page brings: the token of the sign-in for which the page was drawn."""

    model_config = ConfigDict(extra='forbid')

    token: Annotated[str, Field(max_length=200)]


class Kept(FromPage):
    """What is typed in a place now; None for nothing any more."""

    place: Place
    begun: Begun | None


class Asked(FromPage):
    """Where the page has something to type in."""

    places: Annotated[list[Place], Field(max_length=MOST_ASKED)]


@router.post('/drafts', status_code=204)  # allow LR14: drafts are the writer's own
async def keep(request: Request, sent: Kept) -> None:
    """Keep a draft of who is signed in."""
    await drafts.keep_draft(await _writer(request, sent), sent.place, sent.begun)


@router.post('/drafts/read', response_model_exclude_defaults=True)  # allow LR14: drafts are the writer's own
async def read(request: Request, asked: Asked) -> dict[str, Begun]:
    """Return the drafts of who is signed in, by place."""
    return await drafts.get_drafts(await _writer(request, asked), asked.places)


async def _writer(request: Request, sent: FromPage) -> Actor:
    """Return who is signed in, if it is for him that the page was drawn: another may sit at that browser by now."""
    actor = await actor_of_request(request)
    if not is_form_token(sent.token, session_subject(actor.session_id)):
        raise Unauthenticated('You signed in anew in another window. Reload this page.')
    return actor

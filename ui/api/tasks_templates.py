"""Templates of lists, and how a list does."""

from typing import Annotated
from uuid import UUID

from pydantic import Field
from starlette.responses import Response

from logic import tasks
from logic.tasks import ListInput, ListTemplateInput
from logic.tasks.domain import ADD, MANAGE_LISTS, VIEW
from logic.tasks.inputs import Day
from ui.api.callers import Caller, CallerOnce
from ui.api.models import Shown
from ui.api.routing import delete, get, post
from ui.api.tasks_lists import LIST, ListItem

TEMPLATE = '/tasks/templates/{list_template_id:uuid}'


class TemplateItem(Shown):
    """A list kept to begin others from."""

    id: UUID
    title: str
    description: str
    colour: str
    icon: str
    task_count: int
    version: int


class TemplateMade(Shown):
    """A template that was kept."""

    id: UUID
    title: str
    version: int


class FromTemplate(ListInput):
    """A list that is made from a template."""

    begins_on: Annotated[
        Day | None, Field(description='The day from which the days of its tasks are counted; today when left out.')
    ] = None


class FiguresAnswer(Shown):
    """How a list does; times are medians over what was done in the last 90 days."""

    pending: int
    in_progress: int
    completed: int
    cancelled: int
    overdue: int
    done_lately: int
    lead_minutes: int | None
    cycle_minutes: int | None
    spent_minutes: Annotated[int, Field(description='Time that people noted on its tasks in the last 90 days.')]


@get(f'{LIST}/figures', permission=VIEW, response_model=FiguresAnswer)
async def list_figures(caller: Caller, list_id: UUID) -> object:
    """Say how much of a list is open, and how long its tasks take."""
    return await tasks.list_figures(caller, list_id)


@get('/tasks/templates', permission=VIEW, response_model=list[TemplateItem])
async def list_list_templates(caller: Caller) -> object:
    """List the templates of lists by title."""
    return await tasks.list_list_templates(caller)


@post(f'{LIST}/template', permission=MANAGE_LISTS, status_code=201, response_model=TemplateMade)
async def save_list_template(caller: CallerOnce, list_id: UUID, given: ListTemplateInput) -> object:
    """Keep a list as a template; one of the same name is replaced."""
    return await tasks.save_list_template(caller, list_id, given)


@post(f'{TEMPLATE}/lists', permission=ADD, status_code=201, response_model=ListItem)
async def add_list_from_template(caller: CallerOnce, list_template_id: UUID, given: FromTemplate) -> object:
    """Make a list from a template."""
    row = ListInput(**given.model_dump(exclude={'begins_on'}, exclude_unset=True))
    made = await tasks.add_list_from_template(caller, list_template_id, row, begins_on=given.begins_on)
    return await tasks.get_list(caller.using(None), made.id)


@delete(TEMPLATE, permission=MANAGE_LISTS, status_code=204)
async def remove_list_template(caller: Caller, list_template_id: UUID) -> Response:
    """Remove a template; lists that were made from it stay."""
    await tasks.remove_list_template(caller, list_template_id)
    return Response(status_code=204)

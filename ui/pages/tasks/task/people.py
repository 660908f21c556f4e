"""Who does a task, and its labels, each by a form."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from logic import tasks
from logic.core.actor import Actor
from logic.core.language import _, later
from ui.components import FormDialog, Found, toast
from ui.pages.tasks.adding import Open
from ui.search import search_people


class PeopleForm(BaseModel):
    """Who does a task."""

    model_config = ConfigDict(extra='forbid')

    assignee_ids: Annotated[list[UUID], Field(title=later('Who does it'), max_length=20)] = []


class LabelsForm(BaseModel):
    """The labels of a task, between commas."""

    model_config = ConfigDict(extra='forbid')

    labels: Annotated[
        str, Field(title=later('Labels'), max_length=600, description=later('Between commas. New ones are made.'))
    ] = ''


def opens(task_id: UUID) -> Open:
    """Return what opens the form of who does it."""

    async def save(actor: Actor, data: PeopleForm) -> None:
        await tasks.set_assignees(actor, task_id, data.assignee_ids)
        toast(_('Saved.'))

    async def show(actor: Actor) -> None:
        now = (await tasks.get_task(actor, task_id)).row.assignees
        value = {'assignee_ids': [one.id for one in now]}
        dialog = FormDialog(_('Who does it?'), PeopleForm, save, value=value)
        dialog.person('assignee_ids', search_people, [Found(one.id, one.name) for one in now])

    return show


def opens_labels(task_id: UUID) -> Open:
    """Return what opens the form of the labels."""

    async def save(actor: Actor, data: LabelsForm) -> None:
        await tasks.set_labels(actor, task_id, [name.strip() for name in data.labels.split(',') if name.strip()])

    async def show(actor: Actor) -> None:
        now = (await tasks.get_task(actor, task_id)).row.labels
        known = ', '.join(one.name for one in await tasks.list_labels(actor))
        value = {'labels': ', '.join(one.name for one in now)}
        text = _('Known: {names}.', names=known) if known else ''
        FormDialog(_('Labels'), LabelsForm, save, value=value, text=text).text('labels')

    return show

"""The facts of a task, each edited where it stands, and its description."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from data.tasks import TaskPriority
from logic import audit, tasks
from logic.core.actor import Actor
from logic.tasks import TaskChange, TaskView
from ui.components import Button, Buttons, Editable, EditableFacts, Fact, FormDialog, Prose, Sheet, toast
from ui.components.form import Found
from ui.pages.tasks import cells
from ui.pages.tasks.adding import Open
from ui.search import search_people

Shown = list[Fact | Editable]


class TaskFacts(BaseModel):
    """The facts of a task that are edited in place, one at a time."""

    model_config = ConfigDict(extra='forbid')

    title: Annotated[str, Field(title='Title', min_length=1, max_length=200)] = ''
    priority: Annotated[TaskPriority, Field(title='Priority')] = TaskPriority.MEDIUM
    start: Annotated[date | None, Field(title='Begins')] = None
    due: Annotated[date | None, Field(title='Due')] = None
    estimate_minutes: Annotated[int | None, Field(title='Estimate in minutes', ge=0, le=1_000_000)] = None
    progress: Annotated[int, Field(title='Progress in percent', ge=0, le=100)] = 0


class PeopleForm(BaseModel):
    """Who does a task."""

    model_config = ConfigDict(extra='forbid')

    assignee_ids: Annotated[list[UUID], Field(title='Who does it', max_length=20)] = []


class LabelsForm(BaseModel):
    """The labels of a task, between commas."""

    model_config = ConfigDict(extra='forbid')

    labels: Annotated[str, Field(title='Labels', max_length=600, description='Between commas. New ones are made.')] = ''


def description(view: TaskView) -> Prose:
    """What the task says, edited by those who may."""

    async def save(actor: Actor, html: str) -> None:
        await tasks.update_task(actor, view.row.id, TaskChange(description=html))

    return Prose('Description', view.description, save if view.may_edit else None, empty='Nothing is described yet.')


def shown(view: TaskView, zone: str) -> Shown:
    """The facts, those that the viewer may change as controls."""
    row = view.row
    due = cells.due(row, zone)
    found: Shown = [
        Editable('title', 'Title', row.title),
        Editable('priority', 'Priority', row.priority.label, typed=row.priority, control='select'),
        Editable('due', 'Due', row.due_on, 'date'),
        Editable('start', 'Begins', row.start_on, 'date'),
        Editable('estimate_minutes', 'Estimate in minutes', row.estimate_minutes, 'number'),
        Editable('progress', 'Progress in percent', row.progress, 'number'),
    ]
    if not view.may_edit:
        found = [Fact(one.label, one.value, one.kind) for one in found[1:]]
    more: Shown = [
        *([Fact('Due at', f'{due:%H:%M}')] if isinstance(due, datetime) else []),
        *([Fact('Zone of the task', view.zone)] if isinstance(due, datetime) and view.zone not in ('', zone) else []),
        Fact('Who does it', ', '.join(one.name for one in row.assignees)),
        Fact('Labels', ', '.join(one.name for one in row.labels)),
        Fact('Repeats', 'Yes' if row.is_recurring else ''),
        Fact('Time spent', f'{view.spent_minutes} min' if view.spent_minutes else ''),
        Fact('Added by', row.creator.name if row.creator else ''),
        Fact('Added', row.created_at.astimezone(ZoneInfo(zone)), 'datetime'),
    ]
    if row.completed_at:
        by = f' by {view.completed_by.name}' if view.completed_by else ''
        more.append(Fact('Completed' + by, row.completed_at, 'datetime'))
    return [*found, *more]


class FactSheet:
    """The card of facts, with the buttons for who does it and the labels."""

    def __init__(self, view: TaskView) -> None:
        self._id = view.row.id
        self._zone = ''

        async def store(actor: Actor, data: TaskFacts, version: int) -> None:
            given: dict[str, Any] = data.model_dump(exclude_unset=True)
            await tasks.update_task(actor, view.row.id, TaskChange(**given), version)

        async def newest(actor: Actor) -> Sheet:
            latest = await audit.activity_of(actor, ('Task',), view.row.id, limit=1)
            now = await tasks.get_task(actor, view.row.id)
            return Sheet(shown(now, actor.zone), now.row.version, latest[0].actor_name if latest else '')

        self._drawn = EditableFacts[TaskFacts](
            Sheet(shown(view, view.zone or 'UTC'), view.row.version), TaskFacts, save=store, newest=newest
        )
        if view.may_edit:
            Buttons(
                Button('Who does it', do=_people(view), icon='sym_o_group', small=True),
                Button('Labels', do=_labels(view), icon='sym_o_label', small=True),
            )

    def change(self, view: TaskView) -> None:
        """Show what is said now."""
        self._drawn.change(Sheet(shown(view, view.zone or 'UTC'), view.row.version))


def _people(view: TaskView) -> Open:
    async def save(actor: Actor, data: PeopleForm) -> None:
        await tasks.set_assignees(actor, view.row.id, data.assignee_ids)
        toast('Saved. Whoever is new is told.')

    async def show(actor: Actor) -> None:
        now = (await tasks.get_task(actor, view.row.id)).row.assignees
        value = {'assignee_ids': [one.id for one in now]}
        dialog = FormDialog('Who does it?', PeopleForm, save, value=value)
        dialog.person('assignee_ids', search_people, [Found(one.id, one.name) for one in now])

    return show


def _labels(view: TaskView) -> Open:
    async def save(actor: Actor, data: LabelsForm) -> None:
        await tasks.set_labels(actor, view.row.id, [name.strip() for name in data.labels.split(',') if name.strip()])

    async def show(actor: Actor) -> None:
        now = (await tasks.get_task(actor, view.row.id)).row.labels
        known = ', '.join(one.name for one in await tasks.list_labels(actor))
        value = {'labels': ', '.join(one.name for one in now)}
        FormDialog('Labels', LabelsForm, save, value=value, text=f'Known: {known}.' if known else '').text('labels')

    return show

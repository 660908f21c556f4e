"""The facts of a task, each edited where it stands."""

from datetime import date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from data.custom_fields import FIELD
from data.tasks import TaskPriority, TaskStatus
from logic import audit, tasks
from logic.core.actor import Actor
from logic.core.formats import day_text, number_text, time_text
from logic.core.language import _, later
from logic.tasks import TaskChange, TaskRow, TaskView
from logic.tasks.inputs import Day
from ui.components import Editable, EditableFacts, Fact, Opening, Sheet
from ui.components import custom_fields as own
from ui.pages.tasks import cells
from ui.pages.tasks.task import people, repeating, timing

Shown = list[Fact | Editable | Opening]
FIRST = 5
"""So many of the facts a phone shows before what the task says: who, when, how urgent, of what kind."""


class TaskFacts(BaseModel):
    """The facts of a task that are edited in place, one at a time."""

    model_config = ConfigDict(extra='forbid')

    title: Annotated[str, Field(title=later('Title'), min_length=1, max_length=200)] = ''
    priority: Annotated[TaskPriority, Field(title=later('Priority'))] = TaskPriority.MEDIUM
    start: Annotated[Day | None, Field(title=later('Begins'))] = None
    due: Annotated[Day | None, Field(title=later('Due'))] = None
    estimate_minutes: Annotated[int | None, Field(title=later('Estimate in minutes'), ge=0, le=1_000_000)] = None
    progress: Annotated[int | None, Field(title=later('Progress in percent'), ge=0, le=100)] = None


def shown(view: TaskView, zone: str, repeats: str = '', fields: own.Fields = ()) -> Shown:
    """The facts in the order in which people ask, those that the viewer may change as controls."""
    row = view.row
    due = cells.due(row, zone)
    at = time_text(due.time()) if isinstance(due, datetime) else ''
    found: Shown = [
        Opening('who', _('Who does it'), ', '.join(one.name for one in row.assignees), people.opens(row.id)),
        Editable('due', _('Due'), row.due_on, 'date'),
        *([Opening('due_at', _('Due at'), at, timing.opens(row.id))] if at or view.may_edit else []),
        Editable('priority', _('Priority'), row.priority.label, typed=row.priority, control='select'),
        Opening('labels', _('Labels'), [one.name for one in row.labels], people.opens_labels(row.id), 'tags'),
        *([Fact(_('Zone of the task'), view.zone)] if at and view.zone not in ('', zone) else []),
        Editable('start', _('Begins'), row.start_on, 'date'),
        _repeats(row, repeats),
        Editable('estimate_minutes', _('Estimate in minutes'), row.estimate_minutes, 'number'),
        Fact(_('Time spent'), _('{minutes} min', minutes=number_text(row.spent_minutes)) if row.spent_minutes else ''),
        *_progress(row, view.may_edit),
        *own.editables(fields, row.custom),
        *([Editable('title', _('Title'), row.title)] if view.may_edit else []),
        Fact(_('Added by'), row.creator.name if row.creator else ''),
        Fact(_('Added'), row.created_at.astimezone(ZoneInfo(zone)), 'datetime'),
    ]
    if row.completed_at:
        who = view.completed_by
        label = _('Completed by {name}', name=who.name) if who else _('Completed')
        found.append(Fact(label, row.completed_at, 'datetime'))
    if view.may_edit:
        return found
    return [Fact(one.label, one.value, one.kind) if not isinstance(one, Fact) else one for one in found]


def _repeats(row: TaskRow, repeats: str) -> Fact | Opening:
    """How it comes again; parts do not by themselves."""
    label, said = _('Repeats'), repeats or (_('Yes') if row.is_recurring else '')
    return Opening('repeat', label, said, repeating.opens(row.id)) if row.parent_id is None else Fact(label, said)


def _progress(row: TaskRow, may_edit: bool) -> Shown:
    """How far it is, from when it is begun; what is completed is all done, if anybody noted how far it was."""
    label = _('Progress in percent')
    if row.status in (TaskStatus.COMPLETED, TaskStatus.CANCELLED):
        return [Fact(label, 100 if row.completed_at else row.progress, 'number')] if row.progress else []
    if row.progress or (may_edit and row.status is TaskStatus.IN_PROGRESS):
        return [Editable('progress', label, row.progress or None, 'number')]
    return []


class FactSheet:
    """The card of facts; what has a form of its own opens it."""

    def __init__(self, view: TaskView, repeats: str, fields: own.Fields) -> None:
        self._fields = fields

        async def store(actor: Actor, data: TaskFacts, version: int) -> None:
            given: dict[str, Any] = data.model_dump(exclude_unset=True)
            if 'progress' in given:
                given['progress'] = given['progress'] or 0
            if given.get('due') is not None:
                given['due'] = _kept_time(given['due'], await tasks.get_task(actor, view.row.id))
            if custom := own.typed(data, fields):
                given = {'custom': custom}
            await tasks.update_task(actor, view.row.id, TaskChange(**given), version)

        async def newest(actor: Actor) -> Sheet:
            now = await tasks.get_task(actor, view.row.id)
            return Sheet(self._shown(now, await repeat_words(actor, now)), now.row.version)

        async def by(actor: Actor, field: str) -> str:
            columns = [field, f'{field}_on', f'{field}_at', f'{FIELD}{field}']
            return await audit.changed_by(actor, 'Task', view.row.id, columns)

        self._drawn = EditableFacts[TaskFacts](
            Sheet(self._shown(view, repeats), view.row.version), own.asked(TaskFacts, fields), save=store,
            newest=newest, changed_by=by, choices=own.choices(fields), first=FIRST,
        )  # fmt: skip

    def change(self, view: TaskView, repeats: str) -> None:
        """Show what is said now."""
        self._drawn.change(Sheet(self._shown(view, repeats), view.row.version))

    def _shown(self, view: TaskView, repeats: str) -> Shown:
        return shown(view, view.zone or 'UTC', repeats, self._fields)


async def repeat_words(actor: Actor, view: TaskView) -> str:
    """Return in words how a task comes again, and when next."""
    found = await tasks.get_repeat(actor, view.row.id) if view.row.is_recurring else None
    if found is None:
        return ''
    after = [on for on in found.next_on if view.row.due_on is None or on > view.row.due_on]
    words = f'{found.words[:1].upper()}{found.words[1:]}'
    return _('{words}; next on {day}', words=words, day=day_text(after[0])) if after else words


def _kept_time(on: date, now: TaskView) -> date | datetime:
    """Return a new day with the time of day that the task has."""
    if now.row.due_at is None:
        return on
    zone = ZoneInfo(now.zone or 'UTC')
    return datetime.combine(on, now.row.due_at.astimezone(zone).time(), zone)

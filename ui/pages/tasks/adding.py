"""Adding a task by a form: from a button, from the shortcut C, into a list or under another task."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, time
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from data.tasks import ShareLevel, TaskPriority
from logic import custom_fields, tasks
from logic.core.actor import Actor
from logic.core.language import _, later
from logic.tasks import ChipKind, ListRow, QuickTask, TaskInput
from logic.tasks.inputs import Day
from ui.components import FormDialog, Found, toast
from ui.components import custom_fields as own
from ui.search import search_people

Open = Callable[[Actor], Awaitable[None]]


class TaskForm(BaseModel):
    """A new task as the form asks for it: the day and the time of day apart."""

    model_config = ConfigDict(extra='forbid')

    title: Annotated[str, Field(title=later('What is to be done?'), min_length=1, max_length=200)]
    list_id: Annotated[UUID | None, Field(title=later('List'))] = None
    parent_id: UUID | None = None
    priority: Annotated[TaskPriority, Field(title=later('Priority'))] = TaskPriority.MEDIUM
    due_on: Annotated[Day | None, Field(title=later('Due'))] = None
    due_at: Annotated[time | None, Field(title=later('Time'))] = None
    assignee_ids: Annotated[list[UUID], Field(title=later('Who does it'))] = []

    @model_validator(mode='after')
    def _has_day(self) -> 'TaskForm':
        if self.due_at is not None and self.due_on is None:
            raise ValueError(_('Choose the day as well as the time.'))
        return self

    @property
    def task(self) -> TaskInput:
        """The task as the rules take it."""
        given = {name: getattr(self, name) for name in ('title', 'list_id', 'parent_id', 'priority', 'assignee_ids')}
        return TaskInput(**given, due=moment(self.due_on, self.due_at))


def moment(on: date | None, at: time | None) -> date | datetime | None:
    """A day, or a time of day on it, where the reader is."""
    return datetime.combine(on, at) if on and at else on  # without a zone it is meant where the actor is


def opens(list_id: UUID | None = None, parent_id: UUID | None = None, begun: QuickTask | None = None) -> Open:
    """Return what opens the form, filled in with what was typed already."""

    async def show(actor: Actor) -> None:
        fields = await custom_fields.list_custom_fields(actor, 'Task')

        async def save(actor: Actor, data: TaskForm) -> None:
            given = data.task.model_copy(update={'custom': own.typed(data, fields), **kept})
            row = await tasks.add_task(actor, given)
            toast(_('{task} added.', task=row.label), undo=_taken_back(row.id))

        lists = [] if list_id or parent_id else await may_add_to(actor)
        fixed = {'parent_id': parent_id} if parent_id else {'list_id': list_id} if list_id else {}
        model = own.asked(TaskForm, fields)
        kept = {'start': begun.start, 'repeat': begun.repeat, 'labels': begun.labels} if begun else {}
        dialog = FormDialog(
            _('Add a part') if parent_id else _('Add task'), model, save, label=_('Add'), fixed=fixed,
            begun=_value(begun), text=_said(begun) if begun else '',
        )  # fmt: skip
        dialog.text('title')
        if lists:
            dialog.select('list_id', [(one.id, one.title) for one in lists], none=_('My inbox'), span=6)
        dialog.select('priority', [(one, one.label) for one in TaskPriority], span=6)
        dialog.date('due_on', span=6)
        dialog.time('due_at', span=6)
        people = [Found(one.id, one.name) for one in begun.people] if begun else ()
        dialog.person('assignee_ids', search_people, people)
        own.place(dialog, fields)

    return show


def _value(begun: QuickTask | None) -> dict[str, Any] | None:
    if begun is None:
        return None
    at = begun.due if isinstance(begun.due, datetime) else None
    return {
        'title': begun.title, 'list_id': begun.in_list.id if begun.in_list else None,
        'priority': begun.priority or TaskPriority.MEDIUM, 'due_on': at.date() if at else begun.due,
        'due_at': at.time() if at else None, 'assignee_ids': [one.id for one in begun.people],
    }  # fmt: skip


def _said(begun: QuickTask) -> str:
    """What was typed for which the form has no field."""
    kinds = (ChipKind.START, ChipKind.REPEAT, ChipKind.LABEL)
    said = [chip.text for chip in begun.chips if chip.kind in kinds and not chip.problem]
    return _('Taken over as well: {words}.', words=', '.join(said)) if said else ''


def _taken_back(task_id: UUID) -> Open:
    async def undo(actor: Actor) -> None:
        await tasks.delete_task(actor, task_id)

    return undo


async def may_add_to(actor: Actor) -> list[ListRow]:
    """The lists into which a person may put tasks, without his inbox."""
    found = await tasks.list_lists(actor)
    return [one for one in found if not one.is_inbox and one.level is not ShareLevel.VIEW]

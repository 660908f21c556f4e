"""The form of a change of many tasks: the value that its action needs."""

from datetime import time
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from data.tasks import TaskPriority, TaskStatus
from logic import tasks
from logic.core.actor import Actor
from logic.core.language import _, later
from logic.tasks import TaskBulkAction as Kind
from logic.tasks import TaskBulkInput
from logic.tasks.inputs import Day
from ui.components import FormDialog
from ui.pages.tasks import adding
from ui.search import search_people


class Times(StrEnum):
    """What becomes of times of day when many tasks are due on another day."""

    KEPT = 'kept'
    SAME = 'same'
    NONE = 'none'


TIMES = [
    (Times.KEPT, later('Each task keeps its own')), (Times.SAME, later('One time for all')),
    (Times.NONE, later('None: the whole day')),
]  # fmt: skip


class ManyForm(BaseModel):
    """The value of a change of many tasks: the one that its action needs."""

    model_config = ConfigDict(extra='forbid')

    action: Kind
    status: Annotated[TaskStatus | None, Field(title=later('Status'))] = None
    priority: Annotated[TaskPriority | None, Field(title=later('Priority'))] = None
    due: Annotated[Day | None, Field(title=later('Due'), description=later('Empty takes the date away.'))] = None
    times: Annotated[Times, Field(title=later('Time of day'))] = Times.KEPT
    at: Annotated[time | None, Field(title=later('Time'))] = None
    list_id: Annotated[UUID | None, Field(title=later('List'))] = None
    member_id: Annotated[UUID | None, Field(title=later('Person'))] = None
    label: Annotated[str | None, Field(title=later('Label'), min_length=1, max_length=40)] = None

    @model_validator(mode='after')
    def _has_time(self) -> 'ManyForm':
        if self.due is not None and self.times is Times.SAME and self.at is None:
            raise ValueError(_('Say the time.'))
        return self

    @property
    def wanted(self) -> TaskBulkInput:
        """The change as the rules take it."""
        given = self.model_dump(exclude_unset=True, exclude={'times', 'at'})
        if self.action is Kind.DUE and self.due is not None:
            at = self.at if self.times is Times.SAME else None
            given |= {'due': adding.moment(self.due, at), 'keep_time': self.times is Times.KEPT}
        return TaskBulkInput(**given)


async def place(actor: Actor, kind: Kind, dialog: FormDialog[ManyForm]) -> None:
    """Place the field of the value that an action needs."""
    if kind is Kind.STATUS:
        dialog.select('status', [(one, one.label) for one in TaskStatus], required=True)
    elif kind is Kind.PRIORITY:
        dialog.select('priority', [(one, one.label) for one in TaskPriority], required=True)
    elif kind is Kind.DUE:
        dialog.date('due', span=6)
        dialog.select('times', TIMES, span=6)
        dialog.time('at', span=6, when=('times', Times.SAME))
    elif kind is Kind.LIST:
        lists = await adding.may_add_to(actor)
        dialog.select('list_id', [(one.id, one.title) for one in lists], required=True)
    elif kind in (Kind.ASSIGN, Kind.UNASSIGN):
        dialog.person('member_id', search_people, required=True)
    else:
        dialog.text('label', suggestions=[one.name for one in await tasks.list_labels(actor)], required=True)

"""When somebody is reminded of a task: his own reminders, added and removed where they stand."""

from datetime import datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, model_validator

from data.tasks import ReminderKind, Task, TaskReminder
from logic import tasks
from logic.core.actor import Actor
from logic.tasks import ReminderInput, ReminderRow
from ui.components import Button, Card, CardAction, FormDialog, Todo, TodoHandlers, Todos, toast, watch
from ui.guard import current_actor
from ui.pages.tasks import gone

AT = 'at'
CHOICES = [
    ('0', 'When it is due'), ('10', '10 minutes before'), ('60', '1 hour before'), ('1440', '1 day before'),
    ('2880', '2 days before'), ('10080', '1 week before'), (AT, 'At a time of my own'),
]  # fmt: skip
WORDS = {ReminderKind.BEFORE_DUE: 'it is due', ReminderKind.BEFORE_START: 'it begins'}


class ReminderForm(BaseModel):
    """When to be reminded."""

    model_config = ConfigDict(extra='forbid')

    when: Annotated[str, Field(title='Remind me', pattern=r'^(at|\d{1,6})$')] = '60'
    at: Annotated[datetime | None, Field(title='Time')] = None

    @model_validator(mode='after')
    def _has_time(self) -> 'ReminderForm':
        if self.when == AT and self.at is None:
            raise ValueError('Say the day and the time.')
        return self

    @property
    def reminder(self) -> ReminderInput:
        """The reminder as the rules take it."""
        if self.when == AT:
            return ReminderInput(kind=ReminderKind.AT, at=self.at)
        return ReminderInput(kind=ReminderKind.BEFORE_DUE, offset_minutes=int(self.when))


async def draw(actor: Actor, task_id: UUID) -> None:
    """Draw the card."""

    async def add(actor: Actor) -> None:
        async def save(actor: Actor, data: ReminderForm) -> None:
            await tasks.add_reminder(actor, task_id, data.reminder)
            toast('You will be reminded.')

        due = (await tasks.get_task(actor, task_id)).row.due_on
        text = '' if due else 'It has no due date yet: choose a time of your own.'
        dialog = FormDialog(
            'Remind me', ReminderForm, save, label='Add', text=text, value=None if due else {'when': AT}
        )
        dialog.select('when', CHOICES)
        dialog.datetime('at', when=('when', AT))

    async def remove(actor: Actor, reminder_id: UUID) -> None:
        await tasks.remove_reminder(actor, reminder_id)
        toast('You will not be reminded then.')

    async def again() -> None:
        actor = await current_actor()
        drawn.change(lines(await tasks.list_reminders(actor, task_id), actor.zone))

    menu = [CardAction('Remove', remove, 'sym_o_delete', danger=True)]
    with Card('Reminders', [Button('Add', do=add, icon='sym_o_alarm', small=True)]):
        found = lines(await tasks.list_reminders(actor, task_id), actor.zone)
        drawn = Todos('Reminders', found, TodoHandlers(menu=menu), empty='You are not reminded.')
    watch(TaskReminder, Task, call=gone.kindly(again, 'task'))


def lines(rows: list[ReminderRow], zone: str) -> list[Todo]:
    """Return reminders as lines, their times where the reader is."""
    return [Todo(id=row.id, title=_words(row, zone), detail='Sent' if row.sent_at else '') for row in rows]


def _words(row: ReminderRow, zone: str) -> str:
    if row.kind is ReminderKind.AT:
        assert row.remind_at is not None
        return f'{row.remind_at.astimezone(ZoneInfo(zone)):%d %b %Y, %H:%M}'
    what = WORDS[row.kind]
    if not row.offset_minutes:
        return f'When {what}'
    for size, one, many in ((10080, 'week', 'weeks'), (1440, 'day', 'days'), (60, 'hour', 'hours')):
        if row.offset_minutes % size == 0:
            count = row.offset_minutes // size
            return f'{count} {one if count == 1 else many} before {what}'
    return f'{row.offset_minutes} minutes before {what}'

"""When somebody is reminded of a task: his own reminders, added and removed where they stand."""

from datetime import datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, model_validator

from data.core import now
from data.tasks import ReminderKind, Task, TaskReminder
from logic import tasks
from logic.core.actor import Actor
from logic.core.formats import when_text
from logic.core.language import _, later, many
from logic.tasks import ReminderInput, ReminderRow, TaskView
from logic.tasks.inputs import Moment
from ui.components import Button, Card, CardAction, FormDialog, Todo, TodoHandlers, Todos, toast, watch
from ui.guard import current_actor
from ui.pages.tasks import gone

AT = 'at'
WEEK, DAY, HOUR = 10_080, 1440, 60
CHOICES = [
    ('0', later('When it is due')), ('10', later('10 minutes before')), ('60', later('1 hour before')),
    ('1440', later('1 day before')), ('2880', later('2 days before')), ('10080', later('1 week before')),
    (AT, later('At a time of my own')),
]  # fmt: skip


class ReminderForm(BaseModel):
    """When to be reminded."""

    model_config = ConfigDict(extra='forbid')

    when: Annotated[str, Field(title=later('Remind me'), pattern=r'^(at|\d{1,6})$')] = '60'
    at: Annotated[Moment | None, Field(title=later('Time'))] = None

    @model_validator(mode='after')
    def _has_time(self) -> 'ReminderForm':
        if self.when == AT and self.at is None:
            raise ValueError(_('Say the day and the time.'))
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
            toast(_('You will be reminded.'))

        view = await tasks.get_task(actor, task_id)
        found = choices(view, actor.zone, now())
        first = '60' if '60' in dict(found) else found[0][0]
        text = '' if len(found) > 1 else _('It has no due date yet: choose a time of your own.')
        if view.row.due_on is not None and len(found) == 1:
            text = _('All that could be counted from its due date is over: choose a time of your own.')
        dialog = FormDialog(_('Remind me'), ReminderForm, save, label=_('Add'), text=text, value={'when': first})
        dialog.select('when', found)
        dialog.datetime('at', when=('when', AT))

    async def remove(actor: Actor, reminder_id: UUID) -> None:
        row = next((one for one in await tasks.list_reminders(actor, task_id) if one.id == reminder_id), None)
        await tasks.remove_reminder(actor, reminder_id)

        async def back(actor: Actor) -> None:
            assert row is not None
            at = row.remind_at if row.kind is ReminderKind.AT else None
            wanted = ReminderInput(kind=row.kind, offset_minutes=row.offset_minutes, at=at)
            await tasks.add_reminder(actor, task_id, wanted)

        # One that has come already reminds of nothing any more.
        toast(_('You will not be reminded then.'), undo=back if row and not row.sent_at else None)

    async def again() -> None:
        actor = await current_actor()
        drawn.change(lines(await tasks.list_reminders(actor, task_id), actor.zone))

    menu = [CardAction(_('Remove'), remove, 'sym_o_delete', danger=True)]
    with Card(_('Reminders'), [Button(_('Add'), do=add, icon='sym_o_alarm', small=True)]):
        found = lines(await tasks.list_reminders(actor, task_id), actor.zone)
        drawn = Todos(_('Reminders'), found, TodoHandlers(menu=menu), empty=_('You are not reminded.'))
    watch(TaskReminder, Task, call=gone.kindly(again, 'task'),
          match=lambda it: it.model != 'Task' or it.row_id == task_id)  # fmt: skip


def choices(view: TaskView, zone: str, at: datetime) -> list[tuple[str, str]]:
    """Return when somebody can still be reminded of a task: what is counted from its due date and lies ahead."""
    found = [(name, label, _instant(view, name, zone)) for name, label in CHOICES]
    return [(name, _told(label, when)) for name, label, when in found if name == AT or (when and when > at)]


def _instant(view: TaskView, choice: str, zone: str) -> datetime | None:
    row = view.row
    if row.due_on is None or choice == AT:
        return None
    return tasks.instant_before(row.due_on, row.due_at, view.zone, int(choice)).astimezone(ZoneInfo(zone))


def _told(words: str, at: datetime | None) -> str:
    return f'{words} · {when_text(at)}' if at else str(words)


def lines(rows: list[ReminderRow], zone: str) -> list[Todo]:
    """Return reminders as lines, their times where the reader is."""
    return [Todo(id=row.id, title=_words(row, zone), detail=_('Sent') if row.sent_at else '') for row in rows]


def _words(row: ReminderRow, zone: str) -> str:
    at = row.remind_at.astimezone(ZoneInfo(zone)) if row.remind_at else None
    if row.kind is ReminderKind.AT:
        assert at is not None
        return when_text(at)
    minutes = row.offset_minutes
    size = next((size for size in (WEEK, DAY, HOUR) if minutes and minutes % size == 0), 1)
    said = _before_due if row.kind is ReminderKind.BEFORE_DUE else _before_start
    return _told(said(size, minutes // size), at)


def _before_due(size: int, count: int) -> str:
    if not count:
        return _('When it is due')
    if size == WEEK:
        return many('{count} week before it is due', '{count} weeks before it is due', count)
    if size == DAY:
        return many('{count} day before it is due', '{count} days before it is due', count)
    if size == HOUR:
        return many('{count} hour before it is due', '{count} hours before it is due', count)
    return many('{count} minute before it is due', '{count} minutes before it is due', count)


def _before_start(size: int, count: int) -> str:
    if not count:
        return _('When it begins')
    if size == WEEK:
        return many('{count} week before it begins', '{count} weeks before it begins', count)
    if size == DAY:
        return many('{count} day before it begins', '{count} days before it begins', count)
    if size == HOUR:
        return many('{count} hour before it begins', '{count} hours before it begins', count)
    return many('{count} minute before it begins', '{count} minutes before it begins', count)

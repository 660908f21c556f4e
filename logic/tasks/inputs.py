"""What may be said of lists, columns and tasks: the input models and their limits."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from data.tasks import AnchorMode, ColumnKind, ListVisibility, ReminderKind, ShareLevel, TaskPriority, TaskStatus
from logic.core.language import _, later
from logic.core.rich_text import RichText
from logic.members.names import clean, fold

Text = Annotated[str, AfterValidator(clean)]
MOST_ASSIGNEES, MOST_LABELS, MOST_CHECKLIST = 50, 30, 200
MOST_MINUTES = 24 * 60
"""That somebody notes for one day."""
EARLIEST, LATEST = date(1970, 1, 2), date(2199, 12, 31)
SPENT = re.compile(
    r'(?P<alone>\d{1,4})(?:m|min|minutes?)?'
    r'|(?P<hours>\d{1,2}(?:[.,]\d{1,2})?)(?:h|:|std\.?|hours?)(?P<more>[0-5]?\d)?(?:m|min)?',
    re.ASCII,
)
"""How long something took, as people write it."""
TOO_FAR = later('Write a year between 1970 and 2199.')


def _in_reach(value: date | datetime) -> date | datetime:
    on = value.date() if isinstance(value, datetime) else value
    if not EARLIEST <= on <= LATEST:
        raise ValueError(_(TOO_FAR))
    return value


When = Annotated[date | datetime, AfterValidator(_in_reach)]
"""A day, or a point in time; without a zone it is meant where the actor is."""
Day = Annotated[date, AfterValidator(_in_reach)]
Moment = Annotated[datetime, AfterValidator(_in_reach)]
Title = Annotated[Text, Field(title=later('Title'), min_length=1, max_length=200)]
Label = Annotated[Text, Field(min_length=1, max_length=40)]


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(_('"{zone}" is no time zone. Write one such as America/New_York.', zone=value)) from None
    return value


Zone = Annotated[str, AfterValidator(_zone), Field(max_length=60)]


class ListInput(BaseModel):
    """A list of tasks."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    title: Annotated[Text, Field(title=later('Title'), min_length=1, max_length=120)]
    description: Annotated[RichText, Field(title=later('What it is for'))] = ''
    colour: Annotated[str, Field(title=later('Colour'), max_length=20, pattern=r'^[a-z0-9#-]*$')] = ''
    icon: Annotated[str, Field(title=later('Icon'), max_length=60, pattern=r'^[a-z0-9_]*$')] = ''
    parent_id: Annotated[UUID | None, Field(title=later('Inside of'))] = None
    visibility: Annotated[ListVisibility, Field(title=later('Who sees it'))] = ListVisibility.PRIVATE
    organization_level: Annotated[ShareLevel, Field(title=later('What everybody may do'))] = ShareLevel.EDIT


class ShareInput(BaseModel):
    """With whom a list is shared: exactly one of person, position and department."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    member_id: Annotated[UUID | None, Field(title=later('Person'))] = None
    position_id: Annotated[UUID | None, Field(title=later('Position'))] = None
    department_id: Annotated[UUID | None, Field(title=later('Department', meaning='a unit'))] = None
    level: Annotated[ShareLevel, Field(title=later('May', meaning='is allowed to'))] = ShareLevel.EDIT

    @model_validator(mode='after')
    def _is_one(self) -> 'ShareInput':
        if sum(given is not None for given in (self.member_id, self.position_id, self.department_id)) != 1:
            raise ValueError(_('Choose one: a person, a position or a department.'))
        return self


class ColumnInput(BaseModel):
    """A column of a board."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    title: Annotated[Text, Field(title=later('Title'), min_length=1, max_length=60)]
    kind: Annotated[ColumnKind, Field(title=later('Its tasks are'))] = ColumnKind.OPEN
    wip_limit: Annotated[int | None, Field(title=later('At most so many tasks'), ge=1, le=1000)] = None

    @model_validator(mode='after')
    def _has_sense(self) -> 'ColumnInput':
        if self.kind is ColumnKind.DONE and self.wip_limit is not None:
            raise ValueError(_('A column of what is done takes any number of tasks.'))
        return self


class RepeatInput(BaseModel):
    """How a task comes again: an RFC 5545 rule, and what the next one is reckoned from."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    rule: Annotated[str, Field(title=later('Rule'), min_length=5, max_length=500, examples=['FREQ=WEEKLY;BYDAY=FR'])]
    mode: Annotated[AnchorMode, Field(title=later('Next one'))] = AnchorMode.SCHEDULE


class ReminderInput(BaseModel):
    """When to be reminded."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    kind: Annotated[ReminderKind, Field(title=later('Reckoned from'))] = ReminderKind.BEFORE_DUE
    offset_minutes: Annotated[int, Field(title=later('Minutes before'), ge=0, le=527_040)] = 0
    at: Annotated[Moment | None, Field(title=later('At', meaning='a point in time'))] = None

    @model_validator(mode='after')
    def _has_time(self) -> 'ReminderInput':
        if (self.kind is ReminderKind.AT) != (self.at is not None):
            raise ValueError(_('Give a point in time, or so many minutes before the task is due or begins.'))
        return self


class TaskChange(BaseModel):
    """Some fields of a task; what is left out stays."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    title: Title = ''
    description: Annotated[RichText, Field(title=later('Description'))] = ''
    status: Annotated[TaskStatus | None, Field(title=later('Status'))] = None
    priority: Annotated[TaskPriority, Field(title=later('Priority'))] = TaskPriority.MEDIUM
    start: Annotated[When | None, Field(title=later('Begins'))] = None
    due: Annotated[When | None, Field(title=later('Due'))] = None
    zone: Annotated[
        Zone | None,
        Field(title=later('Time zone'), description=later('Of days and times; your own when left out.')),
    ] = None
    estimate_minutes: Annotated[int | None, Field(title=later('Estimate in minutes'), ge=0, le=1_000_000)] = None
    progress: Annotated[int, Field(title=later('Progress in percent'), ge=0, le=100)] = 0
    assignee_ids: Annotated[list[UUID], Field(title=later('Who does it'), max_length=MOST_ASSIGNEES)] = []
    labels: Annotated[list[Label], Field(title=later('Labels'), max_length=MOST_LABELS)] = []
    repeat: Annotated[RepeatInput | None, Field(title=later('Comes again'))] = None
    custom: Annotated[
        dict[UUID, Annotated[str, Field(max_length=2000)] | None],
        Field(title=later('Custom fields'), max_length=100,
              description="Values of the department's own fields by their ids; null takes one away."),
    ] = {}  # fmt: skip

    @model_validator(mode='after')
    def _begins_first(self) -> 'TaskChange':
        if self.start is not None and self.due is not None and days_of(self.start) > days_of(self.due):
            raise ValueError(_('A task cannot begin after it is due.'))
        return self

    def given(self) -> dict[str, Any]:
        """Return the fields that were given, with their values."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class TaskInput(TaskChange):
    """A new task. Only a title is required; without a list it goes to the inbox of who adds it."""

    title: Title
    list_id: Annotated[UUID | None, Field(title=later('List'))] = None
    column_id: Annotated[UUID | None, Field(title=later('Column'))] = None
    parent_id: Annotated[UUID | None, Field(title=later('Part of'))] = None
    checklist: Annotated[list[Title], Field(title=later('Checklist'), max_length=MOST_CHECKLIST)] = []


class MoveInput(BaseModel):
    """Where a card goes: between which neighbours, in which column, and which column it came from."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    before: Annotated[UUID | None, Field(description='The visible task that is to stand just above it.')] = None
    after: Annotated[UUID | None, Field(description='The visible task that is to stand just below it.')] = None
    column: Annotated[UUID | None, Field(description='The column to go to; left out, it stays in its own.')] = None
    from_column: Annotated[UUID | None, Field(description='The column where you saw it; 409 when it is elsewhere.')] = (
        None
    )


class ChecklistInput(BaseModel):
    """A step of a task."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    title: Title
    assignee_id: Annotated[UUID | None, Field(title=later('Who does it'))] = None
    due_on: Annotated[Day | None, Field(title=later('Due'))] = None


def _spent(given: Any) -> Any:
    if not isinstance(given, str):
        return given
    said = SPENT.fullmatch(fold(given).replace(' ', ''))
    if said is None:
        raise ValueError(_('Write minutes, or hours and minutes: 90, 1:30 or 1h30.'))
    if said['alone']:
        return int(said['alone'])
    return round(float((said['hours'] or '0').replace(',', '.')) * 60) + int(said['more'] or 0)


class TimeInput(BaseModel):
    """Time spent on a task."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    minutes: Annotated[int, BeforeValidator(_spent), Field(title=later('Minutes'), ge=1, le=MOST_MINUTES)]
    """As a text also in hours: "1h30", "1:30", "1.5 h"."""
    worked_on: Annotated[Day | None, Field(title=later('Day'))] = None
    note: Annotated[Text, Field(title=later('Note'), max_length=300)] = ''


def days_of(value: date | datetime) -> date:
    """Return the day of a day or of a point in time, as it was written."""
    return value.date() if isinstance(value, datetime) else value


def localised(value: date | datetime, zone: str) -> tuple[date, datetime | None]:
    """Return the day in a zone, and the instant when there is a time of day.

    A time that the clocks leave out moves on by the hour that is left out; one that comes twice is the first: RFC 5545.
    """
    if not isinstance(value, datetime):
        return value, None
    there = ZoneInfo(zone)
    aware = value.replace(tzinfo=there, fold=0) if value.tzinfo is None else value
    at = aware.astimezone(UTC)
    return at.astimezone(there).date(), at


def search_text(number: int, title: str) -> str:
    """Return what the quick search looks into."""
    return f't-{number} {fold(title)}'[:240]

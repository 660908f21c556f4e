"""Lists of tasks: whose they are, with whom they are shared, the columns of their boards, and templates of them."""

from datetime import datetime, time
from enum import StrEnum
from typing import Annotated, Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.dialects import mysql
from sqlmodel import Field as Column

from data.core import Audited, Model, Scoped, choice, instant, long_text, reference, text, typed_json
from data.later import later

LONGEST_KEY = 255


def order_key(**options: Any) -> Any:
    """A key in base 62 by which rows are sorted; every database has to compare it letter by letter, A before a."""
    exact = mysql.VARCHAR(LONGEST_KEY, charset='ascii', collation='ascii_bin')
    return Column(
        max_length=LONGEST_KEY, sa_type=sa.String(LONGEST_KEY).with_variant(exact, 'mysql', 'mariadb'), **options
    )


class ListVisibility(StrEnum):
    """Who sees a list."""

    PRIVATE = 'private'
    SHARED = 'shared'
    ORGANIZATION = 'organization'

    @property
    def label(self) -> str:
        """As a person reads it."""
        labels = {'private': later('Only me'), 'shared': later('Chosen people')}
        return labels.get(self.value) or later('The whole department')


class ShareLevel(StrEnum):
    """What those with whom a list is shared may do with it."""

    VIEW = 'view'
    EDIT = 'edit'
    MANAGE = 'manage'

    @property
    def label(self) -> str:
        """As a person reads it."""
        return {'view': later('See'), 'edit': later('Work on tasks'), 'manage': later('Manage the list')}[self.value]


class ColumnKind(StrEnum):
    """What it says of a task to stand in a column."""

    OPEN = 'open'
    STARTED = 'started'
    DONE = 'done'

    @property
    def label(self) -> str:
        """As a person reads it."""
        return {'open': later('Not begun'), 'started': later('In progress'), 'done': later('Done')}[self.value]


class TaskList(Audited, Scoped, Model, table=True):
    """A list of tasks, also called a project. Lists nest one level."""

    __table_args__ = (
        UniqueConstraint('organization_id', 'inbox_of_id'),
        Index(None, 'organization_id', 'archived_at', 'title'),
    )

    title: str = text(120)
    description: str = long_text(default='')
    """Cleaned HTML."""
    colour: str = text(20, default='')
    icon: str = text(60, default='')
    owner_id: UUID = reference('member.id')
    inbox_of_id: UUID | None = reference('member.id', default=None)
    """Whose private inbox it is; None for all other lists."""
    parent_id: UUID | None = reference('task_list.id', default=None)
    visibility: ListVisibility = choice(ListVisibility, default=ListVisibility.PRIVATE)
    organization_level: ShareLevel = choice(ShareLevel, default=ShareLevel.EDIT)
    """What everybody may do when the whole organization sees it."""
    archived_at: datetime | None = instant(default=None)


class TaskListShare(Audited, Scoped, Model, table=True):
    """A list is shared with a person, with whoever holds a position, or with a department."""

    __table_args__ = (
        UniqueConstraint('list_id', 'member_id'),
        UniqueConstraint('list_id', 'position_id'),
        UniqueConstraint('list_id', 'department_id'),
    )

    list_id: UUID = reference('task_list.id', index=False)
    member_id: UUID | None = reference('member.id', default=None)
    position_id: UUID | None = reference('position.id', default=None)
    department_id: UUID | None = reference('department.id', default=None)
    level: ShareLevel = choice(ShareLevel)


class BoardColumn(Audited, Scoped, Model, table=True):
    """A column of a list's board."""

    __table_args__ = (Index(None, 'list_id', 'order_key'),)
    audit_silent: ClassVar[frozenset[str]] = frozenset({'order_key'})

    list_id: UUID = reference('task_list.id', index=False)
    title: str = text(60)
    order_key: str = order_key()
    kind: ColumnKind = choice(ColumnKind)
    wip_limit: int | None = None
    """At most so many tasks may be in it; None for any number. It blocks coming in, never reordering."""


class TemplateRepeat(BaseModel):
    """How a task of a template comes again."""

    model_config = ConfigDict(frozen=True)

    rule: str
    """RRULE without a last day: how often it comes stands in its place."""
    mode: str


class TemplateStep(BaseModel):
    """A step of a checklist as a template holds it."""

    model_config = ConfigDict(frozen=True)

    title: str
    assignee_id: UUID | None = None
    due_in_days: int | None = None


def _step(value: Any) -> Any:
    return {'title': value} if isinstance(value, str) else value  # what was kept earlier are titles alone


class TemplateTask(BaseModel):
    """A task as a template holds it; days are counted from the day on which the template is used."""

    model_config = ConfigDict(frozen=True)

    title: str
    description: str = ''
    priority: str = 'medium'
    column: int = 0
    """The place of its column among those of the template."""
    start_in_days: int | None = None
    start_time: time | None = None
    due_in_days: int | None = None
    due_time: time | None = None
    """On the wall clock of `zone`; None for whole days."""
    zone: str = ''
    repeat: TemplateRepeat | None = None
    estimate_minutes: int | None = None
    assignee_ids: tuple[UUID, ...] = ()
    labels: tuple[str, ...] = ()
    checklist: tuple[Annotated[TemplateStep, BeforeValidator(_step)], ...] = ()
    custom: dict[UUID, str] = {}
    """Values of the department's own fields."""
    children: tuple['TemplateTask', ...] = ()


class TemplateContent(BaseModel):
    """What a list made from a template begins with."""

    model_config = ConfigDict(frozen=True)

    about: str = ''
    """What such a list is for: cleaned HTML."""
    columns: tuple[tuple[str, str, int | None], ...] = ()
    """Title, kind and limit."""
    tasks: tuple[TemplateTask, ...] = Field(default=())


class ListTemplate(Audited, Scoped, Model, table=True):
    """A list to begin others from."""

    __table_args__ = (UniqueConstraint('organization_id', 'title'),)

    title: str = text(120)
    description: str = text(500, default='')
    colour: str = text(20, default='')
    icon: str = text(60, default='')
    content: TemplateContent = typed_json(TemplateContent, default_factory=TemplateContent)
    by_id: UUID | None = reference('member.id', default=None)

"""What the tasks domain says of itself: its permissions, its notices, and the events that other domains wait for."""

from dataclasses import dataclass
from uuid import UUID

from logic.core.domain import Domain
from logic.notifications import register_kind

domain = Domain(
    'tasks',
    title='Tasks',
    icon='sym_o_task_alt',
    group='Work',
    switchable=True,
    description='From a private to-do to the board of the department: lists, boards, repeating tasks, reminders.',
)

VIEW = domain.permission('view', 'See the own tasks and lists, and those that are shared with the holder')
ADD = domain.permission('add', 'Add tasks and lists, and work on those that are shared with the holder')
MANAGE_LISTS = domain.permission('manage_lists', 'Show lists to the whole department, and keep templates of lists')
MANAGE_FIELDS = domain.permission('manage_fields', 'Manage custom fields of tasks')
EXPORT = domain.permission('export', 'Export tasks')
MANAGE_ALL = domain.permission('manage_all', 'Manage every list that is not private, and the lists of who has left')

TASK_ASSIGNED = register_kind(
    'task_assigned', 'A task was given to me, or taken off me', 'sym_o_assignment_ind', group='Tasks'
)
TASK_REMINDER = register_kind(
    'task_reminder', 'A task I asked to be reminded of', 'sym_o_alarm', group='Tasks', is_own=True
)
LIST_SHARED = register_kind(
    'list_shared', 'A list of tasks is shared with me, or no longer', 'sym_o_view_kanban', group='Tasks'
)
TASKS_LEFT = register_kind('tasks_left', 'Somebody left tasks in a list of mine', 'sym_o_person_off', group='Tasks')


@dataclass(frozen=True, slots=True)
class TaskAdded:
    """A task was added; a task that was given to somebody emits `TaskAssigned` too."""

    task_id: UUID


@dataclass(frozen=True, slots=True)
class TaskAssigned:
    """Somebody is to do a task from now on."""

    task_id: UUID
    member_id: UUID
    by_id: UUID | None


@dataclass(frozen=True, slots=True)
class TaskTakenOff:
    """Somebody is not to do a task any more; who left the department is told of nothing."""

    task_id: UUID
    member_id: UUID


@dataclass(frozen=True, slots=True)
class TaskSettled:
    """A task was done, cancelled, or taken up again: its status is another than before."""

    task_id: UUID
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class TaskDeleted:
    """A task was put into the bin, or with `restored` taken out of it."""

    task_id: UUID
    restored: bool = False


@dataclass(frozen=True, slots=True)
class TasksPurged:
    """These tasks are gone for good: what hangs on them goes now."""

    task_ids: tuple[UUID, ...]

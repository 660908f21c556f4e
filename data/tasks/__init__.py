"""Tasks: lists and their columns, the tasks in them, and what hangs on a task."""

from data.tasks.lists import (
    BoardColumn,
    ColumnKind,
    ListTemplate,
    ListVisibility,
    ShareLevel,
    TaskList,
    TaskListShare,
    TemplateContent,
    TemplateTask,
)
from data.tasks.order import rewrite_order
from data.tasks.parts import (
    ReminderKind,
    TaskAssignee,
    TaskChecklistItem,
    TaskReminder,
    TaskTag,
    TaskTimeEntry,
)
from data.tasks.records import (
    AnchorMode,
    Task,
    TaskBatch,
    TaskBatchKind,
    TaskFeed,
    TaskPriority,
    TaskSeries,
    TaskStatus,
    Touched,
    UndoNotes,
)

__all__ = [
    'AnchorMode',
    'BoardColumn',
    'ColumnKind',
    'ListTemplate',
    'ListVisibility',
    'ReminderKind',
    'ShareLevel',
    'Task',
    'TaskAssignee',
    'TaskBatch',
    'TaskBatchKind',
    'TaskChecklistItem',
    'TaskFeed',
    'TaskList',
    'TaskListShare',
    'TaskPriority',
    'TaskReminder',
    'TaskSeries',
    'TaskStatus',
    'TaskTag',
    'TaskTimeEntry',
    'TemplateContent',
    'TemplateTask',
    'Touched',
    'UndoNotes',
    'rewrite_order',
]

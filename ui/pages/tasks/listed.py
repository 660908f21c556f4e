"""Tasks as a table: of every list, or of one."""

from uuid import UUID

from data.tasks import Task, TaskStatus
from logic import custom_fields, tasks
from logic.core.actor import Actor
from logic.core.language import _, many
from logic.core.listing import ListQuery, Page
from logic.tasks import Format, TaskRow
from logic.tasks.domain import ADD, EXPORT
from ui.components import Button, DataTable, EmptyList, Extras
from ui.components import custom_fields as own
from ui.components.columns import Way
from ui.downloads import tasks_export
from ui.pages.tasks import cells, filters
from ui.pages.tasks.many import Narrowed, bulk_actions, is_narrowed, open_unless_asked


async def table(actor: Actor, list_id: UUID | None = None, *, works: bool = True) -> None:
    """Draw the table: what is open, unless a status is chosen or words are looked for."""

    def in_list(asked: ListQuery) -> ListQuery:
        if list_id is None:
            return asked
        return asked.model_copy(update={'filters': {**asked.filters, 'list': [str(list_id)]}})

    def narrowed(asked: ListQuery) -> ListQuery:
        return open_unless_asked(in_list(asked))

    async def fetch(actor: Actor, asked: ListQuery) -> Page[TaskRow]:
        return await tasks.list_tasks(actor, narrowed(asked))

    exports = [_shown(kind, narrowed) for kind in Format] + [_all(kind, in_list) for kind in Format]
    works = works and actor.may(ADD)
    first = [Button(_('Open the lists'), href='/tasks/lists', primary=True)] if list_id is None else []
    narrowing = await filters.list_filters(actor, list_id)
    lanes = {label for one in narrowing if one.name == 'column' for _id, label in one.options}
    says_more = not lanes <= {str(status.label) for status in TaskStatus}
    fields = await custom_fields.list_custom_fields(actor, 'Task')
    await DataTable(
        [*cells.columns(actor.zone, with_list=list_id is None, with_column=says_more), *own.columns(fields)], fetch,
        label=_('Tasks'), href=lambda row: f'/tasks/{row.id}', sort='due', noun=(_('task'), _('tasks')),
        search=_('Words or number'), live=[Task],
        filters=[*narrowing, *own.filters(fields)],
        row_actions=cells.row_actions() if works else (), bulk=bulk_actions(narrowed) if works else (),
        extras=Extras(exports if actor.may(EXPORT) else (), carries={'list': str(list_id)} if list_id else {}),
        name=f'/tasks/lists/{list_id}' if list_id else '',
        empty=EmptyList(
            _('Nothing is to be done'), _('Add a task, or choose a status for what is done.'), 'sym_o_task_alt', first
        ),
    ).load()  # fmt: skip


def _format(kind: Format) -> str:
    """Say what a format holds beyond what the table shows."""
    return _('JSON, with comments and time') if kind is Format.JSON else kind.upper()


def _shown(kind: Format, narrowed: Narrowed) -> Way:
    """The export of what the table shows now, which says how much that is."""

    def label(asked: ListQuery, total: int) -> str:
        if is_narrowed(asked):
            return many('{format}: {count} open task', '{format}: {count} open tasks', total, format=_format(kind))
        return many('{format}: {count} task shown', '{format}: {count} tasks shown', total, format=_format(kind))

    return label, lambda asked: tasks_export(kind, narrowed(asked))


def _all(kind: Format, in_list: Narrowed) -> Way:
    """The export with what is done and cancelled, for a table that shows what is open."""

    def label(asked: ListQuery, total: int) -> str:  # noqa: ARG001  counted by nobody: it is not shown
        return _('{format}: with what is done', format=_format(kind)) if is_narrowed(asked) else ''

    return label, lambda asked: tasks_export(kind, in_list(asked))

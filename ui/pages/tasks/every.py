"""All tasks that a person sees, as a list with filters, and the bin."""

from uuid import UUID

from data.tasks import Task
from logic import tasks
from logic.core.actor import Actor
from logic.core.language import _
from logic.tasks.domain import ADD, MANAGE_FIELDS, MANAGE_LISTS, VIEW
from ui import shell
from ui.components import Button, Column, DataTable, EmptyList, Head, RowAction, toast
from ui.pages.lists.fields import of_kind
from ui.pages.lists.kept import drawn
from ui.pages.tasks import listed, quick
from ui.shell import Nav, page


@page('/tasks', 'Tasks', VIEW, nav=Nav(icon='sym_o_checklist', group='Work', order=10, key='t', phone=3))
async def all_tasks(actor: Actor) -> None:
    """Every task that the viewer sees, whatever its list."""
    more = [
        Button(_('Lists and boards'), href='/tasks/lists', icon='sym_o_view_kanban'),
        Button(_('Import'), href='/tasks/import', icon='sym_o_upload', menu=True),
        Button(_('Bin'), href='/tasks/bin', icon='sym_o_delete', menu=True),
    ]
    if actor.may(MANAGE_LISTS):
        more.insert(1, Button(_('Labels'), href='/tasks/labels', icon='sym_o_label', menu=True))
    if actor.may(MANAGE_FIELDS):
        more.append(Button(_('Custom fields'), href='/tasks/fields', icon='sym_o_label', menu=True))
    add = [Button(_('Add task'), do=quick.opens(), icon='sym_o_add', primary=True, create=True)]
    Head(
        _('Tasks'),
        _('What is open in every list that you see; choose a status for what is done.'),
        [*more, *(add if actor.may(ADD) else ())],
    )
    await listed.table(actor)


@page('/tasks/fields', 'Custom fields of tasks', MANAGE_FIELDS)
async def task_fields(actor: Actor) -> None:  # noqa: ARG001  the guard asks for it
    """What the department wants to know of its tasks beside what is built in."""
    shell.crumbs((_('Tasks'), '/tasks'), (_('Custom fields'), None))
    Head(_('Custom fields'), _('What you want to know of every task beside what is built in.'))
    await drawn(of_kind('Task'))()


@page('/tasks/bin', 'Bin of tasks', VIEW)
async def tasks_bin(actor: Actor) -> None:  # noqa: ARG001  the guard asks for it
    """Deleted tasks that the viewer may take back."""

    async def restore(actor: Actor, task_id: UUID) -> None:
        await tasks.restore_task(actor, task_id)
        toast(_('Restored to where it was.'))

    shell.crumbs((_('Tasks'), '/tasks'), (_('Bin'), None))
    Head(_('Bin'), _('Deleted tasks stay here for 30 days.'))
    await DataTable(
        [
            Column('title', _('Task'), 'link', lambda row: {'text': row.title, 'detail': row.label}),
            Column('list', _('List'), value=lambda row: row.in_list.name),
            Column('deleted', _('Deleted'), 'when', lambda row: row.deleted_at),
            Column('deleted_by', _('Deleted by'), value=lambda row: row.deleted_by.name if row.deleted_by else ''),
        ],
        tasks.list_bin, label=_('Bin'), search='', noun=(_('task'), _('tasks')), live=[Task],
        row_actions=[RowAction(_('Restore'), restore, 'sym_o_restore_from_trash', beside=True)],
        empty=EmptyList(_('The bin is empty'), _('What you delete can be taken back from here.'), 'sym_o_delete'),
    ).load()  # fmt: skip

"""All tasks that a person sees, as a list with filters, and the bin."""

from uuid import UUID

from data.tasks import Task
from logic import tasks
from logic.core.actor import Actor
from logic.tasks.domain import ADD, VIEW
from ui import shell
from ui.components import Button, Column, DataTable, EmptyList, Head, RowAction, toast
from ui.pages.tasks import listed, quick
from ui.shell import Nav, page


@page('/tasks', 'Tasks', VIEW, nav=Nav(icon='sym_o_checklist', group='Work', order=10, key='t', phone=3))
async def all_tasks(actor: Actor) -> None:
    """Every task that the viewer sees, whatever its list."""
    more = [
        Button('Lists and boards', href='/tasks/lists', icon='sym_o_view_kanban'),
        Button('Import', href='/tasks/import', icon='sym_o_upload', menu=True),
        Button('Bin', href='/tasks/bin', icon='sym_o_delete', menu=True),
    ]
    add = [Button('Add task', do=quick.opens(), icon='sym_o_add', primary=True, create=True)]
    Head(
        'Tasks',
        'What is open in every list that you see; choose a status for what is done.',
        [*more, *(add if actor.may(ADD) else ())],
    )
    await listed.table(actor)


@page('/tasks/bin', 'Bin of tasks', VIEW)
async def tasks_bin(actor: Actor) -> None:  # noqa: ARG001  the guard asks for it
    """Deleted tasks that the viewer may take back."""

    async def restore(actor: Actor, task_id: UUID) -> None:
        await tasks.restore_task(actor, task_id)
        toast('Restored to where it was.')

    shell.crumbs(('Tasks', '/tasks'), ('Bin', None))
    Head('Bin', 'Deleted tasks stay here for 30 days.')
    await DataTable(
        [
            Column('title', 'Task', value=lambda row: row.title),
            Column('list', 'List', value=lambda row: row.in_list.name),
            Column('deleted', 'Deleted', 'when', lambda row: row.deleted_at),
        ],
        tasks.list_bin, label='Bin', search='', noun=('task', 'tasks'), live=[Task],
        row_actions=[RowAction('Restore', restore, 'sym_o_restore_from_trash')],
        empty=EmptyList('The bin is empty', 'What you delete can be taken back from here.', 'sym_o_delete'),
    ).load()  # fmt: skip

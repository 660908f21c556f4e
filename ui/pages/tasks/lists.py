"""The lists of tasks: those that a person sees, and the form of one."""

from uuid import UUID

from data.tasks import ListVisibility, Task, TaskList, TaskListShare
from logic import tasks
from logic.core.actor import Actor
from logic.core.language import _, many, sense
from logic.core.listing import ListQuery, Page, paged
from logic.tasks import ListRow
from logic.tasks.domain import ADD, VIEW
from ui import shell
from ui.components import Button, Chip, Column, DataTable, EmptyList, Filter, Head, RowAction, toast
from ui.pages.tasks.list_form import add_list, manages
from ui.shell import page

SEEN_BY = {ListVisibility.PRIVATE: 'grey', ListVisibility.SHARED: 'blue', ListVisibility.ORGANIZATION: 'green'}


@page('/tasks/lists', 'Lists of tasks', VIEW)
async def lists(actor: Actor) -> None:
    """All lists that the viewer sees."""
    shell.crumbs((_('Tasks'), '/tasks'), (_('Lists'), None))
    more = [Button(_('Templates'), href='/tasks/templates', icon='sym_o_content_copy')]
    add = [Button(_('Add list'), do=add_list(), icon='sym_o_add', primary=True, create=True)]
    Head(_('Lists'), _('Each with a board, a calendar, and those who see it.'), [*more, *add] if actor.may(ADD) else ())
    await DataTable(
        [
            Column('title', _('List'), 'link', _named),
            Column('open', sense('open tasks', 'Open'), 'number', lambda row: row.open_count),
            Column('overdue', _('Overdue'), 'chip', _overdue),
            Column('seen_by', _('Seen by'), 'chip', lambda row: Chip(row.visibility.label, SEEN_BY[row.visibility])),
            Column('owner', _('Owner'), value=lambda row: row.owner.name),
        ],
        _fetch, label=_('Lists'), href=lambda row: f'/tasks/lists/{row.id}', noun=(_('list'), _('lists')),
        search=_('Search lists'), live=[TaskList, TaskListShare, Task],
        filters=[Filter('state', _('State'), [('archived', _('Archived'))], many=False)],
        row_actions=[
            RowAction(_('Archive'), _archive, 'sym_o_archive', when=lambda row: manages(row) and not row.is_archived),
            RowAction(_('Restore'), restore, 'sym_o_unarchive', when=lambda row: manages(row) and row.is_archived),
        ] if actor.may(ADD) else (),
        empty=EmptyList(
            _('No lists yet'), _('Make one for the station, a project, or yourself.'), 'sym_o_view_kanban', add
        ),
    ).load()  # fmt: skip


async def _fetch(actor: Actor, asked: ListQuery) -> Page[ListRow]:
    found = await tasks.list_lists(actor, archived='archived' in asked.values('state'))
    return paged([row for row in found if asked.q.lower() in row.title.lower()], asked)


def _named(row: ListRow) -> dict[str, str]:
    return {'text': row.title, 'detail': _('my own') if row.is_inbox else ''}


def _overdue(row: ListRow) -> Chip | None:
    return Chip(many('{count} overdue', '{count} overdue', row.overdue_count), 'red') if row.overdue_count else None


async def _archive(actor: Actor, list_id: UUID) -> None:
    async def back(actor: Actor) -> None:
        await tasks.archive_list(actor, list_id, archived=False)

    await tasks.archive_list(actor, list_id)
    toast(_('Archived with its tasks.'), undo=back)


async def restore(actor: Actor, list_id: UUID) -> None:
    """Take a list out of the archive."""
    await tasks.archive_list(actor, list_id, archived=False)
    toast(_('In use again.'))

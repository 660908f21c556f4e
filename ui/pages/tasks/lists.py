"""The lists of tasks: those that a person sees, and the form of one."""

from uuid import UUID

from data.tasks import ListVisibility, ShareLevel, Task, TaskList, TaskListShare
from logic import tasks
from logic.core.actor import Actor
from logic.core.language import _, later, many, sense
from logic.core.listing import ListQuery, Page
from logic.tasks import ListInput, ListRow
from logic.tasks.domain import ADD, MANAGE_LISTS, VIEW
from ui import shell
from ui.components import Button, Chip, Column, DataTable, EmptyList, Filter, FormDialog, Head, RowAction, toast
from ui.pages.tasks.adding import Open
from ui.shell import page

SEEN_BY = {ListVisibility.PRIVATE: 'grey', ListVisibility.SHARED: 'blue', ListVisibility.ORGANIZATION: 'green'}
COLOURS = [
    ('teal', later('Teal')), ('blue', later('Blue')), ('green', later('Green')), ('amber', later('Amber')),
    ('red', later('Red')), ('violet', later('Violet')), ('grey', later('Grey')),
]  # fmt: skip


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
            RowAction(_('Archive'), _archive, 'sym_o_archive', when=lambda row: _manages(row) and not row.is_archived),
            RowAction(_('Restore'), _restore, 'sym_o_unarchive', when=lambda row: _manages(row) and row.is_archived),
        ] if actor.may(ADD) else (),
        empty=EmptyList(
            _('No lists yet'), _('Make one for the station, a project, or yourself.'), 'sym_o_view_kanban', add
        ),
    ).load()  # fmt: skip


async def _fetch(actor: Actor, asked: ListQuery) -> Page[ListRow]:
    found = await tasks.list_lists(actor, archived='archived' in asked.values('state'))
    rows = [row for row in found if asked.q.lower() in row.title.lower()]
    first = (asked.page - 1) * asked.page_size
    return Page(rows[first : first + asked.page_size], len(rows), asked.page, asked.page_size)


def _named(row: ListRow) -> dict[str, str]:
    return {'text': row.title, 'detail': _('my own') if row.is_inbox else ''}


def _overdue(row: ListRow) -> Chip | None:
    return Chip(many('{count} overdue', '{count} overdue', row.overdue_count), 'red') if row.overdue_count else None


def _manages(row: ListRow) -> bool:
    return row.level is ShareLevel.MANAGE and not row.is_inbox


async def _archive(actor: Actor, list_id: UUID) -> None:
    async def back(actor: Actor) -> None:
        await tasks.archive_list(actor, list_id, archived=False)

    await tasks.archive_list(actor, list_id)
    toast(_('Archived with its tasks.'), undo=back)


async def _restore(actor: Actor, list_id: UUID) -> None:
    await tasks.archive_list(actor, list_id, archived=False)
    toast(_('In use again.'))


def add_list() -> Open:
    """Return what opens the form of a new list."""

    async def save(actor: Actor, data: ListInput) -> None:
        row = await tasks.add_list(actor, data)
        shell.go(f'/tasks/lists/{row.id}')

    async def show(actor: Actor) -> None:
        place(FormDialog(_('Add list'), ListInput, save, label=_('Add')), actor, await _parents(actor, None))

    return show


def edit_list(row: ListRow) -> Open:
    """Return what opens the form of a list."""

    async def save(actor: Actor, data: ListInput) -> None:
        await tasks.update_list(actor, row.id, data, row.version)
        toast(_('Saved.'))

    async def show(actor: Actor) -> None:
        names = ('title', 'description', 'colour', 'icon', 'parent_id', 'visibility', 'organization_level')
        value = {name: getattr(row, name) for name in names}
        dialog = FormDialog(_('Edit list'), ListInput, save, value=value, fixed={'icon': row.icon}, about=row.id)
        place(dialog, actor, await _parents(actor, row.id))

    return show


async def _parents(actor: Actor, own: UUID | None) -> list[tuple[UUID, str]]:
    found = await tasks.list_lists(actor)
    return [
        (row.id, row.title) for row in found if row.parent_id is None and row.id != own and _manages(row)
    ]  # lists nest one level


def place(dialog: FormDialog[ListInput], actor: Actor, parents: list[tuple[UUID, str]]) -> None:
    """Place the fields of a list."""
    dialog.text('title', span=8)
    dialog.select('colour', COLOURS, none=_('No colour'), span=4)
    dialog.textarea('description', rows=2)
    seen_by = [one for one in ListVisibility if one is not ListVisibility.ORGANIZATION or actor.may(MANAGE_LISTS)]
    dialog.radios('visibility', [(one, one.label) for one in seen_by])
    dialog.select(
        'organization_level', [(one, one.label) for one in ShareLevel], span=6,
        when=('visibility', ListVisibility.ORGANIZATION),
    )  # fmt: skip
    if parents:
        dialog.select('parent_id', parents, none=_('No other list'), span=6)

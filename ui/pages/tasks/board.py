"""A list on screen: as a board, as a table, or as a calendar; the address says which."""

from urllib.parse import urlencode
from uuid import UUID

from data.tasks import ListVisibility, ShareLevel, TaskList, TaskListShare
from logic import tasks
from logic.core import rich_text
from logic.core.actor import Actor
from logic.core.language import _, later
from logic.tasks import ListRow, QuickAdded
from logic.tasks.domain import MANAGE_LISTS, VIEW
from ui import shell
from ui.components import Button, Head, Note, Row, Segments
from ui.pages.tasks import calendar, cards, figures, gone, list_form, listed, quick, templates
from ui.pages.tasks.list_form import manages
from ui.pages.tasks.lists import restore
from ui.places import titled_by
from ui.shell import page

VIEWS = [
    ('board', later('Board'), 'sym_o_view_kanban'), ('table', later('Table'), 'sym_o_table_rows'),
    ('calendar', later('Calendar'), 'sym_o_calendar_month'), ('figures', later('Figures'), 'sym_o_bar_chart'),
]  # fmt: skip
KEPT = ('q', 'priority', 'assignee', 'label')
"""What each of them but the figures may be narrowed by: it stays when another is chosen."""
ONE, SETTINGS = '/tasks/lists/{list_id}', '/tasks/lists/{list_id}/settings'


@titled_by(ONE, SETTINGS)
async def titles(actor: Actor) -> dict[str, str]:
    """Name the pages of those lists that the person sees, for pins and recent pages."""
    found = await tasks.list_lists(actor)
    named = {ONE.format(list_id=row.id): row.title for row in found}
    return named | {SETTINGS.format(list_id=row.id): _('{title}: people and columns', title=row.title) for row in found}


@page(ONE, 'List', VIEW)
async def one_list(actor: Actor, list_id: UUID) -> None:
    """One list, drawn as the viewer likes it."""
    row = await tasks.get_list(actor, list_id)
    shell.title(row.title)
    shell.crumbs((_('Tasks'), '/tasks'), (_('Lists'), '/tasks/lists'), (row.title, None))
    works = row.level is not ShareLevel.VIEW and not row.is_archived
    board: quick.Also | None = None

    async def shows(added: QuickAdded) -> str:
        return await board(added) if board is not None else ''

    buttons = [Button(_('People and columns'), href=f'/tasks/lists/{list_id}/settings', icon='sym_o_group')]
    if row.level is ShareLevel.MANAGE and not row.is_archived:
        buttons.append(Button(_('Edit list'), do=list_form.edit_list(row), icon='sym_o_edit', menu=True))
    if actor.may(MANAGE_LISTS) and (row.level is ShareLevel.MANAGE or row.visibility is ListVisibility.ORGANIZATION):
        buttons.append(Button(_('Keep as template'), do=templates.keeps(row), icon='sym_o_content_copy', menu=True))
    if works:
        adds = quick.opens(list_id, also=shows)
        buttons.append(Button(_('Add task'), do=adds, icon='sym_o_add', primary=True, create=True))
    Head(row.title, rich_text.plain(row.description, 200), buttons, tight=True)
    if row.is_archived:
        _say_archived(row)
    query = shell.query()
    asked = query.get('as', 'board')
    view = asked if asked in {name for name, *_ in VIEWS} else 'board'

    async def choose(actor: Actor, name: str) -> None:  # noqa: ARG001  the guard asks for it
        narrowed = [(one, value) for one in KEPT for value in query.all(one)]
        shell.go(f'/tasks/lists/{list_id}?{urlencode([*narrowed, ("as", name)])}')

    with Row().classes('lb-view-row') as bar:
        Segments(_('View'), VIEWS, view, choose)
    if works:
        # On a phone the button opens it, and the list has the room.
        quick.place(list_id, also=shows).classes('lb-desk-only')
    await follows(row)
    if view == 'board':
        board = await cards.draw(actor, list_id, bar, works=works)
    elif view == 'calendar':
        await calendar.draw(list_id, bar, works=works)
    else:
        await {'table': listed.table, 'figures': figures.draw}[view](actor, list_id, works=works)


def _say_archived(row: ListRow) -> None:
    async def again(actor: Actor) -> None:
        await restore(actor, row.id)

    buttons = [Button(_('Restore'), do=again, icon='sym_o_unarchive', small=True)] if manages(row) else []
    said = _('This list is archived, and its tasks with it. They stay here to be read.')
    Note(said, 'amber', 'sym_o_archive', buttons)


async def follows(row: ListRow) -> None:
    """Keep a page of a list true to what its reader may do with it."""

    async def look(actor: Actor) -> tuple[ShareLevel, bool]:
        now = await tasks.get_list(actor, row.id)
        return now.level, now.is_archived

    await gone.follow('list', (row.level, row.is_archived), look, TaskList, TaskListShare,
                      match=lambda it: it.model != 'TaskList' or it.row_id == row.id)  # fmt: skip

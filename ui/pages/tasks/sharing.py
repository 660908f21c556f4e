"""With whom a list is shared, its columns, and its owner."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from data.tasks import ListVisibility, ShareLevel, TaskListShare
from logic import departments, tasks
from logic.core.actor import Actor
from logic.core.language import _, later, sense
from logic.core.listing import ListQuery, Page, whole
from logic.core.wording import inside
from logic.identity import positions
from logic.identity.permissions import VIEW_POSITIONS
from logic.tasks import ListRow, ShareInput, ShareRow
from logic.tasks.domain import ADD
from ui import shell
from ui.components import Button, Column, DataTable, EmptyList, FormDialog, Head, RowAction, toast
from ui.pages.tasks import columns
from ui.pages.tasks.adding import Open
from ui.pages.tasks.board import follows
from ui.search import search_people
from ui.shell import page

KINDS = {
    'person': later('Person'), 'position': later('Position'), 'department': later('Department', meaning='a unit'),
}  # fmt: skip

TARGETS = {'person': 'member', 'position': 'position', 'department': 'department'}


class OwnerForm(BaseModel):
    """Who is to own a list."""

    model_config = ConfigDict(extra='forbid')

    owner_id: Annotated[UUID, Field(title=later('New owner'))]


@page('/tasks/lists/{list_id}/settings', 'Settings of a list', ADD)
async def sharing(actor: Actor, list_id: UUID) -> None:
    """Who sees a list and may do what; the columns of its board."""
    row = await tasks.get_list(actor, list_id)
    shell.title(_('{title}: people and columns', title=row.title))
    shell.crumbs((_('Tasks'), '/tasks'), (_('Lists'), '/tasks/lists'), (row.title, f'/tasks/lists/{list_id}'),
                 (_('People and columns'), None))  # fmt: skip
    manages = row.level is ShareLevel.MANAGE and not row.is_archived
    buttons = []
    if manages and not row.is_inbox:
        buttons = [Button(_('Share'), do=_share(row), icon='sym_o_person_add', primary=True),
                   Button(_('Give to another owner'), do=_give(row), icon='sym_o_move_up', menu=True)]  # fmt: skip
    people = inside(row.visibility.label)
    seen_by = _('Owned by {owner}. Seen by: {people}.', owner=row.owner.name, people=people)
    if row.visibility is not ListVisibility.ORGANIZATION and not row.is_inbox:
        seen_by = f'{seen_by} {_("Whoever is given a task of it sees that task as well.")}'
    Head(row.title, seen_by, buttons)
    await follows(row)
    if not row.is_inbox:
        await _shares(row, manages=manages)
    await columns.draw(list_id, manages=manages)


async def _shares(row: ListRow, *, manages: bool) -> None:
    list_id = row.id
    if row.visibility is ListVisibility.ORGANIZATION:
        nobody, who = _('Shared with nobody in particular'), _('The whole department sees it.')
    else:
        nobody, who = (
            _('Shared with nobody'),
            _('Only the owner sees the list; its tasks also those who are to do them.'),
        )

    async def fetch(actor: Actor, _: ListQuery) -> Page[ShareRow]:
        return whole(await tasks.list_shares(actor, list_id))

    async def end(actor: Actor, share_id: UUID) -> None:
        share = next((one for one in await tasks.list_shares(actor, list_id) if one.id == share_id), None)
        await tasks.unshare_list(actor, share_id)

        async def back(actor: Actor) -> None:
            assert share is not None
            target = {f'{TARGETS[share.kind]}_id': share.target.id}
            await tasks.share_list(actor, list_id, ShareInput(level=share.level, **target))

        said = _('It is no longer shared with them. What they are to do of it, they still see.')
        toast(said, undo=back if share else None)

    await DataTable(
        [
            Column('target', _('Shared with'), value=lambda row: row.target.name),
            Column('kind', _('Kind'), value=lambda row: KINDS.get(row.kind, row.kind)),
            Column('level', sense('is allowed to', 'May'), value=lambda row: row.level.label),
        ],
        fetch, label=_('Shared with'), search='', noun=(_('share'), _('shares')), live=[TaskListShare], prefix='s-',
        row_actions=[RowAction(_('Stop sharing'), end, 'sym_o_person_remove')] if manages else (),
        empty=EmptyList(nobody, who, 'sym_o_group'),
    ).load()  # fmt: skip


def _share(row: ListRow) -> Open:
    async def save(actor: Actor, data: ShareInput) -> None:
        await tasks.share_list(actor, row.id, data)
        toast(_('Shared. They see it at once.'))

    async def show(actor: Actor) -> None:
        dialog = FormDialog(
            _('Share {list}', list=row.title), ShareInput, save, label=_('Share'), text=_('Choose one of the three.')
        )
        dialog.person('member_id', search_people)
        if actor.may(VIEW_POSITIONS):
            held = await positions.list_positions(actor)
            dialog.select('position_id', [(one.id, one.name) for one in held], none=_('No position'), span=6)
        units = await departments.list_departments(actor)
        dialog.select('department_id', [(one.id, one.name) for one in units], none=_('No department'), span=6)
        dialog.radios('level', [(one, one.label) for one in ShareLevel])

    return show


def _give(row: ListRow) -> Open:
    async def save(actor: Actor, data: OwnerForm) -> None:
        given = await tasks.give_list(actor, row.id, data.owner_id)

        async def back(actor: Actor) -> None:
            await tasks.give_list_back(actor, given)
            await shell.refresh()

        await shell.refresh()
        toast(_('Given. You still manage it.'), undo=back)

    async def show(actor: Actor) -> None:  # noqa: ARG001  the submit asks again
        title = _('Who is to own {list}?', list=row.title)
        FormDialog(title, OwnerForm, save, label=_('Give')).person('owner_id', search_people)

    return show

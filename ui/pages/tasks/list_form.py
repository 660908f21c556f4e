"""The form of a list of tasks: what it is called, and who sees it."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from data.tasks import ListVisibility, ShareLevel
from logic import tasks
from logic.core.actor import Actor
from logic.core.errors import Invalid
from logic.core.language import _, later
from logic.members.domain import VIEW as VIEW_MEMBERS
from logic.tasks import ListInput, ListRow, ShareInput
from logic.tasks.domain import MANAGE_LISTS
from logic.tasks.inputs import MOST_ASSIGNEES
from ui import shell
from ui.components import FormDialog, toast
from ui.pages.tasks.adding import Open
from ui.search import search_people

COLOURS = [
    ('teal', later('Teal')), ('blue', later('Blue')), ('green', later('Green')), ('amber', later('Amber')),
    ('red', later('Red')), ('violet', later('Violet')), ('grey', later('Grey')),
]  # fmt: skip


class ListForm(ListInput):
    """A list, and the people with whom it is shared from the start."""

    member_ids: Annotated[list[UUID], Field(title=later('With whom'), max_length=MOST_ASSIGNEES)] = Field(
        default_factory=list
    )
    level: Annotated[ShareLevel, Field(title=later('They may'))] = ShareLevel.EDIT

    def split(self, actor: Actor, *, asks: bool = True) -> tuple[ListInput, list[ShareInput]]:
        """Return the list and its shares as the rules take them. Raises Invalid when nobody was chosen."""
        row = ListInput(**self.model_dump(include=set(ListInput.model_fields)))
        if not (asks and actor.may(VIEW_MEMBERS)) or self.visibility is not ListVisibility.SHARED:
            return row, []
        if not self.member_ids:
            known = _('Type a name and choose the person. Positions and departments are added once the list is there.')
            raise Invalid('Choose with whom you share the list.', {'member_ids': known})
        return row, [ShareInput(member_id=one, level=self.level) for one in self.member_ids]


def manages(row: ListRow) -> bool:
    """Say whether the viewer may change a list that others could see."""
    return row.level is ShareLevel.MANAGE and not row.is_inbox


def add_list() -> Open:
    """Return what opens the form of a new list."""

    async def save(actor: Actor, data: ListForm) -> None:
        row = await tasks.add_list(actor, *data.split(actor))
        shell.go(f'/tasks/lists/{row.id}')

    async def show(actor: Actor) -> None:
        place(FormDialog(_('Add list'), ListForm, save, label=_('Add')), actor, await _parents(actor, None))

    return show


def edit_list(row: ListRow) -> Open:
    """Return what opens the form of a list."""

    async def show(actor: Actor) -> None:
        asks = not await tasks.list_shares(actor, row.id)

        async def save(actor: Actor, data: ListForm) -> None:
            given, shares = data.split(actor, asks=asks)
            await tasks.update_list(actor, row.id, given, row.version, shares)
            toast(_('Saved.'))

        names = ('title', 'description', 'colour', 'icon', 'parent_id', 'visibility', 'organization_level')
        value = {name: getattr(row, name) for name in names} | {'level': ShareLevel.EDIT}
        dialog = FormDialog(_('Edit list'), ListForm, save, value=value, fixed={'icon': row.icon}, about=row.id)
        place(dialog, actor, await _parents(actor, row.id), asks=asks)

    return show


async def _parents(actor: Actor, own: UUID | None) -> list[tuple[UUID, str]]:
    found = await tasks.list_lists(actor)
    return [
        (row.id, row.title) for row in found if row.parent_id is None and row.id != own and manages(row)
    ]  # lists nest one level


def place(dialog: FormDialog[ListForm], actor: Actor, parents: list[tuple[UUID, str]], *, asks: bool = True) -> None:
    """Place the fields of a list; with `asks` those of whom it is shared with."""
    dialog.text('title', span=8)
    dialog.select('colour', COLOURS, none=_('No colour'), span=4)
    dialog.textarea('description', rows=2)
    seen_by = [one for one in ListVisibility if one is not ListVisibility.ORGANIZATION or actor.may(MANAGE_LISTS)]
    dialog.radios('visibility', [(one, one.label) for one in seen_by])
    if asks and actor.may(VIEW_MEMBERS):
        chosen = ('visibility', ListVisibility.SHARED)
        dialog.person('member_ids', search_people, when=chosen)
        dialog.select('level', [(one, one.label) for one in ShareLevel], span=6, when=chosen)
    dialog.select(
        'organization_level', [(one, one.label) for one in ShareLevel], span=6,
        when=('visibility', ListVisibility.ORGANIZATION),
    )  # fmt: skip
    if parents:
        dialog.select('parent_id', parents, none=_('No other list'), span=6)

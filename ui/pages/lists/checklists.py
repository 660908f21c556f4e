"""The checklists of joining and leaving: which there are."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from data.members import ChecklistKind, ChecklistTemplate, ChecklistTemplateItem
from logic import members
from logic.core.actor import Actor
from logic.core.language import _, later
from logic.core.listing import ListQuery, Page, paged
from logic.members import Template, TemplateInput
from logic.members.domain import MANAGE_FIELDS
from logic.members.inputs import Text
from ui import shell
from ui.components import Button, Column, DataTable, EmptyList, FormDialog, Head, RowAction, toast
from ui.pages.lists.kept import archived
from ui.shell import page

KINDS = [(ChecklistKind.JOINING, later('Joining')), (ChecklistKind.LEAVING, later('Leaving'))]


class ChecklistForm(BaseModel):
    """What a checklist is called, and when it applies."""

    model_config = ConfigDict(extra='forbid')

    name: Annotated[Text, Field(title=later('Name'), min_length=1, max_length=80)]
    kind: Annotated[ChecklistKind, Field(title=later('When'))]


@page('/settings/checklists', 'Checklists', MANAGE_FIELDS)
async def checklists(actor: Actor) -> None:  # noqa: ARG001  the guard asks for it
    """All checklists, those out of use among them."""

    async def fetch(actor: Actor, asked: ListQuery) -> Page[Template]:
        found = await members.list_templates(actor, archived=True)
        rows = [one for one in found if asked.q.lower() in one.name.lower()]
        return paged(rows, asked)

    async def archive(actor: Actor, template_id: UUID) -> None:
        async def back(actor: Actor) -> None:
            await members.archive_template(actor, template_id, archived=False)

        await members.archive_template(actor, template_id)
        toast(_('Archived. It is no longer offered; what runs goes on.'), undo=back)

    async def restore(actor: Actor, template_id: UUID) -> None:
        await members.archive_template(actor, template_id, archived=False)
        toast(_('It is offered again.'))

    shell.crumbs((_('Settings'), '/settings'), (_('Checklists'), None))
    add_button = Button(_('Add checklist'), do=_add, icon='sym_o_add', primary=True, create=True)
    Head(_('Checklists'), _('What is to be done when somebody joins or leaves, by whom and by when.'), [add_button])
    await DataTable(
        [
            Column('name', _('Checklist')), Column('kind', _('When'), value=lambda row: dict(KINDS)[row.kind]),
            Column('items', _('Items'), 'number', lambda row: len(row.items)),
            Column('state', _('State'), 'chip', archived),
        ],
        fetch, label=_('Checklists'), search=_('Search checklists'), noun=(_('checklist'), _('checklists')),
        live=[ChecklistTemplate, ChecklistTemplateItem], href=lambda row: f'/settings/checklists/{row.id}',
        row_actions=[
            RowAction(_('Archive'), archive, 'sym_o_archive', when=lambda row: not row.is_archived),
            RowAction(_('Restore'), restore, 'sym_o_unarchive', when=lambda row: row.is_archived),
        ],
        empty=EmptyList(_('No checklists yet'), _('Add one for joining and one for leaving.'), 'sym_o_checklist'),
    ).load()  # fmt: skip


async def _add(actor: Actor) -> None:  # noqa: ARG001  the submit asks again
    async def save(actor: Actor, data: ChecklistForm) -> None:
        made = await members.add_template(actor, TemplateInput(kind=data.kind, name=data.name))
        shell.go(f'/settings/checklists/{made.id}')

    place(FormDialog(_('Add checklist'), ChecklistForm, save, label=_('Add')))


def place(dialog: FormDialog[ChecklistForm]) -> None:
    """Place the fields of a checklist."""
    dialog.text('name', span=8)
    dialog.select('kind', KINDS, span=4)

"""One checklist of joining or leaving: its items, who does each, and when."""

from uuid import UUID

from data.members import ChecklistKind, ChecklistTemplate, ChecklistTemplateItem
from logic import members
from logic.core.actor import Actor
from logic.core.language import _, many
from logic.core.listing import ListQuery, Page, whole
from logic.members.domain import MANAGE_FIELDS
from ui import shell
from ui.components import Button, Chip, Column, DataTable, EmptyList, FormDialog, Head, Note, RowAction, toast
from ui.pages.lists.checklists import KINDS, ChecklistForm, place
from ui.pages.lists.items import OWNERS, edit_item, move, with_items
from ui.shell import page


@page('/settings/checklists/{template_id}', 'Checklist', MANAGE_FIELDS)
async def checklist(actor: Actor, template_id: UUID) -> None:
    """One checklist: its items in order."""
    template = await members.get_template(actor, template_id)
    # The names of positions, which who keeps checklists need not see in full.
    facets = await members.list_facets(actor)
    positions = {UUID(key): name for facet in facets if facet.name == 'position' for key, name in facet.options}

    async def rename(actor: Actor) -> None:
        async def save(actor: Actor, data: ChecklistForm) -> None:
            await members.update_template(actor, template_id, with_items(known, known.items, data), known.version)
            toast(_('Saved.'))
            await shell.refresh()

        known = await members.get_template(actor, template_id)
        place(FormDialog(_('Edit {name}', name=known.name), ChecklistForm, save, value=known))

    async def add(actor: Actor) -> None:
        await edit_item(actor, template_id, positions, None)

    shell.title(template.name)
    shell.crumbs((_('Settings'), '/settings'), (_('Checklists'), '/settings/checklists'), (template.name, None))
    text = (
        _('Days count from the first day; weekends and holidays do not count. What runs already stays as it is.')
        if template.kind is ChecklistKind.JOINING
        else _('Days count from the last day; weekends and holidays do not count. What runs already stays as it is.')
    )
    buttons = [
        Button(_('Edit'), do=rename, icon='sym_o_edit'),
        Button(_('Add item'), do=add, icon='sym_o_add', primary=True, create=True),
    ]
    Head(template.name, text, buttons, chip=Chip(dict(KINDS)[template.kind], 'blue'))
    if template.is_archived:
        Note(_('This checklist is out of use: it is not offered for anybody.'), 'grey', 'sym_o_archive')
    await _items(template_id, positions)


async def _items(template_id: UUID, positions: dict[UUID, str]) -> None:
    async def fetch(actor: Actor, _: ListQuery) -> Page[ChecklistTemplateItem]:
        rows = (await members.get_template(actor, template_id)).items
        return whole(rows)

    async def edit(actor: Actor, item_id: UUID) -> None:
        await edit_item(actor, template_id, positions, item_id)

    async def up(actor: Actor, item_id: UUID) -> None:
        await move(actor, template_id, item_id, -1)

    async def down(actor: Actor, item_id: UUID) -> None:
        await move(actor, template_id, item_id, 1)

    async def remove(actor: Actor, item_id: UUID) -> None:
        known = await members.get_template(actor, template_id)
        before = with_items(known, known.items)

        async def back(actor: Actor) -> None:
            now = await members.get_template(actor, template_id)
            items = [one.model_copy(update={'id': None}) if one.id == item_id else one for one in before.items]
            await members.update_template(actor, template_id, before.model_copy(update={'items': items}), now.version)

        kept = [item for item in known.items if item.id != item_id]
        await members.update_template(actor, template_id, with_items(known, kept), known.version)
        toast(_('Removed from the checklist.'), undo=back)

    await DataTable(
        [
            Column('title', _('What is to be done')),
            Column('owner', _('Who'), value=lambda row: _owner(row, positions)),
            Column('day_offset', _('When'), value=lambda row: _when(row.day_offset)),
            Column('is_required', _('Required'), 'flag'),
        ],
        fetch, label=_('Items'), search='', noun=(_('item'), _('items')),
        live=[ChecklistTemplate, ChecklistTemplateItem],
        row_actions=[
            RowAction(_('Edit'), edit, 'sym_o_edit'), RowAction(_('Move up'), up, 'sym_o_arrow_upward'),
            RowAction(_('Move down'), down, 'sym_o_arrow_downward'),
            RowAction(_('Remove'), remove, 'sym_o_delete', danger=True),
        ],
        empty=EmptyList(_('No items yet'), _('Add what is to be done, one after the other.'), 'sym_o_checklist'),
    ).load()  # fmt: skip


def _owner(item: ChecklistTemplateItem, positions: dict[UUID, str]) -> str:
    return str(OWNERS[item.owner]) if item.position_id is None else positions.get(item.position_id, _('A position'))


def _when(offset: int) -> str:
    if offset == 0:
        return _('On the day')
    if offset > 0:
        return many('{count} working day after', '{count} working days after', offset)
    return many('{count} working day before', '{count} working days before', -offset)

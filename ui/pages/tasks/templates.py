"""Templates of lists: a list kept, and lists begun from it."""

from uuid import UUID

from data.tasks import ListTemplate
from logic import tasks
from logic.core.actor import Actor
from logic.core.language import _
from logic.core.listing import ListQuery, Page, whole
from logic.tasks import ListRow, ListTemplateInput, ListTemplateRow
from logic.tasks.domain import ADD, MANAGE_LISTS
from ui import shell
from ui.components import Button, Column, DataTable, EmptyList, FormDialog, Head, RowAction, confirm_by_name, toast
from ui.pages.tasks import list_form
from ui.pages.tasks.adding import Open
from ui.pages.tasks.list_form import ListForm
from ui.shell import page


@page('/tasks/templates', 'Templates of lists', ADD)
async def templates(actor: Actor) -> None:
    """The templates, each a click from a list."""
    shell.crumbs((_('Tasks'), '/tasks'), (_('Lists'), '/tasks/lists'), (_('Templates'), None))
    text = _('Lists to begin from: their columns and tasks, with the days counted from the day you begin.')
    Head(_('Templates'), text)

    async def fetch(actor: Actor, _: ListQuery) -> Page[ListTemplateRow]:
        return whole(await tasks.list_list_templates(actor))

    async def begin(actor: Actor, template_id: UUID) -> None:
        row = await _one(actor, template_id)

        async def save(actor: Actor, data: ListForm) -> None:
            made = await tasks.add_list_from_template(actor, template_id, *data.split(actor))
            shell.go(f'/tasks/lists/{made.id}')

        value = ListForm(title=row.title, colour=row.colour, icon=row.icon).model_dump()
        dialog = FormDialog(
            _('List from template'), ListForm, save, label=_('Add'), value=value, fixed={'icon': row.icon},
            about=template_id,
        )  # fmt: skip
        list_form.place(dialog, actor, [])

    actions: list[RowAction[ListTemplateRow]] = [RowAction(_('Make a list'), begin, 'sym_o_add')]
    if actor.may(MANAGE_LISTS):
        actions.append(RowAction(_('Remove'), _remove, 'sym_o_delete', danger=True))
    await DataTable(
        [
            Column('title', _('Template')), Column('description', _('What it is for')),
            Column('tasks', _('Tasks'), 'number', lambda row: row.task_count),
        ],
        fetch, label=_('Templates'), search='', noun=(_('template'), _('templates')),
        live=[ListTemplate], row_actions=actions,
        empty=EmptyList(
            _('No templates yet'), _('Open a list that you often need, and keep it as a template from its menu.'),
            'sym_o_content_copy', [Button(_('Open the lists'), href='/tasks/lists', primary=True)],
        ),
    ).load()  # fmt: skip


async def _remove(actor: Actor, template_id: UUID) -> None:
    row = await _one(actor, template_id)

    async def gone(actor: Actor) -> None:
        await tasks.remove_list_template(actor, template_id)
        toast(_('Removed.'))

    text = _('It cannot be taken back. Lists made from it stay.')
    confirm_by_name(_('Remove the template'), text, row.title, gone, label=_('Remove'))


async def _one(actor: Actor, template_id: UUID) -> ListTemplateRow:
    return next(one for one in await tasks.list_list_templates(actor) if one.id == template_id)


def keeps(row: ListRow) -> Open:
    """Return what opens the form that keeps a list as a template."""

    async def save(actor: Actor, data: ListTemplateInput) -> None:
        await tasks.save_list_template(actor, row.id, data)
        toast(_('Kept. It is among the templates now.'))

    async def show(actor: Actor) -> None:  # noqa: ARG001  the submit asks again
        text = _('Its columns and open tasks are kept. One of the same name is replaced.')
        value = {'title': row.title, 'description': ''}
        dialog = FormDialog(_('Keep as template'), ListTemplateInput, save, value=value, text=text, about=row.id)
        dialog.text('title')
        dialog.text('description')

    return show

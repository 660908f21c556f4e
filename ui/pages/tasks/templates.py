"""Templates of lists: a list kept, and lists begun from it."""

from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import Field

from data.core import now
from data.tasks import ListTemplate
from logic import tasks
from logic.core.actor import Actor
from logic.core.language import _, later, many
from logic.core.listing import ListQuery, Page, whole
from logic.core.rich_text import plain
from logic.tasks import ListRow, ListTemplateInput, ListTemplateRow
from logic.tasks.domain import ADD, MANAGE_LISTS
from logic.tasks.inputs import Day
from ui import shell
from ui.components import Button, Column, DataTable, EmptyList, FormDialog, Head, RowAction, confirm_by_name, toast
from ui.components.rows import chosen
from ui.pages.tasks import list_form
from ui.pages.tasks.adding import Open
from ui.pages.tasks.list_form import ListForm
from ui.shell import page


class FromTemplateForm(ListForm):
    """A list that is made from a template, and when it begins."""

    begins_on: Annotated[
        Day | None, Field(title=later('Begins on'), description=later('The days of its tasks are counted from it.'))
    ] = None


@page('/tasks/templates', 'Templates of lists', ADD)
async def templates(actor: Actor) -> None:
    """The templates, each a click from a list."""
    shell.crumbs((_('Tasks'), '/tasks'), (_('Lists'), '/tasks/lists'), (_('Templates'), None))
    text = _('Lists to begin from: their columns and tasks, with the days counted from the day you begin.')
    Head(_('Templates'), text)

    async def fetch(actor: Actor, _: ListQuery) -> Page[ListTemplateRow]:
        return whole(await tasks.list_list_templates(actor))

    actions: list[RowAction[ListTemplateRow]] = [RowAction(_('Make a list'), begin, 'sym_o_add', beside=True)]
    if actor.may(MANAGE_LISTS):
        actions.append(RowAction(_('Remove'), remove, 'sym_o_delete', danger=True))
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


async def begin(actor: Actor, template_id: UUID) -> None:
    """Open the form for a list from a template. Raises NotFound."""
    row = await _one(actor, template_id)

    async def save(actor: Actor, data: FromTemplateForm) -> None:
        made = await tasks.add_list_from_template(actor, template_id, *data.split(actor), data.begins_on)
        shell.go(f'/tasks/lists/{made.id}')

    absent = await tasks.absent_in_template(actor, template_id)
    names = ', '.join(absent)
    text = many(
        '{names} is not here any more: what was theirs is given to nobody.',
        '{names} are not here any more: what was theirs is given to nobody.', len(absent), names=names,
    ) if absent else ''  # fmt: skip
    today = now().astimezone(ZoneInfo(actor.zone)).date()
    begins = FromTemplateForm(title=row.title, description=row.about, colour=row.colour, begins_on=today)
    dialog = FormDialog(
        _('List from template'), FromTemplateForm, save, label=_('Add'), value=begins.model_dump(),
        fixed={'icon': row.icon}, about=template_id, text=text,
    )  # fmt: skip
    list_form.place(dialog, actor, [])
    dialog.date('begins_on', span=6)


async def remove(actor: Actor, template_id: UUID) -> None:
    """Ask before a template is removed. Raises NotFound."""
    row = await _one(actor, template_id)

    async def gone(actor: Actor) -> None:
        await tasks.remove_list_template(actor, template_id)
        toast(_('Removed.'))

    text = _('It cannot be taken back. Lists made from it stay.')
    confirm_by_name(_('Remove the template'), text, row.title, gone, label=_('Remove'))


async def _one(actor: Actor, template_id: UUID) -> ListTemplateRow:
    row: ListTemplateRow = chosen(await tasks.list_list_templates(actor), template_id)
    return row


def keeps(row: ListRow) -> Open:
    """Return what opens the form that keeps a list as a template."""

    async def save(actor: Actor, data: ListTemplateInput) -> None:
        await tasks.save_list_template(actor, row.id, data)
        toast(_('Kept. It is among the templates now.'), link=(_('Open the templates'), '/tasks/templates'))

    async def show(actor: Actor) -> None:
        found = await tasks.to_keep_in_template(actor, row.id)
        text = many(
            '{count} open task is kept with its dates, repeats, labels, checklist and parts.',
            '{count} open tasks are kept with their dates, repeats, labels, checklists and parts.', found.open_count,
        )  # fmt: skip
        stays = _('Comments, files, reminders and time spent stay here. One of the same name is replaced.')
        value = {
            'title': row.title, 'description': plain(row.description, 500), 'counted_from': found.first_on,
            'with_people': True, 'with_done': found.open_count == 0 < found.done_count,
        }  # fmt: skip
        dialog = FormDialog(
            _('Keep as template'), ListTemplateInput, save, value=value, text=f'{text} {stays}', about=row.id
        )
        dialog.text('title')
        dialog.text('description')
        dialog.date('counted_from', span=6)
        dialog.checkbox('with_people')
        if found.done_count:
            dialog.checkbox('with_done')

    return show

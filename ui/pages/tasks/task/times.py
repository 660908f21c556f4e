"""The time that was spent on a task."""

from uuid import UUID

from data.tasks import Task, TaskTimeEntry
from logic import tasks
from logic.core.actor import Actor
from logic.core.language import _, sense
from logic.core.listing import ListQuery, Page, whole
from logic.tasks import TimeInput, TimeRow
from ui.components import Button, Column, DataTable, EmptyList, FormDialog, RowAction, toast
from ui.guard import current_actor


async def draw(task_id: UUID) -> None:
    """The tab."""
    view = await tasks.get_task(await current_actor(), task_id)

    async def fetch(actor: Actor, _: ListQuery) -> Page[TimeRow]:
        return whole(await tasks.list_time(actor, task_id))

    async def note(actor: Actor) -> None:  # noqa: ARG001  the submit asks again
        async def save(actor: Actor, data: TimeInput) -> None:
            await tasks.add_time(actor, task_id, data)

        dialog = FormDialog(_('Note time'), TimeInput, save, label=sense('write down', 'Note'))
        dialog.text('minutes', span=6, label=_('Time spent'), help=_('Such as 90, 1:30 or 1h30.'))
        dialog.date('worked_on', span=6, help=_('Empty for today.'))
        dialog.text('note')

    async def remove(actor: Actor, entry_id: UUID) -> None:
        removed = await tasks.remove_time(actor, entry_id)

        async def back(actor: Actor) -> None:
            await tasks.restore_time(actor, removed)

        toast(_('Removed.'), undo=back)

    works = view.may_edit or view.may_work
    await DataTable(
        [
            Column('worked_on', _('Day'), 'date'), Column('member', _('Who'), value=lambda row: row.member.name),
            Column('minutes', _('Minutes'), 'number'), Column('note', _('Note')),
        ],
        fetch, label=_('Time spent'), search='', noun=(_('entry'), _('entries')), live=[Task, TaskTimeEntry],
        row_actions=[RowAction(_('Remove'), remove, 'sym_o_delete', when=lambda row: row.may_remove)],
        buttons=[Button(_('Note time'), do=note, icon='sym_o_more_time', small=True)] if works else (),
        empty=EmptyList(
            _('No time noted yet'), _('Note what was worked, to know what such a task takes.'), 'sym_o_timer'
        ),
    ).load()  # fmt: skip

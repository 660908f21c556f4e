"""Changes of many tasks from a list: one transaction, refusals named, one undo."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from data.tasks import TaskStatus
from logic import tasks
from logic.core.actor import Actor
from logic.core.language import _, many
from logic.core.listing import ListQuery
from logic.tasks import TaskBatchResult, TaskBulkInput
from logic.tasks import TaskBulkAction as Kind
from ui.components import BulkAction, FormDialog, Selection
from ui.pages.tasks.coming import with_next
from ui.pages.tasks.many_form import ManyForm, place
from ui.pages.tasks.telling import parts_left, tell, undoing

Narrowed = Callable[[ListQuery], ListQuery]
FINISHED = (TaskStatus.COMPLETED, TaskStatus.CANCELLED)


def bulk_actions(narrowed: Narrowed) -> list[BulkAction]:
    """Return what can be done with many tasks at once; `narrowed` says what their list asks for."""
    return [
        BulkAction(_('Complete'), _complete(narrowed), 'sym_o_check_circle'),
        BulkAction(_('Set status'), _asks(Kind.STATUS, narrowed), 'sym_o_swap_horiz'),
        BulkAction(_('Move to list'), _asks(Kind.LIST, narrowed), 'sym_o_drive_file_move'),
        BulkAction(_('Give to'), _asks(Kind.ASSIGN, narrowed), 'sym_o_person_add'),
        BulkAction(_('Take from'), _asks(Kind.UNASSIGN, narrowed), 'sym_o_person_remove'),
        BulkAction(_('Set priority'), _asks(Kind.PRIORITY, narrowed), 'sym_o_flag'),
        BulkAction(_('Set due date'), _asks(Kind.DUE, narrowed), 'sym_o_event'),
        BulkAction(_('Add label'), _asks(Kind.ADD_LABEL, narrowed), 'sym_o_label'),
        BulkAction(_('Remove label'), _asks(Kind.REMOVE_LABEL, narrowed), 'sym_o_label_off'),
        BulkAction(_('Delete'), _delete(narrowed), 'sym_o_delete'),
    ]


async def _ids(actor: Actor, selection: Selection, narrowed: Narrowed) -> list[UUID]:
    if not selection.all:
        return selection.ids
    return await tasks.matching_task_ids(actor, narrowed(selection.query))


def is_narrowed(asked: ListQuery) -> bool:
    """Say whether a list of tasks shows what is open alone, since nobody asks for a status or for words."""
    return not (asked.values('status') or asked.q)


def open_unless_asked(asked: ListQuery) -> ListQuery:
    """Return what a list of tasks is asked: what is open, unless a status or words are looked for."""
    if not is_narrowed(asked):
        return asked
    return asked.model_copy(update={'filters': {**asked.filters, 'status': ['open']}})


async def _tell_finished(
    actor: Actor, ids: Sequence[UUID], result: TaskBatchResult, done: str, status: TaskStatus
) -> None:
    """Say which tasks were finished, what comes after them, and what they leave open."""
    left, also = await parts_left(actor, ids, status, undoing(result))
    tell(result, ' '.join([await with_next(actor, ids, done), *left]), also=also)


def _complete(narrowed: Narrowed) -> Callable[..., Awaitable[None]]:
    async def complete(actor: Actor, selection: Selection) -> None:
        data = TaskBulkInput(action=Kind.STATUS, status=TaskStatus.COMPLETED)
        ids = await _ids(actor, selection, narrowed)
        result = await tasks.change_many_tasks(actor, ids, data)
        done = many('Completed {count} task.', 'Completed {count} tasks.', result.changed)
        await _tell_finished(actor, ids, result, done, TaskStatus.COMPLETED)

    return complete


def _delete(narrowed: Narrowed) -> Callable[..., Awaitable[None]]:
    async def delete(actor: Actor, selection: Selection) -> None:
        ids = await _ids(actor, selection, narrowed)
        result = await tasks.change_many_tasks(actor, ids, TaskBulkInput(action=Kind.DELETE))
        tell(result, many('Put into the bin: {count} task.', 'Put into the bin: {count} tasks.', result.changed))

    return delete


def _asks(kind: Kind, narrowed: Narrowed) -> Callable[..., Awaitable[FormDialog[ManyForm]]]:
    """Return a handler that asks for the value of an action, and gives it to all that were chosen."""

    async def ask(actor: Actor, selection: Selection) -> FormDialog[ManyForm]:
        async def submit(actor: Actor, data: ManyForm) -> None:
            ids = await _ids(actor, selection, narrowed)
            result = await tasks.change_many_tasks(actor, ids, data.wanted)
            done = many('Changed {count} task.', 'Changed {count} tasks.', result.changed)
            if data.status in FINISHED:
                await _tell_finished(actor, ids, result, done, data.status)
            else:
                tell(result, done)

        dialog = FormDialog(kind.label, ManyForm, submit, label=_('Change'), fixed={'action': kind})
        await place(actor, kind, dialog)
        return dialog

    return ask

"""Quick add: lines that become tasks, at the head of a list, and in a dialog that opens from anywhere."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from logic import tasks
from logic.core.actor import Actor
from logic.core.language import _, later, many
from logic.tasks import ChipKind, QuickAdded, QuickTask
from logic.tasks.domain import ADD, domain
from ui.components import Dialog, LineHandlers, Lines, QuickAddField, ReadLine, TakesLines, Understood, toast
from ui.pages.tasks import adding
from ui.pages.tasks.adding import Open
from ui.shell import CREATE, PaletteAction, palette_actions, sources

ICONS = {
    ChipKind.DUE: 'sym_o_event', ChipKind.START: 'sym_o_play_arrow', ChipKind.REPEAT: 'sym_o_event_repeat',
    ChipKind.LIST: 'sym_o_view_kanban', ChipKind.PERSON: 'sym_o_person', ChipKind.PRIORITY: 'sym_o_flag',
    ChipKind.LABEL: 'sym_o_label',
}  # fmt: skip
HINT = later(
    'Such as: Check hose friday 5pm every month #Station @okafor !high *maintenance. '
    'Quotes keep words as they are: "next friday", #"Week 49". '
    'Shift and Enter begins another task, an indented one is a part.'
)
HINT_OF_PARTS = later(
    'Such as: Check hose friday 5pm @okafor !high *maintenance. '
    'Quotes keep words as they are: "next friday". Shift and Enter begins another part.'
)
Also = Callable[[QuickAdded], Awaitable[str]]
"""What is done besides once lines were added; returns what is said of it."""
LABEL, LABEL_OF_PARTS = later('Add a task'), later('Add a part')


def place(list_id: UUID | None = None, parent_id: UUID | None = None, also: Also | None = None) -> QuickAddField:
    """Place the line at the head of a list, or under a task for its parts."""
    return _field(list_id, parent_id, also=also)


def opens(
    list_id: UUID | None = None, begin: str = '', parent_id: UUID | None = None, also: Also | None = None
) -> Open:
    """Return what opens the dialog."""

    async def show(actor: Actor) -> None:  # noqa: ARG001  the adding asks again
        dialog = Dialog(LABEL_OF_PARTS if parent_id else LABEL, wide=True)
        with dialog:
            _field(list_id, parent_id, dialog, begin, also)

    return show


def lines(
    list_id: UUID | None = None,
    parent_id: UUID | None = None,
    dialog: Dialog | None = None,
    also: Also | None = None,
) -> LineHandlers:
    """Return what a field does with lines; `also` says more of what was added."""

    async def read(actor: Actor, text: str) -> Sequence[ReadLine]:
        found = await tasks.parse_quick_add(actor, text, as_parts=parent_id is not None)
        return [_line(one, is_part=one.is_part and parent_id is None) for one in found]

    async def complete(actor: Actor, mark: str, begun: str) -> Sequence[str]:
        return [] if parent_id and mark == '#' else await tasks.complete_quick_add(actor, mark, begun)

    async def add(actor: Actor, sent: Lines, field: TakesLines) -> None:
        added = await tasks.quick_add(actor, sent.text, list_id, parent_id, sent.column)

        async def undo(actor: Actor) -> None:
            assert added.batch_id is not None
            undone = await tasks.undo_task_batch(actor, added.batch_id)
            if undone.refused:
                left = undone.refused[0]
                toast(_('{task} stays: {reason}', task=left.label, reason=left.reason), 'warning')
            elif field.is_deleted:
                await opens(list_id, undone.raw_text, parent_id, also)(actor)
            else:
                field.restore(sent, undone.raw_text)

        said = [*_said(added), *added.unresolved, await also(added) if also else '']
        toast(' '.join(filter(None, said)), 'warning' if added.unresolved else 'success', undo=undo)
        if dialog is not None:
            dialog.close()

    return LineHandlers(read, add, complete)


def _said(added: QuickAdded) -> list[str]:
    count, lists = len(added.task_ids), added.elsewhere
    said = _('Added.') if count == 1 else many('{count} task added.', '{count} tasks added.', count)
    other = many('In another list: {lists}.', 'In other lists: {lists}.', len(lists), lists=', '.join(lists))
    return [said, other if lists else '']


def _field(
    list_id: UUID | None,
    parent_id: UUID | None,
    dialog: Dialog | None = None,
    begin: str = '',
    also: Also | None = None,
) -> QuickAddField:
    async def more(actor: Actor, text: str) -> None:
        found = await tasks.parse_quick_add(actor, text, as_parts=parent_id is not None) if text.strip() else []
        if dialog is not None:
            dialog.close()
        await adding.opens(list_id, parent_id, begun=found[0] if found else None)(actor)

    label, hint = (LABEL_OF_PARTS, HINT_OF_PARTS) if parent_id else (LABEL, HINT)
    does = lines(list_id, parent_id, dialog, also)
    return QuickAddField(label, does, more=more, hint=hint, focus=dialog is not None, about=parent_id, begin=begin)


def _line(one: QuickTask, *, is_part: bool) -> ReadLine:
    words = [Understood(ICONS[chip.kind], chip.text, chip.problem) for chip in one.chips]
    return ReadLine(one.title, is_part, words, one.problem)


async def _from_anywhere(actor: Actor) -> None:
    if actor.may(ADD) and domain.name not in actor.modules_off:
        await opens()(actor)


sources.create = _from_anywhere
palette_actions.append(
    PaletteAction(
        label=later('Add task'), href=CREATE, permission=ADD, icon='sym_o_add_task', words=later('new create todo')
    )
)

"""The board of a list: its cards, narrowed by search and filters, moved, and told of what others do."""

from collections.abc import Sequence
from uuid import UUID

from data.attachments import Attachment
from data.tasks import BoardColumn as ColumnRow
from data.tasks import Task, TaskList
from logic import tasks
from logic.comments import CommentsOf
from logic.core.actor import Actor
from logic.core.language import _, many
from logic.tasks import MoveInput, QuickAdded
from ui.components import (
    Board,
    BoardHandlers,
    CardAction,
    FilterBar,
    Move,
    Row,
    around,
    watch,
    watch_rows,
)
from ui.guard import current_actor
from ui.pages.tasks import cells, filters, gone, quick
from ui.pages.tasks.drawing import card, columns

ON_BOARD: dict[str, str | list[str]] = {'parent': 'none', 'status': ['open', 'completed']}
"""What a list of tasks is asked for to find those that a board shows."""
FEW = 20
"""Cards that are sent one by one; after more changes at once the whole board is."""


async def draw(actor: Actor, list_id: UUID, beside: Row, *, works: bool) -> quick.Also:
    """Draw the board, as the address narrows it, with its filters beside what is chosen there.

    Returns what shows tasks that were added, and says how many the filters hide.
    """

    async def again() -> None:
        show(await tasks.board(await current_actor(), list_id, bar.query))

    def show(now: tasks.Board) -> None:
        cards = [card(one) for lane in now.lanes for one in lane.cards]
        filters.offer(bar, now.people, now.labels)
        bar.show(len(cards))
        carried = around.state(bar.query.model_copy(update={'sort': 'board'}), **ON_BOARD)
        drawn.change(columns(now), cards, carried)

    async def changed(ids: set[UUID | None]) -> None:
        known = {one for one in ids if one is not None}
        if bar.is_on or len(known) < len(ids) or len(known) > FEW:
            await again()
            return
        standing = {row.id: row for row in await tasks.list_cards(await current_actor(), list_id, known)}
        if drawn.hides and any(not drawn.has(task_id) for task_id in standing):
            await again()  # it may be one of those that were only counted
            return
        for row in standing.values():
            filters.offer(bar, row.assignees, row.labels)
        for task_id in known:
            if task_id in standing:
                drawn.put(card(standing[task_id]))
            else:
                drawn.drop(task_id)

    async def shows(added: QuickAdded) -> str:
        if bar.is_on:
            await again()
        return _reveal(drawn, [task_id for task_id in added.placed if not bar.is_on or drawn.has(task_id)], added)

    with beside:
        bar = FilterBar(filters.board_filters(), again, search=_('Words or number'), noun=(_('task'), _('tasks')))
    found = await tasks.board(actor, list_id, bar.query)
    handlers = (
        BoardHandlers(move=_move, add=quick.lines(list_id, also=shows), card=_actions()) if works else BoardHandlers()
    )
    drawn = Board(found.title, (), (), handlers)
    show(found)
    watch_rows(Task, CommentsOf, Attachment, call=gone.kindly(changed, 'list'))
    watch(ColumnRow, TaskList, call=gone.kindly(again, 'list'))
    return shows


def _reveal(drawn: Board, there: Sequence[UUID], added: QuickAdded) -> str:
    if there:
        drawn.reveal(there[-1])
    count = len(added.placed) - len(there)
    return many('The filter hides {count} task.', 'The filter hides {count} tasks.', count) if count else ''


def _actions() -> list[CardAction]:
    return [
        CardAction(_('Complete'), cells.complete, 'sym_o_check_circle'),
        CardAction(_('Take up again'), cells.reopen, 'sym_o_undo'),
        CardAction(_('Delete'), cells.delete, 'sym_o_delete', danger=True),
    ]


async def _move(actor: Actor, wanted: Move) -> None:
    # The rules name the neighbour that stands before the card `before`; the board calls that one `after` it stands.
    where = MoveInput(before=wanted.after, after=wanted.before, column=wanted.column, from_column=wanted.from_column)
    await cells.move(actor, wanted.card, where)

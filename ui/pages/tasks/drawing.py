"""A task as a card of the board and as an event of the calendar."""

from uuid import uuid5
from zoneinfo import ZoneInfo

from data.tasks import ColumnKind
from logic.core.language import _
from logic.tasks import Board, ComingTask, TaskRow
from ui.components import BoardCard, BoardColumn, CalendarEvent
from ui.pages.tasks import cells
from ui.pages.tasks.parts import part_of

TONES = {ColumnKind.OPEN: 'grey', ColumnKind.STARTED: 'blue', ColumnKind.DONE: 'green'}


def event(row: TaskRow, zone: str) -> CalendarEvent:
    """A task as the calendar shows it."""
    done = row.completed_at is not None
    tone = 'green' if done else 'red' if row.is_overdue else cells.PRIORITY_TONES[row.priority]
    when = cells.due(row, zone)
    assert when is not None
    title = ' · '.join([row.title, *part_of(row)])
    return CalendarEvent(id=row.id, title=title, start=when, href=f'/tasks/{row.id}', tone=tone, done=done)


def again(one: ComingTask, zone: str) -> CalendarEvent:
    """A day on which a task will be due again, once it is done."""
    when = one.due_at.astimezone(ZoneInfo(zone)) if one.due_at else one.due_on
    title = _('{task} (again)', task=one.title)
    return CalendarEvent(
        id=uuid5(one.task_id, str(one.due_on)), title=title, start=when, href=f'/tasks/{one.task_id}', tone='grey',
        movable=False,
    )  # fmt: skip


def card(row: TaskRow) -> BoardCard:
    """A task as a card."""
    return BoardCard(
        id=row.id, column=row.column.id, key=row.order_key, title=row.title, href=f'/tasks/{row.id}', number=row.label,
        priority=cells.priority_chip(row.priority) if row.priority not in cells.USUAL else None,
        due=row.due_at or row.due_on, late=row.is_overdue, repeats=row.is_recurring,
        done=row.completed_at is not None,
        people=[one.name for one in row.assignees],
        tags=[cells.label_chip(one.name, one.colour) for one in row.labels],
        checklist=f'{row.steps_done}/{row.steps_total}' if row.steps_total else '',
        parts=f'{row.parts_done}/{row.parts_total}' if row.parts_total else '',
        comments=row.comment_count, files=row.file_count,
        without=['card-0'] if row.completed_at else ['card-1'],
    )  # fmt: skip


def columns(found: Board) -> list[BoardColumn]:
    """The columns of a board; what is done longer than it shows is behind a link."""
    rest = f'/tasks/lists/{found.list_id}?as=table&status=completed&sort=-completed'
    return [
        BoardColumn(
            id=lane.id, title=lane.title, tone=TONES[lane.kind], limit=lane.wip_limit,
            hidden=lane.total - len(lane.cards), rest=rest if lane.kind is ColumnKind.DONE else '',
        )
        for lane in found.lanes
    ]  # fmt: skip

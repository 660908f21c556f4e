"""The columns of a board: making, changing, ordering and removing them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from data.tasks import BoardColumn, ColumnKind, ShareLevel, Task, TaskList
from logic.core.errors import Conflict, Invalid
from logic.core.language import _, later, many
from logic.core.service import query, service
from logic.core.work import Work
from logic.members.directory import Label
from logic.tasks import order
from logic.tasks.domain import ADD, VIEW
from logic.tasks.inputs import ColumnInput
from logic.tasks.placing import columns_of, end_key, lock_column
from logic.tasks.visibility import sight, visible_column, visible_list

MOST_COLUMNS = 50
NEEDED = (ColumnKind.OPEN, ColumnKind.DONE)


@dataclass(frozen=True, slots=True)
class RemovedColumn:
    """A column that was removed, with what `restore_column` needs."""

    id: UUID
    list_id: UUID
    looks: ColumnInput
    order_key: str
    to_id: UUID | None
    """Where its tasks went."""
    cards: tuple[tuple[UUID, str], ...]
    """Its tasks, each with the key of its place."""


@query(VIEW)
async def list_columns(work: Work, list_id: UUID) -> list[BoardColumn]:
    """Return the columns of a list in their order. Raises NotFound for a list that the actor does not see."""
    await visible_list(work, list_id, await sight(work))
    return await columns_of(work, list_id)


@query(VIEW)
async def list_destinations(work: Work) -> list[tuple[Label, Label]]:
    """Return every column of every list into which the actor may put tasks, by title and order, each with its list.

    His inbox is none of them. Three statements, however many lists there are.
    """
    seen = await sight(work)
    lists = [list_id for list_id in seen.levels if seen.may(list_id, ShareLevel.EDIT)]
    statement: Any = (
        sa.select(col(TaskList.id), col(TaskList.title), col(BoardColumn.id), col(BoardColumn.title))
        .select_from(BoardColumn)
        .join(TaskList, col(TaskList.id) == BoardColumn.list_id)
        .where(col(TaskList.id).in_(lists), col(TaskList.archived_at).is_(None), col(TaskList.inbox_of_id).is_(None))
        .order_by(sa.func.lower(col(TaskList.title)), col(TaskList.id), col(BoardColumn.order_key), col(BoardColumn.id))
    )
    return [(Label(*found[:2]), Label(*found[2:])) for found in await work.all(statement)]


@query(VIEW)
async def get_column(work: Work, column_id: UUID) -> BoardColumn:
    """Return one column. Raises NotFound for one of a list that the actor does not see."""
    return await visible_column(work, column_id, await sight(work))


@service(ADD)
async def add_column(work: Work, list_id: UUID, data: ColumnInput) -> BoardColumn:
    """Add a column: before the first one of what is done, or at the end when it is of that kind itself."""
    await visible_list(work, list_id, await sight(work), ShareLevel.MANAGE)
    columns = await columns_of(work, list_id)
    if len(columns) >= MOST_COLUMNS:
        raise Conflict(_('A board has at most {count} columns.', count=MOST_COLUMNS))
    done = [place for place, column in enumerate(columns) if column.kind is ColumnKind.DONE]
    place = done[0] if done and data.kind is not ColumnKind.DONE else len(columns)
    key = _key_at(columns, place)
    column = work.add(BoardColumn(list_id=list_id, order_key=key, **data.model_dump()))
    await work.flush()
    return column


def _key_at(columns: list[BoardColumn], place: int) -> str:
    """Return a key for a place among columns; equal keys beside it are set apart first."""
    low = columns[place - 1].order_key if place else None
    high = columns[place].order_key if place < len(columns) else None
    if (low is not None and high is not None and low >= high) or len(low or high or '') > order.LONGEST:
        for column, key in zip(columns, order.spread(len(columns)), strict=True):
            column.order_key = key
        return _key_at(columns, place)
    return order.between(low, high)


@service(ADD)
async def update_column(work: Work, column_id: UUID, data: ColumnInput, version: int | None = None) -> BoardColumn:
    """Change a column. Raises Conflict for another kind while tasks stand in it: what is done is no column's whim."""
    column = await visible_column(work, column_id, await sight(work), ShareLevel.MANAGE, version)
    if data.kind is not column.kind:
        if await _holds_tasks(work, column_id):
            text = later('Tasks stand in "{column}". Move them away before you change what the column means.')
            raise Conflict(_(text, column=column.title))
        await _refuse_last(work, column)
    column.title, column.kind, column.wip_limit = data.title, data.kind, data.wip_limit
    return column


@service(ADD)
async def move_column(work: Work, column_id: UUID, after_id: UUID | None = None) -> BoardColumn:
    """Put a column right after another one of its list, or first with None. Raises NotFound, Denied, Invalid."""
    seen = await sight(work)
    column = await visible_column(work, column_id, seen, ShareLevel.MANAGE)
    others = [other for other in await columns_of(work, column.list_id) if other.id != column.id]
    places = {other.id: place + 1 for place, other in enumerate(others)}
    if after_id is not None and after_id not in places:
        await visible_column(work, after_id, seen)
        raise Invalid('This column is in another list.', {'after_id': 'Choose a column of the same list.'})
    column.order_key = _key_at(others, places[after_id] if after_id is not None else 0)
    return column


@service(ADD)
async def remove_column(work: Work, column_id: UUID, to_id: UUID | None = None) -> RemovedColumn:
    """Remove a column; its tasks go to another one of the same kind. What it returns restores it.

    Raises Invalid when it holds tasks and no such column is named, Conflict for the last column of a kind that every
    board needs.
    """
    seen = await sight(work)
    column = await visible_column(work, column_id, seen, ShareLevel.MANAGE)
    target = await visible_column(work, to_id, seen, ShareLevel.MANAGE) if to_id is not None else None
    await _refuse_last(work, column)
    await lock_column(work, column.id)
    tasks: list[Task] = await work.all(_tasks_in(column_id).order_by(col(Task.order_key), col(Task.id)))
    removed = RemovedColumn(
        column.id, column.list_id, ColumnInput(title=column.title, kind=column.kind, wip_limit=column.wip_limit),
        column.order_key, target.id if target else None, tuple((task.id, task.order_key) for task in tasks),
    )  # fmt: skip
    if tasks:
        if target is None or target.id == column.id or (target.list_id, target.kind) != (column.list_id, column.kind):
            words = many(
                '"{column}" holds {count} task. Say to which column of the same kind it goes.',
                '"{column}" holds {count} tasks. Say to which column of the same kind they go.',
                len(tasks), column=column.title,
            )  # fmt: skip
            raise Invalid(words, {'to_id': 'Choose a column of the same list and kind.'})
        await lock_column(work, target.id)
        for task in tasks:
            task.column_id, task.order_key = target.id, await end_key(work, target.id)
            await work.flush()
    await work.delete(column)
    return removed


@service(ADD)
async def restore_column(work: Work, removed: RemovedColumn) -> BoardColumn:
    """Bring a column back to its place, with those of its tasks that stand where its removal put them.

    Raises NotFound, Denied, and Conflict when it is there already or the board is full of columns.
    """
    await visible_list(work, removed.list_id, await sight(work), ShareLevel.MANAGE)
    if await work.first(select(BoardColumn.id).where(BoardColumn.id == removed.id)):
        raise Conflict('This column is there already.')
    if len(await columns_of(work, removed.list_id)) >= MOST_COLUMNS:
        raise Conflict(_('A board has at most {count} columns.', count=MOST_COLUMNS))
    column = work.add(
        BoardColumn(
            id=removed.id, list_id=removed.list_id, order_key=removed.order_key, **removed.looks.model_dump()
        )
    )  # fmt: skip
    await work.flush()
    keys = dict(removed.cards)
    if removed.to_id is not None and keys:
        await lock_column(work, removed.to_id)
        for task in await work.all(_tasks_in(removed.to_id).where(col(Task.id).in_(keys))):
            task.column_id, task.order_key = column.id, keys[task.id]
    return column


def _tasks_in(column_id: UUID) -> Any:
    # Those in the bin too: they name the column.
    return select(Task).where(Task.column_id == column_id)


async def _holds_tasks(work: Work, column_id: UUID) -> bool:
    return await work.first(_tasks_in(column_id).with_only_columns(col(Task.id)).limit(1)) is not None


async def _refuse_last(work: Work, column: BoardColumn) -> None:
    if column.kind not in NEEDED:
        return
    same = (
        select(sa.func.count())
        .select_from(BoardColumn)
        .where(BoardColumn.list_id == column.list_id, BoardColumn.kind == column.kind)
    )
    if int(await work.first(same)) < 2:
        text = later('"{column}" is the last column for what is done, and every board needs one.')
        if column.kind is ColumnKind.OPEN:
            text = later('"{column}" is the last column for what is not begun, and every board needs one.')
        raise Conflict(_(text, column=column.title))

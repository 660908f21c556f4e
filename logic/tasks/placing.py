"""Where a task stands: its column and its place in it, the limit of a column, and rebalancing (rules 10 to 14)."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import col, select

from data.tasks import BoardColumn, ColumnKind, Task, TaskStatus, rewrite_order
from logic.core.errors import Conflict, NotFound
from logic.core.language import many
from logic.core.work import Work
from logic.tasks import order

LIMITED = (TaskStatus.PENDING, TaskStatus.IN_PROGRESS)
"""Tasks of these statuses count against the limit of a column."""


async def columns_of(work: Work, list_id: UUID) -> list[BoardColumn]:
    """Return the columns of a list in their order."""
    statement = select(BoardColumn).where(BoardColumn.list_id == list_id)
    return await work.all(statement.order_by(col(BoardColumn.order_key), col(BoardColumn.id)))


async def children_of(work: Work, task_id: UUID, *, deleted: bool = False) -> list[Task]:
    """Return the sub-tasks of a task in their order; with `deleted`, those in the bin too."""
    statement = select(Task).where(Task.parent_id == task_id)
    if not deleted:
        statement = statement.where(col(Task.deleted_at).is_(None))
    return await work.all(statement.order_by(col(Task.order_key), col(Task.id)))


def tell_whole(work: Work, task: Task) -> None:
    """Have the screens of what a part belongs to told, when the part comes, goes or has another status."""
    if task.parent_id is not None:
        work.changed('Task', task.parent_id)


async def lock_column(work: Work, column_id: UUID) -> BoardColumn:
    """Return a column after all others that move tasks in it are through: they wait from here until the commit."""
    statement = select(BoardColumn).where(BoardColumn.id == column_id).with_for_update()
    column: BoardColumn | None = await work.first(statement.execution_options(populate_existing=True))
    if column is None:
        raise Conflict('This column was removed meanwhile. Look at the board again.')
    return column


async def enter(work: Work, column: BoardColumn, coming: int = 1) -> None:
    """Lock a column and refuse tasks that would be more than it may hold (rule 13). Raises Conflict."""
    column = await lock_column(work, column.id)
    if column.wip_limit is None:
        return
    await work.flush()
    standing = select(sa.func.count()).select_from(Task).where(
        Task.column_id == column.id, col(Task.deleted_at).is_(None), col(Task.parent_id).is_(None),
        col(Task.status).in_(LIMITED),
    )  # fmt: skip
    count = int(await work.first(standing))
    if count + coming > column.wip_limit:
        refused = many(
            '"{column}" takes at most one task, and {standing} are in it. Finish or move one first.',
            '"{column}" takes at most {count} tasks, and {standing} are in it. Finish or move one first.',
            column.wip_limit, column=column.title, standing=count,
        )  # fmt: skip
        raise Conflict(refused)


def _in(column_id: UUID) -> Any:
    return col(Task.column_id) == column_id


async def end_key(work: Work, column_id: UUID) -> str:
    """Return a key for the end of a column that is locked."""
    return order.between(await work.first(select(sa.func.max(Task.order_key)).where(_in(column_id))), None)


async def entry_key(work: Work, column: BoardColumn) -> str:
    """Return a key for a task that comes into a column without being dragged: last, but first among what is done."""
    if column.kind is not ColumnKind.DONE:
        return await end_key(work, column.id)
    return order.between(None, await work.first(select(sa.func.min(Task.order_key)).where(_in(column.id))))


async def key_beside(
    work: Work, column_id: UUID, task: Task, before_id: UUID | None, after_id: UUID | None, *, visible: Any
) -> str:
    """Return a key for a task right below one neighbour, or right above the other, in a column that is locked.

    The neighbours are those that the person saw; cards that a filter hides may lie between them, and stay where they
    are. Raises Conflict when neither stands in this column any more, NotFound when the actor sees neither.
    """
    named = [row_id for row_id in (before_id, after_id) if row_id is not None and row_id != task.id]
    if not named:
        return await end_key(work, column_id)
    standing = select(Task.id).where(_in(column_id), col(Task.id).in_(named), col(Task.deleted_at).is_(None))
    found = set(await work.all(standing))
    for row_id, below in ((before_id, True), (after_id, False)):
        if row_id is not None and row_id in found:
            return await _key_next_to(work, column_id, task, row_id, below=below)
    if await work.first(select(Task.id).where(col(Task.id).in_(named), visible).limit(1)) is None:
        raise NotFound('There is no such task.')
    raise Conflict('What you put it beside was moved meanwhile. Look at the board again, then repeat.')


async def _key_next_to(work: Work, column_id: UUID, task: Task, neighbour_id: UUID, *, below: bool) -> str:
    for _ in range(2):
        key = await work.first(select(Task.order_key).where(Task.id == neighbour_id))
        beyond = await work.first(_next(column_id, task.id, (key, neighbour_id), below=below))
        low, high = (key, beyond) if below else (beyond, key)
        if low is None or high is None or low < high:
            made = order.between(low, high)
            if len(made) <= order.LONGEST:
                return made
        await rebalance(work, column_id)
    raise AssertionError('A column that was just spread has room.')


def _next(column_id: UUID, but_id: UUID, at: tuple[str, UUID], *, below: bool) -> Any:
    """Return the select of the key of whatever stands next to a place, by (key, id), other than one task."""
    key, row_id = col(Task.order_key), col(Task.id)
    if below:
        further = sa.or_(key > at[0], sa.and_(key == at[0], row_id > at[1]))
    else:
        further = sa.or_(key < at[0], sa.and_(key == at[0], row_id < at[1]))
    towards = (key.asc(), row_id.asc()) if below else (key.desc(), row_id.desc())
    return select(Task.order_key).where(_in(column_id), row_id != but_id, further).order_by(*towards).limit(1)


async def rebalance(work: Work, column_id: UUID) -> int:
    """Give all tasks of a column short keys in the order in which they stand (rule 11). Returns how many there are.

    Screens are told that many tasks changed: what they would place by one new key among old ones lies wrong.
    """
    await lock_column(work, column_id)
    await work.flush()
    in_order = select(Task.id).where(_in(column_id)).order_by(col(Task.order_key), col(Task.id))
    ids = await work.all(in_order)
    keys = dict(zip(ids, order.spread(len(ids)), strict=True))
    await rewrite_order(work.session, keys)
    work.changed('Task', None)
    for row in work.session.identity_map.values():
        if isinstance(row, Task) and row.id in keys:
            set_committed_value(row, 'order_key', keys[row.id])
    return len(ids)


async def column_of_kind(work: Work, list_id: UUID, kind: ColumnKind) -> BoardColumn:
    """Return the first column of a kind in a list; for what is begun that of what is not, when there is no other."""
    columns = await columns_of(work, list_id)
    for wanted in (kind, ColumnKind.OPEN):
        for column in columns:
            if column.kind is wanted:
                return column
    raise Conflict('This list has no column for such a task. Add one first.')

"""A list as a board: its columns with their cards in order, as narrowed as it is asked for."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from data.members import Member, Tag
from data.tasks import BoardColumn, ColumnKind, ShareLevel, Task, TaskAssignee, TaskList, TaskStatus, TaskTag
from logic.core.listing import ListQuery
from logic.core.neighbours import Neighbours, neighbours, ranked
from logic.core.service import query
from logic.core.work import Work
from logic.members.directory import Label, called
from logic.members.names import fold
from logic.tasks.domain import VIEW
from logic.tasks.placing import columns_of
from logic.tasks.reading import conditions
from logic.tasks.rows import NAMES, TaskRow, made_row, row_select, rows_of, with_parts
from logic.tasks.visibility import sight, visible_list, visible_task

DONE_SHOWN = timedelta(days=30)
"""For how long a board shows what is done."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A column of a board with its cards."""

    id: UUID
    title: str
    kind: ColumnKind
    wip_limit: int | None
    version: int
    total: int
    """How many tasks stand in it, also those that a filter or their age hides."""
    cards: list[TaskRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Board:
    """A list as a board."""

    list_id: UUID
    title: str
    level: ShareLevel
    is_archived: bool
    lanes: list[Lane]
    people: list[Label]
    """To whom its tasks are given, by name; also of those that a filter hides, and so are the labels."""
    labels: list[Label]


def _standing(list_id: UUID) -> list[Any]:
    whole, going = col(Task.parent_id).is_(None), col(Task.status) != TaskStatus.CANCELLED
    return [col(Task.list_id) == list_id, col(Task.deleted_at).is_(None), whole, going]


def _lane_of(column_id: UUID, known: list[UUID]) -> UUID:
    """Return where a card is shown: one whose column is on another board stands in the first, so that it is found."""
    return column_id if column_id in known else known[0]


def _recent(work: Work) -> Any:
    return sa.or_(col(Task.completed_at).is_(None), col(Task.completed_at) >= work.now - DONE_SHOWN)


def _on_board(work: Work, list_id: UUID) -> Any:
    """Return the select of what stands on a board: (kind, id, three texts, count) of columns, people and labels."""
    standing = [*_standing(list_id), col(Task.organization_id) == work.organization_id]
    none, count = sa.literal(''), sa.func.count()
    columns: Any = sa.select(
        sa.literal('column').label('kind'), col(Task.column_id).label('row_id'), none.label('one'),
        none.label('two'), none.label('three'), count.label('count'),
    ).where(*standing).group_by(col(Task.column_id))  # fmt: skip
    people: Any = sa.select(sa.literal('person'), col(Member.id), *NAMES, count).select_from(Task)
    people = people.join(TaskAssignee, col(TaskAssignee.task_id) == Task.id)
    people = people.join(Member, col(Member.id) == TaskAssignee.member_id)
    labels: Any = sa.select(sa.literal('label'), col(Tag.id), col(Tag.name), none, none, count).select_from(Task)
    labels = labels.join(TaskTag, col(TaskTag.task_id) == Task.id).join(Tag, col(Tag.id) == TaskTag.tag_id)
    found = sa.union_all(
        columns,
        people.where(*standing).group_by(col(Member.id), *NAMES),
        labels.where(*standing).group_by(col(Tag.id), col(Tag.name)),
    ).subquery()
    return sa.select(found)


@query(VIEW)
async def board(work: Work, list_id: UUID, asked: ListQuery | None = None) -> Board:
    """Return a list as a board: its columns with their cards in order; seven statements whatever its size.

    Sub-tasks and what is cancelled are not on it, nor what was done more than 30 days ago. `asked` narrows it as
    `list_tasks` does. Raises NotFound.
    """
    seen = await sight(work)
    row = await visible_list(work, list_id, seen)
    columns: list[BoardColumn] = await columns_of(work, list_id)
    known = [column.id for column in columns]
    totals = dict.fromkeys(known, 0)
    named: dict[str, list[Label]] = {'person': [], 'label': []}
    for kind, row_id, one, two, three, count in await work.all(_on_board(work, list_id)):
        if kind == 'column':
            totals[_lane_of(row_id, known)] += count
        else:
            named[kind].append(Label(row_id, called(two, one, three) if kind == 'person' else one))
    shown = [*_standing(list_id), _recent(work)]
    if asked is not None:
        narrowed = asked.model_copy(update={'filters': {**asked.filters, 'list': [str(list_id)]}})
        shown += conditions(work, seen, narrowed)
    cards = row_select(seen).where(*shown).order_by(col(Task.order_key), col(Task.id))
    rows = [made_row(found, seen, work.now) for found in await work.all(cards)]
    which = select(Task.id).join(TaskList, col(TaskList.id) == Task.list_id).where(*shown)
    await with_parts(work, rows, which if len(rows) > 400 else None)
    lanes = {
        column.id: Lane(column.id, column.title, column.kind, column.wip_limit, column.version, totals[column.id])
        for column in columns
    }
    for card in rows:
        lanes[_lane_of(card.column.id, known)].cards.append(card)
    level = ShareLevel.MANAGE if seen.sees_all else seen.levels[list_id]
    people, labels = (sorted(named[kind], key=lambda one: fold(one.name)) for kind in ('person', 'label'))
    return Board(row.id, row.title, level, row.archived_at is not None, list(lanes.values()), people, labels)


@query(VIEW)
async def list_cards(work: Work, list_id: UUID, task_ids: Collection[UUID]) -> list[TaskRow]:
    """Return those of some tasks that a board of the list shows, as cards: for when only they changed.

    Raises NotFound for a list that the actor does not see.
    """
    seen = await sight(work)
    await visible_list(work, list_id, seen)
    shown = [*_standing(list_id), _recent(work), col(Task.id).in_(task_ids)]
    return await rows_of(work, seen, row_select(seen).where(*shown))


@query(VIEW)
async def beside_task(work: Work, task_id: UUID) -> Neighbours | None:
    """Return which cards stand above and below a task in its column, also those that a filter or their age hides.

    None for what is no card: a sub-task, or what is cancelled. Raises NotFound, also when the actor sees the task and
    not its list.
    """
    seen = await sight(work)
    task = await visible_task(work, task_id, seen)
    await visible_list(work, task.list_id, seen)
    order = (col(Task.order_key), col(Task.id))
    column = [col(Task.column_id) == task.column_id, col(Task.organization_id) == work.organization_id]
    found = sa.select(*ranked(col(Task.id), order)).where(*_standing(task.list_id), *column)
    return await neighbours(work, found, task_id)

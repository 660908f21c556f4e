"""A refused task of many stays as it was, in all that is stored of it and all that is told of it (rule 18)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlmodel import SQLModel, col, select

from data.audit import AuditEntry
from data.database import EVERYWHERE, database
from data.tasks import BoardColumn, ColumnKind, Task, TaskList, TaskReminder, TaskStatus
from data.work import JobRow
from logic import tasks
from logic.core.actor import Actor
from logic.core.listing import ListQuery
from logic.core.live import Change, hub
from logic.tasks import (
    ColumnInput,
    ListInput,
    ReminderInput,
    RepeatInput,
    TaskBulkAction,
    TaskBulkInput,
    TaskChange,
    TaskInput,
)
from logic.tasks.bulk import TaskBatchResult


async def rows(model: type[SQLModel], *where: Any) -> list[Any]:
    async with database().read(EVERYWHERE) as session:
        return list((await session.exec(select(model).where(*where))).all())


class Witness:
    """Sees all that is stored and told of some tasks from its making on."""

    def __init__(self, *watched: Task) -> None:
        self.ids = [task.id for task in watched]
        self.heard: list[Change] = []
        self.end = hub.subscribe_everywhere(['Task'], self.heard.append)

    async def begin(self) -> 'Witness':
        """Look at everything as it is now."""
        self.rows, self.told = await self._rows(), len(await self._told())
        return self

    async def _rows(self) -> list[dict[str, Any]]:
        found = await rows(Task, col(Task.id).in_(self.ids))
        found += await rows(TaskReminder, col(TaskReminder.task_id).in_(self.ids))
        return [row.model_dump() for row in sorted(found, key=lambda row: str(row.id))]

    async def _told(self) -> list[str]:
        names = {str(row_id) for row_id in self.ids}
        names |= {row['id'].hex for row in await self._rows()} | {str(row['id']) for row in await self._rows()}
        jobs = [row.name for row in await rows(JobRow) if any(name in row.arguments for name in names)]
        return [*jobs, *(row.action for row in await rows(AuditEntry) if row.object_id in names)]

    async def saw_nothing(self) -> None:
        """Hold that these tasks are as they were, and that nobody was told anything of them."""
        self.end()
        assert await self._rows() == self.rows
        assert (await self._told())[self.told :] == []
        assert [change for change in self.heard if change.row_id in self.ids] == []


@pytest.fixture
async def full(chief: Actor) -> TaskList:
    """A list whose first column takes one task, and has it."""
    row = await tasks.add_list(chief, ListInput(title='Full'))
    await tasks.add_task(chief, TaskInput(title='There', list_id=row.id))
    column = (await tasks.list_columns(chief, row.id))[0]
    await tasks.update_column(chief, column.id, ColumnInput(title='Pending', kind=ColumnKind.OPEN, wip_limit=1))
    return row


async def change(by: Actor, action: TaskBulkAction, *chosen: Task, **value: Any) -> TaskBatchResult:
    return await tasks.change_many_tasks(by, [task.id for task in chosen], TaskBulkInput(action=action, **value))


async def test_rule_18_what_finds_no_room_in_another_list_stays_where_it_was_with_its_parts(chief, add, station, full):
    task, done = await add('1'), await add('2', status=TaskStatus.COMPLETED)
    part = await tasks.add_task(chief, TaskInput(title='part', parent_id=task.id))
    witness = await Witness(task, part).begin()
    result = await change(chief, TaskBulkAction.LIST, task, done, list_id=full.id)
    assert (result.changed, [row.title for row in result.refused]) == (1, ['1'])
    await witness.saw_nothing()
    for list_id, titles in ((station.id, ['1']), (full.id, ['There', '2'])):
        board = await tasks.board(chief, list_id)
        assert [card.title for lane in board.lanes for card in lane.cards] == titles
    assert (await tasks.undo_task_batch(chief, result.batch_id)).changed == 1


async def test_rule_18_what_would_begin_after_it_is_due_keeps_its_date(chief, add):
    late = await add('1', start=datetime(2036, 5, 9, 9, tzinfo=UTC), due=datetime(2036, 5, 9, 14, tzinfo=UTC))
    await tasks.add_reminder(chief, late.id, ReminderInput(offset_minutes=60))
    free = await add('2')
    witness = await Witness(late).begin()
    result = await change(chief, TaskBulkAction.DUE, late, free, due=datetime(2036, 5, 1, 8, tzinfo=UTC))
    assert (result.changed, [row.title for row in result.refused]) == (1, ['1'])
    await witness.saw_nothing()
    assert (await tasks.get_task(chief, free.id)).row.due_on == date(2036, 5, 1)


async def test_rule_18_what_cannot_be_taken_back_stays_as_it_is(chief, add, station, full):
    task, other = await add('1'), await add('2')
    part = await tasks.add_task(chief, TaskInput(title='part', parent_id=task.id))
    there = await tasks.add_list(chief, ListInput(title='Away'))
    moved = await change(chief, TaskBulkAction.LIST, task, other, list_id=there.id)
    assert moved.changed == 2
    column = (await tasks.list_columns(chief, station.id))[0]
    await add('In between')
    limited = ColumnInput(title='Pending', kind=ColumnKind.OPEN, wip_limit=2)
    await tasks.update_column(chief, column.id, limited)
    witness = await Witness(other).begin()
    undone = await tasks.undo_task_batch(chief, moved.batch_id)
    assert (undone.changed, [row.title for row in undone.refused]) == (1, ['2'])
    await witness.saw_nothing()
    assert (await tasks.get_task(chief, part.id)).row.in_list.name == 'Station'
    for list_id in (station.id, there.id):
        assert await tasks.board(chief, list_id)


async def test_rule_18_dates_that_contradict_each_other_by_now_are_not_put_back_by_half(chief, add):
    task = await add('1', due=date(2036, 5, 1))
    moved = await change(chief, TaskBulkAction.DUE, task, due=date(2036, 5, 9))
    await tasks.update_task(chief, task.id, TaskChange(start=date(2036, 5, 5)))
    witness = await Witness(task).begin()
    undone = await tasks.undo_task_batch(chief, moved.batch_id)
    assert (undone.changed, [row.title for row in undone.refused]) == (0, ['1'])
    await witness.saw_nothing()


async def test_rule_18_a_successor_whose_day_is_taken_by_now_is_refused_and_the_rest_is_put_back(chief, add):
    task, other = await add(due=date(2036, 5, 1), repeat=RepeatInput(rule='FREQ=WEEKLY')), await add('Other')
    await tasks.complete_task(chief, task.id)
    (following,) = await rows(Task, Task.follows_id == task.id)
    gone = await change(chief, TaskBulkAction.DELETE, following, other)
    await tasks.reopen_task(chief, task.id)
    await tasks.complete_task(chief, task.id)
    undone = await tasks.undo_task_batch(chief, gone.batch_id)
    assert [(row.label, row.reason) for row in undone.refused] == [
        ('T-3', 'Another task stands for this day of the series by now.')
    ]
    assert undone.changed == 1
    assert 'Other' in {row.title for row in (await tasks.list_tasks(chief, ListQuery())).rows}
    (stands,) = await rows(Task, Task.follows_id == task.id, col(Task.deleted_at).is_(None))
    assert (stands.id != following.id, stands.due_on) == (True, following.due_on)


@pytest.mark.parametrize('backwards', [False, True])
async def test_rule_18_a_task_and_its_part_that_were_deleted_together_come_back_together(chief, add, backwards):
    task = await add('Whole')
    parts = [await tasks.add_task(chief, TaskInput(title=title, parent_id=task.id)) for title in ('Part', 'Gone')]
    await tasks.delete_task(chief, parts[1].id)
    chosen = [task, parts[0]]
    gone = await change(chief, TaskBulkAction.DELETE, *(chosen[::-1] if backwards else chosen))
    undone = await tasks.undo_task_batch(chief, gone.batch_id)
    assert undone.refused == []
    assert {row.title for row in (await tasks.list_tasks(chief, ListQuery())).rows} == {'Whole', 'Part'}


async def test_a_card_in_a_column_of_another_board_is_shown_and_can_be_fetched(chief, add, station, full):
    task = await add('1')
    foreign = (await tasks.list_columns(chief, full.id))[2]
    async with database().write(chief.organization_id) as session:
        row = await session.get(Task, task.id)
        row.column_id = foreign.id
        await session.commit()
    board = await tasks.board(chief, station.id)
    assert [[card.title for card in lane.cards] for lane in board.lanes] == [['1'], [], []]
    assert [lane.total for lane in board.lanes] == [1, 0, 0]
    await tasks.update_task(chief, task.id, TaskChange(status=TaskStatus.COMPLETED))
    assert [column.list_id for column in await rows(BoardColumn, BoardColumn.id == (await stored(task)).column_id)] == [
        station.id
    ]


async def stored(task: Task) -> Task:
    return (await rows(Task, Task.id == task.id))[0]

"""What becomes of the open parts of a finished task, and what its watchers are told: rules 2, 8 and 18."""

import pytest
from sqlmodel import select

from data.database import database
from data.tasks import Task, TaskStatus
from logic import notifications, tasks, watchers
from logic.activity import list_activity
from logic.core.jobs.runner import Runner
from logic.tasks import MoveInput, RepeatInput, TaskBulkAction, TaskBulkInput, TaskChange, TaskInput
from tests.logic.conftest import TODAY

MONTHLY = RepeatInput(rule='FREQ=MONTHLY')
WAYS = ['tick', 'drag', 'edit', 'many']


async def in_any_way(actor, task_id, columns, way, *, done=True):
    status, at = (TaskStatus.COMPLETED, 2) if done else (TaskStatus.PENDING, 0)
    match way:
        case 'tick':
            await (tasks.complete_task if done else tasks.reopen_task)(actor, task_id)
        case 'drag':
            there = MoveInput(column=columns[at].id, from_column=columns[2 - at].id)
            await tasks.move_task(actor, task_id, there)
        case 'edit':
            await tasks.update_task(actor, task_id, TaskChange(status=status))
        case 'many':
            data = TaskBulkInput(action=TaskBulkAction.STATUS, status=status)
            assert (await tasks.change_many_tasks(actor, [task_id], data)).changed == 1


async def divided(chief, add, *titles, **more):
    task = await add(**more)
    return task, [await tasks.add_task(chief, TaskInput(title=title, parent_id=task.id)) for title in titles]


async def standing(chief, parts):
    return [(await tasks.get_task(chief, part.id)).row.status.value for part in parts]


@pytest.mark.parametrize('way', WAYS)
async def test_rule_2_who_watches_is_told_that_it_was_completed_and_taken_up_again_in_any_way(
    chief, member, add, columns, way
):
    task = await add()
    await watchers.set_watching(member, 'Task', task.id, True)
    told = []
    for done in (True, False):
        await in_any_way(chief, task.id, columns, way, done=done)
        await Runner().run_until_idle()
        (notice, *_) = (await notifications.list_notices(member)).rows
        told.append(notice.title.partition(': ')[2])
    assert told == ['Elena Rossi completed the task', 'Elena Rossi reopened the task']
    again, done, _added = await list_activity(chief, 'Task', task.id)
    assert (done.what, again.what) == ('completed the task', 'reopened the task')


async def test_a_card_that_is_moved_and_not_finished_was_moved(chief, add, columns):
    task = await add()
    await tasks.move_task(chief, task.id, MoveInput(column=columns[1].id, from_column=columns[0].id))
    moved, _added = await list_activity(chief, 'Task', task.id)
    assert moved.what == 'moved the task'


@pytest.mark.parametrize('way', WAYS)
async def test_a_finished_task_names_the_parts_that_it_leaves_open(chief, add, columns, way):
    task, parts = await divided(chief, add, 'Unroll', 'Roll', 'Dry')
    await tasks.complete_task(chief, parts[0].id)
    assert await tasks.open_parts(chief, [task.id]) == []
    await in_any_way(chief, task.id, columns, way)
    assert await tasks.open_parts(chief, [task.id]) == [parts[1].id, parts[2].id]
    assert await standing(chief, parts) == ['completed', 'pending', 'pending']


async def test_nobody_is_named_the_parts_of_a_task_that_he_does_not_see(chief, member, stranger, add):
    inbox = await tasks.my_inbox(chief)
    task = await tasks.add_task(chief, TaskInput(title='Mine', list_id=inbox.id))
    part = await tasks.add_task(chief, TaskInput(title='Part', parent_id=task.id, assignee_ids=[member.member_id]))
    await tasks.add_task(chief, TaskInput(title='Other', parent_id=task.id))
    await tasks.cancel_task(chief, task.id)
    assert len(await tasks.open_parts(chief, [task.id])) == 2
    assert await tasks.open_parts(member, [task.id]) == [part.id]
    assert await tasks.open_parts(stranger, [task.id]) == []


@pytest.mark.parametrize('way', WAYS)
async def test_rule_8_the_open_parts_of_what_comes_again_do_not_pile_up_and_return_with_it(chief, add, columns, way):
    task, parts = await divided(chief, add, 'Unroll', 'Roll', 'Dry', due=TODAY, repeat=MONTHLY)
    await tasks.complete_task(chief, parts[0].id)
    begun = (await tasks.get_task(chief, parts[1].id)).row.column.id
    await tasks.move_task(chief, parts[1].id, MoveInput(column=columns[1].id, from_column=begun))
    before = await standing(chief, parts)
    assert before == ['completed', 'in_progress', 'pending']
    await in_any_way(chief, task.id, columns, way)
    assert await standing(chief, parts) == ['completed', 'cancelled', 'cancelled']
    assert await tasks.open_parts(chief, [task.id]) == []
    (following,) = await tasks.next_tasks(chief, [task.id])
    assert following.cancelled_parts == 2
    assert [part.status for part in (await tasks.get_task(chief, following.id)).parts] == [TaskStatus.PENDING] * 3
    assert (await list_activity(chief, 'Task', parts[2].id))[0].what == 'cancelled the task'
    await in_any_way(chief, task.id, columns, way, done=False)
    assert await standing(chief, parts) == before
    assert await tasks.next_tasks(chief, [task.id]) == []
    async with database().read(chief.organization_id) as session:
        assert len((await session.exec(select(Task))).all()) == 4


async def test_rule_8_a_part_that_was_cancelled_before_or_changed_since_stays_cancelled(chief, add):
    task, parts = await divided(chief, add, 'Before', 'Changed', 'Left', due=TODAY, repeat=MONTHLY)
    await tasks.cancel_task(chief, parts[0].id)
    await tasks.complete_task(chief, task.id)
    await tasks.update_task(chief, parts[1].id, TaskChange(title='Not this month'))
    await tasks.reopen_task(chief, task.id)
    assert await standing(chief, parts) == ['cancelled', 'cancelled', 'pending']


async def test_what_is_over_with_its_last_occurrence_leaves_its_parts_to_whoever_finished_it(chief, add):
    task, _parts = await divided(chief, add, 'Unroll', due=TODAY, repeat=RepeatInput(rule='FREQ=MONTHLY;COUNT=2'))
    await tasks.complete_task(chief, task.id)
    (last,) = await tasks.next_tasks(chief, [task.id])
    await tasks.complete_task(chief, last.id)
    assert await tasks.next_tasks(chief, [last.id]) == []
    assert len(await tasks.open_parts(chief, [last.id])) == 1


async def test_rule_18_a_task_and_its_parts_that_are_completed_at_once_return_as_they_were(chief, add):
    task, parts = await divided(chief, add, 'Unroll', 'Roll', due=TODAY, repeat=MONTHLY)
    every = [task, *parts]
    data = TaskBulkInput(action=TaskBulkAction.STATUS, status=TaskStatus.COMPLETED)
    result = await tasks.change_many_tasks(chief, [one.id for one in every], data)
    assert await standing(chief, every) == ['completed'] * 3
    undone = await tasks.undo_task_batch(chief, result.batch_id)
    assert (undone.changed, undone.refused) == (3, [])
    assert await standing(chief, every) == ['pending'] * 3


async def test_whoever_does_a_task_finishes_its_parts_and_takes_both_back(chief, member, add):
    task, parts = await divided(chief, add, 'Unroll', 'Roll')
    await tasks.set_assignees(chief, task.id, [member.member_id])
    await tasks.complete_task(member, task.id)
    data = TaskBulkInput(action=TaskBulkAction.STATUS, status=TaskStatus.COMPLETED)
    result = await tasks.change_many_tasks(member, await tasks.open_parts(member, [task.id]), data)
    assert (result.changed, result.refused) == (2, [])
    assert await standing(chief, parts) == ['completed'] * 2
    await tasks.undo_task_batch(member, result.batch_id)
    assert await standing(chief, parts) == ['pending'] * 2

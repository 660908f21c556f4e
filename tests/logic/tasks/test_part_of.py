"""A part says what it is part of, to those who see that too, and its whole how many parts are done."""

from logic import tasks
from logic.core.listing import ListQuery
from logic.tasks import TaskInput


async def shown(actor):
    return {row.title: row for row in (await tasks.list_tasks(actor, ListQuery())).rows}


async def test_a_part_says_what_it_is_part_of_in_lists_and_in_my_work(chief, add):
    task = await add('Check hose')
    part = TaskInput(title='Unroll', parent_id=task.id, assignee_ids=[chief.member_id])
    done = await tasks.add_task(chief, part)
    await tasks.add_task(chief, TaskInput(title='Roll', parent_id=task.id))
    (mine,) = [row for row in (await tasks.my_work(chief)).undated if row.title == 'Unroll']
    await tasks.complete_task(chief, done.id)
    rows = await shown(chief)
    assert [one.parent.name for one in (mine, rows['Unroll'], rows['Roll'])] == ['Check hose'] * 3
    assert rows['Check hose'].parent is None
    assert (rows['Check hose'].parts_done, rows['Check hose'].parts_total) == (1, 2)


async def test_nobody_reads_by_a_part_the_title_of_a_task_that_he_does_not_see(chief, member, other):
    inbox = await tasks.my_inbox(chief)
    whole = await tasks.add_task(chief, TaskInput(title='Secret', list_id=inbox.id, assignee_ids=[other.member_id]))
    part = TaskInput(title='Part', parent_id=whole.id, assignee_ids=[member.member_id])
    await tasks.add_task(chief, part)
    assert (await shown(member))['Part'].parent is None
    assert (await tasks.my_work(member)).undated[0].parent is None
    assert (await shown(other))['Part'].parent.name == 'Secret'

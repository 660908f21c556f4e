"""What hangs on a record goes along when two records of one person become one, and comes back when that is undone."""

from logic import comments, links, tasks
from logic.comments import CommentInput
from logic.core.actor import Actor
from logic.core.listing import ListQuery
from logic.members import undo_batch
from logic.members.merge import merge_members
from logic.tasks import TaskInput
from tests.logic.members.conftest import Add


async def said(actor: Actor, member_id: object) -> list[str]:
    page = await comments.list_comments(actor, 'Member', member_id, ListQuery())  # type: ignore[arg-type]
    return [row.body for row in page.rows]


async def test_comments_and_links_of_the_dropped_record_hang_on_the_kept_one(chief: Actor, add: Add) -> None:
    kept, dropped, friend = await add('Ann', 'Berg'), await add('Anne', 'Berg'), await add('Bo', 'Chan')
    await comments.add_comment(chief, 'Member', dropped.id, CommentInput(body='<p>Ask for her card</p>'))
    for one in (kept, dropped):
        await links.add_link(chief, 'Member', one.id, 'Member', friend.id)
    await links.add_link(chief, 'Member', kept.id, 'Member', dropped.id)
    result = await merge_members(chief, kept.id, dropped.id)
    assert await said(chief, kept.id) == ['<p>Ask for her card</p>']
    assert [one.record_id for one in await links.list_links(chief, 'Member', kept.id)] == [friend.id]
    assert [one.record_id for one in await links.list_links(chief, 'Member', friend.id)] == [kept.id]
    assert result.batch_id is not None
    await undo_batch(chief, result.batch_id)
    assert await said(chief, kept.id) == []
    assert await said(chief, dropped.id) == ['<p>Ask for her card</p>']
    assert {one.record_id for one in await links.list_links(chief, 'Member', kept.id)} == {friend.id, dropped.id}


async def test_a_task_of_both_records_is_a_task_of_the_one(chief: Actor, add: Add) -> None:
    kept, dropped = await add('Ann', 'Berg'), await add('Anne', 'Berg')
    both = await tasks.add_task(chief, TaskInput(title='Wash', assignee_ids=[kept.id, dropped.id]))
    hers = await tasks.add_task(chief, TaskInput(title='Rinse', assignee_ids=[dropped.id]))
    await merge_members(chief, kept.id, dropped.id)
    for task in (both, hers):
        assert [one.id for one in (await tasks.get_task(chief, task.id)).row.assignees] == [kept.id]

"""A task that is found says where it belongs: its list and its whole, to those who see these."""

import pytest

from logic import tasks
from logic.comments import CommentInput, add_comment
from logic.core.errors import NotFound
from logic.search import find
from logic.tasks import ListInput, TaskInput
from tests.logic.members.conftest import statements


async def test_a_found_task_says_its_list_and_what_it_is_part_of_to_those_who_see_these(chief, member, other, add):
    whole = await add('Service the engine')
    part = await add('Check the pump', assignee_ids=[member.member_id], parent_id=whole.id)
    hidden = await tasks.add_list(chief, ListInput(title='Internal review'))
    review = await tasks.add_task(chief, TaskInput(title='Relieve Mr. Boyd', list_id=hidden.id))
    inside = TaskInput(title='Check the pump', parent_id=review.id, assignee_ids=[member.member_id])
    await tasks.add_task(chief, inside)

    async def places(actor):
        return sorted(one.place for one in await find(actor, 'pump'))

    assert await places(chief) == ['Internal review · part of Relieve Mr. Boyd', 'Station · part of Service the engine']
    assert await places(member) == ['', 'Station · part of Service the engine']
    assert await places(other) == ['Station · part of Service the engine']
    await add_comment(chief, 'Task', part.id, CommentInput(body='<p>It rattles</p>'))
    assert [(one.detail, one.place) for one in await find(other, 'rattles')] == [
        ('Elena Rossi: It rattles', 'Station · part of Service the engine')
    ]
    await tasks.delete_task(chief, whole.id)
    with pytest.raises(NotFound):
        await tasks.get_task(chief, part.id)
    assert await places(chief) == ['Internal review · part of Relieve Mr. Boyd']


async def test_a_search_costs_the_same_with_many_tasks_as_with_one(database, chief, add):
    async def cost():
        with statements(database) as sent:
            found = await find(chief, 'pump')
        return len(found), len(sent)

    await add('Check the pump')
    one = await cost()
    for number in range(12):
        lists = await tasks.add_list(chief, ListInput(title=f'Station {number}'))
        await tasks.add_task(chief, TaskInput(title='Check the pump', list_id=lists.id))
    assert await cost() == (13, one[1])

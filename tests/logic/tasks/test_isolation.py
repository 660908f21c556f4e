"""Who sees which task: rule 1, and what a list shares at which level."""

from uuid import uuid4

import pytest

from data.tasks import ListVisibility, ShareLevel
from logic import tasks
from logic.core import records
from logic.core.errors import Conflict, Denied, Invalid, NotFound
from logic.core.listing import ListQuery
from logic.departments import DepartmentInput, add_department
from logic.members import JobInput, change_job
from logic.tasks import ListInput, MoveInput, ShareInput, TaskChange, TaskInput
from tests.conftest import person_with_account


async def titles(actor):
    return [row.title for row in (await tasks.list_tasks(actor, ListQuery())).rows]


async def test_rule_1_a_task_of_a_private_inbox_does_not_exist_for_others(chief, member, other):
    task = await tasks.add_task(member, TaskInput(title='Buy a present'))
    assert await titles(member) == ['Buy a present']
    for somebody in (other, chief):
        assert await titles(somebody) == []
        for call in (
            tasks.get_task(somebody, task.id),
            tasks.update_task(somebody, task.id, TaskChange(title='x')),
            tasks.complete_task(somebody, task.id),
            tasks.delete_task(somebody, task.id),
            tasks.move_task(somebody, task.id, MoveInput()),
            tasks.set_assignees(somebody, task.id, [somebody.member_id]),
            tasks.board(somebody, task.list_id),
            tasks.get_list(somebody, task.list_id),
        ):
            with pytest.raises(NotFound):
                await call


async def test_rule_1_counters_count_only_what_is_seen(chief, member, add, station):
    await add()
    private = await tasks.add_list(chief, ListInput(title='Mine'))
    await tasks.add_task(chief, TaskInput(title='Secret', list_id=private.id))
    assert {row.title: row.open_count for row in await tasks.list_lists(member)} == {'Station': 1}
    assert (await tasks.list_tasks(member, ListQuery(q='secret'))).total == 0
    assert (await tasks.list_tasks(member, ListQuery(filters={'list': [str(private.id)]}))).total == 0


async def test_rule_1_who_is_given_a_part_only_does_not_learn_of_what(chief, member):
    private = await tasks.add_list(chief, ListInput(title='Chief'))
    whole = await tasks.add_task(chief, TaskInput(title='Dismiss the deputy', list_id=private.id))
    part = await tasks.add_task(
        chief, TaskInput(title='Book a room', parent_id=whole.id, assignee_ids=[member.member_id])
    )
    assert (await tasks.get_task(chief, part.id)).parent.name == 'Dismiss the deputy'
    assert (await tasks.get_task(member, part.id)).parent is None


async def test_rule_1_a_foreign_task_is_no_record_for_what_hangs_on_records(member, other):
    task = await tasks.add_task(member, TaskInput(title='Mine'))

    async def seen_by(actor):
        from data.database import database
        from logic.core.work import Work

        async with database().read(actor.organization_id) as session:
            return await records.see(Work(session, actor, 'test'), 'Task', task.id)

    assert (await seen_by(member)).id == task.id
    with pytest.raises(NotFound):
        await seen_by(other)


async def test_who_is_given_a_task_sees_it_and_does_it_but_does_not_change_it(chief, member, other):
    private = await tasks.add_list(chief, ListInput(title='Chief'))
    task = await tasks.add_task(
        chief, TaskInput(title='Fetch the truck', list_id=private.id, assignee_ids=[member.member_id])
    )
    part = await tasks.add_task(chief, TaskInput(title='Find the key', parent_id=task.id))
    assert await titles(member) == ['Fetch the truck', 'Find the key']
    assert await titles(other) == []
    assert (await tasks.complete_task(member, part.id)).completed_by_id == member.member_id
    with pytest.raises(Denied):
        await tasks.update_task(member, task.id, TaskChange(title='Fetch nothing'))
    with pytest.raises(NotFound):
        await tasks.board(member, private.id)
    await tasks.set_assignees(chief, task.id, [])
    with pytest.raises(NotFound):
        await tasks.get_task(member, task.id)


@pytest.mark.parametrize('level', list(ShareLevel))
async def test_a_share_gives_what_its_level_says(chief, member, level):
    shared = await tasks.add_list(chief, ListInput(title='Shared'))
    await tasks.add_task(chief, TaskInput(title='Look', list_id=shared.id))
    assert await titles(member) == []
    await tasks.share_list(chief, shared.id, ShareInput(member_id=member.member_id, level=level))
    assert await titles(member) == ['Look']
    wanted = TaskInput(title='Mine', list_id=shared.id)
    if level is ShareLevel.VIEW:
        with pytest.raises(Denied):
            await tasks.add_task(member, wanted)
    else:
        assert (await tasks.add_task(member, wanted)).title == 'Mine'
    renaming = tasks.update_list(member, shared.id, ListInput(title='Ours', visibility=ListVisibility.SHARED))
    if level is ShareLevel.MANAGE:
        assert (await renaming).title == 'Ours'
    else:
        with pytest.raises(Denied):
            await renaming


async def test_a_list_is_shared_with_whoever_holds_a_position_or_works_in_a_department(chief, member, other):
    officer = await person_with_account(chief, 'Ida', 'Berg', 'ida@example.org', 'Training officer')
    department = await add_department(chief, DepartmentInput(name='Engine 1'))
    await change_job(chief, other.member_id, JobInput(department_id=department.id))
    shared = await tasks.add_list(chief, ListInput(title='Course'))
    await tasks.add_task(chief, TaskInput(title='Book the room', list_id=shared.id))
    from logic.identity.positions import list_positions

    office = next(row for row in await list_positions(chief) if row.name == 'Training officer')
    await tasks.share_list(chief, shared.id, ShareInput(position_id=office.id))
    await tasks.share_list(chief, shared.id, ShareInput(department_id=department.id, level=ShareLevel.VIEW))
    assert [await titles(actor) for actor in (officer, other, member)] == [['Book the room'], ['Book the room'], []]
    assert {row.kind for row in await tasks.list_shares(chief, shared.id)} == {'position', 'department'}


async def test_a_list_that_is_made_private_again_is_closed_to_those_it_was_shared_with(chief, member):
    shared = await tasks.add_list(chief, ListInput(title='Shared'))
    await tasks.share_list(chief, shared.id, ShareInput(member_id=member.member_id))
    await tasks.update_list(chief, shared.id, ListInput(title='Shared', visibility=ListVisibility.PRIVATE))
    with pytest.raises(NotFound):
        await tasks.get_list(member, shared.id)


async def test_an_inbox_stays_private(member, chief):
    inbox = await tasks.my_inbox(member)
    assert (await tasks.my_inbox(member)).id == inbox.id
    with pytest.raises(Conflict):
        await tasks.share_list(member, inbox.id, ShareInput(member_id=chief.member_id))
    with pytest.raises(Conflict):
        await tasks.update_list(
            member, inbox.id, ListInput(title='Inbox', visibility=ListVisibility.SHARED)
        )  # fmt: skip


async def test_showing_a_list_to_the_department_needs_the_right_for_it(member):
    with pytest.raises(Denied):
        await tasks.add_list(member, ListInput(title='Ours', visibility=ListVisibility.ORGANIZATION))


async def test_lists_nest_one_level(chief):
    outer = await tasks.add_list(chief, ListInput(title='Year'))
    inner = await tasks.add_list(chief, ListInput(title='Spring', parent_id=outer.id))
    with pytest.raises(Invalid):
        await tasks.add_list(chief, ListInput(title='March', parent_id=inner.id))
    with pytest.raises(Invalid):
        await tasks.update_list(chief, outer.id, ListInput(title='Year', parent_id=outer.id))


async def test_an_archived_list_takes_its_tasks_out_of_sight_until_it_is_back(chief, add, station):
    await add()
    await tasks.archive_list(chief, station.id)
    assert await titles(chief) == []
    with pytest.raises(Conflict):
        await add()
    assert [row.title for row in await tasks.list_lists(chief, archived=True)] == ['Station']
    await tasks.archive_list(chief, station.id, archived=False)
    assert await titles(chief) == ['Check hose']


async def test_a_given_list_is_still_managed_by_who_had_it(chief, member):
    mine = await tasks.add_list(chief, ListInput(title='Ladder'))
    await tasks.give_list(chief, mine.id, member.member_id)
    rows = [(await tasks.get_list(actor, mine.id)) for actor in (chief, member)]
    assert [row.level for row in rows] == [ShareLevel.MANAGE, ShareLevel.MANAGE]
    assert rows[0].owner.name == 'Jide Okafor'


async def test_a_task_of_another_department_does_not_exist(add, stranger):
    task = await add()
    for row_id in (task.id, uuid4()):
        with pytest.raises(NotFound):
            await tasks.get_task(stranger, row_id)
    assert await titles(stranger) == []


async def test_rule_1_search_finds_a_task_by_number_title_and_words_only_for_who_sees_it(chief, member, add):
    from logic.search import find

    await add('Check hose', description='<p>Behind the engine</p>')
    secret = await tasks.add_task(chief, TaskInput(title='Secret hose'))

    async def found(actor, words):
        return {(one.record, one.title) for one in await find(actor, words)}

    assert await found(member, 'hose') == {('Task', 'Check hose')}
    assert await found(member, 'T-1') == {('Task', 'Check hose')}
    assert await found(member, 'engine') == {('Task', 'Check hose')}
    assert ('Task', 'Secret hose') in await found(chief, 'hose')
    await tasks.delete_task(chief, secret.id)
    assert ('Task', 'Secret hose') not in await found(chief, 'hose')

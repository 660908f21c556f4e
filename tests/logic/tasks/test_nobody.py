"""Programs of the department itself: who is no member has no lists, no shares and no changes (rule 1)."""

from dataclasses import replace

import pytest

from data.core import new_id, now
from data.tasks import ListVisibility, ShareLevel, Task
from logic import tasks
from logic.core import waiting
from logic.core.actor import Actor
from logic.core.errors import Denied, NotFound
from logic.core.listing import ListQuery
from logic.core.work import Work
from logic.departments import DepartmentInput, add_department
from logic.identity import api_keys, positions, service_accounts
from logic.identity.api_keys import ApiKeyInput
from logic.identity.service_accounts import ServiceInput
from logic.tasks import ListInput, ShareInput, TaskBulkInput, TaskChange, TaskInput
from logic.tasks.visibility import sight


async def program(chief: Actor, name: str) -> Actor:
    """Make a service account with the position of every member, and return who acts with its key."""
    chief = replace(chief, session_id=new_id(), authenticated_at=now())
    held = next(row.id for row in await positions.list_positions(chief) if row.name == 'Member')
    made = await service_accounts.add_service_account(chief, ServiceInput(name=name, position_ids=frozenset({held})))
    scopes = frozenset({'tasks.view', 'tasks.add', 'members.view'})
    key = await service_accounts.add_service_key(chief, made, ApiKeyInput(name='Nightly', scopes=scopes))
    return await api_keys.actor_for_key(key.text, address='203.0.113.5')


@pytest.fixture
async def relay(chief: Actor) -> Actor:
    return await program(chief, 'Relay')


@pytest.fixture
async def shared(chief: Actor, member: Actor) -> list:
    """Lists that are shared, to manage them, with a position, with a department, and with one member; each a task."""
    office = next(row.id for row in await positions.list_positions(chief) if row.name == 'Treasurer')
    unit = await add_department(chief, DepartmentInput(name='Engine 1'))
    found = []
    for whom in ({'position_id': office}, {'department_id': unit.id}, {'member_id': member.member_id}):
        made = await tasks.add_list(chief, ListInput(title='Officers only', visibility=ListVisibility.SHARED))
        await tasks.share_list(chief, made.id, ShareInput(level=ShareLevel.MANAGE, **whom))
        found.append(await tasks.add_task(chief, TaskInput(title='Settle the case', list_id=made.id)))
    return found


@pytest.fixture
async def task_of_maker(chief: Actor) -> Task:
    """A task of a list at which the department may only look; its owner has made the program."""
    wanted = ListInput(title='Plans', visibility=ListVisibility.ORGANIZATION, organization_level=ShareLevel.VIEW)
    return await tasks.add_task(chief, TaskInput(title='Buy a truck', list_id=(await tasks.add_list(chief, wanted)).id))


async def test_rule_1_a_list_that_is_shared_with_others_does_not_exist_for_a_program(relay, shared):
    assert relay.member_id is None
    assert await tasks.list_lists(relay) == []
    assert await tasks.matching_task_ids(relay, ListQuery()) == []
    for task in shared:
        for call in (
            tasks.get_task(relay, task.id),
            tasks.update_task(relay, task.id, TaskChange(title='By a program')),
            tasks.delete_task(relay, task.id),
            tasks.get_list(relay, task.list_id),
            tasks.list_shares(relay, task.list_id),
            tasks.board(relay, task.list_id),
            tasks.share_list(relay, task.list_id, ShareInput(department_id=new_id())),
            tasks.archive_list(relay, task.list_id),
        ):
            with pytest.raises(NotFound):
                await call


async def test_rule_1_a_program_looks_at_what_the_department_sees_and_manages_none_of_it(chief, relay, station, add):
    await add()
    [seen] = await tasks.list_lists(relay)
    assert (seen.title, seen.level) == ('Station', ShareLevel.EDIT)
    with pytest.raises(Denied):
        await tasks.update_list(relay, station.id, ListInput(title='Ours', visibility=ListVisibility.ORGANIZATION))


async def test_rule_1_what_nobody_made_or_deleted_waits_for_no_program(chief, relay, add, database):
    task, gone = await add(due=now().date()), await add('Gone')
    await tasks.delete_task(chief, gone.id)
    async with database.write(chief.organization_id) as session:  # as by who was forgotten, or a program
        for name in ('creator_id', 'deleted_by_id'):
            for row in (task, gone):
                found = await session.get(type(row), row.id)
                setattr(found, name, None)
        await session.commit()
    mine = await tasks.my_work(relay)
    assert [*mine.overdue, *mine.today, *mine.upcoming, *mine.undated, *mine.waiting] == []
    assert (await tasks.list_bin(relay, ListQuery())).rows == []
    with pytest.raises(Denied):
        await tasks.restore_task(relay, gone.id)
    async with database.read(chief.organization_id) as session:
        work = Work(session, relay, 'test')
        assert await waiting.count(work, (await sight(work)).today) == (0, 0)


async def test_one_program_neither_lists_nor_takes_back_what_another_changed(chief, relay, station, add):
    task, other = await add(), await program(chief, 'Export')
    done = await tasks.change_many_tasks(relay, [task.id], TaskBulkInput(action='priority', priority='urgent'))
    assert done.batch_id is not None
    assert await tasks.list_task_batches(other) == []
    with pytest.raises(NotFound):
        await tasks.undo_task_batch(other, done.batch_id)


async def test_a_program_owns_nothing_of_who_made_it(chief, relay, task_of_maker):
    assert relay.is_member(chief.member_id)  # it decides nothing about its maker
    assert not relay.owns(chief.member_id)
    [seen] = await tasks.list_lists(relay)
    assert seen.level is ShareLevel.VIEW
    with pytest.raises(Denied):
        await tasks.update_task(relay, task_of_maker.id, TaskChange(title='By a program'))

"""Programs of the department itself: who is no member owns no list or change, and has shares by position (rule 1)."""

from dataclasses import replace
from uuid import UUID

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
from logic.tasks.visibility import ORDER, sight


async def office(chief: Actor, name: str) -> UUID:
    return next(row.id for row in await positions.list_positions(chief) if row.name == name)


async def program(chief: Actor, name: str) -> Actor:
    """Make a service account with the position of every member, and return who acts with its key."""
    chief = replace(chief, session_id=new_id(), authenticated_at=now())
    held = await office(chief, 'Member')
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
    unit = await add_department(chief, DepartmentInput(name='Engine 1'))
    found = []
    treasurer = await office(chief, 'Treasurer')
    for whom in ({'position_id': treasurer}, {'department_id': unit.id}, {'member_id': member.member_id}):
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


@pytest.mark.parametrize('level', list(ShareLevel))
async def test_a_list_that_is_shared_with_a_position_of_a_program_is_open_to_it_at_its_level(
    chief, relay, shared, level
):
    ours = await tasks.add_list(chief, ListInput(title='Rounds', visibility=ListVisibility.SHARED))
    task = await tasks.add_task(chief, TaskInput(title='Look', list_id=ours.id))
    await tasks.share_list(chief, ours.id, ShareInput(position_id=await office(chief, 'Member'), level=level))
    assert [(row.title, row.level) for row in await tasks.list_lists(relay)] == [('Rounds', level)]
    assert await tasks.matching_task_ids(relay, ListQuery()) == [task.id]
    changing = tasks.update_task(relay, task.id, TaskChange(title='By a program'))
    renaming = tasks.update_list(relay, ours.id, ListInput(title='Ours', visibility=ListVisibility.SHARED))
    for least, call in ((ShareLevel.EDIT, changing), (ShareLevel.MANAGE, renaming)):
        if ORDER.index(level) >= ORDER.index(least):
            await call
        else:
            with pytest.raises(Denied):
                await call
    await tasks.update_list(chief, ours.id, ListInput(title='Rounds', visibility=ListVisibility.PRIVATE))
    assert await tasks.list_lists(relay) == []


async def test_what_is_shared_with_a_position_is_closed_to_a_program_that_holds_it_no_more(chief, relay):
    ours = await tasks.add_list(chief, ListInput(title='Rounds'))
    await tasks.share_list(chief, ours.id, ShareInput(position_id=await office(chief, 'Member')))
    assert [row.title for row in await tasks.list_lists(relay)] == ['Rounds']
    fresh = replace(chief, session_id=new_id(), authenticated_at=now())
    [row] = await service_accounts.list_service_accounts(chief)
    helpdesk = frozenset({await office(chief, 'Helpdesk agent')})
    await service_accounts.change_service_account(fresh, row.id, ServiceInput(name='Relay', position_ids=helpdesk))
    assert await tasks.list_lists(relay) == []
    again = frozenset({await office(chief, 'Member')})
    await service_accounts.change_service_account(fresh, row.id, ServiceInput(name='Relay', position_ids=again))
    assert [row.title for row in await tasks.list_lists(relay)] == ['Rounds']
    await service_accounts.end_service_account(fresh, row.id)
    assert await tasks.list_lists(relay) == []  # also by who acted before it ended


async def test_a_share_with_a_position_of_one_program_opens_nothing_to_another(chief, relay):
    ours = await tasks.add_list(chief, ListInput(title='Rounds'))
    agent = await office(chief, 'Helpdesk agent')
    fresh = replace(chief, session_id=new_id(), authenticated_at=now())
    made = await service_accounts.add_service_account(fresh, ServiceInput(name='Agent', position_ids={agent}))
    key = ApiKeyInput(name='Nightly', scopes=frozenset({'tasks.view'}))
    other = await api_keys.actor_for_key((await service_accounts.add_service_key(fresh, made, key)).text)
    await tasks.share_list(chief, ours.id, ShareInput(position_id=agent))
    assert await tasks.list_lists(relay) == []
    assert [row.title for row in await tasks.list_lists(other)] == ['Rounds']


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

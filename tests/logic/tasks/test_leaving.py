"""What of tasks is open when somebody leaves stands on the page of his departure, and nobody finds it undone later."""

from datetime import UTC, datetime, timedelta

import pytest

from data.tasks import ListVisibility
from logic import members, notifications, tasks
from logic.core.actor import Actor
from logic.core.errors import Denied
from logic.core.jobs.runner import Runner
from logic.members import MemberStatus, leaving
from logic.tasks import ListInput, TaskInput
from tests.conftest import person_with_account


async def open_of(actor: Actor, who: Actor) -> dict[str, tuple[list[str], int]]:
    assert who.member_id is not None
    groups = (await leaving.departure_overview(actor, who.member_id)).groups
    return {group.name: ([thing.title for thing in group.things], group.hidden) for group in groups}


async def test_open_tasks_and_own_lists_are_listed_and_what_others_may_not_see_is_counted(
    chief: Actor, member: Actor
) -> None:
    helper = await person_with_account(chief, 'Hana', 'Hoff', 'hana@example.org', 'Member', 'HR manager')
    shared = await tasks.add_list(chief, ListInput(title='Station', visibility=ListVisibility.ORGANIZATION))
    mine = await tasks.add_list(chief, ListInput(title='Hose plan', visibility=ListVisibility.ORGANIZATION))
    assert member.member_id is not None
    await tasks.give_list(chief, mine.id, member.member_id)
    hers = await tasks.add_list(chief, ListInput(title='Secret'))
    given = {'assignee_ids': [member.member_id]}
    first = await tasks.add_task(chief, TaskInput(title='Check 0', list_id=shared.id, **given))
    for number in range(1, 8):
        await tasks.add_task(chief, TaskInput(title=f'Check {number}', list_id=shared.id, **given))
    done = await tasks.add_task(chief, TaskInput(title='Done', list_id=shared.id, **given))
    await tasks.complete_task(chief, done.id)
    await tasks.add_task(chief, TaskInput(title='Hidden', list_id=hers.id, **given))
    await tasks.add_task(member, TaskInput(title='Private', **given))
    found = await open_of(helper, member)
    assert found['tasks'] == ([f'Check {number}' for number in range(8)], 1)
    assert found['lists'] == (['Hose plan'], 0)
    heir = helper.member_id
    assert heir is not None
    assert await leaving.hand_over(chief, member.member_id, [first.id, mine.id, hers.id], heir) == 2
    with pytest.raises(Denied):
        await leaving.hand_over(member, heir, [first.id], member.member_id)
    after = await open_of(helper, member)
    assert len(after['tasks'][0]) == 7
    assert after['lists'] == ([], 0)


async def test_whose_list_it_is_hears_of_tasks_that_nobody_has_after_a_leave(chief: Actor, member: Actor) -> None:
    shared = await tasks.add_list(chief, ListInput(title='Station', visibility=ListVisibility.ORGANIZATION))
    given = {'list_id': shared.id, 'assignee_ids': [member.member_id]}
    for title in ('Check', 'Paint'):
        await tasks.add_task(chief, TaskInput(title=title, **given))
    both = [member.member_id, chief.member_id]
    await tasks.add_task(chief, TaskInput(title='Ours', **(given | {'assignee_ids': both})))
    assert member.member_id is not None
    system = Actor.system(chief.organization_id)
    await members.change_status(system, member.member_id, MemberStatus.LEFT, 'Moved')
    await Runner().run_until_idle()
    told = [(row.title, row.link) for row in (await notifications.list_notices(chief)).rows]
    assert ('Jide Okafor left 2 open tasks in Station, and nobody has them', f'/tasks/lists/{shared.id}') in told


async def test_what_waits_for_nobody_else_is_listed(chief: Actor, member: Actor) -> None:
    other = await person_with_account(chief, 'Ada', 'Min', 'ada@example.org', 'Member', 'Administrator')
    assert chief.member_id is not None
    await members.ask_for_change(member, 'last_name', 'Duarte', 'Married')
    assert (await open_of(other, chief))['approvals'] == ([], 0)
    last = datetime.now(UTC).date() + timedelta(days=9)
    assert other.member_id is not None
    await leaving.plan_departure(chief, other.member_id, leaving.DepartureInput(last_on=last, reason='Moves'))
    await members.change_status(chief, other.member_id, MemberStatus.SUSPENDED, 'Until then')
    assert (await open_of(chief, chief))['approvals'] == (['Jide Okafor: Last name'], 0)

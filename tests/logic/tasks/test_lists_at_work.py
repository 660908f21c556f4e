"""Templates, figures, the morning digest, and what becomes of tasks when somebody leaves."""

from datetime import UTC, datetime, timedelta

import pytest

from data.database import database
from data.members import MemberStatus
from data.tasks import ListVisibility, TaskStatus
from logic import tasks
from logic.core.actor import Actor
from logic.core.errors import Denied, NotFound
from logic.core.listing import ListQuery
from logic.core.work import Work
from logic.members import change_status
from logic.notifications import Reader
from logic.tasks import ColumnInput, ListInput, ListTemplateInput, TaskChange, TaskInput
from logic.tasks.digest import overdue_tasks, tasks_of_today
from tests.logic.conftest import TODAY


async def test_a_list_made_from_a_template_begins_as_the_one_it_was_kept_from(chief, member, add, station):
    await tasks.add_column(chief, station.id, ColumnInput(title='Review', wip_limit=3))
    task = await add('Check hose', due=TODAY + timedelta(days=3), checklist=['Unroll'], labels=['gear'])
    await tasks.add_task(chief, TaskInput(title='Part', parent_id=task.id))
    await add('Done', status=TaskStatus.COMPLETED)
    with pytest.raises(Denied):
        await tasks.save_list_template(member, station.id, ListTemplateInput(title='Mine'))
    template = await tasks.save_list_template(chief, station.id, ListTemplateInput(title='Yearly check'))
    assert [(row.title, row.task_count) for row in await tasks.list_list_templates(member)] == [('Yearly check', 2)]
    made = await tasks.add_list_from_template(member, template.id, ListInput(title='2027'))
    lanes = (await tasks.board(member, made.id)).lanes
    assert [(lane.title, lane.wip_limit) for lane in lanes] == [
        ('Pending', None), ('In progress', None), ('Review', 3), ('Completed', None)
    ]  # fmt: skip
    (card,) = lanes[0].cards
    assert (card.title, card.due_on, card.steps_total, card.parts_total) == (
        'Check hose',
        TODAY + timedelta(days=3),
        1,
        1,
    )
    assert [label.name for label in card.labels] == ['gear']
    await tasks.remove_list_template(chief, template.id)
    assert (await tasks.get_list(member, made.id)).open_count == 2


async def test_figures_say_how_much_is_open_and_how_long_things_take(chief, member, add, station):
    await add('late', due=TODAY - timedelta(days=1))
    begun = await add('begun', status=TaskStatus.IN_PROGRESS)
    done = await add('done')
    await tasks.complete_task(chief, done.id)
    figures = await tasks.list_figures(member, station.id)
    assert (figures.pending, figures.in_progress, figures.completed, figures.overdue) == (1, 1, 1, 1)
    assert (figures.lead_minutes, figures.cycle_minutes) == (0, None)
    await tasks.complete_task(chief, begun.id)
    assert (await tasks.list_figures(chief, station.id)).cycle_minutes == 0
    private = await tasks.add_list(chief, ListInput(title='Mine'))
    with pytest.raises(NotFound):
        await tasks.list_figures(member, private.id)


async def test_begun_is_when_work_began_and_forgotten_when_it_goes_back(chief, add):
    task = await add()
    begun = await tasks.update_task(chief, task.id, TaskChange(status=TaskStatus.IN_PROGRESS))
    assert begun.started_at is not None
    assert (await tasks.complete_task(chief, task.id)).started_at == begun.started_at
    assert (await tasks.reopen_task(chief, task.id)).started_at is None


async def test_the_digest_tells_each_reader_of_his_own_tasks(chief, member, add):
    await add('late', due=TODAY - timedelta(days=1), assignee_ids=[member.member_id])
    await add('today', due=TODAY, assignee_ids=[member.member_id, chief.member_id])
    await add('tomorrow', due=TODAY + timedelta(days=1), assignee_ids=[member.member_id])
    await tasks.add_task(member, TaskInput(title='own', due=TODAY))
    done = await add('done', due=TODAY, assignee_ids=[member.member_id])
    await tasks.complete_task(chief, done.id)
    readers = [Reader(actor.account_id, actor.member_id, TODAY) for actor in (chief, member)]
    async with database().read(chief.organization_id) as session:
        work = Work(session, Actor.system(chief.organization_id), 'test', datetime.now(UTC))
        late, today = await overdue_tasks(work, readers), await tasks_of_today(work, readers)
    assert {account: [line.text for line in lines] for account, lines in late.items()} == {
        member.account_id: ['T-1 late']
    }
    assert {account: [line.text for line in lines] for account, lines in today.items()} == {
        member.account_id: ['T-2 today', 'T-4 own'],
        chief.account_id: ['T-2 today'],
    }


async def test_who_leaves_leaves_his_open_tasks_free_and_his_lists_to_who_manages_all(chief, member, add):
    mine = await tasks.add_list(member, ListInput(title='Handover', visibility=ListVisibility.PRIVATE))
    await tasks.add_task(member, TaskInput(title='Keys', list_id=mine.id))
    task = await add('Check hose', assignee_ids=[member.member_id])
    with pytest.raises(NotFound):
        await tasks.get_list(chief, mine.id)
    await change_status(chief, member.member_id, MemberStatus.LEFT, 'Moved away', TODAY)
    assert (await tasks.get_list(chief, mine.id)).title == 'Handover'
    assert (await tasks.get_task(chief, task.id)).row.assignees == []
    assert (await tasks.list_tasks(chief, ListQuery(q='keys'))).total == 1

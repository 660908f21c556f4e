"""Adding, changing, finishing, deleting and restoring tasks: rules 2 and 3."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from data.comments import Comment
from data.database import database
from data.tasks import ColumnKind, Task, TaskAssignee, TaskChecklistItem, TaskPriority, TaskStatus
from data.watchers import Watcher
from logic import tasks
from logic.audit.records import activity_of
from logic.comments import CommentInput, add_comment
from logic.core.actor import Actor
from logic.core.errors import Conflict, Denied, Invalid, NotFound
from logic.core.listing import ListQuery
from logic.core.work import Work
from logic.tasks import (
    ChecklistInput,
    ColumnInput,
    MoveInput,
    TaskBulkAction,
    TaskBulkInput,
    TaskChange,
    TaskInput,
    TimeInput,
)
from logic.tasks.deleting import empty_bin


async def titles(actor, **filters):
    page = await tasks.list_tasks(actor, ListQuery(filters={name: [value] for name, value in filters.items()}))
    return [row.title for row in page.rows]


async def test_a_task_without_a_list_goes_to_the_inbox_and_gets_the_next_number(member):
    one, two = [await tasks.add_task(member, TaskInput(title=title)) for title in ('A', 'B')]
    assert (one.label, two.label) == ('T-1', 'T-2')
    assert (await tasks.get_list(member, one.list_id)).is_inbox
    assert one.creator_id == member.member_id


@pytest.mark.parametrize('way', ['tick', 'drag', 'many', 'edit'])
async def test_rule_2_done_in_any_way_is_the_same(chief, add, columns, way):
    task = await add()
    match way:
        case 'tick':
            await tasks.complete_task(chief, task.id)
        case 'drag':
            await tasks.move_task(chief, task.id, MoveInput(column=columns[2].id, from_column=columns[0].id))
        case 'many':
            done = TaskBulkInput(action=TaskBulkAction.STATUS, status=TaskStatus.COMPLETED)
            assert (await tasks.change_many_tasks(chief, [task.id], done)).changed == 1
        case _:
            await tasks.update_task(chief, task.id, TaskChange(status=TaskStatus.COMPLETED))
    view = await tasks.get_task(chief, task.id)
    assert (view.row.status, view.row.column_kind) == (TaskStatus.COMPLETED, ColumnKind.DONE)
    assert view.row.completed_at is not None
    assert view.completed_by.name == 'Elena Rossi'
    entry = (await activity_of(chief, 'Task', task.id))[0]
    assert {'status', 'completed_at', 'completed_by_id', 'column_id'} <= {change.name for change in entry.changes}
    await tasks.move_task(chief, task.id, MoveInput(column=columns[1].id, from_column=columns[2].id))
    row = (await tasks.get_task(chief, task.id)).row
    assert (row.status, row.completed_at) == (TaskStatus.IN_PROGRESS, None)


async def test_rule_2_a_status_without_a_column_of_its_kind_keeps_to_what_is_open(chief, add, station, columns):
    await tasks.remove_column(chief, columns[1].id)
    task = await add()
    await tasks.update_task(chief, task.id, TaskChange(status=TaskStatus.IN_PROGRESS))
    row = (await tasks.get_task(chief, task.id)).row
    assert (row.status, row.column_kind) == (TaskStatus.IN_PROGRESS, ColumnKind.OPEN)


async def test_what_is_done_cannot_be_done_again_and_what_is_open_not_reopened(chief, add):
    task = await add()
    with pytest.raises(Conflict):
        await tasks.reopen_task(chief, task.id)
    await tasks.complete_task(chief, task.id)
    with pytest.raises(Conflict):
        await tasks.complete_task(chief, task.id)
    with pytest.raises(Conflict):
        await tasks.cancel_task(chief, task.id)
    again = await tasks.reopen_task(chief, task.id)
    assert (again.status, again.completed_at, again.completed_by_id) == (TaskStatus.PENDING, None, None)


async def test_rule_3_a_deleted_task_is_hidden_everywhere_and_comes_back_with_its_parts(chief, add, station):
    task = await add(labels=['hose'])
    part = await tasks.add_task(chief, TaskInput(title='Unroll', parent_id=task.id))
    await tasks.delete_task(chief, task.id)
    assert await titles(chief) == []
    assert (await tasks.get_list(chief, station.id)).open_count == 0
    assert [card for lane in (await tasks.board(chief, station.id)).lanes for card in lane.cards] == []
    assert (await tasks.my_work(chief)).undated == []
    with pytest.raises(NotFound):
        await tasks.get_task(chief, part.id)
    assert [row.title for row in (await tasks.list_bin(chief, ListQuery())).rows] == ['Check hose', 'Unroll']
    await tasks.restore_task(chief, task.id)
    assert await titles(chief) == ['Check hose', 'Unroll']
    assert [label.name for label in (await tasks.get_task(chief, task.id)).row.labels] == ['hose']


async def test_rule_3_only_who_made_or_deleted_it_or_manages_the_list_restores(chief, add, member, other):
    task = await add()
    await tasks.delete_task(member, task.id)
    with pytest.raises(Denied):
        await tasks.restore_task(other, task.id)
    assert (await tasks.list_bin(other, ListQuery())).total == 0
    assert (await tasks.restore_task(member, task.id)).deleted_at is None


async def test_rule_3_after_thirty_days_a_deleted_task_is_gone_for_good(chief, add):
    task = await add(assignee_ids=[chief.member_id], checklist=['Unroll'], labels=['hose'])
    await tasks.add_task(chief, TaskInput(title='Part', parent_id=task.id))
    await tasks.add_time(chief, task.id, TimeInput(minutes=5))
    await add_comment(chief, 'Task', task.id, CommentInput(body='<p>Soon</p>'))
    await tasks.delete_task(chief, task.id)
    system = Actor.system(chief.organization_id)

    async def purge_in(days: int) -> int:
        async with database().write(chief.organization_id) as session:
            work = Work(session, system, 'test', datetime.now(UTC) + timedelta(days=days))
            count = await empty_bin(work)
            await work.finish()
            await session.commit()
            return count

    assert await purge_in(29) == 0
    assert await purge_in(31) == 2
    async with database().read(chief.organization_id) as session:
        for model in (Task, TaskAssignee, TaskChecklistItem, Comment, Watcher):
            assert (await session.exec(select(model))).all() == []


async def test_a_part_is_in_the_list_of_its_task_and_has_no_parts_itself(chief, add):
    task = await add()
    part = await tasks.add_task(chief, TaskInput(title='Part', parent_id=task.id))
    assert part.list_id == task.list_id
    with pytest.raises(Invalid):
        await tasks.add_task(chief, TaskInput(title='Deeper', parent_id=part.id))
    row = (await tasks.get_task(chief, task.id)).row
    assert (row.parts_done, row.parts_total) == (0, 1)


async def test_a_change_names_only_what_was_given_and_a_stale_one_is_refused(chief, add):
    task = await add(due=date(2026, 12, 1), priority=TaskPriority.HIGH)
    changed = await tasks.update_task(chief, task.id, TaskChange(title='Check pump'), version=task.version)
    assert (changed.title, changed.priority, changed.due_on) == ('Check pump', TaskPriority.HIGH, date(2026, 12, 1))
    with pytest.raises(Conflict):
        await tasks.update_task(chief, task.id, TaskChange(title='Old'), version=task.version - 1)
    assert (await tasks.update_task(chief, task.id, TaskChange(due=None))).due_on is None


async def test_a_time_without_a_zone_is_meant_where_the_actor_is(add):
    task = await add(due=datetime(2026, 7, 1, 9, 0))  # noqa: DTZ001  that is what is tested
    assert task.due_at == datetime(2026, 7, 1, 13, 0, tzinfo=UTC)
    assert (task.due_on, task.zone) == (date(2026, 7, 1), 'America/New_York')


async def test_a_task_does_not_begin_after_it_is_due(chief, add):
    task = await add(due=date(2026, 7, 1))
    with pytest.raises(Invalid):
        await tasks.update_task(chief, task.id, TaskChange(start=date(2026, 7, 2)))


async def test_my_work_says_what_is_late_today_to_come_and_waited_for(chief, member, add):
    today = datetime.now(ZoneInfo('America/New_York')).date()
    mine = {'assignee_ids': [member.member_id]}
    await add('late', due=today - timedelta(days=1), **mine)
    await add('today', due=today, **mine)
    await add('soon', due=today + timedelta(days=3), **mine)
    await add('some day', **mine)
    await add('not mine', due=today)
    await tasks.add_task(member, TaskInput(title='my own'))
    await add('given away', by=member, assignee_ids=[chief.member_id])
    work = await tasks.my_work(member)
    found = [[row.title for row in rows] for rows in (work.overdue, work.today, work.upcoming, work.undated)]
    assert found == [['late'], ['today'], ['soon'], ['some day', 'my own']]
    assert [row.title for row in work.waiting] == ['given away']
    assert await titles(member, due='overdue') == ['late']
    assert await titles(member, due='today') == ['today', 'not mine']
    assert await titles(member, assignee='me', status='open') == ['late', 'today', 'soon', 'some day']


async def test_a_list_is_searched_sorted_and_filtered(chief, add):
    await add('Check hose', labels=['Gear'], priority=TaskPriority.URGENT)
    await add('Wash truck', due=date(2026, 12, 1))
    await add('Call Ann', assignee_ids=[chief.member_id], priority=TaskPriority.LOW)
    asked = ListQuery(sort='priority', descending=True)
    assert [row.title for row in (await tasks.list_tasks(chief, asked)).rows] == [
        'Check hose',
        'Wash truck',
        'Call Ann',
    ]
    for descending in (False, True):
        by_due = ListQuery(sort='due', descending=descending)
        assert (await tasks.list_tasks(chief, by_due)).rows[0].title == 'Wash truck'
    for q in ('HOSE', 't-1', 'check t-1'):
        assert [row.title for row in (await tasks.list_tasks(chief, ListQuery(q=q))).rows] == ['Check hose']
    (label,) = await tasks.list_labels(chief)
    assert await titles(chief, label=str(label.id)) == ['Check hose']
    assert await titles(chief, assignee='none') == ['Check hose', 'Wash truck']
    assert await titles(chief, priority='low') == ['Call Ann']
    assert await titles(chief, due='2026-11-30..2026-12-02') == ['Wash truck']
    for wrong in ({'due': ['soon']}, {'status': ['x']}, {'list': ['x']}, {'size': ['1']}):
        with pytest.raises(Invalid):
            await tasks.list_tasks(chief, ListQuery(filters=wrong))


async def test_a_checklist_is_kept_in_order_and_ticked(chief, add):
    task = await add(checklist=['Unroll', 'Rinse'])
    last = await tasks.add_step(chief, task.id, ChecklistInput(title='Dry'))
    await tasks.move_step(chief, last.id)
    await tasks.tick_step(chief, last.id)
    view = await tasks.get_task(chief, task.id)
    assert [(step.title, step.is_done) for step in view.steps] == [('Dry', True), ('Unroll', False), ('Rinse', False)]
    assert (view.row.steps_done, view.row.steps_total) == (1, 3)
    await tasks.remove_step(chief, last.id)
    assert [step.title for step in (await tasks.get_task(chief, task.id)).steps] == ['Unroll', 'Rinse']


async def test_a_step_that_was_removed_comes_back_as_and_where_it_was_and_once(chief, add):
    task = await add(checklist=['Unroll', 'Rinse', 'Dry'])
    middle = (await tasks.get_task(chief, task.id)).steps[1]
    await tasks.update_step(chief, middle.id, ChecklistInput(title='Rinse', assignee_id=chief.member_id))
    await tasks.tick_step(chief, middle.id)
    before = (await tasks.get_task(chief, task.id)).steps
    removed = await tasks.remove_step(chief, middle.id)
    await tasks.restore_step(chief, removed)
    after = (await tasks.get_task(chief, task.id)).steps
    assert [(one.id, one.title, one.is_done, one.assignee) for one in after] == [
        (one.id, one.title, one.is_done, one.assignee) for one in before
    ]
    with pytest.raises(Conflict):
        await tasks.restore_step(chief, removed)


async def test_labels_are_the_same_however_they_are_written(chief, add):
    await add(labels=['Hose'])
    task = await add(labels=['HOSE', 'pump'])
    assert [tag.name for tag in await tasks.list_labels(chief)] == ['Hose', 'pump']
    await tasks.set_labels(chief, task.id, ['pump'])
    assert [label.name for label in (await tasks.get_task(chief, task.id)).row.labels] == ['pump']


async def test_time_is_noted_and_summed(chief, member, add):
    task = await add()
    await tasks.add_time(chief, task.id, TimeInput(minutes=30))
    entry = await tasks.add_time(member, task.id, TimeInput(minutes=15, note='Rinsed'))
    assert (await tasks.get_task(chief, task.id)).row.spent_minutes == 45
    with pytest.raises(Invalid):
        await tasks.add_time(chief, task.id, TimeInput(minutes=5, worked_on=date(2199, 1, 1)))
    await tasks.remove_time(chief, entry.id)
    assert [row.minutes for row in await tasks.list_time(chief, task.id)] == [30]


async def test_a_column_is_made_moved_and_removed_with_its_tasks(chief, add, station, columns):
    review = await tasks.add_column(chief, station.id, ColumnInput(title='Review', kind=ColumnKind.STARTED))
    found = await tasks.list_columns(chief, station.id)
    assert [column.title for column in found] == ['Pending', 'In progress', 'Review', 'Completed']
    await tasks.move_column(chief, review.id, columns[0].id)
    assert (await tasks.list_columns(chief, station.id))[1].title == 'Review'
    await add(column_id=review.id)
    with pytest.raises(Conflict):
        await tasks.update_column(chief, review.id, ColumnInput(title='Review', kind=ColumnKind.DONE))
    for wrong in (None, columns[2].id):
        with pytest.raises(Invalid):
            await tasks.remove_column(chief, review.id, wrong)
    assert len((await tasks.remove_column(chief, review.id, columns[1].id)).cards) == 1
    for column in (columns[0], columns[2]):
        with pytest.raises(Conflict):
            await tasks.remove_column(chief, column.id)

"""Many tasks at once, and undo: rule 18."""

from datetime import date

import pytest

from data.tasks import ColumnKind, ListVisibility, ShareLevel, TaskPriority, TaskStatus
from logic import tasks
from logic.activity import list_activity, undo_entry
from logic.core.errors import Conflict, Denied, Invalid, NotFound
from logic.core.listing import ListQuery
from logic.tasks import (
    ColumnInput,
    ListInput,
    MoveInput,
    ShareInput,
    TaskBulkAction,
    TaskBulkInput,
    TaskChange,
    TaskInput,
)


async def rows(actor):
    return {row.title: row for row in (await tasks.list_tasks(actor, ListQuery())).rows}


async def test_rule_18_some_are_changed_others_refused_and_one_undo_puts_all_back(chief, member, add):
    shown = await tasks.add_list(
        chief, ListInput(title='Look', visibility=ListVisibility.ORGANIZATION, organization_level=ShareLevel.VIEW)
    )
    mine = [await add(title, priority=TaskPriority.LOW) for title in ('1', '2')]
    theirs = await tasks.add_task(chief, TaskInput(title='3', list_id=shown.id))
    hidden = await tasks.add_task(chief, TaskInput(title='4'))
    ids = [task.id for task in (*mine, theirs, hidden)]
    wanted = TaskBulkInput(action=TaskBulkAction.PRIORITY, priority=TaskPriority.URGENT)
    done = await tasks.change_many_tasks(member, ids, wanted)
    assert (done.changed, [(one.label, one.title) for one in done.refused]) == (2, [('T-3', '3')])
    assert [row.priority for row in (await rows(member)).values()].count(TaskPriority.URGENT) == 2
    assert [batch.title for batch in await tasks.list_task_batches(member)] == ['Set priority: Urgent']
    with pytest.raises(NotFound):
        await tasks.undo_task_batch(await _other(chief), done.batch_id)
    undone = await tasks.undo_task_batch(member, done.batch_id)
    assert (undone.changed, undone.refused) == (2, [])
    assert [(await rows(member))[title].priority for title in ('1', '2')] == [TaskPriority.LOW, TaskPriority.LOW]
    with pytest.raises(Conflict):
        await tasks.undo_task_batch(member, done.batch_id)


async def _other(chief):
    from tests.conftest import person_with_account

    return await person_with_account(chief, 'Mara', 'Lind', 'mara@example.org', 'Member')


async def test_rule_18_undo_refuses_what_somebody_has_changed_since(chief, member, add):
    one, two = await add('1'), await add('2')
    wanted = TaskBulkInput(action=TaskBulkAction.DUE, due=date(2026, 12, 24))
    done = await tasks.change_many_tasks(chief, [one.id, two.id], wanted)
    await tasks.update_task(member, one.id, TaskChange(due=date(2026, 12, 31)))
    await tasks.update_task(member, two.id, TaskChange(title='Other field'))
    undone = await tasks.undo_task_batch(chief, done.batch_id)
    assert [refusal.title for refusal in undone.refused] == ['1']
    found = await rows(chief)
    assert (found['1'].due_on, found['Other field'].due_on) == (date(2026, 12, 31), None)


@pytest.mark.parametrize('action', list(TaskBulkAction))
async def test_rule_18_every_action_is_done_and_undone(chief, member, add, station, action):
    there = await tasks.add_list(chief, ListInput(title='There'))
    task = await add('1', labels=['old'], assignee_ids=[chief.member_id], due=date(2026, 12, 1))
    part = await tasks.add_task(chief, TaskInput(title='part', parent_id=task.id))
    values = {
        TaskBulkAction.STATUS: {'status': TaskStatus.COMPLETED},
        TaskBulkAction.PRIORITY: {'priority': TaskPriority.LOW},
        TaskBulkAction.DUE: {'due': None},
        TaskBulkAction.LIST: {'list_id': there.id},
        TaskBulkAction.ASSIGN: {'member_id': member.member_id},
        TaskBulkAction.UNASSIGN: {'member_id': chief.member_id},
        TaskBulkAction.ADD_LABEL: {'label': 'new'},
        TaskBulkAction.REMOVE_LABEL: {'label': 'OLD'},
        TaskBulkAction.DELETE: {},
    }[action]
    before = _said(await rows(chief))
    done = await tasks.change_many_tasks(chief, [task.id], TaskBulkInput(action=action, **values))
    assert (done.changed, done.refused) == (1, [])
    assert _said(await rows(chief)) != before
    undone = await tasks.undo_task_batch(chief, done.batch_id)
    assert (undone.changed, undone.refused) == (1, [])
    assert _said(await rows(chief)) == before
    assert (await tasks.get_task(chief, part.id)).row.in_list.name == 'Station'


def _said(found):
    return {
        title: (row.status, row.priority, row.due_on, row.in_list.name, row.column.name, len(row.assignees),
                [label.name for label in row.labels], row.completed_at is None)
        for title, row in found.items()
    }  # fmt: skip


async def test_rule_18_a_full_column_refuses_the_rest_and_keeps_what_fits(chief, add, columns):
    await tasks.update_column(chief, columns[1].id, ColumnInput(title='Doing', kind=ColumnKind.STARTED, wip_limit=2))
    made = [await add(str(number)) for number in range(4)]
    wanted = TaskBulkInput(action=TaskBulkAction.STATUS, status=TaskStatus.IN_PROGRESS)
    done = await tasks.change_many_tasks(chief, [task.id for task in made], wanted)
    assert (done.changed, len(done.refused)) == (2, 2)


async def test_a_bulk_change_that_is_not_whole_or_too_big_is_refused(chief):
    with pytest.raises(Invalid) as refused:
        await tasks.change_many_tasks(chief, [], TaskBulkInput(action=TaskBulkAction.STATUS))
    assert list(refused.value.fields) == ['status']
    from uuid import uuid4

    with pytest.raises(Invalid):
        await tasks.change_many_tasks(
            chief, [uuid4() for _ in range(5001)], TaskBulkInput(action=TaskBulkAction.DELETE)
        )


async def test_rule_18_what_the_activity_tells_is_put_back_unless_it_was_changed_since(chief, member, add, columns):
    task = await add('Check hose')
    await tasks.update_task(chief, task.id, TaskChange(title='Check pump', due=date(2026, 12, 24)))
    entry = (await list_activity(chief, 'Task', task.id))[0]
    assert entry.may_undo
    await undo_entry(chief, 'Task', task.id, entry.seq)
    row = (await tasks.get_task(chief, task.id)).row
    assert (row.title, row.due_on) == ('Check hose', None)
    await tasks.move_task(chief, task.id, MoveInput(column=columns[2].id, from_column=columns[0].id))
    moved = (await list_activity(chief, 'Task', task.id))[0]
    await undo_entry(chief, 'Task', task.id, moved.seq)
    row = (await tasks.get_task(chief, task.id)).row
    assert (row.status, row.column.name, row.completed_at) == (TaskStatus.PENDING, 'Pending', None)
    await tasks.update_task(chief, task.id, TaskChange(title='One'))
    one = (await list_activity(chief, 'Task', task.id))[0]
    await tasks.update_task(member, task.id, TaskChange(title='Two'))
    with pytest.raises(Conflict):
        await undo_entry(chief, 'Task', task.id, one.seq)


@pytest.mark.parametrize('action', [TaskBulkAction.STATUS, TaskBulkAction.PRIORITY, TaskBulkAction.DELETE])
async def test_rule_18_who_lost_the_right_to_change_takes_nothing_back(chief, member, action):
    row = await tasks.add_list(chief, ListInput(title='Shared'))
    await tasks.share_list(chief, row.id, ShareInput(member_id=member.member_id, level=ShareLevel.EDIT))
    task = await tasks.add_task(chief, TaskInput(title='1', list_id=row.id))
    wanted = TaskBulkInput(action=action, status=TaskStatus.IN_PROGRESS, priority=TaskPriority.URGENT)
    done = await tasks.change_many_tasks(member, [task.id], wanted)
    assert done.changed == 1
    await tasks.share_list(chief, row.id, ShareInput(member_id=member.member_id, level=ShareLevel.VIEW))
    undone = await tasks.undo_task_batch(member, done.batch_id)
    assert (undone.changed, len(undone.refused)) == (0, 1)


async def test_rule_18_what_was_typed_in_a_hurry_is_not_purged_by_who_may_only_look_by_now(chief, member):
    row = await tasks.add_list(chief, ListInput(title='Shared'))
    await tasks.share_list(chief, row.id, ShareInput(member_id=member.member_id, level=ShareLevel.EDIT))
    done = await tasks.import_tasks(member, await tasks.read_tasks(member, b'Title\nCheck hose\n'), list_id=row.id)
    await tasks.share_list(chief, row.id, ShareInput(member_id=member.member_id, level=ShareLevel.VIEW))
    assert len((await tasks.undo_task_batch(member, done.batch_id)).refused) == 1
    assert 'Check hose' in await rows(chief)


async def _latest(actor, task, kind):
    return next(entry for entry in await list_activity(actor, 'Task', task.id) if entry.object_type == kind)


@pytest.mark.parametrize('kind', ['TaskAssignee', 'TaskTag'])
async def test_rule_18_who_was_given_a_task_and_its_labels_are_put_back_from_the_activity(chief, member, add, kind):
    people, labels = [chief.member_id, member.member_id], ['hose', 'pump']

    async def put(number):
        if kind == 'TaskAssignee':
            await tasks.set_assignees(chief, task.id, people[:number])
        else:
            await tasks.set_labels(chief, task.id, labels[:number])

    async def held():
        row = (await tasks.get_task(chief, task.id)).row
        return len(row.assignees if kind == 'TaskAssignee' else row.labels)

    task = await add()
    await put(1)
    await put(2)
    given = await _latest(chief, task, kind)
    assert given.may_undo
    await undo_entry(chief, 'Task', task.id, given.seq)
    assert await held() == 1
    taken = await _latest(chief, task, kind)
    assert (taken.seq != given.seq, taken.may_undo) == (True, True)
    await undo_entry(chief, 'Task', task.id, taken.seq)
    assert await held() == 2
    for late in (given, taken):
        told = next(row for row in await list_activity(chief, 'Task', task.id) if row.seq == late.seq)
        assert not told.may_undo
        with pytest.raises(Conflict, match='Somebody has changed'):
            await undo_entry(chief, 'Task', task.id, late.seq)
    assert await held() == 2


async def test_rule_18_a_label_that_is_gone_is_not_put_back_and_who_may_only_work_puts_nobody_back(chief, member):
    row = await tasks.add_list(chief, ListInput(title='Shared'))
    task = await tasks.add_task(
        chief, TaskInput(title='1', list_id=row.id, labels=['hose'], assignee_ids=[chief.member_id, member.member_id])
    )
    with pytest.raises(Denied):
        await undo_entry(member, 'Task', task.id, (await _latest(chief, task, 'TaskAssignee')).seq)
    await tasks.set_labels(chief, task.id, [])
    taken = await _latest(chief, task, 'TaskTag')
    (label,) = await tasks.list_labels(chief)
    await tasks.remove_label(chief, label.id)
    with pytest.raises(Conflict, match='label'):
        await undo_entry(chief, 'Task', task.id, taken.seq)
    assert await tasks.list_labels(chief) == []


async def test_the_activity_of_a_task_names_who_was_given_it_and_its_labels(chief, member, add):
    task = await add()
    await tasks.set_assignees(chief, task.id, [member.member_id])
    await tasks.set_labels(chief, task.id, ['hose'])
    await tasks.set_labels(chief, task.id, [])
    give = TaskBulkInput(action=TaskBulkAction.UNASSIGN, member_id=member.member_id)
    await tasks.change_many_tasks(chief, [task.id], give)
    told = [(row.who, row.what, row.changes) for row in await list_activity(member, 'Task', task.id)]
    assert told[:4] == [
        ('Elena Rossi', 'took it from Jide Okafor', ()),
        ('Elena Rossi', 'took the label hose from it', ()),
        ('Elena Rossi', 'gave it the label hose', ()),
        ('Elena Rossi', 'gave it to Jide Okafor', ()),
    ]

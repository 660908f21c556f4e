"""What was said of tasks and the time spent on them leave with our JSON for who sees them, and come back."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from data.database import database
from data.tasks import ListVisibility, ShareLevel
from logic import comments, tasks
from logic.comments import CommentInput
from logic.core.actor import Actor
from logic.core.listing import ListQuery
from logic.core.rich_text import plain
from logic.tasks import Format, ListInput, TaskInput, TimeInput
from logic.tasks.exports import exported_json


def today():
    return datetime.now(UTC).date()


async def say(actor, task, text):
    return await comments.add_comment(actor, 'Task', task.id, CommentInput(body=f'<p>{text}</p>'))


async def exported(actor):
    actor = replace(actor, permissions=actor.permissions | {'tasks.export'}, authenticated_at=datetime.now(UTC))
    return await tasks.export_tasks(actor, ListQuery(), Format.JSON)


async def brought(actor, content, list_id=None):
    """Import a file and return the plan, the batch and the one task that is new."""
    done = await tasks.import_tasks(actor, await tasks.read_tasks(actor, content), list_id=list_id)
    asked = ListQuery(filters={'list': [str(list_id)]}) if list_id else ListQuery()
    [row] = (await tasks.list_tasks(actor, asked)).rows
    return done.plan, done.batch_id, row


async def test_comments_and_time_come_back_and_go_again_with_an_undo(chief, member, add):
    task = await add()
    await say(member, task, 'It leaks')
    await say(chief, task, 'Mended')
    before = today() - timedelta(days=3)
    await tasks.add_time(member, task.id, TimeInput(minutes=90, worked_on=before, note='Glued'))
    await tasks.add_time(chief, task.id, TimeInput(minutes=15, worked_on=today() - timedelta(days=2)))
    content = await exported(chief)
    [told] = json.loads(content)['tasks']
    assert [(one['author'], one['text']) for one in told['comments']] == [
        ('Jide Okafor', '<p>It leaks</p>'), ('Elena Rossi', '<p>Mended</p>'),
    ]  # fmt: skip
    assert told['time'] == [
        {'person': 'Jide Okafor', 'on': before.isoformat(), 'minutes': 90, 'note': 'Glued'},
        {'person': 'Elena Rossi', 'on': (today() - timedelta(days=2)).isoformat(), 'minutes': 15, 'note': ''},
    ]
    copies = await tasks.add_list(chief, ListInput(title='Copies'))
    plan, batch_id, row = await brought(chief, content, copies.id)
    assert (plan.comment_count, plan.spent_minutes, plan.rows[0].notes) == (2, 105, [])
    second, first = (await comments.list_comments(chief, 'Task', row.id)).rows
    assert plain(first.body).startswith('Jide Okafor, ')
    assert first.body.endswith('<p>It leaks</p>')
    assert plain(second.body).startswith('Elena Rossi, ')
    [copied] = [one for one in json.loads(await exported(chief))['tasks'] if one['id'] == str(row.id)]
    assert copied['time'] == told['time']
    undone = await tasks.undo_task_batch(chief, batch_id)
    assert (undone.changed, undone.refused) == (1, [])


async def test_an_import_with_time_is_not_undone_once_more_time_was_noted(chief, add):
    task = await add()
    await tasks.add_time(chief, task.id, TimeInput(minutes=30))
    copies = await tasks.add_list(chief, ListInput(title='Copies'))
    _, batch_id, row = await brought(chief, await exported(chief), copies.id)
    await tasks.add_time(chief, row.id, TimeInput(minutes=5))
    undone = await tasks.undo_task_batch(chief, batch_id)
    assert (undone.changed, len(undone.refused)) == (0, 1)


async def test_what_is_said_of_a_task_leaves_only_with_who_sees_it_and_not_once_it_is_deleted(chief, member, add):
    task, secret = await add(), await tasks.add_task(chief, TaskInput(title='Secret'))
    await say(chief, task, 'Open word')
    await say(chief, secret, 'Hidden word')
    gone = await say(chief, task, 'Withdrawn word')
    await comments.delete_comment(chief, 'Task', task.id, gone.id)
    await tasks.add_time(chief, secret.id, TimeInput(minutes=5, note='Hidden work'))
    content = (await exported(member)).decode()
    assert [word in content for word in ('Open word', 'Hidden', 'Withdrawn')] == [True, False, False]
    blind = replace(member, permissions=member.permissions - {'tasks.view'} | {'tasks.export'})
    assert 'Open word' not in json.dumps(await exported_json(blind, ListQuery()))


async def test_time_of_others_comes_only_with_who_manages_the_list_and_none_of_days_to_come(chief, member, station):
    tomorrow = (today() + timedelta(days=2)).isoformat()
    time = [
        {'person': 'Jide Okafor', 'on': '2026-03-02', 'minutes': 10},
        {'person': 'Elena Rossi', 'on': '2026-03-02', 'minutes': 20},
        {'person': 'Nobody Known', 'on': '2026-03-02', 'minutes': 40},
        {'person': 'Jide Okafor', 'on': tomorrow, 'minutes': 80},
        {'person': 'Jide Okafor', 'on': '2026-03-02', 'minutes': 1441},
        {'person': 'Jide Okafor', 'on': 'soon', 'minutes': 7}, 5,
    ]  # fmt: skip
    content = json.dumps({'tasks': [{'title': 'Drill', 'time': time}]}).encode()
    plan, _, row = await brought(member, content, station.id)
    notes = ' '.join(plan.rows[0].notes)
    assert all(word in notes for word in ('Nobody Known', 'day to come', '1441', 'soon', 'others')), notes
    assert (plan.spent_minutes, row.spent_minutes) == (10, 10)
    managed = await tasks.add_list(chief, ListInput(title='Mine', visibility=ListVisibility.ORGANIZATION,
                                                    organization_level=ShareLevel.EDIT))  # fmt: skip
    plan, _, row = await brought(chief, content, managed.id)
    assert (plan.spent_minutes, row.spent_minutes, 'others' in ' '.join(plan.rows[0].notes)) == (30, 30, False)


@pytest.fixture
def statements(chief: Actor) -> Iterator[list[str]]:
    """The SQL that is sent to read while a test runs."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    engine = database().reader.sync_engine
    sa.event.listen(engine, 'before_cursor_execute', note)
    yield seen
    sa.event.remove(engine, 'before_cursor_execute', note)


async def test_an_export_asks_no_more_for_many_tasks_with_comments_and_time(chief, member, add, statements):
    async def asked():
        statements.clear()
        await exported_json(chief, ListQuery())
        return len(statements)

    for who in (chief, member):
        task = await add(by=who)
        await say(who, task, 'Word')
        await tasks.add_time(who, task.id, TimeInput(minutes=5))
    few = await asked()
    for _ in range(6):
        task = await add()
        await say(member, task, 'Word')
        await tasks.add_time(member, task.id, TimeInput(minutes=5))
    assert await asked() == few > 5

"""Calls that are repeated under their key: by whom they were made, and to whom nothing was closed meanwhile."""

import pytest

from data.tasks import ListVisibility, ShareLevel
from logic import tasks
from logic.core.listing import ListQuery
from logic.tasks import ColumnInput, ListInput, ShareInput, TaskChange, TaskInput

SECRET = 'Dismissals'
BODIES = {
    'lists/{list_id}/columns': {'title': 'Waiting'},
    '{task_id}/steps': {'title': 'Call'},
    '{task_id}/comments': {'body': '<p>Seen</p>'},
    'quick-add': {'text': 'Wash'},
    '': {'title': 'Rinse'},
}


@pytest.fixture
async def shared(chief, member):
    """A list that a member manages, with a task in it, and what closes it to him: then it is about something else."""
    made = await tasks.add_list(chief, ListInput(title='Plans', visibility=ListVisibility.SHARED))
    share = await tasks.share_list(chief, made.id, ShareInput(member_id=member.member_id, level=ShareLevel.MANAGE))
    task = await tasks.add_task(chief, TaskInput(title='Plan', list_id=made.id))

    async def close():
        await tasks.unshare_list(chief, share.id)
        await tasks.update_list(chief, made.id, ListInput(title=SECRET, visibility=ListVisibility.SHARED))
        for row in (await tasks.list_tasks(chief, ListQuery())).rows:
            await tasks.update_task(chief, row.id, TaskChange(title=SECRET, description=f'<p>{SECRET}</p>'))
        for column in await tasks.list_columns(chief, made.id):
            await tasks.update_column(chief, column.id, ColumnInput(title=SECRET, kind=column.kind))

    return made, task, close


@pytest.fixture
def people(as_chief, as_member, as_stranger):
    return as_chief, as_member, as_stranger


async def repeated(client, headers, path, shared, key='one-key'):
    made, task, _close = shared
    at_once = {'list_id': str(made.id)} if path in ('', 'quick-add') else {}
    address = f'/tasks/{path}'.rstrip('/').format(list_id=made.id, task_id=task.id)
    return await client.post(address, json=BODIES[path] | at_once, headers=headers | {'Idempotency-Key': key})


@pytest.mark.parametrize('path', BODIES)
async def test_a_call_that_is_repeated_tells_nothing_of_what_is_closed_since(client, as_member, shared, path):
    first = await repeated(client, as_member, path, shared)
    assert first.status_code == 201, first.text
    assert (await repeated(client, as_member, path, shared)).json() == first.json()
    await shared[2]()
    again = await repeated(client, as_member, path, shared)
    assert SECRET not in again.text
    assert again.status_code == 404 or again.json() == first.json()


@pytest.mark.parametrize('path', BODIES)
async def test_a_call_that_is_repeated_by_another_account_or_department_gets_no_kept_answer(
    client, people, shared, path
):
    as_chief, as_member, as_stranger = people
    mine = await repeated(client, as_chief, path, shared)
    assert mine.status_code == 201
    assert (await repeated(client, as_stranger, path, shared)).status_code == 404
    theirs = await repeated(client, as_member, path, shared)
    assert theirs.status_code == 201
    assert theirs.json() != mine.json()

"""Tasks by the API: status codes, filters and bodies; who reaches what is in `test_task_isolation`."""

import pytest

WHOLE = {
    'title',
    'description',
    'status',
    'priority',
    'due',
    'assignees',
    'labels',
    'checklist',
    'list',
    'column',
    'version',
}


async def made(client, headers, **body):
    answer = await client.post('/tasks', json={'title': 'Check hose'} | body, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_task_goes_through_its_life(client, as_chief):
    task = await made(
        client, as_chief, due='2026-12-24', labels=['hose'], checklist=['Unroll'], description='<p>Hi</p>'
    )
    assert task.keys() >= WHOLE
    assert (task['label'], task['status'], task['priority'], task['due']) == ('T-1', 'pending', 'medium', '2026-12-24')
    at = f'/tasks/{task["id"]}'
    changed = await client.patch(at, json={'priority': 'high', 'version': task['version']}, headers=as_chief)
    assert (changed.status_code, changed.json()['priority'], changed.json()['due']) == (200, 'high', '2026-12-24')
    old = await client.patch(at, json={'title': 'Old', 'version': task['version']}, headers=as_chief)
    assert old.status_code == 409
    put = await client.put(at, json={'title': 'Check pump'}, headers=as_chief)
    assert (put.status_code, put.json()['title'], put.json()['due'], put.json()['labels']) == (
        200,
        'Check pump',
        None,
        [],
    )
    done = await client.patch(f'{at}/complete', headers=as_chief)
    assert (done.status_code, done.json()['status'], done.json()['column_kind']) == (200, 'completed', 'done')
    assert done.json()['completed_at'] is not None
    assert (await client.patch(f'{at}/complete', headers=as_chief)).status_code == 409
    assert (await client.patch(f'{at}/reopen', headers=as_chief)).json()['completed_at'] is None
    assert (await client.patch(f'{at}/reopen', headers=as_chief)).status_code == 409
    assert (await client.patch(f'{at}/cancel', headers=as_chief)).json()['status'] == 'cancelled'
    assert (await client.delete(at, headers=as_chief)).status_code == 204
    for answer in (await client.get(at, headers=as_chief), await client.delete(at, headers=as_chief)):
        assert answer.status_code == 404
    assert [row['id'] for row in (await client.get('/tasks/bin', headers=as_chief)).json()['items']] == [task['id']]
    assert (await client.post(f'{at}/restore', headers=as_chief)).status_code == 200
    assert (await client.get(at, headers=as_chief)).status_code == 200


@pytest.mark.parametrize(
    'body',
    [{}, {'title': ''}, {'title': ' '}, {'title': 'x' * 201}, {'title': 'A', 'size': 1}, {'title': 'A', 'status': 'x'},
     {'title': 'A', 'due': 'soon'}, {'title': 'A', 'due': '0001-01-01'}, {'title': 'A', 'progress': 101},
     {'title': 'A', 'priority': 'huge'}, {'title': 'A', 'repeat': {'rule': 'FREQ=DAILY'}},
     {'title': 'A', 'due': '2026-12-24', 'repeat': {'rule': 'FREQ=SECONDLY'}}, {'title': 'A', 'zone': 'Mars/Base'},
     {'title': 'A', 'start': '2026-12-25', 'due': '2026-12-24'}, {'title': 'A', 'estimate_minutes': -1}],
)  # fmt: skip
async def test_what_cannot_be_taken_is_refused_in_words(client, as_chief, body):
    answer = await client.post('/tasks', json=body, headers=as_chief)
    assert answer.status_code == 422, answer.text
    assert answer.json()['errors'] or answer.json()['detail']
    assert (await client.get('/tasks', headers=as_chief)).json()['total'] == 0


async def test_what_no_database_takes_is_refused_and_no_fault_of_ours(client, as_chief):
    sent = {'content': b'{"title": "half \\ud800"}', 'headers': as_chief | {'Content-Type': 'application/json'}}
    answer = await client.post('/tasks', **sent)
    assert (answer.status_code, 'half of a letter' in answer.text) == (422, True)
    at = f'/tasks/{(await made(client, as_chief))["id"]}'
    for far in ('0001-01-01T00:00:00+14:00', '9999-12-31T23:59:59-14:00', '9999-12-31T23:59:59'):
        for part, body in (
            ('reminders', {'kind': 'at', 'at': far}), ('steps', {'title': 'A', 'due_on': far[:10]}),
            ('time', {'minutes': 5, 'worked_on': far[:10]}),
        ):  # fmt: skip
            answer = await client.post(f'{at}/{part}', json=body, headers=as_chief)
            assert (answer.status_code, '1970 and 2199' in answer.text) == (422, True), answer.text
    for due in ('0001-01-01..9999-12-31', '0001-01-01', '9999-12-31', '..9999-12-31'):
        assert (await client.get(f'/tasks?due={due}', headers=as_chief)).status_code == 200


async def test_the_list_is_paged_sorted_filtered_and_searched(client, as_chief, chief):
    for title, priority, due in (('A', 'low', '2026-12-01'), ('B', 'urgent', None), ('C', 'high', '2026-11-01')):
        await made(client, as_chief, title=title, priority=priority, **({'due': due} if due else {}))
    await made(client, as_chief, title='D', assignee_ids=[str(chief.member_id)], status='in_progress')

    async def titles(query):
        answer = await client.get(f'/tasks?{query}', headers=as_chief)
        assert answer.status_code == 200, answer.text
        return [one['title'] for one in answer.json()['items']]

    assert await titles('sort=due') == ['C', 'A', 'B', 'D']
    assert await titles('sort=-priority&page_size=2') == ['B', 'C']
    assert await titles('sort=title&page_size=2&page=2') == ['C', 'D']
    assert await titles('status=in_progress') == ['D']
    assert await titles('priority=low,high') == ['A', 'C']
    assert await titles(f'assignee={chief.member_id}') == ['D']
    assert await titles('assignee=me') == ['D']
    assert await titles('due=2026-11-01') == ['C']
    assert await titles('q=t-2') == ['B']
    for query in ('page_size=101', 'page=0', 'sort=size', 'status=x', 'due=soon', 'size=1', 'list=x'):
        assert (await client.get(f'/tasks?{query}', headers=as_chief)).status_code == 422, query


async def test_lists_columns_and_moves(client, as_chief, as_member):
    station = (
        await client.post('/tasks/lists', json={'title': 'Station', 'visibility': 'organization'}, headers=as_chief)
    ).json()
    at = f'/tasks/lists/{station["id"]}'
    columns = (await client.get(f'{at}/columns', headers=as_member)).json()
    assert [column['title'] for column in columns] == ['Pending', 'In progress', 'Completed']
    one, two = [await made(client, as_member, title=title, list_id=station['id']) for title in ('1', '2')]
    body = {'after': one['id'], 'column': columns[0]['id'], 'from_column': columns[0]['id']}
    assert (await client.patch(f'/tasks/{two["id"]}/move', json=body, headers=as_member)).status_code == 200
    lanes = (await client.get(f'{at}/board', headers=as_member)).json()['lanes']
    assert [card['title'] for card in lanes[0]['cards']] == ['2', '1']
    body = {'column': columns[2]['id'], 'from_column': columns[0]['id']}
    moved = await client.patch(f'/tasks/{two["id"]}/move', json=body, headers=as_member)
    assert moved.json()['status'] == 'completed'
    assert (await client.patch(f'/tasks/{two["id"]}/move', json=body, headers=as_chief)).status_code == 409
    assert (await client.patch(at, json={'title': 'X'}, headers=as_member)).status_code == 403
    renamed = await client.patch(at, json={'title': 'House', 'version': station['version']}, headers=as_chief)
    assert (renamed.json()['title'], renamed.json()['visibility']) == ('House', 'organization')
    extra = await client.post(f'{at}/columns', json={'title': 'Review', 'kind': 'started'}, headers=as_chief)
    assert extra.status_code == 201
    limited = await client.patch(f'/tasks/columns/{extra.json()["id"]}', json={'wip_limit': 1}, headers=as_chief)
    assert (limited.json()['wip_limit'], limited.json()['title']) == (1, 'Review')
    assert (await client.delete(f'/tasks/columns/{extra.json()["id"]}', headers=as_chief)).status_code == 204
    assert (await client.delete(at, headers=as_chief)).json()['is_archived'] is True
    assert (await client.get('/tasks', headers=as_member)).json()['total'] == 0
    assert (await client.post(f'{at}/restore', headers=as_chief)).json()['is_archived'] is False


async def test_checklist_time_reminders_repeat_and_comments(client, as_chief):
    task = await made(client, as_chief, due='2199-06-01')
    at = f'/tasks/{task["id"]}'
    stepped = await client.post(f'{at}/steps', json={'title': 'Unroll'}, headers=as_chief)
    step = f'/tasks/steps/{stepped.json()["checklist"][0]["id"]}'
    assert (await client.patch(step, json={'is_done': True}, headers=as_chief)).status_code == 204
    timed = await client.post(f'{at}/time', json={'minutes': 15}, headers=as_chief)
    assert timed.status_code == 201
    reminded = await client.post(f'{at}/reminders', json={'offset_minutes': 60}, headers=as_chief)
    assert reminded.status_code == 201, reminded.text
    repeated = await client.put(f'{at}/repeat', json={'rule': 'FREQ=WEEKLY'}, headers=as_chief)
    assert repeated.json()['words'] == 'Every week'
    now = (await client.get(at, headers=as_chief)).json()
    assert (now['steps_done'], now['spent_minutes'], now['is_recurring']) == (1, 15, True)
    said = await client.post(f'{at}/comments', json={'body': '<p>Soon</p>'}, headers=as_chief)
    assert said.status_code == 201, said.text
    assert (await client.delete(f'{at}/repeat', headers=as_chief)).status_code == 204
    assert (await client.get(f'{at}/repeat', headers=as_chief)).json() is None


async def test_a_repeated_request_under_one_key_adds_one_task(client, as_chief):
    sent = as_chief | {'Idempotency-Key': 'one'}
    one, two = [await client.post('/tasks', json={'title': 'A'}, headers=sent) for _ in range(2)]
    assert one.json()['id'] == two.json()['id']
    assert (await client.get('/tasks', headers=as_chief)).json()['total'] == 1

"""Many tasks by the API: quick add, bulk, undo, import, export, and calendar feeds (rule 17)."""

import asyncio

import pytest

from logic.core.tabular import write_xlsx


async def titles(client, headers):
    return [row['title'] for row in (await client.get('/tasks?sort=title', headers=headers)).json()['items']]


async def test_quick_add_is_read_added_and_undone(client, as_chief):
    body = {'text': 'Check hose due friday !high *gear\n  Unroll\nCall @nobody'}
    read = await client.post('/tasks/quick-add/parse', json=body, headers=as_chief)
    assert [line['title'] for line in read.json()] == ['Check hose', 'Unroll', 'Call @nobody']
    assert await titles(client, as_chief) == []
    made = await client.post('/tasks/quick-add', json=body, headers=as_chief)
    assert (made.status_code, len(made.json()['task_ids']), len(made.json()['unresolved'])) == (201, 3, 1)
    undone = await client.post(f'/tasks/batches/{made.json()["batch_id"]}/undo', headers=as_chief)
    assert (undone.json()['changed'], undone.json()['raw_text']) == (3, body['text'])
    assert (await client.post(f'/tasks/batches/{made.json()["batch_id"]}/undo', headers=as_chief)).status_code == 409


async def test_ten_thousand_lines_are_refused_at_once(client, as_chief):
    answer = await client.post('/tasks/quick-add', json={'text': 'A\n' * 10_000}, headers=as_chief)
    assert answer.status_code == 422
    assert 'At most 200 tasks' in answer.json()['detail']


async def test_many_are_changed_and_what_is_foreign_left_alone(client, as_chief, as_member):
    ids = [(await client.post('/tasks', json={'title': title}, headers=as_chief)).json()['id'] for title in 'AB']
    body = {'task_ids': ids, 'action': 'status', 'status': 'completed'}
    assert (await client.post('/tasks/bulk', json=body, headers=as_member)).json()['changed'] == 0
    done = (await client.post('/tasks/bulk', json=body, headers=as_chief)).json()
    assert (done['changed'], done['refused']) == (2, [])
    assert (await client.get(f'/tasks/{ids[0]}', headers=as_chief)).json()['status'] == 'completed'
    assert (await client.get('/tasks/batches', headers=as_chief)).json()[0]['changed_count'] == 2
    assert (await client.post(f'/tasks/batches/{done["batch_id"]}/undo', headers=as_member)).status_code == 404
    wrong = {'task_ids': ids, 'action': 'status'}
    assert (await client.post('/tasks/bulk', json=wrong, headers=as_chief)).status_code == 422


async def test_an_import_says_first_what_it_would_do(client, as_chief):
    files = {'file': ('tasks.csv', b'Title,Due\nA,2026-12-24\nB,soon\n', 'text/csv')}
    plan = await client.post('/tasks/import?dry_run=true', files=files, headers=as_chief)
    assert plan.status_code == 200, plan.text
    assert (plan.json()['new_count'], plan.json()['rows'][0]['place'], await titles(client, as_chief)) == (2, 3, [])
    done = (await client.post('/tasks/import', files=files, headers=as_chief)).json()
    assert await titles(client, as_chief) == ['A', 'B']
    await client.post(f'/tasks/batches/{done["batch_id"]}/undo', headers=as_chief)
    assert await titles(client, as_chief) == []


async def test_a_table_with_headers_of_its_own_is_imported_by_naming_its_columns(client, as_chief):
    files = {'file': ('jobs.csv', b'Zu tun,Ende\nRake,03/04/2026\n', 'text/csv')}
    refused = await client.post('/tasks/import?dry_run=true', files=files, headers=as_chief)
    assert (refused.status_code, 'Zu tun, Ende' in refused.text) == (422, True)
    for wrong in ('title=Nix', 'title=Ende,title=Zu%20tun', 'due=Ende', 'title', 'title=Zu%20tun,due=Ende'):
        answer = await client.post(f'/tasks/import?columns={wrong}', files=files, headers=as_chief)
        assert answer.status_code == 422, wrong
    asked = 'columns=title=zu%20tun,due=Ende&date_order=dmy'
    done = await client.post(f'/tasks/import?{asked}', files=files, headers=as_chief)
    assert (done.json()['new_count'], done.json()['rows']) == (1, [])
    (task,) = (await client.get('/tasks', headers=as_chief)).json()['items']
    assert (task['title'], task['due']) == ('Rake', '2026-04-03')


async def test_others_write_while_a_file_to_import_is_read_and_its_sender_has_one_read_at_a_time(
    client, as_chief, as_member
):
    content = write_xlsx(['Title', 'Notes'], [[f'Task {n}', 'x' * 5000] for n in range(5000)])
    sent = as_member | {'X-File-Name': 'many.xlsx'}
    imports = [asyncio.create_task(client.post('/tasks/import', content=content, headers=sent)) for _ in range(3)]
    ended = asyncio.as_completed(imports)
    assert [(await next(ended)).status_code for _ in range(2)] == [409, 409]
    assert (await client.post('/tasks', json={'title': 'A'}, headers=as_chief)).status_code == 201
    assert [one.done() for one in imports].count(False) == 1
    assert (await next(ended)).status_code == 422
    assert (await client.post('/tasks/import', content=b'Title\nB\n', headers=as_member)).status_code in {200, 201}


async def test_an_import_repeated_under_one_key_is_taken_once(client, as_chief):
    files = {'file': ('tasks.csv', b'Title\nA\nB\n', 'text/csv')}
    sent = as_chief | {'Idempotency-Key': 'tasks-1'}
    answers = [await client.post('/tasks/import', files=files, headers=sent) for _ in range(2)]
    assert answers[0].json()['batch_id'] == answers[1].json()['batch_id'] is not None
    assert await titles(client, as_chief) == ['A', 'B']
    other = {'file': ('tasks.csv', b'Title\nC\n', 'text/csv')}
    assert (await client.post('/tasks/import', files=other, headers=sent)).status_code == 422


@pytest.mark.parametrize(('kind', 'begins'), [('csv', b'\xef\xbb\xbf'), ('xlsx', b'PK'), ('json', b'{')])
async def test_an_export_is_a_file(client, as_chief, kind, begins):
    await client.post('/tasks', json={'title': 'A'}, headers=as_chief)
    answer = await client.get(f'/tasks/export?format={kind}&status=open', headers=as_chief)
    assert answer.status_code == 200, answer.text
    assert answer.headers['Content-Disposition'] == f'attachment; filename="tasks.{kind}"'
    assert answer.content.startswith(begins) or kind == 'csv'


async def test_rule_17_a_feed_is_read_without_signing_in_until_it_is_revoked(client, as_chief):
    await client.post('/tasks', json={'title': 'A', 'due': '2026-12-24'}, headers=as_chief)
    made = (await client.post('/tasks/feed', headers=as_chief)).json()
    path = made['path'].removeprefix('/api/v1')
    feed = await client.get(path)
    assert (feed.status_code, feed.headers['Content-Type']) == (200, 'text/calendar; charset=utf-8')
    assert 'BEGIN:VTODO' in feed.text
    same = await client.get(path, headers={'If-None-Match': feed.headers['ETag']})
    assert (same.status_code, same.content) == (304, b'')
    assert 'BEGIN:VEVENT' in (await client.get(f'{path}&events=true')).text
    assert (await client.get('/tasks/feed', headers=as_chief)).json()['exists'] is True
    assert (await client.delete('/tasks/feed', headers=as_chief)).status_code == 204
    assert (await client.get(path)).status_code == 404
    assert (await client.get('/tasks/feed.ics')).status_code == 422


async def test_a_list_is_kept_as_a_template_and_made_again(client, as_chief, as_member):
    made = (await client.post('/tasks/lists', json={'title': 'Year'}, headers=as_chief)).json()
    await client.post('/tasks', json={'title': 'A', 'list_id': made['id']}, headers=as_chief)
    at = f'/tasks/lists/{made["id"]}'
    assert (await client.get(f'{at}/figures', headers=as_chief)).json()['pending'] == 1
    assert (await client.get(f'{at}/figures', headers=as_member)).status_code == 404
    kept = await client.post(f'{at}/template', json={'title': 'Yearly'}, headers=as_chief)
    assert kept.status_code == 201, kept.text
    (template,) = (await client.get('/tasks/templates', headers=as_member)).json()
    assert template['task_count'] == 1
    path = f'/tasks/templates/{template["id"]}'
    again = await client.post(f'{path}/lists', json={'title': 'Next year'}, headers=as_member)
    assert (again.status_code, again.json()['open_count']) == (201, 1)
    assert (await client.delete(path, headers=as_member)).status_code == 403
    assert (await client.delete(path, headers=as_chief)).status_code == 204

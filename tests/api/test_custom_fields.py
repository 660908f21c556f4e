"""Custom fields by the API: which there are, on tasks as on people, read, written and filtered by."""

import pytest


@pytest.fixture
async def rig(client, as_chief):
    body = {'record': 'Task', 'name': 'Rig', 'kind': 'choice', 'options': ['Engine 2', 'Ladder 3']}
    answer = await client.post('/custom-fields', json=body, headers=as_chief)
    assert answer.status_code == 201, answer.text
    return answer.json()['id']


async def test_fields_are_listed_by_the_kind_of_their_records(client, as_chief, as_member, rig):
    answer = (await client.get('/custom-fields', params={'record': 'Task'}, headers=as_member)).json()
    assert [(one['id'], one['name'], one['options']) for one in answer['items']] == [
        (rig, 'Rig', ['Engine 2', 'Ladder 3'])
    ]
    assert (await client.get('/custom-fields', params={'record': 'Member'}, headers=as_chief)).json()['total'] == 0
    assert (await client.get('/custom-fields', headers=as_chief)).status_code == 422
    assert (await client.get('/custom-fields', params={'record': 'TaskList'}, headers=as_chief)).status_code == 404


async def test_a_task_is_written_read_and_found_by_a_field(client, as_chief, rig):
    made = await client.post('/tasks', json={'title': 'Pump', 'custom': {rig: 'engine 2'}}, headers=as_chief)
    assert (made.status_code, made.json()['custom']) == (201, {rig: 'Engine 2'})
    at = f'/tasks/{made.json()["id"]}'
    changed = await client.patch(at, json={'custom': {rig: 'Ladder 3'}}, headers=as_chief)
    assert changed.json()['custom'] == {rig: 'Ladder 3'}
    assert changed.json()['version'] == made.json()['version'] + 1
    for value, total in (('Ladder 3', 1), ('Engine 2', 0), ('Engine 2,Ladder 3', 1), ('none', 0)):
        page = (await client.get('/tasks', params={f'field:{rig}': value}, headers=as_chief)).json()
        assert (page['total'], [one['custom'] for one in page['items']]) == (total, [{rig: 'Ladder 3'}] * total)
    refused = await client.patch(at, json={'custom': {rig: 'Boat'}}, headers=as_chief)
    assert (refused.status_code, list(refused.json()['errors'])) == (422, [rig])
    assert (await client.get('/tasks', params={'field:x': '1'}, headers=as_chief)).status_code == 422


async def test_replacing_a_task_empties_the_fields_that_are_left_out(client, as_chief, rig):
    made = await client.post('/tasks', json={'title': 'Pump', 'custom': {rig: 'Engine 2'}}, headers=as_chief)
    at = f'/tasks/{made.json()["id"]}'
    put = await client.put(at, json={'title': 'Pump', 'custom': {rig: 'Ladder 3'}}, headers=as_chief)
    assert put.json()['custom'] == {rig: 'Ladder 3'}
    assert (await client.put(at, json={'title': 'Pump'}, headers=as_chief)).json()['custom'] == {}


async def test_only_who_manages_the_fields_of_a_module_changes_them(client, as_chief, as_member, as_stranger, rig):
    body = {'record': 'Task', 'name': 'Cost', 'kind': 'number'}
    assert (await client.post('/custom-fields', json=body, headers=as_member)).status_code == 403
    at = f'/custom-fields/{rig}'
    for headers in (as_member, as_stranger):
        assert (await client.patch(at, json={'name': 'Mine'}, headers=headers)).status_code == 404
    renamed = await client.patch(at, json={'name': 'Vehicle', 'is_archived': True}, headers=as_chief)
    assert (renamed.json()['name'], renamed.json()['options']) == ('Vehicle', ['Engine 2', 'Ladder 3'])
    assert renamed.json()['archived_at']
    assert (await client.get('/custom-fields', params={'record': 'Task'}, headers=as_chief)).json()['total'] == 0
    assert (await client.patch(at, json={'name': 'Old', 'version': 1}, headers=as_chief)).status_code == 409

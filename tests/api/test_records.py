"""Departments, companies, positions, keys and the audit log by the API."""

import pytest


async def test_the_department_is_read_and_changed(client, as_chief, chief):
    [own] = (await client.get('/organizations', headers=as_chief)).json()['items']
    at = f'/organizations/{own["id"]}'
    before = (await client.get(at, headers=as_chief)).json()
    after = await client.patch(at, json={'phone': '555 0100', 'version': before['version']}, headers=as_chief)
    assert after.json() == before | {
        'phone': '555 0100',
        'version': before['version'] + 1,
        'updated_at': after.json()['updated_at'],
    }
    stale = await client.patch(at, json={'phone': '1', 'version': before['version']}, headers=as_chief)
    assert stale.status_code == 409
    wrong = await client.patch(at, json={'zone': 'Nowhere/Else', 'brand_colour': '#ffffff'}, headers=as_chief)
    assert (wrong.status_code, set(wrong.json()['errors'])) == (422, {'zone', 'brand_colour'})


async def test_companies_are_added_changed_and_archived_but_the_last(client, as_chief):
    made = await client.post('/companies', json={'name': 'Riverside Ambulance'}, headers=as_chief)
    assert made.status_code == 201
    assert (await client.post('/companies', json={'name': 'Riverside Ambulance'}, headers=as_chief)).status_code == 409
    at = f'/companies/{made.json()["id"]}'
    changed = await client.patch(at, json={'tax_id': '12-3456789'}, headers=as_chief)
    assert (changed.json()['name'], changed.json()['tax_id']) == ('Riverside Ambulance', '12-3456789')
    listed = (await client.get('/companies?q=ambulance', headers=as_chief)).json()
    assert listed['total'] == 1
    for one in (await client.get('/companies', headers=as_chief)).json()['items']:
        last = await client.delete(f'/companies/{one["id"]}', headers=as_chief)
    assert last.status_code == 409


async def test_positions_are_made_given_taken_and_removed(client, as_chief, member):
    body = {'name': 'Chaplain', 'permissions': ['members.view'], 'priority': 20}
    made = (await client.post('/positions', json=body, headers=as_chief)).json()
    at = f'/positions/{made["id"]}'
    changed = await client.patch(at, json={'description': 'Comforts.'}, headers=as_chief)
    assert changed.json() == made | {'description': 'Comforts.', 'version': changed.json()['version']}
    held = await client.post(f'{at}/holders', json={'member_id': str(member.member_id)}, headers=as_chief)
    assert held.status_code == 201
    assert [one['id'] for one in (await client.get(f'{at}/holders', headers=as_chief)).json()] == [held.json()['id']]
    assert (await client.delete(at, headers=as_chief)).status_code == 409
    assert (await client.delete(f'{at}/holders/{held.json()["id"]}', headers=as_chief)).status_code == 204
    assert (await client.delete(at, headers=as_chief)).status_code == 204
    unknown = await client.post('/positions', json=body | {'permissions': ['fly']}, headers=as_chief)
    assert (unknown.status_code, set(unknown.json()['errors'])) == (422, {'permissions'})


async def test_permissions_are_listed_with_what_they_allow(client, as_member):
    rows = (await client.get('/permissions', headers=as_member)).json()
    assert {'name': 'members.view', 'label': 'See the directory', 'module': 'Members'} in rows


async def test_a_key_is_shown_once_and_can_be_replaced(client, as_chief):
    body = {'name': 'Nightly', 'scopes': ['members.view'], 'networks': ['127.0.0.0/8']}
    made = (await client.post('/api-keys', json=body, headers=as_chief)).json()
    listed = await client.get('/api-keys', headers=as_chief)
    assert made['key'] not in listed.text
    assert listed.json()['items'][0]['networks'] == ['127.0.0.0/8']
    new = (await client.post(f'/api-keys/{made["id"]}/rotate', headers=as_chief)).json()
    for text, status in ((made['key'], 401), (new['key'], 200)):
        answer = await client.get('/auth/me', headers={'Authorization': f'Bearer {text}'})
        assert answer.status_code == status
    much = await client.post('/api-keys', json=body | {'scopes': ['fly.high']}, headers=as_chief)
    assert (much.status_code, set(much.json()['errors'])) == (422, {'scopes'})


async def test_the_audit_log_tells_proves_and_verifies(client, as_chief):
    made = (await client.post('/members', json={'first_name': 'Ann'}, headers=as_chief)).json()
    listed = (await client.get(f'/audit?object={made["id"]}&object_type=Member', headers=as_chief)).json()
    [entry] = listed['items']
    assert (entry['action'], entry['actor_name'], entry['method']) == ('members.add_member', 'Elena Rossi', 'password')
    proof = (await client.get(f'/audit/{entry["seq"]}', headers=as_chief)).json()
    assert proof['entry'] == entry
    assert '"path"' in proof['document']
    verdicts = (await client.post('/audit/verify', headers=as_chief)).json()
    assert all(verdict['is_intact'] for verdict in verdicts)
    assert (await client.get('/audit/99999999', headers=as_chief)).status_code == 404


@pytest.mark.parametrize('path', ['/nothing', '/members/not-an-id', '/audit/-1', '/members/%00', '/members//', '/'])
async def test_an_address_that_does_not_exist_answers_404_in_our_form(client, as_chief, path):
    answer = await client.get(path, headers=as_chief)
    assert answer.status_code == 404
    assert set(answer.json()) == {'detail', 'errors'}


async def test_a_wrong_method_answers_405(client, as_chief):
    answer = await client.put('/members', json={}, headers=as_chief)
    assert answer.status_code == 405
    assert set(answer.json()) == {'detail', 'errors'}

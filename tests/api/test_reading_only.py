"""A key that may only read, and a program that is no member, by the API: what they are refused (rule 1), what stays."""

from dataclasses import replace

import pytest

from data.core import new_id, now
from logic.core import config
from logic.core.config import Settings
from logic.identity import positions, service_accounts
from logic.identity.api_keys import ApiKeyInput
from logic.identity.service_accounts import ServiceInput

SHEET = b'name,phone\n1,2'


@pytest.fixture(autouse=True)
def folder(secrets):
    config.configure(Settings(_env_file=None, data_dir=secrets))
    yield
    config.configure(None)


def with_key(answer) -> dict[str, str]:
    assert answer.status_code == 201, answer.text
    return {'Authorization': f'Bearer {answer.json()["key"]}'}


async def test_a_key_to_read_tasks_writes_nothing_on_one_while_its_owner_does(client, as_chief):
    wanted = {'name': 'Board', 'scopes': ['tasks.view', 'members.view']}
    key = with_key(await client.post('/api-keys', json=wanted, headers=as_chief))
    task, other = [(await client.post('/tasks', json={'title': one}, headers=as_chief)).json()['id'] for one in 'AB']
    at, named = f'/tasks/{task}', {'X-File-Name': 'roster.csv'}
    file = (await client.post(f'{at}/attachments', content=SHEET, headers=as_chief | named)).json()['id']
    said = (await client.post(f'{at}/comments', json={'body': 'Mine'}, headers=as_chief)).json()
    assert (await client.get(at, headers=key)).status_code == 200
    for method, path, body in (
        ('POST', '/comments', {'json': {'body': 'By a key'}}),
        ('PATCH', f'/comments/{said["id"]}', {'json': {'body': 'Forged', 'version': said['version']}}),
        ('DELETE', f'/comments/{said["id"]}', {}),
        ('POST', '/attachments', {'content': SHEET}),
        ('PATCH', f'/attachments/{file}', {'json': {'name': 'evil.csv'}}),
        ('DELETE', f'/attachments/{file}', {}),
        ('POST', '/links', {'json': {'record': 'Task', 'record_id': other}}),
    ):
        answer = await client.request(method, at + path, headers=key | named, **body)
        assert answer.status_code == 403, (method, path, answer.text)
    assert [one['body'] for one in (await client.get(f'{at}/comments', headers=key)).json()['items']] == ['Mine']
    files = (await client.get(f'{at}/attachments', headers=key)).json()['items']
    assert [one['name'] for one in files] == ['roster.csv']
    linked = await client.post(f'{at}/links', json={'record': 'Task', 'record_id': other}, headers=as_chief)
    assert linked.status_code == 201


async def test_rule_1_a_program_neither_sees_nor_manages_a_list_that_is_shared_with_a_position(client, chief, as_chief):
    held = {row.name: row.id for row in await positions.list_positions(chief)}
    fresh = replace(chief, session_id=new_id(), authenticated_at=now())
    service = ServiceInput(name='Relay', position_ids=frozenset({held['Member']}))
    made = await service_accounts.add_service_account(fresh, service)
    wanted = ApiKeyInput(name='Nightly', scopes=frozenset({'tasks.view', 'tasks.add'}))
    relay = {'Authorization': f'Bearer {(await service_accounts.add_service_key(fresh, made, wanted)).text}'}
    body = {'title': 'Treasurers only', 'visibility': 'shared'}
    listed = (await client.post('/tasks/lists', json=body, headers=as_chief)).json()['id']
    share = {'position_id': str(held['Treasurer']), 'level': 'manage'}
    assert (await client.post(f'/tasks/lists/{listed}/shares', json=share, headers=as_chief)).status_code == 201
    body = {'title': 'Settle the case', 'list_id': listed}
    task = (await client.post('/tasks', json=body, headers=as_chief)).json()['id']
    assert (await client.get('/tasks/lists', headers=relay)).json()['items'] == []
    for method, path, sent in (
        ('GET', f'/tasks/{task}', None),
        ('PATCH', f'/tasks/{task}', {'title': 'By a program'}),
        ('DELETE', f'/tasks/{task}', None),
        ('POST', f'/tasks/lists/{listed}/shares', {'member_id': str(chief.member_id), 'level': 'manage'}),
        ('DELETE', f'/tasks/lists/{listed}', None),
    ):
        answer = await client.request(method, path, json=sent, headers=relay)
        assert answer.status_code == 404, (method, path, answer.text)
    assert (await client.get(f'/tasks/{task}', headers=as_chief)).json()['title'] == 'Settle the case'

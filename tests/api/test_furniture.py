"""Comments, watchers and links of a record by the API, and what an attacker gets from them."""

from uuid import uuid4

import pytest

from data.members import Member
from logic import members
from logic.members import MemberInput

EVIL = [
    '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '<svg/onload=alert(1)>',
    '<a href="javascript:x">a</a>',
    '<a href="data:text/html,x">a</a>', '<iframe srcdoc="x">', '<p style="position:fixed">x</p>', '<p onclick=x>x</p>',
    '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>', '<a href="//evil.example">a</a>',
    '<span data-mention="member:x" onclick=x>x</span>', '<form action=/x><input></form>', '<base href=//evil.example>',
]  # fmt: skip


@pytest.fixture
async def person(chief) -> Member:
    return await members.add_member(chief, MemberInput(first_name='Marcus', last_name='Bell'))


async def test_a_comment_is_made_read_edited_deleted_and_restored(client, as_chief, person):
    at = f'/members/{person.id}/comments'
    made = await client.post(at, json={'body': '<p>One</p>'}, headers=as_chief)
    assert made.status_code == 201
    one = f'{at}/{made.json()["id"]}'
    changed = await client.patch(one, json={'body': '<p>Two</p>', 'version': 1}, headers=as_chief)
    assert (changed.status_code, changed.json()['body']) == (200, '<p>Two</p>')
    stale = await client.patch(one, json={'body': '<p>Three</p>', 'version': 1}, headers=as_chief)
    assert stale.status_code == 409
    assert [row['body'] for row in (await client.get(f'{one}/earlier', headers=as_chief)).json()] == ['<p>One</p>']
    assert (await client.delete(one, headers=as_chief)).status_code == 204
    listed = (await client.get(at, headers=as_chief)).json()
    assert (listed['total'], listed['items'][0]['body'], listed['items'][0]['is_deleted']) == (1, '', True)
    assert (await client.post(f'{one}/restore', headers=as_chief)).json()['body'] == '<p>Two</p>'
    also = await client.get(f'/employees/{person.id}/comments?page_size=1', headers=as_chief)
    assert also.json()['total'] == 1


async def test_a_repeated_post_under_one_key_says_it_once(client, as_chief, person):
    at, headers = f'/members/{person.id}/comments', as_chief | {'Idempotency-Key': 'once'}
    for _ in range(2):
        assert (await client.post(at, json={'body': 'Hello'}, headers=headers)).status_code == 201
    assert (await client.get(at, headers=as_chief)).json()['total'] == 1


@pytest.mark.parametrize('evil', EVIL)
async def test_nothing_that_runs_is_ever_answered(client, as_chief, person, evil):
    made = await client.post(f'/members/{person.id}/comments', json={'body': f'<p>x</p>{evil}'}, headers=as_chief)
    assert made.status_code == 201
    body = made.json()['body'].lower()
    for word in (
        'script',
        'onerror',
        'onload',
        'onclick',
        'style',
        'iframe',
        'evil.example',
        'data:',
        '<form',
        '<base',
    ):
        assert word not in body


@pytest.mark.parametrize('body', ['', '   ', '<p></p>', 'x' * 40_001, '<b>' * 9_000 + 'x'])
async def test_a_body_that_is_empty_or_too_long_is_refused(client, as_chief, person, body):
    assert (
        await client.post(f'/members/{person.id}/comments', json={'body': body}, headers=as_chief)
    ).status_code == 422


async def test_a_mention_of_who_may_not_see_the_record_is_answered_with_a_note(client, as_chief, member, person):
    body = f'<p><span data-mention="member:{member.member_id}">@Jide</span></p>'
    made = (await client.post(f'/members/{person.id}/comments', json={'body': body}, headers=as_chief)).json()
    assert made['notes'] == ['Jide Okafor may not see this, and is not told.']
    assert 'data-mention' not in made['body']


async def test_foreign_records_answer_as_if_there_were_none(client, as_chief, as_member, as_stranger, person):
    made = (await client.post(f'/members/{person.id}/comments', json={'body': 'Hello'}, headers=as_chief)).json()
    other = (await client.get('/members', headers=as_stranger)).json()['items'][0]['id']
    link = {'record': 'Member', 'record_id': str(person.id)}
    for headers in (as_stranger, as_member):
        root = f'/members/{person.id}'
        asked = [
            ('GET', f'{root}/comments', None), ('POST', f'{root}/comments', {'body': 'x'}),
            ('GET', f'{root}/comments/{made["id"]}', None), ('PATCH', f'{root}/comments/{made["id"]}', {'body': 'x'}),
            ('DELETE', f'{root}/comments/{made["id"]}', None), ('POST', f'{root}/comments/{made["id"]}/restore', None),
            ('GET', f'{root}/comments/{made["id"]}/earlier', None), ('GET', f'{root}/watchers', None),
            ('GET', f'{root}/watching', None), ('PUT', f'{root}/watching', {'is_on': True}),
            ('GET', f'{root}/links', None), ('POST', f'{root}/links', link),
            ('DELETE', f'{root}/links/{uuid4()}', None),
        ]  # fmt: skip
        for method, path, sent in asked:
            answer = await client.request(method, path, json=sent, headers=headers)
            assert answer.status_code == 404, (method, path, answer.text)
    through_own = await client.get(f'/members/{other}/comments/{made["id"]}', headers=as_stranger)
    assert through_own.status_code == 404
    linked = await client.post(f'/members/{other}/links', json=link, headers=as_stranger)
    assert linked.status_code == 404
    assert (await client.get(f'/members/{person.id}/comments', headers=as_chief)).json()['items'][0]['body'] == 'Hello'


async def test_watching_is_switched_by_the_api(client, as_chief, person):
    at = f'/members/{person.id}/watching'
    assert (await client.get(at, headers=as_chief)).json() == {'is_on': False, 'reason': None, 'others': 0}
    assert (await client.put(at, json={'is_on': True}, headers=as_chief)).json()['reason'] == 'chosen'
    [row] = (await client.get(f'/members/{person.id}/watchers', headers=as_chief)).json()
    assert row['name'] == 'Elena Rossi'
    assert (await client.put(at, json={'is_on': False}, headers=as_chief)).json()['is_on'] is False


async def test_records_are_linked_from_both_sides_by_the_api(client, as_chief, chief, person):
    body = {'record': 'Member', 'record_id': str(chief.member_id)}
    made = await client.post(f'/members/{person.id}/links', json=body, headers=as_chief)
    assert (made.status_code, made.json()['title']) == (201, 'Elena Rossi')
    [back] = (await client.get(f'/members/{chief.member_id}/links', headers=as_chief)).json()
    assert back['title'] == 'Marcus Bell'
    gone = await client.delete(f'/members/{chief.member_id}/links/{back["id"]}', headers=as_chief)
    assert gone.status_code == 204
    assert (await client.get(f'/members/{person.id}/links', headers=as_chief)).json() == []

"""How often somebody may call, counted on one node or on many."""

import pytest
from limits import RateLimitItemPerMinute
from structlog.testing import capture_logs

from logic import organizations
from ui import limits
from ui.limits import Counter

THREE = RateLimitItemPerMinute(3)


@pytest.mark.usefixtures('still')
async def test_the_department_sets_how_often_a_signed_in_caller_may_call(client, as_chief, as_member, chief):
    await organizations.change_settings(chief, requests_per_minute=10)
    limits.forget()
    statuses = [(await client.get('/permissions', headers=as_chief)).status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]
    other = await client.get('/permissions', headers=as_member)
    assert other.status_code == 200, 'each caller has a limit of his own'
    assert (other.headers['RateLimit-Limit'], other.headers['RateLimit-Remaining']) == ('10', '9')


@pytest.mark.usefixtures('still')
async def test_a_refused_call_says_when_to_go_on(client, as_chief, chief):
    await organizations.change_settings(chief, requests_per_minute=10)
    limits.forget()
    for _ in range(11):
        answer = await client.post('/members', json={'first_name': 'Ann'}, headers=as_chief)
    assert answer.status_code == 429
    assert 0 < int(answer.headers['Retry-After']) <= 60
    assert set(answer.json()) == {'detail', 'errors'}


@pytest.mark.usefixtures('still')
async def test_a_wrong_token_is_counted_by_its_address(client, house):
    for _ in range(60):
        await client.get('/members', headers={'Authorization': 'Bearer wrong'})
    with capture_logs() as logged:
        assert (await client.get('/members', headers={'Authorization': 'Bearer wrong'})).status_code == 429
    assert [(entry['event'], entry['who']) for entry in logged] == [('limits.refused', 'stranger')]


async def test_two_nodes_count_together_through_redis(redis_url):
    one, two = Counter(redis_url), Counter(redis_url)
    within = [(await node.count(THREE, 'caller', 'ann'))[0] for node in (one, two, one, two)]
    assert within == [True, True, True, False]


async def test_without_redis_a_node_counts_alone():
    away = Counter('redis://127.0.0.1:1/0')
    within = [(await away.count(THREE, 'caller', 'ann'))[0] for _ in range(4)]
    assert within == [True, True, True, False]


@pytest.mark.parametrize('key', ['', ' ', 'a' * 201, 'ä'])
async def test_an_idempotency_key_that_cannot_be_kept_is_refused(client, as_chief, key):
    sent = as_chief | {'Idempotency-Key': key.encode()}
    answer = await client.post('/members', json={'first_name': 'Ann'}, headers=sent)
    assert answer.status_code == 422
    assert (await client.get('/members', headers=as_chief)).json()['total'] == 1


async def test_an_import_repeated_under_one_key_is_taken_once(client, as_chief):
    files = {'file': ('roster.csv', b'First name,Last name\nAnn,Lee\nBo,Ray\n', 'text/csv')}
    sent = as_chief | {'Idempotency-Key': 'roster-1'}
    answers = [await client.post('/members/import', files=files, headers=sent) for _ in range(2)]
    assert answers[0].json()['batch_id'] == answers[1].json()['batch_id'] is not None
    assert (await client.get('/members', headers=as_chief)).json()['total'] == 3

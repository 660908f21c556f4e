"""Signing in by the API."""

import pyotp
import pytest

from logic import setup
from logic.core.actor import Actor
from logic.identity import invitations
from tests.conftest import PASSWORD


async def test_signing_in_answers_tokens_that_tell_who_calls(client, as_chief):
    answer = await client.post('/auth/login', json={'email': 'ELENA@example.org', 'password': PASSWORD})
    assert set(answer.json()) == {'access_token', 'refresh_token', 'token_type', 'expires_in'}
    assert answer.json()['expires_in'] == 900
    me = (await client.get('/auth/me', headers=as_chief)).json()
    assert (me['email'], me['permissions'], me['organization_name']) == (
        'elena@example.org',
        ['*', 'members.view', 'tasks.add', 'tasks.view'],
        'Riverside Fire',
    )


@pytest.mark.parametrize(
    'body',
    [
        {'email': 'elena@example.org', 'password': 'wrong'},
        {'email': 'nobody@example.org', 'password': PASSWORD},
        {'email': 'elena@example.org\x00', 'password': PASSWORD},
        {'email': 'elena@example.org', 'password': '\ud800x'.encode('utf-16', 'surrogatepass').decode('latin-1')},
    ],
)
async def test_a_wrong_password_and_an_unknown_account_answer_alike(client, house, body):
    answer = await client.post('/auth/login', json=body)
    assert answer.status_code == 401
    assert answer.json() == {'detail': 'The e-mail address or the password is not right.', 'errors': {}}


async def test_a_cookie_carries_no_authority_here(client, as_chief):
    token = as_chief['Authorization'].removeprefix('Bearer ')
    answer = await client.get('/auth/me', headers={'Cookie': f'logbook={token}'})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    'header', ['', 'Bearer', 'Bearer x', 'Basic abc', 'Bearer ' + 'a' * 5000, 'Bearer lbk_live_x_y']
)
async def test_a_header_that_proves_nothing_is_refused(client, house, header):
    answer = await client.get('/auth/me', headers={'Authorization': header})
    assert answer.status_code == 401
    assert answer.headers['WWW-Authenticate'] == 'Bearer'


async def test_after_signing_out_the_token_is_worth_nothing(client, as_chief):
    assert (await client.post('/auth/logout', headers=as_chief)).status_code == 204
    assert (await client.get('/auth/me', headers=as_chief)).status_code == 401


async def test_a_refresh_token_is_replaced_by_its_use(client, house):
    first = (await client.post('/auth/login', json={'email': 'elena@example.org', 'password': PASSWORD})).json()
    second = (await client.post('/auth/refresh-token', json={'refresh_token': first['refresh_token']})).json()
    assert second['refresh_token'] != first['refresh_token']
    me = await client.get('/auth/me', headers={'Authorization': f'Bearer {second["access_token"]}'})
    assert me.status_code == 200
    assert (await client.post('/auth/refresh-token', json={'refresh_token': 'made-up'})).status_code == 401


async def test_a_second_factor_is_asked_for_and_a_code_answers_it(client, as_chief):
    begun = (await client.post('/auth/mfa/enrol', headers=as_chief)).json()
    code = pyotp.TOTP(begun['secret'])
    wrong = await client.post('/auth/mfa/confirm', json={'code': '000000'}, headers=as_chief)
    assert (wrong.status_code, set(wrong.json()['errors'])) == (422, {'code'})
    done = await client.post('/auth/mfa/confirm', json={'code': code.now()}, headers=as_chief)
    codes = done.json()['recovery_codes']
    assert len(codes) == 10
    without = await client.post('/auth/login', json={'email': 'elena@example.org', 'password': PASSWORD})
    assert (without.status_code, set(without.json()['errors'])) == (401, {'code'})
    body = {'email': 'elena@example.org', 'password': PASSWORD, 'code': codes[0]}
    assert (await client.post('/auth/login', json=body)).status_code == 200
    assert (await client.post('/auth/login', json=body)).status_code == 401, 'a recovery code works once'


async def test_the_first_department_is_registered_by_its_setup_link_only(client, database):
    body = {
        'setup_token': 'guessed',
        'organization': {'name': 'Riverside Fire'},
        'first_name': 'Elena',
        'last_name': 'Rossi',
        'email': 'elena@example.org',
        'password': PASSWORD,
    }
    assert (await client.post('/auth/register', json=body)).status_code == 403
    assert (await client.post('/auth/register', json={'password': PASSWORD})).status_code == 403
    link = await setup.new_setup_link(Actor.system())
    weak = await client.post('/auth/register', json=body | {'setup_token': link, 'password': 'short'})
    assert (weak.status_code, set(weak.json()['errors'])) == (422, {'password'})
    made = await client.post('/auth/register', json=body | {'setup_token': link})
    assert made.status_code == 201
    me = await client.get('/auth/me', headers={'Authorization': f'Bearer {made.json()["access_token"]}'})
    assert '*' in me.json()['permissions']


async def test_an_invitation_makes_an_account_and_is_used_once(client, chief):
    from logic import members

    person = await members.add_member(chief, members.MemberInput(first_name='Ann', email='ann@example.org'))
    invited = await invitations.make_invitation(chief, person.id)
    body = {'invitation': invited.token, 'password': PASSWORD}
    made = await client.post('/auth/register', json=body)
    assert made.status_code == 201
    assert (await client.post('/auth/register', json=body)).status_code == 404


async def test_asking_for_a_new_password_answers_the_same_for_everybody(client, house):
    known = await client.post('/auth/password-reset/request', json={'email': 'elena@example.org'})
    unknown = await client.post('/auth/password-reset/request', json={'email': 'nobody@example.org'})
    assert (known.status_code, known.json()) == (unknown.status_code, unknown.json()) == (202, known.json())


async def test_a_reset_link_sets_a_new_password_once(client, chief):
    from tests.ui.links import reset_link_of

    token = await reset_link_of(chief.account_id)
    body = {'token': token, 'new_password': 'a quite different sentence'}
    weak = await client.post('/auth/password-reset/confirm', json=body | {'new_password': 'short'})
    assert set(weak.json()['errors']) == {'new_password'}
    assert (await client.post('/auth/password-reset/confirm', json=body)).status_code == 204
    assert (await client.post('/auth/password-reset/confirm', json=body)).status_code == 404
    old = await client.post('/auth/login', json={'email': 'elena@example.org', 'password': PASSWORD})
    assert old.status_code == 401


@pytest.mark.usefixtures('still')
async def test_strangers_may_call_sixty_times_a_minute(client, house):
    answers = [await client.get('/auth/me') for _ in range(61)]
    assert {answer.status_code for answer in answers[:60]} == {401}
    assert answers[60].status_code == 429
    assert 0 < int(answers[60].headers['Retry-After']) <= 60
    assert answers[59].headers['RateLimit-Remaining'] == '0'


async def test_a_department_is_registered_as_the_first_one_allows(client, chief, monkeypatch):
    from dataclasses import replace

    from data.core import new_id, now
    from logic import mail

    body = {'organization': {'name': 'Hillside EMS'}, 'email': 'ada@example.org', 'password': PASSWORD}
    owner = {'first_name': 'Ada', 'last_name': 'Lund'}
    at_desk = replace(chief, session_id=new_id(), authenticated_at=now())

    async def choose(how):
        await setup.choose_registration(at_desk, setup.RegistrationInput(registration=how))

    assert (await client.post('/auth/register', json=body)).status_code == 403
    await choose('invitation')
    assert (await client.post('/auth/register', json=body)).status_code == 403
    link = await setup.invite_founder(at_desk, 'ada@example.org')
    made = await client.post('/auth/register', json=body | owner | {'setup_token': link})
    assert made.status_code == 201
    me = await client.get('/auth/me', headers={'Authorization': f'Bearer {made.json()["access_token"]}'})
    assert me.json()['organization_name'] == 'Hillside EMS'
    monkeypatch.setattr(mail, 'is_set_up', lambda: True)
    await choose('open')
    asked = await client.post('/auth/register', json=body | {'email': 'mary@example.org'})
    assert (asked.status_code, 'access_token' in asked.json()) == (202, False)

"""Signing in and out at the front door."""

import re
from collections.abc import AsyncIterator
from http.cookies import SimpleCookie

import pyotp
import pytest

from logic.core.actor import Actor
from logic.identity import mfa, sessions
from tests.conftest import PASSWORD, found
from tests.ui.visitor import Visitor, door

ELENA = {'email': 'elena@example.org', 'password': PASSWORD}


@pytest.fixture
async def visitor(house: object) -> AsyncIterator[Visitor]:
    made = Visitor(door())
    yield made
    await made.client.aclose()


async def signed_in(visitor: Visitor, **fields: str) -> Actor:
    await visitor.open('/sign-in')
    await visitor.send('/sign-in', **ELENA | fields)
    return await sessions.actor_for(visitor.cookie('logbook'))


async def test_a_right_password_leads_to_where_one_was_going(visitor):
    await visitor.open('/?tab=2')
    assert visitor.path == '/sign-in'
    await visitor.send('/sign-in', **ELENA)
    assert (visitor.path, visitor.page.url.query, visitor.page.text) == ('/', b'tab=2', 'Elena Rossi')


@pytest.mark.parametrize(
    'target', ['//evil.example', 'https://evil.example', '/\\evil.example', 'javascript:x', '/a\n/b']
)
async def test_nobody_is_led_to_another_host(visitor, target):
    await visitor.open('/sign-in')
    await visitor.send('/sign-in', **ELENA, next=target)
    assert (visitor.page.url.host, visitor.path) == ('localhost', '/')


async def test_wrong_passwords_and_unknown_accounts_look_alike(visitor):
    await visitor.open('/sign-in')
    wrong = await visitor.send('/sign-in', **ELENA | {'password': 'wrong'})
    unknown = await visitor.send('/sign-in', email='nobody@example.org', password='wrong')

    def plain(text: str) -> str:
        return re.sub(r'(name="token"|id="email"[^>]*) value="[^"]*"', '', text)

    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert plain(wrong.text) == plain(unknown.text)
    assert 'value="nobody@example.org"' in unknown.text
    assert visitor.cookie('logbook') is None


async def test_each_sign_in_gets_a_new_session_and_ends_the_one_before(visitor):
    await signed_in(visitor)
    first = visitor.cookie('logbook')
    await visitor.open('/security')
    page = await visitor.client.get('/sign-in')
    assert page.url.path == '/', 'who is signed in is not asked again'
    visitor.client.cookies.delete('logbook-visitor')
    visitor.client.cookies.set('logbook', 'planted', domain='localhost.local', path='/')
    await visitor.open('/sign-in')
    await visitor.send('/sign-in', **ELENA)
    assert visitor.cookie('logbook') not in (first, 'planted')


async def test_signing_out_ends_the_session_and_clears_the_browser(visitor):
    actor = await signed_in(visitor)
    token = visitor.cookie('logbook')
    from ui.front import form_token

    visitor.client.follow_redirects = False
    refused = await visitor.client.post('/sign-out', data={'token': 'guessed'})
    assert refused.status_code == 403
    done = await visitor.client.post('/sign-out', data={'token': form_token(actor)})
    assert done.headers['Location'] == '/sign-in?notice=out'
    assert '"cache"' in done.headers['Clear-Site-Data']
    assert visitor.cookie('logbook') is None
    with pytest.raises(Exception, match='ended'):
        await sessions.actor_for(token)


@pytest.mark.parametrize(
    ('address', 'name', 'is_secure'),
    [('http://localhost:8080', 'logbook', False), ('https://logbook.example.org', '__Host-logbook', True)],
)
async def test_cookies_are_bound_to_the_host_and_hidden_from_scripts(house, address, name, is_secure):
    visitor = Visitor(door(public_url=address))
    visitor.client.follow_redirects = False
    await visitor.open('/sign-in')
    page = await visitor.send('/sign-in', **ELENA)
    jar = SimpleCookie()
    for line in page.headers.get_list('set-cookie'):
        jar.load(line)
    assert {name, f'{name}-device'} <= set(jar)
    for cookie in jar.values():
        assert bool(cookie['secure']) is is_secure
        assert (cookie['httponly'], cookie['samesite'], cookie['path'], cookie['domain']) == (True, 'lax', '/', '')
    assert jar[name].value not in page.text
    await visitor.client.aclose()


@pytest.mark.parametrize('path', ['/sign-in', '/forgot', '/sign-in/code', '/setup', '/reset/x', '/invitation/x'])
async def test_a_form_without_our_token_is_not_taken(visitor, path):
    visitor.client.cookies.clear()
    page = await visitor.client.post(path, data=ELENA)
    assert page.status_code in {401, 403, 404}
    assert 'logbook' not in visitor.client.cookies
    other = Visitor(door())
    await other.open('/sign-in')
    page = await visitor.client.post('/sign-in', data=ELENA | other.hidden())
    assert page.status_code == 403, 'a token belongs to one browser'
    await other.client.aclose()


@pytest.mark.parametrize(
    ('headers', 'status'),
    [
        ({'Sec-Fetch-Site': 'cross-site'}, 403),
        ({'Origin': 'https://evil.example'}, 403),
        ({'Content-Type': 'text/plain'}, 415),
    ],
)
async def test_a_form_from_elsewhere_is_not_taken(visitor, headers, status):
    await visitor.open('/sign-in')
    body = '&'.join(f'{n}={v}' for n, v in (ELENA | visitor.hidden()).items())
    sent = {'Content-Type': 'application/x-www-form-urlencoded'} | headers
    page = await visitor.client.post('/sign-in', content=body, headers=sent)
    assert page.status_code == status


@pytest.mark.parametrize('body', ['email=a&email=b', 'email=%00', 'a=1&' * 200, 'email=' + 'a' * 30_000, '\ud83d'])
async def test_a_form_that_no_browser_sends_is_refused_without_a_fault_of_ours(visitor, body):
    sent = {'Content-Type': 'application/x-www-form-urlencoded'}
    page = await visitor.client.post('/sign-in', content=body.encode('utf-8', 'surrogatepass'), headers=sent)
    assert page.status_code in {400, 403, 413}


async def test_the_screens_allow_no_script_of_others_and_no_frame(visitor):
    page = await visitor.open('/sign-in')
    policy = page.headers['Content-Security-Policy']
    assert "script-src 'self';" in policy
    assert 'unsafe' not in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers['Cache-Control'] == 'no-store'
    assert not re.search(r'<script(?![^>]* src=)|<style| style=| on\w+=', page.text)


async def test_plain_http_is_said_to_be_readable_on_the_way(house):
    for address, is_said in (('http://logbook.example.org', True), ('http://localhost:8080', False)):
        visitor = Visitor(door(public_url=address, allow_plain_http=True))
        assert ('not encrypted' in (await visitor.open('/sign-in')).text) is is_said
        await visitor.client.aclose()


async def test_a_second_factor_is_asked_for_after_the_password(visitor):
    actor = await signed_in(visitor)
    begun = await mfa.begin_own_totp(actor)
    codes = await mfa.confirm_totp(actor, pyotp.TOTP(begun.secret).now())
    visitor.client.cookies.clear()
    await visitor.open('/sign-in')
    await visitor.send('/sign-in', **ELENA)
    assert (visitor.path, visitor.cookie('logbook')) == ('/sign-in/code', None)
    wrong = await visitor.send('/sign-in/code', code='000000')
    assert (wrong.status_code, visitor.cookie('logbook')) == (401, None)
    await visitor.send('/sign-in/code', code=codes[0].lower().replace('-', ' '))
    assert visitor.page.text == 'Elena Rossi'


async def test_after_five_wrong_codes_one_begins_again(visitor):
    actor = await signed_in(visitor)
    begun = await mfa.begin_own_totp(actor)
    codes = await mfa.confirm_totp(actor, pyotp.TOTP(begun.secret).now())
    visitor.client.cookies.clear()
    await visitor.open('/sign-in')
    await visitor.send('/sign-in', **ELENA)
    for _ in range(5):
        await visitor.send('/sign-in/code', code='000000')
    page = await visitor.send('/sign-in/code', code=codes[0])
    assert page.status_code in {401, 429}
    assert visitor.cookie('logbook') is None


async def test_somebody_with_two_departments_chooses(visitor, chief):
    from data.members import Member
    from tests.conftest import run_as_service

    other = await found('Hillside EMS', 'other@example.org')

    async def belong_to_both(work):
        member = await work.get(Member, other.chief.member_id)
        member.account_id = chief.account_id

    await run_as_service(belong_to_both)(Actor.system(other.organization_id))
    await visitor.open('/sign-in')
    page = await visitor.send('/sign-in', **ELENA)
    assert visitor.path == '/choose-department'
    assert 'Hillside EMS' in page.text
    await visitor.send('/choose-department', organization_id=str(other.organization_id))
    assert (await sessions.actor_for(visitor.cookie('logbook'))).organization_id == other.organization_id


async def test_a_department_of_others_cannot_be_chosen(visitor, chief, stranger):
    actor = await signed_in(visitor)
    from ui.front import form_token

    fields = {'organization_id': str(stranger.organization_id), 'token': form_token(actor)}
    page = await visitor.client.post('/switch-organization', data=fields)
    assert page.status_code == 404
    for nonsense in ('', 'x', "1' OR 1=1"):
        page = await visitor.client.post('/switch-organization', data=fields | {'organization_id': nonsense})
        assert page.status_code == 404

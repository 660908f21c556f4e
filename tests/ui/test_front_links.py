"""What arrives by mail: invitations and links for a new password; and one's own safety afterwards."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pyotp
import pytest
import time_machine

from data.core import now
from logic import members
from logic.core.actor import Actor
from logic.identity import invitations, sessions
from tests.conftest import PASSWORD
from tests.ui.links import reset_link_of
from tests.ui.visitor import Visitor, door
from ui.pages import account  # noqa: F401  its page registers itself
from ui.shell.registry import pages

OTHER = 'a quite different sentence'


@pytest.fixture
async def visitor(house: object) -> AsyncIterator[Visitor]:
    made = Visitor(door())
    yield made
    await made.client.aclose()


async def sign_in(visitor: Visitor, password: str = PASSWORD) -> None:
    await visitor.open('/sign-in')
    await visitor.send('/sign-in', email='elena@example.org', password=password)


async def test_asking_for_a_link_says_the_same_to_everybody(visitor):
    answers = []
    for email in ('elena@example.org', 'nobody@example.org'):
        await visitor.open('/forgot')
        answers.append(re.sub(r'value="[^"]*"', '', (await visitor.send('/forgot', email=email)).text))
    assert answers[0] == answers[1]
    assert 'If this address has an account' in answers[0]


async def test_looking_at_a_link_does_not_use_it_up(visitor, chief):
    link = await reset_link_of(chief.account_id)
    for _ in range(3):
        assert (await visitor.open(f'/reset/{link}')).status_code == 200


async def test_a_new_password_ends_every_session_and_signs_nobody_in(visitor, chief):
    await sign_in(visitor)
    token = visitor.cookie('logbook')
    link = await reset_link_of(chief.account_id)
    other = Visitor(door())
    await other.open(f'/reset/{link}')
    weak = await other.send(f'/reset/{link}', new_password='riverside fire')
    assert weak.status_code == 422
    await other.send(f'/reset/{link}', new_password=OTHER)
    assert (other.path, other.cookie('logbook')) == ('/sign-in', None)
    assert 'Your password is changed' in other.page.text
    with pytest.raises(Exception, match='ended'):
        await sessions.actor_for(token)
    assert (await other.open(f'/reset/{link}')).status_code == 404
    await sign_in(other, OTHER)
    assert other.page.text == 'Elena Rossi'
    await other.client.aclose()


@pytest.mark.parametrize('link', ['x', '%00', 'a' * 3000, '..%2f..'])
async def test_a_made_up_link_is_told_so(visitor, link):
    for path in ('/reset', '/invitation'):
        assert (await visitor.open(f'{path}/{link}')).status_code == 404


async def test_an_invited_person_chooses_a_password_and_is_in(visitor, chief):
    person = await members.add_member(chief, members.MemberInput(first_name='Ann', email='ann@example.org'))
    invited = await invitations.make_invitation(chief, person.id)
    page = await visitor.open(f'/invitation/{invited.token}')
    assert 'Welcome to Riverside Fire' in page.text
    assert 'ann@example.org' in page.text
    assert (await visitor.send(f'/invitation/{invited.token}', password='short')).status_code == 422
    await visitor.send(f'/invitation/{invited.token}', password=PASSWORD)
    assert visitor.page.text == 'Ann'
    assert (await visitor.open(f'/invitation/{invited.token}')).status_code == 404


async def test_who_has_an_account_joins_with_it(visitor, chief, stranger):
    person = await members.add_member(chief, members.MemberInput(first_name='S', email='stranger@example.org'))
    invited = await invitations.make_invitation(chief, person.id)
    await visitor.open(f'/invitation/{invited.token}')
    assert 'Sign in with it' in visitor.page.text
    await visitor.open(f'/sign-in?next=/invitation/{invited.token}')
    await visitor.send('/sign-in', email='stranger@example.org', password=PASSWORD)
    await visitor.send(f'/invitation/{invited.token}/join')
    assert (await sessions.actor_for(visitor.cookie('logbook'))).organization_id == chief.organization_id


async def test_an_authenticator_app_is_set_up_and_its_codes_are_shown_once(visitor):
    await sign_in(visitor)
    await visitor.open('/security/authenticator?next=/security')
    page = await visitor.send('/security/authenticator')
    key = re.search(r'class="key"[^>]*>([^<]+)', page.text)[1].replace(' ', '').strip()
    page = await visitor.send('/security/authenticator/confirm', code='000000')
    assert page.status_code == 422
    assert key in page.text.replace(' ', ''), 'a mistyped code makes no new key'
    page = await visitor.send('/security/authenticator/confirm', code=pyotp.TOTP(key).now())
    codes = re.findall(r'<li data-text>([^<]+)', page.text)
    assert len(codes) == 10
    page = await visitor.send('/security/recovery-codes/stored')
    assert page.status_code == 422
    assert codes[0] in page.text
    page = await visitor.send('/security/recovery-codes/stored', stored='yes')
    assert visitor.path == '/security'
    assert codes[0] not in page.text
    assert '10 left' in page.text
    assert set(re.findall(r'href="(/account[^"?#]*)', page.text)) <= set(pages)


async def test_who_reloads_the_recovery_codes_of_an_app_that_his_sign_in_required_is_led_on(visitor):
    with time_machine.travel(now() + timedelta(days=15), tick=True):
        await sign_in(visitor)
        assert visitor.path == '/sign-in/enrol'
        page = await visitor.send('/sign-in/enrol')
        key = re.search(r'class="key"[^>]*>([^<]+)', page.text)[1].replace(' ', '').strip()
        sent = visitor.hidden() | {'code': pyotp.TOTP(key).now()}
        page = await visitor.client.post('/sign-in/enrol/confirm', data=sent)
        assert page.text.count('<li data-text>') == 10
        visitor.page = await visitor.client.post('/sign-in/enrol/confirm', data=sent)
        assert visitor.path == '/security/authenticator'
        assert 'were shown once' in visitor.page.text
        assert 'href="/">Continue' in visitor.page.text
        assert (await visitor.send('/security/recovery-codes')).text.count('<li data-text>') == 10


async def test_who_is_signed_in_already_keeps_the_whole_address_where_he_goes_on(visitor):
    await sign_in(visitor)
    await visitor.open('/sign-in/enrol?next=/members%3Fq%3Da%26page%3D2')
    assert visitor.path == '/security/authenticator'
    assert 'value="/members?q=a&amp;page=2"' in visitor.page.text


async def test_what_is_sensitive_asks_once_more_who_it_is(visitor):
    await sign_in(visitor)
    with time_machine.travel(now() + timedelta(minutes=12), tick=True):
        await visitor.open('/security/authenticator')
        await visitor.send('/security/authenticator')
        assert visitor.path == '/security/confirm'
        before = visitor.cookie('logbook')
        assert (await visitor.send('/security/confirm', secret='wrong')).status_code == 401
        await visitor.send('/security/confirm', secret=PASSWORD)
        assert visitor.path == '/security/authenticator'
        assert visitor.cookie('logbook') != before


async def test_changing_the_password_keeps_this_browser_alone_signed_in(visitor, chief: Actor):
    other = Visitor(door())
    await sign_in(visitor)
    await sign_in(other)
    await visitor.open('/security/password')
    page = await visitor.send('/security/password', current_password='wrong', new_password=OTHER)
    assert 'This is not your present password' in page.text
    page = await visitor.send('/security/password', current_password=PASSWORD, new_password='Zq7 ' * 100)
    assert 'more than 256 characters' in page.text
    assert min(map(int, re.findall(r'type="password"[^>]* maxlength="(\d+)"', page.text))) > 256, 'a paste is not cut'
    await visitor.send('/security/password', current_password=PASSWORD, new_password=OTHER)
    assert (await visitor.open('/')).text == 'Elena Rossi'
    assert (await other.open('/')).url.path == '/sign-in'
    await other.client.aclose()


@pytest.mark.parametrize('path', ['/security', '/security/password', '/security/passkey', '/setup/modules'])
async def test_ones_own_safety_needs_a_sign_in(visitor, path):
    await visitor.open(path)
    assert visitor.path == '/sign-in'
    await visitor.client.post(path, data={})
    assert visitor.cookie('logbook') is None

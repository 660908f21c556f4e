"""The first run, screen by screen."""

import re
from collections.abc import AsyncIterator

import pyotp
import pytest

from logic import home, organizations, setup
from logic.core.actor import Actor
from logic.core.domain import domains
from logic.identity import positions, sessions
from tests.conftest import PASSWORD
from tests.ui.visitor import Visitor, door

DEPARTMENT = {'name': 'Riverside Fire', 'kind': 'ems', 'zone': 'Europe/Rome', 'people_word': 'Volunteers'}
OWNER = {'first_name': 'Elena', 'last_name': 'Rossi', 'email': 'Elena@Example.org', 'password': PASSWORD}
CODE = re.compile('<li data-text>([^<]+)')
SECOND = '<li aria-current="step"><span class="number" aria-hidden="true">2</span>'


@pytest.fixture
async def visitor(database: object) -> AsyncIterator[Visitor]:
    made = Visitor(door())
    yield made
    await made.client.aclose()


@pytest.fixture
async def link(database: object) -> str:
    return await setup.new_setup_link(Actor.system())


@pytest.mark.parametrize('form', ['/setup?token={}', '/setup/{}'])
async def test_the_token_of_the_link_leaves_the_address_at_once(visitor, link, form):
    page = await visitor.open(form.format(link))
    assert (visitor.path, page.url.query, page.status_code) == ('/setup', b'', 200)
    assert link not in page.text
    assert link not in str(visitor.client.cookies)


async def test_three_screens_make_a_department_and_sign_its_owner_in(visitor, link):
    await visitor.open(f'/setup/{link}')
    await visitor.send('/setup', **DEPARTMENT)
    assert visitor.path == '/setup/owner'
    assert 'Riverside Fire' in visitor.page.text
    await visitor.send('/setup/owner', **OWNER)
    assert visitor.path == '/setup/modules'
    actor = await sessions.actor_for(visitor.cookie('logbook'))
    assert (await home.setup_steps(actor))[0].href == '/setup/modules', 'until the third is answered, home leads to it'
    await visitor.send('/setup/modules')
    assert (visitor.path, visitor.page.text) == ('/', 'Elena Rossi')
    assert '/setup/modules' not in [step.href for step in await home.setup_steps(actor)]


async def test_a_second_factor_that_the_owner_chose_is_set_up_within_the_second_step(visitor, link):
    await visitor.open(f'/setup/{link}')
    await visitor.send('/setup', **DEPARTMENT)
    for way in ('app', 'passkey', ''):
        assert f'name="factor" value="{way}"' in visitor.page.text
    await visitor.send('/setup/owner', **OWNER, factor='app')
    assert visitor.path == '/security/authenticator'
    assert SECOND in visitor.page.text
    await visitor.send('/security/authenticator')
    key = visitor.page.text.partition('<p class="key" translate="no">')[2].partition('<')[0].replace(' ', '')
    assert SECOND in visitor.page.text
    await visitor.send('/security/authenticator/confirm', code=pyotp.TOTP(key).now())
    assert SECOND in visitor.page.text
    assert visitor.page.text.count('<li data-text>') == 10
    await visitor.send('/security/recovery-codes/stored', stored='yes')
    assert visitor.path == '/setup/modules'
    await visitor.open('/security/authenticator')
    assert 'class="steps"' not in visitor.page.text


async def test_who_reloads_the_recovery_codes_in_the_setup_can_make_new_ones_and_goes_on(visitor, link):
    await visitor.open(f'/setup/{link}')
    await visitor.send('/setup', **DEPARTMENT)
    await visitor.send('/setup/owner', **OWNER, factor='app')
    await visitor.send('/security/authenticator')
    key = visitor.page.text.partition('<p class="key" translate="no">')[2].partition('<')[0].replace(' ', '')
    sent = visitor.hidden() | {'code': pyotp.TOTP(key).now()}
    shown = CODE.findall((await visitor.client.post('/security/authenticator/confirm', data=sent)).text)
    for _ in range(7):  # more often than a wrong code may be tried
        visitor.page = await visitor.client.post('/security/authenticator/confirm', data=sent)
        assert visitor.page.status_code == 200
    assert 'were shown once' in visitor.page.text
    assert (key in visitor.page.text.replace(' ', ''), SECOND in visitor.page.text) == (False, True)
    assert 'href="/setup/modules">Continue' in visitor.page.text
    renewed = CODE.findall((await visitor.send('/security/recovery-codes')).text)
    assert (len(renewed), set(renewed) & set(shown)) == (10, set())
    await visitor.send('/security/recovery-codes/stored', stored='yes')
    assert visitor.path == '/setup/modules'


async def test_a_passkey_is_offered_where_it_can_work_and_leads_to_the_third_step(visitor, link):
    await visitor.open(f'/setup/{link}')
    await visitor.send('/setup', **DEPARTMENT)
    await visitor.send('/setup/owner', **OWNER, factor='passkey')
    assert visitor.path == '/security/passkey'
    assert SECOND in visitor.page.text
    assert visitor.hidden()['next'] == '/setup/modules'


async def test_where_no_passkey_can_work_the_owner_reads_why(database, link):
    visitor = Visitor(door(public_url='https://192.0.2.7'))
    await visitor.open(f'/setup/{link}')
    await visitor.send('/setup', **DEPARTMENT)
    assert 'value="passkey" disabled' in visitor.page.text
    assert 'Passkeys need a host name' in visitor.page.text
    await visitor.client.aclose()


@pytest.mark.parametrize(
    ('asked', 'zone'),
    [
        ('it-IT,it;q=0.9,en-US;q=0.5', 'Europe/Rome'), ('en;q=0.9,ja-Jpan-JP;q=0.4', 'Asia/Tokyo'),
        ('en-US,it-IT;q=0.5', 'UTC'), ('it', 'UTC'), ('', 'UTC'), ('xx-ZZ,"><b>', 'UTC'),
    ],
)  # fmt: skip
async def test_the_zone_begins_with_the_only_one_of_the_country_that_the_browser_names(visitor, link, asked, zone):
    visitor.client.headers['accept-language'] = asked
    page = await visitor.open(f'/setup/{link}')
    assert re.findall(r'<option value="([^"]+)" selected>', page.text) == [zone]


async def test_sample_people_are_loaded_when_asked_for(visitor, link):
    await visitor.open(f'/setup/{link}')
    await visitor.send('/setup', **DEPARTMENT)
    await visitor.send('/setup/owner', **OWNER)
    from logic import demo

    actor = await sessions.actor_for(visitor.cookie('logbook'))
    await visitor.open('/setup/modules')
    await visitor.send('/setup/modules')
    assert await demo.count_sample_people(actor) == 0
    await visitor.open('/setup/modules')
    await visitor.send('/setup/modules', samples='on')
    assert visitor.path == '/'
    assert await demo.count_sample_people(actor) > 10
    await visitor.open('/setup/modules')
    assert (await visitor.send('/setup/modules', samples='on')).status_code == 409


async def test_what_was_answered_is_what_is_stored(visitor, link):
    await visitor.open(f'/setup/{link}')
    await visitor.send('/setup', **DEPARTMENT)
    await visitor.send('/setup/owner', **OWNER)
    actor = await sessions.actor_for(visitor.cookie('logbook'))
    made = await organizations.get_organization(actor)
    assert (made.name, made.kind, made.zone, made.people_word, made.country) == (
        'Riverside Fire', 'ems', 'Europe/Rome', 'Volunteers', 'IT',
    )  # fmt: skip
    assert any(row.name == positions.MEMBER for row in await positions.list_positions(actor))


async def test_what_was_typed_survives_a_refusal_but_the_password_does_not(visitor, link):
    await visitor.open(f'/setup/{link}')
    page = await visitor.send('/setup', **DEPARTMENT | {'name': 'R"<b>', 'zone': 'Nowhere/Else'})
    assert page.status_code == 422
    assert 'value="R&#34;&lt;b&gt;"' in page.text
    assert 'Choose a time zone from the list' in page.text
    await visitor.send('/setup', **DEPARTMENT)
    page = await visitor.send('/setup/owner', **OWNER | {'password': 'tiny-secret', 'email': 'no address'})
    assert page.status_code == 422
    assert 'value="no address"' in page.text
    assert 'tiny-secret' not in page.text
    assert 'tiny-secret' not in str(visitor.client.cookies)


async def test_an_empty_form_names_every_field(visitor, link):
    await visitor.open(f'/setup/{link}')
    await visitor.send('/setup', **DEPARTMENT)
    page = await visitor.send('/setup/owner')
    for name in ('first_name', 'last_name', 'email', 'password'):
        assert f'id="{name}-wrong"' in page.text, name


async def test_without_a_link_nothing_is_set_up(visitor, link):
    page = await visitor.open('/sign-in')
    assert visitor.path == '/setup'
    assert 'waits to be set up' in page.text
    assert (await visitor.open('/setup/guessed')).status_code == 403
    assert (await visitor.client.post('/setup', data=DEPARTMENT)).status_code == 403
    assert not await setup.is_set_up(Actor.public())


async def test_a_link_works_in_one_browser_only_once(visitor, link):
    other = Visitor(door())
    await other.open(f'/setup/{link}')
    await other.send('/setup', **DEPARTMENT)
    await visitor.open(f'/setup/{link}')
    await visitor.send('/setup', **DEPARTMENT)
    await visitor.send('/setup/owner', **OWNER)
    page = await other.send('/setup/owner', **OWNER | {'email': 'other@example.org'})
    assert page.status_code == 403
    assert 'was used or has expired' in page.text
    assert (await other.open(f'/setup/{link}')).url.path == '/sign-in'
    await other.client.aclose()


async def test_screens_cannot_be_skipped(visitor, link):
    await visitor.open(f'/setup/{link}')
    assert (await visitor.open('/setup/owner')).url.path == '/setup'
    await visitor.open('/setup/modules')
    assert visitor.path == '/setup', 'without a session sign-in leads to setup'


async def test_what_is_always_there_is_said_in_one_sentence(visitor, link):
    await visitor.open(f'/setup/{link}')
    await visitor.send('/setup', **DEPARTMENT)
    await visitor.send('/setup/owner', **OWNER)
    page = (await visitor.open('/setup/modules')).text
    always = page.partition('<h2 id="always"')[2].partition('</section>')[0]
    assert re.findall(r'<(p|dl|ul|li)\b', always) == ['p']
    assert 'encrypted backups' in always
    fixed = [str(one.description) for one in domains.values() if one.description and not one.switchable]
    assert len(fixed) > 10
    assert not [text for text in fixed if text in page]

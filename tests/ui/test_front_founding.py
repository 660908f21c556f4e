"""Another department from the browser: by an invitation, by a link that was asked for, and with an account of here."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from data.core import new_id, now
from data.organizations import Registration
from logic import setup
from logic.core import config
from logic.core.actor import Actor
from logic.core.jobs import Runner
from tests.conftest import PASSWORD, House
from tests.logic.audited import raw
from tests.ui.visitor import Visitor, door

HILLSIDE = {'name': 'Hillside EMS', 'kind': 'ems', 'zone': 'America/New_York', 'people_word': 'Members'}


@pytest.fixture
async def visitor(house: House, mailbox: Any) -> AsyncIterator[Visitor]:
    application = door(smtp_url=f'smtp://127.0.0.1:{mailbox.port}', mail_from='log@example.org')
    config.configure(application.state.settings)
    made = Visitor(application)
    yield made
    await made.client.aclose()
    config.configure(None)


async def sign_in(visitor: Visitor, email: str) -> None:
    await visitor.open('/sign-in')
    await visitor.send('/sign-in', email=email, password=PASSWORD)
    assert visitor.path in ('/', '/new-department')


def at_desk(house: House) -> Actor:
    return replace(house.chief, session_id=new_id(), authenticated_at=now())


async def choose(house: House, how: Registration) -> None:
    await setup.choose_registration(at_desk(house), setup.RegistrationInput(registration=how))


async def departments() -> list[str]:
    return sorted(row.name for row in await raw('SELECT name FROM organization'))


async def test_where_it_is_closed_the_door_offers_nothing(visitor: Visitor, house: House):
    page = await visitor.open('/sign-in')
    assert '/register' not in page.text
    assert (await visitor.open('/register')).status_code == 403
    await sign_in(visitor, 'elena@example.org')
    assert (await visitor.open('/new-department')).status_code == 403
    await visitor.open('/security')
    assert (await visitor.send('/new-department', **HILLSIDE)).status_code == 403
    assert await departments() == ['Riverside Fire']


async def test_where_it_is_open_a_mailed_link_makes_a_department(visitor: Visitor, house: House, mailbox: Any):
    await choose(house, Registration.OPEN)
    page = await visitor.open('/sign-in')
    assert 'href="/register"' in page.text
    await visitor.open('/register')
    page = await visitor.send('/register', email='ada@')
    assert (page.status_code, 'id="email-wrong"' in page.text) == (422, True)
    page = await visitor.send('/register', email='ada@example.org')
    assert 'Look into your mailbox' in page.text
    await Runner().run_until_idle()
    (message,) = mailbox.to('ada@example.org')
    link = message.get_body(('plain',)).get_content().partition('/setup/')[2].split()[0]
    await visitor.open(f'/setup/{link}')
    await visitor.send('/setup', **HILLSIDE)
    assert visitor.path == '/setup/owner'
    assert 'ada@example.org' in visitor.page.text
    await visitor.send('/setup/owner', first_name='Ada', last_name='Lund', email='ada@example.org', password=PASSWORD)
    assert visitor.path == '/setup/modules'
    assert await departments() == ['Hillside EMS', 'Riverside Fire']


async def test_an_invited_person_with_an_account_signs_in_and_makes_it(visitor: Visitor, house: House, member: Actor):
    await raw_password('jide@example.org')
    await choose(house, Registration.INVITATION)
    link = await setup.invite_founder(at_desk(house), 'jide@example.org')
    await visitor.open(f'/setup/{link}')
    assert visitor.path == '/sign-in'
    await visitor.send('/sign-in', email='jide@example.org', password=PASSWORD)
    assert visitor.path == '/new-department'
    await visitor.send('/new-department', **HILLSIDE)
    assert visitor.path == '/'
    assert await departments() == ['Hillside EMS', 'Riverside Fire']
    [session] = await raw('SELECT o.name FROM session s JOIN organization o ON o.id = s.organization_id')
    assert session.name == 'Hillside EMS'


async def test_who_runs_it_makes_another_for_himself(visitor: Visitor, house: House):
    await choose(house, Registration.INVITATION)
    await sign_in(visitor, 'elena@example.org')
    await visitor.open('/new-department')
    page = await visitor.send('/new-department', **(HILLSIDE | {'name': 'X'}))
    assert page.status_code == 422
    await visitor.send('/new-department', **HILLSIDE)
    assert visitor.path == '/'
    assert await departments() == ['Hillside EMS', 'Riverside Fire']
    await visitor.open('/choose-department')
    assert 'Riverside Fire' in visitor.page.text


async def raw_password(email: str) -> None:
    """Give somebody the password of the tests."""
    from logic.identity.resets import set_password_by_command

    await set_password_by_command(email, PASSWORD)

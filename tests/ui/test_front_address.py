"""Changing the sign-in address at the front door."""

from collections.abc import AsyncIterator

import pytest

from logic.identity.events import AddressToProve
from tests.conftest import PASSWORD
from tests.logic.signing import mail_is_set_up, told
from tests.ui.visitor import Visitor, door

assert mail_is_set_up
NEW = 'elena.rossi@example.org'


@pytest.fixture
async def visitor(house: object) -> AsyncIterator[Visitor]:
    made = Visitor(door())
    await made.open('/sign-in')
    await made.send('/sign-in', email='elena@example.org', password=PASSWORD)
    yield made
    await made.client.aclose()


async def test_the_address_is_changed_by_the_link_in_the_mail(visitor, mail_is_set_up):
    page = await visitor.open('/security')
    assert 'href="/security/address"' in page.text
    await visitor.open('/security/address')
    with told(AddressToProve) as events:
        page = await visitor.send('/security/address', email=NEW)
    assert 'Look into your mailbox' in page.text
    page = await visitor.open(f'/confirm-address/{events[0].token}')
    assert NEW in page.text
    await visitor.send(f'/confirm-address/{events[0].token}')
    assert (visitor.path, visitor.cookie('logbook')) == ('/sign-in', None)
    assert 'Your address is changed' in visitor.page.text
    await visitor.send('/sign-in', email=NEW, password=PASSWORD)
    assert visitor.path == '/'


async def test_what_is_no_address_is_said_at_the_field(visitor, mail_is_set_up):
    await visitor.open('/security/address')
    page = await visitor.send('/security/address', email='elena@')
    assert page.status_code == 422
    assert 'id="email-wrong"' in page.text


async def test_a_link_that_has_ended_says_so(visitor):
    page = await visitor.open('/confirm-address/' + 'x' * 900)
    assert page.status_code == 404
    assert 'Ask for a new one' in page.text

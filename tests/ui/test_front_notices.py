"""Mails end without a sign-in: by a link whose page changes nothing, a form, or one press in the mail program."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from data.notifications import Channel, DigestRhythm, Pace
from logic import notifications
from logic.core.actor import Actor
from tests.conftest import House
from tests.ui.visitor import Visitor, door
from ui import middleware

KIND = notifications.DOCUMENT_EXPIRING
ONE_CLICK = {'List-Unsubscribe': 'One-Click'}


@pytest.fixture
async def visitor(house: object) -> AsyncIterator[Visitor]:
    made = Visitor(door())
    yield made
    await made.client.aclose()


def link(actor: Actor, what: str = KIND) -> str:
    assert actor.account_id
    assert actor.organization_id
    address = notifications.unsubscribe_link(actor.account_id, actor.organization_id, what)
    return '/unsubscribe/' + address.rpartition('/')[2]


async def pace(actor: Actor, kind: str = KIND) -> Pace:
    return next(one for one in await notifications.my_choices(actor) if one.kind.name == kind).paces[Channel.MAIL]


async def test_looking_at_the_link_changes_nothing_and_the_form_ends_it(visitor: Visitor, house: House):
    for _ in range(2):
        assert (await visitor.open(link(house.chief))).status_code == 200
    assert 'A document is about to expire' in visitor.page.text
    assert await pace(house.chief) is Pace.NOW
    answer = await visitor.send(link(house.chief))
    assert 'It is done' in answer.text
    assert await pace(house.chief) is Pace.OFF


async def test_a_form_that_is_not_ours_ends_nothing(visitor: Visitor, house: House):
    await visitor.open(link(house.chief))
    answer = await visitor.client.post(link(house.chief), data={'token': 'made up'})
    assert answer.status_code == 403
    assert await pace(house.chief) is Pace.NOW


async def test_one_press_in_the_mail_program_ends_it(visitor: Visitor, house: House):
    application = door()
    settings = application.state.settings
    transport = httpx2.ASGITransport(middleware.wrap(application, settings))
    async with httpx2.AsyncClient(transport=transport, base_url=settings.origin) as program:
        assert (await program.post(link(house.chief), data={'something': 'else'})).status_code == 403
        assert await pace(house.chief) is Pace.NOW
        program.cookies.clear()
        assert (await program.post(link(house.chief), data=ONE_CLICK)).status_code == 200
    assert await pace(house.chief) is Pace.OFF


async def test_a_link_that_was_changed_or_made_up_does_nothing(visitor: Visitor, house: House):
    good = link(house.chief)
    other = good[:-4] + ('AAAA' if not good.endswith('AAAA') else 'BBBB')
    for path in (other, '/unsubscribe/x', '/unsubscribe/' + 'A' * 400):
        assert (await visitor.open(path)).status_code == 404
    assert await pace(house.chief) is Pace.NOW


async def test_the_digest_ends_by_its_own_link(visitor: Visitor, house: House):
    await visitor.open(link(house.chief, 'digest'))
    await visitor.send(link(house.chief, 'digest'))
    assert (await notifications.my_hours(house.chief)).digest is DigestRhythm.OFF
    assert await pace(house.chief) is Pace.NOW


async def test_the_link_of_several_kinds_leaves_security_alone(visitor: Visitor, house: House):
    await visitor.open(link(house.chief, ''))
    await visitor.send(link(house.chief, ''))
    choices = await notifications.my_choices(house.chief)
    assert {one.paces[Channel.MAIL] for one in choices if one.offered(Channel.MAIL)} == {Pace.OFF}
    assert await pace(house.chief, notifications.BACKUP_FAILED) is Pace.NOW

"""Changing the address that somebody signs in with."""

import base64
import json
from datetime import timedelta

import pytest
import time_machine

from data.core import now
from logic.core import config
from logic.core.actor import Actor
from logic.core.errors import Conflict, Invalid, NotFound, TooMany, Unauthenticated, Unavailable
from logic.identity import addresses, sessions, sign_in
from logic.identity.events import AddressChanged, AddressToProve
from logic.identity.sign_in import Step
from tests.conftest import PASSWORD, House, person_with_account
from tests.logic.signing import EMAIL, VISITOR, mail_is_set_up, signed_in, told

assert mail_is_set_up
pytestmark = pytest.mark.usefixtures('mail_is_set_up')
NEW = 'elena.rossi@example.org'


async def link(actor: Actor, email: str = NEW) -> str:
    with told(AddressToProve) as events:
        await addresses.ask_email_change(actor, email)
    return events[0].token if events else ''


async def test_a_new_address_proves_itself_and_both_are_told(house: House):
    actor, token = await signed_in()
    proof = await link(actor, ' Elena.Rossi@EXAMPLE.org')
    assert await addresses.check_email_link(VISITOR, proof) == NEW
    assert (await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)).step is Step.DONE
    with told(AddressChanged) as events:
        await addresses.confirm_email_change(VISITOR, proof)
    assert [(event.old, event.new) for event in events] == [(EMAIL, NEW)]
    with pytest.raises(Unauthenticated):
        await sessions.actor_for(token)
    assert (await sign_in.sign_in(VISITOR, NEW, PASSWORD)).step is Step.DONE
    with pytest.raises(Unauthenticated):
        await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)


async def test_the_link_works_once_and_for_thirty_minutes(house: House):
    actor, _ = await signed_in()
    proof = await link(actor)
    with time_machine.travel(now() + timedelta(minutes=31), tick=False), pytest.raises(NotFound):
        await addresses.confirm_email_change(VISITOR, proof)
    await addresses.confirm_email_change(VISITOR, proof)
    with pytest.raises(NotFound):
        await addresses.confirm_email_change(VISITOR, proof)


async def test_an_address_of_somebody_else_gets_no_link_and_no_other_answer(house: House, member: Actor):
    actor, _ = await signed_in()
    assert await link(actor, 'jide@example.org') == ''


async def test_an_address_that_was_taken_meanwhile_is_refused(house: House):
    actor, _ = await signed_in()
    proof = await link(actor)
    await person_with_account(house.chief, 'Ella', 'Ross', NEW)
    with pytest.raises(Conflict):
        await addresses.confirm_email_change(VISITOR, proof)


@pytest.mark.parametrize('email', ['', 'x', 'a@b', EMAIL, 'a b@example.org'])
async def test_what_is_no_new_address_is_refused(house: House, email: str):
    actor, _ = await signed_in()
    with pytest.raises(Invalid) as caught:
        await addresses.ask_email_change(actor, email)
    assert 'email' in caught.value.fields


async def test_a_forged_link_is_refused(house: House):
    actor, _ = await signed_in()
    body, mac = (await link(actor)).split('.')
    facts = json.loads(base64.urlsafe_b64decode(body + '=='))
    facts['new'] = 'thief@example.org'
    forged = base64.urlsafe_b64encode(json.dumps(facts, sort_keys=True, separators=(',', ':')).encode()).decode()
    for token in (f'{forged}.{mac}', f'{body}.', f'.{mac}', '', 'a.b.c', 'é.é', body):
        with pytest.raises(NotFound):
            await addresses.confirm_email_change(VISITOR, token)


async def test_links_are_not_mailed_without_end(house: House):
    actor, _ = await signed_in()
    for number in range(5):
        await addresses.ask_email_change(actor, f'elena{number}@example.org')
    with pytest.raises(TooMany):
        await addresses.ask_email_change(actor, 'elena9@example.org')


async def test_it_needs_a_fresh_sign_in(house: House):
    actor, _ = await signed_in()
    with time_machine.travel(now() + timedelta(minutes=11), tick=False), pytest.raises(sessions.SignInAgain):
        await addresses.ask_email_change(actor, NEW)


async def test_without_mail_it_is_said_at_once(house: House):
    config.configure(None)
    actor, _ = await signed_in()
    with pytest.raises(Unavailable):
        await addresses.ask_email_change(actor, NEW)

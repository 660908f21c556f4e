"""A second department: closed unless the first one opened it, by invitation or to everybody; and from the shell."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine

from data.core import new_id, now
from data.identity import Account
from data.organizations import Registration
from logic import audit, members, organizations, setup
from logic.commands import create_administrator
from logic.core import config
from logic.core.actor import Actor, ActorKind
from logic.core.config import Settings
from logic.core.errors import AppError, Conflict, Denied, Invalid, NotFound, TooMany, Unavailable
from logic.core.jobs import Runner
from logic.core.listing import ListQuery
from logic.core.work import Work
from logic.identity import memberships
from logic.identity.acting import make_actor
from logic.identity.sessions import SignInAgain
from logic.organizations import OrganizationInput
from tests.conftest import PASSWORD, House, run_as_service
from tests.logic.audited import raw
from tests.servers import Mailbox

HILLSIDE = OrganizationInput(name='Hillside EMS', zone='America/New_York')
VISITOR = Actor.public('192.0.2.7')


@pytest.fixture(autouse=True)
def settings(secrets: Path) -> Iterator[None]:
    config.configure(Settings(_env_file=None, data_dir=secrets))  # type: ignore[call-arg]
    yield
    config.configure(None)


@pytest.fixture
def with_mail(mailbox: Mailbox, secrets: Path) -> Mailbox:
    address = f'smtp://127.0.0.1:{mailbox.port}'
    config.configure(Settings(_env_file=None, data_dir=secrets, smtp_url=address, mail_from='log@example.org'))  # type: ignore[call-arg]
    return mailbox


def signed_in(actor: Actor) -> Actor:
    return replace(actor, session_id=new_id(), authenticated_at=now())


async def choose(house: House, how: Registration) -> None:
    await setup.choose_registration(signed_in(house.chief), setup.RegistrationInput(registration=how))


def answers(email: str, name: str = 'Hillside EMS') -> setup.SetupInput:
    owner: Any = {'first_name': 'Ada', 'last_name': 'Lund', 'email': email, 'password': PASSWORD}
    return setup.SetupInput(
        organization=OrganizationInput(name=name, zone='America/New_York'), owner=setup.OwnerInput(**owner)
    )


async def _actor_in(work: Work, account_id: UUID, organization_id: UUID) -> Actor:
    return await make_actor(work, await work.get(Account, account_id), organization_id)


actor_in = run_as_service(_actor_in)


async def names() -> set[str]:
    return {row.name for row in await raw('SELECT name FROM organization')}


async def test_it_is_closed_until_the_first_department_says_otherwise(house: House, member: Actor) -> None:
    assert await setup.registration(VISITOR) is Registration.CLOSED
    for refused in (setup.ask_for_founding(VISITOR, 'ada@example.org'), setup.found_another(member, HILLSIDE)):
        with pytest.raises(Denied):
            await refused
    with pytest.raises(Conflict):
        await setup.invite_founder(signed_in(house.chief), 'ada@example.org')
    assert not await setup.may_found(signed_in(house.chief))
    assert await names() == {'Riverside Fire'}


async def test_the_first_department_alone_opens_it(house: House, member: Actor, stranger: Actor) -> None:
    wanted = setup.RegistrationInput(registration=Registration.INVITATION)
    for refused in (member, signed_in(stranger)):
        with pytest.raises(Denied):
            await setup.choose_registration(refused, wanted)
    stale = replace(signed_in(house.chief), authenticated_at=now() - timedelta(minutes=11))
    with pytest.raises(SignInAgain):
        await setup.choose_registration(stale, wanted)
    await organizations.change_settings(stranger, registration=Registration.OPEN)
    assert await setup.registration(VISITOR) is Registration.CLOSED
    await choose(house, Registration.INVITATION)
    assert await setup.registration(VISITOR) is Registration.INVITATION


async def test_an_invited_founder_makes_a_department_once(house: House) -> None:
    await choose(house, Registration.INVITATION)
    link = await setup.invite_founder(signed_in(house.chief), ' Ada@example.org ')
    assert await setup.check_setup_link(VISITOR, link)
    assert await setup.founder_of(VISITOR, link) == setup.Founder('ada@example.org', has_account=False)
    with pytest.raises(Invalid) as refused:
        await setup.set_up(VISITOR, link, answers('somebody@example.org'))
    assert list(refused.value.fields) == ['email']
    made = await setup.set_up(VISITOR, link, answers('ada@example.org'))
    assert made.organization_id != house.organization_id
    assert await names() == {'Riverside Fire', 'Hillside EMS'}
    assert not await setup.check_setup_link(VISITOR, link)
    with pytest.raises(Denied):
        await setup.set_up(VISITOR, link, answers('ada@example.org', 'Another'))


async def test_a_link_ends_with_its_time_and_when_it_is_closed_again(house: House) -> None:
    await choose(house, Registration.INVITATION)
    link = await setup.invite_founder(signed_in(house.chief), 'ada@example.org')
    with time_machine.travel(now() + timedelta(days=7, minutes=1), tick=False):
        assert not await setup.check_setup_link(VISITOR, link)
    await choose(house, Registration.CLOSED)
    assert not await setup.check_setup_link(VISITOR, link)
    with pytest.raises(Denied):
        await setup.set_up(VISITOR, link, answers('ada@example.org'))
    assert await names() == {'Riverside Fire'}


async def test_only_the_first_department_invites_founders(house: House, member: Actor, stranger: Actor) -> None:
    await choose(house, Registration.INVITATION)
    for refused in (member, signed_in(stranger)):
        with pytest.raises(Denied):
            await setup.invite_founder(refused, 'ada@example.org')
        assert not await setup.may_found(refused)
    assert await setup.may_found(signed_in(house.chief))


async def test_where_it_is_open_a_link_goes_to_the_address_that_somebody_typed(
    house: House, with_mail: Mailbox
) -> None:
    await choose(house, Registration.OPEN)
    await setup.ask_for_founding(VISITOR, 'ada@example.org')
    await Runner().run_until_idle()
    (message,) = with_mail.to('ada@example.org')
    link = message.get_body(('plain',)).get_content().partition('/setup/')[2].split()[0]  # type: ignore[union-attr]
    await setup.set_up(VISITOR, link, answers('ada@example.org'))
    assert 'Hillside EMS' in await names()


async def test_it_cannot_be_opened_without_mail(house: House) -> None:
    with pytest.raises(Unavailable):
        await choose(house, Registration.OPEN)
    assert await setup.registration(VISITOR) is Registration.CLOSED


async def test_asking_for_links_is_limited(house: House, with_mail: Mailbox) -> None:
    await choose(house, Registration.OPEN)
    for number in range(setup.LINKS_A_DAY):
        await setup.ask_for_founding(VISITOR, f'ada{number}@example.org')
    with pytest.raises(TooMany):
        await setup.ask_for_founding(VISITOR, 'another@example.org')
    for number in range(3):
        await setup.ask_for_founding(Actor.public(f'198.51.{number}.1'), 'mary@example.org')
    with pytest.raises(TooMany):
        await setup.ask_for_founding(Actor.public('203.0.113.1'), 'mary@example.org')


async def test_somebody_with_an_account_founds_another_and_works_in_both(house: House) -> None:
    await choose(house, Registration.INVITATION)
    chief = signed_in(house.chief)
    made = await setup.found_another(chief, HILLSIDE)
    places = await memberships.list_memberships(chief)
    assert [place.organization_name for place in places] == ['Hillside EMS', 'Riverside Fire']
    assert chief.account_id is not None
    other = await actor_in(Actor.system(), chief.account_id, made)
    assert other.may('organizations.manage')
    owner = await members.get_member(other, other.member_id)
    assert (owner.first_name, owner.last_name, owner.email) == ('Elena', 'Rossi', 'elena@example.org')
    theirs = (await audit.list_entries(other, ListQuery())).rows
    assert 'setup.found_another' in {row.action for row in theirs}
    assert all(verdict.is_intact for verdict in await audit.verify_all())


async def test_somebody_with_an_account_uses_his_link_after_signing_in(house: House, member: Actor) -> None:
    await choose(house, Registration.INVITATION)
    link = await setup.invite_founder(signed_in(house.chief), 'jide@example.org')
    assert (await setup.founder_of(VISITOR, link)).has_account
    with pytest.raises(Denied):
        await setup.found_another(signed_in(member), HILLSIDE)
    with pytest.raises(Denied):
        await setup.found_another(signed_in(house.chief), HILLSIDE, link)  # the link is not his
    await setup.found_another(signed_in(member), HILLSIDE, link)
    with pytest.raises(Denied):
        await setup.found_another(signed_in(member), HILLSIDE, link)


async def test_founding_asks_for_a_fresh_sign_in_and_for_a_person(house: House) -> None:
    await choose(house, Registration.INVITATION)
    chief = signed_in(house.chief)
    refusals: list[tuple[Actor, type[AppError]]] = [
        (replace(chief, authenticated_at=now() - timedelta(minutes=11)), SignInAgain),
        (replace(chief, kind=ActorKind.API_KEY), Denied),
    ]
    for actor, error in refusals:
        with pytest.raises(error):
            await setup.found_another(actor, HILLSIDE)
    assert await names() == {'Riverside Fire'}


async def test_the_command_line_makes_another_for_an_account_or_a_new_one(house: House) -> None:
    system = Actor.system(name='Command line')
    with pytest.raises(NotFound, match='--new'):
        await create_administrator(system, name='Elena Rossi', email='elena@example.org', organization='Hillside EMS')
    elena = {'name': 'Elena Rossi', 'email': 'elena@example.org', 'new': True}
    assert await create_administrator(system, **elena, organization='Hillside EMS') == 'Hillside EMS'  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        await create_administrator(system, **elena, organization='hillside ems')  # type: ignore[arg-type]
    ada = {'name': 'Ada Lund', 'email': 'ada@example.org', 'new': True}
    with pytest.raises(Invalid):
        await create_administrator(system, **ada, organization='Lakeside')  # type: ignore[arg-type]
    await create_administrator(system, **ada, organization='Lakeside', password=PASSWORD)  # type: ignore[arg-type]
    assert await names() == {'Riverside Fire', 'Hillside EMS', 'Lakeside'}
    assert len(await raw('SELECT 1 FROM account')) == 2

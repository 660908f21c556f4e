"""The first run."""

import pytest
from pydantic import SecretStr

from logic import organizations, setup
from logic.core.actor import Actor
from logic.core.errors import Denied, Invalid, Unauthenticated
from logic.identity import positions
from tests.conftest import PASSWORD, House


def answers(password: str = PASSWORD) -> setup.SetupInput:
    return setup.SetupInput(
        organization=organizations.OrganizationInput(name='Riverside Fire', zone='America/New_York'),
        owner=setup.OwnerInput(
            first_name='Elena', last_name='Rossi', email='Elena@Example.org', password=SecretStr(password)
        ),
    )


async def test_a_setup_link_makes_a_department_with_its_owner(database):
    token = await setup.new_setup_link(Actor.system())
    assert await setup.check_setup_link(Actor.public(), token)
    made = await setup.set_up(Actor.public(), token, answers())
    system = Actor.system(made.organization_id)
    names = {row.name: row.holders for row in await positions.list_positions(system)}
    assert names['Owner'] == 1
    assert names['Member'] == 1
    assert names['Auditor'] == 0


async def test_a_setup_link_is_used_once(database):
    token = await setup.new_setup_link(Actor.system())
    await setup.set_up(Actor.public(), token, answers())
    with pytest.raises(Denied):
        await setup.set_up(Actor.public(), token, answers())


async def test_a_weak_password_leaves_the_setup_link_usable(database):
    token = await setup.new_setup_link(Actor.system())
    with pytest.raises(Invalid):
        await setup.set_up(Actor.public(), token, answers('short'))
    assert await setup.check_setup_link(Actor.public(), token)
    assert not await setup.is_set_up(Actor.public())


async def test_a_new_setup_link_ends_the_earlier_one(database):
    first = await setup.new_setup_link(Actor.system())
    await setup.new_setup_link(Actor.system())
    assert not await setup.check_setup_link(Actor.public(), first)


async def test_only_logbook_itself_makes_setup_links(database):
    with pytest.raises(Unauthenticated):
        await setup.new_setup_link(Actor.public())


async def test_the_owner_may_do_everything(house: House):
    assert house.chief.may('members.edit')

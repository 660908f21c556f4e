"""A program is no second person: what somebody may not decide about himself no program of his decides for him."""

from collections.abc import Awaitable
from dataclasses import replace

import pytest

from data.core import new_id, now
from data.identity import Position
from data.members import MemberStatus
from logic import members
from logic.core.actor import Actor
from logic.core.errors import Denied
from logic.identity import api_keys, invitations, positions, service_accounts
from logic.identity.api_keys import ApiKeyInput
from logic.identity.positions import PositionInput
from logic.identity.service_accounts import ServiceInput
from logic.members import ProfileInput
from tests.conftest import House, person_with_account

RIGHTS = frozenset(
    {'identity.positions', 'identity.view', 'identity.access', 'members.edit', 'members.view', 'members.anonymise'}
)


@pytest.fixture
def chief(house: House) -> Actor:
    return replace(house.chief, session_id=new_id(), authenticated_at=now())


@pytest.fixture
async def deputy(chief: Actor) -> Actor:
    """Ada, an administrator: of authority 90, where the owner has 100."""
    ada = await person_with_account(chief, 'Ada', 'Moss', 'ada@example.org', 'Administrator')
    return replace(ada, session_id=new_id(), authenticated_at=now())


@pytest.fixture
async def top(chief: Actor) -> Position:
    """A position with few rights and the highest authority."""
    return await positions.add_position(
        chief, PositionInput(name='Top', permissions=frozenset({'members.view'}), priority=100)
    )


async def service(maker: Actor, *held: str, name: str = 'Relay') -> object:
    ids = frozenset(row.id for row in await positions.list_positions(maker) if row.name in held)
    return await service_accounts.add_service_account(maker, ServiceInput(name=name, position_ids=ids))


async def key_of(maker: Actor, made: object, scopes: frozenset[str] = RIGHTS) -> Actor:
    key = await service_accounts.add_service_key(maker, made, ApiKeyInput(name='Nightly', scopes=scopes))
    return await api_keys.actor_for_key(key.text)


async def program_of(maker: Actor) -> Actor:
    return await key_of(maker, await service(maker, 'Administrator'))


async def refused(*calls: Awaitable[object]) -> None:
    for call in calls:
        with pytest.raises(Denied):
            await call


async def test_nobody_rises_by_a_program_of_his_own(deputy: Actor, top: Position):
    program = await program_of(deputy)
    await refused(
        positions.give_position(deputy, deputy.member_id, top.id),
        positions.give_position(program, deputy.member_id, top.id),
    )


async def test_nobody_rises_by_a_program_that_stands_above_him(chief: Actor, deputy: Actor, top: Position):
    program = replace(await key_of(chief, await service(chief, 'Owner')), stands_for=frozenset({deputy.member_id}))
    await refused(positions.give_position(program, deputy.member_id, top.id))


async def test_a_program_gives_nobody_a_position_above_its_own(
    chief: Actor, deputy: Actor, member: Actor, top: Position
):
    program = await program_of(deputy)
    low = await positions.add_position(program, PositionInput(name='Low', priority=90))
    await positions.give_position(program, member.member_id, low.id)
    guest = await members.add_member(chief, members.MemberInput(first_name='Vic', last_name='Hale'))
    await refused(
        positions.give_position(program, member.member_id, top.id),
        invitations.make_invitation(program, guest.id, 'vic@example.org', top.id),
    )
    await invitations.make_invitation(program, guest.id, 'vic@example.org', low.id)


async def test_nobody_makes_a_position_above_his_own_authority(deputy: Actor):
    program = await program_of(deputy)
    for actor in (deputy, program):
        await refused(positions.add_position(actor, PositionInput(name='Higher', priority=91)))
        made = await positions.add_position(actor, PositionInput(name=f'As high {actor.name}', priority=90))
        await refused(positions.update_position(actor, made.id, PositionInput(name=made.name, priority=91)))


async def test_nobody_gives_a_program_more_authority_than_he_has(chief: Actor, deputy: Actor, top: Position):
    made = await service(chief, 'Top')
    await refused(
        service(deputy, 'Top', name='Mine'),
        service_accounts.change_service_account(deputy, made, ServiceInput(name='Relay')),
        key_of(deputy, made, frozenset({'members.view'})),
    )
    assert (await key_of(chief, made, frozenset({'members.view'}))).may('members.view')


async def test_nobody_changes_his_own_name_by_a_program_of_his(chief: Actor, deputy: Actor, member: Actor):
    program = await program_of(deputy)
    await refused(members.update_member(program, deputy.member_id, ProfileInput(first_name='New')))
    assert (await members.update_member(program, member.member_id, ProfileInput(first_name='New'))).first_name == 'New'


async def test_who_made_the_key_and_who_made_the_program_are_both_themselves(chief: Actor, deputy: Actor):
    program = await key_of(deputy, await service(chief, 'Administrator'))
    assert program.stands_for == {chief.account_id, chief.member_id, deputy.account_id, deputy.member_id}
    for person in (chief, deputy):
        await refused(members.update_member(program, person.member_id, ProfileInput(first_name='New')))


async def test_a_program_does_not_wipe_its_maker_nor_approve_what_he_asked_for(
    chief: Actor, deputy: Actor, member: Actor
):
    program = await key_of(chief, await service(chief, 'Owner'))
    await members.change_status(chief, member.member_id, MemberStatus.LEFT, 'Moved')
    await refused(members.ask_to_anonymise(program, member.member_id, 'He asked'))
    request = await members.ask_to_anonymise(chief, member.member_id, 'He asked')
    await refused(members.decide_anonymise(program, request.id, approve=True))

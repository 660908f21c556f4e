"""Service accounts: programs of the department itself, with positions of their own and no way to sign in."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from data.core import new_id, now
from logic import audit, organizations
from logic.core.actor import Actor, ActorKind
from logic.core.errors import Conflict, Denied, NotFound, Unauthenticated
from logic.core.listing import ListQuery
from logic.identity import accounts, api_keys, positions, resets, service_accounts, sign_in
from logic.identity.api_keys import ApiKeyInput
from logic.identity.service_accounts import ServiceInput
from logic.identity.sessions import SignInAgain
from logic.members import directory
from tests.conftest import PASSWORD, House, person_with_account
from tests.logic.audited import raw
from tests.logic.signing import VISITOR


@pytest.fixture
def chief(house: House) -> Actor:
    return replace(house.chief, session_id=new_id(), authenticated_at=now())


async def position(chief: Actor, name: str):
    return next(row for row in await positions.list_positions(chief) if row.name == name)


async def service(chief: Actor, *held: str, name: str = 'Payroll export'):
    ids = frozenset([(await position(chief, one)).id for one in held])
    return await service_accounts.add_service_account(chief, ServiceInput(name=name, position_ids=ids))


def wanted(*scopes: str, **more) -> ApiKeyInput:
    return ApiKeyInput(name='Nightly', scopes=frozenset(scopes), **more)


async def deputy_of(house: House) -> Actor:
    deputy = await person_with_account(house.chief, 'Ada', 'Moss', 'ada@example.org', 'Administrator')
    return replace(deputy, session_id=new_id(), authenticated_at=now())


async def test_its_key_acts_as_itself_within_its_positions(house: House, chief: Actor):
    made = await service(chief, 'Secretary')
    key = await service_accounts.add_service_key(chief, made, wanted('members.view', 'members.export'))
    actor = await api_keys.actor_for_key(key.text, address='203.0.113.5')
    assert (actor.kind, actor.member_id, actor.session_id) == (ActorKind.API_KEY, None, None)
    assert (actor.name, actor.organization_id) == ('Payroll export (Nightly)', house.organization_id)
    assert actor.account_id != chief.account_id
    assert actor.permissions == {'members.view', 'members.export'}
    assert (await directory.list_members(actor, ListQuery())).total == 1


async def test_its_keys_live_on_when_the_person_who_made_them_has_gone(house: House, chief: Actor):
    deputy = await deputy_of(house)
    made = await service(deputy, 'Secretary')
    key = await service_accounts.add_service_key(deputy, made, wanted('members.view'))
    await accounts.disable_account(chief, deputy.member_id)
    api_keys._known.clear()
    assert (await api_keys.actor_for_key(key.text)).may('members.view')


async def test_nobody_gives_it_or_its_keys_more_than_he_may_himself(house: House, chief: Actor):
    deputy = await deputy_of(house)
    with pytest.raises(Denied):
        await service(deputy, 'Owner')
    mighty = await service(chief, 'Owner', name='Migration')
    with pytest.raises(Denied):  # a key of it would be a way to more rights
        await service_accounts.add_service_key(deputy, mighty, wanted('members.view'))
    with pytest.raises(Denied):
        await service_accounts.change_service_account(deputy, mighty, ServiceInput(name='Mine'))
    weak = await service(chief, 'Member', name='Wall display')
    with pytest.raises(Denied):  # the scope is above the service, though not above its maker
        await service_accounts.add_service_key(chief, weak, wanted('members.edit'))


async def test_only_who_looks_after_access_makes_one_after_a_fresh_sign_in(house: House, chief: Actor, member: Actor):
    with pytest.raises(Denied):
        await service_accounts.add_service_account(member, ServiceInput(name='Mine'))
    stale = replace(chief, authenticated_at=now() - timedelta(minutes=11))
    with pytest.raises(SignInAgain):
        await service(stale, 'Member')
    made = await service(chief, 'Member')
    with pytest.raises(SignInAgain):
        await service_accounts.add_service_key(stale, made, wanted('members.view'))
    with pytest.raises(Denied):
        await service_accounts.list_service_accounts(member)


async def test_who_gives_nobody_positions_lets_a_program_hold_his_own_only(house: House, chief: Actor):
    warden = await person_with_account(house.chief, 'Wren', 'Low', 'wren@example.org', 'Secretary')
    rights = warden.permissions | {'identity.access'}
    warden = replace(warden, session_id=new_id(), authenticated_at=now(), permissions=rights)
    theirs = await service(chief, 'Quartermaster', name='Gear')  # has no right that the secretary has not
    key = wanted('tasks.view')
    asked = ServiceInput(name='Mine', position_ids=frozenset({(await position(chief, 'Quartermaster')).id}))
    for call in (
        service_accounts.add_service_account(warden, asked),
        service_accounts.add_service_key(warden, theirs, key),
        service_accounts.change_service_account(warden, theirs, ServiceInput(name='Mine')),
    ):
        with pytest.raises(Denied, match='only positions of your own'):
            await call
    offered = [row.name for row in await service_accounts.list_positions_to_give(warden)]
    assert offered == ['Secretary']
    everything = [row.name for row in await service_accounts.list_positions_to_give(chief)]
    assert everything == [row.name for row in await positions.list_positions(chief)]
    own = ServiceInput(name='Mine', position_ids=frozenset({(await position(chief, 'Secretary')).id}))
    made = await service_accounts.add_service_account(warden, own)
    assert (await service_accounts.add_service_key(warden, made, key)).text


async def test_it_cannot_sign_in_nor_choose_a_password(house: House, chief: Actor):
    made = await service(chief, 'Member')
    (row,) = await raw('SELECT a.email FROM account a WHERE a.is_service')
    with pytest.raises(NotFound):
        await resets.set_password_by_command(row.email, PASSWORD)
    await resets.ask_for_reset(VISITOR, row.email)
    assert not await raw('SELECT 1 FROM password_reset')
    with pytest.raises(Unauthenticated):
        await sign_in.sign_in(VISITOR, row.email, PASSWORD)
    assert made


async def test_it_is_neither_a_member_nor_an_administrator(house: House, chief: Actor):
    await service(chief, 'Owner')
    assert (await directory.list_members(chief, ListQuery())).total == 1
    owner = await position(chief, 'Owner')
    (holding, _), *rest = await positions.list_holders(chief, owner.id)
    assert not rest
    with pytest.raises(Conflict):  # nobody would be left who can look after access
        await positions.end_position(chief, holding.id)


async def test_a_position_that_it_holds_is_not_removed(house: House, chief: Actor):
    made = await positions.add_position(chief, positions.PositionInput(name='Reader', permissions={'members.view'}))
    await service(chief, 'Reader')
    with pytest.raises(Conflict):
        await positions.remove_position(chief, made.id)


async def test_a_change_of_its_positions_changes_its_keys_at_once(house: House, chief: Actor):
    made = await service(chief, 'Secretary')
    key = await service_accounts.add_service_key(chief, made, wanted('members.view', 'members.edit'))
    assert (await api_keys.actor_for_key(key.text)).may('members.edit')
    reader = await position(chief, 'Member')
    await service_accounts.change_service_account(
        chief, made, ServiceInput(name='Payroll export', position_ids=frozenset({reader.id}))
    )
    actor = await api_keys.actor_for_key(key.text)
    assert (actor.may('members.view'), actor.may('members.edit')) == (True, False)


async def test_when_it_ends_its_keys_end_with_it(house: House, chief: Actor):
    made = await service(chief, 'Member')
    key = await service_accounts.add_service_key(chief, made, wanted('members.view'))
    await api_keys.actor_for_key(key.text)
    await service_accounts.end_service_account(chief, made)
    with pytest.raises(Unauthenticated):
        await api_keys.actor_for_key(key.text)
    with pytest.raises(Conflict):
        await service_accounts.add_service_key(chief, made, wanted('members.view'))
    (row,) = await service_accounts.list_service_accounts(chief)
    assert row.ended_at is not None


async def test_a_key_is_replaced_ends_and_tells_its_last_use(house: House, chief: Actor):
    made = await service(chief, 'Member')
    old = await service_accounts.add_service_key(chief, made, wanted('members.view', networks='203.0.113.0/24'))
    with pytest.raises(Denied):
        await api_keys.actor_for_key(old.text, address='198.51.100.1')
    await api_keys.actor_for_key(old.text, address='203.0.113.9')
    new = await service_accounts.replace_service_key(chief, old.id)
    with pytest.raises(Unauthenticated):
        await api_keys.actor_for_key(old.text, address='203.0.113.9')
    with pytest.raises(Denied):
        await api_keys.actor_for_key(new.text, address='198.51.100.1')
    _view, keys = await service_accounts.get_service_account(chief, made)
    assert [(row.is_active, row.last_used_address) for row in keys] == [(True, ''), (False, '203.0.113.9')]
    with time_machine.travel(now() + timedelta(days=366), tick=False), pytest.raises(Unauthenticated):
        await api_keys.actor_for_key(new.text, address='203.0.113.9')
    with pytest.raises(NotFound):
        await api_keys.revoke_api_key(chief, new.id)  # it is not his own
    await api_keys.revoke_api_key_of(chief, new.id)
    with pytest.raises(Unauthenticated):
        await api_keys.actor_for_key(new.text, address='203.0.113.9')


async def test_the_log_shows_the_program_and_not_a_person(house: House, chief: Actor):
    made = await service(chief, 'Administrator')
    key = await service_accounts.add_service_key(chief, made, wanted('organizations.manage'))
    program = await api_keys.actor_for_key(key.text)
    await organizations.change_settings(program, member_number_digits=6)
    (row, *_) = (await audit.list_entries(chief, ListQuery())).rows
    assert (row.actor_kind, row.actor_name) == ('api_key', 'Payroll export (Nightly)')
    assert (row.actor_id, 'Payroll export') in (await audit.log_overview(chief)).actors


async def test_names_are_unique_and_strangers_find_nothing(house: House, chief: Actor, stranger: Actor):
    made = await service(chief, 'Member')
    with pytest.raises(Conflict):
        await service(chief, 'Member')
    with pytest.raises(NotFound):
        await service_accounts.get_service_account(stranger, made)
    with pytest.raises(NotFound):
        await service_accounts.end_service_account(stranger, made)
    theirs = await position(stranger, 'Member')
    with pytest.raises(NotFound):
        await service_accounts.add_service_account(chief, ServiceInput(name='Other', position_ids={theirs.id}))

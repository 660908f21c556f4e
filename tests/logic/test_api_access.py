"""Access for programs: keys that never do more than their owner, and tokens that cannot be stolen for long."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlmodel import select

from data.core import now
from data.identity import ApiKey, RefreshToken
from logic.core.actor import Actor, ActorKind
from logic.core.errors import Denied, Invalid, NotFound, Unauthenticated
from logic.core.listing import ListQuery
from logic.core.work import Work
from logic.identity import api_keys, api_tokens, mfa, positions, sessions
from logic.identity.api_keys import ApiKeyInput, within
from logic.identity.positions import covers
from logic.members import exports
from tests.conftest import PASSWORD, House, person_with_account, run_as_service
from tests.logic.signing import EMAIL, VISITOR, signed_in, with_phone


def wanted(*scopes: str, **more) -> ApiKeyInput:
    return ApiKeyInput(name='Roster export', scopes=frozenset(scopes), **more)


async def test_a_key_acts_with_its_scopes_for_its_owner(house: House):
    made = await api_keys.add_api_key(house.chief, wanted('members.view', 'members.export'))
    actor = await api_keys.actor_for_key(made.text, address='203.0.113.5', user_agent='curl')
    assert (actor.kind, actor.account_id, actor.session_id) == (ActorKind.API_KEY, house.chief.account_id, None)
    assert actor.permissions == {'members.view', 'members.export'}
    assert not actor.may('members.edit')
    row = (await api_keys.list_api_keys(house.chief))[0]
    assert (row.prefix, row.last_used_address, row.is_active) == (made.prefix, '203.0.113.5', True)


async def test_only_the_hash_of_a_key_is_stored(house: House):
    async def _all(work: Work):
        return [row.model_dump() for row in await work.all(select(ApiKey))]

    made = await api_keys.add_api_key(house.chief, wanted('members.view'))
    assert made.text.split('_')[3][:43] not in str(await run_as_service(_all)(Actor.system(house.organization_id)))


async def test_a_key_cannot_do_more_than_its_maker(house: House):
    deputy = await person_with_account(house.chief, 'Ada', 'Moss', 'ada@example.org', 'Administrator')
    with pytest.raises(Denied):
        await api_keys.add_api_key(deputy, wanted('*'))
    with pytest.raises(Invalid):
        await api_keys.add_api_key(deputy, wanted('members.fly'))


async def test_a_key_shrinks_with_the_rights_of_its_owner(house: House):
    deputy = await person_with_account(house.chief, 'Ada', 'Moss', 'ada@example.org', 'Administrator')
    made = await api_keys.add_api_key(deputy, wanted('members.*'))
    assert (await api_keys.actor_for_key(made.text)).may('members.edit')
    position = next(row for row in await positions.list_positions(house.chief) if row.name == 'Administrator')
    holding, _ = (await positions.list_holders(house.chief, position.id))[0]
    await positions.end_position(house.chief, holding.id)
    api_keys._known.clear()
    assert not (await api_keys.actor_for_key(made.text)).may('members.edit')


async def test_a_revoked_key_ends_at_once(house: House):
    made = await api_keys.add_api_key(house.chief, wanted('members.view'))
    await api_keys.actor_for_key(made.text)
    await api_keys.revoke_api_key(house.chief, made.id)
    with pytest.raises(Unauthenticated):
        await api_keys.actor_for_key(made.text)


async def test_a_key_that_ends_while_it_is_read_is_not_known_afterwards(house: House, monkeypatch):
    made = await api_keys.add_api_key(house.chief, wanted('members.view'))

    async def slowly(*asked: Any, plain: Any = api_keys.read_api_key) -> Any:
        known = await plain(*asked)
        await api_keys.revoke_api_key(house.chief, made.id)
        return known

    monkeypatch.setattr(api_keys, 'read_api_key', slowly)
    await api_keys.actor_for_key(made.text)
    monkeypatch.undo()
    with pytest.raises(Unauthenticated):
        await api_keys.actor_for_key(made.text)


async def test_a_key_expires(house: House):
    made = await api_keys.add_api_key(house.chief, wanted('members.view', expires_in_days=3))
    with time_machine.travel(now() + timedelta(days=3), tick=False), pytest.raises(Unauthenticated):
        await api_keys.actor_for_key(made.text)


async def test_a_key_is_refused_outside_its_networks(house: House):
    made = await api_keys.add_api_key(house.chief, wanted('members.view', networks=('203.0.113.0/24', '2001:db8::1')))
    for address in ('203.0.113.77', '::ffff:203.0.113.8', '2001:db8::1'):
        await api_keys.actor_for_key(made.text, address=address)
    for address in ('203.0.114.1', '2001:db8::2', '', 'unix'):
        with pytest.raises(Denied):
            await api_keys.actor_for_key(made.text, address=address)
    with pytest.raises(ValidationError):
        wanted('members.view', networks=('everywhere',))


async def test_rotating_a_key_ends_the_old_one_and_keeps_its_rights(house: House):
    old = await api_keys.add_api_key(house.chief, wanted('members.view', networks=('203.0.113.0/24',)))
    new = await api_keys.replace_api_key(house.chief, old.id)
    with pytest.raises(Unauthenticated):
        await api_keys.actor_for_key(old.text, address='203.0.113.7')
    assert (await api_keys.actor_for_key(new.text, address='203.0.113.7')).permissions == {'members.view'}
    with pytest.raises(Denied):
        await api_keys.actor_for_key(new.text, address='198.51.100.1')


async def test_one_ends_only_keys_of_ones_own_and_an_administrator_all_of_his_department(house: House, stranger: Actor):
    deputy = await person_with_account(house.chief, 'Ada', 'Moss', 'ada@example.org', 'Administrator')
    made = await api_keys.add_api_key(house.chief, wanted('members.view'))
    with pytest.raises(NotFound):
        await api_keys.revoke_api_key(deputy, made.id)
    with pytest.raises(NotFound):
        await api_keys.revoke_api_key_of(stranger, made.id)
    assert [row.id for row in await api_keys.list_all_api_keys(deputy)] == [made.id]
    await api_keys.revoke_api_key_of(deputy, made.id)


@pytest.mark.parametrize('text', ['', 'lbk_live_x', 'Bearer', 'lbk_live_' + 'A' * 8 + '_' + 'B' * 49, '\ud800'])
async def test_any_text_as_key_is_refused(house: House, text: str):
    with pytest.raises(Unauthenticated):
        await api_keys.actor_for_key(text)


NAMES = st.frozensets(st.sampled_from(['*', 'members.*', 'members.view', 'members.edit', 'audit.*', 'audit.view']))


@given(NAMES, NAMES)
def test_a_key_never_holds_what_its_owner_does_not(scopes: frozenset[str], held: frozenset[str]):
    kept = within(scopes, held)
    assert all(covers(held, name) for name in kept)
    assert all(covers(scopes, name) for name in kept)
    assert all(name in kept for name in scopes if covers(held, name))


# Tokens for a person


async def test_signing_in_for_the_api_gives_two_tokens(house: House):
    pair = await api_tokens.log_in(VISITOR, EMAIL, PASSWORD)
    assert (pair.token_type, pair.expires_in) == ('Bearer', 900)
    actor = await api_tokens.actor_for_access_token(pair.access_token, address='203.0.113.5')
    assert (actor.account_id, actor.address) == (house.chief.account_id, '203.0.113.5')
    assert actor.may('members.edit')


async def test_a_second_factor_comes_with_the_password(house: House):
    actor, _ = await signed_in()
    phone, _ = await with_phone(actor)
    with pytest.raises(api_tokens.CodeNeeded):
        await api_tokens.log_in(VISITOR, EMAIL, PASSWORD)
    with pytest.raises(Unauthenticated):
        await api_tokens.log_in(VISITOR, EMAIL, PASSWORD, '000000')
    pair = await api_tokens.log_in(VISITOR, EMAIL, PASSWORD, phone.code())
    assert (await api_tokens.actor_for_access_token(pair.access_token)).method == 'password+totp'


async def test_an_access_token_ends_after_fifteen_minutes_and_with_its_session(house: House):
    pair = await api_tokens.log_in(VISITOR, EMAIL, PASSWORD)
    with time_machine.travel(now() + timedelta(minutes=15), tick=False), pytest.raises(Unauthenticated):
        await api_tokens.actor_for_access_token(pair.access_token)
    actor = await api_tokens.actor_for_access_token(pair.access_token)
    await sessions.sign_out(actor)
    with pytest.raises(Unauthenticated):
        await api_tokens.actor_for_access_token(pair.access_token)
    with pytest.raises(Unauthenticated):
        await api_tokens.refresh_tokens(VISITOR, pair.refresh_token)


async def test_a_refresh_token_is_replaced_at_each_use(house: House):
    pair = await api_tokens.log_in(VISITOR, EMAIL, PASSWORD)
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(4):
            clock.shift(timedelta(days=6))
            fresh = await api_tokens.refresh_tokens(VISITOR, pair.refresh_token)
            assert fresh.refresh_token != pair.refresh_token
            pair = fresh
        await api_tokens.actor_for_access_token(pair.access_token)
        clock.shift(timedelta(days=6, hours=1))
        with pytest.raises(Unauthenticated):
            await api_tokens.refresh_tokens(VISITOR, pair.refresh_token)


async def test_an_unused_refresh_token_ends_after_seven_days(house: House):
    pair = await api_tokens.log_in(VISITOR, EMAIL, PASSWORD)
    with time_machine.travel(now() + timedelta(days=7), tick=False), pytest.raises(Unauthenticated):
        await api_tokens.refresh_tokens(VISITOR, pair.refresh_token)


async def test_however_often_it_is_refreshed_a_sign_in_of_a_program_ends_after_thirty_days(house: House):
    pair = await api_tokens.log_in(VISITOR, EMAIL, PASSWORD)
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(4):
            clock.shift(timedelta(days=6))
            pair = await api_tokens.refresh_tokens(VISITOR, pair.refresh_token)
        clock.shift(timedelta(days=6))
        with pytest.raises(Unauthenticated):
            await api_tokens.refresh_tokens(VISITOR, pair.refresh_token)


async def test_a_lost_answer_is_repeated_with_the_same_successor_for_ten_seconds(house: House):
    pair = await api_tokens.log_in(VISITOR, EMAIL, PASSWORD)
    with time_machine.travel(now(), tick=False) as clock:
        first = await api_tokens.refresh_tokens(VISITOR, pair.refresh_token)
        clock.shift(timedelta(seconds=10))
        again = await api_tokens.refresh_tokens(VISITOR, pair.refresh_token)
        assert again.refresh_token == first.refresh_token
        await api_tokens.actor_for_access_token(again.access_token)


async def test_a_replay_after_that_ends_the_whole_family(house: House):
    pair = await api_tokens.log_in(VISITOR, EMAIL, PASSWORD)
    with time_machine.travel(now(), tick=False) as clock:
        first = await api_tokens.refresh_tokens(VISITOR, pair.refresh_token)
        clock.shift(timedelta(seconds=11))
        with pytest.raises(Unauthenticated):
            await api_tokens.refresh_tokens(VISITOR, pair.refresh_token)
        for use in (api_tokens.refresh_tokens(VISITOR, first.refresh_token),
                    api_tokens.actor_for_access_token(first.access_token)):  # fmt: skip
            with pytest.raises(Unauthenticated):
                await use


async def test_two_refreshes_at_the_same_moment_get_the_same_successor(house: House):
    pair = await api_tokens.log_in(VISITOR, EMAIL, PASSWORD)
    both = await asyncio.gather(*(api_tokens.refresh_tokens(VISITOR, pair.refresh_token) for _ in range(5)))
    assert len({fresh.refresh_token for fresh in both}) == 1


async def test_refresh_tokens_are_stored_as_hashes_and_sealed(house: House):
    async def _all(work: Work):
        return [(row.token_hash, row.successor) for row in await work.all(select(RefreshToken))]

    pair = await api_tokens.log_in(VISITOR, EMAIL, PASSWORD)
    fresh = await api_tokens.refresh_tokens(VISITOR, pair.refresh_token)
    stored = str(await run_as_service(_all)(Actor.system()))
    assert pair.refresh_token not in stored
    assert fresh.refresh_token not in stored


@pytest.mark.parametrize('text', ['', 'x', '\ud800', 'x' * 9999])
async def test_any_text_as_refresh_token_is_refused(house: House, text: str):
    with pytest.raises(Unauthenticated):
        await api_tokens.refresh_tokens(VISITOR, text)


async def test_a_key_makes_no_keys_and_exports_people_only_with_that_scope(house: House):
    made = await api_keys.add_api_key(house.chief, wanted('*'))
    actor = await api_keys.actor_for_key(made.text)
    for refused in (
        api_keys.add_api_key(actor, wanted('members.view')),
        api_keys.replace_api_key(actor, (await api_keys.list_api_keys(house.chief))[0].id),
        mfa.begin_own_totp(actor),
    ):
        with pytest.raises(Denied, match='key for programs'):
            await refused
    assert b'Rossi' in await exports.export_members(actor, ListQuery(), exports.Format.CSV)
    few = await api_keys.add_api_key(house.chief, wanted('members.view'))
    with pytest.raises(Denied):
        await exports.export_members(await api_keys.actor_for_key(few.text), ListQuery(), exports.Format.CSV)


async def test_whether_a_sign_in_is_fresh_is_asked_before_a_form_is_filled(house: House):
    chief, _ = await signed_in()
    await sessions.check_fresh(chief)
    with time_machine.travel(now() + timedelta(minutes=11)), pytest.raises(sessions.SignInAgain):
        await sessions.check_fresh(chief)

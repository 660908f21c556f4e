"""The second factor: setting it up, removing it, and losing it."""

import pytest
from sqlmodel import select

from data.identity import RecoveryCode, TotpCredential
from logic import home
from logic.core.actor import Actor
from logic.core.errors import Conflict, Denied, Invalid, Unauthenticated
from logic.core.secrets import Tampered
from logic.core.work import Work
from logic.identity import accounts, credentials, mfa, sessions, sign_in
from logic.identity.events import AccessChanged
from logic.identity.sign_in import Step
from tests.conftest import PASSWORD, House, person_with_account, run_as_service
from tests.logic.signing import EMAIL, VISITOR, give_password, signed_in, told, with_phone

JIDE = 'jide@example.org'


@pytest.fixture
async def jide(house: House, member: Actor) -> Actor:
    await give_password(member.account_id)
    return (await signed_in(JIDE))[0]


def reader(model):
    async def _all(work: Work):
        return await work.all(select(model))

    return run_as_service(_all)


async def test_an_app_is_in_force_only_after_a_code_of_it(jide: Actor):
    enrolment = await mfa.begin_own_totp(jide)
    assert enrolment.qr_svg.startswith('<svg')
    assert 'jide%40example.org' in enrolment.address
    assert (await sign_in.sign_in(VISITOR, JIDE, PASSWORD)).step is Step.DONE
    with pytest.raises(Invalid) as caught:
        await mfa.confirm_totp(jide, '000000')
    assert 'code' in caught.value.fields
    assert (await mfa.my_second_factors(jide)).totp_since is None


async def test_recovery_codes_are_shown_once_and_stored_as_hashes(jide: Actor):
    _, codes = await with_phone(jide)
    hashes = {row.code_hash for row in await reader(RecoveryCode)(Actor.system())}
    assert len(codes) == len(hashes) == 10
    assert not hashes & set(codes)
    assert (await mfa.my_second_factors(jide)).recovery_codes_left == 10


async def test_the_secret_is_sealed_and_opens_in_no_other_row(jide: Actor, house: House):
    enrolment = await mfa.begin_own_totp(jide)
    row = (await reader(TotpCredential)(Actor.system()))[0]
    assert enrolment.secret.encode() not in row.secret

    async def _move(work: Work):
        work.add(TotpCredential(account_id=house.chief.account_id, secret=row.secret))

    await run_as_service(_move)(Actor.system())
    chief, _ = await signed_in()
    with pytest.raises(Tampered):
        await mfa.confirm_totp(chief, '123456')


async def test_beginning_again_makes_a_new_secret_until_one_is_confirmed(jide: Actor):
    first = await mfa.begin_own_totp(jide)
    second = await mfa.begin_own_totp(jide)
    assert first.secret != second.secret
    await with_phone(jide)
    with pytest.raises(Conflict):
        await mfa.begin_own_totp(jide)


async def test_setting_up_a_factor_ends_the_other_sessions_and_tells_the_owner(jide: Actor):
    _, other = await signed_in(JIDE)
    with told(AccessChanged) as events:
        await with_phone(jide)
    with pytest.raises(Unauthenticated):
        await sessions.actor_for(other)
    assert [(event.email, event.is_password) for event in events] == [(JIDE, False)]


async def test_new_recovery_codes_end_the_old_ones(jide: Actor):
    _, old = await with_phone(jide)
    new = await mfa.renew_own_codes(jide)
    begun = await sign_in.sign_in(VISITOR, JIDE, PASSWORD)
    with pytest.raises(Unauthenticated):
        await sign_in.second_factor(VISITOR, begun.transaction, old[0])
    assert (await sign_in.second_factor(VISITOR, begun.transaction, new[0])).step is Step.DONE


async def test_recovery_codes_alone_are_no_factor(jide: Actor):
    with pytest.raises(Conflict):
        await mfa.renew_own_codes(jide)


async def test_removing_the_app_needs_the_password_and_takes_the_codes_along(jide: Actor):
    await with_phone(jide)
    with pytest.raises(Invalid) as caught:
        await mfa.remove_totp(jide, 'wrong password entirely')
    assert 'password' in caught.value.fields
    await mfa.remove_totp(jide, PASSWORD)
    assert await reader(RecoveryCode)(Actor.system()) == []
    assert (await sign_in.sign_in(VISITOR, JIDE, PASSWORD)).step is Step.DONE


async def test_a_required_second_factor_is_not_removed(house: House):
    chief, _ = await signed_in()
    await with_phone(chief)
    with pytest.raises(Denied, match='requires'):
        await mfa.remove_totp(chief, PASSWORD)


async def test_a_short_password_is_enough_only_beside_a_second_factor(jide: Actor):
    with pytest.raises(Invalid, match='at least 15'):
        await credentials.change_password(jide, PASSWORD, 'vK4!pw2z')
    await with_phone(jide)
    await credentials.change_password(jide, PASSWORD, 'vK4!pw2z')
    with pytest.raises(Invalid, match='Change the password first'):
        await mfa.remove_totp(jide, 'vK4!pw2z')


async def test_a_password_is_not_made_of_the_name_or_the_department(jide: Actor):
    with pytest.raises(Invalid, match='names or words'):
        await credentials.change_password(jide, PASSWORD, 'Jide Okafor Riverside')


async def test_a_lost_factor_is_removed_by_two_officers(house: House, jide: Actor):
    await with_phone(jide)
    deputy = await person_with_account(house.chief, 'Ada', 'Moss', 'ada@example.org', 'Administrator')
    request = await mfa.ask_factor_reset(deputy, jide.member_id, 'His phone fell into the river.')
    with pytest.raises(Denied, match='yourself'):
        await mfa.approve_factor_reset(deputy, request.id)
    assert (await sign_in.sign_in(VISITOR, JIDE, PASSWORD)).step is Step.SECOND_FACTOR
    await mfa.approve_factor_reset(house.chief, request.id)
    assert (await sign_in.sign_in(VISITOR, JIDE, PASSWORD)).step is Step.DONE
    with pytest.raises(Conflict):
        await mfa.approve_factor_reset(house.chief, request.id)


async def test_a_lost_factor_waits_for_every_administrator_but_the_one_who_asked_and_the_one_it_is_about(house: House):
    deputy = await person_with_account(house.chief, 'Ada', 'Moss', 'ada@example.org', 'Administrator')
    third = await person_with_account(house.chief, 'Bo', 'Lind', 'bo@example.org', 'Administrator')
    await give_password(deputy.account_id)
    ada, _ = await signed_in('ada@example.org')
    await with_phone(ada)
    await mfa.ask_factor_reset(third, deputy.member_id, 'Lost.')
    assert [(row.member_name, row.is_own) for row in await mfa.list_factor_resets(third)] == [('Ada Moss', True)]
    assert [(row.asked_by, row.is_own) for row in await mfa.list_factor_resets(house.chief)] == [('Bo Lind', False)]
    assert await mfa.list_factor_resets(deputy) == []
    waits = [
        [(item.text, item.href) for item in (await home.waiting_for_me(actor)).rows if item.kind == 'factor_reset']
        for actor in (house.chief, third, deputy)
    ]
    assert waits == [[('Remove the second factor of Ada Moss?', f'/access/{deputy.member_id}')], [], []]


async def test_who_asked_takes_the_request_back(house: House, jide: Actor):
    await with_phone(jide)
    request = await mfa.ask_factor_reset(house.chief, jide.member_id, 'Lost.')
    await mfa.decline_factor_reset(house.chief, request.id)
    assert await mfa.list_factor_resets(house.chief) == []
    assert (await sign_in.sign_in(VISITOR, JIDE, PASSWORD)).step is Step.SECOND_FACTOR


async def test_nobody_approves_the_removal_of_his_own_factor(house: House):
    deputy = await person_with_account(house.chief, 'Ada', 'Moss', 'ada@example.org', 'Administrator')
    third = await person_with_account(house.chief, 'Bo', 'Lind', 'bo@example.org', 'Administrator')
    await give_password(deputy.account_id)
    ada, _ = await signed_in('ada@example.org')
    await with_phone(ada)
    request = await mfa.ask_factor_reset(third, deputy.member_id, 'Lost.')
    with pytest.raises(Denied):
        await mfa.approve_factor_reset(deputy, request.id)


async def test_nobody_asks_for_the_removal_of_a_factor_of_somebody_above(house: House):
    chief, _ = await signed_in()
    await with_phone(chief)
    deputy = await person_with_account(house.chief, 'Ada', 'Moss', 'ada@example.org', 'Administrator')
    with pytest.raises(Denied):
        await mfa.ask_factor_reset(deputy, house.chief.member_id, 'Let me in.')
    with pytest.raises(Denied):
        await mfa.ask_factor_reset(chief, house.chief.member_id, 'Mine.')


async def test_a_removal_needs_a_reason_and_waits_once(house: House, jide: Actor):
    await with_phone(jide)
    with pytest.raises(Invalid):
        await mfa.ask_factor_reset(house.chief, jide.member_id, '  ')
    await mfa.ask_factor_reset(house.chief, jide.member_id, 'Lost.')
    with pytest.raises(Conflict):
        await mfa.ask_factor_reset(house.chief, jide.member_id, 'Lost.')


async def test_the_command_line_removes_a_lost_factor_where_there_is_no_second_officer(house: House):
    chief, _ = await signed_in()
    await with_phone(chief)
    await mfa.remove_factors_by_command(Actor.system(), EMAIL)
    assert (await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)).step is Step.DONE


async def test_an_administrator_whose_account_was_switched_off_no_longer_needs_a_second_factor(chief: Actor):
    await with_phone(chief)
    deputy = await person_with_account(chief, 'Ann', 'Berg', 'ann@example.org', 'Administrator')

    async def protects() -> bool:
        return next(step.is_done for step in await home.setup_steps(chief) if step.name == 'mfa')

    assert not await protects()
    assert deputy.member_id is not None
    await accounts.disable_account(chief, deputy.member_id)
    assert await protects()

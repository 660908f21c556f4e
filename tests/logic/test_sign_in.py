"""Signing in by password and second factor: who gets in, who does not, and what each is told."""

import asyncio
from datetime import timedelta

import pytest
import time_machine
from sqlmodel import select

from data.core import now
from data.identity import KnownDevice, PasswordCredential, Session, Throttle
from data.organizations import Organization
from logic import organizations
from logic.core.actor import Actor, ActorKind
from logic.core.errors import Denied, TooMany, Unauthenticated
from logic.identity import accounts, credentials, mfa, sessions, sign_in, throttle
from logic.identity.sign_in import Step
from tests.conftest import PASSWORD, House, run_as_service
from tests.logic.signing import EMAIL, VISITOR, give_password, signed_in, visitor, with_phone


async def _rows(work, model):
    return await work.all(select(model))


rows = run_as_service(_rows)


async def test_the_right_password_opens_a_session_in_the_department(house: House):
    done = await sign_in.sign_in(VISITOR, '  ELENA@example.org ', PASSWORD)
    assert done.step is Step.DONE
    assert done.session is not None
    actor = await sessions.actor_for(done.session.token, address='198.51.100.9', user_agent='curl')
    assert (actor.kind, actor.name) == (ActorKind.ACCOUNT, 'Elena Rossi')
    assert (actor.organization_id, actor.member_id) == (house.organization_id, house.chief.member_id)
    assert actor.may('members.edit')
    assert (actor.method, actor.address, actor.zone) == ('password', '198.51.100.9', 'America/New_York')
    assert actor.authenticated_at is not None


@pytest.mark.parametrize(('email', 'password'), [(EMAIL, 'wrong password entirely'), ('nobody@example.org', PASSWORD)])
async def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(house: House, email: str, password: str):
    with pytest.raises(Unauthenticated) as caught:
        await sign_in.sign_in(VISITOR, email, password)
    assert caught.value.message == sign_in.WRONG


async def test_an_unknown_address_is_throttled_like_a_known_one(house: House):
    answers = []
    with time_machine.travel(now(), tick=False):  # the first wait is a second, which a busy machine takes for one guess
        for email in (EMAIL, 'nobody@example.org'):
            told = []
            for number in range(7):
                with pytest.raises((Unauthenticated, TooMany)) as caught:
                    await sign_in.sign_in(visitor(f'203.0.{number}.1'), email, 'wrong password entirely')
                told.append(type(caught.value).__name__)
            answers.append(told)
    assert answers[0] == answers[1]
    assert answers[0][:5] == ['Unauthenticated'] * 5
    assert answers[0][5:] == ['TooMany'] * 2


async def test_after_five_failures_the_wait_doubles_up_to_fifteen_minutes():
    assert [throttle.wait_seconds(failures) for failures in range(4, 9)] == [0, 1, 2, 4, 8]
    assert throttle.wait_seconds(15) == throttle.wait_seconds(99) == 900


async def test_a_right_password_after_the_wait_resets_the_counter(house: House):
    with time_machine.travel(now(), tick=False) as clock:
        for number in range(5):
            with pytest.raises(Unauthenticated):
                await sign_in.sign_in(visitor(f'203.0.{number}.1'), EMAIL, 'wrong password entirely')
        with pytest.raises(TooMany) as caught:
            await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)
        assert caught.value.retry_after_seconds == 1
        clock.shift(1)
        assert (await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)).step is Step.DONE
    counters = await rows(Actor.system(), Throttle)
    assert [row.failures for row in counters if row.bucket == throttle.account_bucket(EMAIL)] == [0]


async def test_after_a_hundred_failures_only_a_reset_opens_the_account(house: House):
    async def _exhaust(work):
        row = await work.first(select(Throttle).where(Throttle.bucket == throttle.account_bucket(EMAIL)))
        row.failures, row.blocked_until = 100, None

    with pytest.raises(Unauthenticated):
        await sign_in.sign_in(VISITOR, EMAIL, 'wrong password entirely')
    await run_as_service(_exhaust)(Actor.system())
    with pytest.raises(TooMany, match='Reset the password'):
        await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)
    await give_password(house.chief.account_id)
    assert (await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)).step is Step.DONE


async def test_one_network_makes_at_most_thirty_attempts_a_minute(house: House):
    with time_machine.travel(now(), tick=False) as clock:
        for number in range(30):
            with pytest.raises(Unauthenticated):
                await sign_in.sign_in(visitor(f'203.0.113.{number}'), f'p{number}@example.org', 'x')
        with pytest.raises(TooMany, match='network'):
            await sign_in.sign_in(visitor('203.0.113.200'), EMAIL, PASSWORD)
        assert (await sign_in.sign_in(visitor('203.0.114.1'), EMAIL, PASSWORD)).step is Step.DONE
        clock.shift(60)
        assert (await sign_in.sign_in(visitor('203.0.113.200'), EMAIL, PASSWORD)).step is Step.DONE


@pytest.mark.parametrize(
    ('address', 'network'),
    [('203.0.113.9', '203.0.113.0/24'), ('2001:db8:1:2:3::9', '2001:db8:1:2::/64'),
     ('::ffff:203.0.113.9', '203.0.113.0/24'), ('fe80::1%eth0', 'fe80::/64'), ('', 'unknown'), ('unix:', 'unknown')],
)  # fmt: skip
def test_attempts_are_counted_by_network(address: str, network: str):
    assert throttle.network_of(address) == network


async def test_a_stranger_cannot_lock_out_a_member_at_his_own_browser(house: House):
    device = (await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)).device
    assert device is not None
    with time_machine.travel(now(), tick=False):
        for number in range(6):
            with pytest.raises((Unauthenticated, TooMany)):
                await sign_in.sign_in(visitor(f'203.0.{number}.1'), EMAIL, 'wrong password entirely')
        with pytest.raises(TooMany):
            await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)
    done = await sign_in.sign_in(VISITOR, EMAIL, PASSWORD, device=device)
    assert (done.step, done.device) == (Step.DONE, device)


async def test_a_device_cookie_of_one_account_says_nothing_about_another(house: House, member: Actor):
    await give_password(member.account_id)
    device = (await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)).device
    done = await sign_in.sign_in(VISITOR, 'jide@example.org', PASSWORD, device=device)
    assert done.device != device
    assert {row.account_id for row in await rows(Actor.system(), KnownDevice)} == {
        house.chief.account_id, member.account_id,
    }  # fmt: skip


async def test_guesses_at_the_same_moment_are_each_counted(house: House):
    import asyncio

    async def guess(number: int):
        try:
            await sign_in.sign_in(visitor(f'203.0.{number}.1'), EMAIL, f'guess number {number}')
        except (Unauthenticated, TooMany) as error:
            return type(error)

    with time_machine.travel(now(), tick=False):
        told = await asyncio.gather(*(guess(number) for number in range(10)))
    assert told.count(Unauthenticated) == 5
    assert told.count(TooMany) == 5


async def test_a_disabled_account_is_told_so_only_with_the_right_password(house: House, member: Actor):
    await give_password(member.account_id)
    await accounts.disable_account(house.chief, member.member_id)
    with pytest.raises(Unauthenticated):
        await sign_in.sign_in(VISITOR, 'jide@example.org', 'wrong password entirely')
    with pytest.raises(Denied, match='disabled'):
        await sign_in.sign_in(VISITOR, 'jide@example.org', PASSWORD)
    await accounts.enable_account(house.chief, member.member_id)
    assert (await sign_in.sign_in(VISITOR, 'jide@example.org', PASSWORD)).step is Step.DONE


async def test_a_second_factor_is_asked_for_and_finishes_the_sign_in(house: House):
    actor, _ = await signed_in()
    phone, _ = await with_phone(actor)
    begun = await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)
    assert (begun.step, begun.session, begun.factors) == (Step.SECOND_FACTOR, None, {'totp', 'recovery'})
    done = await sign_in.second_factor(VISITOR, begun.transaction, phone.code())
    assert done.step is Step.DONE
    assert (await sessions.actor_for(done.session.token)).method == 'password+totp'


async def test_a_code_of_the_app_is_never_taken_twice(house: House):
    actor, _ = await signed_in()
    phone, _ = await with_phone(actor)
    code = phone.code()
    for taken in (True, False):
        begun = await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)
        if taken:
            await sign_in.second_factor(VISITOR, begun.transaction, code)
        else:
            with pytest.raises(Unauthenticated):
                await sign_in.second_factor(VISITOR, begun.transaction, code)


async def test_a_recovery_code_works_once(house: House):
    actor, _ = await signed_in()
    _, codes = await with_phone(actor)
    begun = await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)
    done = await sign_in.second_factor(VISITOR, begun.transaction, codes[3].lower())
    assert (await sessions.actor_for(done.session.token)).method == 'password+recovery'
    begun = await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)
    with pytest.raises(Unauthenticated):
        await sign_in.second_factor(VISITOR, begun.transaction, codes[3])


async def test_a_sign_in_ends_after_five_wrong_codes(house: House):
    actor, _ = await signed_in()
    phone, _ = await with_phone(actor)
    begun = await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)
    for left in range(4, -1, -1):
        with pytest.raises(Unauthenticated) as caught:
            await sign_in.second_factor(VISITOR, begun.transaction, '000000')
        assert caught.value.message == (sign_in.WRONG_CODE if left else sign_in.OVER)
    with pytest.raises(Unauthenticated, match='ended'):
        await sign_in.second_factor(VISITOR, begun.transaction, phone.code())


async def test_a_sign_in_ends_after_five_minutes_and_is_used_once(house: House):
    actor, _ = await signed_in()
    phone, codes = await with_phone(actor)
    with time_machine.travel(now(), tick=False) as clock:
        begun = await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)
        clock.shift(timedelta(minutes=5))
        with pytest.raises(Unauthenticated, match='ended'):
            await sign_in.second_factor(VISITOR, begun.transaction, phone.code())
        begun = await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)
        await sign_in.second_factor(VISITOR, begun.transaction, codes[0])
        with pytest.raises(Unauthenticated, match='ended'):
            await sign_in.second_factor(VISITOR, begun.transaction, codes[1])


async def test_the_factor_of_one_account_does_not_finish_the_sign_in_of_another(house: House, member: Actor):
    await give_password(member.account_id)
    chief, _ = await signed_in()
    other, _ = await signed_in('jide@example.org')
    await with_phone(chief)
    phone, codes = await with_phone(other)
    begun = await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)
    for code in (phone.code(), codes[0]):
        with pytest.raises(Unauthenticated):
            await sign_in.second_factor(VISITOR, begun.transaction, code)


async def test_an_administrator_has_two_weeks_to_set_up_a_second_factor(house: House):
    done = await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)
    assert done.step is Step.DONE
    assert done.enrol_by is not None
    with time_machine.travel(now() + timedelta(days=15), tick=False):
        begun = await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)
        assert (begun.step, begun.session) == (Step.ENROL, None)
        with pytest.raises(Denied, match='browser'):
            await sign_in.sign_in(VISITOR, EMAIL, PASSWORD, is_api=True)
        enrolment = await mfa.begin_totp_in(begun.transaction)
        from tests.logic.signing import Phone

        finished, codes = await mfa.confirm_totp_in(VISITOR, begun.transaction, Phone(enrolment.secret).code())
        assert finished.step is Step.DONE
        assert len(codes) == 10
        assert (await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)).step is Step.SECOND_FACTOR


async def test_a_plain_member_needs_a_second_factor_only_when_the_department_says_so(house: House, member: Actor):
    await give_password(member.account_id)
    assert (await sign_in.sign_in(VISITOR, 'jide@example.org', PASSWORD)).enrol_by is None
    await organizations.change_settings(house.chief, require_mfa=True)
    assert (await sign_in.sign_in(VISITOR, 'jide@example.org', PASSWORD)).enrol_by is not None


async def test_a_password_of_years_ago_still_opens(house: House, member: Actor):
    await give_password(member.account_id)
    with time_machine.travel(now() + timedelta(days=5 * 365), tick=False):
        assert (await sign_in.sign_in(VISITOR, 'jide@example.org', PASSWORD)).step is Step.DONE


async def test_who_knows_only_the_password_cannot_set_up_a_factor_beside_the_real_one(house: House):
    actor, _ = await signed_in()
    await with_phone(actor)
    begun = await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)
    with pytest.raises(Denied):
        await mfa.begin_totp_in(begun.transaction)


async def test_a_sign_in_names_the_department_used_last(house: House, stranger: Actor):
    assert (
        await sign_in.sign_in(VISITOR, 'stranger@example.org', PASSWORD)
    ).organization_id == stranger.organization_id
    assert len(await rows(Actor.system(), Organization)) == 2


async def test_changing_the_password_ends_other_sessions_and_renews_the_present_token(house: House):
    actor, token = await signed_in()
    _, other = await signed_in()
    fresh = await credentials.change_password(actor, PASSWORD, 'a wholly different sentence')
    for ended in (token, other):
        with pytest.raises(Unauthenticated):
            await sessions.actor_for(ended)
    assert (await sessions.actor_for(fresh.token)).session_id == actor.session_id
    with pytest.raises(Unauthenticated):
        await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)


async def test_an_old_hash_is_renewed_by_signing_in(house: House):
    from pwdlib import PasswordHash
    from pwdlib.hashers.argon2 import Argon2Hasher

    old = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8192, parallelism=1),)).hash(PASSWORD)

    async def _age(work):
        (await work.first(select(PasswordCredential))).password_hash = old

    await run_as_service(_age)(Actor.system())
    await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)
    assert 'm=19456' in (await rows(Actor.system(), PasswordCredential))[0].password_hash


async def test_proving_again_who_one_is_renews_the_token_and_the_time(house: House):
    actor, token = await signed_in()
    with time_machine.travel(now() + timedelta(minutes=11), tick=False):
        with pytest.raises(Unauthenticated):
            await sign_in.confirm_identity(actor, 'wrong password entirely')
        fresh = await sign_in.confirm_identity(actor, PASSWORD)
        renewed = await sessions.actor_for(fresh.token)
    assert renewed.session_id == actor.session_id
    assert renewed.authenticated_at > actor.authenticated_at
    with pytest.raises(Unauthenticated):
        await sessions.actor_for(token)


async def test_a_reset_also_opens_a_known_device_that_was_locked(house: House):
    device = (await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)).device
    with time_machine.travel(now(), tick=False):
        for number in range(5):
            with pytest.raises(Unauthenticated):
                await sign_in.sign_in(visitor(f'203.0.{number}.1'), EMAIL, 'wrong password entirely', device=device)
        with pytest.raises(TooMany):
            await sign_in.sign_in(VISITOR, EMAIL, PASSWORD, device=device)
    await give_password(house.chief.account_id)
    assert (await sign_in.sign_in(VISITOR, EMAIL, PASSWORD, device=device)).step is Step.DONE


async def test_a_script_that_signs_in_again_and_again_does_not_end_the_session_in_the_browser(house: House):
    _, token = await signed_in()
    for number in range(11):
        await sign_in.sign_in(visitor(f'203.0.{number}.1'), EMAIL, PASSWORD, is_api=True)
    assert (await sessions.actor_for(token)).account_id == house.chief.account_id


async def test_a_disk_that_is_full_keeps_nobody_from_reading(house: House, monkeypatch):
    from logic.core.errors import Unavailable

    async def full(*_):
        raise Unavailable('The disk is full.')

    _, token = await signed_in()
    monkeypatch.setattr(sessions, 'touch_sessions', full)
    monkeypatch.setattr(sessions, 'STORED_AFTER', 0.0)
    with time_machine.travel(now() + timedelta(minutes=2), tick=False):
        assert (await sessions.actor_for(token)).name == 'Elena Rossi'
        await asyncio.gather(*sessions._tasks)


@pytest.mark.parametrize('steps', [0, 1, 3])
async def test_a_use_of_a_session_that_is_cancelled_before_it_is_stored_is_stored_with_the_next(
    house: House, monkeypatch, steps: int
):
    tokens = [(await signed_in())[1] for _ in range(2)]
    monkeypatch.setattr(sessions, 'STORED_AFTER', 0.0)
    with time_machine.travel(now() + timedelta(minutes=2), tick=False):
        await sessions.actor_for(tokens[0])
        for _ in range(steps):
            await asyncio.sleep(0)
        for task in sessions._tasks:
            task.cancel()
        await asyncio.gather(*sessions._tasks, return_exceptions=True)
        await sessions.actor_for(tokens[1])
        await asyncio.gather(*sessions._tasks)
        assert [row.last_seen_at for row in await rows(Actor.system(), Session)] == [now(), now()]

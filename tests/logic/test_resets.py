"""New passwords: links that work once, never tell who exists, and never skip the second factor."""

from datetime import timedelta

import pytest
import time_machine
from sqlmodel import select

from data.core import now
from data.identity import PasswordReset
from data.work import JobRow
from logic.core.actor import Actor
from logic.core.errors import Denied, Invalid, NotFound, TooMany, Unauthenticated
from logic.core.work import Work
from logic.identity import resets, sessions, sign_in
from logic.identity.events import AccessChanged, PasswordResetAsked
from logic.identity.sign_in import Step
from tests.conftest import PASSWORD, House, person_with_account, run_as_service
from tests.logic.signing import EMAIL, VISITOR, give_password, signed_in, told, visitor, with_phone

NEW = 'a wholly different sentence'
JIDE = 'jide@example.org'


async def link(email: str = EMAIL) -> str:
    """Ask for a link, run the job, and look into the mail."""
    await resets.ask_for_reset(VISITOR, email)
    with told(PasswordResetAsked) as events:
        await run_as_service(resets.mail_reset_link.function)(Actor.system(), email)
    return events[0].token if events else ''


async def _jobs(work: Work):
    return [(row.name, row.arguments) for row in await work.all(select(JobRow)) if row.name.startswith('identity.')]


async def test_asking_does_the_same_for_a_known_and_an_unknown_address(house: House):
    await resets.ask_for_reset(VISITOR, ' Elena@Example.org')
    await resets.ask_for_reset(VISITOR, 'nobody@example.org')
    assert await run_as_service(_jobs)(Actor.system()) == [
        ('identity.mail_reset_link', '["elena@example.org"]'),
        ('identity.mail_reset_link', '["nobody@example.org"]'),
    ]
    assert await link('nobody@example.org') == ''


async def test_a_link_sets_a_new_password_ends_all_sessions_and_signs_nobody_in(house: House):
    _, token = await signed_in()
    with told(AccessChanged) as events:
        await resets.reset_password(VISITOR, await link(), NEW)
    assert [(event.email, event.is_password) for event in events] == [(EMAIL, True)]
    with pytest.raises(Unauthenticated):
        await sessions.actor_for(token)
    with pytest.raises(Unauthenticated):
        await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)
    assert (await sign_in.sign_in(VISITOR, EMAIL, NEW)).step is Step.DONE


async def test_a_link_works_once(house: House):
    token = await link()
    assert await resets.check_reset_link(VISITOR, token)
    await resets.reset_password(VISITOR, token, NEW)
    assert not await resets.check_reset_link(VISITOR, token)
    with pytest.raises(NotFound):
        await resets.reset_password(VISITOR, token, PASSWORD)


async def test_a_link_works_for_thirty_minutes(house: House):
    token = await link()
    with time_machine.travel(now() + timedelta(minutes=30), tick=False), pytest.raises(NotFound):
        await resets.reset_password(VISITOR, token, NEW)


async def test_a_newer_link_ends_the_older_one(house: House):
    first = await link()
    await link()
    assert not await resets.check_reset_link(VISITOR, first)


async def test_a_refused_password_leaves_the_link_usable(house: House):
    token = await link()
    with pytest.raises(Invalid) as caught:
        await resets.reset_password(VISITOR, token, 'short')
    assert 'new_password' in caught.value.fields
    await resets.reset_password(VISITOR, token, NEW)


async def test_a_reset_does_not_skip_the_second_factor(house: House):
    actor, _ = await signed_in()
    await with_phone(actor)
    await resets.reset_password(VISITOR, await link(), NEW)
    assert (await sign_in.sign_in(VISITOR, EMAIL, NEW)).step is Step.SECOND_FACTOR


async def test_only_the_hash_of_a_link_is_stored(house: House):
    async def _all(work: Work):
        return [row.token_hash for row in await work.all(select(PasswordReset))]

    token = await link()
    assert token not in str(await run_as_service(_all)(Actor.system()))


async def test_a_disabled_account_gets_no_link(house: House, member: Actor):
    from logic.identity import accounts

    await accounts.disable_account(house.chief, member.member_id)
    assert await link(JIDE) == ''


async def test_links_are_not_mailed_without_end(house: House):
    for number in range(5):
        await resets.ask_for_reset(visitor(f'203.0.{number}.1'), EMAIL)
    with pytest.raises(TooMany):
        await resets.ask_for_reset(visitor('203.0.9.1'), EMAIL)


async def test_an_administrator_sends_a_link_to_those_below_him_and_ends_their_sessions(house: House, member: Actor):
    await give_password(member.account_id)
    _, token = await signed_in(JIDE)
    with told(PasswordResetAsked) as events:
        shown = await resets.reset_password_of(house.chief, member.member_id)
    assert [(event.email, event.token) for event in events] == [(JIDE, shown)]
    with pytest.raises(Unauthenticated):
        await sessions.actor_for(token)
    await resets.reset_password(VISITOR, shown, NEW)


async def test_an_administrator_resets_neither_himself_nor_somebody_above(house: House, member: Actor):
    deputy = await person_with_account(house.chief, 'Ada', 'Moss', 'ada@example.org', 'Administrator')
    with pytest.raises(Denied, match='yourself'):
        await resets.reset_password_of(deputy, deputy.member_id)
    with pytest.raises(Denied, match='more rights'):
        await resets.reset_password_of(deputy, house.chief.member_id)
    with pytest.raises(Denied):
        await resets.reset_password_of(member, deputy.member_id)


async def test_an_administrator_resets_five_passwords_in_five_minutes(house: House, member: Actor):
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(5):
            await resets.reset_password_of(house.chief, member.member_id)
        with pytest.raises(TooMany):
            await resets.reset_password_of(house.chief, member.member_id)
        clock.shift(timedelta(minutes=5))
        await resets.reset_password_of(house.chief, member.member_id)


async def test_nobody_of_another_department_resets_a_password(house: House, stranger: Actor):
    with pytest.raises(NotFound):
        await resets.reset_password_of(stranger, house.chief.member_id)


async def test_the_command_line_sets_a_password_that_keeps_the_rules(house: House):
    with pytest.raises(Invalid):
        await resets.set_password_by_command(EMAIL, 'short')
    with pytest.raises(NotFound):
        await resets.set_password_by_command('nobody@example.org', NEW)
    await resets.set_password_by_command(EMAIL, NEW)
    assert (await sign_in.sign_in(VISITOR, EMAIL, NEW)).step is Step.DONE

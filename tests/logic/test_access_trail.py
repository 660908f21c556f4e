"""What signing in leaves behind: entries in the audit log, and nothing that need not be kept."""

import json
from datetime import timedelta

import pytest
import time_machine
from sqlmodel import select

from data.audit import AuditEntry
from data.core import now
from data.identity import RefreshToken, Session, SignInAttempt, Throttle
from logic.core.actor import Actor
from logic.core.errors import Unauthenticated
from logic.core.work import Work
from logic.identity import accounts, api_tokens, sessions, sign_in, throttle, upkeep
from tests.conftest import PASSWORD, House, run_as_service
from tests.logic.signing import EMAIL, VISITOR, give_password, signed_in, visitor, with_phone


async def _entries(work: Work):
    rows = await work.all(select(AuditEntry).order_by(AuditEntry.log, AuditEntry.seq))
    return [(row.action, row.outcome, row.subject_id, json.loads(row.body)) for row in rows]


async def entries(action: str):
    return [entry for entry in await run_as_service(_entries)(Actor.system()) if entry[0] == action]


async def _count(work: Work, model: type) -> int:
    return await work.count(select(model))


count = run_as_service(_count)


async def test_a_sign_in_is_recorded_with_who_and_how_and_without_any_secret(house: House):
    _, token = await signed_in()
    ((_, outcome, subject, body),) = await entries('identity.sign_in')
    assert (outcome, subject) == ('done', house.chief.account_id)
    assert 'password' in json.dumps(body)
    assert token not in json.dumps(body)
    assert PASSWORD not in json.dumps(body)
    assert '198.51.100.7' not in json.dumps(body)


async def test_refused_attempts_are_recorded_for_known_and_unknown_addresses(house: House):
    for email in (EMAIL, 'nobody@example.org'):
        with pytest.raises(Unauthenticated):
            await sign_in.sign_in(VISITOR, email, 'wrong password entirely')
    found = await entries('identity.sign_in')
    assert {(outcome, subject) for _, outcome, subject, _ in found} == {
        ('refused', house.chief.account_id), ('refused', None),
    }  # fmt: skip
    assert 'nobody@example.org' not in json.dumps([body for *_, body in found])


async def test_confirming_who_one_is_is_recorded_by_its_own_name_and_leaves_how_one_signed_in(house: House):
    actor, _ = await signed_in()
    phone, _ = await with_phone(actor)
    begun = await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)
    done = await sign_in.second_factor(VISITOR, begun.transaction, phone.code())
    actor = await sessions.actor_for(done.session.token)
    with pytest.raises(Unauthenticated):
        await sign_in.confirm_identity(actor, 'wrong password entirely')
    renewed = await sessions.actor_for((await sign_in.confirm_identity(actor, PASSWORD)).token)
    assert renewed.method == 'password+totp'
    assert [row.method for row in await sessions.list_sessions(renewed) if row.is_current] == ['password+totp']
    confirmed = await entries('identity.confirmed')
    assert [(outcome, body['actor']['method']) for _, outcome, _, body in confirmed] == [
        ('refused', 'password+totp'), ('done', 'password+totp'),
    ]  # fmt: skip
    assert {outcome for _, outcome, *_ in await entries('identity.sign_in')} == {'done'}


async def test_an_unknown_address_costs_as_many_statements_as_a_known_one(house: House, database):
    import sqlalchemy as sa

    counts = []
    engines = {database.writer.sync_engine, database.reader.sync_engine}

    def note(*_):
        counts[-1] += 1

    for engine in engines:
        sa.event.listen(engine, 'before_cursor_execute', note)
    for email in (EMAIL, 'somebody@example.org', EMAIL, 'nobody@example.org'):
        counts.append(0)
        with pytest.raises(Unauthenticated):
            await sign_in.sign_in(visitor('203.0.113.1'), email, 'wrong password entirely')
    for engine in engines:
        sa.event.remove(engine, 'before_cursor_execute', note)
    assert counts[2] == counts[3]


async def test_the_end_of_a_session_is_recorded(house: House, member: Actor):
    await give_password(member.account_id)
    await signed_in('jide@example.org')
    await accounts.disable_account(house.chief, member.member_id)
    ((_, _, subject, _),) = await entries('identity.session_ended')
    assert subject == member.account_id


async def test_setting_up_a_factor_is_recorded_without_its_secret(house: House):
    actor, _ = await signed_in()
    _, codes = await with_phone(actor)
    ((_, _, subject, body),) = await entries('identity.totp_set_up')
    assert subject == house.chief.account_id
    assert codes[0] not in json.dumps(body)


async def test_what_has_ended_long_ago_is_forgotten_and_what_lives_is_kept(house: House):
    actor, _ = await signed_in()
    phone, _ = await with_phone(actor)
    await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)
    await api_tokens.log_in(VISITOR, EMAIL, PASSWORD, phone.code())
    with pytest.raises(Unauthenticated):
        await sign_in.sign_in(VISITOR, 'nobody@example.org', 'x')
    with pytest.raises(Unauthenticated):
        await sign_in.sign_in(visitor('203.0.113.1'), EMAIL, 'x')
    tidy = run_as_service(upkeep.forget_ended_access.function)
    await tidy(Actor.system(house.organization_id))
    assert await count(Actor.system(), Session) == 2
    assert await count(Actor.system(), RefreshToken) == 1
    with time_machine.travel(now() + timedelta(days=70), tick=False):
        await tidy(Actor.system(house.organization_id))
    assert await count(Actor.system(), Session) == 0
    assert await count(Actor.system(), RefreshToken) == 0
    assert await count(Actor.system(), SignInAttempt) == 0

    async def _buckets(work: Work):
        return [(row.bucket, row.failures) for row in await work.all(select(Throttle)) if 'account' in row.bucket]

    assert await run_as_service(_buckets)(Actor.system()) == [(throttle.account_bucket(EMAIL), 1)]


async def test_a_member_who_leaves_loses_his_sessions(house: House, member: Actor):
    from data.members import Member, MemberStatus
    from logic.identity.positions import PositionsChanged

    await give_password(member.account_id)
    actor, token = await signed_in('jide@example.org')

    async def _leave(work: Work):
        (await work.get(Member, member.member_id)).status = MemberStatus.LEFT
        await work.emit(PositionsChanged(frozenset({member.member_id})))

    closed: list = []
    end = sessions.on_revoked(closed.extend)
    await run_as_service(_leave)(Actor.system(house.organization_id))
    end()
    assert closed == [actor.session_id]
    with pytest.raises(Unauthenticated):
        await sessions.actor_for(token)
    assert len(await entries('identity.session_ended')) == 1

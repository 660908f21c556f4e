"""Sessions: how long they live, who ends them, and how fast that is felt."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from sqlmodel import select

from data.core import now
from data.identity import Session
from data.members import Member, MemberStatus
from logic.core.actor import Actor
from logic.core.errors import Denied, NotFound, Unauthenticated
from logic.core.work import Work
from logic.identity import accounts, mfa, positions, sessions, sign_in
from logic.identity.sessions import device_label
from tests.conftest import PASSWORD, House, person_with_account, run_as_service
from tests.logic.signing import EMAIL, VISITOR, give_password, signed_in, visitor

JIDE = 'jide@example.org'


async def _stored(work: Work):
    return await work.all(select(Session).order_by(Session.created_at))


stored = run_as_service(_stored)


@pytest.fixture(autouse=True)
def stored_soon(monkeypatch) -> None:
    monkeypatch.setattr(sessions, 'STORED_AFTER', 0.0)
    sessions._used.clear()


async def uses_stored() -> None:
    await asyncio.gather(*sessions._tasks)


@pytest.fixture
async def jide(house: House, member: Actor) -> tuple[Actor, str]:
    await give_password(member.account_id)
    return await signed_in(JIDE)


async def ended(token: str) -> bool:
    try:
        await sessions.actor_for(token)
    except Unauthenticated:
        return True
    return False


@pytest.mark.parametrize('token', [None, '', 'x', 'x' * 5000, '\ud800'])
async def test_no_token_or_any_text_is_nobody(database, token):
    with pytest.raises(Unauthenticated):
        await sessions.actor_for(token)


async def test_only_the_hash_of_a_token_is_stored(house: House):
    _, token = await signed_in()
    row = (await stored(Actor.system()))[0]
    assert token not in row.token_hash
    assert len(row.token_hash) == 64


async def test_a_session_of_a_member_ends_after_an_idle_hour(jide):
    _, token = jide
    with time_machine.travel(now(), tick=False) as clock:
        await sessions.actor_for(token)
        clock.shift(timedelta(minutes=59))
        await sessions.actor_for(token)
        clock.shift(timedelta(minutes=59))
        await sessions.actor_for(token, touch=False)
        clock.shift(timedelta(minutes=1))
        assert await ended(token)


async def test_timers_and_pings_do_not_extend_a_session(jide):
    _, token = jide
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(11):
            await sessions.actor_for(token, touch=False)
            clock.shift(timedelta(minutes=5))
        await sessions.actor_for(token, touch=False)
        clock.shift(timedelta(minutes=6))
        assert await ended(token)


async def test_a_session_of_a_member_ends_after_a_day_of_use(jide):
    _, token = jide
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(47):
            clock.shift(timedelta(minutes=30))
            await sessions.actor_for(token)
        clock.shift(timedelta(minutes=31))
        assert await ended(token)


async def test_who_could_take_over_the_department_has_fifteen_idle_minutes_and_twelve_hours(house: House):
    _, token = await signed_in()
    row = (await stored(Actor.system()))[0]
    assert row.idle_minutes == 15
    assert row.expires_at - row.created_at < timedelta(hours=12, seconds=5)
    with time_machine.travel(now() + timedelta(minutes=15, seconds=1), tick=False):
        assert await ended(token)


async def test_the_time_of_use_survives_a_restart(jide):
    _, token = jide
    with time_machine.travel(now() + timedelta(minutes=50), tick=False) as clock:
        await sessions.actor_for(token)
        await uses_stored()
        sessions._known.clear()
        sessions._ids.clear()
        clock.shift(timedelta(minutes=50))
        await sessions.actor_for(token)


async def test_an_eleventh_session_ends_the_one_unused_for_longest(jide):
    _, first = jide
    tokens = []
    for number in range(10):
        tokens.append((await signed_in(JIDE, address=f'203.0.{number}.1'))[1])
    assert await ended(first)
    assert not await ended(tokens[0])
    rows = await stored(Actor.system())
    assert sum(row.revoked_at is None for row in rows if row.device) == 10


async def test_signing_in_again_in_the_same_browser_replaces_its_session(jide):
    _, token = jide
    done = await sign_in.sign_in(VISITOR, JIDE, PASSWORD, replaces=token)
    assert done.session.token != token
    assert await ended(token)


async def test_a_token_of_somebody_else_is_not_replaced(house: House, jide):
    _, token = jide
    await sign_in.sign_in(VISITOR, EMAIL, PASSWORD, replaces=token)
    assert not await ended(token)


async def test_signing_out_ends_the_session_and_tells_its_pages(jide):
    actor, token = jide
    closed: list = []
    end = sessions.on_revoked(closed.extend)
    await sessions.sign_out(actor)
    end()
    assert closed == [actor.session_id]
    assert await ended(token)


async def test_a_callback_that_waits_is_awaited_and_a_broken_one_silences_nobody(jide):
    actor, _ = jide
    closed = asyncio.Event()

    def broken(_):
        raise RuntimeError('broken')

    async def waits(ids):
        closed.set()

    ends = [sessions.on_revoked(broken), sessions.on_revoked(waits)]
    await sessions.sign_out(actor)
    await asyncio.wait_for(closed.wait(), 20)
    for end in ends:
        end()


async def test_a_disabled_account_loses_its_sessions_at_once(house: House, jide):
    actor, token = jide
    await accounts.disable_account(house.chief, actor.member_id)
    assert await ended(token)


async def test_losing_a_position_takes_its_rights_at_once_and_closes_the_pages(house: House, jide):
    actor, token = jide
    secretary = next(row for row in await positions.list_positions(house.chief) if row.name == 'Secretary')
    holding = await positions.give_position(house.chief, actor.member_id, secretary.id)
    assert (await sessions.actor_for(token)).may('members.add')
    closed: list = []
    end = sessions.on_revoked(closed.extend)
    await positions.end_position(house.chief, holding.id)
    end()
    assert closed == [actor.session_id]
    assert not (await sessions.actor_for(token)).may('members.add')


async def test_a_position_from_tomorrow_grants_nothing_today(house: House, jide):
    actor, token = jide
    secretary = next(row for row in await positions.list_positions(house.chief) if row.name == 'Secretary')
    tomorrow = date.fromordinal(now().date().toordinal() + 2)
    await positions.give_position(house.chief, actor.member_id, secretary.id, from_on=tomorrow)
    assert not (await sessions.actor_for(token)).may('members.add')


@pytest.mark.parametrize('status', [MemberStatus.LEFT, MemberStatus.SUSPENDED, MemberStatus.INACTIVE])
async def test_who_no_longer_belongs_to_the_department_has_no_access(house: House, jide, status):
    actor, token = jide

    async def _leave(work: Work):
        (await work.get(Member, actor.member_id)).status = status

    await run_as_service(_leave)(Actor.system(house.organization_id))
    sessions._known.clear()
    assert await ended(token)
    with pytest.raises(Denied):
        await sign_in.sign_in(VISITOR, JIDE, PASSWORD)


async def test_a_session_that_ends_while_it_is_read_is_not_known_afterwards(jide, monkeypatch):
    actor, token = jide
    sessions._known.clear()

    async def slowly(wanted: Any, plain: Any = sessions.read_session) -> Any:
        known = await plain(wanted)
        await sessions.sign_out(actor)
        return known

    monkeypatch.setattr(sessions, 'read_session', slowly)
    assert not await ended(token)
    monkeypatch.undo()
    assert await ended(token)


async def test_what_is_known_of_a_session_is_read_anew_after_five_seconds(house: House, jide, monkeypatch):
    actor, token = jide

    async def _leave(work: Work):
        (await work.get(Member, actor.member_id)).status = MemberStatus.LEFT

    await sessions.actor_for(token)
    await run_as_service(_leave)(Actor.system(house.organization_id))
    for known in sessions._known.values():
        known.read_at -= 5.01
    assert await ended(token)


async def test_the_list_shows_the_own_sessions_and_marks_the_present_one(house: House, jide):
    actor, _ = jide
    await signed_in(JIDE)
    rows = await sessions.list_sessions(actor)
    assert [row.is_current for row in rows].count(True) == 1
    assert len(rows) == 2
    assert rows[0].device == 'Firefox on Linux'
    assert {row.organization_name for row in rows} == {'Riverside Fire'}


async def test_one_ends_only_sessions_of_ones_own(house: House, jide):
    actor, token = jide
    chief, _ = await signed_in()
    with pytest.raises(NotFound):
        await sessions.end_session(chief, actor.session_id)
    other, other_token = await signed_in(JIDE)
    await sessions.end_session(actor, other.session_id)
    assert await ended(other_token)
    assert not await ended(token)


async def test_all_other_sessions_end_with_one_click(jide):
    actor, token = jide
    others = [(await signed_in(JIDE))[1] for _ in range(3)]
    assert await sessions.end_other_sessions(actor) == 3
    assert [await ended(other) for other in others] == [True] * 3
    assert not await ended(token)


async def test_ending_sessions_needs_a_sign_in_of_the_last_ten_minutes(jide):
    actor, _ = jide
    other, token = await signed_in(JIDE)
    with time_machine.travel(now() + timedelta(minutes=10, seconds=1), tick=False):
        for ending in (sessions.end_session(actor, other.session_id), sessions.end_other_sessions(actor)):
            with pytest.raises(sessions.SignInAgain):
                await ending
        assert not await ended(token)


async def test_an_administrator_ends_sessions_of_those_below_him_only(house: House, jide):
    actor, token = jide
    deputy = await person_with_account(house.chief, 'Ada', 'Moss', 'ada@example.org', 'Administrator')
    with pytest.raises(Denied):
        await sessions.end_sessions_of(deputy, house.chief.member_id)
    assert await sessions.end_sessions_of(deputy, actor.member_id) == 1
    assert await ended(token)
    with pytest.raises(Denied):
        await sessions.end_sessions_of(actor, deputy.member_id)


async def test_one_switches_only_to_departments_of_ones_own(house: House, jide, stranger: Actor):
    actor, token = jide
    with pytest.raises(NotFound):
        await sessions.switch_organization(actor, stranger.organization_id)

    async def _join(work: Work):
        from logic.members.names import index_names

        row = Member(
            number='77', first_name='Jide', last_name='Okafor', status_since_on=date(2026, 1, 1),
            joined_on=date(2026, 1, 1), account_id=actor.account_id, status=MemberStatus.ACTIVE,
        )  # fmt: skip
        index_names(row)
        work.add(row)

    await run_as_service(_join)(Actor.system(stranger.organization_id))
    await sessions.switch_organization(actor, stranger.organization_id)
    switched = await sessions.actor_for(token)
    assert switched.organization_id == stranger.organization_id
    assert switched.member_id != actor.member_id
    assert switched.permissions == frozenset()


async def test_something_sensitive_needs_a_sign_in_of_the_last_ten_minutes(house: House):
    actor, _ = await signed_in()
    await mfa.begin_own_totp(actor)
    with time_machine.travel(now() + timedelta(minutes=10, seconds=1), tick=False), pytest.raises(sessions.SignInAgain):
        await mfa.begin_own_totp(actor)


@pytest.mark.parametrize(
    ('agent', 'label'),
    [('Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604', 'Safari on iPhone'),
     ('Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537 Chrome/141 Safari/537 Edg/141', 'Edge on Windows'),
     ('python-httpx2/2.16', 'python-httpx2/2.16'), ('<script>', 'script'), ('', 'Unknown device'),
     (None, 'Unknown device')],
)  # fmt: skip
def test_a_device_is_named_as_its_owner_would(agent, label):
    assert device_label(agent) == label


async def test_many_who_ask_in_one_moment_are_read_together_and_each_is_himself(house: House, jide, database):
    import sqlalchemy as sa

    _, token = jide
    _, chiefs = await signed_in()
    _, gone = await signed_in(JIDE)
    await sessions.sign_out(await sessions.actor_for(gone))
    sessions._known.clear()
    statements: list[str] = []
    engine = database.reader.sync_engine

    def note(_conn, _cursor, statement, *_):
        statements.append(statement)

    sa.event.listen(engine, 'before_cursor_execute', note)
    found = await asyncio.gather(
        *(sessions.actor_for(one, touch=False) for one in (token, chiefs, gone, 'x', token)), return_exceptions=True
    )
    assert await sessions.actor_for(token, touch=False) == found[0]  # known by now
    sa.event.remove(engine, 'before_cursor_execute', note)
    assert [getattr(one, 'name', None) for one in found] == ['Jide Okafor', 'Elena Rossi', None, None, 'Jide Okafor']
    assert found[0].permissions != found[1].permissions
    assert isinstance(found[2], Unauthenticated)
    assert sum(statement.lstrip().startswith('SELECT') for statement in statements) == 1


async def test_the_use_of_a_session_is_stored_at_most_once_a_minute(jide):
    async def use(**more: Any) -> Session:
        await sessions.actor_for(token, **more)
        await uses_stored()
        return (await stored(Actor.system()))[-1]

    _, token = jide
    with time_machine.travel(now() + timedelta(minutes=2), tick=False) as clock:
        first = await use()
        assert first.last_seen_at == now()
        clock.shift(timedelta(seconds=30))
        assert (await use(address='203.0.113.5')).last_seen_at == first.last_seen_at
        clock.shift(timedelta(seconds=31))
        row = await use(address='203.0.113.5')
        assert (row.last_seen_at, row.address) == (now(), '203.0.113.5')


async def test_the_uses_of_many_sessions_are_stored_together_while_nobody_waits(jide, monkeypatch):
    stores: list[int] = []

    async def touch(actor: Actor, uses: Any, plain: Any = sessions.touch_sessions) -> None:
        stores.append(len(uses))
        await plain(actor, uses)

    monkeypatch.setattr(sessions, 'touch_sessions', touch)
    tokens = [jide[1], (await signed_in(JIDE))[1]]
    with time_machine.travel(now() + timedelta(minutes=2), tick=False):
        for token in tokens:
            await sessions.actor_for(token)
        assert stores == []
        await uses_stored()
        assert stores == [2]
        assert [row.last_seen_at for row in (await stored(Actor.system()))[-2:]] == [now(), now()]


async def test_two_browsers_of_one_person_are_two_sessions(jide):
    _, token = jide
    _, other = await signed_in(JIDE, address=visitor('203.0.113.1').address or '')
    assert token != other
    assert not await ended(token)

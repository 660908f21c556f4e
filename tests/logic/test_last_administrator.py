"""Somebody who looks after members and positions is left on every day to come, and not only today."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlmodel import select

from data.identity import Account, PositionHolding
from data.members import Departure
from data.notifications import Notice
from logic.core.actor import Actor
from logic.core.errors import Conflict
from logic.core.work import Work
from logic.identity import positions
from logic.members import leaving
from logic.members.leaving import DepartureInput
from tests.conftest import person_with_account, run_as_service


async def own_holding(chief: Actor) -> PositionHolding:
    owner = next(row for row in await positions.list_positions(chief) if row.name == 'Owner')
    return next(held for held, who in await positions.list_holders(chief, owner.id) if who.id == chief.member_id)


async def test_an_owner_until_tomorrow_does_not_let_the_last_open_one_end(chief: Actor, member: Actor) -> None:
    held = await own_holding(chief)
    assert member.member_id is not None
    tomorrow = held.from_on + timedelta(days=1)
    await positions.give_position(chief, member.member_id, held.position_id, until_on=tomorrow)
    with pytest.raises(Conflict, match=r'After .* nobody would be left'):
        await positions.end_position(chief, held.id)
    # who takes over without a gap and without an end is enough
    await positions.give_position(chief, member.member_id, held.position_id, from_on=tomorrow + timedelta(days=1))
    await positions.end_position(chief, held.id)


async def test_a_gap_between_two_owners_counts(chief: Actor, member: Actor) -> None:
    held = await own_holding(chief)
    assert member.member_id is not None
    await positions.give_position(chief, member.member_id, held.position_id, until_on=held.from_on + timedelta(days=1))
    await positions.give_position(chief, member.member_id, held.position_id, from_on=held.from_on + timedelta(days=3))
    with pytest.raises(Conflict, match=r'After .* nobody would be left'):
        await positions.end_position(chief, held.id)


async def test_two_administrators_do_not_both_plan_to_leave(chief: Actor) -> None:
    other = await person_with_account(chief, 'Ada', 'Min', 'ada@example.org', 'Member', 'Owner')
    today = datetime.now(UTC).date()
    assert other.member_id is not None
    assert chief.member_id is not None
    data = DepartureInput(last_on=today + timedelta(days=9), reason='Enough')
    planned = await leaving.plan_departure(chief, other.member_id, data)
    sooner = data.model_copy(update={'last_on': today + timedelta(days=5)})
    with pytest.raises(Conflict, match=r'After .* nobody would be left'):
        await leaving.plan_departure(other, chief.member_id, sooner)
    with pytest.raises(Conflict, match=r'After .* nobody would be left'):
        await positions.end_position(chief, (await own_holding(chief)).id)
    await leaving.cancel_departure(chief, planned.id)
    await leaving.plan_departure(other, chief.member_id, sooner)


async def _disable(work: Work, account_id: Any) -> None:
    (await work.get(Account, account_id)).disabled_at = work.now


async def _look(work: Work, model: Any, kind: str = '') -> list[Any]:
    statement = select(model)
    return await work.all(statement.where(model.kind == kind) if kind else statement)


async def _complete(work: Work) -> int:
    return int(await leaving.complete_departures(work))


async def test_a_departure_that_would_leave_nobody_is_told_and_waits(chief: Actor) -> None:
    other = await person_with_account(chief, 'Ada', 'Min', 'ada@example.org', 'Member', 'Owner')
    helper = await person_with_account(chief, 'Hana', 'Hoff', 'hana@example.org', 'Member', 'HR manager')
    assert chief.member_id is not None
    system = Actor.system(chief.organization_id)
    last = datetime.now(UTC).date() + timedelta(days=5)
    await leaving.plan_departure(other, chief.member_id, DepartureInput(last_on=last, reason='Enough'))
    await run_as_service(_disable)(system, other.account_id)  # past every rule, as an import or a repair would
    with time_machine.travel(datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=2), tick=False):
        complete, look = run_as_service(_complete), run_as_service(_look, writes=False)
        assert await complete(system) == 0
        assert await complete(system) == 0
        told = await look(system, Notice, 'departure_waits')
        assert {row.account_id for row in told} == {chief.account_id, helper.account_id}
        assert len(told) == 2
        assert told[0].title == 'The departure of Elena Rossi waits: nobody else looks after members and positions'
        assert told[0].link == f'/members/{chief.member_id}?tab=checklists'
        assert [row.completed_at for row in await look(system, Departure)] == [None]

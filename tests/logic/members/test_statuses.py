"""The life cycle of a membership: only the allowed moves, each dated and explained, and a way back from everywhere."""

import asyncio
from datetime import date, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from data.members import Member, MemberStatus
from logic import members
from logic.core.actor import Actor
from logic.core.errors import Conflict, Denied, Invalid
from logic.core.listing import ListQuery
from logic.identity import positions
from logic.members import ALLOWED, change_status
from logic.members.statuses import check_move
from tests.conftest import run_as_service
from tests.logic.members.conftest import Add

S = MemberStatus
RULE = {
    'probationary': 'active inactive on_leave suspended left',
    'active': 'probationary inactive on_leave suspended retired left',
    'inactive': 'active probationary retired left',
    'suspended': 'probationary active inactive left',
    'on_leave': 'active inactive suspended retired left',
    'retired': 'active inactive',
    'left': 'probationary active',
}
"""Rule 1 of the spec, written again by hand."""


def test_the_allowed_moves_are_those_of_the_rule() -> None:
    assert {before.value: {after.value for after in ways} for before, ways in ALLOWED.items()} == {
        before: set(ways.split()) for before, ways in RULE.items()
    }


class Life(RuleBasedStateMachine):
    """A membership that is moved about at random; a model of the rule says what must be refused."""

    def __init__(self) -> None:
        super().__init__()
        self.today = date(2026, 1, 1)
        self.member = Member(number='1', first_name='Ann', status=S.PROBATIONARY, status_since_on=self.today)

    @rule(to=st.sampled_from(list(S)), back=st.integers(-3, 3), reason=st.sampled_from(['', 'Because']))
    def move(self, to: MemberStatus, back: int, reason: str) -> None:
        on = self.today - timedelta(days=back)
        allowed = to.value in RULE[self.member.status.value].split()
        try:
            check_move(self.member, to, reason, on, self.today)
        except Conflict:
            assert not allowed
        except Invalid:
            assert allowed
            assert not reason or on > self.today or on < self.member.status_since_on
        else:
            assert allowed
            assert reason
            assert self.member.status_since_on <= on <= self.today
            self.member.status, self.member.status_since_on = to, on

    @rule(days=st.integers(1, 5))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)

    @invariant()
    def there_is_a_way_back_to_active(self) -> None:
        seen, waiting = set(), [self.member.status]
        while waiting:
            seen.add(at := waiting.pop())
            waiting += [way for way in ALLOWED[at] if way not in seen]
        assert S.ACTIVE in seen


Life.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestLife = Life.TestCase


async def test_a_move_is_dated_explained_and_kept(chief: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg')
    await change_status(chief, ann.id, S.SUSPENDED, '  Missed   drills ')
    await change_status(chief, ann.id, S.ACTIVE, 'Back')
    rows = (await members.membership_history(chief, ann.id)).statuses
    assert [(row.before, row.after, row.reason) for row in rows] == [
        (S.SUSPENDED, S.ACTIVE, 'Back'),
        (S.ACTIVE, S.SUSPENDED, 'Missed drills'),
        (None, S.ACTIVE, ''),
    ]


async def test_a_suspended_member_does_not_go_on_leave(chief: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg')
    await change_status(chief, ann.id, S.SUSPENDED, 'Missed drills')
    with pytest.raises(Conflict, match='can become: Probationary, Active, Inactive, Left'):
        await change_status(chief, ann.id, S.ON_LEAVE, 'Tired')


async def test_the_reason_of_a_status_is_not_for_peers(chief: Actor, member: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg')
    await change_status(chief, ann.id, S.SUSPENDED, 'Missed drills')
    with pytest.raises(Denied):
        await members.membership_history(member, ann.id)
    assert not (await members.get_member(member, ann.id)).shows('status_reason')
    with pytest.raises(Denied):
        await change_status(member, ann.id, S.ACTIVE, 'Please')


async def test_who_leaves_hands_his_people_over_in_the_same_step(chief: Actor, add: Add) -> None:
    top = await add('Top', 'Boss')
    gone = await add('Ann', 'Berg', manager_id=top.id)
    one = await add('Bo', 'Chan', manager_id=gone.id)
    two = await add('Cy', 'Diaz', manager_id=gone.id)
    with pytest.raises(Invalid, match=r'2 people report to Ann Berg: Bo Chan, Cy Diaz\. .* Top Boss'):
        await change_status(chief, gone.id, S.LEFT, 'Moved')
    await change_status(chief, gone.id, S.LEFT, 'Moved', reports_to_id=one.id)
    rows = {row.id: row for row in (await members.list_members(chief, ListQuery())).rows}
    one_boss, two_boss = rows[one.id].manager, rows[two.id].manager
    assert one_boss is not None
    assert one_boss.id == top.id  # he took them over himself, so he has the leaver's manager
    assert two_boss is not None
    assert two_boss.id == one.id


async def test_who_has_left_holds_no_position_and_may_come_back(chief: Actor, member: Actor) -> None:
    jide = member.member_id
    assert jide is not None
    await change_status(chief, jide, S.LEFT, 'Moved')
    view = await members.get_member(chief, jide)
    assert view.status is S.LEFT
    assert view.left_on is not None
    assert view.positions == []
    await change_status(chief, jide, S.PROBATIONARY, 'Is back')
    view = await members.get_member(chief, jide)
    assert view.left_on is None


async def test_the_last_administrator_stays(chief: Actor) -> None:
    assert chief.member_id is not None
    for to in (S.LEFT, S.SUSPENDED, S.RETIRED, S.INACTIVE):
        with pytest.raises(Conflict, match='Nobody would be left'):
            await change_status(chief, chief.member_id, to, 'Enough')
    assert (await members.get_member(chief, chief.member_id)).status is S.ACTIVE


async def test_a_manager_moves_his_people_but_no_others(manager: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg', manager_id=manager.member_id)
    other = await add('Bo', 'Chan')
    await change_status(manager, ann.id, S.ON_LEAVE, 'Baby')
    with pytest.raises(Denied):
        await change_status(manager, other.id, S.ON_LEAVE, 'Baby')
    assert manager.member_id is not None
    with pytest.raises(Denied):
        await change_status(manager, manager.member_id, S.ON_LEAVE, 'Baby')


async def test_two_moves_at_once_do_not_both_win(chief: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg')
    results = await asyncio.gather(
        change_status(chief, ann.id, S.ON_LEAVE, 'One', version=1),
        change_status(chief, ann.id, S.RETIRED, 'Two', version=1),
        return_exceptions=True,
    )
    assert sum(isinstance(result, Conflict) for result in results) == 1
    assert len((await members.membership_history(chief, ann.id)).statuses) == 2


async def test_losing_a_status_takes_the_rights_away(chief: Actor, member: Actor) -> None:

    assert member.member_id is not None
    rights = run_as_service(_rights, writes=False)
    system = Actor.system(chief.organization_id)
    assert await rights(system, member.member_id)
    await change_status(chief, member.member_id, S.SUSPENDED, 'Missed drills')
    assert not await rights(system, member.member_id)


async def _rights(work, member_id):  # type: ignore[no-untyped-def]
    return await positions.permissions_of(work, member_id)

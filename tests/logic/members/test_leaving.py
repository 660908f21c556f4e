"""Leaving: the last day counts in full where the work is, what is open is on one page, and it can be called off."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from logic import departments, members
from logic.core.actor import Actor
from logic.core.errors import Conflict, Denied, Invalid
from logic.departments import StationInput
from logic.identity import positions
from logic.identity.positions import PositionInput
from logic.members import JobInput, MemberStatus, checklists, leaving, letters
from logic.members.leaving import DepartureInput
from tests.conftest import run_as_service
from tests.logic.members.conftest import Add


async def _rights(work: Any, member_id: Any) -> Any:
    return await positions.permissions_of(work, member_id)


async def _complete(work: Any) -> int:
    return int(await leaving.complete_departures(work))


async def test_the_last_day_is_inclusive_in_the_zone_of_the_work(chief: Actor, member: Actor) -> None:
    system, jide = Actor.system(chief.organization_id), member.member_id
    assert jide is not None
    tokyo = await departments.add_station(chief, StationInput(name='Tokyo', zone='Asia/Tokyo'))
    await members.update_member(chief, jide, members.ProfileInput(station_id=tokyo.id))
    last = (datetime.now(UTC) + timedelta(days=10)).date()
    await leaving.plan_departure(chief, jide, DepartureInput(last_on=last, reason='Moves away'))
    view = await members.get_member(chief, jide)
    assert (view.status, view.leaves_on) == (MemberStatus.ACTIVE, last)
    complete, rights = run_as_service(_complete), run_as_service(_rights, writes=False)
    midnight = datetime(last.year, last.month, last.day, 15, tzinfo=UTC)  # 0:00 of the next day in Tokyo
    with time_machine.travel(midnight - timedelta(seconds=1), tick=False):
        assert await complete(system) == 0
        assert await rights(system, jide)
    with time_machine.travel(midnight, tick=False):
        assert await complete(system) == 1
        assert not await rights(system, jide)
        view = await members.get_member(chief, jide)
        assert (view.status, view.left_on, view.leaves_on) == (MemberStatus.LEFT, last, None)
        assert await complete(system) == 0


async def test_a_last_day_that_is_over_is_carried_out_at_once(chief: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg', joined_on=date(2020, 1, 1))
    yesterday = (datetime.now(UTC) - timedelta(days=2)).date()
    await leaving.plan_departure(chief, ann.id, DepartureInput(last_on=yesterday, reason='Moved'))
    view = await members.get_member(chief, ann.id)
    assert (view.status, view.left_on) == (MemberStatus.LEFT, yesterday)
    with pytest.raises(Conflict):
        await leaving.plan_departure(chief, ann.id, DepartureInput(last_on=yesterday, reason='Moved'))


async def test_reports_move_on_the_day_after_the_last(chief: Actor, add: Add) -> None:
    top = await add('Top', 'Boss')
    gone = await add('Ann', 'Berg', manager_id=top.id)
    bo = await add('Bo', 'Chan', manager_id=gone.id)
    last = gone.status_since_on + timedelta(days=20)
    with pytest.raises(Invalid, match='Say who takes them over') as refused:
        await leaving.plan_departure(chief, gone.id, DepartureInput(last_on=last, reason='Moves'))
    assert refused.value.fields.keys() == {'reports_to_id'}, 'it is said where somebody is to be chosen'
    overview = await leaving.departure_overview(chief, gone.id)
    assert overview.proposed_id == top.id
    await leaving.plan_departure(
        chief, gone.id, DepartureInput(last_on=last, reason='Moves', reports_to_id=overview.proposed_id)
    )
    with time_machine.travel(datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=2), tick=False):
        await run_as_service(_complete)(Actor.system(chief.organization_id))
    rows = (await members.membership_history(chief, bo.id)).jobs
    assert [(row.manager, row.from_on) for row in rows] == [
        ('Top Boss', last + timedelta(days=1)), ('Ann Berg', bo.status_since_on),
    ]  # fmt: skip


async def test_a_departure_can_be_called_off_and_planned_again(chief: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg')
    template = (await checklists.list_templates(chief, checklists.ChecklistKind.LEAVING))[0]
    data = DepartureInput(last_on=ann.status_since_on + timedelta(days=30), reason='Moves', template_id=template.id)
    departure = await leaving.plan_departure(chief, ann.id, data)
    assert len(await checklists.list_checklist(chief, ann.id)) == 3
    with pytest.raises(Conflict, match='planned already'):
        await leaving.plan_departure(chief, ann.id, data)
    later = data.model_copy(update={'last_on': data.last_on + timedelta(days=5)})
    await leaving.change_departure(chief, departure.id, later)
    await leaving.cancel_departure(chief, departure.id)
    assert (await members.get_member(chief, ann.id)).leaves_on is None
    assert await checklists.list_checklist(chief, ann.id) == []
    await leaving.plan_departure(chief, ann.id, data)


async def test_the_overview_lists_what_is_open_with_its_action(chief: Actor, member: Actor, add: Add) -> None:
    jide = member.member_id
    assert jide is not None
    bo = (await add('Bo', 'Chan', manager_id=jide)).id
    unit = (await departments.list_departments(chief))[0]
    await departments.set_department_head(chief, unit.id, jide)
    alone = await positions.add_position(
        chief, PositionInput(name='Keeper of keys', permissions=frozenset({'members.view'}))
    )
    await positions.give_position(chief, jide, alone.id)
    shared = {held.name: held.id for held in await positions.list_positions(chief)}['Member']
    await positions.give_position(chief, bo, shared)
    groups = {group.name: group for group in (await leaving.departure_overview(chief, jide)).groups}
    assert [thing.title for thing in groups['reports'].things] == ['Bo Chan']
    assert [thing.title for thing in groups['offices'].things] == ['Keeper of keys']
    assert [thing.title for thing in groups['units'].things] == ['Leads Operations']
    assert all(group.action for group in groups.values())
    assert await leaving.hand_over(chief, jide, [alone.id], bo) == 1
    groups = {group.name: group for group in (await leaving.departure_overview(chief, jide)).groups}
    assert groups['offices'].things == []


async def test_colleagues_do_not_learn_of_a_planned_departure(chief: Actor, member: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg')
    later = DepartureInput(last_on=ann.status_since_on + timedelta(days=30), reason='Dismissed')
    await leaving.plan_departure(chief, ann.id, later)
    assert (await members.get_member(chief, ann.id)).shows('leaves_on')
    assert not (await members.get_member(member, ann.id)).shows('leaves_on')


async def test_who_holds_the_position_of_an_item_sees_and_ticks_it_alone(chief: Actor, member: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg')
    held = next(row for row in await positions.list_positions(chief) if row.name == 'Member')
    items = (
        members.TemplateItemInput(title='Hand out keys', owner=checklists.ItemOwner.POSITION, position_id=held.id),
        members.TemplateItemInput(title='Talk'),
    )
    data = members.TemplateInput(kind=checklists.ChecklistKind.JOINING, name='Keys', items=items)
    template = await members.add_template(chief, data)
    with pytest.raises(Denied):
        await checklists.list_checklist(member, ann.id)
    await checklists.start_checklist(chief, ann.id, template.id, date(2026, 7, 1))
    (own,) = await checklists.list_checklist(member, ann.id)
    assert own.title == 'Hand out keys'
    await checklists.tick_item(member, own.id)
    with pytest.raises(Invalid):
        await checklists.start_checklist(chief, ann.id, template.id, date.max)


async def test_the_last_administrator_cannot_plan_to_leave(chief: Actor) -> None:
    assert chief.member_id is not None
    with pytest.raises(Conflict, match='nobody would be left'):
        await leaving.plan_departure(
            chief, chief.member_id,
            DepartureInput(last_on=(datetime.now(UTC) + timedelta(days=9)).date(), reason='Enough'),
        )  # fmt: skip


async def test_a_departure_needs_a_sensible_day_and_the_right(chief: Actor, member: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg', joined_on=date(2020, 1, 1))
    with pytest.raises(Invalid):
        await leaving.plan_departure(chief, ann.id, DepartureInput(last_on=date(2019, 1, 1), reason='Moved'))
    with pytest.raises(Denied):
        await leaving.departure_overview(member, ann.id)


@pytest.mark.parametrize(
    ('start', 'offset', 'due'),
    [
        (date(2026, 7, 1), 0, date(2026, 7, 1)),
        (date(2026, 7, 1), 2, date(2026, 7, 6)),  # July 3rd is the observed holiday, then the weekend
        (date(2026, 7, 4), 0, date(2026, 7, 6)),
        (date(2026, 7, 6), -1, date(2026, 7, 2)),
        (date(2026, 12, 24), 1, date(2026, 12, 28)),
    ],
)
def test_checklist_days_skip_weekends_and_holidays_of_the_country(start: date, offset: int, due: date) -> None:
    assert checklists.working_day(start, offset, checklists.holidays_of('US', start, offset)) == due


async def test_an_item_is_ticked_by_whom_it_is_for(chief: Actor, member: Actor, manager: Actor) -> None:
    jide = member.member_id
    assert jide is not None
    await members.change_job(chief, jide, JobInput(manager_id=manager.member_id))
    template = (await checklists.list_templates(chief, checklists.ChecklistKind.JOINING))[0]
    await checklists.start_checklist(chief, jide, template.id, date(2026, 7, 1))
    with pytest.raises(Conflict, match='already'):
        await checklists.start_checklist(chief, jide, template.id, date(2026, 7, 1))

    async def to_do(actor: Actor) -> list[checklists.ItemRow]:
        return [row for row in await checklists.list_checklist(actor, jide) if row.may_tick and not row.is_done]

    mine = await to_do(member)
    assert {row.owner for row in mine} == {'Jide Okafor'}
    theirs = [row for row in await to_do(manager) if row.owner == 'Manager']
    await checklists.tick_item(member, mine[0].id)
    assert len(await to_do(member)) == len(mine) - 1
    with pytest.raises(Denied):
        await checklists.tick_item(member, theirs[0].id)
    await checklists.tick_item(member, mine[0].id, done=False)
    assert len(await to_do(member)) == len(mine)


async def test_former_departures_stay_in_the_history_of_a_person(chief: Actor, member: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg')
    later = DepartureInput(last_on=ann.status_since_on + timedelta(days=30), reason='Moves')
    planned = await leaving.plan_departure(chief, ann.id, later)
    await leaving.cancel_departure(chief, planned.id)
    await leaving.plan_departure(
        chief, ann.id, later.model_copy(update={'last_on': ann.status_since_on - timedelta(days=1)})
    )
    await members.change_status(chief, ann.id, MemberStatus.ACTIVE, 'Is back')
    rows = (await members.membership_history(chief, ann.id)).departures
    assert [(row.state, row.reason) for row in rows] == [('cancelled', 'Moves'), ('carried out', 'Moves')]
    with pytest.raises(Denied):
        await members.membership_history(member, ann.id)


async def test_a_letter_says_who_somebody_was_and_until_when_and_not_why(
    chief: Actor, member: Actor, manager: Actor, add: Add
) -> None:
    ann = await add('Ann', 'Berg', joined_on='2015-03-01', title='Driver')
    assert await letters.leaving_letter(chief, ann.id) is None
    template = (await checklists.list_templates(chief, checklists.ChecklistKind.LEAVING))[0]
    last = datetime.now(UTC).date() + timedelta(days=400)
    with time_machine.travel(datetime(last.year, last.month, last.day, 18, tzinfo=UTC), tick=False):
        planned = DepartureInput(last_on=last, reason='A secret reason', template_id=template.id)
        await leaving.plan_departure(chief, ann.id, planned)
        letter = await letters.leaving_letter(chief, ann.id)
        for other in (member, manager):
            with pytest.raises(Denied):
                await letters.leaving_letter(other, ann.id)
    assert letter is not None
    assert (letter.department, letter.name, letter.role, letter.last_on) == (
        'Riverside Fire', 'Ann Berg', 'Driver', last,
    )  # fmt: skip
    assert len(letter.open_items) == len(template.items)
    assert 'secret' not in str(letter)

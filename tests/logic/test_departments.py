"""Departments, stations, ranks and membership types: trees without circles, names once, nothing lost by archiving."""

import pytest

from logic import departments
from logic.core.actor import Actor
from logic.core.errors import Conflict, Denied, Invalid, NotFound
from logic.departments import DepartmentInput, MembershipTypeInput, RankInput, StationInput


async def test_a_new_fire_department_begins_with_ranks_and_types_of_its_kind(chief: Actor) -> None:
    ranks = [rank.name for rank in await departments.list_ranks(chief)]
    assert ranks[0] == 'Chief'
    assert ranks[-1] == 'Firefighter'
    types = {kind.name: kind for kind in await departments.list_membership_types(chief)}
    assert types['Active'].may_vote
    assert not types['Probationary'].may_vote
    assert [row.name for row in await departments.list_departments(chief)] == ['Operations']
    assert [row.name for row in await departments.list_stations(chief)] == ['Headquarters']


async def test_a_department_cannot_become_a_part_of_itself(chief: Actor) -> None:
    top = await departments.add_department(chief, DepartmentInput(name='Fleet'))
    middle = await departments.add_department(chief, DepartmentInput(name='Engines', parent_id=top.id))
    low = await departments.add_department(chief, DepartmentInput(name='Engine 1', parent_id=middle.id))
    with pytest.raises(Conflict, match='part of itself'):
        await departments.update_department(chief, top.id, DepartmentInput(name='Fleet', parent_id=low.id))
    with pytest.raises(Conflict, match='part of itself'):
        await departments.update_department(chief, top.id, DepartmentInput(name='Fleet', parent_id=top.id))


async def test_a_name_is_taken_once_whatever_its_case(chief: Actor) -> None:
    with pytest.raises(Invalid) as refusal:
        await departments.add_department(chief, DepartmentInput(name='OPERATIONS'))
    assert 'named Operations' in refusal.value.fields['name']
    await departments.add_rank(chief, RankInput(name='Probie'))
    with pytest.raises(Invalid):
        await departments.add_rank(chief, RankInput(name='probie'))


async def test_a_name_may_be_kept_when_the_rest_changes(chief: Actor) -> None:
    station = await departments.add_station(chief, StationInput(name='Station 1'))
    await departments.update_station(chief, station.id, StationInput(name='Station 1', zone='America/Chicago'))
    assert (await departments.list_stations(chief))[1].zone == 'America/Chicago'


async def test_a_stale_edit_is_refused(chief: Actor) -> None:
    rank = await departments.add_rank(chief, RankInput(name='Cadet'))
    await departments.update_rank(chief, rank.id, RankInput(name='Cadet', order=5), version=1)
    with pytest.raises(Conflict, match='meanwhile'):
        await departments.update_rank(chief, rank.id, RankInput(name='Cadet', order=6), version=1)


async def test_a_department_with_units_is_not_archived(chief: Actor) -> None:
    top = await departments.add_department(chief, DepartmentInput(name='Fleet'))
    below = await departments.add_department(chief, DepartmentInput(name='Engines', parent_id=top.id))
    with pytest.raises(Conflict, match='Engines'):
        await departments.archive_department(chief, top.id)
    await departments.archive_department(chief, below.id)
    await departments.archive_department(chief, top.id)
    assert [row.name for row in await departments.list_departments(chief)] == ['Operations']
    await departments.archive_department(chief, top.id, archived=False)
    assert len(await departments.list_departments(chief)) == 2


async def test_one_person_does_not_lead_and_stand_in_for_the_same_department(chief: Actor) -> None:
    unit = (await departments.list_departments(chief))[0]
    await departments.set_department_head(chief, unit.id, chief.member_id)
    assert (await departments.list_departments(chief))[0].head_name == 'Elena Rossi'
    with pytest.raises(Conflict, match='stand in'):
        await departments.set_department_head(chief, unit.id, chief.member_id, is_stand_in=True)
    await departments.set_department_head(chief, unit.id, None)
    assert (await departments.list_departments(chief))[0].head_id is None


async def test_who_leads_a_unit_and_who_stands_in_may_change_places_in_one_step(chief: Actor, member: Actor) -> None:
    unit = (await departments.list_departments(chief))[0]

    async def leaders() -> tuple[str, str]:
        row = (await departments.list_departments(chief))[0]
        return row.head_name, row.stand_in_name

    await departments.set_leadership(chief, unit.id, chief.member_id, member.member_id)
    assert await leaders() == ('Elena Rossi', 'Jide Okafor')
    await departments.set_leadership(chief, unit.id, member.member_id, chief.member_id)
    assert await leaders() == ('Jide Okafor', 'Elena Rossi')
    with pytest.raises(Conflict, match='cannot both lead'):
        await departments.set_leadership(chief, unit.id, member.member_id, member.member_id)
    await departments.set_leadership(chief, unit.id, None, None)
    assert await leaders() == ('', '')


async def test_a_member_may_look_but_not_change(chief: Actor, member: Actor) -> None:
    assert await departments.list_ranks(member)
    with pytest.raises(Denied):
        await departments.add_membership_type(member, MembershipTypeInput(name='Mine'))


async def test_a_stranger_finds_nothing_of_ours(chief: Actor, stranger: Actor) -> None:
    ours = await departments.add_department(chief, DepartmentInput(name='Fleet'))
    with pytest.raises(NotFound):
        await departments.update_department(stranger, ours.id, DepartmentInput(name='Theirs'))
    with pytest.raises(NotFound):
        await departments.add_department(stranger, DepartmentInput(name='Below', parent_id=ours.id))
    await departments.add_department(stranger, DepartmentInput(name='Fleet'))

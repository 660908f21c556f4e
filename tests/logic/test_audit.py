"""The audit domain: what services leave in the log, who may read it, and the anchor of the day."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from data.core import new_id, now
from data.members import Member
from logic import audit
from logic.core.actor import Actor
from logic.core.errors import Denied, Invalid, NotFound
from logic.core.listing import ListQuery
from logic.core.service import Service
from logic.core.work import Work
from logic.identity.sessions import SignInAgain
from tests.conftest import House, run_as_service


async def rename(work: Work, member_id: UUID, name: str) -> None:
    member = await work.get(Member, member_id)
    member.preferred_name = name
    work.explain('A test.')


async def fail(work: Work, member_id: UUID) -> None:
    await rename(work, member_id, 'Nobody')
    raise RuntimeError('after the change')


@pytest.fixture
def renaming() -> Service[..., None]:
    return run_as_service(rename)


async def test_a_change_is_in_the_log_with_who_what_and_why(house: House, renaming: Service[..., None]) -> None:
    member_id = house.chief.member_id
    assert member_id is not None
    await renaming(Actor.system(house.organization_id), member_id, 'Ellie')
    page = await audit.list_entries(house.chief, ListQuery())
    row = page.rows[0]
    assert (row.object_type, row.object_id, row.actor_name, row.reason) == (
        'Member',
        str(member_id),
        'Logbook',
        'A test.',
    )
    assert [(change.name, change.old, change.new) for change in row.changes] == [('preferred_name', '', 'Ellie')]
    assert page.total == page.rows[0].seq + 1
    assert all(found.is_intact for found in await audit.verify_all())


async def test_what_is_rolled_back_leaves_no_entry(house: House) -> None:
    before = (await audit.list_entries(house.chief, ListQuery())).total
    failing = run_as_service(fail)
    assert house.chief.member_id is not None
    with pytest.raises(RuntimeError, match='after the change'):
        await failing(Actor.system(house.organization_id), house.chief.member_id)
    assert (await audit.list_entries(house.chief, ListQuery())).total == before


async def test_the_log_is_closed_to_members_and_to_strangers(house: House, member: Actor, stranger: Actor) -> None:
    with pytest.raises(Denied):
        await audit.list_entries(member, ListQuery())
    with pytest.raises(Denied):
        await audit.verify_now(member)
    with pytest.raises(Denied):
        await audit.export_log(member)
    mine = await audit.list_entries(house.chief, ListQuery(page_size=100))
    theirs = await audit.list_entries(stranger, ListQuery(page_size=100))
    assert not {row.object_id for row in mine.rows} & {row.object_id for row in theirs.rows}
    with pytest.raises(NotFound):
        await audit.get_entry(stranger, 10_000)
    with pytest.raises(NotFound):
        await audit.get_entry(stranger, 10**30)
    assert await audit.activity_of(stranger, 'Member', house.chief.member_id or UUID(int=0)) == []


async def test_an_export_of_the_log_needs_a_fresh_sign_in(house: House) -> None:
    signed_in = replace(house.chief, session_id=new_id(), authenticated_at=now())
    (await audit.export_log(signed_in)).unlink()
    stale = replace(signed_in, authenticated_at=now() - timedelta(minutes=11))
    before = (await audit.list_entries(house.chief, ListQuery())).total
    with pytest.raises(SignInAgain):
        await audit.export_log(stale)
    assert (await audit.list_entries(house.chief, ListQuery())).total == before


async def test_filters_narrow_the_list(house: House, renaming: Service[..., None]) -> None:
    chief = house.chief
    assert chief.member_id is not None
    await renaming(Actor.system(house.organization_id), chief.member_id, 'Ellie')
    all_of_them = (await audit.list_entries(chief, ListQuery(page_size=100))).total

    async def total(q: str = '', **filters: str) -> int:
        named = {name.rstrip('_'): [value] for name, value in filters.items()}
        return (await audit.list_entries(chief, ListQuery(q=q, filters=named))).total

    assert await total(object=str(chief.member_id)) < all_of_them
    assert await total(object_type='Member', object=str(chief.member_id)) >= 2
    assert await total(action='test_audit.*') == 0
    assert await total(action='setup.*') == all_of_them - 1
    assert await total(actor=str(UUID(int=3))) == 0
    assert await total(q=str(chief.member_id)[:20]) >= 2
    assert await total(outcome='refused') == 0
    assert await total(from_='2020-01-01', to='2999-12-30') == all_of_them
    assert await total(to='2020-01-01') == 0
    for wrong in ({'actor': 'x'}, {'from_': 'yesterday'}, {'colour': 'red'}, {'to': '9999-12-31'}):
        with pytest.raises(Invalid):
            await total(**wrong)


async def test_every_action_that_the_log_knows_can_be_chosen(house: House) -> None:
    assert 'setup.found_department' in (await audit.log_overview(house.chief)).actions


async def test_activity_shows_personal_fields_only_to_those_who_may_see_them(house: House) -> None:
    member_id = house.chief.member_id
    assert member_id is not None
    plain = await audit.activity_of(house.chief, 'Member', member_id)
    shown = await audit.activity_of(house.chief, 'Member', member_id, fields={'email'})
    assert plain
    assert not [change for row in plain for change in row.changes if change.is_personal]
    assert {change.name for row in shown for change in row.changes} <= {'email'}


async def test_pages_of_the_whole_log_follow_each_other_without_gaps(house: House) -> None:
    total = (await audit.list_entries(house.chief, ListQuery())).total
    seen = []
    for page in range(1, total // 10 + 2):
        rows = (await audit.list_entries(house.chief, ListQuery(page=page, page_size=10))).rows
        seen += [row.seq for row in rows]
    assert seen == list(range(total - 1, -1, -1))
    upwards = await audit.list_entries(house.chief, ListQuery(sort='at', page_size=5))
    assert [row.seq for row in upwards.rows] == [0, 1, 2, 3, 4]

"""The one shape of every rule: doors, joining, idempotency, versions, tenancy, audit and live refresh."""

import asyncio
from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select, update
from structlog.testing import capture_logs

from data.audit import AuditEntry
from data.core import new_id
from data.database import Tenancy, database
from data.departments import Department, Rank, Station
from data.members import Member
from data.organizations import Company, Organization
from logic import organizations
from logic.core.actor import Actor, ActorKind
from logic.core.errors import Conflict, Denied, Invalid, NotFound, TooMany, Unauthenticated
from logic.core.live import Change, hub
from logic.core.service import PUBLIC, SYSTEM, service
from logic.core.work import Work
from logic.identity import positions
from logic.identity.permissions import MANAGE_POSITIONS
from logic.organizations import CompanyInput
from tests.conftest import run_as_service


async def audit_actions(actor: Actor) -> list[str]:
    async def entries(work: Work) -> list[str]:
        return await work.all(select(AuditEntry.action).order_by(col(AuditEntry.log), col(AuditEntry.seq)))

    return await run_as_service(entries, writes=False)(actor)


async def test_a_service_called_with_an_actor_commits(chief):
    company = await organizations.add_company(chief, CompanyInput(name='Riverside Fire Inc.'))
    assert company.id in {row.id for row in await organizations.list_companies(chief)}


async def test_a_service_called_with_a_work_joins_its_transaction(chief):
    async def both(work: Work) -> None:
        await organizations.add_company(work, CompanyInput(name='Half a thing'))
        await work.flush()
        raise Conflict('The other half cannot be done.')

    with pytest.raises(Conflict):
        await run_as_service(both)(chief)
    assert 'Half a thing' not in {row.name for row in await organizations.list_companies(chief)}


async def test_a_permission_that_is_not_held_is_refused(member):
    with pytest.raises(Denied, match='Make and change positions'):
        await positions.add_position(member, positions.PositionInput(name='Mascot'))


async def test_who_is_refused_or_calls_too_often_is_in_the_log(member):
    async def not_you(work: Work) -> None:
        raise Denied('Nobody decides about himself.')

    async def not_now(work: Work) -> None:
        raise TooMany('Wait.', 5)

    with capture_logs() as logged:
        for refused in (
            run_as_service(not_you),
            run_as_service(not_now, writes=False),
            run_as_service(not_you, MANAGE_POSITIONS),
        ):
            with pytest.raises((Denied, TooMany)):
                await refused(member)
    assert [(entry['event'], entry['why'], entry['account_id']) for entry in logged] == [
        ('service.refused', why, str(member.account_id)) for why in ('Denied', 'TooMany', 'Denied')
    ]


async def test_a_visitor_is_asked_to_sign_in(house):
    with pytest.raises(Unauthenticated):
        await organizations.get_organization(Actor.public())


async def test_only_logbook_itself_calls_system_services(chief):
    async def secret(work: Work) -> None: ...

    with pytest.raises(Denied):
        await run_as_service(secret, SYSTEM)(chief)


async def test_an_unknown_permission_cannot_be_declared():
    async def anything(work: Work) -> None: ...

    with pytest.raises(RuntimeError, match='no domain declares'):
        service('members.levitate')(anything)


@given(
    st.frozensets(st.sampled_from(['a.x', 'a.y', 'b.x', 'a.*', 'b.*', '*'])),
    st.sampled_from(['a.x', 'a.y', 'b.x', 'c.x']),
)
def test_a_permission_is_held_by_name_by_module_or_by_star(held, wanted):
    actor = Actor(kind=ActorKind.ACCOUNT, name='x', permissions=held)
    assert actor.may(wanted) == bool({wanted, wanted[0] + '.*', '*'} & held)


# Tenancy


async def test_another_organizations_row_is_not_found(chief, stranger):
    company = (await organizations.list_companies(chief))[0]
    with pytest.raises(NotFound):
        await organizations.update_company(stranger, company.id, CompanyInput(name='Mine now'))


async def test_lists_joins_counts_and_subqueries_stay_inside_the_organization(chief, stranger):
    async def look(work: Work) -> tuple[int, int, int, list[str]]:
        return (
            len(await work.all(select(Member))),
            await work.count(select(Member)),
            len(
                await work.all(select(Organization.id).where(col(Organization.id).in_(select(Member.organization_id))))
            ),
            await work.all(select(Company.name).join(Member, col(Member.organization_id) == Company.organization_id)),
        )

    assert await run_as_service(look, writes=False)(chief) == (1, 1, 1, ['Riverside Fire'])
    assert await run_as_service(look, writes=False)(stranger) == (1, 1, 1, ['Hillside EMS'])


async def test_a_select_that_was_made_once_finds_in_each_organization_its_own(chief, stranger):
    owners = select(Member.organization_id).distinct()

    async def look(work: Work) -> list[UUID]:
        return await work.all(owners)

    asked = run_as_service(look, writes=False)
    for actor in (chief, stranger, chief, chief, stranger):
        assert await asked(actor) == [actor.organization_id]


async def test_a_bulk_update_stays_inside_the_organization(chief, stranger):
    async def rename(work: Work) -> int:
        return await work.execute(update(DepartmentlessRow).values(row_number=7))

    from data.members import MemberBatchRow as DepartmentlessRow

    assert await run_as_service(rename)(chief) == 0


async def test_an_audited_table_cannot_be_changed_in_bulk(chief):
    async def rename(work: Work) -> int:
        return await work.execute(update(Member).values(first_name='X'))

    with pytest.raises(Tenancy):
        await run_as_service(rename)(chief)


async def test_a_row_is_stamped_with_the_organization(chief):
    async def make(work: Work) -> Station:
        return work.add(Station(name='Station 1'))

    assert (await run_as_service(make)(chief)).organization_id == chief.organization_id


async def test_a_row_for_another_organization_is_refused(chief, stranger):
    async def make(work: Work) -> Station:
        return work.add(Station(name='Station 1', organization_id=stranger.organization_id))

    with pytest.raises(Tenancy):
        await run_as_service(make)(chief)


async def test_a_foreign_key_to_a_row_that_was_not_loaded_is_refused(chief, stranger):
    async def make_department(work: Work) -> Department:
        return work.add(Department(name='Test unit'))

    foreign = await run_as_service(make_department)(stranger)

    async def nest(work: Work, parent_id: UUID) -> None:
        work.add(Department(name='Nested', parent_id=parent_id))

    for parent_id in (foreign.id, uuid4()):
        with pytest.raises(Tenancy, match='did not load'):
            await run_as_service(nest)(chief, parent_id)


async def test_a_session_without_an_organization_sees_no_rows_of_one(house):
    async def look(work: Work) -> list[Member]:
        return await work.all(select(Member))

    with pytest.raises(Tenancy):
        await run_as_service(look, PUBLIC, writes=False)(Actor.public())


async def test_a_session_without_an_organization_finds_nothing_through_a_subquery(house):
    async def look(work: Work) -> list[UUID]:
        return await work.all(select(Organization.id).where(col(Organization.id).in_(select(Member.organization_id))))

    assert await run_as_service(look, PUBLIC, writes=False)(Actor.public()) == []


# Optimistic versions and concurrency


async def test_a_stale_version_is_refused(chief):
    company = (await organizations.list_companies(chief))[0]
    await organizations.update_company(chief, company.id, CompanyInput(name='First'), version=company.version)
    with pytest.raises(Conflict, match='newer version'):
        await organizations.update_company(chief, company.id, CompanyInput(name='Second'), version=company.version)


async def test_forty_parallel_edits_of_one_version_have_one_winner(chief):
    company = (await organizations.list_companies(chief))[0]

    async def edit(number: int) -> bool:
        try:
            await organizations.update_company(
                chief, company.id, CompanyInput(name=f'Name {number}'), version=company.version
            )
        except Conflict:
            return False
        return True

    assert sum(await asyncio.gather(*(edit(n) for n in range(40)))) == 1


async def test_parallel_numbers_are_each_given_once(chief):
    async def take(work: Work) -> int:
        return await work.number('ticket')

    numbers = await asyncio.gather(*(run_as_service(take)(chief) for _ in range(25)))
    assert sorted(numbers) == list(range(1, 26))


# Idempotency


async def test_twenty_equal_calls_under_one_key_have_one_effect_and_equal_answers(chief):
    keyed = chief.using('a-key')
    answers = await asyncio.gather(*(organizations.add_company(keyed, CompanyInput(name='Once')) for _ in range(20)))
    assert len({answer.id for answer in answers}) == 1
    assert [row.name for row in await organizations.list_companies(chief)].count('Once') == 1


async def test_a_key_used_for_another_request_is_refused(chief):
    keyed = chief.using('a-key')
    await organizations.add_company(keyed, CompanyInput(name='One'))
    with pytest.raises(Invalid):
        await organizations.add_company(keyed, CompanyInput(name='Other'))


async def test_a_refused_call_does_not_use_up_its_key(chief):
    keyed = chief.using('a-key')
    with pytest.raises(Conflict):
        await organizations.add_company(keyed, CompanyInput(name='Riverside Fire'))
    company = (await organizations.list_companies(chief))[0]
    await organizations.update_company(chief, company.id, CompanyInput(name='Renamed'))
    assert (await organizations.add_company(keyed, CompanyInput(name='Riverside Fire'))).name == 'Riverside Fire'


async def test_two_callers_may_use_the_same_key(chief, stranger):
    first = await organizations.add_company(chief.using('k'), CompanyInput(name='Same'))
    second = await organizations.add_company(stranger.using('k'), CompanyInput(name='Same'))
    assert first.id != second.id


# Audit and live refresh


async def test_every_change_is_in_the_audit_log_under_the_outermost_service(chief):
    before = await audit_actions(chief)
    await organizations.add_company(chief, CompanyInput(name='Audited'))
    assert (await audit_actions(chief))[len(before) :] == ['organizations.add_company']


async def test_a_change_that_fails_leaves_no_audit_entry(chief):
    before = await audit_actions(chief)
    with pytest.raises(Conflict):
        await organizations.add_company(chief, CompanyInput(name='Riverside Fire'))
    assert await audit_actions(chief) == before


async def test_what_was_committed_is_published_and_what_failed_is_not(chief):
    heard: list[Change] = []
    end = hub.subscribe(chief.organization_id, ['Company'], heard.append)
    company = await organizations.add_company(chief, CompanyInput(name='Live'))
    with pytest.raises(Conflict):
        await organizations.add_company(chief, CompanyInput(name='Live'))
    end()
    await organizations.add_company(chief, CompanyInput(name='Unheard'))
    assert heard == [Change(chief.organization_id, 'Company', company.id)]


async def test_other_organizations_hear_nothing(chief, stranger):
    heard: list[Change] = []
    end = hub.subscribe(stranger.organization_id, ['Company'], heard.append)
    await organizations.add_company(chief, CompanyInput(name='Live'))
    end()
    assert heard == []


async def test_a_read_cannot_write(chief, backend):
    if backend != 'sqlite':
        pytest.skip('Only SQLite has connections that cannot write.')

    async def sneak(work: Work) -> None:
        work.add(Rank(name='Sneaky'))
        await work.flush()

    with pytest.raises(Exception, match='readonly'):
        await run_as_service(sneak, writes=False)(chief)


async def test_sqlite_writes_are_durable_and_checked(database, backend):
    if backend != 'sqlite':
        pytest.skip('PRAGMAs are of SQLite.')
    expected = {'journal_mode': 'wal', 'synchronous': 2, 'foreign_keys': 1, 'busy_timeout': 5000}
    async with database.writer.connect() as connection:
        for pragma, value in expected.items():
            assert (await connection.exec_driver_sql(f'PRAGMA {pragma}')).scalar() == value


async def test_a_second_process_cannot_serve_the_same_file(backend, house):
    if backend != 'sqlite':
        pytest.skip('A server has its own locks.')
    from data.database import Busy, Database

    database().claim()
    other = Database(str(database().url))
    with pytest.raises(Busy):
        other.claim()
    await other.close()


# Positions


async def test_nobody_gives_a_position_rights_that_he_does_not_hold(chief):
    limited = Actor(
        kind=ActorKind.ACCOUNT, name='L', organization_id=chief.organization_id, account_id=chief.account_id,
        permissions=frozenset({MANAGE_POSITIONS, 'identity.view'}),
    )  # fmt: skip
    with pytest.raises(Denied, match='do not hold'):
        await positions.add_position(
            limited, positions.PositionInput(name='Too much', permissions=frozenset({'organizations.manage'}))
        )


async def test_a_position_above_the_own_rights_cannot_be_edited(chief):
    limited = Actor(
        kind=ActorKind.ACCOUNT, name='L', organization_id=chief.organization_id, account_id=chief.account_id,
        permissions=frozenset({MANAGE_POSITIONS, 'identity.view'}),
    )  # fmt: skip
    administrator = next(row for row in await positions.list_positions(chief) if row.name == 'Administrator')
    with pytest.raises(Denied):
        await positions.update_position(
            limited, administrator.id, positions.PositionInput(name='Administrator', priority=90)
        )


async def test_a_system_position_keeps_its_name_and_is_not_removed(chief):
    manager = next(row for row in await positions.list_positions(chief) if row.name == 'Manager')
    with pytest.raises(Conflict):
        await positions.update_position(chief, manager.id, positions.PositionInput(name='Boss', priority=60))
    with pytest.raises(Conflict):
        await positions.remove_position(chief, manager.id)


async def test_the_last_administrator_keeps_his_position(chief):
    owner = next(row for row in await positions.list_positions(chief) if row.name == 'Owner')
    ((holding, _),) = await positions.list_holders(chief, owner.id)
    with pytest.raises(Conflict, match='Nobody would be left'):
        await positions.end_position(chief, holding.id)


async def test_a_second_owner_lets_the_first_one_go(chief, member):
    owner = next(row for row in await positions.list_positions(chief) if row.name == 'Owner')
    ((holding, _),) = await positions.list_holders(chief, owner.id)
    await positions.give_position(chief, member.member_id, owner.id)
    await positions.end_position(chief, holding.id)
    assert {person.id for _, person in await positions.list_holders(chief, owner.id)} == {member.member_id}


async def test_what_has_ended_is_not_ended_again_on_a_later_day(chief, member):
    clerk = next(row for row in await positions.list_positions(chief) if row.name == 'Secretary')
    held = await positions.give_position(chief, member.member_id, clerk.id, date(2020, 1, 1), date(2020, 6, 30))
    with pytest.raises(Conflict):
        await positions.end_position(chief, held.id)


async def test_ids_sort_by_the_time_of_their_making():
    ids = [new_id() for _ in range(50)]
    assert ids == sorted(ids)

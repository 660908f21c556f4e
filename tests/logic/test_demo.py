"""The invented department, and sample data that leaves no trace."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel, col, select

from data import database as databases
from data.audit import AuditEntry
from data.core import now
from data.database import EVERYWHERE
from data.identity import Position
from data.members import JobChange, Licence, Member, MemberStatus
from data.notifications import Notice
from data.organizations import Organization, OrganizationKind
from data.tasks import ListVisibility, ShareLevel, Task, TaskAssignee, TaskList
from logic import audit, comments, demo, departments, links, members, organizations
from logic import tasks as task_rules
from logic.core.actor import Actor
from logic.core.errors import Conflict, Denied
from logic.core.jobs import Runner
from logic.custom_fields import CustomFieldInput, add_custom_field
from logic.demo.people import NAMES, personas
from logic.identity.passwords import password_fault
from logic.identity.sign_in import sign_in
from logic.members import JobInput, MemberInput, file

ANSWERED = {'audit_', 'sequence', 'job', 'idempotency_key', 'data_key'}
"""Tables that may tell that something was there."""


async def contents() -> dict[str, set[str]]:
    """Every row of every table but the log and what counts."""
    async with databases.database().read(EVERYWHERE) as session:
        connection = await session.connection()
        return {
            table.name: {str(tuple(row)) for row in (await connection.execute(sa.select(table))).all()}
            for table in SQLModel.metadata.sorted_tables
            if not table.name.startswith(tuple(ANSWERED))
        }


async def look_around(chief: Actor, field_id: UUID) -> None:
    """What somebody tries on invented people before he removes them."""
    async with databases.database().read(chief.organization_id) as session:
        people = (await session.exec(select(Member).where(col(Member.is_demo)).order_by(Member.number))).all()
        tasks = (await session.exec(select(Task).order_by(col(Task.number)))).all()
    card = (await file.list_records(chief, people[0].id, 'licences')).rows[0]
    renewal = card.values | {'issued_on': now().date(), 'expires_on': now().date() + timedelta(days=900)}
    await file.renew_record(chief, 'licences', card.id, renewal)
    await members.merge_members(chief, people[1].id, people[-1].id)
    await members.set_custom_values(chief, people[4].id, {field_id: '12'})
    unit = (await departments.list_departments(chief))[0]
    await departments.set_department_head(chief, unit.id, people[0].id)
    for record, row in (('Member', people[5]), ('Task', tasks[0])):
        said = await comments.add_comment(chief, record, row.id, comments.CommentInput(body='<p>Who is that?</p>'))
        edited = comments.CommentInput(body='<p>Ah.</p>')
        await comments.edit_comment(chief, record, row.id, said.id, edited)
    await links.add_link(chief, 'Task', tasks[0].id, 'Member', chief.member_id)
    await task_rules.add_time(chief, tasks[1].id, task_rules.TimeInput(minutes=30))
    await task_rules.complete_task(chief, tasks[1].id)
    await task_rules.delete_task(chief, tasks[2].id)
    leaving = members.DepartureInput(
        last_on=now().date() + timedelta(days=9), reason='Moves', reports_to_id=people[2].id
    )
    await members.plan_departure(chief, people[3].id, leaving)


async def test_removing_the_sample_data_leaves_everything_else_as_it_was(chief: Actor):
    field = await add_custom_field(chief, 'Member', CustomFieldInput(name='Locker'))
    before = await contents()
    loaded = await demo.load_sample_data(chief)
    assert loaded == await demo.count_sample_people(chief)
    assert len((await contents())['licence']) >= loaded
    await look_around(chief, field.id)
    await Runner().run_until_idle()
    assert await demo.remove_sample_data(chief) == loaded
    after = await contents()
    assert {name: rows ^ before[name] for name, rows in after.items() if rows != before[name]} == {}


async def test_a_real_person_stays_when_his_invented_manager_goes(chief: Actor):
    await demo.load_sample_data(chief)
    real = await members.add_member(chief, MemberInput(first_name='Ann', last_name='Berg'))
    async with databases.database().read(chief.organization_id) as session:
        boss = (await session.exec(select(Member).where(col(Member.is_demo)).order_by(Member.number))).first()
    await members.change_job(chief, real.id, JobInput(manager_id=boss.id, title='Clerk'))
    await demo.remove_sample_data(chief)
    async with databases.database().read(chief.organization_id) as session:
        (row,) = (await session.exec(select(JobChange).where(JobChange.member_id == real.id))).all()
        names = {one.first_name for one in (await session.exec(select(Member))).all()}
    assert (row.manager_id, row.title) == (None, 'Clerk')
    assert names == {'Elena', 'Ann'}


async def test_only_invented_people_are_marked(chief: Actor):
    await demo.load_sample_data(chief)
    async with databases.database().read(chief.organization_id) as session:
        unmarked = (await session.exec(select(Member).where(col(Member.is_demo).is_(False)))).all()
        marked = (await session.exec(select(Member).where(col(Member.is_demo)))).all()
    assert [one.first_name for one in unmarked] == ['Elena']
    assert all(one.email.endswith('.example.org') and one.phone.startswith('+120755501') for one in marked)
    real = await members.add_member(chief, MemberInput(first_name='Ann', last_name='Berg'))
    assert real.is_demo is False


async def test_an_office_gets_no_firefighters(chief: Actor):
    office = organizations.OrganizationInput(name='Town Hall', kind=OrganizationKind.MUNICIPAL, country='US')
    await organizations.update_organization(chief, office)
    await demo.load_sample_data(chief)
    async with databases.database().read(chief.organization_id) as session:
        titles = set((await session.exec(select(JobChange.title))).all())
    assert titles == {'Staff', 'Secretary', 'Treasurer', 'Quartermaster', 'Personnel officer'}
    assert [row.title for row in await task_rules.list_lists(chief)] == ['Office']


async def rows_of(chief: Actor, *statements: Any) -> list[list[Any]]:
    async with databases.database().read(chief.organization_id) as session:
        return [list((await session.exec(statement)).all()) for statement in statements]


async def test_sample_data_brings_lists_with_tasks_and_some_are_for_who_loads_it(chief: Actor):
    await demo.load_sample_data(chief)
    await Runner().run_until_idle()
    assert await rows_of(chief, select(Notice)) == [[]], 'nobody is told what he did himself'
    seen = await task_rules.list_lists(chief)
    assert [row.title for row in seen] == ['Inspections', 'Office', 'Station', 'Training']
    assert min(row.open_count for row in seen) >= 3
    names, mine, made = await rows_of(
        chief,
        select(Member.is_demo).join(TaskList, col(TaskList.owner_id) == Member.id),
        select(TaskAssignee).where(TaskAssignee.member_id == chief.member_id),
        select(AuditEntry.actor_id).where(AuditEntry.object_type == 'Task'),
    )
    assert names == [True] * 4
    assert len(mine) >= 3
    assert set(made) == {chief.account_id}, 'the log names who did it, not who is said to have'


async def test_after_sample_data_was_removed_the_log_is_whole_and_names_every_task(chief: Actor):
    await demo.load_sample_data(chief)
    [tasks] = await rows_of(chief, select(Task.id))
    await demo.remove_sample_data(chief)
    [left, told] = await rows_of(
        chief, select(Task.id), select(AuditEntry.object_id).where(AuditEntry.action == 'demo.remove_sample_data')
    )
    assert left == []
    assert {str(one) for one in tasks} <= {str(one) for one in told}
    assert all(found.is_intact for found in await audit.verify_all())


async def test_a_task_that_somebody_put_into_a_list_of_the_sample_data_stays_with_the_list(chief: Actor):
    await demo.load_sample_data(chief)
    home = next(row for row in await task_rules.list_lists(chief) if row.title == 'Station')
    own = await task_rules.add_task(chief, task_rules.TaskInput(title='Paint the door', list_id=home.id))
    await demo.remove_sample_data(chief)
    [tasks] = await rows_of(chief, select(Task.id))
    assert tasks == [own.id]
    [row] = await task_rules.list_lists(chief)
    assert (row.id, row.owner.id) == (home.id, chief.member_id)


async def left_of(chief: Actor, home_id: UUID) -> tuple[list[str], UUID]:
    """The tasks that are left in a list once the sample data is gone, and who owns it then."""
    titles, owners = await rows_of(
        chief,
        select(Task.title).where(Task.list_id == home_id),
        select(TaskList.owner_id).where(TaskList.id == home_id),
    )
    return titles, owners[0]


async def test_a_list_of_the_department_goes_to_who_may_show_it_to_all_and_not_to_who_put_a_task_there(
    chief: Actor, member: Actor
):
    await demo.load_sample_data(chief)
    homes = {row.title: row.id for row in await task_rules.list_lists(chief)}
    share = task_rules.ShareInput(member_id=member.member_id)
    await task_rules.share_list(chief, homes['Inspections'], share)
    await task_rules.update_list(
        chief,
        homes['Station'],
        task_rules.ListInput(
            title='Station', visibility=ListVisibility.ORGANIZATION, organization_level=ShareLevel.EDIT
        ),
    )
    for title in ('Station', 'Inspections'):
        await task_rules.add_task(member, task_rules.TaskInput(title='Paint the door', list_id=homes[title]))
    await demo.remove_sample_data(chief)
    assert await left_of(chief, homes['Station']) == (['Paint the door'], chief.member_id)
    assert await left_of(chief, homes['Inspections']) == (['Paint the door'], member.member_id)


async def test_a_task_that_no_person_made_stays_with_its_list_whoever_removes_the_sample_data(chief: Actor):
    await demo.load_sample_data(chief)
    home = next(row for row in await task_rules.list_lists(chief) if row.title == 'Station')
    program = replace(chief, member_id=None, account_id=None)
    await task_rules.add_task(program, task_rules.TaskInput(title='Read the meter', list_id=home.id))
    await demo.remove_sample_data(program)
    assert await left_of(chief, home.id) == (['Read the meter'], chief.member_id)


async def test_sample_data_stays_while_nobody_may_keep_a_list_in_which_others_have_put_tasks(chief: Actor):
    await demo.load_sample_data(chief)
    home = next(row for row in await task_rules.list_lists(chief) if row.title == 'Station')
    await task_rules.add_task(chief, task_rules.TaskInput(title='Paint the door', list_id=home.id))
    async with databases.database().write(chief.organization_id) as session:
        for held in await session.exec(select(Position)):
            held.permissions = 'tasks.add'
            session.add(held)
        await session.commit()
    with pytest.raises(Conflict, match='Station'):
        await demo.remove_sample_data(chief)
    assert (await left_of(chief, home.id))[0]


async def test_where_tasks_are_switched_off_sample_data_brings_people_only(chief: Actor):
    await organizations.change_settings(chief, modules_off=frozenset({'tasks'}))
    assert await demo.load_sample_data(chief) > 10
    assert await rows_of(chief, select(TaskList.id)) == [[]]


async def test_sample_data_is_loaded_once(chief: Actor):
    await demo.load_sample_data(chief)
    with pytest.raises(Conflict):
        await demo.load_sample_data(chief)


async def test_who_does_not_manage_the_department_loads_and_removes_nothing(member: Actor):
    with pytest.raises(Denied):
        await demo.load_sample_data(member)
    with pytest.raises(Denied):
        await demo.remove_sample_data(member)


async def test_the_sample_data_of_another_department_stays(chief: Actor, stranger: Actor):
    await demo.load_sample_data(stranger)
    assert await demo.count_sample_people(chief) == 0
    assert await demo.remove_sample_data(chief) == 0
    assert await demo.count_sample_people(stranger) > 0


def test_the_people_are_the_same_each_time():
    today = now().date()
    assert personas(today) == personas(today)
    assert len({one.phone for one in personas(today)}) == len(NAMES)


async def test_the_demo_is_a_department_of_sixty_with_a_year_behind_it(database: databases.Database):
    began = now()
    sign_ins = await demo.found_demo()
    async with databases.database().read(EVERYWHERE) as session:
        organization = (await session.exec(select(Organization))).one()
        people = (await session.exec(select(Member))).all()
        soon = (await session.exec(select(Licence).where(Licence.expires_on > began.date()))).all()
        times = (await session.exec(select(AuditEntry.at).order_by(col(AuditEntry.seq)))).all()
        warned = (await session.exec(select(AuditEntry).where(AuditEntry.outcome != 'done'))).all()
    assert organization.is_demo
    assert all(one.is_demo for one in people)
    assert len([one for one in people if one.status is not MemberStatus.LEFT]) == 60
    assert {one.status for one in people} == set(MemberStatus)
    assert any(one.expires_on < began.date() + timedelta(days=30) for one in soon)
    assert len(times) > 500
    assert times == sorted(times)
    assert times[-1] - times[0] > timedelta(days=350)
    assert warned == []
    for one in sign_ins:
        assert password_fault(one.password, with_mfa=False, about=(one.name, one.email, organization.name)) is None
        assert (await sign_in(Actor.public('127.0.0.1'), one.email, one.password)).session is not None
    owner = Actor.system(organization.id)
    with pytest.raises(Conflict):
        await demo.remove_sample_data(owner)
    assert (await organizations.get_organization(owner)).settings.require_mfa_for_administrators is False

"""What waits for people comes from all modules, in one list and in one number."""

from dataclasses import replace
from datetime import timedelta

from data.members import MemberStatus
from logic import home, members, tasks
from logic.core.actor import Actor
from logic.core.listing import ListQuery, Page
from logic.core.waiting import kinds
from logic.home import WaitingItem
from logic.members import JobInput, archive, profile_changes
from logic.members import file as records
from logic.members.domain import MANAGE_REPORTS
from logic.tasks import TaskInput
from tests.conftest import House, person_with_account
from tests.logic.conftest import TODAY


def said(found: Page[WaitingItem]) -> list[tuple[str, str, str]]:
    return [(item.kind, item.text, item.detail) for item in found.rows]


async def licence(chief: Actor, actor: Actor, days: int) -> None:
    values = {'kind': 'EMT', 'expires_on': (TODAY + timedelta(days=days)).isoformat()}
    await records.add_record(chief, actor.member_id, 'licences', values)


async def test_what_waits_of_all_modules_stands_in_one_list_with_what_its_action_needs(house: House, member: Actor):
    await tasks.add_task(member, TaskInput(title='Check hose', due=TODAY - timedelta(days=2)))
    await licence(house.chief, member, 9)
    template = (await members.list_templates(house.chief))[0]
    items = await members.start_checklist(house.chief, member.member_id, template.id, TODAY + timedelta(days=3))
    own = [item for item in items if item.owner == 'person']
    found = await home.waiting_for_me(member)
    assert [item.kind for item in found.rows] == ['task', *['checklist'] * len(own), 'expiry']
    assert found.total == len(found.rows)
    assert {item.id for item in found.rows if item.kind == 'checklist'} == {item.id for item in own}
    assert [item.is_late for item in found.rows] == [True, *[False] * (len(own) + 1)]
    assert found.rows[-1].text == 'EMT expires in 9 days'


OF_OTHERS = 'expiry_of_others'


async def test_papers_of_others_that_expire_stand_in_one_line_for_who_sees_their_files(house: House, member: Actor):
    for days in (-40, -1, 0, 9, 90, 91):
        await licence(house.chief, member, days)
    await licence(house.chief, house.chief, 5)
    title = {'category': 'Letter', 'title': 'Visa', 'expires_on': (TODAY + timedelta(days=3)).isoformat()}
    await records.add_record(house.chief, member.member_id, 'documents', title)
    removed = await records.add_record(house.chief, member.member_id, 'documents', title)
    await records.remove_record(house.chief, 'documents', removed.id)
    found = await home.waiting_for_me(house.chief)
    assert [(item.kind, item.is_late) for item in found.rows] == [(OF_OTHERS, True), ('expiry', False)]
    text = '2 licences and papers of others have expired'
    assert said(found)[0] == (OF_OTHERS, text, '4 licences and papers of others expire soon')
    assert found.rows[0].href == '/members/expiring'
    listed = (await records.list_expiring(house.chief, ListQuery())).rows
    assert len([one for one in listed if one.member_id == member.member_id]) == 2 + 4
    number = await home.count_waiting(house.chief)
    assert (number.total, number.is_urgent) == (2, True)
    assert {item.kind for item in (await home.waiting_for_me(member, 20)).rows} == {'expiry'}


async def test_nothing_is_said_of_papers_of_others_that_run_long_or_of_those_who_have_left(house: House, member: Actor):
    await licence(house.chief, member, 91)
    assert (await home.waiting_for_me(house.chief)).total == 0
    await licence(house.chief, member, 1)
    text = '1 licence or paper of others expires soon'
    assert said(await home.waiting_for_me(house.chief)) == [(OF_OTHERS, text, '')]
    await members.change_status(house.chief, member.member_id, MemberStatus.LEFT, 'Moved')
    assert (await home.waiting_for_me(house.chief)).total == 0


async def test_a_manager_reads_of_papers_that_expire_of_those_alone_who_report_to_him(house: House, member: Actor):
    boss = await person_with_account(house.chief, 'Ada', 'Moss', 'ada@example.org', 'Manager')
    boss = replace(boss, permissions=frozenset({'members.view', MANAGE_REPORTS}))
    await licence(house.chief, member, -1)
    await licence(house.chief, house.chief, -1)
    assert (await home.waiting_for_me(boss)).total == 0
    await members.change_job(house.chief, member.member_id, JobInput(manager_id=boss.member_id), TODAY)
    assert said(await home.waiting_for_me(boss)) == [(OF_OTHERS, '1 licence or paper of others has expired', '')]


async def test_a_change_that_somebody_asks_for_says_what_would_become_what(house: House, member: Actor):
    wish = await profile_changes.ask_for_change(member, 'last_name', 'Okafor-Smith', 'Married')
    assert said(await home.waiting_for_me(house.chief)) == [
        ('change', 'Jide Okafor asks for a change', 'Last name: Okafor → Okafor-Smith (Married)')
    ]
    assert [item.id for item in (await home.waiting_for_me(house.chief)).rows] == [wish.id]
    assert (await home.waiting_for_me(member)).total == 0
    await profile_changes.ask_for_change(member, 'birth_on', '1987-03-17')
    assert 'Birth date: – → 17 Mar 1987' in str(said(await home.waiting_for_me(house.chief)))
    await profile_changes.ask_for_change(member, 'bank_account', 'DE89370400440532013000')
    assert 'DE893' not in str(said(await home.waiting_for_me(house.chief)))


async def test_nobody_is_asked_to_decide_what_he_asked_for_himself(house: House, member: Actor):
    deputy = await person_with_account(house.chief, 'Ada', 'Moss', 'ada@example.org', 'Administrator')
    await members.change_status(house.chief, member.member_id, MemberStatus.LEFT, 'Moved')
    request = await archive.ask_to_anonymise(deputy, member.member_id, 'He asked for it.')
    assert [(item.kind, item.id) for item in (await home.waiting_for_me(house.chief)).rows] == [
        ('anonymise', request.id)
    ]
    assert (await home.waiting_for_me(deputy)).total == 0


async def test_the_total_counts_what_the_first_few_leave_out_and_the_number_beside_my_work_is_the_same(house: House):
    for day in range(4):
        await tasks.add_task(house.chief, TaskInput(title=f'Task {day}', due=TODAY - timedelta(days=day)))
    await licence(house.chief, house.chief, 20)
    found = await home.waiting_for_me(house.chief, limit=2)
    assert [item.text for item in found.rows] == ['Task 3', 'Task 2']
    assert found.total == 5
    number = await home.count_waiting(house.chief)
    assert (number.total, number.is_urgent) == (5, True)
    rest = await home.waiting_for_me(house.chief, leave_out=('task',))
    assert [item.kind for item in rest.rows] == ['expiry']


async def test_a_module_that_is_switched_off_and_a_right_that_is_missing_leave_nothing_waiting(house: House):
    await tasks.add_task(house.chief, TaskInput(title='Check hose', due=TODAY))
    for actor in (
        replace(house.chief, modules_off=frozenset({'tasks'})), replace(house.chief, permissions=frozenset())
    ):  # fmt: skip
        assert (await home.waiting_for_me(actor)).total == 0
        assert (await home.count_waiting(actor)).total == 0


async def test_another_department_waits_for_nothing_of_ours(house: House, member: Actor, stranger: Actor):
    await tasks.add_task(house.chief, TaskInput(title='Check hose', due=TODAY))
    await profile_changes.ask_for_change(member, 'last_name', 'Moss')
    assert (await home.waiting_for_me(stranger)).total == 0


def test_every_domain_says_which_changes_draw_the_list_anew():
    assert set(kinds) == {
        'address', 'anonymise', 'audit', 'change', 'checklist', 'expiry', 'expiry_of_others', 'factor_reset',
        'invitation', 'task',
    }  # fmt: skip
    assert all(kind.watch for kind in kinds.values())

"""Detours to what a right would not allow: each was a way in once, and stays closed."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from data.identity import Session
from data.members import Member, MemberStatus
from data.organizations import PeerContact
from logic import activity, audit, custom_fields, members, organizations
from logic.core.actor import Actor
from logic.core.errors import Denied, Invalid
from logic.core.listing import ListQuery
from logic.core.work import Work
from logic.custom_fields import CustomFieldInput
from logic.identity import positions
from logic.identity.invitations import make_invitation
from logic.identity.positions import PositionInput
from logic.identity.sessions import open_session
from logic.members import ProfileInput, file, imports, undo_batch
from logic.members.attachments import send_paper, send_photo
from logic.members.bulk import BulkAction, BulkInput, change_many
from logic.members.imports import Fate, ImportOptions
from logic.members.merge import compare_members, compare_private, merge_members
from logic.members.profile import update_member
from tests.conftest import person_with_account, run_as_service
from tests.logic.members.conftest import Add
from tests.logic.test_files import folder, photo

__all__ = ['folder']
"""The fixture of the files' tests serves here too."""


def csv(*lines: str) -> bytes:
    return '\n'.join(lines).encode()


@pytest.fixture
async def secretary(chief: Actor) -> Actor:
    """Sam, who keeps the directory and imports it, and sees nothing private."""
    return await person_with_account(chief, 'Sam', 'Sato', 'sam@example.org', 'Member', 'Secretary')


@pytest.fixture
async def personnel(chief: Actor) -> Actor:
    """Hana, who looks after all people and gives no positions."""
    return await person_with_account(chief, 'Hana', 'Hoff', 'hana@example.org', 'Member', 'HR manager')


async def stored(chief: Actor, member_id: object) -> Member:
    async def look(work: Work) -> Member:
        return await work.get(Member, member_id)  # type: ignore[arg-type]

    return await run_as_service(look, writes=False)(Actor.system(chief.organization_id))  # type: ignore[no-any-return]


async def test_the_dry_run_of_an_import_shows_no_private_data_to_who_may_not_see_it(
    chief: Actor, secretary: Actor, add: Add
) -> None:
    await add('Ann', 'Berg', number='0007', birth_on=date(1990, 1, 1), street='1 Secret Lane')
    content = csv('Number,Surname,Birth date,Street', '7,Berg,1980-05-05,x', '0007,Berg,1990-01-01,1 Secret Lane')
    for row in (await imports.plan_file(secretary, content, ImportOptions())).rows:
        assert 'Secret' not in str(row)
        assert '1990' not in str(row.changes)
    guess = csv('Number,Surname,Birth date', '7,Berg,1990-01-01'), csv('Number,Surname,Birth date', '7,Berg,1991-01-01')
    fates = [(await imports.plan_file(secretary, one, ImportOptions())).rows[0].fate for one in guess]
    assert fates == [Fate.SAME, Fate.SAME]


async def test_an_import_tells_no_contacts_that_its_actor_does_not_see_and_confirms_no_guess_of_them(
    chief: Actor, member: Actor, add: Add
) -> None:
    importer = replace(member, permissions=member.permissions | {'members.import'})
    known = {'email': 'vic@example.org', 'phone': '+16235550101', 'personal_email': 'vic@example.net'}
    vic = await add('Vic', 'Tim', number='0007', **known)
    await add('Other', 'One', number='0008', email='other@example.org')
    head = 'Number,Given name,Surname,E-mail,Cell,Personal e-mail'
    rows = [
        '7,Vic,Tim,vic@example.org,+16235550101,vic@example.net',
        '7,Vic,Tim,other@example.org,+16235550102,x@example.net',
        '7,Vic,Tim,nobody@example.org,+16235550103,y@example.net',
    ]
    plans = [(await imports.plan_file(importer, csv(head, row), ImportOptions())).rows[0] for row in rows]
    assert {(str(one.changes), one.fate, str(one.faults), len(one.warnings)) for one in plans} == {
        ('{}', Fate.SAME, '[]', 3)
    }
    for row in ('7,Foe,Man,vic@example.org,,', '7,Foe,Man,nobody@example.org,,'):
        told = (await imports.plan_file(importer, csv(head, row), ImportOptions())).rows[0]
        assert [fault.column for fault in told.faults] == ['Number']
    by_mail = (await imports.plan_file(importer, csv('Surname,E-mail', 'X,vic@example.org'), ImportOptions())).rows[0]
    assert (by_mail.member_id, by_mail.changes.keys()) == (None, {'last_name', 'email'})
    assert [fault.reason for fault in by_mail.faults] == ['Somebody has this e-mail address already.']
    await imports.apply_file(importer, csv(head, rows[1]), ImportOptions(), 'x')
    assert {name: getattr(await stored(chief, vic.id), name) for name in known} == known
    await organizations.change_settings(chief, show_peer_contacts=frozenset({PeerContact.PHONES}))
    seen = (await imports.plan_file(importer, csv(head, rows[1]), ImportOptions())).rows[0]
    assert seen.changes == {'phone': ('+16235550101', '+16235550102')}


async def test_an_import_that_changed_private_data_is_undone_for_whom_it_did_by_who_may_edit_it(
    chief: Actor, member: Actor, add: Add
) -> None:
    importer = replace(member, permissions=member.permissions | {'members.import'})
    field = await custom_fields.add_custom_field(chief, 'Member', CustomFieldInput(name='Allergy', is_private=True))
    people = [await add(name, 'Tim', number=f'000{at}', phone='+16235550100') for at, name in enumerate('ABCD', 6)]
    rows = ('6,Tim,2 New Lane,,,', '7,Tim,,(623) 555-0101,,', '8,Tim,,,severe,', '9,Tim,,,,Cook')
    content = csv('Number,Surname,Street,Cell,Allergy,Job title', *rows)
    done = await imports.apply_file(chief, content, ImportOptions(), 'x')
    assert done.batch_id is not None
    undone = await undo_batch(importer, done.batch_id)
    assert {one.member_id for one in undone.refused} == {one.id for one in people[:3]}
    assert (await stored(chief, people[0].id)).street == '2 New Lane'
    assert (await stored(chief, people[1].id)).phone == '+16235550101'
    assert (await members.view_private_data(chief, people[2].id)).custom == {field.id: 'severe'}
    assert (await members.get_member(chief, people[3].id)).title == ''


async def test_an_import_changes_private_data_only_for_who_may_edit_it(
    chief: Actor, secretary: Actor, add: Add
) -> None:
    ann = await add('Ann', 'Berg', number='0007', street='1 Secret Lane')
    content = csv('Number,Surname,Street,Job title', '7,Berg,2 Other Lane,Driver', '8,Chan,3 Third Lane,Cook')
    result = await imports.apply_file(secretary, content, ImportOptions(), 'x')
    assert (result.new_count, result.updated_count) == (1, 1)
    assert (await stored(chief, ann.id)).street == '1 Secret Lane'
    assert (await members.get_member(chief, ann.id)).title == 'Driver'
    await imports.apply_file(chief, content, ImportOptions(), 'x')
    assert (await stored(chief, ann.id)).street == '2 Other Lane'


async def test_nobody_changes_his_own_legal_name_by_an_import(chief: Actor, secretary: Actor) -> None:
    me = await stored(chief, secretary.member_id)
    content = csv('Number,Given name,Surname,Job title', f'{me.number},Sam,Rockefeller,Clerk')
    plan = await imports.plan_file(secretary, content, ImportOptions())
    assert [fault.column for fault in plan.rows[0].warnings] == ['Surname']
    await imports.apply_file(secretary, content, ImportOptions(), 'x')
    me = await stored(chief, secretary.member_id)
    assert me.last_name == 'Sato'


async def test_an_import_changes_a_status_only_for_who_may_change_it(chief: Actor, add: Add) -> None:
    await add('Ann', 'Berg', number='0007')
    importer = Actor(
        kind=chief.kind, name='Ida', organization_id=chief.organization_id, account_id=chief.account_id,
        permissions=frozenset({'members.view', 'members.import'}),
    )  # fmt: skip
    content = csv('Number,Surname,Status', '7,Berg,suspended')
    assert (await imports.plan_file(importer, content, ImportOptions())).rows[0].fate is Fate.REFUSED
    assert (await imports.plan_file(chief, content, ImportOptions())).rows[0].fate is Fate.UPDATE


async def test_an_import_that_suspends_somebody_ends_his_sessions(chief: Actor, member: Actor) -> None:
    async def sign_in(work: Work) -> object:
        from data.identity import Account

        account = await work.get(Account, member.account_id)
        opened = await open_session(work, account, work.organization_id, method='password', sensitive=False)
        return opened.session_id

    session_id = await run_as_service(sign_in)(Actor.system(chief.organization_id))
    number = (await stored(chief, member.member_id)).number
    await imports.apply_file(chief, csv('Number,Surname,Status', f'{number},Okafor,suspended'), ImportOptions(), 'x')

    async def look(work: Work) -> Session:
        return await work.get(Session, session_id)

    assert (await run_as_service(look, writes=False)(Actor.system(chief.organization_id))).revoked_at is not None


async def test_a_merge_gives_nobody_a_position_above_the_own_rights(chief: Actor, personnel: Actor, add: Add) -> None:
    assert personnel.member_id is not None
    awaited = await add('Ada', 'Min')
    owner = next(row for row in await positions.list_positions(chief) if row.name == 'Administrator')
    await positions.give_position(chief, awaited.id, owner.id)
    account = await person_with_account(chief, 'Kim', 'Kay', 'kim@example.org', 'Member')
    assert account.member_id is not None
    for kept, dropped in ((account.member_id, awaited.id), (awaited.id, account.member_id)):
        with pytest.raises(Denied, match='rights that you do not hold'):
            await merge_members(personnel, kept, dropped)
    await merge_members(chief, account.member_id, awaited.id)


async def test_nobody_merges_the_own_record_while_somebody_else_can(chief: Actor, personnel: Actor, add: Add) -> None:
    assert personnel.member_id is not None
    made_up = await add('Hana', 'Rockefeller', birth_on=date(1950, 1, 1))
    with pytest.raises(Denied, match='somebody else'):
        await merge_members(personnel, personnel.member_id, made_up.id, frozenset({'last_name'}))
    await merge_members(chief, personnel.member_id, made_up.id)


async def test_a_batch_is_undone_only_by_who_may_do_what_it_did(chief: Actor, secretary: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg')
    gone = await change_many(chief, [ann.id], BulkInput(action=BulkAction.ARCHIVE))
    assert gone.batch_id is not None
    with pytest.raises(Denied):
        await undo_batch(secretary, gone.batch_id)
    bo = await add('Bo', 'Chan')
    suspended = BulkInput(action=BulkAction.STATUS, status=MemberStatus.SUSPENDED, reason='x')
    held = await change_many(chief, [bo.id], suspended)
    editor = Actor(
        kind=chief.kind, name='Ed', organization_id=chief.organization_id, account_id=chief.account_id,
        permissions=frozenset({'members.view', 'members.edit'}),
    )  # fmt: skip
    assert held.batch_id is not None
    with pytest.raises(Denied):
        await undo_batch(editor, held.batch_id)
    assert (await undo_batch(secretary, held.batch_id)).changed == 1


async def test_a_manager_undoes_nothing_of_people_who_no_longer_report_to_him(
    chief: Actor, manager: Actor, add: Add
) -> None:
    ann = await add('Ann', 'Berg', manager_id=manager.member_id)
    data = BulkInput(action=BulkAction.STATUS, status=MemberStatus.INACTIVE, reason='x')
    result = await change_many(manager, [ann.id], data)
    await members.change_job(chief, ann.id, members.JobInput(manager_id=chief.member_id))
    assert result.batch_id is not None
    with pytest.raises(Denied):
        await undo_batch(manager, result.batch_id)


async def test_an_address_that_is_taken_names_only_whom_one_may_see(chief: Actor, member: Actor, add: Add) -> None:
    assert member.member_id is not None
    hidden = await add('Ann', 'Berg', email='ann@example.org', hides_contacts=True)
    old = await add('Bo', 'Chan', email='bo@example.org')
    await members.archive_member(chief, old.id)
    for address in ('ann@example.org', 'bo@example.org'):
        with pytest.raises(Invalid) as refusal:
            await update_member(member, member.member_id, ProfileInput(email=address))
        assert 'Ann' not in str(refusal.value.fields)
        assert 'Bo' not in str(refusal.value.fields)
        assert 'Bo' not in refusal.value.message
        with pytest.raises(Invalid, match=r'Ann|Bo'):
            await update_member(chief, member.member_id, ProfileInput(email=address))
    assert hidden.id


async def test_a_photo_of_somebody_else_is_not_taken_for_the_own_one(chief: Actor, member: Actor, add: Add) -> None:
    assert member.member_id is not None
    ann = await add('Ann', 'Berg')
    await send_photo(chief, ann.id, 'a.jpg', photo())
    theirs = (await members.get_member(member, ann.id)).photo_file_id
    with pytest.raises(Invalid):
        await update_member(member, member.member_id, ProfileInput(photo_file_id=theirs))
    await send_photo(member, member.member_id, 'b.jpg', photo())
    await send_photo(member, member.member_id, 'c.jpg', photo())


async def test_a_paper_of_somebody_else_is_not_put_into_a_file(chief: Actor, add: Add) -> None:
    ann, bo = await add('Ann', 'Berg'), await add('Bo', 'Chan')
    paper = await send_paper(chief, ann.id, 'contract.txt', b'The contract of Ann.')
    said = {'category': 'Contract', 'title': 'Contract', 'file_id': paper.id}
    with pytest.raises(Invalid, match='no file of this person'):
        await file.add_record(chief, bo.id, 'documents', said)
    await file.add_record(chief, ann.id, 'documents', said)


async def test_who_holds_a_position_above_the_own_rights_is_not_invited_to_an_address_of_choice(
    chief: Actor, add: Add
) -> None:
    awaited = await add('Ada', 'Min')
    owner = next(row for row in await positions.list_positions(chief) if row.name == 'Owner')
    await positions.give_position(chief, awaited.id, owner.id)
    administrator = await person_with_account(chief, 'Kim', 'Kay', 'kim@example.org', 'Member', 'Administrator')
    with pytest.raises(Denied, match='rights that you do not hold'):
        await make_invitation(administrator, awaited.id, 'evil@example.org')
    assert (await make_invitation(chief, awaited.id, 'ada@example.org')).email == 'ada@example.org'


async def test_a_change_of_many_names_nobody_whom_the_actor_may_not_see(chief: Actor, manager: Actor, add: Add) -> None:
    ann, gone = await add('Ann', 'Berg', manager_id=manager.member_id), await add('Bo', 'Chan')
    await members.archive_member(chief, gone.id)
    data = BulkInput(action=BulkAction.STATUS, status=MemberStatus.INACTIVE, reason='x')
    result = await change_many(manager, [ann.id, gone.id], data)
    assert (result.changed, result.refused) == (1, [])


async def test_comparing_private_data_of_two_records_is_recorded(chief: Actor, add: Add) -> None:
    one, other = await add('Ann', 'Berg', birth_on=date(1990, 1, 1)), await add('Ann', 'Berg')
    assert [field.name for field in await compare_members(chief, one.id, other.id)] == ['number']
    assert [field.name for field in await compare_private(chief, one.id, other.id)] == ['birth_on']
    page = await audit.list_entries(chief, ListQuery(filters={'action': ['members.view_private']}))
    assert {entry.subject_id for entry in page.rows} == {one.id, other.id}


async def test_the_activity_of_another_tells_no_private_data_past_the_record_of_views(
    chief: Actor, member: Actor, add: Add
) -> None:
    ann = await add('Ann', 'Berg', birth_on=date(1990, 1, 1))
    assert member.member_id is not None
    await members.update_member(chief, member.member_id, ProfileInput(birth_on=date(1990, 1, 1)))

    async def told(actor: Actor, member_id: UUID) -> set[str]:
        rows = await activity.list_activity(actor, 'Member', member_id)
        return {change.name for row in rows for change in row.changes}

    assert 'birth_on' not in await told(chief, ann.id)
    assert 'birth_on' not in await told(chief, member.member_id)
    assert 'birth_on' in await told(member, member.member_id)


async def test_the_audit_log_tells_private_values_only_to_who_may_see_private_data(chief: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg', birth_on=date(1990, 1, 1))
    await file.add_record(chief, ann.id, 'contacts', {'name': 'Uncle Bob', 'phone': '+16235550101'})
    told = []
    for rights in ({'audit.view'}, {'audit.view', 'members.view_private'}):
        page = await audit.list_entries(replace(chief, permissions=frozenset(rights)), ListQuery())
        told.append(str(page.rows))
    assert '1990-01-01' not in told[0]
    assert 'Uncle Bob' not in told[0]
    assert 'Berg' in told[0]
    assert '1990-01-01' in told[1]
    assert 'Uncle Bob' in told[1]


async def test_nobody_rises_above_others_by_a_position_of_his_own_making(chief: Actor) -> None:
    above = await person_with_account(chief, 'Ada', 'Min', 'ada@example.org', 'Administrator')
    same = PositionInput(name='Deputy', permissions=above.permissions, priority=10)
    made = await positions.add_position(chief, same)
    deputy = await person_with_account(chief, 'Dan', 'Dep', 'dan@example.org', 'Deputy')
    assert deputy.member_id is not None
    with pytest.raises(Denied, match='authority'):
        await positions.add_position(deputy, PositionInput(name='Boss', priority=100))
    boss = await positions.add_position(chief, PositionInput(name='Boss', priority=100))
    with pytest.raises(Denied, match='authority'):
        await positions.give_position(deputy, deputy.member_id, boss.id)
    with pytest.raises(Denied, match='authority'):
        await positions.update_position(deputy, made.id, same.model_copy(update={'priority': 100}))

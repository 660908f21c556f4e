"""Archiving hides and restores; anonymising wipes for good, by two people, and leaves proofs and counts."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from data.audit import AuditEntry, AuditPersonal
from data.identity import Account, PasswordCredential
from data.members import Member, MemberBatch, StatusChange
from logic import audit, members
from logic.core.actor import Actor
from logic.core.errors import Conflict, Denied, NotFound
from logic.core.listing import ListQuery
from logic.core.work import Work
from logic.custom_fields import CustomFieldInput, add_custom_field
from logic.mail.bounces import refuse
from logic.members import JobInput, MemberStatus, ProfileInput, file
from logic.members.bulk import BulkAction, BulkInput, change_many
from tests.conftest import person_with_account, run_as_service
from tests.logic.members.conftest import Add, stored_texts


@pytest.fixture
async def second(chief: Actor) -> Actor:
    """Sam, who may anonymise too."""
    return await person_with_account(chief, 'Sam', 'Second', 'sam@example.org', 'Administrator', 'Member')


async def test_an_archived_person_is_hidden_from_peers_and_can_be_restored(
    chief: Actor, member: Actor, add: Add
) -> None:
    ann = await add('Ann', 'Berg')
    await members.archive_member(chief, ann.id)
    assert [row.name for row in (await members.list_members(chief, ListQuery(q='berg'))).rows] == []
    found = await members.list_members(chief, ListQuery(q='berg', filters={'archived': ['yes']}))
    assert [row.name for row in found.rows] == ['Ann Berg']
    assert (await members.list_members(member, ListQuery(q='berg', filters={'archived': ['yes']}))).rows == []
    with pytest.raises(NotFound):
        await members.get_member(member, ann.id)
    await members.restore_member(chief, ann.id)
    assert (await members.get_member(member, ann.id)).name == 'Ann Berg'
    with pytest.raises(Conflict):
        await members.restore_member(chief, ann.id)


async def test_a_manager_with_reports_and_the_last_administrator_are_not_archived(chief: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg')
    await add('Bo', 'Chan', manager_id=ann.id)
    with pytest.raises(Conflict, match='Bo Chan'):
        await members.archive_member(chief, ann.id)
    assert chief.member_id is not None
    with pytest.raises(Conflict, match='Nobody would be left'):
        await members.archive_member(chief, chief.member_id)


async def test_anonymising_takes_two_people_and_a_departed_one(chief: Actor, second: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg')
    with pytest.raises(Conflict, match='has not left'):
        await members.ask_to_anonymise(chief, ann.id, 'She asked')
    await members.change_status(chief, ann.id, MemberStatus.LEFT, 'Moved')
    request = await members.ask_to_anonymise(chief, ann.id, 'She asked')
    with pytest.raises(Denied, match='asked for this yourself'):
        await members.decide_anonymise(chief, request.id, approve=True)
    assert [m.name for _, m in await members.list_anonymise_requests(second)] == ['Ann Berg']
    await members.decide_anonymise(second, request.id, approve=False)
    assert (await members.get_member(chief, ann.id)).name == 'Ann Berg'
    assert chief.member_id is not None
    with pytest.raises(Denied, match='yourself'):
        await members.ask_to_anonymise(chief, chief.member_id, 'Me')


async def test_who_came_back_is_not_anonymised_and_the_request_for_it_can_be_declined(
    chief: Actor, second: Actor, add: Add
) -> None:
    ann = await add('Ann', 'Berg')
    await members.change_status(chief, ann.id, MemberStatus.LEFT, 'Moved')
    request = await members.ask_to_anonymise(chief, ann.id, 'She asked')
    await members.change_status(chief, ann.id, MemberStatus.ACTIVE, 'Came back')
    with pytest.raises(Conflict, match='has not left'):
        await members.decide_anonymise(second, request.id, approve=True)
    await members.decide_anonymise(second, request.id, approve=False)
    assert await members.list_anonymise_requests(chief) == []


async def _rest(work: Work, member_id: UUID, account_id: UUID) -> dict[str, Any]:
    account = await work.get(Account, account_id)
    credentials = select(PasswordCredential.id).where(PasswordCredential.account_id == account_id)
    return {
        'personal': await work.count(select(AuditPersonal.seq).where(AuditPersonal.subject_id == member_id)),
        'credentials': await work.count(credentials),
        'disabled': account.disabled_at is not None,
        'moves': await work.count(select(StatusChange.id).where(StatusChange.member_id == member_id)),
        'entries': await work.count(select(AuditEntry.seq).where(AuditEntry.subject_id == member_id)),
        'batches': await work.count(select(MemberBatch.id)),
        'member': await work.get(Member, member_id),
    }  # fmt: skip


async def test_what_identifies_is_gone_and_what_counts_stays(chief: Actor, second: Actor) -> None:
    actor = await person_with_account(chief, 'Xanthippe', 'Quagmire', 'xanthippe@example.org', 'Member')
    who, account = actor.member_id, actor.account_id
    assert who is not None
    assert account is not None
    known = ProfileInput(phone='+16235550177', birth_on=date(1971, 2, 3), notes='Secretwords', street='Hidden Way')
    await members.update_member(chief, who, known)
    await file.add_record(chief, who, 'contacts', {'name': 'Zebedee'})
    own = await add_custom_field(chief, 'Member', CustomFieldInput(name='Hobby'))
    await members.set_custom_values(chief, who, {own.id: 'Beekeeping'})
    await run_as_service(refuse)(Actor.system(chief.organization_id), 'xanthippe@example.org', 'Mailboxgone')
    soon = (await members.get_member(chief, who)).status_since_on
    await file.add_record(chief, who, 'licences', {'kind': 'Driver', 'licence_number': 'LX998877', 'expires_on': soon})
    await run_as_service(file.remind_of_expiry.function)(Actor.system(chief.organization_id))
    await members.change_job(chief, who, JobInput(title='Driver'), reason='Jobreason')
    await file.add_record(chief, who, 'documents', {'category': 'ID', 'title': 'Passport Quagmire'})
    away = BulkInput(action=BulkAction.STATUS, status=MemberStatus.INACTIVE, reason='Lostinterest')
    await change_many(chief, [who], away)
    await members.change_status(chief, who, MemberStatus.LEFT, 'Wentaway')
    request = await members.ask_to_anonymise(chief, who, 'By request')
    await members.decide_anonymise(second, request.id, approve=True)
    system = Actor.system(chief.organization_id)
    text = ' '.join(value for _, _, value in await run_as_service(stored_texts, writes=False)(system))
    for trace in ('anthippe', 'uagmire', '6235550177', '1971-02-03', 'Secretwords', 'Hidden Way', 'Zebedee',
                  'LX998877', 'Beekeeping', 'Lostinterest', 'Wentaway', 'Jobreason',
                  'Mailboxgone'):  # fmt: skip
        assert trace not in text, trace
    rest = await run_as_service(_rest, writes=False)(system, who, account)
    assert rest['personal'] == 0
    assert rest['credentials'] == 0
    assert rest['disabled']
    assert rest['moves'] >= 2
    assert rest['entries'] > 3
    assert rest['member'].name.startswith('Former member')
    assert [fault for verdict in await audit.verify_now(chief) for fault in verdict.faults] == []
    with pytest.raises(Conflict, match='cannot be taken back'):
        await members.restore_member(chief, who)

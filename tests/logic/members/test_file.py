"""The records of a person's file: who sees and keeps which, renewals, protected numbers, and expiry told in time."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from data.audit import AuditEntry
from data.core import now
from data.members import Member, ProtectedNumber
from data.notifications import Notice
from logic import members
from logic.core.actor import Actor
from logic.core.errors import Conflict, Denied, Invalid, NotFound
from logic.core.listing import ListQuery
from logic.core.work import Work
from logic.members import exports, file
from logic.members.file.expiry import level_of, remind_of_expiry
from tests.conftest import run_as_service
from tests.logic.members.conftest import Add

DATES: dict[str, Any] = {'issued_on': date(2020, 1, 1)}


async def own(actor: Actor) -> Any:
    return actor.member_id


async def test_every_kind_of_record_is_added_corrected_and_removed(chief: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg')
    samples: dict[str, dict[str, Any]] = {
        'contacts': {'name': 'Tom Berg', 'phone': '(623) 555-0101'}, 'dependants': {'name': 'Kim'},
        'education': {'school': 'Academy'}, 'experience': {'employer': 'City'}, 'skills': {'name': 'Rope'},
        'languages': {'language': 'Spanish'}, 'licences': {'kind': 'Driver', 'expires_on': '2030-01-01'},
        'documents': {'category': 'ID', 'title': 'Passport'}, 'numbers': {'kind': 'tax_id', 'value': '12-345 678'},
        'engagements': {'title': 'Contract', 'from_on': '2024-01-01'},
        'leaves': {'kind': 'Sick', 'from_on': '2024-01-01'},
    }  # fmt: skip
    assert samples.keys() == file.KINDS.keys()
    for kind, sample in samples.items():
        row = await file.add_record(chief, ann.id, kind, sample)
        changed = await file.change_record(chief, kind, row.id, sample, version=row.version)
        assert changed.id == row.id
        listed = await file.view_private_records(chief, ann.id, kind)
        assert [one.id for one in listed.rows] == [row.id]
        await file.remove_record(chief, kind, row.id)
        assert (await file.view_private_records(chief, ann.id, kind)).rows == []
        with pytest.raises(Invalid):
            await file.add_record(chief, ann.id, kind, {**sample, 'unknown': 1})


async def test_the_person_keeps_his_emergency_contacts_but_not_his_licences(member: Actor) -> None:
    row = await file.add_record(member, await own(member), 'contacts', {'name': 'Ma', 'phone': '+16235550101'})
    assert row.values['phone'] == '+16235550101'
    with pytest.raises(Denied, match='Those who keep files'):
        await file.add_record(member, await own(member), 'licences', {'kind': 'Driver'})


async def test_private_records_of_another_are_opened_on_purpose_and_audited(
    chief: Actor, member: Actor, manager: Actor
) -> None:
    jide = await own(member)
    await file.add_record(member, jide, 'contacts', {'name': 'Ma'})
    with pytest.raises(Denied, match='on purpose'):
        await file.list_records(chief, jide, 'contacts')
    assert len((await file.view_private_records(chief, jide, 'contacts')).rows) == 1
    await file.view_private_records(member, jide, 'contacts')
    assert await run_as_service(_private_views)(Actor.system(chief.organization_id), jide) == 1
    with pytest.raises(Denied):
        await file.view_private_records(manager, jide, 'contacts')


async def _private_views(work: Work, member_id: Any) -> int:
    return await work.count(
        select(AuditEntry.seq).where(
            AuditEntry.action == 'members.view_private', AuditEntry.object_id == str(member_id)
        )
    )


async def test_peers_see_skills_but_not_licences_and_managers_see_those_of_their_people(
    chief: Actor, member: Actor, manager: Actor, add: Add
) -> None:
    ann = await add('Ann', 'Berg', manager_id=manager.member_id)
    await file.add_record(chief, ann.id, 'skills', {'name': 'Rope'})
    await file.add_record(manager, ann.id, 'licences', {'kind': 'Driver'})
    assert len((await file.list_records(member, ann.id, 'skills')).rows) == 1
    with pytest.raises(Denied):
        await file.list_records(member, ann.id, 'licences')
    assert len((await file.list_records(manager, ann.id, 'licences')).rows) == 1


async def test_a_protected_number_is_sealed_masked_and_shown_in_full_only_on_purpose(chief: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg')
    row = await file.add_record(
        chief, ann.id, 'numbers', {'kind': 'bank_account', 'value': 'DE89 3704 0044 0532 0130 00'}
    )
    assert row.values['value'] == '•••• 3000'
    stored = await run_as_service(_stored)(Actor.system(chief.organization_id), row.id)
    assert b'3704' not in stored
    assert await file.reveal_number(chief, row.id) == 'DE89370400440532013000'
    assert await run_as_service(_private_views)(Actor.system(chief.organization_id), ann.id) == 1
    with pytest.raises(Invalid) as refusal:
        await file.add_record(chief, ann.id, 'numbers', {'kind': 'bank_account', 'value': 'DE88370400440532013000'})
    assert 'IBAN' in refusal.value.fields['value']


async def _stored(work: Work, record_id: Any) -> bytes:
    return bytes((await work.get(ProtectedNumber, record_id)).value)


async def test_a_renewal_supersedes_and_keeps_the_history(chief: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg')
    old = await file.add_record(chief, ann.id, 'licences', {'kind': 'Driver', 'expires_on': '2026-01-01'})
    with pytest.raises(Invalid):
        await file.renew_record(chief, 'licences', old.id, {'kind': 'Driver', 'expires_on': '2026-01-01'})
    new = await file.renew_record(chief, 'licences', old.id, {'kind': 'Driver', 'expires_on': '2030-01-01'})
    rows = {row.id: row for row in (await file.list_records(chief, ann.id, 'licences')).rows}
    assert rows[old.id].is_superseded
    assert not rows[new.id].is_superseded
    with pytest.raises(Conflict, match='newest'):
        await file.renew_record(chief, 'licences', old.id, {'kind': 'Driver', 'expires_on': '2031-01-01'})
    await file.remove_record(chief, 'licences', new.id)
    assert not (await file.list_records(chief, ann.id, 'licences')).rows[0].is_superseded


async def test_a_removed_document_can_be_brought_back(chief: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg')
    paper = await file.add_record(chief, ann.id, 'documents', {'category': 'ID', 'title': 'Passport'})
    await file.remove_record(chief, 'documents', paper.id)
    assert (await file.list_records(chief, ann.id, 'documents')).rows == []
    assert len((await file.list_records(chief, ann.id, 'documents', removed=True)).rows) == 1
    await file.restore_record(chief, 'documents', paper.id)
    assert len((await file.list_records(chief, ann.id, 'documents')).rows) == 1


async def test_a_time_does_not_end_before_it_begins(chief: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg')
    with pytest.raises(Invalid) as refused:
        await file.add_record(
            chief, ann.id, 'leaves', {'kind': 'Sick', 'from_on': '2026-02-01', 'until_on': '2026-01-01'}
        )
    assert refused.value.fields.keys() == {'until_on'}, 'it is said where it is to be mended'


async def test_a_stranger_reaches_no_record_of_ours(chief: Actor, stranger: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg')
    row = await file.add_record(chief, ann.id, 'skills', {'name': 'Rope'})
    for attempt in (
        file.list_records(stranger, ann.id, 'skills'),
        file.change_record(stranger, 'skills', row.id, {'name': 'X'}),
        file.remove_record(stranger, 'skills', row.id),
        file.add_record(stranger, ann.id, 'skills', {'name': 'X'}),
    ):
        with pytest.raises(NotFound):
            await attempt


@given(st.integers(-400, 200))
def test_a_level_is_reached_once_and_never_left_backwards(days: int) -> None:
    level, tomorrow = level_of(days), level_of(days - 1)
    assert (level is None) == (days > 90)
    if level is not None:
        assert tomorrow is not None
        assert tomorrow <= level
        assert level in (0, 7, 30, 60, 90) or level % 7 == 0
        assert days <= level < days + 31 if days >= 0 else level - 7 < days <= level


async def _notices(work: Work) -> list[str]:
    return [row.title for row in await work.all(select(Notice).order_by(Notice.created_at, Notice.title))]


async def _remind(work: Work) -> int:
    return int(await remind_of_expiry(work))


async def test_expiry_is_told_once_a_level_to_the_person_and_to_those_who_keep_files(
    chief: Actor, member: Actor
) -> None:
    system, jide = Actor.system(chief.organization_id), await own(member)
    today = (await members.get_member(chief, jide)).status_since_on
    licence = {'kind': 'Driver licence', 'expires_on': today + timedelta(days=45)}
    old = await file.add_record(chief, jide, 'licences', licence)
    remind, notices = run_as_service(_remind), run_as_service(_notices, writes=False)
    for _ in range(2):
        assert await remind(system) == 1
    assert await notices(system) == [
        'Driver licence of Jide Okafor expires in 45 days', 'Your Driver licence expires in 45 days',
    ]  # fmt: skip
    await file.renew_record(chief, 'licences', old.id, licence | {'expires_on': today + timedelta(days=900)})
    assert await remind(system) == 0
    assert len(await notices(system)) == 2


async def test_nobody_is_told_of_the_papers_of_those_who_have_left(chief: Actor, add: Add) -> None:
    ann: Member = await add('Ann', 'Berg')
    await file.add_record(chief, ann.id, 'licences', {'kind': 'Driver', 'expires_on': ann.status_since_on})
    assert [one.days_left for one in (await file.list_expiring(chief, ListQuery())).rows] == [0]
    assert [one.days_left for one in (await file.list_records(chief, ann.id, 'licences')).rows] == [0]
    await members.change_status(chief, ann.id, members.MemberStatus.LEFT, 'Moved')
    assert (await file.list_expiring(chief, ListQuery())).rows == []


async def test_the_bin_is_for_those_who_keep_the_file(chief: Actor, member: Actor) -> None:
    assert member.member_id is not None
    paper = await file.add_record(chief, member.member_id, 'documents', {'category': 'Letter', 'title': 'Warning'})
    await file.remove_record(chief, 'documents', paper.id)
    with pytest.raises(Denied):
        await file.list_records(member, member.member_id, 'documents', removed=True)
    assert [row.id for row in (await file.list_records(chief, member.member_id, 'documents', removed=True)).rows] == [
        paper.id
    ]


async def test_what_expires_is_one_list_to_be_filtered_searched_and_exported(
    chief: Actor, member: Actor, manager: Actor, add: Add
) -> None:
    ann, bo = await add('Ann', 'Berg', manager_id=manager.member_id), await add('Bo', 'Chan')
    today = datetime.now(UTC).date()
    for who, kind, title, days in (
        (ann, 'licences', 'Driver', -3),
        (ann, 'documents', 'Contract', 20),
        (bo, 'licences', 'Paramedic', 60),
        (bo, 'licences', 'Boat', 200),
    ):
        named = {'kind': title} if kind == 'licences' else {'category': 'Papers', 'title': title}
        await file.add_record(chief, who.id, kind, named | {'expires_on': today + timedelta(days=days)})

    async def titles(actor: Actor = chief, **asked: Any) -> list[str]:
        return [row.title for row in (await file.list_expiring(actor, ListQuery.model_validate(asked))).rows]

    assert await titles() == ['Driver', 'Contract', 'Paramedic']
    assert await titles(filters={'within': ['365']}) == ['Driver', 'Contract', 'Paramedic', 'Boat']
    assert await titles(filters={'within': ['expired']}) == ['Driver']
    assert await titles(filters={'kind': ['documents']}) == ['Contract']
    assert await titles(q='chan') == ['Paramedic']
    assert await titles(page=2, page_size=2) == ['Paramedic']
    assert (await titles(sort='member_name', descending=True))[:1] == ['Paramedic']
    assert await titles(manager) == ['Driver', 'Contract']
    assert await titles(member) == []
    with pytest.raises(Invalid):
        await titles(filters={'within': ['soon']})
    fresh = replace(chief, authenticated_at=now())
    content = await exports.export_expiring(fresh, ListQuery(), exports.Format.CSV)
    assert content.decode().splitlines()[1].startswith('Ann Berg,Driver')
    with pytest.raises(Denied):
        await exports.export_expiring(replace(member, authenticated_at=now()), ListQuery(), exports.Format.CSV)

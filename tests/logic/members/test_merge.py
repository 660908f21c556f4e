"""What hangs on a record goes along when two records of one person become one, and comes back when that is undone."""

import contextlib
import itertools
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from data.members import Member
from data.organizations import PeerContact
from logic import audit, comments, custom_fields, links, members, organizations, tasks
from logic.comments import CommentInput
from logic.core.actor import Actor
from logic.core.errors import Denied, Invalid, NotFound
from logic.core.listing import ListQuery
from logic.custom_fields import CustomFieldInput
from logic.members import ProfileInput, file, undo_batch
from logic.members.file.kinds import KINDS
from logic.members.merge import (
    compare_members,
    list_duplicates,
    list_told_apart,
    merge_members,
    take_back_apart,
    tell_apart,
)
from logic.tasks import TaskInput
from tests.conftest import person_with_account
from tests.logic.members.conftest import Add


async def said(actor: Actor, member_id: object) -> list[str]:
    page = await comments.list_comments(actor, 'Member', member_id, ListQuery())  # type: ignore[arg-type]
    return [row.body for row in page.rows]


async def test_comments_and_links_of_the_dropped_record_hang_on_the_kept_one(chief: Actor, add: Add) -> None:
    kept, dropped, friend = await add('Ann', 'Berg'), await add('Anne', 'Berg'), await add('Bo', 'Chan')
    await comments.add_comment(chief, 'Member', dropped.id, CommentInput(body='<p>Ask for her card</p>'))
    for one in (kept, dropped):
        await links.add_link(chief, 'Member', one.id, 'Member', friend.id)
    await links.add_link(chief, 'Member', kept.id, 'Member', dropped.id)
    result = await merge_members(chief, kept.id, dropped.id)
    assert await said(chief, kept.id) == ['<p>Ask for her card</p>']
    assert [one.record_id for one in await links.list_links(chief, 'Member', kept.id)] == [friend.id]
    assert [one.record_id for one in await links.list_links(chief, 'Member', friend.id)] == [kept.id]
    assert result.batch_id is not None
    await undo_batch(chief, result.batch_id)
    assert await said(chief, kept.id) == []
    assert await said(chief, dropped.id) == ['<p>Ask for her card</p>']
    assert {one.record_id for one in await links.list_links(chief, 'Member', kept.id)} == {friend.id, dropped.id}


async def test_a_task_of_both_records_is_a_task_of_the_one(chief: Actor, add: Add) -> None:
    kept, dropped = await add('Ann', 'Berg'), await add('Anne', 'Berg')
    both = await tasks.add_task(chief, TaskInput(title='Wash', assignee_ids=[kept.id, dropped.id]))
    hers = await tasks.add_task(chief, TaskInput(title='Rinse', assignee_ids=[dropped.id]))
    await merge_members(chief, kept.id, dropped.id)
    for task in (both, hers):
        assert [one.id for one in (await tasks.get_task(chief, task.id)).row.assignees] == [kept.id]


async def test_of_two_people_with_one_phone_it_is_said_once_that_they_are_two_until_it_is_taken_back(
    chief: Actor, member: Actor, add: Add
) -> None:
    phone = '+12125550142'
    ann, bo, cy = [await add(name, 'Berg', phone=phone) for name in ('Ann', 'Bo', 'Cy')]

    async def pairs() -> list[set[str]]:
        return [{one.first_name, one.second_name} for one in await list_duplicates(chief)]

    assert len(await pairs()) == 3
    noted_id = await tell_apart(chief, bo.id, ann.id)
    assert noted_id is not None
    assert await tell_apart(chief, ann.id, bo.id) is None
    assert {'Ann Berg', 'Bo Berg'} not in await pairs()
    assert len(await pairs()) == 2
    entry = (await audit.list_entries(chief, ListQuery(filters={'action': ['members.tell_apart']}))).rows
    assert len(entry) == 1
    with pytest.raises(Denied):
        await tell_apart(member, ann.id, cy.id)
    with pytest.raises(Invalid):
        await tell_apart(chief, ann.id, ann.id)
    with pytest.raises(Denied):
        await take_back_apart(member, noted_id)
    assert await take_back_apart(chief, noted_id) == (ann.id, bo.id)
    assert len(await pairs()) == 3
    with pytest.raises(NotFound):
        await take_back_apart(chief, noted_id)


async def test_what_was_said_of_a_record_that_is_merged_stays_with_it_and_counts_again_when_that_is_undone(
    chief: Actor, add: Add
) -> None:
    ann, anne, bo = [await add(name, 'Berg', phone='+12125550142') for name in ('Ann', 'Anne', 'Bo')]
    await tell_apart(chief, ann.id, anne.id)
    await tell_apart(chief, anne.id, bo.id)
    result = await merge_members(chief, ann.id, anne.id)
    assert [{one.first_id, one.second_id} for one in await list_duplicates(chief)] == [{ann.id, bo.id}]
    assert result.batch_id is not None
    await undo_batch(chief, result.batch_id)
    assert [{one.first_id, one.second_id} for one in await list_duplicates(chief)] == [{ann.id, bo.id}]


async def test_what_was_said_is_listed_by_when_it_was_until_it_is_taken_back_or_a_record_is_archived(
    chief: Actor, member: Actor, stranger: Actor, add: Add
) -> None:
    ann, bo, cy = [await add(name, 'Berg') for name in ('Ann', 'Bo', 'Cy')]
    noted = [await tell_apart(chief, ann.id, bo.id), await tell_apart(chief, cy.id, bo.id)]

    async def listed(actor: Actor = chief, **more: Any) -> list[tuple[str, str]]:
        rows = (await list_told_apart(actor, ListQuery(sort='said_at', **more))).rows
        return [(one.first_name, one.second_name) for one in rows]

    both = [('Bo Berg', 'Cy Berg'), ('Ann Berg', 'Bo Berg')]
    assert await listed(descending=True) == both
    assert await listed(page_size=1, page=2) == both[:1]
    assert await listed(stranger) == []
    with pytest.raises(Denied):
        await listed(member)
    assert noted[0]
    await take_back_apart(chief, noted[0])
    assert await listed() == both[:1]
    await members.archive_member(chief, cy.id)
    assert await listed() == []


async def test_records_of_another_department_are_not_told_apart(chief: Actor, stranger: Actor, add: Add) -> None:
    ann, bo = await add('Ann', 'Berg'), await add('Bo', 'Berg')
    with pytest.raises(NotFound):
        await tell_apart(stranger, ann.id, bo.id)


@pytest.fixture
async def archivist(chief: Actor) -> Actor:
    """Ari, who makes one record of two, and sees and edits no file."""
    ari = await person_with_account(chief, 'Ari', 'Low', 'ari@example.org', 'Member')
    return replace(ari, permissions=frozenset({'members.view', 'members.archive'}))


async def test_comparing_shows_no_contacts_that_one_of_both_hides(chief: Actor, archivist: Actor, add: Add) -> None:
    contacts = {'email': 'vic@example.org', 'personal_email': 'vic@example.net', 'phone': '+12125550142'}
    hiding, shown = await add('Vic', 'Tim', **contacts, hides_contacts=True), await add('Ex', 'Tim')
    for pair in ((hiding.id, shown.id), (shown.id, hiding.id)):
        assert {field.name for field in await compare_members(archivist, *pair)} == {'number', 'first_name'}
    assert contacts.keys() <= {field.name for field in await compare_members(chief, hiding.id, shown.id)}


async def test_comparing_shows_nothing_of_a_file_that_is_closed_to_the_viewer(
    chief: Actor, archivist: Actor, add: Add
) -> None:
    one = await add('Vic', 'Tim', notice_days=77, probation_ends_on=date(2030, 1, 1))
    other = await add('Vic', 'Tim', notice_days=14)
    assert {field.name for field in await compare_members(archivist, one.id, other.id)} == {'number'}
    keeper = replace(archivist, permissions=archivist.permissions | {'members.view_files'})
    fields = {field.name: field.may_take for field in await compare_members(keeper, one.id, other.id)}
    assert fields == {'number': False, 'notice_days': False, 'probation_ends_on': False}
    assert all(field.may_take for field in await compare_members(chief, one.id, other.id))


@pytest.mark.parametrize(
    ('rights', 'take', 'why'),
    [
        (('members.view_files',), {'first_name'}, 'may not change the file'),
        (('members.view_files',), {'phone'}, 'may not change the file'),
        (('members.view_files',), {'notes'}, 'Those who may edit private data can'),
        (('members.edit',), {'birth_on'}, 'Those who may edit private data can'),
    ],
)
async def test_a_merge_takes_no_field_that_its_actor_may_not_change(
    chief: Actor, archivist: Actor, add: Add, *, rights: tuple[str, ...], take: set[str], why: str
) -> None:
    kept = await add('Ex', 'Tim', notes='kept', birth_on=date(1980, 5, 5), phone='+12125550100', hides_contacts=True)
    dropped = await add('Vic', 'Tim', notes='other', birth_on=date(1990, 1, 2), phone='+12125550142')
    actor = replace(archivist, permissions=archivist.permissions | {'members.view_private', *rights})
    with pytest.raises(Denied, match=why):
        await merge_members(actor, kept.id, dropped.id, frozenset(take))
    assert not (await members.get_member(chief, dropped.id)).is_archived
    result = await merge_members(chief, kept.id, dropped.id, frozenset(take))
    assert result.changed == 2


async def test_a_merge_fills_only_what_its_actor_may_change(chief: Actor, archivist: Actor, add: Add) -> None:
    said = {'notes': 'x', 'notice_days': 14, 'email': 'vic@example.org', 'joined_on': date(2020, 1, 1)}
    kept, dropped = await add('Vic', 'Tim'), await add('Vic', 'Tim', **said)
    reader = replace(archivist, permissions=archivist.permissions | {'members.view_private', 'members.view_files'})
    result = await merge_members(reader, kept.id, dropped.id)
    view = await members.get_member(chief, kept.id)
    assert (view.email, view.notice_days, view.joined_on, view.former_number) == ('', None, None, dropped.number)
    assert (await members.view_private_data(chief, kept.id)).notes == ''
    assert result.batch_id is not None
    await undo_batch(chief, result.batch_id)
    editor = replace(reader, permissions=reader.permissions | {'members.edit'})
    await merge_members(editor, kept.id, dropped.id)
    view = await members.get_member(chief, kept.id)
    assert (view.email, view.notice_days, view.joined_on) == ('vic@example.org', 14, date(2020, 1, 1))
    assert (await members.view_private_data(chief, kept.id)).notes == ''


BORN, HIRED = date(1990, 1, 2), date(2016, 5, 5)
IBAN = 'DE89370400440532013000'
SECRETS = ('Rosa Tim', str(BORN), 'Hope Street', 'on parole', str(HIRED), 'severe', IBAN)


async def filled(chief: Actor, add: Add) -> Member:
    """Vic, of whom everything is known that few see: each of the secrets once."""
    vic = await add('Vic', 'Tim', birth_on=BORN, street='Hope Street', notes='on parole')
    field = await custom_fields.add_custom_field(chief, 'Member', CustomFieldInput(name='Allergy', is_private=True))
    await members.set_custom_values(chief, vic.id, {field.id: 'severe'})
    await file.add_record(chief, vic.id, 'contacts', {'name': 'Rosa Tim', 'phone': '+12125550142'})
    await file.add_record(chief, vic.id, 'numbers', {'kind': 'bank_account', 'value': IBAN})
    await file.add_record(chief, vic.id, 'engagements', {'from_on': HIRED.isoformat(), 'title': 'Driver'})
    return vic


async def told(actor: Actor, member_id: UUID) -> str:
    """Return all that somebody is told of a person, by every door that does not refuse him."""
    found: list[object] = []
    kinds = list(KINDS)
    for ask in (
        lambda: members.get_member(actor, member_id),
        lambda: members.view_private_data(actor, member_id),
        lambda: members.membership_history(actor, member_id),
        lambda: file.list_file(actor, member_id, kinds),
        *(lambda kind=kind: file.view_private_records(actor, member_id, kind) for kind in kinds),
    ):
        with contextlib.suppress(Denied, NotFound):
            found.append(await ask())
    return (
        repr(found)
        .replace('datetime.date(1990, 1, 2)', '1990-01-02')
        .replace('datetime.date(2016, 5, 5)', '2016-05-05')
    )


PARTS_OF_SIGHT = [(), ('members.view_private',), ('members.view_files',), ('members.edit', 'members.edit_private')]


@pytest.mark.parametrize('rights', PARTS_OF_SIGHT)
async def test_who_does_not_see_whole_files_merges_none_and_brings_nothing_to_others_by_it(
    chief: Actor, archivist: Actor, member: Actor, add: Add, rights: tuple[str, ...]
) -> None:
    """The attacker would have an accomplice read what was merged into his file, or get an account into it."""
    vic = await filled(chief, add)
    empty = await add('Em', 'Pty')
    attacker = replace(archivist, permissions=archivist.permissions | set(rights))
    assert member.member_id is not None
    before = await told(member, member.member_id)
    refusals = set()
    for kept, dropped in itertools.permutations((vic.id, member.member_id, empty.id, archivist.member_id), 2):
        with pytest.raises(Denied) as refused:
            await merge_members(attacker, kept, dropped, frozenset({'birth_on', 'notes'}))
        refusals.add(str(refused.value))
    assert len(refusals) == 1  # the same whatever the files hold
    assert await told(member, member.member_id) == before
    said = await told(member, vic.id)
    assert not any(secret in said for secret in SECRETS)
    said = await told(chief, vic.id)
    assert {secret for secret in SECRETS if secret not in said} == {IBAN}  # of which the last digits are shown


@pytest.mark.parametrize('rights', PARTS_OF_SIGHT)
async def test_nothing_of_a_merge_is_told_to_who_does_not_see_whole_files(
    chief: Actor, archivist: Actor, add: Add, rights: tuple[str, ...]
) -> None:
    vic, other = await filled(chief, add), await add('Vic', 'Tim', birth_on=date(1980, 5, 5), notes='other')
    attacker = replace(archivist, permissions=archivist.permissions | set(rights))
    seen = await compare_members(attacker, vic.id, other.id)
    said = repr(seen) + repr(await list_duplicates(attacker))
    merged = await merge_members(chief, other.id, vic.id)
    assert merged.batch_id is not None
    said += repr(await members.list_batches(attacker, ListQuery()))
    with pytest.raises(Denied):
        await undo_batch(attacker, merged.batch_id)
    if 'members.view_private' not in rights:
        assert not any(secret in said for secret in SECRETS)
    assert '1980-05-05' not in said
    await undo_batch(chief, merged.batch_id)
    said = await told(chief, vic.id)
    assert {secret for secret in SECRETS if secret not in said} == {IBAN}  # of which the last digits are shown


async def test_a_merge_takes_all_of_a_file_along_and_of_what_both_have_the_kept_one_stays(
    chief: Actor, add: Add
) -> None:
    vic = await filled(chief, add)
    kept = await add('Vic', 'Tim', notes='kept')
    [field] = await custom_fields.list_managed_fields(chief)
    await members.set_custom_values(chief, kept.id, {field.id: 'mild'})
    await merge_members(chief, kept.id, vic.id)
    said = await told(chief, kept.id)
    assert {secret for secret in SECRETS if secret in said} == {'Rosa Tim', str(BORN), 'Hope Street', str(HIRED)}
    private = await members.view_private_data(chief, kept.id)
    assert (private.notes, private.custom) == ('kept', {field.id: 'mild'})
    [number] = (await file.view_private_records(chief, kept.id, 'numbers')).rows
    assert await file.reveal_number(chief, number.id) == IBAN
    acts = {
        row.object_type
        for row in (await audit.list_entries(chief, ListQuery(page_size=100))).rows
        if row.action == 'members.merge_members'
    }
    assert {'Member', 'EmergencyContact', 'ProtectedNumber', 'Engagement', 'CustomValue'} <= acts


async def test_contacts_that_a_record_hides_are_hidden_by_the_one_that_takes_them_over(chief: Actor, add: Add) -> None:
    kept, dropped = await add('Vic', 'Tim'), await add('Vic', 'Tim', phone='+12125550142', hides_phones=True)
    await merge_members(chief, kept.id, dropped.id)
    view = await members.get_member(chief, kept.id)
    assert (view.phone, view.hides_phones, view.hides_email) == ('+12125550142', True, False)
    other = await add('Bo', 'Chan')
    with pytest.raises(Invalid):
        await merge_members(chief, kept.id, other.id, frozenset({'hides_phones'}))


async def test_a_possible_duplicate_tells_no_birth_date_to_who_may_not_see_it(
    chief: Actor, archivist: Actor, add: Add
) -> None:
    one = await add('Vic', 'Tim', birth_on=date(1990, 1, 2))
    other = await add('Vic', 'Tim', birth_on=date(1990, 1, 2))
    assert [pair.why for pair in await list_duplicates(chief)] == ['same name and birth date']
    assert [pair.why for pair in await list_duplicates(archivist)] == ['same name']
    await members.update_member(chief, other.id, ProfileInput(birth_on=date(1991, 1, 2)))
    assert await list_duplicates(chief) == []
    assert [(pair.first_id, pair.why) for pair in await list_duplicates(archivist)] == [(one.id, 'same name')]


async def test_a_possible_duplicate_tells_no_phone_that_one_of_both_hides(
    chief: Actor, archivist: Actor, add: Add
) -> None:
    await organizations.change_settings(chief, show_peer_contacts=frozenset(PeerContact))
    one, other = await add('Bo', 'Chan', phone='+16235550101'), await add('Robert', 'Chan', phone='+16235550101')
    assert [pair.why for pair in await list_duplicates(archivist)] == ['same phone']
    for hiding in (one, other):
        await members.update_member(chief, hiding.id, ProfileInput(hides_phones=True))
        assert await list_duplicates(archivist) == []
        assert [pair.why for pair in await list_duplicates(chief)] == ['same phone']
        await members.update_member(chief, hiding.id, ProfileInput(hides_phones=False))

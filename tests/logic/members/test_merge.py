"""What hangs on a record goes along when two records of one person become one, and comes back when that is undone."""

from dataclasses import replace
from datetime import date

import pytest

from data.organizations import PeerContact
from logic import comments, links, members, organizations, tasks
from logic.comments import CommentInput
from logic.core.actor import Actor
from logic.core.errors import Denied, Invalid
from logic.core.listing import ListQuery
from logic.members import ProfileInput, undo_batch
from logic.members.merge import compare_members, list_duplicates, merge_members
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
        ((), {'first_name'}, 'may not change the file'),
        ((), {'notes'}, 'do not see this of both'),
        ((), {'phone'}, 'do not see this of both'),
        (('members.edit',), {'first_name', 'birth_on'}, 'do not see this of both'),
        (('members.edit', 'members.view_private'), {'birth_on'}, 'Those who may edit private data can'),
    ],
)
async def test_a_merge_takes_no_field_that_its_actor_may_not_see_and_change(
    chief: Actor, archivist: Actor, add: Add, *, rights: tuple[str, ...], take: set[str], why: str
) -> None:
    kept = await add('Ex', 'Tim', notes='kept', birth_on=date(1980, 5, 5), phone='+12125550100', hides_contacts=True)
    dropped = await add('Vic', 'Tim', notes='other', birth_on=date(1990, 1, 2), phone='+12125550142')
    actor = replace(archivist, permissions=archivist.permissions | set(rights))
    with pytest.raises(Denied, match=why):
        await merge_members(actor, kept.id, dropped.id, frozenset(take))
    assert not (await members.get_member(chief, dropped.id)).is_archived
    result = await merge_members(chief, kept.id, dropped.id, frozenset(take))
    assert result.changed == 2


async def test_a_merge_fills_only_what_its_actor_may_see_and_change(chief: Actor, archivist: Actor, add: Add) -> None:
    said = {'notes': 'x', 'notice_days': 14, 'email': 'vic@example.org', 'joined_on': date(2020, 1, 1)}
    kept, dropped = await add('Vic', 'Tim'), await add('Vic', 'Tim', **said)
    result = await merge_members(archivist, kept.id, dropped.id)
    view = await members.get_member(chief, kept.id)
    assert (view.email, view.notice_days, view.joined_on, view.former_number) == ('', None, None, dropped.number)
    assert (await members.view_private_data(chief, kept.id)).notes == ''
    assert result.batch_id is not None
    await undo_batch(chief, result.batch_id)
    editor = replace(archivist, permissions=archivist.permissions | {'members.edit'})
    await merge_members(editor, kept.id, dropped.id)
    view = await members.get_member(chief, kept.id)
    assert (view.email, view.notice_days, view.joined_on) == ('vic@example.org', 14, date(2020, 1, 1))
    assert (await members.view_private_data(chief, kept.id)).notes == ''


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

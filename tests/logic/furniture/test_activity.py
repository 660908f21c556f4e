"""Activity: told to who sees the record, and taken back only while nobody has changed the field since."""

from datetime import date, timedelta

import pytest

from data.members import Member
from logic import activity, audit, departments, members
from logic.activity import ActivityRow
from logic.core.actor import Actor
from logic.core.errors import Conflict, Denied, NotFound
from logic.departments import DepartmentInput
from logic.members import JobInput, ProfileInput
from tests.conftest import person_with_account


async def told(actor: Actor, row: Member) -> list[ActivityRow]:
    return await activity.list_activity(actor, 'Member', row.id)


async def test_a_change_is_told_with_old_and_new_and_from_where(chief: Actor, clerk: Actor, person: Member) -> None:
    await members.update_member(clerk, person.id, ProfileInput(first_name='Mark'))
    entry = (await told(chief, person))[0]
    assert (entry.who, entry.what, entry.how) == ('Ann Berg', 'updated the member', 'in the browser')
    assert [(change.name, change.old, change.new) for change in entry.changes if change.name == 'first_name'] == [
        ('first_name', 'Marcus', 'Mark')
    ]


async def test_what_is_not_visible_is_not_told(chief: Actor, member: Actor, stranger: Actor, person: Member) -> None:
    for other in (member, stranger):
        with pytest.raises(NotFound):
            await told(other, person)
        with pytest.raises(NotFound):
            await activity.undo_entry(other, 'Member', person.id, 0)
    await members.update_member(chief, person.id, ProfileInput(notes='Secret', first_name='Mark'))
    assert 'notes' not in {change.name for row in await told(chief, person) for change in row.changes}


async def test_a_change_is_put_back_through_the_rules_and_can_be_put_back_again(chief: Actor, person: Member) -> None:
    await members.update_member(chief, person.id, ProfileInput(first_name='Mark', phone='+12125550100'))
    entry = (await told(chief, person))[0]
    assert entry.may_undo
    await activity.undo_entry(chief, 'Member', person.id, entry.seq)
    view = await members.get_member(chief, person.id)
    assert (view.first_name, view.phone) == ('Marcus', '')
    latest, before = (await told(chief, person))[:2]
    assert latest.what == 'undid the entry'
    assert latest.may_undo
    assert not before.may_undo
    await activity.undo_entry(chief, 'Member', person.id, latest.seq)
    assert (await members.get_member(chief, person.id)).first_name == 'Mark'


async def test_a_field_that_was_changed_since_is_not_put_back(chief: Actor, clerk: Actor, person: Member) -> None:
    await members.update_member(chief, person.id, ProfileInput(first_name='Mark'))
    entry = (await told(chief, person))[0]
    await members.update_member(clerk, person.id, ProfileInput(first_name='Marco'))
    assert not next(row for row in await told(chief, person) if row.seq == entry.seq).may_undo
    with pytest.raises(Conflict, match='First name'):
        await activity.undo_entry(chief, 'Member', person.id, entry.seq)
    assert (await members.get_member(chief, person.id)).first_name == 'Marco'


async def test_who_may_not_change_the_record_puts_nothing_back(chief: Actor, person: Member) -> None:
    auditor = await person_with_account(chief, 'Ivo', 'Auer', 'ivo@example.org', 'Auditor')
    await members.update_member(chief, person.id, ProfileInput(first_name='Mark'))
    entry = (await told(auditor, person))[0]
    assert not entry.may_undo
    with pytest.raises(Denied):
        await activity.undo_entry(auditor, 'Member', person.id, entry.seq)


async def test_an_entry_of_another_record_is_not_there(chief: Actor, clerk: Actor, person: Member) -> None:
    assert clerk.member_id
    await members.update_member(chief, clerk.member_id, ProfileInput(first_name='Anna'))
    theirs = (await activity.list_activity(chief, 'Member', clerk.member_id))[0]
    with pytest.raises(NotFound):
        await activity.undo_entry(chief, 'Member', person.id, theirs.seq)


async def test_what_is_no_change_of_the_record_itself_is_not_put_back_from_here(chief: Actor, person: Member) -> None:
    await members.change_job(chief, person.id, JobInput(title='Driver'), None, 'Promoted')
    rows = await told(chief, person)
    made = rows[-1]
    assert not any(row.may_undo for row in rows if row.object_type != 'Member' or row.seq == made.seq)
    with pytest.raises((Conflict, NotFound)):
        await activity.undo_entry(chief, 'Member', person.id, made.seq)


async def test_who_changed_a_field_last_is_named_whoever_changed_another_one_since(
    chief: Actor, clerk: Actor, person: Member
) -> None:
    await members.update_member(clerk, person.id, ProfileInput(first_name='Mark'))
    await members.update_member(chief, person.id, ProfileInput(phone='+12125550100'))
    by = {name: await audit.changed_by(chief, 'Member', person.id, [name]) for name in ('first_name', 'phone')}
    assert by == {'first_name': 'Ann Berg', 'phone': 'Elena Rossi'}


async def test_a_change_of_job_and_tags_are_told_by_name_with_what_was_before(chief: Actor, person: Member) -> None:
    engines, ladders = [
        (await departments.add_department(chief, DepartmentInput(name=name))).id for name in ('Engines', 'Ladders')
    ]
    today = date(2026, 1, 1)
    await members.change_job(chief, person.id, JobInput(department_id=engines, title='Driver'), today, 'New')
    later = JobInput(department_id=ladders, title='Driver')
    await members.change_job(chief, person.id, later, today + timedelta(days=31), 'Moved')
    tag = await members.add_tag(chief, members.TagInput(name='Diver'))
    await members.set_tags(chief, person.id, {tag.id})
    tagged, *rows = await told(chief, person)
    assert [(one.name, tagged.names[one.new]) for one in tagged.changes] == [('tag_id', 'Diver')]
    moved = next(
        row
        for row in rows
        if row.object_type == 'JobChange' and {'department_id', 'from_on'} <= {one.name for one in row.changes}
    )
    changes = {one.name: (one.old, one.new) for one in moved.changes}
    assert {moved.names[one] for one in changes['department_id'] if one} == {'Engines', 'Ladders'}
    assert 'title' not in changes

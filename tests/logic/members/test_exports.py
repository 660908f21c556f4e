"""Taking people out: only what the viewer may see, safe in every program, and on record."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.core import new_id, now
from data.organizations import PeerContact
from data.tasks import ListVisibility, ShareLevel
from logic import audit, comments, members, organizations, tasks
from logic.comments import CommentInput
from logic.core.errors import Denied, TooMany
from logic.core.listing import ListQuery
from logic.identity.sessions import SignInAgain
from logic.identity.throttle import EXPORTS_AN_HOUR
from logic.members import MemberInput, exports, imports
from logic.members.exports import Format, _folded
from logic.members.imports import ImportOptions
from logic.tasks import ListInput, MoveInput, TaskChange, TaskInput
from tests.logic.test_service import audit_actions

ROSTER = b"""Number,Surname,Given name,E-mail,Cell,Department
7,=cmd,Jide,j@example.org,+16235550101,Fleet
8,Novak,Petr,,,EMS
"""


def fresh(actor):
    return replace(actor, authenticated_at=now())


@pytest.fixture
async def roster(chief):
    await imports.apply_file(chief, ROSTER, ImportOptions(), 'x')


async def table(actor, **asked):
    content = await exports.export_members(fresh(actor), ListQuery(**asked), Format.CSV)
    return list(csv.DictReader(io.StringIO(content.decode('utf-8-sig'))))


async def test_an_export_holds_the_current_filter_on_all_pages(chief, roster):
    assert [row['Last name'] for row in await table(chief, q='petr', page=3, page_size=1)] == ['Novak']
    assert len(await table(chief, page_size=1)) == 3


async def test_cells_that_a_spreadsheet_would_run_are_escaped(chief, roster):
    assert {row['Last name'] for row in await table(chief)} >= {"'=cmd"}


async def test_an_export_is_on_record(chief, roster):
    await table(chief)
    assert (await audit_actions(chief))[-1] == 'members.export_members'


async def test_who_may_not_export_is_refused(member, roster):
    with pytest.raises(Denied):
        await exports.export_members(fresh(member), ListQuery(), Format.CSV)


async def test_a_list_on_paper_is_an_export_that_takes_the_right_a_fresh_sign_in_and_a_share_and_is_on_record(
    chief, member, roster
):
    people = await exports.print_members(fresh(chief), ListQuery(q='petr', page=3, page_size=1))
    assert [row.name for row in people] == ['Petr Novak']
    entry = (await audit.list_entries(chief, ListQuery())).rows[0]
    assert (entry.action, entry.actor_id) == ('members.print_members', chief.account_id)
    with pytest.raises(Denied):
        await exports.print_members(fresh(member), ListQuery())
    stale = replace(chief, session_id=new_id(), authenticated_at=now() - timedelta(minutes=11))
    with pytest.raises(SignInAgain):
        await exports.print_members(stale, ListQuery())
    for _ in range(EXPORTS_AN_HOUR - 1):
        await exports.print_members(fresh(chief), ListQuery())
    with pytest.raises(TooMany):
        await exports.print_members(fresh(chief), ListQuery())
    with pytest.raises(TooMany):  # one share for all kinds of exports
        await table(chief)


async def test_a_list_on_paper_holds_no_contacts_that_its_taker_may_not_see(chief, member):
    taker = replace(fresh(member), permissions=member.permissions | {'members.export'})
    people = []
    for name, hidden in (('ann', {}), ('bo', {'hides_contacts': True}), ('cy', {'hides_phones': True})):
        data = MemberInput(first_name=name, email=f'{name}@example.org', phone='(623) 555-0101', **hidden)
        people.append(await members.add_member(chief, data))

    async def told(actor):
        rows = {row.id: (row.phone, row.email) for row in await exports.print_members(actor, ListQuery())}
        return [rows[one.id] for one in people]

    assert await told(taker) == [(None, None)] * 3
    await organizations.change_settings(chief, show_peer_contacts=frozenset(PeerContact))
    assert await told(taker) == [('+16235550101', 'ann@example.org'), (None, None), (None, 'cy@example.org')]
    assert await told(fresh(chief)) == [(one.phone, one.email) for one in people]


async def test_xlsx_is_written(chief, roster):
    content = await exports.export_members(fresh(chief), ListQuery(), Format.XLSX)
    assert zipfile.is_zipfile(io.BytesIO(content))


async def test_a_vcard_holds_what_the_viewer_may_see(chief, member, roster):
    card = await exports.vcard(chief, member.member_id)
    assert 'EMAIL;TYPE=work:jide@example.org' in card.replace('\r\n ', '')
    assert 'EMAIL' not in await exports.vcard(member, chief.member_id)


@given(st.text(alphabet=st.characters(exclude_categories=['Cs', 'Cc']), max_size=300))
def test_folded_lines_have_at_most_75_octets_and_unfold_to_the_same(line):
    folded = _folded(line)
    assert all(len(part.encode()) <= 75 for part in folded.split('\r\n'))
    assert folded.replace('\r\n ', '') == line


async def test_a_person_takes_out_all_that_is_held_of_him(chief, member):
    content = await exports.personal_data(fresh(member), member.member_id)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        records = json.loads(archive.read('person.json'))
    assert records['Member'][0]['email'] == 'jide@example.org'
    assert records['PositionHolding']


async def own(actor):
    content = await exports.personal_data(fresh(actor), actor.member_id)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return json.loads(archive.read('person.json'))


async def test_of_tasks_that_a_person_sees_no_more_only_number_and_dates_are_taken_out(chief, member):
    everybody = ListVisibility.ORGANIZATION
    wanted = ListInput(title='Station', visibility=everybody, organization_level=ShareLevel.EDIT)
    station = await tasks.add_list(chief, wanted)
    hidden = await tasks.add_list(chief, ListInput(title='Hidden'))
    there, moved, deleted, given = [
        await tasks.add_task(member, TaskInput(title='Broken hose', description='<p>Old</p>', list_id=station.id))
        for _ in range(4)
    ]
    await comments.add_comment(member, 'Task', moved.id, CommentInput(body='<p>I saw it</p>'))
    assert {row['title'] for row in (await own(member))['Task']} == {'Broken hose'}
    column = (await tasks.list_columns(chief, hidden.id))[0]
    await tasks.move_task(chief, moved.id, MoveInput(column=column.id, from_column=moved.column_id))
    await tasks.update_task(chief, moved.id, TaskChange(title='Dismissal', description='<p>Secret</p>'))
    await tasks.delete_task(chief, deleted.id)
    await tasks.update_task(chief, given.id, TaskChange(assignee_ids=[member.member_id]))
    await tasks.move_task(chief, given.id, MoveInput(column=column.id, from_column=moved.column_id))
    taken = await own(member)
    found = {row['number']: row for row in taken['Task']}
    assert {row.number: 'title' in found[row.number] for row in (there, moved, deleted, given)} == {
        there.number: True, moved.number: False, deleted.number: False, given.number: True,
    }  # fmt: skip
    for row in (moved, deleted):
        assert found[row.number].keys() == {'id', 'number', 'created_at', 'deleted_at'}
    assert [row['body'] for row in taken['Comment']] == ['<p>I saw it</p>']


async def test_nobody_takes_out_what_is_held_of_another_without_the_rights(chief, member):
    with pytest.raises(Denied):
        await exports.personal_data(fresh(member), chief.member_id)

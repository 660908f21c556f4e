"""Taking people out: only what the viewer may see, safe in every program, and on record."""

import csv
import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.core import now
from data.tasks import ListVisibility, ShareLevel
from logic import comments, tasks
from logic.comments import CommentInput
from logic.core.errors import Denied
from logic.core.listing import ListQuery
from logic.members import exports, imports
from logic.members.exports import Format, _folded
from logic.members.imports import ImportOptions
from logic.tasks import ListInput, MoveInput, TaskChange, TaskInput
from tests.logic.test_service import audit_actions

ROSTER = b"""Number,Surname,Given name,E-mail,Cell,Department
7,=cmd,Jide,j@example.org,+16235550101,Fleet
8,Novak,Petr,,,EMS
"""


def fresh(actor):
    from dataclasses import replace

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

"""Rosters as people send them: each bad row is named, the good ones are taken, nothing is guessed or half applied."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest
from sqlmodel import select

from data.departments import Department
from data.members import JobChange, Member, MemberBatchRow, MemberStatus
from logic import members
from logic.core.errors import Conflict, Denied, Invalid
from logic.core.tabular import DateOrder, write_xlsx
from logic.core.work import Work
from logic.members import MemberInput, imports
from logic.members.batches import undo_batch
from logic.members.imports import Fate, ImportOptions
from logic.members.inputs import ProfileInput
from logic.members.profile import update_member
from tests.conftest import run_as_service

ROSTERS = Path(__file__).parents[4] / 'shared' / 'data'


def csv(*lines: str) -> bytes:
    return '\n'.join(lines).encode()


async def rows_of(actor, statement):
    async def look(work: Work):
        return await work.all(statement)

    return await run_as_service(look, writes=False)(actor)


async def faults(chief, content: bytes, **options) -> list[tuple[int, str, str]]:
    plan = await imports.plan_file(chief, content, ImportOptions(**options))
    return [(row.line, fault.column, fault.reason) for row in plan.rows for fault in row.faults]


async def test_only_a_name_is_required(chief):
    await imports.apply_file(chief, csv('Surname', 'Okafor'), ImportOptions(), 'x')
    assert 'Okafor' in await rows_of(chief, select(Member.last_name))


async def test_a_row_is_matched_by_number_then_by_email(chief):
    await imports.apply_file(chief, csv('Number,Surname,E-mail', '7,Okafor,jide@example.org'), ImportOptions(), 'x')
    plan = await imports.plan_file(
        chief,
        csv('Number,Surname,E-mail,City', '0007,Okafor,,Salem', ',Okafor,JIDE@example.org,'),
        ImportOptions(),
    )
    assert [(row.fate, sorted(row.changes)) for row in plan.rows] == [(Fate.UPDATE, ['city']), (Fate.SAME, [])]


async def test_a_number_and_an_email_of_two_people_refuse_the_row(chief):
    await imports.apply_file(
        chief, csv('Number,Surname,E-mail', '7,A,a@example.org', '8,B,b@example.org'), ImportOptions(), 'x'
    )
    found = await faults(chief, csv('Number,Surname,E-mail', '7,A,b@example.org'))
    assert found == [(2, 'E-mail', 'This e-mail is the one of B (0008).')]


async def test_a_number_of_somebody_with_another_name_and_email_refuses_the_row(chief):
    await imports.apply_file(
        chief, csv('Number,Surname,Given name,E-mail', '7,Okafor,Jide,j@example.org'), ImportOptions(), 'x'
    )
    found = await faults(
        chief,
        csv(
            'Number,Surname,Given name,E-mail',
            '7,Novak,Petr,p@example.org',
            '7,Okafor,Jide,new@example.org',
        ),
    )
    assert found[0][:2] == (2, 'Number')


async def test_a_number_that_stands_twice_refuses_the_second_row(chief):
    found = await faults(chief, csv('Badge #,Surname', '91,Ware', '91,Other'))
    assert found == [(3, 'Badge #', '"0091" stands in line 2 already.')]


async def test_an_email_that_stands_twice_refuses_the_second_row(chief):
    found = await faults(chief, csv('Surname,E-mail', 'A,x@example.org', 'B,X@EXAMPLE.ORG'))
    assert found == [(3, 'E-mail', '"x@example.org" stands in line 2 already.')]


async def test_empty_cells_change_nothing(chief):
    await imports.apply_file(chief, csv('Number,Surname,City', '7,Okafor,Salem'), ImportOptions(), 'x')
    await imports.apply_file(chief, csv('Number,Surname,City', '7,Okafor,'), ImportOptions(), 'x')
    assert 'Salem' in await rows_of(chief, select(Member.city))


async def test_dates_that_prove_no_order_must_be_chosen(chief):
    content = csv('Surname,DOB', 'A,03.04.1980', 'B,05.06.1981')
    assert (await imports.plan_file(chief, content, ImportOptions())).reading.date_is_open
    with pytest.raises(Invalid, match='order of day and month'):
        await imports.apply_file(chief, content, ImportOptions(), 'x')
    await imports.apply_file(chief, content, ImportOptions(date_order=DateOrder.DAY_FIRST), 'x')
    assert '1980-04-03' in {str(day) for day in await rows_of(chief, select(Member.birth_on))}


async def test_a_manager_may_come_with_the_same_file(chief):
    await imports.apply_file(chief, csv('Number,Surname,Supervisor', '12,Worker,11', '11,Boss,'), ImportOptions(), 'x')
    numbers = dict(await rows_of(chief, select(Member.number, Member.id)))
    managers = dict(await rows_of(chief, select(JobChange.member_id, JobChange.manager_id)))
    assert managers[numbers['0012']] == numbers['0011']


async def test_an_unknown_manager_refuses_the_row(chief):
    found = await faults(chief, csv('Surname,Supervisor', 'Okafor,Nobody Known'))
    assert found == [(2, 'Supervisor', 'There is nobody with the number or name "Nobody Known".')]


async def test_a_circle_of_managers_is_refused(chief):
    found = await faults(chief, csv('Number,Surname,Supervisor', '11,A,12', '12,B,13', '13,C,11', '14,D,11'))
    assert {line for line, _, _ in found} == {2, 3, 4, 5}
    assert found[0][2] == 'The managers form a circle.'


async def test_who_others_report_to_does_not_leave_by_import(chief):
    await imports.apply_file(chief, csv('Number,Surname,Supervisor', '12,Worker,11', '11,Boss,'), ImportOptions(), 'x')
    found = await faults(chief, csv('Number,Surname,Status', '11,Boss,left', '12,Worker,left'))
    assert [(line, column) for line, column, _ in found] == [(2, 'Status')]


async def test_lost_letters_are_named_and_not_stored(chief):
    found = await faults(chief, csv('Surname,Given name', 'Misiaszek,El?bieta'))
    assert found[0][:2] == (2, 'Given name')


async def test_a_day_of_leaving_needs_the_status_left(chief):
    found = await faults(chief, csv('Surname,Status,Left on', 'A,active,2020-01-02', 'B,left,2020-01-02'))
    assert [line for line, _, _ in found] == [2]


async def test_new_units_are_named_before_they_are_made_and_refused_when_unwanted(chief):
    content = csv('Surname,Department', 'A,Zeppelins', 'B,zeppelins')
    assert (await imports.plan_file(chief, content, ImportOptions())).missing == {'department': ['Zeppelins']}
    assert len(await faults(chief, content, create_missing=False)) == 2
    await imports.apply_file(chief, content, ImportOptions(), 'x')
    assert (await rows_of(chief, select(Department.name))).count('Zeppelins') == 1


async def test_the_columns_are_remembered(chief):
    content = csv('Surname,Funk', 'A,Radio 7')
    await imports.apply_file(chief, content, ImportOptions(mapping={0: 'last_name', 1: 'title'}), 'x')
    plan = await imports.plan_file(chief, content, ImportOptions())
    assert plan.reading.mapping == {0: 'last_name', 1: 'title'}


async def test_an_import_is_undone_in_one_step(chief):
    await imports.apply_file(chief, csv('Number,Surname,City,Unit', '7,Okafor,Salem,Fleet'), ImportOptions(), 'x')
    result = await imports.apply_file(
        chief, csv('Number,Surname,City,Unit', '7,Okafor,Salem Town,EMS', '8,Novak,,'), ImportOptions(), 'y'
    )
    undone = await undo_batch(chief, result.batch_id)
    assert (undone.changed, undone.refused) == (2, [])
    assert set(await rows_of(chief, select(Member.last_name))) == {'Okafor', 'Rossi'}
    assert 'Salem' in await rows_of(chief, select(Member.city))
    assert {row.until_on for row in await rows_of(chief, select(JobChange))} == {None}


async def test_who_was_changed_since_an_import_is_left_and_named_by_its_undo(chief):
    result = await imports.apply_file(chief, csv('Number,Surname', '7,Okafor', '8,Novak'), ImportOptions(), 'x')
    [okafor] = await rows_of(chief, select(Member).where(Member.last_name == 'Okafor'))
    await update_member(chief, okafor.id, ProfileInput(city='Salem'))
    undone = await undo_batch(chief, result.batch_id)
    assert [refusal.name for refusal in undone.refused] == ['Okafor']
    assert 'Novak' not in await rows_of(chief, select(Member.last_name))


async def test_who_may_not_import_is_refused(member):
    with pytest.raises(Denied):
        await imports.plan_file(member, csv('Surname', 'A'), ImportOptions())


@pytest.mark.parametrize('content', [b'', b'\x00\x01\x02', b'\n\n\n', b'PK\x03\x04broken', b'Surname\n'])
async def test_what_is_no_table_is_refused_with_a_sentence(chief, content):
    with pytest.raises(Invalid):
        await imports.apply_file(chief, content, ImportOptions(), 'x')


async def test_the_large_roster_is_taken_whole(chief):
    content = (ROSTERS / 'roster_1000.csv').read_bytes()
    plan = await imports.plan_file(chief, content, ImportOptions())
    assert [(r.line, f) for r in plan.rows for f in r.faults] == []
    assert {f.reason for r in plan.rows for f in r.warnings} == {'This is before the birth date.'}
    result = await imports.apply_file(chief, content, ImportOptions(), 'roster')
    assert (result.new_count + result.updated_count, result.refused_count) == (1000, 0)
    again = await imports.plan_file(chief, content, ImportOptions())
    assert Counter(row.fate for row in again.rows) == {Fate.SAME: 1000}
    statuses = Counter(await rows_of(chief, select(Member.status)))
    assert statuses[MemberStatus.LEFT] == 83
    assert len(await rows_of(chief, select(MemberBatchRow.id))) == 1000


async def test_the_messy_roster_names_each_bad_row_and_takes_the_others(chief):
    content = (ROSTERS / 'roster_messy.csv').read_bytes()
    plan = await imports.plan_file(chief, content, ImportOptions())
    by_line = {row.line: [(f.column, f.reason) for f in row.faults] for row in plan.rows if row.faults}
    assert by_line[12][0][0] == 'Surname'  # no name at all
    assert by_line[72] == [('Supervisor', 'There is nobody with the number or name "Nobody Known".')]
    assert [by_line[92][0][0], by_line[93][0][0]] == ['', '']  # a cell too many, cells missing
    assert any(column == 'Cell' for column, _ in by_line[82])  # call his wife
    result = await imports.apply_file(chief, content, ImportOptions(), 'messy')
    assert result.refused_count == len(by_line)
    assert result.new_count == len(plan.rows) - len(by_line)


async def test_others_write_while_a_roster_is_read_and_its_sender_has_one_read_at_a_time(chief, member):
    content = write_xlsx(['Surname', 'Notes'], [['Okafor', 'x' * 1000]] * 20_001)
    both = {asyncio.create_task(imports.apply_file(chief, content, ImportOptions(), 'x')) for _ in range(2)}
    (refused,), (reading,) = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    assert isinstance(refused.exception(), Conflict)
    await members.add_member(chief, MemberInput(first_name='Ann'))
    assert not reading.done()
    with pytest.raises(Invalid, match='20,001 rows'):
        await reading

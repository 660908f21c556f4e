"""The audit log says by name of whom and of what its entries tell, to whoever may see these."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from data import database as databases
from data.core import new_id
from logic import audit, departments, members, tasks
from logic.audit import EntryRow
from logic.core.actor import Actor
from logic.core.listing import ListQuery
from logic.core.wording import value_text
from logic.members import JobInput, MemberInput, ProfileInput
from tests.conftest import person_with_account


async def entries(actor: Actor, action: str, kind: str) -> list[EntryRow]:
    filters = {'action': [action], 'object_type': [kind]}
    return list((await audit.list_entries(actor, ListQuery(filters=filters))).rows)


async def marcus(chief: Actor) -> UUID:
    return (await members.add_member(chief, MemberInput(first_name='Marcus', last_name='Bell'))).id


def said(row: EntryRow) -> dict[str, tuple[str, str]]:
    return {
        one.name: (
            value_text(row.object_type, one.name, one.old, names=row.names),
            value_text(row.object_type, one.name, one.new, names=row.names),
        )
        for one in row.told
    }


async def test_an_entry_names_its_record_as_it_is_called_now_and_where_it_opens(chief: Actor) -> None:
    person_id = await marcus(chief)
    await members.update_member(chief, person_id, ProfileInput(first_name='Mark'))
    for row in (*await entries(chief, 'members.add_member', 'Member'),
                *await entries(chief, 'members.update_member', 'Member')):  # fmt: skip
        assert (row.about.title, row.about.href) == ('Mark Bell', f'/members/{person_id}')
        assert (await audit.get_entry(chief, row.seq)).entry.about == row.about


async def test_a_row_that_belongs_to_a_person_is_told_of_by_his_name_and_its_values_by_theirs(chief: Actor) -> None:
    person_id = await marcus(chief)
    engines, ladders = [
        (await departments.add_department(chief, departments.DepartmentInput(name=name))).id
        for name in ('Engines', 'Ladders')
    ]
    await members.change_job(chief, person_id, JobInput(department_id=engines, title='Driver'), None, 'New')
    [row, *_] = await entries(chief, 'members.change_job', 'JobChange')
    assert row.about.title == 'Marcus Bell'
    assert said(row)['department_id'] == ('', 'Engines')
    assert 'member_id' not in said(row)
    job_id = UUID(row.object_id)
    await members.correct_job_change(chief, job_id, JobInput(department_id=ladders, title='Driver'))
    [row] = await entries(chief, 'members.correct_job_change', 'JobChange')
    assert said(row) == {'department_id': ('Engines', 'Ladders')}


async def test_what_is_gone_is_named_as_the_entry_knew_it(chief: Actor) -> None:
    tag = await members.add_tag(chief, members.TagInput(name='Diver'))
    await members.remove_tag(chief, tag.id)
    [row] = await entries(chief, 'members.remove_tag', 'Tag')
    assert row.about.title == 'Diver'


async def test_what_has_no_name_any_more_is_told_apart_by_the_end_of_its_id(chief: Actor) -> None:
    gone = str(new_id())
    assert value_text('Member', 'station_id', gone, names={gone: 'North'}) == 'North'
    assert value_text('Member', 'station_id', gone) == f'…{gone[-8:]}'


async def test_a_record_that_the_reader_may_not_see_is_not_named_to_him(chief: Actor) -> None:
    auditor = await person_with_account(chief, 'Ivo', 'Auer', 'ivo@example.org', 'Auditor')
    task = await tasks.add_task(chief, tasks.TaskInput(title='Talk with Marcus'))
    await tasks.complete_task(chief, task.id)
    [ours] = await entries(chief, 'tasks.complete_task', 'Task')
    [theirs] = await entries(auditor, 'tasks.complete_task', 'Task')
    assert 'Talk with Marcus' in ours.about.title
    assert (theirs.about.title, theirs.about.href) == (f'…{str(task.id)[-8:]}', '')


async def test_fields_that_serve_the_program_are_not_shown(chief: Actor) -> None:
    await members.update_member(chief, await marcus(chief), ProfileInput(first_name='Mark'))
    [row] = await entries(chief, 'members.update_member', 'Member')
    assert [change.name for change in row.changes] == ['first_name']


@pytest.fixture
def statements(database: databases.Database) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c: Any, _k: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    sa.event.listen(database.reader.sync_engine, 'before_cursor_execute', note)
    yield seen
    sa.event.remove(database.reader.sync_engine, 'before_cursor_execute', note)


async def test_names_cost_no_more_statements_the_more_entries_there_are(chief: Actor, statements: list[str]) -> None:
    counts = []
    for more in (1, 12):
        for number in range(more):
            await members.add_member(chief, MemberInput(first_name=f'N{number}', last_name='Bell'))
        statements.clear()
        await entries(chief, 'members.add_member', 'Member')
        counts.append(len(statements))
    assert counts[0] == counts[1]


async def test_the_page_of_the_log_costs_at_most_twelve_statements_whatever_its_entries_tell_of(
    chief: Actor, statements: list[str]
) -> None:
    ann = await members.add_member(chief, MemberInput(first_name='Ann', last_name='Bell'))
    home = await tasks.add_list(chief, tasks.ListInput(title='Fair'))
    given = tasks.TaskInput(title='Hang lamps', list_id=home.id, assignee_ids=[ann.id], labels=['repair'])
    await tasks.add_task(chief, given)
    await audit.keep_for_all(await audit.verify_all())
    statements.clear()
    state = (await audit.log_overview(chief)).state
    shown = {row.about.title for row in (await audit.list_entries(chief, ListQuery())).rows}
    asked = [one for one in statements if one != 'BEGIN']
    assert state.verdict
    assert {'Ann Bell', 'Fair'} <= shown
    assert len(asked) <= 12, asked

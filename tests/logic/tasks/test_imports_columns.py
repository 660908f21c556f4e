"""Tables whose headers do not say which column is what: it is asked, never guessed wrong and never a dead end."""

from datetime import date
from uuid import UUID

import pytest

from data.custom_fields import FieldKind
from logic import custom_fields, tasks
from logic.core.errors import Invalid, NotFound
from logic.core.listing import ListQuery
from logic.core.tabular import DateOrder
from logic.custom_fields import CustomFieldInput
from logic.tasks.imports import runs
from logic.tasks.imports.reading import read_file
from logic.tasks.imports.tables import OWN, guess_columns

UNKNOWN = b'Zu tun,Wann,Raum\nRotate hoses,03/04/2026,Bay 2\nSweep,05/06/2026,\n'


async def rows(actor):
    return {row.title: row for row in (await tasks.list_tasks(actor, ListQuery())).rows}


@pytest.mark.parametrize(
    ('header', 'fields'),
    [
        ('Aufgabe;Fällig am;Zuständig;Priorität', ['title', 'due', 'people', 'priority']),
        ('Tarea;Vencimiento;Responsable;Etiquetas', ['title', 'due', 'people', 'labels']),
        ('Tâche;Échéance;Responsable;Remarques', ['title', 'due', 'people', 'description']),
        ('Task name;Due by;Who;Completed', ['title', 'due', 'people', 'status']),
    ],
)
async def test_headers_are_known_in_every_language_whatever_that_of_the_reader(header, fields):
    read = read_file(f'{header}\na;;;\nb;;;\n'.encode())
    assert [guess_columns(read.table).fields[place] for place in range(4)] == fields


async def test_a_table_without_known_headers_waits_for_its_columns_to_be_named(chief):
    run = await runs.begin(chief, 'jobs.csv', UNKNOWN)
    assert (run.plan, run.read.columns.is_titled, run.read.columns.order) == (None, False, None)
    with pytest.raises(Invalid, match='No column holds the titles'):
        await tasks.plan_task_import(chief, run.read)
    await runs.columns(chief, run.id, {0: 'title', 1: 'due', 2: 'description'}, DateOrder.DAY_FIRST)
    assert (run.plan.new_count, [row.notes for row in run.plan.rows]) == (2, [[], []])
    await runs.apply(chief, run.id)
    found = await rows(chief)
    assert (found['Rotate hoses'].due_on, found['Sweep'].due_on) == (date(2026, 4, 3), date(2026, 6, 5))
    assert (await tasks.get_task(chief, found['Rotate hoses'].id)).description == '<p>Bay 2</p>'


async def test_dates_that_may_have_the_day_or_the_month_first_are_asked_about_before_they_are_read(chief):
    content = b'Title,Due\nRotate hoses,03/04/2026\n'
    run = await runs.begin(chief, 'jobs.csv', content)
    assert (run.plan, run.read.columns.is_titled, run.read.columns.order) == (None, True, None)
    with pytest.raises(Invalid, match='order of day and month') as refused:
        await runs.columns(chief, run.id, run.read.columns.chosen, None)
    assert '03/04/2026' in refused.value.fields['date_order']
    with pytest.raises(Invalid, match='order of day and month'):
        await runs.columns(chief, run.id, run.read.columns.chosen, DateOrder.ISO)
    await runs.columns(chief, run.id, run.read.columns.chosen, DateOrder.MONTH_FIRST)
    await runs.apply(chief, run.id)
    assert (await rows(chief))['Rotate hoses'].due_on == date(2026, 3, 4)


async def test_what_the_headers_tell_is_not_asked_and_may_be_named_otherwise_all_the_same(chief):
    run = await runs.begin(chief, 'jobs.csv', b'Title,Notes\nRotate hoses,Sweep\n')
    assert run.plan.rows[0].title == 'Rotate hoses'
    runs.ask_again(chief, run.id)
    assert run.plan is None
    await runs.columns(chief, run.id, {1: 'title'}, None)
    assert [row.title for row in run.plan.rows] == ['Sweep']


async def test_a_column_fills_a_field_of_the_department_whatever_its_header(chief):
    field = await custom_fields.add_custom_field(chief, 'Task', CustomFieldInput(name='Room', kind=FieldKind.TEXT))
    run = await runs.begin(chief, 'jobs.csv', UNKNOWN)
    await runs.columns(chief, run.id, {0: 'title', 2: f'{OWN}Room'}, None)
    await runs.apply(chief, run.id)
    assert (await rows(chief))['Rotate hoses'].custom == {field.id: 'Bay 2'}


@pytest.mark.parametrize(
    ('chosen', 'said'),
    [
        ({1: 'due'}, 'No column holds the titles'), ({0: 'title', 1: 'title'}, 'Only one column can be: Title'),
        ({0: 'title', 1: 'colour'}, '"colour" is nothing'), ({0: '', 1: ''}, 'No column holds the titles'),
    ],
)  # fmt: skip
async def test_columns_that_make_no_tasks_are_refused_in_words_and_the_file_waits(chief, chosen, said):
    run = await runs.begin(chief, 'jobs.csv', UNKNOWN)
    with pytest.raises(Invalid, match=said):
        await runs.columns(chief, run.id, chosen, None)
    assert run.plan is None
    await runs.columns(chief, run.id, {0: 'title'}, None)
    assert run.plan.new_count == 2


async def test_nobody_names_the_columns_of_a_file_of_somebody_else(chief, member):
    run = await runs.begin(chief, 'jobs.csv', UNKNOWN)
    with pytest.raises(NotFound):
        await runs.columns(member, run.id, {0: 'title'}, None)
    with pytest.raises(NotFound):
        runs.ask_again(member, run.id)
    with pytest.raises(NotFound):
        runs.ask_again(chief, UUID(int=1))

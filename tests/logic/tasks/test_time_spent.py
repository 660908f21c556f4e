"""What hangs on a task shows wherever it is listed: the time that was spent on it, comments and files."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from logic import attachments, comments, tasks
from logic.comments import CommentInput
from logic.core import files
from logic.core.listing import ListQuery
from logic.tasks import Format, TimeInput

pytestmark = pytest.mark.usefixtures('folder')


@pytest.mark.parametrize(
    ('typed', 'minutes'),
    [('90', 90), ('1h30', 90), ('1:30', 90), ('1,5 h', 90), ('2 Std.', 120), ('45 min', 45), ('1h 5m', 65), (90, 90)],
)
def test_time_is_noted_in_minutes_or_in_hours_as_people_write_them(typed: str | int, minutes: int) -> None:
    assert TimeInput.model_validate({'minutes': typed}).minutes == minutes


@pytest.mark.parametrize('typed', ['', 'long', '1:75', '25h', '-5', '1.5'])
def test_what_is_no_time_or_more_than_a_day_is_not_noted(typed: str) -> None:
    with pytest.raises(ValidationError):
        TimeInput.model_validate({'minutes': typed})


async def row_of(actor, title='Check hose'):
    [row] = [row for row in (await tasks.list_tasks(actor, ListQuery())).rows if row.title == title]
    return row


async def test_a_list_says_how_much_was_said_attached_and_worked(chief, member, add):
    task, _other = await add(), await add('Sweep')
    await tasks.add_time(chief, task.id, TimeInput(minutes=30))
    await tasks.add_time(member, task.id, TimeInput(minutes=15))
    said = await comments.add_comment(chief, 'Task', task.id, CommentInput(body='<p>Now</p>'))
    gone = await comments.add_comment(chief, 'Task', task.id, CommentInput(body='<p>No</p>'))
    await comments.delete_comment(chief, 'Task', task.id, gone.id)
    with files.arriving() as file:
        file.write(b'Twenty metres')
        await attachments.send(chief, 'Task', task.id, 'hose.txt', file)
    row, rest = await row_of(chief), await row_of(chief, 'Sweep')
    assert (row.spent_minutes, row.comment_count, row.file_count) == (45, 1, 1)
    assert (rest.spent_minutes, rest.comment_count, rest.file_count) == (0, 0, 0)
    [file] = (await attachments.list_attachments(chief, 'Task', task.id)).files
    await attachments.remove_attachment(chief, file.id)
    await comments.delete_comment(chief, 'Task', task.id, said.id)
    row = await row_of(chief)
    assert (row.comment_count, row.file_count) == (0, 0)


async def test_the_figures_of_a_list_say_who_spent_how_much_time_on_it(chief, member, station, add):
    task = await add()
    today = datetime.now(UTC).date()
    for who, minutes, days in ((chief, 30, 1), (member, 60, 2), (member, 20, 40), (chief, 500, 120)):
        given = TimeInput(minutes=minutes, worked_on=today - timedelta(days=days))
        await tasks.add_time(who, task.id, given)
    figures = await tasks.list_figures(member, station.id)
    assert (figures.spent, figures.spent_minutes) == ([('Jide Okafor', 80), ('Elena Rossi', 30)], 110)
    await tasks.delete_task(chief, task.id)
    assert (await tasks.list_figures(member, station.id)).spent == []


async def test_an_export_says_the_time_that_was_spent_and_a_table_brings_none_along(chief, add):
    actor = replace(chief, authenticated_at=datetime.now(UTC))
    task = await add()
    await tasks.add_time(chief, task.id, TimeInput(minutes=45))
    table = await tasks.export_tasks(actor, ListQuery(), Format.CSV)
    [row] = csv.DictReader(io.StringIO(table.decode('utf-8-sig')))
    assert row['Time spent (minutes)'] == '45'
    [told] = json.loads(await tasks.export_tasks(actor, ListQuery(), Format.JSON))['tasks']
    assert told['spent_minutes'] == 45
    copies = await tasks.add_list(chief, tasks.ListInput(title='Copies'))
    plan = await tasks.plan_task_import(chief, await tasks.read_tasks(chief, table), copies.id)
    assert [row.notes for row in plan.rows] == [[]]

"""Files as Trello, Todoist and Vikunja really write them: what they hold comes along, comments and all, or is said."""

import io
import json
import zipfile
from datetime import UTC, date, datetime
from typing import Any

import pytest

from data.custom_fields import FieldKind
from data.tasks import AnchorMode
from logic import comments, custom_fields, notifications, tasks
from logic.core.errors import Invalid
from logic.core.jobs.runner import Runner
from logic.core.listing import ListQuery
from logic.core.rich_text import plain
from logic.custom_fields import CustomFieldInput
from logic.tasks.imports import reading

LABEL = {'id': '60b1', 'idBoard': '60a0', 'name': 'house', 'color': 'sky', 'uses': 3}
TRELLO: dict[str, Any] = {
    'id': '60a0', 'name': 'Station 2', 'desc': '', 'closed': False, 'shortUrl': 'https://trello.com/b/x',
    'labelNames': {'sky': 'house'}, 'labels': [LABEL],
    'lists': [
        {'id': '60a2', 'name': 'Doing', 'closed': False, 'pos': 32768, 'idBoard': '60a0'},
        {'id': '60a1', 'name': 'To do', 'closed': False, 'pos': 16384, 'idBoard': '60a0'},
    ],
    'cards': [{
        'id': '60c1', 'name': 'Paint the door', 'desc': 'Two coats.', 'closed': False, 'idList': '60a2', 'pos': 65535,
        'due': '2026-12-24T15:00:00.000Z', 'dueComplete': False, 'dueReminder': 1440, 'start': None, 'idShort': 7,
        'labels': [LABEL], 'idLabels': ['60b1'], 'idMembers': ['5f01'], 'idChecklists': ['60d1', '60d2'],
        'attachments': [], 'badges': {'comments': 2, 'attachments': 0, 'checkItems': 3, 'checkItemsChecked': 1},
        'customFieldItems': [
            {'idCustomField': '60e1', 'value': {'number': '40'}, 'idValue': None},
            {'idCustomField': '60e2', 'value': None, 'idValue': '60f2'},
            {'idCustomField': '60e3', 'value': {'date': '2026-12-01T11:00:00.000Z'}, 'idValue': None},
        ],
    }],
    'checklists': [
        {'id': '60d2', 'name': 'After', 'idCard': '60c1', 'pos': 2, 'checkItems': [
            {'id': '1', 'name': 'Clean brushes', 'state': 'incomplete', 'pos': 1, 'due': None, 'idMember': None}]},
        {'id': '60d1', 'name': 'Before', 'idCard': '60c1', 'pos': 1, 'checkItems': [
            {'id': '3', 'name': 'Prime', 'state': 'incomplete', 'pos': 2, 'due': '2026-12-20T10:00:00.000Z',
             'idMember': '5f01'},
            {'id': '2', 'name': 'Sand', 'state': 'complete', 'pos': 1, 'due': None, 'idMember': None}]},
    ],
    'customFields': [
        {'id': '60e1', 'name': 'Cost', 'type': 'number', 'options': []},
        {'id': '60e2', 'name': 'Colour', 'type': 'list', 'options': [
            {'id': '60f1', 'value': {'text': 'Blue'}}, {'id': '60f2', 'value': {'text': 'Red'}}]},
        {'id': '60e3', 'name': 'Ordered', 'type': 'date'},
    ],
    'members': [{'id': '5f01', 'fullName': 'Elena Rossi', 'username': 'elenarossi'}],
    'actions': [
        {'id': '61a3', 'type': 'updateCard', 'date': '2026-05-03T12:00:00.000Z', 'data': {'card': {'id': '60c1'}}},
        {'id': '61a2', 'type': 'commentCard', 'date': '2026-05-03T10:15:00.000Z',
         'data': {'text': 'Red it is.', 'card': {'id': '60c1', 'name': 'Paint the door'}},
         'memberCreator': {'id': '5f01', 'fullName': 'Elena Rossi', 'username': 'elenarossi'}},
        {'id': '61a1', 'type': 'commentCard', 'date': '2026-05-02T10:15:00.000Z',
         'data': {'text': 'Which <colour>?', 'card': {'id': '60c1', 'name': 'Paint the door'}},
         'memberCreator': {'id': '5f02', 'fullName': 'Gone Person', 'username': 'gone'}},
    ],
}  # fmt: skip
TODOIST = (
    '\ufeffTYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE,DURATION,'
    'DURATION_UNIT,DEADLINE,DEADLINE_LANG\n'
    'meta,view_style=list,,,,,,,,,,,,\n'
    ',,,,,,,,,,,,,\n'
    'section,Soon,,,,,,,,,,,,\n'
    'task,Oil the hinges @house,,3,1,Elena Rossi (3814),,every! 3 days,en,Europe/Berlin,,,,\n'
    'note,"Use the thin oil.\nNot the thick.",,,,Elena Rossi (3814),,,,,,,,\n'
    ',,,,,,,,,,,,,\n'
    'task,Call the smith,,4,1,Elena Rossi (3814),Elena Rossi (3814),2026-12-24 17:00,en,Europe/Berlin,,,2026-12-31,en\n'
)
VIKUNJA = [{
    'id': 3, 'title': 'House', 'description': '', 'is_archived': False, 'buckets': [], 'task_buckets': [], 'views': [],
    'background_file_id': 0, 'tasks': [{
        'id': 12, 'title': 'Fix the roof', 'description': '<p>Soon</p>', 'done': False,
        'done_at': '0001-01-01T00:00:00Z', 'due_date': '2026-12-24T10:00:00Z', 'reminders': None, 'project_id': 3,
        'repeat_after': 0, 'repeat_mode': 0, 'priority': 3, 'start_date': '0001-01-01T00:00:00Z',
        'end_date': '0001-01-01T00:00:00Z', 'assignees': None, 'labels': None, 'percent_done': 0, 'identifier': '#1',
        'index': 1, 'related_tasks': {}, 'attachments': None, 'cover_image_attachment_id': 0, 'bucket_id': 0,
        'comments': [{'id': 1, 'comment': '<p>The <strong>tiles</strong> are here<script>x</script></p>',
                      'author': {'id': 1, 'name': '', 'username': 'jide', 'created': '2025-01-01T00:00:00Z'},
                      'created': '2026-05-02T10:15:00Z', 'updated': '2026-05-02T10:15:00Z'}],
    }],
}]  # fmt: skip


async def brought(actor, content: bytes, name: str = ''):
    read = await tasks.read_tasks(actor, content, name)
    done = await tasks.import_tasks(actor, read)
    rows = {row.title: row for row in (await tasks.list_tasks(actor, ListQuery())).rows}
    return done.plan, rows


async def said(actor, task_id):
    """What was said of a task, the oldest first."""
    return list(reversed((await comments.list_comments(actor, 'Task', task_id)).rows))


def zipped(data: Any, name: str = 'data.json', packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, 'w', packed) as archive:
        archive.writestr(name, data if isinstance(data, bytes) else json.dumps(data))
        archive.writestr('filters.json', '[]')
        archive.writestr('VERSION', 'v0.24.6')
    return held.getvalue()


async def test_a_trello_board_comes_with_its_checklists_fields_and_comments(chief):
    add = custom_fields.add_custom_field
    cost = await add(chief, 'Task', CustomFieldInput(name='Cost', kind=FieldKind.NUMBER))
    colour = await add(chief, 'Task', CustomFieldInput(name='Colour', kind=FieldKind.CHOICE, options=['Blue', 'Red']))
    plan, rows = await brought(chief, json.dumps(TRELLO).encode())
    assert plan.comment_count == 2
    assert plan.rows[0].notes == ['Left out: a reminder.', 'There is no field named Ordered; left out.']
    door = rows['Paint the door']
    assert (door.in_list.name, door.column.name, door.labels[0].name) == ('Station 2', 'Doing', 'house')
    assert (door.due_at, door.assignees[0].name) == (datetime(2026, 12, 24, 15, tzinfo=UTC), 'Elena Rossi')
    assert door.custom == {cost.id: '40', colour.id: 'Red'}
    steps = (await tasks.get_task(chief, door.id)).steps
    assert [(step.title, step.is_done) for step in steps] == [
        ('Before: Sand', True), ('Before: Prime', False), ('After: Clean brushes', False),
    ]  # fmt: skip
    assert (steps[1].due_on, steps[1].assignee.name) == (date(2026, 12, 20), 'Elena Rossi')
    first, second = await said(chief, door.id)
    assert plain(first.body).startswith('Gone Person, 2 May 2026')
    assert plain(first.body).endswith('Which <colour>?')
    assert 'Elena Rossi, 3 May 2026' in second.body
    assert 'Red it is.' in second.body


async def test_a_todoist_project_comes_with_every_after_completion_and_its_comments(chief):
    plan, rows = await brought(chief, TODOIST.encode(), 'Old house.csv')
    assert (plan.source, plan.comment_count) == ('Todoist export', 1)
    hinges = rows['Oil the hinges']
    repeat = await tasks.get_repeat(chief, hinges.id)
    assert (repeat.rule, repeat.mode) == ('FREQ=DAILY;INTERVAL=3', AnchorMode.COMPLETION)
    assert (hinges.in_list.name, hinges.column.name, hinges.labels[0].name) == ('Old house', 'Soon', 'house')
    [comment] = await said(chief, hinges.id)
    assert comment.body == '<p><strong>Elena Rossi</strong></p><p>Use the thin oil.<br>Not the thick.</p>'
    smith = rows['Call the smith']
    assert smith.due_at == datetime(2026, 12, 24, 16, tzinfo=UTC)
    assert plan.rows[1].notes == ['Left out: the deadline 2026-12-31.']


async def test_a_deadline_of_todoist_says_when_a_task_without_a_date_is_due(chief):
    table = 'TYPE,CONTENT,DATE,DEADLINE\ntask,Renew,,2126-12-31\ntask,Call,2126-12-24,2126-12-31\n'
    plan, found = await brought(chief, table.encode(), 'House.csv')
    assert [row.notes for row in plan.rows] == [[], ['Left out: the deadline 2126-12-31.']]
    assert (found['Renew'].due_on, found['Call'].due_on) == (date(2126, 12, 31), date(2126, 12, 24))


async def test_links_attached_to_a_card_of_trello_stand_in_its_description(chief):
    board = json.loads(json.dumps(TRELLO))
    board['cards'][0] |= {'desc': 'Two coats', 'attachments': [
        {'name': 'Paint', 'url': 'https://paint.example/red', 'isUpload': False},
        {'name': 'https://a.example', 'url': 'https://a.example', 'isUpload': False},
    ]}  # fmt: skip
    plan, found = await brought(chief, json.dumps(board).encode())
    assert 'files' not in plan.rows[0].notes[0]
    task = await tasks.get_task(chief, found['Paint the door'].id)
    said = plain(task.description)
    assert 'Two coats' in said
    assert 'Paint: https://paint.example/red' in said
    assert 'https://a.example' in said
    board['cards'][0]['attachments'].append({'name': 'door.jpg', 'url': 'https://trello.example/1', 'isUpload': True})
    board['cards'][0]['name'] = 'Other door'
    plan, found = await brought(chief, json.dumps(board).encode())
    assert 'files' in plan.rows[0].notes[0]
    assert 'trello.example' not in plain((await tasks.get_task(chief, found['Other door'].id)).description)


async def test_vikunja_is_read_out_of_its_zip_and_comes_with_its_comments(chief):
    plan, rows = await brought(chief, zipped(VIKUNJA))
    assert (plan.source, plan.comment_count, plan.rows[0].notes) == ('Vikunja export', 1, [])
    [comment] = await said(chief, rows['Fix the roof'].id)
    assert '<p>The <strong>tiles</strong> are here</p>' in comment.body
    assert plain(comment.body).startswith('jide, 2 May 2026')


async def test_comments_that_are_brought_along_are_those_of_who_imports_and_tell_nobody(chief, member):
    told = json.loads(json.dumps(VIKUNJA))
    told[0]['tasks'][0]['assignees'] = [{'id': 1, 'name': 'Jide Okafor', 'username': 'jide'}]
    mention = f'<p><span data-mention="member:{member.member_id}">@Jide</span> look</p>'
    told[0]['tasks'][0]['comments'][0] |= {'comment': mention, 'author': {'name': 'Jide Okafor'}}
    _, rows = await brought(chief, json.dumps(told).encode())
    await Runner().run_until_idle()
    [comment] = await said(chief, rows['Fix the roof'].id)
    assert (comment.author, comment.author_id) == ('Elena Rossi', chief.member_id)
    assert comment.body.endswith('<p>@Jide look</p>')
    assert [one.kind for one in (await notifications.list_notices(member)).rows] == ['task_assigned']


async def test_a_comment_of_which_nothing_is_drawn_is_none_and_stops_nothing(chief):
    told = json.loads(json.dumps(VIKUNJA))
    told[0]['tasks'][0]['comments'] = [{'comment': body} for body in ('', '<p></p>', '<p>\u200b\u2060</p>', 5, None)]
    plan, rows = await brought(chief, json.dumps(told).encode())
    assert (plan.comment_count, await said(chief, rows['Fix the roof'].id)) == (0, [])


async def test_comments_are_undone_with_the_task_that_they_came_with(chief):
    read = await tasks.read_tasks(chief, json.dumps(TRELLO).encode())
    done = await tasks.import_tasks(chief, read)
    undone = await tasks.undo_task_batch(chief, done.batch_id)
    assert (undone.changed, undone.refused) == (1, [])
    again = await tasks.import_tasks(chief, read)
    [row] = (await tasks.list_tasks(chief, ListQuery())).rows
    await comments.add_comment(chief, 'Task', row.id, comments.CommentInput(body='<p>New</p>'))
    undone = await tasks.undo_task_batch(chief, again.batch_id)
    assert (undone.changed, [one.title for one in undone.refused]) == (0, ['Paint the door'])


async def test_a_zip_that_holds_no_tasks_is_damaged_or_a_bomb_is_refused_in_words(chief):
    damaged = bytearray(zipped(VIKUNJA, packed=zipfile.ZIP_LZMA))
    damaged[60] ^= 0xFF
    bomb = zipped(b' ' * (reading.MOST_BYTES + 1))
    for content in (zipped(VIKUNJA, 'other.json'), zipped(b'{'), bomb, bytes(damaged)):
        with pytest.raises(Invalid) as refused:
            await tasks.read_tasks(chief, content)
        assert refused.value.message.endswith('.')


@pytest.mark.parametrize('packed', [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
async def test_what_would_be_unpacked_all_at_once_is_refused_before_it_is(chief, packed):
    with pytest.raises(Invalid, match=r'not an Excel file|damaged'):
        await tasks.read_tasks(chief, zipped(VIKUNJA, packed=packed))


async def test_more_comments_than_fit_are_refused_before_anything_is_stored(chief):
    board = json.loads(json.dumps(TRELLO))
    board['actions'] = board['actions'][1:2] * (reading.MOST_COMMENTS + 1)
    with pytest.raises(Invalid, match='5,001 comments'):
        await tasks.read_tasks(chief, json.dumps(board).encode())

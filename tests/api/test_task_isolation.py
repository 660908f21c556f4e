"""Rule 1 over all routes of tasks: what is not shown to somebody does not exist for him, whatever he names."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import person_with_account
from ui import limits
from ui.api import routing

SECRET = 'Xyzzy'
"""Stands in every text of whoever keeps something to himself."""
ROUTES = sorted(
    (method, path.removeprefix(routing.PREFIX)) for method, path in routing.routes if '/v1/tasks' in path
)  # fmt: skip
NAMING = [(method, path) for method, path in ROUTES if '{' in path]
"""Routes that name something: a task, a list, or what hangs on them."""
OF_ALL = ('label_id', 'list_template_id')
"""Labels and templates belong to the whole department, and are kept by those who may."""
NAME = re.compile(r'\{(\w+):uuid\}')
BODIES = {
    ('PATCH', '/tasks/columns/{column_id:uuid}'): {'title': 'Column'},
    ('PATCH', '/tasks/columns/{column_id:uuid}/move'): {'after_id': None},
    ('PATCH', '/tasks/labels/{label_id:uuid}'): {'name': 'label'},
    ('PATCH', '/tasks/lists/{list_id:uuid}'): {'title': 'List'},
    ('PATCH', '/tasks/steps/{step_id:uuid}'): {'is_done': True},
    ('PATCH', '/tasks/{record_id:uuid}/attachments/{attachment_id:uuid}'): {'name': 'other.txt'},
    ('PATCH', '/tasks/{record_id:uuid}/comments/{comment_id:uuid}'): {'body': '<p>Other</p>'},
    ('PATCH', '/tasks/{task_id:uuid}'): {'title': 'Task'},
    ('PATCH', '/tasks/{task_id:uuid}/move'): {'from_column': None},
    ('POST', '/tasks/lists/{list_id:uuid}/columns'): {'title': 'New column'},
    ('POST', '/tasks/lists/{list_id:uuid}/template'): {'title': 'New template'},
    ('POST', '/tasks/templates/{list_template_id:uuid}/lists'): {'title': 'New list'},
    ('POST', '/tasks/{record_id:uuid}/comments'): {'body': '<p>New</p>'},
    ('POST', '/tasks/{task_id:uuid}/reminders'): {'offset_minutes': 5},
    ('POST', '/tasks/{task_id:uuid}/steps'): {'title': 'New step'},
    ('POST', '/tasks/{task_id:uuid}/time'): {'minutes': 5},
    ('PUT', '/tasks/steps/{step_id:uuid}'): {'title': 'Step'},
    ('PUT', '/tasks/{record_id:uuid}/watching'): {'is_on': True},
    ('PUT', '/tasks/{task_id:uuid}'): {'title': 'Task'},
    ('PUT', '/tasks/{task_id:uuid}/repeat'): {'rule': 'FREQ=DAILY'},
}
FIRST = {'}/restore': ('DELETE', ''), '}/reopen': ('PATCH', '/complete')}
"""What has to be deleted, or done, before it can be restored or reopened."""
NO_STORE = {'/tasks/{record_id:uuid}/attachments/{attachment_id:uuid}/link'}
"""The folder of files makes no links: 409 for who sees the file."""


pytestmark = pytest.mark.usefixtures('folder')


async def call(client, headers, method, path, **options):
    limits.forget()
    return await client.request(method, path, headers=headers | options.pop('also', {}), **options)


def bodied(method, path, ids):
    """Return a valid body for a route, as the options of a request."""
    if method == 'POST' and path.endswith('/attachments'):
        return {'content': b'New file', 'also': {'X-File-Name': 'new.txt'}}
    extra = {
        '/tasks/{record_id:uuid}/links': {'record': 'Member', 'record_id': ids['member']},
        '/tasks/lists/{list_id:uuid}/shares': {'member_id': ids['member']},
    }
    body = BODIES.get((method, path)) or (extra.get(path) if method == 'POST' else None)
    return {} if body is None else {'json': body}


@dataclass(frozen=True)
class Hand:
    """Somebody who calls, and with whom he shares his list."""

    headers: dict[str, str]
    member_id: str
    friend_id: str


@pytest.fixture
async def hands(chief, member, stranger, as_chief, as_member, as_stranger):  # noqa: PLR0917  a cast of three
    """Two of one department, and somebody of another."""
    mara = await person_with_account(chief, 'Mara', 'Lind', 'mara@example.org', 'Member')
    guest = await person_with_account(stranger, 'Gus', 'Hall', 'gus@example.org', 'Member')
    return {
        name: Hand(headers, str(who.member_id), str(friend.member_id))
        for name, headers, who, friend in (
            ('chief', as_chief, chief, mara), ('member', as_member, member, mara),
            ('stranger', as_stranger, stranger, guest),
        )
    }  # fmt: skip


async def world(client, hand):
    """Make a shared list with all that can hang on it, every text secret; returns the ids by the names of routes."""
    headers, member_id, other_id = hand.headers, hand.member_id, hand.friend_id

    async def made(path, expected=201, method='POST', **options):
        answer = await call(client, headers, method, path, **options)
        assert answer.status_code == expected, f'{path}: {answer.text}'
        return answer.json()

    home = await made('/tasks/lists', json={'title': f'{SECRET} list', 'visibility': 'shared'})
    column = await made(f'/tasks/lists/{home["id"]}/columns', json={'title': f'{SECRET} column'})
    whole = {'title': f'{SECRET} task', 'list_id': home['id'], 'due': '2199-01-01', 'checklist': [f'{SECRET} step'],
             'description': f'<p>{SECRET}</p>', 'assignee_ids': [member_id]}  # fmt: skip
    task = await made('/tasks', json=whole)
    at = f'/tasks/{task["id"]}'
    await made(f'{at}/repeat', 200, 'PUT', json={'rule': 'FREQ=DAILY'})
    said = await made(f'{at}/comments', json={'body': f'<p>{SECRET}</p>'})
    sent = await made(
        f'{at}/attachments', content=f'{SECRET}'.encode(), also={'X-File-Name': quote(f'{SECRET}.txt')}
    )  # fmt: skip
    link = await made(f'{at}/links', json={'record': 'Member', 'record_id': member_id})
    note = await made(f'{at}/time', json={'minutes': 1, 'note': f'{SECRET} time'})
    reminder = await made(f'{at}/reminders', json={'offset_minutes': 60})
    share = await made(f'/tasks/lists/{home["id"]}/shares', json={'member_id': other_id})
    batch = await made('/tasks/quick-add', json={'text': f'{SECRET} quick', 'list_id': home['id']})
    return {
        'task_id': task['id'], 'record_id': task['id'], 'list_id': home['id'], 'column_id': column['id'],
        'step_id': task['checklist'][0]['id'], 'time_entry_id': note['id'], 'reminder_id': reminder['id'],
        'share_id': share[0]['id'], 'task_batch_id': batch['batch_id'], 'comment_id': said['id'],
        'attachment_id': sent['id'], 'link_id': link['id'], 'member': member_id,
    }  # fmt: skip


async def of_all(client, headers, list_id):
    """Make what belongs to the whole department."""
    title = f'Template {datetime.now(UTC).timestamp()}'
    template = await call(client, headers, 'POST', f'/tasks/lists/{list_id}/template', json={'title': title})
    label = await call(client, headers, 'POST', '/tasks/labels', json={'name': title[-12:]})
    return {'list_template_id': template.json()['id'], 'label_id': label.json()['id']}


def filled(path, ids):
    return NAME.sub(lambda match: ids[match[1]], path)


async def test_rule_1_what_is_foreign_is_not_found_by_any_route_that_names_it(client, hands):
    ids = await world(client, hands['chief'])
    ids |= await of_all(client, hands['chief'].headers, ids['list_id'])
    assert {name for _, path in NAMING for name in NAME.findall(path)} <= ids.keys()
    assert len(NAMING) > 55
    before = (await call(client, hands['chief'].headers, 'GET', f'/tasks/lists/{ids["list_id"]}/board')).json()
    wrong = []
    for method, path in NAMING:
        for who, headers in (('member', hands['member'].headers), ('stranger', hands['stranger'].headers)):
            answer = await call(client, headers, method, filled(path, ids), **bodied(method, path, ids))
            kept = who == 'member' and (any(name in path for name in OF_ALL) or path.endswith('/template'))
            if answer.status_code != 404 and not (kept and answer.status_code in (403, 201)):
                wrong.append(f'{who} {method} {path}: {answer.status_code} {answer.text[:80]}')
            if SECRET in answer.text and not kept:
                wrong.append(f'{who} {method} {path} reads {answer.text[:80]}')
    assert not wrong, '\n'.join(wrong)
    after = (await call(client, hands['chief'].headers, 'GET', f'/tasks/lists/{ids["list_id"]}/board')).json()
    assert after == before


async def test_rule_1_the_same_requests_are_answered_to_whoever_may_see_it(client, hands):
    """Without this the sweep above would be as green for requests that are wrong in themselves."""
    wrong = []
    for method, path in NAMING:
        ids = await world(client, hands['chief'])
        ids |= await of_all(client, hands['chief'].headers, ids['list_id'])
        if path.endswith('/shares') and method == 'POST':
            ids['member'] = hands['chief'].friend_id
        for end, (first, there) in FIRST.items():
            if path.endswith(end):
                await call(client, hands['chief'].headers, first, filled(path.rpartition('/')[0] + there, ids))
        options = bodied(method, path, ids)
        answer = await call(client, hands['chief'].headers, method, filled(path, ids), **options)
        if answer.status_code >= 300 and not (path in NO_STORE and answer.status_code == 409):
            wrong.append(f'{method} {path}: {answer.status_code} {answer.text[:120]}')
    assert not wrong, '\n'.join(wrong)


async def test_rule_1_who_may_only_look_changes_nothing(client, hands):
    ids = await world(client, hands['chief'])
    looks = {'member_id': hands['member'].member_id, 'level': 'view'}
    await call(client, hands['chief'].headers, 'POST', f'/tasks/lists/{ids["list_id"]}/shares', json=looks)
    own = {'/tasks/{record_id:uuid}/watching', '/tasks/{task_id:uuid}/reminders'}  # for himself, not of the task
    own |= {'/tasks/{record_id:uuid}/comments', '/tasks/{record_id:uuid}/attachments'}  # whoever sees it discusses it
    wrong = []
    for method, path in NAMING:
        if any(name in path for name in OF_ALL) or (method != 'GET' and path in own):
            continue
        answer = await call(client, hands['member'].headers, method, filled(path, ids), **bodied(method, path, ids))
        # What is another person's own, or not in the bin, is not there even for who sees the task.
        allowed = {200, 404, 409} if method == 'GET' else {403, 404}
        if answer.status_code not in allowed:
            wrong.append(f'{method} {path}: {answer.status_code} {answer.text[:100]}')
    assert not wrong, '\n'.join(wrong)
    task = (await call(client, hands['chief'].headers, 'GET', f'/tasks/{ids["task_id"]}')).json()
    assert (task['title'], task['status'], len(task['checklist'])) == (f'{SECRET} task', 'pending', 1)


LOOKS = [
    '', '?q=xyzzy', '?sort=-created', '?status=open', '?assignee=none', '?due=2199-01-01', '?list={list_id}',
    '?assignee={member}', '?page_size=100', '?q=t-1',
]  # fmt: skip


async def test_rule_1_lists_counters_feeds_exports_and_notices_hold_nothing_foreign(client, hands):
    ids = await world(client, hands['chief'])
    await call(client, hands['chief'].headers, 'DELETE', f'/tasks/{ids["task_id"]}')
    ids |= await world(client, hands['chief'])
    open_ones = [path for method, path in ROUTES if method == 'GET' and '{' not in path]
    assert {'/tasks', '/tasks/mine', '/tasks/bin', '/tasks/lists', '/tasks/batches', '/tasks/export'} <= set(open_ones)
    for hand in (hands['member'], hands['stranger']):
        headers = hand.headers
        token = (await call(client, headers, 'POST', '/tasks/feed')).json()['token']
        asked = [f'{path}{look}' for path in ('/tasks', '/tasks/export', '/tasks/bin') for look in LOOKS]
        asked += [*open_ones, f'/tasks/feed.ics?token={token}', f'/tasks/feed.ics?token={token}&events=true']
        asked += ['/tasks/export?format=csv', '/notifications', f'/members/{hand.member_id}/links']
        asked += [f'/members/{hands["chief"].member_id}/links', '/tasks/lists?archived=yes']
        for path in asked:
            answer = await call(client, headers, 'GET', path.format(**ids))
            assert SECRET not in answer.text, f'{path}: {answer.text[:200]}'
        for path in ('/tasks', f'/tasks?list={ids["list_id"]}', '/tasks/bin', '/tasks/lists'):
            assert (await call(client, headers, 'GET', path)).json()['total'] == 0, path
    answer = await call(client, hands['chief'].headers, 'GET', f'/tasks?list={ids["list_id"]}')
    assert answer.json()['total'] == 2


async def test_rule_1_what_is_named_in_a_body_is_looked_at_like_what_stands_in_the_address(client, hands):
    theirs = await world(client, hands['chief'])
    for who in ('member', 'stranger'):
        headers, mine = hands[who].headers, await world(client, hands[who])
        at, home = f'/tasks/{mine["task_id"]}', f'/tasks/lists/{mine["list_id"]}'
        column, one = f'/tasks/columns/{mine["column_id"]}', {'task_ids': [mine['task_id']]}
        named = [
            ('POST', '/tasks', {'title': 'A', 'list_id': theirs['list_id']}),
            ('POST', '/tasks', {'title': 'A', 'column_id': theirs['column_id']}),
            ('POST', '/tasks', {'title': 'A', 'parent_id': theirs['task_id']}),
            ('POST', '/tasks/quick-add', {'text': 'A', 'list_id': theirs['list_id']}),
            ('POST', '/tasks/lists', {'title': 'A', 'parent_id': theirs['list_id']}),
            ('PATCH', home, {'parent_id': theirs['list_id']}),
            ('PATCH', f'{at}/move', {'column': theirs['column_id'], 'from_column': theirs['column_id']}),
            ('PATCH', f'{at}/move', {'from_column': theirs['column_id']}),
            ('PATCH', f'{at}/move', {'before': theirs['task_id']}),
            ('PATCH', f'{at}/move', {'after': theirs['task_id']}),
            ('PATCH', f'/tasks/steps/{mine["step_id"]}', {'after_id': theirs['step_id']}),
            ('PATCH', f'{column}/move', {'after_id': theirs['column_id']}),
            ('DELETE', f'{column}?to_id={theirs["column_id"]}', None),
            ('POST', f'{at}/links', {'record': 'Task', 'record_id': theirs['task_id']}),
            ('POST', '/tasks/bulk', one | {'action': 'list', 'list_id': theirs['list_id']}),
            ('POST', f'/tasks/import?list_id={theirs["list_id"]}', b'Title\nA\n'),
        ]  # fmt: skip
        if who == 'stranger':
            named += [
                ('PATCH', at, {'assignee_ids': [theirs['member']]}),
                ('POST', f'{at}/steps', {'title': 'A', 'assignee_id': theirs['member']}),
                ('POST', f'{home}/shares', {'member_id': theirs['member']}),
                ('POST', '/tasks/bulk', one | {'action': 'assign', 'member_id': theirs['member']}),
            ]  # fmt: skip
        wrong = []
        for method, path, body in named:
            options = {} if body is None else {'content': body} if isinstance(body, bytes) else {'json': body}
            answer = await call(client, headers, method, path, **options)
            if answer.status_code != 404:
                wrong.append(f'{method} {path} {body}: {answer.status_code} {answer.text[:100]}')
        assert not wrong, '\n'.join(wrong)
        for action in ('delete', 'status', 'priority'):
            many = {'task_ids': [theirs['task_id']], 'action': action, 'status': 'completed', 'priority': 'low'}
            answer = (await call(client, headers, 'POST', '/tasks/bulk', json=many)).json()
            assert (answer['changed'], answer['refused'], answer['batch_id']) == (0, [], None)
        parsed = await call(client, headers, 'POST', '/tasks/quick-add/parse', json={'text': f'A #{SECRET}'})
        assert theirs['list_id'] not in parsed.text
        content = json.dumps({'tasks': [{'title': 'A', 'list': f'{SECRET} list'}]}).encode()
        await call(client, headers, 'POST', '/tasks/import?dry_run=false', content=content)
    rows = (await call(client, hands['chief'].headers, 'GET', f'/tasks?list={theirs["list_id"]}')).json()['items']
    assert sorted(row['title'] for row in rows) == [f'{SECRET} quick', f'{SECRET} task']


@given(data=st.data())
@settings(
    max_examples=4, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_rule_1_no_mixture_of_own_and_foreign_names_reaches_what_is_foreign(client, hands, data):
    worlds = {name: await world(client, hand) for name, hand in hands.items()}
    kept = (*OF_ALL, '/template')
    paths = [(method, path) for method, path in NAMING if not any(name in path for name in kept)]
    for _ in range(60):
        method, path = data.draw(st.sampled_from(paths))
        caller = data.draw(st.sampled_from(['member', 'stranger']))  # the chief manages what is shared
        names = NAME.findall(path)
        owners = [data.draw(st.sampled_from(sorted(worlds))) for _name in names]
        if set(owners) == {caller}:
            continue
        ids = {name: worlds[owner][name] for name, owner in zip(names, owners, strict=True)}
        body = bodied(method, path, worlds[caller])
        answer = await call(client, hands[caller].headers, method, filled(path, ids), **body)
        assert answer.status_code == 404, f'{caller} {method} {path} {owners}: {answer.status_code} {answer.text}'
    for name, hand in hands.items():
        rows = (await call(client, hand.headers, 'GET', f'/tasks?list={worlds[name]["list_id"]}')).json()['items']
        assert sorted((row['title'], row['status']) for row in rows) == [
            (f'{SECRET} quick', 'pending'), (f'{SECRET} task', 'pending'),
        ]  # fmt: skip

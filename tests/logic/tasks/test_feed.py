"""Calendar feeds: rule 17."""

from datetime import UTC, date, datetime
from html import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from data.tasks import TaskPriority
from logic import tasks
from logic.core.actor import Actor
from logic.core.errors import NotFound
from logic.organizations import switch_module
from logic.tasks import TaskChange, TaskInput

ANYBODY = Actor.public()


async def todos(token, kind='VTODO', **options):
    feed = await tasks.read_feed(ANYBODY, token, **options)
    return {str(part['summary']): part for part in Calendar.from_ical(feed.content).walk(kind)}


async def test_rule_17_a_feed_holds_what_is_mine_and_nothing_foreign(chief, member, add):
    token = await tasks.make_feed(member)
    await add('Mine', due=date(2026, 12, 24), assignee_ids=[member.member_id], labels=['hose'])
    await add('Not mine')
    await tasks.add_task(chief, TaskInput(title='Secret'))
    await tasks.add_task(
        member, TaskInput(title='Own', due=datetime(2026, 12, 1, 9, tzinfo=UTC), priority=TaskPriority.URGENT)
    )
    found = await todos(token)
    assert set(found) == {'Mine', 'Own'}
    assert found['Mine']['due'].dt == date(2026, 12, 24)
    assert found['Own']['due'].dt == datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert (found['Own']['priority'], found['Own']['status']) == (1, 'NEEDS-ACTION')
    days = await todos(token, 'VEVENT', events=True)
    assert days['Mine']['dtstart'].dt == date(2026, 12, 24)
    assert days['Mine']['dtend'].dt == date(2026, 12, 25)


async def test_rule_17_the_uid_stays_and_the_sequence_and_etag_grow_with_changes(chief, add):
    token = await tasks.make_feed(chief)
    task = await add('One', assignee_ids=[chief.member_id])
    before, feed = (await todos(token))['One'], await tasks.read_feed(ANYBODY, token)
    assert (await tasks.read_feed(ANYBODY, token)).etag == feed.etag
    await tasks.update_task(chief, task.id, TaskChange(title='Two'))
    after, newer = (await todos(token))['Two'], await tasks.read_feed(ANYBODY, token)
    assert after['uid'] == before['uid']
    assert int(after['sequence']) > int(before['sequence'])
    assert newer.etag != feed.etag
    await tasks.complete_task(chief, task.id)
    done = (await todos(token))['Two']
    assert (done['status'], done['percent-complete']) == ('COMPLETED', 100)


async def test_rule_17_a_secret_that_is_revoked_replaced_or_wrong_leads_nowhere(chief, member):
    first = await tasks.make_feed(member)
    assert (await tasks.my_feed(member)).exists
    second = await tasks.make_feed(member)
    assert await todos(second) == {}
    await tasks.revoke_feed(member)
    for token in (first, second, '', 'x' * 43):
        with pytest.raises(NotFound):
            await tasks.read_feed(ANYBODY, token)
    assert not (await tasks.my_feed(member)).exists


async def test_rule_17_who_has_left_or_lost_the_module_is_read_no_more(chief, member):
    token = await tasks.make_feed(member)
    await switch_module(chief, 'tasks', on=False)
    with pytest.raises(NotFound):
        await tasks.read_feed(ANYBODY, token)
    await switch_module(chief, 'tasks', on=True)
    assert await todos(token) == {}
    from data.members import MemberStatus
    from logic.members import change_status

    await change_status(chief, member.member_id, MemberStatus.SUSPENDED, 'Inquiry')
    with pytest.raises(NotFound):
        await tasks.read_feed(ANYBODY, token)


@given(
    title=st.text(st.characters(exclude_categories=['Cs']), max_size=80),
    name=st.text('a\r\n;:,\\"\u2028é漢🚒', max_size=30),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_rule_17_whatever_a_task_is_called_breaks_out_of_no_line_of_the_feed(chief, title, name):
    said = f'{title}\r\nEND:VTODO\r\nBEGIN:VALARM {name}'[:200]
    task = await tasks.add_task(
        chief, TaskInput(title=said, labels=[f'x{name}'], description=f'<p>{escape(said)}</p>', due=date(2199, 1, 1))
    )
    token = await tasks.make_feed(chief)
    for events, kind in ((False, 'VTODO'), (True, 'VEVENT')):
        content = (await tasks.read_feed(ANYBODY, token, events=events)).content
        assert all(len(line) <= 75 and b'\r' not in line and b'\n' not in line for line in content.split(b'\r\n'))
        assert content.split(b'\r\n').count(f'BEGIN:{kind}'.encode()) == content.count(b'\r\nUID:') == 1
        assert b'\r\nBEGIN:VALARM' not in content
        (part,) = Calendar.from_ical(content).walk(kind)
        assert str(part['summary']) == task.title
    await tasks.delete_task(chief, task.id)

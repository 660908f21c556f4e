"""What was said about a record becomes a task, which leads back to the words, and the record to the task."""

from dataclasses import replace

import pytest

from data.members import Member
from data.tasks import TaskList
from logic import comments, links, members, tasks
from logic.comments import CommentInput
from logic.core.actor import Actor
from logic.core.errors import Conflict, Denied, NotFound
from logic.members import MemberInput
from tests.logic.tasks.conftest import Add

SAID = '<p>Check the <strong>hose</strong> at the bend.</p><p>It leaks.</p>'


async def say(actor: Actor, record: str, record_id: object, body: str = SAID) -> object:
    return (await comments.add_comment(actor, record, record_id, CommentInput(body=body))).id


async def linked(actor: Actor, record: str, record_id: object) -> list[str]:
    return [one.title for one in await links.list_links(actor, record, record_id)]


async def test_a_comment_becomes_a_task_of_the_same_list_with_its_words_and_links_both_ways(
    chief: Actor, member: Actor, station: TaskList, add: Add
):
    about = await add('Wash truck')
    comment_id = await say(chief, 'Task', about.id)
    made = await tasks.add_task_from_comment(member, 'Task', about.id, comment_id)
    view = await tasks.get_task(member, made.id)
    assert (view.row.title, view.row.in_list.id) == ('Check the hose at the bend.', station.id)
    assert SAID in view.description
    assert f'href="/tasks/{about.id}?tab=comments#comment-{comment_id}"' in view.description
    assert 'Elena Rossi' in view.description
    assert await linked(chief, 'Task', about.id) == [f'{made.label} Check the hose at the bend.']
    assert await linked(chief, 'Task', made.id) == [f'{about.label} Wash truck']


async def test_what_is_said_about_a_person_stays_in_the_own_inbox_of_who_makes_a_task_of_it(
    chief: Actor, member: Actor
):
    person: Member = await members.add_member(chief, MemberInput(first_name='Marcus', last_name='Bell'))
    comment_id = await say(chief, 'Member', person.id, '<p>Order boots</p>')
    made = await tasks.add_task_from_comment(chief, 'Member', person.id, comment_id)
    assert made.list_id == (await tasks.my_inbox(chief)).id
    assert await linked(chief, 'Member', person.id) == [f'{made.label} Order boots']
    with pytest.raises(NotFound):
        await tasks.add_task_from_comment(member, 'Member', person.id, comment_id)


async def test_a_task_that_is_undone_leaves_no_link_that_anybody_sees(chief: Actor, add: Add):
    about = await add()
    made = await tasks.add_task_from_comment(chief, 'Task', about.id, await say(chief, 'Task', about.id))
    await tasks.delete_task(chief, made.id)
    assert await linked(chief, 'Task', about.id) == []
    await tasks.restore_task(chief, made.id)
    assert len(await linked(chief, 'Task', about.id)) == 1


async def test_a_mention_is_not_made_anew_and_a_long_comment_is_cut(chief: Actor, member: Actor, add: Add):
    about = await add()
    mention = f'<span data-mention="member:{member.member_id}">@Jide Okafor</span>'
    comment_id = await say(chief, 'Task', about.id, f'<p>{mention} {"word " * 60}</p><p>{"x" * 19_000}</p>')
    made = await tasks.add_task_from_comment(chief, 'Task', about.id, comment_id)
    assert made.title.startswith('@Jide Okafor word')
    assert made.title.endswith('…')
    assert len(made.title) <= 200
    assert 'data-mention' not in made.description
    assert len(made.description) <= 20_000


@pytest.mark.parametrize(
    ('line', 'title'),
    [('\u0958' * 200, '\u0915\u093c' * 100), ('\u202egnp.exe', 'gnp.exe'), ('\u200b\u3164', 'What Elena Rossi said')],
    ids=['letters that are two when they are composed', 'a mark that turns a line around', 'nothing to be seen'],
)  # fmt: skip
async def test_whatever_the_first_line_of_a_comment_is_made_of_becomes_a_title(
    chief: Actor, add: Add, line: str, title: str
):
    about = await add()
    comment_id = await say(chief, 'Task', about.id, f'<p>{line}</p><p>Seen.</p>')
    made = await tasks.add_task_from_comment(chief, 'Task', about.id, comment_id)
    assert made.title == title


async def test_what_is_gone_or_not_theirs_becomes_no_task(chief: Actor, member: Actor, stranger: Actor, add: Add):
    about = await add()
    comment_id = await say(chief, 'Task', about.id)
    with pytest.raises(NotFound):
        await tasks.add_task_from_comment(stranger, 'Task', about.id, comment_id)
    other = await add('Another')
    with pytest.raises(NotFound):
        await tasks.add_task_from_comment(chief, 'Task', other.id, comment_id)
    await comments.delete_comment(chief, 'Task', about.id, comment_id)
    with pytest.raises(Conflict, match='deleted'):
        await tasks.add_task_from_comment(chief, 'Task', about.id, comment_id)
    only_sees = replace(member, permissions=frozenset({'tasks.view'}))
    with pytest.raises(Denied):
        await tasks.add_task_from_comment(only_sees, 'Task', about.id, comment_id)

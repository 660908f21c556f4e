"""Hours may lie between telling and sending: what somebody may not see any more does not go out to him."""

import pytest

from data.members import MemberStatus
from data.tasks import ListVisibility, Task, TaskList
from logic import comments, members, notifications, tasks
from logic.comments import CommentInput, Written
from logic.core.actor import Actor
from logic.core.jobs.runner import Runner
from logic.identity import positions
from logic.members.inputs import MemberInput
from logic.tasks import ListInput, ShareInput, TaskInput
from tests.conftest import person_with_account
from tests.logic.notifications.post import TASK, pass_time, tell
from tests.servers import Mailbox

TO = 'jide@example.org'


async def shared_task(chief: Actor, member: Actor) -> tuple[TaskList, Task]:
    """A task of a list that the chief shares with one member, who has read that he does."""
    row = await tasks.add_list(chief, ListInput(title='Plans', visibility=ListVisibility.SHARED))
    await tasks.share_list(chief, row.id, ShareInput(member_id=member.member_id))
    await Runner().run_until_idle()
    await notifications.mark_all_read(member)
    return row, await tasks.add_task(chief, TaskInput(title='Merge with Hillside', list_id=row.id))


async def mention(chief: Actor, member: Actor, task: Task) -> Written:
    """Have a member told of a comment; the mail waits for others."""
    body = f'<p><span data-mention="member:{member.member_id}">x</span> the secret plan</p>'
    made = await comments.add_comment(chief, 'Task', task.id, CommentInput(body=body))
    await Runner().run_until_idle()
    assert await notifications.unread_count(member) == 1
    return made


async def test_what_is_said_is_mailed_to_who_may_still_see_it(chief: Actor, member: Actor, post: Mailbox):
    _, task = await shared_task(chief, member)
    await mention(chief, member, task)
    await pass_time()
    assert len(post.to(TO)) == 1


async def test_who_lost_the_right_to_a_record_gets_no_mail_of_it(chief: Actor, member: Actor, post: Mailbox):
    row, task = await shared_task(chief, member)
    await mention(chief, member, task)
    [share] = await tasks.list_shares(chief, row.id)
    await tasks.unshare_list(chief, share.id)
    await pass_time()
    [mail] = post.to(TO)
    assert 'no longer' in mail['Subject']  # of the list itself, and nothing of its task
    assert 'Hillside' not in mail.as_string()
    assert 'secret plan' not in mail.as_string()


async def test_a_record_that_was_deleted_meanwhile_is_not_mailed_of(chief: Actor, member: Actor, post: Mailbox):
    _, task = await shared_task(chief, member)
    await mention(chief, member, task)
    await tasks.delete_task(chief, task.id)
    await pass_time()
    assert post.to(TO) == []


async def test_a_deleted_comment_leaves_the_bell_and_the_mail(chief: Actor, member: Actor, post: Mailbox):
    _, task = await shared_task(chief, member)
    made = await mention(chief, member, task)
    await comments.delete_comment(chief, 'Task', task.id, made.id)
    await pass_time()
    assert post.to(TO) == []
    assert [one.kind for one in (await notifications.list_notices(member)).rows] == ['list_shared']


async def test_the_talk_about_a_person_is_not_mailed_to_who_sees_only_that_he_exists(chief: Actor, post: Mailbox):
    person = await members.add_member(chief, MemberInput(first_name='Marcus', last_name='Bell'))
    clerk = await person_with_account(chief, 'Ann', 'Berg', 'ann@example.org', 'HR manager')
    body = f'<p><span data-mention="member:{clerk.member_id}">x</span> is to go</p>'
    await comments.add_comment(chief, 'Member', person.id, CommentInput(body=body))
    await Runner().run_until_idle()
    [office] = [one.id for one in await positions.list_positions(chief) if one.name == 'HR manager']
    [(held, _)] = await positions.list_holders(chief, office)
    await positions.end_position(chief, held.id)
    await pass_time()
    assert post.to('ann@example.org') == []


async def test_who_has_left_gets_neither_mail_nor_digest(chief: Actor, member: Actor, post: Mailbox):
    await tell(member, 'Siren test on Monday')
    assert member.member_id
    await members.change_status(chief, member.member_id, MemberStatus.LEFT, 'Moved away')
    await pass_time()
    assert post.to(TO) == []


@pytest.mark.parametrize('kind', [notifications.BACKUP_FAILED, TASK])
async def test_what_is_about_no_record_goes_out_as_ever(member: Actor, post: Mailbox, kind: str):
    await tell(member, 'Hello', kind=kind)
    await pass_time()
    assert len(post.to(TO)) == 1


async def test_a_mail_program_finds_the_address_that_ends_mails_as_it_is(member: Actor, post: Mailbox):
    await tell(member, 'Hello')
    await pass_time()
    [message] = post.to(TO)
    stored = dict(message.raw_items())['List-Unsubscribe']
    assert stored.strip() == f'<{message["List-Unsubscribe"].strip("<>")}>', 'A program reads it letter by letter.'

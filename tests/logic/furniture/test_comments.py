"""Comments: who may say what about a record, who is told, what stays of what was said."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from data.comments import Comment
from data.core import now
from data.members import Member
from logic import comments, notifications, watchers
from logic.comments import CommentInput, Written
from logic.core.actor import Actor
from logic.core.errors import Conflict, Denied, Invalid, NotFound
from logic.core.jobs.runner import Runner
from logic.core.listing import ListQuery
from logic.identity import positions
from tests.conftest import run_as_service


def mention(member_id: UUID | None, name: str = 'x', kind: str = 'member') -> str:
    return f'<span data-mention="{kind}:{member_id}">@{name}</span>'


async def say(actor: Actor, record_id: UUID, body: str = '<p>Hello</p>') -> Written:
    return await comments.add_comment(actor, 'Member', record_id, CommentInput(body=body))


async def texts(actor: Actor, record_id: UUID) -> list[str]:
    return [row.body for row in (await comments.list_comments(actor, 'Member', record_id)).rows]


async def bell(actor: Actor) -> list[str]:
    await Runner().run_until_idle()
    return [row.title for row in (await notifications.list_notices(actor)).rows]


async def test_a_comment_is_stored_clean_and_read_by_who_sees_the_file(
    chief: Actor, clerk: Actor, person: Member
) -> None:
    await say(chief, person.id, '<p>Look <b>here</b><script>alert(1)</script><img src=x onerror=alert(1)></p>')
    assert await texts(clerk, person.id) == ['<p>Look <b>here</b></p>']


async def test_what_others_put_into_the_table_is_cleaned_when_it_is_read(chief: Actor, person: Member) -> None:
    made = await say(chief, person.id)

    async def spoil(work):  # type: ignore[no-untyped-def]
        row = await work.get(Comment, made.id)
        row.body = '<p>x<img src=x onerror=alert(1)><a href="javascript:alert(1)">y</a></p>'

    await run_as_service(spoil)(Actor.system(chief.organization_id))
    [body] = await texts(chief, person.id)
    assert 'onerror' not in body
    assert 'javascript' not in body


@pytest.mark.parametrize('body', ['', '<p> </p>', '<script>x</script>', '<p><br></p>', '<p>\u200b\u3164</p>'])
async def test_a_comment_without_words_is_refused(chief: Actor, person: Member, body: str) -> None:
    with pytest.raises(Invalid):
        await say(chief, person.id, body)


async def test_who_may_not_see_the_file_finds_no_comments_there(
    chief: Actor, member: Actor, stranger: Actor, person: Member
) -> None:
    made = await say(chief, person.id)
    for other in (member, stranger):
        with pytest.raises(NotFound):
            await comments.list_comments(other, 'Member', person.id)
        with pytest.raises(NotFound):
            await say(other, person.id)
        for service in (comments.get_comment, comments.list_earlier, comments.delete_comment, comments.restore_comment):
            with pytest.raises(NotFound):
                await service(other, 'Member', person.id, made.id)


async def test_a_comment_is_not_found_through_another_record(chief: Actor, member: Actor, person: Member) -> None:
    made = await say(chief, person.id)
    assert member.member_id
    with pytest.raises(NotFound):  # his own file, which he sees
        await comments.get_comment(member, 'Member', member.member_id, made.id)
    with pytest.raises(NotFound):
        await comments.get_comment(chief, 'Nothing', person.id, made.id)


async def test_a_person_reads_what_is_said_about_himself(chief: Actor, member: Actor) -> None:
    assert member.member_id
    await say(chief, member.member_id)
    assert await texts(member, member.member_id) == ['<p>Hello</p>']


async def test_who_is_mentioned_is_told_once_and_watches(chief: Actor, clerk: Actor, person: Member) -> None:
    made = await say(chief, person.id, f'<p>{mention(clerk.member_id, "Somebody else")} please</p>')
    assert made.notes == ()
    assert '@Ann Berg</span>' in (await texts(chief, person.id))[0], 'The name is ours, not the sender’s.'
    await Runner().run_until_idle()
    assert await bell(clerk) == ['Elena Rossi mentioned you on Marcus Bell']
    assert await bell(chief) == []
    assert (await watchers.watching(clerk, 'Member', person.id)).is_on
    await comments.edit_comment(
        chief, 'Member', person.id, made.id, CommentInput(body=f'<p>{mention(clerk.member_id)} now</p>')
    )
    assert len(await bell(clerk)) == 1


async def test_who_may_not_see_the_record_is_not_told_of_it(
    chief: Actor, member: Actor, stranger: Actor, person: Member
) -> None:
    body = f'<p>{mention(member.member_id, "Jide")} and {mention(stranger.member_id, "Them")} {mention(uuid4())}</p>'
    made = await say(chief, person.id, body)
    assert made.notes == (
        'Jide Okafor may not see this, and is not told.',
        'Somebody who is mentioned is not in this department, and is not told.',
    )
    assert await texts(chief, person.id) == ['<p>@Jide and @Them @x</p>']
    assert await bell(member) == []
    assert await bell(stranger) == []
    assert [row.name for row in await watchers.list_watchers(chief, 'Member', person.id)] == ['Elena Rossi']


async def test_a_position_is_mentioned_for_all_who_hold_it_and_see_the_record(
    chief: Actor, clerk: Actor, member: Actor, person: Member
) -> None:
    held = {row.name: row.id for row in await positions.list_positions(chief)}
    named = ' '.join(mention(held[name], kind='position') for name in ('HR manager', 'Member'))
    await say(chief, person.id, f'<p>{named}</p>')
    assert await bell(clerk) == ['Elena Rossi mentioned you on Marcus Bell']
    assert await bell(member) == []


async def test_only_who_may_see_the_record_is_offered_for_a_mention(
    chief: Actor, clerk: Actor, member: Actor, person: Member
) -> None:
    names = [one.name for one in await comments.find_mentionable(chief, 'Member', person.id, '')]
    assert 'Ann Berg' in names
    assert 'Jide Okafor' not in names
    assert [one.name for one in await comments.find_mentionable(chief, 'Member', person.id, 'berg')] == ['Ann Berg']
    with pytest.raises(NotFound):
        await comments.find_mentionable(member, 'Member', person.id, '')


async def test_an_edit_keeps_what_was_said_before(chief: Actor, clerk: Actor, person: Member) -> None:
    made = await say(chief, person.id, '<p>One</p>')
    for body in ('<p>Two</p>', '<p>Three</p>'):
        await comments.edit_comment(chief, 'Member', person.id, made.id, CommentInput(body=body))
    assert [row.body for row in await comments.list_earlier(clerk, 'Member', person.id, made.id)] == [
        '<p>Two</p>', '<p>One</p>',
    ]  # fmt: skip
    view = await comments.get_comment(clerk, 'Member', person.id, made.id)
    assert view.body == '<p>Three</p>'
    assert view.edited_at is not None
    with pytest.raises(Conflict):
        await comments.edit_comment(chief, 'Member', person.id, made.id, CommentInput(body='x'), version=made.version)


async def test_only_the_author_and_moderators_change_a_comment(chief: Actor, clerk: Actor, person: Member) -> None:
    made = await say(chief, person.id)
    with pytest.raises(Denied):
        await comments.edit_comment(clerk, 'Member', person.id, made.id, CommentInput(body='Mine'))
    with pytest.raises(Denied):
        await comments.delete_comment(clerk, 'Member', person.id, made.id)
    theirs = await say(clerk, person.id)
    await comments.delete_comment(chief, 'Member', person.id, theirs.id)  # the chief may do all
    assert (await comments.get_comment(clerk, 'Member', person.id, theirs.id)).deleted_by == 'Elena Rossi'
    with pytest.raises(Denied):
        await comments.restore_comment(clerk, 'Member', person.id, theirs.id)


async def test_a_deleted_comment_leaves_its_place_and_returns(chief: Actor, person: Member) -> None:
    made = await say(chief, person.id, '<p>Oops</p>')
    await comments.delete_comment(chief, 'Member', person.id, made.id)
    [view] = (await comments.list_comments(chief, 'Member', person.id)).rows
    assert (view.body, view.is_deleted, view.may_restore, view.may_change) == ('', True, True, False)
    with pytest.raises(NotFound):
        await comments.list_earlier(chief, 'Member', person.id, made.id)
    with pytest.raises(Conflict):
        await comments.edit_comment(chief, 'Member', person.id, made.id, CommentInput(body='x'))
    await comments.restore_comment(chief, 'Member', person.id, made.id)
    assert await texts(chief, person.id) == ['<p>Oops</p>']


async def test_after_thirty_days_a_deleted_comment_is_forgotten(chief: Actor, person: Member) -> None:
    made = await say(chief, person.id, '<p>Secret</p>')
    await comments.delete_comment(chief, 'Member', person.id, made.id)

    async def age(work):  # type: ignore[no-untyped-def]
        (await work.get(Comment, made.id)).deleted_at = now() - timedelta(days=31)

    system = Actor.system(chief.organization_id)
    await run_as_service(age)(system)
    await run_as_service(comments.forget_deleted.function)(system)

    async def stored(work):  # type: ignore[no-untyped-def]
        return await work.first(select(Comment.body).where(Comment.id == made.id))

    assert await run_as_service(stored)(system) == ''
    with pytest.raises(Conflict):
        await comments.restore_comment(chief, 'Member', person.id, made.id)


async def test_comments_come_in_pages_and_cost_the_same_number_of_statements(
    chief: Actor, person: Member, statements: list[str]
) -> None:
    for number in range(3):
        await say(chief, person.id, f'<p>{number} {mention(chief.member_id)}</p>')
    statements.clear()
    await comments.list_comments(chief, 'Member', person.id)
    few = len(statements)
    for number in range(22):
        await say(chief, person.id, f'<p>{number} {mention(chief.member_id)}</p>')
    statements.clear()
    page = await comments.list_comments(chief, 'Member', person.id, ListQuery(page_size=20))
    assert (len(page.rows), page.total) == (20, 25)
    assert len(statements) <= few + 1, 'Beyond the first page its length is counted.'
    assert len(statements) <= 8

"""Watchers: told of what happens for as long as they may see it, never of their own acts."""

import pytest

from data.members import Member
from data.watchers import WatchReason
from logic import comments, members, notifications, watchers
from logic.comments import CommentInput
from logic.core.actor import Actor
from logic.core.errors import NotFound
from logic.core.jobs.runner import Runner
from logic.core.work import Work
from logic.identity import preferences
from logic.members import MemberInput, ProfileInput
from tests.conftest import run_as_service


async def bell(actor: Actor) -> list[str]:
    await Runner().run_until_idle()
    return [row.title for row in (await notifications.list_notices(actor)).rows]


async def test_a_watcher_is_told_of_comments_and_changes(chief: Actor, clerk: Actor, person: Member) -> None:
    await watchers.set_watching(clerk, 'Member', person.id, True)
    await comments.add_comment(chief, 'Member', person.id, CommentInput(body='<p>Hello</p>'))
    await members.update_member(chief, person.id, ProfileInput(first_name='Mark'))
    assert sorted(await bell(clerk)) == [
        'Elena Rossi commented on Mark Bell',
        'Mark Bell: Elena Rossi updated the member',
    ]  # fmt: skip
    assert await bell(chief) == []


async def test_a_watcher_is_told_in_his_language_of_acts_in_another(chief: Actor, clerk: Actor, person: Member) -> None:
    await preferences.choose_language(clerk, preferences.LanguageInput(locale='de'))
    await watchers.set_watching(clerk, 'Member', person.id, True)
    await comments.add_comment(chief, 'Member', person.id, CommentInput(body='<p>Hello</p>'))
    await members.update_member(chief, person.id, ProfileInput(first_name='Mark'))
    assert sorted(await bell(clerk)) == [
        'Elena Rossi hat Mark Bell kommentiert',
        'Mark Bell: Elena Rossi hat das Mitglied geändert',
    ]  # fmt: skip


async def test_nobody_is_told_of_what_he_did_himself(clerk: Actor, person: Member) -> None:
    await watchers.set_watching(clerk, 'Member', person.id, True)
    await comments.add_comment(clerk, 'Member', person.id, CommentInput(body='<p>Hello</p>'))
    await members.update_member(clerk, person.id, ProfileInput(first_name='Mark'))
    assert await bell(clerk) == []


async def test_one_switch_mutes_and_what_would_subscribe_leaves_it_so(
    chief: Actor, clerk: Actor, person: Member
) -> None:
    await comments.add_comment(clerk, 'Member', person.id, CommentInput(body='<p>Mine</p>'))
    state = await watchers.watching(clerk, 'Member', person.id)
    assert (state.is_on, state.reason) == (True, WatchReason.COMMENTED)
    await watchers.set_watching(clerk, 'Member', person.id, False)
    await comments.add_comment(clerk, 'Member', person.id, CommentInput(body='<p>Again</p>'))
    await comments.add_comment(chief, 'Member', person.id, CommentInput(body='<p>Hello</p>'))
    assert not (await watchers.watching(clerk, 'Member', person.id)).is_on
    assert await bell(clerk) == []


async def test_a_watcher_who_may_not_see_the_record_any_more_is_not_told(
    chief: Actor, member: Actor, person: Member
) -> None:
    async def subscribe(work: Work) -> None:
        await watchers.watch(work, 'Member', person.id, member.member_id, WatchReason.ASSIGNED)

    await run_as_service(subscribe)(Actor.system(chief.organization_id))  # type: ignore[arg-type]
    await comments.add_comment(chief, 'Member', person.id, CommentInput(body='<p>Hello</p>'))
    await members.update_member(chief, person.id, ProfileInput(first_name='Mark'))
    assert await bell(member) == []


async def test_only_who_sees_the_record_watches_it(member: Actor, stranger: Actor, person: Member) -> None:
    for other in (member, stranger):
        for call in (watchers.watching, watchers.list_watchers):
            with pytest.raises(NotFound):
                await call(other, 'Member', person.id)
        with pytest.raises(NotFound):
            await watchers.set_watching(other, 'Member', person.id, True)


async def test_two_records_of_one_person_who_both_watch_become_one_watcher(chief: Actor, person: Member) -> None:
    pair = [await members.add_member(chief, MemberInput(first_name='Nora', last_name=name)) for name in ('A', 'B')]

    async def subscribe(work: Work) -> None:
        for one in pair:
            await watchers.watch(work, 'Member', person.id, one.id, WatchReason.ASSIGNED)

    await run_as_service(subscribe)(Actor.system(chief.organization_id))  # type: ignore[arg-type]
    await members.merge_members(chief, pair[0].id, pair[1].id)
    assert [row.member_id for row in await watchers.list_watchers(chief, 'Member', person.id)] == [pair[0].id]

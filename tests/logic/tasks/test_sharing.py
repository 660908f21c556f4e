"""Who is told that a list of tasks is shared with him, and what he sees of it when it is not any more."""

import pytest
from sqlmodel import select

from data.core import now
from data.database import database
from data.members import MemberStatus
from data.notifications import NoticeDelivery
from data.tasks import ListVisibility, ShareLevel, TaskList
from logic import members, notifications, tasks
from logic.core.actor import Actor
from logic.core.errors import NotFound
from logic.core.jobs import Runner
from logic.core.listing import ListQuery
from logic.identity import positions, preferences
from logic.tasks import ListInput, ShareInput, TaskInput
from tests.logic.notifications.post import post
from tests.servers import Mailbox

__all__ = ['post']
ENDED = 'Elena Rossi shares the list "Party" with you no longer.'


@pytest.fixture
async def party(chief: Actor) -> TaskList:
    """A list that is the chief's alone."""
    return await tasks.add_list(chief, ListInput(title='Party'))


async def told(actor: Actor) -> list[str]:
    """What an actor has in his bell about lists."""
    return [row.title for row in (await notifications.list_notices(actor)).rows if row.kind == 'list_shared']


async def test_whoever_a_list_is_shared_with_by_name_is_told_and_nobody_else(chief, member, other, party):
    await tasks.share_list(chief, party.id, ShareInput(member_id=member.member_id))
    assert await told(member) == ['Elena Rossi shared the list "Party" with you: you may work on its tasks.']
    assert [await told(one) for one in (chief, other)] == [[], []]
    (notice,) = (await notifications.list_notices(member)).rows
    assert notice.link == f'/tasks/lists/{party.id}'


async def test_a_shared_list_is_told_in_the_language_of_the_reader(chief, member, party):
    await preferences.choose_language(member, preferences.LanguageInput(locale='de'))
    await tasks.share_list(chief, party.id, ShareInput(member_id=member.member_id, level=ShareLevel.VIEW))
    assert await told(member) == ['Elena Rossi hat die Liste „Party“ für Sie freigegeben: Sie dürfen sie ansehen.']


@pytest.mark.usefixtures('post')
async def test_a_shared_list_is_mailed_as_the_reader_prefers(chief, member, party, post: Mailbox):
    await tasks.share_list(chief, party.id, ShareInput(member_id=member.member_id))
    async with database().read(chief.organization_id) as session:
        (planned,) = (await session.exec(select(NoticeDelivery))).all()
    assert planned.account_id == member.account_id


async def test_there_is_one_notice_of_a_list_which_says_what_one_may_now(chief, member, party):
    for level in (ShareLevel.EDIT, ShareLevel.EDIT, ShareLevel.MANAGE):
        await tasks.share_list(chief, party.id, ShareInput(member_id=member.member_id, level=level))
    assert await told(member) == ['Elena Rossi shared the list "Party" with you: you may manage it.']


async def test_saying_again_what_is_shared_already_tells_nobody_anew(chief, member, party):
    share = ShareInput(member_id=member.member_id)
    await tasks.share_list(chief, party.id, share)
    await notifications.mark_all_read(member)
    await tasks.share_list(chief, party.id, share)
    assert await notifications.unread_count(member) == 0


async def test_who_has_a_list_no_longer_is_told_so_until_it_is_shared_again(chief, member, party):
    share = await tasks.share_list(chief, party.id, ShareInput(member_id=member.member_id))
    await tasks.unshare_list(chief, share.id)
    assert await told(member) == [ENDED]
    (notice,) = (await notifications.list_notices(member)).rows
    assert notice.link == '/tasks/lists'
    await tasks.share_list(chief, party.id, ShareInput(member_id=member.member_id))
    assert await told(member) == ['Elena Rossi shared the list "Party" with you: you may work on its tasks.']


async def test_who_sees_a_list_all_the_same_is_not_told_that_it_is_shared_with_him_no_longer(chief, member, party):
    held = next(row for row in await positions.list_positions(chief) if row.name == positions.MEMBER)
    await tasks.share_list(chief, party.id, ShareInput(position_id=held.id))
    share = await tasks.share_list(chief, party.id, ShareInput(member_id=member.member_id))
    await tasks.unshare_list(chief, share.id)
    assert (await tasks.get_list(member, party.id)).title == 'Party'
    assert await told(member) == []


async def test_those_who_are_named_are_told_when_a_list_becomes_private_and_when_it_is_not_any_more(
    chief, member, other, party
):
    await tasks.share_list(chief, party.id, ShareInput(member_id=member.member_id, level=ShareLevel.VIEW))
    await tasks.update_list(chief, party.id, ListInput(title='Party'))
    assert await told(member) == [ENDED]
    wanted = ListInput(title='Party', visibility=ListVisibility.SHARED)
    await tasks.update_list(chief, party.id, wanted, None, [ShareInput(member_id=other.member_id)])
    assert await told(member) == ['Elena Rossi shared the list "Party" with you: you may see it.']
    assert await told(other) == ['Elena Rossi shared the list "Party" with you: you may work on its tasks.']


async def test_who_has_a_list_no_longer_does_not_learn_what_it_is_called_from_then_on(chief, member, party):
    share = await tasks.share_list(chief, party.id, ShareInput(member_id=member.member_id))
    await tasks.update_list(chief, party.id, ListInput(title='Dismissal of Jide'))
    assert await told(member) == [ENDED]
    await tasks.unshare_list(chief, share.id)
    assert await told(member) == [ENDED]


async def test_who_is_not_to_do_a_task_any_more_is_told_though_he_sees_it_no_longer(chief, member, party):
    async def bell() -> list[tuple[str, str]]:
        await Runner().run_until_idle()
        return [(row.title, row.link) for row in (await notifications.list_notices(member)).rows]

    task = await tasks.add_task(
        chief, TaskInput(title='Hang lamps', list_id=party.id, assignee_ids=[member.member_id])
    )  # fmt: skip
    gave = (f'Elena Rossi gave you {task.label}: Hang lamps', f'/tasks/{task.id}')
    assert await bell() == [gave]
    await tasks.set_assignees(chief, task.id, [])
    with pytest.raises(NotFound):
        await tasks.get_task(member, task.id)
    assert await bell() == [(f'Elena Rossi took {task.label} off you: Hang lamps', '/my-work')]
    await tasks.set_assignees(chief, task.id, [member.member_id])
    assert await bell() == [gave]


async def test_the_new_owner_of_a_list_is_told_until_it_is_given_back(chief, member, party):
    given = await tasks.give_list(chief, party.id, member.member_id)
    assert await told(member) == ['Elena Rossi gave you the list "Party": it is yours now.']
    await tasks.give_list_back(chief, given)
    assert await told(member) == []


async def test_nobody_is_told_what_he_shares_with_himself(chief, member, party):
    await tasks.share_list(chief, party.id, ShareInput(member_id=member.member_id, level=ShareLevel.MANAGE))
    await tasks.unshare_list(member, (await tasks.list_shares(member, party.id))[0].id)
    await tasks.give_list(chief, party.id, chief.member_id)
    assert [await told(one) for one in (chief, member)] == [[], []]


async def test_who_has_a_list_by_his_position_is_not_told_of_it(chief, member, party):
    held = next(row for row in await positions.list_positions(chief) if row.name == positions.MEMBER)
    await tasks.share_list(chief, party.id, ShareInput(position_id=held.id))
    assert (await tasks.get_list(member, party.id)).title == 'Party'
    assert await told(member) == []


async def test_a_list_is_made_and_shared_in_one_act(chief, member, other):
    wanted = ListInput(title='Fair', visibility=ListVisibility.SHARED)
    shares = [ShareInput(member_id=one.member_id, level=ShareLevel.VIEW) for one in (member, other)]
    fair = await tasks.add_list(chief, wanted, shares)
    assert [row.target.name for row in await tasks.list_shares(chief, fair.id)] == ['Jide Okafor', 'Mara Lind']
    assert [len(await told(one)) for one in (member, other)] == [1, 1]


async def test_who_is_to_do_a_task_sees_it_when_its_list_is_shared_no_longer(chief, member, party):
    share = await tasks.share_list(chief, party.id, ShareInput(member_id=member.member_id))
    task = await tasks.add_task(
        chief, TaskInput(title='Hang lamps', list_id=party.id, assignee_ids=[member.member_id])
    )  # fmt: skip
    await tasks.add_task(chief, TaskInput(title='Buy a gift', list_id=party.id))
    await tasks.unshare_list(chief, share.id)
    with pytest.raises(NotFound):
        await tasks.get_list(member, party.id)
    assert [row.id for row in (await tasks.list_tasks(member, ListQuery())).rows] == [task.id]


async def test_who_loses_the_position_by_which_he_has_a_list_has_it_no_longer(chief, member, party):
    clerk = await positions.add_position(chief, positions.PositionInput(name='Clerk', permissions=frozenset()))
    held = await positions.give_position(chief, member.member_id, clerk.id)
    await tasks.share_list(chief, party.id, ShareInput(position_id=clerk.id))
    assert (await tasks.get_list(member, party.id)).title == 'Party'
    await positions.end_position(chief, held.id)
    with pytest.raises(NotFound):
        await tasks.get_list(member, party.id)


async def test_those_who_have_a_list_keep_it_and_what_they_are_to_do_when_its_owner_leaves(chief, member, other):
    fair = await tasks.add_list(other, ListInput(title='Fair'), [ShareInput(member_id=member.member_id)])
    own = await tasks.add_list(other, ListInput(title='Own'))
    task = await tasks.add_task(
        other, TaskInput(title='Hang lamps', list_id=own.id, assignee_ids=[member.member_id])
    )  # fmt: skip
    await members.change_status(chief, other.member_id, MemberStatus.LEFT, 'Moved away', now().date())
    assert (await tasks.get_list(member, fair.id)).title == 'Fair'
    assert (await tasks.get_task(member, task.id)).row.title == 'Hang lamps'

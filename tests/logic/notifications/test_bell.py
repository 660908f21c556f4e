"""Notices reach the person they are for, once, live, and nobody else."""

from uuid import uuid4

import pytest

from logic import notifications
from logic.core.actor import Actor
from logic.core.errors import Denied, Unauthenticated
from logic.core.listing import ListQuery
from logic.core.live import Change, hub
from tests.conftest import House, run_as_service


async def tell(actor: Actor, title: str, key: str | None = None) -> None:
    assert actor.account_id
    await notifications.tell(
        Actor.system(actor.organization_id), actor.account_id, kind=notifications.EXPORT_FINISHED, title=title,
        link='/members', key=key,
    )  # fmt: skip


async def test_a_notice_is_in_the_bell_of_its_person_only(chief: Actor, member: Actor) -> None:
    await tell(member, 'The export has ended')
    assert [row.title for row in (await notifications.list_notices(member)).rows] == ['The export has ended']
    assert await notifications.unread_count(member) == 1
    assert (await notifications.list_notices(chief)).rows == []


async def test_a_notice_under_a_key_comes_once(member: Actor) -> None:
    for _ in range(3):
        await tell(member, 'EMT card expires in 30 days', key='document|7|30')
    assert await notifications.unread_count(member) == 1


async def test_reading_one_leaves_the_others_unread(member: Actor) -> None:
    for number in range(3):
        await tell(member, f'Notice {number}')
    newest = (await notifications.list_notices(member)).rows[0]
    assert newest.title == 'Notice 2'
    await notifications.mark_read(member, newest.id)
    assert await notifications.unread_count(member) == 2
    unread = await notifications.list_notices(member, ListQuery(filters={'read': ['no']}))
    assert newest.id not in {row.id for row in unread.rows}
    await notifications.mark_all_read(member)
    assert await notifications.unread_count(member) == 0


async def test_nobody_reads_another_persons_notice_for_him(chief: Actor, member: Actor, stranger: Actor) -> None:
    await tell(member, 'Yours')
    notice = (await notifications.list_notices(member)).rows[0]
    for other in (chief, stranger):
        await notifications.mark_read(other, notice.id)
        await notifications.mark_all_read(other)
    assert await notifications.unread_count(member) == 1


async def test_a_notice_is_told_live(member: Actor) -> None:
    heard: list[Change] = []
    end = hub.subscribe(member.organization_id, [notifications.bell_of(member.account_id)], heard.append)
    await tell(member, 'One')
    await tell(member, 'Two', key='two')
    end()
    assert len(heard) == 2


async def test_only_logbook_itself_tells(chief: Actor) -> None:
    assert chief.account_id
    with pytest.raises(Denied):
        await notifications.tell(chief, chief.account_id, kind=notifications.NEW_DEVICE, title='x')
    with pytest.raises(Unauthenticated):
        await notifications.unread_count(Actor.public())


async def test_a_kind_that_nobody_declared_is_a_bug(chief: Actor) -> None:
    with pytest.raises(ValueError, match='weather'):
        await notifications.tell(Actor.system(chief.organization_id), uuid4(), kind='weather', title='Rain')


async def test_outside_of_an_organization_the_notice_goes_to_the_last_one_used(house: House) -> None:
    assert house.chief.account_id
    await notifications.tell(
        Actor.system(), house.chief.account_id, kind=notifications.PASSWORD_CHANGED, title='Your password was changed'
    )
    assert await notifications.unread_count(house.chief) == 1


async def test_an_office_is_told_through_its_permission(chief: Actor, member: Actor) -> None:
    ask = run_as_service(notifications.holders_of, writes=False)
    assert await ask(Actor.system(chief.organization_id), 'members.manage') == [chief.account_id]

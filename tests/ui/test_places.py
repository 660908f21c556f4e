"""Pinned and recent pages: named as they are today, and only for who may open them now."""

from collections.abc import Sequence

from data.tasks import ListVisibility
from logic import members, tasks
from logic.core.actor import Actor
from logic.members import MemberInput
from logic.tasks import ListInput, ShareInput
from ui import pages
from ui.places import places_of

assert pages


async def shown(actor: Actor, *paths: str) -> Sequence[tuple[str, str]]:
    return [(place.path, place.title) for place in await places_of(actor, [(path, 'Old name') for path in paths])]


async def test_a_list_that_is_shared_no_more_is_not_named_any_more(chief: Actor, member: Actor) -> None:
    row = await tasks.add_list(chief, ListInput(title='Merger', visibility=ListVisibility.SHARED))
    share = await tasks.share_list(chief, row.id, ShareInput(member_id=member.member_id))
    path = f'/tasks/lists/{row.id}'
    both = [(path, 'Merger'), (f'{path}/settings', 'Merger: people and columns')]
    assert await shown(member, path, f'{path}/settings') == both
    await tasks.unshare_list(chief, share.id)
    assert await shown(member, path, f'{path}/settings') == []
    assert await shown(chief, f'{path}?as=table') == [(f'{path}?as=table', 'Merger')]


async def test_a_page_below_a_record_goes_with_the_record(chief: Actor, member: Actor) -> None:
    person = await members.add_member(chief, MemberInput(first_name='Marcus', last_name='Bell'))
    path = f'/members/{person.id}/letter'
    assert await shown(member, path) == [(path, 'Marcus Bell: Leaving letter')]
    await members.archive_member(chief, person.id)
    assert await shown(member, path) == []

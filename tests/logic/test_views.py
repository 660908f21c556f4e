"""Saved views, pinned pages and recent ones: each has his own, shared views belong to all, nothing crosses over."""

from uuid import UUID

import pytest
from pydantic import ValidationError

from logic import views
from logic.core.actor import Actor
from logic.core.errors import Conflict, Denied, Invalid, NotFound
from logic.views import PageInput, ViewChange, ViewInput
from tests.conftest import run_as_service

PLACE = '/members'


async def save(actor: Actor, name: str, state: str = 'status=active', *, shared: bool = False) -> UUID:
    return (await views.add_view(actor, ViewInput(place=PLACE, name=name, state=state, is_shared=shared))).id


async def names(actor: Actor, place: str = PLACE) -> list[str]:
    return [view.name for view in await views.list_views(actor, place)]


async def test_a_view_is_its_owners_until_it_is_shared(chief: Actor, member: Actor, stranger: Actor) -> None:
    view_id = await save(chief, 'Active')
    assert (await names(chief), await names(member), await names(stranger)) == (['Active'], [], [])
    assert await names(chief, '/tasks') == []
    with pytest.raises(NotFound):
        await views.update_view(member, view_id, ViewChange(name='Mine'))
    await views.update_view(chief, view_id, ViewChange(is_shared=True))
    assert (await names(member), await names(stranger)) == (['Active'], [])
    (seen,) = await views.list_views(member, PLACE)
    assert (seen.is_own, seen.is_shared, seen.may_change) == (False, True, False)
    with pytest.raises(Denied, match='somebody else'):
        await views.update_view(member, view_id, ViewChange(name='Mine'))
    with pytest.raises(NotFound):
        await views.remove_view(stranger, view_id)


async def test_sharing_needs_the_right(member: Actor) -> None:
    with pytest.raises(Denied):
        await save(member, 'Active', shared=True)
    view_id = await save(member, 'Active')
    with pytest.raises(Denied):
        await views.update_view(member, view_id, ViewChange(is_shared=True))


async def test_a_shared_view_is_changed_by_holders_of_the_right_and_kept_back_by_its_owner_only(
    chief: Actor, member: Actor
) -> None:
    from dataclasses import replace

    sharer = replace(member, permissions=member.permissions | {views.SHARE})
    view_id = await save(sharer, 'Active', shared=True)
    await views.update_view(chief, view_id, ViewChange(name='In service', state='status=inactive'))
    (seen,) = await views.list_views(member, PLACE)
    assert (seen.name, seen.state, seen.is_own) == ('In service', 'status=inactive', True)
    with pytest.raises(Denied, match='Only who saved'):
        await views.update_view(chief, view_id, ViewChange(is_shared=False))


async def test_two_views_of_one_list_have_two_names(chief: Actor) -> None:
    await save(chief, 'Active')
    with pytest.raises(Conflict, match='already'):
        await save(chief, 'ACTIVE')
    other = await save(chief, 'Others')
    with pytest.raises(Conflict):
        await views.update_view(chief, other, ViewChange(name='Active'))
    await views.update_view(chief, other, ViewChange(name='others'))


async def test_a_removed_view_is_restored_under_a_free_name(chief: Actor) -> None:
    view_id = await save(chief, 'Active')
    await views.remove_view(chief, view_id)
    assert await names(chief) == []
    with pytest.raises(NotFound):
        await views.remove_view(chief, view_id)
    await views.restore_view(chief, view_id)
    assert await names(chief) == ['Active']
    await views.remove_view(chief, view_id)
    await save(chief, 'Active')
    await views.restore_view(chief, view_id)
    assert await names(chief) == ['Active', 'Active (2)']


async def test_removed_views_are_deleted_after_a_day(chief: Actor) -> None:
    from datetime import timedelta

    from data.views import SavedView
    from logic.core.work import Work

    view_id = await save(chief, 'Active')
    await views.choose_default_view(chief, PLACE, view_id)
    await views.remove_view(chief, view_id)

    async def later(work: Work) -> object:
        await views.forget_removed_views(work)
        before = await work.find(SavedView, view_id)
        work.now += timedelta(days=2)
        await views.forget_removed_views(work)
        await work.flush()
        return before, await work.find(SavedView, view_id)

    before, after = await run_as_service(later)(Actor.system(chief.organization_id))
    assert before is not None
    assert after is None


async def test_each_has_a_default_of_his_own_and_loses_it_when_the_view_is_kept_back(
    chief: Actor, member: Actor
) -> None:
    view_id = await save(chief, 'Active', shared=True)
    await views.choose_default_view(member, PLACE, view_id)
    assert [view.is_default for view in await views.list_views(member, PLACE)] == [True]
    assert [view.is_default for view in await views.list_views(chief, PLACE)] == [False]
    await views.choose_default_view(chief, PLACE, view_id)
    await views.update_view(chief, view_id, ViewChange(is_shared=False))
    await views.update_view(chief, view_id, ViewChange(is_shared=True))
    assert [view.is_default for view in await views.list_views(member, PLACE)] == [False]
    assert [view.is_default for view in await views.list_views(chief, PLACE)] == [True]
    await views.choose_default_view(chief, PLACE, None)
    assert [view.is_default for view in await views.list_views(chief, PLACE)] == [False]
    with pytest.raises(NotFound):
        await views.choose_default_view(chief, '/elsewhere', view_id)


async def test_what_is_no_state_of_a_list_is_refused(chief: Actor) -> None:
    with pytest.raises(Invalid):
        await save(chief, 'Odd', 'no query at all &&')
    with pytest.raises(Invalid):
        await views.add_view(chief, ViewInput(place='https://evil.example', name='Odd'))
    with pytest.raises(ValidationError):
        ViewInput(place=PLACE, name=' ')
    for path in ('//evil.example', 'https://evil.example', '/\\evil.example', '/x#y'):
        with pytest.raises(Invalid):
            await views.pin_page(chief, PageInput(path=path, title='Odd'))


async def test_a_program_keeps_no_views(chief: Actor) -> None:
    with pytest.raises(Denied, match='Only a person'):
        await views.list_views(Actor.system(chief.organization_id), PLACE)


async def test_the_latest_pages_come_first_and_only_few_are_kept(chief: Actor, member: Actor, stranger: Actor) -> None:
    for number in range(views.MOST_RECENT + 5):
        await views.note_page(chief, PageInput(path=f'/p/{number}', title=str(number)))
    await views.note_page(chief, PageInput(path='/p/7', title='Seven'))
    recent = await views.list_recent(chief)
    assert [page.title for page in recent][:2] == ['Seven', str(views.MOST_RECENT + 4)]
    assert len(recent) == views.MOST_RECENT
    assert len({page.path for page in recent}) == len(recent)
    assert await views.list_recent(member) == await views.list_recent(stranger) == []


async def test_pins_are_kept_in_order_per_account(chief: Actor, member: Actor) -> None:
    for path in ('/members', '/tasks', '/members'):
        await views.pin_page(chief, PageInput(path=path, title=path))
    assert [pin.path for pin in await views.list_pins(chief)] == ['/members', '/tasks']
    assert await views.list_pins(member) == []
    await views.unpin_page(member, '/members')
    await views.unpin_page(chief, '/members')
    assert [pin.path for pin in await views.list_pins(chief)] == ['/tasks']
    for number in range(views.MOST_PINS - 1):
        await views.pin_page(chief, PageInput(path=f'/p/{number}', title='A page'))
    with pytest.raises(Conflict, match='Unpin'):
        await views.pin_page(chief, PageInput(path='/one/more', title='A page'))

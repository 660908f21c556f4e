"""Who lacks a right asks for it: those who give rights are told, in their language and not too often."""

import pytest
from sqlmodel import select

from data.notifications import Notice
from logic.core.actor import Actor
from logic.core.errors import Conflict, Invalid, TooMany
from logic.core.work import Work
from logic.identity import asking
from logic.identity.preferences import LanguageInput, choose_language
from tests.conftest import House, run_as_service

RIGHT, PAGE = 'audit.view', 'Audit log'


async def _notices(work: Work):
    rows = await work.all(select(Notice).where(Notice.kind == 'access_asked').order_by(Notice.created_at))
    return [(row.account_id, row.title, row.body, row.link) for row in rows]


async def notices(house: House) -> list[tuple[object, str, str, str]]:
    return await run_as_service(_notices)(Actor.system(house.organization_id))  # type: ignore[return-value, arg-type]


async def test_those_who_give_rights_are_told_what_is_missing_and_which_positions_have_it(house: House, member: Actor):
    names = await asking.ask_for_access(member, RIGHT, PAGE)
    assert names == ['Elena Rossi']
    ((account_id, title, body, link),) = await notices(house)
    assert (account_id, title, link) == (house.chief.account_id, 'Jide Okafor asks for access: Audit log', '/positions')
    assert body == 'Missing is “See the audit log”. It comes with: Owner, Administrator, Auditor.'


async def test_each_reads_it_in_his_language(house: House, member: Actor):
    await choose_language(house.chief, LanguageInput(locale='de'))
    await asking.ask_for_access(member, RIGHT, PAGE)
    ((_, _, body, _),) = await notices(house)
    assert 'See the audit log' not in body  # the label of the right is said in German


async def test_the_same_is_asked_once_a_day_and_not_more_than_five_things_an_hour(house: House, member: Actor):
    await asking.ask_for_access(member, RIGHT, PAGE)
    with pytest.raises(TooMany):
        await asking.ask_for_access(member, RIGHT, 'Anything else')
    for right in ('backup.view', 'status.view', 'mail.manage', 'identity.positions'):
        await asking.ask_for_access(member, right, PAGE)
    with pytest.raises(TooMany):
        await asking.ask_for_access(member, 'status.manage', PAGE)
    assert len(await notices(house)) == 5


async def test_what_one_has_or_what_is_no_right_is_not_asked_for(house: House, member: Actor):
    for right in ('*', 'audit.*', 'nothing.at_all', ''):
        with pytest.raises(Invalid):
            await asking.ask_for_access(member, right, PAGE)
    with pytest.raises(Conflict):
        await asking.ask_for_access(member, 'members.view', PAGE)
    with pytest.raises(Invalid):
        await asking.ask_for_access(member, RIGHT, 'x' * 300)
    assert await notices(house) == []


async def test_another_department_hears_nothing(house: House, member: Actor, stranger: Actor):
    await asking.ask_for_access(member, RIGHT, PAGE)
    assert [account_id for account_id, *_ in await notices(house)] == [house.chief.account_id]
    assert await run_as_service(_notices)(Actor.system(stranger.organization_id)) == []  # type: ignore[arg-type, comparison-overlap]

"""What people ask to change in their own files: another one decides, and nothing slips through beside it."""

import pytest

from data.members import ProfileChangeStatus
from logic import members, notifications
from logic.core.actor import Actor
from logic.core.errors import Conflict, Denied, Invalid, NotFound
from logic.members import ProfileInput, file
from logic.members.profile_changes import (
    ask_for_change,
    decide_change,
    list_own_changes,
    list_waiting_changes,
    withdraw_change,
)


async def test_contact_data_changes_at_once_but_the_legal_name_is_asked_for(chief: Actor, member: Actor) -> None:
    assert member.member_id is not None
    own = member.member_id
    await members.update_member(member, own, ProfileInput(phone='(623) 555-0101', city='Springfield'))
    assert (await members.get_member(member, own)).phone == '+16235550101'
    with pytest.raises(Denied, match='somebody else approves'):
        await members.update_member(member, own, ProfileInput(last_name='King'))
    with pytest.raises(Denied):
        await members.update_member(member, own, ProfileInput(joined_on='2001-01-01'))  # type: ignore[arg-type]
    wish = await ask_for_change(member, 'last_name', ' King ', 'Married')
    assert (await members.get_member(member, own)).last_name == 'Okafor'
    assert [notice.kind for notice in (await notifications.list_notices(chief)).rows] == ['profile_change_waiting']
    waiting = await list_waiting_changes(chief)
    assert [(one.before, one.after, one.may_decide) for one in waiting] == [('Okafor', 'King', True)]
    await decide_change(chief, wish.id, approve=True)
    assert (await members.get_member(member, own)).name == 'Jide King'
    assert [notice.kind for notice in (await notifications.list_notices(member)).rows] == ['profile_change_decided']
    with pytest.raises(Conflict, match='approved already'):
        await decide_change(chief, wish.id, approve=False, answer='No')


async def test_nobody_approves_his_own_change(chief: Actor, member: Actor) -> None:
    wish = await ask_for_change(chief, 'last_name', 'Bianchi')
    assert not (await list_waiting_changes(chief))[0].may_decide
    with pytest.raises(Denied, match='about yourself'):
        await decide_change(chief, wish.id, approve=True)


async def test_a_bank_account_is_asked_for_sealed_and_shown_masked(chief: Actor, member: Actor) -> None:
    wish = await ask_for_change(member, 'bank_account', 'DE89370400440532013000')
    assert b'3704' not in wish.after
    assert [(one.before, one.after) for one in await list_own_changes(member)] == [('', '•••• 3000')]
    await decide_change(chief, wish.id, approve=True)
    assert member.member_id is not None
    row = (await file.list_records(member, member.member_id, 'numbers')).rows[0]
    assert await file.reveal_number(member, row.id) == 'DE89370400440532013000'
    second = await ask_for_change(member, 'bank_account', 'GB82WEST12345698765432')
    await decide_change(chief, second.id, approve=True)
    rows = (await file.list_records(member, member.member_id, 'numbers')).rows
    assert [one.values['value'] for one in rows] == ['•••• 5432']


async def test_a_decline_says_why_and_changes_nothing(chief: Actor, member: Actor) -> None:
    wish = await ask_for_change(member, 'birth_on', '1990-02-03')
    with pytest.raises(Invalid):
        await decide_change(chief, wish.id, approve=False)
    decided = await decide_change(chief, wish.id, approve=False, answer='Bring the passport')
    assert decided.status is ProfileChangeStatus.DECLINED
    assert member.member_id is not None
    assert (await members.view_private_data(member, member.member_id)).birth_on is None
    assert (await list_own_changes(member))[0].answer == 'Bring the passport'


@pytest.mark.parametrize(
    ('field', 'value'),
    [('birth_on', 'yesterday'), ('birth_on', ''), ('last_name', ''), ('tax_id', '1'), ('status', 'active')],
)
async def test_a_wish_that_cannot_be_is_refused(member: Actor, field: str, value: str) -> None:
    with pytest.raises(Invalid):
        await ask_for_change(member, field, value)


async def test_one_wish_a_field_and_only_its_owner_takes_it_back(chief: Actor, member: Actor) -> None:
    wish = await ask_for_change(member, 'last_name', 'King')
    with pytest.raises(Conflict, match='Withdraw'):
        await ask_for_change(member, 'last_name', 'Queen')
    with pytest.raises(NotFound):
        await withdraw_change(chief, wish.id)
    await withdraw_change(member, wish.id)
    await ask_for_change(member, 'last_name', 'Queen')
    with pytest.raises(Conflict, match='already'):
        await ask_for_change(member, 'first_name', 'Jide')


async def test_a_wish_that_the_file_has_overtaken_is_not_carried_out(chief: Actor, member: Actor) -> None:
    wish = await ask_for_change(member, 'last_name', 'King')
    assert member.member_id is not None
    await members.update_member(chief, member.member_id, ProfileInput(last_name='Prince'))
    with pytest.raises(Conflict, match='changed after'):
        await decide_change(chief, wish.id, approve=True)

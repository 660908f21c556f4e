"""Invitations: how people get accounts, once each."""

from datetime import date, timedelta
from uuid import UUID

import pytest
import time_machine

from data.core import now
from data.members import Member, MemberStatus
from logic.core.actor import Actor
from logic.core.errors import Conflict, Denied, Invalid, NotFound
from logic.core.work import Work
from logic.identity import invitations, positions, sessions, sign_in
from logic.identity.events import InvitationAccepted, PersonInvited
from logic.identity.sign_in import Step
from logic.members.names import index_names
from tests.conftest import PASSWORD, House, person_with_account, run_as_service
from tests.logic.signing import VISITOR, give_password, signed_in, told

EMAIL = 'berta@example.org'
NEW = 'a wholly different sentence'


async def _add(work: Work, first: str, email: str | None, status: MemberStatus) -> UUID:
    row = Member(
        number=first, first_name=first, last_name='Kelley', email=email, status=status,
        status_since_on=date(2026, 1, 1), joined_on=date(2026, 1, 1),
    )  # fmt: skip
    index_names(row)
    work.add(row)
    await work.flush()
    return row.id


async def person(actor: Actor, email: str | None = EMAIL, status: MemberStatus = MemberStatus.ACTIVE) -> UUID:
    return await run_as_service(_add)(Actor.system(actor.organization_id), 'Berta', email, status)


async def test_an_invited_person_chooses_a_password_and_is_in(house: House):
    member_id = await person(house.chief)
    with told(PersonInvited, InvitationAccepted) as events:
        invited = await invitations.make_invitation(house.chief, member_id)
        info = await invitations.read_invitation(VISITOR, invited.token)
        assert (info.organization_name, info.email, info.has_account) == ('Riverside Fire', EMAIL, False)
        done = await invitations.accept_invitation(VISITOR, invited.token, NEW)
    actor = await sessions.actor_for(done.session.token)
    assert (actor.member_id, actor.organization_id) == (member_id, house.organization_id)
    assert actor.may('members.view')
    assert not actor.may('members.edit')
    assert events[0].token == invited.token
    assert events[1].invited_by_id == house.chief.account_id
    assert (await sign_in.sign_in(VISITOR, EMAIL, NEW)).step is Step.DONE


async def test_an_invitation_works_once_and_for_seven_days(house: House):
    invited = await invitations.make_invitation(house.chief, await person(house.chief))
    with time_machine.travel(now() + timedelta(days=7), tick=False), pytest.raises(NotFound):
        await invitations.read_invitation(VISITOR, invited.token)
    await invitations.accept_invitation(VISITOR, invited.token, NEW)
    with pytest.raises(NotFound):
        await invitations.accept_invitation(VISITOR, invited.token, NEW)


async def test_a_refused_password_leaves_the_invitation_usable(house: House):
    invited = await invitations.make_invitation(house.chief, await person(house.chief))
    with pytest.raises(Invalid, match='names or words'):
        await invitations.accept_invitation(VISITOR, invited.token, 'Berta Kelley Riverside')
    await invitations.accept_invitation(VISITOR, invited.token, NEW)


async def test_a_newer_invitation_and_a_withdrawal_end_the_older_one(house: House):
    member_id = await person(house.chief)
    first = await invitations.make_invitation(house.chief, member_id)
    second = await invitations.make_invitation(house.chief, member_id, 'other@example.org')
    with pytest.raises(NotFound):
        await invitations.read_invitation(VISITOR, first.token)
    assert [row.email for row in await invitations.list_invitations(house.chief)] == ['other@example.org']
    await invitations.cancel_invitation(house.chief, second.invitation_id)
    with pytest.raises(NotFound):
        await invitations.read_invitation(VISITOR, second.token)
    assert await invitations.list_invitations(house.chief) == []


async def test_an_invitation_needs_an_address_and_somebody_who_belongs_to_the_department(house: House, member: Actor):
    with pytest.raises(Invalid):
        await invitations.make_invitation(house.chief, await person(house.chief, None))
    with pytest.raises(Conflict):
        await invitations.make_invitation(house.chief, member.member_id)
    left = await run_as_service(_add)(Actor.system(house.organization_id), 'Lea', 'lea@example.org', MemberStatus.LEFT)
    with pytest.raises(Conflict):
        await invitations.make_invitation(house.chief, left)


async def test_an_invitation_gives_a_position_no_higher_than_the_inviters(house: House):
    member_id = await person(house.chief)
    deputy = await person_with_account(house.chief, 'Ada', 'Moss', 'ada@example.org', 'Administrator')
    by_name = {row.name: row for row in await positions.list_positions(house.chief)}
    with pytest.raises(Denied):
        await invitations.make_invitation(deputy, member_id, position_id=by_name['Owner'].id)
    invited = await invitations.make_invitation(deputy, member_id, position_id=by_name['Secretary'].id)
    done = await invitations.accept_invitation(VISITOR, invited.token, NEW)
    assert (await sessions.actor_for(done.session.token)).may('members.add')


async def test_who_has_an_account_elsewhere_signs_in_and_joins(house: House, stranger: Actor):
    member_id = await person(stranger, 'elena@example.org')
    invited = await invitations.make_invitation(stranger, member_id)
    assert (await invitations.read_invitation(VISITOR, invited.token)).has_account
    with pytest.raises(Conflict, match='Sign in'):
        await invitations.accept_invitation(VISITOR, invited.token, NEW)
    elena, token = await signed_in()
    organization_id = await invitations.accept_as_myself(elena, invited.token)
    await sessions.switch_organization(elena, organization_id)
    there = await sessions.actor_for(token)
    assert (there.organization_id, there.member_id) == (stranger.organization_id, member_id)
    assert not there.may('members.edit')


async def test_nobody_joins_a_department_twice(house: House, member: Actor):
    await give_password(member.account_id)
    jide, _ = await signed_in('jide@example.org')
    invited = await invitations.make_invitation(house.chief, await person(house.chief))
    with pytest.raises(Conflict, match='already'):
        await invitations.accept_as_myself(jide, invited.token)


async def test_only_who_looks_after_access_invites_and_only_in_his_own_department(
    house: House, member: Actor, stranger: Actor
):
    member_id = await person(house.chief)
    with pytest.raises(Denied):
        await invitations.make_invitation(member, member_id)
    with pytest.raises(NotFound):
        await invitations.make_invitation(stranger, member_id)


async def test_any_text_as_invitation_is_refused(house: House):
    for token in ('', 'x', PASSWORD, '\ud800', 'x' * 9999):
        with pytest.raises(NotFound):
            await invitations.read_invitation(VISITOR, token)

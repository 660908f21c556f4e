"""What people are told about access: by mail and in the bell."""

from sqlmodel import select

from data.notifications import Mail, Notice
from logic.core.actor import Actor
from logic.core.work import Work
from logic.identity import credentials, invitations, resets, sign_in
from tests.conftest import PASSWORD, House, run_as_service
from tests.logic.signing import EMAIL, VISITOR, mail_is_set_up, signed_in
from tests.logic.test_invitations import person

assert mail_is_set_up


async def _mails(work: Work):
    return [(row.recipient, row.kind) for row in await work.all(select(Mail).order_by(Mail.created_at))]


async def _notices(work: Work):
    return [(row.account_id, row.kind, row.title) for row in await work.all(select(Notice))]


async def mails() -> list[tuple[str, str]]:
    return await run_as_service(_mails)(Actor.system())


async def test_an_invitation_is_mailed_and_its_acceptance_told_to_who_invited(house: House, mail_is_set_up):
    invited = await invitations.make_invitation(house.chief, await person(house.chief))
    assert await mails() == [('berta@example.org', 'invitation')]
    await invitations.accept_invitation(VISITOR, invited.token, 'a wholly different sentence')
    notices = await run_as_service(_notices)(Actor.system(house.organization_id))
    assert (house.chief.account_id, 'invitation_accepted', 'Berta Kelley accepted your invitation') in notices


async def test_who_chooses_his_first_password_is_told_nothing_and_who_changes_it_is(house: House, mail_is_set_up):
    invited = await invitations.make_invitation(house.chief, await person(house.chief))
    done = await invitations.accept_invitation(VISITOR, invited.token, 'a wholly different sentence')
    system = Actor.system(house.organization_id)
    assert done.account_id not in [account for account, _, _ in await run_as_service(_notices)(system)]
    assert ('berta@example.org', 'password_changed') not in await mails()
    await resets.set_password_by_command('berta@example.org', 'another wholly different one')
    told = [kind for account, kind, _ in await run_as_service(_notices)(system) if account == done.account_id]
    assert told == ['password_changed']
    assert ('berta@example.org', 'password_changed') in await mails()


async def test_a_reset_link_is_mailed_to_a_known_address_only(house: House, mail_is_set_up):
    for email in (EMAIL, 'nobody@example.org'):
        await run_as_service(resets.mail_reset_link.function)(Actor.system(), email)
    assert await mails() == [(EMAIL, 'password_reset')]


async def test_a_changed_password_is_told_by_mail_and_in_the_bell(house: House, mail_is_set_up):
    actor, _ = await signed_in()
    await credentials.change_password(actor, PASSWORD, 'a wholly different sentence')
    assert await mails() == [(EMAIL, 'password_changed')]
    notices = await run_as_service(_notices)(Actor.system(house.organization_id))
    assert [(account, kind) for account, kind, _ in notices] == [(house.chief.account_id, 'password_changed')]


async def test_a_second_browser_is_told_and_the_first_one_and_a_known_one_are_not(house: House, mail_is_set_up):
    first = await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)
    await sign_in.sign_in(VISITOR, EMAIL, PASSWORD, device=first.device)
    assert await mails() == []
    await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)
    assert await mails() == [(EMAIL, 'new_device')]


async def test_without_mail_everything_else_still_happens(house: House):
    actor, _ = await signed_in()
    await credentials.change_password(actor, PASSWORD, 'a wholly different sentence')
    assert await mails() == []

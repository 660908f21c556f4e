"""A person from whom mail comes back: shown to himself and to who keeps his file, and released by the latter."""

from collections.abc import Iterator

import pytest

from logic import home, mail, members
from logic.core import config
from logic.core.actor import Actor
from logic.core.errors import Conflict, Denied, NotFound
from logic.core.jobs import Runner
from logic.members import ProfileInput
from tests.conftest import House, person_with_account
from tests.logic.members.conftest import Add
from tests.logic.test_bounces import note, report, sent
from tests.logic.test_mail import set_up
from tests.servers import Mailbox

ADDRESS = 'ann@example.org'


@pytest.fixture
def post(mailbox: Mailbox) -> Iterator[Mailbox]:
    set_up(mailbox.port)
    yield mailbox
    config.configure(None)


async def refused(actor: Actor, person: Actor) -> list[str]:
    assert person.member_id
    return [one.address for one in (await members.get_member(actor, person.member_id)).refused]


async def waiting(actor: Actor) -> list[str]:
    return [item.text for item in (await home.waiting_for_me(actor)).rows if item.kind == 'address']


async def test_who_keeps_the_file_sees_that_mail_comes_back_and_has_it_sent_again(
    house: House, member: Actor, post: Mailbox
) -> None:
    ann = await person_with_account(house.chief, 'Ann', 'Berg', ADDRESS, 'Member')
    assert ann.member_id
    row = await sent(house, ADDRESS)
    assert (await refused(house.chief, ann), await waiting(house.chief)) == ([], [])
    await note(house.chief, report(row.id))
    assert await refused(house.chief, ann) == await refused(ann, ann) == [ADDRESS]
    assert await refused(member, ann) == []  # a colleague is not told
    clerk = await person_with_account(house.chief, 'Sue', 'Clerk', 'sue@example.org', 'Secretary')
    assert await waiting(house.chief) == await waiting(clerk) == ['E-mail to Ann Berg comes back']
    assert await waiting(member) == []
    for nobody in (member, ann):
        with pytest.raises(Denied):
            await members.release_address(nobody, ann.member_id, ADDRESS)
    await members.release_address(house.chief, ann.member_id, ADDRESS)
    assert (await refused(house.chief, ann), await waiting(house.chief)) == ([], [])
    await sent(house, ADDRESS)
    assert len(post.to(ADDRESS)) == 2
    with pytest.raises(Conflict):
        await members.release_address(house.chief, ann.member_id, ADDRESS)


async def test_a_changed_address_is_written_to_and_the_old_one_no_address_of_his_any_more(
    house: House, add: Add, post: Mailbox
) -> None:
    ann = await add('Ann', 'Berg', email=ADDRESS)
    await note(house.chief, report((await sent(house, ADDRESS)).id))
    await members.update_member(house.chief, ann.id, ProfileInput(email='ann.berg@example.org'))
    assert (await members.get_member(house.chief, ann.id)).refused == []
    with pytest.raises(Conflict):  # it is nobody's here: no list of addresses can be tried out
        await members.release_address(house.chief, ann.id, ADDRESS)
    await sent(house, 'ann.berg@example.org')
    assert len(post.to('ann.berg@example.org')) == 1


async def test_another_department_neither_sees_nor_releases(
    house: House, stranger: Actor, add: Add, post: Mailbox
) -> None:
    ann = await add('Ann', 'Berg', email=ADDRESS)
    await note(house.chief, report((await sent(house, ADDRESS)).id))
    with pytest.raises(NotFound):
        await members.release_address(stranger, ann.id, ADDRESS)
    assert await waiting(stranger) == []


async def test_mail_that_comes_back_to_another_department_is_no_matter_here(
    house: House, stranger: Actor, add: Add, post: Mailbox
) -> None:
    ann = await add('Ann', 'Berg', email=ADDRESS)
    row = await mail.send_test(stranger, ADDRESS)
    await Runner().run_until_idle()
    await mail.mark_bounced(stranger, row.id, 'Told by Hillside')
    assert (await members.get_member(house.chief, ann.id)).refused == []
    assert await waiting(house.chief) == []
    with pytest.raises(Conflict):
        await members.release_address(house.chief, ann.id, ADDRESS)


async def test_an_address_that_the_server_refused_and_somebody_said_is_none_is_told_of_once(
    house: House, add: Add, post: Mailbox
) -> None:
    ann = await add('Ann', 'Berg', email=ADDRESS)
    row = await sent(house, ADDRESS)
    post.refuse = '550 5.1.1 No such user'
    await sent(house, ADDRESS)
    assert [one.address for one in (await members.get_member(house.chief, ann.id)).refused] == [ADDRESS]
    assert len(await waiting(house.chief)) == 1
    await mail.mark_bounced(house.chief, row.id, 'Moved away')
    assert [one.address for one in (await members.get_member(house.chief, ann.id)).refused] == [ADDRESS]
    assert await waiting(house.chief) == ['E-mail to Ann Berg comes back']
    await members.release_address(house.chief, ann.id, ADDRESS)
    assert await waiting(house.chief) == []

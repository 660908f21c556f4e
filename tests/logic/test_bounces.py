"""A mail that comes back later marks its address: of a report of a mail server, one thing only is believed."""

import asyncio
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from data.notifications import Mail, MailStatus, RefusedAddress
from logic import mail
from logic.core import config
from logic.core.actor import Actor
from logic.core.errors import Conflict, Denied, Invalid, NotFound
from logic.core.jobs import Runner
from logic.core.work import Work
from logic.identity import resets
from logic.mail.bounces import refuse
from tests.conftest import House, run_as_service
from tests.logic.test_mail import WORDS, set_up
from tests.servers import Mailbox

REPORT = """From: MAILER-DAEMON@relay.example.org
To: logbook@riverside.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

This is the mail system. I'm sorry to have to inform you.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example.org
{envelope}
Arrival-Date: Mon, 30 Nov 2026 04:00:00 +0000

Final-Recipient: rfc822; somebody-else@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {code} {status} No mailbox
 here by that name

--B
Content-Type: text/rfc822-headers

{headers}
Subject: Riverside Fire invites you

--B--
"""


@pytest.fixture
def post(mailbox: Mailbox) -> Iterator[Mailbox]:
    mailbox.reports = True
    set_up(mailbox.port)
    yield mailbox
    config.configure(None)


def report(
    mail_id: UUID, *, action: str = 'failed', status: str = '5.1.1', code: int = 550, by_headers: bool = False
) -> bytes:
    envelope = '' if by_headers else f'Original-Envelope-Id: {mail_id.hex}'
    headers = f'Message-ID: <{mail_id.hex}@riverside.example>' if by_headers else 'X-Nothing: here'
    text = REPORT.format(envelope=envelope, headers=headers, action=action, status=status, code=code)
    return text.replace('\n\n\n', '\n\n').replace('example.org\n\nArrival', 'example.org\nArrival').encode()


async def sent(house: House, to: str = 'jide@example.org') -> Mail:
    row = await mail.send(Actor.system(house.organization_id), to, 'invitation', **WORDS)
    assert row is not None
    await Runner().run_until_idle()
    return row


async def note(actor: Actor, content: bytes) -> Mail:
    """Hand in a report, as the API does."""
    return await mail.note_bounce(actor, await mail.read_report(content))


async def listed(house: House) -> list[tuple[str, MailStatus]]:
    rows = (await mail.list_mails(house.chief, mail.outbox.ListQuery())).rows
    return [(row.recipient, row.status) for row in rows]


async def test_a_mail_server_that_can_is_asked_to_report_by_our_id(house: House, post: Mailbox) -> None:
    row = await sent(house)
    assert post.asked == ['RET=HDRS', f'ENVID={row.id.hex}', 'NOTIFY=FAILURE']
    post.reports, post.asked = False, []
    await sent(house)
    assert len(post.messages) == 2


@pytest.mark.parametrize('by_headers', [False, True])
async def test_a_reported_mail_came_back_and_nothing_more_is_sent_there(
    house: House, post: Mailbox, by_headers: bool
) -> None:
    row = await sent(house)
    await note(house.chief, report(row.id, by_headers=by_headers))
    assert await listed(house) == [('jide@example.org', MailStatus.BOUNCED)]
    await sent(house, 'JIDE@example.org')
    await sent(house, 'somebody-else@example.org')  # what the report says of addresses is not believed
    assert [status for _, status in await listed(house)] == [MailStatus.SENT, MailStatus.HELD, MailStatus.BOUNCED]


@pytest.mark.parametrize(('status', 'code'), [('5.2.2', 552), ('5.7.1', 550), ('5.4.4', 550)])
async def test_a_full_mailbox_or_a_suspicion_of_spam_does_not_mark_the_address(
    house: House, post: Mailbox, status: str, code: int
) -> None:
    row = await sent(house)
    await note(house.chief, report(row.id, status=status, code=code))
    await sent(house)
    assert [one for _, one in await listed(house)] == [MailStatus.SENT, MailStatus.BOUNCED]


async def test_the_same_report_twice_does_not_undo_a_release(house: House, post: Mailbox) -> None:
    row = await sent(house)
    await note(house.chief, report(row.id))
    await run_as_service(mail.release)(Actor.system(house.organization_id), 'jide@example.org')  # type: ignore[arg-type, call-arg]
    await note(house.chief, report(row.id))
    await sent(house)
    assert [one for _, one in await listed(house)] == [MailStatus.SENT, MailStatus.BOUNCED]


async def test_what_is_no_report_of_a_failed_mail_of_ours_changes_nothing(
    house: House, stranger: Actor, member: Actor, post: Mailbox
) -> None:
    row = await sent(house)
    deep = ''.join(f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(4000))
    for content in (
        report(row.id, action='delayed'),
        report(row.id).replace(b'message/delivery-status', b'text/plain'),
        b'Content-Type: message/delivery-status\n\n\n', b'', b'\xff\x00' * 1000, deep.encode(),
    ):  # fmt: skip
        with pytest.raises(Invalid):
            await note(house.chief, content)
    with pytest.raises(NotFound):
        await note(house.chief, report(uuid4()))
    with pytest.raises(NotFound):
        await note(stranger, report(row.id))
    with pytest.raises(Denied):
        await note(member, report(row.id))
    assert await listed(house) == [('jide@example.org', MailStatus.SENT)]


async def test_a_mail_that_came_back_to_a_person_is_marked_by_hand(house: House, post: Mailbox) -> None:
    row = await sent(house)
    await mail.mark_bounced(house.chief, row.id, 'She has\r\nmoved away')
    (marked,) = (await mail.list_mails(house.chief, mail.outbox.ListQuery())).rows
    assert (marked.status, marked.error) == (MailStatus.BOUNCED, 'She has moved away')
    with pytest.raises(Conflict):
        await mail.mark_bounced(house.chief, row.id, 'Again')
    with pytest.raises(Conflict):  # its text is gone: it cannot be sent anew
        await mail.retry_mail(house.chief, row.id)


# One installation, several departments

TOLD = 'Told by Hillside'


async def _refused_to(work: Work, address: str) -> list[tuple[UUID | None, str]]:
    rows = await work.all(select(RefusedAddress).where(col(RefusedAddress.address) == address))
    return [(row.organization_id, row.reason) for row in rows]


async def _mails_to(work: Work, address: str) -> list[Mail]:
    return await work.all(select(Mail).where(col(Mail.recipient) == address).order_by(col(Mail.created_at)))


refused_to: Any = run_as_service(_refused_to)  # type: ignore[arg-type]
mails_to: Any = run_as_service(_mails_to)  # type: ignore[arg-type]
refuse_mail: Any = run_as_service(refuse)  # type: ignore[arg-type]
REFUSED = '550 5.1.1 No such user'


async def reset_of(email: str) -> Mail:
    """Ask for a new password as anybody may, and let the mail of it go."""
    await resets.ask_for_reset(Actor.public('198.51.100.7'), email)
    await Runner().run_until_idle()
    return (await mails_to(Actor.system(), email))[-1]  # type: ignore[no-any-return]


async def test_a_department_that_says_an_address_came_back_holds_no_mail_of_another_nor_of_the_installation(
    house: House, stranger: Actor, post: Mailbox
) -> None:
    told = await mail.send_test(stranger, 'elena@example.org')
    await Runner().run_until_idle()
    await mail.mark_bounced(stranger, told.id, TOLD)
    ours = await sent(house, 'elena@example.org')
    reset = await reset_of('elena@example.org')
    theirs = await mail.send_test(stranger, 'elena@example.org')
    states = {row.id: (row.status, row.error) for row in await mails_to(Actor.system(), 'elena@example.org')}
    assert (states[ours.id], states[reset.id]) == ((MailStatus.SENT, ''), (MailStatus.SENT, ''))
    assert reset.organization_id is None
    assert states[theirs.id][0] is MailStatus.HELD
    assert TOLD in states[theirs.id][1]
    assert TOLD not in str((await mail.mail_state(house.chief)).last_error)
    assert len(post.to('elena@example.org')) == 3


async def test_a_report_of_one_departments_mail_holds_that_departments_mail_only(
    house: House, stranger: Actor, post: Mailbox
) -> None:
    told = await mail.send_test(stranger, 'jide@example.org')
    await Runner().run_until_idle()
    await note(stranger, report(told.id))
    await sent(house)
    assert await listed(house) == [('jide@example.org', MailStatus.SENT)]
    assert [whose for whose, _ in await refused_to(Actor.system(), 'jide@example.org')] == [stranger.organization_id]


async def test_a_mail_of_the_installation_that_came_back_is_marked_and_its_address_stays_good(
    house: House, stranger: Actor, post: Mailbox
) -> None:
    reset = await reset_of('elena@example.org')
    assert (await note(stranger, report(reset.id))).status is MailStatus.BOUNCED
    assert await refused_to(Actor.system(), 'elena@example.org') == []
    assert (await reset_of('elena@example.org')).status is MailStatus.SENT


async def test_by_hand_nobody_marks_a_mail_of_the_installation_or_of_another_department(
    house: House, stranger: Actor, post: Mailbox
) -> None:
    for row in (await reset_of('elena@example.org'), await sent(house)):
        with pytest.raises(NotFound):
            await mail.mark_bounced(stranger, row.id, TOLD)


async def test_what_the_mail_server_itself_refuses_holds_the_mail_of_all_until_one_has_it_tried_again(
    house: House, stranger: Actor, post: Mailbox
) -> None:
    post.refuse = REFUSED
    await mail.send_test(stranger, 'elena@example.org')
    await Runner().run_until_idle()
    post.refuse = ''
    ours = await sent(house, 'elena@example.org')
    reset = await reset_of('elena@example.org')
    assert (ours.status, reset.status) == (MailStatus.HELD, MailStatus.HELD)
    assert [whose for whose, _ in await refused_to(Actor.system(), 'elena@example.org')] == [None]
    await mail.retry_mail(house.chief, ours.id)
    assert (await reset_of('elena@example.org')).status is MailStatus.SENT


async def test_a_department_that_has_an_address_tried_again_leaves_what_another_was_told(
    house: House, stranger: Actor, post: Mailbox
) -> None:
    told = await mail.send_test(stranger, 'jide@example.org')
    await Runner().run_until_idle()
    await mail.mark_bounced(stranger, told.id, TOLD)
    row = await sent(house)
    await mail.mark_bounced(house.chief, row.id, 'Moved away')
    await run_as_service(mail.release)(Actor.system(house.organization_id), 'jide@example.org')  # type: ignore[arg-type, call-arg]
    assert await refused_to(Actor.system(), 'jide@example.org') == [(stranger.organization_id, TOLD)]


async def test_the_state_tells_a_department_no_error_of_a_mail_of_the_installation(
    house: House, stranger: Actor, post: Mailbox
) -> None:
    post.refuse = REFUSED
    reset = await reset_of('elena@example.org')
    assert (reset.status, '550' in reset.error) == (MailStatus.BOUNCED, True)
    for actor in (stranger, house.chief):
        assert (await mail.mail_state(actor)).last_error == ''
    await mail.send_test(house.chief, 'nobody@example.org')
    await Runner().run_until_idle()
    assert '550' in (await mail.mail_state(house.chief)).last_error
    assert (await mail.mail_state(stranger)).last_error == ''


async def test_an_address_that_is_refused_twice_at_once_is_remembered_once_for_each_who_says_so(house: House) -> None:
    for told in (None, house.organization_id):
        twice = (refuse_mail(Actor.system(), 'JIDE@example.org', REFUSED, told=told) for _ in range(4))
        outcomes = await asyncio.gather(*twice, return_exceptions=True)
        assert [one for one in outcomes if one is not None and not isinstance(one, Conflict)] == []
        assert None in outcomes
    stored = await refused_to(Actor.system(), 'jide@example.org')
    assert sorted(stored, key=str) == sorted([(None, REFUSED), (house.organization_id, REFUSED)], key=str)


# Reports that were made to be slow


async def test_a_report_is_read_beside_the_loop_which_goes_on_meanwhile() -> None:
    slow = REPORT.split('Reporting-MTA', maxsplit=1)[0].encode() + b'A:b\n\n' * 50_000
    reading = asyncio.create_task(mail.read_report(slow))
    turns = 0
    while not reading.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 10
    with pytest.raises(Invalid):
        reading.result()


async def test_of_a_report_the_first_64_kilobytes_are_read(house: House, post: Mailbox) -> None:
    row = await sent(house)
    with pytest.raises(Invalid):
        await note(house.chief, report(row.id).replace(b"I'm sorry", b'x' * 64_000))
    await note(house.chief, report(row.id) + b'The whole mail follows.' * 10_000)
    assert await listed(house) == [('jide@example.org', MailStatus.BOUNCED)]

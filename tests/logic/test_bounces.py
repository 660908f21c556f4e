"""A mail that comes back later marks its address: of a report of a mail server, one thing only is believed."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from data.notifications import Mail, MailStatus
from logic import mail
from logic.core import config
from logic.core.actor import Actor
from logic.core.errors import Conflict, Denied, Invalid, NotFound
from logic.core.jobs import Runner
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
    await mail.note_bounce(house.chief, report(row.id, by_headers=by_headers))
    assert await listed(house) == [('jide@example.org', MailStatus.BOUNCED)]
    await sent(house, 'JIDE@example.org')
    await sent(house, 'somebody-else@example.org')  # what the report says of addresses is not believed
    assert [status for _, status in await listed(house)] == [MailStatus.SENT, MailStatus.HELD, MailStatus.BOUNCED]


@pytest.mark.parametrize(('status', 'code'), [('5.2.2', 552), ('5.7.1', 550), ('5.4.4', 550)])
async def test_a_full_mailbox_or_a_suspicion_of_spam_does_not_mark_the_address(
    house: House, post: Mailbox, status: str, code: int
) -> None:
    row = await sent(house)
    await mail.note_bounce(house.chief, report(row.id, status=status, code=code))
    await sent(house)
    assert [one for _, one in await listed(house)] == [MailStatus.SENT, MailStatus.BOUNCED]


async def test_the_same_report_twice_does_not_undo_a_release(house: House, post: Mailbox) -> None:
    row = await sent(house)
    await mail.note_bounce(house.chief, report(row.id))
    await run_as_service(mail.release)(Actor.system(house.organization_id), 'jide@example.org')  # type: ignore[arg-type, call-arg]
    await mail.note_bounce(house.chief, report(row.id))
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
            await mail.note_bounce(house.chief, content)
    with pytest.raises(NotFound):
        await mail.note_bounce(house.chief, report(uuid4()))
    with pytest.raises(NotFound):
        await mail.note_bounce(stranger, report(row.id))
    with pytest.raises(Denied):
        await mail.note_bounce(member, report(row.id))
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

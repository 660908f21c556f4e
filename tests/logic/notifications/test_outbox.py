"""The outbox: what became of each mail, addresses that were refused, and trying again."""

from typing import Any

import pytest

from data.notifications import Mail, MailStatus
from logic import mail, notifications
from logic.core.actor import Actor
from logic.core.errors import Conflict, Denied, Invalid, NotFound
from logic.core.listing import ListQuery
from logic.mail import WordingInput, smtp
from tests.conftest import House, run_as_service
from tests.logic.notifications.post import TASK, BlackHole, all_mails, pass_time, set_up_mail, tell
from tests.servers import Mailbox

WORDS = WordingInput(subject='Neu: {{title}}', body='Guten Tag {{name}},\n\n{{body}}', button='Öffnen')


async def test_a_refused_address_is_marked_and_later_mail_to_it_is_held_until_somebody_says_again(
    house: House, member: Actor, post: Mailbox
):
    post.refuse = '550 5.1.1 No such user'
    await tell(member, 'One')
    await pass_time()
    post.refuse = ''
    await tell(member, 'Two')
    await pass_time()
    one, two = await all_mails()
    assert (one.status, two.status) == (MailStatus.BOUNCED, MailStatus.HELD)
    assert '550' in two.error
    assert post.messages == []
    await mail.retry_mail(house.chief, two.id)
    await mail.retry_mail(house.chief, one.id)
    await tell(member, 'Three')
    await pass_time()
    assert sorted(message['Subject'] for message in post.messages) == ['One', 'Three', 'Two']
    assert {row.status for row in await all_mails()} == {MailStatus.SENT}
    assert {message['Message-ID'] for message in post.messages} == {row.message_id for row in await all_mails()}


async def test_only_what_failed_is_tried_again_and_only_by_who_may(
    house: House, member: Actor, stranger: Actor, post: Mailbox
):
    await tell(member, 'One')
    await pass_time()
    (row,) = await all_mails()
    with pytest.raises(Conflict):
        await mail.retry_mail(house.chief, row.id)
    with pytest.raises(Denied):
        await mail.retry_mail(member, row.id)
    with pytest.raises(NotFound):
        await mail.retry_mail(stranger, row.id)


async def test_the_outbox_shows_the_mails_of_its_own_department(
    house: House, member: Actor, stranger: Actor, post: Mailbox
):
    await tell(member, 'Check engine 1')
    await tell(stranger, 'Secret of the others')
    await pass_time()
    rows = (await mail.list_mails(house.chief, ListQuery(q='engine'))).rows
    assert [(row.subject, row.account_id, row.status) for row in rows] == [
        ('Check engine 1', member.account_id, MailStatus.SENT)
    ]
    assert (await mail.list_mails(house.chief, ListQuery(q='Secret'))).total == 0
    assert (await mail.list_mails(house.chief, ListQuery(filters={'status': ['failed']}))).total == 0


async def test_a_mail_server_that_is_a_black_hole_for_a_day_loses_nothing(
    member: Actor, black_hole: BlackHole, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
):
    for number in range(3):
        await tell(member, f'Notice {number}', object_type='Thing', object_id=new(number))
    monkeypatch.setattr(smtp, 'REST_SECONDS', 3600)  # or it would be over by itself where all this takes long
    for _ in range(3):
        await pass_time()
    waiting = await all_mails()
    assert black_hole.calls == 3  # as many as run at once: what follows does not wait for nothing anew
    smtp._rest[1] = 0.0  # half a minute later
    await pass_time()
    assert black_hole.calls > 3
    assert {row.status for row in waiting} == {MailStatus.QUEUED}
    assert all('no answer within' in row.error for row in waiting)
    set_up_mail(mailbox.port)
    await pass_time()
    assert sorted(message['Subject'] for message in mailbox.messages) == ['Notice 0', 'Notice 1', 'Notice 2']


def new(number: int) -> Any:
    from uuid import UUID

    return UUID(int=number + 1)


async def test_a_mail_whose_receipt_was_never_heard_is_not_sent_again_by_itself(
    house: House, member: Actor, post: Mailbox
):
    await tell(member, 'Under way when the power went')
    await notifications_written()
    (row,) = await all_mails()
    await run_as_service(_mark_sending)(Actor.system(house.organization_id), row.id)  # type: ignore[call-arg, arg-type]
    await pass_time()
    (row,) = await all_mails()
    assert (row.status, post.messages) == (MailStatus.UNCERTAIN, [])
    await mail.retry_mail(house.chief, row.id)
    await pass_time()
    assert [message['Message-ID'] for message in post.messages] == [row.message_id]


async def test_a_mail_server_that_falls_silent_after_the_text_may_have_it_and_gets_it_once(
    house: House, member: Actor, post: Mailbox, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(smtp, 'RECEIPT_SECONDS', 0.3)
    post.is_silent = True
    await tell(member, 'Perhaps it has arrived')
    await pass_time()
    (row,) = await all_mails()
    assert row.status is MailStatus.UNCERTAIN
    post.is_silent = False
    await pass_time()
    assert [message['Subject'] for message in post.messages] == ['Perhaps it has arrived']


async def _mark_sending(work: Any, mail_id: Any) -> None:
    (await work.get(Mail, mail_id)).status = MailStatus.SENDING


async def notifications_written() -> None:
    """Let the mails be written, but not sent."""
    from logic.mail.delivery import deliver

    real = deliver.function
    object.__setattr__(deliver, 'function', _not_now)
    try:
        await pass_time()
    finally:
        object.__setattr__(deliver, 'function', real)


async def _not_now(*_: Any) -> None:
    from logic.core.errors import Unavailable

    raise Unavailable('Not now.')


# Wording


async def test_a_department_words_its_mails_and_a_reader_gets_his_language(house: House, member: Actor, post: Mailbox):
    await mail.word_mail(house.chief, f'notice:{TASK}', 'en', WORDS)
    await tell(member, 'Motor prüfen', body='Bis Freitag.')
    await pass_time()
    (message,) = post.messages
    assert message['Subject'] == 'Neu: Motor prüfen'
    assert 'Guten Tag Jide Okafor,' in message.get_body(('plain',)).get_content()
    await mail.reset_wording(house.chief, f'notice:{TASK}', 'en')
    await tell(member, 'Engine')
    await pass_time()
    assert post.messages[1]['Subject'] == 'Engine'


@pytest.mark.parametrize('subject', ['{{password}}', '{{ title }}', '{{title', 'x {{__class__}}'])
async def test_a_text_that_names_what_a_mail_does_not_have_is_refused(house: House, subject: str):
    with pytest.raises(Invalid):
        await mail.word_mail(house.chief, 'notice', 'en', WORDS.model_copy(update={'subject': subject}))


async def test_the_preview_shows_what_i_was_really_told_and_can_be_sent_to_me(
    house: House, member: Actor, post: Mailbox
):
    await tell(house.chief, 'Only for the chief <b>')
    drawn = await notifications.preview_mail(house.chief, f'notice:{TASK}', 'en', WORDS)
    assert drawn.subject == 'Neu: Only for the chief <b>'
    assert 'Only for the chief &lt;b&gt;' in drawn.html
    await notifications.send_preview(house.chief, 'digest', 'en', await mail.get_wording(house.chief, 'digest', 'en'))
    await pass_time()
    assert 'Riverside Fire: your day' in [message['Subject'] for message in post.to('elena@example.org')]
    with pytest.raises(Denied):
        await notifications.preview_mail(member, 'digest', 'en', WORDS)

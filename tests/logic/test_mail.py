"""Mail goes out after its transaction, once, whatever the mail server does, and says nothing it should not."""

import email
import email.policy
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import select

from data.core import new_id, now
from data.database import EVERYWHERE, database
from data.notifications import Mail, MailStatus
from data.work import JobRow, JobStatus
from logic import mail
from logic.core import config
from logic.core.actor import Actor
from logic.core.config import Settings
from logic.core.errors import Denied, Invalid, Unavailable
from logic.core.jobs import Runner
from logic.mail import delivery, smtp
from tests.conftest import House
from tests.servers import Mailbox, free_port

WORDS = {
    'name': 'Jide',
    'inviter': 'Elena Rossi',
    'until': '27 November',
    'link': 'http://localhost:8080/invitation/abc',
}


@pytest.fixture(autouse=True)
def forget_settings() -> Iterator[None]:
    yield
    config.configure(None)


def set_up(port: int | None) -> None:
    address = None if port is None else f'smtp://127.0.0.1:{port}'
    config.configure(Settings(_env_file=None, smtp_url=address, mail_from='logbook@riverside.example'))  # type: ignore[call-arg]


async def only_mail() -> Mail:
    async with database().read(EVERYWHERE) as session:
        return (await session.exec(select(Mail))).one()


async def make_due() -> None:
    async with database().write(EVERYWHERE) as session:
        for row in await session.exec(select(JobRow).where(JobRow.status == JobStatus.WAITING)):
            row.run_at = now() - timedelta(seconds=1)
            session.add(row)
        await session.commit()


async def test_a_mail_arrives_as_text_and_html_from_the_department(house: House, mailbox: Mailbox) -> None:
    set_up(mailbox.port)
    await mail.send(Actor.system(house.organization_id), 'jide@example.org', 'invitation', **WORDS)
    await Runner().run_until_idle()
    (message,) = mailbox.to('jide@example.org')
    assert message['From'] == 'Riverside Fire <logbook@riverside.example>'
    assert message['Subject'] == 'Riverside Fire invites you to Logbook'
    assert message['Auto-Submitted'] == 'auto-generated'
    text = message.get_body(('plain',)).get_content()  # type: ignore[union-attr]
    html = message.get_body(('html',)).get_content()  # type: ignore[union-attr]
    for part in (text, html):
        assert 'http://localhost:8080/invitation/abc' in part
        assert 'Elena Rossi' in part
    row = await only_mail()
    assert (row.status, row.body, row.error) == (MailStatus.SENT, b'', '')


async def test_the_text_of_a_waiting_mail_is_sealed(house: House) -> None:
    set_up(free_port())
    await mail.send(Actor.system(house.organization_id), 'jide@example.org', 'invitation', **WORDS)
    row = await only_mail()
    assert b'invitation/abc' not in row.body
    assert len(row.body) > 100


async def test_a_mail_waits_for_its_server_and_keeps_its_id(house: House, mailbox: Mailbox) -> None:
    set_up(free_port())
    await mail.send(Actor.system(house.organization_id), 'jide@example.org', 'invitation', **WORDS)
    runner = Runner()
    await runner.run_until_idle()
    row = await only_mail()
    assert row.status is MailStatus.QUEUED
    assert 'cannot be reached' in row.error
    set_up(mailbox.port)
    mailbox.refuse = '451 Try again later'
    await make_due()
    await runner.run_until_idle()
    assert '451' in (await only_mail()).error
    mailbox.refuse = ''
    await make_due()
    await runner.run_until_idle()
    assert [message['Message-ID'] for message in mailbox.messages] == [row.message_id]
    assert (await only_mail()).status is MailStatus.SENT
    await make_due()
    await runner.run_until_idle()
    assert len(mailbox.messages) == 1


async def test_a_mail_that_the_server_refuses_for_good_is_not_tried_again(house: House, mailbox: Mailbox) -> None:
    set_up(mailbox.port)
    mailbox.refuse = '550 No such user'
    await mail.send(Actor.system(house.organization_id), 'nobody@example.org', 'invitation', **WORDS)
    await Runner().run_until_idle()
    row = await only_mail()
    assert row.status is MailStatus.BOUNCED
    assert '550' in row.error


async def test_without_a_mail_server_nothing_is_stored_and_the_state_says_so(house: House) -> None:
    set_up(None)
    assert not mail.is_set_up()
    assert await mail.send(Actor.system(house.organization_id), 'jide@example.org', 'invitation', **WORDS) is None
    assert (await mail.mail_state(house.chief)).is_set_up is False
    with pytest.raises(Unavailable, match='LOGBOOK_SMTP_URL'):
        await mail.send_test(house.chief, 'elena@example.org')


async def test_the_state_counts_what_waits_and_what_failed(house: House, mailbox: Mailbox) -> None:
    set_up(mailbox.port)
    await mail.send_test(house.chief, 'elena@example.org')
    assert (await mail.mail_state(house.chief)).waiting == 1
    await Runner().run_until_idle()
    state = await mail.mail_state(house.chief)
    assert (state.is_set_up, state.waiting, state.failed) == (True, 0, 0)
    assert state.last_sent_at is not None


async def test_a_mail_server_whose_certificate_nobody_vouches_for_gets_no_mail(
    tls_mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv('SSL_CERT_FILE')
    set_up(tls_mailbox.port)
    with pytest.raises(mail.Refusal, match='certificate'):
        await mail.greet(config.configured())


async def test_the_state_says_that_mail_leaves_without_encryption_until_it_no_longer_does(
    house: House, mailbox: Mailbox, tls_mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(mailbox.port)
    await mail.send_test(house.chief, 'elena@example.org')
    await Runner().run_until_idle()
    assert (await mail.mail_state(house.chief)).is_in_clear is False  # this computer is no way
    monkeypatch.setattr(smtp, '_is_here', lambda address: address != '127.0.0.1')
    await mail.send_test(house.chief, 'elena@example.org')
    await Runner().run_until_idle()
    assert (await mail.mail_state(house.chief)).is_in_clear is True
    set_up(tls_mailbox.port)
    await mail.send_test(house.chief, 'elena@example.org')
    await Runner().run_until_idle()
    assert len(tls_mailbox.messages) == 1
    assert (await mail.mail_state(house.chief)).is_in_clear is False


async def test_an_address_in_a_domain_with_letters_of_its_own_is_written_as_mail_servers_know_it(
    house: House, mailbox: Mailbox
) -> None:
    set_up(mailbox.port)
    await mail.send(Actor.system(house.organization_id), 'jo@bücher.example', 'invitation', **WORDS)
    await Runner().run_until_idle()
    assert mailbox.recipients == [['jo@xn--bcher-kva.example']]
    assert mailbox.messages[0]['To'] == 'jo@xn--bcher-kva.example'
    assert ((await only_mail()).recipient, (await only_mail()).status) == ('jo@bücher.example', MailStatus.SENT)
    with pytest.raises(Invalid, match='before the @'):
        await mail.send(Actor.system(house.organization_id), 'jürgen@example.org', 'invitation', **WORDS)


async def test_a_mail_that_breaks_something_is_given_up_in_sight_and_not_kept_waiting_for_ever(
    house: House, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(mailbox.port)
    monkeypatch.setattr(delivery, 'ATTEMPTS', 2)
    monkeypatch.setattr(delivery, 'hand_over', _broken)
    object.__setattr__(mail.deliver, 'attempts', 2)
    try:
        await mail.send(Actor.system(house.organization_id), 'jide@example.org', 'invitation', **WORDS)
        for _ in range(3):
            await Runner().run_until_idle()
            await make_due()
    finally:
        object.__setattr__(mail.deliver, 'attempts', 36)
    row = await only_mail()
    assert (row.status, mail.may_try_again(row)) == (MailStatus.FAILED, True)
    assert row.error


async def _broken(*_: object) -> bool:
    raise ValueError('something that nobody thought of')


async def test_only_who_may_manage_mail_sends_tests(member: Actor) -> None:
    set_up(free_port())
    with pytest.raises(Denied):
        await mail.send_test(member, 'x@example.org')


@pytest.mark.parametrize(
    'address',
    [
        'a@b.org\r\nBcc: all@b.org',
        'a@b.org, c@d.org',
        'a b@c.org',
        'a@b.org\x00',
        '<a@b.org>',
        'nobody',
        '',
        '@b.org',
        'a@',
    ],
)
async def test_an_address_that_is_more_than_one_address_is_refused(house: House, address: str) -> None:
    set_up(free_port())
    with pytest.raises(Invalid):
        await mail.send(Actor.system(house.organization_id), address, 'invitation', **WORDS)


@pytest.mark.parametrize('title', ['Hello\r\nBcc: all@b.org', 'a\nb', 'a\x00b', 'a\u2028b', 'a\x85b'])
async def test_a_value_cannot_add_a_header(house: House, title: str) -> None:
    set_up(free_port())
    with pytest.raises(Invalid):
        await mail.send(
            Actor.system(house.organization_id), 'a@b.org', 'notice', title=title, name='x', body='y', link='/z'
        )


def test_values_are_escaped_and_never_read_as_a_template() -> None:
    drawn = mail.render(
        mail.TEMPLATES['notice'],
        {
            'title': 'T',
            'name': '<b>{{body}}</b>',
            'body': '<script>x</script>',
            'link': '"><img>',
            'settings': '/account',
        },
        mail.Look('A & B'),
    )
    assert '<script>' not in drawn.html
    assert '<img>' not in drawn.html
    assert '&lt;b&gt;{{body}}&lt;/b&gt;' in drawn.html
    assert 'A &amp; B' in drawn.html
    assert '<b>{{body}}</b>' in drawn.text


@pytest.mark.parametrize('name', mail.TEMPLATES)
def test_every_template_can_be_drawn_and_sent(name: str) -> None:
    template = mail.TEMPLATES[name]
    needed = ' '.join([template.subject, *template.paragraphs, template.link, template.closing])
    values = {field: f'a {field}' for field in mail.templates.FIELD.findall(needed)}
    drawn = mail.render(template, values)
    assert '{{' not in drawn.subject + drawn.text + drawn.html
    message = mail.compose(
        Settings(_env_file=None), to='a@b.org', subject=drawn.subject, text=drawn.text, html=drawn.html,  # type: ignore[call-arg]
        sender_name='Café Fire', mail_id=new_id(), at=now(),
    )  # fmt: skip
    again = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
    assert again['Subject'] == drawn.subject

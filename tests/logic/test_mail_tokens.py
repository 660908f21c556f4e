"""Mail servers that take no password get a token, which their provider gives for what the operator registered."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest

from logic import mail
from logic.core import config
from logic.core.config import Settings
from logic.core.jobs import Runner
from logic.mail import tokens
from tests.conftest import House
from tests.servers import Mailbox

MAILBOX = 'records@riverside.example'


class Provider:
    """A token endpoint at a real port: gives the tokens that it is told to, and keeps what it was asked."""

    def __init__(self) -> None:
        self.port, self.status = 0, 200
        self.answer: Any = {'access_token': 'first', 'token_type': 'Bearer', 'expires_in': 3600}
        self.asked: list[dict[str, list[str]]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b'\r\n\r\n')).decode().lower()
        assert head.startswith('post /token http')
        length = int(head.partition('content-length: ')[2].split('\r\n')[0])
        self.asked.append(parse_qs((await reader.readexactly(length)).decode()))
        body, more = json.dumps(self.answer).encode(), ''
        if 'gzip' in head:  # whoever says that he can read it gets it from the great ones
            body, more = gzip.compress(body), 'Content-Encoding: gzip\r\n'
        said = f'HTTP/1.1 {self.status} X\r\n{more}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n'
        writer.write(said.encode())
        writer.write(body)
        await writer.drain()
        writer.close()

    def set_up(self, mailbox: Mailbox, asks: str) -> None:
        """Have mail sent by this mail server with tokens of this provider."""
        settings = {
            'smtp_url': f'smtp://records%40riverside.example@127.0.0.1:{mailbox.port}',
            'smtp_oauth': f'http://logbook:quiet%2Flane@127.0.0.1:{self.port}/token?{asks}',
        }
        config.configure(Settings(_env_file=None, private_hosts=('127.0.0.1',), mail_from=MAILBOX, **settings))  # type: ignore[call-arg,arg-type]


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    yield
    config.configure(None)
    tokens._kept.clear()


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    provider = Provider()
    async with await asyncio.start_server(provider.serve, '127.0.0.1', 0) as server:
        provider.port = server.sockets[0].getsockname()[1]
        yield provider


async def test_an_application_that_sends_by_itself_gets_one_token_for_many_mails(
    house: House, tls_mailbox: Mailbox, provider: Provider
) -> None:
    tls_mailbox.tokens[MAILBOX] = 'first'
    provider.set_up(tls_mailbox, 'scope=https://outlook.office365.com/.default')
    for _ in range(2):
        await mail.send_test(house.chief, 'elena@example.org')
        await Runner().run_until_idle()
    assert len(tls_mailbox.messages) == 2
    assert provider.asked == [
        {
            'grant_type': ['client_credentials'],
            'client_id': ['logbook'],
            'client_secret': ['quiet/lane'],
            'scope': ['https://outlook.office365.com/.default'],
        }
    ]


async def test_an_application_that_a_person_allowed_shows_what_he_gave_it(
    tls_mailbox: Mailbox, provider: Provider
) -> None:
    tls_mailbox.tokens[MAILBOX] = 'first'
    provider.set_up(tls_mailbox, 'refresh_token=1%2F%2Fgiven')
    await mail.greet(config.configured())
    (asked,) = provider.asked
    assert (asked['grant_type'], asked['refresh_token']) == (['refresh_token'], ['1//given'])
    assert 'scope' not in asked


async def test_a_token_that_the_mail_server_does_not_take_is_replaced_next_time(
    tls_mailbox: Mailbox, provider: Provider
) -> None:
    tls_mailbox.tokens[MAILBOX] = 'second'
    provider.set_up(tls_mailbox, 'scope=mail')
    with pytest.raises(mail.Refusal, match='does not accept the token for this mailbox') as refused:
        await mail.greet(config.configured())
    assert not refused.value.is_final  # so that mails wait until somebody has put it right
    provider.answer['access_token'] = 'second'
    await mail.greet(config.configured())
    assert len(provider.asked) == 2


async def test_a_token_is_replaced_before_it_ends(
    tls_mailbox: Mailbox, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls_mailbox.tokens[MAILBOX] = 'first'
    provider.set_up(tls_mailbox, 'scope=mail')
    await mail.greet(config.configured())
    monkeypatch.setattr(tokens, 'EARLY_SECONDS', 3600)
    monkeypatch.setattr(tokens, 'SHORTEST_SECONDS', 0)
    tokens._kept.clear()
    for _ in range(2):
        await mail.greet(config.configured())
    assert len(provider.asked) == 3


@pytest.mark.parametrize(
    ('status', 'answer', 'reason'),
    [
        (400, {'error': 'invalid_grant', 'error_description': 'The permission was taken back.'}, 'taken back'),
        (401, {'error': 'invalid_client'}, 'invalid_client'),
        (200, {'token_type': 'Bearer'}, '200'),
        (200, ['access_token'], '200'),
        (503, 'busy', '503'),
    ],
)
async def test_what_the_provider_says_is_told_and_no_secret_with_it(
    tls_mailbox: Mailbox, provider: Provider, status: int, answer: Any, reason: str
) -> None:
    provider.status, provider.answer = status, answer
    provider.set_up(tls_mailbox, 'refresh_token=given')
    with pytest.raises(mail.Refusal, match=reason) as refused:
        await mail.greet(config.configured())
    assert 'lane' not in refused.value.sentence
    assert 'given' not in refused.value.sentence.replace('gives', '')


async def test_a_provider_that_is_away_lets_mails_wait(house: House, tls_mailbox: Mailbox, provider: Provider) -> None:
    provider.port = 9
    provider.set_up(tls_mailbox, 'scope=mail')
    await mail.send_test(house.chief, 'elena@example.org')
    await Runner().run_until_idle()
    assert (await mail.mail_state(house.chief)).waiting == 1


async def test_no_token_goes_to_a_mail_server_in_clear(mailbox: Mailbox, provider: Provider) -> None:
    provider.set_up(mailbox, 'scope=mail')
    with pytest.raises(mail.Refusal, match='no encryption'):
        await mail.greet(config.configured())
    assert provider.asked == []

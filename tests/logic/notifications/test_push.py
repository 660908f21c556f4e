"""Pushes: encrypted as the standard has it, to public places only, each once, and without private words."""

import asyncio
import base64
import contextlib
import ipaddress
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from data.notifications import Channel, Pace
from logic import notifications
from logic.core import config, outbound
from logic.core.actor import Actor
from logic.core.config import Settings
from logic.core.errors import Invalid, NotFound
from logic.notifications import SubscriptionInput
from logic.notifications.push.encryption import decoded, encoded, encrypt, point_of, server_point
from tests.logic.notifications.post import TASK, pass_time, tell

SECRET = b'0123456789abcdef'


class PushService:
    """A push service of our own at a real port: keeps what it takes, and answers as it is told."""

    def __init__(self) -> None:
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.status = 201
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.endpoint = 'https://push.example.org/abc'

    def browser(self) -> SubscriptionInput:
        """What a browser of this service says of itself."""
        point = point_of(self.key.public_key())
        return SubscriptionInput(endpoint=self.endpoint, public_key=encoded(point), secret=encoded(SECRET))

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b'\r\n\r\n')).decode()
        headers = {
            line.partition(':')[0].lower(): line.partition(':')[2].strip() for line in head.splitlines()[1:] if line
        }
        self.taken.append((headers, await reader.readexactly(int(headers['content-length']))))
        writer.write(f'HTTP/1.1 {self.status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'.encode())
        await writer.drain()
        writer.close()

    def read(self, content: bytes) -> dict[str, str]:
        """Decrypt a message as a browser does (RFC 8291, 3.4), written from the standard and not from our sender."""
        salt, size, point = content[:16], content[20], content[21 : 21 + content[20]]
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point))
        assert size == 65
        info = b'WebPush: info\x00' + point_of(self.key.public_key()) + point
        material = HKDF(hashes.SHA256(), 32, SECRET, info).derive(shared)
        key = HKDF(hashes.SHA256(), 16, salt, b'Content-Encoding: aes128gcm\x00').derive(material)
        nonce = HKDF(hashes.SHA256(), 12, salt, b'Content-Encoding: nonce\x00').derive(material)
        plain = AESGCM(key).decrypt(nonce, content[21 + size :], None)
        assert plain.endswith(b'\x02')
        return dict(json.loads(plain[:-1]))


@contextlib.asynccontextmanager
async def running() -> AsyncIterator[PushService]:
    service = PushService()
    server = await asyncio.start_server(service.answer, '127.0.0.1', 0)
    service.endpoint = f'http://127.0.0.1:{server.sockets[0].getsockname()[1]}/push/abc?x=1'
    config.configure(Settings(_env_file=None, private_hosts=('127.0.0.1',)))  # type: ignore[call-arg]
    try:
        yield service
    finally:
        server.close()
        config.configure(None)


@pytest.fixture
async def service() -> AsyncIterator[PushService]:
    async with running() as made:
        yield made


def test_the_example_of_the_standard_comes_out_to_the_letter():
    number = int.from_bytes(decoded('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw'))
    found = encrypt(
        b'When I grow up, I want to be a watermelon',
        decoded('BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4'),
        decoded('BTBZMqHH6r4Tts7J_aSIgg'),
        salt=decoded('DGv6ra1nlYgDCS1FRnbzlw'),
        own=ec.derive_private_key(number, ec.SECP256R1()),
    )
    assert encoded(found) == (
        'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl'
        '7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN'
    )


async def test_a_push_arrives_encrypted_signed_once_and_without_private_words(member: Actor, service: PushService):
    await notifications.add_browser(member, service.browser())
    await tell(member, 'Ann Berg asks for a change of her bank account')
    await pass_time()
    ((headers, content),) = service.taken
    assert service.read(content) == {'title': 'Riverside Fire', 'body': 'A task was given to me', 'link': '/tasks/1'}
    assert (headers['content-encoding'], headers['ttl']) == ('aes128gcm', '86400')
    scheme, token, key = headers['authorization'].replace(',', '').split()
    assert (scheme, key) == ('vapid', f'k={server_point()}')
    head, claims, seal = token.removeprefix('t=').split('.')
    assert json.loads(decoded(claims))['aud'] == service.endpoint.partition('/push')[0]
    numbers = decoded(seal)
    signature = encode_dss_signature(int.from_bytes(numbers[:32]), int.from_bytes(numbers[32:]))
    ours = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(server_point()))
    ours.verify(signature, f'{head}.{claims}'.encode(), ec.ECDSA(hashes.SHA256()))
    await pass_time()
    assert len(service.taken) == 1


async def test_a_browser_that_is_gone_is_forgotten(member: Actor, service: PushService):
    await notifications.add_browser(member, service.browser())
    service.status = 410
    await tell(member, 'One')
    await pass_time()
    assert await notifications.my_browsers(member) == []
    await tell(member, 'Two')
    await pass_time()
    assert len(service.taken) == 1


async def test_a_push_service_that_is_away_is_tried_again(member: Actor, service: PushService):
    browser = service.browser()
    config.configure(Settings(_env_file=None, private_hosts=('127.0.0.1',)))  # type: ignore[call-arg]
    nobody = browser.model_copy(update={'endpoint': 'http://127.0.0.1:9/push'})
    await notifications.add_browser(member, nobody)
    for number in range(6):  # a day without a way to the internet is no fault of the browser
        await tell(member, f'Notice {number}', link=f'/tasks/{number}')
        await pass_time()
    (row,) = await notifications.my_browsers(member)
    assert row.failures == 0


@pytest.mark.parametrize('status', [429, 503])
async def test_a_push_service_that_is_busy_gets_it_later(member: Actor, service: PushService, status: int):
    service.status = status
    await notifications.add_browser(member, service.browser())
    await tell(member, 'One')
    await pass_time()
    assert len(service.taken) > 1
    service.status = 201
    before = len(service.taken)
    await pass_time()
    assert len(service.taken) == before + 1
    await pass_time()
    assert len(service.taken) == before + 1
    assert [row.failures for row in await notifications.my_browsers(member)] == [0]


async def test_a_browser_shows_the_notices_of_who_signed_in_there_last(
    chief: Actor, member: Actor, service: PushService
):
    await notifications.add_browser(chief, service.browser())
    await notifications.add_browser(member, service.browser())
    assert await notifications.my_browsers(chief) == []
    await tell(chief, 'For the chief')
    await pass_time()
    assert service.taken == []


async def test_who_wants_no_pushes_of_a_kind_gets_none(member: Actor, service: PushService):
    await notifications.add_browser(member, service.browser())
    await notifications.choose(member, TASK, Channel.PUSH, Pace.OFF)
    await tell(member, 'One')
    await pass_time()
    assert service.taken == []


async def test_nobody_removes_another_persons_browser(chief: Actor, member: Actor, service: PushService):
    await notifications.add_browser(member, service.browser())
    (row,) = await notifications.my_browsers(member)
    with pytest.raises(NotFound):
        await notifications.forget_browser(chief, row.id)
    await notifications.remove_browser(chief, service.endpoint)
    assert len(await notifications.my_browsers(member)) == 1
    await notifications.remove_browser(member, service.endpoint)
    assert await notifications.my_browsers(member) == []


@pytest.mark.parametrize(
    'endpoint',
    [
        'http://push.example.org/x', 'https://localhost/x', 'https://127.0.0.1/x', 'https://10.0.0.1/x',
        'https://[::1]/x', 'https://[::ffff:10.0.0.1]/x', 'https://169.254.169.254/latest', 'https://100.64.0.1/x',
        'https://user@push.example.org/x', 'https://push.example.org:8443/x', 'file:///etc/passwd', 'https://x.internal/',
        'https://[64:ff9b::a00:1]/x', 'https://[64:ff9b:1::a00:1]/x', 'https://[::a00:1]/x', 'https://0.0.0.0/x',
        'nonsense', 'https://push.example.org:99999/',
    ],
)  # fmt: skip
async def test_a_browser_at_a_private_address_is_refused(member: Actor, endpoint: str):
    config.configure(Settings(_env_file=None))  # type: ignore[call-arg]
    data = PushService().browser().model_copy(update={'endpoint': endpoint})
    with pytest.raises(Invalid):
        await notifications.add_browser(member, data)


async def test_a_name_that_leads_inside_is_refused_when_it_is_called(monkeypatch: pytest.MonkeyPatch):
    config.configure(Settings(_env_file=None))  # type: ignore[call-arg]

    async def inside(*_: Any, **__: Any) -> list[Any]:
        return [(2, 1, 6, '', ('93.184.215.14', 443)), (2, 1, 6, '', ('192.168.1.5', 443))]

    monkeypatch.setattr(asyncio.get_running_loop(), 'getaddrinfo', inside)
    with pytest.raises(Invalid, match='public'):
        await outbound.post('https://push.example.org/x', b'', {})


@pytest.mark.parametrize('point', ['', 'AAAA', base64.urlsafe_b64encode(b'\x04' + b'\x01' * 64).decode().rstrip('=')])
async def test_keys_that_are_none_are_refused(member: Actor, service: PushService, point: str):
    with pytest.raises(Invalid):
        await notifications.add_browser(member, service.browser().model_copy(update={'public_key': point}))


def test_addresses_of_the_internet_are_public_and_no_others():
    assert outbound.is_public(ipaddress.ip_address('93.184.215.14'))
    assert not outbound.is_public(ipaddress.ip_address('224.0.0.1'))
    assert not outbound.is_public(ipaddress.ip_address('fd00::1'))
    assert outbound.is_public(ipaddress.ip_address('2606:4700::6810:1'))
    assert outbound.is_public(ipaddress.ip_address('64:ff9b::808:808'))


@pytest.mark.parametrize(
    'address',
    [
        '::127.0.0.1', '::ffff:0:7f00:1', '64:ff9b:1::7f00:1', '64:ff9b::7f00:1', '2002:7f00:1::', 'fec0::1', 'fe80::1',
        '5f00::1', '3fff::1', '4000::1', '2001:db8::1', '192.88.99.1', '240.0.0.1',
    ],
)  # fmt: skip
def test_no_way_to_write_an_inner_address_makes_it_public(address: str):
    assert not outbound.is_public(ipaddress.ip_address(address))

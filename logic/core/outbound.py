"""Calls to other computers: to public addresses only, which are looked up once, checked, and then really called."""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from logic.core import config
from logic.core.errors import Invalid, Unavailable

SECONDS = 10.0
MOST_ANSWER_BYTES = 64 * 1024
INSIDE = ('.localhost', '.local', '.internal')
CLOSED = tuple(map(ipaddress.ip_network, ('100.64.0.0/10', '192.88.99.0/24', '3fff::/20')))
"""Carriers, an old relay, and examples: some of them are public to the library."""
GLOBAL = ipaddress.ip_network('2000::/3')
"""All of IPv6 that is given out (RFC 4291, 2.4). The rest holds old and private ways to write an inner address."""
NAT64 = ipaddress.ip_network('64:ff9b::/96')
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said."""

    status: int
    body: bytes


def is_public(address: Address) -> bool:
    """Say whether an address belongs to the internet, and not to this machine, its network or a provider's inside."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is None and address in NAT64:
            inner = ipaddress.IPv4Address(address.packed[-4:])
        if inner is not None and not is_public(inner):
            return False
        if address not in GLOBAL and address not in NAT64:
            return False
    if any(address in network for network in CLOSED):
        return False
    return address.is_global and not address.is_multicast


def check_address(url: str) -> str:
    """Return an https address on the usual port. Raises Invalid; hosts named in the configuration may have any port."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Invalid('This is no address.') from None
    host = (parts.hostname or '').lower()
    if host and host in config.configured().private_hosts and parts.scheme in ('http', 'https'):
        return url
    if parts.scheme != 'https' or not host or parts.username is not None or port not in (None, 443):
        raise Invalid('Only https addresses on the usual port are called.')
    try:
        literal = ipaddress.ip_address(host)
    except ValueError:
        literal = None
    if (
        host == 'localhost'
        or host.endswith(('.localhost', '.local', '.internal'))
        or (literal and not is_public(literal))
    ):
        raise Invalid('Only public addresses are called.')
    return url


async def resolve(host: str, port: int) -> str:
    """Return one address of a host. Raises Invalid when any of them is not public, Unavailable when there is none."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Unavailable(f'{host} cannot be found.') from error
    addresses = [str(entry[4][0]).partition('%')[0] for entry in found]
    if host not in config.configured().private_hosts and not all(
        is_public(ipaddress.ip_address(address)) for address in addresses
    ):
        raise Invalid('Only public addresses are called.')
    return addresses[0]


async def post(url: str, content: bytes, headers: Mapping[str, str]) -> Answer:
    """Send bytes to an address that was checked, without following it elsewhere. Raises Invalid, Unavailable."""
    import httpx2

    parts = urlsplit(check_address(url))
    host = (parts.hostname or '').lower()
    port = parts.port or (443 if parts.scheme == 'https' else 80)
    address = await resolve(host, port)
    literal = f'[{address}]' if ':' in address else address
    target = f'{parts.scheme}://{literal}:{port}{parts.path or "/"}' + (f'?{parts.query}' if parts.query else '')
    named = {'Accept-Encoding': 'identity', **headers, 'Host': parts.netloc}  # the answer is taken as it comes
    try:
        async with (
            httpx2.AsyncClient(timeout=SECONDS, follow_redirects=False, trust_env=False) as client,
            client.stream('POST', target, content=content, headers=named, extensions={'sni_hostname': host}) as answer,
        ):
            body = b''
            async for piece in answer.aiter_raw():
                body += piece
                if len(body) > MOST_ANSWER_BYTES:
                    break
            return Answer(answer.status_code, body[:MOST_ANSWER_BYTES])
    except (httpx2.HTTPError, OSError, ssl.SSLError) as error:
        raise Unavailable(f'{host} cannot be reached: {error}') from error

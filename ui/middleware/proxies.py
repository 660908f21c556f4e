"""Where a request really came from: forwarding headers are believed from listed proxies only, and hosts by a list."""

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from logic.core.config import Settings
from ui.errors import own_path
from ui.middleware.refusals import refuse

log = structlog.get_logger(__name__)
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
DROPPED = (b'forwarded', b'x-real-ip', b'x-client-ip', b'true-client-ip')
UNCHECKED = ('/health',)  # load balancers ask by address; the answer tells nothing of anybody


class Proxies:
    """Take the forwarding headers out of every request, and apply them when the peer is a listed proxy.

    Nothing behind it ever sees `X-Forwarded-Prefix`, which NiceGUI would write into every script address of a page.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.trusted = [ipaddress.ip_network(name) for name in settings.trusted_proxies]
        self.root_path = settings.root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] not in {'http', 'websocket'}:
            await self.app(scope, receive, send)
            return
        headers: list[tuple[bytes, bytes]] = scope['headers']
        scope['headers'] = [h for h in headers if not h[0].startswith(b'x-forwarded-') and h[0] not in DROPPED]
        if self.trusted and _is_in(_peer(scope), self.trusted):
            self._apply(scope, headers)
        if self.root_path:
            scope['root_path'] = self.root_path
            if not scope['path'].startswith(self.root_path + '/'):  # the proxy took it off, as most do
                scope['path'] = self.root_path + scope['path']
            send = self._leading_here(send)
        await self.app(scope, receive, send)

    def _leading_here(self, send: Send) -> Send:
        """Put our path in front of where an answer leads, which the routes behind do not know."""
        root = self.root_path.encode()

        async def sending(message: Message) -> None:
            if message['type'] == 'http.response.start':
                message['headers'] = [
                    (name, root + value)
                    if name.lower() == b'location'
                    and value.startswith(b'/')
                    and not value.startswith((root + b'/', b'//'))
                    else (name, value)
                    for name, value in message['headers']
                ]
            await send(message)

        return sending

    def _apply(self, scope: Scope, headers: list[tuple[bytes, bytes]]) -> None:
        told = {name: value.decode('latin-1') for name, value in headers if name.startswith(b'x-forwarded-')}
        scheme = told.get(b'x-forwarded-proto', '').split(',')[-1].strip().lower()
        if scheme in {'http', 'https'}:
            scope['scheme'] = scheme if scope['type'] == 'http' else {'http': 'ws', 'https': 'wss'}[scheme]
        # From the right: each listed proxy vouches for the one on its left, up to the first that is not listed.
        chain = [part.strip() for part in told.get(b'x-forwarded-for', '').split(',') if part.strip()]
        for address in reversed(chain):
            bare = address.rsplit(':', 1)[0] if address.count(':') == 1 else address.strip('[]')
            try:
                ipaddress.ip_address(bare)
            except ValueError:
                break
            scope['client'] = (bare, 0)
            if not _is_in(bare, self.trusted):
                break
        host = told.get(b'x-forwarded-host', '').split(',')[-1].strip()
        if host:
            scope['headers'] = [h for h in scope['headers'] if h[0] != b'host'] + [(b'host', host.encode('latin-1'))]


class Hosts:
    """Answer under our own names only; a foreign Host poisons links and is how DNS rebinding arrives."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.names = allowed_hosts(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] in {'http', 'websocket'} and not own_path(scope).startswith(UNCHECKED):
            hosts = [value.decode('latin-1').lower() for name, value in scope['headers'] if name == b'host']
            if len(hosts) != 1 or hosts[0] not in self.names:
                log.info('request.refused', status=400, host=','.join(hosts)[:200], address=_peer(scope))
                sentence = 'Logbook is not set up for this address. The administrator sets it as LOGBOOK_PUBLIC_URL.'
                await refuse(scope, receive, send, 400, message=sentence)
                return
        await self.app(scope, receive, send)


def allowed_hosts(settings: Settings) -> frozenset[str]:
    """Return the values of the Host header that are ours: the public one, and this machine's names with the port."""
    public = urlsplit(settings.origin)
    names = {public.netloc}
    default = {'http': 80, 'https': 443}[public.scheme]
    if public.port is None:
        names.add(f'{public.netloc}:{default}')
    elif public.port == default:
        names.add(public.hostname or '')
    local = ('localhost', '127.0.0.1', '[::1]')
    names |= {f'{name}:{settings.port}' for name in local} | (set(local) if settings.port == 80 else set())
    return frozenset(name.lower() for name in names)


def _peer(scope: Scope) -> str:
    return scope['client'][0] if scope.get('client') else ''


def _is_in(address: str, networks: Iterable[Network]) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return any(parsed.version == network.version and parsed in network for network in networks)

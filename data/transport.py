"""How servers are reached: by TLS that is verified, but for those on this machine and those that somebody trusts so.

What was decided stands in the address of the database itself, as `tls=off` or `tls_ca=FILE`: everything that opens it
has only that.
"""

import ipaddress
import ssl
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

OFF, CA = 'tls', 'tls_ca'


def open_engine(url: str | sa.URL, **options: Any) -> AsyncEngine:
    """Return an engine for a database, by verified TLS where it is on another machine."""
    parsed = sa.make_url(url)
    plain = parsed.difference_update_query([OFF, CA])
    if parsed.get_backend_name() != 'sqlite' and (wanted := _context(parsed)) is not None:
        options['connect_args'] = {'ssl': wanted, **options.get('connect_args', {})}
    return create_async_engine(plain, **options)


def _context(url: sa.URL) -> ssl.SSLContext | None:
    ca = url.query.get(CA)
    if url.query.get(OFF) == 'off' or (is_near(url) and ca is None):
        return None
    return context(Path(str(ca)) if ca else None)


def context(ca: Path | None) -> ssl.SSLContext:
    """Return what verifies certificate and host name: by an authority of one's own, or by those of this machine."""
    made = ssl.create_default_context(cafile=str(ca) if ca else None)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    return made


def is_near(url: str | sa.URL) -> bool:
    """Say whether a server is on this machine: a socket, or a loopback address."""
    parsed = sa.make_url(url)
    host = parsed.host or 'localhost'
    if parsed.query.get('unix_socket') or host == 'localhost':
        return True
    try:
        return ipaddress.ip_address(host.strip('[]')).is_loopback
    except ValueError:
        return False


def reached(url: str, *, plain: bool, ca: Path | None) -> str:
    """Return the address of a database with what was decided on how it is reached."""
    if is_near(url) or not (plain or ca):
        return url
    wanted = {OFF: 'off'} if plain else {CA: str(ca)}
    return sa.make_url(url).update_query_dict(wanted).render_as_string(hide_password=False)


def redis_options(url: str, ca: Path | None) -> dict[str, Any]:
    """Return how a Redis client verifies its server; nothing for one without TLS."""
    if not url.startswith('rediss://'):
        return {}
    return {'ssl_cert_reqs': 'required', 'ssl_check_hostname': True, 'ssl_ca_certs': str(ca) if ca else None}

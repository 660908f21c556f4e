"""Tokens in the place of a password: the mail servers of Microsoft 365 and Google take no password from a program."""

import json
import time
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from logic.core import outbound
from logic.core.errors import Unavailable
from logic.core.language import _

EARLY_SECONDS = 120
"""A token is replaced so long before it ends: it shall outlive the session that it opens."""
SHORTEST_SECONDS = 30

_kept: dict[str, tuple[str, float]] = {}
"""The token of each endpoint, and until when it is used."""


async def token_of(endpoint: str) -> str:
    """Return a token for the mail server from an endpoint as LOGBOOK_SMTP_OAUTH names it (RFC 6749, 4.4 and 6).

    Raises Unavailable, with what the endpoint said, and Invalid for an address that may not be called.
    """
    token, ends = _kept.get(endpoint, ('', 0.0))
    if time.monotonic() < ends:
        return token
    parts = urlsplit(endpoint)
    asked = dict(parse_qsl(parts.query))
    asked['grant_type'] = 'refresh_token' if 'refresh_token' in asked else 'client_credentials'
    asked |= {'client_id': unquote(parts.username or ''), 'client_secret': unquote(parts.password or '')}
    address = parts._replace(netloc=parts.netloc.rpartition('@')[2], query='').geturl()
    headers = {'Content-Type': 'application/x-www-form-urlencoded', 'Accept': 'application/json'}
    answer = await outbound.post(address, urlencode(asked).encode(), headers)
    said = _read(answer.body)
    token = str(said.get('access_token') or '')
    if answer.status != 200 or not token:
        reason = str(said.get('error_description') or said.get('error') or answer.status)[:300]
        raise Unavailable(_('{host} gives no token for the mail server: {reason}', host=parts.hostname, reason=reason))
    seconds = said.get('expires_in')
    life = seconds - EARLY_SECONDS if isinstance(seconds, int) else 0
    _kept[endpoint] = token, time.monotonic() + max(life, SHORTEST_SECONDS)
    return token


def forget_token(endpoint: str) -> None:
    """Ask for another one next time, as the mail server did not take this one."""
    _kept.pop(endpoint, None)


def _read(body: bytes) -> dict[str, object]:
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}

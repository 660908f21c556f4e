"""Tokens: random ones that are stored as hashes, signed access tokens, and API keys that a scanner can recognise."""

import hashlib
import re
import secrets
import string
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from cryptography.hazmat.primitives import serialization

from logic.core.errors import Unauthenticated
from logic.core.secrets import installed

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey

TOKEN_BYTES = 32
# RFC 9864 names the curve: `EdDSA` stood for several.
ALGORITHM, TYPE = 'Ed25519', 'at+jwt'
AUDIENCE = 'logbook-api'
CLOCK_SKEW_SECONDS = 5
BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
KEY_FORM = re.compile(r'(lbk_live_([0-9A-Za-z]{8})_([0-9A-Za-z]{43}))([0-9A-Za-z]{6})')
MOST_CHARACTERS = 4096


def new_token() -> str:
    """Return a random token of 256 bit, fit for a cookie or an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """Return what is stored of a random token: its SHA-256 in hex. Only for tokens of at least 120 random bits."""
    return hashlib.sha256(token.encode(errors='replace')).hexdigest()


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What a valid access token says."""

    session_id: UUID
    account_id: UUID
    token_id: str
    expires_at: datetime


def issue_access_token(session_id: UUID, account_id: UUID, *, at: datetime, minutes: int, issuer: str) -> str:
    """Return a signed token that names a session; it is worth nothing once that session has ended."""
    from joserfc import jwt  # with what it knows of certificates 3 MB, for those who use the API

    claims = {
        'iss': issuer,
        'aud': AUDIENCE,
        'sub': str(account_id),
        'sid': str(session_id),
        'jti': uuid4().hex,
        'iat': int(at.timestamp()),
        'nbf': int(at.timestamp()),
        'exp': int((at + timedelta(minutes=minutes)).timestamp()),
    }
    return jwt.encode({'alg': ALGORITHM, 'typ': TYPE}, claims, _key(), algorithms=[ALGORITHM])


def read_access_token(token: str, *, at: datetime, issuer: str) -> AccessClaims:
    """Read an access token. Raises Unauthenticated when anything in it is not as we sign it.

    One algorithm, one key of ours; whatever else a header names (kid, jku, jwk, x5u) is refused, not looked up.
    """
    from joserfc import jwt
    from joserfc.errors import JoseError

    try:
        if len(token) > MOST_CHARACTERS:
            raise ValueError('too long')
        read = jwt.decode(token, _key(), algorithms=[ALGORITHM])
        if read.header != {'alg': ALGORITHM, 'typ': TYPE}:
            raise ValueError('foreign header')
        claims = read.claims
        if claims['iss'] != issuer or claims['aud'] != AUDIENCE:
            raise ValueError('made for another place')
        now, begin, end = int(at.timestamp()), claims['nbf'], claims['exp']
        if type(begin) is not int or type(end) is not int:
            raise ValueError('times are no whole seconds')
        if now < begin - CLOCK_SKEW_SECONDS or now >= end:
            raise ValueError('not in force')
        return AccessClaims(
            UUID(claims['sid']), UUID(claims['sub']), str(claims['jti']), datetime.fromtimestamp(end, UTC)
        )
    except (JoseError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unauthenticated('The access token is not valid, or no longer. Sign in or refresh it.') from error


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """A new API key: its text is shown once, the rest is stored."""

    text: str
    prefix: str
    secret_hash: str


def new_api_key() -> NewApiKey:
    """Return a new API key, `lbk_live_<8 id>_<43 base62><6 checksum>`."""
    prefix, secret = _random_base62(8), _random_base62(43)
    body = f'lbk_live_{prefix}_{secret}'
    return NewApiKey(body + _checksum(body), prefix, token_hash(secret))


def parse_api_key(text: str) -> tuple[str, str] | None:
    """Return the id and the hash of the secret of an API key; None when the text is none or was mistyped."""
    match = KEY_FORM.fullmatch(text)
    if match is None or _checksum(match[1]) != match[4]:
        return None
    return match[2], token_hash(match[3])


def _random_base62(length: int) -> str:
    return ''.join(secrets.choice(BASE62) for _ in range(length))


def _checksum(text: str) -> str:
    number, digits = zlib.crc32(text.encode()), ''
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = BASE62[digit] + digits
    return digits


def _key() -> 'OKPKey':
    from joserfc.jwk import OKPKey

    pem = installed().jwt_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    if pem not in _keys:
        _keys.clear()
        _keys[pem] = OKPKey.import_key(pem)
    return _keys[pem]


_keys: 'dict[bytes, OKPKey]' = {}

"""What proves that a form came from our own page, and what a browser carries from one screen to the next, sealed."""

import base64
import binascii
import hashlib
import hmac
import json
import os
import time
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from logic.core.actor import Actor
from logic.core.secrets import installed
from logic.identity.tokens import new_token

NONCE_BYTES = 12


def new_visitor() -> str:
    """Return the random value of the cookie that forms of somebody who is not signed in are bound to."""
    return new_token()


def form_token(subject: str) -> str:
    """Return a token for forms of one visitor or session. Each differs, so that compression betrays none (BREACH)."""
    nonce = os.urandom(NONCE_BYTES)
    return _text(nonce + _mac(subject, nonce))


def is_form_token(token: str, subject: str) -> bool:
    """Say whether a token was made for this visitor or session."""
    try:
        raw = _bytes(token)
    except ValueError:
        return False
    nonce, mac = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
    return bool(subject) and hmac.compare_digest(mac, _mac(subject, nonce))


def session_form_token(actor: Actor) -> str:
    """Return the token of the POST forms that the screens behind sign-in hold: sign-out, switching the department."""
    return form_token(session_subject(actor.session_id))


def session_subject(session_id: UUID | None) -> str:
    """Return what the forms of a signed-in session are bound to."""
    return f'session {session_id}' if session_id else ''


def visitor_subject(visitor: str | None) -> str:
    """Return what the forms of somebody who is not signed in are bound to."""
    return f'visitor {visitor}' if visitor else ''


def seal(purpose: str, facts: dict[str, Any], *, seconds: int) -> str:
    """Encrypt what a cookie shall carry for so many seconds; it opens for the same purpose alone."""
    nonce = os.urandom(NONCE_BYTES)
    text = json.dumps({'until': int(time.time()) + seconds, 'facts': facts}, separators=(',', ':')).encode()
    return _text(nonce + AESGCM(_key('sealed cookies')).encrypt(nonce, text, purpose.encode()))


def unseal(purpose: str, sealed: str | None) -> dict[str, Any]:
    """Read what a cookie carries; nothing when it is absent, expired, changed or was made for something else."""
    if not sealed:
        return {}
    try:
        raw = _bytes(sealed)
        text = AESGCM(_key('sealed cookies')).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], purpose.encode())
    except (ValueError, InvalidTag):
        return {}
    carried = json.loads(text)
    return dict(carried['facts']) if carried['until'] > time.time() else {}


def _mac(subject: str, nonce: bytes) -> bytes:
    return hmac.new(_key('form tokens'), nonce + subject.encode(), hashlib.sha256).digest()


def _key(purpose: str) -> bytes:
    return installed().derive(purpose)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip('=')


def _bytes(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text.encode('ascii') + b'=' * (-len(text) % 4))
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError('no token') from error

"""Web push as the standards have it: RFC 8291 hides the message from the push service, RFC 8292 says who sends it."""

import base64
import json
import secrets
import struct
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from logic.core.secrets import installed

RECORD_BYTES = 4096
SECRET_BYTES, SALT_BYTES, POINT_BYTES = 16, 16, 65
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of P-256 (FIPS 186-5)."""
VALID = timedelta(hours=12)
"""RFC 8292, 2: at most 24 hours."""


def encoded(content: bytes) -> str:
    """Return bytes as base64url without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b'=').decode()


def decoded(text: str) -> bytes:
    """Return the bytes of base64url. Raises ValueError."""
    return base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))


def point_of(key: ec.EllipticCurvePublicKey) -> bytes:
    """Return a public key as an uncompressed point."""
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


@lru_cache(maxsize=4)
def _key_from(material: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(material) % (ORDER - 1) + 1, ec.SECP256R1())


def server_key() -> ec.EllipticCurvePrivateKey:
    """Return the key that push services know us by.

    It is derived from the session key: made at the first start, kept with the secrets, and the same on every node.
    """
    return _key_from(installed().derive('web push'))


def server_point() -> str:
    """Return the public part of our key, as browsers take it."""
    return encoded(point_of(server_key().public_key()))


def encrypt(
    message: bytes,
    public_key: bytes,
    secret: bytes,
    *,
    salt: bytes = b'',
    own: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """Encrypt a message for a browser (RFC 8291, 3; one record of RFC 8188). Raises ValueError for no key of P-256.

    `salt` and `own` are made anew for every message; only the standard's example gives them.
    """
    salt = salt or secrets.token_bytes(SALT_BYTES)
    own = own or ec.generate_private_key(ec.SECP256R1())
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)
    own_point = point_of(own.public_key())
    shared = own.exchange(ec.ECDH(), theirs)
    material = _derive(secret, shared, b'WebPush: info\0' + public_key + own_point, 32)
    key = _derive(salt, material, b'Content-Encoding: aes128gcm\0', 16)
    nonce = _derive(salt, material, b'Content-Encoding: nonce\0', 12)
    head = salt + struct.pack('!IB', RECORD_BYTES, len(own_point)) + own_point
    return head + AESGCM(key).encrypt(nonce, message + b'\2', None)


def _derive(salt: bytes, material: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt=salt, info=info).derive(material)


def authorization(endpoint: str, contact: str, at: datetime) -> str:
    """Return the header that says who sends (RFC 8292): a token for the push service's origin, signed by our key."""
    parts = urlsplit(endpoint)
    claims = {'aud': f'{parts.scheme}://{parts.netloc}', 'exp': int((at + VALID).timestamp()), 'sub': contact}
    text = '.'.join(
        encoded(json.dumps(part, separators=(',', ':')).encode()) for part in ({'typ': 'JWT', 'alg': 'ES256'}, claims)
    )
    r, s = decode_dss_signature(server_key().sign(text.encode(), ec.ECDSA(hashes.SHA256())))
    return f'vapid t={text}.{encoded(r.to_bytes(32) + s.to_bytes(32))}, k={server_point()}'

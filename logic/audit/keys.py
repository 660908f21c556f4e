"""The keys of the audit log: the one that signs checkpoints, and those under which personal values are sealed."""

import base64
import hashlib
import os
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from logic.core.language import later
from logic.core.secrets.keys import AUDIT_KEY, installed, kek_id

KEY_NAME = 'logbook-audit'
OLD_KEYS = 'audit.pub'
"""Beside the key file: public keys that signed earlier, one a line. Whoever replaces the key adds the old one here."""
NONCE_SIZE, KEK_ID_SIZE = 12, 8
_ED25519 = b'\x01'


class Unreadable(Exception):
    """A sealed value or key was changed, was moved, or belongs to another master key."""


def signing_key() -> Ed25519PrivateKey:
    """Return the key that signs checkpoints, from its file outside the database."""
    path = installed().audit_key_path
    return _load(path, path.stat().st_mtime_ns)


def verifier_key(key: Ed25519PublicKey, name: str = KEY_NAME) -> str:
    """Return a public key as one printable line, in the form of C2SP signed notes: name+id+key."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return f'{name}+{key_id(name, raw).hex()}+{base64.b64encode(_ED25519 + raw).decode()}'


def key_id(name: str, raw: bytes) -> bytes:
    """Return the four bytes by which a signature names its key."""
    return hashlib.sha256(name.encode() + b'\n' + _ED25519 + raw).digest()[:4]


def parse_verifier_key(line: str) -> tuple[str, bytes, Ed25519PublicKey]:
    """Return name, id and key of such a line. Raises ValueError when it is none."""
    parts = line.strip().split('+', 2)
    if len(parts) != 3:
        raise ValueError('This is no public key of an audit log.')
    name, identity, encoded = parts
    data = base64.b64decode(encoded, validate=True)
    if data[:1] != _ED25519 or len(data) != 33 or key_id(name, data[1:]).hex() != identity:
        raise ValueError('This public key of an audit log is damaged.')
    return name, data[1:], Ed25519PublicKey.from_public_bytes(data[1:])


def public_key() -> str:
    """Return the public key of this installation, to print and to give away."""
    return verifier_key(signing_key().public_key())


def trusted_keys() -> list[str]:
    """Return the public keys whose checkpoints are believed: our own, and earlier ones named beside the key file."""
    return trusted_in(installed().folder)


def trusted_in(folder: Path) -> list[str]:
    """Return the public keys that are believed where the keys lie in this folder; our own is the first, if there."""
    own, old = folder / AUDIT_KEY, folder / OLD_KEYS
    first = [verifier_key(_load(own, own.stat().st_mtime_ns).public_key())] if own.exists() else []
    lines = old.read_text('ascii').splitlines() if old.exists() else []
    return first + [line.strip() for line in lines if line.strip()]


@lru_cache(maxsize=4)
def _load(path: Path, _modified: int) -> Ed25519PrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f'The audit key in {path} is not an Ed25519 key.')
    return key


def seal(key: bytes, value: bytes, place: bytes, nonce: bytes = b'') -> bytes:
    """Encrypt: nonce, then ciphertext with tag; it opens at the same place only.

    Who seals many may draw the random nonces for all of them at once.
    """
    nonce = nonce or os.urandom(NONCE_SIZE)
    return nonce + AESGCM(key).encrypt(nonce, value, place)


def unseal(key: bytes, sealed: bytes, place: bytes) -> bytes:
    """Decrypt. Raises Unreadable when value, key or place is not the one it was sealed with."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], place)
    except (InvalidTag, ValueError):
        raise Unreadable(later('A personal value beside the audit log was changed or moved.')) from None


def present_kek_id() -> bytes:
    """Return the name of the present master key, with which every key begins that it seals."""
    return bytes.fromhex(kek_id(installed().kek))


def wrap(key: bytes, place: bytes) -> bytes:
    """Seal a person's key under the master key."""
    return present_kek_id() + seal(installed().kek, key, place)


def unwrap(sealed: bytes, place: bytes) -> bytes:
    """Open a person's key. Raises Unreadable when the master key is another one."""
    master = installed().keks.get(sealed[:KEK_ID_SIZE].hex())
    if master is None:
        raise Unreadable(later('The key file of this installation does not belong to its audit log.'))
    return unseal(master, sealed[KEK_ID_SIZE:], place)

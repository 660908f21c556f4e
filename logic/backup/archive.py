"""The archive: one encrypted file that is written and read as a stream, and tells whether it is whole.

A line that names the format, a line of JSON (when, which version and schema, and the file key locked for each who may
open it), then chunks under AES-256-GCM whose nonces count them and mark the last one, so that no chunk can be changed,
moved, dropped or cut off. The construction is that of age (C2SP age, STREAM); inside is a tar.
"""

import base64
import hashlib
import io
import json
import os
import re
import secrets
import struct
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from logic.core.errors import Invalid

FORMAT = b'logbook-backup/1\n'
ANY_FORMAT = re.compile(rb'logbook-backup/\d+\n')
LONGEST_HEADER = 65_536
CHUNK = 1_048_576
TAG = 16
ARGON2 = {'memory_cost': 65_536, 'iterations': 3, 'lanes': 1}
"""64 MiB and three passes: RFC 9106, second recommended option."""
MOST_ARGON2 = {'memory_cost': 1_048_576, 'iterations': 20, 'lanes': 16}
SHORTEST_PASSPHRASE = 12
PUBLIC, PRIVATE = 'logbook-backup-for-', 'logbook-backup-key-'
ZERO_NONCE = bytes(12)


class Damaged(Invalid):
    """The archive is not what was written."""


def new_key() -> str:
    """Return a new private key that opens what is locked for it."""
    raw = X25519PrivateKey.generate().private_bytes(
        serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()
    )
    return PRIVATE + base64.urlsafe_b64encode(raw).decode().rstrip('=')


def recipient_of(key: str) -> str:
    """Return the public half of a private key: what locks, but does not open."""
    raw = _private(key).public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return PUBLIC + base64.urlsafe_b64encode(raw).decode().rstrip('=')


def _decoded(text: str, prefix: str) -> bytes:
    try:
        raw = base64.b64decode(text.strip().removeprefix(prefix) + '=', altchars=b'-_', validate=True)
    except ValueError:
        raw = b''
    if not text.strip().startswith(prefix) or len(raw) != 32:
        raise Invalid(f'A backup key begins with "{prefix}" and has 43 more characters.')
    return raw


def _private(key: str) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(_decoded(key, PRIVATE))


def _argon2(passphrase: str, salt: bytes, cost: dict[str, int]) -> bytes:
    memory, passes, lanes = (cost[name] for name in ARGON2)
    kdf = Argon2id(salt=salt, length=32, memory_cost=memory, iterations=passes, lanes=lanes)
    return kdf.derive(passphrase.encode())


def _agreed(own: X25519PrivateKey, other: bytes, ephemeral: bytes, recipient: bytes) -> bytes:
    shared = own.exchange(X25519PublicKey.from_public_bytes(other))
    return HKDF(hashes.SHA256(), 32, salt=ephemeral + recipient, info=b'logbook-backup/x25519').derive(shared)


def lock(file_key: bytes, passphrase: str | None, recipients: Iterable[str]) -> list[dict[str, Any]]:
    """Lock the file key for a passphrase and for each recipient. Raises Invalid for a short passphrase."""
    locks: list[dict[str, Any]] = []
    if passphrase is not None:
        if len(passphrase) < SHORTEST_PASSPHRASE:
            raise Invalid(f'The passphrase needs at least {SHORTEST_PASSPHRASE} characters; five words are good.')
        salt = secrets.token_bytes(16)
        wrapped = AESGCM(_argon2(passphrase, salt, ARGON2)).encrypt(ZERO_NONCE, file_key, FORMAT)
        locks.append({'kind': 'passphrase', 'salt': salt.hex(), 'cost': ARGON2, 'key': wrapped.hex()})
    for recipient in recipients:
        raw, own = _decoded(recipient, PUBLIC), X25519PrivateKey.generate()
        public = own.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        wrapped = AESGCM(_agreed(own, raw, public, raw)).encrypt(ZERO_NONCE, file_key, FORMAT)
        locks.append({'kind': 'x25519', 'for': recipient.strip(), 'from': public.hex(), 'key': wrapped.hex()})
    if not locks:
        raise Invalid('A backup is always encrypted: give a passphrase or a recipient.')
    return locks


def unlock(locks: list[dict[str, Any]], passphrase: str | None, keys: Iterable[str]) -> bytes:
    """Return the file key. Raises Invalid when neither passphrase nor keys open it."""
    known = {recipient_of(key): key for key in keys}
    for entry in locks:
        try:
            if entry['kind'] == 'passphrase' and passphrase is not None:
                cost = {name: int(entry['cost'][name]) for name in ARGON2}
                if any(not 1 <= cost[name] <= most for name, most in MOST_ARGON2.items()):
                    raise Damaged('The archive is damaged at its beginning.')
                opener = _argon2(passphrase, bytes.fromhex(entry['salt']), cost)
            elif entry['kind'] == 'x25519' and entry['for'] in known:
                ephemeral, recipient = bytes.fromhex(entry['from']), _decoded(entry['for'], PUBLIC)
                opener = _agreed(_private(known[entry['for']]), ephemeral, ephemeral, recipient)
            else:
                continue
            return AESGCM(opener).decrypt(ZERO_NONCE, bytes.fromhex(entry['key']), FORMAT)
        except InvalidTag:
            continue
        except (KeyError, ValueError, TypeError) as error:
            raise Damaged('The archive is damaged at its beginning.') from error
    if passphrase is not None:
        raise Invalid('The passphrase does not open this archive.')
    if any(entry.get('kind') == 'passphrase' for entry in locks):
        raise Invalid('This archive is locked with a passphrase: add --passphrase.')
    raise Invalid('No key that is here opens this archive: give those of its recovery sheet with --key-file.')


class Writer(io.RawIOBase):
    """Encrypts what is written to it; it counts only when it was closed without an error."""

    def __init__(self, path: Path, header: dict[str, Any], passphrase: str | None, recipients: Iterable[str]) -> None:
        file_key = secrets.token_bytes(32)
        line = json.dumps(header | {'locks': lock(file_key, passphrase, recipients)}, sort_keys=True).encode() + b'\n'
        self._path = path
        self._draft = path.with_name(f'.{path.name}.{secrets.token_hex(4)}')
        self._file: BinaryIO = os.fdopen(os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), 'wb')
        self._file.write(FORMAT + line)
        self._cipher, self._about = AESGCM(file_key), hashlib.sha256(FORMAT + line).digest()
        self._held, self._number = bytearray(), 0

    def writable(self) -> bool:
        """Say yes."""
        return True

    def write(self, data: Any) -> int:
        """Take bytes; they are written a chunk at a time."""
        self._held += data
        while len(self._held) > CHUNK:
            self._chunk(bytes(self._held[:CHUNK]), last=False)
            del self._held[:CHUNK]
        return len(data)

    def _chunk(self, data: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last=last), data, self._about))
        self._number += 1

    def complete(self) -> None:
        """Write the last chunk and put the file in its place, on the disk."""
        self._chunk(bytes(self._held), last=True)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._draft.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)

    def abandon(self) -> None:
        """Remove what was written."""
        self._file.close()
        self._draft.unlink(missing_ok=True)


def _nonce(number: int, *, last: bool) -> bytes:
    return struct.pack('>3xQB', number, last)


class Reader(io.RawIOBase):
    """Decrypts an archive. Raises Damaged for whatever is not as it was written, also when its end is missing."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = path.open('rb')
        except OSError as error:
            raise Invalid(f'{path} cannot be read: {error.strerror}.') from error
        start = self._file.read(len(FORMAT))
        if start != FORMAT:
            if ANY_FORMAT.fullmatch(start):
                raise Invalid('This archive was made by a newer Logbook. Restore it with that version.')
            raise Invalid(f'{path} is no backup of Logbook.')
        line = self._file.readline(LONGEST_HEADER)
        try:
            self.header: dict[str, Any] = json.loads(line)
            self.locks: list[dict[str, Any]] = list(self.header['locks'])
        except (ValueError, KeyError, TypeError) as error:
            raise Damaged('The archive is damaged at its beginning.') from error
        self._about = hashlib.sha256(start + line).digest()
        self._cipher: AESGCM | None = None
        self._ahead = b''
        self._plain, self._number, self._ended = b'', 0, False

    def open(self, passphrase: str | None, keys: Iterable[str]) -> Self:
        """Unlock it. Raises Invalid."""
        self._cipher = AESGCM(unlock(self.locks, passphrase, keys))
        self._ahead = self._file.read(CHUNK + TAG)
        return self

    def readable(self) -> bool:
        """Say yes."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return so many bytes, or fewer at the end."""
        parts = []
        wanted = size if size >= 0 else 1 << 62
        while wanted > 0:
            if not self._plain and not self._next():
                break
            part, self._plain = self._plain[:wanted], self._plain[wanted:]
            parts.append(part)
            wanted -= len(part)
        return b''.join(parts)

    def _next(self) -> bool:
        if self._ended:
            return False
        assert self._cipher is not None
        chunk, self._ahead = self._ahead, self._file.read(CHUNK + TAG)
        self._ended = not self._ahead
        try:
            self._plain = self._cipher.decrypt(_nonce(self._number, last=self._ended), chunk, self._about)
        except InvalidTag:
            where = f'after {self._number} MB' if self._number else 'at its beginning'
            raise Damaged(f'The archive is damaged or cut off {where}. Nothing was changed; use another one.') from None
        self._number += 1
        return True

    def exhaust(self) -> None:
        """Read to the end, so that a missing end is noticed."""
        while self._plain or self._next():
            self._plain = b''

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


def begun_at(path: Path) -> datetime | None:
    """Return when an archive was begun, as its head says; None for what is none, or is damaged there."""
    try:
        with Reader(path) as reader:
            return datetime.fromisoformat(reader.header['created_at']).astimezone(UTC)
    except (Invalid, OSError, ValueError, LookupError, TypeError, OverflowError):
        return None


def is_for_others(path: Path, recipient: str) -> bool:
    """Say whether an archive is locked for others than a recipient; not so of one that is damaged at its beginning."""
    try:
        with Reader(path) as reader:
            return all(entry.get('for') != recipient for entry in reader.locks)
    except (Invalid, OSError, AttributeError):
        return False

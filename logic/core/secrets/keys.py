"""The key files: made once on first start, kept outside the database and its backups, never replaced silently."""

import base64
import binascii
import contextlib
import hashlib
import itertools
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import structlog
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

log = structlog.get_logger(__name__)
T = TypeVar('T')
KEY_BYTES = 32
LEAST_DISTINCT_BYTES = 16
"""32 random bytes have fewer distinct values than this once in 10^13 keys; typed or repeated ones nearly always."""
KEK, NEXT_KEK = 'kek', 'kek.next'
AUDIT_KEY = 'audit.key'


class SecretsError(Exception):
    """The keys cannot be used; the sentence says what is wrong and how to mend it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """The keys of this installation. Never printed: `repr` shows the folder only."""

    folder: Path
    kek: bytes = field(repr=False)
    """The master key that new data keys are wrapped with."""
    old_kek: bytes | None = field(default=None, repr=False)
    """The master key before, while a rotation is unfinished."""
    session_key: bytes = field(repr=False)
    jwt_key: Ed25519PrivateKey = field(repr=False)
    storage_secret: str = field(repr=False)

    @property
    def audit_key_path(self) -> Path:
        """The Ed25519 key (PKCS8, PEM) that signs the audit log's checkpoints."""
        return self.folder / AUDIT_KEY

    @property
    def next_path(self) -> Path:
        """The file of the master key to come, while a rotation is unfinished."""
        return self.folder / NEXT_KEK

    @property
    def keks(self) -> dict[str, bytes]:
        """Every master key that may have wrapped something, by its id."""
        keys = [key for key in (self.kek, self.old_kek) if key is not None]
        return {kek_id(key): key for key in keys}

    def derive(self, purpose: str) -> bytes:
        """Return the 32-byte HMAC key for one purpose, such as form tokens; each purpose has a key of its own."""
        return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=f'logbook/{purpose}'.encode()).derive(self.session_key)


def kek_id(key: bytes) -> str:
    """Return the name of a master key: 16 hex digits that say nothing about it."""
    return hashlib.sha256(b'logbook/kek-id' + key).hexdigest()[:16]


def generate_key() -> str:
    """Return 32 random bytes in base64."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def parse_key(text: str) -> bytes:
    """Read a key of 32 bytes from base64. Raises ValueError when it is another thing or not random."""
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError('It is not base64.') from error
    if len(key) != KEY_BYTES:
        raise ValueError(f'It has {len(key)} bytes and not {KEY_BYTES}.')
    steps = {(after - before) % 256 for before, after in itertools.pairwise(key)}
    if len(set(key)) < LEAST_DISTINCT_BYTES or len(steps) == 1:
        raise ValueError('It is not random, so it can be guessed.')
    return key


def open_secrets(folder: Path, *, database_exists: bool, kek: str | None = None) -> Secrets:
    """Read the key files, and make those that a first start lacks.

    `kek` is the master key when it comes from the environment. Raises SecretsError when the master key or the audit
    key is missing although there is a database (a new one could not read, or prove, what the old one wrote), or when
    a key is damaged or weak.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _close_to_others(folder, 0o700)
        master = parse_key(kek) if kek else None
        if master is None:
            master = _keep(folder / KEK, generate_key, parse_key, lost='the encrypted values', refuse=database_exists)
        following = _read(folder / NEXT_KEK, parse_key) if (folder / NEXT_KEK).exists() else None
        _keep(folder / AUDIT_KEY, _new_ed25519, _parse_ed25519, lost='the audit log', refuse=database_exists)
        return Secrets(
            folder=folder,
            kek=following or master,
            old_kek=master if following else None,
            session_key=_keep(folder / 'session.key', generate_key, parse_key),
            jwt_key=_keep(folder / 'jwt.key', _new_ed25519, _parse_ed25519),
            storage_secret=base64.b64encode(_keep(folder / 'storage.key', generate_key, parse_key)).decode(),
        )
    except OSError as error:
        raise SecretsError(f'The folder of the keys, {folder}, cannot be used: {error.strerror}.') from error


def begin_kek_rotation(current: Secrets) -> Secrets:
    """Make the next master key, unless it was made before a crash; until `finish_kek_rotation` both are kept."""
    if current.old_kek is not None:
        return current
    return replace(current, kek=_keep(current.next_path, generate_key, parse_key), old_kek=current.kek)


def finish_kek_rotation(current: Secrets, *, in_environment: bool = False) -> Secrets:
    """Put the next master key in the place of the old one, after every data key was wrapped anew.

    The old one stays beside it under another name, since backups from before open with it only. A key that comes from
    the environment was put there already; its file only goes.
    """
    if in_environment:
        current.next_path.unlink()
    else:
        path = current.folder / KEK
        with contextlib.suppress(FileExistsError):
            os.link(path, current.folder / old_name(parse_key(path.read_text('ascii'))))
        current.next_path.replace(path)
    _sync(current.folder)
    return replace(current, old_kek=None)


def old_name(key: bytes) -> str:
    """Return the name of the file in which a master key is kept that is no more in force."""
    return f'{KEK}.old-{kek_id(key)}'


_installed: Secrets | None = None


def install(keys: Secrets | None) -> None:
    """Make these the keys of this process."""
    global _installed  # noqa: PLW0603  one process serves one installation
    _installed = keys


def installed() -> Secrets:
    """Return the keys of this process."""
    if _installed is None:
        raise RuntimeError('The keys are not open.')
    return _installed


def _keep(path: Path, make: Callable[[], str], parse: Callable[[str], T], *, lost: str = '', refuse: bool = False) -> T:
    """Read the key in a file; make it when there is none and none is owed."""
    if not path.exists():
        if refuse:
            raise SecretsError(
                f'The key file {path} is missing, but there is a database that was written with it. Without it {lost} '
                'cannot be read or proven, so Logbook does not start and makes no new one. Put the file back from '
                'where you keep your keys (backups of the data do not contain it), readable for the owner only '
                '(chmod 600), and start again. To begin anew with no data, point LOGBOOK_DATA_DIR to an empty folder.'
            )
        _create(path, make())
    return _read(path, parse)


def _read(path: Path, parse: Callable[[str], T]) -> T:
    _close_to_others(path, 0o600)
    try:
        return parse(path.read_text('ascii'))
    except ValueError as error:
        raise SecretsError(
            f'The key file {path} cannot be used. {error} Put back the right file; Logbook does not replace it.'
        ) from error


def _create(path: Path, text: str) -> None:
    """Write a file whole or not at all, and never over another: two first starts at once end with one key."""
    draft = path.with_name(f'.{path.name}.{secrets.token_hex(8)}')
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, 'w') as file:
            file.write(text if text.endswith('\n') else text + '\n')
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()
    _sync(path.parent)


def write_beside(path: Path, text: str) -> None:
    """Write a file among the keys, in the place of one before it: whole or not at all, for the owner alone."""
    draft = path.with_name(f'.{path.name}.{secrets.token_hex(8)}')
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), 'w') as file:
        file.write(text)
    draft.replace(path)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _close_to_others(path: Path, mode: int) -> None:
    if path.stat().st_mode & 0o077:
        log.warning('secrets.were_readable_by_others', path=str(path))
        path.chmod(mode)


def _new_ed25519() -> str:
    return (
        Ed25519PrivateKey.generate()
        .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        .decode()
    )


def _parse_ed25519(text: str) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(text.encode(), None)
    except (ValueError, TypeError) as error:
        raise ValueError('It is not a private key in PEM form.') from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError('It is not an Ed25519 key.')
    return key

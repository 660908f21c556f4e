"""Checkpoints as C2SP signed notes: size and root of a log, signed, and as eight words that can be read aloud."""

import base64
import email
import email.policy
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from logic.audit.entry import instant
from logic.audit.keys import KEY_NAME, key_id, parse_verifier_key
from logic.core.language import later

ORIGIN = 'logbook/'
_NOTE = re.compile(
    r'^logbook/(?P<log>[0-9a-f-]{36})\n(?P<size>\d{1,16})\n(?P<root>[A-Za-z0-9+/]{43}=)\n'
    r'epoch (?P<epoch>\d{1,9})\ntime (?P<time>[0-9T:.Z-]{27})\n\n(?P<signatures>(?:— [^\s]+ [A-Za-z0-9+/=]+\n)+)',
    re.MULTILINE,
)
_LOOSE = re.compile(
    r'logbook/(?P<log>[0-9a-f-]{36})\s+(?P<size>\d{1,16})\s+(?P<root>[A-Za-z0-9+/]{43}=)\s+epoch\s+(?P<epoch>\d{1,9})'
    r'\s+time\s+(?P<time>[0-9T:.Z-]{27})(?P<signatures>(?:\s+[—–-]+\s+\S+\s+[A-Za-z0-9+/]{40,}=*)+)'
)
_SIGNATURE = re.compile(r'[—–-]+\s+(\S+)\s+([A-Za-z0-9+/]{40,}=*)')
_CONSONANTS, _VOWELS = 'bdfghjklmnprstvz', 'aiou'
WORDS = 8


class BadNote(Exception):
    """This is no checkpoint, or nobody whom we trust signed it."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log was at an instant."""

    log_id: UUID
    size: int
    root: bytes
    epoch: int
    at: str
    """The instant, as entries write it."""

    @property
    def text(self) -> str:
        """The signed text."""
        root = base64.b64encode(self.root).decode()
        return f'{ORIGIN}{self.log_id}\n{self.size}\n{root}\nepoch {self.epoch}\ntime {self.at}\n'

    @property
    def words(self) -> str:
        """Eight words to read into the minutes: 128 bits of the text's hash, each word 16 of them (proquints)."""
        return in_words(hashlib.sha256(self.text.encode()).digest())


def in_words(digest: bytes) -> str:
    """Return the first 128 bits of a hash as eight words that can be read aloud."""
    return ' '.join(_word(int.from_bytes(digest[at : at + 2])) for at in range(0, 2 * WORDS, 2))


def checkpoint(log_id: UUID, size: int, root: bytes, epoch: int, at: datetime) -> Checkpoint:
    """Return the checkpoint of a log as it is at this instant."""
    return Checkpoint(log_id, size, root, epoch, instant(at))


def sign(signed: Checkpoint, key: Ed25519PrivateKey, name: str = KEY_NAME) -> str:
    """Return the note: the text, an empty line, and the signature line."""
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    signature = base64.b64encode(key_id(name, raw) + key.sign(signed.text.encode())).decode()
    return f'{signed.text}\n— {name} {signature}\n'


def read_note(note: str, trusted: Iterable[str]) -> Checkpoint:
    """Return the checkpoint of a note. Raises BadNote unless a trusted public key signed exactly this text."""
    found = _NOTE.fullmatch(note)
    if found is None:
        raise BadNote(later('It has not the form of a checkpoint.'))
    read = Checkpoint(
        UUID(found['log']), int(found['size']), base64.b64decode(found['root']), int(found['epoch']), found['time']
    )
    if not note.startswith(read.text):
        raise BadNote(later('It has not the form of a checkpoint.'))
    for line in trusted:
        name, raw, key = parse_verifier_key(line)
        for signature in found['signatures'].splitlines():
            _, signer, encoded = signature.split(' ')
            data = base64.b64decode(encoded)
            if signer != name or data[:4] != key_id(name, raw):
                continue
            if base64.b64encode(data).decode() != encoded:
                continue  # the last letter holds bits that nothing stands for: other letters would read the same
            try:
                key.verify(data[4:], read.text.encode())
            except InvalidSignature:
                continue
            return read
    raise BadNote(later('Its signature is not one of the keys that are trusted here.'))


def notes_in(text: str) -> list[str]:
    """Return all notes in a mail or file; they may be quoted, indented, or broken into other lines."""
    if 'MIME-Version:' in text:  # a mail as it was sent, with its lines encoded
        parts = email.message_from_string(text, policy=email.policy.default).walk()
        text = '\n'.join(part.get_content() for part in parts if part.get_content_type() == 'text/plain')
    unquoted = '\n'.join(line.lstrip('> \t') for line in text.splitlines())
    return [
        f'{ORIGIN}{found["log"]}\n{found["size"]}\n{found["root"]}\nepoch {found["epoch"]}\ntime {found["time"]}\n\n'
        + ''.join(f'— {name} {signature}\n' for name, signature in _SIGNATURE.findall(found['signatures']))
        for found in _LOOSE.finditer(unquoted)
    ]


def _word(value: int) -> str:
    """Return 16 bits as consonant, vowel, consonant, vowel, consonant (D. S. Wilkerson, Proquints, 2009)."""
    return (
        _CONSONANTS[value >> 12]
        + _VOWELS[value >> 10 & 3]
        + _CONSONANTS[value >> 6 & 15]
        + _VOWELS[value >> 4 & 3]
        + _CONSONANTS[value & 15]
    )
